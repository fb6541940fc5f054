/* Pause and resume. Other code relies on: a pause says who and why; a resume
 * tells the relay to probe at once. */
#include "lib/util.h"
#include "tests/support/actbench.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	enum act_action action;
	const char *before; /* state, reason, detail, by, until, wanted */
	const char *after;
	bool is_changed;
} verbs[] = {
	{ACT_PAUSE, "'open', NULL, NULL, 'relay', NULL, 1",
	 "paused|-|why|alice|-|0|3600000\n", true},
	{ACT_PAUSE, "'held', 'secret-wrong', 'x', 'relay', 9, 0",
	 "paused|-|why|alice|-|0|3600000\n", true},
	{ACT_PAUSE, "'paused', NULL, 'theirs', 'bob', NULL, 0",
	 "paused|-|theirs|bob|-|0|1\n", false},
	{ACT_RESUME, "'open', NULL, NULL, 'relay', NULL, 0",
	 "open|-|-|relay|-|0|1\n", false},
	{ACT_RESUME, "'held', 'secret-wrong', 'x', 'relay', 9, 0",
	 "held|secret-wrong|x|relay|9|1|1\n", true},
	{ACT_RESUME, "'paused', NULL, 'theirs', 'bob', NULL, 0",
	 "open|-|-|alice|-|1|3600000\n", true},
};

static void test_verbs(void **state)
{
	struct actbench *b = *state;
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		outbox_exec(b->fix->db,
			    "UPDATE outbox_channel SET (state, reason, detail,"
			    " state_by, state_until, resume_wanted)"
			    " = (%s), state_since = %lld",
			    verbs[i].before, ACT_CREATED + 1);
		const char *name = i % 2 ? "wechat-cloud" : NULL;
		assert_int_equal(actbench_channels(b, verbs[i].action, name),
				 0);
		actbench_expect_total(b, verbs[i].is_changed ? "changed 1"
							     : "wrong state 1");
		actbench_expect(b, verbs[i].after,
				"SELECT state, reason, detail, state_by,"
				" state_until, resume_wanted, state_since"
				" - %lld FROM outbox_channel",
				ACT_CREATED);
	}
}

static void test_all_and_one(void **state)
{
	struct actbench *b = *state;
	outbox_exec(b->fix->db,
		    "INSERT INTO outbox_channel (name, kind)"
		    " VALUES ('\"q\"', 'webhook'), ('z', 'webhook')");
	assert_int_equal(actbench_channels(b, ACT_PAUSE, "z"), 0);
	actbench_expect_total(b, "changed 1");
	assert_int_equal(actbench_channels(b, ACT_PAUSE, NULL), 0);
	actbench_expect_total(b, "changed 2, wrong state 1");
	assert_int_equal(actbench_channels(b, ACT_RESUME, "\"q\""), 0);
	actbench_expect(b, "\"q\"|open\nwechat-cloud|paused\nz|paused\n",
			"SELECT name, state FROM outbox_channel");
	actbench_expect(b,
			"pause|1|0|[\"z\"]|why\n"
			"pause|2|1|[\"\\\"q\\\"\",\"wechat-cloud\"]|why\n"
			"resume|1|0|[\"\\\"q\\\"\"]|why\n",
			"SELECT action, changed, skipped, ids, reason"
			"  FROM outbox_audit");
}

static void test_unknown(void **state)
{
	struct actbench *b = *state;
	assert_int_equal(actbench_channels(b, ACT_PAUSE, "wechat-clod"),
			 ACT_UNKNOWN);
	assert_int_equal(actbench_channels(b, ACT_RESUME, ""), ACT_UNKNOWN);
	actbench_expect_total(b, "");
	actbench_expect(b, "open|0\n",
			"SELECT state, (SELECT count(*) FROM outbox_audit)"
			"  FROM outbox_channel");
}

static void test_busy(void **state)
{
	struct actbench *b = *state;
	outbox_exec(b->fix->db, "BEGIN IMMEDIATE");
	assert_int_equal(actbench_channels(b, ACT_PAUSE, NULL), DB_BUSY);
	outbox_exec(b->fix->db, "ROLLBACK");
	actbench_expect_total(b, "");
	actbench_expect(b, "open\n", "SELECT state FROM outbox_channel");
	assert_int_equal(actbench_channels(b, ACT_PAUSE, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_verbs),
		ACT_TEST(test_all_and_one),
		ACT_TEST(test_unknown),
		ACT_TEST(test_busy),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
