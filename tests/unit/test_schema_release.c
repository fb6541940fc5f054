/* Rows that wait for another row come back when it leaves. Other code relies
 * on: whatever the relay, operators and the CRM do, a row that may be sent is
 * in the index of due rows, or another row stands for it there. */
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"

#include <stdlib.h>
#include <string.h>

/* Ids start at 1. Row 1 is being sent; the others wait for what its line
 * says. "-" is NULL. */
static void insert(sqlite3 *db, const char *recipient, const char *key,
		   int priority, const char *waits_for)
{
	outbox_exec(db,
		    "INSERT INTO outbox (type, payload, recipient,"
		    " ordering_key, priority, due_at) VALUES"
		    " ('t', '{}', %Q, nullif(%Q, '-'), %d, 1700000000000)",
		    recipient, key, priority);
	outbox_exec(db,
		    "UPDATE outbox SET waits_for = nullif(%Q, '-')"
		    " WHERE id = last_insert_rowid()",
		    waits_for);
}

static void move(sqlite3 *db, int id, const char *status)
{
	outbox_exec(db,
		    "UPDATE outbox SET status = %Q, version = version + 1"
		    " WHERE id = %d",
		    status, id);
}

/* The ids that still wait, "2 3 ". */
static void assert_waiting(sqlite3 *db, const char *want)
{
	scoped_free char *got = outbox_text(
		db, "SELECT group_concat(id || ' ', '') FROM (SELECT id"
		    " FROM outbox WHERE waits_for IS NOT NULL ORDER BY id)");
	assert_string_equal(got ? got : "", want);
}

static void insert_four(sqlite3 *db)
{
	insert(db, "r", "-", 4, "-");
	insert(db, "r", "-", 4, "recipient");
	insert(db, "r", "-", 9, "recipient");
	insert(db, "r", "-", 4, "recipient");
	insert(db, "other", "-", 9, "recipient");
	move(db, 1, "sending");
	assert_waiting(db, "2 3 4 5 ");
}

/* However it leaves the wire, one row comes back: the most urgent first, then
 * the longest due, then the smallest id. */
static void test_recipient(void **state)
{
	static const char *const ends[] = {"delivered", "pending", "failed",
					   "expired"};
	sqlite3 *db = ((struct fixture *)*state)->db;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		outbox_exec(db, "SAVEPOINT s");
		insert_four(db);
		move(db, 1, ends[i]);
		assert_waiting(db, "2 4 5 ");
		move(db, 3, "sending");
		assert_waiting(db, "2 4 5 ");
		move(db, 3, "delivered");
		assert_waiting(db, "4 5 ");
		move(db, 2, "sending");
		move(db, 2, "failed");
		assert_waiting(db, "5 ");
		outbox_exec(db, "ROLLBACK TO s; RELEASE s");
	}
}

static void test_longest_due_first(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	insert_four(db);
	outbox_exec(db, "UPDATE outbox SET due_at = due_at - 1, priority = 9"
			" WHERE id = 4");
	move(db, 1, "delivered");
	assert_waiting(db, "2 3 5 ");
}

/* The row that stood for the others goes, or has to wait itself. */
static void test_the_released_row_leaves(void **state)
{
	static const char *const leaves[] = {
		"status = 'cancelled'",
		"status = 'cancelled', version = version + 1",
		"status = 'expired', version = version + 1",
		"waits_for = 'order'",
		"recipient = 'elsewhere'",
		"due_at = due_at + 3600000",
		"channel = 'second'",
	};
	sqlite3 *db = ((struct fixture *)*state)->db;
	outbox_exec(db, "INSERT INTO outbox_channel (name, kind)"
			" VALUES ('second', 'webhook')");
	for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
		outbox_exec(db, "SAVEPOINT s");
		insert_four(db);
		move(db, 1, "delivered");
		outbox_exec(db, "UPDATE outbox SET %s WHERE id = 3", leaves[i]);
		outbox_exec(db, "UPDATE outbox SET waits_for = NULL"
				" WHERE id = 3");
		assert_waiting(db, "4 5 ");
		outbox_exec(db, "ROLLBACK TO s; RELEASE s");
	}
}

