#include "relay/judge_rules_table.h"

#include "lib/util.h"
#include "relay/judge_text.h"

#include <assert.h>

static const struct rule_table *const tables[] = {
	&judge_rules_wechat,	&judge_rules_cloud,
	&judge_rules_subscribe, /* before send, some codes of which it knows
				   better */
	&judge_rules_send,	&judge_rules_webhook,
	&judge_rules_robot,
};

size_t judge_rule_count(void)
{
	size_t count = 0;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		count += tables[i]->count;
	return count;
}

const struct rule *judge_rule_at(size_t at)
{
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		if (at < tables[i]->count)
			return &tables[i]->rules[at];
		at -= tables[i]->count;
	}
	assert(false && "no such rule");
	return NULL;
}

/* What a function says beside an error that it hid still counts, if it says
 * something that is known. */
static bool sign_matches(const struct rule *rule, enum sign sign)
{
	if (sign == SIGN_HID && rule->sign == SIGN_SAID)
		return rule->text != NULL;
	return rule->sign == sign;
}

static bool matches(const struct rule *rule, enum stage stage,
		    const struct finding *f)
{
	if (rule->stage != stage || !sign_matches(rule, f->sign) ||
	    (rule->is_direct && !f->is_direct))
		return false;
	if (f->code < rule->from || f->code > rule->to)
		return false;
	return !rule->text || judge_text_has(buf_str(&f->text), rule->text);
}

static const struct rule *find_at(enum stage stage, const struct finding *f)
{
	size_t count = judge_rule_count();
	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = judge_rule_at(i);
		if (matches(rule, stage, f))
			return rule;
	}
	return NULL;
}

const struct rule *judge_rule_find(const struct finding *f)
{
	bool is_cloud = f->stage == STAGE_FUNCTION && f->sign == SIGN_CODE;
	bool is_lookup = f->stage == STAGE_LOOKUP;
	const struct rule *rule =
		find_at(is_cloud ? STAGE_INVOKE : f->stage, f);
	/* Codes of which a lookup has no rule of its own are the cloud's. */
	if (!rule && is_lookup)
		rule = find_at(STAGE_INVOKE, f);
	assert(rule && "a finding without a rule");
	return rule;
}

bool judge_is_of_token(enum reason reason)
{
	bool is_of_token = false;
	/* The white list is one for all calls. */
	if (reason == REASON_IP_NOT_WHITELISTED)
		return true;
	for (size_t i = 0; i < judge_rule_count(); i++) {
		const struct rule *rule = judge_rule_at(i);
		if (rule->reason != reason)
			continue;
		if (rule->stage != STAGE_TOKEN &&
		    rule->stage != STAGE_TRANSPORT)
			return false;
		is_of_token = true;
	}
	return is_of_token;
}

/* WeChat's positive codes have five digits or more, the cloud's negative ones
 * six; what lies between is a number that the function's author chose. */
bool judge_code_is_wechat(int64_t code)
{
	return code >= 10000 || code <= -400000 || code == -1 || code == -1000;
}

enum stage judge_code_stage(int64_t code)
{
	return code <= -400000 ? STAGE_FUNCTION : STAGE_SEND;
}

static bool is_wrapper(const struct finding *f)
{
	switch (f->sign) {
	case SIGN_CODE:
		return f->code == -504001 || f->code == -504002;
	case SIGN_SCF:
		return f->code == 430 || f->code < 400;
	case SIGN_SAID:
	case SIGN_HID:
		return true;
	case SIGN_DELIVERED:
	case SIGN_NOT_SENT:
	case SIGN_UNTRUSTED:
	case SIGN_REFUSED:
	case SIGN_LOST:
	case SIGN_CUT:
	case SIGN_HTML:
	case SIGN_NOT_WECHAT:
	case SIGN_NO_ROBOT:
	case SIGN_EMPTY:
	case SIGN_UNREADABLE:
	case SIGN_NO_USER:
	case SIGN_NO_OPENID:
	case SIGN_COUNT:
		break;
	}
	return false;
}

void judge_unwrap(struct finding *f)
{
	if (!is_wrapper(f))
		return;
	int64_t code = judge_text_last_code(buf_str(&f->text));
	if (code == 0 || (f->sign == SIGN_CODE && code == f->code))
		return;
	f->stage = judge_code_stage(code);
	f->sign = SIGN_CODE;
	f->code = code;
}
