/* What the frame does for views: changes, copying, read-only. */
#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tests/support/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct screen *open_screen(struct actbench *b, bool is_read_only)
{
	return screen_open(
		&(struct screen_options){.db = b->fix->path,
					 .now_ms = ACT_NOW,
					 .is_read_only = is_read_only});
}

static void test_read_only_refuses(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b, true);
	static const char *const keys[] = {"R", "X", "E", "P", "u"};
	screen_press(s, "4");
	screen_expect(s, "READ-ONLY");
	screen_expect(s, "R X E P off");
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		screen_press(s, keys[i]);
		screen_expect(s, "started with --read-only");
		assert_int_equal(screen_effect(s), EFFECT_NONE);
	}
	app_do(screen_app(s), ACTION_WRITE, NULL);
	assert_true(app_is_read_only(screen_app(s)));
	app_do(screen_app(s), ACTION_MASK, NULL);
	assert_false(app_is_unmasked(screen_app(s)));
	actbench_expect(b, "0\n", "SELECT count(*) FROM outbox_audit");
	screen_close(s);
}

static void test_write_lifts_what_the_settings_say(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = screen_open(
		&(struct screen_options){.db = b->fix->path,
					 .now_ms = ACT_NOW,
					 .conf = "read-only = on\n"});
	screen_press(s, "4 R");
	screen_expect(s, ":write lifts it");
	app_do(screen_app(s), ACTION_WRITE, NULL);
	screen_press(s, "R y");
	screen_await(s, "1 row");
	actbench_expect(b, "pending\n", "SELECT status FROM outbox");
	app_do(screen_app(s), ACTION_WRITE, NULL);
	screen_press(s, "X");
	screen_expect(s, ":write lifts it");
	screen_close(s);
}

/* What the file's rights refuse is not offered, and nothing lifts it. */
static void test_a_file_that_may_not_be_written(void **state)
{
	enum { NOBODY = 65534 };
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	uid_t before = geteuid();
	assert_int_equal(chmod(b->fix->dir, 0755), 0);
	assert_int_equal(chmod(b->fix->path, 0444), 0);
	assert_int_equal(before == 0 ? seteuid(NOBODY) : 0, 0);
	struct screen *s = screen_open(&(struct screen_options){
		.db = b->fix->path, .now_ms = ACT_NOW});
	screen_press(s, "4 R");
	screen_expect(s, "READ-ONLY");
	screen_expect(s, "you may not write this file");
	screen_press(s, "j : \"write\" Enter");
	screen_expect(s, "you may not write this file");
	screen_expect(s, "READ-ONLY");
	screen_close(s);
	assert_int_equal(seteuid(before), 0);
}

static void test_pause_and_resume(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_PENDING);
	struct screen *s = open_screen(b, false);
	screen_press(s, "P 1 y");
	screen_pass(s, 2000);
	actbench_expect(b, "paused|alice\n",
			"SELECT state, state_by FROM outbox_channel"
			" WHERE name = 'wechat-cloud'");
	screen_press(s, "j");
	screen_expect(s, "!! ");
	screen_press(s, "P 1 y");
	screen_pass(s, 2000);
	actbench_expect(b, "open\n",
			"SELECT state FROM outbox_channel"
			" WHERE name = 'wechat-cloud'");
	app_do(screen_app(s), ACTION_PAUSE, "nowhere");
	screen_settle(s);
	screen_expect(s, "no channel is named nowhere");
	screen_close(s);
}

static void test_nothing_to_undo(void **state)
{
	struct screen *s = open_screen(*state, false);
	screen_press(s, "u");
	screen_expect(s, "nothing to undo");
	screen_close(s);
}

static void test_unmasking_is_audited(void **state)
{
	struct actbench *b = *state;
	struct screen *s = open_screen(b, false);
	app_do(screen_app(s), ACTION_MASK, NULL);
	assert_true(app_is_unmasked(screen_app(s)));
	actbench_expect(b, "alice\n", "SELECT who FROM outbox_audit");
	app_do(screen_app(s), ACTION_MASK, NULL);
	assert_false(app_is_unmasked(screen_app(s)));
	screen_close(s);
}

static void test_beginning_unmasked_is_audited(void **state)
{
	struct actbench *b = *state;
	struct screen *s = screen_open(&(struct screen_options){
		.db = b->fix->path, .now_ms = ACT_NOW, .is_unmasked = true});
	assert_true(app_is_unmasked(screen_app(s)));
	actbench_expect(b, "alice\n", "SELECT who FROM outbox_audit");
	screen_close(s);
}

static void test_copying(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b, false);
	static const char *const texts[][2] = {
		{"y i", "1"},
		{"y p", "{\"assignedToId\":\"u1\"}"},
		{"y e", "no \"way\""},
	};
	screen_press(s, "4");
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		size_t len;
		screen_press(s, texts[i][0]);
		assert_int_equal(screen_effect(s), EFFECT_COPY);
		assert_string_equal(app_effect_text(screen_app(s), &len),
				    texts[i][1]);
		assert_int_equal(len, strlen(texts[i][1]));
	}
	screen_press(s, "y l");
	assert_non_null(strstr(app_effect_text(screen_app(s), NULL),
			       "1\tfailed\twechat-cloud"));
	app_copied(screen_app(s), -1);
	screen_settle(s);
	screen_expect(s, "too much to copy");
	screen_press(s, "1 y");
	screen_expect(s, "there is no row here");
	screen_close(s);
}

/* What was done is told, not what Ctrl-C is for. */
static void test_ctrl_c_tells_how_far_it_came(void **state)
{
	struct actbench *b = *state;
	for (int i = 0; i < 250; i++)
		actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b, false);
	screen_press(s, "4 A R \"250\" Enter Ctrl-C");
	screen_expect(s, "Stopped after 100 of 250");
	screen_pass(s, 500);
	screen_press(s, "Ctrl-C");
	assert_int_equal(screen_effect(s), EFFECT_QUIT);
	screen_close(s);
}

static void test_filters_by_name(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b, false);
	screen_press(s, "4 / \"to:u9\" Enter");
	app_do(screen_app(s), ACTION_SAVE, "nine");
	screen_press(s, "2");
	app_do(screen_app(s), ACTION_LOAD, "nine");
	screen_press(s, "k");
	screen_expect(s, "filter: to:u9");
	app_do(screen_app(s), ACTION_LOAD, NULL);
	screen_settle(s);
	screen_expect(s, ":load NAME");
	screen_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_read_only_refuses),
		ACT_TEST(test_write_lifts_what_the_settings_say),
		ACT_TEST(test_a_file_that_may_not_be_written),
		ACT_TEST(test_pause_and_resume),
		ACT_TEST(test_nothing_to_undo),
		ACT_TEST(test_unmasking_is_audited),
		ACT_TEST(test_beginning_unmasked_is_audited),
		ACT_TEST(test_copying),
		ACT_TEST(test_ctrl_c_tells_how_far_it_came),
		ACT_TEST(test_filters_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
