/* What is drawn, not written: frames, charts and bars, in UTF-8 and ASCII. */
#include "lib/util.h"
#include "tests/support/check.h"
#include "tui/grid.h"

#include <string.h>

static void assert_screen(const struct grid *g, const char *want)
{
	scoped_buf got = {0};
	grid_dump_text(g, &got);
	assert_string_equal(buf_str(&got), want);
}

static void test_box(void **state)
{
	(void)state;
	static const struct {
		bool is_ascii, is_borderless;
		const char *want;
	} cases[] = {
		{false, false,
		 "xxxxxxxxxx\nx┌─ 中 ─┐x\nx│      │x\nx└──────┘x\n"},
		{true, false,
		 "xxxxxxxxxx\nx+- 中 -+x\nx|      |x\nx+------+x\n"},
		{false, true,
		 "xxxxxxxxxx\nx   中   x\nx        x\nx        x\n"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct grid g = {.is_ascii = cases[i].is_ascii,
				 .is_borderless = cases[i].is_borderless};
		grid_resize(&g, 4, 10);
		for (int y = 0; y < 4; y++)
			grid_put(&g, y, 0, 10, STYLE_TEXT, "xxxxxxxxxx");
		grid_box(&g, 1, 1, 3, 8, "中");
		assert_screen(&g, cases[i].want);
		scoped_buf styles = {0};
		grid_dump_styles(&g, &styles);
		assert_string_equal(buf_str(&styles),
				    "\n.ffffffff\n.f......f\n.ffffffff\n");
		grid_finish(&g);
	}
}

/* Of any size, and beyond each edge. */
static void test_box_is_clipped(void **state)
{
	(void)state;
	struct grid g = {0};
	grid_resize(&g, 3, 5);
	grid_box(&g, -1, -1, 3, 4, "title");
	assert_screen(&g, "  │\n──┘\n\n");
	grid_erase(&g);
	grid_box(&g, 1, 2, 9, 9, NULL);
	assert_screen(&g, "\n  ┌──\n  │\n");
	grid_erase(&g);
	grid_box(&g, 0, 0, 2, 2, "title");
	assert_screen(&g, "┌┐\n└┘\n\n");
	grid_box(&g, 0, 0, 0, 5, NULL);
	grid_box(&g, 0, 0, 5, -1, NULL);
	assert_screen(&g, "┌┐\n└┘\n\n");
	grid_finish(&g);
}

static void test_rule(void **state)
{
	(void)state;
	static const struct {
		int cols;
		const char *title, *want;
	} cases[] = {
		{8, NULL, "────────\n"},  {8, "ab", "─ ab ───\n"},
		{6, "ab", "─ ab ─\n"},	  {6, "abc", "─ a… ─\n"},
		{5, "abc", "─ … ─\n"},	  {4, "a", "────\n"},
		{99, "中", "─ 中 ───\n"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct grid g = {0};
		grid_resize(&g, 1, i + 1 < ARRAY_LEN(cases) ? 10 : 8);
		grid_rule(&g, 0, 0, cases[i].cols, STYLE_TEXT, cases[i].title);
		assert_screen(&g, cases[i].want);
		grid_finish(&g);
	}
}

static void test_spark(void **state)
{
	(void)state;
	int64_t values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1};
	struct grid g = {0};
	grid_resize(&g, 1, 12);
	grid_spark(&g, 0, 0, values, 11, 8, STYLE_CHART);
	grid_put(&g, 0, 11, 1, STYLE_TEXT, "|");
	assert_screen(&g, " ▁▂▃▄▅▆▇██ |\n");
	grid_erase(&g);
	g.is_ascii = true;
	grid_spark(&g, 0, 0, values, 11, 9, STYLE_CHART);
	assert_screen(&g, " .:-=+*#%@\n");
	grid_erase(&g);
	g.is_ascii = false;
	/* Little is not nothing; less than all is not all. */
	grid_spark(&g, 0, 0, (int64_t[]){1, INT64_MAX - 1, INT64_MAX}, 3,
		   INT64_MAX, STYLE_CHART);
	grid_spark(&g, 0, 5, values, 11, 0, STYLE_CHART);
	grid_spark(&g, 0, 10, values, 11, 1, STYLE_CHART);
	assert_screen(&g, "▁██        █\n");
	grid_finish(&g);
}

static void test_bar(void **state)
{
	(void)state;
	static const struct {
		int64_t done, total;
		const char *want, *ascii;
	} cases[] = {
		{0, 100, "░░░░░\n", "-----\n"},
		{19, 100, "░░░░░\n", "-----\n"},
		{20, 100, "█░░░░\n", "#----\n"},
		{99, 100, "████░\n", "####-\n"},
		{100, 100, "█████\n", "#####\n"},
		{200, 100, "█████\n", "#####\n"},
		{-5, 100, "░░░░░\n", "-----\n"},
		{5, 0, "░░░░░\n", "-----\n"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct grid g = {0};
		grid_resize(&g, 1, 9);
		grid_bar(&g, 0, 0, 5, cases[i].done, cases[i].total,
			 STYLE_CHART);
		assert_screen(&g, cases[i].want);
		g.is_ascii = true;
		grid_bar(&g, 0, 0, 5, cases[i].done, cases[i].total,
			 STYLE_CHART);
		assert_screen(&g, cases[i].ascii);
		grid_finish(&g);
	}
}

/* Two styles with one letter could not be told apart in a golden file. */
static void test_letters(void **state)
{
	(void)state;
	static const char letters[] = {
#define STYLE(name, letter, ...) letter,
#include "tui/style_table.h"
#undef STYLE
	};
	for (size_t i = 0; i < sizeof(letters); i++) {
		const char *at = memchr(letters, letters[i], sizeof(letters));
		assert_ptr_equal(at, letters + i);
	}
	assert_int_equal(letters[STYLE_TEXT], '.');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_box),
		cmocka_unit_test(test_rule),
		cmocka_unit_test(test_spark),
		cmocka_unit_test(test_bar),
		cmocka_unit_test(test_box_is_clipped),
		cmocka_unit_test(test_letters),
	};
	return cmocka_run_group_tests_name("tui_grid_art", tests, NULL, NULL);
}
