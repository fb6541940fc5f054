/*
 * Settled rows that are too old, or in the way: which, and how many fit into
 * one step. What a row costs is read before the lock is taken, and with it the
 * pages that deleting it will need.
 */
#include "relay/prune_internal.h"

#include "lib/clock.h"
#include "lib/util.h"

/* A row with more attempts loses them first, in steps of its own. */
enum { ATTEMPTS_MAX = 500 };

/* A step's work, in pages that it writes. SQLite may overwrite what it deletes
 * (secure_delete, Debian's default), so a payload's pages are written, too. */
enum { COST_MAX = 150, COST_PAGE_BYTES = 4096, COST_ATTEMPTS = 4 };

/* Looking is not under the lock, but the relay's loop waits for it. */
enum { LOOK_US = 5000 };

struct candidate {
	int64_t id, version, attempts;
};

struct batch {
	struct candidate rows[PRUNE_ROWS_MAX];
	size_t count;
};

static int look(struct prune *p, enum prune_statement which, int64_t before_ms,
		struct batch *batch)
{
	int64_t until_us = clock_mono_us() + LOOK_US, cost = 0;
	scoped_stmt struct db_stmt *st = p->st[which];
	db_bind(st, "$before", before_ms);
	db_bind(st, "$attempts", ATTEMPTS_MAX + 1);
	db_bind(st, "$limit", PRUNE_ROWS_MAX);
	batch->count = 0;
	int rc;
	while ((rc = db_step(st)) == DB_ROW) {
		struct candidate *c = &batch->rows[batch->count++];
		*c = (struct candidate){db_int(st, 0), db_int(st, 1),
					db_int(st, 2)};
		cost += 1 + c->attempts / COST_ATTEMPTS +
			db_int(st, 3) / COST_PAGE_BYTES;
		if (cost >= COST_MAX || batch->count == PRUNE_ROWS_MAX ||
		    clock_mono_us() > until_us)
			return 0;
	}
	return rc;
}

static int delete_row(struct prune *p, const struct candidate *c,
		      enum prune_kind kind)
{
	if (c->attempts > ATTEMPTS_MAX) {
		int64_t deleted = 0;
		int rc = prune_attempts_of(p, c->id, ATTEMPTS_MAX, &deleted);
		p->pending[PRUNE_ATTEMPTS] += deleted;
		return rc;
	}
	struct db_stmt *st = p->st[DELETE_ROW];
	db_bind(st, "$id", c->id);
	db_bind(st, "$version", c->version);
	int rc = db_run(st);
	if (rc == 0 && db_changes(p->db) == 1) {
		p->pending[kind]++;
		p->pending[PRUNE_ATTEMPTS] += c->attempts;
	}
	return rc;
}

static int prune_rows(struct prune *p, enum prune_kind kind, int64_t before_ms,
		      bool *has_worked)
{
	static const enum prune_statement rows_of[] = {
		[PRUNE_DELIVERED] = DELIVERED_ROWS,
		[PRUNE_EXPIRED] = EXPIRED_ROWS,
		[PRUNE_CANCELLED] = CANCELLED_ROWS,
		[PRUNE_FAILED] = FAILED_ROWS,
	};
	struct batch batch;
	int rc = look(p, rows_of[kind], before_ms, &batch);
	if (rc || batch.count == 0)
		return rc;
	rc = prune_begin(p);
	if (rc)
		return rc;
	for (size_t i = 0; i < batch.count && rc == 0; i++) {
		if (i > 0 && !prune_has_time(p))
			break;
		rc = delete_row(p, &batch.rows[i], kind);
	}
	*has_worked = true;
	return prune_end(p, rc);
}

static int prune_aged(struct prune *p, enum prune_kind kind, int64_t keep_ms,
		      int64_t now_ms, bool *has_worked)
{
	if (!keep_ms)
		return 0;
	return prune_rows(p, kind, now_ms - keep_ms, has_worked);
}

int prune_delivered(struct prune *p, const struct prune_rules *rules,
		    int64_t now_ms, bool *has_worked)
{
	return prune_aged(p, PRUNE_DELIVERED, rules->keep_delivered_ms, now_ms,
			  has_worked);
}

int prune_expired(struct prune *p, const struct prune_rules *rules,
		  int64_t now_ms, bool *has_worked)
{
	return prune_aged(p, PRUNE_EXPIRED, rules->keep_failed_ms, now_ms,
			  has_worked);
}

int prune_cancelled(struct prune *p, const struct prune_rules *rules,
		    int64_t now_ms, bool *has_worked)
{
	return prune_aged(p, PRUNE_CANCELLED, rules->keep_failed_ms, now_ms,
			  has_worked);
}

int prune_failed(struct prune *p, const struct prune_rules *rules,
		 int64_t now_ms, bool *has_worked)
{
	return prune_aged(p, PRUNE_FAILED, rules->keep_failed_ms, now_ms,
			  has_worked);
}

int prune_by_bytes(struct prune *p, const struct prune_rules *rules,
		   int64_t now_ms, bool *has_worked)
{
	(void)now_ms;
	int64_t pages = 0;
	if (!rules->max_db_bytes)
		return 0;
	int rc = prune_used_pages(p, &pages);
	if (rc || pages * p->page_size <= rules->max_db_bytes)
		return rc;
	int last = rules->keep_failed_ms ? PRUNE_FAILED : PRUNE_DELIVERED;
	for (int k = PRUNE_DELIVERED; k <= last && rc == 0 && !*has_worked; k++)
		rc = prune_rows(p, (enum prune_kind)k, INT64_MAX, has_worked);
	return rc;
}
