/* The box over many rows: a number to type, progress, a stop in the middle, a
 * database that is busy, and grids of every size. Other code relies on: what is
 * done stays done and is told, and nothing of the box is painted outside the
 * grid. */
#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tests/support/proc.h"
#include "tests/support/tempdir.h"
#include "tui/app_internal.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct bench {
	struct actbench *act; /* own */
	struct conf conf;
	struct app *app; /* own */
	struct grid grid;
	int64_t mono_ms;
};

static int set_up(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	void *act = NULL;
	char *problem = NULL;
	actbench_set_up(&act);
	b->act = act;
	b->mono_ms = 1000000;
	conf_init(&b->conf);
	struct app_options options = {.db_path = b->act->fix->path,
				      .conf = &b->conf,
				      .actor = &b->act->actor};
	assert_int_equal(app_create(&b->app, &options, &problem), 0);
	app_set_time(b->app, ACT_NOW, b->mono_ms);
	app_resize(b->app, 24, 80);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	app_destroy(b->app);
	conf_finish(&b->conf);
	grid_finish(&b->grid);
	void *act = b->act;
	actbench_tear_down(&act);
	free(b);
	return 0;
}
#define BOX_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

/* One round of the console's loop, `ms` after the last one. */
static void work(struct bench *b, int64_t ms)
{
	b->mono_ms += ms;
	app_set_time(b->app, ACT_NOW, b->mono_ms);
	for (int i = 0; i < 1000; i++) {
		if (!app_work(b->app, clock_mono_us() + 1000000))
			return;
	}
	fail_msg("no end of work");
}

/* A box on `count` failed rows that a filter chooses. */
static void open_box(struct bench *b, enum act_action action, int count)
{
	outbox_exec(b->act->fix->db, "BEGIN");
	for (int i = 0; i < count; i++)
		actbench_add(b->act, MESSAGE_FAILED);
	outbox_exec(b->act->fix->db, "COMMIT");
	struct plan *plan = xcalloc(1, sizeof(*plan));
	plan_init(plan, action);
	plan->filter = xstrdup("state:failed");
	app_act_open(b->app, plan, NULL, 0, LIST_FAILED);
	work(b, 1000);
}

static void press(struct bench *b, const char *text)
{
	for (; *text; text++)
		app_key(b->app, *text);
}

static const char *screen(struct bench *b, struct buf *out)
{
	buf_clear(out);
	app_paint(b->app, &b->grid);
	grid_dump_text(&b->grid, out);
	return buf_str(out);
}

static void sees(struct bench *b, const char *text)
{
	scoped_buf out = {0};
	if (!strstr(screen(b, &out), text))
		fail_msg("%s is not there:\n%s", text, buf_str(&out));
}

static bool is_open(struct bench *b)
{
	return app_box(b->app) != NULL;
}

static int64_t count_pending(struct bench *b)
{
	return outbox_int(b->act->fix->db, "SELECT count(*) FROM outbox"
					   " WHERE status = 'pending'");
}

static void test_number(void **state)
{
	struct bench *b = *state;
	open_box(b, ACT_RETRY, 101);
	sees(b, "Retry: large set");
	sees(b, "Retry ALL 101 that match this filter?");
	sees(b, "Type the number 101 to go on:");
	press(b, "yyy\r");
	sees(b, "That is not the number");
	press(b, "100\r");
	sees(b, "That is not the number");
	press(b, "\x7f"
		 "1");
	app_key(b->app, 0xff11); /* a full-width 1 */
	press(b, "\x7f\r");
	assert_int_equal(count_pending(b), 0);
	work(b, 1000);
	assert_int_equal(count_pending(b), 100);
	work(b, 1000);
	assert_int_equal(count_pending(b), 101);
	assert_false(is_open(b));
	sees(b, "101 rows: 101 queued");
}

static void test_hundred_need_no_number(void **state)
{
	struct bench *b = *state;
	open_box(b, ACT_RETRY, 100);
	press(b, "y");
	work(b, 1000);
	assert_int_equal(count_pending(b), 100);
}

static void test_reason_and_number(void **state)
{
	struct bench *b = *state;
	open_box(b, ACT_CANCEL, 101);
	app_key(b->app, INPUT_TAB);
	press(b, "OPS-431");
	app_key(b->app, INPUT_TAB);
	press(b, "101\r");
	sees(b, "cancelling");
	work(b, 1000);
	work(b, 1000);
	actbench_expect(b->act, "cancel|OPS-431|state:failed|101|101\n",
			"SELECT action, reason, filter, fence, sum(changed)"
			"  FROM outbox_audit GROUP BY act");
}

static void test_rest_between_batches(void **state)
{
	struct bench *b = *state;
	open_box(b, ACT_RETRY, 250);
	press(b, "250\r");
	work(b, 1);
	assert_int_equal(count_pending(b), 100);
	work(b, PLAN_REST_MS - 1);
	assert_int_equal(count_pending(b), 100);
	work(b, 1);
	assert_int_equal(count_pending(b), 200);
	sees(b, "200 / 250");
	sees(b, "queued 200   skipped 0");
	sees(b, "Esc stops after this batch");
}

static void test_stop(void **state)
{
	struct bench *b = *state;
	open_box(b, ACT_RETRY, 250);
	press(b, "250\r");
	work(b, 1000);
	app_key(b->app, INPUT_ESCAPE);
	assert_false(is_open(b));
	sees(b, "Stopped after 100 of 250: 100 changed, 0 skipped");
	work(b, 1000);
	assert_int_equal(count_pending(b), 100);
}

