/* Failed rows by what went wrong. Other code relies on: what differs from row
 * to row parts no groups; a group's filter finds its rows. */
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/listbench.h"
#include "tui/groups.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *error, *folded;
} folds[] = {
	{"", ""},
	{"timeout", "timeout"},
	{"429 rate limited", "429 rate limited"},
	{"40003 invalid openid hint: [Xy12 z]",
	 "40003 invalid openid hint: [*]"},
	{"errcode=43101 发送通知失败 | user refuse rid: "
	 "910a2dec-89025cc1-658eec67",
	 "errcode=43101 发送通知失败 | user refuse rid: *"},
	{"outcome unknown: errcode=-501001 x",
	 "outcome unknown: errcode=-501001 x"},
	{"HTTP 503 from 1234 or 12345", "HTTP 503 from 1234 or *"},
	{"no user 66f2a1c0e4b0a1d2c3b4a599 here", "no user * here"},
	{"openid oZ3fabcdefghij12345k9 is", "openid * is"},
	{"accede added feeds", "accede added feeds"},
	{"field \"thing1\" or 'b' can't", "field \"*\" or '*' can't"},
	{"no end [ of 'this", "no end [ of 'this"},
	{"{\"a\":1} <b> (c)", "{*} <*> (c)"},
	{"a\x1b[31m\xff\xfe b\nc", "a*[31m* b*c"},
	{"12345678", "12345678"},
};

static void test_fold(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(folds); i++) {
		scoped_free char *folded = group_fold(folds[i].error);
		assert_string_equal(folded, folds[i].folded);
		scoped_free char *again = group_fold(folded);
		assert_string_equal(again, folds[i].folded);
	}
	char longest[70000];
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	scoped_free char *folded = group_fold(longest);
	assert_int_equal(strlen(folded), 200);
}

static void work(struct groups *g)
{
	int rc, slices = 0;
	do {
		rc = groups_work(g, LIST_NOW, 0);
		assert_true(++slices < 100000);
	} while (rc == ROWS_MORE);
	assert_int_equal(rc, ROWS_DONE);
}

static void set_errors(struct listbench *b)
{
	listbench_fill(b, 3000);
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET last_reason = 'not-subscribed',"
		    " last_error = 'errcode=43101 \"refused\" rid: ' ||"
		    "  hex(randomblob(8)) WHERE status = 'failed';"
		    "UPDATE outbox SET last_reason = 'expired',"
		    " last_error = NULL WHERE status = 'expired';"
		    "UPDATE outbox SET last_reason = NULL, last_error = 'boom'"
		    " WHERE status = 'failed' AND id %% 15 = 1");
}

/* All rows that a filter finds in the list of failed ones. */
static int64_t count_found(struct listbench *b, const char *text)
{
	struct filter *filter = listbench_filter(text);
	struct rows *rows = rows_create(b->reader, LIST_FAILED);
	rows_ask(rows, filter, SORT_UPDATED, false);
	int64_t found = -1;
	while (rows_work(rows, LIST_NOW, INT64_MAX) == ROWS_MORE)
		continue;
	found = rows_state(rows).found;
	assert_true(rows_state(rows).is_complete);
	rows_destroy(rows);
	filter_destroy(filter);
	return found;
}

static void test_groups(void **state)
{
	struct listbench *b = *state;
	set_errors(b);
	struct groups *g = groups_create(b->reader);
	work(g);
	bool is_complete;
	assert_int_equal(groups_total(g, &is_complete), 1000);
	assert_true(is_complete);
	assert_int_equal(groups_read_at(g), LIST_NOW);
	assert_int_equal(groups_count(g), 3);
	int64_t sum = 0;
	for (size_t i = 0; i < groups_count(g); i++) {
		const struct group *group = groups_at(g, i);
		sum += group->count;
		scoped_free char *text = group_filter(group, "id>0");
		assert_int_equal(count_found(b, text), group->count);
		scoped_free char *times = outbox_rows(
			b->fix->db,
			"SELECT min(updated_at), max(updated_at) FROM outbox"
			" WHERE status IN ('failed', 'expired')"
			"  AND channel = %Q AND last_reason IS %s%Q%s",
			group->channel, *group->reason ? "" : "nullif(",
			group->reason, *group->reason ? "" : ", '')");
		scoped_free char *want =
			xasprintf("%lld|%lld\n", (long long)group->first_ms,
				  (long long)group->last_ms);
		assert_string_equal(times, want);
		assert_true(!i || groups_at(g, i - 1)->count >= group->count);
	}
	assert_int_equal(sum, 1000);
	groups_destroy(g);
}

/* 196 bytes: what is cut off makes an id of no id. */
#define TEN   "a bc d ef "
#define FIFTY TEN TEN TEN TEN TEN
#define LONG  FIFTY FIFTY FIFTY TEN TEN TEN TEN "end ab"

/* What could be taken for one another: words within words, ids of any length,
 * what a filter's grammar might read, and reasons that stand in texts. */
static const struct {
	const char *reason, *error;
	int count;
} alike[] = {
	{"", "no route", 3},
	{"", "no route to host", 4},
	{"", "there is no route", 5},
	{"", "user 1234 is gone", 6},
	{"", "user 12345 is gone", 7},
	{"", "user 123456 is gone", 8},
	{"", "USER 1234 is gone", 2},
	{"", "not-subscribed: no route", 3},
	{"not-subscribed", "no route", 2},
	{"not-subscribed", "", 4},
	{"connection-failed", "no route", 1},
	{"", "\"a\\b\" * channel:x", 2},
	{"", "\"a\\b\" channel:x", 3},
	{"", "100%_x", 2},
	{"", "e\x1b[2Jr", 1},
	{"", "发送通知失败：rid 89025cc1", 2},
	{"", "发送通知失败", 3},
	{"", "缺少“openid”字段", 2},
	{"", "缺少”openid“字段", 1},
	{"", "“缺少”", 3},
	{"", "\\“a", 1},
	{"", "ａ：ｂ，ｃ　＊ ＂", 1},
	{"", "a:b,c * \"", 1},
	{"", "id 12345's box, it's shut", 2},
	{"", "id 12345's box, it's full", 3},
	{"", LONG "12xy", 2},
	{"", LONG "12yx", 1},
};

