/* When an endpoint is left alone. Other code relies on: a breaker trips after
 * so many failures in a row, or seven in ten over five minutes of ten outcomes
 * at least; what is older is forgotten; pauses grow until something succeeds.
 */
#include "tests/support/check.h"

#include "lib/util.h"
#include "relay/breaker.h"

#define MINUTE_MS INT64_C(60000)

static const int64_t pauses[] = {1000, 5000, 60000};
static const struct breaker_limits limits = {10, pauses, ARRAY_LEN(pauses)};
static const int64_t start = INT64_C(777777777);

/* Counts outcomes, 'x' a failure, at one moment. */
static void count(struct breaker *b, const char *outcomes, int64_t ms)
{
	for (; *outcomes; outcomes++)
		breaker_count(b, *outcomes == 'x', ms);
}

static bool trips_after(const char *outcomes)
{
	struct breaker b = {0};
	count(&b, outcomes, start);
	return breaker_is_tripped(&b, &limits, start);
}

static const struct {
	const char *outcomes;
	bool is_tripped;
} cases[] = {
	{"", false},
	{"x", false},
	{"xxxxxxxxx", false},		/* nine in a row, of nine */
	{"xxxxxxxxxx", true},		/* ten */
	{".xxxxxxxxx", true},		/* nine of ten */
	{"..xxxxxxx", false},		/* seven of nine: too few */
	{"...xxxxxxx", true},		/* seven of ten */
	{"....xxxxxx", false},		/* six of ten */
	{"xxx.xxx.xx.xxx", true},	/* 11 of 14 */
	{"xx.xx.xx.xx.xx.", false},	/* two of three */
	{"..........xxxxxxxxx", false}, /* nine of nineteen */
	{"..........xxxxxxxxxx", true}, /* ten in a row, though half */
};

static void test_when(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (trips_after(cases[i].outcomes) != cases[i].is_tripped)
			fail_msg("%s", cases[i].outcomes);
	}
}

/* A row of failures has no age. */
static void test_in_a_row_over_hours(void **state)
{
	(void)state;
	struct breaker b = {0};
	for (int i = 1; i <= 10; i++) {
		int64_t ms = start + i * 60 * MINUTE_MS;
		count(&b, "x", ms);
		assert_int_equal(breaker_is_tripped(&b, &limits, ms), i == 10);
	}
}

/* Only five minutes count, to within a slice; and a slice that comes round
 * again begins anew. */
static void test_old_ones_are_forgotten(void **state)
{
	(void)state;
	struct breaker b = {0};
	int64_t ms = start - start % BREAKER_SLICE_MS;
	count(&b, "xxxxxxx.", ms); /* seven of eight */
	int64_t last = ms + 5 * MINUTE_MS - 1;
	count(&b, ".x", last);
	assert_true(breaker_is_tripped(&b, &limits, last)); /* 8 of 10 */
	assert_false(breaker_is_tripped(&b, &limits, last + 1));
	count(&b, "........x", last + 1); /* the same slice as the first */
	assert_false(breaker_is_tripped(&b, &limits, last + 1));

	b = (struct breaker){0};
	for (int i = 0; i < 100; i++) { /* two of three, for hours */
		ms += MINUTE_MS;
		count(&b, "xx.", ms);
		assert_false(breaker_is_tripped(&b, &limits, ms));
	}
	count(&b, "xxx", ms); /* the last five minutes: 13 of 18 */
	assert_true(breaker_is_tripped(&b, &limits, ms));
}

static void test_pauses_grow(void **state)
{
	(void)state;
	struct breaker b = {0};
	static const int64_t expected[] = {1000, 5000, 60000, 60000, 60000};
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		count(&b, "x", start);
		assert_int_equal(breaker_trip(&b, &limits), expected[i]);
	}
	count(&b, ".", start);
	assert_int_equal(breaker_trip(&b, &limits), 1000);
	assert_int_equal(breaker_trip(&b, &limits), 5000);
	breaker_reset(&b);
	assert_int_equal(breaker_trip(&b, &limits), 1000);
}

/* After a pause it begins to count anew: the failures of before do not trip it
 * at the first failure after a success. */
static void test_trip_forgets(void **state)
{
	(void)state;
	struct breaker b = {0};
	count(&b, "xxxxxxxxxxxxxxxx", start);
	breaker_trip(&b, &limits);
	assert_false(breaker_is_tripped(&b, &limits, start));
	count(&b, "xxxxxxxxx", start);
	assert_false(breaker_is_tripped(&b, &limits, start));
	count(&b, "x", start);
	assert_true(breaker_is_tripped(&b, &limits, start));
}

static void test_off(void **state)
{
	(void)state;
	struct breaker_limits off = limits;
	struct breaker b = {0};
	off.in_a_row = 0;
	for (int i = 0; i < 1000; i++)
		count(&b, "x", start);
	assert_false(breaker_is_tripped(&b, &off, start));
}

static void test_other_limit(void **state)
{
	(void)state;
	struct breaker_limits three = limits, many = limits;
	struct breaker b = {0};
	three.in_a_row = 3;
	many.in_a_row = 1000;
	count(&b, "xx", start);
	assert_false(breaker_is_tripped(&b, &three, start));
	count(&b, "x", start);
	assert_true(breaker_is_tripped(&b, &three, start));
	count(&b, "xxxxxxx", start); /* ten of ten is still 70 % */
	assert_true(breaker_is_tripped(&b, &many, start));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_when),
		cmocka_unit_test(test_in_a_row_over_hours),
		cmocka_unit_test(test_old_ones_are_forgotten),
		cmocka_unit_test(test_pauses_grow),
		cmocka_unit_test(test_trip_forgets),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_other_limit),
	};
	return cmocka_run_group_tests_name("breaker", tests, NULL, NULL);
}
