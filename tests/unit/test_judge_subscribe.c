/* What the answers mean that the relay gets when it sends by itself. Other code
 * relies on: a lookup is never unknown, since it sends nothing, and no code is
 * judged as if a cloud function had said it. */
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/judged.h"
#include "tests/support/sheet.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct judge_context first = {.attempts = 1};

static struct judgement
look(const char *body, const struct judge_context *context, char **openid_out)
{
	struct http_answer a = judged_answer(body, strlen(body));
	struct judgement j;
	judge_lookup(&a, context, "openid _openid", openid_out, &j);
	return j;
}

static struct judgement send_it(const char *body,
				const struct judge_context *context)
{
	struct http_answer a = judged_answer(body, strlen(body));
	struct judgement j;
	judge_send(&a, context, &j);
	return j;
}

#define DOC(doc) "{\"errcode\":0,\"errmsg\":\"ok\",\"data\":[" doc "]}"

static const struct {
	const char *body, *openid, *reason;
	enum stage stage;
	enum verdict verdict;
} lookups[] = {
	{DOC("\"{\\\"_id\\\":\\\"u\\\",\\\"openid\\\":\\\"oA\\\"}\""), "oA", "",
	 STAGE_LOOKUP, VERDICT_DELIVERED},
	{DOC("\"{\\\"_openid\\\":\\\"oB\\\",\\\"openid\\\":\\\"\\\"}\""), "oB",
	 "", STAGE_LOOKUP, VERDICT_DELIVERED},
	{DOC("\"{\\\"_openid\\\":\\\"oB\\\",\\\"openid\\\":\\\"oA\\\"}\""),
	 "oA", "", STAGE_LOOKUP, VERDICT_DELIVERED},
	{"{\"data\":[\"{\\\"openid\\\":\\\"oA\\\"}\"]}", "oA", "", STAGE_LOOKUP,
	 VERDICT_DELIVERED},
	{DOC(""), NULL, "user-not-found", STAGE_LOOKUP, VERDICT_REJECT},
	{DOC("\"{\\\"openid\\\":null}\""), NULL, "user-not-bound", STAGE_LOOKUP,
	 VERDICT_REJECT},
	{DOC("\"{\\\"openid\\\":7,\\\"OPENID\\\":\\\"oA\\\"}\""), NULL,
	 "user-not-bound", STAGE_LOOKUP, VERDICT_REJECT},
	{DOC("\"{\""), NULL, "lookup-unanswered", STAGE_TRANSPORT,
	 VERDICT_RETRY},
	{DOC("\"[]\""), NULL, "lookup-unanswered", STAGE_TRANSPORT,
	 VERDICT_RETRY},
	{DOC("{}"), NULL, "lookup-unanswered", STAGE_TRANSPORT, VERDICT_RETRY},
	{"{\"errcode\":0}", NULL, "lookup-unanswered", STAGE_TRANSPORT,
	 VERDICT_RETRY},
	{"{\"errcode\":\"x\",\"data\":[]}", NULL, "lookup-unanswered",
	 STAGE_TRANSPORT, VERDICT_RETRY},
	{"{\"errcode\":0,\"data\":{}}", NULL, "lookup-unanswered",
	 STAGE_TRANSPORT, VERDICT_RETRY},
	{"<html>", NULL, "html-answer", STAGE_TRANSPORT, VERDICT_RETRY},
	{"{\"errcode\":-502002,\"errmsg\":\"bad\"}", NULL, "lookup-refused",
	 STAGE_LOOKUP, VERDICT_DEFER},
	{"{\"errcode\":-502005,\"data\":[]}", NULL, "collection-missing",
	 STAGE_LOOKUP, VERDICT_DEFER},
	{"{\"errcode\":-501007,\"errmsg\":\"env not exists\"}", NULL,
	 "env-not-found", STAGE_LOOKUP, VERDICT_DEFER},
	{"{\"errcode\":-1,\"errmsg\":\"system error\"}", NULL, "wechat-busy",
	 STAGE_LOOKUP, VERDICT_RETRY},
};

