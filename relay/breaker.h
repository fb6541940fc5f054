/*
 * When an endpoint has failed often enough to be left alone for a while: ten
 * times in a row, or seven times in ten over five minutes. Pure; times are
 * passed in.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BREAKER_SLICES = 30, BREAKER_SLICE_MS = 10000 };

struct breaker {
	unsigned in_a_row;
	unsigned trips; /* without a success between: the pauses grow */
	struct {
		int64_t number; /* of the ten seconds that it counts */
		unsigned failed, all;
	} slices[BREAKER_SLICES];
};

struct breaker_limits {
	unsigned in_a_row;	  /* 0: never trips */
	const int64_t *pauses_ms; /* borrowed; the last one repeats */
	size_t pause_count;
};

/* Counts an outcome of the endpoint; mono_ms is monotonic. */
void breaker_count(struct breaker *breaker, bool has_failed, int64_t mono_ms);

/* Whether it is time to stop. */
bool breaker_is_tripped(const struct breaker *breaker,
			const struct breaker_limits *limits, int64_t mono_ms);

/* Trips it: returns how long to pause, and forgets what it has counted. */
int64_t breaker_trip(struct breaker *breaker,
		     const struct breaker_limits *limits);

/* The endpoint works again. */
void breaker_reset(struct breaker *breaker);
