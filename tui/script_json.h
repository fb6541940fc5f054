/*
 * JSON for scripts: numbers exact, texts always UTF-8, times in milliseconds.
 * cJSON holds numbers as doubles; those that matter are written raw.
 */
#pragma once

#include "tui/row.h"

#include <cjson/cJSON.h>

/* Add a member: NULL and "never" become null. */
void script_json_int(cJSON *object, const char *name, int64_t value);
void script_json_time(cJSON *object, const char *name, int64_t at_ms);
void script_json_text(cJSON *object, const char *name, const char *text);
void script_json_bool(cJSON *object, const char *name, bool value);

/* Adds an array, or an object, and returns it; cJSON's names are long. */
cJSON *script_json_list(cJSON *object, const char *name);
cJSON *script_json_object(cJSON *object, const char *name);
cJSON *script_json_item(cJSON *list);

/* A row's columns. The caller deletes it. */
cJSON *script_json_row(const struct row *row, bool is_unmasked);

/* Writes it and deletes it: as it is, but on a terminal with what could steer
 * that as \u escapes. With a newline behind, or without. */
void script_json_print(cJSON *json);
void script_json_write(cJSON *json);