static void test_lookups(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lookups); i++) {
		scoped_free char *openid = NULL;
		struct judgement j = look(lookups[i].body, &first, &openid);
		const char *want = lookups[i].openid ? lookups[i].openid : "no";
		if (strcmp(openid ? openid : "no", want) != 0 ||
		    j.verdict != lookups[i].verdict ||
		    j.stage != lookups[i].stage || j.is_unsure ||
		    strcmp(reason_id(j.reason), lookups[i].reason) != 0)
			fail_msg("%s: %s %s %s %s", lookups[i].body, openid,
				 judge_verdict_name(j.verdict),
				 judge_stage_name(j.stage),
				 reason_id(j.reason));
	}
}

static const struct {
	const char *body, *reason;
	enum stage stage;
	enum verdict verdict;
	bool is_token_dead, is_openid_wrong;
} sends[] = {
	{"{\"errcode\":0,\"errmsg\":\"ok\"}", "", STAGE_SEND, VERDICT_DELIVERED,
	 false, false},
	{"{\"errcode\":\"0\"}", "", STAGE_SEND, VERDICT_DELIVERED, false,
	 false},
	{"{\"errmsg\":\"ok\"}", "answer-unreadable", STAGE_TRANSPORT,
	 VERDICT_UNKNOWN, false, false},
	{"{\"errcode\":40003}", "openid-invalid", STAGE_SEND, VERDICT_REJECT,
	 false, true},
	{"{\"errcode\":43104}", "openid-invalid", STAGE_SEND, VERDICT_REJECT,
	 false, true},
	{"{\"errcode\":43101}", "not-subscribed", STAGE_SEND, VERDICT_REJECT,
	 false, false},
	{"{\"errcode\":40001}", "token-stale", STAGE_SEND, VERDICT_DEFER, true,
	 false},
	{"{\"errcode\":40014}", "token-stale", STAGE_SEND, VERDICT_DEFER, true,
	 false},
	{"{\"errcode\":41001}", "token-stale", STAGE_SEND, VERDICT_DEFER, true,
	 false},
	{"{\"errcode\":42001}", "token-stale", STAGE_SEND, VERDICT_DEFER, true,
	 false},
	{"{\"errcode\":40164}", "ip-not-whitelisted", STAGE_SEND, VERDICT_DEFER,
	 false, false},
};

static void test_sends(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sends); i++) {
		struct judgement j = send_it(sends[i].body, &first);
		if (j.verdict != sends[i].verdict ||
		    j.stage != sends[i].stage ||
		    j.is_token_dead != sends[i].is_token_dead ||
		    j.is_openid_wrong != sends[i].is_openid_wrong ||
		    strcmp(reason_id(j.reason), sends[i].reason) != 0)
			fail_msg("%s: %s %s", sends[i].body,
				 judge_verdict_name(j.verdict),
				 reason_id(j.reason));
	}
	struct judge_context again = {.attempts = 1, .has_refreshed = true};
	struct judgement j = send_it("{\"errcode\":40001}", &again);
	assert_int_equal(j.hold, HOLD_OPERATOR);
	assert_int_equal(j.reason, REASON_TOKEN_REJECTED);
	/* inside a function the token is the platform's */
	j = judged_returned("{\"errCode\":40001}");
	assert_int_equal(j.verdict, VERDICT_RETRY);
}

/* No user's document takes more memory than an openid needs. */
static void test_a_long_openid(void **state)
{
	(void)state;
	for (int len = 128; len <= 129; len++) {
		scoped_free char *openid = NULL;
		scoped_free char *body = xasprintf(
			DOC("\"{\\\"openid\\\":\\\"%0*d\\\"}\""), len, 7);
		struct judgement j = look(body, &first, &openid);
		assert_int_equal(j.reason, len == 128 ? REASON_NONE
						      : REASON_USER_NOT_BOUND);
		assert_int_equal(openid != NULL, len == 128);
	}
}

/* A try that nobody heard of may be what used the consent up. */
static void test_consent_used_up(void **state)
{
	(void)state;
	struct judge_context again = {.attempts = 2, .unknowns = 1};
	struct judgement j = send_it("{\"errcode\":43101}", &first);
	assert_string_equal(j.detail, "errcode=43101");
	j = send_it("{\"errcode\":43101}", &again);
	assert_string_equal(j.detail, "outcome unknown: errcode=43101");
	assert_false(j.is_unsure);
	j = send_it("{\"errcode\":40003}", &again);
	assert_string_equal(j.detail, "errcode=40003");
}

