/* The token call, the transport, and what people are told of an answer. */
#include "lib/secret.h"
#include "lib/util.h"
#include "relay/judge.h"
#include "tests/support/judged.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void token_answers(void **state)
{
	(void)state;
	assert_int_equal(
		judged_token("{\"access_token\":\"t\",\"expires_in\":345}")
			.verdict,
		VERDICT_DELIVERED);
	assert_int_equal(judged_token("{\"errcode\":0,\"access_token\":\"t\","
				      "\"expires_in\":7200}")
				 .verdict,
			 VERDICT_DELIVERED);
	static const char *const bad[] = {
		"{\"access_token\":\"\",\"expires_in\":7200}",
		"{\"access_token\":\"SECRETSECRET\"}",
		"{\"access_token\":\"SECRETSECRET\",\"expires_in\":0}",
		"{\"access_token\":\"SECRETSECRET\",\"expires_in\":-7200}",
		"{\"access_token\":\"SECRETSECRET\",\"expires_in\":\"7200\"}",
		"{\"access_token\":5,\"expires_in\":7200}",
		"[\"access_token\",\"SECRETSECRET\"]",
		"{\"access_token\":\"SECRETSECRET\",\"expires_in\":72",
		"{\"errcode\":[],\"access_token\":\"SECRET\",\"expires_in\":9}",
		"{}",
		"",
		"<html>login</html>",
	};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct judgement j = judged_token(bad[i]);
		if (j.verdict != VERDICT_DEFER || j.hold != HOLD_WINDOW ||
		    j.wait_ms != 5000 || strstr(j.detail, "SECRET"))
			fail_msg("%s: %s %s", bad[i],
				 judge_verdict_name(j.verdict), j.detail);
	}
}

static void a_token_call_never_judges_the_row(void **state)
{
	(void)state;
	struct judge_context c = {.attempts = 9, .unknowns = 99};
	for (enum http_fate fate = 0; fate < HTTP_FATE_COUNT; fate++) {
		for (long status = 0; status < 600; status += 7) {
			struct http_answer a = judged_answer("x", 1);
			struct judgement j;
			a.fate = fate;
			a.status = status;
			judge_token(&a, &c, &j);
			assert_int_equal(j.verdict, VERDICT_DEFER);
			assert_int_not_equal(j.hold, HOLD_NONE);
		}
	}
	for (int64_t code = -700000; code < 100000; code += 13) {
		scoped_free char *body =
			judged_code_object("errcode", code, "errmsg",
					   "errCode: 43101 does not exist");
		struct judgement j = judged_token(body);
		assert_int_equal(j.verdict, VERDICT_DEFER);
		assert_false(j.is_token_dead);
	}
}

static void a_fresh_token_refused_is_the_operators(void **state)
{
	(void)state;
	struct judge_context c = {.attempts = 1, .has_refreshed = true};
	struct judgement j = judged_invoke_with("{\"errcode\":40001}", c);
	assert_int_equal(j.verdict, VERDICT_DEFER);
	assert_int_equal(j.hold, HOLD_OPERATOR);
	assert_int_equal(j.wait_ms, 60000);
	assert_int_equal(j.reason, REASON_TOKEN_REJECTED);
	assert_false(j.is_token_dead);
}

static struct judgement fate_of(enum http_fate fate, const char *error)
{
	struct http_answer a = {
		.fate = fate, .retry_after_ms = -1, .error = error};
	struct judge_context c = {.attempts = 1};
	struct judgement j;
	judge_invoke(&a, &c, &j);
	assert_int_equal(j.stage, STAGE_TRANSPORT);
	return j;
}

static void fates_without_an_answer(void **state)
{
	(void)state;
	struct judgement j = fate_of(HTTP_NOT_SENT, "Could not resolve host");
	assert_int_equal(j.verdict, VERDICT_RETRY);
	assert_int_equal(j.reason, REASON_CONNECTION_FAILED);
	assert_string_equal(j.detail, "Could not resolve host");
	j = fate_of(HTTP_UNTRUSTED, "SSL: self signed certificate");
	assert_int_equal(j.hold, HOLD_OPERATOR);
	assert_int_equal(j.reason, REASON_TLS_UNTRUSTED);
	j = fate_of(HTTP_UNTRUSTED, "SSL: certificate is not yet valid");
	assert_int_equal(j.reason, REASON_HOST_CLOCK_WRONG);
	j = fate_of(HTTP_UNKNOWN, "Operation timed out after 15000 ms");
	assert_int_equal(j.verdict, VERDICT_UNKNOWN);
	assert_int_equal(j.reason, REASON_TIMEOUT_UNKNOWN);
	j = fate_of(HTTP_UNKNOWN, "Empty reply from server");
	assert_int_equal(j.verdict, VERDICT_UNKNOWN);
	assert_int_equal(j.reason, REASON_CONNECTION_LOST);
	assert_int_equal(fate_of(HTTP_UNKNOWN, NULL).reason,
			 REASON_CONNECTION_LOST);
}

