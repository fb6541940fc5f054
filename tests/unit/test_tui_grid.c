/* Text becomes cells. Other code relies on: never more cells than were given,
 * nothing in a cell that could move a terminal's cursor, wide characters whole
 * or gone, and a price that depends on the cells, not on the text. */
#include "tui/grid.h"

#include "lib/text.h"
#include "lib/util.h"
#include "tests/support/check.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void assert_screen(const struct grid *g, const char *want)
{
	scoped_buf got = {0};
	grid_dump_text(g, &got);
	assert_string_equal(buf_str(&got), want);
}

/* Halves belong together, and no cell holds what is not for terminals. */
static void assert_sound(const struct grid *g)
{
	for (int i = 0; i < g->rows * g->cols; i++) {
		const struct cell *c = &g->cells[i];
		bool is_last = i % g->cols == g->cols - 1;
		assert_true(c->width <= 2 && c->style < STYLE_COUNT);
		assert_int_equal(c->codes[0] == 0, c->width == 0);
		assert_false(c->width == 0 && i % g->cols == 0);
		assert_false(c->width == 2 && is_last);
		if (!is_last)
			assert_int_equal(c->width == 2, c[1].width == 0);
		for (int n = 0; n < CELL_CODES && c->codes[n]; n++) {
			int width = text_code_width(c->codes[n]);
			assert_int_equal(width, n ? 0 : c->width);
			assert_false(text_is_harmful(c->codes[n]));
		}
	}
}

#define LONG_MARKS "e\u0301\u0302\u0303\u0304\u0305\u0306"

/* NOLINTBEGIN(misc-misleading-bidirectional) */
static const struct {
	const char *text;
	int cells, used;
	const char *want, *ascii; /* NULL: the same */
} puts_[] = {
	{"", 4, 0, "", NULL},
	{"abc", 4, 3, "abc", NULL},
	{"abcd", 4, 4, "abcd", NULL},
	{"abcde", 4, 4, "abc…", "ab.."},
	{"abc", 2, 2, "a…", ".."},
	{"abc", 1, 1, "…", "."},
	{"66f2…09", 7, 7, "66f2…09", "66f2~09"},
	{"abc", 0, 0, "", NULL},
	{"abc", -3, 0, "", NULL},
	{"中文", 4, 4, "中文", NULL},
	{"中文字", 5, 5, "中文…", "中.."},
	{"中文字", 4, 4, "中…", "中.."}, /* and a blank */
	{"a中文", 4, 4, "a中…", "a.."},
	{"中文", 1, 1, "…", "."},
	{"订单通知<no-reply>", 12, 12, "订单通知<no…", "订单通知<n.."},
	{"e\u0301x", 2, 2, "e\u0301x", NULL},
	{"ae\u0301bc", 3, 3, "ae\u0301…", "a.."},
	{LONG_MARKS "x", 2, 2, "e\u0301\u0302\u0303\u0304x", NULL},
	{"\u0301x", 2, 1, "x", NULL}, /* a mark without a base */
	{"\n\u0301x", 4, 2, "⏎x", " x"},
	{"a\nb\tc", 9, 5, "a⏎b c", "a b c"},
	{"\x1b[2J\x7f", 9, 7, "^[[2J^?", NULL},
	{"\x01\r\x1f", 9, 6, "^A^M^_", NULL},
	{"abc\x1b", 4, 4, "abc…", "ab.."},
	{"\xc2\x9b"
	 "31m\xc2\x85",
	 9, 5, "\ufffd31m\ufffd", "?31m?"},
	{"a\xc2\x85", 9, 2, "a\ufffd", "a?"},
	{"a\xe4\xb8z\xff\xfez", 9, 6, "a\ufffdz\ufffd\ufffdz", "a?z??z"},
	{"\xed\xa0\x80", 9, 1, "\ufffd", "?"},
	{"\u202egnp\u2066.\u2069exe\u202c", 9, 7, "gnp.exe", NULL},
	{"a\u200e\u200f\u061c\u200b\ufeff\u00adb", 9, 2, "ab", NULL},
	{"👨\u200d👩", 9, 4, "👨👩", NULL},
	{"⚠\ufe0f!", 9, 2, "⚠!", NULL},
	{"e\ufe0f\u200d\u0301", 9, 1, "e\u0301", NULL},
	{"a\U000e0041b", 9, 2, "ab", NULL},
	{"\ue000a\U000f0000", 9, 3, "\ufffda\ufffd", "?a?"},
	{"a\U0001fbff\u0378", 9, 3, "a\ufffd\ufffd", "a??"},
	{"a\u2028b", 9, 3, "a\ufffdb", "a?b"},
	{"\u202e\u202e", 9, 0, "", NULL},
	{"abcd\u202e", 4, 4, "abcd", NULL},
};
/* NOLINTEND(misc-misleading-bidirectional) */

