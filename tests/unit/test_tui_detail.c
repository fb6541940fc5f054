/* A row in full. Other code relies on: the payload is shown byte for byte and
 * harmless, recipients are masked, and what is read stays in its place when
 * the row changes under it, or goes. */
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/screen.h"
#include "tests/support/variety.h"

#include <stdlib.h>
#include <string.h>

static struct screen *open_row(struct fixture *f, int rows, int cols,
			       const char *id)
{
	variety_fill(f->db);
	struct screen *s =
		screen_open(&(struct screen_options){.db = f->path,
						     .now_ms = VARIETY_NOW,
						     .rows = rows,
						     .cols = cols});
	scoped_free char *keys = xasprintf("6 / \"id:%s\" Enter Enter", id);
	screen_press(s, keys);
	return s;
}

static void expect_all(struct screen *s, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		screen_expect(s, texts[i]);
}

static void test_all_of_it(void **state)
{
	struct screen *s = open_row(*state, 60, 100, "1001");
	static const char *const texts[] = {
		"#1001  FAILED  wechat-cloud -> oKp1…7c",
		"key order/88101   1 of 10 attempts",
		"created 14:18:02 (4m05s ago)  last try 14:20:27 (1m39s ago)"
		"  no next try",
		"HINT  The user has no subscription left",
		"─ ATTEMPTS",
		"  3  14:20:27.114   181ms  FAIL    200 43101 The user has no "
		"subscription "
		"left",
		"     before it was retried by hand:\n  2  14:19:05.020",
		"  1  14:18:02.441  5.000s  RETRY   28 No connection to the "
		"server",
		"PAYLOAD  208 bytes, JSON (r: raw), 1 earlier one",
		"  1 {\n",
		"  2   \"assignedToId\": \"oKp1xxxxxxxxxxxxxxxxxxxxxx7c\",\n",
		"  3   \"customerName\": \"订单已支付\",\n",
		"RESPONSE of attempt 3",
		"HISTORY",
		"ops1",
		"openid 填错",
		"event id        000000000000000000000000000003e9",
		"dedup key       assign-1001",
		"expires         2025-12-05",
	};
	expect_all(s, texts, ARRAY_LEN(texts));
	/* The bar: created, three tries, the first of which took a while. */
	screen_expect(s, "      c#1=");
	screen_close(s);
}

static void test_states(void **state)
{
	static const struct {
		const char *id, *name, *why;
	} rows[] = {
		{"1005", "EXPIRED", "HINT"},
		{"1006", "CANCELLED", "no next try"},
		{"1008", "PENDING", "next try 14:24:07 (in 2m00s)"},
		{"1010", "PENDING", "#1009"},
		{"1009", "SENDING", "on the wire since 14:22:04 (2.1s ago)"},
		{"1011", "DELIVERED", "delivered 14:22:02 (5.0s ago)"},
		{"560", "PENDING", "paused"},
		{"540", "PENDING", "WHY"},
	};
	struct screen *s = open_row(*state, 30, 100, "1001");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		scoped_free char *keys = xasprintf(
			"q / Ctrl-U \"id:%s\" Enter Enter", rows[i].id);
		screen_press(s, keys);
		screen_expect(s, rows[i].name);
		screen_expect(s, rows[i].why);
	}
	screen_close(s);
}

static void test_recipient(void **state)
{
	struct screen *s = open_row(*state, 24, 80, "1001");
	screen_expect(s, "-> oKp1…7c");
	assert_null(strstr(screen_line(s, 4), "oKp1x"));
	screen_press(s, ": \"unmask\" Enter");
	screen_await(s, "-> oKp1xxxxxxxxxxxxxxxxxxxxxx7c");
	screen_close(s);
}

static void test_times(void **state)
{
	struct screen *s = open_row(*state, 24, 80, "1001");
	screen_press(s, "t");
	screen_expect(s, "created 14:18:02  last try 14:20:27  no");
	screen_press(s, "t");
	screen_expect(s, "created 06:18:02  last try 06:20:27  no");
	screen_close(s);
}

static void test_raw_and_wrap(void **state)
{
	struct screen *s = open_row(*state, 40, 80, "1003");
	screen_expect(s, "PAYLOAD  11,398 bytes, JSON (r: raw)");
	screen_expect(s, "\"order_id\": 9007199254740993,");
	screen_expect(s, "\"ratio\": 1.10,");
	screen_press(s, "r");
	screen_expect(s, "as stored (r: pretty)");
	screen_expect(s, "\"order_id\":9007199254740993,");
	screen_expect(s, "客户12");
	screen_press(s, "w");
	screen_expect(s, "wrap off");
	screen_expect_not(s, "客户12");
	screen_press(s, "l l l l l l l l l l l l l l l");
	screen_expect(s, "客户2");
	screen_expect_not(s, "assignedToId\":");
	/* What is not the text's stays: there is a way back. */
	screen_expect(s, "#1003  FAILED");
	screen_close(s);
}

static void test_scroll(void **state)
{
	struct screen *s = open_row(*state, 24, 80, "1003");
	screen_press(s, "G");
	screen_expect(s, "last error");
	screen_expect_not(s, "ATTEMPTS");
	screen_press(s, "k Ctrl-U PgUp g");
	screen_expect(s, "ATTEMPTS");
	screen_press(s, "k k");
	screen_expect(s, "lines 1-");
	screen_close(s);
}

