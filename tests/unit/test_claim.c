/* Claims against a real file. Other code relies on: what a claim returns is
 * marked in the same commit, no recipient and no key is claimed twice, and no
 * priority starves. */
#include "tests/support/storebench.h"

#include "lib/buf.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

static void test_lease(void **state)
{
	struct storebench *b = *state;
	outbox_exec(b->fix->db,
		    "INSERT INTO outbox (type, payload, ordering_key, due_at,"
		    " max_attempts) VALUES ('assign',"
		    " '{ \"assignedToId\":\"u1\", \"n\":1.50}', 'k', %lld, 7)",
		    BENCH_NOW - 5);
	storebench_expect_claim(b, 16, "1");
	const struct job *job = storebench_job(b, 1);
	assert_string_equal(job->msg.type, "assign");
	assert_string_equal(job->msg.payload,
			    "{ \"assignedToId\":\"u1\", \"n\":1.50}");
	assert_string_equal(job->msg.recipient, "u1");
	assert_string_equal(job->msg.ordering_key, "k");
	assert_int_equal(job->msg.max_attempts, 7);
	assert_int_equal(job->msg.lease_no, 1);
	assert_ptr_equal(job->channel, b->channel);
	assert_int_equal(job->step, JOB_CLAIMED);
	storebench_expect(b,
			  "SELECT status, version, lease_no, lease_owner,"
			  "       lease_until - updated_at, updated_at"
			  "  FROM outbox",
			  "sending|1|1|here/1/1|30000|2000000000000\n");
	storebench_finish(b, 1, VERDICT_DEFER);
	storebench_expect_claim(b, 16, "1");
	assert_int_equal(storebench_job(b, 1)->msg.lease_no, 2);
}

/* By due_at, then by id; what is due later tells when. */
static void test_order_in_level(void **state)
{
	struct storebench *b = *state;
	static const int due[] = {0, -10, 1, -10, 0, 5};
	for (size_t i = 0; i < ARRAY_LEN(due); i++) {
		storebench_add(b, 4, NULL, NULL);
		outbox_exec(b->fix->db,
			    "UPDATE outbox SET due_at = due_at + %d"
			    " WHERE id = %d",
			    due[i], (int)i + 1);
	}
	storebench_expect_claim(b, 3, "2 4 1");
	assert_int_equal(b->channel->next_due_ms, BENCH_NOW);
	storebench_expect_claim(b, 16, "5");
	assert_int_equal(b->channel->next_due_ms, BENCH_NOW + 1);
	assert_false(b->channel->is_stale);
	outbox_exec(b->fix->db, "UPDATE outbox SET status = 'cancelled'"
				" WHERE status = 'pending'");
	storebench_expect_claim(b, 16, "");
	assert_int_equal(b->channel->next_due_ms, INT64_MAX);
}

/* Another channel's rows are none of this one's. */
static void test_other_channel(void **state)
{
	struct storebench *b = *state;
	outbox_exec(b->fix->db, "INSERT INTO outbox_channel (name, kind)"
				" VALUES ('other', 'webhook');"
				"INSERT INTO outbox (type, payload, channel)"
				" VALUES ('t', '{}', 'other')");
	storebench_expect_claim(b, 16, "");
	assert_int_equal(b->channel->next_due_ms, INT64_MAX);
}

/* Claims `turns` times one row and counts what each level got. */
static void count_levels(struct storebench *b, int turns, int got[10])
{
	for (int i = 0; i < turns; i++) {
		scoped_free char *id = storebench_claim(b, 1);
		assert_true(*id);
		int64_t row = strtoll(id, NULL, 10);
		got[outbox_int(b->fix->db,
			       "SELECT priority FROM outbox WHERE id = %lld",
			       row)]++;
		storebench_finish(b, row, VERDICT_DELIVERED);
	}
}

