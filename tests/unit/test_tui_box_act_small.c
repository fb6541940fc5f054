/* The box in terminals that have little room. Other code relies on: what has
 * the focus is seen, as is all of what is asked; where there is no room for
 * that, nothing can be answered but no. */
#include "lib/util.h"
#include "tests/support/boxbench.h"

#include <stdlib.h>
#include <string.h>

enum { SMALL_ROWS = 16, SMALL_COLS = 66 };

static bool is_seen(struct boxbench *b, const char *text)
{
	scoped_buf out = {0};
	return strstr(boxbench_screen(b, &out), text);
}

/* The words of a text, in any lines. */
static void see_words(struct boxbench *b, const char *text)
{
	scoped_free char *words = xstrdup(text);
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		boxbench_see(b, word);
}

/* Goes through all fields once; each must show what is in it, and the cursor.
 */
static void see_fields(struct boxbench *b, const char *question,
		       const char *const fields[])
{
	for (size_t i = 0; fields[i]; i++) {
		see_words(b, question);
		see_words(b, fields[i]);
		assert_in_range(b->grid.cursor_y, 0, b->grid.rows - 1);
		assert_in_range(b->grid.cursor_x, 0, b->grid.cols - 1);
		app_key(b->app, INPUT_TAB);
	}
}

/* At every size down to where the three words are; the first field has the
 * focus. */
static void see_at_all_sizes(struct boxbench *b, const char *question,
			     const char *const fields[])
{
	for (int rows = APP_TINY_ROWS; rows <= SMALL_ROWS; rows++) {
		for (int cols = APP_TINY_COLS; cols <= SMALL_COLS; cols++) {
			app_resize(b->app, rows, cols);
			see_fields(b, question, fields);
		}
	}
}

static void test_reason_and_buttons(void **state)
{
	struct boxbench *b = *state;
	boxbench_open(b, ACT_CANCEL, 3);
	app_key(b->app, INPUT_SHIFT_TAB);
	boxbench_press(b, "because of ZQ");
	see_at_all_sizes(b, "Cancel ALL 3 that match this filter?",
			 (const char *const[]){"ZQ", "[ No ]", "Yes", NULL});
}

static void test_reason_and_number(void **state)
{
	struct boxbench *b = *state;
	boxbench_open(b, ACT_RETRY, 101);
	boxbench_press(b, "7531");
	app_key(b->app, INPUT_SHIFT_TAB);
	boxbench_press(b, "because of ZQ");
	see_at_all_sizes(b, "Retry ALL 101 that match this filter?",
			 (const char *const[]){"ZQ", "7531", NULL});
	boxbench_press(b, "\t\r");
	see_at_all_sizes(b, "Retry ALL 101 that match this filter?",
			 (const char *const[]){"7531", "ZQ", NULL});
}

static void test_channel(void **state)
{
	struct boxbench *b = *state;
	struct plan *plan = xcalloc(1, sizeof(*plan));
	plan_init(plan, ACT_PAUSE);
	plan->channel = xstrdup("crm");
	app_act_open(b->app, plan, NULL, 0, LIST_ALL);
	boxbench_work(b, 1000);
	app_key(b->app, INPUT_SHIFT_TAB);
	boxbench_press(b, "ZQ");
	see_at_all_sizes(b, "Pause channel crm?",
			 (const char *const[]){"ZQ", "[ No ]", "Yes", NULL});
}

/* What was typed stays in sight where there is room. */
static void test_reason_is_kept_in_sight(void **state)
{
	struct boxbench *b = *state;
	boxbench_open(b, ACT_CANCEL, 101);
	app_key(b->app, INPUT_TAB);
	boxbench_press(b, "ZQ\t");
	app_resize(b->app, 10, 40);
	boxbench_see(b, "ZQ");
	boxbench_see(b, "Type the number");
}

static const struct {
	int rows, cols;
} refusing[] = {{3, 18}, {3, 80}, {24, 19}, {2, 40}, {1, 1}};

