#include "tui/overview.h"

#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tests/support/history.h"
#include "tui/lang.h"
#include "tui/rows.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* 14:22:07 in Shanghai, and the minute that it is in. */
#define NOW	    INT64_C(1795328527114)
#define THIS_MINUTE (NOW / 60000 * 60000)

struct bench {
	struct actbench *act;
	sqlite3 *db; /* the CRM's */
	struct overview_reader *reader;
	struct overview o;
	int64_t now_ms;
};

static struct bench bench_open(void **state)
{
	struct bench b = {.act = *state, .now_ms = NOW};
	b.db = b.act->fix->db;
	b.reader = overview_reader_create(b.act->db);
	return b;
}

static void bench_close(struct bench *b)
{
	overview_finish(&b->o);
	overview_reader_destroy(b->reader);
}

static void read_all(struct bench *b)
{
	overview_refresh(b->reader);
	assert_int_equal(overview_work(b->reader, &b->o, b->now_ms, INT64_MAX),
			 ROWS_DONE);
	assert_int_equal(b->o.read_at_ms, b->now_ms);
}

static void add_rows(struct bench *b, int count, const char *status,
		     int64_t created_ms, int64_t due_ms, int64_t updated_ms,
		     const char *error)
{
	struct history_rows rows = {.count = count,
				    .status = status,
				    .created_ms = created_ms,
				    .due_ms = due_ms,
				    .updated_ms = updated_ms,
				    .error = error};
	history_add_rows(b->db, &rows);
}

static void add_minute(struct bench *b, int64_t minute_ms, const char *channel,
		       int delivered, int rejected, int bucket)
{
	history_add_minute(b->db, minute_ms, channel, delivered, rejected,
			   bucket);
}

static void test_an_empty_outbox(void **state)
{
	struct bench b = bench_open(state);
	read_all(&b);
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
	bench_close(&b);
}

static void test_ages_and_what_is_due(void **state)
{
	struct bench b = bench_open(state);
	add_rows(&b, 3, "pending", NOW - 20000, NOW - 5000, NOW, NULL);
	add_rows(&b, 2, "pending", NOW - 90000, NOW - 9000, NOW, NULL);
	add_rows(&b, 1, "pending", NOW - 1000, NOW, NOW, NULL);
	add_rows(&b, 4, "pending", NOW - 1000, NOW + 14000, NOW, NULL);
	add_rows(&b, 2, "sending", NOW - 1000, NOW, NOW - 500, NULL);
	add_rows(&b, 2, "sending", NOW - 1000, NOW, NOW - 2100, NULL);
	add_rows(&b, 1, "failed", NOW - 99000, NOW, NOW - 41000, "x");
	add_rows(&b, 1, "failed", NOW - 99000, NOW, NOW - 51000, "x");
	add_rows(&b, 1, "delivered", NOW - 999000, NOW, NOW, NULL);
	read_all(&b);
	assert_int_equal(b.o.oldest_pending_ms, NOW - 90000);
	assert_int_equal(b.o.oldest_due_ms, NOW - 9000);
	assert_int_equal(b.o.next_due_ms, NOW + 14000);
	assert_int_equal(b.o.oldest_sending_ms, NOW - 2100);
	assert_int_equal(b.o.newest_failed_ms, NOW - 41000);
	assert_int_equal(b.o.due_now.n, 6);
	assert_false(b.o.due_now.is_more);
	assert_int_equal(b.o.due_later.n, 4);
	add_rows(&b, 1, "expired", NOW - 99000, NOW, NOW - 40000, NULL);
	add_rows(&b, COUNTS_QUICK - 6, "pending", NOW, NOW - 1, NOW, NULL);
	read_all(&b);
	assert_int_equal(b.o.newest_failed_ms, NOW - 40000);
	assert_int_equal(b.o.due_now.n, COUNTS_QUICK);
	assert_false(b.o.due_now.is_more);
	add_rows(&b, 1, "pending", NOW, NOW - 1, NOW, NULL);
	read_all(&b);
	assert_int_equal(b.o.due_now.n, COUNTS_QUICK);
	assert_true(b.o.due_now.is_more);
	bench_close(&b);
}

