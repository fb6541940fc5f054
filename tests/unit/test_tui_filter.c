/* Filters on real rows. Other code relies on: the list, its count, the dry run
 * and the act all take this condition, so each field means what its help says,
 * and no value ever becomes SQL. */
#include "tui/filter.h"

#include "lib/buf.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "schema/message.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define T0  INT64_C(1900000000000) /* 2030-03-18 01:46:40 in Shanghai */
#define NOW (T0 + INT64_C(7200000))

static const char rows[] =
	"INSERT INTO outbox_channel (name, kind) VALUES ('hook %%', 'webhook');"
	"INSERT INTO outbox (id, type, payload, recipient, ordering_key,"
	" dedup_key, created_at, due_at, channel) VALUES"
	" (1, 'sendAssign', '{\"name\":\"Ann LEE\"}', 'o%%_Z*3', 'order/1',"
	"  'd-1', %lld, %lld, NULL),"
	" (2, 'sendAssign', '{\"name\":\"\\u5F20\\u4e09\"}', 'user2',"
	"  'order/10', NULL, %lld, %lld, NULL),"
	" (3, 'sendOther', '{\"name\":\"张三\"}', NULL, NULL, 'order/1',"
	"  %lld, %lld, 'hook %%'),"
	" (4, 'SENDassign', '{}', 'User4', NULL, NULL, %lld, %lld, NULL),"
	" (5, 'x', '{}', 'say \"hi\" \\', NULL, NULL, %lld, %lld, NULL),"
	" (6, 'x', '{}', '张，三', NULL, NULL, %lld, %lld, NULL),"
	" (1042, 'x', '{}', NULL, NULL, 'it''s', %lld, %lld, NULL);";

/* What the relay and two operators did to them. */
static const char history[] =
	"UPDATE outbox SET status = 'sending', version = 1, lease_no = 1,"
	" lease_owner = 'node-a:17', lease_until = 0 WHERE id IN (2, 3, 4);"
	"UPDATE outbox SET status = 'failed', version = 2, attempts = 3,"
	" last_error = '43101 User 100%% Refused', lease_owner = NULL,"
	" last_reason = 'not-subscribed' WHERE id = 2;"
	"UPDATE outbox SET status = 'delivered', version = 2, attempts = 1,"
	" lease_owner = NULL WHERE id = 3;"
	"UPDATE outbox SET status = 'expired', version = 1,"
	" last_reason = 'from-a-newer-relay' WHERE id = 5;"
	"UPDATE outbox SET status = 'cancelled', version = 1 WHERE id = 6;"
	"UPDATE outbox SET updated_at = created_at;"
	"UPDATE outbox SET updated_at = created_at + 600000 WHERE id IN (1, 5);"
	"INSERT INTO outbox_attempt VALUES"
	" (2, 1, 1, 1, 1, 1, 's', 'retry', 0, 'r', 503, NULL),"
	" (2, 2, 1, 1, 1, 1, 's', 'retry', 0, 'r', 200, NULL),"
	" (3, 1, 1, 1, 1, 1, 's', 'delivered', 0, '', 200, NULL);"
	"INSERT INTO outbox_audit (act, at, action, who, uid, changed, skipped,"
	" ids) VALUES ('a', 1, 'retry', 'alice', 1, 2, 0, '[1,2]'),"
	" ('b', 2, 'cancel', 'bob', 2, 2, 0, '[[2,3,\"failed\",null],[6,1]]'),"
	" ('c', 3, 'edit', 'alice via root', 0, 1, 0, '[6]'),"
	" ('d', 4, 'pause', 'bob', 2, 1, 0, '[\"3\"]'),"
	" ('e', 5, 'x', 'bob', 2, 1, 0, 'no json'),"
	" ('f', 6, 'unmask', 'bob', 2, 1, 0, NULL);";

