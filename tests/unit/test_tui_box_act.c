/* The box that asks before an act. Other code relies on: nothing is changed
 * without a yes, a plain y is none above 100 rows, Esc always leaves things as
 * they are or stops behind a batch, and the box says what it did. */
#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tui/app_internal.h"

#include <stdlib.h>
#include <string.h>

struct bench {
	struct actbench *act; /* own */
	struct conf conf;
	struct app *app; /* own */
	struct grid grid;
	int64_t mono_ms;
};

static void open_app(struct bench *b, bool is_read_only)
{
	char *problem = NULL;
	struct app_options options = {.db_path = b->act->fix->path,
				      .conf = &b->conf,
				      .actor = &b->act->actor,
				      .is_read_only = is_read_only};
	app_destroy(b->app);
	assert_int_equal(app_create(&b->app, &options, &problem), 0);
	app_set_time(b->app, ACT_NOW, b->mono_ms);
	app_resize(b->app, 24, 80);
}

static int set_up(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	void *act = NULL;
	setenv("TZ", "UTC", 1);
	actbench_set_up(&act);
	b->act = act;
	b->mono_ms = 1000000;
	conf_init(&b->conf);
	open_app(b, false);
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

static void add_many(struct bench *b, enum message_status status, int count)
{
	outbox_exec(b->act->fix->db, "BEGIN");
	for (int i = 0; i < count; i++)
		actbench_add(b->act, status);
	outbox_exec(b->act->fix->db, "COMMIT");
}

static void work(struct bench *b)
{
	b->mono_ms += 1000; /* longer than any rest */
	app_set_time(b->app, ACT_NOW, b->mono_ms);
	for (int i = 0; i < 1000; i++) {
		if (!app_work(b->app, clock_mono_us() + 1000000))
			return;
	}
	fail_msg("no end of work");
}

static struct plan *make(enum act_action action)
{
	struct plan *plan = xcalloc(1, sizeof(*plan));
	plan_init(plan, action);
	return plan;
}

/* A box on rows by id, or with a filter on all that match. */
static void open_from(struct bench *b, enum act_action action, int64_t first,
		      size_t count)
{
	int64_t ids[8];
	for (size_t i = 0; i < count; i++)
		ids[i] = (int64_t)i + first;
	struct plan *plan = make(action);
	if (action == ACT_EDIT)
		plan->payload = xstrdup("{\"a\":1,\"assignedToId\":\"u1\"}");
	app_act_open(b->app, plan, ids, count, LIST_ALL);
	work(b);
}

static void open_ids(struct bench *b, enum act_action action, size_t count)
{
	open_from(b, action, 1, count);
}

static void open_filter(struct bench *b, enum act_action action,
			const char *filter)
{
	struct plan *plan = make(action);
	plan->filter = xstrdup(filter);
	app_act_open(b->app, plan, NULL, 0, LIST_ALL);
	work(b);
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

static void expect(struct bench *b, const char *text, bool is_there)
{
	scoped_buf out = {0};
	if (!strstr(screen(b, &out), text) == is_there)
		fail_msg("%s is %sthere:\n%s", text, is_there ? "not " : "",
			 buf_str(&out));
}

static void sees(struct bench *b, const char *text)
{
	expect(b, text, true);
}

static bool is_open(struct bench *b)
{
	return app_box(b->app) != NULL;
}

static void expect_states(struct bench *b, const char *rows)
{
	actbench_expect(b->act, rows,
			"SELECT status, count(*) FROM outbox GROUP BY status");
}

/* Each way to say no. */
static void test_no(void **state)
{
	static const int32_t keys[] = {'n', INPUT_ESCAPE, INPUT_ENTER,
				       INPUT_CTRL('C'), 'q'};
	struct bench *b = *state;
	add_many(b, MESSAGE_FAILED, 2);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		open_ids(b, ACT_RETRY, 2);
		sees(b, "Retry 2 marked rows?");
		app_key(b->app, keys[i]);
		assert_false(is_open(b));
		if (keys[i] != INPUT_CTRL('C')) /* that is the app's */
			sees(b, "Nothing was changed.");
	}
	expect_states(b, "failed|2\n");
}

/* Each way to say yes. */
static void test_yes(void **state)
{
	static const int32_t keys[][2] = {{'y', 0},
					  {0xff59, 0}, /* full-width y */
					  {INPUT_RIGHT, INPUT_ENTER},
					  {INPUT_LEFT, INPUT_ENTER},
					  {INPUT_TAB, INPUT_ENTER}};
	struct bench *b = *state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		add_many(b, MESSAGE_FAILED, 2);
		open_from(b, ACT_RETRY, 1 + 2 * (int64_t)i, 2);
		app_key(b->app, keys[i][0]);
		if (keys[i][1])
			app_key(b->app, keys[i][1]);
		assert_true(is_open(b));
		work(b);
		assert_false(is_open(b));
		sees(b, "2 rows: 2 queued, 0 skipped, 0 failed");
	}
	expect_states(b, "pending|10\n");
}

