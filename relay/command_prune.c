/* outbox-relay prune: the retention rules, applied now and to the end. */
#include "relay/command.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "relay/prune.h"

#include <stdio.h>
#include <unistd.h>

/* After each step others get the lock for some times as long as it was held, so
 * that a CRM with a busy_timeout of 50 ms never notices. */
enum { REST_TIMES = 3, REST_MIN_US = 2000, REST_MAX_US = 200000 };

/* The WAL is copied into the file each time it has grown by so many pages; see
 * relay/store.c. */
enum { CHECKPOINT_PAGES = 400 };

/* How long a database that stays busy or full is tried again. */
enum { PATIENCE_US = 30000000, RETRY_US = 20000 };

static int complain(struct db *db, int rc)
{
	const char *what = rc == DB_BUSY ? "locked by another program all the "
					   "time; try again"
			   : rc == DB_FULL ? "the disk is full, and deleting "
					     "needs room, too: make some first"
					   : db_message(db);
	command_complain("%s: %s", db_path(db), what);
	return EXIT_FAILED;
}

static void rest(const struct prune *prune)
{
	int64_t us = REST_TIMES * prune_totals(prune)->held_us;
	usleep((useconds_t)MIN(MAX(us, REST_MIN_US), REST_MAX_US));
}

struct files {
	struct db *db, *helper; /* own */
	int64_t checkpoint_at_pages;
};

/* If it is busy, then after a later step. What a reader keeps in the WAL is not
 * asked for again at once. */
static void checkpoint(struct files *f, int64_t at_pages)
{
	int64_t left = 0;
	if (db_wal_pages(f->db) >= at_pages &&
	    db_checkpoint(f->db, f->helper, &left) == 0)
		f->checkpoint_at_pages = left + CHECKPOINT_PAGES;
}

static int prune_all(struct files *f, struct prune *prune,
		     const struct prune_rules *rules)
{
	int64_t now_ms = clock_wall_ms();
	int64_t give_up_us = clock_mono_us() + PATIENCE_US;
	for (bool has_more = true; has_more;) {
		int rc = prune_step(prune, rules, now_ms, &has_more);
		if (rc == DB_BUSY && clock_mono_us() < give_up_us) {
			usleep(RETRY_US);
			continue;
		}
		if (rc)
			return rc;
		give_up_us = clock_mono_us() + PATIENCE_US;
		checkpoint(f, f->checkpoint_at_pages);
		if (has_more)
			rest(prune);
	}
	/* The file shrinks at a checkpoint; if not at this one, then later. */
	checkpoint(f, 1);
	return 0;
}

static void print_totals(const struct prune_totals *totals)
{
	static const char *const names[] = {
		[PRUNE_DELIVERED] = "delivered rows",
		[PRUNE_EXPIRED] = "expired rows",
		[PRUNE_CANCELLED] = "cancelled rows",
		[PRUNE_FAILED] = "failed rows",
		[PRUNE_ATTEMPTS] = "attempts",
		[PRUNE_LOG] = "log lines",
		[PRUNE_MINUTES] = "minutes of the charts",
		[PRUNE_RELAYS] = "relays that are gone",
	};
	_Static_assert(ARRAY_LEN(names) == PRUNE_KIND_COUNT, "one for each");
	puts("deleted:");
	for (size_t i = 0; i < PRUNE_KIND_COUNT; i++)
		printf("%12lld %s\n", (long long)totals->deleted[i], names[i]);
	printf("given back by the file:\n%12lld bytes\n",
	       (long long)totals->bytes_freed);
}

static int prune_with(struct files *f, const struct config *config)
{
	struct prune_rules rules = prune_rules_of(config);
	struct prune *prune = prune_create(f->db);
	int rc = prune_all(f, prune, &rules);
	/* What was deleted before a failure is deleted all the same. */
	print_totals(prune_totals(prune));
	prune_destroy(prune);
	return rc ? complain(f->db, rc) : EXIT_DONE;
}

int command_prune(const struct options *options)
{
	struct config config = {0};
	struct files f = {.checkpoint_at_pages = CHECKPOINT_PAGES};
	int rc = command_load_config(options, &config);
	if (rc)
		return rc;
	rc = command_open(config.db_path, COMMAND_BUSY_MS, &f.db);
	if (rc == 0 &&
	    db_open(&f.helper, config.db_path, DB_WRITE, COMMAND_BUSY_MS)) {
		command_complain("%s: cannot be opened again", config.db_path);
		rc = EXIT_FAILED;
	}
	if (rc == 0)
		rc = prune_with(&f, &config);
	db_close(f.helper);
	db_close(f.db);
	config_finish(&config);
	return rc;
}