static const struct {
	const char *filter, *ids;
} cases[] = {
	{"", "1,2,3,4,5,6,1042"},
	{" 　\t ", "1,2,3,4,5,6,1042"},
	/* Groups: exactly, and as they are folded. */
	{"group:\"not-subscribed: 43101 User 100% Refused\"", "2"},
	{"group:\"not-subscribed: 43101 user 100% refused\"", ""},
	{"group:\"not-subscribed: 43101 User 100%\"", ""},
	{"-group:\"not-subscribed: 43101 User 100% Refused\" id<6", "1,3,4,5"},
	{"group:\"from-a-newer-relay: \",\": \" id<6", "1,3,4,5"},
	/* States, in all their words. */
	{"state:pending", "1,1042"},
	{"state:sending", "4"},
	{"state:delivered", "3"},
	{"state:done", "3"},
	{"state=FAILED,expired", "2,5"},
	{"state:cancelled", "6"},
	{"state:canceled", "6"},
	{"-state:pending,failed", "3,4,5,6"},
	{"state:失败", "2"},
	{"state：已过期，已取消", "5,6"},
	{"state:待发送", "1,1042"},
	{"state:failed state:pending", ""},
	/* Texts: exact, prefix, nothing else. */
	{"channel:\"hook %\"", "3"},
	{"channel:hook*", "3"},
	{"channel:hook", ""},
	{"-channel:hook*", "1,2,4,5,6,1042"},
	{"to:user2", "2"},
	{"to:User*", "4"},
	{"to:o%*", "1"},
	{"to:o*3", ""},
	{"to:\"o%_Z*3\"", "1"},
	{"to:\"o%_Z*\"", ""},
	{"to:%", ""},
	{"to:_*", ""},
	{"to:[a-z]*", ""},
	{"to:\"say \\\"hi\\\" \\\\\"", "5"},
	{"to:\"say \\\"\"*", "5"},
	{"to:\"张，三\"", "6"},
	{"to:张，三", ""},
	{"to:*", "1,2,4,5,6"},
	{"-to:*", "3,1042"},
	{"key:order/1", "1,3"},
	{"key:order/1*", "1,2,3"},
	{"-key:order/1", "2,4,5,6,1042"},
	{"key:d-1,it's", "1,1042"},
	{"type:sendAssign", "1,2"},
	{"type:send*", "1,2,3"},
	/* Errors, as they are read. */
	{"err:user", "2"},
	{"err:REFUSED", "2"},
	{"err:100%", "2"},
	{"err:4*", "2"},
	{"err:not-sub", "2"},
	{"err:consent", "2"},
	{"err:订阅次数", "2"},
	{"err:newer", "5"},
	{"err:*", "2,5"},
	{"err:%", "2"},
	{"err:_", ""},
	{"-err:user", "1,3,4,5,6,1042"},
	/* Words. */
	{"104", "1042"},
	{"4", "2,4,1042"},
	{"ORDER/1", "1,2,3"},
	{"USER", "2,4"},
	{"订阅次数", "2"},
	{"it's", "1042"},
	{"\"User 100\"", "2"},
	{"order/1 -order/10", "1,3"},
	{"-user", "1,3,5,6,1042"},
	{"10*", "1042"},
	{"-", "1,2,5"},
	/* Numbers. */
	{"id:1042", "1042"},
	{"id:#2,3", "2,3"},
	{"id<=2", "1,2"},
	{"id<2", "1"},
	{"id>5", "6,1042"},
	{"id:>=5 id:<1000", "5,6"},
	{"-id>1", "1"},
	{"try:3", "2"},
	{"try>0", "2,3"},
	{"try>=1,0", "1,2,3,4,5,6,1042"},
	{"http:503", "2"},
	{"http:200", "2,3"},
	{"http>=500", "2"},
	{"-http:200", "1,4,5,6,1042"},
	/* Times. Row n is n hours and n ms old but for the last; due n - 4 h.
	 * What does not wait is as old as its last change: row 5, by 10 min. */
	{"age>2h", "2,3,4,5,6"},
	{"age<=1h", "1042"},
	{"age<2h", "1,1042"},
	{"age:2h", "2"},
	{"age:1d", ""},
	{"age>4h49m age<4h51m", "5"},
	{"age:1h,3h", "1,3"},
	{"age>1h59m59s1ms age<2h30m", "2"},
	{"due<=0", "1,2,3,4"},
	{"due<0", "1,2,3"},
	{"due>0", "5,6,1042"},
	{"due<-2h", "1"},
	{"due:0", "4"},
	{"created:2030-03-17", "4,5,6"},
	{"created:2030-03-18", "1,2,3,1042"},
	{"created>2030-03-17", "1,2,3,1042"},
	{"created<=2030-03-17", "4,5,6"},
	{"created<2030-03-18", "4,5,6"},
	{"created>=2030-03-18T02:46", "1,1042"},
	{"created:2030-03-18T02:46", "1"},
	{"created>2030-03-18T02:46", "1042"},
	{"created:\"2030-03-18 02:46:39\"", "1"},
	/* Who. */
	{"by:alice", "1,6"},
	{"by:\"alice via root\"", "6"},
	{"by:bob", "2"},
	{"by:node-a:17", "4"},
	{"by:node-a*", "4"},
	{"by:ali*", "1,6"},
	{"-by:alice,bob", "3,4,5,1042"},
	/* Payloads. */
	{"payload:ann", "1"},
	{"payload:张三", "2,3"},
	{"-payload:张三", "1,4,5,6,1042"},
	/* Several, and as an input method types them. */
	{"state:failed try>=3 err:user -to:nobody", "2"},
	{"ｓｔａｔｅ：ｆａｉｌｅｄ", "2"},
	{"－state：pending、failed　id＜5", "3,4"},
	{"to:“o%_Z*3”", "1"},
	{"to：＂user2＂", "2"},
	/* Hostile. */
	{"to:\"' OR 1=1 --\"", ""},
	{"to:');DELETE FROM outbox;--", ""},
	{"$f0", ""},
	{"type:$now age>0", ""},
	{"to:?1", ""},
};

