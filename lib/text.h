/*
 * Text as people see it: UTF-8, cells of a terminal, and the cleaning that
 * makes bytes from a payload or an answer harmless to print.
 *
 * Knows nothing of languages, colours or curses.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one character of well-formed UTF-8 (no surrogates, no overlong form,
 * nothing above U+10FFFF). Returns its bytes and sets *code_out, or 0 if the
 * bytes are malformed or end early. */
size_t text_decode(const char *s, size_t len, uint32_t *code_out);

/* Writes a code point as UTF-8 and returns its bytes, 1 to 4. */
enum { TEXT_CODE_LEN = 4 };
size_t text_encode(uint32_t code, char out[static TEXT_CODE_LEN]);

/* Whether all len bytes are well-formed UTF-8. */
bool text_is_utf8(const char *s, size_t len);

/* A copy that is safe on any terminal and in any log: valid UTF-8, on one line.
 * Control characters (C0, C1, DEL), bidirectional overrides and isolates, line
 * separators and other invisible format characters become "\n", "\t", "\r" or
 * "\x1b"/"\u202e" escapes; malformed bytes become "\xNN". The caller frees. */
char *text_clean(const char *s, size_t len);

/* Characters from one to another, both included; and whether one is in a table
 * of them. */
struct text_range {
	uint32_t from, to;
};
bool text_is_in(uint32_t code, const struct text_range *ranges, size_t count);

/* Whether a character moves the cursor, turns the reading direction or cannot
 * be seen, or has no meaning that all agree on: what text_clean escapes. */
bool text_is_harmful(uint32_t code);

/* Cells of one character on a terminal, in UTF-8 whatever the locale: 0 for a
 * combining one, -1 for what has no picture, or has no meaning yet. */
int text_code_width(uint32_t code);

/* Cells that a cleaned text takes on a terminal: 2 for East Asian wide and
 * full-width characters, 0 for combining ones. */
size_t text_width(const char *s);

/* The longest beginning of s that is at most `cap` bytes and ends between two
 * characters; returns its length. */
size_t text_fit_bytes(const char *s, size_t cap);

/* A copy padded with blanks, or cut with an ellipsis, to exactly `cells`
 * cells. The caller frees. */
char *text_pad(const char *s, size_t cells);
