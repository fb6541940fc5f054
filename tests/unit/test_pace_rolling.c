/* A budget of any sixty seconds, as robots' platforms count. Other code relies
 * on: no minute, wherever it begins, sees more; all of it may be used at once;
 * and a relay that starts again does not begin anew. */
#include "lib/util.h"
#include "relay/pace.h"
#include "tests/support/check.h"

#include <stdlib.h>

enum { MINUTE_MS = 60000, MINUTE_US = 60000000, SENDS_MAX = 8192 };

static const int64_t midnight = INT64_C(1769788800000);
static const int64_t mono = INT64_C(5000000000);

static struct pace make(int64_t per_minute)
{
	struct pace p = {0};
	pace_set(&p, (struct pace_limits){.per_minute = per_minute,
					  .is_minute_rolling = true});
	return p;
}

static size_t take(struct pace *p, size_t wanted, int64_t us)
{
	int64_t wall_ms = midnight + (us - mono) / 1000;
	size_t got = pace_allowance(p, wanted, us, wall_ms);
	pace_spend(p, got, us);
	return got;
}

static void test_no_minute_sees_more(void **state)
{
	(void)state;
	static int64_t at_us[SENDS_MAX];
	static const int64_t limits[] = {1, 2, 20, 100};
	for (size_t l = 0; l < ARRAY_LEN(limits); l++) {
		struct pace p = make(limits[l]);
		size_t count = 0;
		int64_t us = mono;
		srand48((long)l);
		for (int n = 0; n < 5000; n++) {
			size_t got = take(&p, (size_t)lrand48() % 30, us);
			for (; got && count < SENDS_MAX; got--)
				at_us[count++] = us;
			us += lrand48() % 1500000;
		}
		assert_true(count > (size_t)limits[l] * 50);
		for (size_t i = (size_t)limits[l]; i < count; i++)
			assert_true(at_us[i] - at_us[i - (size_t)limits[l]] >=
				    MINUTE_US);
	}
}

/* All at once, even over the end of a minute of the clock; the wait that is
 * named is enough, and hardly more than a minute. */
static void test_burst_and_wait(void **state)
{
	(void)state;
	struct pace p = make(20);
	int64_t late = mono + MINUTE_US - 1000000;
	assert_int_equal(take(&p, 100, late), 20);
	assert_int_equal(take(&p, 100, late + 2000000), 0);
	int64_t wall_ms = midnight + MINUTE_MS - 1000;
	int64_t wait = pace_wait_us(&p, late, wall_ms);
	assert_true(wait >= MINUTE_US && wait <= MINUTE_US + 2000000);
	assert_int_equal(take(&p, 100, late + wait - 1000000), 0);
	assert_int_equal(take(&p, 100, late + wait), 20);
}

/* What the minute had used before, if it was this one or the last. */
static void test_after_a_restart(void **state)
{
	(void)state;
	static const struct {
		int64_t minutes_ago;
		size_t rest;
	} cases[] = {{0, 5}, {1, 5}, {2, 20}, {100, 20}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pace p = make(20);
		p.minute = midnight / MINUTE_MS - cases[i].minutes_ago;
		p.minute_used = 15;
		assert_int_equal(take(&p, 100, mono), cases[i].rest);
		assert_int_equal(take(&p, 100, mono + 30000000), 0);
	}
}

/* Others count by the clock, as they did. */
static void test_only_where_it_is_asked_for(void **state)
{
	(void)state;
	struct pace p = {0};
	pace_set(&p, (struct pace_limits){.per_minute = 20});
	int64_t late = mono + MINUTE_US - 1000000;
	assert_int_equal(take(&p, 100, late), 20);
	assert_int_equal(take(&p, 100, late + 2000000), 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_minute_sees_more),
		cmocka_unit_test(test_burst_and_wait),
		cmocka_unit_test(test_after_a_restart),
		cmocka_unit_test(test_only_where_it_is_asked_for),
	};
	return cmocka_run_group_tests_name("pace rolling", tests, NULL, NULL);
}