static void expect_error(struct bench *b, size_t index, const char *error,
			 int64_t count)
{
	assert_true(index < b->o.error_count);
	assert_string_equal(b->o.errors[index].error, error);
	assert_int_equal(b->o.errors[index].count, count);
	assert_string_equal(b->o.errors[index].channel, "wechat-cloud");
	assert_string_equal(b->o.errors[index].reason, "wechat-busy");
}

static void test_top_errors(void **state)
{
	struct bench b = bench_open(state);
	add_rows(&b, 2, "failed", NOW, NOW, NOW - 9000, "first of two");
	add_rows(&b, 21, "failed", NOW, NOW, NOW - 5000, "rid: $ busy");
	add_rows(&b, 2, "failed", NOW, NOW, NOW - 3000, "second of two");
	add_rows(&b, 5, "expired", NOW, NOW, NOW - 1000, "too late");
	add_rows(&b, 7, "pending", NOW, NOW, NOW - 1000, "tried again");
	read_all(&b);
	assert_int_equal(b.o.errors_looked, 30);
	assert_int_equal(b.o.error_count, 4);
	expect_error(&b, 0, "rid: * busy", 21);
	expect_error(&b, 1, "too late", 5);
	expect_error(&b, 2, "second of two", 2);
	expect_error(&b, 3, "first of two", 2);
	assert_int_equal(b.o.errors[0].sample, 23);
	assert_int_equal(b.o.errors[0].last_ms, NOW - 5000);
	assert_int_equal(b.o.errors[3].first_ms, NOW - 9000);
	for (int i = 0; i < OVERVIEW_ERRORS; i++) {
		scoped_free char *error = xasprintf("kind %c", 'a' + i);
		add_rows(&b, 3, "failed", NOW, NOW, NOW - 100 + i, error);
	}
	read_all(&b);
	assert_int_equal(b.o.error_count, OVERVIEW_ERRORS);
	expect_error(&b, 0, "rid: * busy", 21);
	expect_error(&b, 2, "kind h", 3);
	bench_close(&b);
}

/* Many are not looked at each time, and never more than the newest. */
static void test_many_errors(void **state)
{
	struct bench b = bench_open(state);
	add_rows(&b, 500, "failed", NOW, NOW, NOW - 90000, "old");
	add_rows(&b, 9900, "failed", NOW, NOW, NOW - 50000, "new");
	add_rows(&b, 40, "expired", NOW, NOW, NOW - 60000, "late");
	read_all(&b);
	assert_int_equal(b.o.errors_looked, 1000); /* at once */
	expect_error(&b, 0, "new", 1000);
	assert_int_equal(overview_work(b.reader, &b.o, NOW, INT64_MAX),
			 ROWS_DONE);
	assert_int_equal(b.o.errors_looked, 10000);
	assert_int_equal(b.o.error_count, 3);
	expect_error(&b, 0, "new", 9900);
	expect_error(&b, 1, "old", 60);
	expect_error(&b, 2, "late", 40);
	outbox_exec(b.db, "DELETE FROM outbox WHERE last_error = 'new'");
	b.now_ms += 1000;
	read_all(&b);
	expect_error(&b, 0, "new", 9900);
	b.now_ms += 10000;
	read_all(&b);
	assert_int_equal(b.o.errors_looked, 540);
	expect_error(&b, 0, "old", 500);
	bench_close(&b);
}

static void cancel(struct bench *b, const struct act *act, struct act_row *row)
{
	struct act_result total = {0};
	assert_int_equal(act_rows(b->act->desk, act, row, 1, ACT_NOW, &total),
			 0);
}

static void expect_act(struct bench *b, size_t index, const char *text)
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
	struct bench b = bench_open(state);
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
	read_all(&b);
	assert_int_equal(b.o.act_count, 3);
	expect_act(&b, 0, "alice cancel #1, +1 - 2 0");
	expect_act(&b, 1, "alice pause wechat-cloud why 1 0");
	expect_act(&b, 2, "alice retry #4 - 1 0");
	cancel(&b, &act, &rows[2]);
	cancel(&b, &act, &rows[2]);
	actbench_channels(b.act, ACT_RESUME, NULL);
	actbench_row(b.act, ACT_RETRY, id); /* nothing to do: due already */
	read_all(&b);
	assert_int_equal(b.o.act_count, 4);
	expect_act(&b, 0, "alice retry #4 - 1 0");
	expect_act(&b, 1, "alice resume wechat-cloud why 1 0");
	expect_act(&b, 2, "alice cancel #1, +2 - 3 1");
	expect_act(&b, 3, "alice pause wechat-cloud why 1 0");
	bench_close(&b);
}

