/* Rows that follow their route to another recipient, while rows are claimed.
 * Other code relies on: no two are on the wire for one recipient, whoever they
 * were for before, and none waits for a row that does not stand in its way. */
#include "tests/support/storebench.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum { SEED = 20261122, ACTS = 3000, USERS = 4, KEYS = 3 };

static char path_p[] = "$.p", path_q[] = "$.q";

static void adopt(struct storebench *b, char *path)
{
	b->config.recipient_path = path;
	assert_int_equal(store_adopt(b->store, &b->config), 0);
}

/* Steps until it leaves off like that. */
static void follow(struct storebench *b, enum reroute_state last)
{
	enum reroute_state state = REROUTE_MORE;
	while (state == REROUTE_MORE)
		assert_int_equal(store_reroute(b->store, &state), 0);
	assert_int_equal(state, last);
}

static void add(struct storebench *b, const char *p, const char *q,
		const char *key)
{
	outbox_exec(b->fix->db,
		    "INSERT INTO outbox (type, payload, ordering_key, due_at)"
		    " VALUES ('t', json_object('p', %Q, 'q', %Q), %Q, %lld)",
		    p, q, key, BENCH_NOW);
}

static void expect_waiting(struct storebench *b, const char *rows)
{
	storebench_expect(b,
			  "SELECT id, recipient, waits_for FROM outbox"
			  " WHERE status = 'pending' ORDER BY id",
			  rows);
}

/* Behind the one on the wire there are some that are for others now; and one
 * that is for him only now. */
static void test_parked(void **state)
{
	struct storebench *b = *state;
	adopt(b, path_p);
	add(b, "u", "x", NULL);
	add(b, "u", "v", NULL);
	add(b, "u", "v", NULL);
	add(b, "w", "u", NULL);
	add(b, "u", NULL, NULL);
	storebench_expect_claim(b, 1, "1");
	storebench_expect_claim(b, 2, "4");
	storebench_finish(b, 4, VERDICT_RETRY);
	expect_waiting(b, "2|u|recipient\n3|u|recipient\n4|w|-\n"
			  "5|u|recipient\n");
	outbox_exec(b->fix->db, "UPDATE outbox SET due_at = %lld", BENCH_NOW);
	adopt(b, path_q);
	follow(b, REROUTE_WAITS);
	expect_waiting(b, "2|v|-\n3|v|-\n4|u|-\n5|-|-\n");
	storebench_expect_claim(b, 9, "2 5");
	expect_waiting(b, "3|v|recipient\n4|u|recipient\n");
	storebench_finish(b, 1, VERDICT_RETRY);
	expect_waiting(b, "1|u|-\n3|v|recipient\n4|u|-\n");
	follow(b, REROUTE_DONE);
	expect_waiting(b, "1|x|-\n3|v|recipient\n4|u|-\n");
	storebench_expect_claim(b, 9, "4");
	storebench_finish(b, 2, VERDICT_DELIVERED);
	storebench_expect_claim(b, 9, "3");
}

/* The one that others wait behind is for somebody else now. */
static void test_it_stands_for_others(void **state)
{
	struct storebench *b = *state;
	adopt(b, path_p);
	add(b, "u", NULL, NULL);
	add(b, "u", "v", NULL);
	storebench_add(b, 4, "u", NULL);
	storebench_add(b, 4, "u", NULL);
	storebench_expect_claim(b, 9, "1");
	storebench_finish(b, 1, VERDICT_DELIVERED);
	expect_waiting(b, "2|u|-\n3|u|recipient\n4|u|recipient\n");
	adopt(b, path_q);
	follow(b, REROUTE_DONE);
	expect_waiting(b, "2|v|-\n3|u|-\n4|u|recipient\n");
	storebench_expect_claim(b, 9, "2 3");
	storebench_finish(b, 3, VERDICT_DELIVERED);
	storebench_expect_claim(b, 9, "4");
}

