/* Rows of lines as cells. Parts are restyled after the text is there, and their
 * cells counted from part to part, so that a payload on one line of 64 KiB
 * costs what it is long, once. */
#include "tui/view_text_internal.h"

#include "lib/util.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A row being painted: its bytes, and where their first cell would be. */
struct row_cells {
	struct grid *g;
	const char *text; /* the row's, ended */
	size_t from, len; /* of the line */
	int y, x, cells, skip;
	size_t seen; /* bytes whose cells are counted */
	int used;
};

static int cells_to(struct row_cells *r, size_t byte)
{
	if (byte < r->seen) {
		r->seen = 0;
		r->used = 0;
	}
	scoped_free char *part = xstrndup(r->text + r->seen, byte - r->seen);
	r->used += grid_width(part);
	r->seen = byte;
	return r->used - r->skip;
}

/* A part of the line, as far as this row shows it. False: it is behind. */
static bool restyle(struct row_cells *r, size_t from, size_t len,
		    enum style style)
{
	if (from >= r->from + r->len)
		return false;
	if (from + len <= r->from)
		return true;
	size_t begin = MAX(from, r->from) - r->from;
	size_t end = MIN(from + len, r->from + r->len) - r->from;
	int x = MAX(cells_to(r, begin), 0);
	int last = MIN(cells_to(r, end), r->cells);
	if (last > x)
		grid_restyle(r->g, r->y, r->x + x, last - x, style);
	return x < r->cells;
}

static void paint_spans(const struct text_line *line, struct row_cells *r)
{
	for (size_t i = 0; i < line->span_count; i++) {
		const struct json_span *span = &line->spans[i];
		if (!restyle(r, span->from, span->len, span->style))
			break;
	}
}

static void paint_matches(const struct text_pane *p,
			  const struct text_line *line, struct row_cells *r)
{
	size_t len = p->search ? strlen(p->search) : 0;
	const char *at = len ? text_match(line->text, p->search) : NULL;
	for (; at; at = text_match(at + len, p->search)) {
		if (!restyle(r, (size_t)(at - line->text), len, STYLE_MATCH))
			break;
	}
}

static enum style style_of(const struct text_pane *p, enum style style)
{
	return p->is_dim ? STYLE_DIM : style;
}

static void paint_row(struct text_pane *p, struct grid *g, struct area a,
		      const struct text_line *line, struct text_place at,
		      size_t from, size_t len)
{
	int x;
	int room = text_row_room(p, line, at.row, &x);
	room = MIN(room, a.cols - x);
	int whole = room;
	int right = line->right && at.row == 0 ? grid_width(line->right) : 0;
	if (right > 0 && !text_line_wraps(p, line) && room > 2 * right)
		room -= right + 2;
	scoped_free char *text = xstrndup(line->text + from, len);
	/* Blanks at which it was wrapped need no room. */
	size_t shown = len;
	while (text_line_wraps(p, line) && shown > 0 && text[shown - 1] == ' ')
		shown--;
	scoped_free char *seen = xstrndup(text, shown);
	struct row_cells r = {
		.g = g,
		.text = text,
		.from = from,
		.len = len,
		.y = a.y,
		.x = a.x + x,
		.cells = room,
		.skip = line->is_folded ? 0 : p->sideways,
	};
	grid_put_from(g, a.y, r.x, room, style_of(p, line->style), seen,
		      r.skip);
	if (at.row == 0 && line->gutter > 0 && x >= line->gutter &&
	    line->number > 0)
		grid_putf(g, a.y, a.x, line->gutter, STYLE_DIM, "%*zu",
			  line->gutter - 1, line->number);
	int used = MIN(grid_width(seen), room);
	if (right > 0 && used + 2 + right <= whole)
		grid_put(g, a.y, a.x + a.cols - right, right,
			 style_of(p, line->right_style), line->right);
	if (p->has_cursor && p->cursor == at.line)
		grid_restyle(g, a.y, a.x, a.cols, STYLE_CURSOR);
	else if (!p->is_dim)
		paint_spans(line, &r);
	paint_matches(p, line, &r);
}

/* Its rows from `row` on, at most a.rows. Returns how many. */
static int paint_line(struct text_pane *p, struct grid *g, struct area a,
		      size_t index, size_t row)
{
	struct text_line line = text_line_at(p, index);
	if (line.is_rule) {
		grid_rule(g, a.y, a.x, a.cols, style_of(p, STYLE_HEAD),
			  line.text);
		return 1;
	}
	int painted = 0;
	size_t from = 0;
	for (size_t i = 0; painted < a.rows; i++) {
		size_t len = text_row_len(p, &line, i, from);
		if (i >= row) {
			struct area here = {a.y + painted++, a.x, 1, a.cols};
			paint_row(p, g, here, &line,
				  (struct text_place){index, i}, from, len);
		}
		from += len;
		if (!line.text[from])
			break;
	}
	return painted;
}

void text_pane_paint(struct text_pane *p, struct grid *g, struct area area)
{
	p->rows = area.rows;
	p->cols = area.cols;
	if (area.rows <= 0 || area.cols <= 0)
		return;
	text_pane_settle(p);
	size_t count = text_count(p);
	int y = 0;
	for (size_t i = p->top.line; i < count && y < area.rows; i++) {
		struct area rest = {area.y + y, area.x, area.rows - y,
				    area.cols};
		int rows = paint_line(p, g, rest, i,
				      i == p->top.line ? p->top.row : 0);
		if (p->has_cursor && i == p->cursor) {
			g->cursor_y = rest.y;
			g->cursor_x = area.x;
		}
		y += rows;
	}
}
