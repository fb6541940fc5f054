/* Text into cells. A reader hands out one character after the other, cleaned:
 * a base with its marks and their width. It looks at a bounded number of bytes,
 * so that a payload of any size costs what its cells cost. */
#include "tui/grid.h"

#include "lib/text.h"
#include "lib/util.h"
#include "tui/grid_internal.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	REPLACEMENT = 0xfffd,
	RETURN_ARROW = 0x23ce,
	ELLIPSIS = 0x2026,
	BYTES_A_CELL = 64,
	BYTES_MORE = 256
};

struct reader {
	const char *at;
	int64_t budget;	  /* bytes it may still look at */
	uint32_t pending; /* the second half of ^X */
	bool is_ascii;	  /* what stands for something else is ASCII */
};

struct glyph {
	uint32_t codes[CELL_CODES];
	int width;
};

static struct reader reader_of(const char *text, int64_t cells, bool is_ascii)
{
	return (struct reader){
		.at = text,
		.budget = MAX(cells, 0) * BYTES_A_CELL + BYTES_MORE,
		.is_ascii = is_ascii,
	};
}

/* The next code point and its bytes; U+FFFD for a broken run of them. Returns
 * 0 at the end. */
static size_t peek(const struct reader *r, uint32_t *code_out)
{
	size_t len = strnlen(r->at, 4);
	if (len == 0 || r->budget <= 0)
		return 0;
	size_t n = text_decode(r->at, len, code_out);
	if (n > 0)
		return n;
	*code_out = REPLACEMENT;
	for (n = 1; n < len && ((unsigned char)r->at[n] & 0xc0) == 0x80;)
		n++;
	return n;
}

static void take(struct reader *r, size_t n)
{
	r->at += n;
	r->budget -= (int64_t)n;
}

static bool is_private(uint32_t code)
{
	return (code >= 0xe000 && code <= 0xf8ff) || code >= 0xf0000;
}

enum kind { KIND_NOTHING, KIND_MARK, KIND_BASE };

/* Terminals differ in what variation selectors and joiners do to the width of
 * what they stand behind; without them all agree. */
static enum kind kind_of(uint32_t code)
{
	if (code < 0x80)
		return KIND_BASE;
	int width = text_code_width(code);
	if (width < 0 || is_private(code))
		return KIND_BASE; /* U+FFFD */
	bool is_selector = code >= 0xfe00 && code <= 0xfe0f;
	if (is_selector || text_is_harmful(code))
		return KIND_NOTHING;
	return width > 0 ? KIND_BASE : KIND_MARK;
}

/* What stands on the screen for a base. */
static uint32_t shown(struct reader *r, uint32_t code)
{
	if (code == '\t')
		return ' ';
	if (code == '\n')
		return r->is_ascii ? ' ' : RETURN_ARROW;
	if (code < ' ' || code == 0x7f) {
		r->pending = code ^ 0x40;
		return '^';
	}
	if (code < 0x7f)
		return code;
	if (code == ELLIPSIS && r->is_ascii)
		return '~'; /* a dot would look like a part of an id */
	bool is_known = text_code_width(code) > 0 && !is_private(code);
	if (is_known && code != REPLACEMENT)
		return code;
	return r->is_ascii ? '?' : REPLACEMENT;
}

static void take_marks(struct reader *r, struct glyph *glyph)
{
	uint32_t code;
	size_t count = 1;
	for (size_t n; (n = peek(r, &code)) > 0; take(r, n)) {
		enum kind kind = kind_of(code);
		if (kind == KIND_BASE)
			return;
		if (kind == KIND_MARK && count < CELL_CODES)
			glyph->codes[count++] = code;
	}
}

