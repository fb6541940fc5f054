/*
 * One line of text being typed: GNU readline's editing (its keys, the user's
 * inputrc, history) without its terminal. There is one at a time.
 *
 * Knows no grid and no meaning of what is typed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum prompt_history {
	PROMPT_NO_HISTORY,
	PROMPT_FILTERS,
	PROMPT_COMMANDS,
	PROMPT_SEARCHES,
	PROMPT_REASONS,
	PROMPT_HISTORY_COUNT
};

/* Begins with a text; the cursor is at its end. Up and Down walk through the
 * history, which lives as long as the process. */
void prompt_begin(const char *text, enum prompt_history history);

/* One key of tui/input.h. Enter, Escape, Tab and Ctrl-C are the caller's and do
 * nothing here. Whether the text changed. */
bool prompt_key(int32_t key);

/* What was typed, UTF-8, and the cursor's byte in it. Borrowed until the next
 * call. */
const char *prompt_text(void);
size_t prompt_cursor(void);

/* Replaces bytes from, to of it, cursor behind. */
void prompt_replace(size_t from, size_t to, const char *text);

/* Keeps the text in its history if it is not blank, and ends. */
void prompt_accept(void);
void prompt_end(void);
