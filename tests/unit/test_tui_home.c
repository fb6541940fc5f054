/* The first screen. Other code relies on: nothing is shown as 0 that was not
 * counted, Enter goes to the very rows that a line counts, and P is about the
 * channel that the cursor is on. */
#include "lib/clock.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/screen.h"
#include "tests/support/variety.h"
#include "tui/view_home.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static struct screen *open_home(struct fixture *f, int rows, int cols)
{
	return screen_open(&(struct screen_options){.db = f->path,
						    .now_ms = VARIETY_NOW,
						    .rows = rows,
						    .cols = cols});
}

static struct screen *open_variety(struct fixture *f, int rows, int cols)
{
	variety_fill(f->db);
	return open_home(f, rows, cols);
}

/* What is in the area of the view before anything was read. */
static void test_nothing_is_read_yet(void **state)
{
	struct fixture *f = *state;
	struct conf conf;
	struct actor actor = {.name = (char *)"alice"};
	struct app_options options = {
		.db_path = f->path, .conf = &conf, .actor = &actor};
	struct app *app;
	char *problem;
	struct grid g = {0};
	scoped_buf text = {0};
	variety_fill(f->db);
	lang_init("en");
	conf_init(&conf);
	assert_int_equal(app_create(&app, &options, &problem), 0);
	app_set_time(app, VARIETY_NOW, 1000);
	app_resize(app, 24, 80);
	grid_resize(&g, 24, 80);
	grid_erase(&g);
	app_paint(app, &g);
	grid_dump_text(&g, &text);
	const char *backlog = strstr(buf_str(&text), "BACKLOG");
	const char *relay = strstr(buf_str(&text), "RELAY");
	assert_non_null(strstr(backlog, "pending           -  oldest       -"));
	assert_non_null(strstr(backlog, "sent/min       -"));
	assert_non_null(strstr(relay, "state      -"));
	/* No digit but in the names of percentiles. */
	for (const char *c = strchr(backlog, '\n'); c < relay; c++) {
		if (isdigit((unsigned char)*c) && c[-1] != 'p' &&
		    !isdigit((unsigned char)c[-1]))
			fail_msg("a number was not measured: %.20s", c);
	}
	grid_finish(&g);
	app_destroy(app);
	conf_finish(&conf);
}

static void test_numbers(void **state)
{
	struct screen *s = open_variety(*state, 40, 80);
	static const char *const texts[] = {
		" pending          60  oldest   3m12s",
		"   due now        46  due for    30s",
		"   later          14  next in    17s",
		" sending           4  longest   2.1s",
		" failed           30  newest     41s",
		" expired           4",
		" cancelled         5",
		" delivered       301  today  226,528",
		"sent/min     135 ",
		"p50 256ms p95 1.0s p99 4.0s",
		"99.5% last hour  99.6% day",
		"state      RUNNING  for 2d04h",
		"process    pid 4121 on node-a",
		"heartbeat  0.8s ago (alarm at 10s)",
		"41 of 600/min",
		"21,870 of 1,000,000/day",
		"feishu-ops        6       0      2 PAUSED",
		"paused by ops1 for 20m00s: 飞书机器人",
		"wechat-cloud     40       4     22 on",
		"wechat-subs…     14       0      6 HELD",
		"probe in 1m00s.  This host's public",
		"LAST OPERATOR ACTIONS",
		"121 changed, 3 skipped",
		"WARN   channel wechat-subscribe is held for 4m00s; 14 waiting",
		"WARN   channel feishu-ops is paused for 20m00s; 6 waiting",
	};
	screen_press(s, "G");
	screen_resize(s, 60, 80);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		screen_expect(s, texts[i]);
	screen_close(s);
}

static void test_wide(void **state)
{
	struct screen *s = open_variety(*state, 40, 120);
	screen_expect(s, "LATENCY   created -> accepted");
	screen_expect(s, "1 min a column");
	screen_expect(s, "sent/min      p95  state");
	screen_expect(s, "132     1.0s  on");
	screen_expect(s, "free pages");
	screen_resize(s, 40, 80);
	screen_expect_not(s, "LATENCY");
	screen_expect(s, "2 min a column");
	screen_close(s);
}

/* What is at least so many, and about so many, says so. */
static void test_how_sure(void **state)
{
	(void)state;
	struct overview o = {.due_now = {.n = 10000, .is_more = true},
			     .due_later = {.n = 98240, .is_about = true},
			     .read_at_ms = 1};
	struct pulse pulse = {0};
	struct home_facts facts = {
		.o = &o, .pulse = &pulse, .now_ms = 1, .is_known = true};
	struct home_page page = {0};
	struct grid g = {0};
	scoped_buf text = {0};
	lang_init("en");
	home_page_begin(&page, 20, 80);
	home_left(&page, &facts);
	home_page_lay(&page);
	grid_resize(&g, 20, 80);
	grid_erase(&g);
	home_page_paint(&page, &g, (struct area){0, 0, 20, 80}, 0, NULL);
	grid_dump_text(&g, &text);
	assert_non_null(strstr(buf_str(&text), " 10,000+ "));
	assert_non_null(strstr(buf_str(&text), " ~98,240 "));
	/* There are counts of states, but nobody counted them yet. */
	assert_non_null(strstr(buf_str(&text), "pending           -"));
	grid_finish(&g);
	home_page_finish(&page);
}

