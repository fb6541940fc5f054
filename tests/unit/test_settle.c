/* Results, fencing, interruptions, and what the settings say, against a real
 * file. Other code relies on: a result counts only while its lease holds, and
 * only a row that was alone when the relay died is blamed for it. */
#include "tests/support/storebench.h"

#include "lib/log.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

static const char states[] =
	"SELECT id, status, attempts, unknowns, interrupted, last_reason"
	"  FROM outbox ORDER BY id";

static void test_delivered(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, "u1", NULL);
	storebench_expect_claim(b, 16, "1");
	storebench_finish(b, 1, VERDICT_DELIVERED);
	storebench_expect(b,
			  "SELECT status, version, attempts, lease_owner,"
			  "       lease_until, last_reason, last_error,"
			  "       delivered_at FROM outbox",
			  "delivered|2|1|-|-|-|-|2000000000000\n");
	storebench_expect(b,
			  "SELECT outbox_id, lease_no, request_no, generation,"
			  "       stage, outcome, code FROM outbox_attempt",
			  "1|1|1|1|invoke|delivered|-1\n");
}

static void test_retried(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, "u1", NULL);
	storebench_expect_claim(b, 16, "1");
	storebench_finish(b, 1, VERDICT_UNKNOWN);
	storebench_expect(b, states, "1|pending|1|1|0|wechat-busy\n");
	storebench_expect(b,
			  "SELECT due_at, last_error, delivered_at,"
			  "       lease_owner FROM outbox",
			  "2000000001000|busy|-|-\n");
	storebench_expect_claim(b, 16, "");
	assert_int_equal(b->channel->next_due_ms, BENCH_NOW + 1000);
}

static void count_lost(void *ctx, enum log_level level, const char *event,
		       const char *fields)
{
	int *lost = ctx;
	(void)fields;
	*lost += level == LOG_ERROR && strstr(event, "lease lost") != NULL;
}

/* The row was taken away and claimed again by somebody else: the late result
 * is kept as an attempt, for people, and changes nothing. */
static void test_fenced(void **state)
{
	struct storebench *b = *state;
	int lost = 0;
	storebench_add(b, 4, "u1", NULL);
	storebench_expect_claim(b, 16, "1");
	struct job *old = job_list_take(&b->hand);
	int64_t count;
	assert_int_equal(store_recover(b->store, BENCH_NOW, &count), 0);
	log_set_sink(count_lost, &lost);
	storebench_settle(b, old, VERDICT_DELIVERED);
	storebench_expect(b, states, "1|pending|0|0|1|interrupted\n");
	storebench_expect_claim(b, 16, "1");
	old->attempts[0].judgement.code = 7;
	storebench_settle(b, old, VERDICT_DELIVERED);
	log_set_sink(NULL, NULL);
	assert_int_equal(lost, 2);
	storebench_expect(b, states, "1|sending|0|0|1|interrupted\n");
	storebench_finish(b, 1, VERDICT_REJECT);
	storebench_expect(b, states, "1|failed|1|0|0|wechat-busy\n");
	storebench_expect(b, "SELECT lease_no, outcome FROM outbox_attempt",
			  "1|delivered\n2|reject\n");
	job_destroy(old);
}

/* A commit that failed for us may have been made: the same results again are
 * no error, or nothing would ever be written any more. */
static void test_settled_again(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, "u1", NULL);
	storebench_expect_claim(b, 16, "1");
	storebench_settle(b, storebench_job(b, 1), VERDICT_DELIVERED);
	storebench_settle(b, storebench_job(b, 1), VERDICT_DELIVERED);
	storebench_expect(b, states, "1|delivered|1|0|0|-\n");
}

static void release(struct storebench *b, int64_t id, bool is_interrupted)
{
	assert_int_equal(store_begin(b->store), 0);
	assert_int_equal(store_release(b->store, storebench_job(b, id),
				       is_interrupted, BENCH_NOW),
			 0);
	assert_int_equal(store_commit(b->store), 0);
}

static void test_released(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, "u1", NULL);
	storebench_add(b, 4, "u2", NULL);
	storebench_expect_claim(b, 16, "1 2");
	release(b, 1, false);
	release(b, 2, true);
	release(b, 2, true); /* its lease is gone */
	storebench_expect(b, states,
			  "1|pending|0|0|0|-\n"
			  "2|pending|0|0|1|interrupted\n");
	storebench_expect(b,
			  "SELECT count(*) FROM outbox"
			  " WHERE due_at = 2000000000000"
			  "   AND lease_owner IS NULL",
			  "2\n");
}

/* The relay dies: a new one takes everything back. */
static void recover(struct storebench *b, int64_t expected)
{
	int64_t count = -1;
	struct job *job;
	while ((job = job_list_take(&b->hand)))
		job_destroy(job);
	assert_int_equal(store_recover(b->store, BENCH_NOW, &count), 0);
	assert_int_equal(count, expected);
}

