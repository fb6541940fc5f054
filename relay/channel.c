#include "relay/channel.h"

#include "lib/log.h"
#include "lib/shanghai.h"
#include "lib/util.h"
#include "relay/config.h"
#include "relay/openids.h"

#include <stdlib.h>

struct channel *channel_create(const struct config *config,
			       const struct config_channel *settings)
{
	struct channel *c = xcalloc(1, sizeof(*c));
	c->name = xstrdup(settings->name);
	c->next_due_ms = INT64_MAX;
	channel_adopt(c, config, settings);
	return c;
}

void channel_destroy(struct channel *c)
{
	if (!c)
		return;
	openids_destroy(c->openids);
	free(c->name);
	free(c);
}

void channel_adopt(struct channel *c, const struct config *config,
		   const struct config_channel *settings)
{
	c->is_gone = !settings;
	c->is_stale = true;
	c->is_unsaved = true;
	if (c->is_gone)
		return;
	c->config = config;
	c->settings = settings;
	c->adoptions++;
	c->kind = channel_kind_find(settings->kind);
	/* Other settings may ask somebody else. */
	openids_destroy(c->openids);
	c->openids = c->kind->lookup ? openids_create() : NULL;
	pace_set(&c->pace,
		 (struct pace_limits){
			 .per_second = settings->rate,
			 .per_minute = settings->per_minute,
			 .per_day = settings->per_day,
			 .is_minute_rolling = settings->is_minute_rolling,
		 });
}

static void enter(struct channel *c, enum channel_state state,
		  const struct now *now)
{
	if (c->state != state)
		c->state_since_ms = now->wall_ms;
	c->state = state;
	c->is_unsaved = true;
}

/* Rows that the state lets be on the wire. */
static size_t room(const struct channel *c)
{
	switch (c->state) {
	case CHANNEL_OPEN:
		return (size_t)c->settings->at_once;
	case CHANNEL_PROBING:
		return 1;
	case CHANNEL_HELD:
	case CHANNEL_PAUSED:
	case CHANNEL_STATE_COUNT:
		break;
	}
	return 0;
}

void channel_tick(struct channel *c, const struct now *now)
{
	if (c->state != CHANNEL_HELD || now->ms < c->held_until_ms)
		return;
	enter(c, CHANNEL_PROBING, now);
	c->is_stale = true;
}

size_t channel_slots(struct channel *c, size_t settled, const struct now *now)
{
	if (c->is_gone)
		return 0;
	size_t most = room(c);
	size_t taken = c->on_wire - settled;
	if (taken >= most)
		return 0;
	return pace_allowance(&c->pace, most - taken, now->us, now->wall_ms);
}

int64_t channel_deadline_us(struct channel *c, const struct now *now)
{
	if (c->is_gone || c->state == CHANNEL_PAUSED)
		return INT64_MAX;
	if (c->state == CHANNEL_HELD)
		return c->held_by_fetch ? INT64_MAX : c->held_until_ms * 1000;
	if (c->on_wire >= room(c))
		return INT64_MAX;
	return now->us + pace_wait_us(&c->pace, now->us, now->wall_ms);
}

static int64_t wait_of(const struct channel *c, const struct judgement *j,
		       int64_t wall_ms)
{
	switch (j->hold) {
	case HOLD_DAY:
		return shanghai_day_left_ms(wall_ms);
	case HOLD_OPERATOR:
		return c->config->probe_ms ? c->config->probe_ms : j->wait_ms;
	case HOLD_WINDOW:
		/* The breaker's pauses are ours, not a server's wish. */
		return j->reason == REASON_BREAKER_OPEN
			       ? j->wait_ms
			       : MIN(j->wait_ms, c->config->retry_after_max_ms);
	case HOLD_NONE:
	case HOLD_COUNT:
		break;
	}
	return 0;
}

void channel_hold(struct channel *c, const struct judgement *trouble,
		  const struct now *now)
{
	int64_t wait = wait_of(c, trouble, now->wall_ms);
	bool is_news = c->state == CHANNEL_OPEN ||
		       c->trouble.reason != trouble->reason;
	c->trouble = *trouble;
	c->held_until_ms = now->ms + MAX(wait, 1);
	c->is_unsaved = c->is_in_trouble = true;
	/* What an operator paused stays paused; the trouble is remembered. */
	if (c->state != CHANNEL_PAUSED)
		enter(c, CHANNEL_HELD, now);
	if (is_news)
		log_error("channel held", LOG_STR("channel", c->name),
			  LOG_STR("reason", reason_id(trouble->reason)),
			  LOG_STR("answer", trouble->detail),
			  LOG_INT("probe_in_ms", wait));
}

