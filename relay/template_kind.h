/* The kinds of template keys. Only for relay/template*.c. */
#pragma once

#include "lib/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether a key, but for its number, is the name of a kind. */
bool template_kind_has(const char *key);

/* "thing, name, ..." */
void template_kind_list(struct buf *out);

/* Adds the only number of a text, which has at most so many digits: decimals
 * are cut off for that, nothing else. An amount keeps its currency's sign and
 * its 元. Adds nothing if there is no such number, or it is negative. */
void template_number_add(struct buf *out, const char *text, size_t most);
void template_amount_add(struct buf *out, const char *text, size_t most);

/* Adds a point of time, "2025-12-24T10:30:00Z" or milliseconds since 1970, as
 * Beijing's clocks show it: WeChat converts nothing. Adds nothing and returns
 * false if the text is none. */
bool template_time_add(struct buf *out, const char *text);
