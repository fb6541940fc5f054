#include "lib/lang.h"
#include "lib/util.h"
#include "tests/support/overviewbench.h"
#include "tui/rows.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void test_an_empty_outbox(void **state)
{
	struct overviewbench b = overviewbench_open(state);
	overviewbench_read(&b);
	assert_int_equal(b.o.oldest_pending_ms, 0);
	assert_int_equal(b.o.oldest_due_ms, 0);
	assert_int_equal(b.o.next_due_ms, 0);
	assert_int_equal(b.o.oldest_sending_ms, 0);
	assert_int_equal(b.o.newest_failed_ms, 0);
	assert_int_equal(b.o.due_now.n, 0);
	assert_int_equal(b.o.delivered_today, 0);
	assert_int_equal(b.o.hour.p50_ms, -1);
	assert_int_equal(b.o.day.p99_ms, -1);
	assert_int_equal(b.o.channel_count, 1);
	assert_string_equal(b.o.channels[0].name, "wechat-cloud");
	assert_int_equal(b.o.channels[0].p95_ms, -1);
	assert_int_equal(b.o.error_count, 0);
	assert_int_equal(b.o.act_count, 0);
	assert_int_equal(b.o.schema_version,
			 outbox_int(b.db, "SELECT value FROM outbox_meta"
					  " WHERE key = 'version'"));
	overviewbench_close(&b);
}

static void test_ages_and_what_is_due(void **state)
{
	struct overviewbench b = overviewbench_open(state);
	overviewbench_rows(&b, 3, "pending", OVERVIEW_NOW - 20000,
			   OVERVIEW_NOW - 5000, OVERVIEW_NOW, NULL);
	overviewbench_rows(&b, 2, "pending", OVERVIEW_NOW - 90000,
			   OVERVIEW_NOW - 9000, OVERVIEW_NOW, NULL);
	overviewbench_rows(&b, 1, "pending", OVERVIEW_NOW - 1000, OVERVIEW_NOW,
			   OVERVIEW_NOW, NULL);
	overviewbench_rows(&b, 4, "pending", OVERVIEW_NOW - 1000,
			   OVERVIEW_NOW + 14000, OVERVIEW_NOW, NULL);
	overviewbench_rows(&b, 2, "sending", OVERVIEW_NOW - 1000, OVERVIEW_NOW,
			   OVERVIEW_NOW - 500, NULL);
	overviewbench_rows(&b, 2, "sending", OVERVIEW_NOW - 1000, OVERVIEW_NOW,
			   OVERVIEW_NOW - 2100, NULL);
	overviewbench_rows(&b, 1, "failed", OVERVIEW_NOW - 99000, OVERVIEW_NOW,
			   OVERVIEW_NOW - 41000, "x");
	overviewbench_rows(&b, 1, "failed", OVERVIEW_NOW - 99000, OVERVIEW_NOW,
			   OVERVIEW_NOW - 51000, "x");
	overviewbench_rows(&b, 1, "delivered", OVERVIEW_NOW - 999000,
			   OVERVIEW_NOW, OVERVIEW_NOW, NULL);
	overviewbench_read(&b);
	assert_int_equal(b.o.oldest_pending_ms, OVERVIEW_NOW - 90000);
	assert_int_equal(b.o.oldest_due_ms, OVERVIEW_NOW - 9000);
	assert_int_equal(b.o.next_due_ms, OVERVIEW_NOW + 14000);
	assert_int_equal(b.o.oldest_sending_ms, OVERVIEW_NOW - 2100);
	assert_int_equal(b.o.newest_failed_ms, OVERVIEW_NOW - 41000);
	assert_int_equal(b.o.due_now.n, 6);
	assert_false(b.o.due_now.is_more);
	assert_int_equal(b.o.due_later.n, 4);
	overviewbench_rows(&b, 1, "expired", OVERVIEW_NOW - 99000, OVERVIEW_NOW,
			   OVERVIEW_NOW - 40000, NULL);
	overviewbench_rows(&b, COUNTS_QUICK - 6, "pending", OVERVIEW_NOW,
			   OVERVIEW_NOW - 1, OVERVIEW_NOW, NULL);
	overviewbench_read(&b);
	assert_int_equal(b.o.newest_failed_ms, OVERVIEW_NOW - 40000);
	assert_int_equal(b.o.due_now.n, COUNTS_QUICK);
	assert_false(b.o.due_now.is_more);
	overviewbench_rows(&b, 1, "pending", OVERVIEW_NOW, OVERVIEW_NOW - 1,
			   OVERVIEW_NOW, NULL);
	overviewbench_read(&b);
	assert_int_equal(b.o.due_now.n, COUNTS_QUICK);
	assert_true(b.o.due_now.is_more);
	overviewbench_close(&b);
}