/* What the sheet says of the same code, where this call has no rule of its
 * own. */
static bool is_own(const struct sheet_row *row)
{
	static const int64_t lookup_codes[] = {47001,	-401001, -401002,
					       -401003, -501007, -501020,
					       -502002, -601002, -602001};
	static const int64_t send_codes[] = {40001, 40014, 42001};
	for (size_t i = 0; i < ARRAY_LEN(lookup_codes); i++) {
		if (row->where != SHEET_SEND && row->code == lookup_codes[i])
			return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(send_codes); i++) {
		if (row->where == SHEET_SEND && row->code == send_codes[i])
			return true;
	}
	return false;
}

static bool is_class(const struct judgement *j, char class)
{
	switch (class) {
	case 'R':
		return j->is_token_dead;
	case 'T':
		return j->verdict == VERDICT_RETRY;
	case 'U':
		return j->verdict == VERDICT_UNKNOWN;
	case 'Q':
		return j->hold == HOLD_WINDOW;
	case 'D':
		return j->hold == HOLD_DAY;
	case 'P':
		return j->verdict == VERDICT_REJECT;
	default:
		return j->hold == HOLD_OPERATOR;
	}
}

static void test_the_sheet(void **state)
{
	(void)state;
	for (size_t i = 0; i < sheet_len; i++) {
		const struct sheet_row *row = &sheet[i];
		bool is_send = row->where == SHEET_SEND;
		bool is_lookup =
			row->where == SHEET_INVOKE || row->where == SHEET_CLOUD;
		/* what was thrown inside a function comes in other words */
		if ((!is_send && !is_lookup) || is_own(row) ||
		    strstr(row->says, "errCode"))
			continue;
		scoped_free char *body = judged_code_object(
			"errcode", row->code, "errmsg", row->says);
		scoped_free char *openid = NULL;
		struct judgement j = is_send ? send_it(body, &first)
					     : look(body, &first, &openid);
		char class = is_lookup && row->class == 'U' ? 'T' : row->class;
		if (!is_class(&j, class) || j.code != row->code ||
		    j.stage != (is_send ? STAGE_SEND : STAGE_LOOKUP) ||
		    (is_lookup && j.is_unsure))
			fail_msg("%" PRId64 " %s: not %c but %s %s", row->code,
				 row->says, class,
				 judge_verdict_name(j.verdict),
				 reason_id(j.reason));
	}
}

/* No answer at all: a lookup has sent nothing, however often. */
static void test_no_answer(void **state)
{
	(void)state;
	struct http_answer lost = {.fate = HTTP_UNKNOWN,
				   .retry_after_ms = -1,
				   .error = "timed out"};
	struct judge_context worn = {.attempts = 9, .unknowns = 9};
	struct judgement j;
	char *openid = NULL;
	judge_lookup(&lost, &worn, "openid", &openid, &j);
	assert_int_equal(j.verdict, VERDICT_RETRY);
	assert_int_equal(j.reason, REASON_LOOKUP_UNANSWERED);
	assert_false(j.is_unsure);
	judge_send(&lost, &first, &j);
	assert_int_equal(j.verdict, VERDICT_UNKNOWN);
	assert_null(openid);
	assert_string_equal(judge_outcome_name(&j), "unknown");
	j = (struct judgement){.stage = STAGE_LOOKUP,
			       .verdict = VERDICT_DELIVERED};
	assert_string_equal(judge_outcome_name(&j), "found");
	j.verdict = VERDICT_REJECT;
	assert_string_equal(judge_outcome_name(&j), "reject");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookups),
		cmocka_unit_test(test_sends),
		cmocka_unit_test(test_a_long_openid),
		cmocka_unit_test(test_consent_used_up),
		cmocka_unit_test(test_the_sheet),
		cmocka_unit_test(test_no_answer),
	};
	return cmocka_run_group_tests_name("judge subscribe", tests, NULL,
					   NULL);
}
