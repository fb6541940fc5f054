/* Frames, rules, charts and bars: what is drawn, not written. */
#include "tui/grid.h"

#include "lib/util.h"
#include "tui/grid_internal.h"

static const struct {
	uint16_t code;
	char ascii;
	bool is_frame;
} arts[ART_COUNT] = {
	[ART_HORIZONTAL] = {0x2500, '-', true},
	[ART_VERTICAL] = {0x2502, '|', true},
	[ART_TOP_LEFT] = {0x250c, '+', true},
	[ART_TOP_RIGHT] = {0x2510, '+', true},
	[ART_BOTTOM_LEFT] = {0x2514, '+', true},
	[ART_BOTTOM_RIGHT] = {0x2518, '+', true},
	[ART_FULL] = {0x2588, '#', false},
	[ART_EMPTY] = {0x2591, '-', false},
};

void grid_art(struct grid *g, int y, int x, enum art art, enum style style)
{
	uint32_t code = g->is_ascii ? (uint32_t)arts[art].ascii
				    : (uint32_t)arts[art].code;
	if (g->is_borderless && arts[art].is_frame)
		code = ' ';
	cell_put_one(g, y, x, style, code);
}

void grid_rule(struct grid *g, int y, int x, int cols, enum style style,
	       const char *title)
{
	struct span along = span_clip(x, cols, g->cols);
	for (int at = along.from; at < along.to; at++)
		grid_art(g, y, at, ART_HORIZONTAL, style);
	/* "- Title -": of what has no room for that, only the line. */
	if (!title || cols < 5 || x >= g->cols)
		return;
	int used = grid_put(g, y, x + 2, cols - 4, style, title);
	cell_put_one(g, y, x + 1, style, ' ');
	cell_put_one(g, y, x + 2 + used, style, ' ');
}

void grid_box(struct grid *g, int y, int x, int rows, int cols,
	      const char *title)
{
	if (rows <= 0 || cols <= 0 || x >= g->cols)
		return;
	grid_fill(g, y, x, rows, cols, STYLE_TEXT);
	struct span down = span_clip(y, rows, g->rows);
	int bottom = (int)MIN((int64_t)y + rows - 1, g->rows);
	int right = (int)MIN((int64_t)x + cols - 1, g->cols);
	for (int at = down.from; at < down.to; at++) {
		grid_art(g, at, x, ART_VERTICAL, STYLE_FRAME);
		grid_art(g, at, right, ART_VERTICAL, STYLE_FRAME);
	}
	grid_rule(g, bottom, x, cols, STYLE_FRAME, NULL);
	grid_rule(g, y, x + 1, cols - 2, STYLE_FRAME, title);
	grid_art(g, bottom, x, ART_BOTTOM_LEFT, STYLE_FRAME);
	grid_art(g, bottom, right, ART_BOTTOM_RIGHT, STYLE_FRAME);
	grid_art(g, y, x, ART_TOP_LEFT, STYLE_FRAME);
	grid_art(g, y, right, ART_TOP_RIGHT, STYLE_FRAME);
}

/* Steps that part / total is worth, in 0 ... steps; rounded up only if is_up,
 * so that little is more than nothing. */
static int scale(int64_t part, int64_t total, int steps, bool is_up)
{
	if (part <= 0 || total <= 0)
		return 0;
	if (part >= total)
		return steps;
	double exact = (double)part / (double)total * steps;
	int whole = (int)exact;
	return MIN(whole + (is_up && exact > whole), steps);
}

void grid_spark(struct grid *g, int y, int x, const int64_t *values,
		size_t count, int64_t max, enum style style)
{
	static const char ascii[] = " .:-=+*#%@";
	enum { LOWEST_BLOCK = 0x2581, BLOCKS = 8 };
	struct span along = span_clip(x, (int)MIN(count, INT32_MAX), g->cols);
	for (int at = along.from; at < along.to; at++) {
		int64_t value = values[(int64_t)at - x];
		int steps = g->is_ascii ? (int)sizeof(ascii) - 2 : BLOCKS;
		int step = scale(value, max, steps, true);
		uint32_t code = ' ';
		if (step > 0)
			code = g->is_ascii ? (uint32_t)ascii[step]
					   : LOWEST_BLOCK + (uint32_t)step - 1;
		cell_put_one(g, y, at, style, code);
	}
}

void grid_bar(struct grid *g, int y, int x, int cols, int64_t done,
	      int64_t total, enum style style)
{
	int full = scale(done, total, MAX(cols, 0), false);
	struct span along = span_clip(x, cols, g->cols);
	for (int at = along.from; at < along.to; at++) {
		bool is_full = (int64_t)at - x < full;
		grid_art(g, y, at, is_full ? ART_FULL : ART_EMPTY, style);
	}
}