static void expect_error(struct overviewbench *b, size_t index,
			 const char *error, int64_t count)
{
	assert_true(index < b->o.error_count);
	assert_string_equal(b->o.errors[index].error, error);
	assert_int_equal(b->o.errors[index].count, count);
	assert_string_equal(b->o.errors[index].channel, "wechat-cloud");
	assert_string_equal(b->o.errors[index].reason, "wechat-busy");
}

static void test_top_errors(void **state)
{
	struct overviewbench b = overviewbench_open(state);
	overviewbench_rows(&b, 2, "failed", OVERVIEW_NOW, OVERVIEW_NOW,
			   OVERVIEW_NOW - 9000, "first of two");
	overviewbench_rows(&b, 21, "failed", OVERVIEW_NOW, OVERVIEW_NOW,
			   OVERVIEW_NOW - 5000, "rid: $ busy");
	overviewbench_rows(&b, 2, "failed", OVERVIEW_NOW, OVERVIEW_NOW,
			   OVERVIEW_NOW - 3000, "second of two");
	overviewbench_rows(&b, 5, "expired", OVERVIEW_NOW, OVERVIEW_NOW,
			   OVERVIEW_NOW - 1000, "too late");
	overviewbench_rows(&b, 7, "pending", OVERVIEW_NOW, OVERVIEW_NOW,
			   OVERVIEW_NOW - 1000, "tried again");
	overviewbench_read(&b);
	assert_int_equal(b.o.errors_looked, 30);
	assert_int_equal(b.o.error_count, 4);
	expect_error(&b, 0, "rid: * busy", 21);
	expect_error(&b, 1, "too late", 5);
	expect_error(&b, 2, "second of two", 2);
	expect_error(&b, 3, "first of two", 2);
	assert_int_equal(b.o.errors[0].sample, 23);
	assert_int_equal(b.o.errors[0].last_ms, OVERVIEW_NOW - 5000);
	assert_int_equal(b.o.errors[3].first_ms, OVERVIEW_NOW - 9000);
	for (int i = 0; i < OVERVIEW_ERRORS; i++) {
		scoped_free char *error = xasprintf("kind %c", 'a' + i);
		overviewbench_rows(&b, 3, "failed", OVERVIEW_NOW, OVERVIEW_NOW,
				   OVERVIEW_NOW - 100 + i, error);
	}
	overviewbench_read(&b);
	assert_int_equal(b.o.error_count, OVERVIEW_ERRORS);
	expect_error(&b, 0, "rid: * busy", 21);
	expect_error(&b, 2, "kind h", 3);
	overviewbench_close(&b);
}

/* Many are not looked at each time, and never more than the newest. */
static void test_many_errors(void **state)
{
	struct overviewbench b = overviewbench_open(state);
	overviewbench_rows(&b, 500, "failed", OVERVIEW_NOW, OVERVIEW_NOW,
			   OVERVIEW_NOW - 90000, "old");
	overviewbench_rows(&b, 9900, "failed", OVERVIEW_NOW, OVERVIEW_NOW,
			   OVERVIEW_NOW - 50000, "new");
	overviewbench_rows(&b, 40, "expired", OVERVIEW_NOW, OVERVIEW_NOW,
			   OVERVIEW_NOW - 60000, "late");
	overviewbench_read(&b);
	assert_int_equal(b.o.errors_looked, 1000); /* at once */
	expect_error(&b, 0, "new", 1000);
	assert_int_equal(overview_work(b.reader, &b.o, OVERVIEW_NOW, INT64_MAX),
			 ROWS_DONE);
	assert_int_equal(b.o.errors_looked, 10000);
	assert_int_equal(b.o.error_count, 3);
	expect_error(&b, 0, "new", 9900);
	expect_error(&b, 1, "old", 60);
	expect_error(&b, 2, "late", 40);
	outbox_exec(b.db, "DELETE FROM outbox WHERE last_error = 'new'");
	b.now_ms += 1000;
	overviewbench_read(&b);
	expect_error(&b, 0, "new", 9900);
	b.now_ms += 10000;
	overviewbench_read(&b);
	assert_int_equal(b.o.errors_looked, 540);
	expect_error(&b, 0, "old", 500);
	overviewbench_close(&b);
}

