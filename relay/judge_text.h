/*
 * Reading JSON and words that a stranger wrote, for the judge's own files: any
 * bytes may come, and none may crash it or reach a terminal as they are.
 *
 * Knows findings only as a place for texts, and no rules.
 */
#pragma once

#include "relay/judge_rules.h"

/* Parses exactly len bytes of JSON, with nothing but blanks behind them. NULL
 * if they are not that. s[len] must be NUL. The caller deletes. */
cJSON *judge_json_parse(const char *s, size_t len);
void judge_json_free(cJSON **json);
#define scoped_json __attribute__((cleanup(judge_json_free))) cJSON

/* Reads a code: a whole number or the decimal text of one. Returns false and
 * leaves *code_out alone if it is neither. item may be NULL. */
bool judge_json_code(const cJSON *item, int64_t *code_out);

/* The text of a string item, or NULL. Borrowed from it. */
const char *judge_json_text(const cJSON *object, const char *key);

/* Adds a text to the finding's, apart from what is there. A long one loses its
 * middle. NULL and "" add nothing. */
void judge_text_add(struct finding *f, const char *text);

/* Whether one of the alternatives of `pattern`, parted by '|', occurs in the
 * text, whatever its ASCII case. The pattern is lower case; '*' within an
 * alternative stands for any bytes. */
bool judge_text_has(const char *text, const char *pattern);

/* The last "errCode: N" of a text that is a code of WeChat's; 0 if none. */
int64_t judge_text_last_code(const char *text);

/* Writes the finding as one clean line without secrets. */
void judge_text_print(const struct finding *f, bool is_unsure,
		      char out[static JUDGEMENT_DETAIL_MAX]);
