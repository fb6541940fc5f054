#include "relay/judge.h"

#include "lib/util.h"
#include "relay/judge_text.h"

#include <assert.h>
#include <limits.h>

enum {
	UNKNOWN_CAP = 5,
	PROBE_MS = 5 * 60 * 1000,
	TOKEN_PROBE_MS = 60 * 1000,
	TOKEN_WINDOW_MS = 5 * 1000,
	/* a server that names a later time than that has its clock wrong */
	RETRY_AFTER_MOST_MS = 24 * 60 * 60 * 1000,
};

/* A token call says nothing of the row that waits for it: what would be the
 * row's trouble is a short hold of the channel. */
static enum rule_class class_for_token(enum rule_class class)
{
	switch (class) {
	case CLASS_REFRESH:
	case CLASS_RETRY:
	case CLASS_UNKNOWN:
	case CLASS_REJECT:
	case CLASS_QUOTA:
		return CLASS_QUOTA;
	case CLASS_OPERATOR:
	case CLASS_NONE:
	case CLASS_COUNT:
		break;
	}
	return CLASS_OPERATOR;
}

/* Nothing can have been sent by a lookup, whatever became of it. */
static enum reason reason_for_lookup(const struct rule *rule)
{
	bool is_lost = rule->stage == STAGE_TRANSPORT &&
		       rule->class == CLASS_UNKNOWN && rule->sign != SIGN_HTML;
	return is_lost ? REASON_LOOKUP_UNANSWERED : rule->reason;
}

static struct streak streak_add(struct streak before, enum stage stage,
				int64_t code)
{
	bool is_same = before.stage == stage && before.code == code;
	unsigned count = is_same ? before.count : 0;
	return (struct streak){
		.stage = stage,
		.code = code,
		.count = count < UINT_MAX ? count + 1 : UINT_MAX,
	};
}

static void defer(struct judgement *out, enum hold hold, int64_t wait_ms)
{
	out->verdict = VERDICT_DEFER;
	out->hold = hold;
	out->wait_ms = wait_ms;
}

static void refresh(struct judgement *out, const struct judge_context *c)
{
	if (c->has_refreshed) {
		defer(out, HOLD_OPERATOR, TOKEN_PROBE_MS);
		out->reason = REASON_TOKEN_REJECTED;
		return;
	}
	defer(out, HOLD_NONE, 0);
	out->is_token_dead = true;
}

/* Carries a class out; `rule` gives the numbers that belong to it. */
static void apply(struct judgement *out, enum rule_class class,
		  const struct rule *rule, const struct judge_context *c)
{
	int64_t wait_ms = class == rule->class ? rule->wait_ms : 0;
	unsigned cap = rule->cap ? rule->cap : UNKNOWN_CAP;
	switch (class) {
	case CLASS_REFRESH:
		refresh(out, c);
		break;
	case CLASS_RETRY:
		out->verdict = VERDICT_RETRY;
		out->wait_ms = wait_ms;
		break;
	case CLASS_UNKNOWN:
		out->verdict = c->unknowns + 1 < cap ? VERDICT_UNKNOWN
						     : VERDICT_REJECT;
		break;
	case CLASS_QUOTA:
		defer(out, rule->is_day ? HOLD_DAY : HOLD_WINDOW, wait_ms);
		break;
	case CLASS_REJECT:
		out->verdict = VERDICT_REJECT;
		break;
	case CLASS_OPERATOR:
		defer(out, HOLD_OPERATOR, wait_ms ? wait_ms : PROBE_MS);
		break;
	case CLASS_NONE:
	case CLASS_COUNT:
		assert(false && "a rule without a class");
	}
}

static void heed_retry_after(struct judgement *out, int64_t retry_after_ms)
{
	bool is_timed = out->verdict == VERDICT_RETRY ||
			out->verdict == VERDICT_UNKNOWN ||
			out->hold == HOLD_WINDOW;
	int64_t asked = MIN(retry_after_ms, (int64_t)RETRY_AFTER_MOST_MS);
	if (is_timed && asked > out->wait_ms)
		out->wait_ms = asked;
}