static void test_a_waiting_row_is_moved(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	insert_four(db);
	outbox_exec(db, "UPDATE outbox SET recipient = 'free' WHERE id = 4");
	scoped_free char *waits =
		outbox_text(db, "SELECT waits_for FROM outbox WHERE id = 4");
	assert_null(waits);
}

/* A channel may be held for days: one that is not must not wait for it. */
static void test_one_for_each_channel(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	insert_four(db);
	outbox_exec(db, "INSERT INTO outbox_channel (name, kind)"
			" VALUES ('second', 'webhook');"
			"INSERT INTO outbox (type, payload, channel, recipient,"
			" priority) VALUES ('t', '{}', 'second', 'r', 0),"
			" ('t', '{}', 'second', 'r', 0);"
			"UPDATE outbox SET waits_for = 'recipient'"
			" WHERE channel = 'second'");
	move(db, 1, "delivered");
	assert_waiting(db, "2 4 5 7 ");
}

static void test_order(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	insert(db, "a", "k", 0, "-");
	insert(db, "b", "k", 4, "order");
	insert(db, "c", "k", 9, "order");
	insert(db, "d", "else", 9, "order");
	move(db, 1, "sending");
	assert_waiting(db, "2 3 4 ");
	move(db, 1, "failed");
	assert_waiting(db, "3 4 ");
	outbox_exec(db, "UPDATE outbox SET status = 'cancelled' WHERE id = 2");
	assert_waiting(db, "4 ");
	outbox_exec(db, "UPDATE outbox SET waits_for = 'order' WHERE id = 3;"
			"UPDATE outbox SET ordering_key = 'else' WHERE id = 3");
	assert_waiting(db, "4 ");
	outbox_exec(db, "UPDATE outbox SET waits_for = 'order' WHERE id = 3;"
			"UPDATE outbox SET ordering_key = 'x' WHERE id = 3");
	assert_waiting(db, "");
}

/* ---- A small model: what relay/claim.c does, and everybody else. ---- */

static uint64_t seed;

static unsigned chance(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % below;
}

static const char a_row[] = "(SELECT id FROM outbox WHERE status = %Q"
			    " ORDER BY id * %u %% 97 LIMIT 1)";

/* Claims one row of a channel, or parks rows until there is one that may go.
 * Returns whether anything was done. */
static bool model_claim(sqlite3 *db, const char *channel)
{
	scoped_free char *id =
		outbox_text(db,
			    "SELECT id FROM outbox WHERE channel = %Q"
			    " AND status = 'pending' AND waits_for IS NULL"
			    " AND due_at <= 1700000000000"
			    " ORDER BY priority DESC, due_at, id LIMIT 1",
			    channel);
	if (!id)
		return false;
	outbox_exec(db,
		    "UPDATE outbox SET waits_for = CASE"
		    " WHEN EXISTS (SELECT 1 FROM outbox AS o"
		    "  WHERE o.status = 'sending'"
		    "  AND o.recipient = outbox.recipient) THEN 'recipient'"
		    " WHEN EXISTS (SELECT 1 FROM outbox AS o"
		    "  WHERE o.status IN ('pending', 'sending')"
		    "  AND o.ordering_key = outbox.ordering_key"
		    "  AND o.id < outbox.id) THEN 'order' END"
		    " WHERE id = %s",
		    id);
	outbox_exec(db,
		    "UPDATE outbox SET status = 'sending',"
		    " version = version + 1"
		    " WHERE id = %s AND waits_for IS NULL",
		    id);
	return true;
}

static void model_insert(sqlite3 *db)
{
	outbox_exec(db,
		    "INSERT INTO outbox (type, payload, channel, recipient,"
		    " ordering_key, priority, due_at) VALUES ('t', '{}', %Q,"
		    " nullif('r' || %u, 'r0'), nullif('k' || %u, 'k0'), %u,"
		    " 1700000000000 - %u)",
		    chance(2) ? "wechat-cloud" : "second", chance(4),
		    chance(2) ? 0 : chance(4), chance(10), chance(3));
}

static void model_settle(sqlite3 *db, bool must_deliver)
{
	static const char *const ends[] = {"delivered", "pending", "failed",
					   "expired"};
	outbox_exec(db,
		    "UPDATE outbox SET status = %Q, version = version + 1"
		    " WHERE id = (SELECT id FROM outbox"
		    " WHERE status = 'sending' ORDER BY id * %u %% 97 LIMIT 1)",
		    ends[must_deliver ? 0 : chance(4)], chance(97));
}

