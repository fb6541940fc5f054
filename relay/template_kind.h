/* The kinds of template keys. Only for relay/template*.c. */
#pragma once

#include "lib/buf.h"

#include <stdbool.h>

/* Whether a key, but for its number, is the name of a kind. */
bool template_kind_has(const char *key);

/* "thing, name, ..." */
void template_kind_list(struct buf *out);

/* Adds a point of time, "2025-12-24T10:30:00Z" or milliseconds since 1970, as
 * Beijing's clocks show it: WeChat converts nothing. Adds nothing and returns
 * false if the text is none. */
bool template_time_add(struct buf *out, const char *text);