void judge_settle(const struct judge_case *c, const struct finding *f,
		  struct judgement *out)
{
	*out = (struct judgement){
		.verdict = VERDICT_DELIVERED,
		.stage = f->stage,
		.code = f->code,
	};
	if (f->sign == SIGN_DELIVERED)
		return;
	const struct rule *rule = judge_rule_find(f);
	struct streak run = streak_add(c->context->streak, f->stage, f->code);
	bool is_later = rule->streak && run.count >= rule->streak;
	enum rule_class class = is_later ? rule->later : rule->class;
	out->reason = c->is_lookup ? reason_for_lookup(rule) : rule->reason;
	if (c->is_token)
		class = class_for_token(class);
	if (c->is_lookup && class == CLASS_UNKNOWN)
		class = CLASS_RETRY;
	apply(out, class, rule, c->context);
	if (c->is_token && out->hold == HOLD_WINDOW)
		out->wait_ms = MAX(out->wait_ms, (int64_t)TOKEN_WINDOW_MS);
	heed_retry_after(out, c->answer->retry_after_ms);

	out->is_unsure =
		(rule->is_unsure && !c->is_lookup) || class == CLASS_UNKNOWN;
	/* The try before, of which nobody heard, may have used the consent. */
	bool is_used_up = c->context->unknowns > 0 &&
			  out->reason == REASON_NOT_SUBSCRIBED;
	bool may_be_sent = out->is_unsure || is_used_up;
	judge_text_print(f, may_be_sent && out->verdict == VERDICT_REJECT,
			 out->detail);
}

void judge_token(const struct http_answer *answer,
		 const struct judge_context *context, struct judgement *out)
{
	struct judge_case b = {answer, context, .is_token = true};
	struct finding f = {.stage = STAGE_TOKEN};
	judge_read_token(&b, &f);
	judge_settle(&b, &f, out);
	buf_finish(&f.text);
}

void judge_invoke(const struct http_answer *answer,
		  const struct judge_context *context, struct judgement *out)
{
	struct judge_case b = {answer, context, .is_token = false};
	struct finding f = {.stage = STAGE_INVOKE};
	judge_read_invoke(&b, &f);
	judge_settle(&b, &f, out);
	buf_finish(&f.text);
}

void judge_lookup(const struct http_answer *answer,
		  const struct judge_context *context,
		  const char *openid_fields, char **openid_out,
		  struct judgement *out)
{
	struct judge_case b = {answer, context, .is_lookup = true};
	struct finding f = {.stage = STAGE_LOOKUP};
	char *openid = judge_read_lookup(&b, openid_fields, &f);
	judge_settle(&b, &f, out);
	if (openid)
		*openid_out = openid;
	buf_finish(&f.text);
}

void judge_send(const struct http_answer *answer,
		const struct judge_context *context, struct judgement *out)
{
	struct judge_case b = {answer, context, .is_token = false};
	struct finding f = {.stage = STAGE_SEND, .is_direct = true};
	judge_read_send(&b, &f);
	judge_settle(&b, &f, out);
	out->is_openid_wrong = out->reason == REASON_OPENID_INVALID;
	buf_finish(&f.text);
}

/* A dead token is no outcome: the attempt goes on with a new one. */
struct streak judge_streak(struct streak before, const struct judgement *j)
{
	if (j->is_token_dead)
		return before;
	if (j->verdict == VERDICT_DELIVERED)
		return (struct streak){0};
	return streak_add(before, j->stage, j->code);
}

const char *judge_stage_name(enum stage stage)
{
	static const char *const names[STAGE_COUNT] = {
		[STAGE_LOCAL] = "local",       [STAGE_TRANSPORT] = "transport",
		[STAGE_TOKEN] = "token",       [STAGE_INVOKE] = "invoke",
		[STAGE_FUNCTION] = "function", [STAGE_SEND] = "send",
		[STAGE_LOOKUP] = "lookup",     [STAGE_WEBHOOK] = "webhook",
		[STAGE_WECOM] = "wecom",       [STAGE_DINGTALK] = "dingtalk",
		[STAGE_FEISHU] = "feishu",
	};
	assert(stage < STAGE_COUNT);
	return names[stage];
}

const char *judge_verdict_name(enum verdict verdict)
{
	static const char *const names[VERDICT_COUNT] = {
		[VERDICT_DELIVERED] = "delivered", [VERDICT_RETRY] = "retry",
		[VERDICT_UNKNOWN] = "unknown",	   [VERDICT_DEFER] = "defer",
		[VERDICT_REJECT] = "reject",
	};
	assert(verdict < VERDICT_COUNT);
	return names[verdict];
}

const char *judge_outcome_name(const struct judgement *j)
{
	if (j->stage == STAGE_LOOKUP && j->verdict == VERDICT_DELIVERED)
		return "found";
	return judge_verdict_name(j->verdict);
}
