/* Times as people read them. Other code relies on: never more than the buffer,
 * whatever number stands in the database. */
#include "lib/clock.h"

#include "lib/util.h"
#include "tests/support/check.h"

static void test_format(void **state)
{
	(void)state;
	static const struct {
		int64_t ms;
		const char *want;
	} cases[] = {
		{0, "1970-01-01T00:00:00.000Z"},
		{1, "1970-01-01T00:00:00.001Z"},
		{-1, "1969-12-31T23:59:59.999Z"},
		{-1000, "1969-12-31T23:59:59.000Z"},
		{1766572200000, "2025-12-24T10:30:00.000Z"},
		{253402300799999, "9999-12-31T23:59:59.999Z"},
		{253402300800000, "0000-00-00T00:00:00.000Z"},
		{INT64_MAX, "0000-00-00T00:00:00.807Z"},
		{INT64_MIN, "0000-00-00T00:00:00.192Z"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char out[CLOCK_ISO_LEN];
		clock_format_iso(cases[i].ms, out);
		assert_string_equal(out, cases[i].want);
	}
}

static void test_units(void **state)
{
	(void)state;
	int64_t wall = clock_wall_ms();
	assert_true(wall > 1700000000000 && wall < 10000000000000);
	int64_t us = clock_mono_us();
	int64_t ms = clock_mono_ms();
	assert_true(ms - us / 1000 >= 0 && ms - us / 1000 < 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_units),
	};
	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
