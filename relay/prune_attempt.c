/*
 * The limit of outbox_attempt in rows: how many there are without a counter
 * that each attempt would have to pay for, and which ones go.
 */
#include "relay/prune_internal.h"

#include "lib/util.h"

/* Counted in one step, some 1 ms; deleted in one. */
enum { SLICE_ROWS = 10000, DELETES_MAX = 500, LOOK_ROWS = 1000 };

/* No attempt takes less, so a file smaller than the limit times this needs no
 * counting. */
enum { ATTEMPT_BYTES_MIN = 32 };

/* Somewhat more than the surplus is deleted, so that not every attempt after
 * that needs a count: one part in this many of the limit. */
enum { SLACK_SHARE = 10 };

/* When all that is left belongs to rows that are not settled. */
enum { FUTILE_WAIT_MS = 3600000 };

int prune_attempts_of(struct prune *p, int64_t id, int64_t limit,
		      int64_t *deleted_out)
{
	struct db_stmt *st = p->st[DELETE_ATTEMPTS];
	db_bind(st, "$id", id);
	db_bind(st, "$limit", limit);
	int rc = db_run(st);
	if (rc == 0)
		*deleted_out = db_changes(p->db);
	return rc;
}

/* Without what was deleted here, which can only have made them fewer. */
static int count_changes(struct prune *p, int64_t *changes_out)
{
	int64_t changes = 0;
	int rc = prune_get(p, TOTAL_CHANGES, &changes);
	for (size_t i = 0; i < PRUNE_KIND_COUNT; i++)
		changes -= p->totals.deleted[i];
	if (rc == 0)
		*changes_out = changes;
	return rc;
}

static int start_count(struct prune *p)
{
	struct attempt_count *a = &p->attempts;
	*a = (struct attempt_count){0};
	return count_changes(p, &a->base);
}

static int find_slice_end(struct prune *p, int64_t *upto_out)
{
	scoped_stmt struct db_stmt *st = p->st[ATTEMPT_SLICE];
	db_bind(st, "$after", p->attempts.cursor);
	db_bind(st, "$slice", SLICE_ROWS);
	int rc = db_step(st);
	if (rc == DB_ROW) {
		*upto_out = db_int(st, 0);
		return 0;
	}
	*upto_out = INT64_MAX;
	return rc;
}

static int count_slice(struct prune *p, int64_t limit)
{
	struct attempt_count *a = &p->attempts;
	int64_t upto, rows = 0;
	int rc = find_slice_end(p, &upto);
	if (rc)
		return rc;
	struct db_stmt *st = p->st[COUNT_ATTEMPTS];
	db_bind(st, "$after", a->cursor);
	db_bind(st, "$upto", upto);
	rc = prune_get(p, COUNT_ATTEMPTS, &rows);
	if (rc)
		return rc;
	a->rows += rows;
	a->cursor = upto;
	if (upto < INT64_MAX)
		return 0;
	a->is_known = true;
	a->cursor = 0;
	if (a->rows > limit)
		a->surplus = a->rows - limit + limit / SLACK_SHARE;
	return 0;
}

struct slice {
	int64_t ids[DELETES_MAX]; /* settled rows with attempts */
	size_t count;
	int64_t last; /* the last row that was looked at; 0: there is none */
};

static int look(struct prune *p, struct slice *slice)
{
	scoped_stmt struct db_stmt *st = p->st[ATTEMPTS_OF_ROWS];
	db_bind(st, "$after", p->attempts.cursor);
	db_bind(st, "$limit", LOOK_ROWS);
	slice->count = 0;
	slice->last = 0;
	int rc;
	while ((rc = db_step(st)) == DB_ROW) {
		int64_t id = db_int(st, 0);
		if (id == slice->last)
			continue;
		if (slice->count == DELETES_MAX)
			return 0;
		slice->last = id;
		if (!db_int(st, 1))
			slice->ids[slice->count++] = id;
	}
	return rc;
}

/* *done_out: the rows up to this one have been dealt with. */
static int delete_slice(struct prune *p, const struct slice *slice,
			int64_t *done_out)
{
	int64_t left = MIN(p->attempts.surplus, DELETES_MAX);
	int64_t done = slice->last;
	int rc = 0;
	for (size_t i = 0; i < slice->count && rc == 0; i++) {
		int64_t id = slice->ids[i], deleted = 0;
		if (left <= 0 || !prune_has_time(p)) {
			done = id - 1;
			break;
		}
		rc = prune_attempts_of(p, id, left, &deleted);
		if (deleted >= left) /* there may be more of it */
			done = id - 1;
		p->pending[PRUNE_ATTEMPTS] += deleted;
		left -= deleted;
	}
	*done_out = done;
	return rc;
}

static int delete_surplus(struct prune *p, int64_t now_ms)
{
	struct attempt_count *a = &p->attempts;
	struct slice slice;
	int64_t done = 0;
	int rc = look(p, &slice);
	if (rc)
		return rc;
	if (slice.last == 0) {
		a->surplus = 0;
		a->not_before_ms = now_ms + FUTILE_WAIT_MS;
		return 0;
	}
	if (slice.count == 0) {
		a->cursor = slice.last;
		return 0;
	}
	rc = prune_begin(p);
	if (rc)
		return rc;
	rc = prune_end(p, delete_slice(p, &slice, &done));
	if (rc)
		return rc;
	a->rows -= p->pending[PRUNE_ATTEMPTS];
	a->surplus -= p->pending[PRUNE_ATTEMPTS];
	a->cursor = done;
	return 0;
}

static int is_over(struct prune *p, int64_t limit, bool *is_over_out)
{
	const struct attempt_count *a = &p->attempts;
	int64_t pages = 0, changes = 0;
	int rc = prune_used_pages(p, &pages);
	if (rc == 0)
		rc = count_changes(p, &changes);
	if (rc)
		return rc;
	bool may_be = pages * (p->page_size / ATTEMPT_BYTES_MIN) > limit;
	if (a->is_known)
		may_be = may_be && a->rows + changes - a->base > limit;
	*is_over_out = may_be;
	return 0;
}

int prune_attempts(struct prune *p, const struct prune_rules *rules,
		   int64_t now_ms, bool *has_worked)
{
	struct attempt_count *a = &p->attempts;
	int64_t limit = rules->max_attempt_rows;
	bool may_be_over = false;
	if (!limit)
		return 0;
	if (a->surplus > 0) {
		*has_worked = true;
		return delete_surplus(p, now_ms);
	}
	if (a->is_known || a->cursor == 0) {
		int rc = is_over(p, limit, &may_be_over);
		if (rc || !may_be_over || now_ms < a->not_before_ms)
			return rc;
		rc = start_count(p);
		if (rc)
			return rc;
	}
	*has_worked = true;
	return count_slice(p, limit);
}
