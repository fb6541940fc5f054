/*
 * Lines of text to read, as detail, log and audit show them: scrolled, wrapped
 * or moved sideways, searched, with or without a cursor on a line. The lines
 * are their owner's, who is asked for each that is looked at, so that ten
 * thousand cost no more than those on the screen.
 *
 * Knows no database and no app.
 */
#pragma once

#include "tui/json.h"
#include "tui/view.h"

struct text_line {
	const char *text;  /* borrowed from the owner until the next one */
	const char *right; /* at the right end, if there is room; NULL */
	enum style style, right_style;
	const struct json_span *spans; /* parts that look different */
	size_t span_count;
	size_t number;	/* shown before it; 0: none */
	int gutter;	/* cells for numbers; 0: none */
	int indent;	/* of the rows behind the first, when wrapped */
	bool is_rule;	/* a title in a rule */
	bool is_folded; /* always wrapped, never moved sideways */
};

struct text_source {
	size_t (*count)(void *arg);
	void (*line)(void *arg, size_t index, struct text_line *out);
};

/* A line, and a row of it when it is wrapped. */
struct text_place {
	size_t line, row;
};

struct text_pane {
	const struct text_source *source;
	void *arg;		/* borrowed; the source's */
	struct text_place top;	/* what the first row shows */
	size_t cursor;		/* a line; with has_cursor */
	size_t match, match_at; /* the line that a search found, its byte */
	int sideways;		/* cells left out at the left */
	int rows, cols;		/* of the last paint */
	bool has_cursor, is_wrapped, has_match;
	bool is_dim;  /* everything, for what is gone */
	char *search; /* own; NULL */
};

void text_pane_init(struct text_pane *p, const struct text_source *source,
		    void *arg);
void text_pane_finish(struct text_pane *p);

/* From another row's texts on: at the top, nothing found. */
void text_pane_reset(struct text_pane *p);
void text_pane_paint(struct text_pane *p, struct grid *g, struct area area);

/* Moves, sideways moves and wrap; false: another action. */
bool text_pane_act(struct text_pane *p, enum action action);

/* The line on that row of the area; false: behind the end. */
bool text_pane_at(const struct text_pane *p, int row, size_t *line_out);

/* Goes to the next line that holds the text, without regard to case, behind (1)
 * or before (-1) the last match or the cursor; past an end from the other one.
 * NULL: what was searched last. False: nowhere. */
bool text_pane_search(struct text_pane *p, const char *text, int direction);

/* Bytes of `text` that fit into `cells`, at least one character; ends behind a
 * blank if one is near, with all blanks that stand there. */
size_t text_fit_row(const char *text, int cells);
