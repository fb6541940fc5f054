/*
 * Names of settings as they stand in files and in the environment: which row
 * of the table each one is, of which channel, and what a misspelt one was
 * meant to be.
 *
 * Knows no values, and not which webhooks there are.
 */
#pragma once

#include "relay/config_table.h"

/* How the names of a webhook's and of a template's rows begin in the table. */
#define WEBHOOK_MARK  "WEBHOOK_<NAME>_"
#define TEMPLATE_MARK "WECHAT_TEMPLATE_<NAME>_"

struct config_name {
	const struct setting *setting;
	/* or template; "": no single one's */
	char channel[CONFIG_CHANNEL_NAME_MAX + 1];
};

/* CONFIG_NAME_UNKNOWN: it is no setting of ours. CONFIG_NAME_BAD: it would be
 * one, if the name of its webhook could be a channel's. */
enum { CONFIG_NAME_UNKNOWN = 1, CONFIG_NAME_BAD };

/* Takes a name apart. Returns 0; or CONFIG_NAME_UNKNOWN; or CONFIG_NAME_BAD
 * with *why_out set to what is wrong, for behind the name. */
int config_name_read(const char *text, struct config_name *out,
		     const char **why_out);

/* The name of a row for a channel or template; of no single one if it is "".
 * The caller frees. */
char *config_name_print(const struct setting *setting, const char *channel);

/* The same of the first row of that type, which the table must have. */
char *config_name_print_type(enum setting_type type, const char *channel);

/* What was probably meant: at most two slips of the finger away, or the same
 * but for underscores and case. The caller frees; NULL if there is none. */
char *config_name_near(const char *text);

enum { CONFIG_SLIPS_MAX = 2 };

/* Letters to add, drop or change to make one of the other; 0 too if they are
 * the same but for underscores and case; SIZE_MAX if they are too long for
 * slips to be counted. */
size_t config_name_slips(const char *a, const char *b);
