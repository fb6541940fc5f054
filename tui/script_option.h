/*
 * The command line: one table of verbs and one of options, which also print the
 * usage.
 */
#pragma once

#include "tui/script.h"

#include <stdio.h>

/* Reads argv. 0; or EXIT_USAGE, said on stderr. *words_out is what o->words
 * points to; the caller frees it, whatever is returned. */
int script_option_read(int argc, char **argv, struct script_options *o,
		       char **words_out);

/* The value of the first --lang, before anything can be said: NULL if there is
 * none. */
const char *script_option_lang(int argc, char **argv);

void script_option_usage(FILE *out);

/* What serves a verb; NULL for SCRIPT_CONSOLE. */
typedef int (*script_run)(const struct script_options *o);
script_run script_option_run(enum script_verb verb);
