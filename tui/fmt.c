#include "tui/fmt.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SECOND_MS = 1000 };

static const int64_t minute_ms = INT64_C(60) * SECOND_MS;
static const int64_t hour_ms = INT64_C(3600) * SECOND_MS;
static const int64_t day_ms = INT64_C(86400) * SECOND_MS;
static const int64_t span_days_max = 99999; /* keeps a column's width */

__attribute__((format(printf, 1, 2))) static struct fmt print(const char *fmt,
							      ...)
{
	struct fmt out;
	va_list args;
	va_start(args, fmt);
	vsnprintf(out.s, sizeof(out.s), fmt, args);
	va_end(args);
	return out;
}

struct fmt fmt_span(int64_t span_ms)
{
	long long ms = MAX(span_ms, 0);
	if (ms < 10 * SECOND_MS)
		return print(_("%lld.%llds"), ms / 1000, ms % 1000 / 100);
	if (ms < minute_ms)
		return print(_("%llds"), ms / 1000);
	if (ms < hour_ms)
		return print(_("%lldm%02llds"), ms / minute_ms,
			     ms % minute_ms / SECOND_MS);
	if (ms < day_ms)
		return print(_("%lldh%02lldm"), ms / hour_ms,
			     ms % hour_ms / minute_ms);
	if (ms < 100 * day_ms)
		return print(_("%lldd%02lldh"), ms / day_ms,
			     ms % day_ms / hour_ms);
	return print(_("%lldd"), (long long)MIN(ms / day_ms, span_days_max));
}

struct fmt fmt_took(int64_t took_us)
{
	long long us = MAX(took_us, 0), ms = us / 1000;
	if (us < 1000)
		return print(_("0.%lldms"), us / 100);
	if (ms < SECOND_MS)
		return print(_("%lldms"), ms);
	if (ms < minute_ms)
		return print(_("%lld.%03llds"), ms / 1000, ms % 1000);
	return fmt_span(ms);
}

struct fmt fmt_fine_span(int64_t ms)
{
	return ms < SECOND_MS ? fmt_took(ms * 1000) : fmt_span(ms);
}

/* Rounds down, as clocks do, also before 1970. */
static int64_t seconds_of(int64_t ms)
{
	return ms / SECOND_MS - (ms % SECOND_MS < 0);
}

static struct tm broken_down(int64_t at_ms, enum fmt_time mode)
{
	time_t at = (time_t)seconds_of(at_ms);
	struct tm tm = {0};
	if (mode == FMT_UTC)
		gmtime_r(&at, &tm);
	else
		localtime_r(&at, &tm);
	return tm;
}

/* "+08", "-03:30"; "UTC". */
static struct fmt zone(const struct tm *tm, enum fmt_time mode)
{
	if (mode == FMT_UTC)
		return print("UTC");
	long minutes = labs(tm->tm_gmtoff) / 60;
	char sign = tm->tm_gmtoff < 0 ? '-' : '+';
	if (minutes % 60)
		return print("%c%02ld:%02ld", sign, minutes / 60, minutes % 60);
	return print("%c%02ld", sign, minutes / 60);
}

static struct fmt point(int64_t at_ms, int64_t now_ms, enum fmt_time mode)
{
	struct tm at = broken_down(at_ms, mode);
	struct tm now = broken_down(now_ms, mode);
	if (at.tm_year != now.tm_year)
		return print("%04d-%02d-%02d", at.tm_year + 1900, at.tm_mon + 1,
			     at.tm_mday);
	if (at.tm_yday != now.tm_yday)
		return print("%02d-%02d %02d:%02d", at.tm_mon + 1, at.tm_mday,
			     at.tm_hour, at.tm_min);
	return print("%02d:%02d:%02d", at.tm_hour, at.tm_min, at.tm_sec);
}

struct fmt fmt_at(int64_t at_ms, int64_t now_ms, enum fmt_time mode)
{
	if (at_ms == 0)
		return print("-");
	if (mode != FMT_AGO)
		return point(at_ms, now_ms, mode);
	if (at_ms > now_ms)
		return print(_("in %s"), fmt_span(at_ms - now_ms).s);
	return fmt_span(now_ms - at_ms);
}

