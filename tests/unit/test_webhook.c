/* The webhook channel. Other code relies on: what is sent verifies with any
 * library of Standard Webhooks, the body is the payload byte for byte, and a
 * receiver's status decides alone. */
#include "lib/util.h"
#include "relay/channel.h"
#include "relay/config.h"
#include "relay/webhook_sign.h"
#include "tests/support/check.h"

#include <string.h>

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define OTHER  "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"

/* The first is the specification's own vector; the others were made with
 * `openssl dgst -hmac`. */
static const struct {
	const char *secrets, *id;
	int64_t time_s;
	const char *body, *want;
} signatures[] = {
	{SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
	 "{\"test\": 2432232314}",
	 "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
	{"plain-secret-key", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
	 "{\"test\": 2432232314}",
	 "v1,s+pn3GWsABBGks2XKZTvhZ4viQYDXZrnkZzNbpaRo3s="},
	{"  plain-secret-key \t" SECRET " ", "msg_p5jXN8AQM9LWM0D4loKWxJek",
	 1614265330, "{\"test\": 2432232314}",
	 "v1,s+pn3GWsABBGks2XKZTvhZ4viQYDXZrnkZzNbpaRo3s= "
	 "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
	{"plain-secret-key", "k1", 1700000000, "{}",
	 "v1,ptUYJOav1lapOKxPvPpjLJfxJpzSeejYrlVgGVw6MEM="},
	{"", "k1", 1700000000, "{}", ""},
};

static void test_signatures(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signatures); i++) {
		scoped_buf got = {0};
		const char *body = signatures[i].body;
		assert_null(webhook_secrets_fault(signatures[i].secrets));
		webhook_sign(signatures[i].secrets, signatures[i].id,
			     signatures[i].time_s, body, strlen(body), &got);
		assert_string_equal(buf_str(&got), signatures[i].want);
	}
}

static char url[] = "https://h/hook?x=1";
static char secrets[] = SECRET " " OTHER;
static char event_id[] = "00112233445566778899aabbccddeeff";

static const struct config_channel settings = {
	.kind = "webhook",
	.url = url,
	.secrets = secrets,
};

static const struct channel crm = {
	.kind = &channel_webhook,
	.settings = &settings,
};

static bool build(const char *payload, size_t len, struct channel_request *out,
		  struct judgement *why)
{
	scoped_free char *copy = xstrndup(payload, len);
	struct message msg = {
		.event_id = event_id,
		.payload = copy,
		.payload_len = len,
	};
	return channel_webhook.build(&crm, &msg, "", INT64_C(1614265330999),
				     out, why);
}

static void test_request(void **state)
{
	(void)state;
	static const char payload[] = "{ \"名\" : 1.50,\"a\":\"\\u0001\"}";
	struct channel_request r = {0};
	struct judgement why = {0};
	assert_true(build(payload, strlen(payload), &r, &why));
	assert_string_equal(buf_str(&r.url), url);
	assert_int_equal(r.body.len, strlen(payload));
	assert_memory_equal(r.body.data, payload, r.body.len);

	scoped_buf signature = {0};
	webhook_sign(secrets, event_id, 1614265330, payload, strlen(payload),
		     &signature);
	const char *const headers[][2] = {
		{"webhook-id", event_id},
		{"webhook-timestamp", "1614265330"},
		{"webhook-signature", buf_str(&signature)},
	};
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		assert_string_equal(r.headers[i].name, headers[i][0]);
		assert_string_equal(r.headers[i].value, headers[i][1]);
	}
	assert_null(r.headers[ARRAY_LEN(headers)].name);
	channel_request_finish(&r);
	assert_null(r.body.data);
}

static void test_payload_that_is_no_text(void **state)
{
	(void)state;
	struct channel_request r = {0};
	struct judgement why = {0};
	assert_false(build("{\"a\":\"\xff\"}", 9, &r, &why));
	assert_int_equal(why.verdict, VERDICT_REJECT);
	assert_int_equal(why.reason, REASON_PAYLOAD_NOT_UTF8);
	assert_int_equal(why.stage, STAGE_LOCAL);
	channel_request_finish(&r);
}

