#include "relay/pace.h"

#include "lib/shanghai.h"
#include "lib/util.h"

enum { MINUTE_MS = 60000 };

/* With these two no second of the asking can see more than 0.97 + 0.02 of the
 * limit, or the one that a limit below fifty allows. */
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

/* What was sent in the slices that a window which ends now, or soon, may still
 * see; and when the first of them is out of its sight. */
static int64_t count_slices(const struct pace_slice *slices, size_t len,
			    int64_t slice_us, int64_t mono_us,
			    int64_t *until_us)
{
	int64_t number = mono_us / slice_us, first = number, count = 0;
	for (size_t i = 0; i < len; i++) {
		if (slices[i].count == 0 ||
		    slices[i].number <= number - (int64_t)len)
			continue;
		count += slices[i].count;
		first = MIN(first, slices[i].number);
	}
	*until_us = (first + (int64_t)len) * slice_us;
	return count;
}

static int64_t count_recent(const struct pace *p, int64_t mono_us,
			    int64_t *until_us)
{
	return count_slices(p->sent, PACE_SLICES, PACE_SLICE_US, mono_us,
			    until_us);
}

static bool has_long_window(const struct pace *p)
{
	return p->limits.per_minute && p->limits.is_minute_rolling;
}

static int64_t count_long(const struct pace *p, int64_t mono_us,
			  int64_t *until_us)
{
	return count_slices(p->sent_long, PACE_LONG_SLICES, PACE_LONG_SLICE_US,
			    mono_us, until_us);
}

static void note_slice(struct pace_slice *slices, size_t len, int64_t slice_us,
		       int64_t count, int64_t mono_us)
{
	int64_t number = mono_us / slice_us;
	struct pace_slice *slice = &slices[(size_t)(number % (int64_t)len)];
	if (slice->number != number)
		slice->count = 0;
	slice->number = number;
	slice->count += count;
}

/* What the minute had used when the relay started may have been sent just
 * before. */
static void begin_long(struct pace *p, int64_t mono_us, int64_t wall_ms)
{
	if (p->is_long_begun || !has_long_window(p))
		return;
	p->is_long_begun = true;
	if (p->minute >= wall_ms / MINUTE_MS - 1)
		note_slice(p->sent_long, PACE_LONG_SLICES, PACE_LONG_SLICE_US,
			   p->minute_used, mono_us);
}

/* A clock that is set back never gives a budget twice. One that had been far
 * ahead does not lock the budget up until then. */
static void turn_window(int64_t number, int64_t *current, int64_t *used)
{
	if (number > *current)
		*used = 0;
	if (number > *current || number < *current - 1)
		*current = number;
}

static void turn_windows(struct pace *p, int64_t wall_ms)
{
	turn_window(wall_ms / MINUTE_MS, &p->minute, &p->minute_used);
	turn_window(shanghai_day(wall_ms), &p->day, &p->day_used);
}

static int64_t rest_of(int64_t limit, int64_t used)
{
	return limit ? MAX(limit - used, 0) : INT64_MAX;
}

size_t pace_allowance(struct pace *p, size_t wanted, int64_t mono_us,
		      int64_t wall_ms)
{
	begin_long(p, mono_us, wall_ms);
	turn_windows(p, wall_ms);
	int64_t most = (int64_t)wanted;
	if (p->limits.per_second) {
		int64_t until_us;
		int64_t recent = count_recent(p, mono_us, &until_us);
		fill(p, mono_us);
		most = MIN(most, (int64_t)p->tokens);
		most = MIN(most, MAX(p->limits.per_second - recent, 0));
	}
	most = MIN(most, rest_of(p->limits.per_minute, p->minute_used));
	if (has_long_window(p)) {
		int64_t until_us;
		int64_t used = count_long(p, mono_us, &until_us);
		most = MIN(most, rest_of(p->limits.per_minute, used));
	}
	most = MIN(most, rest_of(p->limits.per_day, p->day_used));
	return (size_t)MAX(most, 0);
}

void pace_spend(struct pace *p, size_t count, int64_t mono_us)
{
	p->minute_used += (int64_t)count;
	p->day_used += (int64_t)count;
	if (p->limits.per_second) {
		p->tokens -= (double)count;
		note_slice(p->sent, PACE_SLICES, PACE_SLICE_US, (int64_t)count,
			   mono_us);
	}
	if (has_long_window(p))
		note_slice(p->sent_long, PACE_LONG_SLICES, PACE_LONG_SLICE_US,
			   (int64_t)count, mono_us);
}

int64_t pace_rate_wait_us(struct pace *p, int64_t mono_us)
{
	int64_t wait = 0, until_us;
	if (!p->limits.per_second)
		return 0;
	fill(p, mono_us);
	double rate = (double)p->limits.per_second * fill_share / 1e6;
	if (p->tokens < 1)
		wait = (int64_t)((1 - p->tokens) / rate) + 1;
	if (count_recent(p, mono_us, &until_us) >= p->limits.per_second)
		wait = MAX(wait, until_us - mono_us);
	return wait;
}

int64_t pace_wait_us(struct pace *p, int64_t mono_us, int64_t wall_ms)
{
	int64_t wait = pace_rate_wait_us(p, mono_us), until_us;
	begin_long(p, mono_us, wall_ms);
	turn_windows(p, wall_ms);
	if (has_long_window(p) &&
	    count_long(p, mono_us, &until_us) >= p->limits.per_minute)
		wait = MAX(wait, until_us - mono_us);
	if (rest_of(p->limits.per_minute, p->minute_used) == 0)
		wait = MAX(wait, (MINUTE_MS - wall_ms % MINUTE_MS) * 1000);
	if (rest_of(p->limits.per_day, p->day_used) == 0)
		wait = MAX(wait, shanghai_day_left_ms(wall_ms) * 1000);
	return wait;
}

bool pace_has_budget(const struct pace *p)
{
	return p->limits.per_minute || p->limits.per_day;
}
