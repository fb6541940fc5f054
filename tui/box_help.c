#include "tui/box.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app.h"
#include "tui/box_frame.h"
#include "tui/help_layout.h"
#include "tui/input.h"

#include <stdlib.h>
#include <string.h>

enum { COLS_MAX = 116 };

struct box_help {
	struct box box;
	unsigned where;
	bool is_typing; /* the prompt is this box's */
	struct help help;
	size_t page, pages; /* as of the last paint */
	int rows; /* the most that were needed, so that it keeps its size */
};

static void destroy(struct box *box)
{
	struct box_help *b = (struct box_help *)box;
	if (b->is_typing)
		prompt_end();
	help_finish(&b->help);
	free(b);
}

static void close_box(struct box_help *b, struct app *app)
{
	b->is_typing = false;
	prompt_end();
	app_close_box(app);
}

static void key(struct box *box, struct app *app, int32_t key)
{
	struct box_help *b = (struct box_help *)box;
	switch (key) {
	case INPUT_ESCAPE:
	case INPUT_ENTER:
	case INPUT_CTRL('C'):
		close_box(b, app);
		break;
	case INPUT_DOWN:
	case INPUT_PAGE_DOWN:
	case INPUT_WHEEL_DOWN:
	case INPUT_CTRL('F'):
		b->page += b->page + 1 < b->pages;
		break;
	case INPUT_UP:
	case INPUT_PAGE_UP:
	case INPUT_WHEEL_UP:
	case INPUT_CTRL('B'):
		b->page -= b->page > 0;
		break;
	default:
		if (!prompt_key(key))
			break;
		help_finish(&b->help);
		help_init(&b->help, app_keymap(app), b->where, prompt_text());
		b->page = 0;
		break;
	}
}

static void paint_row(struct app *app, struct grid *g, int y, int x, int cols,
		      const struct help_row *row)
{
	if (!row->line)
		return;
	bool is_off = row->line->is_off && app_is_read_only(app);
	enum style style = is_off ? STYLE_DIM : STYLE_TEXT;
	scoped_free char *text =
		xstrndup(row->line->text + row->from, row->len);
	if (row->line->is_head && is_off)
		grid_putf(g, y, x, cols, STYLE_HEAD, _("%s (off: read-only)"),
			  text);
	else if (row->line->is_head)
		grid_put(g, y, x, cols, STYLE_HEAD, text);
	else
		grid_put(g, y, x + row->indent, cols - row->indent, style,
			 text);
	if (row->is_first && *row->line->keys)
		grid_put(g, y, x + 1, cols - 1, is_off ? STYLE_DIM : STYLE_KEY,
			 row->line->keys);
}

static void paint_page(const struct box_help *b, struct app *app,
		       struct grid *g, struct area a,
		       const struct help_layout *l)
{
	size_t height = (size_t)l->column_rows;
	size_t first = b->page * height * (size_t)l->columns;
	for (int column = 0; column < l->columns; column++) {
		int x = a.x + (a.cols - l->column_cols) * column;
		for (int y = 0; y < l->column_rows && y < a.rows; y++) {
			size_t at = first + height * (size_t)column + (size_t)y;
			if (at < l->count)
				paint_row(app, g, a.y + y, x, l->column_cols,
					  &l->rows[at]);
		}
	}
}

/* What is typed, and on the right the page; that stays if there is no room. */
static void paint_head(const struct box_help *b, struct grid *g, struct area a)
{
	const char *label = _("type to narrow: ");
	scoped_free char *right =
		b->pages > 1 ? xasprintf("%zu/%zu   %s", b->page + 1, b->pages,
					 _("Esc closes"))
			     : xstrdup(_("Esc closes"));
	int width = grid_width(right);
	int used = grid_put(g, a.y, a.x, a.cols / 2, STYLE_HINT, label);
	if (used + width + 4 > a.cols)
		width = 0;
	else
		grid_right(g, a.y, a.x + a.cols - width, width, STYLE_HINT,
			   right);
	box_prompt(g, a.y, a.x + used, a.cols - used - width - (width > 0));
}

static void paint(struct box *box, struct app *app, struct grid *g)
{
	struct box_help *b = (struct box_help *)box;
	struct help_layout layout;
	bool has_head = g->rows > 3;
	int cols = MIN(g->cols > 12 ? g->cols - 4 : g->cols, COLS_MAX);
	int rows = box_rows_max(g);
	scoped_free char *title = xasprintf(_("Help: %s (keys as now bound)"),
					    help_view_name(b->where));
	help_layout_init(&layout, &b->help, MAX(rows - has_head, 1),
			 MAX(cols, 1));
	b->pages = layout.pages;
	b->page = MIN(b->page, b->pages - 1);
	b->rows = MAX(b->rows, layout.column_rows + has_head);
	struct area a = box_frame(g, b->rows, cols, title);
	if (has_head) {
		paint_head(b, g, a);
		a.y++;
		a.rows--;
	}
	if (b->help.count == 0)
		box_put(g, a, 0, STYLE_HINT, _("nothing fits"));
	paint_page(b, app, g, a, &layout);
	help_layout_finish(&layout);
}

static const struct box_ops ops = {destroy, key, paint, NULL};

struct box *box_help_create(struct app *app, unsigned where)
{
	struct box_help *b = xcalloc(1, sizeof(*b));
	b->box.ops = &ops;
	b->where = where;
	b->is_typing = true;
	b->pages = 1;
	help_init(&b->help, app_keymap(app), where, "");
	prompt_begin("", PROMPT_NO_HISTORY);
	return &b->box;
}
