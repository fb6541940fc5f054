/* What tui/rows*.c share; nobody else includes it. */
#pragma once

#include "tui/walk.h"

enum {
	RUN_MAX = 4000,	  /* rows in memory */
	RUN_DEEP = 2000,  /* a place up to here is kept over a refresh */
	RUN_SMALL = 500,  /* a list up to here is read whole */
	HEIGHT_MAX = 500, /* rows of a screen */
	COSTLY = 20000,	  /* a scan that looks at so many rows is one */
	REST_FACTOR = 20  /* so much longer than it took, it rests */
};

struct run_entry {
	struct walk_at at;
	struct row *row; /* own */
};

/* Rows of the list that follow one another, and how far it is known. */
struct run {
	struct run_entry *entries; /* own */
	size_t count, cap;
	struct walk_at head, tail; /* looked up to here */
	bool is_head_done, is_tail_done;
	int64_t place; /* of the first entry, from 1; 0: not known */
	int64_t looked;
	int64_t read_at_ms;
};

void run_finish(struct run *run);

/* Takes the row over; at the tail, or at the head. */
void run_add(struct run *run, const struct walk_at *at, struct row *row,
	     bool is_head);
void run_remove(struct run *run, size_t index);

/* The entry with that id, run->count if there is none. */
size_t run_find(const struct run *run, int64_t id);

/* Forgets rows at one end. */
void run_drop(struct run *run, size_t count, bool is_head);

enum anchor { ANCHOR_ROW, ANCHOR_HEAD, ANCHOR_TAIL };

/* A run that is read aside while the one before it is shown. */
struct build {
	bool is_on;
	enum anchor anchor;
	bool is_found;	     /* ANCHOR_ROW: the row has been looked for */
	int64_t id;	     /* of that row */
	size_t cursor;	     /* its entry in run */
	size_t above, below; /* rows that are wanted around it */
	struct run run;
};

struct rows {
	struct db *db; /* borrowed */
	enum list_kind kind;
	enum list_sort sort;
	bool is_reversed;
	const struct filter *filter; /* borrowed */
	struct walk *down, *up;	     /* own; NULL until they are needed */
	size_t height;
	struct run run;
	size_t top, cursor; /* entries */
	struct build build;
	long owed; /* lines that a move has still to go */
	bool is_page_owed;
	bool is_wanted, is_urgent; /* a refresh */
	bool is_stopped;
	int64_t spent_us, spent_looked, rested_from_us;
};

/* How many rows are wanted before and behind the cursor's. */
void rows_reach(const struct rows *rows, size_t *above_out, size_t *below_out);

/* Which way a run has to grow: -1, 1, 0: it need not. */
int run_wants(const struct run *run, size_t cursor, size_t above, size_t below);

void build_begin(struct rows *rows, enum anchor anchor);
void build_drop(struct rows *rows);

/* Brings top and cursor into the run and the cursor into the window. */
void rows_settle(struct rows *rows);

/* Goes on with a move that had to wait for rows. */
void rows_pay(struct rows *rows);
