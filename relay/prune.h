/*
 * Retention: deletes what the rules keep no longer, oldest first, in steps that
 * hold the write lock for milliseconds. Looks are made outside the lock, by
 * index; a step that finds nothing to do writes nothing and costs a few seeks.
 *
 * Rows that are pending or being sent, their attempts, and outbox_audit are
 * never touched. It has no timer of its own: call prune_step once a minute,
 * and, while it says that there is more, again after a rest.
 */
#pragma once

#include "schema/db.h"

struct config;
struct prune;

/* How long, how many: 0 is for ever, or no limit. */
struct prune_rules {
	int64_t keep_delivered_ms;
	int64_t keep_failed_ms; /* failed, expired and cancelled rows */
	int64_t keep_log_ms;
	int64_t keep_minutes_ms;
	int64_t max_log_rows;
	int64_t max_attempt_rows;
	/* Of the file, without its free pages: what a CRM keeps in the same
	 * file counts. Over it the oldest settled rows go before their time:
	 * delivered ones, then, if keep_failed_ms is set, the others. */
	int64_t max_db_bytes;
};

enum prune_kind {
	PRUNE_DELIVERED,
	PRUNE_EXPIRED,
	PRUNE_CANCELLED,
	PRUNE_FAILED,
	PRUNE_ATTEMPTS,
	PRUNE_LOG,
	PRUNE_MINUTES,
	PRUNE_RELAYS,
	PRUNE_KIND_COUNT
};

/* What was done since prune_create. */
struct prune_totals {
	int64_t deleted[PRUNE_KIND_COUNT];
	int64_t bytes_freed; /* given back by the file at its checkpoint */
	int64_t held_us;     /* how long the last step held the write lock */
	int64_t held_max_us;
};

/* Prepares its statements on a database of the current schema, which is
 * borrowed. */
struct prune *prune_create(struct db *db);
void prune_destroy(struct prune *prune);

/* What the settings ask for. */
struct prune_rules prune_rules_of(const struct config *config);

/* Does one piece of what there is to do, in at most one write transaction of
 * its own, of at most PRUNE_ROWS_MAX rows of one kind. *has_more_out: it found
 * something to do, so call again soon. DB_BUSY, DB_FULL, DB_REFUSED (by a
 * trigger that is not ours; db_message says what) and < 0: nothing was changed,
 * try again in a minute. */
int prune_step(struct prune *prune, const struct prune_rules *rules,
	       int64_t now_ms, bool *has_more_out);
enum { PRUNE_ROWS_MAX = 100 };

/* Borrowed. */
const struct prune_totals *prune_totals(const struct prune *prune);
