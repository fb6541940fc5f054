/* Undo of a cancel and of a pause. Other code relies on: what somebody else has
 * taken up since is left alone, and counted. */
#include "lib/util.h"
#include "tests/support/actbench.h"

#include <stdlib.h>
#include <string.h>

/* All that a row is but its version and when it was changed. */
#define ROW                                                          \
	"SELECT id, status, payload, recipient, due_at, expires_at," \
	" attempts, unknowns, interrupted, generation, lease_no,"    \
	" last_reason, last_error FROM outbox WHERE id = %lld"

static void test_back_to_what_it_was(void **state)
{
	static const enum message_status states[] = {
		MESSAGE_PENDING, MESSAGE_FAILED, MESSAGE_EXPIRED};
	struct actbench *b = *state;
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		int64_t id = actbench_add(b, states[i]);
		outbox_exec(b->fix->db,
			    "UPDATE outbox SET due_at = due_at + 99,"
			    " last_reason = 'o\"dd' WHERE id = %lld",
			    id);
		scoped_free char *before = outbox_rows(b->fix->db, ROW, id);
		assert_int_equal(actbench_row(b, ACT_CANCEL, id), ACT_CHANGED);
		assert_int_equal(actbench_undo(b, b->last, ACT_NOW + 1), 0);
		actbench_expect_total(b, "changed 1");
		actbench_expect(b, before, ROW, id);
		actbench_expect(b, "3600001|-\n",
				"SELECT updated_at - %lld, waits_for"
				"  FROM outbox WHERE id = %lld",
				ACT_CREATED, id);
	}
}

static void cancel_all(struct actbench *b, struct act_row *rows, size_t count)
{
	assert_int_equal(actbench_rows(b, ACT_CANCEL, rows, count), 0);
	assert_int_equal(b->total.counts[ACT_CHANGED], count);
}

static void test_what_moved_on_is_left(void **state)
{
	struct actbench *b = *state;
	struct act_row rows[5];
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		rows[i] = actbench_see(b, actbench_add(b, MESSAGE_PENDING));
	cancel_all(b, rows, ARRAY_LEN(rows));
	char cancelled[ACT_ID_LEN + 1];
	memcpy(cancelled, b->last, sizeof(cancelled));
	actbench_row(b, ACT_RETRY, 2); /* and claimed */
	actbench_move(b, 2, "sending");
	actbench_row(b, ACT_RETRY, 3); /* and cancelled once more */
	actbench_row(b, ACT_CANCEL, 3);
	outbox_exec(b->fix->db, "DELETE FROM outbox WHERE id = 4");
	assert_int_equal(actbench_undo(b, cancelled, ACT_NOW), 0);
	actbench_expect_total(b,
			      "changed 2, on the wire 1, moved on 1, gone 1");
	actbench_expect(b, "1|pending\n2|sending\n3|cancelled\n5|pending\n",
			"SELECT id, status FROM outbox");
	scoped_free char *audit =
		xasprintf("undo|act:%s|2|3|[1,5]\n", cancelled);
	actbench_expect(b, audit,
			"SELECT action, filter, changed, skipped, ids"
			"  FROM outbox_audit WHERE act = %Q",
			b->last);
}

static void test_twice(void **state)
{
	struct actbench *b = *state;
	actbench_row(b, ACT_CANCEL, actbench_add(b, MESSAGE_FAILED));
	char cancelled[ACT_ID_LEN + 1];
	memcpy(cancelled, b->last, sizeof(cancelled));
	assert_int_equal(actbench_undo(b, cancelled, ACT_NOW), 0);
	assert_int_equal(actbench_undo(b, cancelled, ACT_NOW), 0);
	actbench_expect_total(b, "moved on 1");
}

static void test_what_is_not_undone(void **state)
{
	struct actbench *b = *state;
	assert_int_equal(
		actbench_undo(b, "00000000000000000000000000000000", ACT_NOW),
		ACT_UNKNOWN);
	actbench_row(b, ACT_RETRY, actbench_add(b, MESSAGE_FAILED));
	assert_int_equal(actbench_undo(b, b->last, ACT_NOW), ACT_NOT_UNDOABLE);
	actbench_row(b, ACT_EDIT, 1);
	assert_int_equal(actbench_undo(b, b->last, ACT_NOW), ACT_NOT_UNDOABLE);
	actbench_channels(b, ACT_PAUSE, NULL);
	actbench_channels(b, ACT_RESUME, NULL);
	assert_int_equal(actbench_undo(b, b->last, ACT_NOW), ACT_NOT_UNDOABLE);
	actbench_row(b, ACT_CANCEL, 1);
	char cancelled[ACT_ID_LEN + 1];
	memcpy(cancelled, b->last, sizeof(cancelled));
	assert_int_equal(actbench_undo(b, cancelled, ACT_NOW + 60001),
			 ACT_TOO_LATE);
	actbench_expect(b, "cancelled|5\n",
			"SELECT status, (SELECT count(*) FROM outbox_audit)"
			" FROM outbox");
	assert_int_equal(actbench_undo(b, cancelled, ACT_NOW + 60000), 0);
	actbench_expect_total(b, "changed 1");
}

