/* How fast a channel may send. Other code relies on: no second, wherever it
 * begins, sees more than the limit, whatever the pattern of the asking; whoever
 * always asks gets nearly the limit; and what a budget has used stays used,
 * when the clock is set back and when the relay starts again. */
#include "tests/support/storebench.h"

#include "lib/util.h"
#include "relay/pace.h"

#include <stdlib.h>

enum { MINUTE_MS = 60000, DAY_MS = 86400000, SENDS_MAX = 60000 };

/* 2026-01-31T00:00:00+08:00, and a monotonic clock that began some time ago */
static const int64_t midnight = INT64_C(1769788800000);
static const int64_t mono = INT64_C(5000000000);

static const int64_t rates[] = {1,  2,	3,   7,	  10,  31,   49,   50,	 51,
				60, 97, 100, 149, 500, 1000, 9999, 10000};

struct run {
	int64_t at_us[SENDS_MAX]; /* of each send */
	size_t count;
	int64_t end_us; /* of the asking */
};

static struct pace make(int64_t per_second, int64_t per_minute, int64_t per_day)
{
	struct pace p = {0};
	pace_set(&p, (struct pace_limits){
			     .per_second = per_second,
			     .per_minute = per_minute,
			     .per_day = per_day,
		     });
	return p;
}

static size_t take(struct pace *p, size_t wanted, int64_t us, int64_t wall_ms)
{
	size_t got = pace_allowance(p, wanted, us, wall_ms);
	assert_true(got <= wanted);
	pace_spend(p, got, us);
	return got;
}

static void ask(struct run *r, struct pace *p, size_t wanted, int64_t us)
{
	size_t got = take(p, wanted, us, midnight);
	for (size_t i = 0; i < got && r->count < SENDS_MAX; i++)
		r->at_us[r->count++] = us;
	r->end_us = us;
}

/* Any limit + 1 sends in a row take a second at least. */
static void expect_never_exceeded(const struct run *r, int64_t limit)
{
	for (size_t i = (size_t)limit; i < r->count; i++) {
		int64_t took = r->at_us[i] - r->at_us[i - (size_t)limit];
		if (took < 1000000)
			fail_msg("%lld + 1 sends in %lld us", (long long)limit,
				 (long long)took);
	}
}

/* Waits of every size, from a busy loop to minutes of sleep. */
static int64_t random_wait_us(void)
{
	static const int64_t most[] = {10, 1000, 30000, 300000, 3000000};
	return (int64_t)(drand48() *
			 (double)most[lrand48() % (long)ARRAY_LEN(most)]);
}

static void test_no_second_sees_more(void **state)
{
	(void)state;
	static struct run r;
	for (long seed = 1; seed <= 20; seed++) {
		for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
			struct pace p = make(rates[i], 0, 0);
			int64_t us = mono;
			srand48(seed);
			r.count = 0;
			for (int n = 0; n < 2000; n++) {
				ask(&r, &p, (size_t)lrand48() % 1025, us);
				us += random_wait_us();
			}
			assert_true(r.count > 0);
			expect_never_exceeded(&r, rates[i]);
		}
	}
}

/* A commit between the asking and the sending takes from nothing to a quarter
 * of a second. */
static void test_late_sends(void **state)
{
	(void)state;
	static struct run r;
	for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
		struct pace p = make(rates[i], 0, 0);
		int64_t us = mono;
		srand48((long)i);
		r.count = 0;
		while (us < mono + 20000000 && r.count < SENDS_MAX) {
			size_t got = pace_allowance(&p, 1024, us, midnight);
			int64_t late = lrand48() % 10 ? 200 : 250000;
			us += (int64_t)(drand48() * (double)late);
			pace_spend(&p, got, us);
			for (; got > 0 && r.count < SENDS_MAX; got--)
				r.at_us[r.count++] = us;
			/* Something else may wake it before the time. */
			int64_t wait = pace_wait_us(&p, us, midnight);
			us += lrand48() % 2 ? wait : wait / 2 + 1;
		}
		expect_never_exceeded(&r, rates[i]);
	}
}

/* As the engine does it: all that is allowed, then a wait until there is more,
 * which ends a little late. */
