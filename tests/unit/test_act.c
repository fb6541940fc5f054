/* The operators' verbs on rows. Other code relies on: a verb changes only what
 * the operator saw and what is not on the wire; a batch happens as a whole or
 * not at all; nothing happens without its row of the audit. */
#include "lib/util.h"
#include "tests/support/actbench.h"

#include <stdlib.h>
#include <string.h>

#define ROW                                                             \
	"SELECT status, version, generation, attempts, unknowns,"       \
	" interrupted, due_at - 1900000000000, waits_for, last_reason," \
	" last_error, updated_at - 1900000000000, lease_no"             \
	"  FROM outbox WHERE id = %lld"

/* What a verb makes of a row that the caller sees as it is. */
static const struct {
	enum act_action action;
	enum message_status status;
	enum act_fate fate;
	const char *row; /* NULL: as it was */
} verbs[] = {
	{ACT_RETRY, MESSAGE_PENDING, ACT_CHANGED,
	 "pending|1|1|0|0|0|0|-|-|-|3600000|0\n"},
	{ACT_RETRY, MESSAGE_SENDING, ACT_ON_WIRE, NULL},
	{ACT_RETRY, MESSAGE_DELIVERED, ACT_WRONG_STATE, NULL},
	{ACT_RETRY, MESSAGE_FAILED, ACT_CHANGED,
	 "pending|3|2|0|0|0|3600000|-|-|no \"way\"|3600000|1\n"},
	{ACT_RETRY, MESSAGE_EXPIRED, ACT_CHANGED,
	 "pending|2|2|0|0|0|3600000|-|-|-|3600000|0\n"},
	{ACT_RETRY, MESSAGE_CANCELLED, ACT_CHANGED,
	 "pending|2|2|0|0|0|3600000|-|-|-|3600000|0\n"},
	{ACT_EDIT, MESSAGE_PENDING, ACT_CHANGED,
	 "pending|1|2|0|0|0|3600000|-|-|-|3600000|0\n"},
	{ACT_EDIT, MESSAGE_SENDING, ACT_ON_WIRE, NULL},
	{ACT_EDIT, MESSAGE_DELIVERED, ACT_WRONG_STATE, NULL},
	{ACT_EDIT, MESSAGE_FAILED, ACT_CHANGED,
	 "pending|3|2|0|0|0|3600000|-|-|no \"way\"|3600000|1\n"},
	{ACT_EDIT, MESSAGE_EXPIRED, ACT_CHANGED,
	 "pending|2|2|0|0|0|3600000|-|-|-|3600000|0\n"},
	{ACT_EDIT, MESSAGE_CANCELLED, ACT_CHANGED,
	 "pending|2|2|0|0|0|3600000|-|-|-|3600000|0\n"},
	{ACT_CANCEL, MESSAGE_PENDING, ACT_CHANGED,
	 "cancelled|1|1|0|0|0|0|-|cancelled-by-operator|-|3600000|0\n"},
	{ACT_CANCEL, MESSAGE_SENDING, ACT_ON_WIRE, NULL},
	{ACT_CANCEL, MESSAGE_DELIVERED, ACT_WRONG_STATE, NULL},
	{ACT_CANCEL, MESSAGE_FAILED, ACT_CHANGED,
	 "cancelled|3|1|7|3|2|0|-|cancelled-by-operator|no "
	 "\"way\"|3600000|1\n"},
	{ACT_CANCEL, MESSAGE_EXPIRED, ACT_CHANGED,
	 "cancelled|2|1|0|0|0|0|-|cancelled-by-operator|-|3600000|0\n"},
	{ACT_CANCEL, MESSAGE_CANCELLED, ACT_WRONG_STATE, NULL},
};

