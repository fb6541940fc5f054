/*
 * What the engine does beside delivering: the checkpoints of the WAL,
 * retention, and telling the service manager that it is alive.
 */
#include "relay/engine_internal.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "relay/notify.h"

enum {
	CHECKPOINT_RETRY_US = 100000,
	CHECKPOINT_BUSY_US = 2000,
	WAL_WARN_BYTES = 64 << 20,
	WAL_WARN_US = 600000000,
	PRUNE_REST_US = 50000,
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
	show_alive(e, now);
}