static void test_order_stays(void **state)
{
	struct storebench *b = *state;
	adopt(b, path_p);
	add(b, "u", "v", "k");
	add(b, "u", "w", "k");
	add(b, "x", "y", "k");
	storebench_expect_claim(b, 9, "1");
	expect_waiting(b, "2|u|recipient\n3|x|order\n");
	adopt(b, path_q);
	follow(b, REROUTE_WAITS);
	storebench_expect_claim(b, 9, "");
	expect_waiting(b, "2|w|order\n3|y|order\n");
	storebench_finish(b, 1, VERDICT_DELIVERED);
	follow(b, REROUTE_DONE);
	storebench_expect_claim(b, 9, "2");
	storebench_finish(b, 2, VERDICT_DELIVERED);
	storebench_expect_claim(b, 9, "3");
}

static void expect_one_a_recipient(const struct storebench *b)
{
	for (const struct job *job = b->hand.first; job; job = job->next) {
		for (const struct job *o = job->next; o; o = o->next) {
			if (job->msg.recipient && o->msg.recipient &&
			    strcmp(job->msg.recipient, o->msg.recipient) == 0)
				fail_msg("%lld and %lld are for %s",
					 (long long)job->msg.id,
					 (long long)o->msg.id,
					 o->msg.recipient);
		}
	}
}

static void finish_any(struct storebench *b, enum verdict verdict)
{
	long skip = b->hand.count ? lrand48() % (long)b->hand.count : -1;
	const struct job *job = b->hand.first;
	for (; skip > 0; skip--)
		job = job->next;
	if (skip == 0)
		storebench_finish(b, job->msg.id, verdict);
}

static void insert_any(struct storebench *b)
{
	outbox_exec(
		b->fix->db,
		"INSERT INTO outbox (type, payload, ordering_key, recipient,"
		" due_at)"
		" VALUES ('t', json_object('p', 'u%d', 'q', 'u%d'),"
		"         nullif('k%d', 'k0'), nullif('u%d', 'u0'), %lld)",
		(int)(lrand48() % USERS), (int)(lrand48() % USERS),
		(int)(lrand48() % KEYS),
		MAX((int)(lrand48() % (3 * USERS)) - 2 * USERS, 0), BENCH_NOW);
}

static void act_by_chance(struct storebench *b)
{
	enum reroute_state ignored;
	long dice = lrand48() % 100;
	if (dice < 40)
		insert_any(b);
	else if (dice < 60)
		free(storebench_claim(b, 2));
	else if (dice < 80)
		finish_any(b, VERDICT_DELIVERED);
	else if (dice < 85)
		finish_any(b, VERDICT_RETRY);
	else if (dice < 90)
		outbox_exec(b->fix->db,
			    "UPDATE outbox SET due_at = %lld"
			    " WHERE status = 'pending' AND due_at > %lld",
			    BENCH_NOW, BENCH_NOW);
	else if (dice < 94)
		adopt(b, lrand48() % 2 ? path_p : path_q);
	else
		assert_int_equal(store_reroute(b->store, &ignored), 0);
	expect_one_a_recipient(b);
}

/* Recipients, keys, retries and changes of the path by chance. */
static void test_by_chance(void **state)
{
	struct storebench *b = *state;
	srand48(SEED);
	outbox_exec(b->fix->db, "PRAGMA synchronous = OFF");
	assert_int_equal(db_exec(b->db, "PRAGMA synchronous = OFF"), 0);
	adopt(b, path_p);
	for (int i = 0; i < ACTS; i++)
		act_by_chance(b);
	assert_true(outbox_int(b->fix->db,
			       "SELECT count(*) FROM outbox"
			       " WHERE status = 'delivered'") > ACTS / 10);
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET due_at = %lld WHERE status = 'pending'",
		    BENCH_NOW);
	int64_t left = outbox_int(b->fix->db,
				  "SELECT count(*) FROM outbox"
				  " WHERE status IN ('pending', 'sending')");
	assert_true(left > USERS);
	for (; left > 0; left--) {
		free(storebench_claim(b, 9));
		expect_one_a_recipient(b);
		finish_any(b, VERDICT_DELIVERED);
	}
	storebench_expect(b,
			  "SELECT DISTINCT status, waits_for FROM outbox"
			  " WHERE status <> 'failed'",
			  "delivered|-\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_parked),
		STORE_TEST(test_it_stands_for_others),
		STORE_TEST(test_order_stays),
		STORE_TEST(test_by_chance),
	};
	util_init();
	return cmocka_run_group_tests_name("reroute claim", tests, NULL, NULL);
}
