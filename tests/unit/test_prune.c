/* What the rules of retention take, and what they leave. */
#include "relay/prune.h"

#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/prunebench.h"
#include "tests/support/steady.h"

#include <stdlib.h>
#include <string.h>

#define DAYS(n) ((n)*INT64_C(86400000))

/* One row of each status, of 100 days ago and of an hour ago. */
static void add_rows(const struct prunebench *b)
{
	static const char *const statuses[] = {"pending",   "sending",
					       "delivered", "failed",
					       "expired",   "cancelled"};
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		scoped_free char *old = xasprintf("old %s", statuses[i]);
		scoped_free char *new = xasprintf("new %s", statuses[i]);
		prunebench_add(b, statuses[i], PRUNEBENCH_NOW - DAYS(100), old);
		prunebench_add(b, statuses[i], PRUNEBENCH_NOW - 3600000, new);
	}
}

static void expect_gone(const struct prunebench *b, const char *name,
			const char *gone)
{
	scoped_free char *missing = outbox_text(
		b->fix->db,
		"SELECT coalesce(group_concat(s || ' ' || a, ','), '')"
		"  FROM (SELECT s, a FROM"
		"    (SELECT 'old' AS s UNION SELECT 'new'),"
		"    (SELECT 'pending' AS a UNION SELECT 'sending'"
		"     UNION SELECT 'delivered' UNION SELECT 'failed'"
		"     UNION SELECT 'expired' UNION SELECT 'cancelled')"
		"   ORDER BY s DESC, a)"
		" WHERE s || ' ' || a NOT IN (SELECT dedup_key FROM outbox)");
	if (strcmp(missing, gone) != 0)
		fail_msg("%s: gone are %s, not %s", name, missing, gone);
}

static void test_rows(void **state)
{
	static const struct {
		const char *name;
		struct prune_rules rules;
		const char *gone;
	} cases[] = {
		{"no rule", {0}, ""},
		{"delivered", {.keep_delivered_ms = DAYS(30)}, "old delivered"},
		{"young enough", {.keep_delivered_ms = DAYS(101)}, ""},
		{"failed",
		 {.keep_failed_ms = DAYS(30)},
		 "old cancelled,old expired,old failed"},
		{"both",
		 {.keep_delivered_ms = DAYS(30), .keep_failed_ms = DAYS(30)},
		 "old cancelled,old delivered,old expired,old failed"},
		{"bytes", {.max_db_bytes = 1}, "old delivered,new delivered"},
		{"bytes, and failed",
		 {.max_db_bytes = 1, .keep_failed_ms = DAYS(365)},
		 "old cancelled,old delivered,old expired,old failed,"
		 "new cancelled,new delivered,new expired,new failed"},
		{"bytes enough", {.max_db_bytes = INT64_C(1) << 40}, ""},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		void *inner = NULL;
		prunebench_set_up(&inner);
		struct prunebench *b = inner;
		add_rows(b);
		prunebench_run(b, &cases[i].rules);
		expect_gone(b, cases[i].name, cases[i].gone);
		prunebench_tear_down(&inner);
	}
}

static void expect(const struct prunebench *b, const char *sql,
		   const char *expected)
{
	scoped_free char *got = outbox_text(b->fix->db, "%s", sql);
	if (!got || strcmp(got, expected) != 0)
		fail_msg("%s: %s, not %s", sql, got ? got : "NULL", expected);
}

static void test_oldest_first(void **state)
{
	struct prunebench *b = *state;
	struct prune_rules rules = {.keep_delivered_ms = DAYS(1)};
	bool has_more;
	prunebench_fill(b, PRUNE_ROWS_MAX + 10, 1, 10);
	outbox_exec(b->fix->db, "UPDATE outbox SET delivered_at ="
				" delivered_at - id * 1000");
	assert_int_equal(
		prune_step(b->prune, &rules, PRUNEBENCH_NOW, &has_more), 0);
	assert_true(has_more);
	expect(b, "SELECT count(*) > 0 AND max(id) < 110 FROM outbox", "1");
	prunebench_run(b, &rules);
	expect(b, "SELECT count(*) FROM outbox", "0");
	expect(b, "SELECT count(*) FROM outbox_attempt", "0");
}

