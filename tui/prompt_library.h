/*
 * GNU readline made ready for tui/prompt.c: it never sees the terminal, takes
 * no signals, writes nothing, and of its commands only those are left that edit
 * the line. What the user's inputrc binds to others does nothing.
 */
#pragma once

#include <stddef.h>

/* Reads the inputrc with the first call; later ones do nothing. */
void prompt_library_init(void);

/* Begins a line whose end is told to no one; keys come from
 * prompt_library_feed. */
void prompt_library_begin(void);

/* Bytes as a terminal would send them. */
void prompt_library_feed(const char *bytes, size_t len);

/* Ends the line as Enter would, so that readline puts its histories right. */
void prompt_library_end(void);
