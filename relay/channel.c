#include "relay/channel.h"

#include "lib/log.h"
#include "lib/shanghai.h"
#include "lib/util.h"
#include "relay/config.h"
#include "relay/openids.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No fetch has this number: see channel.h. */
enum { FETCH_OF_BEFORE = -1 };

struct channel *channel_create(const struct config *config,
			       const struct config_channel *settings)
{
	struct channel *c = xcalloc(1, sizeof(*c));
	c->name = xstrdup(settings->name);
	c->next_due_ms = INT64_MAX;
	channel_adopt(c, config, settings);
	return c;
}

struct channel *channel_create_unknown(const char *name)
{
	static const struct channel_kind no_kind = {.name = ""};
	struct channel *c = xcalloc(1, sizeof(*c));
	c->name = xstrdup(name);
	c->kind = &no_kind;
	c->next_due_ms = INT64_MAX;
	channel_adopt(c, NULL, NULL);
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

/* Why nothing can be sent, as a deferral that costs a row nothing. */
static struct judgement lack_of(const struct config *config,
				const struct channel_kind *kind)
{
	struct judgement lack = {
		.verdict = VERDICT_DEFER,
		.hold = HOLD_OPERATOR,
	};
	scoped_free char *missing = NULL;
	if (!kind) {
		lack.reason = REASON_CHANNEL_UNKNOWN;
		snprintf(lack.detail, sizeof(lack.detail),
			 "the settings have no channel of this name");
	} else if (kind->needs_token &&
		   (missing = config_list_missing(config))) {
		lack.reason = REASON_SETTINGS_MISSING;
		snprintf(lack.detail, sizeof(lack.detail),
			 "not set, or a placeholder: %s", missing);
	}
	return lack;
}

void channel_adopt(struct channel *c, const struct config *config,
		   const struct config_channel *settings)
{
	c->is_stale = true;
	c->is_unsaved = true;
	if (!settings) {
		c->lack = lack_of(NULL, NULL);
		return;
	}
	c->config = config;
	c->settings = settings;
	c->adoptions++;
	c->kind = channel_kind_find(settings->kind);
	c->lack = lack_of(config, c->kind);
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
	const char *before = channel_state_name(c);
	c->state = state;
	if (before != channel_state_name(c))
		c->state_since_ms = now->wall_ms;
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
	if (c->state != CHANNEL_HELD || c->is_lack_told ||
	    now->ms < c->held_until_ms)
		return;
	enter(c, CHANNEL_PROBING, now);
	c->is_stale = true;
}

size_t channel_slots(struct channel *c, size_t settled, const struct now *now)
{
	if (c->lack.reason)
		return 0;
	size_t most = room(c);
	size_t taken = c->on_wire - settled;
	if (taken >= most)
		return 0;
	return pace_allowance(&c->pace, most - taken, now->us, now->wall_ms);
}

int64_t channel_deadline_us(struct channel *c, const struct now *now)
{
	if (c->lack.reason || c->state == CHANNEL_PAUSED)
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

static void enter_trouble(struct channel *c, const struct judgement *trouble,
			  const struct now *now)
{
	c->trouble = *trouble;
	c->is_lack_told = false;
	c->is_unsaved = c->is_in_trouble = true;
	/* What an operator paused stays paused; the trouble is remembered. */
	if (c->state != CHANNEL_PAUSED)
		enter(c, CHANNEL_HELD, now);
}

void channel_hold(struct channel *c, const struct judgement *trouble,
		  const struct now *now)
{
	int64_t wait = wait_of(c, trouble, now->wall_ms);
	bool is_news = c->state == CHANNEL_OPEN ||
		       c->trouble.reason != trouble->reason;
	enter_trouble(c, trouble, now);
	c->held_until_ms = now->ms + MAX(wait, 1);
	if (is_news)
		log_error("channel held", LOG_STR("channel", c->name),
			  LOG_STR("reason", reason_id(trouble->reason)),
			  LOG_STR("answer", trouble->detail),
			  LOG_INT("probe_in_ms", wait));
}

void channel_open(struct channel *c, const struct now *now)
{
	c->held_by_fetch = 0;
	c->unproved = (struct judgement){0};
	c->is_in_trouble = c->is_lack_told = false;
	if (c->state == CHANNEL_OPEN || c->state == CHANNEL_PAUSED)
		return;
	log_info("channel open", LOG_STR("channel", c->name),
		 LOG_STR("was", reason_id(c->trouble.reason)));
	breaker_reset(&c->breaker);
	c->is_stale = true;
	enter(c, CHANNEL_OPEN, now);
}

void channel_hold_for_token(struct channel *c, const struct judgement *trouble,
			    int64_t fetch, const struct now *now)
{
	if (c->state == CHANNEL_PROBING && !c->held_by_fetch)
		c->unproved = c->trouble;
	channel_hold(c, trouble, now);
	c->held_by_fetch = fetch;
}

void channel_hear_of_token(struct channel *c, const struct now *now)
{
	if (!c->held_by_fetch)
		return;
	if (!c->unproved.reason) {
		channel_open(c, now);
		return;
	}
	enter_trouble(c, &c->unproved, now);
	c->unproved = (struct judgement){0};
	c->held_by_fetch = 0;
	c->held_until_ms = now->ms;
}

void channel_mind_lack(struct channel *c, const struct now *now)
{
	bool is_missed = c->lack.reason && c->next_due_ms != INT64_MAX;
	bool is_told = c->is_lack_told && c->trouble.reason == c->lack.reason &&
		       strcmp(c->trouble.detail, c->lack.detail) == 0;
	if (is_missed && !is_told) {
		enter_trouble(c, &c->lack, now);
		c->held_by_fetch = 0;
		c->is_lack_told = true;
		log_error("channel held", LOG_STR("channel", c->name),
			  LOG_STR("reason", reason_id(c->lack.reason)),
			  LOG_STR("answer", c->lack.detail));
	} else if (!is_missed && (c->lack.reason || c->is_lack_told)) {
		channel_open(c, now);
	}
}

void channel_recall(struct channel *c, const struct judgement *trouble,
		    int64_t since_ms)
{
	c->trouble = *trouble;
	c->state = CHANNEL_HELD;
	c->state_since_ms = since_ms;
	c->is_in_trouble = true;
	c->is_lack_told = trouble->reason == REASON_CHANNEL_UNKNOWN ||
			  trouble->reason == REASON_SETTINGS_MISSING;
	/* A token that comes mends what a token may be refused for. */
	if (c->kind->needs_token && judge_is_of_token(trouble->reason))
		c->held_by_fetch = FETCH_OF_BEFORE;
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
	static const char held[] = "held";
	static const char *const names[] = {
		[CHANNEL_OPEN] = "open",
		[CHANNEL_HELD] = held,
		[CHANNEL_PROBING] = held,
		[CHANNEL_PAUSED] = "paused",
	};
	_Static_assert(ARRAY_LEN(names) == CHANNEL_STATE_COUNT, "names");
	return names[c->state];
}
