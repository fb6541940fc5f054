/*
 * The help in columns: its lines wrapped to what a column holds, and put one
 * below the other so that no title ends a column.
 */
#pragma once

#include "tui/help.h"

/* A row of a column: a part of a line. */
struct help_row {
	const struct help_line *line; /* borrowed; NULL: blank */
	size_t from, len;	      /* bytes of its text */
	int indent;		      /* cells before the text */
	bool is_first;		      /* the keys stand here */
};

struct help_layout {
	struct help_row *rows; /* own; one column after the other */
	size_t count;
	int columns, column_cols, column_rows;
	size_t pages;
};

/* Lays it out for a place of so many cells, at least 1 x 1: in one page with as
 * few rows as it takes, or in more. The caller ends it with
 * help_layout_finish. */
void help_layout_init(struct help_layout *l, const struct help *help, int rows,
		      int cols);
void help_layout_finish(struct help_layout *l);