/* With one slot and all ten levels full each gets its share of 55 places. */
static void test_shares(void **state)
{
	struct storebench *b = *state;
	outbox_exec(b->fix->db,
		    "WITH n (i) AS (SELECT 0 UNION ALL"
		    "               SELECT i + 1 FROM n WHERE i < 299)"
		    " INSERT INTO outbox (type, payload, priority, due_at)"
		    " SELECT 't', '{}', i %% 10, %lld FROM n",
		    BENCH_NOW);
	int got[10] = {0};
	count_levels(b, 110, got);
	for (int p = 0; p < 10; p++)
		assert_int_equal(got[p], 2 * (p + 1));
}

/* A level that is alone gets everything, and a late urgent row does not wait
 * for a whole round. */
static void test_no_level_starves(void **state)
{
	struct storebench *b = *state;
	for (int i = 0; i < 60; i++)
		storebench_add(b, 0, NULL, NULL);
	int got[10] = {0};
	count_levels(b, 20, got);
	assert_int_equal(got[0], 20);
	storebench_add(b, 9, NULL, NULL);
	count_levels(b, 2, got);
	assert_int_equal(got[9], 1);
	/* And the other way round: one that can wait, among urgent ones. */
	for (int i = 0; i < 60; i++)
		storebench_add(b, 9, NULL, NULL);
	int before = got[0];
	count_levels(b, 55, got);
	assert_in_range(got[0] - before, 5, 6);
}

static void test_many_slots(void **state)
{
	struct storebench *b = *state;
	for (int p = 0; p < 10; p++) {
		for (int i = 0; i < 3; i++)
			storebench_add(b, p, NULL, NULL);
	}
	scoped_free char *first = storebench_claim(b, 10);
	assert_string_equal(first, "28 25 22 19 16 13 10 7 4 1");
	free(storebench_claim(b, 1000)); /* the rest */
	assert_int_equal(b->hand.count, 30);
}

static void test_expired(void **state)
{
	struct storebench *b = *state;
	for (int i = 0; i < 3; i++) {
		storebench_add(b, 4, NULL, NULL);
		outbox_exec(b->fix->db,
			    "UPDATE outbox SET expires_at = %lld WHERE id = %d",
			    BENCH_NOW + i - 1, i + 1);
	}
	storebench_expect_claim(b, 16, "3");
	storebench_expect(b,
			  "SELECT id, status, version, attempts, last_reason"
			  "  FROM outbox WHERE id < 3",
			  "1|expired|1|0|expired\n2|expired|1|0|expired\n");
}

/* An expired row does not keep those behind it out of this claim. */
static void test_expired_takes_no_slot(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, NULL, NULL);
	storebench_add(b, 4, NULL, NULL);
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET expires_at = %lld WHERE id = 1",
		    BENCH_NOW);
	storebench_expect_claim(b, 1, "2");
}

static const char waiting[] =
	"SELECT id, waits_for FROM outbox WHERE waits_for IS NOT NULL";

static void test_one_per_recipient(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, "u1", NULL);
	storebench_add(b, 4, "u1", NULL);
	storebench_add(b, 4, "u2", NULL);
	storebench_add(b, 4, NULL, NULL);
	storebench_add(b, 4, NULL, NULL); /* nobody is nobody's neighbour */
	storebench_expect_claim(b, 16, "1 3 4 5");
	storebench_expect(b, waiting, "2|recipient\n");
	/* One that came later, while the first is in hand. */
	storebench_add(b, 9, "u1", NULL);
	storebench_expect_claim(b, 16, "");
	storebench_expect(b, waiting, "2|recipient\n6|recipient\n");
	assert_int_equal(b->channel->next_due_ms, INT64_MAX);
	/* The more urgent one is released first, and one at a time. */
	storebench_finish(b, 1, VERDICT_DELIVERED);
	storebench_expect(b, waiting, "2|recipient\n");
	storebench_expect_claim(b, 16, "6");
	storebench_finish(b, 6, VERDICT_REJECT);
	storebench_expect_claim(b, 16, "2");
}

/* What is settled in a commit makes room in the same one. */
static void test_same_commit(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, "u1", NULL);
	storebench_add(b, 4, "u1", NULL);
	storebench_expect_claim(b, 16, "1");
	storebench_settle(b, storebench_job(b, 1), VERDICT_DELIVERED);
	storebench_expect_claim(b, 16, "2");
}

