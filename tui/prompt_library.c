#include "tui/prompt_library.h"

#include "lib/util.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/history.h>
#include <readline/readline.h>

enum { HISTORY_MAX = 500, KEYMAPS_MAX = 64 };

/* readline has one line, one source of keys and no argument to pass along. */
static const char *waiting;
static size_t waiting_len;
static bool is_ready;

/* Commands that change or walk through the line, and nothing else. */
static const char *const commands[] = {
	"backward-byte",
	"backward-char",
	"backward-delete-char",
	"backward-kill-line",
	"backward-kill-word",
	"backward-word",
	"beginning-of-history",
	"beginning-of-line",
	"capitalize-word",
	"copy-backward-word",
	"copy-forward-word",
	"copy-region-as-kill",
	"delete-char",
	"delete-horizontal-space",
	"digit-argument",
	"do-lowercase-version",
	"downcase-word",
	"end-of-history",
	"end-of-line",
	"exchange-point-and-mark",
	"forward-char",
	"forward-backward-delete-char",
	"forward-word",
	"history-search-backward",
	"history-search-forward",
	"history-substring-search-backward",
	"history-substring-search-forward",
	"kill-line",
	"kill-region",
	"kill-whole-line",
	"kill-word",
	"next-history",
	"previous-history",
	"revert-line",
	"self-insert",
	"set-mark",
	"transpose-chars",
	"transpose-words",
	"undo",
	"universal-argument",
	"unix-filename-rubout",
	"unix-line-discard",
	"unix-word-rubout",
	"upcase-word",
	"vi-undo",
	"vi-unix-word-rubout",
	"yank",
	"yank-last-arg",
	"yank-nth-arg",
	"yank-pop",
};

static int do_nothing(int count, int key)
{
	(void)count;
	(void)key;
	return 0;
}

static bool is_editing(rl_command_func_t *function)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (rl_named_function(commands[i]) == function)
			return true;
	}
	return false;
}

/* A macro may press any key, so it goes, too. */
static void tame(KEYMAP_ENTRY *e, void *macro)
{
	if (e->type == ISMACR)
		free(macro);
	if (e->type == ISMACR || (e->function && !is_editing(e->function)))
		e->function = do_nothing;
	e->type = ISFUNC;
}

/* Keymaps lie in keymaps, for keys of several bytes; what is too much for an
 * inputrc of a sane mind is not reached by any key any more. */
static void tame_all(void)
{
	Keymap maps[KEYMAPS_MAX] = {
		rl_get_keymap_by_name("emacs-standard"),
		rl_get_keymap_by_name("vi-insert"),
		rl_get_keymap_by_name("vi-command"),
	};
	size_t count = 3;
	for (size_t at = 0; at < count * KEYMAP_SIZE; at++) {
		KEYMAP_ENTRY *e = &maps[at / KEYMAP_SIZE][at % KEYMAP_SIZE];
		void *other = NULL; /* a keymap, or a macro's text */
		memcpy(&other, &e->function, sizeof(other));
		if (e->type == ISKMAP && other && count < KEYMAPS_MAX)
			maps[count++] = other;
		else if (e->type == ISKMAP)
			*e = (KEYMAP_ENTRY){ISFUNC, do_nothing};
		else
			tame(e, other);
	}
}

static int next_byte(FILE *in)
{
	(void)in;
	if (waiting_len == 0)
		return EOF;
	waiting_len--;
	return (unsigned char)*waiting++;
}

static int is_byte_waiting(void)
{
	return waiting_len > 0;
}

static void show_nothing(void)
{
}

static void leave_terminal(int is_meta)
{
	(void)is_meta;
}

/* What an inputrc may have set, and what must be otherwise here. */
static void set_variables(void)
{
	static const char *const variables[][2] = {
		{"bell-style", "none"},
		{"blink-matching-paren", "off"},
		{"byte-oriented", "off"},
		{"convert-meta", "off"},
		{"enable-bracketed-paste", "off"},
		{"input-meta", "on"},
		{"output-meta", "on"},
		{"revert-all-at-newline", "on"},
	};
	for (size_t i = 0; i < ARRAY_LEN(variables); i++)
		rl_variable_bind(variables[i][0], variables[i][1]);
}

/* readline sets LC_CTYPE by the environment, which may say "C" where
 * lang_init chose UTF-8. */
static void call_in_locale(void (*call)(void))
{
	scoped_free char *was = xstrdup_or_null(getenv("LC_ALL"));
	scoped_free char *now = xstrdup(setlocale(LC_CTYPE, NULL));
	setenv("LC_ALL", now, 1);
	call();
	if (was)
		setenv("LC_ALL", was, 1);
	else
		unsetenv("LC_ALL");
}

/* An inputrc with a fault makes readline write to stderr, over the screen. */
static void initialize_silently(void)
{
	FILE *was = stderr;
	stderr = rl_outstream;
	rl_initialize();
	stderr = was;
}

void prompt_library_init(void)
{
	if (is_ready)
		return;
	is_ready = true;
	rl_readline_name = "outbox-tui";
	rl_instream = rl_outstream = fopen("/dev/null", "r+e");
	rl_getc_function = next_byte;
	rl_input_available_hook = is_byte_waiting;
	rl_redisplay_function = show_nothing;
	rl_prep_term_function = leave_terminal;
	rl_deprep_term_function = show_nothing;
	rl_catch_signals = rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	rl_inhibit_completion = 1;
	call_in_locale(initialize_silently);
	rl_tty_set_echoing(0);
	set_variables();
	stifle_history(HISTORY_MAX);
	tame_all();
	rl_bind_keyseq_if_unbound("\033[3~", rl_delete);
	rl_bind_key('\r', rl_newline);
}

/* Without the handler readline asks for no further line. */
static void end_line(char *line)
{
	free(line);
	rl_callback_handler_remove();
}

static void install(void)
{
	rl_callback_handler_install("", end_line);
}

void prompt_library_begin(void)
{
	call_in_locale(install);
}

void prompt_library_feed(const char *bytes, size_t len)
{
	waiting = bytes;
	waiting_len = len;
	while (waiting_len > 0)
		rl_callback_read_char();
}

void prompt_library_end(void)
{
	rl_callback_sigcleanup();
	rl_clear_pending_input();
	prompt_library_feed("\r", 1);
}
