/*
 * The newest end of something that grows: log and audit. Follows it while the
 * cursor is on the last line; else it stays where it is, by id, and counts what
 * is new below.
 */
#pragma once

#include "tui/app.h"
#include "tui/events.h"
#include "tui/view_text.h"

/* Columns below which times are short and sources left out, and from which on
 * there is room for long names. */
enum { TAIL_SPANS = 4, TAIL_NARROW = 60, TAIL_WIDE = 100 };

struct tail {
	struct view view;
	struct app *app;       /* borrowed */
	struct events *events; /* own */
	struct text_pane pane;
	enum event_level least;
	char *words; /* own; NULL: no filter */
	bool is_held;
	int64_t seen_id;	 /* the newest when it was held */
	int64_t top_id, here_id; /* what the place belongs to, while held */

	/* How an event looks: text into `line`, and its spans. */
	void (*format)(struct tail *t, const struct event *e);
	struct buf line;
	char *right; /* own; what stands at its end, NULL */
	enum style right_style;
	struct json_span spans[TAIL_SPANS];
	size_t span_count;
	int indent; /* of wrapped rows */
};

void tail_init(struct tail *t, struct app *app, const struct view_ops *ops,
	       enum events_of which);
void tail_finish(struct tail *t);

/* Adds text to the line, padded to so many cells, in a style. */
void tail_add(struct tail *t, const char *text, int cells, enum style style);

/* The time of an event, 13 cells; fewer on a narrow screen. */
void tail_add_time(struct tail *t, const struct event *e);
bool tail_is_narrow(const struct tail *t);

/* The event under the cursor; NULL: there is none. */
const struct event *tail_here(const struct tail *t);

/* Follows from now on; asks again with what least and words are. */
void tail_follow(struct tail *t);
void tail_ask(struct tail *t);

/* Moves, wrap, copy, follow and filter; false: another action. */
bool tail_act(struct tail *t, enum action action);

/* Functions of view_ops; v is a struct tail. */
int tail_work(struct view *v, struct app *app, int64_t deadline_us);
void tail_refresh(struct view *v, struct app *app);
void tail_paint(struct view *v, struct app *app, struct grid *g,
		struct area area);
void tail_status_right(const struct tail *t, struct buf *right);
int64_t tail_read_at(const struct view *v);
void tail_click(struct view *v, struct app *app, int y, int x);
bool tail_search(struct view *v, struct app *app, const char *text,
		 int direction);
