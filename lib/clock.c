#include "lib/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t now_us(clockid_t id)
{
	struct timespec ts;
	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t clock_wall_ms(void)
{
	return now_us(CLOCK_REALTIME) / 1000;
}

int64_t clock_mono_ms(void)
{
	return now_us(CLOCK_MONOTONIC) / 1000;
}

int64_t clock_mono_us(void)
{
	return now_us(CLOCK_MONOTONIC);
}

void clock_format_iso(int64_t wall_ms, char out[static CLOCK_ISO_LEN])
{
	int64_t rest = wall_ms % 1000;
	if (rest < 0)
		rest += 1000;
	time_t seconds = (time_t)(wall_ms / 1000 - (wall_ms % 1000 < 0));
	struct tm tm;
	char date[20];
	/* A year of five digits does not fit. */
	if (!gmtime_r(&seconds, &tm) ||
	    !strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm))
		memcpy(date, "0000-00-00T00:00:00", sizeof(date));
	snprintf(out, CLOCK_ISO_LEN, "%.19s.%03uZ", date,
		 (unsigned)rest % 1000u);
}