static void test_put(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(puts_) * 2; i++) {
		struct grid g = {.is_ascii = i % 2};
		grid_resize(&g, 1, 20);
		grid_fill(&g, 0, 0, 1, 20, STYLE_BAD);
		int used = grid_put(&g, 0, 0, puts_[i / 2].cells, STYLE_GOOD,
				    puts_[i / 2].text);
		const char *want = puts_[i / 2].want;
		if (g.is_ascii && puts_[i / 2].ascii)
			want = puts_[i / 2].ascii;
		scoped_buf got = {0};
		grid_dump_text(&g, &got);
		if (used != puts_[i / 2].used ||
		    strncmp(buf_str(&got), want, strlen(want)) != 0 ||
		    got.len != strlen(want) + 1)
			fail_msg("%zu: %d, %s", i / 2, used, buf_str(&got));
		for (int x = 0; x < 20; x++)
			assert_int_equal(g.cells[x].style,
					 x < used ? STYLE_GOOD : STYLE_BAD);
		assert_sound(&g);
		grid_finish(&g);
	}
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(grid_width(""), 0);
	assert_int_equal(grid_width("a中\u0301\x1b\n\t\xff\u202e"), 8);
	char *text = xmalloc(70001);
	memset(text, 'a', 70000);
	text[70000] = '\0';
	assert_int_equal(grid_width(text), 70000);
	free(text);
}

static void test_pad_and_right(void **state)
{
	(void)state;
	struct grid g = {0};
	grid_resize(&g, 3, 8);
	for (int y = 0; y < 3; y++)
		grid_put(&g, y, 0, 8, STYLE_TEXT, "xxxxxxxx");
	assert_int_equal(grid_pad(&g, 0, 1, 5, STYLE_KEY, "中"), 5);
	assert_int_equal(grid_right(&g, 1, 1, 5, STYLE_KEY, "中"), 5);
	assert_int_equal(grid_right(&g, 2, 4, 9, STYLE_KEY, "abcdefg"), 4);
	assert_screen(&g, "x中   xx\nx   中xx\nxxxxabc…\n");
	scoped_buf styles = {0};
	grid_dump_styles(&g, &styles);
	assert_string_equal(buf_str(&styles), ".kkkkk\n.kkkkk\n....kkkk\n");
	assert_int_equal(grid_putf(&g, 0, 0, 8, STYLE_TEXT, "%d%%%s", 12, "中"),
			 5);
	assert_screen(&g, "12%中 xx\nx   中xx\nxxxxabc…\n");
	grid_finish(&g);
}

