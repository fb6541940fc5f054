/*
 * One list of rows: those of a kind that pass a filter, in an order that an
 * index has, seen through a window with a cursor. The cursor is a row's id: it
 * keeps its line of the screen when rows come and go above it.
 *
 * Reads in slices: rows_work looks until its deadline and remembers where it
 * was, so that no read transaction outlives a frame and a filter that has to
 * scan can be stopped.
 */
#pragma once

#include "tui/filter.h"
#include "tui/row.h"

enum list_kind {
	LIST_PENDING,	/* by due time, earliest first */
	LIST_SENDING,	/* by id */
	LIST_FAILED,	/* failed and expired, newest first */
	LIST_DELIVERED, /* newest first */
	LIST_ALL,	/* by id, newest first */
	LIST_KIND_COUNT
};

enum list_sort {
	SORT_ID,
	SORT_DUE,
	SORT_UPDATED, /* "age" of what failed or was delivered */
	SORT_COUNT
};

struct rows;

/* `db` is borrowed, and closed after rows_destroy. Nothing is read before
 * rows_work. */
struct rows *rows_create(struct db *db, enum list_kind kind);
void rows_destroy(struct rows *rows);

/* Whether this kind of list can be in that order, and which is its own. */
bool rows_can_sort(enum list_kind kind, enum list_sort sort);
enum list_sort rows_own_sort(enum list_kind kind);

/* The order that was asked for last. */
enum list_sort rows_sort(const struct rows *rows, bool *is_reversed_out);

/* Another question: from the top. The filter is borrowed and outlives it; NULL
 * passes everything. */
void rows_ask(struct rows *rows, const struct filter *filter,
	      enum list_sort sort, bool is_reversed);

/* The rows that the screen has room for. */
void rows_set_height(struct rows *rows, size_t height);

/* Reads everything again, keeping the cursor; the old rows stay until then. A
 * scan that took long is not begun again at once, and not while it is stopped,
 * unless it is the operator who asks. */
void rows_refresh(struct rows *rows);
void rows_refresh_now(struct rows *rows);

/* Stops a scan; what was found stays. rows_resume goes on. */
void rows_stop(struct rows *rows);
void rows_resume(struct rows *rows);

enum rows_outcome {
	ROWS_DONE = 0, /* all that the window needs is there */
	ROWS_MORE = DB_MISSING + 1
};

/* One slice of what there is to read; also DB_BUSY and < 0: the rows stay as
 * they were, try again later. Deadlines are of clock_mono_us. */
int rows_work(struct rows *rows, int64_t now_ms, int64_t deadline_us);

/* The window: rows on the screen, the cursor's line among them (0 if there are
 * none). Rows are borrowed until the next rows_work or move. */
size_t rows_count(const struct rows *rows);
const struct row *rows_at(const struct rows *rows, size_t line);
size_t rows_cursor(const struct rows *rows);
const struct row *rows_here(const struct rows *rows); /* NULL: none */

/* Moves the cursor by lines, or the window and the cursor by a page of them;
 * to the first (-1) or last (1); to a line of the window, or a row if it is in
 * reach. What is not read yet, rows_work reads. */
void rows_move(struct rows *rows, long lines);
void rows_page(struct rows *rows, long lines);
void rows_end(struct rows *rows, int direction);
void rows_go_line(struct rows *rows, size_t line);
bool rows_go_id(struct rows *rows, int64_t id);

/* The rows from that one to the cursor's, as far as they are in reach: how
 * many, and their ids, which the caller frees; 0: that one is not. */
size_t rows_span(const struct rows *rows, int64_t id, int64_t **ids_out);

struct rows_state {
	int64_t place;	    /* of the cursor, from 1; 0: not known */
	int64_t found;	    /* rows found, of the whole list if is_complete */
	int64_t looked;	    /* rows that a scan has looked at */
	int64_t read_at_ms; /* when what is shown was read; 0: never */
	bool is_complete;   /* found is all there is */
	bool is_scanning;   /* and there is more to look at */
	bool is_stopped;
};
struct rows_state rows_state(const struct rows *rows);
