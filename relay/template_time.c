/* Points of time, as they come in payloads, on Beijing's clocks. */
#include "relay/template_kind.h"

#include "lib/shanghai.h"

#include <stdint.h>
#include <string.h>
#include <time.h>

enum { MS_DIGITS = 13 };

static const char digits[] = "0123456789";

/* Reads `count` digits and the mark behind them ('\0': none); false if they
 * are not there, or the number is out of bounds. */
static bool take(const char **at, int count, char mark, int least, int most,
		 int *value_out)
{
	int value = 0;
	for (int i = 0; i < count; i++) {
		char c = *(*at)++;
		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (c - '0');
	}
	if (mark && *(*at)++ != mark)
		return false;
	*value_out = value;
	return value >= least && value <= most;
}

/* "Z", "+08:00", "+0800", or nothing, which is UTC as in a cloud function. */
static bool take_offset(const char *at, int *offset_s_out)
{
	int hours = 0, minutes = 0;
	char sign = *at;
	*offset_s_out = 0;
	if (!sign)
		return true;
	at++;
	if (sign == 'Z' || sign == 'z')
		return !*at;
	if (sign != '+' && sign != '-')
		return false;
	if (!take(&at, 2, '\0', 0, 23, &hours))
		return false;
	at += *at == ':';
	if (!take(&at, 2, '\0', 0, 59, &minutes) || *at)
		return false;
	*offset_s_out = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
	return true;
}

static bool take_seconds(const char **at, int *seconds_out)
{
	if (**at != ':')
		return true;
	++*at;
	if (!take(at, 2, '\0', 0, 59, seconds_out))
		return false;
	size_t len = **at == '.' ? strspn(*at + 1, digits) : 0;
	if (**at == '.' && !len)
		return false;
	*at += len ? len + 1 : 0;
	return true;
}

/* ISO 8601: "2025-12-24T10:30[:00[.000]][Z]". */
static bool read_iso(const char *text, time_t *time_out)
{
	struct tm tm = {0};
	int year, month, offset_s;
	bool is_iso = take(&text, 4, '-', 1, 9998, &year) &&
		      take(&text, 2, '-', 1, 12, &month) &&
		      take(&text, 2, 'T', 1, 31, &tm.tm_mday) &&
		      take(&text, 2, ':', 0, 24, &tm.tm_hour) &&
		      take(&text, 2, '\0', 0, 59, &tm.tm_min) &&
		      take_seconds(&text, &tm.tm_sec);
	bool is_past_day = tm.tm_hour == 24 && (tm.tm_min || tm.tm_sec);
	if (!is_iso || is_past_day || !take_offset(text, &offset_s))
		return false;
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	*time_out = timegm(&tm) - offset_s;
	return true;
}

static bool read_ms(const char *text, time_t *time_out)
{
	size_t len = strspn(text, digits);
	int64_t ms = 0;
	if (len != MS_DIGITS || text[len])
		return false;
	for (; *text; text++)
		ms = ms * 10 + (*text - '0');
	*time_out = ms / 1000;
	return true;
}

bool template_time_add(struct buf *out, const char *text)
{
	char shown[sizeof("2025-12-24 18:30") + 8];
	struct tm tm;
	time_t at;
	if (!read_iso(text, &at) && !read_ms(text, &at))
		return false;
	at += SHANGHAI_AHEAD_MS / 1000;
	if (!gmtime_r(&at, &tm) ||
	    !strftime(shown, sizeof(shown), "%Y-%m-%d %H:%M", &tm))
		return false;
	buf_adds(out, shown);
	return true;
}
