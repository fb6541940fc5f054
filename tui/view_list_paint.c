#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"
#include "tui/view_list_internal.h"

#include <stdlib.h>

static bool is_beside(const struct list_view *l, struct area area)
{
	return l->is_side_open && area.cols >= LIST_BESIDE_COLS;
}

static bool is_below(const struct list_view *l, struct area area)
{
	return l->is_side_open && area.cols >= LIST_BELOW_COLS &&
	       !is_beside(l, area) && area.rows >= 8;
}

/* Under the rule, or right of it. */
struct area list_side_area(const struct list_view *l, struct area area)
{
	struct area side = {0};
	if (is_beside(l, area)) {
		side = area;
		side.x += area.cols / 2 + 1;
		side.cols -= area.cols / 2 + 1;
	} else if (is_below(l, area)) {
		side = area;
		side.y += area.rows / 2 + 1;
		side.rows -= area.rows / 2 + 1;
	}
	return side;
}

static struct area main_area(const struct list_view *l, struct area area)
{
	if (is_beside(l, area))
		area.cols /= 2;
	else if (is_below(l, area))
		area.rows /= 2;
	return area;
}

/* Without the head, which goes where there is little room. */
int list_rows_of(const struct list_view *l, struct area area)
{
	struct area list = main_area(l, area);
	bool has_head = list.cols >= APP_SMALL_COLS && list.rows > 4;
	return MAX(list.rows - has_head, 0);
}

static void paint_head(const struct list_view *l, struct grid *g,
		       struct area area, const struct list_fit *fit)
{
	int x = area.x + fit->signs;
	for (size_t i = 0; i < fit->count; i++) {
		int left = area.x + area.cols - x;
		grid_put(g, area.y, x, MIN(fit->widths[i], left), STYLE_HEAD,
			 list_column_title(l, fit->columns[i]).s);
		x += fit->widths[i] + 1;
	}
}

static enum style cell_style(const struct row *row, enum list_column column)
{
	if (row->is_gone)
		return STYLE_DIM;
	if (column != COLUMN_STATE)
		return STYLE_TEXT;
	switch (row->status) {
	case MESSAGE_FAILED:
	case MESSAGE_EXPIRED:
		return STYLE_BAD;
	case MESSAGE_SENDING:
		return STYLE_WARN;
	case MESSAGE_DELIVERED:
		return STYLE_GOOD;
	case MESSAGE_PENDING:
	case MESSAGE_CANCELLED:
	case MESSAGE_STATUS_COUNT:
		break;
	}
	return STYLE_TEXT;
}

static void paint_cells(const struct list_view *l, const struct app *app,
			struct grid *g, struct area line,
			const struct list_fit *fit, const struct row *row)
{
	int x = line.x + fit->signs;
	for (size_t i = 0; i < fit->count; i++) {
		bool is_last = i + 1 == fit->count;
		int room = MIN(fit->widths[i], line.x + line.cols - x);
		scoped_free char *text =
			is_last && row->is_gone
				? xstrdup(_("no longer in this list"))
				: list_cell(l, app, row, fit->columns[i]);
		grid_put_from(g, line.y, x, room,
			      cell_style(row, fit->columns[i]), text,
			      is_last ? l->skip : 0);
		x += fit->widths[i] + 1;
	}
}

static void paint_row(const struct list_view *l, const struct app *app,
		      struct grid *g, struct area line,
		      const struct list_fit *fit, size_t at)
{
	const struct row *row = rows_at(l->rows, at);
	bool is_here = at == rows_cursor(l->rows);
	bool is_marked = list_is_marked(l, row->id);
	paint_cells(l, app, g, line, fit, row);
	grid_put(g, line.y, line.x, 1, STYLE_TEXT, is_here ? ">" : " ");
	if (is_marked && (fit->signs > 2 || !is_here))
		grid_put(g, line.y, line.x + (fit->signs > 2), 1, STYLE_TEXT,
			 "*");
	else if (is_marked)
		grid_put(g, line.y, line.x + 1, 1, STYLE_TEXT, "*");
	if (is_here || is_marked)
		grid_restyle(g, line.y, line.x, line.cols,
			     is_here ? STYLE_CURSOR : STYLE_MARKED);
	if (is_here) {
		g->cursor_y = line.y;
		g->cursor_x = line.x;
	}
}

static void paint_side(struct list_view *l, struct app *app, struct grid *g,
		       struct area area)
{
	struct area side = list_side_area(l, area);
	if (side.rows <= 0 || side.cols <= 0)
		return;
	if (is_beside(l, area))
		for (int y = 0; y < side.rows; y++)
			grid_art(g, side.y + y, side.x - 1, ART_VERTICAL,
				 STYLE_FRAME);
	else
		grid_rule(g, side.y - 1, side.x, side.cols, STYLE_FRAME, NULL);
	if (l->side && rows_here(l->rows))
		l->side->ops->paint(l->side, app, g, side);
}

void list_paint(struct view *v, struct app *app, struct grid *g,
		struct area area)
{
	struct list_view *l = (struct list_view *)v;
	struct area list = main_area(l, area), line = list;
	struct list_fit fit;
	int height = list_rows_of(l, area);
	if (height != l->height)
		app_stir(app);
	list_fit(l, app, list.cols, &fit);
	if (height < list.rows)
		paint_head(l, g, list, &fit);
	line.y += list.rows - height;
	line.rows = 1;
	for (size_t i = 0; i < rows_count(l->rows) && (int)i < height; i++) {
		paint_row(l, app, g, line, &fit, i);
		line.y++;
	}
	if (rows_count(l->rows) == 0 && height > 0) {
		scoped_free char *why = list_empty(l);
		line.y += height > 2;
		grid_put(g, line.y, line.x + fit.signs, line.cols - fit.signs,
			 STYLE_DIM, why);
	}
	paint_side(l, app, g, area);
}
