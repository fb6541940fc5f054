/*
 * A screen as an array of cells: what is painted here is what a terminal, a
 * file or a test is shown. The one place where text becomes cells: decoded,
 * cleaned, measured, cut and padded; nothing else counts columns of text.
 *
 * Knows nothing of curses, keys or data. Every function clips: rows, columns
 * and sizes may lie outside, or be negative, and nothing happens there.
 */
#pragma once

#include "lib/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum style {
#define STYLE(name, ...) STYLE_##name,
#include "tui/style_table.h"
#undef STYLE
	STYLE_COUNT
};

enum { CELL_CODES = 5 }; /* a base and four marks, as curses' cells */

struct cell {
	uint32_t codes[CELL_CODES]; /* 0 ends them; [0] is 0 in a right half */
	uint8_t width; /* 1, or 2; 0: right half of the one before */
	uint8_t style;
};

/* What is drawn, not written: UTF-8 or, on is_ascii, a twin of ASCII. */
enum art {
	ART_HORIZONTAL,
	ART_VERTICAL,
	ART_TOP_LEFT,
	ART_TOP_RIGHT,
	ART_BOTTOM_LEFT,
	ART_BOTTOM_RIGHT,
	ART_FULL,  /* of a progress bar */
	ART_EMPTY, /* the rest of it */
	ART_COUNT
};

struct grid {
	int rows, cols;
	struct cell *cells; /* own; rows x cols */
	bool is_ascii; /* no drawing but in ASCII; texts stay as they are */
	bool is_borderless; /* frames are blanks */
	int cursor_y;	    /* where the terminal's cursor stands, */
	int cursor_x;	    /* -1: out of sight */
};

/* A zeroed struct is a grid of no cells. */
void grid_resize(struct grid *g, int rows, int cols);
void grid_finish(struct grid *g);

/* Blanks everywhere, the cursor out of sight. */
void grid_erase(struct grid *g);

/* Writes text into at most `cells` cells from (y, x) on, and no further than
 * the right edge; cut, it ends in an ellipsis. Returns the cells used.
 * What could move a cursor or turn the reading direction never becomes a cell:
 * C0 and DEL are shown as ^X, a newline as a return arrow, a tab as a blank, C1
 * and malformed bytes as U+FFFD, bidirectional and other format characters not
 * at all. */
int grid_put(struct grid *g, int y, int x, int cells, enum style style,
	     const char *text);
int grid_putf(struct grid *g, int y, int x, int cells, enum style style,
	      const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* The same, and blanks up to exactly `cells`; or blanks first, so that it ends
 * at the right. Return `cells`, clipped. */
int grid_pad(struct grid *g, int y, int x, int cells, enum style style,
	     const char *text);
int grid_right(struct grid *g, int y, int x, int cells, enum style style,
	       const char *text);

/* As grid_put, but leaves out the first `skip` cells of the text: sideways
 * scrolling. A wide character that is cut in two becomes a blank. */
int grid_put_from(struct grid *g, int y, int x, int cells, enum style style,
		  const char *text, int skip);

/* Cells that grid_put would use for all of the text. */
int grid_width(const char *text);

/* Blanks, and the style of what is there. */
void grid_fill(struct grid *g, int y, int x, int rows, int cols,
	       enum style style);
void grid_restyle(struct grid *g, int y, int x, int cols, enum style style);

void grid_art(struct grid *g, int y, int x, enum art art, enum style style);

/* A horizontal rule of `cols` cells, with a title in it if that is not NULL. */
void grid_rule(struct grid *g, int y, int x, int cols, enum style style,
	       const char *title);

/* A frame with a title, blanks inside. */
void grid_box(struct grid *g, int y, int x, int rows, int cols,
	      const char *title);

/* One column of a chart a value, 0 to max, from (y, x) on, in eight steps. */
void grid_spark(struct grid *g, int y, int x, const int64_t *values,
		size_t count, int64_t max, enum style style);

/* A bar of `cols` cells of which done / total are full. */
void grid_bar(struct grid *g, int y, int x, int cols, int64_t done,
	      int64_t total, enum style style);

/* The screen as lines of UTF-8 without blanks at their ends; and of the
 * letters of style_table.h, likewise without '.' at their ends. */
void grid_dump_text(const struct grid *g, struct buf *out);
void grid_dump_styles(const struct grid *g, struct buf *out);
