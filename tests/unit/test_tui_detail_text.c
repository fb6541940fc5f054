/* Lines to read. Other code relies on: a row never takes more cells than there
 * are, nothing is lost between rows, and scrolling ends with the last row. */
#include "lib/util.h"
#include "tests/support/check.h"
#include "tui/view_lines.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *text;
	int cells;
	const char *row;
} fits[] = {
	{"", 5, ""},
	{"abc", 5, "abc"},
	{"abcdef", 5, "abcde"},
	{"a bcdef", 5, "a bcd"}, /* the blank is too near the beginning */
	{"abcd efgh", 6, "abcd "},
	{"abcde fgh", 5, "abcde "},
	{"abcde   fgh", 5, "abcde   "},
	{"订单已支付", 5, "订单"},
	{"ab 订单已支付", 6, "ab 订"}, /* between any two of these */
	{"订", 1, "订"},	       /* one at least */
	{"a\x1b[2J", 3, "a\x1b"},      /* ^[ */
	{"\xff\xff\xff", 2, "\xff\xff"},
};

static void test_fit(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fits); i++) {
		size_t len = text_fit_row(fits[i].text, fits[i].cells);
		scoped_free char *row = xstrndup(fits[i].text, len);
		assert_string_equal(row, fits[i].row);
	}
}

struct bench {
	struct line_list lines;
	struct text_pane pane;
	struct grid g;
	struct buf dump;
};

static void begin(struct bench *b, int rows, int cols)
{
	*b = (struct bench){0};
	text_pane_init(&b->pane, &line_list_source, &b->lines);
	grid_resize(&b->g, rows, cols);
}

static void end(struct bench *b)
{
	line_list_finish(&b->lines);
	text_pane_finish(&b->pane);
	grid_finish(&b->g);
	buf_finish(&b->dump);
}

static void paint(struct bench *b)
{
	struct area all = {0, 0, b->g.rows, b->g.cols};
	grid_erase(&b->g);
	text_pane_paint(&b->pane, &b->g, all);
}

static void expect(struct bench *b, const char *text)
{
	paint(b);
	buf_clear(&b->dump);
	grid_dump_text(&b->g, &b->dump);
	assert_string_equal(buf_str(&b->dump), text);
}

static void expect_styles(struct bench *b, const char *text)
{
	paint(b);
	buf_clear(&b->dump);
	grid_dump_styles(&b->g, &b->dump);
	assert_string_equal(buf_str(&b->dump), text);
}

static void add(struct bench *b, const char *text)
{
	line_list_text(&b->lines, STYLE_TEXT, xstrdup(text));
}

static void act(struct bench *b, enum action action, int times)
{
	for (int i = 0; i < times; i++)
		assert_true(text_pane_act(&b->pane, action));
}

static void test_scroll(void **state)
{
	struct bench b;
	(void)state;
	begin(&b, 3, 4);
	add(&b, "1");
	add(&b, "2aaabbbbcc");
	add(&b, "3");
	add(&b, "4");
	b.pane.is_wrapped = true;
	expect(&b, "1\n2aaa\nbbbb\n");
	act(&b, ACTION_DOWN, 2);
	expect(&b, "bbbb\ncc\n3\n");
	act(&b, ACTION_DOWN, 9);
	expect(&b, "cc\n3\n4\n");
	act(&b, ACTION_UP, 2);
	expect(&b, "2aaa\nbbbb\ncc\n");
	act(&b, ACTION_LAST, 1);
	expect(&b, "cc\n3\n4\n");
	act(&b, ACTION_WRAP, 1);
	expect(&b, "2aa…\n3\n4\n");
	act(&b, ACTION_RIGHT, 1);
	expect(&b, "cc\n\n\n");
	act(&b, ACTION_LEFT, 3);
	act(&b, ACTION_PAGE_UP, 2);
	expect(&b, "1\n2aa…\n3\n");
	act(&b, ACTION_LAST, 1);
	b.lines.count = 1; /* and not painted since */
	act(&b, ACTION_DOWN, 1);
	expect(&b, "1\n\n\n");
	end(&b);
}