static void test_put_from(void **state)
{
	(void)state;
	static const struct {
		int skip;
		const char *want;
		int used;
	} cases[] = {
		{-1, "中ab…\n", 5}, {0, "中ab…\n", 5}, {1, " ab文\n", 5},
		{2, "ab文\n", 4},   {3, "b文\n", 3},   {5, "\n", 1},
		{6, "\n", 0},	    {99, "\n", 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct grid g = {0};
		grid_resize(&g, 1, 5);
		assert_int_equal(grid_put_from(&g, 0, 0, 5, STYLE_TEXT,
					       "中ab文", cases[i].skip),
				 cases[i].used);
		assert_screen(&g, cases[i].want);
		grid_finish(&g);
	}
}

/* 20 cells of a text that no NUL ends before memory does; also of one that is
 * nothing but what is left out. */
static void test_is_bounded(void **state)
{
	(void)state;
	size_t page = 4096;
	char *text = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(text, MAP_FAILED);
	assert_int_equal(mprotect(text + page, page, PROT_NONE), 0);
	static const char *const fills[] = {"abcd", "\u0301", "\u200b",
					    "\xff\xbf"};
	for (size_t i = 0; i < ARRAY_LEN(fills); i++) {
		size_t len = strlen(fills[i]);
		for (size_t at = 0; at < page; at++)
			text[at] = fills[i][at % len];
		struct grid g = {0};
		grid_resize(&g, 1, 20);
		assert_int_equal(grid_put(&g, 0, 0, 20, STYLE_TEXT, text), 20);
		assert_int_equal(grid_right(&g, 0, 0, 20, STYLE_TEXT, text),
				 20);
		assert_sound(&g);
		grid_finish(&g);
	}
	munmap(text, 2 * page);
}

static void test_halves(void **state)
{
	(void)state;
	struct grid g = {0};
	grid_resize(&g, 1, 8);
	grid_put(&g, 0, 0, 8, STYLE_TEXT, "中文字号");
	grid_put(&g, 0, 1, 1, STYLE_KEY, "a"); /* a right half */
	assert_screen(&g, " a文字号\n");
	grid_put(&g, 0, 4, 1, STYLE_KEY, "b"); /* a left one */
	assert_screen(&g, " a文b 号\n");
	grid_put(&g, 0, 3, 4, STYLE_KEY, "中国"); /* one of each */
	assert_screen(&g, " a 中国\n");
	assert_sound(&g);
	grid_erase(&g);
	grid_put(&g, 0, 2, 4, STYLE_TEXT, "中文");
	grid_fill(&g, 0, 3, 1, 2, STYLE_TEXT);
	assert_screen(&g, "\n");
	grid_put(&g, 0, 7, 2, STYLE_TEXT, "中");
	assert_screen(&g, "       …\n");
	grid_finish(&g);
}

static void test_restyle(void **state)
{
	(void)state;
	struct grid g = {0};
	grid_resize(&g, 2, 6);
	grid_put(&g, 1, 0, 6, STYLE_TEXT, "中文字");
	grid_restyle(&g, 1, 1, 2, STYLE_CURSOR);
	grid_restyle(&g, 5, 1, 2, STYLE_CURSOR);
	scoped_buf styles = {0};
	grid_dump_styles(&g, &styles);
	assert_string_equal(buf_str(&styles), "\n..cc\n");
	assert_screen(&g, "\n中文字\n");
	grid_finish(&g);
}

/* The same numbers in every run. */
static int any(int below)
{
	static uint32_t seed = 7;
	seed = seed * 1664525 + 1013904223;
	return (int)(seed >> 16) % below;
}

/* Any bytes anywhere, in grids of any size. */
static void test_anything(void **state)
{
	(void)state;
	static const char *const parts[] = {
		"a",	  "中",	      "\u0301", "\x1b",	  "\n",
		"\u202e", "\xe4\xb8", "👨",	"\u200d", "\xff"};
	for (int round = 0; round < 3000; round++) {
		struct grid g = {.is_ascii = any(2)};
		grid_resize(&g, any(4), any(12));
		for (int n = 0; n < 6; n++) {
			scoped_buf text = {0};
			for (int i = any(9); i > 0; i--)
				buf_adds(&text, parts[any(10)]);
			int cells = any(16) - 2;
			int x = any(16) - 3;
			int used = grid_put_from(&g, any(4), x, cells,
						 any(STYLE_COUNT),
						 buf_str(&text), any(5));
			assert_true(used >= 0 && used <= MAX(cells, 0));
			grid_restyle(&g, 1, any(9), 3, STYLE_BAD);
			grid_fill(&g, 0, any(9), 2, 2, STYLE_TEXT);
		}
		assert_sound(&g);
		grid_finish(&g);
	}
}

static void test_far_outside(void **state)
{
	(void)state;
	static const int places[] = {INT_MIN, INT_MIN + 1, -2,	   -1, 0,
				     3,	      INT_MAX - 1, INT_MAX};
	struct grid g = {0};
	grid_resize(&g, 3, 3);
	for (size_t i = 0; i < 8 * 8 * 8; i++) {
		int y = places[i % 8];
		int x = places[i / 8 % 8];
		int size = places[i / 64];
		grid_put(&g, y, x, size, STYLE_TEXT, "中文");
		grid_put_from(&g, y, x, size, STYLE_TEXT, "中文", size);
		grid_pad(&g, y, x, size, STYLE_TEXT, "中文");
		grid_right(&g, y, x, size, STYLE_TEXT, "中文");
		grid_fill(&g, y, x, size, size, STYLE_BAD);
		grid_restyle(&g, y, x, size, STYLE_BAD);
		grid_art(&g, y, x, ART_FULL, STYLE_BAD);
		grid_rule(&g, y, x, size, STYLE_BAD, "title");
		grid_box(&g, y, x, size, size, "title");
		grid_bar(&g, y, x, size, 1, 2, STYLE_BAD);
		grid_spark(&g, y, x, (int64_t[]){1, 2, 3}, 3, 3, STYLE_BAD);
		assert_sound(&g);
	}
	grid_resize(&g, -1, 5);
	grid_put(&g, 0, 0, 5, STYLE_TEXT, "x");
	grid_finish(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_pad_and_right),
		cmocka_unit_test(test_put_from),
		cmocka_unit_test(test_is_bounded),
		cmocka_unit_test(test_halves),
		cmocka_unit_test(test_restyle),
		cmocka_unit_test(test_anything),
		cmocka_unit_test(test_far_outside),
	};
	return cmocka_run_group_tests_name("tui_grid", tests, NULL, NULL);
}
