/* What the function returned or threw: the shapes of resp_data. */
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

#include "tests/unit/judge_shapes.h"

static void shapes_that_say_delivered(void **state)
{
	(void)state;
	static const char *const shapes[] = {
		"{\"success\":true,\"message\":\"通知发送成功\",\"data\":{}}",
		"{\"success\":true}",
		"{\"success\":true,\"duplicate\":true}",
		"{\"success\":true,\"error\":{\"code\":43101}}",
		"{\"success\":true,\"error\":\"late\"}",
		"{\"success\":true,\"code\":1}",
		"{\"success\":true,\"code\":\"SUCCESS\"}",
		"{\"ok\":true}",
		"{\"errCode\":0,\"errMsg\":\"subscribeMessage.send:ok\"}",
		"{\"errcode\":0,\"errmsg\":\"ok\"}",
		"{\"errcode\":\"0\"}",
		"{\"code\":0}",
		"{\"code\":200}",
		"{\"code\":\"200\"}",
		" \n{\"success\":true}\n ",
		"\"{\\\"success\\\":true}\"",
	};
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		struct judgement j = judged_returned(shapes[i]);
		if (j.verdict != VERDICT_DELIVERED)
			fail_msg("%s: %s", shapes[i], j.detail);
		assert_int_equal(j.reason, REASON_NONE);
		assert_int_equal(j.hold, HOLD_NONE);
		assert_string_equal(j.detail, "");
	}
	assert_int_equal(
		judged_invoke("{\"resp_data\":{\"success\":true}}").verdict,
		VERDICT_DELIVERED);
	assert_int_equal(
		judged_invoke("{\"errcode\":\"0\",\"resp_data\":\"{\\\"ok\\\""
			      ":true}\"}")
			.verdict,
		VERDICT_DELIVERED);
}

static void check_shapes(const struct shape *shapes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct shape *s = &shapes[i];
		struct judgement j = judged_returned(s->resp);
		if (j.verdict != s->verdict || j.reason != s->reason ||
		    j.code != s->code)
			fail_msg("%s: %s %s %" PRId64 ": %s", s->resp,
				 judge_verdict_name(j.verdict),
				 reason_id(j.reason), j.code, j.detail);
	}
}

static void shapes_that_say_failed(void **state)
{
	(void)state;
	check_shapes(failures, ARRAY_LEN(failures));
}

static void shapes_that_contradict_themselves_or_say_nothing(void **state)
{
	(void)state;
	check_shapes(doubtful, ARRAY_LEN(doubtful));
}

static void an_empty_result_is_capped(void **state)
{
	(void)state;
	struct judge_context c = {.attempts = 5, .unknowns = 3};
	assert_int_equal(judged_returned_with("", c).verdict, VERDICT_UNKNOWN);
	c.unknowns = 4;
	struct judgement j = judged_returned_with("", c);
	assert_int_equal(j.verdict, VERDICT_REJECT);
	assert_int_equal(j.reason, REASON_RESP_DATA_EMPTY);
	assert_non_null(strstr(j.detail, "outcome unknown"));
	assert_int_equal(
		judged_invoke("{\"errcode\":0,\"errmsg\":\"ok\"}").reason,
		REASON_RESP_DATA_EMPTY);
	assert_int_equal(
		judged_invoke("{\"errcode\":0,\"resp_data\":null}").reason,
		REASON_RESP_DATA_EMPTY);
}

static void the_last_code_of_a_throw_decides(void **state)
{
	(void)state;
	static const struct {
		const char *errmsg;
		enum stage stage;
		int64_t code;
		enum reason reason;
	} throws[] = {
		{"errCode: -504002 functions execute fail | errMsg: Error: "
		 "errCode: -501001 resource system error | errMsg: "
		 "urlscheme.generate:fail env status is isolated",
		 STAGE_FUNCTION, -501001, REASON_CLOUD_UNPAID},
		{"Error: errCode: 43101  | errMsg: openapi.subscribeMessage."
		 "send:fail user refuse to accept the msg rid: 6-7",
		 STAGE_SEND, 43101, REASON_NOT_SUBSCRIBED},
		{"Error: errcode:47003 argument invalid! data.thing3.value",
		 STAGE_SEND, 47003, REASON_TEMPLATE_FIELD_INVALID},
		{"Error: errCode: -1 | errMsg: document.get:fail document "
		 "with _id X does not exist",
		 STAGE_SEND, -1, REASON_USER_NOT_FOUND},
		{"Error: errCode: -604101 | errMsg: system error: error code: "
		 "-604101",
		 STAGE_FUNCTION, -604101, REASON_OPENAPI_NOT_PERMITTED},
		{"Error: errCode: 0 and errCode: 7", STAGE_INVOKE, -504002,
		 REASON_FUNCTION_THREW},
		{"errCode: -504002 | errCode: 99999999999999999999",
		 STAGE_INVOKE, -504002, REASON_FUNCTION_THREW},
		{"errCode:", STAGE_INVOKE, -504002, REASON_FUNCTION_THREW},
	};
	for (size_t i = 0; i < ARRAY_LEN(throws); i++) {
		scoped_free char *body = judged_code_object(
			"errcode", -504002, "errmsg", throws[i].errmsg);
		struct judgement j = judged_invoke(body);
		if (j.stage != throws[i].stage || j.code != throws[i].code ||
		    j.reason != throws[i].reason)
			fail_msg("%s: %s %" PRId64 " %s", throws[i].errmsg,
				 judge_stage_name(j.stage), j.code,
				 reason_id(j.reason));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes_that_say_delivered),
		cmocka_unit_test(shapes_that_say_failed),
		cmocka_unit_test(
			shapes_that_contradict_themselves_or_say_nothing),
		cmocka_unit_test(an_empty_result_is_capped),
		cmocka_unit_test(the_last_code_of_a_throw_decides),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
