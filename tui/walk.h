/*
 * A walk over all rows of a list that pass a filter, in the list's order, in
 * slices: each ends by its deadline with the statement reset, and the next goes
 * on behind the last row. Lists, counts, groups and plans are all made of
 * walks, so that they cannot disagree on what matches.
 */
#pragma once

#include "tui/rows.h"

/* Where a walk stands: behind the row with this key of the order and id. */
struct walk_at {
	int64_t key;
	int64_t id;
	bool is_set; /* false: before the first */
};

struct walk;

struct walk_query {
	enum list_kind kind;
	enum list_sort sort;	     /* the list's own if it cannot have it */
	bool is_backward;	     /* against the order that is shown */
	const struct filter *filter; /* borrowed; NULL: everything */
	int64_t fence; /* rows above this id are left out; 0: none */
};

struct walk *walk_create(struct db *db, const struct walk_query *query);
void walk_destroy(struct walk *w);

/* The next slice begins behind this place, or on it. */
void walk_go(struct walk *w, const struct walk_at *at, bool is_inclusive);
struct walk_at walk_at(const struct walk *w);

/* What to do with a row that matches: false ends the slice behind it. The row's
 * columns (ROW_COLUMNS) are in the statement from column 0 on. */
typedef bool (*walk_visit)(void *arg, struct db_stmt *st,
			   const struct walk_at *at);

/* One row by its id: if it is in this list now and passes the filter, `visit`
 * is called with it (what it returns counts for nothing). 0, DB_BUSY, < 0. */
int walk_find(struct walk *w, int64_t id, walk_visit visit, void *arg,
	      int64_t now_ms);

/* Less than 0 if a comes before b in the walk's direction, 0: the same row. */
int walk_compare(const struct walk *w, const struct walk_at *a,
		 const struct walk_at *b);

/* Rows looked at so far, whether they matched or not. */
int64_t walk_looked(const struct walk *w);

/* One slice. ROWS_DONE: the end was reached; ROWS_MORE: the deadline or the
 * visitor ended it; DB_BUSY; < 0. */
int walk_work(struct walk *w, walk_visit visit, void *arg, int64_t now_ms,
	      int64_t deadline_us);