static void test_reached_within_five_percent(void **state)
{
	(void)state;
	static struct run r;
	for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
		struct pace p = make(rates[i], 0, 0);
		int64_t seconds = rates[i] < 50 ? 100 : 5;
		int64_t us = mono;
		r.count = 0;
		while (us < mono + seconds * 1000000) {
			ask(&r, &p, 1024, us);
			int64_t wait = pace_wait_us(&p, us, midnight);
			assert_true(wait > 0);
			us += wait + 50;
		}
		expect_never_exceeded(&r, rates[i]);
		if ((double)r.count < (double)(rates[i] * seconds) * 0.95)
			fail_msg("%zu of %lld", r.count,
				 (long long)(rates[i] * seconds));
	}
}

/* What wait says is true: nothing before, one then. */
static void test_wait(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
		struct pace p = make(rates[i], 0, 0);
		assert_int_equal(pace_wait_us(&p, mono, midnight), 0);
		assert_true(take(&p, 1024, mono, midnight) > 0);
		int64_t wait = pace_wait_us(&p, mono, midnight);
		assert_true(wait > 3);
		assert_int_equal(take(&p, 9, mono + wait - 3, midnight), 0);
		assert_int_equal(pace_wait_us(&p, mono + wait, midnight), 0);
		assert_int_equal(take(&p, 9, mono + wait, midnight), 1);
	}
}

static void test_no_limits(void **state)
{
	(void)state;
	struct pace p = make(0, 0, 0);
	assert_false(pace_has_budget(&p));
	for (int i = 0; i < 1000; i++)
		assert_int_equal(take(&p, 1024, mono, midnight), 1024);
	assert_int_equal(pace_wait_us(&p, mono, midnight), 0);
}

/* A limit that is put on, lowered and taken off while rows are sent. */
static void test_other_limits(void **state)
{
	(void)state;
	struct pace p = make(0, 0, 0);
	assert_int_equal(take(&p, 1000, mono, midnight), 1000);
	pace_set(&p, (struct pace_limits){.per_second = 1000});
	assert_int_equal(take(&p, 1000, mono + 1, midnight), 20);
	pace_set(&p, (struct pace_limits){.per_second = 10});
	assert_int_equal(take(&p, 1000, mono + 2, midnight), 0);
	assert_int_equal(take(&p, 1000, mono + 2000000, midnight), 1);
	pace_set(&p, (struct pace_limits){.per_day = 1100});
	assert_int_equal(take(&p, 1000, mono + 2000001, midnight), 79);
	pace_set(&p, (struct pace_limits){0});
	assert_int_equal(take(&p, 1000, mono + 2000002, midnight), 1000);
}

static void test_minute(void **state)
{
	(void)state;
	struct pace p = make(0, 5, 0);
	assert_true(pace_has_budget(&p));
	assert_int_equal(take(&p, 3, mono, midnight + 59000), 3);
	assert_int_equal(take(&p, 3, mono, midnight + 59998), 2);
	assert_int_equal(take(&p, 3, mono, midnight + 59999), 0);
	assert_int_equal(pace_wait_us(&p, mono, midnight + 59999), 1000);
	assert_int_equal(pace_wait_us(&p, mono, midnight + MINUTE_MS), 0);
	assert_int_equal(take(&p, 9, mono, midnight + MINUTE_MS), 5);
	assert_int_equal(pace_wait_us(&p, mono, midnight + MINUTE_MS),
			 MINUTE_MS * 1000);
}

/* Midnight is Shanghai's; that of UTC is eight in the morning and nothing. */
static void test_day(void **state)
{
	(void)state;
	struct pace p = make(0, 0, 5);
	assert_true(pace_has_budget(&p));
	assert_int_equal(take(&p, 3, mono, midnight - 2), 3);
	assert_int_equal(take(&p, 9, mono, midnight - 1), 2);
	assert_int_equal(take(&p, 9, mono, midnight - 1), 0);
	assert_int_equal(pace_wait_us(&p, mono, midnight - 1), 1000);
	assert_int_equal(take(&p, 9, mono, midnight), 5);
	int64_t utc = midnight + DAY_MS / 3;
	assert_int_equal(take(&p, 9, mono, utc - 1), 0);
	assert_int_equal(take(&p, 9, mono, utc), 0);
	assert_int_equal(pace_wait_us(&p, mono, utc),
			 INT64_C(1000) * DAY_MS / 3 * 2);
	assert_int_equal(take(&p, 9, mono, midnight + DAY_MS - 1), 0);
	assert_int_equal(take(&p, 9, mono, midnight + DAY_MS), 5);
}

