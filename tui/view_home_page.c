#include "lib/util.h"
#include "tui/view_home.h"

#include <stdlib.h>

enum { LEFT_CELLS = 37, LEFT_CELLS_WIDE = 46, SHORT_ROWS = 26 };

void home_page_clear(struct home_page *p)
{
	for (size_t i = 0; i < p->own_count; i++)
		free(p->own[i]);
	p->own_count = p->count = 0;
	p->rows = 0;
}

void home_page_finish(struct home_page *p)
{
	home_page_clear(p);
	free(p->lines);
	free(p->own);
	*p = (struct home_page){0};
}

void *home_own(struct home_page *p, void *text)
{
	if (p->own_count == p->own_cap) {
		p->own_cap = MAX(p->own_cap * 2, 128);
		p->own = xrealloc(p->own, p->own_cap * sizeof(*p->own));
	}
	p->own[p->own_count++] = text;
	return text;
}

void home_page_begin(struct home_page *p, int rows, int cols)
{
	home_page_clear(p);
	p->is_wide = cols >= HOME_WIDE;
	p->is_short = rows < SHORT_ROWS;
	int left = p->is_wide ? LEFT_CELLS_WIDE : LEFT_CELLS;
	bool has_two = cols >= HOME_TWO_COLUMNS;
	p->widths[HOME_LEFT] = has_two ? left : cols;
	p->widths[HOME_RIGHT] = has_two ? cols - left - 1 : cols;
	p->widths[HOME_BELOW] = cols;
	p->column = HOME_LEFT;
}

int home_width(const struct home_page *p)
{
	return p->widths[p->column];
}

struct home_line *home_add(struct home_page *p)
{
	if (p->count == p->cap) {
		p->cap = MAX(p->cap * 2, 64);
		p->lines = xrealloc(p->lines, p->cap * sizeof(*p->lines));
	}
	struct home_line *line = &p->lines[p->count++];
	*line = (struct home_line){.column = p->column};
	return line;
}

static void add_piece(struct home_page *p, struct home_line *line,
		      struct home_piece piece)
{
	if (line->count == HOME_PIECES || piece.x >= home_width(p))
		return;
	int rest = home_width(p) - piece.x;
	piece.cells = piece.cells > 0 ? MIN(piece.cells, rest) : rest;
	piece.text = home_own(p, xstrdup(piece.text));
	line->pieces[line->count++] = piece;
}

void home_put(struct home_page *p, struct home_line *line, int x, int cells,
	      enum style style, const char *text)
{
	add_piece(p, line, (struct home_piece){x, cells, false, style, text});
}

void home_right(struct home_page *p, struct home_line *line, int x, int cells,
		enum style style, const char *text)
{
	add_piece(p, line, (struct home_piece){x, cells, true, style, text});
}

void home_title(struct home_page *p, char *text)
{
	home_put(p, home_add(p), 0, 0, STYLE_HEAD, text);
	free(text);
}

void home_blank(struct home_page *p)
{
	home_add(p);
}

void home_page_lay(struct home_page *p)
{
	int x = p->widths[HOME_LEFT] + 1, cols = p->widths[HOME_BELOW];
	bool has_two = p->widths[HOME_LEFT] < cols;
	int ends[HOME_COLUMN_COUNT] = {0};
	for (size_t i = 0; i < p->count; i++) {
		struct home_line *line = &p->lines[i];
		enum home_column c = has_two ? line->column : HOME_BELOW;
		if (c == HOME_BELOW)
			ends[c] = MAX(ends[c],
				      MAX(ends[HOME_LEFT], ends[HOME_RIGHT]));
		line->y = ends[c]++;
		line->x = c == HOME_RIGHT ? x : 0;
		line->cols = p->widths[line->column];
		p->rows = MAX(p->rows, line->y + 1);
	}
}

int home_page_end(const struct home_page *p, enum home_column column)
{
	int end = 0;
	for (size_t i = 0; i < p->count; i++) {
		if (p->lines[i].column == column)
			end = MAX(end, p->lines[i].y + 1);
	}
	return end;
}

static void paint_line(const struct home_line *line, struct grid *g,
		       struct area area, int top)
{
	int y = area.y + line->y - top;
	for (size_t i = 0; i < line->count; i++) {
		const struct home_piece *piece = &line->pieces[i];
		int x = area.x + line->x + piece->x;
		if (piece->is_right)
			grid_right(g, y, x, piece->cells, piece->style,
				   piece->text);
		else
			grid_put(g, y, x, piece->cells, piece->style,
				 piece->text);
	}
	int64_t max = 1;
	for (size_t i = 0; i < line->spark_count; i++)
		max = MAX(max, line->spark[i]);
	if (line->spark)
		grid_spark(g, y, area.x + line->x + line->spark_x, line->spark,
			   line->spark_count, max, line->spark_style);
}

void home_page_paint(const struct home_page *p, struct grid *g,
		     struct area area, int top, const struct home_line *here)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct home_line *line = &p->lines[i];
		if (line->y < top || line->y >= top + area.rows)
			continue;
		paint_line(line, g, area, top);
		if (line != here)
			continue;
		g->cursor_y = area.y + line->y - top;
		g->cursor_x = area.x + line->x;
		grid_restyle(g, g->cursor_y, g->cursor_x, line->cols,
			     STYLE_CURSOR);
	}
}
