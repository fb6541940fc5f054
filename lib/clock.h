/*
 * The only place that asks the kernel what time it is. Everybody else is given
 * the time, so that tests can choose it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { CLOCK_ISO_LEN = 25 }; /* "2025-12-24T10:30:00.000Z" and its NUL */

/* Milliseconds since 1970-01-01 UTC. Jumps when the administrator sets it. */
int64_t clock_wall_ms(void);

/* Milliseconds of a clock that only goes forward; for durations. */
int64_t clock_mono_ms(void);

/* The same in microseconds. */
int64_t clock_mono_us(void);

/* Writes wall_ms as ISO 8601 in UTC with milliseconds; zeros where the year has
 * no four digits. */
void clock_format_iso(int64_t wall_ms, char out[static CLOCK_ISO_LEN]);
