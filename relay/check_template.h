/*
 * The account's own templates, as WeChat lists them, for `outbox-relay check`:
 * whether the ID that messages are to be sent by is one of them, and whether
 * the keys that are filled are the template's. They are asked for once, when
 * the first ID is compared.
 */
#pragma once

#include "relay/check.h"

#include <cjson/cJSON.h>

/* What would be sent by a template. All borrowed. */
struct check_template {
	const char *id;
	const char *id_at;   /* where it stands: "WECHAT_TEMPLATE_A_ID" */
	const char *keys_at; /* and where the keys do */
	const cJSON *keys;   /* an array of texts: "thing1", ... */
};

/* What a stranger wrote as a part of one line: without secrets, clean, not
 * long;
 * "" for NULL. The caller frees. */
char *check_brief(const char *text);

/* Tells a line of it; beside it, the first time, one of a list that does not
 * come. Needs a token. */
void check_template(struct check *c, const struct check_template *t);
