/*
 * The table of the console's settings, and how their values are read.
 */
#pragma once

#include "tui/conf.h"

#include <stddef.h>

enum conf_type {
	CONF_BOOL,   /* bool: on, off */
	CONF_NUMBER, /* int64_t from min to max */
	CONF_INDEX,  /* int64_t: which of the words */
	CONF_TIMES,  /* enum fmt_time: which of the words */
	CONF_WORD,   /* char *: one of the words */
	CONF_COMMAND /* char *, NULL for "": what is run, so only from a file
		      * of the user's own */
};

struct conf_row {
	const char *name;
	enum conf_type type;
	size_t offset; /* in struct conf */
	int64_t min, max;
	const char *words; /* blanks between; "" for none */
	const char *fallback;
	const char *help; /* not yet translated */
};

extern const struct conf_row conf_table[];
extern const size_t conf_table_len;

/* The row of that name; NULL if there is none. */
const struct conf_row *conf_row_find(const char *name);

/* Sets a value: 0, or -1 if it is none of this row's. */
int conf_row_set(const struct conf_row *row, struct conf *c, const char *text);

/* What values there are: "on, off", "250 to 60000". The caller frees. */
char *conf_row_values(const struct conf_row *row);