static struct filter *parse(const char *text)
{
	struct filter *f = NULL;
	struct filter_error error = {0};
	if (filter_parse(text, &f, &error))
		fail_msg("%s: %zu: %s", text, error.at, error.message);
	return f;
}

static char *matches(struct db *db, const struct filter *f)
{
	scoped_buf sql = {0}, ids = {0};
	buf_adds(&sql, "SELECT id, last_reason, last_error FROM outbox AS o"
		       " WHERE ");
	filter_sql(f, &sql);
	buf_adds(&sql, " ORDER BY o.id");
	scoped_stmt struct db_stmt *st = db_prepare(db, "test", buf_str(&sql));
	filter_bind(f, st, NOW);
	while (db_step(st) == DB_ROW) {
		if (filter_accepts(f, db_text(st, 1), db_text(st, 2)))
			buf_addf(&ids, "%s%lld", ids.len ? "," : "",
				 (long long)db_int(st, 0));
	}
	return xstrdup(buf_str(&ids));
}

static int64_t created(int n)
{
	return NOW - INT64_C(3600001) * n;
}

static int64_t due(int n)
{
	return NOW + INT64_C(3600000) * (n - 4);
}

static void fill(struct fixture *fix)
{
	outbox_exec(fix->db, rows, created(1), due(1), created(2), due(2),
		    created(3), due(3), created(4), due(4), created(5), due(5),
		    created(6), due(6), NOW - 1, due(7));
	outbox_exec(fix->db, history);
}

static void test_fields(void **state)
{
	struct fixture *fix = *state;
	struct db *db = NULL;
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	fill(fix);
	assert_int_equal(db_open(&db, fix->path, DB_READ, 50), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct filter *f = parse(cases[i].filter);
		scoped_free char *ids = matches(db, f);
		filter_destroy(f);
		if (strcmp(ids, cases[i].ids) != 0)
			fail_msg("%s: %s, not %s", cases[i].filter, ids,
				 cases[i].ids);
	}
	db_close(db);
}

