/*
 * What WeChat lets into a template's fields: the limits of each kind of value.
 *
 * Knows nothing of templates; the kind is the key without its number.
 */
#pragma once

enum field_verdict { FIELD_GOOD, FIELD_EMPTY, FIELD_INVALID };

/* Judges the value of a key such as "thing3". A key that is no kind and number
 * is invalid. */
enum field_verdict field_judge(const char *key, const char *value);
