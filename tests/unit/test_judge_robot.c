/* What a robot's answer means. Other code relies on: only the platform's own
 * success under 2xx is delivered; the rate holds the channel for as long as the
 * platform is silent; what only an operator can mend holds it; and what cannot
 * be read may have been sent. */
#include "lib/util.h"
#include "relay/judge.h"
#include "tests/support/check.h"

#include <string.h>

typedef void judge_call(const struct http_answer *answer,
			const struct judge_context *context,
			struct judgement *out);

enum { MINUTE = 60000, PROBE = 300000 };

#define W		 judge_wecom
#define D		 judge_dingtalk
#define F		 judge_feishu
#define GOOD		 VERDICT_DELIVERED, HOLD_NONE, 0, REASON_NONE
#define BUSY		 VERDICT_RETRY, HOLD_NONE, 0, REASON_ROBOT_BUSY
#define FAST(ms)	 VERDICT_DEFER, HOLD_WINDOW, (ms), REASON_ROBOT_TOO_FAST
#define OPERATOR(why)	 VERDICT_DEFER, HOLD_OPERATOR, PROBE, REASON_ROBOT_##why
#define REFUSED		 VERDICT_REJECT, HOLD_NONE, 0, REASON_ROBOT_CONTENT_REFUSED
#define NEW_CODE	 VERDICT_RETRY, HOLD_NONE, 0, REASON_ROBOT_UNKNOWN_CODE
#define UNSURE		 VERDICT_UNKNOWN, HOLD_NONE, 0, REASON_ROBOT_ANSWER_UNREADABLE
#define ERR(code, msg)	 "{\"errcode\":" #code ",\"errmsg\":\"" msg "\"}"
#define LARK(code, said) "{\"code\":" #code ",\"msg\":\"" said "\",\"data\":{}}"

