/*
 * What goes back to the caller: WeChat's JSON envelopes, or one of the ways in
 * which an answer can go wrong on its way.
 *
 * It builds answers; how one is put on the wire is server.c's affair. An
 * answer owns its strings. A zeroed struct is an empty answer.
 */
#pragma once

#include <cjson/cJSON.h>
#include <stdint.h>

#include "lib/buf.h"
#include "tests/sim/dice.h"

enum answer_kind {
	ANSWER_WHOLE,
	ANSWER_HALF,  /* half the body, then the connection ends */
	ANSWER_BIG,   /* `size` bytes made up on the way out */
	ANSWER_RESET, /* RST in place of an answer */
	ANSWER_CLOSE, /* FIN in place of an answer */
	ANSWER_HANG,  /* nothing until the client goes */
	ANSWER_KIND_COUNT
};

struct answer {
	enum answer_kind kind;
	unsigned status;
	struct buf body;
	char *content_type; /* own; NULL: WeChat's usual one */
	char *retry_after;  /* own; NULL: no such header */
	char *date;	    /* own; NULL: the time that it is */
	uint64_t size;	    /* of ANSWER_BIG */
	int64_t delay_us;   /* before any of it is sent */
};

void answer_finish(struct answer *a);

/* Makes it a plain 200 with this text, replacing what it was; the delay
 * stays. */
void answer_set_text(struct answer *a, const char *text);

/* The same with a JSON value, which is freed here. */
void answer_set_json(struct answer *a, cJSON *value);

/* The same with {"errcode","errmsg"}; detail NULL: the code's usual text. The
 * errmsg gets a request id. */
void answer_set_error(struct answer *a, int64_t code, const char *detail,
		      struct dice *dice);

/* The same with {"errcode":0,"errmsg":"ok","resp_data":text}. */
void answer_set_resp(struct answer *a, const char *resp_data);

/* WeChat's usual words for a code; never NULL. */
const char *answer_words(int64_t code);

/* words + " rid: xxxxxxxx-xxxxxxxx-xxxxxxxx". The caller frees. */
char *answer_with_rid(const char *words, struct dice *dice);

/* Frees a cJSON local when it leaves its scope. */
void json_free_ptr(cJSON **value);
#define scoped_json __attribute__((cleanup(json_free_ptr))) cJSON