/* The smallest of all limits counts, and the longest wait. */
static void test_together(void **state)
{
	(void)state;
	struct pace p = make(1000, 8, 10);
	assert_int_equal(take(&p, 100, mono, midnight + 1), 8);
	assert_int_equal(pace_wait_us(&p, mono, midnight + 1), 59999000);
	int64_t later = midnight + MINUTE_MS;
	assert_int_equal(take(&p, 100, mono + MINUTE_MS * 1000LL, later), 2);
	assert_int_equal(pace_wait_us(&p, mono, later),
			 (DAY_MS - MINUTE_MS) * INT64_C(1000));
}

/* Back over the edge of a window: no budget twice, and no long wait. */
static void test_clock_set_back(void **state)
{
	(void)state;
	struct pace p = make(0, 5, 0);
	assert_int_equal(take(&p, 9, mono, midnight), 5);
	assert_int_equal(take(&p, 9, mono, midnight - 1), 0);
	assert_int_equal(take(&p, 9, mono, midnight), 0);
	assert_int_equal(take(&p, 9, mono, midnight - 60 * MINUTE_MS), 0);
	assert_int_equal(take(&p, 9, mono, midnight - 59 * MINUTE_MS), 5);

	p = make(0, 0, 5);
	assert_int_equal(take(&p, 9, mono, midnight), 5);
	assert_int_equal(take(&p, 9, mono, midnight - 1), 0);
	assert_int_equal(take(&p, 9, mono, midnight), 0);
	assert_int_equal(take(&p, 9, mono, midnight + DAY_MS), 5);
}

/* A clock that was a month ahead for a moment does not stop the channel for a
 * month. */
static void test_clock_was_wrong(void **state)
{
	(void)state;
	struct pace p = make(0, 0, 5);
	int64_t month = INT64_C(30) * DAY_MS;
	assert_int_equal(take(&p, 9, mono, midnight + month), 5);
	assert_int_equal(take(&p, 9, mono, midnight), 0);
	assert_int_equal(pace_wait_us(&p, mono, midnight),
			 DAY_MS * INT64_C(1000));
	assert_int_equal(take(&p, 9, mono, midnight + DAY_MS), 5);
}

/* Through the database and back, as a restart does. */
static void test_restart(void **state)
{
	struct storebench *b = *state;
	struct now now = {mono, mono / 1000, midnight + 61000};
	struct store_channel row;
	pace_set(&b->channel->pace,
		 (struct pace_limits){.per_minute = 7, .per_day = 9});
	assert_int_equal(take(&b->channel->pace, 5, mono, now.wall_ms), 5);
	assert_int_equal(store_begin(b->store), 0);
	assert_int_equal(store_save_channel(b->store, b->channel, &now), 0);
	assert_int_equal(store_commit(b->store), 0);
	storebench_expect(b,
			  "SELECT minute_start, minute_used, day_start,"
			  " day_used FROM outbox_channel",
			  "1769788860000|5|1769788800000|5\n");

	assert_int_equal(store_read_channel(b->store, "wechat-cloud", &row), 0);
	struct pace p = make(0, 7, 9);
	p.minute = row.minute;
	p.minute_used = row.minute_used;
	p.day = row.day;
	p.day_used = row.day_used;
	assert_int_equal(take(&p, 9, mono, now.wall_ms), 2);
	assert_int_equal(take(&p, 9, mono, now.wall_ms + MINUTE_MS), 2);
	assert_int_equal(take(&p, 9, mono, now.wall_ms + DAY_MS), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_second_sees_more),
		cmocka_unit_test(test_late_sends),
		cmocka_unit_test(test_reached_within_five_percent),
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_no_limits),
		cmocka_unit_test(test_other_limits),
		cmocka_unit_test(test_minute),
		cmocka_unit_test(test_day),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_clock_set_back),
		cmocka_unit_test(test_clock_was_wrong),
		STORE_TEST(test_restart),
	};
	return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
