#include "relay/pace.h"

#include "lib/util.h"

enum { SHANGHAI_MS = 8 * 3600 * 1000, DAY_MS = 86400000, MINUTE_MS = 60000 };

/* With these two no second can see more than 0.97 + 0.02 of the limit, or the
 * one that a limit below fifty allows. */
static const double fill_share = 0.97;
static const int64_t burst_parts = 50;

static double burst_of(const struct pace *p)
{
	return (double)MAX(p->limits.per_second / burst_parts, 1);
}

void pace_set(struct pace *p, struct pace_limits limits)
{
	p->limits = limits;
	p->tokens = MIN(p->tokens, burst_of(p));
}

static void fill(struct pace *p, int64_t mono_us)
{
	double rate = (double)p->limits.per_second * fill_share / 1e6;
	if (p->filled_at_us == 0)
		p->tokens = burst_of(p);
	else
		p->tokens += rate * (double)(mono_us - p->filled_at_us);
	p->tokens = MIN(p->tokens, burst_of(p));
	p->filled_at_us = mono_us;
}

static int64_t day_of(int64_t wall_ms)
{
	return (wall_ms + SHANGHAI_MS) / DAY_MS;
}

/* A clock that is set back never gives a day's budget twice. */
static void turn_windows(struct pace *p, int64_t wall_ms)
{
	if (wall_ms / MINUTE_MS != p->minute) {
		p->minute = wall_ms / MINUTE_MS;
		p->minute_used = 0;
	}
	if (day_of(wall_ms) > p->day) {
		p->day = day_of(wall_ms);
		p->day_used = 0;
	}
}

static int64_t rest_of(int64_t limit, int64_t used)
{
	return limit ? MAX(limit - used, 0) : INT64_MAX;
}

size_t pace_allowance(struct pace *p, size_t wanted, int64_t mono_us,
		      int64_t wall_ms)
{
	turn_windows(p, wall_ms);
	int64_t most = (int64_t)wanted;
	if (p->limits.per_second) {
		fill(p, mono_us);
		most = MIN(most, (int64_t)p->tokens);
	}
	most = MIN(most, rest_of(p->limits.per_minute, p->minute_used));
	most = MIN(most, rest_of(p->limits.per_day, p->day_used));
	return (size_t)most;
}

void pace_spend(struct pace *p, size_t count)
{
	p->minute_used += (int64_t)count;
	p->day_used += (int64_t)count;
	if (p->limits.per_second)
		p->tokens -= (double)count;
}

int64_t pace_wait_us(struct pace *p, int64_t mono_us, int64_t wall_ms)
{
	int64_t wait = 0;
	turn_windows(p, wall_ms);
	if (p->limits.per_second) {
		fill(p, mono_us);
		double rate = (double)p->limits.per_second * fill_share / 1e6;
		if (p->tokens < 1)
			wait = (int64_t)((1 - p->tokens) / rate) + 1;
	}
	if (rest_of(p->limits.per_minute, p->minute_used) == 0)
		wait = MAX(wait, (MINUTE_MS - wall_ms % MINUTE_MS) * 1000);
	if (rest_of(p->limits.per_day, p->day_used) == 0)
		wait = MAX(wait, pace_until_next_day_ms(wall_ms) * 1000);
	return wait;
}

bool pace_has_budget(const struct pace *p)
{
	return p->limits.per_minute || p->limits.per_day;
}

int64_t pace_until_next_day_ms(int64_t wall_ms)
{
	return DAY_MS - (wall_ms + SHANGHAI_MS) % DAY_MS;
}