/* A yes to what cannot be read is none. */
static void test_no_room_to_ask(void **state)
{
	static const char *const keys[] = {"y", "2\r", "\t\ty", "\t\t\r\ry"};
	struct boxbench *b = *state;
	boxbench_open(b, ACT_RETRY, 2);
	for (size_t i = 0; i < ARRAY_LEN(refusing); i++) {
		app_resize(b->app, refusing[i].rows, refusing[i].cols);
		for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
			boxbench_press(b, keys[k]);
			assert_true(boxbench_is_open(b));
		}
		if (refusing[i].cols >= 18) {
			see_words(b, "Enlarge the window");
			assert_false(is_seen(b, "[ No ]"));
		}
		boxbench_work(b, 1000);
		assert_int_equal(boxbench_count_pending(b), 0);
	}
	app_resize(b->app, APP_TINY_ROWS, APP_TINY_COLS);
	boxbench_see(b, "[ No ]");
	boxbench_press(b, "y");
	boxbench_work(b, 1000);
	assert_int_equal(boxbench_count_pending(b), 2);
}

static void test_no_room_and_no(void **state)
{
	static const int32_t keys[] = {INPUT_ESCAPE, INPUT_CTRL('C'), 'n', 'q'};
	struct boxbench *b = *state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		boxbench_open(b, ACT_CANCEL, 2);
		app_resize(b->app, 3, 18);
		app_key(b->app, keys[i]);
		assert_false(boxbench_is_open(b));
	}
}

/* A channel's name may be longer than any small screen. */
static void test_long_question(void **state)
{
	struct boxbench *b = *state;
	struct plan *plan = xcalloc(1, sizeof(*plan));
	plan_init(plan, ACT_PAUSE);
	plan->channel = xstrdup("a-channel-with-a-very-long-name-that-goes-on-"
				"and-on-and-on-until-here");
	app_act_open(b->app, plan, NULL, 0, LIST_ALL);
	boxbench_work(b, 1000);
	app_resize(b->app, 4, 20);
	boxbench_see(b, "Enlarge the");
	boxbench_press(b, "y");
	assert_true(boxbench_is_open(b));
	app_resize(b->app, 6, 20);
	boxbench_see(b, "ntil-here?");
}

/* Where to answer is always there, whatever else has to go. */
static void test_sizes(void **state)
{
	static const struct {
		int rows, cols;
	} sizes[] = {{40, 120}, {12, 60}, {10, 40}, {8, 30}};
	struct boxbench *b = *state;
	boxbench_open(b, ACT_CANCEL, 101);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		app_resize(b->app, sizes[i].rows, sizes[i].cols);
		boxbench_see(b, "Cancel ALL 101");
		boxbench_see(b, "Type the");
		assert_true(b->grid.cursor_x >= 0);
	}
	for (int rows = 0; rows < 26; rows++) {
		for (int cols = 0; cols < 90; cols += cols < 34 ? 1 : 7) {
			scoped_buf out = {0};
			app_resize(b->app, rows, cols);
			boxbench_screen(b, &out);
			assert_true(b->grid.cursor_x < MAX(cols, 1));
		}
	}
	app_key(b->app, INPUT_ESCAPE);
	assert_false(boxbench_is_open(b));
}

/* Two cells a character: the frame stays straight. */
static void test_wide(void **state)
{
	struct boxbench *b = *state;
	actbench_add(b->act, MESSAGE_FAILED);
	outbox_exec(b->act->fix->db, "UPDATE outbox SET last_error ="
				     " '推广已取消，请勿再次发送给任何客户'");
	struct plan *plan = xcalloc(1, sizeof(*plan));
	plan_init(plan, ACT_RETRY);
	plan->filter = xstrdup("err:推广已取消，请勿再次发送给任何客户");
	app_act_open(b->app, plan, NULL, 0, LIST_FAILED);
	boxbench_work(b, 1000);
	for (int cols = 30; cols < 60; cols++) {
		int framed = 0;
		app_resize(b->app, 24, cols);
		boxbench_see(b, "Retry the 1");
		for (int y = 0; y < 24; y++) {
			const struct cell *row = &b->grid.cells[y * cols];
			int x = 0;
			while (x < cols && row[x].codes[0] != 0x2502)
				x++;
			framed += x < cols;
			if (x < cols)
				assert_int_equal(row[cols - 1 - x].codes[0],
						 0x2502);
		}
		assert_true(framed > 6);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(test_reason_and_buttons),
		BOX_TEST(test_reason_and_number),
		BOX_TEST(test_channel),
		BOX_TEST(test_reason_is_kept_in_sight),
		BOX_TEST(test_no_room_to_ask),
		BOX_TEST(test_no_room_and_no),
		BOX_TEST(test_long_question),
		BOX_TEST(test_sizes),
		BOX_TEST(test_wide),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