static void test_search(void **state)
{
	struct fixture *f = *state;
	struct screen *s = open_row(f, 24, 80, "1003");
	screen_press(s, "/ \"客户77\" Enter");
	screen_expect(s, "\"客户77\",");
	assert_non_null(strchr(screen_styles(s), 'M'));
	screen_press(s, "/ \"GENERATION\" Enter");
	screen_expect(s, "generation      1");
	screen_press(s, "n N");
	screen_press(s, "/ \"zebra\" Enter");
	screen_expect(s, "not found: zebra");
	screen_close(s);
}

/* A new attempt above it moves the payload no further. */
static void test_refresh_keeps_the_place(void **state)
{
	struct fixture *f = *state;
	struct screen *s = open_row(f, 24, 80, "1003");
	screen_press(s, "/ \"客户60\" Enter");
	scoped_free char *top = xstrdup(screen_line(s, 4));
	outbox_exec(f->db, "INSERT INTO outbox_attempt VALUES (1003, 2000, 1,"
			   " 1, 1764829326000, 1000, 'send', 'retry', 0,"
			   " 'wechat-busy', 200, 'busy')");
	screen_pass(s, 3000);
	assert_string_equal(screen_line(s, 4), top);
	screen_press(s, "g");
	screen_expect(s, "WeChat's own system failed");
	screen_close(s);
}

static void test_gone(void **state)
{
	struct fixture *f = *state;
	struct screen *s = open_row(f, 40, 80, "1001");
	outbox_exec(f->db, "DELETE FROM outbox WHERE id = 1001");
	screen_pass(s, 3000);
	screen_expect(s, "#1001 is no longer there: this is what it was");
	screen_expect(s, "订单已支付");
	screen_press(s, "R");
	screen_expect(s, "there is no row here");
	screen_close(s);
}

static void test_never_there(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	outbox_exec(f->db, "DELETE FROM outbox WHERE id = 1004");
	struct screen *s = screen_open(
		&(struct screen_options){.db = f->path, .now_ms = VARIETY_NOW});
	screen_press(s, "7 k Enter");
	screen_expect(s, "there is no row #1004");
	screen_press(s, "j G r w J K / \"x\" Enter");
	screen_close(s);
}

static void test_next_and_previous(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = screen_open(
		&(struct screen_options){.db = f->path, .now_ms = VARIETY_NOW});
	screen_press(s, "4 Enter");
	screen_expect(s, "#400  FAILED");
	screen_press(s, "J");
	screen_expect(s, "#401  FAILED");
	screen_press(s, "J J");
	screen_expect(s, "#1001  FAILED");
	screen_press(s, "K");
	screen_expect(s, "#402  FAILED");
	screen_press(s, "K K K");
	screen_expect(s, "that was the first row");
	screen_press(s, "J q");
	assert_non_null(strstr(screen_text(s), ">  401"));
	screen_close(s);
}

static void test_hostile(void **state)
{
	struct screen *s = open_row(*state, 50, 100, "1004");
	screen_expect(s, "\"<U+202E>gpj.exe\"");
	screen_expect(s, "\"<U+009B>31m\"");
	screen_expect(s, "\"\\u001b[31m\\n\\t\"");
	screen_expect(s, "evil^[[2J⏎type");
	screen_expect(s, "d^Medup");
	assert_null(strchr(screen_text(s), '\x1b'));
	assert_null(strchr(screen_text(s), '\x07'));
	assert_null(strstr(screen_text(s), "\u202e"));
	screen_close(s);
}

static void test_pane(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = screen_open(&(struct screen_options){
		.db = f->path, .now_ms = VARIETY_NOW, .rows = 40, .cols = 120});
	screen_press(s, "4 j j i");
	screen_expect(s, "#402  FAILED  wechat-cloud -> 66f2…92");
	screen_expect(s, "─ TIMELINE");
	screen_expect(s, "waited 2m24s");
	/* In two columns: the heads of both are on one line. */
	const char *line = strstr(screen_text(s), "─ ATTEMPTS");
	assert_non_null(line);
	assert_true(strstr(line, "PAYLOAD") < strchr(line, '\n'));
	screen_press(s, "j");
	screen_expect(s, "#1001  FAILED");
	screen_expect_not(s, "#402  FAILED");
	screen_close(s);
}

static void test_sizes(void **state)
{
	struct screen *s = open_row(*state, 24, 80, "1001");
	for (int rows = 1; rows <= 14; rows += rows < 6 ? 1 : 4) {
		for (int cols = 1; cols <= 64; cols += cols < 8 ? 1 : 7) {
			screen_resize(s, rows, cols);
			screen_press(s, "g j l w G k w r h r");
		}
	}
	screen_resize(s, 10, 40);
	screen_press(s, "g");
	screen_expect(s, "#1001  FAILED  wechat-cloud -> oKp1…7c");
	screen_press(s, "j");
	screen_expect(s, "key order/88101   1 of 10 attempts");
	screen_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_all_of_it),
		FIXTURE_TEST(test_states),
		FIXTURE_TEST(test_recipient),
		FIXTURE_TEST(test_times),
		FIXTURE_TEST(test_raw_and_wrap),
		FIXTURE_TEST(test_scroll),
		FIXTURE_TEST(test_search),
		FIXTURE_TEST(test_refresh_keeps_the_place),
		FIXTURE_TEST(test_gone),
		FIXTURE_TEST(test_never_there),
		FIXTURE_TEST(test_next_and_previous),
		FIXTURE_TEST(test_hostile),
		FIXTURE_TEST(test_pane),
		FIXTURE_TEST(test_sizes),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
