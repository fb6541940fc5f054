/* Rows that follow their route. Other code relies on: those that wait move and
 * no others do, in small transactions, and neither a crash nor another change
 * of the routes leaves one behind. */
#include "tests/support/routebench.h"

#include "lib/clock.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

static void insert(struct routebench *b, const char *type, const char *channel,
		   int count)
{
	outbox_exec(b->fix->db,
		    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
		    "  SELECT i + 1 FROM n WHERE i < %d)"
		    " INSERT INTO outbox (type, payload, channel, recipient)"
		    " SELECT %Q, '{}', %Q, 'u' || (i %% 50) FROM n",
		    count, type, channel);
}

/* "type channel status count", the whole outbox. */
static void expect(struct routebench *b, const char *rows)
{
	routebench_expect(b,
			  "SELECT type, channel, status, count(*)"
			  "  FROM outbox GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
			  rows);
}

static void test_what_moves(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route(&b, "('*', 'a'), ('t', 'a'), ('own', 'b')");
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, 3);
	insert(&b, "t", "c", 2); /* the CRM's choice */
	insert(&b, "other", NULL, 2);
	insert(&b, "own", NULL, 1);
	insert(&b, "own", "a", 1);
	outbox_exec(b.fix->db,
		    "INSERT INTO outbox (type, payload) VALUES ('t', '{}');"
		    "UPDATE outbox SET status = 'failed', version = 1"
		    " WHERE id = last_insert_rowid()");
	routebench_route(&b, "('*', 'a'), ('t', 'b'), ('own', 'b')");
	routebench_expect_notes(&b, 1);
	routebench_run(&b, REROUTE_DONE);
	routebench_expect_notes(&b, 0);
	expect(&b, "other|a|pending|2\nown|a|pending|1\nown|b|pending|1\n"
		   "t|a|failed|1\nt|b|pending|3\nt|c|pending|2\n");

	/* all that have no route of their own */
	routebench_route(&b, "('*', 'c'), ('t', 'b'), ('own', 'b')");
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "other|c|pending|2\nown|a|pending|1\nown|b|pending|1\n"
		   "t|a|failed|1\nt|b|pending|3\nt|c|pending|2\n");
	/* a route that goes, and one that comes */
	routebench_route(&b, "('*', 'c'), ('other', 'a'), ('own', 'b')");
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "other|a|pending|2\nown|a|pending|1\nown|b|pending|1\n"
		   "t|a|failed|1\nt|c|pending|5\n");
	/* nothing changed, nothing noted */
	routebench_route(&b, "('*', 'c'), ('other', 'a'), ('own', 'b')");
	routebench_expect_notes(&b, 0);
	routebench_close(&b);
}

/* The webhook's settings were taken away: its rows wait for it, as they do if
 * it had no route; those of a channel of WeChat's need not. */
static void test_a_channel_that_is_gone(void **state)
{
	static const char left[] = "[\"wechat-cloud\",\"b\"]";
	struct routebench b;
	routebench_open(&b, *state);
	outbox_exec(b.fix->db, "INSERT INTO outbox_channel (name, kind)"
			       " VALUES ('wechat-x', 'wechat-x')");
	routebench_route(
		&b, "('*', 'wechat-cloud'), ('t', 'a'), ('u', 'wechat-x')");
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, 3);
	insert(&b, "u", NULL, 3);
	routebench_route_with(&b, "('*', 'wechat-cloud')", left);
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "t|a|pending|3\nu|wechat-cloud|pending|3\n");
	insert(&b, "t", NULL, 2);
	routebench_route(&b, "('*', 'wechat-cloud'), ('t', 'a')");
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "t|a|pending|5\nu|wechat-cloud|pending|3\n");
	routebench_route_with(&b, "('*', 'wechat-cloud'), ('t', 'b')", left);
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "t|b|pending|5\nu|wechat-cloud|pending|3\n");
	routebench_close(&b);
}

static void test_small_steps(void **state)
{
	enum { ROWS = 1000 };
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route(&b, "('*', 'a')");
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, ROWS);
	insert(&b, "x", NULL, 1);
	routebench_route(&b, "('*', 'a'), ('t', 'b')");
	enum reroute_state step = REROUTE_MORE;
	int64_t before = 0, longest_us = 0;
	while (step == REROUTE_MORE) {
		int64_t begun_us = clock_mono_us();
		assert_int_equal(reroute_step(b.reroute, &step), 0);
		int64_t took_us = clock_mono_us() - begun_us;
		int64_t moved =
			outbox_int(b.fix->db, "SELECT count(*) FROM outbox"
					      " WHERE channel = 'b'");
		assert_in_range(moved - before, 0, REROUTE_ROWS_MAX);
		before = moved;
		longest_us = took_us > longest_us ? took_us : longest_us;
	}
	print_message("# longest step %lld us\n", (long long)longest_us);
	expect(&b, "t|b|pending|1000\nx|a|pending|1\n");
	routebench_close(&b);
}

