/*
 * The inside of relay/judge.h, shared by its files and its test: what was found
 * in an answer, and the table of rules that says what each finding means.
 *
 * Rules are tried in order and the first match wins. They are spread over
 * judge_rules_wechat.c, judge_rules_cloud.c, judge_rules_send.c,
 * judge_rules_robot.c and judge_webhook.c by the stage they speak of.
 */
#pragma once

#include "lib/buf.h"
#include "relay/judge.h"

#include <cjson/cJSON.h>
#include <stddef.h>

/* What kind of thing the finding's code is. */
enum sign {
	SIGN_CODE,	/* WeChat's or the cloud's code; or the HTTP status */
	SIGN_DELIVERED, /* the answer says that it was sent */
	/* without an answer of WeChat's */
	SIGN_NOT_SENT,
	SIGN_UNTRUSTED,
	SIGN_REFUSED,	 /* by us, for its address */
	SIGN_LOST,	 /* sent, no answer */
	SIGN_CUT,	 /* an answer too long to be read */
	SIGN_HTML,	 /* a web page */
	SIGN_NOT_WECHAT, /* not in the form of WeChat's answers */
	SIGN_NO_ROBOT,	 /* not in the form of the robot's */
	/* inside resp_data */
	SIGN_SCF,	 /* raw failure of the platform; code is its status */
	SIGN_SAID,	 /* the function's own words; code is its own, or 0 */
	SIGN_HID,	 /* a failure without code or words */
	SIGN_EMPTY,	 /* nothing was returned */
	SIGN_UNREADABLE, /* not a shape that says whether it was sent */
	/* of a lookup */
	SIGN_NO_USER,
	SIGN_NO_OPENID,
	SIGN_COUNT
};

/* The letters of the fact sheet. */
enum rule_class {
	CLASS_NONE,	/* as `later`: stays as it is */
	CLASS_REFRESH,	/* R */
	CLASS_RETRY,	/* T */
	CLASS_UNKNOWN,	/* T~ */
	CLASS_QUOTA,	/* Q */
	CLASS_REJECT,	/* P */
	CLASS_OPERATOR, /* O */
	CLASS_COUNT
};

struct rule {
	enum stage stage;
	enum sign sign;
	int64_t from, to; /* codes, both included */
	const char *text; /* must occur, see judge_text_has; NULL: any text */
	enum rule_class class;
	enum reason reason;
	unsigned streak;       /* so many in a row on the channel ... */
	enum rule_class later; /* ... and it is of this class instead */
	unsigned cap;	 /* of CLASS_UNKNOWN: so many end the row; 0 means 5 */
	int64_t wait_ms; /* of class, not of later; 0 is its default */
	bool is_day;	 /* CLASS_QUOTA: until the next day */
	bool is_unsure;	 /* CLASS_REJECT: may have been sent all the same */
	bool is_direct;	 /* of a send by us alone, not by the function */
};

struct finding {
	enum stage stage;
	enum sign sign;
	int64_t code;
	struct buf text; /* own; what the answer said, as it came */
	bool is_direct;	 /* STAGE_SEND: our own call */
};

/* What all steps of one judgement need. All borrowed. */
struct judge_case {
	const struct http_answer *answer;
	const struct judge_context *context;
	bool is_token;	/* a token call: says nothing of a row */
	bool is_lookup; /* sends nothing */
};

/* Read the answer of either call into *f, of which the text is empty. */
void judge_read_token(const struct judge_case *c, struct finding *f);
void judge_read_invoke(const struct judge_case *c, struct finding *f);
void judge_read_send(const struct judge_case *c, struct finding *f);

/* The same of a lookup; returns the openid, for the caller to free, or NULL. */
char *judge_read_lookup(const struct judge_case *c, const char *openid_fields,
			struct finding *f);

/* What the finding comes to, by its rule. */
void judge_settle(const struct judge_case *c, const struct finding *f,
		  struct judgement *out);

/* Whether there is an answer; if not, *f says what became of the request. */
bool judge_read_fate(const struct judge_case *c, struct finding *f);

/* Adds the answer's body to the finding's text. */
void judge_read_body(const struct judge_case *c, struct finding *f);

/* The rule for a finding; never NULL, the last rules match everything. */
const struct rule *judge_rule_find(const struct finding *f);

/* All rules in order, for tests. `at` < judge_rule_count(). */
size_t judge_rule_count(void);
const struct rule *judge_rule_at(size_t at);

/* If the finding only wraps another failure (an uncaught throw), makes it the
 * one inside: the last code that its text names. */
void judge_unwrap(struct finding *f);

/* Whether the code is one of WeChat's or the cloud's rather than a number of
 * the function's own making; and the stage it is judged at if it came out of
 * the function. */
bool judge_code_is_wechat(int64_t code);
enum stage judge_code_stage(int64_t code);

/* Reads resp_data, which is borrowed and may be NULL, into *f. */
void judge_resp(const cJSON *resp_data, struct finding *f);