/* However many there are, a step is small. */
static void test_steps_are_small(void **state)
{
	struct prunebench *b = *state;
	struct prune_rules rules = {.keep_delivered_ms = DAYS(1)};
	const struct prune_totals *t = prune_totals(b->prune);
	int steps = 0;
	prunebench_fill(b, 10000, 1, 10);
	for (bool has_more = true; has_more; steps++) {
		int64_t rows = t->deleted[PRUNE_DELIVERED];
		assert_int_equal(
			prune_step(b->prune, &rules, PRUNEBENCH_NOW, &has_more),
			0);
		rows = t->deleted[PRUNE_DELIVERED] - rows;
		assert_in_range(rows, has_more ? 1 : 0, PRUNE_ROWS_MAX);
		assert_int_equal(
			outbox_int(b->fix->db, "SELECT count(*) FROM outbox"),
			10000 - t->deleted[PRUNE_DELIVERED]);
	}
	assert_true(steps > 10000 / PRUNE_ROWS_MAX);
	assert_int_equal(t->deleted[PRUNE_DELIVERED], 10000);
	assert_int_equal(t->deleted[PRUNE_ATTEMPTS], 10000);
}

/* A row whose attempts or payload are many makes a step no longer. */
static void test_heavy_rows(void **state)
{
	struct prunebench *b = *state;
	struct prune_rules rules = {.keep_delivered_ms = DAYS(1)};
	const struct prune_totals *t = prune_totals(b->prune);
	prunebench_fill(b, 3, 4000, 10);
	prunebench_fill(b, 60, 0, 60000);
	for (bool has_more = true; has_more;) {
		struct prune_totals before = *t;
		assert_int_equal(
			prune_step(b->prune, &rules, PRUNEBENCH_NOW, &has_more),
			0);
		assert_true(t->deleted[PRUNE_ATTEMPTS] -
				    before.deleted[PRUNE_ATTEMPTS] <=
			    1000);
		assert_true(t->deleted[PRUNE_DELIVERED] -
				    before.deleted[PRUNE_DELIVERED] <=
			    12);
	}
	assert_int_equal(t->deleted[PRUNE_DELIVERED], 63);
	assert_int_equal(t->deleted[PRUNE_ATTEMPTS], 12000);
}

static void test_log(void **state)
{
	struct prunebench *b = *state;
	sqlite3 *db = b->fix->db;
	outbox_exec(db,
		    "WITH RECURSIVE n(i) AS"
		    " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
		    "INSERT INTO outbox_log (at, level, event, fields)"
		    " SELECT %lld + i, 'info', 'e', '' FROM n",
		    PRUNEBENCH_NOW - 1000);
	/* A clock that was wrong for a while holds nothing up. */
	outbox_exec(db, "UPDATE outbox_log SET at = %lld WHERE id IN (1, 20)",
		    PRUNEBENCH_NOW * 2);
	prunebench_run(b, &(struct prune_rules){.keep_log_ms = 800});
	expect(b, "SELECT group_concat(id) FROM outbox_log WHERE id < 202",
	       "1,20,200,201");
	prunebench_run(b, &(struct prune_rules){.max_log_rows = 300});
	expect(b, "SELECT min(id) || ' ' || count(*) FROM outbox_log",
	       "201 300");
	prunebench_run(b, &(struct prune_rules){.max_log_rows = 10});
	expect(b, "SELECT min(id) || ' ' || max(id) FROM outbox_log",
	       "491 500");
	assert_int_equal(prune_totals(b->prune)->deleted[PRUNE_LOG], 490);
}