/* An operator or the CRM changes a pending row, or brings one back. */
static void model_meddle(sqlite3 *db)
{
	static const char *const sets[] = {
		"status = 'cancelled'",
		"status = 'cancelled', version = version + 1",
		"status = 'expired', version = version + 1",
		"recipient = 'r1'",
		"recipient = NULL",
		"ordering_key = 'k1'",
		"ordering_key = NULL",
		"due_at = due_at + 3600000",
		"channel = 'second'",
		"priority = 9",
	};
	static const char *const closed[] = {"failed", "expired", "cancelled"};
	const char *set = sets[chance(ARRAY_LEN(sets))];
	const char *from = "pending";
	if (chance(3) == 0) {
		set = "status = 'pending', version = version + 1,"
		      " waits_for = NULL";
		from = closed[chance(3)];
	}
	char *row = sqlite3_mprintf(a_row, from, chance(97));
	outbox_exec(db, "UPDATE outbox SET %s WHERE id = %s", set, row);
	sqlite3_free(row);
}

/* Sends all that the open channels can send. */
static void model_drain(sqlite3 *db, bool is_second_open)
{
	for (bool goes_on = true; goes_on;) {
		goes_on = model_claim(db, "wechat-cloud");
		if (is_second_open)
			goes_on |= model_claim(db, "second");
		goes_on |= outbox_int(db, "SELECT count(*) FROM outbox"
					  " WHERE status = 'sending'") > 0;
		if (chance(2))
			model_settle(db, true);
	}
}

static void model_run(sqlite3 *db)
{
	for (int step = 0; step < 150; step++) {
		switch (chance(5)) {
		case 0:
			model_insert(db);
			break;
		case 1:
			model_settle(db, false);
			break;
		case 2:
			model_meddle(db);
			break;
		default:
			model_claim(db, chance(2) ? "second" : "wechat-cloud");
		}
	}
}

static void assert_none_is_stuck(sqlite3 *db, const char *channel)
{
	scoped_free char *stuck = outbox_rows(
		db,
		"SELECT id, channel, recipient, ordering_key, waits_for"
		"  FROM outbox AS w"
		" WHERE status = 'pending' AND channel GLOB %Q"
		"   AND due_at <= 1700000000000"
		"   AND NOT EXISTS (SELECT 1 FROM outbox AS o"
		"                    WHERE o.ordering_key = w.ordering_key"
		"                      AND o.id < w.id"
		"                      AND o.status = 'pending')",
		channel);
	if (*stuck)
		fail_msg("seed %llu, stuck:\n%s", (unsigned long long)seed,
			 stuck);
}

static void test_nothing_waits_forever(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	outbox_exec(db, "PRAGMA synchronous=OFF;"
			"INSERT INTO outbox_channel (name, kind)"
			" VALUES ('second', 'webhook')");
	for (unsigned run = 0; run < 60; run++) {
		seed = run;
		outbox_exec(db, "BEGIN");
		model_run(db);
		model_drain(db, false);
		assert_none_is_stuck(db, "wechat-cloud");
		model_drain(db, true);
		assert_none_is_stuck(db, "*");
		outbox_exec(db, "UPDATE outbox SET due_at = 1700000000000"
				" WHERE due_at > 1700000000000");
		model_drain(db, true);
		assert_int_equal(outbox_int(db, "SELECT count(*) FROM outbox"
						" WHERE status IN ('pending',"
						" 'sending')"),
				 0);
		assert_int_not_equal(outbox_int(db,
						"SELECT count(*) FROM outbox"
						" WHERE status = 'delivered'"),
				     0);
		outbox_exec(db, "ROLLBACK");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_recipient),
		FIXTURE_TEST(test_longest_due_first),
		FIXTURE_TEST(test_the_released_row_leaves),
		FIXTURE_TEST(test_a_waiting_row_is_moved),
		FIXTURE_TEST(test_one_for_each_channel),
		FIXTURE_TEST(test_order),
		FIXTURE_TEST(test_nothing_waits_forever),
	};
	return cmocka_run_group_tests_name("schema_release", tests, NULL, NULL);
}