static void test_busy(void **state)
{
	struct bench *b = *state;
	open_box(b, ACT_RETRY, 150);
	press(b, "150\r");
	outbox_exec(b->act->fix->db, "BEGIN IMMEDIATE");
	work(b, 1000);
	sees(b, "The database is busy: trying again");
	work(b, 1000);
	assert_true(is_open(b));
	outbox_exec(b->act->fix->db, "ROLLBACK");
	work(b, 1000);
	assert_int_equal(count_pending(b), 100);
	outbox_exec(b->act->fix->db, "BEGIN IMMEDIATE");
	work(b, 1000);
	app_key(b->app, INPUT_ESCAPE);
	outbox_exec(b->act->fix->db, "ROLLBACK");
	assert_false(is_open(b));
	sees(b, "Stopped after 100 of 150");
}

/* Given up before anything was done. */
static void test_busy_from_the_beginning(void **state)
{
	struct bench *b = *state;
	open_box(b, ACT_RETRY, 2);
	press(b, "y");
	outbox_exec(b->act->fix->db, "BEGIN IMMEDIATE");
	work(b, 1000);
	sees(b, "busy");
	app_key(b->app, INPUT_ESCAPE);
	outbox_exec(b->act->fix->db, "ROLLBACK");
	sees(b, "Nothing was changed.");
	work(b, 1000);
	assert_int_equal(count_pending(b), 0);
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
	struct bench *b = *state;
	open_box(b, ACT_CANCEL, 150);
	scoped_free char *sql = xasprintf(
		"PRAGMA max_page_count=%lld",
		(long long)outbox_int(b->act->fix->db, "PRAGMA page_count"));
	assert_int_equal(db_exec(b->app->link.writer, sql), 0);
	press(b, "150\r");
	work(b, 1000);
	sees(b, "The disk is full");
	assert_int_equal(
		db_exec(b->app->link.writer, "PRAGMA max_page_count=9999"), 0);
	work(b, 1000);
	work(b, 1000);
	sees(b, "150 rows: 150 cancelled");
}

static void test_dry_run(void **state)
{
	struct bench *b = *state;
	char *dir = tempdir_create("dryrun");
	setenv("TMPDIR", dir, 1);
	open_box(b, ACT_RETRY, 101);
	app_key(b->app, INPUT_CTRL('D'));
	unsetenv("TMPDIR");
	assert_false(is_open(b));
	sees(b, "Nothing was changed. 101 ids are in ");
	expect_ids(dir, 101);
	assert_int_equal(count_pending(b), 0);
	tempdir_destroy(dir);
}

/* Where to answer is always there, whatever else has to go. */
static void test_sizes(void **state)
{
	static const struct {
		int rows, cols;
	} sizes[] = {{40, 120}, {12, 60}, {10, 40}, {8, 30}};
	struct bench *b = *state;
	open_box(b, ACT_CANCEL, 101);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		app_resize(b->app, sizes[i].rows, sizes[i].cols);
		sees(b, "Cancel ALL 101");
		sees(b, "Type the");
		assert_true(b->grid.cursor_x >= 0);
	}
	for (int rows = 0; rows < 26; rows++) {
		for (int cols = 0; cols < 90; cols += cols < 34 ? 1 : 7) {
			scoped_buf out = {0};
			app_resize(b->app, rows, cols);
			screen(b, &out);
			assert_true(b->grid.cursor_x < MAX(cols, 1));
		}
	}
	app_key(b->app, INPUT_ESCAPE);
	assert_false(is_open(b));
}

static void test_two_lines(void **state)
{
	struct bench *b = *state;
	app_resize(b->app, 3, 18);
	open_box(b, ACT_RETRY, 2);
	sees(b, "Retry ALL 2 that");
	sees(b, "[ No ]");
	press(b, "y");
	work(b, 1000);
	assert_int_equal(count_pending(b), 2);
}

/* Two cells a character: the frame stays straight. */
static void test_wide(void **state)
{
	struct bench *b = *state;
	actbench_add(b->act, MESSAGE_FAILED);
	outbox_exec(b->act->fix->db, "UPDATE outbox SET last_error ="
				     " '推广已取消，请勿再次发送给任何客户'");
	struct plan *plan = xcalloc(1, sizeof(*plan));
	plan_init(plan, ACT_RETRY);
	plan->filter = xstrdup("err:推广已取消，请勿再次发送给任何客户");
	app_act_open(b->app, plan, NULL, 0, LIST_FAILED);
	work(b, 1000);
	for (int cols = 30; cols < 60; cols++) {
		int framed = 0;
		app_resize(b->app, 24, cols);
		sees(b, "Retry the 1");
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
		BOX_TEST(test_number),
		BOX_TEST(test_hundred_need_no_number),
		BOX_TEST(test_reason_and_number),
		BOX_TEST(test_rest_between_batches),
		BOX_TEST(test_stop),
		BOX_TEST(test_busy),
		BOX_TEST(test_busy_from_the_beginning),
		BOX_TEST(test_dry_run),
		BOX_TEST(test_sizes),
		BOX_TEST(test_two_lines),
		BOX_TEST(test_full),
		BOX_TEST(test_wide),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
