/*
 * A monkey at the console: what its files share.
 *
 *	monkey.c         the seeds
 *	monkey_run.c     one run: keys, sizes, times, and what the app asks for
 *	monkey_key.c     which key comes next
 *	monkey_grid.c    what a screen must be
 *	monkey_outbox.c  what changes beneath, and what an outbox must be
 */
#pragma once

#include "tui/app.h"

#include <sqlite3.h>

struct monkey_options {
	uint64_t seed;
	int keys;
	bool is_read_only;
	int at;		/* which key it is at, */
	char last[512]; /* and the names of the last ones: set by the run */
};

/* Fails the running test if the console does what it must not. Returns how many
 * rows it changed. */
int64_t monkey_run(struct monkey_options *options);

/* A number below `count` (above 0), the same for the same seed everywhere. */
struct dice {
	uint64_t state;
};
unsigned dice_roll(struct dice *d, unsigned count);

/* The key that comes next. Texts come a character at a time. */
struct monkey_keys {
	struct dice *dice; /* borrowed */
	const char *text;  /* what is left of one, "" for nothing */
	unsigned escapes;  /* so many come first */
	char *last;	   /* borrowed; names, of struct monkey_options */
};
int32_t monkey_key(struct monkey_keys *keys);

/* Asserts that any terminal can show it: no halves of wide characters, and no
 * character that would move a cursor or turn the reading direction. */
void monkey_check_grid(const struct grid *g, int rows, int cols);

/* Fills an outbox, and notes from then on each transition of a row. */
void monkey_outbox_begin(sqlite3 *db);

/* What a CRM and a relay do, one of it. */
void monkey_outbox_stir(sqlite3 *db, struct dice *dice);

/* All that is in it, as text. The caller frees. */
char *monkey_outbox_dump(sqlite3 *db);

/* Asserts that it is whole, that operators did only what the rules allow, and
 * that the audit has each change of a row once. Returns how many there were. */
int64_t monkey_outbox_check(sqlite3 *db);
