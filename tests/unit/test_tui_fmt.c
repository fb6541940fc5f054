#include "tui/fmt.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <time.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* 2026-11-22 06:22:07.114 UTC. */
#define NOW INT64_C(1795328527114)

static void use_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static void test_spans_fit_in_six_cells(void **state)
{
	(void)state;
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{-5, "0.0s"},
		{0, "0.0s"},
		{849, "0.8s"},
		{9999, "9.9s"},
		{10 * SECOND, "10s"},
		{41 * SECOND + 999, "41s"},
		{MINUTE - 1, "59s"},
		{MINUTE, "1m00s"},
		{3 * MINUTE + 12 * SECOND, "3m12s"},
		{HOUR - 1, "59m59s"},
		{HOUR + 14 * MINUTE, "1h14m"},
		{DAY - 1, "23h59m"},
		{2 * DAY + 4 * HOUR, "2d04h"},
		{100 * DAY - 1, "99d23h"},
		{100 * DAY, "100d"},
		{INT64_MAX, "99999d"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(fmt_span(cases[i].ms).s, cases[i].text);
}

static void test_spans_under_a_second(void **state)
{
	(void)state;
	assert_string_equal(fmt_fine_span(212).s, "212ms");
	assert_string_equal(fmt_fine_span(999).s, "999ms");
	assert_string_equal(fmt_fine_span(1000).s, "1.0s");
	assert_string_equal(fmt_fine_span(72000).s, "1m12s");
}

static void test_durations_of_requests(void **state)
{
	(void)state;
	assert_string_equal(fmt_took(-1).s, "0.0ms");
	assert_string_equal(fmt_took(432).s, "0.4ms");
	assert_string_equal(fmt_took(181900).s, "181ms");
	assert_string_equal(fmt_took(999999).s, "999ms");
	assert_string_equal(fmt_took(5000000).s, "5.000s");
	assert_string_equal(fmt_took(59999999).s, "59.999s");
	assert_string_equal(fmt_took(120000000).s, "2m00s");
}

static void test_points_of_time_ago(void **state)
{
	(void)state;
	assert_string_equal(fmt_at(NOW - 41 * SECOND, NOW, FMT_AGO).s, "41s");
	assert_string_equal(fmt_at(NOW + 14 * SECOND, NOW, FMT_AGO).s,
			    "in 14s");
	assert_string_equal(fmt_at(NOW, NOW, FMT_AGO).s, "0.0s");
	for (int mode = 0; mode < FMT_TIME_COUNT; mode++) {
		assert_string_equal(fmt_at(0, NOW, (enum fmt_time)mode).s, "-");
		assert_string_equal(fmt_moment(0, NOW, (enum fmt_time)mode).s,
				    "-");
	}
}

static void test_moments_of_another_year_have_their_time(void **state)
{
	(void)state;
	use_zone("Asia/Shanghai");
	int64_t last_year = NOW - 325 * DAY - 15 * HOUR;
	assert_string_equal(fmt_moment(last_year, NOW, FMT_LOCAL).s,
			    "2025-12-31 23:22");
	assert_string_equal(fmt_moment(last_year, NOW, FMT_UTC).s,
			    "2025-12-31 15:22");
	assert_string_equal(fmt_moment(NOW - 15 * HOUR, NOW, FMT_AGO).s,
			    "11-21 23:22");
}

/* The zone decides which day, and which year, a moment belongs to. */
static void test_points_of_time_in_a_zone(void **state)
{
	(void)state;
	static const struct {
		const char *zone;
		int64_t before_ms;
		const char *local, *utc;
	} cases[] = {
		{"Asia/Shanghai", 41 * SECOND, "14:21:26", "06:21:26"},
		{"Asia/Shanghai", 7 * HOUR, "07:22:07", "11-21 23:22"},
		{"Asia/Shanghai", 15 * HOUR, "11-21 23:22", "11-21 15:22"},
		{"Asia/Shanghai", -14 * HOUR, "11-23 04:22", "20:22:07"},
		{"UTC", 41 * SECOND, "06:21:26", "06:21:26"},
		{"Asia/Kolkata", 41 * SECOND, "11:51:26", "06:21:26"},
		{"America/New_York", 0, "01:22:07", "06:22:07"},
		/* Still summer time there, and then last year. */
		{"America/New_York", 30 * DAY, "10-23 02:22", "10-23 06:22"},
		{"Asia/Shanghai", 325 * DAY + 15 * HOUR, "2025-12-31",
		 "2025-12-31"},
		{"Asia/Shanghai", 325 * DAY + 14 * HOUR, "01-01 00:22",
		 "2025-12-31"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t at = NOW - cases[i].before_ms;
		use_zone(cases[i].zone);
		assert_string_equal(fmt_at(at, NOW, FMT_LOCAL).s,
				    cases[i].local);
		assert_string_equal(fmt_at(at, NOW, FMT_UTC).s, cases[i].utc);
	}
}

static void test_points_of_time_in_full(void **state)
{
	(void)state;
	static const struct {
		const char *zone;
		int64_t at_ms;
		const char *full, *clock, *exact;
	} cases[] = {
		{"Asia/Shanghai", NOW, "2026-11-22 14:22:07 +08",
		 "14:22:07 +08", "14:22:07.114"},
		{"UTC", NOW, "2026-11-22 06:22:07 +00", "06:22:07 +00",
		 "06:22:07.114"},
		{"Asia/Kolkata", NOW, "2026-11-22 11:52:07 +05:30",
		 "11:52:07 +05:30", "11:52:07.114"},
		{"America/St_Johns", NOW, "2026-11-22 02:52:07 -03:30",
		 "02:52:07 -03:30", "02:52:07.114"},
		{"America/New_York", NOW, "2026-11-22 01:22:07 -05",
		 "01:22:07 -05", "01:22:07.114"},
		{"America/New_York", NOW - 30 * DAY, "2026-10-23 02:22:07 -04",
		 "02:22:07 -04", "02:22:07.114"},
		{"UTC", -1, "1969-12-31 23:59:59 +00", "23:59:59 +00",
		 "23:59:59.999"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t at = cases[i].at_ms;
		use_zone(cases[i].zone);
		assert_string_equal(fmt_full(at, FMT_LOCAL).s, cases[i].full);
		assert_string_equal(fmt_clock(at, FMT_AGO).s, cases[i].clock);
		assert_string_equal(fmt_exact(at, FMT_AGO).s, cases[i].exact);
	}
	assert_string_equal(fmt_full(NOW, FMT_UTC).s,
			    "2026-11-22 06:22:07 UTC");
	assert_string_equal(fmt_clock(NOW, FMT_UTC).s, "06:22:07 UTC");
	assert_string_equal(fmt_exact(NOW, FMT_UTC).s, "06:22:07.114");
}

static void test_numbers(void **state)
{
	(void)state;
	assert_string_equal(fmt_number(0).s, "0");
	assert_string_equal(fmt_number(999).s, "999");
	assert_string_equal(fmt_number(1204).s, "1,204");
	assert_string_equal(fmt_number(1048777).s, "1,048,777");
	assert_string_equal(fmt_number(-100).s, "-100");
	assert_string_equal(fmt_number(-1000).s, "-1,000");
	assert_string_equal(fmt_number(INT64_MIN).s,
			    "-9,223,372,036,854,775,808");
	assert_string_equal(fmt_count(1204, false, false).s, "1,204");
	assert_string_equal(fmt_count(10000, true, false).s, "10,000+");
	assert_string_equal(fmt_count(98240, false, true).s, "~98,240");
	assert_string_equal(fmt_count(98240, true, true).s, "98,240+");
}

static void test_short_numbers(void **state)
{
	(void)state;
	static const struct {
		int64_t n;
		const char *plain, *more;
	} cases[] = {
		{0, "0", "0+"},
		{1204, "1204", "1204+"},
		{9999, "9999", "9999+"},
		{10000, "10k", "10k+"},
		{98999, "98k", "98k+"},
		{999999, "999k", "999k+"},
		{1000000, "1.0M", "1.0M+"},
		{1290000, "1.2M", "1.2M+"},
		{12900000, "12M", "12M+"},
		{INT64_C(3100000000), "3.1G", "3.1G+"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_string_equal(fmt_short(cases[i].n, false).s,
				    cases[i].plain);
		assert_string_equal(fmt_short(cases[i].n, true).s,
				    cases[i].more);
	}
}

static void test_sizes_and_shares(void **state)
{
	(void)state;
	assert_string_equal(fmt_bytes(812).s, "812 B");
	assert_string_equal(fmt_bytes(1024).s, "1.0 KiB");
	assert_string_equal(fmt_bytes(INT64_C(3251000)).s, "3.1 MiB");
	assert_string_equal(fmt_bytes(INT64_C(412) << 20).s, "412 MiB");
	assert_string_equal(fmt_bytes((INT64_C(1) << 30) - 1).s, "1023 MiB");
	assert_string_equal(fmt_bytes(INT64_C(5000) << 40).s, "5000 TiB");
	assert_string_equal(fmt_percent(986, 1000).s, "98.6%");
	assert_string_equal(fmt_percent(3, 3).s, "100.0%");
	assert_string_equal(fmt_percent(99999, 100000).s, "99.9%");
	assert_string_equal(fmt_percent(INT64_MAX - 1, INT64_MAX).s, "99.9%");
	assert_string_equal(fmt_percent(1, 100000).s, "<0.1%");
	assert_string_equal(fmt_percent(0, 7).s, "0.0%");
	assert_string_equal(fmt_percent(0, 0).s, "-");
}

int main(void)
{
	lang_init("en");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spans_fit_in_six_cells),
		cmocka_unit_test(test_spans_under_a_second),
		cmocka_unit_test(test_durations_of_requests),
		cmocka_unit_test(test_points_of_time_ago),
		cmocka_unit_test(test_moments_of_another_year_have_their_time),
		cmocka_unit_test(test_points_of_time_in_a_zone),
		cmocka_unit_test(test_points_of_time_in_full),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_short_numbers),
		cmocka_unit_test(test_sizes_and_shares),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