/* What an answer means at first, and after so many of the same in a row. */
struct answer_case {
	enum http_fate fate;
	long status;
	int64_t retry_after_ms;
	enum verdict verdict;
	enum hold hold;
	int64_t wait_ms;
	unsigned later; /* so many in a row hold the channel; 0: never */
	enum reason reason;
	const char *text; /* body, or error */
};

#define ANSWERED HTTP_ANSWERED
#define RETRY	 VERDICT_RETRY, HOLD_NONE
#define UNKNOWN	 VERDICT_UNKNOWN, HOLD_NONE
#define REJECT	 VERDICT_REJECT, HOLD_NONE
#define WINDOW	 VERDICT_DEFER, HOLD_WINDOW
#define OPERATOR VERDICT_DEFER, HOLD_OPERATOR
#define GOOD	 VERDICT_DELIVERED, HOLD_NONE, 0, 0, REASON_NONE

enum { PROBE_MS = 300000 };

/* clang-format off */
static const struct answer_case answers[] = {
	{ANSWERED, 200, -1, GOOD, ""},
	{ANSWERED, 201, -1, GOOD, "{\"errcode\":1}"},
	{ANSWERED, 202, -1, GOOD, "<html>"},
	{ANSWERED, 204, -1, GOOD, ""},
	{ANSWERED, 299, 9000, GOOD, "\xff"},
	{ANSWERED, 301, -1, RETRY, 0, 3, REASON_WEBHOOK_MOVED, "moved"},
	{ANSWERED, 308, -1, RETRY, 0, 3, REASON_WEBHOOK_MOVED, ""},
	{ANSWERED, 400, -1, REJECT, 0, 5, REASON_WEBHOOK_REJECTED, "no"},
	{ANSWERED, 401, -1, REJECT, 0, 5, REASON_WEBHOOK_UNAUTHORIZED, ""},
	{ANSWERED, 403, -1, REJECT, 0, 5, REASON_WEBHOOK_UNAUTHORIZED, ""},
	{ANSWERED, 404, -1, REJECT, 0, 5, REASON_WEBHOOK_NOT_FOUND, ""},
	{ANSWERED, 405, -1, REJECT, 0, 5, REASON_WEBHOOK_NOT_FOUND, ""},
	{ANSWERED, 408, -1, RETRY, 0, 0, REASON_WEBHOOK_FAILED, ""},
	{ANSWERED, 410, -1, OPERATOR, 3600000, 0, REASON_WEBHOOK_GONE, ""},
	{ANSWERED, 413, -1, REJECT, 0, 5, REASON_WEBHOOK_REJECTED, ""},
	{ANSWERED, 422, -1, REJECT, 0, 5, REASON_WEBHOOK_REJECTED, ""},
	{ANSWERED, 429, -1, WINDOW, 60000, 0, REASON_TOO_MANY_REQUESTS, ""},
	{ANSWERED, 429, 90000, WINDOW, 90000, 0, REASON_TOO_MANY_REQUESTS, ""},
	{ANSWERED, 429, 5000, WINDOW, 60000, 0, REASON_TOO_MANY_REQUESTS, ""},
	{ANSWERED, 500, -1, RETRY, 0, 0, REASON_WEBHOOK_FAILED, "oops"},
	{ANSWERED, 502, -1, RETRY, 0, 0, REASON_WEBHOOK_FAILED, ""},
	{ANSWERED, 503, 7000, RETRY, 7000, 0, REASON_WEBHOOK_FAILED, ""},
	{ANSWERED, 504, -1, RETRY, 0, 0, REASON_WEBHOOK_FAILED, ""},
	{ANSWERED, 599, -1, RETRY, 0, 0, REASON_WEBHOOK_FAILED, ""},
	{ANSWERED, 600, -1, RETRY, 0, 3, REASON_WEBHOOK_FAILED, ""},
	{HTTP_NOT_SENT, 0, -1, RETRY, 0, 0, REASON_WEBHOOK_UNREACHABLE,
	 "Connection refused"},
	{HTTP_UNTRUSTED, 0, -1, OPERATOR, PROBE_MS, 0, REASON_WEBHOOK_UNTRUSTED,
	 "self-signed certificate"},
	{HTTP_UNTRUSTED, 0, -1, OPERATOR, PROBE_MS, 0, REASON_HOST_CLOCK_WRONG,
	 "certificate has expired"},
	{HTTP_UNKNOWN, 0, -1, UNKNOWN, 0, 0, REASON_WEBHOOK_NO_ANSWER,
	 "Operation timed out"},
};
/* clang-format on */