/* Rows beyond the first look, behind many of others. */
static void test_behind_many(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route(&b, "('*', 'a')");
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "x", NULL, 5000);
	insert(&b, "t", NULL, 300);
	insert(&b, "x", NULL, 10);
	insert(&b, "t", NULL, 1);
	routebench_route(&b, "('*', 'a'), ('t', 'b')");
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "t|b|pending|301\nx|a|pending|5010\n");
	routebench_close(&b);
}

static void test_a_row_on_the_wire(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route(&b, "('*', 'a')");
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, 3);
	outbox_exec(b.fix->db,
		    "UPDATE outbox SET status = 'sending', version = 1"
		    " WHERE id = 1");
	routebench_route(&b, "('*', 'a'), ('t', 'b')");
	routebench_run(&b, REROUTE_WAITS);
	routebench_run(&b, REROUTE_WAITS);
	routebench_expect_notes(&b, 1);
	expect(&b, "t|a|sending|1\nt|b|pending|2\n");
	outbox_exec(b.fix->db,
		    "UPDATE outbox SET status = 'pending', version = 2"
		    " WHERE id = 1");
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "t|b|pending|3\n");
	routebench_expect_notes(&b, 0);
	routebench_close(&b);
}

/* What is left undone is done by the next relay; what is routed back before it
 * has begun moves nowhere; and what was to move twice arrives. */
static void test_crashes_and_changes(void **state)
{
	struct routebench b;
	enum reroute_state step;
	routebench_open(&b, *state);
	routebench_route(&b, "('*', 'a')");
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, 500);
	insert(&b, "u", NULL, 500);
	routebench_route(&b, "('*', 'a'), ('t', 'b')");
	routebench_reopen(&b);
	assert_int_equal(reroute_step(b.reroute, &step), 0);
	expect(&b, "t|a|pending|300\nt|b|pending|200\nu|a|pending|500\n");
	routebench_reopen(&b);
	/* another channel still, before it is done */
	routebench_route(&b, "('*', 'a'), ('t', 'c')");
	assert_int_equal(reroute_step(b.reroute, &step), 0);
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "t|c|pending|500\nu|a|pending|500\n");

	routebench_route(&b, "('*', 'b'), ('t', 'c')");
	assert_int_equal(reroute_step(b.reroute, &step), 0);
	expect(&b, "t|c|pending|500\nu|a|pending|300\nu|b|pending|200\n");
	/* its own route, before the general move is done */
	routebench_route(&b, "('*', 'b'), ('t', 'c'), ('u', 'c')");
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "t|c|pending|500\nu|c|pending|500\n");

	routebench_route(&b, "('*', 'b'), ('t', 'a'), ('u', 'c')");
	routebench_route(&b, "('*', 'b'), ('t', 'c'), ('u', 'c')");
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "t|c|pending|500\nu|c|pending|500\n");
	routebench_expect_notes(&b, 0);
	routebench_close(&b);
}

static void test_busy(void **state)
{
	struct routebench b;
	enum reroute_state step;
	routebench_open(&b, *state);
	routebench_route(&b, "('*', 'a')");
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, 300);
	routebench_route(&b, "('*', 'b')");
	outbox_exec(b.fix->db, "BEGIN IMMEDIATE");
	assert_int_equal(reroute_step(b.reroute, &step), DB_BUSY);
	outbox_exec(b.fix->db, "COMMIT");
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "t|b|pending|300\n");
	routebench_close(&b);
}

/* A row that is parked behind another one of its recipient is claimable in its
 * new channel, and lets no other be forgotten. */
static void test_parked(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route(&b, "('*', 'a')");
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, 4);
	outbox_exec(b.fix->db, "UPDATE outbox SET recipient = 'one';"
			       "UPDATE outbox SET status = 'sending',"
			       " version = 1 WHERE id = 1;"
			       "UPDATE outbox SET waits_for = 'recipient'"
			       " WHERE id > 1");
	routebench_route(&b, "('*', 'b')");
	routebench_run(&b, REROUTE_WAITS);
	assert_int_equal(outbox_int(b.fix->db, "SELECT count(*) FROM outbox"
					       " WHERE channel = 'b'"
					       "   AND waits_for IS NULL"),
			 3);
	routebench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_what_moves),
		FIXTURE_TEST(test_a_channel_that_is_gone),
		FIXTURE_TEST(test_small_steps),
		FIXTURE_TEST(test_behind_many),
		FIXTURE_TEST(test_a_row_on_the_wire),
		FIXTURE_TEST(test_crashes_and_changes),
		FIXTURE_TEST(test_busy),
		FIXTURE_TEST(test_parked),
	};
	return cmocka_run_group_tests_name("reroute", tests, NULL, NULL);
}
