#include "lib/shanghai.h"

enum { AHEAD_MS = 8 * 3600 * 1000, DAY_MS = 86400000 };

int64_t shanghai_day(int64_t wall_ms)
{
	return (wall_ms + AHEAD_MS) / DAY_MS;
}

int64_t shanghai_day_start_ms(int64_t day)
{
	return day * DAY_MS - AHEAD_MS;
}

int64_t shanghai_day_left_ms(int64_t wall_ms)
{
	return DAY_MS - (wall_ms + AHEAD_MS) % DAY_MS;
}
