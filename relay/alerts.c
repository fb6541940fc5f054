#include "relay/alerts.h"

#include "lib/log.h"
#include "lib/util.h"
#include "relay/alerts_internal.h"

#include <stdlib.h>

enum {
	EVERY_MOST_MS = 5000,
	BUSY_WAIT_US = 50000,
	TROUBLE_WAIT_US = 10000000,
	CLOCK_SET_MS = 2000,
	ONCE_TRIES = 20 /* each waits for COMMAND_BUSY_MS */
};

struct alerts *alerts_create(void)
{
	struct alerts *a = xcalloc(1, sizeof(*a));
	a->set_ms = ALERT_NEVER;
	return a;
}

void alerts_destroy(struct alerts *a)
{
	if (!a)
		return;
	alert_store_destroy(a->store);
	alert_book_finish(&a->book);
	free(a);
}

int64_t alerts_deadline_us(const struct alerts *a, const struct config *config)
{
	return config->alert.channel[0] ? a->at_us : INT64_MAX;
}

/* What is kept is dated by the wall clock, and has to be written anew when that
 * is set. */
static void watch_clock(struct alerts *a, const struct now *now)
{
	int64_t offset_ms = now->wall_ms - now->ms;
	if (a->offset_ms && llabs(offset_ms - a->offset_ms) > CLOCK_SET_MS) {
		a->set_ms = now->ms;
		a->book.is_changed = true;
	}
	a->offset_ms = offset_ms;
}

static int load(struct engine *e, const struct now *now)
{
	struct alerts *a = e->alerts;
	struct alert_time time = {now->ms, now->wall_ms};
	if (!a->store)
		a->store = alert_store_create(store_db(e->store));
	int rc = alert_store_load(a->store, &time, &a->book);
	a->is_loaded = rc == 0;
	return rc;
}

/* What has just been written is due now. */
static void wake_channel(struct engine *e)
{
	for (size_t i = 0; i < e->channel_count; i++)
		e->channels[i]->is_stale = true;
	store_look_expiry(e->store, &e->next_expiry_ms);
}

static int decide(struct engine *e, const struct alert_facts *facts,
		  const struct now *now)
{
	struct alerts *a = e->alerts;
	struct alert_time time = {now->ms, now->wall_ms};
	struct alert_rules rules = {
		/* Nobody stays to see for how long it is gone. */
		.calm_ms = e->options.is_once ? 0 : e->config->alert.calm_ms,
		.repeat_ms = e->config->alert.repeat_ms,
	};
	struct alert_book book;
	struct alert_notices notices;
	alert_book_copy(&book, &a->book);
	book.is_changed = a->book.is_changed;
	alert_decide(&book, facts->list, facts->count, &rules, &time, &notices);
	int rc = 0;
	if (book.is_changed)
		rc = alerts_tell(e, &book, &notices, now);
	if (rc == 0 && notices.count)
		wake_channel(e);
	alert_notices_finish(&notices);
	/* What was not written has not been decided. */
	if (rc == 0) {
		struct alert_book old = a->book;
		a->book = book;
		a->book.is_changed = false;
		book = old;
	}
	alert_book_finish(&book);
	return rc;
}

static int look_and_decide(struct engine *e, const struct now *now)
{
	struct alert_facts facts = {0};
	int rc = e->alerts->is_loaded ? 0 : load(e, now);
	if (rc)
		return rc;
	watch_clock(e->alerts, now);
	rc = alerts_look(e, now, &facts);
	if (rc == 0)
		rc = decide(e, &facts, now);
	free(facts.list);
	return rc;
}

static int look(struct engine *e, const struct now *now)
{
	int rc = look_and_decide(e, now);
	if (rc == DB_REFUSED)
		log_error("an alert was refused by a trigger that is not ours",
			  LOG_STR("error", db_message(store_db(e->store))));
	return rc;
}

void alerts_tick(struct engine *e, const struct now *now)
{
	struct alerts *a = e->alerts;
	if (e->options.is_once || e->phase != ENGINE_RUNNING ||
	    now->us < alerts_deadline_us(a, e->config) ||
	    now->us < MAX(e->write_not_before_us, e->free_until_us))
		return;
	int rc = look(e, now);
	int64_t every_ms = MIN(e->config->heartbeat_ms, (int64_t)EVERY_MOST_MS);
	if (rc == 0)
		a->at_us = now->us + every_ms * 1000;
	else
		a->at_us = now->us +
			   (rc == DB_BUSY ? BUSY_WAIT_US : TROUBLE_WAIT_US);
}

void alerts_look_once(struct engine *e, const struct now *now)
{
	struct alerts *a = e->alerts;
	int rc = 0;
	if (a->is_done || e->phase != ENGINE_RUNNING ||
	    !e->config->alert.channel[0])
		return;
	for (int tries = 0; tries < ONCE_TRIES; tries++) {
		rc = look(e, now);
		if (rc != DB_BUSY)
			break;
	}
	if (rc)
		log_warn("trouble was not looked for: the database could not "
			 "be written");
	a->is_done = true;
}