static void test_enter(void **state)
{
	static const struct {
		const char *down, *tab, *filter;
	} rows[] = {
		{"", "[2 Pend", "filter: none"},
		{"j", "[2 Pend", "due<=0"},
		{"j j", "[2 Pend", "due>0"},
		{"j j j", "[3 Send", "filter: none"},
		{"j j j j", "[4 Fail", "state:failed"},
		{"j j j j j", "[4 Fail", "state:expired"},
		{"j j j j j j", "[6 All", "state:cancelled"},
		{"j j j j j j j", "[5 Done", "filter: none"},
		{"j j j j j j j j", "[6 All",
		 "channel:feishu-ops -state:delivered"},
		{"l j j j j", "[4 Fail", "group:"},
		{"G", "[8 Audit", "filter: none"},
	};
	struct fixture *f = *state;
	variety_fill(f->db);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct screen *s = open_home(f, 24, 80);
		scoped_free char *keys = xasprintf("%s Enter", rows[i].down);
		screen_press(s, keys);
		screen_expect(s, rows[i].tab);
		screen_expect(s, rows[i].filter);
		screen_close(s);
	}
}

/* As many rows as the line had counted. */
static void test_enter_finds_what_was_counted(void **state)
{
	struct screen *s = open_variety(*state, 24, 80);
	screen_press(s, "j Enter");
	screen_expect(s, "1/46");
	screen_press(s, "1 j Enter");
	screen_expect(s, "1/14");
	screen_press(s, "1 j j Enter");
	screen_expect(s, "1/30");
	screen_press(s, "1 j j j j Enter");
	screen_expect(s, "1/9");
	screen_close(s);
}

static void test_pause(void **state)
{
	struct screen *s = open_variety(*state, 24, 80);
	screen_press(s, "l P");
	screen_expect(s, "feishu-ops");
	screen_expect_not(s, "TOP ERRORS (of 34)    resume all");
	screen_expect_not(s, "pause all");
	screen_press(s, "Esc j P");
	screen_expect_not(s, "pause all");
	/* What is named counts, wherever the cursor is. */
	screen_press(s, "Esc : \"pause nowhere\" Enter");
	screen_expect(s, "no channel is named nowhere");
	/* On another line: which one is asked. */
	screen_press(s, "h P");
	screen_expect(s, "pause all");
	screen_close(s);
}

/* The line of the cursor is known by what it is about. */
static void test_cursor_stays(void **state)
{
	struct fixture *f = *state;
	struct screen *s = open_variety(f, 24, 80);
	screen_press(s, "l j");
	outbox_exec(f->db, "INSERT INTO outbox_channel (name, kind)"
			   " VALUES ('aaa', 'webhook')");
	screen_pass(s, 3000);
	screen_expect(s, "aaa");
	screen_press(s, "Enter");
	screen_expect(s, "channel:wechat-cloud -state:delivered");
	screen_close(s);
}

static void test_empty(void **state)
{
	struct screen *s = open_home(*state, 40, 80);
	screen_expect(s, "pending           0  oldest       -");
	screen_expect(s, "state      NONE");
	screen_expect(s, "ALARM  no relay has ever run on this database");
	screen_expect(s, "p50 - p95 - p99 -");
	screen_press(s, "G Enter 1 g Enter");
	screen_close(s);
}

static void test_chinese(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s =
		screen_open(&(struct screen_options){.db = f->path,
						     .now_ms = VARIETY_NOW,
						     .rows = 40,
						     .cols = 120,
						     .lang = "zh"});
	screen_expect(s, "IP 白名单");
	screen_close(s);
}

static void test_sizes(void **state)
{
	struct screen *s = open_variety(*state, 24, 80);
	for (int rows = 1; rows <= 14; rows += rows < 6 ? 1 : 4) {
		for (int cols = 1; cols <= 78; cols += cols < 8 ? 1 : 7) {
			screen_resize(s, rows, cols);
			screen_press(s, "g j l h G k PgUp Ctrl-D");
		}
	}
	/* One column, and all of it can be reached. */
	screen_resize(s, 10, 40);
	screen_press(s, "g");
	screen_expect(s, "BACKLOG");
	screen_expect_not(s, "CHANNELS");
	screen_press(s, "j j j j j j j j j");
	screen_expect(s, "wechat-cloud");
	screen_press(s, "G");
	screen_expect(s, "WARN");
	screen_close(s);
}

static void test_click(void **state)
{
	struct screen *s = open_variety(*state, 24, 80);
	app_click(screen_app(s), 8, 3); /* "sending" */
	screen_press(s, "Enter");
	screen_expect(s, "[3 Send");
	screen_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_nothing_is_read_yet),
		FIXTURE_TEST(test_numbers),
		FIXTURE_TEST(test_wide),
		cmocka_unit_test(test_how_sure),
		FIXTURE_TEST(test_enter),
		FIXTURE_TEST(test_enter_finds_what_was_counted),
		FIXTURE_TEST(test_pause),
		FIXTURE_TEST(test_cursor_stays),
		FIXTURE_TEST(test_empty),
		FIXTURE_TEST(test_chinese),
		FIXTURE_TEST(test_sizes),
		FIXTURE_TEST(test_click),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
