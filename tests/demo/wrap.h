/*
 * Text broken into lines of so many cells: Latin at blanks, Chinese between
 * characters, but not in front of the punctuation that ends something.
 */
#pragma once

#include <stddef.h>

/* Prints a cleaned text, each line after the first behind `indent` blanks.
 * `column` is where the cursor stands, `cells` the terminal's width. */
void wrap_print(const char *s, size_t column, size_t indent, size_t cells);
