/* Times as people type them. Other code relies on: a time that is not clear is
 * refused, never guessed. */
#include "tests/support/check.h"

#include "lib/util.h"
#include "relay/when.h"

#include <stdlib.h>
#include <string.h>

static const int64_t now = INT64_C(1769990400000);

struct when_case {
	const char *text;
	int64_t at_ms;
};

/* 2026-01-31T00:00:00Z is 1769817600 */
static const struct when_case good[] = {
	{"2026-01-31T00:00:00Z", INT64_C(1769817600000)},
	{"2026-01-31T08:00:00+08:00", INT64_C(1769817600000)},
	{"2026-01-31 08:00:00+08:00", INT64_C(1769817600000)},
	{"2026-01-31T08:00:00+0800", INT64_C(1769817600000)},
	{"2026-01-31T08:00:00+08", INT64_C(1769817600000)},
	{"2026-01-31T08:00:00 +08:00", INT64_C(1769817600000)},
	{"2026-01-31T08:00+08:00", INT64_C(1769817600000)},
	{"2026-01-31 08:00+08:00", INT64_C(1769817600000)},
	{"2026-01-31 00:00Z", INT64_C(1769817600000)},
	{"2026-01-30T18:30:00-05:30", INT64_C(1769817600000)},
	{"2026-01-31T05:45:00+05:45", INT64_C(1769817600000)},
	{"2028-02-29T00:00:00Z", INT64_C(1835395200000)},
	{"2026-12-31T23:59:59Z", INT64_C(1798761599000)},
	{"1769817600000", INT64_C(1769817600000)},
	{"+10m", INT64_C(1769990400000) + 600000},
	{"+500ms", INT64_C(1769990400000) + 500},
	{"+2h", INT64_C(1769990400000) + 7200000},
	{"+0", INT64_C(1769990400000)},
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		int64_t at = 0;
		char *why = NULL;
		if (when_parse(good[i].text, now, &at, &why))
			fail_msg("%s: %s", good[i].text, why);
		if (at != good[i].at_ms)
			fail_msg("%s: %lld", good[i].text, (long long)at);
	}
}

struct refusal {
	const char *text, *why; /* why: a part of it */
};

static const struct refusal bad[] = {
	{"", "zone"},
	{"tomorrow", "zone"},
	{"2026-01-31", "zone"},
	{"2026-01-31T08:00:00", "zone"}, /* whose? */
	{"2026-01-31 08:00", "zone"},
	{"08:00+08:00", "zone"},
	{"2026-01-31T08:00:00+08:00 or so", "zone"},
	{"2026-01-31T08:00:00+08:00Z", "zone"},
	{"2026-13-01T08:00:00Z", "zone"},
	{"2026-01-32T08:00:00Z", "zone"},
	{"2026-01-31T24:00:00Z", "zone"},
	{"2026-01-31T08:60:00Z", "zone"},
	{"2026-01-31T08:00:00CST", "zone"},
	{"2026-01-31T08:00:00+25:00", "zone"},
	{"-1769817600000", "zone"},
	/* Days that there are not. */
	{"2026-02-30T08:00:00Z", "no such day"},
	{"2027-02-29T08:00:00Z", "no such day"},
	{"2026-06-31T08:00+08:00", "no such day"},
	/* Seconds, microseconds. */
	{"1769817600", "13 digits"},
	{"1769817600000000", "13 digits"},
	{"0", "13 digits"},
	{"99999999999999999999999999", "13 digits"},
	{"+", "duration"},
	{"+10", "10 of what"},
	{"+10min", "duration"},
	{"+-10m", "duration"},
	{"+ 10m", "duration"},
	/* Slips that strptime takes. */
	{"2026-01-319:00Z", "zone"},
	{"2026-1-3T08:00:00Z", "zone"},
	{"  26-01-31T08:00Z", "zone"},
	/* What the schema would refuse, in other words. */
	{"1999-12-31T23:59:59Z", "between"},
	{"9999-12-31T23:59:59Z", "between"},
	{"0000000000001", "between"},
	/* Later than any clock. */
	{"+9223372036854775807ms", "too far"},
	{"+99999999999999999999d", "too far"},
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		int64_t at = 42;
		scoped_free char *why = NULL;
		if (when_parse(bad[i].text, now, &at, &why) == 0)
			fail_msg("%s is taken for %lld", bad[i].text,
				 (long long)at);
		assert_int_equal(at, 42);
		assert_non_null(why);
		if (!strstr(why, bad[i].why))
			fail_msg("%s: %s", bad[i].text, why);
	}
}

/* What the machine's own zone is changes nothing. */
static void test_zone_of_the_machine(void **state)
{
	static const char *const zones[] = {"Asia/Shanghai", "UTC0",
					    "America/New_York", "XXX-14"};
	for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
		setenv("TZ", zones[i], 1);
		test_good(state);
	}
	unsetenv("TZ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_zone_of_the_machine),
	};
	return cmocka_run_group_tests_name("when", tests, NULL, NULL);
}
