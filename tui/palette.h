/*
 * What a typed command may mean: the words in it, and the actions whose names
 * or help it fits, the likeliest first.
 */
#pragma once

#include "tui/action.h"

#include <stdbool.h>

struct palette {
	enum action actions[ACTION_COUNT];
	size_t count;
	size_t total; /* that there are in the view */
};

/* The actions of a view (IN_*) that a name fits; all for "". */
void palette_match(struct palette *p, unsigned where, const char *name);

/* Takes a line apart: the name before the first blank, in ASCII if an input
 * method made it full-width, without colons before it, goes to *name_out, which
 * the caller frees; returns the words behind it, "" for none, borrowed. */
const char *palette_read(const char *text, char **name_out);

/* The number that a name is; 0 if it is none. */
int64_t palette_number(const char *name);

/* The action that has this name, or "q" for quit. */
enum action palette_exact(const char *name);

/* Whether words behind its name mean something to it. */
bool palette_has_words(enum action action);