struct fmt fmt_exact(int64_t at_ms, enum fmt_time mode)
{
	struct tm tm = broken_down(at_ms, mode);
	return print("%02d:%02d:%02d.%03d", tm.tm_hour, tm.tm_min, tm.tm_sec,
		     (int)(at_ms - seconds_of(at_ms) * SECOND_MS));
}

struct fmt fmt_moment(int64_t at_ms, int64_t now_ms, enum fmt_time mode)
{
	struct tm at = broken_down(at_ms, mode);
	struct tm now = broken_down(now_ms, mode);
	if (at_ms == 0 || at.tm_year == now.tm_year)
		return fmt_at(at_ms, now_ms,
			      mode == FMT_AGO ? FMT_LOCAL : mode);
	return print("%04d-%02d-%02d %02d:%02d", at.tm_year + 1900,
		     at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min);
}

struct fmt fmt_full(int64_t at_ms, enum fmt_time mode)
{
	struct tm tm = broken_down(at_ms, mode);
	return print("%04d-%02d-%02d %02d:%02d:%02d %s", tm.tm_year + 1900,
		     tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		     tm.tm_sec, zone(&tm, mode).s);
}

struct fmt fmt_clock(int64_t now_ms, enum fmt_time mode)
{
	struct tm tm = broken_down(now_ms, mode);
	return print("%02d:%02d:%02d %s", tm.tm_hour, tm.tm_min, tm.tm_sec,
		     zone(&tm, mode).s);
}

struct fmt fmt_number(int64_t n)
{
	char digits[32];
	int len = snprintf(digits, sizeof(digits), "%lld", (long long)n);
	struct fmt out;
	size_t at = 0;
	for (int i = 0; i < len; i++) {
		int left = len - i;
		bool is_after_digit = i > (n < 0);
		if (is_after_digit && left % 3 == 0)
			out.s[at++] = ',';
		out.s[at++] = digits[i];
	}
	out.s[at] = '\0';
	return out;
}

struct fmt fmt_count(int64_t n, bool is_more, bool is_about)
{
	struct fmt number = fmt_number(n);
	if (is_more)
		return print("%.40s+", number.s);
	return is_about ? print("~%.40s", number.s) : number;
}

/* One decimal below ten, rounded down: nothing looks like more than it is. */
static struct fmt scaled(int64_t n, int64_t unit, const char *suffix)
{
	long long whole = n / unit;
	if (whole < 10)
		return print("%lld.%lld%s", whole,
			     (long long)(n % unit * 10 / unit), suffix);
	return print("%lld%s", whole, suffix);
}

struct fmt fmt_short(int64_t n, bool is_more)
{
	static const struct {
		int64_t unit;
		const char *plain, *more;
	} units[] = {
		{INT64_C(1000000000), "G", "G+"},
		{INT64_C(1000000), "M", "M+"},
		{INT64_C(1000), "k", "k+"},
	};
	for (size_t i = 0; n >= 10000 && i < ARRAY_LEN(units); i++) {
		if (n >= units[i].unit)
			return scaled(n, units[i].unit,
				      is_more ? units[i].more : units[i].plain);
	}
	return print(is_more ? "%lld+" : "%lld", (long long)n);
}

struct fmt fmt_bytes(int64_t bytes)
{
	static const char *const units[] = {" KiB", " MiB", " GiB", " TiB"};
	if (bytes < 1024)
		return print("%lld B", (long long)bytes);
	int64_t unit = 1024;
	size_t i = 0;
	while (i + 1 < ARRAY_LEN(units) && bytes / unit >= 1024) {
		unit *= 1024;
		i++;
	}
	return scaled(bytes, unit, units[i]);
}

struct fmt fmt_percent(int64_t part, int64_t total)
{
	if (total <= 0)
		return print("-");
	long long tenths = (long long)((double)part / (double)total * 1000);
	if (part < total)
		tenths = MIN(tenths, 999);
	if (tenths == 0 && part > 0)
		return print("<0.1%%");
	return print("%lld.%lld%%", tenths / 10, tenths % 10);
}
