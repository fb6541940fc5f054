/*
 * Days as WeChat counts them: Shanghai's, which has no summer time. Pure.
 */
#pragma once

#include <stdint.h>

/* How far its clocks are ahead of UTC. */
enum { SHANGHAI_AHEAD_MS = 8 * 3600 * 1000 };

/* The day of a moment, in days since 1970; and when such a day begins. */
int64_t shanghai_day(int64_t wall_ms);
int64_t shanghai_day_start_ms(int64_t day);

/* Milliseconds to the beginning of the next day. */
int64_t shanghai_day_left_ms(int64_t wall_ms);
