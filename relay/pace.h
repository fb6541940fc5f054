/*
 * How fast a channel may send: a rate a second, a budget a minute and a budget
 * a day. Pure arithmetic; times are passed in. What the budgets have used is
 * kept in the database, so that a restart forgets nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pace_limits {
	int64_t per_second; /* 0: no limit, here and below */
	int64_t per_minute; /* minutes of the clock */
	int64_t per_day;    /* days of Asia/Shanghai, as WeChat counts them */
	bool is_minute_rolling; /* per_minute is of any sixty seconds, as some
				   platforms count, and not of the clock's
				   minutes alone */
};

enum { PACE_SLICE_US = 10000, PACE_SLICES = 103 };
enum { PACE_LONG_SLICE_US = 1000000, PACE_LONG_SLICES = 62 };

struct pace_slice {
	int64_t number; /* of its kind since the monotonic clock began */
	int64_t count;
};

struct pace {
	struct pace_limits limits;
	/* A bucket that fills a little slower than the limit and holds a
	 * fiftieth of a second's worth spreads the sends over a second. */
	double tokens;
	int64_t filled_at_us; /* monotonic; 0: never */
	/* What was sent in the last second and a little more: a commit that
	 * took long has sent later than the bucket knows. */
	struct pace_slice sent[PACE_SLICES];
	/* The same of the last minute, if it is a rolling one. */
	struct pace_slice sent_long[PACE_LONG_SLICES];
	bool is_long_begun;
	int64_t minute; /* minutes since 1970 that minute_used speaks of */
	int64_t minute_used;
	int64_t day; /* days since 1970 in Shanghai */
	int64_t day_used;
};

/* Takes new limits on; what has been used stays used. */
void pace_set(struct pace *pace, struct pace_limits limits);

/* How many may be sent now, at most `wanted`. */
size_t pace_allowance(struct pace *pace, size_t wanted, int64_t mono_us,
		      int64_t wall_ms);

/* Counts what was sent at that time. */
void pace_spend(struct pace *pace, size_t count, int64_t mono_us);

/* Microseconds until at least one may be sent; 0: now. */
int64_t pace_wait_us(struct pace *pace, int64_t mono_us, int64_t wall_ms);

/* The same by the rate alone, whatever the budgets: for a request that ends
 * what has begun. */
int64_t pace_rate_wait_us(struct pace *pace, int64_t mono_us);

/* Whether there is a budget whose use must outlive a restart. */
bool pace_has_budget(const struct pace *pace);
