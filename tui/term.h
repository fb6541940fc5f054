/*
 * The terminal: ncurses shows grids and reads keys, and whatever happens the
 * terminal is left as it was found. The only place that knows curses.
 */
#pragma once

#include "tui/grid.h"
#include "tui/input.h"

struct term;

struct term_options {
	bool has_color;	 /* false: attributes only */
	bool has_cursor; /* the cursor is seen where the grid has it */
};

/* Takes the terminal on stdin and stdout. -1 with *problem_out (TERM unknown,
 * no terminal), which the caller frees. */
int term_open(struct term **out, const struct term_options *options,
	      char **problem_out);
void term_close(struct term *t);

/* Whether drawing characters take two cells here: asks the terminal, before
 * term_open, at most 100 ms. */
bool term_draws_wide(void);

void term_size(const struct term *t, int *rows_out, int *cols_out);

/* Shows a grid of exactly the terminal's size; only what changed is sent.
 * is_whole: everything, for Ctrl-L. */
void term_show(struct term *t, const struct grid *g, bool is_whole);

enum term_event {
	TERM_NOTHING, /* the time has passed */
	TERM_KEY,
	TERM_RESIZED,
	TERM_ENDED,   /* a signal to leave; its number in *key_out */
	TERM_RESUMED, /* back from a suspension */
	TERM_GONE     /* the terminal is gone */
};

/* The next event, waiting at most timeout_ms (-1: for ever). Keys that are
 * already there come one by one without waiting. */
enum term_event term_wait(struct term *t, int timeout_ms, int32_t *key_out);

/* Where the last INPUT_CLICK was. */
void term_mouse(const struct term *t, int *y_out, int *x_out);
void term_set_mouse(struct term *t, bool is_on);

/* Gives text to the terminal's clipboard (OSC 52, base64). -1: over the cap of
 * what terminals take, nothing was sent. */
enum { TERM_COPY_MAX = 74994 };
int term_copy(struct term *t, const char *text, size_t len);

/* Stops this process as Ctrl-Z does, the terminal restored meanwhile. -1: there
 * is no shell to come back from; whoever started us has SIGTSTP ignored. */
int term_suspend(struct term *t);

/* Gives the terminal to a program and takes it back: argv ends with NULL. Its
 * exit code, 128 + n for a signal, 127 if it cannot be run. */
int term_run(struct term *t, const char *const *argv);
