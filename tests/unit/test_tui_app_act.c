/* What the frame does for views: changes, the editor, copying, read-only. */
#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tests/support/screen.h"

#include <stdio.h>
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

/* Presses E; returns the file that the editor would get. */
static char *edit(struct screen *s)
{
	screen_press(s, "E");
	assert_int_equal(screen_effect(s), EFFECT_EDIT);
	return xstrdup(app_effect_text(screen_app(s), NULL));
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void edited(struct screen *s, int code)
{
	app_edited(screen_app(s), code);
	screen_settle(s);
}

static void test_an_edit(void **state)
{
	struct actbench *b = *state;
	struct stat st;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b, false);
	screen_press(s, "4");
	scoped_free char *path = edit(s);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	write_file(path, "{\"assignedToId\":\"new\"}\n");
	edited(s, 0);
	assert_int_equal(access(path, F_OK), -1);
	screen_expect(s, "new");
	screen_press(s, "y");
	screen_pass(s, 1000);
	actbench_expect(b, "{\"assignedToId\":\"new\"}|pending\n",
			"SELECT payload, status FROM outbox");
	screen_close(s);
}

static void test_an_edit_that_changes_nothing(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b, false);
	screen_press(s, "4");
	scoped_free char *path = edit(s);
	edited(s, 0);
	screen_expect(s, "unchanged");
	assert_int_equal(access(path, F_OK), -1);
	scoped_free char *again = edit(s);
	write_file(again, "{\"assignedToId\":\"new\"}");
	edited(s, 1);
	screen_expect(s, "ended with 1");
	assert_int_equal(access(again, F_OK), -1);
	screen_close(s);
}

/* What was typed is not lost for a comma. */
static void test_an_edit_that_is_no_json(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b, false);
	screen_press(s, "4");
	scoped_free char *path = edit(s);
	write_file(path, "{\"assignedToId\":");
	edited(s, 0);
	screen_expect(s, "no valid JSON");
	screen_press(s, "e");
	assert_int_equal(screen_effect(s), EFFECT_EDIT);
	assert_string_equal(app_effect_text(screen_app(s), NULL), path);
	write_file(path, "[1]");
	edited(s, 0);
	screen_expect(s, "no JSON object");
	screen_press(s, "d");
	assert_int_equal(access(path, F_OK), -1);
	actbench_expect(b, "{\"assignedToId\":\"u1\"}\n",
			"SELECT payload FROM outbox");
	screen_close(s);
}

static void test_what_cannot_be_edited(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_SENDING);
	struct screen *s = open_screen(b, false);
	screen_press(s, "3 E");
	assert_int_equal(screen_effect(s), EFFECT_NONE);
	screen_expect(s, "cannot be edited");
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
		ACT_TEST(test_pause_and_resume),
		ACT_TEST(test_nothing_to_undo),
		ACT_TEST(test_unmasking_is_audited),
		ACT_TEST(test_beginning_unmasked_is_audited),
		ACT_TEST(test_copying),
		ACT_TEST(test_an_edit),
		ACT_TEST(test_an_edit_that_changes_nothing),
		ACT_TEST(test_an_edit_that_is_no_json),
		ACT_TEST(test_what_cannot_be_edited),
		ACT_TEST(test_filters_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
