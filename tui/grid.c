#include "tui/grid.h"

#include "lib/text.h"
#include "lib/util.h"
#include "tui/grid_internal.h"

#include <stdlib.h>

static const struct cell blank = {{' '}, 1, STYLE_TEXT};

void grid_resize(struct grid *g, int rows, int cols)
{
	g->rows = MAX(rows, 0);
	g->cols = MAX(cols, 0);
	free(g->cells);
	g->cells = xcalloc((size_t)g->rows * (size_t)g->cols + 1,
			   sizeof(*g->cells));
	grid_erase(g);
}

void grid_finish(struct grid *g)
{
	free(g->cells);
	*g = (struct grid){0};
}

void grid_erase(struct grid *g)
{
	size_t count = (size_t)g->rows * (size_t)g->cols;
	for (size_t i = 0; i < count; i++)
		g->cells[i] = blank;
	g->cursor_y = g->cursor_x = -1;
}

struct span span_clip(int at, int size, int limit)
{
	int64_t end = (int64_t)at + size;
	return (struct span){
		.from = MAX(at, 0),
		.to = (int)MIN(MAX(end, 0), limit),
	};
}

static struct cell *cell_at(const struct grid *g, int y, int x)
{
	bool is_inside = y >= 0 && y < g->rows && x >= 0 && x < g->cols;
	return is_inside ? &g->cells[(size_t)y * (size_t)g->cols + (size_t)x]
			 : NULL;
}

/* A wide character that begins or ends at the edge of what is overwritten has
 * lost its other half. */
static void repair(const struct grid *g, int y, int from, int to)
{
	struct cell *first = cell_at(g, y, from);
	struct cell *before = cell_at(g, y, from - 1);
	if (first && before && first->width == 0)
		*before = (struct cell){{' '}, 1, before->style};
	struct cell *last = cell_at(g, y, to - 1);
	struct cell *behind = cell_at(g, y, to);
	if (last && behind && last->width == 2)
		*behind = (struct cell){{' '}, 1, behind->style};
}

void cell_put(struct grid *g, int y, int x, enum style style,
	      const uint32_t codes[static CELL_CODES], int width)
{
	if (x < -1 || x >= g->cols)
		return;
	struct cell *left = cell_at(g, y, x);
	struct cell *right = width == 2 ? cell_at(g, y, x + 1) : NULL;
	struct cell half = {{' '}, 1, (uint8_t)style};
	repair(g, y, x, x + width);
	if (left)
		*left = half;
	if (right)
		*right = half;
	if (!left || (width == 2 && !right))
		return;
	for (size_t i = 0; i < CELL_CODES; i++)
		left->codes[i] = codes[i];
	left->width = (uint8_t)width;
	if (right)
		*right = (struct cell){{0}, 0, (uint8_t)style};
}

void cell_put_one(struct grid *g, int y, int x, enum style style, uint32_t code)
{
	cell_put(g, y, x, style, (uint32_t[CELL_CODES]){code}, 1);
}

void grid_fill(struct grid *g, int y, int x, int rows, int cols,
	       enum style style)
{
	struct span down = span_clip(y, rows, g->rows);
	struct span along = span_clip(x, cols, g->cols);
	for (int at_y = down.from; at_y < down.to; at_y++) {
		for (int at_x = along.from; at_x < along.to; at_x++)
			cell_put_one(g, at_y, at_x, style, ' ');
	}
}

/* Both halves of a wide character have the style of the left one. */
void grid_restyle(struct grid *g, int y, int x, int cols, enum style style)
{
	struct span along = span_clip(x, cols, g->cols);
	for (int at = along.from; at < along.to; at++) {
		struct cell *cell = cell_at(g, y, at);
		if (!cell || cell->width == 0)
			continue;
		cell->style = (uint8_t)style;
		if (cell->width == 2)
			cell[1].style = (uint8_t)style;
	}
}

/* Blanks, or `rest`, at the end of what was added since `start` go. */
static void trim(struct buf *out, size_t start, char rest)
{
	while (out->len > start && out->data[out->len - 1] == rest)
		out->data[--out->len] = '\0';
	buf_addc(out, '\n');
}

static void add_codes(struct buf *out, const uint32_t codes[])
{
	char utf8[TEXT_CODE_LEN];
	for (size_t i = 0; i < CELL_CODES && codes[i]; i++)
		buf_add(out, utf8, text_encode(codes[i], utf8));
}

void grid_dump_text(const struct grid *g, struct buf *out)
{
	for (int y = 0; y < g->rows; y++) {
		size_t start = out->len;
		for (int x = 0; x < g->cols; x++)
			add_codes(out, cell_at(g, y, x)->codes);
		trim(out, start, ' ');
	}
}

void grid_dump_styles(const struct grid *g, struct buf *out)
{
	static const char letters[] = {
#define STYLE(name, letter, ...) letter,
#include "tui/style_table.h"
#undef STYLE
	};
	for (int y = 0; y < g->rows; y++) {
		size_t start = out->len;
		for (int x = 0; x < g->cols; x++)
			buf_addc(out, letters[cell_at(g, y, x)->style]);
		trim(out, start, '.');
	}
}
