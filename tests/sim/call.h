/*
 * One request as the simulated account sees it, and the answer it gets.
 *
 * The request's strings are borrowed from the server for the life of the call;
 * what was read out of them is owned. Knows nothing of libmicrohttpd.
 */
#pragma once

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "tests/sim/answer.h"

enum stage {
	STAGE_TOKEN,
	STAGE_INVOKE,
	STAGE_FUNCTION, /* within an invoke: the function's own run */
	STAGE_DATABASE,
	STAGE_SEND,
	STAGE_TEMPLATE,
	STAGE_HOOK, /* a webhook's receiver */
	STAGE_OTHER,
	STAGE_COUNT
};

enum { CALL_PARAM_MAX = 32, CALL_HOOK_HEADERS = 3 };

/* webhook-id, webhook-timestamp and webhook-signature. */
extern const char *const call_hook_headers[CALL_HOOK_HEADERS];

struct call_param {
	const char *name;  /* borrowed */
	const char *value; /* borrowed; "" if the URL has none */
};

struct rule;

struct call {
	const char *method;	  /* borrowed */
	const char *path;	  /* borrowed, decoded */
	const char *content_type; /* borrowed, NULL if there was none */
	/* the values of call_hook_headers, likewise */
	const char *hook_headers[CALL_HOOK_HEADERS];
	struct call_param params[CALL_PARAM_MAX];
	size_t param_count;
	struct buf body;
	bool is_reused; /* not the first on its connection */

	enum stage stage;
	int64_t arrived_us;
	cJSON *json;	      /* own; the body, NULL if it is no JSON */
	const char *event;    /* borrowed; notificationId, a webhook's id, or
				 NULL */
	char *openid;	      /* own; whom it is for, NULL if unknown */
	int64_t token_number; /* 0: none of ours */
	int token_code;	      /* what token_check said of access_token */
	int secret_code;      /* 0: the secret was right */
	const char *fault;    /* borrowed from the rule; NULL: none met it */
	bool is_under_way;    /* counted as such */

	struct answer answer;
};

/* Frees what the call owns. */
void call_finish(struct call *c);

/* A parameter of the query, NULL if it is not there. Borrowed. */
const char *call_param(const struct call *c, const char *name);

/* A string member of the JSON body, NULL if it is none. Borrowed. */
const char *call_member(const struct call *c, const char *name);

/* "token", "invoke" ... as the journal and the rules name it. */
const char *stage_name(enum stage s);

/* Finds a stage by that name. Returns 0, or -1 if there is none. */
int stage_parse(const char *name, enum stage *stage_out);
