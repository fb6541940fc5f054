/*
 * What the files of view_text share: lines and their rows.
 */
#pragma once

#include "tui/view_text.h"

size_t text_count(const struct text_pane *p);
struct text_line text_line_at(const struct text_pane *p, size_t index);

/* Cells that a row of the line has, and where it begins. */
int text_row_room(const struct text_pane *p, const struct text_line *line,
		  size_t row, int *x_out);

/* The bytes of a row that begins at `from`; rows of a line follow each other.
 */
size_t text_row_len(const struct text_pane *p, const struct text_line *line,
		    size_t row, size_t from);

bool text_line_wraps(const struct text_pane *p, const struct text_line *line);

/* Puts the cursor into sight, and the top where there are lines. */
void text_pane_settle(struct text_pane *p);

/* The next place of `text` in `hay`, without regard to case; NULL. */
const char *text_match(const char *hay, const char *text);
