#include "tui/walk.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "tui/walk_internal.h"

#include <stdlib.h>

/* How many rows are looked at between two looks at the clock. */
enum { STRIDE = 16 };

struct walk {
	struct walk_query query;
	struct walk_plan plan;
	struct db_stmt *scan, *fetch, *find; /* own; NULL if nothing matches */
	struct walk_at at;
	bool is_inclusive;
	int64_t looked;
};

struct walk *walk_create(struct db *db, const struct walk_query *query)
{
	struct walk *w = xcalloc(1, sizeof(*w));
	w->query = *query;
	walk_plan_make(&w->plan, db, query);
	if (!w->plan.is_empty) {
		w->scan = db_prepare(db, "walk", buf_str(&w->plan.scan));
		w->find = db_prepare(db, "walk_find", buf_str(&w->plan.find));
		w->fetch = db_prepare(db, "walk_row",
				      "SELECT " ROW_COLUMNS
				      " FROM outbox AS o WHERE o.id = $row");
	}
	return w;
}

void walk_destroy(struct walk *w)
{
	if (!w)
		return;
	db_discard(&w->scan);
	db_discard(&w->find);
	db_discard(&w->fetch);
	buf_finish(&w->plan.scan);
	buf_finish(&w->plan.find);
	free(w);
}

void walk_go(struct walk *w, const struct walk_at *at, bool is_inclusive)
{
	w->at = *at;
	w->is_inclusive = is_inclusive;
}

struct walk_at walk_at(const struct walk *w)
{
	return w->at;
}

int64_t walk_looked(const struct walk *w)
{
	return w->looked;
}

int walk_compare(const struct walk *w, const struct walk_at *a,
		 const struct walk_at *b)
{
	int sign = w->plan.is_descending ? -1 : 1;
	if (a->key != b->key)
		return a->key < b->key ? -sign : sign;
	return a->id == b->id ? 0 : a->id < b->id ? -sign : sign;
}

static void bind_common(const struct walk *w, struct db_stmt *st,
			int64_t now_ms)
{
	if (w->query.filter)
		filter_bind(w->query.filter, st, now_ms);
	if (w->query.fence)
		db_bind(st, "$fence", w->query.fence);
}

static void bind_scan(const struct walk *w, int64_t now_ms)
{
	bool is_down = w->plan.is_descending;
	int64_t first = is_down ? INT64_MAX : INT64_MIN;
	int64_t id = w->at.is_set ? w->at.id : first;
	if (w->at.is_set && w->is_inclusive)
		id += is_down ? 1 : -1;
	bind_common(w, w->scan, now_ms);
	db_bind(w->scan, "$id", id);
	if (w->plan.has_key)
		db_bind(w->scan, "$key", w->at.is_set ? w->at.key : first);
	if (w->plan.only_id)
		db_bind(w->scan, "$only", w->plan.only_id);
	else if (w->plan.only_key)
		db_bind(w->scan, "$only", w->plan.only_key);
}

/* Shows the visitor a row that matches; in *goes_on_out whether it wants more.
 * The scan that is under way keeps both on the same state of the database. */
static int show(struct walk *w, const struct walk_at *at, walk_visit visit,
		void *arg, bool *goes_on_out)
{
	scoped_stmt struct db_stmt *st = w->fetch;
	db_bind(st, "$row", at->id);
	const struct filter *filter = w->query.filter;
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	if (filter && !filter_accepts(filter, db_text(st, ROW_LAST_REASON),
				      db_text(st, ROW_LAST_ERROR)))
		return 0;
	*goes_on_out = visit(arg, st, at);
	return 0;
}

static struct walk_at read_at(struct db_stmt *st)
{
	return (struct walk_at){db_int(st, 0), db_int(st, 1), true};
}

static int scan(struct walk *w, walk_visit visit, void *arg,
		int64_t deadline_us)
{
	bool is_heavy = w->query.filter && filter_is_heavy(w->query.filter);
	bool goes_on = true;
	for (unsigned n = 1;; n++) {
		int rc = db_step(w->scan);
		if (rc != DB_ROW)
			return rc;
		struct walk_at at = read_at(w->scan);
		if (db_int(w->scan, 2))
			rc = show(w, &at, visit, arg, &goes_on);
		if (rc != DB_ROW && rc)
			return rc;
		w->at = at;
		w->is_inclusive = false;
		w->looked++;
		if (!goes_on)
			return ROWS_MORE;
		if ((is_heavy || n % STRIDE == 0) &&
		    clock_mono_us() >= deadline_us)
			return ROWS_MORE;
	}
}

int walk_work(struct walk *w, walk_visit visit, void *arg, int64_t now_ms,
	      int64_t deadline_us)
{
	if (w->plan.is_empty)
		return ROWS_DONE;
	bind_scan(w, now_ms);
	int rc = scan(w, visit, arg, deadline_us);
	db_reset(w->scan);
	return rc;
}

int walk_find(struct walk *w, int64_t id, walk_visit visit, void *arg,
	      int64_t now_ms)
{
	if (w->plan.is_empty)
		return 0;
	scoped_stmt struct db_stmt *st = w->find;
	bind_common(w, st, now_ms);
	db_bind(st, "$row", id);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	struct walk_at at = read_at(st);
	bool goes_on;
	return db_int(st, 2) ? show(w, &at, visit, arg, &goes_on) : 0;
}
