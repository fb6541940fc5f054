/* Rows that follow their route. Other code relies on: those that wait move and
 * no others do, in small transactions, and neither a crash nor another change
 * of the routes leaves one behind. */
#include "relay/reroute.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"

#include <stdlib.h>
#include <string.h>

struct bench {
	struct fixture *fix;
	struct db *db;
	struct reroute *reroute;
};

static void open_bench(struct bench *b, void *fix)
{
	b->fix = fix;
	outbox_exec(b->fix->db, "INSERT INTO outbox_channel (name, kind)"
				" VALUES ('a', 'webhook'), ('b', 'webhook'),"
				"        ('c', 'webhook')");
	assert_int_equal(db_open(&b->db, b->fix->path, DB_WRITE, 50), 0);
	b->reroute = reroute_create(b->db);
}

static void close_bench(struct bench *b)
{
	reroute_destroy(b->reroute);
	db_close(b->db);
}

/* As after a crash. */
static void reopen(struct bench *b)
{
	close_bench(b);
	assert_int_equal(db_open(&b->db, b->fix->path, DB_WRITE, 50), 0);
	b->reroute = reroute_create(b->db);
}

/* Replaces the routes; SQL's VALUES. */
static void route_with(struct bench *b, const char *values,
		       const char *channels)
{
	scoped_free char *sql = xasprintf(
		"INSERT INTO outbox_route (type, channel) VALUES %s", values);
	assert_int_equal(db_begin(b->db), 0);
	assert_int_equal(reroute_remember(b->reroute), 0);
	assert_int_equal(db_exec(b->db, "DELETE FROM outbox_route"), 0);
	assert_int_equal(db_exec(b->db, sql), 0);
	assert_int_equal(reroute_note(b->reroute, channels), 0);
	assert_int_equal(db_commit(b->db), 0);
}

static void route(struct bench *b, const char *values)
{
	route_with(b, values, "[\"wechat-cloud\",\"a\",\"b\",\"c\"]");
}

/* Steps until there is nothing more, or it waits. Returns how many steps. */
static int run(struct bench *b, enum reroute_state last)
{
	enum reroute_state state;
	for (int i = 1; i < 1000; i++) {
		assert_int_equal(reroute_step(b->reroute, &state), 0);
		if (state != REROUTE_MORE) {
			assert_int_equal(state, last);
			return i;
		}
	}
	fail_msg("it never ends");
	return 0;
}

static void insert(struct bench *b, const char *type, const char *channel,
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
static void expect(struct bench *b, const char *rows)
{
	scoped_free char *have = outbox_rows(
		b->fix->db, "SELECT type, channel, status, count(*)"
			    "  FROM outbox GROUP BY 1, 2, 3 ORDER BY 1, 2, 3");
	assert_string_equal(have, rows);
}

static void expect_notes(struct bench *b, int count)
{
	assert_int_equal(outbox_int(b->fix->db,
				    "SELECT count(*) FROM outbox_meta"
				    " WHERE key GLOB 'move:*'"),
			 count);
}

static void test_what_moves(void **state)
{
	struct bench b;
	open_bench(&b, *state);
	route(&b, "('*', 'a'), ('t', 'a'), ('own', 'b')");
	run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, 3);
	insert(&b, "t", "c", 2); /* the CRM's choice */
	insert(&b, "other", NULL, 2);
	insert(&b, "own", NULL, 1);
	insert(&b, "own", "a", 1);
	outbox_exec(b.fix->db,
		    "INSERT INTO outbox (type, payload) VALUES ('t', '{}');"
		    "UPDATE outbox SET status = 'failed', version = 1"
		    " WHERE id = last_insert_rowid()");
	route(&b, "('*', 'a'), ('t', 'b'), ('own', 'b')");
	expect_notes(&b, 1);
	run(&b, REROUTE_DONE);
	expect_notes(&b, 0);
	expect(&b, "other|a|pending|2\nown|a|pending|1\nown|b|pending|1\n"
		   "t|a|failed|1\nt|b|pending|3\nt|c|pending|2\n");

	/* all that have no route of their own */
	route(&b, "('*', 'c'), ('t', 'b'), ('own', 'b')");
	run(&b, REROUTE_DONE);
	expect(&b, "other|c|pending|2\nown|a|pending|1\nown|b|pending|1\n"
		   "t|a|failed|1\nt|b|pending|3\nt|c|pending|2\n");
	/* a route that goes, and one that comes */
	route(&b, "('*', 'c'), ('other', 'a'), ('own', 'b')");
	run(&b, REROUTE_DONE);
	expect(&b, "other|a|pending|2\nown|a|pending|1\nown|b|pending|1\n"
		   "t|a|failed|1\nt|c|pending|5\n");
	/* nothing changed, nothing noted */
	route(&b, "('*', 'c'), ('other', 'a'), ('own', 'b')");
	expect_notes(&b, 0);
	close_bench(&b);
}

/* The webhook's settings were taken away: its rows wait for it, as they do if
 * it had no route; those of a channel of WeChat's need not. */
static void test_a_channel_that_is_gone(void **state)
{
	static const char left[] = "[\"wechat-cloud\",\"b\"]";
	struct bench b;
	open_bench(&b, *state);
	outbox_exec(b.fix->db, "INSERT INTO outbox_channel (name, kind)"
			       " VALUES ('wechat-x', 'wechat-x')");
	route(&b, "('*', 'wechat-cloud'), ('t', 'a'), ('u', 'wechat-x')");
	run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, 3);
	insert(&b, "u", NULL, 3);
	route_with(&b, "('*', 'wechat-cloud')", left);
	run(&b, REROUTE_DONE);
	expect(&b, "t|a|pending|3\nu|wechat-cloud|pending|3\n");
	insert(&b, "t", NULL, 2);
	route(&b, "('*', 'wechat-cloud'), ('t', 'a')");
	run(&b, REROUTE_DONE);
	expect(&b, "t|a|pending|5\nu|wechat-cloud|pending|3\n");
	route_with(&b, "('*', 'wechat-cloud'), ('t', 'b')", left);
	run(&b, REROUTE_DONE);
	expect(&b, "t|b|pending|5\nu|wechat-cloud|pending|3\n");
	close_bench(&b);
}

