/* The recipients of rows that follow their route. Other code relies on: a row
 * whose recipient was read by the route of before is for whom the route of now
 * reads, as if it were inserted now, whatever crashes and further changes come
 * between; and no other recipient changes. */
#include "tests/support/routebench.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

#define TO_P "('*', 'a', '$.p')"
#define TO_Q "('*', 'a', '$.q')"
#define TO_R "('*', 'a', '$.r')"

/* Rows for p1 q1 1, p2 q2 2 ..., by their ids. */
static void insert(struct routebench *b, const char *type, int count)
{
	outbox_exec(b->fix->db,
		    "WITH RECURSIVE n (i) AS ("
		    "  SELECT 1 + coalesce(max(id), 0) FROM outbox"
		    "   UNION ALL"
		    "  SELECT i + 1 FROM n LIMIT %d)"
		    " INSERT INTO outbox (type, payload)"
		    " SELECT %Q,"
		    "        json_object('p', 'p' || i, 'q', 'q' || i, 'r', i)"
		    "   FROM n",
		    count, type);
}

/* "channel path count": how many rows are for whom a path reads. */
static void expect(struct routebench *b, const char *rows)
{
	routebench_expect(b,
			  "SELECT channel,"
			  "       CASE recipient WHEN 'p' || id THEN 'p'"
			  "                      WHEN 'q' || id THEN 'q'"
			  "                      WHEN id THEN 'r'"
			  "                      ELSE recipient END,"
			  "       count(*)"
			  "  FROM outbox GROUP BY 1, 2 ORDER BY 1, 2",
			  rows);
}

static void set_sending(struct routebench *b, int id, bool is_sending)
{
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET status = %Q, version = version + 1"
		    " WHERE id = %d",
		    is_sending ? "sending" : "pending", id);
}

/* Whatever stands in the payload, a row that follows cannot be told from one
 * that is inserted afterwards. */
static void test_as_if_inserted(void **state)
{
	static const char *const values[] = {
		"'u1'",
		"'张三'",
		"''",
		"' '",
		"' 1 '",
		"'1.0'",
		"42",
		"-9007199254740993",
		"9223372036854775807",
		"json('123456789012345678901234567890')",
		"1.5",
		"1e3",
		"json('true')",
		"json('null')",
		"json('{\"id\":1}')",
		"json('[\"u1\"]')",
		"json('\"a\\u0000b\"')",
		"json('\"\\u0000\"')",
		"json('\"\\ud83d\\ude00\"')",
		"replace(hex(zeroblob(128)), '00', '中张')",
		"replace(hex(zeroblob(129)), '00', '中张')",
		"replace(hex(zeroblob(300)), '00', 'x')",
	};
	struct routebench b;
	routebench_open(&b, *state);
	for (int both = 0; both < 2; both++) {
		routebench_route_paths(&b, "('*', 'a', '$.old.id[1]')");
		routebench_run(&b, REROUTE_DONE);
		outbox_exec(b.fix->db, "UPDATE outbox SET status = 'cancelled'"
				       " WHERE status = 'pending'");
		for (size_t i = 0; i < ARRAY_LEN(values); i++) {
			for (size_t k = 0; k < ARRAY_LEN(values); k++)
				outbox_exec(b.fix->db,
					    "INSERT INTO outbox (type, payload)"
					    " VALUES ('t', json_object("
					    "  'old', json_object('id',"
					    "           json_array(0, %s)),"
					    "  'new', json_object('id', %s)))",
					    values[i], values[k]);
		}
		outbox_exec(b.fix->db, "INSERT INTO outbox (type, payload)"
				       " VALUES ('t', '{\"old\":[]}'),"
				       "        ('t', '{\"new\":{}}')");
		routebench_route_paths(&b, both ? "('*', 'b', '$.new.id')"
						: "('*', 'a', '$.new.id')");
		routebench_run(&b, REROUTE_DONE);
		outbox_exec(b.fix->db,
			    "CREATE TABLE again AS"
			    "  SELECT * FROM outbox WHERE status = 'pending';"
			    "INSERT INTO outbox (type, payload)"
			    "  SELECT type, payload FROM again ORDER BY id");
		routebench_expect(
			&b,
			"SELECT count(*), count(a.recipient),"
			"       sum(a.recipient IS o.recipient"
			"           AND a.channel = o.channel)"
			"  FROM again AS a"
			"  JOIN outbox AS o"
			"    ON o.id = a.id + (SELECT count(*) FROM again)",
			"486|308|486\n");
		outbox_exec(b.fix->db, "DROP TABLE again");
	}
	routebench_close(&b);
}

