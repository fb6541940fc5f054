/*
 * The console without its terminal, for tests that press keys and look at the
 * screen: a fixed clock, keys by their names, text that is typed, and golden
 * files of what was seen (tests/support/shot.h has tables of these).
 *
 *	struct screen *s = screen_open(&(struct screen_options){
 *		.db = path, .now_ms = NOW});
 *	screen_press(s, "4 j Space R");
 *	screen_expect(s, "1 row");
 *	screen_close(s);
 *
 * Everything here fails the running test by itself.
 */
#pragma once

#include "tui/app.h"

struct screen_options {
	const char *db;
	int64_t now_ms;	   /* 0: 2026-11-22 14:22:07.114 in Shanghai */
	int rows, cols;	   /* 0: 24 and 80 */
	const char *lang;  /* NULL: "en" */
	const char *conf;  /* text of a console.conf, NULL: none */
	const char *actor; /* NULL: "alice" */
	bool is_ascii, is_read_only, is_unmasked;
	bool has_rests; /* counting rests, by the real clock, as it does */
};

struct screen;

/* Opens an app, lets it read all that it wants to, and paints it. The time zone
 * is Shanghai's. */
struct screen *screen_open(const struct screen_options *options);
void screen_close(struct screen *s);

/* Presses keys, settling after each one: names of tui/input.h with blanks
 * between, text in double quotes typed as it stands: "/ \"to:o\" Enter"; +500
 * lets 500 ms pass. */
void screen_press(struct screen *s, const char *keys);

/* Works until there is nothing to do at this time. */
void screen_settle(struct screen *s);

/* Lets so much time pass, in steps of at most 250 ms, and settles. */
void screen_pass(struct screen *s, int64_t ms);

/* Without the wall clock: a machine that slept, or was set. */
void screen_jump(struct screen *s, int64_t wall_ms);

void screen_resize(struct screen *s, int rows, int cols);
struct app *screen_app(struct screen *s);

/* What is on it now: lines of text, or of the letters of tui/style_table.h.
 * Borrowed until the next call. */
const char *screen_text(struct screen *s);
const char *screen_styles(struct screen *s);

/* One line of it; from the end if negative. Borrowed likewise. */
const char *screen_line(struct screen *s, int y);

/* That a text is, or is not, on it. */
void screen_expect(struct screen *s, const char *text);
void screen_expect_not(struct screen *s, const char *text);

/* Waits, passing time, until a text is on it. */
void screen_await(struct screen *s, const char *text);

/* Whether it is tests/golden/NAME.txt and NAME.style, whole; adds the lines
 * that differ. Writes the files first if UPDATE_GOLDEN=1 is in the environment.
 */
bool screen_is_golden(struct screen *s, const char *name, struct buf *diff);

/* The last effect that was asked for, and forgets it. */
enum app_effect screen_effect(struct screen *s);
