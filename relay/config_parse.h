/*
 * The parsers of values, one a type of setting, behind relay/config_value.h.
 *
 * All have one shape: the text becomes *field, and NULL comes back; or *field
 * is left alone and what is wrong comes back, for behind the setting's name,
 * for the caller to free. None of them frees what *field held before.
 */
#pragma once

#include "relay/config_table.h"

typedef char *config_parser(const struct setting *s, const char *text,
			    void *field);

/* Texts: relay/config_text.c. Each copies the text into a char *. */
config_parser config_parse_name;
config_parser config_parse_json_path;
config_parser config_parse_path;
config_parser config_parse_url;
config_parser config_parse_hook_url;
config_parser config_parse_credential;
config_parser config_parse_secrets;

/* Numbers and words: relay/config_number.c. */
config_parser config_parse_integer;   /* int */
config_parser config_parse_duration;  /* int64_t */
config_parser config_parse_durations; /* struct config_durations */
config_parser config_parse_choice;    /* an enum or a bool */

/* relay/config_route.c: struct config_routes. */
config_parser config_parse_routes;

/* relay/config_subscribe.c: texts, and struct template_fields. All but the
 * words may be "". */
config_parser config_parse_row_type;
config_parser config_parse_template_id;
config_parser config_parse_page;
config_parser config_parse_fields;
config_parser config_parse_words;

/* Frees the list and empties it. */
void config_parse_routes_clear(struct config_routes *routes);

/* The bounds of a row with integers or durations: "10ms to 10m". The caller
 * frees. */
char *config_parse_bounds_text(const struct setting *s);

/* The value as a message may show it: clean, not too long, in quotes; and
 * "... is no <what>", which is a noun, translated. The caller frees. */
char *config_parse_quote(const char *text);
char *config_parse_not_a(const char *text, const char *what);

/* The next piece of a list with commas, without the blanks round it; *rest
 * moves behind the comma and is NULL after the last. The caller frees. */
char *config_parse_next_piece(const char **rest);