/* clang-format off */
static const struct {
	judge_call *judge;
	long status;
	const char *body;
	enum verdict verdict;
	enum hold hold;
	int64_t wait_ms;
	enum reason reason;
	int64_t code;
} answers[] = {
	{W, 200, ERR(0, "ok"), GOOD, 0},
	{W, 200, "{\"errcode\":\"0\"}", GOOD, 0},
	{W, 200, ERR(-1, "system busy"), BUSY, -1},
	{W, 200, ERR(45009, "api freq out of limit"), FAST(MINUTE), 45009},
	{W, 200, ERR(45033, "api concurrent out of limit"), FAST(5000), 45033},
	{W, 200, ERR(93000, "invalid webhook url"), OPERATOR(KEY_WRONG), 93000},
	{W, 200, ERR(93004, "x"), OPERATOR(REMOVED), 93004},
	{W, 200, ERR(93008, "x"), OPERATOR(REMOVED), 93008},
	{W, 200, ERR(40008, "x"), REFUSED, 40008},
	{W, 200, ERR(40033, "x"), REFUSED, 40033},
	{W, 200, ERR(40035, "x"), REFUSED, 40035},
	{W, 200, ERR(40058, "exceed max length 4096"), REFUSED, 40058},
	{W, 200, ERR(44004, "x"), REFUSED, 44004},
	{W, 200, ERR(45002, "x"), REFUSED, 45002},
	{W, 200, ERR(47001, "x"), NEW_CODE, 47001},
	{W, 200, ERR(49008, "x"), OPERATOR(REMOVED), 49008},
	{W, 200, ERR(60020, "not allow to access from your ip"),
	 OPERATOR(IP_REFUSED), 60020},
	{W, 200, ERR(77777, "x"), NEW_CODE, 77777},
	{W, 200, ERR(77777, "Too Fast, wait"), FAST(MINUTE), 77777},

	{D, 200, ERR(0, "ok"), GOOD, 0},
	{D, 200, ERR(-1, "系统繁忙"), BUSY, -1},
	{D, 200, ERR(130101, "send too fast, exceed 20 times per minute"),
	 FAST(10 * MINUTE), 130101},
	{D, 200, ERR(410100, "发送速度太快而限流"), FAST(10 * MINUTE), 410100},
	{D, 200, ERR(660026, "send too fast"), FAST(10 * MINUTE), 660026},
	{D, 200, ERR(310000, "keywords not in content"),
	 OPERATOR(KEYWORD_MISSING), 310000},
	{D, 200, ERR(310000, "sign not match"), OPERATOR(SIGN_WRONG), 310000},
	{D, 200, ERR(310000, "invalid timestamp"),
	 OPERATOR(SIGN_WRONG), 310000},
	{D, 200, ERR(310000, "ip 1.2.3.4 not in whitelist"),
	 OPERATOR(IP_REFUSED), 310000},
	{D, 200, ERR(310000, "something new"), OPERATOR(GUARDED), 310000},
	{D, 200, ERR(300001, "token is not exist"),
	 OPERATOR(KEY_WRONG), 300001},
	{D, 200, ERR(300005, "token is not exist"),
	 OPERATOR(KEY_WRONG), 300005},
	{D, 200, ERR(400101, "x"), OPERATOR(KEY_WRONG), 400101},
	{D, 200, ERR(400106, "x"), OPERATOR(KEY_WRONG), 400106},
	{D, 200, ERR(40035, "缺少参数 access_token"),
	 OPERATOR(KEY_WRONG), 40035},
	{D, 200, ERR(40035, "不合法的参数"), REFUSED, 40035},
	{D, 200, ERR(400013, "x"), OPERATOR(REMOVED), 400013},
	{D, 200, ERR(400102, "bot is stopped"), OPERATOR(REMOVED), 400102},
	{D, 200, ERR(43004, "x"), REFUSED, 43004},
	{D, 200, ERR(400105, "x"), REFUSED, 400105},
	{D, 200, ERR(430101, "x"), REFUSED, 430101},
	{D, 200, ERR(430104, "x"), REFUSED, 430104},
	{D, 200, ERR(430105, "x"), NEW_CODE, 430105},
	{D, 200, ERR(660026, "x"), NEW_CODE, 660026},
	{D, 200, ERR(101002, "message is too long"), REFUSED, 101002},
	{D, 200, ERR(460101, "message too long"), REFUSED, 460101},
	{D, 200, "{\"status\":1111,\"wait\":5,\"punish\":\"deny\"}",
	 FAST(MINUTE), 200},

	{F, 200, LARK(0, "success"), GOOD, 0},
	{F, 200, "{\"StatusCode\":0,\"StatusMessage\":\"success\"}", GOOD, 0},
	{F, 200, "{\"code\":0,\"StatusCode\":0}", GOOD, 0},
	{F, 200, LARK(-1, "x"), BUSY, -1},
	{F, 200, LARK(11232, "too many request"), FAST(MINUTE), 11232},
	{F, 429, LARK(99991400, "x"), FAST(MINUTE), 99991400},
	{F, 200, LARK(9499, "Bad Request"), REFUSED, 9499},
	{F, 400, LARK(9499, "Bad Request"), REFUSED, 9499},
	{F, 200, LARK(9499, "too many request"), FAST(MINUTE), 9499},
	{F, 200, LARK(19001, "token invalid"), OPERATOR(KEY_WRONG), 19001},
	{F, 200, LARK(19002, "x"), REFUSED, 19002},
	{F, 200, LARK(19021, "sign match fail"), OPERATOR(SIGN_WRONG), 19021},
	{F, 200, LARK(19022, "Ip Not Allowed"), OPERATOR(IP_REFUSED), 19022},
	{F, 200, LARK(19024, "Key Words Not Found"),
	 OPERATOR(KEYWORD_MISSING), 19024},
	{F, 200, LARK(12345, "x"), NEW_CODE, 12345},
	{F, 200, LARK(19007, "x"), NEW_CODE, 19007},
	{F, 200, LARK(11246, "ErrCode: 100290"), REFUSED, 11246},
	/* of two that differ, the failure */
	{F, 200, "{\"StatusCode\":0,\"code\":19021}",
	 OPERATOR(SIGN_WRONG), 19021},
	{F, 200, "{\"code\":0,\"StatusCode\":19021}",
	 OPERATOR(SIGN_WRONG), 19021},

	/* no answer of the robot's */
	{W, 200, "", UNSURE, 200},
	{W, 204, "", UNSURE, 204},
	{W, 200, "ok", UNSURE, 200},
	{W, 200, "<html>", UNSURE, 200},
	{W, 200, "{}", UNSURE, 200},
	{W, 200, "[0]", UNSURE, 200},
	{W, 200, "{\"errcode\":null}", UNSURE, 200},
	{W, 200, "{\"errcode\":false}", UNSURE, 200},
	{W, 200, "{\"errcode\":0} x", UNSURE, 200},
	{W, 200, LARK(0, "success"), UNSURE, 200},
	{F, 200, ERR(0, "ok"), UNSURE, 200},
	{W, 500, ERR(0, "ok"), UNSURE, 500},
	{W, 502, "<html>", UNSURE, 502},
	{W, 302, ERR(0, "ok"), VERDICT_RETRY, HOLD_NONE, 0,
	 REASON_WEBHOOK_MOVED, 302},
	{W, 404, "", VERDICT_REJECT, HOLD_NONE, 0,
	 REASON_WEBHOOK_NOT_FOUND, 404},
	{W, 429, "", VERDICT_DEFER, HOLD_WINDOW, MINUTE,
	 REASON_TOO_MANY_REQUESTS, 429},
};
/* clang-format on */

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct judge_context c = {.attempts = 1};
		struct http_answer a = {
			.fate = HTTP_ANSWERED,
			.status = answers[i].status,
			.body = answers[i].body,
			.body_len = strlen(answers[i].body),
			.retry_after_ms = -1,
			.error = "",
		};
		struct judgement j;
		answers[i].judge(&a, &c, &j);
		if (j.verdict != answers[i].verdict ||
		    j.hold != answers[i].hold ||
		    j.wait_ms != answers[i].wait_ms ||
		    j.reason != answers[i].reason || j.code != answers[i].code)
			fail_msg("%ld %s: %s, %s, %lld ms, %s", a.status,
				 a.body, judge_verdict_name(j.verdict),
				 reason_id(j.reason), (long long)j.wait_ms,
				 j.detail);
		assert_true(j.is_unsure == (j.verdict == VERDICT_UNKNOWN));
	}
}

