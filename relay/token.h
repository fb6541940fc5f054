/*
 * WeChat's access token: one fetch at a time, renewed before it ends, fetched
 * again when a call says that it is dead. Held in memory only.
 *
 * With stable_token every caller of an account gets the same token, so a
 * restart or a second relay costs nothing. What may be stored are the times of
 * forced refreshes, which WeChat rations; the caller does that (struct
 * token_ration). Source: wechat-api sheet, section 2. It knows nothing of rows
 * or channels.
 */
#pragma once

#include "relay/judge.h"

#include <stdbool.h>
#include <stdint.h>

struct token;
struct http;
struct config;

enum token_state {
	TOKEN_NONE, /* never fetched, or dead: token_tick fetches it */
	TOKEN_READY,
	TOKEN_REFUSED /* the fetch failed; token_trouble says how and until when
		       */
};

/* Forced refreshes: at most some a day, and 30 s apart. */
struct token_ration {
	int64_t day; /* days since 1970 in Shanghai that `used` speaks of */
	int64_t used;
	int64_t last_ms; /* wall clock; 0: never */
};

/* The texts of config are copied. http is borrowed. */
struct token *token_create(const struct config *config, struct http *http,
			   struct token_ration ration);

/* Goes by other settings from now on, and asks at once if a refusal is waited
 * out. If the account or the endpoint is another one, the token is dropped. */
void token_adopt(struct token *token, const struct config *config);

/* Overwrites the token. No answer may be on its way any more (http_destroy). */
void token_destroy(struct token *token);

/* Starts a fetch if there is a reason to: none yet, dead, nearly over, or the
 * wait after a refusal has passed. */
void token_tick(struct token *token, int64_t now_ms);

/* When token_tick has something to do again; CLOCK_MONOTONIC milliseconds,
 * INT64_MAX while a fetch is on its way. */
int64_t token_deadline_ms(const struct token *token);

enum token_state token_state(const struct token *token, int64_t now_ms);

/* The token for a URL, percent-encoded. Borrowed until token_tick. Only in
 * TOKEN_READY. *serial_out names it for token_invalidate. */
const char *token_value(const struct token *token, int64_t *serial_out);

/* A call said that the token is dead. Does nothing if another one has been
 * fetched since. */
void token_invalidate(struct token *token, int64_t serial, int64_t now_ms);

/* What the last fetch met. Only in TOKEN_REFUSED. Borrowed. */
const struct judgement *token_trouble(const struct token *token);

/* Ends the wait after a refusal, so that the next tick asks again. */
void token_retry_now(struct token *token);

/* Whether a fetch is on its way. */
bool token_is_fetching(const struct token *token);

/* Forced refreshes so far, and how often a fetch has begun. */
struct token_ration token_get_ration(const struct token *token);
int64_t token_fetches(const struct token *token);
