/* How long a row waits. Other code relies on: the last step repeats however
 * often a row was tried, and Retry-After is never undercut. */
#include "tests/support/check.h"

#include "lib/util.h"
#include "relay/backoff.h"

static const int64_t steps[] = {5000, 30000, 120000};

static const struct backoff plain = {steps, ARRAY_LEN(steps), 0};
static const struct backoff varied = {steps, ARRAY_LEN(steps), 20};

/* The greatest double below 1. */
static const double nearly_one = 0x1.fffffffffffffp-1;

struct step_case {
	int64_t attempts, wait_ms;
};

static void test_steps(void **state)
{
	(void)state;
	static const struct step_case cases[] = {
		{INT64_MIN, 5000}, {-1, 5000},	 {0, 5000},
		{1, 5000},	   {2, 30000},	 {3, 120000},
		{4, 120000},	   {99, 120000}, {INT64_MAX, 120000},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(
			backoff_wait_ms(&plain, cases[i].attempts, 0.5, 0),
			cases[i].wait_ms);
}

static void test_one_step(void **state)
{
	(void)state;
	const struct backoff one = {steps, 1, 0};
	assert_int_equal(backoff_wait_ms(&one, 1, 0, 0), 5000);
	assert_int_equal(backoff_wait_ms(&one, 1000, 0, 0), 5000);
}

/* From 80 % to 120 %, both ends reached, neither passed. */
static void test_jitter(void **state)
{
	(void)state;
	assert_int_equal(backoff_wait_ms(&varied, 1, 0, 0), 4000);
	assert_int_equal(backoff_wait_ms(&varied, 1, 0.5, 0), 5000);
	assert_int_equal(backoff_wait_ms(&varied, 1, nearly_one, 0), 6000);
	for (int i = 0; i < 1000; i++) {
		int64_t wait = backoff_wait_ms(&varied, 2, i / 1000.0, 0);
		assert_in_range(wait, 24000, 36000);
	}
}

/* Half a year at half as much again does not lose its milliseconds. */
static void test_long_steps(void **state)
{
	(void)state;
	static const int64_t half_year[] = {INT64_C(15768000001)};
	const struct backoff b = {half_year, 1, 50};
	assert_int_equal(backoff_wait_ms(&b, 1, 0.5, 0), 15768000001);
	assert_int_equal(backoff_wait_ms(&b, 1, 0, 0), 7884000000);
}

static void test_retry_after(void **state)
{
	(void)state;
	assert_int_equal(backoff_wait_ms(&plain, 1, 0.5, 4999), 5000);
	assert_int_equal(backoff_wait_ms(&plain, 1, 0.5, 60000), 60000);
	assert_int_equal(backoff_wait_ms(&plain, 2, 0.5, -1), 30000);
	/* Chance takes nothing off what was asked for. */
	assert_int_equal(backoff_wait_ms(&varied, 1, 0, 4500), 4500);
	assert_int_equal(backoff_wait_ms(&varied, 1, nearly_one, 4500), 6000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_one_step),
		cmocka_unit_test(test_jitter),
		cmocka_unit_test(test_long_steps),
		cmocka_unit_test(test_retry_after),
	};
	return cmocka_run_group_tests_name("backoff", tests, NULL, NULL);
}
