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
	SETTING_NAME,	     /* char *: letters, digits, '-', '_', '.' */
	SETTING_JSON_PATH,   /* char *: as SQLite's json_extract takes it */
	SETTING_PATH,	     /* char * */
	SETTING_URL,	     /* char *: https, or http on loopback */
	SETTING_HOOK_URL,    /* char *: the same, and it may have a query */
	SETTING_CREDENTIAL,  /* char *: visible ASCII; public */
	SETTING_SECRET,	     /* char *: the same; never shown, wiped */
	SETTING_SECRETS,     /* char *: one or several, blanks between */
	SETTING_INTEGER,     /* int */
	SETTING_DURATION,    /* int64_t, ms */
	SETTING_DURATIONS,   /* struct config_durations */
	SETTING_CHOICE,	     /* an enum or a bool, in the order of the words */
	SETTING_ROUTES,	     /* struct config_routes */
	SETTING_ROW_TYPE,    /* char *: outbox.type */
	SETTING_TEMPLATE_ID, /* char *: WeChat's */
	SETTING_PAGE,	     /* char *: with {field} places */
	SETTING_FIELDS,	     /* struct template_fields */
	SETTING_WORDS,	     /* char *: names, blanks between */
	SETTING_TYPE_COUNT
};

/* Whose setting it is. */
enum setting_scope {
	SETTING_RELAY,	 /* the relay's */
	SETTING_CHANNEL, /* RELAY_X every channel's, and WECHAT_CLOUD_X,
			    WECHAT_SUBSCRIBE_X and WEBHOOK_<NAME>_X one
			    channel's */
	SETTING_WEBHOOK, /* a webhook's: WEBHOOK_<NAME>_X */
	SETTING_TEMPLATE /* a template's: WECHAT_TEMPLATE_<NAME>_X */
};

struct setting {
	const char *name;
	enum setting_scope scope;
	enum setting_type type;
	size_t offset;	       /* of the field in struct config, if it is not a
				  webhook's or template's alone */
	size_t channel_offset; /* of the field in struct config_channel, or in
				  struct config_template if it is one's; unless
				  it is the relay's alone */
	size_t size;	       /* of a choice's field */
	int64_t min, max;      /* of integers; of durations in ms */
	const char *fallback;  /* the default, as text; "" if none */
	const char *words;     /* of a choice: "stable|classic" */
	const char *pattern;   /* of a credential: what a real one looks like */
	const char *slot;      /* of a secret: its name for secret_set */
	const char *remedy;    /* of a credential: where to get it */
	const char *help;      /* one line */
};

/* First the rows of struct config, config_table_len of them; behind them, up to
 * config_table_end, those of a webhook alone; and up to config_table_all those
 * of a template. */
extern const struct setting config_table[];
extern const size_t config_table_len;
extern const size_t config_table_end;
extern const size_t config_table_all;

/* One a row: where its value is from. */
struct config_origin {
	char *where;   /* own */
	char *text;    /* own; the value as it may be shown; "" for secrets */
	char *refused; /* own; why a credential was not taken, or NULL */
};

/* The row of that name, or NULL. */
const struct setting *config_table_find(const char *name);

/* The row of struct config whose name was probably meant: at most two slips of
 * the finger away, or the same but for underscores and case. NULL if there is
 * none. */
const struct setting *config_table_near(const char *name);

/* Whether the name begins with one of our prefixes, known or not. */
bool config_table_has_prefix(const char *name);
