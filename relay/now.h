/*
 * The time of one tick, read once and handed on, so that everything that
 * happens in a tick happens at the same moment.
 */
#pragma once

#include <stdint.h>

struct now {
	int64_t us;	 /* CLOCK_MONOTONIC */
	int64_t ms;	 /* the same in milliseconds */
	int64_t wall_ms; /* since 1970 */
};

/* Asks the kernel. */
struct now now_read(void);
