/*
 * Templates of subscribe messages: which keys they have, and each key's value
 * out of a payload, cut to what its kind takes. WeChat refuses a whole message
 * (47003) for one value that breaks its kind's limit.
 *
 * The limits are section 6 of the fact sheet; what is cut, and how, is what
 * cloudfunctions/quickstartFunctions/fields.js does. Knows no settings, sends
 * nothing.
 */
#pragma once

#include "lib/buf.h"

#include <stdbool.h>

enum { TEMPLATE_FIELDS_MAX = 16 };

/* A key of the template, and the payload's field that fills it. */
struct template_field {
	char *key;   /* own; a kind and a number: "thing1" */
	char *field; /* own */
};

struct template_fields {
	struct template_field *list; /* own */
	size_t count;
};

/* Reads "thing1=customerName thing2=source". Returns NULL, or what is wrong,
 * for the caller to free; *out is untouched then. "" has no fields. */
char *template_fields_read(const char *text, struct template_fields *out);
void template_fields_finish(struct template_fields *fields);

/* What is wrong with a page's {field} places, for the caller to free, or NULL.
 */
char *template_page_fault(const char *page);

/* Adds the value that a text becomes in a key of that name, "" if it cannot be
 * of the key's kind or the kind is unknown. */
void template_value_add(struct buf *out, const char *key, const char *text);

/* Adds the message's `data`, a JSON object, filled from a payload, which must
 * be a well-formed JSON object. Returns NULL; or the field whose value is
 * missing or cannot be of its kind. */
const struct template_field *template_data_add(struct buf *out,
					       const struct template_fields *f,
					       const char *payload, size_t len);

/* Adds the page with its {field} places filled in from a payload, each
 * percent-encoded. */
void template_page_add(struct buf *out, const char *page, const char *payload,
		       size_t len);
