/*
 * A view: what fills the screen between the tabs and the status row. Each kind
 * is a table of functions and a struct that begins with struct view.
 */
#pragma once

#include "lib/buf.h"
#include "tui/action.h"
#include "tui/grid.h"
#include "tui/row.h"

struct app;
struct view;

/* Where to paint: never larger than the grid, possibly of no size. */
struct area {
	int y, x, rows, cols;
};

struct view_ops {
	unsigned where; /* IN_*; a list's view adds IN_FAILED on its tab */
	void (*destroy)(struct view *v);

	/* One slice of reading; outcomes as of rows_work. */
	int (*work)(struct view *v, struct app *app, int64_t deadline_us);

	/* Something changed in the database, or the operator asks. */
	void (*refresh)(struct view *v, struct app *app);

	void (*paint)(struct view *v, struct app *app, struct grid *g,
		      struct area area);

	/* What stands on the status row: left (filter ...), right (marks, place
	 * ...), without freshness, which the app adds. */
	void (*status)(struct view *v, struct app *app, struct buf *left,
		       struct buf *right);

	/* Does what a key asks, if it is this view's: false: it is not. */
	bool (*act)(struct view *v, struct app *app, enum action action);

	/* Everything from here on may be NULL. When what is shown was read. */
	int64_t (*read_at)(const struct view *v);

	/* The row under the cursor, borrowed; NULL: none. */
	const struct row *(*row)(const struct view *v);

	/* A mouse click on a cell of its area. */
	void (*click)(struct view *v, struct app *app, int y, int x);

	/* Where a search finds `text`, from the top line on, forward (1), or
	 * backward (-1): moves there. False: nowhere. */
	bool (*search)(struct view *v, struct app *app, const char *text,
		       int direction);
};

struct view {
	const struct view_ops *ops;
	unsigned where;
};

/* All of them: the caller's, ended by view->ops->destroy. */
struct view *view_home_create(struct app *app);
struct view *view_list_create(struct app *app, int list_kind);
struct view *view_log_create(struct app *app);
struct view *view_audit_create(struct app *app);
struct view *view_groups_create(struct app *app, const char *filter_text);

/* A row in full. `list` is the view that it was opened from, whose cursor J and
 * K move; NULL: none. */
struct view *view_detail_create(struct app *app, int64_t id, struct view *list);

/* The same as a pane beside or below a list; painted and worked by that. */
void view_detail_show(struct view *detail, int64_t id);

/* For J and K, and for acts after which a list goes on. */
bool view_list_step(struct view *list, struct app *app, int direction);

/* What a list's act is about: its marks (ids; count 0: the cursor's row, or
 * none), or with *is_all_out everything that passes its filter. Borrowed until
 * the next change. */
const int64_t *view_list_marks(struct view *list, size_t *count_out,
			       bool *is_all_out);
void view_list_unmark(struct view *list);

/* Its filter, and a new one: false, with a notice, if it cannot be read. */
const char *view_list_filter(const struct view *list);
bool view_list_set_filter(struct view *list, struct app *app, const char *text);
int view_list_kind(const struct view *list);

/* Adds where its cursor is, "4/37", as far as that is known. */
void view_list_place(const struct view *list, const struct app *app,
		     struct buf *out);
