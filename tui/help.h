/*
 * What the help has to say of a view, line by line: every action by its keys as
 * they are bound now, then what has no key, then the filter's grammar.
 */
#pragma once

#include "tui/keymap.h"

#include <stdbool.h>

struct help_line {
	bool is_head; /* the title of what follows: no keys */
	bool is_off;  /* its actions change the outbox */
	char *keys;   /* own; "" for a text alone */
	char *text;   /* own */
};

struct help {
	struct help_line *lines; /* own */
	size_t count;
};

/* Only lines whose keys or text hold the needle, and their titles; all for "".
 * The caller ends it with help_finish. */
void help_init(struct help *h, const struct keymap *km, unsigned where,
	       const char *needle);
void help_finish(struct help *h);

/* How a view is called in a title, translated. */
const char *help_view_name(unsigned where);
