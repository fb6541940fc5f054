/* How much work a claim is, in SQLite's own counts, so that a slow machine
 * changes nothing. Other code relies on: what waits behind a row costs those
 * in front of it nothing. */
#include "tests/support/storebench.h"

#include "lib/util.h"
#include "schema/db_internal.h"

#include <stdlib.h>
#include <string.h>

enum { CROWD = 100000 };

struct work {
	int64_t steps, scanned, sorts;
};

/* What all statements of the relay's connection did since the last call. */
static struct work take_work(struct storebench *b)
{
	struct work w = {0};
	sqlite3_stmt *st = NULL;
	while ((st = sqlite3_next_stmt(b->db->handle, st))) {
		w.steps +=
			sqlite3_stmt_status(st, SQLITE_STMTSTATUS_VM_STEP, 1);
		w.scanned += sqlite3_stmt_status(
			st, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
		w.sorts += sqlite3_stmt_status(st, SQLITE_STMTSTATUS_SORT, 1);
	}
	return w;
}

static struct work claim_work(struct storebench *b, size_t slots,
			      const char *ids)
{
	take_work(b);
	storebench_expect_claim(b, slots, ids);
	return take_work(b);
}

static struct work settle_work(struct storebench *b, int64_t id)
{
	take_work(b);
	storebench_finish(b, id, VERDICT_DELIVERED);
	return take_work(b);
}

/* Due rows, `what` being their columns beside those that all have. */
static void add_crowd(struct storebench *b, const char *columns,
		      const char *values)
{
	outbox_exec(b->fix->db,
		    "WITH n (i) AS (SELECT 1 UNION ALL"
		    "               SELECT i + 1 FROM n WHERE i < %d)"
		    " INSERT INTO outbox (type, payload, due_at, %s)"
		    " SELECT 't', '{}', %lld, %s FROM n",
		    CROWD, columns, BENCH_NOW - 1, values);
}

static void park_all(struct storebench *b, const char *what_for)
{
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET waits_for = %Q WHERE status = 'pending'",
		    what_for);
}

static void assert_no_more(struct work with, struct work without)
{
	assert_int_equal(with.sorts, 0);
	assert_true(with.scanned <= without.scanned);
	if (with.steps > 2 * without.steps)
		fail_msg("%lld steps instead of %lld", (long long)with.steps,
			 (long long)without.steps);
}

/* No step of a claim sorts, not even one among many due rows. */
static void test_no_sort(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, NULL, NULL);
	struct work few = claim_work(b, 1, "1");
	storebench_finish(b, 1, VERDICT_DELIVERED);
	add_crowd(b, "priority", "4");
	scoped_free char *first = xasprintf("%d", 2);
	struct work many = claim_work(b, 1, first);
	assert_no_more(many, few);
	assert_int_equal(many.scanned, 0);
}

static void test_parked_for_recipient(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, "u1", NULL);
	storebench_add(b, 4, "u2", NULL);
	storebench_add(b, 4, "u1", NULL);
	storebench_expect_claim(b, 1, "1");
	struct work claimed = claim_work(b, 1, "2");
	storebench_expect_claim(b, 1, "");
	struct work settled = settle_work(b, 1);
	storebench_expect_claim(b, 1, "3");

	add_crowd(b, "recipient", "'u1'");
	park_all(b, "recipient");
	storebench_finish(b, 2, VERDICT_DELIVERED);
	int64_t id = storebench_add(b, 4, "u2", NULL);
	scoped_free char *ids = xasprintf("%lld", (long long)id);
	assert_no_more(claim_work(b, 1, ids), claimed);
	assert_no_more(settle_work(b, 3), settled);
}

static void test_parked_for_order(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, NULL, "k");
	storebench_add(b, 4, NULL, NULL);
	storebench_add(b, 4, NULL, "k");
	storebench_expect_claim(b, 1, "1");
	struct work claimed = claim_work(b, 1, "2");
	storebench_expect_claim(b, 1, "");
	struct work settled = settle_work(b, 1);
	struct work next = claim_work(b, 1, "3");

	add_crowd(b, "ordering_key", "'k'");
	park_all(b, "order");
	int64_t id = storebench_add(b, 4, NULL, NULL);
	scoped_free char *ids = xasprintf("%lld", (long long)id);
	assert_no_more(claim_work(b, 1, ids), claimed);
	assert_no_more(settle_work(b, 3), settled);
	assert_no_more(claim_work(b, 1, "4"), next);
}

/* Rows for later and settled ones are behind, too. */
static void test_later_and_settled(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, "u1", NULL);
	struct work claimed = claim_work(b, 1, "1");
	struct work settled = settle_work(b, 1);
	add_crowd(b, "priority", "i % 10");
	outbox_exec(b->fix->db, "UPDATE outbox SET due_at = due_at + 1000000"
				" WHERE id % 2;"
				"UPDATE outbox SET status = 'cancelled'"
				" WHERE status = 'pending' AND NOT id % 2");
	int64_t id = storebench_add(b, 4, "u1", NULL);
	scoped_free char *ids = xasprintf("%lld", (long long)id);
	assert_no_more(claim_work(b, 1, ids), claimed);
	assert_no_more(settle_work(b, id), settled);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_no_sort),
		STORE_TEST(test_parked_for_recipient),
		STORE_TEST(test_parked_for_order),
		STORE_TEST(test_later_and_settled),
	};
	return cmocka_run_group_tests_name("claim_work", tests, NULL, NULL);
}