/* Both are due again at once: the one that was deferred goes on, and whoever
 * loses the race is parked, never lost. */
static void test_released_and_deferred(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, "u1", NULL);
	storebench_add(b, 4, "u1", NULL);
	storebench_expect_claim(b, 16, "1");
	storebench_expect_claim(b, 16, "");
	storebench_finish(b, 1, VERDICT_DEFER);
	storebench_expect_claim(b, 16, "1");
	storebench_expect(b, waiting, "2|recipient\n");
	storebench_finish(b, 1, VERDICT_RETRY);
	storebench_expect_claim(b, 16, "2");
}

static void test_one_per_key(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 0, "u1", "k");
	storebench_add(b, 9, "u2", "k");
	storebench_add(b, 9, "u3", "k");
	storebench_add(b, 9, "u4", "other");
	storebench_expect_claim(b, 16, "1 4");
	storebench_expect(b, waiting, "2|order\n3|order\n");
	/* A retry keeps its place in front of the others. */
	storebench_finish(b, 1, VERDICT_RETRY);
	storebench_expect_claim(b, 16, "");
	outbox_exec(b->fix->db, "UPDATE outbox SET due_at = %lld WHERE id = 1",
		    BENCH_NOW);
	storebench_expect_claim(b, 16, "1");
	/* A dead letter lets its followers pass, one by one. */
	storebench_finish(b, 1, VERDICT_REJECT);
	storebench_expect_claim(b, 16, "2");
	storebench_finish(b, 2, VERDICT_DELIVERED);
	storebench_expect_claim(b, 16, "3");
}

/* The row in front of it is not due for long: the follower waits all the same,
 * and goes when the CRM takes the first one back. */
static void test_key_of_a_later_row(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, NULL, "k");
	storebench_add(b, 4, NULL, "k");
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET due_at = due_at + 1000 WHERE id = 1");
	storebench_expect_claim(b, 16, "");
	storebench_expect(b, waiting, "2|order\n");
	outbox_exec(b->fix->db, "UPDATE outbox SET status = 'cancelled'"
				" WHERE id = 1 AND status = 'pending'");
	storebench_expect_claim(b, 16, "2");
}

/* Waits for its recipient and then for its key, while the recipient's third row
 * could go: nobody is forgotten. */
static void test_recipient_and_key(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, "u1", NULL);
	storebench_expect_claim(b, 16, "1");
	storebench_add(b, 4, "u2", "k");
	storebench_add(b, 9, "u1", "k");
	storebench_add(b, 4, "u1", NULL);
	storebench_expect_claim(b, 16, "2");
	storebench_expect(b, waiting, "3|recipient\n4|recipient\n");
	storebench_finish(b, 1, VERDICT_DELIVERED);
	storebench_expect_claim(b, 16, "");
	storebench_expect(b, waiting, "3|order\n");
	assert_int_equal(b->channel->next_due_ms, BENCH_NOW);
	storebench_expect_claim(b, 16, "4");
	storebench_finish(b, 2, VERDICT_DELIVERED);
	storebench_expect_claim(b, 16, "");
	storebench_finish(b, 4, VERDICT_DELIVERED);
	storebench_expect_claim(b, 16, "3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_lease),
		STORE_TEST(test_order_in_level),
		STORE_TEST(test_other_channel),
		STORE_TEST(test_shares),
		STORE_TEST(test_no_level_starves),
		STORE_TEST(test_many_slots),
		STORE_TEST(test_expired),
		STORE_TEST(test_expired_takes_no_slot),
		STORE_TEST(test_one_per_recipient),
		STORE_TEST(test_same_commit),
		STORE_TEST(test_released_and_deferred),
		STORE_TEST(test_one_per_key),
		STORE_TEST(test_key_of_a_later_row),
		STORE_TEST(test_recipient_and_key),
	};
	return cmocka_run_group_tests_name("claim", tests, NULL, NULL);
}
