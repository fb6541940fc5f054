#include "relay/channel.h"

#include "lib/log.h"
#include "lib/util.h"
#include "relay/config.h"

#include <stdlib.h>

enum { SHANGHAI_MS = 8 * 3600 * 1000, DAY_MS = 24 * 3600 * 1000 };

void channel_init(struct channel *c, const char *name,
		  const struct channel_kind *kind, const struct config *config)
{
	*c = (struct channel){
		.name = xstrdup(name),
		.kind = kind,
		.config = config,
		.is_stale = true,
		.next_due_ms = INT64_MAX,
		.is_unsaved = true,
	};
}

void channel_finish(struct channel *c)
{
	free(steal(&c->name));
}

static void enter(struct channel *c, enum channel_state state, int64_t wall_ms)
{
	if (c->state != state)
		c->state_since_ms = wall_ms;
	c->state = state;
	c->is_unsaved = true;
}

size_t channel_slots(struct channel *c, int64_t now_ms, int64_t wall_ms)
{
	if (c->state == CHANNEL_HELD && now_ms >= c->held_until_ms) {
		enter(c, CHANNEL_PROBING, wall_ms);
		c->is_stale = true;
	}
	switch (c->state) {
	case CHANNEL_OPEN:
		return (size_t)c->config->concurrency -
		       MIN(c->on_wire, (size_t)c->config->concurrency);
	case CHANNEL_PROBING:
		return c->on_wire ? 0 : 1;
	case CHANNEL_HELD:
	case CHANNEL_PAUSED:
	case CHANNEL_STATE_COUNT:
		break;
	}
	return 0;
}

static int64_t wait_of(const struct channel *c, const struct judgement *j,
		       int64_t wall_ms)
{
	switch (j->hold) {
	case HOLD_DAY:
		return DAY_MS - (wall_ms + SHANGHAI_MS) % DAY_MS;
	case HOLD_OPERATOR:
		return c->config->probe_ms ? c->config->probe_ms : j->wait_ms;
	case HOLD_WINDOW:
		return MIN(j->wait_ms, c->config->retry_after_max_ms);
	case HOLD_NONE:
	case HOLD_COUNT:
		break;
	}
	return 0;
}

void channel_hold(struct channel *c, const struct judgement *trouble,
		  int64_t now_ms, int64_t wall_ms)
{
	int64_t wait = wait_of(c, trouble, wall_ms);
	bool is_news = c->state == CHANNEL_OPEN ||
		       c->trouble.reason != trouble->reason;
	c->trouble = *trouble;
	c->held_until_ms = now_ms + MAX(wait, 1);
	enter(c, CHANNEL_HELD, wall_ms);
	if (is_news)
		log_error("channel held", LOG_STR("channel", c->name),
			  LOG_STR("reason", reason_id(trouble->reason)),
			  LOG_STR("answer", trouble->detail),
			  LOG_INT("probe_in_ms", wait));
}

void channel_open(struct channel *c, int64_t wall_ms)
{
	if (c->state == CHANNEL_OPEN)
		return;
	log_info("channel open", LOG_STR("channel", c->name),
		 LOG_STR("was", reason_id(c->trouble.reason)));
	c->held_by_fetch = 0;
	c->is_stale = true;
	enter(c, CHANNEL_OPEN, wall_ms);
}

void channel_hear(struct channel *c, const struct judgement *j, int64_t now_ms,
		  int64_t wall_ms)
{
	c->streak = judge_streak(c->streak, j);
	if (j->verdict == VERDICT_DEFER && j->hold != HOLD_NONE) {
		/* Answers of rows that were on the wire when it was held. */
		channel_hold(c, j, now_ms, wall_ms);
		return;
	}
	if (c->state == CHANNEL_PROBING)
		channel_open(c, wall_ms);
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
