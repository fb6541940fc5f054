/*
 * The box that asks before an act and shows how it goes: what its files share.
 *
 *	box_act.c	keys, and from one phase to the next
 *	box_act_run.c	choosing, acting, the dry run's file
 *	box_act_ask.c	what it says before it asks
 *	box_act_text.c	that in words of each verb
 *	box_act_effect.c	what becomes of rows in each state
 *	box_act_diff.c	what an edit changes
 *	box_act_lines.c	texts broken into lines, and which of them fit
 *	box_act_paint.c	these in any grid
 */
#pragma once

#include "tui/box.h"
#include "tui/fmt.h"

struct app;

enum box_phase {
	BOX_COUNTING, /* which rows */
	BOX_ASKING,
	BOX_NOTHING, /* nothing can be done: any key closes it */
	BOX_ACTING
};

enum box_field { FIELD_REASON, FIELD_NUMBER, FIELD_NO, FIELD_YES };

enum { NUMBER_MAX = 12 }; /* digits that can be typed */

/* A line that the box would show. What is least important goes first where
 * there is no room. */
enum line_kind { LINE_TEXT, LINE_REASON, LINE_NUMBER, LINE_BUTTONS, LINE_BAR };

enum line_rank {
	RANK_MUST,
	RANK_WARN,
	RANK_EFFECT,
	RANK_SCOPE,
	RANK_DETAIL,
	RANK_SAMPLE,
	RANK_HINT,
	RANK_BLANK
};

struct box_line {
	enum line_kind kind;
	enum line_rank rank;
	enum style style;
	size_t part; /* of which text it is a line */
	char *text;  /* own */
};

struct box_lines {
	struct box_line *lines; /* own */
	size_t count, parts;
	int width; /* cells of a line */
};

struct box_act {
	struct box box;
	struct plan *plan;     /* own */
	struct filter *filter; /* own; NULL: by ids */
	int64_t *ids;	       /* own; NULL: by the filter */
	size_t count;
	enum list_kind kind;
	enum box_phase phase;

	enum box_field field;
	char *reason; /* own; while it is not being typed */
	char number[NUMBER_MAX + 1];
	bool is_number_wrong;
	enum act_action undone; /* ACT_UNDO: what, how many, when */
	int64_t undone_count, undone_at_ms;
	char *nothing;	       /* own; why nothing can be done */
	struct box_lines diff; /* of an edit, not yet broken */

	int64_t begun_ms, next_ms; /* of app_mono_ms */
	int stuck; /* DB_BUSY or DB_FULL: the last batch waits; 0 */
};

/* Adds a text, broken into lines that are not wider than lines->width; takes
 * the text over. */
void box_lines_add(struct box_lines *lines, enum line_rank rank,
		   enum style style, char *text);
void box_lines_blank(struct box_lines *lines);
void box_lines_put(struct box_lines *lines, enum line_kind kind,
		   enum line_rank rank);

/* Takes the least important lines away until the others fit; false: nothing but
 * lines that must be there is left, and they do not. */
bool box_lines_fit(struct box_lines *lines, int rows);
void box_lines_finish(struct box_lines *lines);

/* Goes to another phase; while it asks, it has no work. */
void box_act_enter(struct box_act *b, enum box_phase phase);

/* Everything that the phase shows. */
void box_act_say(const struct box_act *b, struct app *app,
		 struct box_lines *lines);

/* Texts of a verb; the caller frees. */
const char *box_act_title(const struct box_act *b);
char *box_act_question(const struct box_act *b);
char *box_act_yes(const struct box_act *b);
void box_act_effects(const struct box_act *b, struct box_lines *lines);
char *box_act_nothing(const struct box_act *b);
char *box_act_progress(const struct box_act *b);

/* Lines that an edit takes away and adds, each a bounded one. */
void box_act_diff(const struct plan *plan, struct box_lines *lines);

/* Whether the number has to be typed, and whether there is a line for the
 * reason. */
bool box_act_is_large(const struct box_act *b);
bool box_act_has_reason(const struct box_act *b);
int64_t box_act_total(const struct box_act *b);
int64_t box_act_done(const struct box_act *b);

/* The lines that a grid of this size shows; false: there is no room for what is
 * asked and where to answer, so nothing can be answered but no. The caller ends
 * them with box_lines_finish. */
bool box_act_fit(const struct box_act *b, struct app *app, int rows, int cols,
		 struct box_lines *lines);
bool box_act_has_frame(int rows, int cols);

void box_act_paint(struct box *box, struct app *app, struct grid *g);
int box_act_work(struct box *box, struct app *app, int64_t deadline_us);

/* Closes it; with what was said, where a text is that no row has yet. */
void box_act_close(struct box_act *b, struct app *app);

/* Ends it, with what was done; is_stopped: by the operator. */
void box_act_end(struct box_act *b, struct app *app, bool is_stopped);
void box_act_dry_run(struct box_act *b, struct app *app);
