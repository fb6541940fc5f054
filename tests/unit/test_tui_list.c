/* Lists of rows: cursor and marks are ids, the filter is one for the list and
 * its acts, and an empty list says why it is empty. */
#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tests/support/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct screen *open_screen(struct actbench *b, int cols)
{
	return screen_open(&(struct screen_options){
		.db = b->fix->path, .now_ms = ACT_NOW, .cols = cols});
}

static void add(struct actbench *b, int count, enum message_status status)
{
	for (int i = 0; i < count; i++)
		actbench_add(b, status);
}

/* Rows that come in above take their lines, not the cursor. */
static void test_the_cursor_stays_with_its_row(void **state)
{
	struct actbench *b = *state;
	add(b, 5, MESSAGE_FAILED);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "6 j j");
	screen_expect(s, ">  3 ");
	add(b, 3, MESSAGE_FAILED);
	screen_pass(s, 3000);
	screen_expect(s, "/8 ");
	screen_expect(s, ">  3 ");
	screen_press(s, "j");
	screen_expect(s, ">  2 ");
	screen_close(s);
}

static void test_a_filter_is_its_tabs(void **state)
{
	struct actbench *b = *state;
	add(b, 3, MESSAGE_FAILED);
	add(b, 2, MESSAGE_PENDING);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "4 / \"to:u2\" Enter");
	screen_expect(s, "1/1 ");
	screen_press(s, "2");
	screen_expect(s, "filter: none");
	screen_expect(s, "1/2 ");
	screen_press(s, "4");
	screen_expect(s, "filter: to:u2");
	screen_expect(s, "1/1 ");
	screen_close(s);
}

static void test_it_applies_while_it_is_typed(void **state)
{
	struct actbench *b = *state;
	add(b, 3, MESSAGE_FAILED);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "4 / \"to:u2\"");
	screen_pass(s, 100);
	screen_expect(s, "u3");
	screen_pass(s, 100);
	screen_expect_not(s, "u3");
	screen_press(s, "Esc");
	screen_expect(s, "u3");
	screen_expect(s, "filter: none");
	screen_close(s);
}

static void test_a_wrong_filter_changes_nothing(void **state)
{
	struct actbench *b = *state;
	add(b, 3, MESSAGE_FAILED);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "4 / \"to:u2\" Enter / Ctrl-U \"nix:1\"");
	screen_pass(s, 300);
	screen_expect(s, "\"nix\"");
	screen_expect(s, "u2");
	screen_expect_not(s, "u3");
	screen_press(s, "Enter");
	screen_expect(s, "nix:1");
	screen_press(s, "Esc j");
	screen_expect(s, "filter: to:u2");
	app_do(screen_app(s), ACTION_FILTER, "nix:2");
	screen_settle(s);
	screen_expect_not(s, "u3");
	app_do(screen_app(s), ACTION_FILTER, "to:u3");
	screen_settle(s);
	screen_expect_not(s, "u2 ");
	screen_expect(s, "u3");
	screen_close(s);
}

static void test_payloads_are_asked_for(void **state)
{
	struct actbench *b = *state;
	add(b, 3, MESSAGE_FAILED);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "4 / \"payload:u2\"");
	screen_pass(s, 300);
	screen_expect(s, "u3");
	screen_press(s, "Enter");
	screen_expect(s, "reads every payload");
	screen_press(s, "n");
	screen_expect(s, "u3");
	screen_press(s, "/ \"payload:u2\" Enter y");
	screen_expect_not(s, "u3");
	screen_expect(s, "1/1 ");
	screen_close(s);
}

/* Marks are ids: neither a filter nor a change takes them away. */
static void test_marks_survive(void **state)
{
	struct actbench *b = *state;
	add(b, 5, MESSAGE_FAILED);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "4 Space j Space k");
	screen_expect(s, "2 marked");
	screen_expect(s, " * 5 ");
	screen_expect(s, ">* 3 ");
	screen_press(s, "/ \"to:u1\" Enter");
	screen_expect(s, "2 marked");
	screen_press(s, "Esc G");
	add(b, 2, MESSAGE_FAILED);
	screen_pass(s, 3000);
	screen_expect(s, " * 5 ");
	screen_press(s, "k k Space");
	screen_expect_not(s, "* 3 ");
	screen_expect(s, "1 marked");
	screen_press(s, "U");
	screen_expect_not(s, "marked");
	screen_close(s);
}

