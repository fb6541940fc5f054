/* Rows that were delivered are settled in one statement. Other code relies on:
 * it does to each of them what settling it alone does, only while its lease
 * holds, and does nothing at all if one of them is refused. */
#include "tests/support/storebench.h"

#include "lib/log.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

static const char states[] =
	"SELECT id, status, version, attempts, unknowns, interrupted,"
	"       lease_owner, lease_until, last_reason, last_error,"
	"       delivered_at"
	"  FROM outbox ORDER BY id";

static void answer(struct storebench *b, int64_t id, enum verdict verdict)
{
	struct job *job = storebench_job(b, id);
	job->judgement = (struct judgement){.verdict = verdict,
					    .reason = REASON_WECHAT_BUSY};
	job->step = JOB_JUDGED;
}

static void add(struct storebench *b, int count)
{
	for (int i = 0; i < count; i++) {
		scoped_free char *name = xasprintf("u%d", i);
		storebench_add(b, 4, name, NULL);
	}
}

static int deliver(struct storebench *b)
{
	assert_int_equal(store_begin(b->store), 0);
	int rc = store_deliver(b->store, &b->hand, BENCH_NOW);
	assert_int_equal(store_commit(b->store), 0);
	return rc;
}

/* Row 1 alone, after a try with an unknown outcome, and row 2 likewise in the
 * other way; row 3 was rejected and row 4 is still on the wire. */
static void test_like_alone(void **state)
{
	struct storebench *b = *state;
	add(b, 4);
	storebench_expect_claim(b, 16, "1 2 3 4");
	storebench_finish(b, 1, VERDICT_UNKNOWN);
	storebench_finish(b, 2, VERDICT_UNKNOWN);
	outbox_exec(b->fix->db, "UPDATE outbox SET due_at = %lld WHERE id < 3",
		    (long long)BENCH_NOW);
	storebench_expect_claim(b, 16, "1 2");
	storebench_finish(b, 1, VERDICT_DELIVERED);
	answer(b, 2, VERDICT_DELIVERED);
	answer(b, 3, VERDICT_REJECT);
	assert_int_equal(deliver(b), 0);
	storebench_expect(b,
			  "SELECT count(DISTINCT concat) FROM (SELECT status"
			  " || version || attempts || unknowns || interrupted"
			  " || ifnull(lease_owner, '-') || ifnull(lease_until,"
			  " '-') || ifnull(last_reason, '-')"
			  " || ifnull(last_error, '-') || delivered_at"
			  " || updated_at || due_at AS concat"
			  "  FROM outbox WHERE id < 3)",
			  "1\n");
	storebench_expect(b, "SELECT status, version, attempts FROM outbox",
			  "delivered|4|2\ndelivered|4|2\n"
			  "sending|1|0\nsending|1|0\n");
}

static void count_lost(void *ctx, enum log_level level, const char *event,
		       const char *fields)
{
	int *lost = ctx;
	*lost += level == LOG_ERROR && strstr(event, "lease lost") &&
		 strcmp(fields, "rows=1") == 0;
}

/* Row 2 was claimed again by somebody else meanwhile. */
static void test_fenced(void **state)
{
	struct storebench *b = *state;
	int lost = 0;
	add(b, 3);
	storebench_expect_claim(b, 16, "1 2 3");
	outbox_exec(b->fix->db, "UPDATE outbox SET lease_no = 2 WHERE id = 2");
	for (int64_t id = 1; id <= 3; id++)
		answer(b, id, VERDICT_DELIVERED);
	log_set_sink(count_lost, &lost);
	assert_int_equal(deliver(b), 0);
	log_set_sink(NULL, NULL);
	assert_int_equal(lost, 1);
	storebench_expect(b, "SELECT id, status FROM outbox ORDER BY id",
			  "1|delivered\n2|sending\n3|delivered\n");
}

static void test_refused(void **state)
{
	struct storebench *b = *state;
	add(b, 3);
	storebench_expect_claim(b, 16, "1 2 3");
	scoped_free char *before = outbox_rows(b->fix->db, "%s", states);
	outbox_exec(b->fix->db,
		    "CREATE TRIGGER crm BEFORE UPDATE OF status ON outbox"
		    " WHEN NEW.id = 2 AND NEW.status = 'delivered'"
		    " BEGIN SELECT RAISE(ABORT, 'not this one'); END");
	for (int64_t id = 1; id <= 3; id++)
		answer(b, id, VERDICT_DELIVERED);
	assert_int_equal(deliver(b), DB_REFUSED);
	storebench_expect(b, states, before);
}

static void test_nothing(void **state)
{
	struct storebench *b = *state;
	assert_int_equal(deliver(b), 0);
	add(b, 1);
	storebench_expect_claim(b, 16, "1");
	assert_int_equal(deliver(b), 0);
	storebench_expect(b, "SELECT status FROM outbox", "sending\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_like_alone),
		STORE_TEST(test_fenced),
		STORE_TEST(test_refused),
		STORE_TEST(test_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
