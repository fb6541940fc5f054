#include "relay/when.h"

#include "lib/util.h"
#include "relay/config_value.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OLDEST_DIGITS = 13, ZONE_MAX_S = 14 * 3600 };

/* The schema refuses what is before 2001, or not before the year 5138. */
#define TIME_FIRST_MS INT64_C(1000000000000)
#define TIME_END_MS   INT64_C(100000000000000)

static int check_range(int64_t at_ms, int64_t *at_ms_out, char **why_out)
{
	if (at_ms < TIME_FIRST_MS || at_ms >= TIME_END_MS) {
		*why_out = xstrdup("give a time between 2001-09-09 and "
				   "5138-11-16");
		return -1;
	}
	*at_ms_out = at_ms;
	return 0;
}

static int parse_number(const char *text, int64_t *at_ms_out, char **why_out)
{
	if (strlen(text) != OLDEST_DIGITS) {
		*why_out = xstrdup("a bare number is milliseconds since 1970, "
				   "which has 13 digits");
		return -1;
	}
	return check_range(strtoll(text, NULL, 10), at_ms_out, why_out);
}

/* strptime takes no blank at all for a blank, and less than all digits. */
static bool has_date_form(const char *text)
{
	static const char form[] = "0000-00-00T00:00";
	for (size_t i = 0; form[i]; i++) {
		bool is_digit = text[i] >= '0' && text[i] <= '9';
		bool is_gap = form[i] == 'T' && text[i] == ' ';
		if (form[i] == '0' ? !is_digit : text[i] != form[i] && !is_gap)
			return false;
	}
	return true;
}

static int parse_date(const char *text, int64_t *at_ms_out, char **why_out)
{
	static const char *const forms[] = {
		"%Y-%m-%dT%H:%M:%S%z",
		"%Y-%m-%d %H:%M:%S%z",
		"%Y-%m-%dT%H:%M%z",
		"%Y-%m-%d %H:%M%z",
	};
	bool is_date = has_date_form(text);
	for (size_t i = 0; is_date && i < ARRAY_LEN(forms); i++) {
		struct tm tm = {0};
		const char *end = strptime(text, forms[i], &tm);
		if (!end || *end)
			continue;
		long offset = tm.tm_gmtoff;
		int day = tm.tm_mday;
		int64_t local_s = timegm(&tm); /* 30 February is 2 March now */
		if (labs(offset) > ZONE_MAX_S)
			break;
		if (tm.tm_mday != day) {
			*why_out = xstrdup("there is no such day");
			return -1;
		}
		return check_range((local_s - offset) * 1000, at_ms_out,
				   why_out);
	}
	*why_out = xstrdup("say 2026-01-31T08:00:00+08:00 (with the zone), "
			   "or +10m");
	return -1;
}

static int parse_wait(const char *text, int64_t now_ms, int64_t *at_ms_out,
		      char **why_out)
{
	int64_t wait;
	if (config_value_duration(text, &wait, why_out))
		return -1;
	if (wait >= TIME_END_MS - now_ms) {
		*why_out = xstrdup("is too far away");
		return -1;
	}
	*at_ms_out = now_ms + wait;
	return 0;
}

int when_parse(const char *text, int64_t now_ms, int64_t *at_ms_out,
	       char **why_out)
{
	if (text[0] == '+')
		return parse_wait(text + 1, now_ms, at_ms_out, why_out);
	if (text[0] && strspn(text, "0123456789") == strlen(text))
		return parse_number(text, at_ms_out, why_out);
	return parse_date(text, at_ms_out, why_out);
}
