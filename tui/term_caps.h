/*
 * What terminfo says of the terminal. By itself, since curses' header of it
 * has a struct term, too.
 */
#pragma once

#include <stddef.h>

enum term_caps {
	TERM_CAPS_OK,
	TERM_CAPS_UNKNOWN, /* TERM is in no database */
	TERM_CAPS_TOO_FEW  /* it cannot move the cursor */
};

/* Looks at TERM, before curses is started. */
enum term_caps term_caps_check(void);

/* What leaves the terminal as programs expect it: no mouse, no attributes, the
 * cursor, the screen of before. While curses runs. Returns its length. */
size_t term_caps_reset(char *out, size_t cap);