static void test_recover_several(void **state)
{
	struct storebench *b = *state;
	for (int i = 0; i < 3; i++)
		storebench_add(b, 4, NULL, NULL);
	recover(b, 0);
	for (int deaths = 1; deaths <= 3; deaths++) {
		storebench_expect_claim(b, 16, "1 2 3");
		recover(b, 3);
	}
	storebench_expect(b, states,
			  "1|pending|0|0|3|interrupted\n"
			  "2|pending|0|0|3|interrupted\n"
			  "3|pending|0|0|3|interrupted\n");
	storebench_expect(b, "SELECT DISTINCT due_at, lease_owner FROM outbox",
			  "2000000000000|-\n");
	/* Suspects, each of them: from now on one by one. */
	for (int i = 1; i <= 3; i++) {
		scoped_free char *id = xasprintf("%d", i);
		storebench_expect_claim(b, 16, id);
		storebench_expect_claim(b, 16, "");
		storebench_finish(b, i, VERDICT_DELIVERED);
	}
}

static void test_recover_alone(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, "u1", NULL);
	storebench_add(b, 4, "u1", NULL);
	for (int deaths = 1; deaths <= 3; deaths++) {
		storebench_expect_claim(b, 16, "1");
		recover(b, 1);
	}
	storebench_expect(b, states,
			  "1|pending|0|0|3|interrupted\n"
			  "2|pending|0|0|0|-\n");
	storebench_expect_claim(b, 16, "1");
	recover(b, 1);
	storebench_expect(b, states,
			  "1|failed|0|0|4|kills-relay\n"
			  "2|pending|0|0|0|-\n");
	storebench_expect_claim(b, 16, "2");
}

/* Two on the wire: neither is to blame, whatever its past. */
static void test_recover_not_alone(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 4, NULL, NULL);
	storebench_add(b, 4, NULL, NULL);
	storebench_expect_claim(b, 16, "1 2");
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET interrupted = 3 WHERE id = 1");
	recover(b, 2);
	storebench_expect(b, states,
			  "1|pending|0|0|4|interrupted\n"
			  "2|pending|0|0|1|interrupted\n");
}

static void suspect(struct storebench *b, int64_t id)
{
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET interrupted = 3 WHERE id = %lld", id);
}

/* A suspect waits until nothing is in hand; nothing new passes it meanwhile,
 * and nothing goes beside it. */
static void test_suspect(void **state)
{
	struct storebench *b = *state;
	storebench_add(b, 9, NULL, NULL);
	storebench_add(b, 5, NULL, NULL);
	storebench_add(b, 4, NULL, NULL);
	suspect(b, 2);
	storebench_expect_claim(b, 16, "1");
	assert_int_equal(b->channel->next_due_ms, INT64_MAX);
	storebench_add(b, 9, NULL, NULL);
	for (int i = 0; i < 20; i++)
		storebench_expect_claim(b, 16, "");
	storebench_finish(b, 1, VERDICT_DELIVERED);
	storebench_expect_claim(b, 16, "2");
	assert_int_equal(b->channel->next_due_ms, INT64_MAX);
	storebench_add(b, 9, NULL, NULL);
	storebench_expect_claim(b, 16, "");
	assert_int_equal(b->channel->next_due_ms, INT64_MAX);
	/* In the commit of its result the others go on. */
	storebench_settle(b, storebench_job(b, 2), VERDICT_DELIVERED);
	storebench_expect_claim(b, 16, "3 4 5");
}

static void test_expire(void **state)
{
	struct storebench *b = *state;
	int64_t next = 0;
	assert_int_equal(store_look_expiry(b->store, &next), 0);
	assert_int_equal(next, INT64_MAX);
	outbox_exec(b->fix->db,
		    "WITH n (i) AS (SELECT 1 UNION ALL"
		    "               SELECT i + 1 FROM n WHERE i < 250)"
		    " INSERT INTO outbox (type, payload, due_at, expires_at)"
		    " SELECT 't', '{}', %lld, %lld + i FROM n",
		    BENCH_NOW + 500, BENCH_NOW);
	assert_int_equal(store_look_expiry(b->store, &next), 0);
	assert_int_equal(next, BENCH_NOW + 1);
	assert_int_equal(store_begin(b->store), 0);
	assert_int_equal(store_expire(b->store, BENCH_NOW + 240, &next), 0);
	assert_int_equal(next, BENCH_NOW + 201); /* some hundred a call */
	assert_int_equal(store_expire(b->store, BENCH_NOW + 240, &next), 0);
	assert_int_equal(next, BENCH_NOW + 241);
	assert_int_equal(store_expire(b->store, BENCH_NOW + 240, &next), 0);
	assert_int_equal(store_commit(b->store), 0);
	storebench_expect(b,
			  "SELECT status, count(*), sum(version), last_reason"
			  "  FROM outbox GROUP BY status ORDER BY status",
			  "expired|240|240|expired\npending|10|0|-\n");
}

