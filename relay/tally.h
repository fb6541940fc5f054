/*
 * What a channel did in a minute, for the console's charts: counts of outcomes
 * and a histogram of the time from created_at to delivered_at. Kept in memory
 * and added to outbox_minute with each heartbeat.
 */
#pragma once

#include "relay/judge.h"

#include <stdbool.h>
#include <stdint.h>

/* Bucket n holds what took less than 2^n ms and not less than half of that; the
 * last one holds the rest (2^31 ms are 24 days). */
enum { TALLY_BUCKETS = 32 };

struct tally {
	int64_t minute_ms; /* when it began; 0: nothing was counted yet */
	int64_t outcomes[VERDICT_COUNT];
	int64_t latency[TALLY_BUCKETS];
};

/* Whether the outcome at wall_ms belongs to a later minute than what has been
 * counted: write that first. */
bool tally_is_over(const struct tally *tally, int64_t wall_ms);

/* Counts an outcome; latency_ms counts with VERDICT_DELIVERED, a negative one
 * (the clock was set back) as none. */
void tally_count(struct tally *tally, enum verdict verdict, int64_t latency_ms,
		 int64_t wall_ms);

/* The bucket of a latency. */
int tally_bucket(int64_t latency_ms);