static void cancel(struct overviewbench *b, const struct act *act,
		   struct act_row *row)
{
	struct act_result total = {0};
	assert_int_equal(act_rows(b->act->desk, act, row, 1, ACT_NOW, &total),
			 0);
}

static void expect_act(struct overviewbench *b, size_t index, const char *text)
{
	assert_true(index < b->o.act_count);
	const struct overview_act *a = &b->o.acts[index];
	scoped_free char *got =
		xasprintf("%s %s %s %s %lld %lld", a->who, a->action, a->what,
			  a->reason ? a->reason : "-", (long long)a->changed,
			  (long long)a->skipped);
	assert_string_equal(got, text);
	assert_int_equal(a->at_ms, ACT_NOW);
}

static void test_last_acts(void **state)
{
	struct overviewbench b = overviewbench_open(state);
	struct act_row rows[3];
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		rows[i] = actbench_see(b.act,
				       actbench_add(b.act, MESSAGE_FAILED));
	int64_t id = actbench_add(b.act, MESSAGE_FAILED);
	actbench_row(b.act, ACT_RETRY, id);
	struct act act = {.action = ACT_CANCEL, .actor = &b.act->actor};
	act_begin(&act);
	cancel(&b, &act, &rows[0]);
	actbench_channels(b.act, ACT_PAUSE, NULL);
	cancel(&b, &act, &rows[1]);
	overviewbench_read(&b);
	assert_int_equal(b.o.act_count, 3);
	expect_act(&b, 0, "alice cancel #1, +1 - 2 0");
	expect_act(&b, 1, "alice pause wechat-cloud why 1 0");
	expect_act(&b, 2, "alice retry #4 - 1 0");
	cancel(&b, &act, &rows[2]);
	cancel(&b, &act, &rows[2]);
	actbench_channels(b.act, ACT_RESUME, NULL);
	actbench_row(b.act, ACT_RETRY, id); /* nothing to do: due already */
	overviewbench_read(&b);
	assert_int_equal(b.o.act_count, 4);
	expect_act(&b, 0, "alice retry #4 - 1 0");
	expect_act(&b, 1, "alice resume wechat-cloud why 1 0");
	expect_act(&b, 2, "alice cancel #1, +2 - 3 1");
	expect_act(&b, 3, "alice pause wechat-cloud why 1 0");
	overviewbench_close(&b);
}

/* Acts of thousands of batches do not hide those before them. */
static void test_acts_behind_a_long_one(void **state)
{
	struct overviewbench b = overviewbench_open(state);
	outbox_exec(b.db,
		    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
		    " SELECT i + 1 FROM n WHERE i < 3000)"
		    " INSERT INTO outbox_audit (act, at, action, who, uid,"
		    " changed, skipped, ids, filter) SELECT CASE WHEN i < 5"
		    " THEN 'act' || i ELSE 'long' END, %lld, 'cancel', 'bob',"
		    " 1, 100, 1, '[]', 'state:failed' FROM n",
		    ACT_NOW);
	overviewbench_read(&b);
	assert_int_equal(b.o.act_count, 4);
	expect_act(&b, 0, "bob cancel state:failed - 299600 2996");
	expect_act(&b, 1, "bob cancel state:failed - 100 1");
	assert_string_equal(b.o.acts[3].act, "act2");
	overviewbench_close(&b);
}

