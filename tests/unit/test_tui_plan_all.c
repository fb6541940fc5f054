/* Everything that passes a filter, chosen in slices; and acts on channels,
 * undo, and notes. Other code relies on: what a box counts is what its list
 * shows up to the fence, whatever the size of the slices; undo finds the
 * operator's own last act and nothing else. */
#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tui/plan.h"

#include <stdlib.h>
#include <string.h>

struct bench {
	struct actbench *act;		 /* own */
	struct db *reader;		 /* own */
	struct planner *planner, *other; /* own */
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
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	planner_destroy(b->planner);
	planner_destroy(b->other);
	actor_finish(&b->bob);
	db_close(b->reader);
	void *act = b->act;
	actbench_tear_down(&act);
	free(b);
	return 0;
}
#define PLAN_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static void add_many(struct bench *b, enum message_status status, int count)
{
	outbox_exec(b->act->fix->db, "BEGIN");
	for (int i = 0; i < count; i++)
		actbench_add(b->act, status);
	outbox_exec(b->act->fix->db, "COMMIT");
}

static struct filter *parse(const char *text)
{
	struct filter *filter = NULL;
	struct filter_error error;
	assert_int_equal(filter_parse(text, &filter, &error), 0);
	return filter;
}

/* Slices that end at once, or none; returns how many there were. */
static int choose(struct planner *p, struct plan *plan, enum list_kind kind,
		  const char *text, bool is_sliced)
{
	struct filter *filter = parse(text);
	int slices = 0, rc = ROWS_MORE;
	while (rc == ROWS_MORE) {
		int64_t deadline =
			is_sliced ? 0 : clock_mono_us() + 60 * 1000000;
		rc = planner_choose_all(p, plan, kind, filter, ACT_NOW,
					deadline);
		slices++;
	}
	assert_int_equal(rc, ROWS_DONE);
	filter_destroy(filter);
	return slices;
}

static int act_all(struct planner *p, struct plan *plan, int64_t now_ms)
{
	int rc;
	while ((rc = planner_act(p, plan, now_ms)) == ROWS_MORE)
		;
	return rc;
}

static void test_slices(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_FAILED, 60);
	add_many(b, MESSAGE_PENDING, 60);
	add_many(b, MESSAGE_DELIVERED, 60);
	struct plan whole, sliced;
	plan_init(&whole, ACT_RETRY);
	plan_init(&sliced, ACT_RETRY);
	choose(b->planner, &whole, LIST_ALL, "", false);
	assert_true(choose(b->planner, &sliced, LIST_ALL, "", true) > 5);
	assert_int_equal(whole.count, 120);
	assert_int_equal(sliced.count, 120);
	assert_int_equal(sliced.other_state, 60);
	assert_int_equal(sliced.looked, 180);
	assert_int_equal(sliced.unsure, whole.unsure);
	assert_int_equal(sliced.unsure, 60);
	assert_int_equal(sliced.fence, 180);
	for (size_t i = 0; i < 120; i++) {
		assert_int_equal(sliced.rows[i].id, whole.rows[i].id);
		assert_int_equal(sliced.rows[i].version, whole.rows[i].version);
	}
	plan_finish(&whole);
	plan_finish(&sliced);
}

/* What comes, and what moves, between two slices. */
static void test_fence(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_PENDING, 40);
	struct filter *filter = parse("state:pending");
	struct plan plan;
	plan_init(&plan, ACT_CANCEL);
	int rc = planner_choose_all(b->planner, &plan, LIST_PENDING, filter,
				    ACT_NOW, 0);
	assert_int_equal(rc, ROWS_MORE);
	add_many(b, MESSAGE_PENDING, 10);
	outbox_exec(b->act->fix->db,
		    "UPDATE outbox SET due_at = due_at + 9000 WHERE id = 1");
	while (rc == ROWS_MORE)
		rc = planner_choose_all(b->planner, &plan, LIST_PENDING, filter,
					ACT_NOW, 0);
	assert_int_equal(rc, ROWS_DONE);
	assert_int_equal(plan.count, 40);
	assert_int_equal(plan.fence, 40);
	assert_int_equal(act_all(b->planner, &plan, ACT_NOW), ROWS_DONE);
	actbench_expect(b->act, "1|40\n",
			"SELECT min(id), max(id) FROM outbox"
			" WHERE status = 'cancelled'");
	plan_finish(&plan);
	filter_destroy(filter);
}

