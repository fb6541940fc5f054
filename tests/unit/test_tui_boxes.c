/* Menus, texts to read and the command prompt. The console relies on:
 * a box takes every key, does what its line says and nothing else, and fits any
 * screen. */
#include "tests/support/check.h"
#include "tests/support/outbox.h"
#include "tests/support/screen.h"
#include "tests/support/tempdir.h"

#include "lib/util.h"
#include "tui/input.h"
#include "tui/palette.h"

#include <stdlib.h>
#include <string.h>

struct bench {
	char *dir, *path; /* own */
	struct screen *s;
	int32_t chosen;
	int chosen_count;
};

static void reopen(struct bench *b, const struct screen_options *given)
{
	struct screen_options options = *given;
	screen_close(b->s);
	options.db = b->path;
	b->s = screen_open(&options);
}

static int set_up(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	b->dir = tempdir_create("boxes");
	b->path = outbox_make(b->dir, "outbox.db");
	reopen(b, &(struct screen_options){0});
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	screen_close(b->s);
	tempdir_destroy(b->dir);
	free(b->path);
	free(b);
	return 0;
}

static void on_chosen(struct app *app, void *arg, int32_t key)
{
	struct bench *b = arg;
	b->chosen = key;
	b->chosen_count++;
	if (key == 'b')
		app_open_box(app, box_text_create("next", NULL, 0));
}

static void open_menu(struct bench *b)
{
	char label[] = "second 王";
	const struct menu_row rows[] = {
		{'a', "first", false},
		{'b', label, true},
		{'j', "third", false},
	};
	app_open_box(
		screen_app(b->s),
		box_menu_create("Menu", rows, ARRAY_LEN(rows), on_chosen, b));
	memset(label, '#', sizeof(label) - 1);
	screen_settle(b->s);
}

static void test_menu(void **state)
{
	struct bench *b = *state;
	static const struct {
		const char *keys;
		int32_t chosen;
	} cases[] = {
		{"Enter Esc", 'b'},
		{"Down Enter", 'j'},
		{"Down Down Enter", 'j'},
		{"Up Up Enter", 'a'},
		{"a", 'a'},
		{"j", 'j'},
		{"k k Enter", 'a'},
		{"\"ｂ\" Esc", 'b'},
		{"Esc", 0},
		{"q", 0},
		{"z 4 R Esc", 0},
		{"Ctrl-C", 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		open_menu(b);
		screen_expect(b->s, "  * b  second 王");
		screen_expect(b->s, "    j  third");
		screen_press(b->s, cases[i].keys);
		if (b->chosen != cases[i].chosen)
			fail_msg("case %zu: %d", i, b->chosen);
		assert_int_equal(b->chosen_count, i + 1);
		screen_expect_not(b->s, "second");
		assert_int_equal(app_tab(screen_app(b->s)), TAB_HOME);
	}
}

static void open_text(struct bench *b, size_t count)
{
	char **lines = xcalloc(count, sizeof(*lines));
	for (size_t i = 0; i < count; i++)
		lines[i] = xasprintf("line %zu %80s|", i + 1, "end");
	app_open_box(screen_app(b->s), box_text_create("Text", lines, count));
	screen_settle(b->s);
}

static void test_text(void **state)
{
	struct bench *b = *state;
	static const struct {
		const char *keys, *seen;
	} steps[] = {
		{"k", "1-18/50"},
		{"j", "2-19/50"},
		{"Up", "1-18/50"},
		{"PgDn", "19-36/50"},
		{"Space", "33-50/50"},
		{"j", "33-50/50"},
		{"g", "1-18/50"},
		{"G", "33-50/50"},
		{"PgUp", "15-32/50"},
		{"Ctrl-U", "6-23/50"},
		{"Home End", "33-50/50"},
		{"Right Right", "end|"},
		{"Left Left Left", "line 50 "},
	};
	open_text(b, 50);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		screen_press(b->s, steps[i].keys);
		screen_expect(b->s, steps[i].seen);
	}
	screen_resize(b->s, 80, 100);
	screen_expect_not(b->s, "/50");
	screen_expect(b->s, "line 1 ");
	screen_press(b->s, "q");
	screen_expect_not(b->s, "line 1 ");
	open_text(b, 1);
	screen_press(b->s, "Esc");
	screen_expect_not(b->s, "line 1 ");
}

