/*
 * The console on a terminal: keys go from it to the app, grids back, and what
 * only whoever has the terminal can do is done here.
 */
#pragma once

#include "schema/actor.h"
#include "tui/conf.h"

struct console_options {
	const char *db_path;
	struct conf *conf;	   /* borrowed */
	const struct actor *actor; /* borrowed */
	bool is_read_only;	   /* by the command line, to stay so */
	bool is_unmasked;
	bool is_ascii;	   /* beside what conf says */
	const char *color; /* "auto", "never", "always"; NULL: as conf says */
	const char *trace_path; /* --trace-frames; NULL: none */
};

enum {
	CONSOLE_FAILED = 1,
	CONSOLE_UNUSABLE = 2 /* this terminal cannot show it */
};

/* Runs until the operator leaves: 0; 128 + n by a signal; CONSOLE_*, said on
 * stderr. The language is chosen before. */
int console_run(const struct console_options *options);
