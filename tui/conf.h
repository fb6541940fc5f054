/*
 * The console's own configuration: $XDG_CONFIG_HOME/outbox/console.conf, lines
 * of `key = value` and `bind VIEW KEY ACTION`; and filters kept by name, in the
 * file `filters` beside it. One table gives keys, bounds, defaults and help.
 */
#pragma once

#include "tui/fmt.h"
#include "tui/keymap.h"

#include <stdbool.h>
#include <stdio.h>

struct conf {
	int64_t refresh_ms;
	enum fmt_time times;
	bool is_read_only, has_mouse, has_cursor, is_ascii, has_borders;
	bool is_side_open;
	int64_t ambiguous;     /* cells of box drawing: 1, 2, 0: ask */
	char *color;	       /* own: "auto", "never", "always" */
	char *copy_command;    /* own; NULL: OSC 52 only */
	struct keymap *keymap; /* own */
	char *dir;	       /* own; NULL: there is no home */
};

/* Defaults. The caller ends it with conf_finish. */
void conf_init(struct conf *c);
void conf_finish(struct conf *c);

/* Reads a file; a missing one is none. 0, or -1 with *problem_out, "FILE:3:
 * ..." in the language of lang.h, which the caller frees. path NULL: the user's
 * own. */
int conf_read(struct conf *c, const char *path, char **problem_out);

/* Every key with its default and help, as a file that can be used. */
void conf_print_sample(FILE *out);

/* The filters kept: 0; 1 with *problem_out (no such name, a name that is none,
 * the file is somebody else's). The caller frees. */
int conf_save_filter(const struct conf *c, const char *name, const char *text,
		     char **problem_out);
int conf_load_filter(const struct conf *c, const char *name, char **text_out,
		     char **problem_out);
