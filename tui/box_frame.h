/*
 * The frame that boxes share: in the middle of the screen, as large as they
 * ask and the screen allows. Where there is no room for borders it is the whole
 * screen without them.
 */
#pragma once

#include "tui/grid.h"
#include "tui/view.h"

/* The most rows of content: the title, the status and the keys stay in sight
 * where the screen is not small. */
int box_rows_max(const struct grid *g);

/* Paints it around rows and cols of content; returns where that goes, which
 * may be less, also nothing. */
struct area box_frame(struct grid *g, int rows, int cols, const char *title);

/* The first line to show of `count` in `rows`, so that `line` is among them,
 * beginning from the one that was first before. */
size_t box_scroll(size_t first, size_t line, size_t count, int rows);

/* A line of an area, from its left on; lines outside are none. */
void box_put(struct grid *g, struct area a, int line, enum style style,
	     const char *text);

/* The text of tui/prompt.h in `cols` cells of the grid, scrolled so that its
 * cursor is seen, and the terminal's cursor on it. Returns the cells of the
 * text that are out of sight at the left. */
int box_prompt(struct grid *g, int y, int x, int cols);