static void test_filter_and_max(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_FAILED, 30);
	outbox_exec(b->act->fix->db, "UPDATE outbox SET last_error = 'odd'"
				     " WHERE id %% 3 = 0");
	struct plan plan;
	plan_init(&plan, ACT_RETRY);
	choose(b->planner, &plan, LIST_FAILED, "err:odd", false);
	assert_int_equal(plan.count, 10);
	assert_false(plan.is_over);
	plan_finish(&plan);
	plan_init(&plan, ACT_RETRY);
	plan.max = 10;
	choose(b->planner, &plan, LIST_FAILED, "err:odd", true);
	assert_int_equal(plan.count, 10);
	assert_false(plan.is_over);
	plan_finish(&plan);
	plan_init(&plan, ACT_RETRY);
	plan.max = 4;
	choose(b->planner, &plan, LIST_FAILED, "err:odd", true);
	assert_int_equal(plan.count, 4);
	assert_true(plan.is_over);
	assert_int_equal(plan.over, 6);
	plan_finish(&plan);
}

static void test_nothing_there(void **state)
{
	struct bench *b = *state;
	struct plan plan;
	plan_init(&plan, ACT_RETRY);
	choose(b->planner, &plan, LIST_ALL, "", false);
	assert_int_equal(plan.count, 0);
	plan_finish(&plan);
	add_many(b, MESSAGE_FAILED, 1);
	plan_init(&plan, ACT_RETRY);
	choose(b->planner, &plan, LIST_FAILED, "state:pending", false);
	assert_int_equal(plan.count, 0);
	assert_int_equal(act_all(b->planner, &plan, ACT_NOW), ROWS_DONE);
	plan_finish(&plan);
}

/* A plan that is given up while it counts leaves nothing behind. */
static void test_given_up(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_FAILED, 40);
	struct filter *filter = parse("");
	struct plan plan;
	plan_init(&plan, ACT_RETRY);
	assert_int_equal(planner_choose_all(b->planner, &plan, LIST_ALL, filter,
					    ACT_NOW, 0),
			 ROWS_MORE);
	plan_finish(&plan);
	filter_destroy(filter);
}

static int act_on_channel(struct bench *b, enum act_action action,
			  const char *name, const char *expected)
{
	struct plan plan;
	plan_init(&plan, action);
	plan.channel = xstrdup_or_null(name);
	plan.reason = xstrdup("maintenance");
	int rc = act_all(b->planner, &plan, ACT_NOW);
	if (rc == ROWS_DONE) {
		scoped_free char *summary = plan_summary(&plan);
		assert_string_equal(summary, expected);
	} else {
		assert_string_equal(plan.error, expected);
	}
	plan_finish(&plan);
	return rc;
}

static void test_channels(void **state)
{
	struct bench *b = *state;
	outbox_exec(b->act->fix->db, "INSERT INTO outbox_channel (name, kind)"
				     " VALUES ('x', 'webhook')");
	assert_int_equal(act_on_channel(b, ACT_PAUSE, "x",
					"1 channel paused, 0 as it was"),
			 ROWS_DONE);
	actbench_expect(b->act, "paused|maintenance|alice\n",
			"SELECT state, detail, state_by FROM outbox_channel"
			" WHERE name = 'x'");
	assert_int_equal(act_on_channel(b, ACT_PAUSE, NULL,
					"1 channel paused, 1 as it was"),
			 ROWS_DONE);
	assert_int_equal(act_on_channel(b, ACT_RESUME, NULL,
					"2 channels resumed, 0 as they were"),
			 ROWS_DONE);
	assert_int_equal(act_on_channel(b, ACT_PAUSE, "y",
					"there is no channel of that name"),
			 PLAN_ENDED);
}

/* Cancels rows from..to; returns the act. */
static char *cancel(struct planner *p, int64_t from, int64_t to, int64_t now_ms)
{
	int64_t ids[300];
	struct plan plan;
	plan_init(&plan, ACT_CANCEL);
	for (int64_t id = from; id <= to; id++)
		ids[id - from] = id;
	size_t count = (size_t)(to - from + 1);
	assert_int_equal(planner_choose_ids(p, &plan, ids, count, now_ms), 0);
	assert_int_equal(act_all(p, &plan, now_ms), ROWS_DONE);
	char *act = xstrdup(plan.act.id);
	plan_finish(&plan);
	return act;
}

