/* What Home shows of the minutes of the last day: sums and percentiles. */
#include "tui/overview_minute.h"

#include "lib/shanghai.h"
#include "lib/util.h"

#include <string.h>

/* The upper end of the bucket in which so many percent are. */
static int64_t percentile(const struct overview_minute *sum, int percent)
{
	int64_t total = 0, below = 0;
	for (int i = 0; i < BUCKETS; i++)
		total += sum->latency[i];
	if (total == 0)
		return -1;
	int64_t wanted = (total * percent + 99) / 100;
	int bucket = 0;
	while (bucket < BUCKETS - 1 && (below += sum->latency[bucket]) < wanted)
		bucket++;
	return INT64_C(1) << bucket;
}

/* Rows that failed for good: what was rejected is counted as it happens, what
 * has used up its attempts is found among the rows; never more than were. */
static int64_t failed_of(const struct overview_minutes *m, int64_t number)
{
	const struct overview_minute *minute =
		&m->minutes[number % DAY_MINUTES];
	const struct overview_ended *e = &m->ended[number % DAY_MINUTES];
	int64_t rejected = minute->number == number ? minute->rejected : 0;
	if (e->number != number)
		return rejected;
	return MAX(rejected, (int64_t)e->failed) + e->expired;
}

static void sum_up(const struct overview_minutes *m, int64_t now, int count,
		   struct overview_span *span)
{
	struct overview_minute sum = {0};
	*span = (struct overview_span){0};
	for (int64_t number = now - count + 1; number <= now; number++) {
		const struct overview_minute *one =
			&m->minutes[number % DAY_MINUTES];
		if (one->number == number)
			overview_minute_add(&sum, one);
		span->failed += failed_of(m, number);
	}
	span->delivered = sum.delivered;
	span->p50_ms = percentile(&sum, 50);
	span->p95_ms = percentile(&sum, 95);
	span->p99_ms = percentile(&sum, 99);
}

static int64_t delivered_of(const struct overview_minutes *m, int64_t number)
{
	const struct overview_minute *one = &m->minutes[number % DAY_MINUTES];
	return one->number == number ? one->delivered : 0;
}

static void tell_channel(const struct overview_minutes *m,
			 struct overview_channel *to, int64_t now)
{
	to->p95_ms = -1;
	for (size_t i = 0; i < m->channel_count; i++) {
		const struct overview_minute_channel *c = &m->channels[i];
		struct overview_minute sum = {0};
		if (strcmp(c->name, to->name) != 0)
			continue;
		for (size_t at = 0; at < ARRAY_LEN(c->minutes); at++) {
			const struct overview_minute *one = &c->minutes[at];
			if (one->number <= now - OVERVIEW_MINUTES ||
			    one->number > now)
				continue;
			overview_minute_add(&sum, one);
			if (one->number == now - 1)
				to->per_minute = one->delivered;
		}
		to->p95_ms = percentile(&sum, 95);
	}
}

void overview_minutes_tell(const struct overview_minutes *m, struct overview *o,
			   int64_t now_ms)
{
	int64_t now = now_ms / MINUTE_MS;
	int64_t today = shanghai_day_start_ms(shanghai_day(now_ms)) / MINUTE_MS;
	for (int i = 0; i < OVERVIEW_MINUTES; i++) {
		int64_t number = now - OVERVIEW_MINUTES + 1 + i;
		o->sent[i] = delivered_of(m, number);
		o->failed[i] = failed_of(m, number);
	}
	o->delivered_today = 0;
	for (int64_t number = today; number <= now; number++)
		o->delivered_today += delivered_of(m, number);
	sum_up(m, now, OVERVIEW_MINUTES, &o->hour);
	sum_up(m, now, DAY_MINUTES, &o->day);
	for (size_t i = 0; i < o->channel_count; i++)
		tell_channel(m, &o->channels[i], now);
}
