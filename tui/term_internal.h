/*
 * What the files of tui/term.h share: the terminal as curses has it, and the
 * guard that puts it back however the program ends.
 */
#pragma once

#include "tui/term.h"

#include <curses.h>
#include <signal.h>
#include <sys/types.h>

/* What is read from a signalfd; the last four have handlers of ncurses, too,
 * which never run, since all are blocked. */
enum {
	TERM_HUP,
	TERM_QUIT,
	TERM_CONT,
	TERM_INT,
	TERM_TERM,
	TERM_TSTP,
	TERM_WINCH,
	TERM_SIGNAL_COUNT
};

struct term {
	SCREEN *screen;
	WINDOW *keys; /* a pad: reading from it paints nothing */
	struct grid shown;
	bool is_shown; /* the grid is what the terminal has */
	bool has_cursor;
	bool has_mouse;
	int mouse_y, mouse_x;
	bool has_held; /* read too far: a key that is handed out later */
	int held_rc;
	wint_t held;
	int empty_reads;
	int ended_by; /* the signal to leave, 0: none came */
	int signal_fd;
	sigset_t signals, mask_before;
	struct sigaction before[TERM_SIGNAL_COUNT];
	attr_t attrs[STYLE_COUNT];
	short pairs[STYLE_COUNT];
};

/* --- Signals (term_signal.c) --------------------------------------------- */

/* Blocks what is read from the descriptor, and gives it back. -1: none. */
int term_signals_take(struct term *t);
void term_signals_give_back(struct term *t);

/* The next signal that came; 0: none. */
int term_signals_next(struct term *t);

/* Forgets those of the keyboard that were meant for another program. */
void term_signals_forget(struct term *t);

/* Follows the terminal's size; whether it changed. */
bool term_follow_size(struct term *t);

/* Back on the screen after another program had the terminal. */
void term_return(struct term *t);

/* Off the screen, for the shell or another program (term_run.c). */
void term_leave(void);

/* Whether somebody else has the terminal: to set its modes would stop us. */
bool term_is_in_background(void);

/* --- Styles (term_style.c) ----------------------------------------------- */

void term_styles_init(struct term *t, bool has_color);

/* --- Keys (term_key.c) --------------------------------------------------- */

/* Sequences that terminals send, whether their description says so or not. */
void term_keys_define(void);

/* The next key that is there; INPUT_NONE: none. */
int32_t term_key_next(struct term *t);

/* --- The guard (term_guard.c) -------------------------------------------- */

/* Remembers how the terminal is; -1 if it is none. Before curses has it. */
int term_guard_save(void);

/* From here on a crash leaves the terminal as it was, and what is written to
 * stderr is kept for later, if that is the terminal. After curses has it. */
void term_guard_arm(void);

/* The terminal as it was, handlers as they were, stderr shown. */
void term_guard_disarm(void);

/* The stderr of before; for other programs. */
int term_guard_stderr(void);

/* All of it to the terminal, past curses. Safe in a signal's handler. */
int term_write(int fd, const char *data, size_t len);
