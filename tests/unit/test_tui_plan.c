/* An operator's act from the choice of its rows to the last batch. Other code
 * relies on: what was chosen is what is changed, unless it has moved on; the
 * batches of one act share its id; a batch that meets a lock or a full disk has
 * not happened and may be tried again. */
#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tui/plan.h"

#include <stdlib.h>
#include <string.h>

struct bench {
	struct actbench *act;			     /* own */
	struct db *reader;			     /* own */
	struct planner *planner, *other, *read_only; /* own */
	struct actor bob;
};

static int set_up(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	void *act = NULL;
	actbench_set_up(&act);
	b->act = act;
	actor_init(&b->bob, &(struct actor_facts){.login = "bob", .uid = 1001});
	assert_int_equal(db_open(&b->reader, b->act->fix->path, DB_READ, 50),
			 0);
	b->planner = planner_create(b->reader, b->act->db, &b->act->actor);
	b->other = planner_create(b->reader, b->act->other, &b->bob);
	b->read_only = planner_create(b->reader, NULL, &b->bob);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	planner_destroy(b->planner);
	planner_destroy(b->other);
	planner_destroy(b->read_only);
	actor_finish(&b->bob);
	db_close(b->reader);
	void *act = b->act;
	actbench_tear_down(&act);
	free(b);
	return 0;
}
#define PLAN_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static int64_t add(struct bench *b, enum message_status status)
{
	return actbench_add(b->act, status);
}

static void add_many(struct bench *b, enum message_status status, int count)
{
	outbox_exec(b->act->fix->db, "BEGIN");
	for (int i = 0; i < count; i++)
		add(b, status);
	outbox_exec(b->act->fix->db, "COMMIT");
}

/* Rows 1 to count. */
static void choose(struct planner *p, struct plan *plan, size_t count)
{
	scoped_free int64_t *ids = xmalloc(count * sizeof(*ids));
	for (size_t i = 0; i < count; i++)
		ids[i] = (int64_t)i + 1;
	assert_int_equal(planner_choose_ids(p, plan, ids, count, ACT_NOW), 0);
}

static int act_all(struct planner *p, struct plan *plan)
{
	int rc;
	while ((rc = planner_act(p, plan, ACT_NOW)) == ROWS_MORE)
		;
	return rc;
}

static void expect_summary(const struct plan *plan, const char *text)
{
	scoped_free char *summary = plan_summary(plan);
	assert_string_equal(summary, text);
}

static void test_choice(void **state)
{
	struct bench *b = *state;
	for (int status = 0; status < MESSAGE_STATUS_COUNT; status++)
		add(b, (enum message_status)status);
	struct plan plan;
	plan_init(&plan, ACT_CANCEL);
	choose(b->planner, &plan, 8); /* 7 and 8 are not there */
	assert_int_equal(plan.count, 3);
	assert_int_equal(plan.other_state, 3);
	assert_int_equal(plan.gone, 2);
	assert_int_equal(plan.looked, 8);
	for (int status = 0; status < MESSAGE_STATUS_COUNT; status++)
		assert_int_equal(plan.by_status[status], 1);
	assert_int_equal(plan.rows[1].id, 4);
	assert_int_equal(plan.rows[1].version, 2);
	assert_int_equal(plan.oldest_ms, ACT_CREATED);
	assert_int_equal(plan.newest_ms, ACT_CREATED);
	assert_int_equal(plan.channel_count, 1);
	assert_int_equal(plan.channels[0].count, 3);
	assert_int_equal(plan.sample_count, 3);
	assert_int_equal(plan.samples[2].id, 5);
	choose(b->planner, &plan, 2); /* again: begins anew */
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.gone, 0);
	plan_finish(&plan);
}

static void test_channels_largest_first(void **state)
{
	struct bench *b = *state;
	sqlite3 *db = b->act->fix->db;
	add_many(b, MESSAGE_FAILED, 20);
	outbox_exec(db, "UPDATE outbox SET channel = 'c' || min(id, 10)");
	struct plan plan;
	plan_init(&plan, ACT_RETRY);
	choose(b->planner, &plan, 20);
	assert_int_equal(plan.channel_count, PLAN_CHANNELS);
	assert_int_equal(plan.channel_rest, 12);
	outbox_exec(db, "UPDATE outbox SET channel = 'c' || max(id, 15)");
	choose(b->planner, &plan, 20);
	assert_string_equal(plan.channels[0].name, "c15");
	assert_int_equal(plan.channels[0].count, 15);
	assert_int_equal(plan.channel_rest, 0);
	plan_finish(&plan);
}

/* What a retry should warn of: counted in this generation, or in an earlier
 * one, whose counters are gone. */
