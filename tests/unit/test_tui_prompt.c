/* One line of text being typed. The boxes rely on: what is typed comes out as
 * UTF-8 whatever the locale says, no key leaves the line or runs anything, and
 * each purpose has a history of its own. */
#include "tui/prompt.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/tempdir.h"
#include "tui/input.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

/* What the user's inputrc holds in all of these tests. */
static const char inputrc[] = "set bell-style audible\n"
			      "set convert-meta on\n"
			      "set blink-matching-paren on\n"
			      "set no-such-thing on\n"
			      "\"\\C-o\": backward-kill-word\n"
			      "\"\\C-x\\C-t\": upcase-word\n"
			      "\"\\e[5~\": history-search-backward\n"
			      "\"\\C-g\": \"macro\\C-m\"\n"
			      "\"z\": accept-line\n"
			      "\"\\C-t\": re-read-init-file\n"
			      "\"\\C-]\": tilde-expand\n"
			      "$include /dev/null\n";

static void type(const char *text)
{
	mbstate_t state = {0};
	for (size_t used; *text; text += used) {
		wchar_t wc;
		used = mbrtowc(&wc, text, strlen(text), &state);
		assert_in_range(used, 1, 4);
		prompt_key(wc);
	}
}

static void assert_line(const char *text, size_t cursor)
{
	assert_string_equal(prompt_text(), text);
	assert_int_equal(prompt_cursor(), cursor);
}

static void test_typing(void **state)
{
	(void)state;
	prompt_begin("ab", PROMPT_NO_HISTORY);
	assert_line("ab", 2);
	assert_true(prompt_key('c'));
	assert_true(prompt_key(0x738b));
	assert_true(prompt_key(0xe9));
	assert_true(prompt_key(0x1f600));
	assert_line("abc王é😀", 12);
	assert_false(prompt_key(INPUT_LEFT));
	assert_line("abc王é😀", 8);
	prompt_key(INPUT_LEFT);
	prompt_key(INPUT_LEFT);
	assert_line("abc王é😀", 3);
	prompt_key(INPUT_DELETE);
	assert_line("abcé😀", 3);
	prompt_key(INPUT_HOME);
	prompt_key(INPUT_RIGHT);
	prompt_key(INPUT_BACKSPACE);
	assert_line("bcé😀", 0);
	prompt_key(INPUT_CTRL('E'));
	assert_line("bcé😀", 8);
	assert_true(prompt_key(INPUT_CTRL('U')));
	assert_line("", 0);
	prompt_key(INPUT_CTRL('Y'));
	assert_line("bcé😀", 8);
	prompt_key(INPUT_CTRL('_'));
	prompt_key(INPUT_CTRL('_'));
	assert_line("bcé😀", 8);
	prompt_end();
	assert_line("", 0);
	assert_false(prompt_key('a'));
}

/* The text that a prompt begins with is not undone. */
static void test_undo(void **state)
{
	(void)state;
	prompt_begin("given", PROMPT_NO_HISTORY);
	type(" x");
	for (int i = 0; i < 5; i++)
		prompt_key(INPUT_CTRL('_'));
	assert_line("given", 5);
	prompt_end();
}

/* A base and its marks are one thing to delete. */
static void test_marks(void **state)
{
	(void)state;
	prompt_begin("", PROMPT_NO_HISTORY);
	type("ae\xcc\x81\xcc\xa7y");
	prompt_key(INPUT_BACKSPACE);
	prompt_key(INPUT_BACKSPACE);
	assert_line("a", 1);
	type("e\xcc\x81y");
	prompt_key(INPUT_LEFT);
	prompt_key(INPUT_LEFT);
	assert_line("ae\xcc\x81y", 1);
	prompt_key(INPUT_DELETE);
	assert_line("ay", 1);
	prompt_end();
}