static void test_small_steps(void **state)
{
	enum { ROWS = 1000 };
	struct bench b;
	open_bench(&b, *state);
	route(&b, "('*', 'a')");
	run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, ROWS);
	insert(&b, "x", NULL, 1);
	route(&b, "('*', 'a'), ('t', 'b')");
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
	close_bench(&b);
}

/* Rows beyond the first look, behind many of others. */
static void test_behind_many(void **state)
{
	struct bench b;
	open_bench(&b, *state);
	route(&b, "('*', 'a')");
	run(&b, REROUTE_DONE);
	insert(&b, "x", NULL, 5000);
	insert(&b, "t", NULL, 300);
	insert(&b, "x", NULL, 10);
	insert(&b, "t", NULL, 1);
	route(&b, "('*', 'a'), ('t', 'b')");
	run(&b, REROUTE_DONE);
	expect(&b, "t|b|pending|301\nx|a|pending|5010\n");
	close_bench(&b);
}

static void test_a_row_on_the_wire(void **state)
{
	struct bench b;
	open_bench(&b, *state);
	route(&b, "('*', 'a')");
	run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, 3);
	outbox_exec(b.fix->db,
		    "UPDATE outbox SET status = 'sending', version = 1"
		    " WHERE id = 1");
	route(&b, "('*', 'a'), ('t', 'b')");
	run(&b, REROUTE_WAITS);
	run(&b, REROUTE_WAITS);
	expect_notes(&b, 1);
	expect(&b, "t|a|sending|1\nt|b|pending|2\n");
	outbox_exec(b.fix->db,
		    "UPDATE outbox SET status = 'pending', version = 2"
		    " WHERE id = 1");
	run(&b, REROUTE_DONE);
	expect(&b, "t|b|pending|3\n");
	expect_notes(&b, 0);
	close_bench(&b);
}

/* What is left undone is done by the next relay; what is routed back before it
 * has begun moves nowhere; and what was to move twice arrives. */
static void test_crashes_and_changes(void **state)
{
	struct bench b;
	enum reroute_state step;
	open_bench(&b, *state);
	route(&b, "('*', 'a')");
	run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, 500);
	insert(&b, "u", NULL, 500);
	route(&b, "('*', 'a'), ('t', 'b')");
	reopen(&b);
	assert_int_equal(reroute_step(b.reroute, &step), 0);
	expect(&b, "t|a|pending|300\nt|b|pending|200\nu|a|pending|500\n");
	reopen(&b);
	/* another channel still, before it is done */
	route(&b, "('*', 'a'), ('t', 'c')");
	assert_int_equal(reroute_step(b.reroute, &step), 0);
	run(&b, REROUTE_DONE);
	expect(&b, "t|c|pending|500\nu|a|pending|500\n");

	route(&b, "('*', 'b'), ('t', 'c')");
	assert_int_equal(reroute_step(b.reroute, &step), 0);
	expect(&b, "t|c|pending|500\nu|a|pending|300\nu|b|pending|200\n");
	/* its own route, before the general move is done */
	route(&b, "('*', 'b'), ('t', 'c'), ('u', 'c')");
	run(&b, REROUTE_DONE);
	expect(&b, "t|c|pending|500\nu|c|pending|500\n");

	route(&b, "('*', 'b'), ('t', 'a'), ('u', 'c')");
	route(&b, "('*', 'b'), ('t', 'c'), ('u', 'c')");
	run(&b, REROUTE_DONE);
	expect(&b, "t|c|pending|500\nu|c|pending|500\n");
	expect_notes(&b, 0);
	close_bench(&b);
}

static void test_busy(void **state)
{
	struct bench b;
	enum reroute_state step;
	open_bench(&b, *state);
	route(&b, "('*', 'a')");
	run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, 300);
	route(&b, "('*', 'b')");
	outbox_exec(b.fix->db, "BEGIN IMMEDIATE");
	assert_int_equal(reroute_step(b.reroute, &step), DB_BUSY);
	outbox_exec(b.fix->db, "COMMIT");
	run(&b, REROUTE_DONE);
	expect(&b, "t|b|pending|300\n");
	close_bench(&b);
}

/* A row that is parked behind another one of its recipient is claimable in its
 * new channel, and lets no other be forgotten. */
static void test_parked(void **state)
{
	struct bench b;
	open_bench(&b, *state);
	route(&b, "('*', 'a')");
	run(&b, REROUTE_DONE);
	insert(&b, "t", NULL, 4);
	outbox_exec(b.fix->db, "UPDATE outbox SET recipient = 'one';"
			       "UPDATE outbox SET status = 'sending',"
			       " version = 1 WHERE id = 1;"
			       "UPDATE outbox SET waits_for = 'recipient'"
			       " WHERE id > 1");
	route(&b, "('*', 'b')");
	run(&b, REROUTE_WAITS);
	assert_int_equal(outbox_int(b.fix->db, "SELECT count(*) FROM outbox"
					       " WHERE channel = 'b'"
					       "   AND waits_for IS NULL"),
			 3);
	close_bench(&b);
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
