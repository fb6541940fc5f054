/* The state machine's transitions after a try, as a table. Other code relies
 * on: a deferral costs the row nothing, and no row is tried more often than its
 * limit says. */
#include "tests/support/check.h"

#include "lib/util.h"
#include "relay/outcome.h"

enum { NOW = 1000000, DUE = 900000 };

static const int64_t steps[] = {1000, 2000, 4000};

static const struct outcome_limits three_tries = {
	.max_attempts = 3,
	.retry_after_max_ms = 60000,
	.backoff = {steps, ARRAY_LEN(steps), 0},
};

struct outcome_case {
	enum verdict verdict;
	bool is_unsure;
	int64_t attempts, unknowns, wait_ms; /* before; asked for */
					     /* clang-format off */
	struct { enum message_status status; int64_t attempts, unknowns, due; }
		expected;
					     /* clang-format on */
};

/* clang-format off */
static const struct outcome_case cases[] = {
	{VERDICT_DELIVERED, false, 0, 0, 0, {MESSAGE_DELIVERED, 1, 0, DUE}},
	{VERDICT_DELIVERED, false, 2, 2, 0, {MESSAGE_DELIVERED, 3, 2, DUE}},
	{VERDICT_DELIVERED, false, 9, 0, 0, {MESSAGE_DELIVERED, 10, 0, DUE}},

	{VERDICT_RETRY, false, 0, 0, 0, {MESSAGE_PENDING, 1, 0, NOW + 1000}},
	{VERDICT_RETRY, false, 1, 1, 0, {MESSAGE_PENDING, 2, 1, NOW + 2000}},
	{VERDICT_RETRY, false, 2, 0, 0, {MESSAGE_FAILED, 3, 0, DUE}},
	{VERDICT_RETRY, false, 7, 0, 0, {MESSAGE_FAILED, 8, 0, DUE}},
	{VERDICT_RETRY, false, 0, 0, 5000,
	 {MESSAGE_PENDING, 1, 0, NOW + 5000}},
	{VERDICT_RETRY, false, 0, 0, 900, {MESSAGE_PENDING, 1, 0, NOW + 1000}},
	{VERDICT_RETRY, false, 0, 0, INT64_MAX,
	 {MESSAGE_PENDING, 1, 0, NOW + 60000}},
	{VERDICT_RETRY, false, 2, 0, 5000, {MESSAGE_FAILED, 3, 0, DUE}},

	{VERDICT_UNKNOWN, true, 0, 0, 0, {MESSAGE_PENDING, 1, 1, NOW + 1000}},
	{VERDICT_UNKNOWN, true, 1, 0, 0, {MESSAGE_PENDING, 2, 1, NOW + 2000}},
	{VERDICT_UNKNOWN, true, 2, 2, 0, {MESSAGE_FAILED, 3, 3, DUE}},

	{VERDICT_DEFER, false, 0, 0, 0, {MESSAGE_PENDING, 0, 0, DUE}},
	{VERDICT_DEFER, false, 2, 1, 7000, {MESSAGE_PENDING, 2, 1, DUE}},
	{VERDICT_DEFER, false, 99, 9, 0, {MESSAGE_PENDING, 99, 9, DUE}},

	{VERDICT_REJECT, false, 0, 0, 0, {MESSAGE_FAILED, 1, 0, DUE}},
	{VERDICT_REJECT, false, 1, 1, 0, {MESSAGE_FAILED, 2, 1, DUE}},
	/* The unknown that was one too many is counted, too. */
	{VERDICT_REJECT, true, 1, 4, 0, {MESSAGE_FAILED, 2, 5, DUE}},
};
/* clang-format on */

static void run_case(const struct outcome_case *c)
{
	struct message msg = {.due_at_ms = DUE,
			      .attempts = c->attempts,
			      .unknowns = c->unknowns,
			      .interrupted = 2};
	struct judgement j = {.verdict = c->verdict,
			      .reason = REASON_WECHAT_BUSY,
			      .is_unsure = c->is_unsure,
			      .wait_ms = c->wait_ms};
	struct outcome out;
	outcome_plan(&msg, &j, &three_tries, NOW, 0.5, &out);
	assert_int_equal(out.status, c->expected.status);
	assert_int_equal(out.attempts, c->expected.attempts);
	assert_int_equal(out.unknowns, c->expected.unknowns);
	assert_int_equal(out.due_at_ms, c->expected.due);
	assert_int_equal(out.interrupted, 0); /* it was answered */
	assert_int_equal(out.reason, c->verdict == VERDICT_DELIVERED
					     ? REASON_NONE
					     : REASON_WECHAT_BUSY);
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		print_message("# case %zu\n", i);
		run_case(&cases[i]);
	}
}

/* One try means one. */
static void test_single_try(void **state)
{
	(void)state;
	static const enum verdict verdicts[] = {VERDICT_RETRY, VERDICT_UNKNOWN};
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		struct outcome_limits limits = three_tries;
		struct message msg = {.due_at_ms = DUE};
		struct judgement j = {.verdict = verdicts[i]};
		struct outcome out;
		limits.max_attempts = 1;
		outcome_plan(&msg, &j, &limits, NOW, 0, &out);
		assert_int_equal(out.status, MESSAGE_FAILED);
		assert_int_equal(out.attempts, 1);
	}
}

/* The chance that is passed in is the one that counts. */
static void test_chance(void **state)
{
	(void)state;
	struct outcome_limits limits = three_tries;
	struct message msg = {.due_at_ms = DUE};
	struct judgement j = {.verdict = VERDICT_RETRY};
	struct outcome out;
	limits.backoff.jitter_percent = 20;
	outcome_plan(&msg, &j, &limits, NOW, 0, &out);
	assert_int_equal(out.due_at_ms, NOW + 800);
	outcome_plan(&msg, &j, &limits, NOW, 0.75, &out);
	assert_int_equal(out.due_at_ms, NOW + 1100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_single_try),
		cmocka_unit_test(test_chance),
	};
	return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
