/*
 * Programs that the console starts: the operator's editor, and what puts text
 * on his clipboard. Their command lines are words between blanks, and no shell
 * reads them.
 */
#pragma once

#include "tui/term.h"

/* $VISUAL, $EDITOR or vi on a file; as term_run. */
int console_edit(struct term *t, const char *path);

/* Gives text to a program on its stdin, and does not wait for it. -1: it cannot
 * be started. */
int console_pipe(const char *command, const char *text, size_t len);
