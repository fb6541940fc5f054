/*
 * What alerts look at: the state of each channel, the age of its oldest row
 * that is due, and how many rows failed or expired of late. The channel that
 * alerts go to is left out: what is wrong with it cannot be told through it.
 */
#include "relay/alerts_internal.h"

#include "lib/util.h"

#include <string.h>

enum { KINDS_OF_CHANNEL = 3 };

/* A backlog older than allowed that is gone within so long, as after the relay
 * was down, is none. */
#define BACKLOG_WAIT_MS INT64_C(60000)

static bool is_clock_new(const struct alerts *a, const struct now *now,
			 int64_t ms)
{
	return a->set_ms != ALERT_NEVER && now->ms - a->set_ms < ms;
}

static struct alert_fact look_held(const struct engine *e,
				   const struct channel *c)
{
	static const enum alert_sign signs[] = {
		[CHANNEL_OPEN] = ALERT_ABSENT,
		[CHANNEL_HELD] = ALERT_PRESENT,
		[CHANNEL_PROBING] = ALERT_PRESENT,
		[CHANNEL_PAUSED] = ALERT_UNCLEAR,
	};
	_Static_assert(ARRAY_LEN(signs) == CHANNEL_STATE_COUNT, "each state");
	return (struct alert_fact){
		.kind = ALERT_CHANNEL_HELD,
		.subject = c->name,
		.sign = signs[c->state],
		.reason = c->trouble.reason,
		.wait_ms = e->config->alert.held_ms,
	};
}

static struct alert_fact look_paused(const struct engine *e,
				     const struct channel *c)
{
	int64_t most_ms = e->config->alert.paused_ms;
	bool is_paused = c->state == CHANNEL_PAUSED;
	return (struct alert_fact){
		.kind = ALERT_CHANNEL_PAUSED,
		.subject = c->name,
		.sign = !most_ms    ? ALERT_IGNORED
			: is_paused ? ALERT_PRESENT
				    : ALERT_ABSENT,
		.reason = REASON_PAUSED_BY_OPERATOR,
		.wait_ms = most_ms,
	};
}

/* Between half of the limit and the limit nothing begins and nothing ends. */
static enum alert_sign sign_of(int64_t value, int64_t limit)
{
	if (value > limit)
		return ALERT_PRESENT;
	return value > limit / 2 ? ALERT_UNCLEAR : ALERT_ABSENT;
}

/* Of a channel that is held or paused that alone is told. */
static int look_backlog(const struct engine *e, const struct channel *c,
			const struct now *now, struct alert_fact *out)
{
	int64_t most_ms = e->config->alert.backlog_ms;
	int64_t due_ms = INT64_MAX;
	*out = (struct alert_fact){
		.kind = ALERT_BACKLOG_OLD,
		.subject = c->name,
		.sign = most_ms ? ALERT_UNCLEAR : ALERT_IGNORED,
		.reason = REASON_BACKLOG_OLD,
		.wait_ms = MIN(most_ms, BACKLOG_WAIT_MS),
	};
	if (!most_ms || c->state != CHANNEL_OPEN)
		return 0;
	int rc = alert_store_oldest(e->alerts->store, c->name, now->wall_ms,
				    &due_ms);
	if (rc)
		return rc;
	if (due_ms == INT64_MAX)
		out->sign = ALERT_ABSENT;
	else if (!is_clock_new(e->alerts, now, most_ms))
		out->sign = sign_of(now->wall_ms - due_ms, most_ms);
	return 0;
}

static int look_failed(const struct engine *e, const struct now *now,
		       struct alert_fact *out)
{
	int64_t most = e->config->alert.failed;
	int64_t count = 0;
	*out = (struct alert_fact){
		.kind = ALERT_ROWS_FAILED,
		.subject = "",
		.sign = ALERT_IGNORED,
	};
	if (!most)
		return 0;
	int rc = alert_store_failed(e->alerts->store,
				    now->wall_ms - ALERT_FAILED_MS,
				    now->wall_ms, most + 1, &count);
	if (rc)
		return rc;
	out->sign = sign_of(count, most);
	if (out->sign == ALERT_ABSENT &&
	    is_clock_new(e->alerts, now, ALERT_FAILED_MS))
		out->sign = ALERT_UNCLEAR;
	return 0;
}

static int look_at_channel(const struct engine *e, const struct channel *c,
			   const struct now *now, struct alert_facts *out)
{
	struct alert_fact *to = &out->list[out->count];
	if (strcmp(c->name, e->config->alert.channel) == 0)
		return 0;
	to[0] = look_held(e, c);
	to[1] = look_paused(e, c);
	out->count += KINDS_OF_CHANNEL;
	return look_backlog(e, c, now, &to[2]);
}

/* Whether what was told last has reached nobody. */
static int look_for_losses(const struct engine *e, struct alert_facts *out)
{
	for (size_t i = 0; i < out->count; i++) {
		struct alert_fact *f = &out->list[i];
		const struct alert *a =
			alert_book_find(&e->alerts->book, f->kind, f->subject);
		if (f->sign != ALERT_PRESENT || !a || !a->is_told || !a->key)
			continue;
		int rc = alert_store_is_lost(e->alerts->store, a->key,
					     &f->is_lost);
		if (rc)
			return rc;
	}
	return 0;
}

int alerts_look(const struct engine *e, const struct now *now,
		struct alert_facts *out)
{
	size_t most = e->channel_count * KINDS_OF_CHANNEL + 1;
	int rc = 0;
	*out = (struct alert_facts){
		.list = xcalloc(most, sizeof(*out->list)),
	};
	for (size_t i = 0; i < e->channel_count && rc == 0; i++)
		rc = look_at_channel(e, e->channels[i], now, out);
	if (rc == 0)
		rc = look_failed(e, now, &out->list[out->count++]);
	if (rc == 0)
		rc = look_for_losses(e, out);
	return rc;
}
