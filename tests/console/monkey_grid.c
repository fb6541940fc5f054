#include "tests/console/monkey.h"

#include "lib/text.h"
#include "tests/support/check.h"

static bool is_showable(uint32_t code)
{
	bool is_control = code < 0x20 || (code >= 0x7f && code < 0xa0);
	bool is_surrogate = code >= 0xd800 && code < 0xe000;
	bool turns = code == 0x061c || code == 0x200e || code == 0x200f ||
		     (code >= 0x202a && code <= 0x202e) ||
		     (code >= 0x2066 && code <= 0x2069);
	return !is_control && !is_surrogate && !turns && code <= 0x10ffff &&
	       !text_is_harmful(code);
}

static void check_cell(const struct cell *cells, int x, int cols)
{
	const struct cell *c = &cells[x];
	assert_true(c->width <= 2);
	assert_true(c->style < STYLE_COUNT);
	if (c->width == 0) {
		assert_true(x > 0 && cells[x - 1].width == 2);
		assert_int_equal(c->codes[0], 0);
		return;
	}
	assert_true(c->codes[0] != 0);
	assert_int_equal(text_code_width(c->codes[0]), c->width);
	if (c->width == 2)
		assert_true(x + 1 < cols && cells[x + 1].width == 0);
	for (int i = 0; i < CELL_CODES && c->codes[i]; i++)
		assert_true(is_showable(c->codes[i]));
}

void monkey_check_grid(const struct grid *g, int rows, int cols)
{
	assert_int_equal(g->rows, rows);
	assert_int_equal(g->cols, cols);
	for (int y = 0; y < rows; y++)
		for (int x = 0; x < cols; x++)
			check_cell(g->cells + (size_t)y * (size_t)cols, x,
				   cols);
	assert_true(g->cursor_y >= -1 && g->cursor_y < rows);
	assert_true(g->cursor_x >= -1); /* the terminal's side clips it */
}
