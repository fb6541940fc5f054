/* What tui/script_option*.c share; nobody else includes it. */
#pragma once

#include "tui/script_option.h"

enum script_type {
	OPTION_FLAG,
	OPTION_TEXT,
	OPTION_NUMBER,
	OPTION_ID,
	OPTION_SIZE
};

struct script_verb_row {
	const char *name, *words, *help; /* help: not yet translated */
	script_run run;
};

struct script_option_row {
	const char *name, *argument, *help;
	unsigned verbs; /* a bit each: 1 << SCRIPT_LIST */
	enum script_type type;
	size_t offset; /* in struct script_options; of a size: none */
};

extern const struct script_verb_row script_verbs[SCRIPT_VERB_COUNT];
extern const struct script_option_row script_rows[];
extern const size_t script_row_count;