static void test_pages_ranges_and_all(void **state)
{
	struct actbench *b = *state;
	add(b, 40, MESSAGE_FAILED);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "4 a");
	screen_expect(s, "17 marked");
	screen_press(s, "U j v j j v");
	screen_expect(s, "3 marked");
	screen_press(s, "U A");
	screen_press(s, "j");
	screen_expect(s, "ALL marked");
	screen_press(s, "Space j");
	screen_expect(s, "ALL marked");
	screen_press(s, "/ \"to:u2\" Enter j");
	screen_expect_not(s, "ALL marked");
	screen_close(s);
}

/* From one page to another, and not to a row that left the list. */
static void test_a_range_over_pages(void **state)
{
	struct actbench *b = *state;
	add(b, 60, MESSAGE_FAILED);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "4 j j v PgDn PgDn k v");
	screen_expect(s, "34 marked");
	screen_press(s, "g");
	screen_expect(s, ">  60 ");
	screen_expect(s, "* 58 ");
	screen_press(s, "U G v g v");
	screen_expect(s, "60 marked");
	screen_press(s, "U v j");
	actbench_row(b, ACT_CANCEL, 60);
	screen_pass(s, 3000);
	screen_press(s, "v");
	screen_expect(s, "#60 left the list, or is too far away");
	screen_expect_not(s, "marked");
	screen_close(s);
}

/* What is due does not go on a channel that is stopped. */
static void test_due_on_a_stopped_channel(void **state)
{
	struct actbench *b = *state;
	add(b, 1, MESSAGE_PENDING);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "2");
	screen_expect(s, " now");
	assert_int_equal(actbench_channels(b, ACT_PAUSE, NULL), 0);
	screen_pass(s, 3000);
	screen_expect(s, " paused");
	screen_expect_not(s, " now\n");
	screen_press(s, "6");
	screen_expect(s, " paused");
	screen_expect_not(s, "due");
	outbox_exec(b->fix->db, "UPDATE outbox_channel SET state = 'held',"
				" reason = 'app-id-invalid'");
	screen_pass(s, 3000);
	screen_expect(s, " held");
	screen_close(s);
}

/* The bottom row offers what the cursor's row allows. */
static void test_hints_are_the_rows(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_DELIVERED);
	actbench_add(b, MESSAGE_PENDING);
	actbench_add(b, MESSAGE_FAILED);
	actbench_add(b, MESSAGE_CANCELLED);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "6");
	screen_expect(s, "R retry  Space mark  E edit");
	screen_press(s, "j");
	screen_expect(s, "R retry  X cancel  Space mark  E edit");
	screen_press(s, "j");
	screen_expect(s, "R send now  X cancel");
	screen_press(s, "j");
	screen_expect(s, ">  1 ");
	screen_expect_not(s, "R retry");
	screen_expect_not(s, "E edit");
	screen_press(s, "k Space");
	screen_expect(s, "R retry  X cancel");
	screen_press(s, "U Enter");
	screen_expect_not(s, "E edit");
	screen_close(s);
}

/* What runs, then the filter, then the marks; it never leaves. */
static void test_escape(void **state)
{
	struct actbench *b = *state;
	add(b, 5, MESSAGE_FAILED);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "4 Space / \"to:u4\" Enter Esc");
	screen_expect(s, ">  4 ");
	screen_press(s, "k");
	screen_expect(s, "filter: none");
	screen_expect(s, "1 marked");
	screen_press(s, "Esc k");
	screen_expect_not(s, "marked");
	screen_press(s, "Enter Esc");
	screen_expect(s, "LAST ERROR");
	screen_press(s, "Esc Esc");
	assert_int_equal(screen_effect(s), EFFECT_NONE);
	screen_expect(s, "LAST ERROR");
	screen_close(s);
}

