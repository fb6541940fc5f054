/* Columns are as wide as what stands in them, up to their widths in the table;
 * while the last one has too little room, the least important goes. */
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"
#include "tui/view_list_internal.h"

#include <stdlib.h>
#include <string.h>

enum { LAST_LEAST = 16, SMALL_CHANNEL = 7, TIME_WIDTH = 11 };

static bool is_wide(int cols)
{
	return cols >= APP_WIDE_COLS;
}

static bool is_in(const struct list_view *l, enum list_column column, int cols)
{
	const struct column *c = list_column(column);
	if (l->columns)
		return l->columns & 1U << column;
	return (is_wide(cols) ? c->wide_in : c->narrow_in) & 1U << l->kind;
}

/* A point of time takes more room than a span. */
static bool is_time(enum list_column column)
{
	return column == COLUMN_AGE || column == COLUMN_DUE ||
	       column == COLUMN_LAST_TRY;
}

/* Columns only grow while one scrolls: what moved would have to be found
 * again. */
static int measure(struct list_view *l, const struct app *app,
		   enum list_column column, int cols)
{
	const struct column *c = list_column(column);
	int most = is_wide(cols) ? c->wide : c->width;
	int width = grid_width(list_column_title(l, column).s);
	if (cols < APP_SMALL_COLS && column == COLUMN_CHANNEL)
		most = SMALL_CHANNEL;
	if (is_time(column) && app_times(app) != FMT_AGO)
		most = MAX(most, (int)TIME_WIDTH);
	for (size_t i = 0; i < rows_count(l->rows); i++) {
		scoped_free char *text =
			list_cell(l, app, rows_at(l->rows, i), column);
		width = MAX(width, MIN(grid_width(text), most));
	}
	l->widths[column] = MAX(l->widths[column], width);
	return l->widths[column];
}

/* The error is last anyway; where there is none, the key is. */
static void order(const struct list_view *l, int cols, struct list_fit *fit)
{
	bool has_error = is_in(l, COLUMN_ERROR, cols);
	fit->count = 0;
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (is_in(l, i, cols) && (has_error || i != COLUMN_KEY))
			fit->columns[fit->count++] = i;
	if (!has_error && is_in(l, COLUMN_KEY, cols))
		fit->columns[fit->count++] = COLUMN_KEY;
}

/* What is left for the last column. */
static int room(const struct list_fit *fit, int cols)
{
	for (size_t i = 0; i + 1 < fit->count; i++)
		cols -= fit->widths[i] + 1;
	return cols - fit->signs;
}

static void drop(struct list_fit *fit, size_t at)
{
	fit->count--;
	for (size_t i = at; i < fit->count; i++) {
		fit->columns[i] = fit->columns[i + 1];
		fit->widths[i] = fit->widths[i + 1];
	}
}

/* The one that matters least, but for the last, which takes what is left. */
static size_t find_least(const struct list_fit *fit)
{
	size_t least = 0;
	for (size_t i = 0; i + 1 < fit->count; i++)
		if (list_column(fit->columns[i])->rank >
		    list_column(fit->columns[least])->rank)
			least = i;
	return least;
}

void list_fit(struct list_view *l, const struct app *app, int cols,
	      struct list_fit *out)
{
	bool is_small = cols < APP_SMALL_COLS;
	out->signs = is_small ? 2 : 3;
	if (cols != l->fitted || app_times(app) != l->fitted_times)
		memset(l->widths, 0, sizeof(l->widths));
	l->fitted = cols;
	l->fitted_times = app_times(app);
	order(l, cols, out);
	for (size_t i = 0; i + 1 < out->count; i++)
		out->widths[i] =
			measure(l, app, out->columns[i], cols) + !is_small;
	while (out->count > 1 && room(out, cols) < LAST_LEAST) {
		size_t least = find_least(out);
		/* An id alone says more than a word without an id. */
		if (out->columns[least] == COLUMN_ID)
			break;
		drop(out, least);
	}
	if (out->count)
		out->widths[out->count - 1] = MAX(room(out, cols), 0);
}
