/*
 * A list of rows as a view: what its files share.
 *
 *	view_list.c	   keys, reading
 *	view_list_mark.c   which rows are marked
 *	view_list_ask.c	   the filter, and the menus of sorts and columns
 *	view_list_column.c what stands in the columns
 *	view_list_fit.c	   which columns fit, and how wide they are
 *	view_list_paint.c  all of it on the grid
 *	view_list_say.c	   the status row, and why a list is empty
 */
#pragma once

#include "tui/app.h"
#include "tui/rows.h"
#include "tui/view.h"

enum {
	LIST_TYPING_MS = 150,  /* without a key, until a filter applies */
	LIST_BELOW_COLS = 100, /* from here on the side pane fits below */
	LIST_BESIDE_COLS = 160,
	LIST_SKIP = 8, /* cells of a step sideways */
	LIST_SKIP_MOST = 1000
};

enum list_column {
	COLUMN_ID,
	COLUMN_STATE,
	COLUMN_CHANNEL,
	COLUMN_TO,
	COLUMN_KEY,
	COLUMN_TYPE,
	COLUMN_PRIORITY,
	COLUMN_TRY,
	COLUMN_AGE,
	COLUMN_DUE,
	COLUMN_TOOK,
	COLUMN_LAST_TRY,
	COLUMN_ERROR,
	COLUMN_COUNT
};

struct list_view {
	struct view view;
	int kind;
	struct rows *rows;     /* own */
	struct filter *filter; /* own; NULL: none */
	enum list_sort sort;
	bool is_reversed;
	int height;
	int64_t wanted; /* the row to stay on once it is read; 0: none */

	int64_t *marks; /* own; ascending */
	size_t mark_count, mark_cap;
	bool is_all;	    /* everything that passes the filter */
	int64_t range_from; /* where v was pressed; 0: nowhere */

	int widths[COLUMN_COUNT];   /* of columns, the most since the last
				       question */
	int fitted;		    /* cells that they were for */
	enum fmt_time fitted_times; /* and these times */
	unsigned columns;	    /* chosen, a bit each; 0: what fits */
	int skip; /* cells of the last column that are left out */
	bool is_side_open;
	struct view *side; /* own; NULL: was never open */
	int64_t side_id;

	char *typed; /* own; not yet applied, NULL */
	int64_t typed_at;
	char *before; /* own; the filter when the prompt was opened */
	char *wrong;  /* own; what is wrong with what is typed, NULL */
	char *asked;  /* own; a filter that waits for a yes */
};

/* view_list.c */
void list_ask(struct list_view *l, struct filter *filter);
void list_go_sort(struct list_view *l, enum list_sort sort, bool is_reversed);

/* view_list_mark.c */
bool list_is_marked(const struct list_view *l, int64_t id);
bool list_mark_act(struct list_view *l, struct app *app, enum action action);

/* view_list_ask.c */
/* The words behind :filter, as if they were typed. */
void list_take_words(struct list_view *l, struct app *app, const char *text);
void list_open_prompt(struct list_view *l, struct app *app);
void list_apply_typed(struct list_view *l, struct app *app);
void list_open_sorts(struct list_view *l, struct app *app);
void list_open_columns(struct list_view *l, struct app *app);
const char *list_sort_name(enum list_sort sort);

/* view_list_column.c */
struct column {
	const char *title; /* not yet translated */
	const char *name;  /* in the picker, likewise */
	int width, wide;   /* cells, at most, with little and much room */
	int rank;	   /* the largest goes first where there is no room */
	unsigned narrow_in, wide_in; /* kinds of list, a bit each */
};
const struct column *list_column(enum list_column column);
struct fmt list_column_title(const struct list_view *l,
			     enum list_column column);
/* The caller frees. */
char *list_cell(const struct list_view *l, const struct app *app,
		const struct row *row, enum list_column column);
int64_t list_age_from(const struct row *row);

/* view_list_fit.c */
struct list_fit {
	enum list_column columns[COLUMN_COUNT];
	int widths[COLUMN_COUNT];
	size_t count;
	int signs; /* cells of the cursor's sign and the mark */
};
void list_fit(struct list_view *l, const struct app *app, int cols,
	      struct list_fit *out);

/* view_list_paint.c */
void list_paint(struct view *v, struct app *app, struct grid *g,
		struct area area);
int list_rows_of(const struct list_view *l, struct area area);
struct area list_side_area(const struct list_view *l, struct area area);

/* view_list_say.c */
void list_status(struct view *v, struct app *app, struct buf *left,
		 struct buf *right);
char *list_empty(const struct list_view *l);
