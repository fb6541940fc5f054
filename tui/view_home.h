/*
 * What the files of the home view share: a page of lines in three columns, made
 * anew with each painting from what was read.
 *
 *	view_home.c         keys, reading, the cursor
 *	view_home_page.c    lines, their places, painting
 *	view_home_left.c    backlog, relay, database
 *	view_home_right.c   delivery, errors
 *	view_home_channel.c the channels, and why they stand still
 *	view_home_below.c   last acts, alerts
 */
#pragma once

#include "tui/app.h"

enum {
	HOME_PIECES = 10,
	HOME_TWO_COLUMNS = 76, /* cells from which on there are two */
	HOME_WIDE = 110
};

struct home_piece {
	int x, cells;
	bool is_right; /* its text ends at the right */
	enum style style;
	const char *text;
};

enum home_column { HOME_LEFT, HOME_RIGHT, HOME_BELOW, HOME_COLUMN_COUNT };

struct home_line {
	struct home_piece pieces[HOME_PIECES];
	size_t count;
	int64_t *spark; /* a chart at its end; NULL */
	size_t spark_count;
	int spark_x;
	enum style spark_style;

	const char *name;    /* what the cursor knows it by; NULL: no cursor */
	enum tab tab;	     /* where Enter goes, */
	const char *filter;  /* with this filter */
	const char *channel; /* what P is about; NULL */

	enum home_column column;
	int y, x, cols;
};

struct home_page {
	struct home_line *lines; /* own */
	size_t count, cap;
	void **own; /* own; what lines point to */
	size_t own_count, own_cap;
	enum home_column column; /* of the lines that are added */
	int widths[HOME_COLUMN_COUNT];
	int rows; /* of all of it, when it has been laid out */
	bool is_wide, is_short;
	int reason_rows; /* most lines for why a channel stands still */
};

/* What the lines are made from; all borrowed. */
struct home_facts {
	const struct overview *o;
	const struct pulse *pulse;
	const struct counts *counts; /* NULL: not read */
	int64_t now_ms;
	enum fmt_time times;
	bool is_known; /* the overview was read */
};

void home_page_clear(struct home_page *p);
void home_page_finish(struct home_page *p);
void *home_own(struct home_page *p, void *text);

/* Which columns there are in an area of that size; then lines are added, */
void home_page_begin(struct home_page *p, int rows, int cols);
struct home_line *home_add(struct home_page *p);
void home_title(struct home_page *p, char *text);
void home_blank(struct home_page *p);

/* with pieces: cells 0: to the end of the column. The text is copied. */
void home_put(struct home_page *p, struct home_line *line, int x, int cells,
	      enum style style, const char *text);
void home_right(struct home_page *p, struct home_line *line, int x, int cells,
		enum style style, const char *text);
int home_width(const struct home_page *p);

/* and the page is laid out and painted from row `top` of it on. */
void home_page_lay(struct home_page *p);

/* The row of a page that is laid out behind the last line of a column. */
int home_page_end(const struct home_page *p, enum home_column column);
void home_page_paint(const struct home_page *p, struct grid *g,
		     struct area area, int top, const struct home_line *here);

void home_left(struct home_page *p, const struct home_facts *f);
void home_right_column(struct home_page *p, const struct home_facts *f);
void home_channels(struct home_page *p, const struct home_facts *f);
void home_below(struct home_page *p, const struct home_facts *f);

/* A count as it is shown, "-" if it is not known yet; of a state, of that and a
 * channel. */
struct fmt home_count(const struct home_facts *f, struct count n);
struct fmt home_status(const struct home_facts *f, enum message_status status);
struct fmt home_channel_status(const struct home_facts *f, const char *channel,
			       enum message_status status);

/* How long ago; "-" for 0. */
struct fmt home_since(const struct home_facts *f, int64_t at_ms);
