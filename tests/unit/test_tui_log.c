/* The log's view. Other code relies on: it follows only at the end, what is
 * read stays where it is whatever is added, and nothing in a line reaches the
 * terminal. */
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/screen.h"
#include "tests/support/variety.h"

#include <stdlib.h>
#include <string.h>

static struct screen *open_log(struct fixture *f)
{
	struct screen *s = screen_open(
		&(struct screen_options){.db = f->path, .now_ms = VARIETY_NOW});
	screen_press(s, "7");
	return s;
}

static void add_lines(struct fixture *f, int count, const char *event)
{
	outbox_exec(f->db,
		    "INSERT INTO outbox_log (at, level, event, fields)"
		    "  WITH RECURSIVE n (i) AS"
		    "    (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
		    "  SELECT %lld + i, 'info', %Q, 'n=' || i FROM n",
		    count, (long long)VARIETY_NOW - 60000, event);
}

static void look_again(struct screen *s)
{
	screen_pass(s, 3000);
}

static void test_empty(void **state)
{
	struct screen *s = open_log(*state);
	screen_expect(s, "there is no line yet");
	screen_press(s, "j k G g f n Enter y PgUp");
	screen_close(s);
}

static void test_follow(void **state)
{
	struct fixture *f = *state;
	add_lines(f, 30, "first");
	struct screen *s = open_log(f);
	screen_expect(s, "first n=30");
	screen_expect_not(s, "first n=1\n");
	screen_expect(s, "FOLLOW   30 of 10,000 lines kept");
	add_lines(f, 3, "second");
	look_again(s);
	screen_expect(s, "second n=3");
	screen_expect(s, "FOLLOW   33 of 10,000 lines kept");
	screen_close(s);
}

/* The line of the cursor. The caller frees. */
static char *line_here(struct screen *s)
{
	size_t len;
	screen_press(s, "y");
	assert_int_equal(screen_effect(s), EFFECT_COPY);
	return xstrdup(app_effect_text(screen_app(s), &len));
}

static void test_held(void **state)
{
	struct fixture *f = *state;
	add_lines(f, 60, "first");
	struct screen *s = open_log(f);
	screen_press(s, "k PgUp");
	scoped_free char *top = xstrdup(screen_line(s, 3));
	screen_expect(s, "HELD");
	screen_expect(s, "f or G to follow");
	add_lines(f, 128, "second");
	look_again(s);
	screen_expect(s, "+128 new below");
	assert_string_equal(screen_line(s, 3), top);
	screen_press(s, "f");
	screen_expect(s, "second n=128");
	screen_expect(s, "FOLLOW");
	screen_press(s, "g");
	screen_expect(s, "first n=1\n");
	screen_press(s, "G");
	screen_expect(s, "FOLLOW");
	/* Down to the last line is following, too. */
	screen_press(s, "k");
	screen_expect(s, "HELD");
	screen_press(s, "j");
	screen_expect(s, "FOLLOW");
	screen_close(s);
}

/* As many are kept as there may be: the oldest go, and places change. */
static void test_held_when_full(void **state)
{
	struct fixture *f = *state;
	add_lines(f, 10000, "first");
	struct screen *s = open_log(f);
	screen_press(s, "k k");
	scoped_free char *here = line_here(s);
	screen_press(s, "h");
	scoped_free char *top = xstrdup(screen_line(s, 3));
	add_lines(f, 100, "second");
	look_again(s);
	screen_expect(s, "+100 new below");
	assert_string_equal(screen_line(s, 3), top);
	scoped_free char *still_here = line_here(s);
	assert_string_equal(still_here, here);
	screen_press(s, "g");
	screen_expect(s, "first n=101\n");
	screen_close(s);
}

static void test_level(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_log(f);
	screen_expect(s, "level >= info");
	screen_expect(s, " INFO ");
	screen_expect_not(s, " DEBUG ");
	screen_press(s, "L");
	screen_expect(s, "level >= warn");
	screen_expect_not(s, " INFO ");
	screen_expect(s, " WARN ");
	screen_press(s, "L");
	screen_expect_not(s, " WARN ");
	screen_expect(s, " ERROR ");
	screen_press(s, "L g");
	screen_expect(s, " DEBUG ");
	screen_close(s);
}