/* The CRM's own stay, but for one that says the same as the payload. */
static void test_own_recipients(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route_paths(&b, TO_P);
	routebench_run(&b, REROUTE_DONE);
	outbox_exec(b.fix->db,
		    "INSERT INTO outbox (type, payload, recipient, channel)"
		    " VALUES ('t', '{\"p\":\"x\",\"q\":\"y\"}', 'own', NULL),"
		    "        ('t', '{\"p\":\"x\",\"q\":\"y\"}', 'own', 'a'),"
		    "        ('t', '{\"p\":\"x\",\"q\":\"y\"}', 'y', NULL),"
		    "        ('t', '{\"q\":\"y\"}', 'own', NULL),"
		    "        ('t', '{\"q\":\"y\"}', NULL, NULL),"
		    "        ('t', '{\"p\":\"x\"}', NULL, NULL),"
		    "        ('t', '{\"p\":\"x\",\"q\":\"y\"}', 'x', NULL),"
		    "        ('t', '{\"p\":\"x\",\"q\":\"y\"}', NULL, 'c')");
	static const char sql[] =
		"SELECT channel, recipient FROM outbox ORDER BY id";
	routebench_route_paths(&b, TO_Q);
	routebench_run(&b, REROUTE_DONE);
	routebench_expect(&b, sql,
			  "a|own\na|own\na|y\na|own\na|y\na|-\na|y\nc|x\n");
	routebench_route_paths(&b, "('*', 'b', '$.p')");
	routebench_run(&b, REROUTE_DONE);
	routebench_expect(&b, sql,
			  "b|own\nb|own\nb|x\nb|own\nb|-\nb|x\nb|x\nc|x\n");
	routebench_close(&b);
}

/* Those of now are not those of before, even while these have not followed. */
static void test_rows_that_come_after(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route_paths(&b, TO_P);
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", 2);
	routebench_route_paths(&b, TO_Q);
	outbox_exec(b.fix->db, "INSERT INTO outbox (type, payload, recipient)"
			       " VALUES ('t', '{\"p\":\"own\"}', 'own')");
	insert(&b, "t", 1);
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "a|own|1\na|q|3\n");
	routebench_close(&b);
}

static void test_only_what_changes(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route_paths(&b, TO_P ", ('own', 'a', '$.p')");
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", 3);
	insert(&b, "own", 2);
	set_sending(&b, 4, true);
	routebench_route_paths(&b, TO_Q ", ('own', 'a', '$.p')");
	routebench_expect(&b,
			  "SELECT value FROM outbox_meta"
			  " WHERE key GLOB 'move:*'",
			  "[\"a\",\"*\",[\"$.p\"],5]\n");
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "a|p|2\na|q|3\n");
	/* there and back again, before anything has followed */
	routebench_route_paths(&b, TO_R ", ('own', 'a', '$.p')");
	routebench_route_paths(&b, TO_Q ", ('own', 'a', '$.p')");
	routebench_expect_notes(&b, 1);
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "a|p|2\na|q|3\n");
	/* the same again */
	routebench_route_paths(&b, TO_Q ", ('own', 'a', '$.p')");
	routebench_expect_notes(&b, 0);
	routebench_close(&b);
}

/* What is on the wire is for whom it was claimed, and follows when it is back;
 * what has nothing to follow is not waited for. */
static void test_on_the_wire(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route_paths(&b, TO_P);
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", 3);
	set_sending(&b, 1, true);
	routebench_route_paths(&b, TO_Q);
	routebench_run(&b, REROUTE_WAITS);
	expect(&b, "a|p|1\na|q|2\n");
	insert(&b, "t", 1);
	set_sending(&b, 4, true);
	set_sending(&b, 1, false);
	set_sending(&b, 2, true);
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "a|q|4\n");
	routebench_close(&b);
}

/* Paths in a row, each before the one before it has come to its end. */
static void test_several_paths(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route_paths(&b, TO_P);
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", 500);
	routebench_route_paths(&b, TO_Q);
	routebench_step(&b, REROUTE_MORE);
	expect(&b, "a|p|300\na|q|200\n");
	routebench_reopen(&b);
	insert(&b, "t", 50);
	routebench_route_paths(&b, TO_R);
	routebench_expect(&b,
			  "SELECT value FROM outbox_meta"
			  " WHERE key GLOB 'move:*'",
			  "[\"a\",\"*\",[\"$.p\",\"$.q\"],550]\n");
	routebench_step(&b, REROUTE_MORE);
	routebench_reopen(&b);
	expect(&b, "a|p|300\na|q|50\na|r|200\n");
	/* and back to the first */
	routebench_route_paths(&b, TO_P);
	routebench_step(&b, REROUTE_MORE);
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "a|p|550\n");
	routebench_expect_notes(&b, 0);
	routebench_close(&b);
}

