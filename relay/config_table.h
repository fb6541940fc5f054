/*
 * The table of settings: one row each, from which values are parsed, help is
 * printed and misspellings are found.
 *
 * Only the config_*.c files include this; the rest of the relay reads the
 * fields of struct config.
 */
#pragma once

#include "relay/config.h"

#include <stdbool.h>

enum setting_type {
	SETTING_NAME,	    /* char *: letters, digits, '-', '_', '.' */
	SETTING_JSON_PATH,  /* char *: as SQLite's json_extract takes it */
	SETTING_PATH,	    /* char * */
	SETTING_URL,	    /* char *: https, or http on loopback */
	SETTING_CREDENTIAL, /* char *: visible ASCII; public */
	SETTING_SECRET,	    /* char *: the same; never shown, wiped */
	SETTING_INTEGER,    /* int */
	SETTING_DURATION,   /* int64_t, ms */
	SETTING_DURATIONS,  /* struct config_durations */
	SETTING_CHOICE,	    /* an enum, in the order of the words */
	SETTING_ROUTES,	    /* struct config_routes */
	SETTING_TYPE_COUNT
};

struct setting {
	const char *name;
	enum setting_type type;
	size_t offset;	      /* of the field in struct config */
	int64_t min, max;     /* of integers; of durations in ms */
	const char *fallback; /* the default, as text; "" if none */
	const char *words;    /* of a choice: "stable|classic" */
	const char *pattern;  /* of a credential: what a real one looks like */
	const char *slot;     /* of a secret: its name for secret_set */
	const char *remedy;   /* of a credential: where to get it */
	const char *help;     /* one line */
};

extern const struct setting config_table[];
extern const size_t config_table_len;

/* One a row: where its value is from. */
struct config_origin {
	char *where;   /* own */
	char *text;    /* own; the value as given; "" for secrets */
	char *refused; /* own; why a credential was not taken, or NULL */
};

/* The row of that name, or NULL. */
const struct setting *config_table_find(const char *name);

/* The row whose name was probably meant: at most two slips of the finger away,
 * or the same but for underscores and case. NULL if there is none. */
const struct setting *config_table_near(const char *name);

/* Whether the name begins with one of our prefixes, known or not. */
bool config_table_has_prefix(const char *name);
