/* The frame around the views: tabs, leaving, the relay, every size. */
#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tests/support/screen.h"

static struct screen *open_screen(struct actbench *b)
{
	return screen_open(&(struct screen_options){.db = b->fix->path,
						    .now_ms = ACT_NOW});
}

static void test_tabs(void **state)
{
	struct screen *s = open_screen(*state);
	static const struct {
		const char *keys, *here;
	} steps[] = {
		{"4", "[4 Fail"},      {"Tab", "[5 Done"}, {"[ [ [", "[2 Pend"},
		{"-", "[3 Send"},      {"-", "[2 Pend"},   {"8 ]", "[1 Home"},
		{"S-Tab", "[8 Audit"}, {"7", "[7 Log"},
	};
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		screen_press(s, steps[i].keys);
		screen_expect(s, steps[i].here);
	}
	screen_close(s);
}

static void test_q_leaves_at_the_top_only(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b);
	screen_press(s, "4 Enter q");
	assert_int_equal(screen_effect(s), EFFECT_NONE);
	screen_expect(s, "LAST ERROR");
	screen_press(s, "q");
	assert_int_equal(screen_effect(s), EFFECT_QUIT);
	screen_press(s, "Q");
	assert_int_equal(screen_effect(s), EFFECT_QUIT);
	screen_close(s);
}

/* Enter on a line of Home leads to a tab, and q from there back. */
static void test_q_leads_back_to_home(void **state)
{
	struct screen *s = open_screen(*state);
	app_go_tab(screen_app(s), TAB_FAILED);
	screen_press(s, "q");
	screen_expect(s, "[1 Home]");
	app_go_list(screen_app(s), TAB_FAILED, "to:u1");
	screen_settle(s);
	screen_expect(s, "filter: to:u1");
	screen_press(s, "q");
	screen_expect(s, "[1 Home]");
	assert_int_equal(screen_effect(s), EFFECT_NONE);
	screen_press(s, "4 q");
	assert_int_equal(screen_effect(s), EFFECT_QUIT);
	screen_close(s);
}

static void test_marks_are_not_lost_without_asking(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b);
	screen_press(s, "4 Space 1 q");
	assert_int_equal(screen_effect(s), EFFECT_NONE);
	screen_press(s, "n");
	assert_int_equal(screen_effect(s), EFFECT_NONE);
	screen_press(s, "q y");
	assert_int_equal(screen_effect(s), EFFECT_QUIT);
	screen_close(s);
}

static void test_ctrl_c_twice_leaves(void **state)
{
	struct screen *s = open_screen(*state);
	screen_press(s, "4 / Ctrl-C");
	assert_int_equal(screen_effect(s), EFFECT_NONE);
	screen_expect(s, "Ctrl-C once more");
	screen_pass(s, 1500);
	screen_press(s, "Ctrl-C");
	assert_int_equal(screen_effect(s), EFFECT_NONE);
	screen_press(s, "j Ctrl-C");
	assert_int_equal(screen_effect(s), EFFECT_NONE);
	screen_pass(s, 500);
	screen_press(s, "Ctrl-C");
	assert_int_equal(screen_effect(s), EFFECT_QUIT);
	screen_close(s);
}

static void test_a_silent_relay(void **state)
{
	struct actbench *b = *state;
	outbox_exec(b->fix->db,
		    "INSERT INTO outbox_relay VALUES ('o', 4121, 'node-a',"
		    " '1.0', 'running', %lld, %lld, 1000, 1, 0)",
		    ACT_NOW - 60000, ACT_NOW - 500);
	struct screen *s = open_screen(b);
	screen_expect(s, "relay RUNNING");
	screen_expect_not(s, "!!");
	screen_pass(s, 12000);
	screen_expect(s, "!! RELAY SILENT");
	screen_pass(s, 108000);
	screen_expect(s, "SILENT 2m00s");
	screen_expect(s, "!! RELAY SILENT");
	screen_expect(s, "pid 4121 on node-a");
	app_do(screen_app(s), ACTION_RELAY, NULL);
	screen_settle(s);
	screen_expect(s, "outbox-relay check");
	screen_close(s);
}

static void test_every_size(void **state)
{
	struct actbench *b = *state;
	for (int i = 0; i < 9; i++)
		actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b);
	screen_press(s, "4 j Space i");
	for (int rows = 1; rows < 45; rows += rows < 14 ? 1 : 7)
		for (int cols = 1; cols < 180; cols += cols < 24 ? 1 : 13)
			screen_resize(s, rows, cols);
	screen_resize(s, 3, 18);
	screen_expect(s, "failed");
	screen_resize(s, 10, 40);
	screen_expect(s, "> 7 ");
	screen_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_tabs),
		ACT_TEST(test_q_leaves_at_the_top_only),
		ACT_TEST(test_q_leads_back_to_home),
		ACT_TEST(test_marks_are_not_lost_without_asking),
		ACT_TEST(test_ctrl_c_twice_leaves),
		ACT_TEST(test_a_silent_relay),
		ACT_TEST(test_every_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