/* Acts of thousands of batches do not hide those before them. */
static void test_acts_behind_a_long_one(void **state)
{
	struct bench b = bench_open(state);
	outbox_exec(b.db,
		    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
		    " SELECT i + 1 FROM n WHERE i < 3000)"
		    " INSERT INTO outbox_audit (act, at, action, who, uid,"
		    " changed, skipped, ids, filter) SELECT CASE WHEN i < 5"
		    " THEN 'act' || i ELSE 'long' END, %lld, 'cancel', 'bob',"
		    " 1, 100, 1, '[]', 'state:failed' FROM n",
		    ACT_NOW);
	read_all(&b);
	assert_int_equal(b.o.act_count, 4);
	expect_act(&b, 0, "bob cancel state:failed - 299600 2996");
	expect_act(&b, 1, "bob cancel state:failed - 100 1");
	assert_string_equal(b.o.acts[3].act, "act2");
	bench_close(&b);
}

static void test_sizes(void **state)
{
	struct bench b = bench_open(state);
	struct stat st;
	add_rows(&b, 5000, "delivered", NOW, NOW, NOW, NULL);
	read_all(&b);
	assert_int_equal(stat(b.act->fix->path, &st), 0);
	assert_int_equal(b.o.db_bytes, st.st_size);
	assert_int_equal(b.o.pages, outbox_int(b.db, "PRAGMA page_count"));
	scoped_free char *wal = xasprintf("%s-wal", b.act->fix->path);
	assert_int_equal(stat(wal, &st), 0);
	assert_true(st.st_size > 0);
	assert_int_equal(b.o.wal_bytes, st.st_size);
	assert_int_equal(b.o.free_pages, 0);
	outbox_exec(b.db, "DELETE FROM outbox");
	read_all(&b);
	assert_true(b.o.free_pages > 0);
	assert_int_equal(b.o.free_pages,
			 outbox_int(b.db, "PRAGMA freelist_count"));
	bench_close(&b);
}

/* Slices add up to the same, and show nothing before they are all there. */
static void test_in_slices(void **state)
{
	struct bench b = bench_open(state);
	add_rows(&b, 300, "failed", NOW, NOW, NOW - 5000, "kind $");
	for (int i = 0; i < 200; i++)
		add_minute(&b, THIS_MINUTE - i * INT64_C(60000), "a", 10, 1, 3);
	int rc, slices = 0;
	overview_refresh(b.reader);
	while ((rc = overview_work(b.reader, &b.o, NOW, 0)) == ROWS_MORE) {
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
	add_rows(&b, 1, "pending", NOW, NOW, NOW, NULL);
	assert_int_equal(overview_work(b.reader, &b.o, NOW, 0), ROWS_DONE);
	assert_int_equal(b.o.due_now.n, 0);
	bench_close(&b);
}

static void test_trouble_leaves_it_as_it_was(void **state)
{
	struct bench b = bench_open(state);
	add_minute(&b, THIS_MINUTE, "a", 10, 1, 3);
	read_all(&b);
	outbox_exec(b.db, "ALTER TABLE outbox_audit RENAME TO elsewhere");
	overview_refresh(b.reader);
	for (int i = 0; i < 2; i++)
		assert_true(overview_work(b.reader, &b.o, NOW + 1, INT64_MAX) <
			    0);
	assert_int_equal(b.o.read_at_ms, NOW);
	assert_int_equal(b.o.channel_count, 1);
	outbox_exec(b.db, "ALTER TABLE elsewhere RENAME TO outbox_audit");
	b.now_ms = NOW + 1;
	read_all(&b);
	assert_int_equal(b.o.hour.delivered, 10);
	assert_int_equal(b.o.channel_count, 1);
	bench_close(&b);
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