/* Keys of the caller, of commands that are not for here, or of none. */
static void test_keys_that_do_nothing(void **state)
{
	(void)state;
	static const int32_t keys[] = {
		INPUT_ENTER,
		INPUT_ESCAPE,
		INPUT_TAB,
		'\n',
		INPUT_CTRL('C'),
		INPUT_CTRL('G'),
		INPUT_CTRL('T'),
		INPUT_CTRL(']'),
		INPUT_CTRL('R'),
		INPUT_CTRL('S'),
		INPUT_CTRL('Q'),
		INPUT_CTRL('V'),
		INPUT_CTRL('Z'),
		INPUT_CTRL('L'),
		INPUT_PAGE_DOWN,
		INPUT_INSERT,
		INPUT_F1,
		INPUT_F1 + 11,
		INPUT_CLICK,
		INPUT_SHIFT_TAB,
		INPUT_WHEEL_UP,
		0x80,
		0x9b,
		0xd800,
		0x10ffff + 1,
		-1,
		INPUT_NONE,
		'z', /* of the inputrc */
	};
	prompt_begin("~ab", PROMPT_NO_HISTORY);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (prompt_key(keys[i]) || strcmp(prompt_text(), "~ab") != 0)
			fail_msg("key %#x: %s", (unsigned)keys[i],
				 prompt_text());
	}
	prompt_end();
}

/* It would end readline's line. */
static void test_end_of_file(void **state)
{
	(void)state;
	prompt_begin("", PROMPT_NO_HISTORY);
	prompt_key(INPUT_CTRL('D'));
	type("ok");
	assert_line("ok", 2);
	prompt_end();
}

/* A key that begins a longer one is forgotten with its line. */
static void test_half_a_key(void **state)
{
	(void)state;
	prompt_begin("a", PROMPT_NO_HISTORY);
	prompt_key(INPUT_CTRL('X'));
	prompt_begin("b", PROMPT_NO_HISTORY);
	type("cd");
	assert_line("bcd", 3);
	prompt_end();
}

static void test_inputrc_edits(void **state)
{
	(void)state;
	prompt_begin("one two", PROMPT_NO_HISTORY);
	prompt_key(INPUT_CTRL('O'));
	assert_line("one ", 4);
	type("four(中)");
	prompt_key(INPUT_HOME);
	prompt_key(INPUT_CTRL('X'));
	prompt_key(INPUT_CTRL('T'));
	assert_line("ONE four(中)", 3);
	prompt_end();
}

static void assert_walk(enum prompt_history history, const char *const *texts)
{
	prompt_begin("new", history);
	for (; *texts; texts++) {
		prompt_key(INPUT_UP);
		assert_string_equal(prompt_text(), *texts);
	}
	prompt_key(INPUT_UP);
	for (int i = 0; i < 9; i++)
		prompt_key(INPUT_DOWN);
	assert_string_equal(prompt_text(), "new");
	prompt_end();
}

static void accept(const char *text, enum prompt_history history)
{
	prompt_begin(text, history);
	prompt_accept();
	assert_string_equal(prompt_text(), "");
}

static void test_histories(void **state)
{
	(void)state;
	accept("a", PROMPT_FILTERS);
	accept("b", PROMPT_FILTERS);
	accept("b", PROMPT_FILTERS);
	accept("  ", PROMPT_FILTERS);
	accept("save x", PROMPT_COMMANDS);
	accept("secret", PROMPT_NO_HISTORY);
	prompt_begin("left", PROMPT_FILTERS);
	prompt_end();
	assert_walk(PROMPT_FILTERS, (const char *[]){"b", "a", NULL});
	assert_walk(PROMPT_COMMANDS, (const char *[]){"save x", NULL});
	assert_walk(PROMPT_SEARCHES, (const char *[]){NULL});
	assert_walk(PROMPT_NO_HISTORY, (const char *[]){NULL});

	/* A kept line that is edited and left stays as it was. */
	prompt_begin("", PROMPT_FILTERS);
	prompt_key(INPUT_UP);
	type("bb");
	prompt_key(INPUT_UP);
	prompt_key(INPUT_CTRL('X'));
	prompt_end();
	assert_walk(PROMPT_FILTERS, (const char *[]){"b", "a", NULL});
	prompt_begin("", PROMPT_FILTERS);
	prompt_key(INPUT_UP);
	type("c");
	prompt_accept();
	assert_walk(PROMPT_FILTERS, (const char *[]){"bc", "b", "a", NULL});
	prompt_begin("a", PROMPT_FILTERS);
	prompt_key(INPUT_PAGE_UP);
	assert_string_equal(prompt_text(), "a");
	prompt_end();
}

