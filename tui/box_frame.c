#include "tui/box_frame.h"

#include "lib/util.h"
#include "tui/prompt.h"

#include <stdlib.h>

enum {
	BORDER_ROWS = 2,
	BORDER_COLS = 4, /* and within them a blank at each side */
	COLS_MIN = 12,
	TALL_ROWS = 12,	 /* from here on there is room for: */
	TOP_ROWS = 1,	 /* the title, */
	BOTTOM_ROWS = 2, /* how old the data is, and the keys */
};

int box_rows_max(const struct grid *g)
{
	if (g->rows >= TALL_ROWS)
		return g->rows - TOP_ROWS - BOTTOM_ROWS - BORDER_ROWS;
	return MAX(g->rows > BORDER_ROWS ? g->rows - BORDER_ROWS : g->rows, 0);
}

struct area box_frame(struct grid *g, int rows, int cols, const char *title)
{
	if (g->rows <= BORDER_ROWS || g->cols < COLS_MIN) {
		grid_fill(g, 0, 0, g->rows, g->cols, STYLE_TEXT);
		return (struct area){0, 0, g->rows, g->cols};
	}
	cols = MAX(cols, grid_width(title) + 2);
	int top = g->rows >= TALL_ROWS ? TOP_ROWS : 0, room = box_rows_max(g);
	rows = MIN(MAX(rows, 1), room);
	cols = MIN(MAX(cols, 1), g->cols - BORDER_COLS);
	int y = top + (room - rows) / 2;
	int x = (g->cols - cols - BORDER_COLS) / 2;
	grid_box(g, y, x, rows + BORDER_ROWS, cols + BORDER_COLS, title);
	return (struct area){y + 1, x + BORDER_COLS / 2, rows, cols};
}

size_t box_scroll(size_t first, size_t line, size_t count, int rows)
{
	size_t height = (size_t)MAX(rows, 1);
	if (line < first)
		first = line;
	if (line >= first + height)
		first = line - height + 1;
	return MIN(first, count > height ? count - height : 0);
}

void box_put(struct grid *g, struct area a, int line, enum style style,
	     const char *text)
{
	if (line >= 0 && line < a.rows)
		grid_put(g, a.y + line, a.x, a.cols, style, text);
}

static int cursor_width(const char *text)
{
	size_t len = *text != '\0';
	while ((text[len] & 0xc0) == 0x80)
		len++;
	scoped_free char *character = xstrndup(text, len);
	return MAX(grid_width(character), 1);
}

int box_prompt(struct grid *g, int y, int x, int cols)
{
	if (cols <= 0 || y < 0 || y >= g->rows || x >= g->cols)
		return 0;
	const char *text = prompt_text();
	scoped_free char *before = xstrndup(text, prompt_cursor());
	int at = grid_width(before);
	int width = cursor_width(text + prompt_cursor());
	/* Where text goes on at the right, an ellipsis says so. */
	bool goes_on = at + width < grid_width(text);
	int skip = MAX(at + width + goes_on - cols, 0);
	grid_fill(g, y, x, 1, cols, STYLE_TEXT);
	grid_put_from(g, y, x, cols, STYLE_TEXT, text, skip);
	g->cursor_y = y;
	g->cursor_x = MIN(MAX(x + at - skip, 0), g->cols - 1);
	grid_restyle(g, y, g->cursor_x, MIN(width, cols), STYLE_CURSOR);
	return skip;
}
