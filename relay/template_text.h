/*
 * Values out of payloads, made fit to stand in a template: on one line, without
 * what cannot be seen. What cloudfunctions/quickstartFunctions/fields.js does,
 * so that both ways send the same message.
 *
 * Knows JSON as far as an object's own members. Only for relay/template*.c.
 */
#pragma once

#include "lib/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* Adds the value of a member of a JSON object to *out, made plain: a text, or a
 * number as it is printed there; anything else, or no such member, is "". Of
 * two members of one name the last counts. `json` must be well-formed. */
void template_text_add(struct buf *out, const char *json, size_t len,
		       const char *field);

/* Adds a text without the white space at its ends. */
void template_text_add_trimmed(struct buf *out, const char *s, size_t len);

/* Whether a character is white space, a Han character, or neither letter nor
 * digit nor white space. */
bool template_text_is_space(uint32_t code);
bool template_text_is_han(uint32_t code);
bool template_text_is_symbol(uint32_t code);