/* Every field has a row of its own above, and the examples of the help work. */
static void test_examples(void **state)
{
	struct fixture *fix = *state;
	struct db *db = NULL;
	const char *name, *example, *help;
	assert_int_equal(db_open(&db, fix->path, DB_READ, 50), 0);
	size_t i = 0;
	for (; (name = filter_field_name(i, &example, &help)); i++) {
		assert_true(*help);
		assert_int_equal(strncmp(example, name, strlen(name)), 0);
		struct filter *f = parse(example);
		free(matches(db, f));
		filter_destroy(f);
		scoped_free char *begin = xasprintf("%s", name);
		bool is_tested = false;
		for (size_t c = 0; c < ARRAY_LEN(cases); c++)
			is_tested |=
				!strncmp(cases[c].filter, begin, strlen(begin));
		assert_true(is_tested);
	}
	assert_int_equal(i, 15);
	db_close(db);
}

static void test_values_are_parameters(void **state)
{
	(void)state;
	struct filter *f = parse("to:S3CRET err:S3CRET by:S3CRET S3CRET"
				 " payload:S3CRET id:77 age>77s state:failed"
				 " created:1977-07-07 http:77 try>77 due<77d");
	scoped_buf sql = {0};
	filter_sql(f, &sql);
	assert_null(strcasestr(buf_str(&sql), "s3cret"));
	assert_null(strstr(buf_str(&sql), "77"));
	assert_null(strstr(buf_str(&sql), "failed"));
	filter_destroy(f);
}

static void test_questions(void **state)
{
	static const struct {
		const char *filter, *key;
		int64_t id;
		unsigned states;
		bool is_heavy;
	} asked[] = {
		{"", NULL, 0, 0x3f, false},
		{"id:5", NULL, 5, 0x3f, false},
		{"x id:#5 y", NULL, 5, 0x3f, false},
		{"-id:5", NULL, 0, 0x3f, false},
		{"id:5,6", NULL, 0, 0x3f, false},
		{"id>5", NULL, 0, 0x3f, false},
		{"id:-5", NULL, 0, 0x3f, false},
		{"5", NULL, 0, 0x3f, false},
		{"key:order/1", "order/1", 0, 0x3f, false},
		{"key:\"a b*\"", "a b*", 0, 0x3f, false},
		{"key:order/*", NULL, 0, 0x3f, false},
		{"-key:a", NULL, 0, 0x3f, false},
		{"to:a", NULL, 0, 0x3f, false},
		{"state:failed", NULL, 0, 1 << MESSAGE_FAILED, false},
		{"state:failed,pending -state:pending", NULL, 0,
		 1 << MESSAGE_FAILED, false},
		{"-state:failed", NULL, 0, 0x3f & ~(1 << MESSAGE_FAILED),
		 false},
		{"payload:x", NULL, 0, 0x3f, true},
		{"-payload:x", NULL, 0, 0x3f, true},
		{"\"payload:x\"", NULL, 0, 0x3f, false},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
		struct filter *f = parse(asked[i].filter);
		const char *key = filter_key(f);
		assert_int_equal(filter_id(f), asked[i].id);
		assert_int_equal(filter_states(f), asked[i].states);
		assert_int_equal(filter_is_heavy(f), asked[i].is_heavy);
		assert_int_equal(filter_is_empty(f), !*asked[i].filter);
		assert_string_equal(key ? key : "-",
				    asked[i].key ? asked[i].key : "-");
		filter_destroy(f);
	}
}

static void test_text_is_trimmed(void **state)
{
	(void)state;
	struct filter *f = parse(" 　 state:failed  x　 ");
	assert_string_equal(filter_text(f), "state:failed  x");
	filter_destroy(f);
}

/* A made filter finds the very text, whatever is in it. */
static void test_quote(void **state)
{
	static const char *const texts[] = {
		"a",	"a b", "a\"b", "\\", "\\\"", "a\\",  "*",  "a*",
		"，：", "“a”", "＂",   "-x", "a,b",  "\\\\", "\"",
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		scoped_buf b = {0};
		buf_adds(&b, "key:");
		filter_quote(&b, texts[i]);
		struct filter *f = parse(buf_str(&b));
		assert_non_null(filter_key(f));
		assert_string_equal(filter_key(f), texts[i]);
		filter_destroy(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_fields),
		FIXTURE_TEST(test_examples),
		cmocka_unit_test(test_values_are_parameters),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_text_is_trimmed),
		cmocka_unit_test(test_quote),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
