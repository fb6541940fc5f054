#include "tui/prompt.h"

#include "lib/text.h"
#include "lib/util.h"
#include "tui/input.h"
#include "tui/prompt_library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/history.h>
#include <readline/readline.h>

enum { TEXT_MAX = 1000 };

/* readline's line is one of the process; so is what is known of it. */
static HISTORY_STATE histories[PROMPT_HISTORY_COUNT];
static enum prompt_history current;
static bool is_begun;

/* What terminals send for keys that have no character. */
static const struct {
	int32_t key;
	const char *bytes;
} sequences[] = {
	{INPUT_UP, "\033[A"},	    {INPUT_DOWN, "\033[B"},
	{INPUT_RIGHT, "\033[C"},    {INPUT_LEFT, "\033[D"},
	{INPUT_HOME, "\033[H"},	    {INPUT_END, "\033[F"},
	{INPUT_INSERT, "\033[2~"},  {INPUT_DELETE, "\033[3~"},
	{INPUT_PAGE_UP, "\033[5~"}, {INPUT_PAGE_DOWN, "\033[6~"},
};

static void cut(void)
{
	int fit = (int)text_fit_bytes(rl_line_buffer, TEXT_MAX);
	if (fit < rl_end)
		rl_delete_text(fit, rl_end);
	rl_point = MIN(rl_point, rl_end);
}

static void set_line(const char *text)
{
	rl_replace_line(text, 1);
	rl_point = rl_end;
	cut();
}

void prompt_begin(const char *text, enum prompt_history history)
{
	prompt_end();
	prompt_library_init();
	current = history;
	history_set_history_state(&histories[history]);
	prompt_library_begin();
	is_begun = true;
	set_line(text);
}

static void feed_special(int32_t key)
{
	for (size_t i = 0; i < ARRAY_LEN(sequences); i++) {
		const char *bytes = sequences[i].bytes;
		int type = ISKMAP;
		if (sequences[i].key != key)
			continue;
		/* The rest of one that is not bound would be typed. */
		if (rl_function_of_keyseq(bytes, NULL, &type) && type == ISFUNC)
			prompt_library_feed(bytes, strlen(bytes));
	}
}

static bool is_character(int32_t key)
{
	bool is_surrogate = key >= 0xd800 && key < 0xe000;
	return key > 0 && key < INPUT_SPECIAL && !is_surrogate &&
	       (key < 0x80 || key >= 0xa0);
}

/* The caller's keys, and Ctrl-D on an empty line, which would end it. */
static bool is_ours(int32_t key)
{
	switch (key) {
	case INPUT_ENTER:
	case '\n':
	case INPUT_ESCAPE:
	case INPUT_TAB:
	case INPUT_CTRL('C'):
		return false;
	case INPUT_CTRL('D'):
		return rl_end > 0;
	default:
		return true;
	}
}

bool prompt_key(int32_t key)
{
	if (!is_begun || !is_ours(key))
		return false;
	scoped_free char *before = xstrdup(rl_line_buffer);
	char bytes[4];
	if (key >= INPUT_SPECIAL)
		feed_special(key);
	else if (is_character(key))
		prompt_library_feed(bytes, text_encode((uint32_t)key, bytes));
	cut();
	return strcmp(before, rl_line_buffer) != 0;
}

const char *prompt_text(void)
{
	return is_begun ? rl_line_buffer : "";
}

size_t prompt_cursor(void)
{
	return is_begun ? (size_t)rl_point : 0;
}

void prompt_replace(size_t from, size_t to, const char *text)
{
	if (!is_begun)
		return;
	int end = (int)MIN(to, (size_t)rl_end);
	int start = (int)MIN(from, (size_t)end);
	rl_begin_undo_group();
	rl_delete_text(start, end);
	rl_point = start;
	rl_insert_text(text);
	rl_end_undo_group();
	cut();
}

static void keep(const char *text)
{
	bool is_blank = !text[strspn(text, " \t")];
	if (is_blank || current == PROMPT_NO_HISTORY)
		return;
	HIST_ENTRY *last = history_get(history_base + history_length - 1);
	if (!last || strcmp(last->line, text) != 0)
		add_history(text);
}

static void finish(const char *kept)
{
	if (!is_begun)
		return;
	prompt_library_end();
	is_begun = false;
	if (kept)
		keep(kept);
	HISTORY_STATE *state = history_get_history_state();
	histories[current] = *state;
	free(state);
}

void prompt_accept(void)
{
	scoped_free char *text = xstrdup(prompt_text());
	finish(text);
}

void prompt_end(void)
{
	finish(NULL);
}