static void test_acts_are_about_marks(void **state)
{
	struct actbench *b = *state;
	add(b, 5, MESSAGE_FAILED);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "4 Space Space G X y");
	screen_await(s, "2 rows");
	actbench_expect(b, "4\n5\n",
			"SELECT id FROM outbox WHERE status = 'cancelled'"
			" ORDER BY id");
	screen_press(s, "j");
	screen_expect_not(s, "marked");
	screen_press(s, "g u y");
	screen_await(s, "2 undone");
	actbench_expect(b, "",
			"SELECT id FROM outbox"
			" WHERE status = 'cancelled'");
	screen_close(s);
}

static void test_all_that_match_and_no_others(void **state)
{
	struct actbench *b = *state;
	add(b, 5, MESSAGE_FAILED);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "4 / \"id<=2\" Enter A R y");
	screen_await(s, "2 rows");
	screen_expect(s, "no longer in this list");
	actbench_expect(b, "1\n2\n",
			"SELECT id FROM outbox WHERE status = 'pending'"
			" ORDER BY id");
	screen_close(s);
}

static void test_detail_and_the_next_one(void **state)
{
	struct actbench *b = *state;
	add(b, 5, MESSAGE_FAILED);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "4 Enter");
	screen_expect(s, "#5 ");
	screen_press(s, "J J");
	screen_expect(s, "#3 ");
	screen_press(s, "K q");
	screen_expect(s, ">  4 ");
	screen_close(s);
}

static void test_sorts_and_columns(void **state)
{
	struct actbench *b = *state;
	add(b, 3, MESSAGE_FAILED);
	struct screen *s = open_screen(b, 80);
	screen_press(s, "6");
	screen_expect(s, "ID v");
	screen_press(s, "s i");
	screen_expect(s, "ID ^");
	screen_expect(s, ">  1 ");
	screen_press(s, "c f Esc");
	screen_expect(s, "TYPE");
	screen_press(s, "c 0");
	screen_expect_not(s, "TYPE");
	screen_close(s);
}

static void test_the_side_pane_follows(void **state)
{
	struct actbench *b = *state;
	add(b, 3, MESSAGE_FAILED);
	struct screen *s = open_screen(b, 120);
	screen_resize(s, 40, 120);
	screen_press(s, "4 i j");
	screen_expect(s, "#2  FAILED");
	screen_resize(s, 40, 170);
	screen_press(s, "j");
	screen_expect(s, "#1  FAILED");
	screen_press(s, "i");
	screen_expect_not(s, "#1  FAILED");
	screen_close(s);
}

static void test_why_it_is_empty(void **state)
{
	struct screen *s = open_screen(*state, 80);
	static const char *const texts[][2] = {
		{"2", "nothing waits"},
		{"3", "nothing is on the wire"},
		{"4", "no failed rows"},
		{"6", "the outbox is empty"},
		{"/ \"to:x\" Enter", "nothing matches this filter: Esc clears"},
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		screen_press(s, texts[i][0]);
		screen_expect(s, texts[i][1]);
	}
	screen_press(s, "R");
	screen_expect(s, "there is no row here");
	screen_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_the_cursor_stays_with_its_row),
		ACT_TEST(test_a_filter_is_its_tabs),
		ACT_TEST(test_it_applies_while_it_is_typed),
		ACT_TEST(test_a_wrong_filter_changes_nothing),
		ACT_TEST(test_payloads_are_asked_for),
		ACT_TEST(test_marks_survive),
		ACT_TEST(test_pages_ranges_and_all),
		ACT_TEST(test_a_range_over_pages),
		ACT_TEST(test_due_on_a_stopped_channel),
		ACT_TEST(test_hints_are_the_rows),
		ACT_TEST(test_escape),
		ACT_TEST(test_acts_are_about_marks),
		ACT_TEST(test_all_that_match_and_no_others),
		ACT_TEST(test_detail_and_the_next_one),
		ACT_TEST(test_sorts_and_columns),
		ACT_TEST(test_the_side_pane_follows),
		ACT_TEST(test_why_it_is_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
