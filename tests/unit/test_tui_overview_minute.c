#include "tui/overview.h"

#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tests/support/history.h"
#include "tui/lang.h"
#include "tui/rows.h"

#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

/* 14:22:07 in Shanghai, and the minute and the day that it is in. */
#define NOW	    INT64_C(1795328527114)
#define THIS_MINUTE (NOW / MINUTE * MINUTE)
#define TODAY	    INT64_C(1795276800000)

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

static void test_rates_of_minutes(void **state)
{
	struct bench b = bench_open(state);
	add_minute(&b, THIS_MINUTE, "wechat-cloud", 4, 1, 8);
	add_minute(&b, THIS_MINUTE, "gone", 100, 0, 8);
	add_minute(&b, THIS_MINUTE - MINUTE, "wechat-cloud", 30, 0, 10);
	add_minute(&b, THIS_MINUTE - 59 * MINUTE, "wechat-cloud", 7, 2, 12);
	add_minute(&b, THIS_MINUTE - 60 * MINUTE, "wechat-cloud", 1000, 0, 20);
	add_minute(&b, THIS_MINUTE - 24 * HOUR + MINUTE, "wechat-cloud", 5, 0,
		   3);
	add_minute(&b, THIS_MINUTE - 24 * HOUR, "wechat-cloud", 9999, 9, 3);
	add_minute(&b, TODAY, "wechat-cloud", 50, 0, 3);
	add_minute(&b, TODAY - MINUTE, "wechat-cloud", 2000, 0, 3);
	read_all(&b);
	assert_int_equal(b.o.sent[OVERVIEW_MINUTES - 1], 104);
	assert_int_equal(b.o.sent[OVERVIEW_MINUTES - 2], 30);
	assert_int_equal(b.o.sent[0], 7);
	assert_int_equal(b.o.sent[1], 0);
	assert_int_equal(b.o.failed[OVERVIEW_MINUTES - 1], 1);
	assert_int_equal(b.o.failed[0], 2);
	assert_int_equal(b.o.hour.delivered, 141);
	assert_int_equal(b.o.hour.failed, 3);
	assert_int_equal(b.o.day.delivered, 141 + 1000 + 5 + 50 + 2000);
	assert_int_equal(b.o.day.failed, 3);
	assert_int_equal(b.o.delivered_today, 141 + 1000 + 50);
	assert_int_equal(b.o.channel_count, 1);
	assert_int_equal(b.o.channels[0].per_minute, 30);
	assert_int_equal(b.o.channels[0].p95_ms, 4096);
	bench_close(&b);
}

/* The smallest bucket that so many percent are below, by its upper end. */
static void test_percentiles(void **state)
{
	struct bench b = bench_open(state);
	add_minute(&b, THIS_MINUTE, "a", 50, 0, 7);
	add_minute(&b, THIS_MINUTE - MINUTE, "a", 45, 0, 10);
	add_minute(&b, THIS_MINUTE - 2 * MINUTE, "a", 4, 0, 13);
	add_minute(&b, THIS_MINUTE - 3 * MINUTE, "a", 1, 0, 31);
	read_all(&b);
	assert_int_equal(b.o.hour.p50_ms, 128);
	assert_int_equal(b.o.hour.p95_ms, 1024);
	assert_int_equal(b.o.hour.p99_ms, 8192);
	add_minute(&b, THIS_MINUTE, "a", 49, 0, 7);
	add_minute(&b, THIS_MINUTE - 3 * MINUTE, "a", 2, 0, 31);
	read_all(&b);
	assert_int_equal(b.o.hour.p50_ms, 1024);
	assert_int_equal(b.o.hour.p95_ms, 8192);
	assert_int_equal(b.o.hour.p99_ms, INT64_C(1) << 31);
	outbox_exec(b.db, "DELETE FROM outbox_minute");
	b.now_ms += 10 * MINUTE; /* reads all */
	add_minute(&b, THIS_MINUTE, "a", 9, 0, 4);
	add_minute(&b, THIS_MINUTE - MINUTE, "a", 1, 0, 6);
	read_all(&b);
	assert_int_equal(b.o.hour.p50_ms, 16);
	assert_int_equal(b.o.hour.p95_ms, 64);
	outbox_exec(b.db, "DELETE FROM outbox_minute");
	b.now_ms -= 10 * MINUTE;
	add_minute(&b, THIS_MINUTE + MINUTE, "a", 3, 0, 0);
	b.now_ms += 23 * HOUR + 55 * MINUTE;
	read_all(&b);
	assert_int_equal(b.o.hour.p50_ms, -1);
	assert_int_equal(b.o.day.p50_ms, 1);
	bench_close(&b);
}

