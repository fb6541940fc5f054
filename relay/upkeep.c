/*
 * What the engine does beside delivering: the checkpoints of the WAL,
 * retention, alerts, and telling the service manager that it is alive.
 */
#include "relay/engine_internal.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/util.h"
#include "relay/notify.h"

enum {
	CHECKPOINT_RETRY_US = 100000,
	CHECKPOINT_BUSY_US = 2000,
	WAL_WARN_BYTES = 64 << 20,
	WAL_WARN_US = 600000000,
	PRUNE_REST_US = 50000,
	REROUTE_REST_US = 5000,
	REROUTE_WAIT_US = 200000,
	REROUTE_TROUBLE_US = 10000000,
	PAGE_BYTES = 4096,
};

/* A snapshot that a reader keeps open keeps the WAL from being used again. */
static void warn_of_wal(struct engine *e, int64_t pages, const struct now *now)
{
	if (pages * PAGE_BYTES < WAL_WARN_BYTES ||
	    (e->wal_warned_us && now->us - e->wal_warned_us < WAL_WARN_US))
		return;
	e->wal_warned_us = now->us;
	log_warn("the write-ahead log cannot shrink: some program keeps a "
		 "read transaction open; end it",
		 LOG_INT("wal_mib", pages * PAGE_BYTES >> 20));
}

void upkeep_checkpoint(struct engine *e, const struct now *now)
{
	struct db *db = store_db(e->store);
	if (now->us < e->checkpoint_at_us)
		return;
	int64_t pages = db_wal_pages(db);
	int64_t left = 0;
	int64_t begun_us = clock_mono_us();
	int rc = store_checkpoint(e->store, &left);
	if (rc == 0 && pages > db_wal_pages(db))
		commit_give_way(e, clock_mono_us() - begun_us);
	if (rc || left > 0)
		e->checkpoint_at_us = now->us + (rc ? CHECKPOINT_BUSY_US
						    : CHECKPOINT_RETRY_US);
	e->is_checkpoint_due = rc != 0;
	if (left > 0)
		warn_of_wal(e, pages, now);
}

static void prune(struct engine *e, const struct now *now)
{
	bool has_more = false;
	if (now->us < e->prune_at_us || e->options.is_once)
		return;
	struct prune_rules rules = prune_rules_of(e->config);
	prune_step(e->prune, &rules, now->wall_ms, &has_more);
	e->prune_at_us =
		now->us + (has_more ? PRUNE_REST_US : UPKEEP_PRUNE_EVERY_US);
}

/* When rows that follow their routes are looked after again. */
static int64_t reroute_next_us(struct engine *e, int rc,
			       enum reroute_state state)
{
	if (rc == DB_REFUSED)
		log_error("a row was not moved: a trigger that is not ours "
			  "refused",
			  LOG_STR("error", db_message(store_db(e->store))));
	if (rc == DB_BUSY)
		return CHECKPOINT_BUSY_US;
	if (rc)
		return e->options.is_once ? INT64_MAX : REROUTE_TROUBLE_US;
	switch (state) {
	case REROUTE_MORE:
		return REROUTE_REST_US;
	case REROUTE_WAITS:
		return REROUTE_WAIT_US;
	case REROUTE_DONE:
		break;
	}
	return INT64_MAX;
}

static void reroute(struct engine *e, const struct now *now)
{
	enum reroute_state state = REROUTE_DONE;
	if (e->phase != ENGINE_RUNNING || now->us < e->reroute_at_us ||
	    now->us < MAX(e->write_not_before_us, e->free_until_us))
		return;
	int64_t begun_us = clock_mono_us();
	int rc = store_reroute(e->store, &state);
	int64_t next_us = reroute_next_us(e, rc, state);
	e->reroute_at_us = next_us == INT64_MAX ? next_us : now->us + next_us;
	if (rc || state == REROUTE_DONE)
		return;
	for (size_t i = 0; i < e->channel_count; i++)
		e->channels[i]->is_stale = true;
	commit_give_way(e, clock_mono_us() - begun_us);
	upkeep_checkpoint(e, now);
}

/* The service manager starts the relay again if this stops. */
static void show_alive(struct engine *e, const struct now *now)
{
	if (e->watchdog_every_us == 0 || now->us < e->watchdog_at_us)
		return;
	e->watchdog_at_us = now->us + e->watchdog_every_us;
	notify_send("WATCHDOG=1");
}

void upkeep_tick(struct engine *e, const struct now *now)
{
	prune(e, now);
	reroute(e, now);
	alerts_tick(e, now);
	show_alive(e, now);
}