static void test_unsure(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_FAILED, 4);
	outbox_exec(b->act->fix->db,
		    "UPDATE outbox SET unknowns = 0, interrupted = 0;"
		    "UPDATE outbox SET unknowns = 1 WHERE id = 1;"
		    "UPDATE outbox SET interrupted = 1 WHERE id = 2;"
		    "UPDATE outbox_attempt SET outcome = 'unknown'"
		    " WHERE outbox_id = 3");
	struct plan plan;
	plan_init(&plan, ACT_RETRY);
	choose(b->planner, &plan, 4);
	assert_int_equal(plan.unsure, 3);
	plan_finish(&plan);
}

static void test_fresh_lives(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_EXPIRED, 4);
	/* Now, in the moment that is too short to send it, and behind that. */
	outbox_exec(b->act->fix->db,
		    "UPDATE outbox SET expires_at ="
		    " iif(id < 4, %lld + (id - 1) * 10000, NULL)",
		    ACT_NOW);
	struct plan plan;
	plan_init(&plan, ACT_RETRY);
	choose(b->planner, &plan, 4);
	assert_int_equal(plan.expired_lives, 2);
	assert_int_equal(act_all(b->planner, &plan), ROWS_DONE);
	assert_int_equal(plan.result.fresh_lives, 2);
	plan_finish(&plan);
}

static void test_rate(void **state)
{
	struct bench *b = *state;
	add(b, MESSAGE_FAILED);
	/* The minute under way, and what is too long ago, do not count. */
	for (int i = 0; i <= 6; i++)
		outbox_exec(b->act->fix->db,
			    "INSERT INTO outbox_minute VALUES (%lld, 'c', 100,"
			    " 0, 0, 0, 0, '[]')",
			    ACT_NOW - ACT_NOW % 60000 - i * 60000);
	struct plan plan;
	plan_init(&plan, ACT_RETRY);
	choose(b->planner, &plan, 1);
	assert_int_equal(plan.per_minute, 100);
	plan_finish(&plan);
}

static void test_batches(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_FAILED, 250);
	struct plan plan;
	plan_init(&plan, ACT_CANCEL);
	choose(b->planner, &plan, 250);
	plan.filter = xstrdup("state:failed");
	plan.reason = xstrdup("withdrawn");
	plan.fence = 250;
	assert_int_equal(planner_act(b->planner, &plan, ACT_NOW), ROWS_MORE);
	assert_int_equal(plan.next, 100);
	actbench_move(b->act, 150, "pending"); /* retried by somebody else */
	actbench_move(b->act, 151, "pending");
	actbench_move(b->act, 151, "sending");
	outbox_exec(b->act->fix->db, "DELETE FROM outbox WHERE id = 152");
	assert_int_equal(planner_act(b->planner, &plan, ACT_NOW), ROWS_MORE);
	assert_int_equal(planner_act(b->planner, &plan, ACT_NOW), ROWS_DONE);
	assert_true(plan.is_finished);
	expect_summary(&plan, "250 rows: 247 cancelled, 0 failed, 3 skipped "
			      "(1 moved on, 1 on the wire, 1 gone)");
	actbench_expect(b->act, "1|3|247|3\n",
			"SELECT count(DISTINCT act), count(*), sum(changed),"
			" sum(skipped) FROM outbox_audit"
			" WHERE filter = 'state:failed' AND fence = 250"
			"   AND reason = 'withdrawn' AND who = 'alice'");
	actbench_expect(b->act, "cancelled|247\npending|1\nsending|1\n",
			"SELECT status, count(*) FROM outbox GROUP BY status");
	plan_finish(&plan);
}

/* Whatever the plan took is changed by the verb; whatever it left is not. */
static void test_states(void **state)
{
	struct bench *b = *state;
	static const enum act_action actions[] = {ACT_RETRY, ACT_EDIT,
						  ACT_CANCEL};
	for (size_t i = 0; i < ARRAY_LEN(actions) * MESSAGE_STATUS_COUNT; i++) {
		enum act_action action = actions[i / MESSAGE_STATUS_COUNT];
		unsigned status = (unsigned)(i % MESSAGE_STATUS_COUNT);
		int64_t id = add(b, (enum message_status)status);
		enum act_fate fate = actbench_row(b->act, action, id);
		bool is_in = plan_states(action) & 1U << status;
		assert_int_equal(is_in, fate == ACT_CHANGED);
	}
}

static void expect_stuck(struct bench *b, struct plan *plan, int rc)
{
	assert_int_equal(planner_act(b->planner, plan, ACT_NOW), rc);
	assert_int_equal(plan->next, 0);
	assert_false(plan->is_finished);
	assert_null(plan->error);
	actbench_expect(b->act, "150|0\n",
			"SELECT (SELECT count(*) FROM outbox WHERE status ="
			" 'failed'), (SELECT count(*) FROM outbox_audit)");
}