static void try_verb(struct actbench *b, size_t i, bool is_any_version)
{
	int64_t id = actbench_add(b, verbs[i].status);
	scoped_free char *before = outbox_rows(
		b->fix->db, "SELECT * FROM outbox WHERE id = %lld", id);
	struct act_row row = actbench_see(b, id);
	row.payload = "{\"assignedToId\":\"new\"}";
	if (is_any_version)
		row.version = ACT_ANY_VERSION;
	assert_int_equal(actbench_rows(b, verbs[i].action, &row, 1), 0);
	scoped_free char *what = xasprintf(
		"%s of %s: %s", act_action_name(verbs[i].action),
		message_status_name(verbs[i].status), act_fate_name(row.fate));
	if (row.fate != verbs[i].fate || b->total.counts[row.fate] != 1)
		fail_msg("%s", what);
	if (verbs[i].row)
		actbench_expect(b, verbs[i].row, ROW, id);
	else
		actbench_expect(b, before,
				"SELECT * FROM outbox WHERE id = %lld", id);
	actbench_expect(b, verbs[i].row ? "1|0\n" : "0|1\n",
			"SELECT changed, skipped FROM outbox_audit"
			" WHERE act = %Q",
			b->last);
}

static void test_verbs(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		try_verb(*state, i, false);
		try_verb(*state, i, true);
	}
}

static void test_history_stays(void **state)
{
	struct actbench *b = *state;
	int64_t id = actbench_add(b, MESSAGE_FAILED);
	actbench_row(b, ACT_RETRY, id);
	actbench_expect(b, "1|retry\n",
			"SELECT generation, outcome FROM outbox_attempt");
}

/* What happens to a row between the list and the key. */
static const struct {
	enum message_status seen;
	const char *moves[3];
	enum act_fate fate;
} between[] = {
	{MESSAGE_PENDING, {"sending"}, ACT_ON_WIRE},
	{MESSAGE_PENDING, {"sending", "delivered"}, ACT_MOVED_ON},
	{MESSAGE_PENDING, {"sending", "pending"}, ACT_MOVED_ON},
	{MESSAGE_PENDING, {"expired"}, ACT_MOVED_ON},
	{MESSAGE_PENDING, {"cancelled"}, ACT_MOVED_ON},
	{MESSAGE_FAILED, {"pending"}, ACT_MOVED_ON},
	{MESSAGE_FAILED, {"pending", "sending", "failed"}, ACT_MOVED_ON},
};

static void test_moved_on_meanwhile(void **state)
{
	static const enum act_action actions[] = {ACT_RETRY, ACT_EDIT,
						  ACT_CANCEL};
	struct actbench *b = *state;
	for (size_t i = 0; i < ARRAY_LEN(between) * ARRAY_LEN(actions); i++) {
		size_t n = i % ARRAY_LEN(between);
		int64_t id = actbench_add(b, between[n].seen);
		struct act_row row = actbench_see(b, id);
		row.payload = "{}";
		for (size_t m = 0; m < 3 && between[n].moves[m]; m++)
			actbench_move(b, id, between[n].moves[m]);
		scoped_free char *before = outbox_rows(
			b->fix->db, "SELECT * FROM outbox WHERE id = %lld", id);
		enum act_action action = actions[i / ARRAY_LEN(between)];
		assert_int_equal(actbench_rows(b, action, &row, 1), 0);
		assert_int_equal(row.fate, between[n].fate);
		actbench_expect(b, before,
				"SELECT * FROM outbox WHERE id = %lld", id);
	}
	actbench_expect(b, "0\n", "SELECT count(*) FROM outbox_revision");
}

static void test_gone(void **state)
{
	struct actbench *b = *state;
	int64_t id = actbench_add(b, MESSAGE_FAILED);
	struct act_row rows[] = {actbench_see(b, id),
				 {.id = 99, .version = ACT_ANY_VERSION}};
	outbox_exec(b->fix->db, "DELETE FROM outbox");
	assert_int_equal(actbench_rows(b, ACT_RETRY, rows, 2), 0);
	actbench_expect_total(b, "gone 2");
	assert_int_equal(act_skipped(&b->total), 2);
}

