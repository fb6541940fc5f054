/* Bytes that no server should send. */
#include "lib/buf.h"
#include "lib/text.h"
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

/* What holds of every judgement, whatever was judged. */
static void check_sane(const struct judgement *j)
{
	size_t len = strnlen(j->detail, JUDGEMENT_DETAIL_MAX);
	assert_true(len < JUDGEMENT_DETAIL_MAX);
	scoped_free char *clean = text_clean(j->detail, len);
	assert_string_equal(clean, j->detail);
	assert_true(j->verdict < VERDICT_COUNT && j->hold < HOLD_COUNT);
	assert_true(j->stage < STAGE_COUNT && j->reason < REASON_COUNT);
	bool is_good = j->verdict == VERDICT_DELIVERED;
	assert_int_equal(is_good, j->reason == REASON_NONE);
	assert_true(j->wait_ms >= 0);
	bool is_held = j->verdict == VERDICT_DEFER && !j->is_token_dead;
	assert_int_equal(is_held, j->hold != HOLD_NONE);
}

static struct judgement judge_bytes(const char *s, size_t len, unsigned times)
{
	struct judge_context c = {.attempts = times,
				  .unknowns = times % 8,
				  .has_refreshed = times % 5 == 0,
				  .streak = {STAGE_TRANSPORT, 200, times % 4}};
	/* a block of its own, so that a look past its end is seen */
	scoped_free char *body = xmalloc(len + 1);
	memcpy(body, s, len);
	body[len] = '\0';
	struct http_answer a = judged_answer(body, len);
	struct judgement j;
	judge_token(&a, &c, &j);
	check_sane(&j);
	judge_invoke(&a, &c, &j);
	check_sane(&j);
	return j;
}

static uint32_t next_random(uint32_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

static void mutate(char *s, size_t *len, uint32_t *x)
{
	static const char bytes[] = "\0\"\\{}[]:,-0123456789eE\xff\xe4<n";
	unsigned count = 1 + next_random(x) % 4;
	for (unsigned i = 0; i < count && *len; i++) {
		size_t at = next_random(x) % *len;
		uint32_t what = next_random(x) % 8;
		if (what == 0)
			*len = at;
		else if (what == 1)
			memmove(s + at, s + at + 1, --*len - at);
		else
			s[at] = bytes[next_random(x) % (sizeof(bytes) - 1)];
	}
}

/* clang-format off */
static const char *const seeds[] = {
	"{\"access_token\":\"ABCDEFGHIJKLMNOP\",\"expires_in\":7200}",
	"{\"errcode\":40164,\"errmsg\":\"invalid ip 1.2.3.4, not in\"}",
	"{\"errcode\":0,\"errmsg\":\"ok\",\"resp_data\":\"{\\\"success\\\":"
	"true,\\\"data\\\":{}}\"}",
	"{\"errcode\":0,\"resp_data\":\"{\\\"success\\\":false,\\\"error\\\":"
	"{\\\"errCode\\\":43101,\\\"errMsg\\\":\\\"fail\\\"}}\"}",
	"{\"resp_data\":{\"errorCode\":1,\"statusCode\":430,"
	"\"stackTrace\":\"errCode: -504002\",\"error\":[{}]}}",
	"{\"errcode\":-504002,\"errmsg\":\"Error: errCode: 47003 | errMsg: "
	"argument invalid! data.thing3.value invalid\"}",
	"{\"errcode\":\"-501007\",\"errmsg\":\"[100003] env not exists\"}",
	"<html><title>\xe4\xb8\x8a\xe7\xbd\x91</title></html>",
};
/* clang-format on */

static void mutated_answers_do_no_harm(void **state)
{
	(void)state;
	enum { ROUNDS = 5000 };
	uint32_t x = 20251224;
	for (size_t i = 0; i < ARRAY_LEN(seeds); i++) {
		for (unsigned n = 0; n < ROUNDS; n++) {
			scoped_free char *s = xstrdup(seeds[i]);
			size_t len = strlen(s);
			mutate(s, &len, &x);
			judge_bytes(s, len, n);
		}
	}
}

/* No single byte turns a failure that the function reports into a success,
 * short of writing "true" or a 0 over a code. */
static void a_damaged_failure_is_never_delivered(void **state)
{
	(void)state;
	static const char plain[] = "{\"success\":false,\"message\":\"no\"}";
	for (size_t at = 0; at < strlen(plain); at++) {
		for (int byte = 1; byte < 256; byte++) {
			char s[sizeof(plain)];
			memcpy(s, plain, sizeof(s));
			s[at] = (char)byte;
			struct judgement j = judged_returned(s);
			if (j.verdict == VERDICT_DELIVERED)
				fail_msg("delivered: %s", s);
		}
	}
}

static void huge_and_deep_answers(void **state)
{
	(void)state;
	static const char *const heads[] = {
		"", "{\"errcode\":0,\"resp_data\":",
		"{\"errcode\":-504002,\"errmsg\":\""};
	static const char *const fills[] = {
		"[",	    "{\"a\":", "9",    "errCode: ", "\\u0000",
		"\"",	    "\\\"",    "\xff", "errCode:-", "document.get:fail",
		"\xe4\xb8", "\t",      "-",    "<",	    "data.",
	};
	for (size_t h = 0; h < ARRAY_LEN(heads); h++) {
		for (size_t i = 0; i < ARRAY_LEN(fills); i++) {
			struct buf b = {0};
			buf_adds(&b, heads[h]);
			while (b.len < HTTP_BODY_MAX - 32)
				buf_adds(&b, fills[i]);
			struct judgement j = judge_bytes(b.data, b.len, 1);
			assert_int_not_equal(j.verdict, VERDICT_DELIVERED);
			buf_adds(&b, "\"}");
			judge_bytes(b.data, b.len, 1);
			buf_finish(&b);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mutated_answers_do_no_harm),
		cmocka_unit_test(a_damaged_failure_is_never_delivered),
		cmocka_unit_test(huge_and_deep_answers),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
