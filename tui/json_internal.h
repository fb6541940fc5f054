/* What tui/json*.c share; nobody else includes it. */
#pragma once

#include "tui/json.h"

#include "lib/buf.h"

/* Lines as they are written. */
struct json_writer {
	struct json_lines *out; /* borrowed */
	struct buf line;
	struct json_span *spans; /* own */
	size_t span_count;
};

/* Appends bytes, what cannot be seen as marks. */
void json_write(struct json_writer *w, enum style style, const char *s,
		size_t len);
void json_end_line(struct json_writer *w);

enum json_kind {
	JSON_END, /* of the text */
	JSON_OPEN,
	JSON_CLOSE,
	JSON_COMMA,
	JSON_COLON,
	JSON_STRING,
	JSON_NUMBER,
	JSON_WORD,  /* true, false, null */
	JSON_BROKEN /* anything else */
};

struct json_token {
	enum json_kind kind;
	const char *s; /* borrowed */
	size_t len;
};

/* The token from there on, behind blanks; moves *at behind it. */
struct json_token json_next(const char *text, size_t len, size_t *at);