/* Both saw the same list and press the same key. */
static void test_two_operators(void **state)
{
	struct actbench *b = *state;
	struct act_row one[3], two[3];
	for (int i = 0; i < 3; i++)
		one[i] = two[i] =
			actbench_see(b, actbench_add(b, MESSAGE_FAILED));
	assert_int_equal(actbench_rows(b, ACT_RETRY, one, 2), 0);
	actbench_expect_total(b, "changed 2");
	assert_int_equal(actbench_rows_at(b, b->other_desk, ACT_RETRY, two, 3),
			 0);
	actbench_expect_total(b, "changed 1, moved on 2");
	assert_int_equal(two[0].fate, ACT_MOVED_ON);
	assert_int_equal(two[2].fate, ACT_CHANGED);
	actbench_expect(b, "2\n2\n2\n", "SELECT generation FROM outbox");
	actbench_expect(b, "2|0|[1,2]\n1|2|[3]\n",
			"SELECT changed, skipped, ids FROM outbox_audit");
}

static void test_the_same_row_twice(void **state)
{
	struct actbench *b = *state;
	int64_t id = actbench_add(b, MESSAGE_FAILED);
	struct act_row rows[] = {actbench_see(b, id), actbench_see(b, id)};
	assert_int_equal(actbench_rows(b, ACT_RETRY, rows, 2), 0);
	actbench_expect_total(b, "changed 1, moved on 1");
}

static void test_busy(void **state)
{
	struct actbench *b = *state;
	struct act_row row = actbench_see(b, actbench_add(b, MESSAGE_FAILED));
	row.fate = ACT_CHANGED;
	outbox_exec(b->fix->db, "BEGIN IMMEDIATE");
	assert_int_equal(actbench_rows(b, ACT_RETRY, &row, 1), DB_BUSY);
	outbox_exec(b->fix->db, "ROLLBACK");
	actbench_expect_total(b, "");
	assert_int_equal(row.fate, ACT_UNTOUCHED);
	actbench_expect(b, "failed|0\n",
			"SELECT status, (SELECT count(*) FROM outbox_audit)"
			" FROM outbox");
	assert_int_equal(actbench_rows(b, ACT_RETRY, &row, 1), 0);
	actbench_expect_total(b, "changed 1");
}

/* The audit's row is what finds no room: the verbs before it must not stay. */
static void test_disk_full(void **state)
{
	struct actbench *b = *state;
	struct act_row row = actbench_see(b, actbench_add(b, MESSAGE_FAILED));
	int64_t pages = outbox_int(b->fix->db, "PRAGMA page_count");
	scoped_free char *sql =
		xasprintf("PRAGMA max_page_count=%lld", (long long)pages);
	scoped_free char *words = xmalloc(1000);
	memset(words, 'x', 999);
	words[999] = '\0';
	struct act act = {.action = ACT_RETRY,
			  .actor = &b->actor,
			  .filter = words,
			  .reason = words};
	act_begin(&act);
	assert_int_equal(db_exec(b->db, sql), 0);
	int rc = 0;
	for (int i = 0; i < 100 && rc == 0; i++) {
		row = actbench_see(b, row.id);
		memset(&b->total, 0, sizeof(b->total));
		rc = act_rows(b->desk, &act, &row, 1, ACT_NOW, &b->total);
	}
	assert_int_equal(rc, DB_FULL);
	actbench_expect_total(b, "");
	assert_int_equal(row.fate, ACT_UNTOUCHED);
	actbench_expect(b, "1\n",
			"SELECT version = 2 + (SELECT count(*) FROM"
			" outbox_audit) FROM outbox");
	assert_int_equal(db_exec(b->db, "PRAGMA max_page_count=100000"), 0);
	assert_int_equal(actbench_rows(b, ACT_RETRY, &row, 1), 0);
}

static void test_send_now(void **state)
{
	struct actbench *b = *state;
	int64_t id = actbench_add(b, MESSAGE_PENDING);
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET due_at = %lld, waits_for = 'order',"
		    " attempts = 4, last_reason = 'wechat-busy'",
		    ACT_NOW + 7200000);
	assert_int_equal(actbench_row(b, ACT_RETRY, id), ACT_CHANGED);
	actbench_expect(b,
			"pending|1|1|4|0|0|3600000|-|wechat-busy|-|"
			"3600000|0\n",
			ROW, id);
}

