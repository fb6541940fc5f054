/* What prune.c, prune_row.c and prune_attempt.c share; nobody else includes
 * it. */
#pragma once

#include "relay/prune.h"

enum prune_statement {
	DELIVERED_ROWS,
	EXPIRED_ROWS,
	CANCELLED_ROWS,
	FAILED_ROWS,
	DELETE_ROW,
	HAS_OLD_LOG,
	DELETE_OLD_LOG,
	HAS_SURPLUS_LOG,
	DELETE_SURPLUS_LOG,
	HAS_MINUTES,
	DELETE_MINUTES,
	HAS_RELAYS,
	DELETE_RELAYS,
	ATTEMPT_SLICE,
	COUNT_ATTEMPTS,
	ATTEMPTS_OF_ROWS,
	DELETE_ATTEMPTS,
	TOTAL_CHANGES,
	PAGES,
	FREE_PAGES,
	VACUUM,
	PRUNE_STATEMENT_COUNT
};

/* How many attempts there are: counted in slices, then bounded from above by
 * what this connection has written since, and counted again only when that is
 * over the limit. So nobody has to keep a counter with each attempt. */
struct attempt_count {
	bool is_known;
	int64_t rows;	       /* counted so far, or when it was last known */
	int64_t base;	       /* this connection's changes when that began */
	int64_t cursor;	       /* rows of the outbox up to this one are done */
	int64_t surplus;       /* > 0: so many are to be deleted now */
	int64_t not_before_ms; /* no new count: the last one led to nothing */
};

struct prune {
	struct db *db; /* borrowed */
	int64_t page_size;
	bool is_incremental; /* the file's auto_vacuum */
	size_t turn;	     /* the rule that is asked first */
	int64_t locked_at_us;
	int64_t pending[PRUNE_KIND_COUNT]; /* deleted, not committed */
	struct prune_totals totals;
	struct attempt_count attempts;
	struct db_stmt *st[PRUNE_STATEMENT_COUNT];
};

/* One question of prune_step: is there something over its limit? If so, one
 * piece of it is dealt with. */
typedef int prune_rule(struct prune *p, const struct prune_rules *rules,
		       int64_t now_ms, bool *has_worked);

prune_rule prune_delivered, prune_expired, prune_cancelled, prune_failed,
	prune_by_bytes, prune_attempts, prune_old_log, prune_surplus_log,
	prune_minutes, prune_relays;

/* The write transaction of a step, and its clock. prune_end commits, or rolls
 * back if rc is not 0, and returns what came of it. */
int prune_begin(struct prune *p);
int prune_end(struct prune *p, int rc);
bool prune_has_time(const struct prune *p);

/* A query for one number. */
int prune_get(struct prune *p, enum prune_statement which, int64_t *value_out);

/* Pages of the file that are in use. */
int prune_used_pages(struct prune *p, int64_t *pages_out);

/* Gives pages back to the file system when many are free, and the file can
 * shrink: one that we made, or one that its owner made so. */
int prune_shrink(struct prune *p, bool *has_worked);

/* Deletes the oldest `limit` attempts (and what else belongs to the last one's
 * claim) of a row that is not pending nor sending. */
int prune_attempts_of(struct prune *p, int64_t id, int64_t limit,
		      int64_t *deleted_out);
