/* The box over many rows: a number to type, progress, a stop in the middle, a
 * database that is busy. Other code relies on: what is done stays done and is
 * told. */
#include "lib/util.h"
#include "tests/support/boxbench.h"
#include "tests/support/proc.h"
#include "tests/support/tempdir.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void test_number(void **state)
{
	struct boxbench *b = *state;
	boxbench_open(b, ACT_RETRY, 101);
	boxbench_see(b, "Retry: large set");
	boxbench_see(b, "Retry ALL 101 that match this filter?");
	boxbench_see(b, "Type the number 101 to go on:");
	boxbench_press(b, "yyy\r");
	boxbench_see(b, "That is not the number");
	boxbench_press(b, "100\r");
	boxbench_see(b, "That is not the number");
	boxbench_press(b, "\x7f"
			  "1");
	app_key(b->app, 0xff11); /* a full-width 1 */
	boxbench_press(b, "\x7f\r");
	assert_int_equal(boxbench_count_pending(b), 0);
	boxbench_work(b, 1000);
	assert_int_equal(boxbench_count_pending(b), 100);
	boxbench_work(b, 1000);
	assert_int_equal(boxbench_count_pending(b), 101);
	assert_false(boxbench_is_open(b));
	boxbench_see(b, "101 rows: 101 queued");
}

static void test_hundred_need_no_number(void **state)
{
	struct boxbench *b = *state;
	boxbench_open(b, ACT_RETRY, 100);
	boxbench_press(b, "y");
	boxbench_work(b, 1000);
	assert_int_equal(boxbench_count_pending(b), 100);
}

static void test_reason_and_number(void **state)
{
	struct boxbench *b = *state;
	boxbench_open(b, ACT_CANCEL, 101);
	app_key(b->app, INPUT_TAB);
	boxbench_press(b, "OPS-431");
	app_key(b->app, INPUT_TAB);
	boxbench_press(b, "101\r");
	boxbench_see(b, "cancelling");
	boxbench_work(b, 1000);
	boxbench_work(b, 1000);
	actbench_expect(b->act, "cancel|OPS-431|state:failed|101|101\n",
			"SELECT action, reason, filter, fence, sum(changed)"
			"  FROM outbox_audit GROUP BY act");
}

static void test_rest_between_batches(void **state)
{
	struct boxbench *b = *state;
	boxbench_open(b, ACT_RETRY, 250);
	boxbench_press(b, "250\r");
	boxbench_work(b, 1);
	assert_int_equal(boxbench_count_pending(b), 100);
	boxbench_work(b, PLAN_REST_MS - 1);
	assert_int_equal(boxbench_count_pending(b), 100);
	boxbench_work(b, 1);
	assert_int_equal(boxbench_count_pending(b), 200);
	boxbench_see(b, "200 / 250");
	boxbench_see(b, "queued 200   skipped 0");
	boxbench_see(b, "Esc stops after this batch");
}

static void test_stop(void **state)
{
	struct boxbench *b = *state;
	boxbench_open(b, ACT_RETRY, 250);
	boxbench_press(b, "250\r");
	boxbench_work(b, 1000);
	app_key(b->app, INPUT_ESCAPE);
	assert_false(boxbench_is_open(b));
	boxbench_see(b, "Stopped after 100 of 250: 100 changed, 0 skipped");
	boxbench_work(b, 1000);
	assert_int_equal(boxbench_count_pending(b), 100);
}

static void test_busy(void **state)
{
	struct boxbench *b = *state;
	boxbench_open(b, ACT_RETRY, 150);
	boxbench_press(b, "150\r");
	outbox_exec(b->act->fix->db, "BEGIN IMMEDIATE");
	boxbench_work(b, 1000);
	boxbench_see(b, "The database is busy: trying again");
	boxbench_work(b, 1000);
	assert_true(boxbench_is_open(b));
	outbox_exec(b->act->fix->db, "ROLLBACK");
	boxbench_work(b, 1000);
	assert_int_equal(boxbench_count_pending(b), 100);
	outbox_exec(b->act->fix->db, "BEGIN IMMEDIATE");
	boxbench_work(b, 1000);
	app_key(b->app, INPUT_ESCAPE);
	outbox_exec(b->act->fix->db, "ROLLBACK");
	assert_false(boxbench_is_open(b));
	boxbench_see(b, "Stopped after 100 of 150");
}

/* Given up before anything was done. */
static void test_busy_from_the_beginning(void **state)
{
	struct boxbench *b = *state;
	boxbench_open(b, ACT_RETRY, 2);
	boxbench_press(b, "y");
	outbox_exec(b->act->fix->db, "BEGIN IMMEDIATE");
	boxbench_work(b, 1000);
	boxbench_see(b, "busy");
	app_key(b->app, INPUT_ESCAPE);
	outbox_exec(b->act->fix->db, "ROLLBACK");
	boxbench_see(b, "Nothing was changed.");
	boxbench_work(b, 1000);
	assert_int_equal(boxbench_count_pending(b), 0);
}

/* The ids are in a file that nobody else can read. */
static void expect_ids(const char *dir, int count)
{
	scoped_free char *pattern = xasprintf("%s/outbox-retry-*.ids", dir);
	glob_t found;
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	assert_int_equal(found.gl_pathc, 1);
	struct stat st;
	assert_int_equal(stat(found.gl_pathv[0], &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	scoped_free char *text = proc_read_file(found.gl_pathv[0]);
	globfree(&found);
	char *at = text;
	for (int id = count; id > 0; id--) /* the list's order */
		assert_int_equal(strtoll(at, &at, 10), id);
	assert_string_equal(at, "\n");
}

static void test_full(void **state)
{
	struct boxbench *b = *state;
	boxbench_open(b, ACT_CANCEL, 150);
	scoped_free char *sql = xasprintf(
		"PRAGMA max_page_count=%lld",
		(long long)outbox_int(b->act->fix->db, "PRAGMA page_count"));
	assert_int_equal(db_exec(b->app->link.writer, sql), 0);
	boxbench_press(b, "150\r");
	boxbench_work(b, 1000);
	boxbench_see(b, "The disk is full");
	assert_int_equal(
		db_exec(b->app->link.writer, "PRAGMA max_page_count=9999"), 0);
	boxbench_work(b, 1000);
	boxbench_work(b, 1000);
	boxbench_see(b, "150 rows: 150 cancelled");
}

static void test_dry_run(void **state)
{
	struct boxbench *b = *state;
	char *dir = tempdir_create("dryrun");
	setenv("TMPDIR", dir, 1);
	boxbench_open(b, ACT_RETRY, 101);
	app_key(b->app, INPUT_CTRL('D'));
	unsetenv("TMPDIR");
	assert_false(boxbench_is_open(b));
	boxbench_see(b, "Nothing was changed. 101 ids are in ");
	expect_ids(dir, 101);
	assert_int_equal(boxbench_count_pending(b), 0);
	tempdir_destroy(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(test_number),
		BOX_TEST(test_hundred_need_no_number),
		BOX_TEST(test_reason_and_number),
		BOX_TEST(test_rest_between_batches),
		BOX_TEST(test_stop),
		BOX_TEST(test_busy),
		BOX_TEST(test_busy_from_the_beginning),
		BOX_TEST(test_dry_run),
		BOX_TEST(test_full),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
