/*
 * What an answer means. Pure functions over tables (stage, code) -> class, from
 * the fact sheet of WeChat's codes; no clock, no database, no network.
 *
 * The same number means different things at different stages (40001 from the
 * token call is a wrong AppSecret, from any other call a stale token), so no
 * code is ever judged without its stage.
 */
#pragma once

#include "lib/reason.h"
#include "relay/http.h"

#include <stdbool.h>
#include <stdint.h>

/* Where an attempt ended. Written to outbox_attempt.stage by judge_stage_name.
 */
enum stage {
	STAGE_LOCAL,	 /* before any call: the row itself cannot be sent */
	STAGE_TRANSPORT, /* no HTTP answer, or one that is not WeChat's */
	STAGE_TOKEN,	 /* cgi-bin/token, cgi-bin/stable_token */
	STAGE_INVOKE,	 /* tcb/invokecloudfunction, its outer errcode */
	STAGE_FUNCTION,	 /* what the function itself returned or threw */
	STAGE_SEND,	 /* subscribeMessage.send, in the function or direct */
	STAGE_LOOKUP,	 /* tcb/databasequery, which tells a user's openid */
	STAGE_WEBHOOK,	 /* what the receiver of a webhook answered */
	STAGE_WECOM,	 /* the robots' own codes */
	STAGE_DINGTALK,
	STAGE_FEISHU,
	STAGE_COUNT
};

enum verdict {
	VERDICT_DELIVERED,
	VERDICT_RETRY,	 /* counts as an attempt */
	VERDICT_UNKNOWN, /* may have been sent: counts, and is capped */
	VERDICT_DEFER,	 /* the channel's trouble: counts nothing, holds it */
	VERDICT_REJECT,	 /* this row can never succeed; dead letter */
	VERDICT_COUNT
};

/* How long a deferral holds the channel. */
enum hold {
	HOLD_NONE,     /* not a deferral */
	HOLD_WINDOW,   /* for wait_ms, then goes on by itself */
	HOLD_DAY,      /* until the next day begins in Shanghai */
	HOLD_OPERATOR, /* until somebody mends it; probed every wait_ms */
	HOLD_COUNT
};

/* The latest outcomes of a channel that were all the same trouble. */
struct streak {
	enum stage stage;
	int64_t code;
	unsigned count; /* 0: the latest outcome was no trouble */
};

/* What the judge must know beside the answer. */
struct judge_context {
	unsigned attempts;  /* of this row and generation, this one included */
	unsigned unknowns;  /* of this row and generation, before this one */
	bool has_refreshed; /* this attempt already got a fresh token once */
	struct streak streak; /* of the channel, before this answer */
};

enum { JUDGEMENT_DETAIL_MAX = 256 };

struct judgement {
	enum verdict verdict;
	enum reason reason;
	enum stage stage;
	int64_t code; /* errcode, or the HTTP status at STAGE_TRANSPORT; or 0 */
	enum hold hold;
	int64_t wait_ms;    /* see enum hold; with RETRY and UNKNOWN the least
			       wait before the next try, 0 if the back-off's */
	bool is_unsure;	    /* the message may have been sent all the same */
	bool is_probe;	    /* a probe that failed: set by channel_hear */
	bool is_token_dead; /* fetch a new token, then repeat this attempt once;
			       verdict is then VERDICT_DEFER, HOLD_NONE */
	bool is_openid_wrong; /* it is no recipient of ours, or not any more */
	char detail[JUDGEMENT_DETAIL_MAX]; /* one clean line for people: the
			code and what the answer said; never a secret */
};

/* Judges the answer of a token endpoint. VERDICT_DELIVERED means that the body
 * holds a token, which the caller reads. Everything else is the channel's
 * trouble (VERDICT_DEFER): a token call never says anything of a row. */
void judge_token(const struct http_answer *answer,
		 const struct judge_context *context, struct judgement *out);

/* Judges the answer of invokecloudfunction, resp_data included: what the
 * function returned or threw decides, not the outer errcode alone. */
void judge_invoke(const struct http_answer *answer,
		  const struct judge_context *context, struct judgement *out);

/* Judges the answer of databasequery. VERDICT_DELIVERED means that the user was
 * found, and with them *openid_out, for the caller to free, in the first of the
 * fields, named with blanks between, that holds one. Nothing can have been sent
 * by it, so it is never unknown. */
void judge_lookup(const struct http_answer *answer,
		  const struct judge_context *context,
		  const char *openid_fields, char **openid_out,
		  struct judgement *out);

/* Judges the answer of message/subscribe/send. */
void judge_send(const struct http_answer *answer,
		const struct judge_context *context, struct judgement *out);

/* Judges the answer of a webhook's receiver, by its HTTP status alone. It drops
 * repeats by webhook-id, so that a 5xx is simply tried again. */
void judge_webhook(const struct http_answer *answer,
		   const struct judge_context *context, struct judgement *out);

/* Judge the answers of a group chat's robot: by the code in the body, whatever
 * the HTTP status; what bears none may have been sent. */
void judge_wecom(const struct http_answer *answer,
		 const struct judge_context *context, struct judgement *out);
void judge_dingtalk(const struct http_answer *answer,
		    const struct judge_context *context, struct judgement *out);
void judge_feishu(const struct http_answer *answer,
		  const struct judge_context *context, struct judgement *out);

/* Carries a channel's streak on after a judgement. */
struct streak judge_streak(struct streak before, const struct judgement *j);

/* Whether a token that is fetched shows that this is over: nothing but the
 * fetch of one meets it. */
bool judge_is_of_token(enum reason reason);

/* Names as the database and scripts have them: "invoke", "unknown", ... */
const char *judge_stage_name(enum stage stage);
const char *judge_verdict_name(enum verdict verdict);

/* What outbox_attempt.outcome says of a judgement: its verdict, or "found" of a
 * lookup that found. */
const char *judge_outcome_name(const struct judgement *j);
