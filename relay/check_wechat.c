/* WeChat as far as to the cloud function: token, IP white list, cloud
 * environment, and whether the function is there and says what it should. */
#include "relay/check_wire.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum { FUNCTION_SLOW_MS = 3000 };

static void skip(struct check *c, enum check_topic topic, enum check_text text)
{
	CHECK_TELL(c, .finding = CHECK_SKIPPED, .topic = topic, .text = text);
}

static bool is_of_address(enum reason reason)
{
	static const enum reason reasons[] = {
		REASON_IP_NOT_WHITELISTED,
		REASON_IP_AWAITS_CONFIRMATION,
		REASON_IP_REFUSED_HOUR,
		REASON_IP_REFUSED_DAY,
	};
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
		if (reasons[i] == reason)
			return true;
	}
	return false;
}

/* "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist" (the fact
 * sheet, 2.2); all of it where it names no address. */
static char *address_in(const char *said)
{
	static const char before[] = "invalid ip ";
	const char *at = strstr(said, before);
	size_t len = 0;
	if (at)
		len = strspn(at += strlen(before), "0123456789abcdefABCDEF.:");
	return len ? xstrndup(at, len) : xstrdup(said);
}

static void tell_token_trouble(struct check *c, const struct judgement *j)
{
	scoped_free char *address = address_in(j->detail);
	CHECK_TELL(c, .finding = CHECK_FAULT, .topic = CHECK_TOPIC_TOKEN,
		   .text = CHECK_TOKEN_BAD, .args = {j->detail},
		   .reason = j->reason);
	c->is_whitelist_told = is_of_address(j->reason);
	if (c->is_whitelist_told)
		CHECK_TELL(c, .finding = CHECK_FAULT,
			   .topic = CHECK_TOPIC_WHITELIST,
			   .text = CHECK_WHITELIST_BAD, .args = {address});
}

bool check_token(struct check *c)
{
	if (!c->has_account) {
		skip(c, CHECK_TOPIC_TOKEN, CHECK_SKIP_SETTINGS);
		return false;
	}
	bool is_classic = c->config.wechat_token == WECHAT_TOKEN_CLASSIC;
	/* A message is asked for by name: its token, too. */
	if (is_classic && c->is_relay_possible && !c->options->send_to) {
		CHECK_TELL(c, .finding = CHECK_WARNING,
			   .topic = CHECK_TOPIC_TOKEN,
			   .text = CHECK_TOKEN_NOT_ASKED,
			   .reason = REASON_TOKEN_NOT_ASKED);
		return false;
	}
	c->wire = check_wire_open(&c->config);
	if (!c->wire)
		return false;
	const struct judgement *trouble = check_wire_fetch(c->wire);
	if (trouble) {
		tell_token_trouble(c, trouble);
		return false;
	}
	CHECK_TELL(c, .topic = CHECK_TOPIC_TOKEN, .text = CHECK_TOKEN_GOOD);
	if (is_classic)
		CHECK_TELL(c, .finding = CHECK_WARNING,
			   .topic = CHECK_TOPIC_TOKEN,
			   .text = CHECK_TOKEN_CLASSIC,
			   .reason = REASON_TOKEN_CLASSIC);
	CHECK_TELL(c, .topic = CHECK_TOPIC_WHITELIST,
		   .text = CHECK_WHITELIST_GOOD);
	return true;
}

/* Of the environment, and not of the function in it. */
static bool is_of_environment(enum reason reason)
{
	static const enum reason reasons[] = {
		REASON_ENV_OR_NAME_INVALID, REASON_CLOUD_NOT_ENABLED,
		REASON_ENV_NOT_FOUND,	    REASON_ENV_APPID_MISMATCH,
		REASON_CLOUD_UNPAID,	    REASON_CLOUD_UNAVAILABLE,
		REASON_SHARED_ENV_REFUSED,  REASON_API_UNAUTHORIZED,
		REASON_CLOUD_QUOTA_USED_UP,
	};
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
		if (reasons[i] == reason)
			return true;
	}
	return false;
}

static void tell_answer(struct check *c, const struct check_answer *a)
{
	const struct judgement *j = &a->judgement;
	const char *name = c->config.wechat_function;
	scoped_free char *ms = xasprintf("%lld", (long long)a->duration_ms);
	if (j->verdict == VERDICT_DELIVERED)
		CHECK_TELL(c, .finding = CHECK_WARNING,
			   .topic = CHECK_TOPIC_FUNCTION,
			   .text = CHECK_FUNCTION_ACCEPTS_ALL, .args = {name},
			   .reason = REASON_FUNCTION_ACCEPTS_ALL);
	else if (j->reason != REASON_UNKNOWN_TYPE)
		CHECK_TELL(c, .finding = CHECK_FAULT,
			   .topic = CHECK_TOPIC_FUNCTION,
			   .text = CHECK_FUNCTION_BAD,
			   .args = {name, j->detail}, .reason = j->reason);
	else if (a->duration_ms > FUNCTION_SLOW_MS)
		CHECK_TELL(c, .finding = CHECK_WARNING,
			   .topic = CHECK_TOPIC_FUNCTION,
			   .text = CHECK_FUNCTION_SLOW, .args = {name, ms},
			   .reason = REASON_FUNCTION_SLOW);
	else
		CHECK_TELL(c, .topic = CHECK_TOPIC_FUNCTION,
			   .text = CHECK_FUNCTION_GOOD, .args = {name});
}

static bool hear_function(struct check *c, const struct check_answer *a)
{
	const struct judgement *j = &a->judgement;
	const char *env = c->config.cloud_env;
	if (is_of_environment(j->reason)) {
		CHECK_TELL(c, .finding = CHECK_FAULT,
			   .topic = CHECK_TOPIC_ENVIRONMENT,
			   .text = CHECK_ENVIRONMENT_BAD,
			   .args = {env, j->detail}, .reason = j->reason);
		skip(c, CHECK_TOPIC_FUNCTION, CHECK_SKIP_FUNCTION);
		return false;
	}
	/* Before an answer that is the cloud's, nothing is known of it. */
	if (j->stage != STAGE_TRANSPORT)
		CHECK_TELL(c, .topic = CHECK_TOPIC_ENVIRONMENT,
			   .text = CHECK_ENVIRONMENT_GOOD, .args = {env});
	tell_answer(c, a);
	return j->reason == REASON_UNKNOWN_TYPE ||
	       j->verdict == VERDICT_DELIVERED;
}

bool check_function(struct check *c)
{
	static const char event[] =
		"{\"type\":\"outboxCheckNoSuchType\",\"notificationData\":{}}";
	struct check_answer answer = {0};
	check_wire_invoke(c->wire, event, &answer);
	bool is_there = hear_function(c, &answer);
	check_answer_finish(&answer);
	return is_there;
}
