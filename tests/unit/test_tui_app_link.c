/* How fresh what is shown is, and what the frame does when the database is not
 * as it should be. */
#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tests/support/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct screen *open_screen(struct actbench *b)
{
	return screen_open(&(struct screen_options){.db = b->fix->path,
						    .now_ms = ACT_NOW});
}

static void test_it_reads_when_something_changed(void **state)
{
	struct actbench *b = *state;
	struct screen *s = screen_open(
		&(struct screen_options){.db = b->fix->path,
					 .now_ms = ACT_NOW,
					 .conf = "refresh = 5000\n"});
	screen_press(s, "2");
	screen_pass(s, 5000);
	actbench_add(b, MESSAGE_PENDING);
	screen_expect(s, "nothing waits");
	screen_pass(s, 500);
	screen_expect_not(s, "nothing waits");
	actbench_add(b, MESSAGE_PENDING);
	screen_pass(s, 4000);
	screen_expect(s, "1/1 ");
	screen_pass(s, 1500);
	screen_expect(s, "1/2 ");
	screen_close(s);
}

/* With nobody who writes, as when the relay is dead, it is still counted to the
 * end. */
static void test_it_counts_to_the_end(void **state)
{
	struct actbench *b = *state;
	outbox_exec(b->fix->db,
		    "DROP TRIGGER outbox_insert_check;"
		    "DROP TRIGGER outbox_insert_route;"
		    "WITH RECURSIVE n (i) AS"
		    " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90000)"
		    " INSERT INTO outbox (id, event_id, channel, type, payload)"
		    " SELECT i, printf('%%032x', i), 'wechat-cloud', 't', '{}'"
		    " FROM n");
	struct screen *s =
		screen_open(&(struct screen_options){.db = b->fix->path,
						     .now_ms = ACT_NOW,
						     .cols = 120,
						     .rows = 40,
						     .has_rests = true});
	for (int i = 0; i < 100; i++) {
		const struct count n =
			counts_of(app_counts(screen_app(s)), MESSAGE_PENDING);
		if (n.n == 90000 && !n.is_more)
			break;
		usleep(100000);
		screen_pass(s, 250);
	}
	screen_expect(s, "2 Pending 90,000");
	screen_close(s);
}

static void test_frozen_is_frozen(void **state)
{
	struct actbench *b = *state;
	struct screen *s = open_screen(b);
	screen_press(s, "2 z");
	actbench_add(b, MESSAGE_PENDING);
	screen_pass(s, 40000);
	screen_press(s, "j");
	screen_expect(s, "FROZEN, data 40s old");
	screen_expect(s, "nothing waits");
	screen_press(s, "Ctrl-R j");
	screen_expect(s, "1/1");
	actbench_add(b, MESSAGE_PENDING);
	screen_pass(s, 3000);
	screen_press(s, "z k");
	screen_expect(s, "1/2");
	screen_expect(s, "live ");
	screen_close(s);
}

static void test_busy_keeps_the_rows(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b);
	screen_press(s, "4");
	for (int i = 0; i < 60; i++) {
		app_trouble(screen_app(s), DB_BUSY);
		screen_pass(s, 100);
	}
	screen_expect(s, "!! DATABASE BUSY 6");
	screen_expect(s, "u1");
	screen_expect(s, "old, retry in 2s");
	assert_non_null(strstr(screen_styles(s), "dddd"));
	screen_pass(s, 2500);
	screen_expect_not(s, "BUSY");
	screen_expect(s, "live ");
	screen_close(s);
}

static void test_errors_are_kept(void **state)
{
	struct screen *s = open_screen(*state);
	for (int i = 0; i < 6; i++) {
		app_trouble(screen_app(s), -1);
		screen_pass(s, 100);
	}
	screen_expect(s, "DATABASE FAILS");
	app_do(screen_app(s), ACTION_ERRORS, NULL);
	screen_settle(s);
	screen_expect(s, "Errors");
	screen_expect_not(s, "nothing has failed");
	screen_close(s);
}

static void test_a_file_that_comes(void **state)
{
	struct actbench *b = *state;
	scoped_free char *path = xasprintf("%s/late.db", b->fix->dir);
	struct screen *s = screen_open(
		&(struct screen_options){.db = path, .now_ms = ACT_NOW});
	screen_expect(s, "!! NO DATABASE");
	screen_press(s, "4 j R E y u P Esc 2 7 8 Enter /");
	free(outbox_make(b->fix->dir, "late.db"));
	screen_press(s, "Esc 4");
	screen_pass(s, 3000);
	screen_expect(s, "no failed rows");
	screen_expect_not(s, "NO DATABASE");
	screen_close(s);
}

static void test_what_cannot_be_opened(void **state)
{
	struct actbench *b = *state;
	scoped_free char *path = xasprintf("%s/noise.db", b->fix->dir);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	for (int i = 0; i < 9000; i++)
		fputc(i * 7 % 251, f);
	assert_int_equal(fclose(f), 0);
	struct screen *s = screen_open(
		&(struct screen_options){.db = path, .now_ms = ACT_NOW});
	screen_expect(s, "!! NO DATABASE");
	screen_expect(s, "cannot be opened");
	screen_pass(s, 5000);
	screen_press(s, "4 Enter R q");
	assert_int_equal(screen_effect(s), EFFECT_QUIT);
	screen_close(s);
}

static void test_a_file_that_goes_and_is_another(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b);
	screen_press(s, "4 / \"id>0\" Enter");
	assert_int_equal(unlink(b->fix->path), 0);
	screen_pass(s, 2000);
	screen_expect(s, "!! NO DATABASE");
	screen_expect(s, "u1");
	screen_press(s, "R");
	screen_expect(s, "not as it should be");
	scoped_free char *wal = xasprintf("%s-wal", b->fix->path);
	scoped_free char *shm = xasprintf("%s-shm", b->fix->path);
	unlink(wal);
	unlink(shm);
	free(outbox_make(b->fix->dir, strrchr(b->fix->path, '/') + 1));
	screen_pass(s, 4000);
	screen_expect_not(s, "!! NO DATABASE");
	screen_expect(s, "nothing matches");
	screen_press(s, "k");
	screen_expect(s, "filter: id>0");
	screen_close(s);
}

static void test_tables_of_another_version(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_FAILED);
	struct screen *s = open_screen(b);
	screen_press(s, "4");
	outbox_exec(b->fix->db, "UPDATE outbox_meta SET value = '99'"
				" WHERE key = 'version'");
	screen_pass(s, 3000);
	screen_expect(s, "!! DATABASE CHANGED");
	screen_expect(s, "u1");
	screen_press(s, "R Enter e E 2 j");
	screen_expect(s, "!! DATABASE CHANGED");
	screen_close(s);
	struct app *app;
	char *problem = NULL;
	struct conf conf;
	conf_init(&conf);
	assert_int_equal(
		app_create(&app,
			   &(struct app_options){.db_path = b->fix->path,
						 .conf = &conf,
						 .actor = &b->actor},
			   &problem),
		-1);
	assert_non_null(problem);
	free(problem);
	conf_finish(&conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_it_reads_when_something_changed),
		ACT_TEST(test_it_counts_to_the_end),
		ACT_TEST(test_frozen_is_frozen),
		ACT_TEST(test_busy_keeps_the_rows),
		ACT_TEST(test_errors_are_kept),
		ACT_TEST(test_a_file_that_comes),
		ACT_TEST(test_what_cannot_be_opened),
		ACT_TEST(test_a_file_that_goes_and_is_another),
		ACT_TEST(test_tables_of_another_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
