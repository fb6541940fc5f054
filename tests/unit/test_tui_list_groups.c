/* Failed rows by error: the rows of a group, and acts on all of it. */
#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tests/support/screen.h"

/* Three that are busy, and two that ran into a wall. */
static struct screen *open_groups(struct actbench *b, int rows, int cols)
{
	for (int i = 0; i < 5; i++)
		actbench_add(b, MESSAGE_FAILED);
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET last_reason = NULL,"
		    " last_error = 'wall ' || id || '12345' WHERE id < 3");
	struct screen *s =
		screen_open(&(struct screen_options){.db = b->fix->path,
						     .now_ms = ACT_NOW,
						     .rows = rows,
						     .cols = cols});
	screen_press(s, "4 e");
	return s;
}

static void test_groups(void **state)
{
	struct screen *s = open_groups(*state, 24, 80);
	screen_expect(s, ">  3 ");
	screen_expect(s, "   2 ");
	screen_expect(s, "wall *");
	screen_expect(s, "5 rows");
	screen_expect(s, "1/2");
	screen_press(s, "G j");
	screen_expect(s, ">  2 ");
	screen_press(s, "e");
	screen_expect(s, "LAST ERROR");
	screen_close(s);
}

/* The list below keeps the filter that it had. */
static void test_the_rows_of_a_group(void **state)
{
	struct screen *s = open_groups(*state, 24, 80);
	screen_press(s, "j Enter");
	screen_expect(s, "1/2 ");
	screen_expect_not(s, "u3");
	screen_press(s, "Enter q q");
	screen_expect(s, "SAMPLE");
	screen_press(s, "q");
	screen_expect(s, "filter: none");
	screen_expect(s, "u3");
	screen_close(s);
}

static void test_an_act_on_a_group(void **state)
{
	struct actbench *b = *state;
	struct screen *s = open_groups(b, 24, 80);
	screen_press(s, "j X");
	screen_expect(s, "ALL 2 ");
	screen_press(s, "y");
	screen_await(s, "2 rows");
	actbench_expect(b, "1\n2\n",
			"SELECT id FROM outbox WHERE status = 'cancelled'"
			" ORDER BY id");
	screen_pass(s, 2000);
	screen_press(s, "j");
	screen_expect(s, ">  3 ");
	screen_expect(s, "1/1");
	screen_close(s);
}

/* Groups change places: the cursor stays with its own. */
static void test_the_cursor_stays_with_its_group(void **state)
{
	struct actbench *b = *state;
	struct screen *s = open_groups(b, 24, 80);
	screen_press(s, "j");
	outbox_exec(b->fix->db, "UPDATE outbox SET last_reason = NULL,"
				" last_error = 'wall 99999' WHERE id < 5");
	screen_pass(s, 3000);
	screen_expect(s, ">  4 ");
	screen_expect(s, "1/2");
	screen_close(s);
}

static void test_a_filter_of_groups(void **state)
{
	struct screen *s = open_groups(*state, 24, 80);
	screen_press(s, "/ \"err:wall\" Enter");
	screen_expect(s, ">  2 ");
	screen_expect(s, "1/1");
	screen_press(s, "/ Ctrl-U \"to:nobody\" Enter");
	screen_expect(s, "nothing matches");
	screen_press(s, "Esc");
	screen_expect(s, "1/2");
	screen_press(s, "E");
	screen_expect(s, "one row at a time");
	assert_int_equal(screen_effect(s), EFFECT_NONE);
	screen_close(s);
}

static void test_small_and_large(void **state)
{
	struct screen *s = open_groups(*state, 12, 60);
	for (int cols = 20; cols < 170; cols += 7)
		screen_resize(s, 10 + cols % 5, cols);
	screen_resize(s, 40, 120);
	screen_expect(s, "FIRST");
	screen_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_groups),
		ACT_TEST(test_the_rows_of_a_group),
		ACT_TEST(test_an_act_on_a_group),
		ACT_TEST(test_the_cursor_stays_with_its_group),
		ACT_TEST(test_a_filter_of_groups),
		ACT_TEST(test_small_and_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
