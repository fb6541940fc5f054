/*
 * A box: what lies over the views and takes every key until it is closed. Each
 * kind is a table of functions and a struct that begins with struct box.
 */
#pragma once

#include "tui/plan.h"
#include "tui/prompt.h"
#include "tui/view.h"

struct box;

struct box_ops {
	void (*destroy)(struct box *b);

	/* A key of tui/input.h. A box closes itself with app_close_box. */
	void (*key)(struct box *b, struct app *app, int32_t key);

	/* Over the whole grid; it chooses its place itself. */
	void (*paint)(struct box *b, struct app *app, struct grid *g);

	/* May be NULL. One slice; outcomes as of rows_work. */
	int (*work)(struct box *b, struct app *app, int64_t deadline_us);
};

struct box {
	const struct box_ops *ops;
};

/* The keys of a view, from the keymap, narrowed by what is typed. */
struct box *box_help_create(struct app *app, unsigned where);

/* The command prompt: every action by name, its key beside it. */
struct box *box_palette_create(struct app *app);

/* Chooses the rows of the plan (its list and filter: plan->filter with
 * `kind`, if ids is NULL), says what would happen, asks, and then does it with
 * a progress bar and leaves a notice. Takes the plan over. */
struct box *box_act_create(struct app *app, struct plan *plan,
			   const int64_t *ids, size_t count, int list_kind);

/* A short menu: letters and words; what is chosen, or 0 for Esc, goes to
 * `chosen`. */
struct menu_row {
	int32_t key;
	const char *label; /* translated; copied, as is the key */
	bool is_current;
};
typedef void (*menu_chosen)(struct app *app, void *arg, int32_t key);
struct box *box_menu_create(const char *title, const struct menu_row *rows,
			    size_t count, menu_chosen chosen, void *arg);

/* Lines to read and scroll: errors, keys, the relay. Takes the lines over. */
struct box *box_text_create(const char *title, char **lines, size_t count);

/* A line typed on the bottom row. `changed` is called with each change, `done`
 * with the text at Enter, or NULL at Esc; false from `done`: it stays open.
 * `problem` may be set to what is wrong and where, shown above the line.
 * complete_filter: Tab completes the filter's grammar. */
struct line_ops {
	void (*changed)(struct app *app, void *arg, const char *text);
	bool (*done)(struct app *app, void *arg, const char *text,
		     char **problem_out, size_t *problem_at_out);
};
struct box *box_line_create(const char *label, const char *text,
			    enum prompt_history history, bool complete_filter,
			    const struct line_ops *ops, void *arg);
