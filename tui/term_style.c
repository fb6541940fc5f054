/* Styles as attributes and pairs of colours. */
#include "lib/util.h"
#include "tui/term_internal.h"

enum {
	NONE = -1,
	RED = COLOR_RED,
	GREEN = COLOR_GREEN,
	YELLOW = COLOR_YELLOW,
	CYAN = COLOR_CYAN,
	WHITE = COLOR_WHITE,
	BLACK = COLOR_BLACK
};

enum {
	BOLD = 1 << 0,
	DIM = 1 << 1,
	REVERSE = 1 << 2,
	UNDERLINE = 1 << 3,
	REVERSE_MONO = 1 << 4 /* in place of a background */
};

static const struct {
	short foreground, background;
	unsigned look;
} styles[] = {
#define STYLE(name, letter, fore, back, look) {fore, back, look},
#include "tui/style_table.h"
#undef STYLE
};

static attr_t attrs_of(unsigned look, bool is_mono)
{
	attr_t attrs = A_NORMAL;
	attrs |= look & BOLD ? A_BOLD : 0;
	attrs |= look & DIM ? A_DIM : 0;
	attrs |= look & UNDERLINE ? A_UNDERLINE : 0;
	bool is_reverse = look & REVERSE || (look & REVERSE_MONO && is_mono);
	return attrs | (is_reverse ? A_REVERSE : 0);
}

/* A pair a style; a terminal that has fewer pairs than that shows the last of
 * them without colours. */
void term_styles_init(struct term *t, bool has_color)
{
	bool is_mono = !has_color || !has_colors() || start_color() != OK;
	bool has_default = !is_mono && use_default_colors() == OK;
	for (size_t i = 0; i < ARRAY_LEN(styles); i++) {
		short fore = styles[i].foreground, back = styles[i].background;
		short pair = (short)(i + 1);
		bool is_plain = fore == NONE && back == NONE;
		t->pairs[i] = 0;
		if (!is_mono && !is_plain && pair < COLOR_PAIRS) {
			if (!has_default && fore == NONE)
				fore = WHITE;
			if (!has_default && back == NONE)
				back = BLACK;
			if (init_pair(pair, fore, back) == OK)
				t->pairs[i] = pair;
		}
		bool has_back = t->pairs[i] && styles[i].background != NONE;
		t->attrs[i] = attrs_of(styles[i].look, !has_back);
	}
}