static void test_words(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_log(f);
	screen_press(s, "& \"held\" Enter");
	screen_expect(s, "filter: held");
	screen_expect(s, "channel held");
	screen_expect(s, "1 of 10,000 lines kept");
	screen_expect_not(s, "settings adopted");
	screen_press(s, "& \"nowhere\" Enter");
	/* What stood there is edited, not replaced. */
	screen_expect(s, "no line has all of these words");
	screen_press(s, "Esc");
	screen_expect(s, "settings adopted");
	screen_expect(s, "filter: none");
	screen_close(s);
}

static void test_search(void **state)
{
	struct fixture *f = *state;
	add_lines(f, 60, "first");
	struct screen *s = open_log(f);
	screen_press(s, "/ \"FIRST n=7\" Enter");
	screen_expect(s, "first n=7\n");
	screen_expect(s, "HELD");
	assert_non_null(strchr(screen_styles(s), 'M'));
	screen_press(s, "/ \"zebra\" Enter");
	screen_expect(s, "not found");
	screen_close(s);
}

static void test_enter(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_log(f);
	screen_expect(s, "#1004 reject");
	screen_press(s, "k Enter");
	screen_expect(s, "#1004  FAILED");
	screen_press(s, "q");
	screen_expect(s, "channel held");
	screen_press(s, "G Enter");
	screen_expect(s, "this line speaks of no row");
	screen_close(s);
}

static void test_copy(void **state)
{
	struct fixture *f = *state;
	add_lines(f, 1, "first");
	struct screen *s = open_log(f);
	scoped_free char *here = line_here(s);
	assert_string_equal(here, "14:21:07.001 INFO  relay        first n=1");
	screen_close(s);
}

static void test_wide_lines(void **state)
{
	struct fixture *f = *state;
	outbox_exec(f->db,
		    "INSERT INTO outbox_log (at, level, event, fields)"
		    " VALUES (%lld, 'info', 'begin', 'a=\"%s end\"')",
		    (long long)VARIETY_NOW,
		    "0123456789 0123456789 0123456789 0123456789 0123456789 "
		    "0123456789");
	struct screen *s = open_log(f);
	screen_expect_not(s, "end\"");
	screen_press(s, "w");
	screen_expect(s, "end\"");
	screen_press(s, "w");
	screen_expect_not(s, "end\"");
	screen_press(s, "l l l l l");
	screen_expect(s, "end\"");
	screen_press(s, "h h h h h");
	screen_expect(s, "begin");
	screen_close(s);
}

static void test_hostile(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_log(f);
	screen_expect(s, "answer=\"^[[2J^[]52;c;x^G\"");
	assert_null(strchr(screen_text(s), '\x1b'));
	screen_close(s);
}

static void test_sizes(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_log(f);
	for (int rows = 1; rows <= 14; rows += rows < 6 ? 1 : 4) {
		for (int cols = 1; cols <= 64; cols += cols < 8 ? 1 : 7) {
			screen_resize(s, rows, cols);
			screen_press(s, "k g l w j G w h");
		}
	}
	screen_resize(s, 10, 40);
	screen_press(s, "h h h G");
	screen_expect(s, "14:22:06 ERROR channel held");
	screen_close(s);
}

static void test_chinese(void **state)
{
	struct fixture *f = *state;
	add_lines(f, 1, "first");
	struct screen *s = screen_open(&(struct screen_options){
		.db = f->path, .now_ms = VARIETY_NOW, .lang = "zh"});
	screen_press(s, "7");
	screen_expect(s, "first n=1");
	screen_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_empty),   FIXTURE_TEST(test_follow),
		FIXTURE_TEST(test_held),    FIXTURE_TEST(test_held_when_full),
		FIXTURE_TEST(test_level),   FIXTURE_TEST(test_words),
		FIXTURE_TEST(test_search),  FIXTURE_TEST(test_enter),
		FIXTURE_TEST(test_copy),    FIXTURE_TEST(test_wide_lines),
		FIXTURE_TEST(test_hostile), FIXTURE_TEST(test_sizes),
		FIXTURE_TEST(test_chinese),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