/* Closed minutes are kept; the newest are read again, all now and then. */
static void test_minutes_that_grow(void **state)
{
	struct bench b = bench_open(state);
	for (int i = 0; i < 30; i++)
		add_minute(&b, THIS_MINUTE - i * MINUTE, "a", 10, 0, 3);
	read_all(&b);
	assert_int_equal(b.o.hour.delivered, 300);
	add_minute(&b, THIS_MINUTE, "a", 15, 0, 3);
	add_minute(&b, THIS_MINUTE - 2 * MINUTE, "a", 11, 0, 3);
	add_minute(&b, THIS_MINUTE - 20 * MINUTE, "a", 1000, 0, 3);
	read_all(&b);
	assert_int_equal(b.o.hour.delivered, 306);
	b.now_ms += MINUTE;
	add_minute(&b, THIS_MINUTE + MINUTE, "a", 1, 0, 3);
	/* A new minute needs nobody to ask. */
	assert_int_equal(overview_work(b.reader, &b.o, b.now_ms, INT64_MAX),
			 ROWS_DONE);
	assert_int_equal(b.o.read_at_ms, b.now_ms);
	assert_int_equal(b.o.hour.delivered, 307);
	assert_int_equal(b.o.sent[OVERVIEW_MINUTES - 1], 1);
	assert_int_equal(b.o.sent[OVERVIEW_MINUTES - 2], 15);
	b.now_ms += 9 * MINUTE;
	read_all(&b);
	assert_int_equal(b.o.hour.delivered, 307 + 990);
	/* The clock was set back: what is later has not happened. */
	b.now_ms -= 12 * MINUTE;
	read_all(&b);
	assert_int_equal(b.o.hour.delivered, 28 * 10 + 1 + 990);
	assert_int_equal(b.o.sent[OVERVIEW_MINUTES - 1], 11);
	b.now_ms += 3 * 24 * HOUR;
	read_all(&b);
	assert_int_equal(b.o.day.delivered, 0);
	bench_close(&b);
}

/* What has used up its attempts, or expired, is in no minute's counts. */
static void test_what_failed_of_late(void **state)
{
	struct bench b = bench_open(state);
	int64_t before = THIS_MINUTE - 10 * MINUTE;
	add_minute(&b, before, "a", 10, 3, 3);
	add_rows(&b, 3, "failed", NOW, NOW, before + 1, "rejected");
	add_rows(&b, 4, "failed", NOW, NOW, before + 2, "used up");
	add_rows(&b, 2, "expired", NOW, NOW, before + 3, NULL);
	add_rows(&b, 1, "cancelled", NOW, NOW, before + 3, NULL);
	read_all(&b);
	assert_int_equal(b.o.failed[OVERVIEW_MINUTES - 11], 9);
	assert_int_equal(b.o.hour.failed, 9);
	/* They have failed, even if they are tried again. */
	outbox_exec(b.db, "UPDATE outbox SET status = 'pending', version ="
			  " version + 1 WHERE id > 2");
	b.now_ms += 11 * MINUTE; /* reads all */
	read_all(&b);
	assert_int_equal(b.o.hour.failed, 9);
	assert_int_equal(b.o.failed[OVERVIEW_MINUTES - 22], 9);
	bench_close(&b);
}

int main(void)
{
	util_init();
	lang_init("en");
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_rates_of_minutes),
		ACT_TEST(test_percentiles),
		ACT_TEST(test_minutes_that_grow),
		ACT_TEST(test_what_failed_of_late),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