static void test_sizes(void **state)
{
	struct overviewbench b = overviewbench_open(state);
	struct stat st;
	overviewbench_rows(&b, 5000, "delivered", OVERVIEW_NOW, OVERVIEW_NOW,
			   OVERVIEW_NOW, NULL);
	overviewbench_read(&b);
	assert_int_equal(stat(b.act->fix->path, &st), 0);
	assert_int_equal(b.o.db_bytes, st.st_size);
	assert_int_equal(b.o.pages, outbox_int(b.db, "PRAGMA page_count"));
	scoped_free char *wal = xasprintf("%s-wal", b.act->fix->path);
	assert_int_equal(stat(wal, &st), 0);
	assert_true(st.st_size > 0);
	assert_int_equal(b.o.wal_bytes, st.st_size);
	assert_int_equal(b.o.free_pages, 0);
	outbox_exec(b.db, "DELETE FROM outbox");
	overviewbench_read(&b);
	assert_true(b.o.free_pages > 0);
	assert_int_equal(b.o.free_pages,
			 outbox_int(b.db, "PRAGMA freelist_count"));
	overviewbench_close(&b);
}

/* Slices add up to the same, and show nothing before they are all there. */
static void test_in_slices(void **state)
{
	struct overviewbench b = overviewbench_open(state);
	overviewbench_rows(&b, 300, "failed", OVERVIEW_NOW, OVERVIEW_NOW,
			   OVERVIEW_NOW - 5000, "kind $");
	for (int i = 0; i < 200; i++)
		overviewbench_minute(&b, THIS_MINUTE - i * INT64_C(60000), "a",
				     10, 1, 3);
	int rc, slices = 0;
	overview_refresh(b.reader);
	while ((rc = overview_work(b.reader, &b.o, OVERVIEW_NOW, 0)) ==
	       ROWS_MORE) {
		slices++;
		assert_int_equal(b.o.read_at_ms, 0);
	}
	assert_int_equal(rc, ROWS_DONE);
	assert_true(slices > 20);
	assert_int_equal(b.o.errors_looked, 300);
	assert_int_equal(b.o.error_count, 1);
	assert_int_equal(b.o.hour.delivered, 600);
	assert_int_equal(b.o.day.delivered, 2000);
	/* Nothing is read that nobody asks for. */
	overviewbench_rows(&b, 1, "pending", OVERVIEW_NOW, OVERVIEW_NOW,
			   OVERVIEW_NOW, NULL);
	assert_int_equal(overview_work(b.reader, &b.o, OVERVIEW_NOW, 0),
			 ROWS_DONE);
	assert_int_equal(b.o.due_now.n, 0);
	overviewbench_close(&b);
}

static void test_trouble_leaves_it_as_it_was(void **state)
{
	struct overviewbench b = overviewbench_open(state);
	overviewbench_minute(&b, THIS_MINUTE, "a", 10, 1, 3);
	overviewbench_read(&b);
	outbox_exec(b.db, "ALTER TABLE outbox_audit RENAME TO elsewhere");
	overview_refresh(b.reader);
	for (int i = 0; i < 2; i++)
		assert_true(overview_work(b.reader, &b.o, OVERVIEW_NOW + 1,
					  INT64_MAX) < 0);
	assert_int_equal(b.o.read_at_ms, OVERVIEW_NOW);
	assert_int_equal(b.o.channel_count, 1);
	outbox_exec(b.db, "ALTER TABLE elsewhere RENAME TO outbox_audit");
	b.now_ms = OVERVIEW_NOW + 1;
	overviewbench_read(&b);
	assert_int_equal(b.o.hour.delivered, 10);
	assert_int_equal(b.o.channel_count, 1);
	overviewbench_close(&b);
}

int main(void)
{
	util_init();
	lang_init("en");
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_an_empty_outbox),
		ACT_TEST(test_ages_and_what_is_due),
		ACT_TEST(test_top_errors),
		ACT_TEST(test_many_errors),
		ACT_TEST(test_last_acts),
		ACT_TEST(test_acts_behind_a_long_one),
		ACT_TEST(test_sizes),
		ACT_TEST(test_in_slices),
		ACT_TEST(test_trouble_leaves_it_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