static void test_palette(void **state)
{
	struct bench *b = *state;
	screen_press(b->s, "2 : \"retr\"");
	screen_expect(b->s, "> retr");
	screen_expect(b->s, "retry             R          retry; send now");
	screen_expect(b->s, "retry-dry-run                count what");
	screen_press(b->s, "Down Tab");
	screen_expect(b->s, "> retry-dry-run ");
	screen_press(b->s, "Ctrl-U \"zz9\" Enter");
	screen_expect(b->s, "there is no command zz9");
	screen_press(b->s, "Ctrl-U \"wrap\" Enter");
	screen_expect(b->s, "wrap: not in this view");
	screen_press(b->s, "Ctrl-U \"fai\" Enter");
	assert_int_equal(app_tab(screen_app(b->s)), TAB_FAILED);
	screen_press(b->s, ": \"5\" Enter");
	assert_int_equal(app_tab(screen_app(b->s)), TAB_DELIVERED);
	screen_press(b->s, ": \"：６\" Enter");
	assert_int_equal(app_tab(screen_app(b->s)), TAB_ALL);
	screen_press(b->s, ": Enter");
	screen_expect_not(b->s, "Command");
	screen_press(b->s, ": Down Enter");
	screen_expect_not(b->s, "Command");
	screen_press(b->s, ": Esc");
	screen_expect_not(b->s, "Command");
	assert_int_equal(screen_effect(b->s), EFFECT_NONE);
	screen_press(b->s, ": \":q\" Enter");
	assert_int_equal(screen_effect(b->s), EFFECT_QUIT);
}

/* Words go along, commands are remembered, and a number is a row. */
static void test_palette_words(void **state)
{
	struct bench *b = *state;
	sqlite3 *db = outbox_open(b->path);
	for (int i = 0; i < 12; i++)
		outbox_insert(db, "sendCustomerAssignment", "{}");
	outbox_close(db);
	screen_press(b->s, "6 : \"filter  id:11 \" Enter");
	screen_pass(b->s, 500);
	screen_expect(b->s, "filter: id:11");
	screen_press(b->s, ": \"sa\" Tab \"王x\" Enter");
	screen_press(b->s, "Esc");
	screen_expect(b->s, "filter: none");
	screen_press(b->s, ": \"load 王x \" Enter");
	screen_pass(b->s, 500);
	screen_expect(b->s, "filter: id:11");
	screen_press(b->s, ": Up");
	screen_expect(b->s, "> load 王x");
	screen_press(b->s, "Up");
	screen_expect(b->s, "> save 王x");
	screen_press(b->s, "Down");
	screen_expect(b->s, "> load 王x");
	screen_press(b->s, "Ctrl-U \"12\" Enter");
	assert_int_equal(app_view(screen_app(b->s))->where & IN_DETAIL,
			 IN_DETAIL);
}

static void test_palette_match(void **state)
{
	(void)state;
	struct palette p;
	palette_match(&p, IN_ALL, "");
	assert_int_equal(p.count, p.total);
	assert_int_equal(p.count, ACTION_COUNT - 1);
	assert_int_equal(p.actions[0], ACTION_DRY_RUN);
	palette_match(&p, IN_HOME, "");
	assert_in_range(p.count, 20, ACTION_COUNT - 20);
	palette_match(&p, IN_LIST, "ALL");
	assert_int_equal(p.actions[0], ACTION_TAB_6);
	palette_match(&p, IN_LIST, "hpd");
	assert_int_equal(p.actions[0], ACTION_HALF_DOWN);
	palette_match(&p, IN_LIST, "payload");
	assert_int_equal(p.actions[0], ACTION_EDIT);
	palette_match(&p, IN_LIST, "zz");
	assert_int_equal(p.count, 0);
	assert_int_equal(palette_exact("q"), ACTION_QUIT);
	assert_int_equal(palette_exact("retry"), ACTION_RETRY);
	assert_int_equal(palette_exact("retr"), ACTION_NONE);
	assert_int_equal(palette_number("1048777"), 1048777);
	assert_int_equal(palette_number("99999999999999999999"), 0);
	assert_int_equal(palette_number("1a"), 0);
	assert_int_equal(palette_number(""), 0);
}

static void test_every_size(void **state)
{
	struct bench *b = *state;
	static const char *const langs[] = {"en", "zh"};
	for (size_t i = 0; i < ARRAY_LEN(langs); i++) {
		reopen(b, &(struct screen_options){.lang = langs[i]});
		const char *const boxes[] = {"2 ?",
					     "2 :", ": Enter : \"err\" Enter"};
		for (size_t j = 0; j < ARRAY_LEN(boxes); j++) {
			screen_resize(b->s, 24, 80);
			screen_press(b->s, boxes[j]);
			for (int n = 1; n <= 40; n += n < 8 ? 1 : 7) {
				screen_resize(b->s, n, 41 - n);
				screen_resize(b->s, n, n * 4);
				screen_press(b->s, "PgDn 王 Down");
			}
			screen_press(b->s, "Esc");
		}
		open_menu(b);
		for (int n = 1; n <= 24; n++)
			screen_resize(b->s, n, n * 2);
		screen_press(b->s, "Esc");
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_menu),	  TEST(test_text),
		TEST(test_palette),	  TEST(test_palette_words),
		TEST(test_palette_match), TEST(test_every_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
