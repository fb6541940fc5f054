/*
 * The templates of subscribe messages that the settings name, with
 * WECHAT_TEMPLATE_<NAME>_ID and what else is called like it: one a type of row.
 * With the first of them there is a channel wechat-subscribe.
 *
 * Plain data, owned by struct config.
 */
#pragma once

#include "relay/template.h"

#include <stddef.h>

struct config;
struct config_adoption;

struct config_template {
	char *name; /* own; <name> in lower case, '_' as '-' */
	char *type; /* own; of the rows that it is for */
	char *id;   /* own; WeChat's */
	char *page; /* own; with {field} places; "": none is opened */
	struct template_fields fields; /* own; at least one */

	/* own; one a row of its own in the table */
	struct config_origin *origins;
};

/* The template for rows of that type, or NULL. Borrowed from config. */
const struct config_template *config_find_template(const struct config *config,
						   const char *type);

/* The one of that name, likewise. */
const struct config_template *config_named_template(const struct config *config,
						    const char *name);

/* For config_load: makes config->templates, and says what is wrong with them;
 * then, when there are channels, whether types are sent to wechat-subscribe
 * that have none. */
void config_adopt_templates(const struct config_adoption *a);
void config_check_templates(const struct config_adoption *a);
void config_templates_finish(struct config *config);
