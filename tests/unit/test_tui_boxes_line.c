/* The line typed on the bottom row. Views rely on: what is typed stays in it,
 * `done` hears of Enter and Esc once each, a text that is no good comes back
 * with what is wrong, and the line is closed when `done` runs. */
#include "tests/support/check.h"
#include "tests/support/outbox.h"
#include "tests/support/screen.h"
#include "tests/support/tempdir.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

struct bench {
	char *dir, *path; /* own */
	struct screen *screen;
	char *changed, *done; /* own; the last, NULL for none */
	int done_count, cancel_count;
	const char *problem; /* what the next `done` says */
	size_t problem_at;
	bool opens_next;
};

static void on_changed(struct app *app, void *arg, const char *text)
{
	(void)app;
	struct bench *b = arg;
	free(b->changed);
	b->changed = xstrdup(text);
}

static void open_line(struct bench *b, const char *text,
		      enum prompt_history history, bool is_filter);

static bool on_done(struct app *app, void *arg, const char *text,
		    char **problem_out, size_t *problem_at_out)
{
	(void)app;
	struct bench *b = arg;
	free(b->done);
	b->done = xstrdup_or_null(text);
	b->done_count += text != NULL;
	b->cancel_count += text == NULL;
	if (b->problem && text) {
		*problem_out = xstrdup(b->problem);
		*problem_at_out = b->problem_at;
		b->problem = NULL;
		return false;
	}
	if (b->opens_next) {
		b->opens_next = false;
		open_line(b, "next", PROMPT_NO_HISTORY, false);
	}
	return true;
}

static const struct line_ops ops = {on_changed, on_done};

static void open_line(struct bench *b, const char *text,
		      enum prompt_history history, bool is_filter)
{
	app_open_box(
		screen_app(b->screen),
		box_line_create("filter: ", text, history, is_filter, &ops, b));
}

static int set_up(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	b->dir = tempdir_create("line");
	b->path = outbox_make(b->dir, "outbox.db");
	b->screen = screen_open(&(struct screen_options){.db = b->path});
	screen_press(b->screen, "6");
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	screen_close(b->screen);
	tempdir_destroy(b->dir);
	free(b->path);
	free(b->changed);
	free(b->done);
	free(b);
	return 0;
}

static void assert_bottom(struct bench *b, int from_end, const char *text)
{
	screen_settle(b->screen);
	assert_string_equal(screen_line(b->screen, from_end), text);
}

static void test_typing_stays(void **state)
{
	struct bench *b = *state;
	open_line(b, "to:", PROMPT_NO_HISTORY, false);
	screen_press(b->screen, "\"jq?:王RX\"");
	assert_bottom(b, -1, "filter: to:jq?:王RX");
	assert_string_equal(b->changed, "to:jq?:王RX");
	assert_int_equal(app_tab(screen_app(b->screen)), TAB_ALL);
	screen_press(b->screen, "Backspace Home Del Enter");
	assert_string_equal(b->done, "o:jq?:王R");
	assert_int_equal(b->done_count, 1);
	screen_expect_not(b->screen, "filter: o:");
	screen_press(b->screen, "Enter Esc");
	assert_int_equal(b->done_count + b->cancel_count, 1);
}

static void test_cancel(void **state)
{
	struct bench *b = *state;
	open_line(b, "x", PROMPT_NO_HISTORY, false);
	screen_press(b->screen, "y Esc");
	assert_null(b->done);
	open_line(b, "x", PROMPT_NO_HISTORY, false);
	screen_press(b->screen, "Ctrl-C");
	assert_int_equal(b->cancel_count, 2);
	assert_int_equal(b->done_count, 0);
}

static void test_problem(void **state)
{
	struct bench *b = *state;
	open_line(b, "", PROMPT_NO_HISTORY, false);
	b->problem = "no such field";
	b->problem_at = 7;
	screen_press(b->screen, "\"to:王 zoo:3\" Enter");
	assert_bottom(b, -2, "              v no such field");
	assert_bottom(b, -1, "filter: to:王 zoo:3");
	screen_press(b->screen, "a");
	assert_bottom(b, -1, "filter: to:王 azoo:3");
	screen_expect_not(b->screen, "no such field");
	b->problem = "a very long explanation of what is wrong with this text "
		     "that does not fit";
	b->problem_at = 7;
	screen_press(b->screen, "Enter");
	assert_bottom(b, -2, "              v");
	screen_expect(b->screen,
		      "a very long explanation of what is wrong with "
		      "this text that does not fit");
	screen_resize(b->screen, 24, 160);
	assert_bottom(b, -2,
		      "              v a very long explanation of what "
		      "is wrong with this text that does not fit");
	b->problem = "here";
	b->problem_at = 999;
	screen_press(b->screen, "Enter");
	assert_bottom(b, -2, "                    v here");
	screen_resize(b->screen, 24, 24);
	assert_bottom(b, -2, "               here v");
	screen_press(b->screen, "Enter");
	assert_int_equal(b->done_count, 4);
	assert_int_equal(b->cancel_count, 0);
}

