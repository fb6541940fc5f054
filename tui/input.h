/*
 * Keys as numbers and names: a character is its code point (Ctrl-A is 1), the
 * others are below. Knows no terminal and no action.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum input {
	INPUT_NONE = 0,
	INPUT_TAB = '\t',
	INPUT_ENTER = '\r',
	INPUT_ESCAPE = 0x1b,
	INPUT_BACKSPACE = 0x7f,
	INPUT_SPECIAL = 0x110000, /* behind the last code point */
	INPUT_UP,
	INPUT_DOWN,
	INPUT_LEFT,
	INPUT_RIGHT,
	INPUT_HOME,
	INPUT_END,
	INPUT_PAGE_UP,
	INPUT_PAGE_DOWN,
	INPUT_INSERT,
	INPUT_DELETE,
	INPUT_SHIFT_TAB,
	INPUT_CLICK, /* of the mouse; where, says term_mouse */
	INPUT_WHEEL_UP,
	INPUT_WHEEL_DOWN,
	INPUT_F1, /* to F12 */
	INPUT_LAST = INPUT_F1 + 11
};
#define INPUT_CTRL(letter) ((letter)&0x1f)

enum { INPUT_NAME_LEN = 16 };

/* "j", "Ctrl-D", "PgDn", "F5", "Space", "Enter", "S-Tab"; what help shows and
 * what a bind line is written with. */
void input_name(int32_t key, char out[static INPUT_NAME_LEN]);

/* The key of that name, case counting for letters only; INPUT_NONE if there is
 * none. `len` bytes of `name`. */
int32_t input_parse(const char *name, size_t len);

/* What an input method types for ASCII: full-width forms U+FF01 to U+FF5E, the
 * blank U+3000, and the Chinese stop, comma and brackets become their ASCII
 * twins. Other keys stay. */
int32_t input_fold(int32_t key);
