#include "lib/lang.h"
#include "lib/util.h"
#include "tests/support/overviewbench.h"
#include "tui/rows.h"

#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

/* When the day of OVERVIEW_NOW began in Shanghai. */
#define TODAY INT64_C(1795276800000)

static void test_rates_of_minutes(void **state)
{
	struct overviewbench b = overviewbench_open(state);
	overviewbench_minute(&b, THIS_MINUTE, "wechat-cloud", 4, 1, 8);
	overviewbench_minute(&b, THIS_MINUTE, "gone", 100, 0, 8);
	overviewbench_minute(&b, THIS_MINUTE - MINUTE, "wechat-cloud", 30, 0,
			     10);
	overviewbench_minute(&b, THIS_MINUTE - 59 * MINUTE, "wechat-cloud", 7,
			     2, 12);
	overviewbench_minute(&b, THIS_MINUTE - 60 * MINUTE, "wechat-cloud",
			     1000, 0, 20);
	overviewbench_minute(&b, THIS_MINUTE - 24 * HOUR + MINUTE,
			     "wechat-cloud", 5, 0, 3);
	overviewbench_minute(&b, THIS_MINUTE - 24 * HOUR, "wechat-cloud", 9999,
			     9, 3);
	overviewbench_minute(&b, TODAY, "wechat-cloud", 50, 0, 3);
	overviewbench_minute(&b, TODAY - MINUTE, "wechat-cloud", 2000, 0, 3);
	overviewbench_read(&b);
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
	overviewbench_close(&b);
}

/* The smallest bucket that so many percent are below, by its upper end. */
static void test_percentiles(void **state)
{
	struct overviewbench b = overviewbench_open(state);
	overviewbench_minute(&b, THIS_MINUTE, "a", 50, 0, 7);
	overviewbench_minute(&b, THIS_MINUTE - MINUTE, "a", 45, 0, 10);
	overviewbench_minute(&b, THIS_MINUTE - 2 * MINUTE, "a", 4, 0, 13);
	overviewbench_minute(&b, THIS_MINUTE - 3 * MINUTE, "a", 1, 0, 31);
	overviewbench_read(&b);
	assert_int_equal(b.o.hour.p50_ms, 128);
	assert_int_equal(b.o.hour.p95_ms, 1024);
	assert_int_equal(b.o.hour.p99_ms, 8192);
	overviewbench_minute(&b, THIS_MINUTE, "a", 49, 0, 7);
	overviewbench_minute(&b, THIS_MINUTE - 3 * MINUTE, "a", 2, 0, 31);
	overviewbench_read(&b);
	assert_int_equal(b.o.hour.p50_ms, 1024);
	assert_int_equal(b.o.hour.p95_ms, 8192);
	assert_int_equal(b.o.hour.p99_ms, INT64_C(1) << 31);
	outbox_exec(b.db, "DELETE FROM outbox_minute");
	b.now_ms += 10 * MINUTE; /* reads all */
	overviewbench_minute(&b, THIS_MINUTE, "a", 9, 0, 4);
	overviewbench_minute(&b, THIS_MINUTE - MINUTE, "a", 1, 0, 6);
	overviewbench_read(&b);
	assert_int_equal(b.o.hour.p50_ms, 16);
	assert_int_equal(b.o.hour.p95_ms, 64);
	outbox_exec(b.db, "DELETE FROM outbox_minute");
	b.now_ms -= 10 * MINUTE;
	overviewbench_minute(&b, THIS_MINUTE + MINUTE, "a", 3, 0, 0);
	b.now_ms += 23 * HOUR + 55 * MINUTE;
	overviewbench_read(&b);
	assert_int_equal(b.o.hour.p50_ms, -1);
	assert_int_equal(b.o.day.p50_ms, 1);
	overviewbench_close(&b);
}

/* Closed minutes are kept; the newest are read again, all now and then. */
static void test_minutes_that_grow(void **state)
{
	struct overviewbench b = overviewbench_open(state);
	for (int i = 0; i < 30; i++)
		overviewbench_minute(&b, THIS_MINUTE - i * MINUTE, "a", 10, 0,
				     3);
	overviewbench_read(&b);
	assert_int_equal(b.o.hour.delivered, 300);
	overviewbench_minute(&b, THIS_MINUTE, "a", 15, 0, 3);
	overviewbench_minute(&b, THIS_MINUTE - 2 * MINUTE, "a", 11, 0, 3);
	overviewbench_minute(&b, THIS_MINUTE - 20 * MINUTE, "a", 1000, 0, 3);
	overviewbench_read(&b);
	assert_int_equal(b.o.hour.delivered, 306);
	b.now_ms += MINUTE;
	overviewbench_minute(&b, THIS_MINUTE + MINUTE, "a", 1, 0, 3);
	/* A new minute needs nobody to ask. */
	assert_int_equal(overview_work(b.reader, &b.o, b.now_ms, INT64_MAX),
			 ROWS_DONE);
	assert_int_equal(b.o.read_at_ms, b.now_ms);
	assert_int_equal(b.o.hour.delivered, 307);
	assert_int_equal(b.o.sent[OVERVIEW_MINUTES - 1], 1);
	assert_int_equal(b.o.sent[OVERVIEW_MINUTES - 2], 15);
	b.now_ms += 9 * MINUTE;
	overviewbench_read(&b);
	assert_int_equal(b.o.hour.delivered, 307 + 990);
	/* The clock was set back: what is later has not happened. */
	b.now_ms -= 12 * MINUTE;
	overviewbench_read(&b);
	assert_int_equal(b.o.hour.delivered, 28 * 10 + 1 + 990);
	assert_int_equal(b.o.sent[OVERVIEW_MINUTES - 1], 11);
	b.now_ms += 3 * 24 * HOUR;
	overviewbench_read(&b);
	assert_int_equal(b.o.day.delivered, 0);
	overviewbench_close(&b);
}

/* What has used up its attempts, or expired, is in no minute's counts. */
static void test_what_failed_of_late(void **state)
{
	struct overviewbench b = overviewbench_open(state);
	int64_t before = THIS_MINUTE - 10 * MINUTE;
	overviewbench_minute(&b, before, "a", 10, 3, 3);
	overviewbench_rows(&b, 3, "failed", OVERVIEW_NOW, OVERVIEW_NOW,
			   before + 1, "rejected");
	overviewbench_rows(&b, 4, "failed", OVERVIEW_NOW, OVERVIEW_NOW,
			   before + 2, "used up");
	overviewbench_rows(&b, 2, "expired", OVERVIEW_NOW, OVERVIEW_NOW,
			   before + 3, NULL);
	overviewbench_rows(&b, 1, "cancelled", OVERVIEW_NOW, OVERVIEW_NOW,
			   before + 3, NULL);
	overviewbench_read(&b);
	assert_int_equal(b.o.failed[OVERVIEW_MINUTES - 11], 9);
	assert_int_equal(b.o.hour.failed, 9);
	/* They have failed, even if they are tried again. */
	outbox_exec(b.db, "UPDATE outbox SET status = 'pending', version ="
			  " version + 1 WHERE id > 2");
	b.now_ms += 11 * MINUTE; /* reads all */
	overviewbench_read(&b);
	assert_int_equal(b.o.hour.failed, 9);
	assert_int_equal(b.o.failed[OVERVIEW_MINUTES - 22], 9);
	overviewbench_close(&b);
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
