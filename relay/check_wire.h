/*
 * One request to WeChat at a time, waited for, with the relay's own transport
 * and token: what `outbox-relay check` asks, it asks as the relay would.
 */
#pragma once

#include "relay/check.h"
#include "relay/judge.h"

struct channel;
struct check_wire;
struct message;

/* How an answer is judged: relay/judge.h's. */
typedef void check_judge(const struct http_answer *answer,
			 const struct judge_context *context,
			 struct judgement *out);

struct check_answer {
	struct judgement judgement;
	struct buf body; /* own */
	int64_t duration_ms;
};

/* NULL if the kernel denies what a loop needs. config is borrowed. Ended by
 * check_wire_close. */
struct check_wire *check_wire_open(const struct config *config);
void check_wire_close(struct check_wire *wire);

/* Fetches a token, the way the relay does. Returns NULL when there is one, or
 * what WeChat said; borrowed. */
const struct judgement *check_wire_fetch(struct check_wire *wire);

/* The token, percent-encoded; only after a fetch without trouble. Borrowed. */
const char *check_wire_token(const struct check_wire *wire);

/* Sends and waits. request's done and ctx are set here. *out is empty before;
 * the caller ends it with check_answer_finish. */
void check_wire_ask(struct check_wire *wire, const struct http_request *request,
		    check_judge *judge, struct check_answer *out);
void check_answer_finish(struct check_answer *answer);

/* Calls the cloud function with an event, a JSON text. Likewise. */
void check_wire_invoke(struct check_wire *wire, const char *event,
		       struct check_answer *out);

/* Whom a message of a channel that looks its recipients up goes to, for the
 * caller to free; NULL with *why_out set. Sends no message. */
char *check_wire_look_up(struct check_wire *wire, const struct channel *channel,
			 const struct message *msg, struct judgement *why_out);

/* Sends a message by a channel, looked up, made and judged as the relay does.
 * Likewise. */
void check_wire_send(struct check_wire *wire, const struct channel *channel,
		     const struct message *msg, struct check_answer *out);
