/*
 * A payload as lines for people: indented, every number, string and order of
 * keys as it is stored, byte for byte. A lexer, not a parser of values: what is
 * no JSON comes out as it is.
 */
#pragma once

#include "tui/grid.h"

struct json_span {
	size_t from, len; /* bytes of the line */
	enum style style; /* NAME, STRING, NUMBER, STRONG (true, null), TEXT */
};

struct json_line {
	char *text; /* own; harmless: what cannot be seen is <U+202E>, \n stays
		       as the two characters that JSON has */
	struct json_span *spans; /* own; one behind the other, all of it */
	size_t span_count;
};

struct json_lines {
	struct json_line *lines; /* own */
	size_t count;
	bool is_cut; /* there was more than `cap` bytes */
};

/* Pretty, or is_raw: the bytes as they are, broken at newlines only. Both stop
 * after `cap` bytes of the text. Objects and arrays stay on one line if they
 * fit in 60 bytes and hold no other. The caller ends it with json_lines_finish.
 */
void json_lines(struct json_lines *out, const char *text, size_t len,
		bool is_raw, size_t cap);
void json_lines_finish(struct json_lines *lines);
