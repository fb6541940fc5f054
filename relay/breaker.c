#include "relay/breaker.h"

#include "lib/util.h"

#include <string.h>

enum { LEAST_OUTCOMES = 10, FAILED_PERCENT = 70 };

void breaker_count(struct breaker *b, bool has_failed, int64_t mono_ms)
{
	int64_t number = mono_ms / BREAKER_SLICE_MS;
	size_t at = (size_t)(number % BREAKER_SLICES);
	if (b->slices[at].number != number) {
		b->slices[at].number = number;
		b->slices[at].failed = b->slices[at].all = 0;
	}
	b->slices[at].all++;
	b->slices[at].failed += has_failed;
	b->in_a_row = has_failed ? b->in_a_row + 1 : 0;
	if (!has_failed)
		b->trips = 0;
}

bool breaker_is_tripped(const struct breaker *b,
			const struct breaker_limits *limits, int64_t mono_ms)
{
	unsigned failed = 0, all = 0;
	int64_t number = mono_ms / BREAKER_SLICE_MS;
	if (limits->in_a_row == 0)
		return false;
	if (b->in_a_row >= limits->in_a_row)
		return true;
	for (size_t i = 0; i < BREAKER_SLICES; i++) {
		if (b->slices[i].number <= number - BREAKER_SLICES)
			continue;
		failed += b->slices[i].failed;
		all += b->slices[i].all;
	}
	return all >= LEAST_OUTCOMES && failed * 100 >= all * FAILED_PERCENT;
}

static void forget(struct breaker *b)
{
	unsigned trips = b->trips;
	memset(b, 0, sizeof(*b));
	b->trips = trips;
}

int64_t breaker_trip(struct breaker *b, const struct breaker_limits *limits)
{
	size_t last = limits->pause_count - 1;
	int64_t pause = limits->pauses_ms[MIN((size_t)b->trips, last)];
	b->trips++;
	forget(b);
	return pause;
}

void breaker_reset(struct breaker *b)
{
	memset(b, 0, sizeof(*b));
}