static void foreign_bodies(void **state)
{
	(void)state;
	static const struct {
		const char *body;
		enum reason reason;
	} bodies[] = {
		{"", REASON_ANSWER_UNREADABLE},
		{"hello", REASON_ANSWER_UNREADABLE},
		{"{}", REASON_ANSWER_UNREADABLE},
		{"[]", REASON_ANSWER_UNREADABLE},
		{"null", REASON_ANSWER_UNREADABLE},
		{"{\"errmsg\":\"ok\"}", REASON_ANSWER_UNREADABLE},
		{"{\"errcode\":0", REASON_ANSWER_UNREADABLE},
		{"{\"errcode\":0}{}", REASON_ANSWER_UNREADABLE},
		{"{\"errcode\":\"zero\"}", REASON_ANSWER_UNREADABLE},
		{"{\"errcode\":1e400}", REASON_ANSWER_UNREADABLE},
		{"{\"errcode\":false,\"resp_data\":\"{\\\"ok\\\":true}\"}",
		 REASON_ANSWER_UNREADABLE},
		{"\xef\xbb\xbf <!DOCTYPE html><title>上网认证</title>",
		 REASON_HTML_ANSWER},
		{"<?xml version='1.0'?>", REASON_HTML_ANSWER},
	};
	struct judge_context c = {.attempts = 1};
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		c.streak = (struct streak){STAGE_TRANSPORT, 200, 1};
		struct judgement j = judged_invoke_with(bodies[i].body, c);
		if (j.verdict != VERDICT_UNKNOWN ||
		    j.stage != STAGE_TRANSPORT || j.code != 200 ||
		    j.reason != bodies[i].reason)
			fail_msg("%s: %s", bodies[i].body,
				 judge_verdict_name(j.verdict));
		c.streak.count = 2;
		j = judged_invoke_with(bodies[i].body, c);
		assert_int_equal(j.hold, HOLD_OPERATOR);
	}
}

static void nul_bytes_and_cut_answers(void **state)
{
	(void)state;
	static const char hidden[] =
		"{\"errcode\":0,\"resp_data\":\"{\\\"ok\\\":true}\"}\0<html>";
	struct judge_context c = {.attempts = 1};
	struct http_answer a = judged_answer(hidden, sizeof(hidden) - 1);
	struct judgement j;
	judge_invoke(&a, &c, &j);
	assert_int_equal(j.verdict, VERDICT_UNKNOWN);

	a = judged_answer(hidden, strlen(hidden));
	judge_invoke(&a, &c, &j);
	assert_int_equal(j.verdict, VERDICT_DELIVERED);
	a.is_cut = true;
	judge_invoke(&a, &c, &j);
	assert_int_equal(j.verdict, VERDICT_UNKNOWN);
	assert_int_equal(j.reason, REASON_ANSWER_TOO_LARGE);
	a = judged_answer(NULL, 0);
	judge_invoke(&a, &c, &j);
	assert_int_equal(j.verdict, VERDICT_UNKNOWN);
}

static void the_later_retry_after_counts(void **state)
{
	(void)state;
	static const struct {
		long status;
		int64_t asked_ms, wait_ms;
	} rows[] = {
		{429, -1, 60000},	 {429, 5000, 60000},
		{429, 120000, 120000},	 {429, INT64_MAX, 86400000},
		{429, INT64_MIN, 60000}, {503, 0, 0},
		{503, 90000, 90000},	 {404, 7000, 7000},
	};
	struct judge_context c = {.attempts = 1};
	struct judgement j;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct http_answer a = judged_answer("", 0);
		a.status = rows[i].status;
		a.retry_after_ms = rows[i].asked_ms;
		judge_invoke(&a, &c, &j);
		assert_int_equal(j.wait_ms, rows[i].wait_ms);
	}
	const char *body = "{\"errcode\":85088}";
	struct http_answer a = judged_answer(body, strlen(body));
	a.retry_after_ms = 900000;
	judge_invoke(&a, &c, &j);
	assert_int_equal(j.wait_ms, 300000);
}

static void details_help_and_hide(void **state)
{
	(void)state;
	struct judgement j = judged_token(
		"{\"errcode\":40164,\"errmsg\":\"invalid ip 1.2.3.4 ipv6 "
		"::ffff:1.2.3.4, not in whitelist rid: 6\"}");
	assert_string_equal(j.detail,
			    "errcode=40164 invalid ip 1.2.3.4 ipv6 "
			    "::ffff:1.2.3.4, not in whitelist rid: 6");

	/* the field is named even where the message does not fit */
	char long_message[1024] = "{\"errcode\":-504002,\"errmsg\":\"";
	for (int i = 0; i < 40; i++)
		strcat(long_message, "at main(/x) ");
	strcat(long_message, "errCode: 47003 data.thing12.value\"}");
	j = judged_invoke(long_message);
	assert_int_equal(j.code, 47003);
	assert_non_null(strstr(j.detail, "thing12"));
	assert_int_equal(strlen(j.detail), JUDGEMENT_DETAIL_MAX - 1);

	secret_set("test-token", "T0KEN-T0KEN-T0KEN");
	j = judged_invoke(
		"{\"errcode\":-1,\"errmsg\":\"T0KEN-T0KEN-T0KEN\\n\\u001b[2J"
		"\\u202e\"}");
	assert_string_equal(j.detail, "errcode=-1 ***\\n\\x1b[2J\\u202e");
	secret_set("test-token", NULL);

	j = judged_returned("{\"success\":false,\"message\":\"今天不发\"}");
	assert_string_equal(j.detail, "今天不发");
	assert_int_equal(judged_returned("{\"errCode\":-604001}").verdict,
			 VERDICT_REJECT);
	j = judged_returned("{\"errCode\":-604001}");
	assert_non_null(strstr(j.detail, "unknown"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(token_answers),
		cmocka_unit_test(a_token_call_never_judges_the_row),
		cmocka_unit_test(a_fresh_token_refused_is_the_operators),
		cmocka_unit_test(fates_without_an_answer),
		cmocka_unit_test(foreign_bodies),
		cmocka_unit_test(nul_bytes_and_cut_answers),
		cmocka_unit_test(the_later_retry_after_counts),
		cmocka_unit_test(details_help_and_hide),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