static void set_alike(struct listbench *b)
{
	listbench_fill(b, 3000);
	outbox_exec(b->fix->db, "UPDATE outbox SET last_error = 'new'"
				" WHERE status = 'failed'");
	for (size_t i = 0; i < ARRAY_LEN(alike); i++)
		outbox_exec(b->fix->db,
			    "UPDATE outbox SET channel = 'crm',"
			    " last_reason = nullif(%Q, ''),"
			    " last_error = nullif(%Q, '')"
			    " WHERE id IN (SELECT id FROM outbox"
			    "  WHERE status = 'failed' AND last_error = 'new'"
			    "  LIMIT %d)",
			    alike[i].reason, alike[i].error, alike[i].count);
	outbox_exec(b->fix->db, "DELETE FROM outbox WHERE last_error = 'new'"
				" OR status = 'expired'");
}

/* Exactly its rows, whatever else fails: none is in two of them. */
static void test_a_group_is_its_filter(void **state)
{
	struct listbench *b = *state;
	set_alike(b);
	struct groups *g = groups_create(b->reader);
	work(g);
	assert_int_equal(groups_count(g), ARRAY_LEN(alike) - 1);
	for (size_t i = 0; i < groups_count(g); i++) {
		const struct group *group = groups_at(g, i);
		scoped_free char *text = group_filter(group, "");
		scoped_free char *others = group_filter(group, "");
		char *at = strstr(others, "group:");
		assert_non_null(at);
		scoped_free char *negated =
			xasprintf("%.*s-%s", (int)(at - others), others, at);
		int64_t found = count_found(b, text);
		if (found != group->count)
			fail_msg("%s: %lld, not %lld", text, (long long)found,
				 (long long)group->count);
		bool is_complete;
		assert_int_equal(count_found(b, negated),
				 groups_total(g, &is_complete) - found);
	}
	assert_int_equal(count_found(b, "group:\": no route\",\"connection-"
					"failed: no route\""),
			 4);
	groups_destroy(g);
}

static void test_filter_and_refresh(void **state)
{
	struct listbench *b = *state;
	set_errors(b);
	struct filter *filter = listbench_filter("err:boom");
	struct groups *g = groups_create(b->reader);
	groups_ask(g, filter);
	work(g);
	assert_int_equal(groups_count(g), 1);
	assert_string_equal(groups_at(g, 0)->error, "boom");
	int64_t count = groups_at(g, 0)->count;
	assert_int_equal(count,
			 outbox_int(b->fix->db, "SELECT count(*) FROM outbox"
						" WHERE last_error = 'boom'"));
	outbox_exec(b->fix->db, "UPDATE outbox SET last_error = 'boom 2'"
				" WHERE last_error = 'boom'");
	work(g);
	assert_string_equal(groups_at(g, 0)->error, "boom");
	groups_refresh(g);
	assert_int_equal(groups_work(g, LIST_NOW, 0), ROWS_MORE);
	assert_string_equal(groups_at(g, 0)->error, "boom");
	work(g);
	assert_string_equal(groups_at(g, 0)->error, "boom 2");
	assert_int_equal(groups_at(g, 0)->count, count);
	groups_destroy(g);
	filter_destroy(filter);
}

/* What is read, not what is found, is what a refresh costs. */
static void test_a_narrow_filter_rests(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 61000);
	struct filter *filter = listbench_filter("group:\"none: such\"");
	struct groups *g = groups_create(b->reader);
	groups_ask(g, filter);
	work(g);
	bool is_complete;
	assert_int_equal(groups_total(g, &is_complete), 0);
	groups_refresh(g);
	assert_int_equal(groups_work(g, LIST_NOW + 1, INT64_MAX), ROWS_DONE);
	assert_int_equal(groups_read_at(g), LIST_NOW);
	groups_refresh_now(g);
	assert_int_equal(groups_work(g, LIST_NOW + 1, INT64_MAX), ROWS_DONE);
	assert_int_equal(groups_read_at(g), LIST_NOW + 1);
	groups_destroy(g);
	filter_destroy(filter);
}

static void test_too_many(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 9000);
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET last_error = 'e ' || char("
		    " 97 + id / 676 %% 26, 97 + id / 26 %% 26, 97 + id %% 26)"
		    " WHERE status IN ('failed', 'expired')");
	struct groups *g = groups_create(b->reader);
	work(g);
	assert_int_equal(groups_count(g), GROUPS_MAX + 1);
	assert_true(groups_at(g, 0)->is_rest);
	assert_int_equal(groups_at(g, 0)->count, 2000);
	assert_null(group_filter(groups_at(g, 0), ""));
	assert_non_null(strstr(groups_at(g, 1)->error, "e "));
	groups_destroy(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold),
		LIST_TEST(test_groups),
		LIST_TEST(test_a_group_is_its_filter),
		LIST_TEST(test_filter_and_refresh),
		LIST_TEST(test_a_narrow_filter_rests),
		LIST_TEST(test_too_many),
	};
	return cmocka_run_group_tests_name("tui_groups", tests, NULL, NULL);
}