static void test_minutes_and_relays(void **state)
{
	struct prunebench *b = *state;
	struct prune_rules rules = {.keep_minutes_ms = DAYS(90),
				    .keep_log_ms = DAYS(14)};
	for (int day = 1; day <= 100; day++) {
		outbox_exec(b->fix->db,
			    "INSERT INTO outbox_minute VALUES"
			    " (%lld, 'a', 1, 0, 0, 0, 0, '[]'),"
			    " (%lld, 'b', 1, 0, 0, 0, 0, '[]')",
			    PRUNEBENCH_NOW - DAYS(day),
			    PRUNEBENCH_NOW - DAYS(day));
		outbox_exec(
			b->fix->db,
			"INSERT INTO outbox_relay VALUES"
			" ('r%d', 1, 'h', '1', 'stopped', 1, %lld, 1, 1, 0)",
			day, PRUNEBENCH_NOW - DAYS(day + 20));
	}
	prunebench_run(b, &rules);
	expect(b, "SELECT count(*) FROM outbox_minute", "180");
	expect(b, "SELECT group_concat(owner) FROM outbox_relay", "r1");
}

/* Rows that are not settled keep theirs, even if the limit is then broken. */
static void test_attempts(void **state)
{
	struct prunebench *b = *state;
	struct prune_rules rules = {.max_attempt_rows = 1000};
	prunebench_add(b, "pending", PRUNEBENCH_NOW - DAYS(9), "waiting");
	prunebench_add(b, "sending", PRUNEBENCH_NOW - DAYS(9), "on the wire");
	prunebench_attempts(b, 300);
	prunebench_fill(b, 600, 2, 10);
	prunebench_run(b, &rules);
	expect(b, "SELECT count(*) FROM outbox_attempt", "900");
	expect(b, "SELECT count(*) FROM outbox_attempt WHERE outbox_id <= 2",
	       "600");
	expect(b,
	       "SELECT min(outbox_id) FROM outbox_attempt"
	       " WHERE outbox_id > 2",
	       "453");
	expect(b, "SELECT count(*) FROM outbox", "602");
	rules.max_attempt_rows = 100;
	prunebench_run(b, &rules);
	expect(b, "SELECT count(*) FROM outbox_attempt", "600");
	assert_int_equal(prune_totals(b->prune)->deleted[PRUNE_ATTEMPTS], 1200);
}

/* The relay's own connection adds to what has been counted. */
static void test_attempts_that_come(void **state)
{
	struct prunebench *b = *state;
	struct prune_rules rules = {.max_attempt_rows = 12000};
	prunebench_fill(b, 400, 29, 10);
	prunebench_run(b, &rules);
	expect(b, "SELECT count(*) FROM outbox_attempt", "11600");
	assert_int_equal(
		db_exec(b->db,
			"INSERT INTO outbox_attempt"
			" SELECT outbox_id, 30, request_no + d, 1, started_at,"
			"  1, 'resp', 'retry', 1, 'r', 200, ''"
			"  FROM outbox_attempt, (SELECT 0 AS d UNION SELECT 1)"
			" WHERE lease_no = 1"),
		0);
	prunebench_run(b, &rules);
	assert_in_range(
		outbox_int(b->fix->db, "SELECT count(*) FROM outbox_attempt"),
		10000, 10800);
}

static void test_nothing_to_do(void **state)
{
	struct prunebench *b = *state;
	struct db *other = NULL;
	struct prune_rules rules = {.keep_delivered_ms = DAYS(30),
				    .keep_failed_ms = DAYS(30),
				    .keep_log_ms = DAYS(14),
				    .keep_minutes_ms = DAYS(90),
				    .max_log_rows = 1000,
				    .max_attempt_rows = 100000,
				    .max_db_bytes = INT64_C(1) << 40};
	bool has_more = true;
	prunebench_fill(b, 100, 3, 10);
	outbox_exec(b->fix->db, "UPDATE outbox SET delivered_at = %lld",
		    PRUNEBENCH_NOW);
	assert_int_equal(db_open(&other, b->fix->path, DB_READ, 50), 0);
	assert_true(db_has_changed(other));
	for (int i = 0; i < 3; i++)
		assert_int_equal(
			prune_step(b->prune, &rules, PRUNEBENCH_NOW, &has_more),
			0);
	assert_false(has_more);
	assert_false(db_has_changed(other));
	db_close(other);
}

