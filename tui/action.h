/*
 * What a key or a command can do: one table (action_table.h) from which the
 * keys, the bottom row, the help, the command prompt and the manual come.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Kinds of view, a bit each: where an action is known. */
enum {
	IN_HOME = 1 << 0,
	IN_LIST = 1 << 1,   /* a list of rows */
	IN_FAILED = 1 << 2, /* beside IN_LIST or IN_GROUPS: the Failed tab */
	IN_GROUPS = 1 << 3, /* failed rows by error */
	IN_DETAIL = 1 << 4,
	IN_LOG = 1 << 5,
	IN_AUDIT = 1 << 6,
	IN_ALL = (1 << 7) - 1,
	IN_LISTS = IN_LIST | IN_GROUPS,
	IN_TEXTS = IN_DETAIL | IN_LOG | IN_AUDIT,
	IN_ROWS = IN_LIST | IN_GROUPS | IN_DETAIL
};

enum {
	ACTION_CHANGES = 1 << 0, /* off when read-only */
	ACTION_ROW = 1 << 1	 /* needs a row under the cursor, or marks */
};

enum action {
	ACTION_NONE,
#define GROUP(title)
#define ACTION(name, ...) ACTION_##name,
#include "tui/action_table.h"
#undef ACTION
#undef GROUP
	ACTION_COUNT
};

struct action_row {
	const char *name;  /* "retry" */
	unsigned where;	   /* IN_* */
	unsigned flags;	   /* ACTION_* */
	const char *keys;  /* names as in input.h, blanks between */
	const char *label; /* not yet translated, as are the others */
	const char *help;
};

/* The row of an action; of ACTION_NONE one without name. */
const struct action_row *action_row(enum action action);

/* The title of the part of the help that it belongs to, not yet translated; ""
 * for ACTION_NONE. */
const char *action_group(enum action action);

/* The action of that name, ACTION_NONE if there is none. */
enum action action_find(const char *name);