static void test_stages(void **state)
{
	(void)state;
	static const struct {
		judge_call *judge;
		const char *body, *stage;
	} stages[] = {
		{W, ERR(93000, "x"), "wecom"},
		{D, ERR(300005, "x"), "dingtalk"},
		{F, LARK(19001, "x"), "feishu"},
		{W, "?", "webhook"},
	};
	for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
		struct judge_context c = {.attempts = 1};
		struct judgement j;
		stages[i].judge(&(struct http_answer){.fate = HTTP_ANSWERED,
						      .status = 200,
						      .body = stages[i].body,
						      .body_len = strlen(
							      stages[i].body),
						      .retry_after_ms = -1,
						      .error = ""},
				&c, &j);
		assert_string_equal(judge_stage_name(j.stage), stages[i].stage);
	}
}

/* No answer, and one that is too long to be read. */
static void test_fates(void **state)
{
	(void)state;
	static const struct {
		enum http_fate fate;
		bool is_cut;
		enum verdict verdict;
		enum reason reason;
	} fates[] = {
		{HTTP_NOT_SENT, false, VERDICT_RETRY,
		 REASON_WEBHOOK_UNREACHABLE},
		{HTTP_UNTRUSTED, false, VERDICT_DEFER,
		 REASON_WEBHOOK_UNTRUSTED},
		{HTTP_REFUSED, false, VERDICT_DEFER,
		 REASON_WEBHOOK_ADDRESS_PRIVATE},
		{HTTP_UNKNOWN, false, VERDICT_UNKNOWN,
		 REASON_WEBHOOK_NO_ANSWER},
		{HTTP_ANSWERED, true, VERDICT_UNKNOWN,
		 REASON_ROBOT_ANSWER_UNREADABLE},
	};
	static judge_call *const judges[] = {W, D, F};
	static const char good[] = "{\"errcode\":0,\"code\":0}";
	for (size_t i = 0; i < ARRAY_LEN(fates) * ARRAY_LEN(judges); i++) {
		size_t at = i / ARRAY_LEN(judges);
		struct judge_context c = {.attempts = 1};
		struct judgement j;
		judges[i % ARRAY_LEN(judges)](
			&(struct http_answer){
				.fate = fates[at].fate,
				.status = fates[at].is_cut ? 200 : 0,
				.body = fates[at].is_cut ? good : "",
				.body_len = fates[at].is_cut ? strlen(good) : 0,
				.is_cut = fates[at].is_cut,
				.retry_after_ms = -1,
				.error = "e",
			},
			&c, &j);
		assert_int_equal(j.verdict, fates[at].verdict);
		assert_int_equal(j.reason, fates[at].reason);
		assert_true((j.hold == HOLD_OPERATOR) ==
			    (j.verdict == VERDICT_DEFER));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_stages),
		cmocka_unit_test(test_fates),
	};
	util_init();
	return cmocka_run_group_tests_name("judge robot", tests, NULL, NULL);
}