static void test_busy(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_FAILED, 150);
	struct plan plan;
	plan_init(&plan, ACT_RETRY);
	choose(b->planner, &plan, 150);
	outbox_exec(b->act->fix->db, "BEGIN IMMEDIATE");
	expect_stuck(b, &plan, DB_BUSY);
	expect_stuck(b, &plan, DB_BUSY);
	outbox_exec(b->act->fix->db, "ROLLBACK");
	assert_int_equal(act_all(b->planner, &plan), ROWS_DONE);
	expect_summary(&plan, "150 rows: 150 queued, 0 skipped, 0 failed");
	actbench_expect(b->act, "1|2|150\n",
			"SELECT count(DISTINCT act), count(*), sum(changed)"
			" FROM outbox_audit");
	plan_finish(&plan);
}

static void test_full(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_FAILED, 150);
	struct plan plan;
	plan_init(&plan, ACT_CANCEL);
	choose(b->planner, &plan, 150);
	scoped_free char *sql = xasprintf(
		"PRAGMA max_page_count=%lld",
		(long long)outbox_int(b->act->fix->db, "PRAGMA page_count"));
	plan.reason = xmalloc(10001);
	memset(plan.reason, 'x', 10000);
	plan.reason[10000] = '\0';
	assert_int_equal(db_exec(b->act->db, sql), 0);
	expect_stuck(b, &plan, DB_FULL);
	assert_int_equal(db_exec(b->act->db, "PRAGMA max_page_count=9999"), 0);
	assert_int_equal(act_all(b->planner, &plan), ROWS_DONE);
	plan_finish(&plan);
}

static void test_edit(void **state)
{
	struct bench *b = *state;
	add(b, MESSAGE_FAILED);
	struct plan plan;
	plan_init(&plan, ACT_EDIT);
	plan.payload = xstrdup("[]");
	choose(b->planner, &plan, 1);
	assert_string_equal(plan.old_payload, "{\"assignedToId\":\"u1\"}");
	assert_int_equal(act_all(b->planner, &plan), PLAN_ENDED);
	assert_non_null(strstr(plan.error, "JSON but no object"));
	expect_summary(&plan, "1 row: 0 queued, 0 skipped, 1 failed");
	plan_finish(&plan);
	plan_init(&plan, ACT_EDIT);
	plan.payload = xstrdup("{\"a\":1}");
	choose(b->planner, &plan, 1);
	assert_int_equal(act_all(b->planner, &plan), ROWS_DONE);
	actbench_expect(b->act, "pending|{\"a\":1}\n",
			"SELECT status, payload FROM outbox");
	plan_finish(&plan);
}

static void test_read_only(void **state)
{
	struct bench *b = *state;
	add(b, MESSAGE_FAILED);
	struct plan plan;
	plan_init(&plan, ACT_RETRY);
	choose(b->read_only, &plan, 1);
	assert_int_equal(plan.count, 1);
	assert_false(planner_can_act(b->read_only));
	assert_true(planner_can_act(b->planner));
	assert_int_equal(act_all(b->read_only, &plan), PLAN_ENDED);
	assert_non_null(strstr(plan.error, "read-only"));
	assert_int_equal(planner_note_unmask(b->read_only, true, ACT_NOW),
			 PLAN_ENDED);
	actbench_expect(b->act, "failed|0\n",
			"SELECT status, (SELECT count(*) FROM outbox_audit)"
			" FROM outbox");
	plan_finish(&plan);
}

/* Both saw the same list and act in turns, batch by batch. */
static void test_two_planners(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_FAILED, 300);
	struct plan one, two;
	plan_init(&one, ACT_RETRY);
	plan_init(&two, ACT_RETRY);
	choose(b->planner, &one, 300);
	choose(b->other, &two, 300);
	for (size_t i = 0; i < two.count / 2; i++) { /* from the other end */
		struct act_row row = two.rows[i];
		two.rows[i] = two.rows[two.count - 1 - i];
		two.rows[two.count - 1 - i] = row;
	}
	int rc = ROWS_MORE;
	while (rc == ROWS_MORE) {
		rc = planner_act(b->planner, &one, ACT_NOW);
		assert_int_equal(planner_act(b->other, &two, ACT_NOW), rc);
	}
	assert_int_equal(one.result.counts[ACT_CHANGED], 200);
	assert_int_equal(two.result.counts[ACT_CHANGED], 100);
	assert_int_equal(one.result.counts[ACT_MOVED_ON], 100);
	assert_int_equal(two.result.counts[ACT_MOVED_ON], 200);
	actbench_expect(b->act, "pending|2|3|300\n",
			"SELECT status, generation, version, count(*)"
			"  FROM outbox GROUP BY 1, 2, 3");
	plan_finish(&one);
	plan_finish(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAN_TEST(test_choice),
		PLAN_TEST(test_channels_largest_first),
		PLAN_TEST(test_unsure),
		PLAN_TEST(test_fresh_lives),
		PLAN_TEST(test_rate),
		PLAN_TEST(test_batches),
		PLAN_TEST(test_states),
		PLAN_TEST(test_busy),
		PLAN_TEST(test_full),
		PLAN_TEST(test_edit),
		PLAN_TEST(test_read_only),
		PLAN_TEST(test_two_planners),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