void channel_open(struct channel *c, const struct now *now)
{
	c->held_by_fetch = 0;
	c->is_in_trouble = false;
	if (c->state == CHANNEL_OPEN || c->state == CHANNEL_PAUSED)
		return;
	log_info("channel open", LOG_STR("channel", c->name),
		 LOG_STR("was", reason_id(c->trouble.reason)));
	breaker_reset(&c->breaker);
	c->is_stale = true;
	enter(c, CHANNEL_OPEN, now);
}

void channel_pause(struct channel *c, const struct now *now)
{
	if (c->state == CHANNEL_PAUSED)
		return;
	log_warn("channel paused by an operator", LOG_STR("channel", c->name));
	enter(c, CHANNEL_PAUSED, now);
}

void channel_resume(struct channel *c, const struct now *now)
{
	log_info("channel resumed by an operator", LOG_STR("channel", c->name));
	c->is_unsaved = c->is_resume_heard = true;
	if (c->state == CHANNEL_PAUSED)
		enter(c, c->is_in_trouble ? CHANNEL_HELD : CHANNEL_OPEN, now);
	channel_probe(c, now);
}

void channel_probe(struct channel *c, const struct now *now)
{
	c->streak = (struct streak){0};
	breaker_reset(&c->breaker);
	c->is_stale = true;
	if (c->state == CHANNEL_HELD)
		c->held_until_ms = now->ms;
}

/* What says something of the endpoint. A recipient who is busy, or a row that
 * can never succeed, is an answer of one that works. */
static bool is_endpoint_trouble(const struct judgement *j)
{
	return (j->verdict == VERDICT_RETRY || j->verdict == VERDICT_UNKNOWN ||
		(j->verdict == VERDICT_REJECT && j->is_unsure)) &&
	       j->reason != REASON_RECIPIENT_BUSY;
}

static void trip(struct channel *c, const struct judgement *j,
		 const struct breaker_limits *limits, const struct now *now)
{
	struct judgement trouble = *j;
	trouble.verdict = VERDICT_DEFER;
	trouble.reason = REASON_BREAKER_OPEN;
	trouble.hold = HOLD_WINDOW;
	trouble.wait_ms = breaker_trip(&c->breaker, limits);
	channel_hold(c, &trouble, now);
}

void channel_hear(struct channel *c, struct judgement *j, const struct now *now)
{
	struct breaker_limits limits = {
		.in_a_row = (unsigned)c->config->breaker_failures,
		.pauses_ms = c->config->breaker_pause.ms,
		.pause_count = c->config->breaker_pause.count,
	};
	c->streak = judge_streak(c->streak, j);
	if (j->verdict == VERDICT_DEFER) {
		j->is_probe = c->state == CHANNEL_PROBING;
		if (j->hold != HOLD_NONE) {
			c->held_by_fetch = 0;
			channel_hold(c, j, now);
		}
		return;
	}
	bool is_trouble = is_endpoint_trouble(j);
	breaker_count(&c->breaker, is_trouble, now->ms);
	if (c->state == CHANNEL_PROBING) {
		if (!is_trouble || !limits.in_a_row) {
			channel_open(c, now);
			return;
		}
		trip(c, j, &limits, now);
		j->verdict = VERDICT_DEFER;
		j->is_probe = true;
	} else if (c->state == CHANNEL_OPEN && is_trouble &&
		   breaker_is_tripped(&c->breaker, &limits, now->ms)) {
		trip(c, j, &limits, now);
	}
}

const char *channel_state_name(const struct channel *c)
{
	static const char *const names[] = {
		[CHANNEL_OPEN] = "open",
		[CHANNEL_HELD] = "held",
		[CHANNEL_PROBING] = "held",
		[CHANNEL_PAUSED] = "paused",
	};
	_Static_assert(ARRAY_LEN(names) == CHANNEL_STATE_COUNT, "names");
	return names[c->state];
}