/* Three batches are undone in three; the second finds the database busy, and
 * the minute is over before the third. */
static void test_batches(void **state)
{
	enum { MANY = 250 };
	struct actbench *b = *state;
	static struct act_row rows[MANY];
	outbox_exec(b->fix->db, "BEGIN");
	for (int i = 0; i < MANY; i++)
		rows[i].id = actbench_add(b, MESSAGE_PENDING);
	outbox_exec(b->fix->db, "COMMIT");
	struct act cancel = {.action = ACT_CANCEL, .actor = &b->actor};
	act_begin(&cancel);
	for (size_t at = 0; at < MANY; at += ACT_BATCH_MAX)
		assert_int_equal(act_rows(b->desk, &cancel, rows + at,
					  MIN(MANY - at, ACT_BATCH_MAX),
					  ACT_NOW, &b->total),
				 0);
	struct act undo = {
		.action = ACT_UNDO, .actor = &b->actor, .undoes = cancel.id};
	struct act_result total = {0};
	bool is_done = true;
	act_begin(&undo);
	assert_int_equal(
		act_undo(b->desk, &undo, ACT_NOW + 60000, &total, &is_done), 0);
	assert_false(is_done);
	outbox_exec(b->fix->db, "BEGIN IMMEDIATE");
	assert_int_equal(
		act_undo(b->desk, &undo, ACT_NOW + 60001, &total, &is_done),
		DB_BUSY);
	outbox_exec(b->fix->db, "ROLLBACK");
	for (int left = 1; left >= 0; left--) {
		assert_int_equal(act_undo(b->desk, &undo, ACT_NOW + 60001,
					  &total, &is_done),
				 0);
		assert_int_equal(is_done, left == 0);
	}
	assert_int_equal(total.counts[ACT_CHANGED], MANY);
	actbench_expect(b, "pending|250\n",
			"SELECT status, count(*) FROM outbox GROUP BY status");
	actbench_expect(b, "cancel|3|1\nundo|3|1\n",
			"SELECT action, count(*), count(DISTINCT act)"
			"  FROM outbox_audit GROUP BY action");
}

/* A cancelled row lets its followers go; put back, it must not strand them. */
static void test_followers(void **state)
{
	struct actbench *b = *state;
	actbench_add(b, MESSAGE_PENDING);
	actbench_add(b, MESSAGE_PENDING);
	outbox_exec(b->fix->db, "UPDATE outbox SET recipient = 'u',"
				" waits_for = iif(id = 1, NULL, 'recipient')");
	actbench_row(b, ACT_CANCEL, 1);
	assert_int_equal(actbench_undo(b, b->last, ACT_NOW), 0);
	actbench_expect(b, "pending|-\npending|-\n",
			"SELECT status, waits_for FROM outbox");
}

static void test_pause(void **state)
{
	struct actbench *b = *state;
	outbox_exec(b->fix->db,
		    "INSERT INTO outbox_channel (name, kind)"
		    " VALUES ('a\"b', 'webhook'), ('c', 'webhook')");
	assert_int_equal(actbench_channels(b, ACT_PAUSE, NULL), 0);
	char paused[ACT_ID_LEN + 1];
	memcpy(paused, b->last, sizeof(paused));
	/* Somebody else paused c anew since. */
	outbox_exec(b->fix->db,
		    "UPDATE outbox_channel SET state_since = %lld"
		    " WHERE name = 'c'",
		    ACT_NOW + 5);
	assert_int_equal(actbench_undo(b, paused, ACT_NOW + 10), 0);
	actbench_expect_total(b, "changed 2, moved on 1");
	actbench_expect(b,
			"a\"b|open|-|10|alice|1\nc|paused|why|5|alice|0\n"
			"wechat-cloud|open|-|10|alice|1\n",
			"SELECT name, state, detail, state_since - %lld,"
			" state_by, resume_wanted FROM outbox_channel",
			ACT_NOW);
	actbench_expect(b, "2|1|[\"a\\\"b\",\"wechat-cloud\"]\n",
			"SELECT changed, skipped, ids FROM outbox_audit"
			" WHERE act = %Q",
			b->last);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_back_to_what_it_was),
		ACT_TEST(test_what_moved_on_is_left),
		ACT_TEST(test_twice),
		ACT_TEST(test_what_is_not_undone),
		ACT_TEST(test_batches),
		ACT_TEST(test_followers),
		ACT_TEST(test_pause),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