static void test_cursor(void **state)
{
	struct bench b;
	(void)state;
	begin(&b, 2, 3);
	b.pane.has_cursor = true;
	for (char text[2] = "a"; text[0] <= 'e'; text[0]++)
		add(&b, text);
	paint(&b);
	act(&b, ACTION_DOWN, 1);
	expect_styles(&b, "\nccc\n");
	act(&b, ACTION_DOWN, 9);
	expect(&b, "d\ne\n");
	assert_int_equal(b.pane.cursor, 4);
	act(&b, ACTION_PAGE_UP, 1);
	assert_int_equal(b.pane.cursor, 3);
	act(&b, ACTION_FIRST, 1);
	expect(&b, "a\nb\n");
	/* Lines went away under it. */
	act(&b, ACTION_LAST, 1);
	b.lines.count = 2;
	expect(&b, "a\nb\n");
	assert_int_equal(b.pane.cursor, 1);
	b.lines.count = 0;
	expect(&b, "\n\n");
	act(&b, ACTION_DOWN, 1);
	act(&b, ACTION_LAST, 1);
	end(&b);
}

static void test_search(void **state)
{
	struct bench b;
	(void)state;
	begin(&b, 2, 10);
	add(&b, "one");
	add(&b, "Two");
	add(&b, "three");
	add(&b, "订two, two");
	add(&b, "five");
	paint(&b);
	assert_true(text_pane_search(&b.pane, "two", 1));
	expect_styles(&b, "MMM\n\n");
	expect(&b, "Two\nthree\n");
	assert_true(text_pane_search(&b.pane, "two", 1));
	expect_styles(&b, "..MMM..MMM\n\n");
	assert_true(text_pane_search(&b.pane, NULL, 1)); /* in the same line */
	assert_int_equal(b.pane.match_at, 8);
	assert_true(text_pane_search(&b.pane, NULL, 1)); /* from the top */
	assert_int_equal(b.pane.match, 1);
	assert_true(text_pane_search(&b.pane, NULL, -1));
	assert_int_equal(b.pane.match, 3);
	assert_int_equal(b.pane.match_at, 8);
	assert_true(text_pane_search(&b.pane, NULL, -1));
	assert_int_equal(b.pane.match_at, 3);
	assert_false(text_pane_search(&b.pane, "six", 1));
	end(&b);
}

/* What is found far to the right is brought into sight. */
static void test_search_sideways(void **state)
{
	struct bench b;
	(void)state;
	begin(&b, 1, 10);
	add(&b, "0123456789012345678901234needle");
	paint(&b);
	assert_true(text_pane_search(&b.pane, "needle", 1));
	expect(&b, "34needle\n");
	end(&b);
}

static void test_spans_follow_the_text(void **state)
{
	struct bench b;
	(void)state;
	begin(&b, 3, 4);
	add(&b, "订单ab\"cd\"");
	line_list_span(&b.lines, 6, 2, STYLE_NUMBER);
	line_list_span(&b.lines, 8, 4, STYLE_STRING);
	b.pane.is_wrapped = true;
	expect_styles(&b, "\n##qq\nqq\n");
	act(&b, ACTION_WRAP, 1);
	b.pane.sideways = 3;
	expect(&b, " ab…\n\n\n");
	expect_styles(&b, ".##q\n\n\n");
	b.pane.is_dim = true;
	expect_styles(&b, "dddd\n\n\n");
	end(&b);
}

static void test_right_end(void **state)
{
	struct bench b;
	(void)state;
	begin(&b, 2, 16);
	add(&b, "what is long enough");
	b.lines.lines[0].right = "3 ok";
	expect(&b, "what is l…  3 ok\n\n");
	grid_resize(&b.g, 2, 8);
	expect(&b, "what is…\n\n");
	end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_scroll),
		cmocka_unit_test(test_cursor),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_search_sideways),
		cmocka_unit_test(test_spans_follow_the_text),
		cmocka_unit_test(test_right_end),
	};
	util_init();
	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
