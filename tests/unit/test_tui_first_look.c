/* What an operator in a hurry must see without asking for it: which key helps,
 * why nothing goes, what failed, in words; and nothing that is not so. */
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/screen.h"
#include "tests/support/variety.h"

#include <stdlib.h>
#include <string.h>

static struct screen *open_at(struct fixture *f, int rows, int cols)
{
	return screen_open(&(struct screen_options){.db = f->path,
						    .now_ms = VARIETY_NOW,
						    .rows = rows,
						    .cols = cols});
}

static void lacks(struct screen *s, const char *text)
{
	if (strstr(screen_text(s), text))
		fail_msg("%s is there:\n%s", text, screen_text(s));
}

/* The customer's name stands in payloads alone. */
static void test_a_word_that_is_nowhere(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_at(f, 24, 80);
	screen_press(s, "6 / \"欧阳\" Enter");
	screen_expect(s, "payload:WORD");
	screen_resize(s, 10, 40);
	screen_expect(s, "Esc clears");
	screen_resize(s, 24, 80);
	screen_press(s, "/ Ctrl-U \"to:nobody\" Enter");
	screen_expect(s, "nothing matches");
	lacks(s, "payload:WORD");
	screen_close(s);
}

static void test_keys_of_what_failed(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_at(f, 15, 60);
	screen_press(s, "4");
	screen_expect(s, "R retry");
	screen_resize(s, 24, 80);
	screen_expect(s, "e by error");
	screen_expect(s, "X cancel");
	screen_press(s, "e");
	screen_expect(s, "e by row");
	lacks(s, "E edit");
	screen_close(s);
}

/* Whose turn it is counts for nothing while the channel stands. */
static void test_a_stopped_channel(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	outbox_exec(f->db,
		    "UPDATE outbox SET waits_for = 'recipient'"
		    " WHERE status = 'pending' AND due_at < %lld"
		    "   AND channel = 'wechat-subscribe'",
		    (long long)VARIETY_NOW);
	struct screen *s = open_at(f, 24, 80);
	screen_press(s, "2 / \"channel:wechat-subscribe due<0\" Enter");
	screen_expect(s, "held");
	lacks(s, "in turn");
	screen_close(s);
}

/* Why it is held is not cut while lines below are empty. */
static void test_a_reason_in_full(void **state)
{
	struct fixture *f = *state;
	outbox_exec(f->db,
		    "UPDATE outbox_channel SET state = 'held',"
		    " reason = 'ip-not-whitelisted', state_since = %lld",
		    (long long)VARIETY_NOW - 1000);
	struct screen *s = open_at(f, 24, 80);
	screen_expect(s, "names the address");
	screen_resize(s, 40, 120);
	screen_expect(s, "Add that address at");
	screen_close(s);
}

static void test_errors_in_words(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_at(f, 24, 80);
	screen_expect(s, "43101 The user");
	lacks(s, "errcode=43101");
	screen_close(s);
}

static void test_failures_in_a_small_window(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_at(f, 10, 40);
	screen_expect(s, "4 Fail 34");
	screen_resize(s, 4, 20);
	lacks(s, "Fail 34");
	screen_close(s);
}

static void test_no_failures_in_a_small_window(void **state)
{
	struct fixture *f = *state;
	struct screen *s = open_at(f, 10, 40);
	lacks(s, "Fail");
	screen_close(s);
}

/* A handful goes at once, however idle the outbox was. */
static void test_no_time_for_a_few(void **state)
{
	struct fixture *f = *state;
	variety_fill(f->db);
	struct screen *s = open_at(f, 24, 80);
	screen_press(s, "4 a R");
	screen_expect(s, "marked rows?");
	lacks(s, "/min");
	screen_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_a_word_that_is_nowhere),
		FIXTURE_TEST(test_keys_of_what_failed),
		FIXTURE_TEST(test_a_stopped_channel),
		FIXTURE_TEST(test_a_reason_in_full),
		FIXTURE_TEST(test_errors_in_words),
		FIXTURE_TEST(test_failures_in_a_small_window),
		FIXTURE_TEST(test_no_failures_in_a_small_window),
		FIXTURE_TEST(test_no_time_for_a_few),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
