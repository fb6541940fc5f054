/* Answers of strangers: never "delivered" unless the answer says so by another
 * reading than the judge's, and every judgement makes sense. The input is eight
 * digits (call, fate, status, cut, attempts, unknowns, streak, Retry-After) and
 * the body. */
#include "lib/secret.h"
#include "lib/util.h"
#include "relay/judge.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "Key-for-fuzz/1+2="

enum { DAY_MS = 24 * 60 * 60 * 1000 };

typedef void judge_call(const struct http_answer *answer,
			const struct judge_context *context,
			struct judgement *out);

typedef bool success_test(const struct http_answer *answer);

static const cJSON *member(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

static bool is_code(const cJSON *item, int code)
{
	char *end;
	if (cJSON_IsString(item))
		return strtol(item->valuestring, &end, 10) == code &&
		       end != item->valuestring && !*end;
	return cJSON_IsNumber(item) && item->valuedouble == code;
}

/* Section 4 of the fact sheet: success or ok, else a code that is 0. */
static bool says_sent(const cJSON *reply)
{
	if (cJSON_IsFalse(member(reply, "success")) ||
	    cJSON_IsFalse(member(reply, "ok")))
		return false;
	return cJSON_IsTrue(member(reply, "success")) ||
	       cJSON_IsTrue(member(reply, "ok")) ||
	       is_code(member(reply, "errCode"), 0) ||
	       is_code(member(reply, "errcode"), 0) ||
	       is_code(member(reply, "code"), 0) ||
	       is_code(member(reply, "code"), 200);
}

/* The value may be the JSON text of a value, and that one again. */
static bool says_sent_inside(const cJSON *value)
{
	cJSON *inner = cJSON_Duplicate(value, true);
	for (int i = 0; i < 2 && cJSON_IsString(inner); i++) {
		cJSON *outer = inner;
		inner = cJSON_ParseWithOpts(outer->valuestring, NULL, true);
		cJSON_Delete(outer);
	}
	bool is_sent = cJSON_IsObject(inner) && says_sent(inner);
	cJSON_Delete(inner);
	return is_sent;
}

static cJSON *read_envelope(const struct http_answer *a)
{
	bool is_whole = a->fate == HTTP_ANSWERED && a->status == 200 &&
			!a->is_cut && strlen(a->body) == a->body_len;
	return is_whole ? cJSON_ParseWithOpts(a->body, NULL, true) : NULL;
}

static bool has_failed(const cJSON *envelope)
{
	const cJSON *code = member(envelope, "errcode");
	return code && !cJSON_IsNull(code) && !is_code(code, 0);
}

static bool is_invoked(const struct http_answer *answer)
{
	cJSON *o = read_envelope(answer);
	bool is_sent =
		!has_failed(o) && says_sent_inside(member(o, "resp_data"));
	cJSON_Delete(o);
	return is_sent;
}

static bool is_token(const struct http_answer *answer)
{
	cJSON *o = read_envelope(answer);
	const cJSON *token = member(o, "access_token");
	const cJSON *life = member(o, "expires_in");
	bool is_good = !has_failed(o) && cJSON_IsString(token) &&
		       *token->valuestring && cJSON_IsNumber(life) &&
		       life->valuedouble > 0;
	cJSON_Delete(o);
	return is_good;
}

static bool is_accepted(const struct http_answer *answer)
{
	return answer->fate == HTTP_ANSWERED && answer->status >= 200 &&
	       answer->status <= 299;
}

/* A robot's own code, 0, and none beside it that says otherwise. */
static bool is_posted(const struct http_answer *a, const char *code,
		      const char *older)
{
	bool is_whole =
		is_accepted(a) && !a->is_cut && strlen(a->body) == a->body_len;
	cJSON *o = is_whole ? cJSON_ParseWithOpts(a->body, NULL, true) : NULL;
	bool is_good =
		is_code(member(o, code), 0) || is_code(member(o, older), 0);
	cJSON_Delete(o);
	return is_good;
}

static bool is_posted_errcode(const struct http_answer *answer)
{
	return is_posted(answer, "errcode", "errcode");
}

static bool is_posted_code(const struct http_answer *answer)
{
	return is_posted(answer, "code", "StatusCode");
}

static const struct {
	judge_call *judge;
	success_test *is_success;
} calls[] = {
	{judge_token, is_token},
	{judge_invoke, is_invoked},
	{judge_webhook, is_accepted},
	{judge_wecom, is_posted_errcode},
	{judge_dingtalk, is_posted_errcode},
	{judge_feishu, is_posted_code},
};

static void check_hold(const struct judgement *j)
{
	bool is_deferred = j->verdict == VERDICT_DEFER;
	assert(j->hold < HOLD_COUNT);
	assert((j->hold != HOLD_NONE) == (is_deferred && !j->is_token_dead));
	assert(!j->is_token_dead || is_deferred);
	assert(j->wait_ms >= 0 && j->wait_ms <= DAY_MS);
	if (j->hold == HOLD_WINDOW || j->hold == HOLD_OPERATOR)
		assert(j->wait_ms > 0);
	bool is_timed = j->verdict == VERDICT_RETRY ||
			j->verdict == VERDICT_UNKNOWN || j->hold != HOLD_NONE;
	assert(is_timed || j->wait_ms == 0);
}

static void check(const struct judgement *j, unsigned call,
		  const struct judge_context *c)
{
	static const int64_t code_max = 1000000000000000;
	assert(j->verdict < VERDICT_COUNT && j->stage < STAGE_COUNT);
	assert(j->reason < REASON_COUNT && !j->is_probe);
	bool is_delivered = j->verdict == VERDICT_DELIVERED;
	assert(is_delivered == (j->reason == REASON_NONE));
	assert(j->code >= -code_max && j->code <= code_max);
	assert(!j->is_token_dead || !c->has_refreshed);
	if (calls[call].judge == judge_token)
		assert(is_delivered || j->verdict == VERDICT_DEFER);
	else
		assert(j->is_unsure || j->verdict != VERDICT_UNKNOWN);
	check_hold(j);
	struct streak s = judge_streak(c->streak, j);
	assert(is_delivered ? s.count == 0 : s.count > 0 || j->is_token_dead);

	assert(memchr(j->detail, '\0', sizeof(j->detail)));
	fuzz_check_clean(j->detail);
	assert(!strstr(j->detail, SECRET));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const long statuses[] = {200, 204, 299, 301, 400, 401, 403, 404,
					408, 410, 429, 500, 502, 599, 100, 0};
	struct fuzz_input in = fuzz_begin(data, size);
	secret_set("fuzz", SECRET);
	unsigned call = fuzz_take(&in, ARRAY_LEN(calls));
	struct http_answer a = {
		.fate = (enum http_fate)fuzz_take(&in, HTTP_FATE_COUNT),
		.status = statuses[fuzz_take(&in, ARRAY_LEN(statuses))],
		.is_cut = fuzz_take(&in, 2),
		.error = "",
	};
	struct judge_context c = {
		.attempts = 1 + fuzz_take(&in, 8),
		.unknowns = fuzz_take(&in, 8),
	};
	unsigned streak = fuzz_take(&in, 24);
	c.has_refreshed = streak % 2;
	c.streak = (struct streak){.stage = STAGE_SEND, .count = streak / 2};
	a.retry_after_ms = (int64_t)fuzz_take(&in, 16) * 10000000 - 1;
	scoped_free char *body = fuzz_take_rest(&in, &a.body_len);
	a.body = body;
	if (a.fate != HTTP_ANSWERED) {
		a.error = body;
		a.body = NULL;
		a.status = 0;
		a.body_len = 0;
	}

	struct judgement j;
	calls[call].judge(&a, &c, &j);
	check(&j, call, &c);
	if (j.verdict == VERDICT_DELIVERED)
		assert(calls[call].is_success(&a));
	c.streak = judge_streak(c.streak, &j);
	calls[call].judge(&a, &c, &j);
	check(&j, call, &c);
	return 0;
}