/* What `done` opens is not closed with the line, nor its text lost. */
static void test_next_line(void **state)
{
	struct bench *b = *state;
	open_line(b, "one", PROMPT_NO_HISTORY, false);
	b->opens_next = true;
	screen_press(b->screen, "Enter x");
	assert_bottom(b, -1, "filter: nextx");
	b->opens_next = true;
	screen_press(b->screen, "Esc x");
	assert_bottom(b, -1, "filter: nextx");
	screen_press(b->screen, "Enter");
	assert_string_equal(b->done, "nextx");
}

static void test_history(void **state)
{
	struct bench *b = *state;
	open_line(b, "first", PROMPT_SEARCHES, false);
	screen_press(b->screen, "Enter");
	open_line(b, "second", PROMPT_SEARCHES, false);
	screen_press(b->screen, "Enter");
	open_line(b, "new", PROMPT_SEARCHES, false);
	screen_press(b->screen, "Up Up");
	assert_string_equal(b->changed, "first");
	screen_press(b->screen, "Down");
	assert_bottom(b, -1, "filter: second");
	screen_press(b->screen, "Down Enter");
	assert_string_equal(b->done, "new");
}

static void test_completion(void **state)
{
	struct bench *b = *state;
	open_line(b, "", PROMPT_NO_HISTORY, true);
	screen_press(b->screen, "\"chan\" Tab");
	assert_bottom(b, -1, "filter: channel:");
	screen_press(b->screen, "\"wech\" Tab");
	screen_expect(b->screen, "filter: channel:wechat-cloud");
	assert_non_null(strstr(b->changed, "channel:wechat-cloud"));
	screen_press(b->screen, "Ctrl-U \"c\" Tab");
	assert_non_null(strstr(screen_line(b->screen, -2), "channel"));
	assert_non_null(strstr(screen_line(b->screen, -2), "created"));
	screen_press(b->screen, "x");
	screen_expect_not(b->screen, "created");
	screen_press(b->screen, "Tab Esc");
	open_line(b, "chan", PROMPT_NO_HISTORY, false);
	screen_press(b->screen, "Tab");
	assert_bottom(b, -1, "filter: chan");
}

/* The cursor is seen wherever it is in a text wider than the screen. */
static void test_long_text(void **state)
{
	struct bench *b = *state;
	struct grid g = {0};
	screen_resize(b->screen, 24, 40);
	open_line(b, "", PROMPT_NO_HISTORY, false);
	for (int i = 0; i < 30; i++)
		screen_press(b->screen, "\"王b\"");
	screen_press(b->screen, "z");
	screen_settle(b->screen);
	assert_non_null(strstr(screen_line(b->screen, -1), "王bz"));
	for (int i = 0; i < 62; i++) {
		app_paint(screen_app(b->screen), &g);
		assert_int_equal(g.cursor_y, 23);
		assert_in_range(g.cursor_x, 8, 39);
		const struct cell *cell =
			&g.cells[g.cursor_y * g.cols + g.cursor_x];
		assert_int_not_equal(cell->codes[0], 0x2026);
		assert_int_equal(cell->style, STYLE_CURSOR);
		screen_press(b->screen, "Left");
	}
	assert_bottom(b, -1, "filter: 王b王b王b王b王b王b王b王b王b王b…");
	grid_finish(&g);
}

static void test_sizes(void **state)
{
	struct bench *b = *state;
	b->problem = "王 is wrong";
	b->problem_at = 4;
	open_line(b, "to:王王王", PROMPT_NO_HISTORY, false);
	screen_press(b->screen, "Enter");
	for (int rows = 1; rows < 6; rows++) {
		for (int cols = 1; cols < 30; cols++)
			screen_resize(b->screen, rows, cols);
	}
	screen_press(b->screen, "Esc");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_typing_stays), TEST(test_cancel),
		TEST(test_problem),	 TEST(test_next_line),
		TEST(test_history),	 TEST(test_completion),
		TEST(test_long_text),	 TEST(test_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
