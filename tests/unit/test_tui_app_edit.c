/* A payload's way through $EDITOR and back. */
#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tests/support/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct screen *open_screen(struct actbench *b)
{
	return screen_open(&(struct screen_options){.db = b->fix->path,
						    .now_ms = ACT_NOW});
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
	struct screen *s = open_screen(b);
	screen_press(s, "4");
	scoped_free char *path = edit(s);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	write_file(path, "{\"assignedToId\":\"new\"}\n");
	edited(s, 0);
	assert_int_equal(access(path, F_OK), 0);
	screen_expect(s, "new");
	screen_press(s, "y");
	screen_pass(s, 1000);
	assert_int_equal(access(path, F_OK), -1);
	actbench_expect(b, "{\"assignedToId\":\"new\"}|pending\n",
			"SELECT payload, status FROM outbox");
	screen_close(s);
}

/* Opens the editor on the one row, and leaves a text in it. */
static char *edit_to(struct screen *s, const char *text)
{
	char *path = edit(s);
	write_file(path, text);
	edited(s, 0);
	return path;
}

static void test_an_edit_that_is_not_confirmed(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b);
	screen_press(s, "4");
	scoped_free char *path = edit_to(s, "{\"assignedToId\":\"new\"}");
	screen_press(s, "n");
	screen_expect(s, "Your text is kept in");
	screen_expect(s, path);
	assert_int_equal(screen_effect(s), EFFECT_NONE);
	screen_press(s, "E");
	screen_expect(s, "A text of yours for #1 is kept");
	screen_press(s, "e");
	assert_int_equal(screen_effect(s), EFFECT_EDIT);
	assert_string_equal(app_effect_text(screen_app(s), NULL), path);
	edited(s, 0);
	screen_press(s, "y");
	screen_pass(s, 1000);
	actbench_expect(b, "{\"assignedToId\":\"new\"}|pending\n",
			"SELECT payload, status FROM outbox");
	assert_int_equal(access(path, F_OK), -1);
	screen_close(s);
}

static void test_an_edit_that_is_dropped(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b);
	screen_press(s, "4");
	scoped_free char *path = edit_to(s, "{\"assignedToId\":\"new\"}");
	screen_press(s, "Esc E d");
	assert_int_equal(screen_effect(s), EFFECT_EDIT);
	assert_int_equal(access(path, F_OK), -1);
	assert_string_not_equal(app_effect_text(screen_app(s), NULL), path);
	edited(s, 0);
	screen_expect(s, "unchanged");
	screen_close(s);
}

/* The relay took the row while somebody typed: nothing is written, and what
 * was typed is there still when the console is not. */
static void test_an_edit_of_what_moved_on(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b);
	screen_press(s, "4");
	scoped_free char *path = edit_to(s, "{\"assignedToId\":\"new\"}");
	actbench_move(b, 1, "pending");
	screen_press(s, "y");
	screen_pass(s, 1000);
	screen_expect(s, path);
	actbench_expect(b, "{\"assignedToId\":\"u1\"}\n",
			"SELECT payload FROM outbox");
	screen_close(s);
	assert_int_equal(unlink(path), 0);
}

/* The editor gives up on a text that was kept before. */
static void test_an_edit_that_is_given_up_later(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b);
	screen_press(s, "4");
	scoped_free char *path = edit_to(s, "{\"assignedToId\":\"new\"}");
	screen_press(s, "n E e");
	edited(s, 1);
	screen_expect(s, path);
	screen_press(s, "j");
	scoped_free char *other = edit(s);
	assert_string_not_equal(other, path);
	edited(s, 0);
	assert_int_equal(access(other, F_OK), -1);
	screen_close(s);
	assert_int_equal(unlink(path), 0);
}

static void test_an_edit_that_changes_nothing(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b);
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

/* As when its terminal is gone: what it wrote before is not lost. */
static void test_an_editor_that_is_killed(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b);
	screen_press(s, "4");
	scoped_free char *path = edit(s);
	edited(s, 128 + 15);
	assert_int_equal(access(path, F_OK), -1);
	scoped_free char *again = edit(s);
	write_file(again, "{\"assignedToId\":\"new\"}");
	edited(s, 128 + 15);
	screen_expect(s, again);
	screen_press(s, "E");
	screen_expect(s, "A text of yours for #1 is kept");
	screen_close(s);
	assert_int_equal(unlink(again), 0);
}

/* What was typed is not lost for a comma. */
static void test_an_edit_that_is_no_json(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b);
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
	struct screen *s = open_screen(b);
	screen_press(s, "3 E");
	assert_int_equal(screen_effect(s), EFFECT_NONE);
	screen_expect(s, "cannot be edited");
	screen_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_an_edit),
		ACT_TEST(test_an_edit_that_is_not_confirmed),
		ACT_TEST(test_an_edit_that_is_dropped),
		ACT_TEST(test_an_edit_of_what_moved_on),
		ACT_TEST(test_an_edit_that_is_given_up_later),
		ACT_TEST(test_an_edit_that_changes_nothing),
		ACT_TEST(test_an_editor_that_is_killed),
		ACT_TEST(test_an_edit_that_is_no_json),
		ACT_TEST(test_what_cannot_be_edited),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