/* A row that is being sent has not expired: its answer decides. */
static void test_expire_sending(void **state)
{
	struct storebench *b = *state;
	int64_t next = 0;
	storebench_add(b, 4, "u1", NULL);
	storebench_add(b, 4, "u1", NULL);
	outbox_exec(b->fix->db, "UPDATE outbox SET expires_at = %lld",
		    BENCH_NOW + 1);
	storebench_expect_claim(b, 16, "1");
	assert_int_equal(store_begin(b->store), 0);
	assert_int_equal(store_expire(b->store, BENCH_NOW + 1, &next), 0);
	assert_int_equal(store_commit(b->store), 0);
	assert_int_equal(next, INT64_MAX);
	storebench_expect(b, states,
			  "1|sending|0|0|0|-\n2|expired|0|0|0|expired\n");
}

static void test_adopt(void **state)
{
	struct storebench *b = *state;
	static char type[] = "a", channel[] = "wechat-cloud", path[] = "$.to";
	static struct config_route route = {type, channel, path};
	struct config config = b->config;
	b->settings.life_ms = 1000;
	b->settings.max_attempts = 3;
	b->settings.per_day = 7;
	config.routes = (struct config_routes){&route, 1};
	assert_int_equal(store_adopt(b->store, &config), 0);
	storebench_expect(b, "SELECT * FROM outbox_route",
			  "*|wechat-cloud|$.assignedToId\na|wechat-cloud|$.to"
			  "\n");
	storebench_expect(b,
			  "SELECT life_ms, max_attempts, max_at_once,"
			  "       max_per_second, max_per_day, is_order_held"
			  "  FROM outbox_channel",
			  "1000|3|16|-|7|0\n");
	route.recipient_path = NULL; /* the general one */
	assert_int_equal(store_adopt(b->store, &config), 0);
	assert_int_equal(store_adopt(b->store, &config), 0);
	storebench_expect(b, "SELECT * FROM outbox_route WHERE type = 'a'",
			  "a|wechat-cloud|$.assignedToId\n");
	/* What an operator did to the channel stays. */
	outbox_exec(b->fix->db, "UPDATE outbox_channel SET state = 'paused'");
	b->settings.life_ms = 0;
	assert_int_equal(store_adopt(b->store, &b->config), 0);
	storebench_expect(b, "SELECT state, life_ms FROM outbox_channel",
			  "paused|-\n");
	storebench_expect(b, "SELECT type FROM outbox_route", "*\n");
}

static void note_refusal(void *ctx, enum log_level level, const char *event,
			 const char *fields)
{
	char **said = ctx;
	if (level == LOG_ERROR && strstr(event, "OUTBOX_ROUTES")) {
		free(*said);
		*said = xstrdup(fields);
	}
}

/* Nothing of it is adopted, and the log says which route it was. */
static void test_adopt_refused(void **state)
{
	struct storebench *b = *state;
	static char good[] = "a", bad[] = "b", channel[] = "wechat-cloud";
	static char unknown[] = "nowhere", path[] = "$.to", broken[] = "$.x[";
	struct config_route routes[] = {{good, channel, path},
					{bad, unknown, path}};
	char *said = NULL;
	struct config config = b->config;
	b->settings.life_ms = 1000;
	config.routes = (struct config_routes){routes, 2};
	log_set_sink(note_refusal, &said);
	assert_int_equal(store_adopt(b->store, &config), DB_REFUSED);
	assert_non_null(strstr(said, "type=b"));
	assert_non_null(strstr(said, "nowhere"));
	routes[1] = (struct config_route){bad, channel, broken};
	assert_true(store_adopt(b->store, &config) < 0);
	assert_non_null(strstr(said, "$.x["));
	log_set_sink(NULL, NULL);
	free(said);
	storebench_expect(b, "SELECT type FROM outbox_route", "*\n");
	storebench_expect(b, "SELECT life_ms FROM outbox_channel", "-\n");
	assert_false(db_in_transaction(b->db));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_delivered),
		STORE_TEST(test_retried),
		STORE_TEST(test_fenced),
		STORE_TEST(test_settled_again),
		STORE_TEST(test_released),
		STORE_TEST(test_recover_several),
		STORE_TEST(test_recover_alone),
		STORE_TEST(test_recover_not_alone),
		STORE_TEST(test_suspect),
		STORE_TEST(test_expire),
		STORE_TEST(test_expire_sending),
		STORE_TEST(test_adopt),
		STORE_TEST(test_adopt_refused),
	};
	return cmocka_run_group_tests_name("settle", tests, NULL, NULL);
}