static void test_several_channels(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route_paths(&b, TO_P);
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", 500);
	routebench_route_paths(&b, "('*', 'b', '$.q')");
	routebench_step(&b, REROUTE_MORE);
	expect(&b, "a|p|300\nb|q|200\n");
	insert(&b, "t", 50);
	routebench_reopen(&b);
	routebench_route_paths(&b, "('*', 'c', '$.r')");
	routebench_step(&b, REROUTE_MORE);
	expect(&b, "a|p|100\nb|q|250\nc|r|200\n");
	/* and back to the first, with another path */
	routebench_route_paths(&b, TO_Q);
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "a|q|550\n");
	routebench_expect_notes(&b, 0);
	routebench_close(&b);
}

/* A type that gets a route of its own, or loses it, amid a move. */
static void test_routes_of_their_own(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route_paths(&b, TO_P);
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", 300);
	routebench_route_paths(&b, TO_Q);
	routebench_step(&b, REROUTE_MORE);
	routebench_route_paths(&b, TO_Q ", ('t', 'a', '$.r')");
	routebench_step(&b, REROUTE_MORE);
	expect(&b, "a|p|100\na|r|200\n");
	/* it is among the others again: those have no path of its own */
	routebench_route_paths(&b, "('*', 'b', '$.q')");
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "b|q|300\n");
	routebench_expect_notes(&b, 0);
	routebench_close(&b);
}

/* Rows of both routes wait in one channel: that of the type's own, which it has
 * lost, and that of all the others, which changes now. */
static void test_both_routes_at_once(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route_paths(&b, "('*', 'c', '$.p'), ('t', 'b', '$.q')");
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", 3);
	set_sending(&b, 1, true);
	routebench_route_paths(&b, "('*', 'b', '$.r')");
	routebench_run(&b, REROUTE_WAITS);
	expect(&b, "b|q|1\nb|r|2\n");
	routebench_route_paths(&b, TO_P);
	set_sending(&b, 1, false);
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "a|p|3\n");
	routebench_close(&b);
}

/* A note that knows neither paths nor an end: the channel is all there is. */
static void test_a_note_without_paths(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route_paths(&b, TO_P);
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", 3);
	outbox_exec(b.fix->db, "UPDATE outbox_route SET channel = 'b';"
			       "INSERT INTO outbox_meta (key, value)"
			       " VALUES ('move:a:*', '[\"a\",\"*\"]'),"
			       "        ('move:c:t', '[\"c\",\"t\"]')");
	routebench_reopen(&b);
	routebench_route_paths(&b, "('*', 'b', '$.q'), ('t', 'c', '$.q')");
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "c|p|3\n");
	routebench_expect_notes(&b, 0);
	routebench_close(&b);
}

/* A payload that somebody broke stops no other row. */
static void test_a_broken_payload(void **state)
{
	struct routebench b;
	routebench_open(&b, *state);
	routebench_route_paths(&b, TO_P);
	routebench_run(&b, REROUTE_DONE);
	insert(&b, "t", 4);
	outbox_exec(b.fix->db,
		    "DROP TRIGGER outbox_update_payload;"
		    "UPDATE outbox SET payload = '{' WHERE id IN (1, 3)");
	set_sending(&b, 1, true);
	routebench_route_paths(&b, TO_Q);
	routebench_run(&b, REROUTE_DONE);
	expect(&b, "a|p|2\na|q|2\n");
	routebench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_as_if_inserted),
		FIXTURE_TEST(test_own_recipients),
		FIXTURE_TEST(test_rows_that_come_after),
		FIXTURE_TEST(test_only_what_changes),
		FIXTURE_TEST(test_on_the_wire),
		FIXTURE_TEST(test_several_paths),
		FIXTURE_TEST(test_several_channels),
		FIXTURE_TEST(test_routes_of_their_own),
		FIXTURE_TEST(test_both_routes_at_once),
		FIXTURE_TEST(test_a_note_without_paths),
		FIXTURE_TEST(test_a_broken_payload),
	};
	return cmocka_run_group_tests_name("reroute path", tests, NULL, NULL);
}
