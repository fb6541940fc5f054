/*
 * Golden screens: a table of shots, each of them a screen that keys lead to in
 * a copy of the outbox of tests/support/variety.h. What is seen must be what
 * tests/golden/GROUP/NAME.txt and NAME.style hold, and no screen may show what
 * none should (shot_look.c). UPDATE_GOLDEN=1 writes the files anew.
 */
#pragma once

#include "tests/support/check.h"
#include "tests/support/screen.h"

#include <sqlite3.h>

enum shot_flag {
	SHOT_ZH = 1, /* in Chinese, too: NAME.zh */
	SHOT_ASCII = 2,
	SHOT_READ_ONLY = 4,
	SHOT_UNMASKED = 8,
	SHOT_EMPTY = 16, /* an outbox of no rows, in the place of variety's */
	SHOT_NO_FILE = 32
};

struct shot {
	const char *name;
	const char *keys; /* as of screen_press */
	int rows, cols;	  /* 0: 24 and 80 */
	unsigned flags;
	const char *conf; /* text of a console.conf */
	const char *sql;  /* before the console is opened */

	/* Once the keys are pressed, in this order: by somebody else, what
	 * neither can do, and keys again. */
	const char *later;
	void (*play)(struct screen *s, sqlite3 *other);
	const char *then;
};

/* Takes all shots of a group, a folder of tests/golden; for main to return. */
int shots_take(const char *group, const struct shot *shots, size_t count);

/* What is wrong with a screen whatever it shows: lines that are too wide,
 * frames that are open, code points that a terminal might obey, English among
 * Chinese. Adds lines. */
void shot_look(const char *text, int cols, bool is_zh, struct buf *out);
