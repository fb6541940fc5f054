/*
 * How long a row waits before its next try. Pure arithmetic; chance and time
 * are passed in.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct backoff {
	const int64_t *steps_ms; /* borrowed; the last one repeats */
	size_t step_count;
	int jitter_percent; /* 20: anything from 80 % to 120 % */
};

/* The wait after the given number of attempts (1: the first one failed).
 * `chance` is uniform in [0, 1). least_ms is what the answer asked for
 * (Retry-After); the later of the two counts, and jitter never comes below
 * least_ms. */
int64_t backoff_wait_ms(const struct backoff *backoff, int64_t attempts,
			double chance, int64_t least_ms);