static void test_length(void **state)
{
	(void)state;
	prompt_begin("", PROMPT_NO_HISTORY);
	for (int i = 0; i < 998; i++)
		prompt_key('a');
	assert_false(prompt_key(0x738b));
	assert_true(prompt_key('b'));
	assert_true(prompt_key('b'));
	assert_false(prompt_key('b'));
	assert_int_equal(strlen(prompt_text()), 1000);
	prompt_key(INPUT_CTRL('U'));
	for (int i = 0; i < 5; i++)
		prompt_key(INPUT_CTRL('Y'));
	assert_int_equal(strlen(prompt_text()), 1000);
	scoped_free char *text = xcalloc(1, 3001);
	for (int i = 0; i < 1000; i++)
		strcat(text, "王");
	prompt_begin(text, PROMPT_NO_HISTORY);
	assert_int_equal(strlen(prompt_text()), 999);
	prompt_end();
}

static void test_replace(void **state)
{
	(void)state;
	prompt_begin("chan:x age", PROMPT_NO_HISTORY);
	prompt_replace(0, 5, "channel:");
	assert_line("channel:x age", 8);
	prompt_replace(9, 99, "王");
	assert_line("channel:x王", 12);
	prompt_replace(50, 60, "!");
	assert_line("channel:x王!", 13);
	prompt_end();
	prompt_replace(0, 0, "x");
	assert_line("", 0);
}

/* readline asks the environment for LC_CTYPE; lang_init's choice holds. */
static void test_locale(void **state)
{
	(void)state;
	setenv("LC_ALL", "C", 1);
	prompt_begin("", PROMPT_NO_HISTORY);
	prompt_key(0x738b);
	prompt_key('a');
	prompt_key(INPUT_LEFT);
	prompt_key(INPUT_LEFT);
	assert_line("王a", 0);
	prompt_end();
	assert_int_equal(MB_CUR_MAX, 6);
	assert_string_equal(getenv("LC_ALL"), "C");
	unsetenv("LC_ALL");
}

/* Nothing is written, be it of the inputrc's fault or a bell. */
static int redirect(void **state)
{
	char *dir = tempdir_create("prompt");
	scoped_free char *rc = tempdir_path(dir, "inputrc");
	scoped_free char *said = tempdir_path(dir, "said");
	FILE *file = fopen(rc, "we");
	fputs(inputrc, file);
	fclose(file);
	setenv("INPUTRC", rc, 1);
	*state = dir;
	FILE *out = fopen(said, "we");
	fflush(stderr);
	int was = dup(STDERR_FILENO);
	dup2(fileno(out), STDERR_FILENO);
	prompt_begin("", PROMPT_NO_HISTORY);
	prompt_key(INPUT_BACKSPACE);
	prompt_key(INPUT_CTRL('D'));
	prompt_key(INPUT_UP);
	prompt_end();
	fflush(stderr);
	dup2(was, STDERR_FILENO);
	close(was);
	struct stat st;
	fclose(out);
	return stat(said, &st) || st.st_size;
}

static int clean(void **state)
{
	tempdir_destroy(*state);
	return 0;
}

int main(void)
{
	lang_init("en");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_typing),
		cmocka_unit_test(test_undo),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_keys_that_do_nothing),
		cmocka_unit_test(test_end_of_file),
		cmocka_unit_test(test_half_a_key),
		cmocka_unit_test(test_inputrc_edits),
		cmocka_unit_test(test_histories),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_locale),
	};
	return cmocka_run_group_tests(tests, redirect, clean);
}