static void expect_undoable(struct planner *p, int64_t now_ms,
			    const char *expected, int64_t expected_changed)
{
	enum act_action action = ACT_UNDO;
	int64_t at_ms, changed;
	scoped_free char *act =
		planner_undoable(p, now_ms, &action, &at_ms, &changed);
	if (!expected) {
		assert_null(act);
		return;
	}
	assert_string_equal(act, expected);
	assert_int_equal(action, ACT_CANCEL);
	assert_int_equal(changed, expected_changed);
}

static void test_undoable(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_FAILED, 300);
	expect_undoable(b->planner, ACT_NOW, NULL, 0);
	scoped_free char *first = cancel(b->planner, 1, 250, ACT_NOW);
	scoped_free char *bobs = cancel(b->other, 251, 252, ACT_NOW);
	expect_undoable(b->planner, ACT_NOW + 60000, first, 250);
	expect_undoable(b->other, ACT_NOW, bobs, 2);
	expect_undoable(b->planner, ACT_NOW + 60001, NULL, 0);
	scoped_free char *next = cancel(b->planner, 253, 254, ACT_NOW + 1);
	expect_undoable(b->planner, ACT_NOW + 1, next, 2);
	/* One that changed nothing is none, nor is a retry. */
	outbox_exec(b->act->fix->db,
		    "INSERT INTO outbox_audit (act, at, action, who, uid, tty,"
		    " changed, skipped) SELECT column1, at, column2, who, uid,"
		    " tty, column3, 0 FROM outbox_audit, (VALUES"
		    " ('x', 'cancel', 0), ('y', 'retry', 2)) WHERE act = %Q",
		    next);
	expect_undoable(b->planner, ACT_NOW + 2, next, 2);
	outbox_exec(b->act->fix->db,
		    "UPDATE outbox_audit SET tty = 'pts/9'"
		    " WHERE act = %Q",
		    next);
	expect_undoable(b->planner, ACT_NOW + 2, first, 250);
}

/* Stopped after its first batch: the rest can still be undone. */
static void test_undo(void **state)
{
	struct bench *b = *state;
	add_many(b, MESSAGE_FAILED, 250);
	scoped_free char *act = cancel(b->planner, 1, 250, ACT_NOW);
	struct plan plan;
	plan_init(&plan, ACT_UNDO);
	plan.undoes = xstrdup(act);
	assert_int_equal(planner_act(b->planner, &plan, ACT_NOW), ROWS_MORE);
	plan_finish(&plan);
	expect_undoable(b->planner, ACT_NOW, act, 250);
	plan_init(&plan, ACT_UNDO);
	plan.undoes = xstrdup(act);
	assert_int_equal(act_all(b->planner, &plan, ACT_NOW), ROWS_DONE);
	scoped_free char *summary = plan_summary(&plan);
	assert_string_equal(summary,
			    "150 undone, 100 skipped: they have moved on");
	plan_finish(&plan);
	expect_undoable(b->planner, ACT_NOW, NULL, 0);
	actbench_expect(b->act, "failed|250\n",
			"SELECT status, count(*) FROM outbox GROUP BY status");
	plan_init(&plan, ACT_UNDO);
	plan.undoes = xstrdup(act);
	assert_int_equal(act_all(b->planner, &plan, ACT_NOW + 60001),
			 PLAN_ENDED);
	assert_string_equal(plan.error, "it is too late to undo it");
	plan_finish(&plan);
}

static void test_note(void **state)
{
	struct bench *b = *state;
	assert_int_equal(planner_note_unmask(b->planner, true, ACT_NOW), 0);
	assert_int_equal(planner_note_unmask(b->planner, false, ACT_NOW + 1),
			 0);
	actbench_expect(b->act,
			"unmask|alice|1000|0|0|[]|0\n"
			"mask|alice|1000|0|0|[]|1\n",
			"SELECT action, who, uid, changed, skipped, ids,"
			" at - %lld FROM outbox_audit",
			ACT_NOW);
	actbench_expect(b->act, "2\n",
			"SELECT count(DISTINCT act) FROM outbox_audit");
	outbox_exec(b->act->fix->db, "BEGIN IMMEDIATE");
	assert_int_equal(planner_note_unmask(b->planner, true, ACT_NOW),
			 DB_BUSY);
	outbox_exec(b->act->fix->db, "ROLLBACK");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAN_TEST(test_slices),		PLAN_TEST(test_fence),
		PLAN_TEST(test_filter_and_max), PLAN_TEST(test_nothing_there),
		PLAN_TEST(test_given_up),	PLAN_TEST(test_channels),
		PLAN_TEST(test_undoable),	PLAN_TEST(test_undo),
		PLAN_TEST(test_note),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
