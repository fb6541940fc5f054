/*
 * Rules that make calls go wrong: which calls, how often, and in what way.
 *
 * A rule counts every call that it matches, whether or not an earlier rule
 * takes it; the first armed rule in the list takes the call. Knows nothing of
 * what a call would have come to without it. In JSON a rule is
 *
 *	"stage"     token, invoke, function, database, send,
 *	            template, hook or other
 *	"match"     substring of the body; none: every call of the stage
 *	"after"     calls that pass first; 0
 *	"times"     calls that it takes; 1, with a rate -1 (for ever)
 *	"rate"      chance with which it takes one; 1
 *	"act"       whether the service works all the same before the fault, so
 *	            that a message goes out; false, but for a mere delay true
 *	"delay_ms"  waits before the answer; alone or with an effect
 *	"name"      what the journal calls it; "errcode:-1", "reset" ...
 *
 * and at most one effect:
 *
 *	"errcode"       the outer answer; with "errmsg" if wanted
 *	"resp"          the exact text of resp_data; elsewhere of the answer
 *	"resp_json"     the same as JSON
 *	"status"        HTTP status; with "body", "retry_after", "content_type",
 *	                "date"
 *	"hang"          true: no answer until the client goes
 *	"reset"         true: RST in place of an answer
 *	"half"          true: half an answer, then the end
 *	"garbage"       true: 200 and no JSON
 *	"big"           200 and a body of so many bytes
 *	"close_reused"  true: ends a connection that served a call before;
 *	                does not match others
 */
#pragma once

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/sim/call.h"
#include "tests/sim/dice.h"

enum effect {
	EFFECT_DELAY, /* the true answer, only later */
	EFFECT_ERRCODE,
	EFFECT_RESP,
	EFFECT_RESP_JSON,
	EFFECT_STATUS,
	EFFECT_HANG,
	EFFECT_RESET,
	EFFECT_HALF,
	EFFECT_GARBAGE,
	EFFECT_BIG,
	EFFECT_CLOSE_REUSED,
	EFFECT_COUNT
};

struct rule {
	enum stage stage;
	enum effect effect;
	char *name;  /* own; what the journal calls it */
	char *match; /* own; NULL: every body */
	int64_t after;
	int64_t times; /* -1: for ever */
	double rate;
	bool acts; /* the service does its work before the fault */
	int64_t errcode;
	char *text; /* own; errmsg, resp or body; NULL: the usual */
	unsigned status;
	char *retry_after;  /* own */
	char *content_type; /* own */
	char *date;	    /* own; the header's text; NULL: now */
	uint64_t size;
	int64_t delay_us;
	int64_t seen;
	int64_t fired;
};

struct fault_book {
	struct rule *rules; /* own */
	size_t count;
};

void fault_book_finish(struct fault_book *b);

/* Replaces all rules by those of a JSON array. Returns NULL, or what is wrong,
 * for the caller to free (then nothing is changed). */
char *fault_book_load(struct fault_book *b, const cJSON *array);

/* The rule that takes this call at this stage, NULL if none does. Borrowed,
 * good until the rules are replaced. */
const struct rule *fault_take(struct fault_book *b, enum stage stage,
			      const struct call *c, struct dice *dice);

/* Turns the call's answer into what the rule makes of it; without effect for
 * a mere delay, which fault_delay adds. */
void fault_apply(const struct rule *r, enum stage stage, struct call *c,
		 struct dice *dice);

/* Names the rule in the call and adds its delay. */
void fault_note(const struct rule *r, struct call *c);
