/*
 * What the files of tui/grid.h share: one character put into its cells.
 */
#pragma once

#include "tui/grid.h"

/* The part of [at, at + size) that lies in [0, limit). */
struct span {
	int from, to;
};
struct span span_clip(int at, int size, int limit);

/* One character into its one or two cells. What of it lies outside is left out;
 * half a wide character, there or of what is overwritten, becomes a blank. */
void cell_put(struct grid *g, int y, int x, enum style style,
	      const uint32_t codes[static CELL_CODES], int width);
void cell_put_one(struct grid *g, int y, int x, enum style style,
		  uint32_t code);

/* What cuts a text: "…", or ".." where only ASCII is drawn. */
int ellipsis_width(const struct grid *g);
void ellipsis_put(struct grid *g, int y, int x, int cells, enum style style);