/* The row that others wait for is cancelled, or an edit sends it elsewhere. */
static void test_release(void **state)
{
	static const enum act_action actions[] = {ACT_CANCEL, ACT_EDIT};
	struct actbench *b = *state;
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		int64_t first = actbench_add(b, MESSAGE_PENDING);
		int64_t second = actbench_add(b, MESSAGE_PENDING);
		outbox_exec(b->fix->db,
			    "UPDATE outbox SET recipient = 'u%lld',"
			    " waits_for = iif(id = %lld, 'recipient', NULL)"
			    " WHERE id >= %lld",
			    first, second, first);
		actbench_row(b, actions[i], first);
		actbench_expect(b, "-\n",
				"SELECT waits_for FROM outbox"
				" WHERE id = %lld",
				second);
	}
}

/* What waits itself waits no longer. */
static void test_cancel_what_waits(void **state)
{
	struct actbench *b = *state;
	int64_t id = actbench_add(b, MESSAGE_PENDING);
	outbox_exec(b->fix->db, "UPDATE outbox SET waits_for = 'order'");
	actbench_row(b, ACT_CANCEL, id);
	actbench_expect(b, "cancelled|-\n",
			"SELECT status, waits_for FROM outbox");
}

static void test_release_by_key(void **state)
{
	struct actbench *b = *state;
	int64_t first = actbench_add(b, MESSAGE_PENDING);
	actbench_add(b, MESSAGE_PENDING);
	actbench_add(b, MESSAGE_PENDING);
	outbox_exec(b->fix->db, "UPDATE outbox SET ordering_key = 'k',"
				" waits_for = iif(id > 1, 'order', NULL)");
	actbench_row(b, ACT_CANCEL, first);
	actbench_expect(b, "1|-\n2|-\n3|order\n",
			"SELECT id, waits_for FROM outbox");
}

/* As the console does it: a list once, then batch after batch, with the relay
 * at work between them. */
static void test_many(void **state)
{
	enum { MANY = 1204 };
	struct actbench *b = *state;
	static struct act_row rows[MANY];
	outbox_exec(b->fix->db, "BEGIN");
	for (int i = 0; i < MANY; i++)
		rows[i].id = actbench_add(b, MESSAGE_PENDING);
	outbox_exec(b->fix->db, "COMMIT");
	struct act act = {.action = ACT_CANCEL,
			  .actor = &b->actor,
			  .filter = "state:pending",
			  .fence = MANY,
			  .reason = "promotion withdrawn"};
	act_begin(&act);
	for (size_t at = 0; at < MANY; at += ACT_BATCH_MAX) {
		if (at == 500)
			actbench_move(b, 700, "sending");
		assert_int_equal(act_rows(b->desk, &act, rows + at,
					  MIN(MANY - at, ACT_BATCH_MAX),
					  ACT_NOW, &b->total),
				 0);
	}
	actbench_expect_total(b, "changed 1203, on the wire 1");
	assert_int_equal(rows[699].fate, ACT_ON_WIRE);
	actbench_expect(b, "cancelled|1203\nsending|1\n",
			"SELECT status, count(*) FROM outbox GROUP BY status");
	actbench_expect(b, "13|1|1203|1|100\n",
			"SELECT count(*), count(DISTINCT act), sum(changed),"
			" sum(skipped), max(changed) FROM outbox_audit");
	actbench_expect(b, "1203\n",
			"SELECT count(DISTINCT json_extract(value, '$[0]'))"
			"  FROM outbox_audit, json_each(ids)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_verbs),
		ACT_TEST(test_history_stays),
		ACT_TEST(test_moved_on_meanwhile),
		ACT_TEST(test_gone),
		ACT_TEST(test_two_operators),
		ACT_TEST(test_the_same_row_twice),
		ACT_TEST(test_busy),
		ACT_TEST(test_disk_full),
		ACT_TEST(test_send_now),
		ACT_TEST(test_release),
		ACT_TEST(test_cancel_what_waits),
		ACT_TEST(test_release_by_key),
		ACT_TEST(test_many),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