/* Followers that a dead letter holds go on when it is gone. */
static void test_followers(void **state)
{
	struct prunebench *b = *state;
	sqlite3 *db = b->fix->db;
	prunebench_add(b, "failed", PRUNEBENCH_NOW - DAYS(9), "dead");
	prunebench_add(b, "pending", PRUNEBENCH_NOW - DAYS(8), "second");
	prunebench_add(b, "pending", PRUNEBENCH_NOW - DAYS(7), "third");
	outbox_exec(db, "UPDATE outbox SET ordering_key = 'k'");
	outbox_exec(db, "UPDATE outbox SET waits_for = 'order'"
			" WHERE status = 'pending'");
	prunebench_run(b, &(struct prune_rules){.keep_failed_ms = DAYS(1)});
	scoped_free char *rows = outbox_rows(
		db, "SELECT dedup_key, waits_for FROM outbox ORDER BY id");
	assert_string_equal(rows, "second|-\nthird|order\n");
}

static void test_busy(void **state)
{
	struct prunebench *b = *state;
	struct prune_rules rules = {.keep_delivered_ms = DAYS(1)};
	bool has_more = false;
	prunebench_fill(b, 1, 1, 10);
	outbox_exec(b->fix->db, "BEGIN IMMEDIATE");
	assert_int_equal(
		prune_step(b->prune, &rules, PRUNEBENCH_NOW, &has_more),
		DB_BUSY);
	assert_false(db_in_transaction(b->db));
	outbox_exec(b->fix->db, "COMMIT");
	prunebench_run(b, &rules);
	expect(b, "SELECT count(*) FROM outbox", "0");
}

/* A trigger of somebody's has the last word, and nothing is lost by it. */
static void test_refused(void **state)
{
	struct prunebench *b = *state;
	struct prune_rules rules = {.keep_delivered_ms = DAYS(1)};
	bool has_more = false;
	prunebench_fill(b, 3, 1, 10);
	outbox_exec(
		b->fix->db,
		"CREATE TRIGGER keep BEFORE DELETE ON outbox WHEN OLD.id = 2"
		" BEGIN SELECT RAISE(ABORT, 'I keep it'); END");
	/* A slow machine may take several steps to come to it. */
	int rc;
	do {
		rc = prune_step(b->prune, &rules, PRUNEBENCH_NOW, &has_more);
	} while (rc == 0 && has_more);
	assert_int_equal(rc, DB_REFUSED);
	assert_false(db_in_transaction(b->db));
	expect(b, "SELECT count(*) FROM outbox WHERE id >= 2", "2");
}

static void test_steady_load(void **state)
{
	struct prunebench *b = *state;
	int64_t bytes[STEADY_HOURS];
	steady_run(b->fix->dir, 20, bytes);
	if (!steady_is_steady(bytes))
		fail_msg("hour 3: %lld bytes, hour 6: %lld",
			 (long long)bytes[2], (long long)bytes[5]);
}

#define PRUNE_TEST(f)                                         \
	cmocka_unit_test_setup_teardown(f, prunebench_set_up, \
					prunebench_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		PRUNE_TEST(test_oldest_first),
		PRUNE_TEST(test_steps_are_small),
		PRUNE_TEST(test_heavy_rows),
		PRUNE_TEST(test_log),
		PRUNE_TEST(test_minutes_and_relays),
		PRUNE_TEST(test_attempts),
		PRUNE_TEST(test_attempts_that_come),
		PRUNE_TEST(test_nothing_to_do),
		PRUNE_TEST(test_followers),
		PRUNE_TEST(test_busy),
		PRUNE_TEST(test_refused),
		PRUNE_TEST(test_steady_load),
	};
	return cmocka_run_group_tests_name("prune", tests, NULL, NULL);
}