static void test_what_it_says(void **state)
{
	struct bench *b = *state;
	for (int status = 0; status < MESSAGE_STATUS_COUNT; status++)
		add_many(b, (enum message_status)status, 1);
	outbox_exec(b->act->fix->db,
		    "UPDATE outbox SET expires_at = %lld WHERE id = 5",
		    ACT_NOW - 1);
	open_filter(b, ACT_RETRY, "to:u*");
	sees(b, "Retry ALL 4 that match this filter?");
	sees(b, "filter   to:u*");
	sees(b, "fence    id <= 6 as of ");
	sees(b, "1 failed -> pending, due now; attempts start again at 0.");
	sees(b, "1 expired -> pending");
	sees(b, "1 cancelled -> pending");
	sees(b, "1 pending: due now.");
	sees(b, "1 on the wire: left out.");
	sees(b, "1 has outlived its time: it gets a fresh life.");
	sees(b, "1 may reach its recipient twice");
	sees(b, "[ No ]   [ Yes, retry 4 ]");
	app_key(b->app, INPUT_ESCAPE);
	open_filter(b, ACT_CANCEL, "");
	sees(b, "Cancel ALL 3 that match this filter?");
	sees(b, "filter   none: the whole list");
	sees(b, "1 pending -> cancelled: will not be sent.");
	sees(b, "1 cancelled before: left out.");
	sees(b, "Undo works for 60 s.");
	expect(b, "recipient twice", false);
	app_key(b->app, INPUT_ESCAPE);
	open_ids(b, ACT_RETRY, 1);
	sees(b, "Send #1 now?");
	app_key(b->app, INPUT_ESCAPE);
	open_ids(b, ACT_EDIT, 1);
	sees(b, "Replace the payload of #1 and send it again?");
	sees(b, "+ ");
	sees(b, "\"a\": 1");
	app_key(b->app, INPUT_ESCAPE);
}

static void test_nothing(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_DELIVERED, 1);
	open_ids(b, ACT_RETRY, 1);
	sees(b, "what was delivered is not sent again");
	press(b, "y");
	assert_false(is_open(b));
	open_ids(b, ACT_CANCEL, 1);
	sees(b, "cancelled before");
	press(b, "x");
	open_filter(b, ACT_CANCEL, "state:failed");
	sees(b, "no row matches");
	press(b, "x");
	add_many(b, MESSAGE_SENDING, 1);
	open_filter(b, ACT_CANCEL, "state:sending");
	sees(b, "the row is on the wire");
	press(b, "x");
	outbox_exec(b->act->fix->db, "DELETE FROM outbox WHERE id = 1");
	open_ids(b, ACT_RETRY, 1);
	sees(b, "the row is gone");
	press(b, "x");
	assert_false(is_open(b));
	actbench_expect(b->act, "0\n", "SELECT count(*) FROM outbox_audit");
}

static void test_read_only(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_FAILED, 1);
	open_app(b, true);
	open_ids(b, ACT_RETRY, 1);
	sees(b, "Read-only");
	press(b, "y");
	assert_false(is_open(b));
	expect_states(b, "failed|1\n");
}

/* The reason is typed in a line of its own, where y is a letter. */
static void test_reason(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_FAILED, 2);
	open_ids(b, ACT_CANCEL, 2);
	app_key(b->app, INPUT_SHIFT_TAB);
	press(b, "yes, why");
	sees(b, "yes, why");
	assert_true(b->grid.cursor_x > 0);
	app_key(b->app, INPUT_ENTER); /* to the buttons, on No */
	app_key(b->app, INPUT_RIGHT);
	app_key(b->app, INPUT_ENTER);
	work(b);
	sees(b, "2 rows: 2 cancelled, 0 skipped, 0 failed");
	actbench_expect(b->act, "cancel|yes, why\n",
			"SELECT action, reason FROM outbox_audit");
}

static void test_channels(void **state)
{
	struct bench *b = *state;
	struct plan *plan = make(ACT_PAUSE);
	plan->channel = xstrdup("wechat-cloud");
	app_act_open(b->app, plan, NULL, 0, LIST_ALL);
	work(b);
	sees(b, "Pause channel wechat-cloud?");
	sees(b, "Nothing of it is sent any more");
	press(b, "y");
	work(b);
	sees(b, "1 channel paused, 0 as it was");
	app_refresh(b->app);
	work(b);
	int64_t id = actbench_add(b->act, MESSAGE_FAILED);
	app_act_open(b->app, make(ACT_RETRY), &id, 1, LIST_ALL);
	work(b);
	sees(b, "Channel wechat-cloud is paused: its rows wait");
	press(b, "n");
	scoped_free char *act =
		outbox_text(b->act->fix->db, "SELECT act FROM outbox_audit");
	plan = make(ACT_UNDO);
	plan->undoes = xstrdup(act);
	app_act_open(b->app, plan, NULL, 0, LIST_ALL);
	work(b);
	sees(b, "Take the pause of 1 channel back?");
	press(b, "y");
	work(b);
	actbench_expect(b->act, "open\n", "SELECT state FROM outbox_channel");
	app_act_open(b->app, make(ACT_RESUME), NULL, 0, LIST_ALL);
	work(b);
	sees(b, "Resume ALL channels?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(test_no),	     BOX_TEST(test_yes),
		BOX_TEST(test_what_it_says), BOX_TEST(test_nothing),
		BOX_TEST(test_read_only),    BOX_TEST(test_reason),
		BOX_TEST(test_channels),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
