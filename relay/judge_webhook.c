/* What the answer of a webhook's receiver means. Standard Webhooks: 2xx is
 * success whatever the body says, 410 asks for no more, 429 for fewer, a
 * redirect is a failure, and a later try may come when Retry-After says. */
#include "relay/judge_rules_table.h"

#include "lib/util.h"

/* clang-format off */
#define HOOK	.stage = STAGE_WEBHOOK

static const struct rule rules[] = {
	{HOOK, SIGN(NOT_SENT), T, WHY(WEBHOOK_UNREACHABLE)},
	{HOOK, SIGN(UNTRUSTED), TEXT("expired|not yet valid|not valid before"),
	 O, WHY(HOST_CLOCK_WRONG)},
	{HOOK, SIGN(UNTRUSTED), O, WHY(WEBHOOK_UNTRUSTED)},
	{HOOK, SIGN(REFUSED), O, WHY(WEBHOOK_ADDRESS_PRIVATE)},
	{HOOK, SIGN(LOST), T_UNSURE, WHY(WEBHOOK_NO_ANSWER)},
	/* the gateway before DingTalk, which says how long in seconds */
	{HOOK, SIGN(NO_ROBOT), TEXT("\"punish\":\"deny\""),
	 Q(MINUTE_MS), WHY(ROBOT_TOO_FAST)},
	{HOOK, SIGN(NO_ROBOT), T_UNSURE, O_AFTER(3),
	 WHY(ROBOT_ANSWER_UNREADABLE)},

	{HOOK, RANGE(300, 399), T, O_AFTER(3), WHY(WEBHOOK_MOVED)},
	{HOOK, AT(401), P, O_AFTER(5), WHY(WEBHOOK_UNAUTHORIZED)},
	{HOOK, AT(403), P, O_AFTER(5), WHY(WEBHOOK_UNAUTHORIZED)},
	{HOOK, RANGE(404, 405), P, O_AFTER(5), WHY(WEBHOOK_NOT_FOUND)},
	{HOOK, AT(408), T, WHY(WEBHOOK_FAILED)}, /* it read no whole request */
	{HOOK, AT(410), O, WAIT(HOUR_MS), WHY(WEBHOOK_GONE)},
	{HOOK, AT(429), Q(MINUTE_MS), WHY(TOO_MANY_REQUESTS)},
	{HOOK, RANGE(400, 499), P, O_AFTER(5), WHY(WEBHOOK_REJECTED)},
	/* The receiver tells a repeat by its webhook-id. */
	{HOOK, RANGE(500, 599), T, WHY(WEBHOOK_FAILED)},
	{HOOK, ANY_CODE, T, O_AFTER(3), WHY(WEBHOOK_FAILED)},
};
/* clang-format on */

const struct rule_table judge_rules_webhook = {
	.rules = rules,
	.count = ARRAY_LEN(rules),
};

static void read_answer(const struct judge_case *c, struct finding *f)
{
	if (judge_read_fate(c, f)) {
		long status = c->answer->status;
		f->sign = status / 100 == 2 ? SIGN_DELIVERED : SIGN_CODE;
		f->code = status;
		judge_read_body(c, f);
	}
	f->stage = STAGE_WEBHOOK;
}

void judge_webhook(const struct http_answer *answer,
		   const struct judge_context *context, struct judgement *out)
{
	struct judge_case c = {answer, context, .is_token = false};
	struct finding f = {.stage = STAGE_WEBHOOK};
	read_answer(&c, &f);
	judge_settle(&c, &f, out);
	buf_finish(&f.text);
}