static bool read_glyph(struct reader *r, struct glyph *glyph)
{
	*glyph = (struct glyph){{r->pending}, 1};
	r->pending = 0;
	uint32_t code;
	for (size_t n; !glyph->codes[0] && (n = peek(r, &code)) > 0;) {
		take(r, n);
		if (kind_of(code) != KIND_BASE)
			continue;
		glyph->codes[0] = shown(r, code);
		if (glyph->codes[0] != code)
			break;
		glyph->width = code < 0x80 ? 1 : text_code_width(code);
		take_marks(r, glyph);
	}
	return glyph->codes[0] != 0;
}

int ellipsis_width(const struct grid *g)
{
	return g->is_ascii ? 2 : 1;
}

void ellipsis_put(struct grid *g, int y, int x, int cells, enum style style)
{
	uint32_t dot = g->is_ascii ? '.' : ELLIPSIS;
	int width = ellipsis_width(g);
	for (int i = 0; i < cells; i++)
		cell_put_one(g, y, x + i, style, i < width ? dot : ' ');
}

/* Cells between x and the right edge, at most so many. */
static int room(const struct grid *g, int x, int cells)
{
	return (int)MAX(MIN(cells, (int64_t)g->cols - x), 0);
}

/* The longest beginning that leaves room for the ellipsis is kept in mind, so
 * that the text is read once. */
static int put(struct grid *g, int y, int x, int cells, enum style style,
	       struct reader *r)
{
	struct glyph glyph;
	int used = 0, kept = 0;
	for (; read_glyph(r, &glyph); used += glyph.width) {
		if (used <= cells - ellipsis_width(g))
			kept = used;
		if (used + glyph.width > cells)
			break;
		cell_put(g, y, x + used, style, glyph.codes, glyph.width);
	}
	if (!glyph.codes[0] && !*r->at)
		return used;
	ellipsis_put(g, y, x + kept, cells - kept, style);
	return cells;
}

int grid_put_from(struct grid *g, int y, int x, int cells, enum style style,
		  const char *text, int skip)
{
	cells = room(g, x, cells);
	if (cells == 0)
		return 0;
	skip = MAX(skip, 0);
	struct glyph glyph;
	struct reader r = reader_of(text, (int64_t)cells + skip, g->is_ascii);
	int used = 0;
	while (skip > 0 && read_glyph(&r, &glyph))
		skip -= glyph.width;
	if (skip < 0) {
		cell_put_one(g, y, x, style, ' ');
		used = 1;
	}
	return used + put(g, y, x + used, cells - used, style, &r);
}

int grid_put(struct grid *g, int y, int x, int cells, enum style style,
	     const char *text)
{
	return grid_put_from(g, y, x, cells, style, text, 0);
}

int grid_putf(struct grid *g, int y, int x, int cells, enum style style,
	      const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		return 0;
	scoped_free char *text = xmalloc((size_t)len + 1);
	va_start(args, fmt);
	vsnprintf(text, (size_t)len + 1, fmt, args);
	va_end(args);
	return grid_put(g, y, x, cells, style, text);
}

int grid_pad(struct grid *g, int y, int x, int cells, enum style style,
	     const char *text)
{
	cells = room(g, x, cells);
	int used = grid_put(g, y, x, cells, style, text);
	grid_fill(g, y, x + used, 1, cells - used, style);
	return cells;
}

/* Stops counting above `most`. */
static int width_of(struct reader *r, int most)
{
	struct glyph glyph;
	int width = 0;
	while (width <= most && read_glyph(r, &glyph))
		width += glyph.width;
	return width;
}

int grid_right(struct grid *g, int y, int x, int cells, enum style style,
	       const char *text)
{
	cells = room(g, x, cells);
	struct reader r = reader_of(text, cells, g->is_ascii);
	int width = width_of(&r, cells);
	int blanks = MAX(cells - width, 0);
	grid_fill(g, y, x, 1, blanks, style);
	grid_put(g, y, x + blanks, cells - blanks, style, text);
	return cells;
}

int grid_width(const char *text)
{
	struct reader r = {.at = text, .budget = INT64_MAX};
	return width_of(&r, INT_MAX - 2);
}