static struct judgement judge(const struct answer_case *a,
			      const struct judge_context *context)
{
	bool is_answer = a->fate == HTTP_ANSWERED;
	struct judgement j;
	channel_webhook.judge(
		&(struct http_answer){
			.fate = a->fate,
			.status = a->status,
			.body = is_answer ? a->text : "",
			.body_len = is_answer ? strlen(a->text) : 0,
			.retry_after_ms = a->retry_after_ms,
			.error = is_answer ? "" : a->text,
		},
		context, &j);
	return j;
}

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		const struct answer_case *a = &answers[i];
		struct judge_context c = {.attempts = 1};
		struct judgement j = judge(a, &c);
		if (j.verdict != a->verdict || j.hold != a->hold ||
		    j.wait_ms != a->wait_ms || j.reason != a->reason ||
		    j.stage != STAGE_WEBHOOK || j.code != a->status ||
		    j.is_token_dead)
			fail_msg("answer %zu (HTTP %ld): %s, %s", i, a->status,
				 judge_verdict_name(j.verdict),
				 reason_id(j.reason));
		if (a->verdict != VERDICT_DELIVERED && a->text[0] > 0)
			assert_non_null(strstr(j.detail, a->text));

		c.streak = (struct streak){STAGE_WEBHOOK, a->status, 99};
		bool is_held = a->later || a->hold == HOLD_OPERATOR;
		j = judge(a, &c);
		assert_true((j.hold == HOLD_OPERATOR) == is_held);
		c.streak.count = a->later - 2;
		j = judge(a, &c);
		if (a->later)
			assert_int_equal(j.verdict, a->verdict);
	}
}

static void test_unknown_is_capped(void **state)
{
	(void)state;
	const struct answer_case lost = {
		.fate = HTTP_UNKNOWN, .retry_after_ms = -1, .text = "reset"};
	struct judge_context c = {.attempts = 5, .unknowns = 3};
	assert_int_equal(judge(&lost, &c).verdict, VERDICT_UNKNOWN);
	c.unknowns = 4;
	struct judgement j = judge(&lost, &c);
	assert_int_equal(j.verdict, VERDICT_REJECT);
	assert_true(j.is_unsure);
	assert_non_null(strstr(j.detail, "outcome unknown"));
}

static void test_a_cut_body_is_as_good(void **state)
{
	(void)state;
	struct judge_context c = {.attempts = 1};
	struct judgement j;
	channel_webhook.judge(&(struct http_answer){.fate = HTTP_ANSWERED,
						    .status = 200,
						    .body = "x",
						    .body_len = 1,
						    .is_cut = true,
						    .retry_after_ms = -1,
						    .error = ""},
			      &c, &j);
	assert_int_equal(j.verdict, VERDICT_DELIVERED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_payload_that_is_no_text),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_unknown_is_capped),
		cmocka_unit_test(test_a_cut_body_is_as_good),
	};
	util_init();
	return cmocka_run_group_tests_name("webhook", tests, NULL, NULL);
}
