#include "lib/shanghai.h"

enum { DAY_MS = 86400000 };

int64_t shanghai_day(int64_t wall_ms)
{
	return (wall_ms + SHANGHAI_AHEAD_MS) / DAY_MS;
}

int64_t shanghai_day_start_ms(int64_t day)
{
	return day * DAY_MS - SHANGHAI_AHEAD_MS;
}

int64_t shanghai_day_left_ms(int64_t wall_ms)
{
	return DAY_MS - (wall_ms + SHANGHAI_AHEAD_MS) % DAY_MS;
}
