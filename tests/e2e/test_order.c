/*
 * Rows with an ordering_key arrive in the order of their ids: through retries,
 * crashes, faults and over two channels; and what a dead letter does to those
 * behind it.
 */
#include "tests/support/operator.h"
#include "tests/support/scene.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 1000, KEYS = 50 };

/* Row i of a key, and which one. Every third row goes to the webhook. */
static void insert(struct scene *s, int rows, int keys)
{
	outbox_exec(s->fix->db,
		    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL"
		    "  SELECT i + 1 FROM n WHERE i < %d - 1)"
		    " INSERT INTO outbox (type, payload, ordering_key,"
		    "  priority)"
		    " SELECT iif(i %% 3, 'sendCustomerAssignNotify', 'x'),"
		    "        json_object('assignedToId', 'load-' || i,"
		    "                    'to', 'h-' || i,"
		    "                    'seq', i / %d, 'key', i %% %d),"
		    "        'k' || i %% %d, i %% 10"
		    "   FROM n",
		    rows, keys, keys, keys);
}

/* A number of a call's payload, wherever it stands in the body. */
static int number(const cJSON *call, const char *name)
{
	const char *body =
		cJSON_GetStringValue(cJSON_GetObjectItem(call, "body"));
	scoped_free char *key = xasprintf("\"%s\":", name);
	const char *at = strstr(body, key);
	assert_non_null(at);
	return atoi(at + strlen(key));
}

/* Of every key, a call may repeat the one before or be the next, never an
 * earlier one and never one further on. */
static void expect_order(struct scene *s, int rows, int keys)
{
	int *next = xcalloc((size_t)keys, sizeof(*next));
	cJSON *calls = simulator_journal(&s->sim);
	const cJSON *call;
	cJSON_ArrayForEach(call, calls)
	{
		const char *stage = cJSON_GetStringValue(
			cJSON_GetObjectItem(call, "stage"));
		if (strcmp(stage, "token") == 0)
			continue;
		int key = number(call, "key"), seq = number(call, "seq");
		if (seq != next[key] && seq != next[key] - 1)
			fail_msg("key %d: %d where %d is next", key, seq,
				 next[key]);
		next[key] = MAX(next[key], seq + 1);
	}
	for (int key = 0; key < keys; key++)
		assert_int_equal(next[key], rows / keys);
	cJSON_Delete(calls);
	free(next);
}

/* Everything that can be tried again, by chance. */
static const char faults[] =
	"[{\"stage\":\"invoke\",\"errcode\":-1,\"rate\":0.05},"
	"{\"stage\":\"invoke\",\"status\":502,\"rate\":0.05},"
	"{\"stage\":\"invoke\",\"reset\":true,\"act\":true,\"rate\":0.05},"
	"{\"stage\":\"invoke\",\"delay_ms\":30,\"rate\":0.1},"
	"{\"stage\":\"hook\",\"status\":503,\"rate\":0.1},"
	"{\"stage\":\"hook\",\"reset\":true,\"rate\":0.05},"
	"{\"stage\":\"hook\",\"delay_ms\":30,\"rate\":0.1}]";

static const char *const quick[] = {"RELAY_BACKOFF=10ms",
				    "RELAY_BREAKER_FAILURES=0",
				    "RELAY_MAX_ATTEMPTS=100", NULL};

static void test_random_faults(void **state)
{
	struct scene *s = *state;
	scene_start_two(s, quick);
	simulator_fault(&s->sim, faults);
	insert(s, ROWS, KEYS);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "1000");
	expect_order(s, ROWS, KEYS);
}

/* The relay is killed again and again in the midst of it. */
static void test_crashes(void **state)
{
	struct scene *s = *state;
	scene_start_two(s, quick);
	simulator_fault(&s->sim, faults);
	insert(s, ROWS, KEYS);
	for (int i = 1; i <= 8; i++) {
		scoped_free char *sql =
			xasprintf("SELECT count(*) >= %d FROM outbox"
				  " WHERE status = 'delivered'",
				  i * 100);
		scene_wait(s, sql, "1");
		scene_crash_relay(s);
		scene_start_two(s, quick);
	}
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "1000");
	expect_order(s, ROWS, KEYS);
	assert_true(outbox_int(s->fix->db, "SELECT max(lease_no) FROM outbox") >
		    1);
}

/* One key, and the first row is tried again for a while: all wait for it. */
static void test_behind_a_retry(void **state)
{
	struct scene *s = *state;
	scene_start_two(s, quick);
	simulator_fault(&s->sim, "[{\"stage\":\"hook\",\"status\":503,"
				 "\"match\":\"\\\"seq\\\":0\",\"times\":7}]");
	insert(s, 30, 1);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "30");
	expect_order(s, 30, 1);
	assert_int_equal(scene_calls(s, "hook"), 10 + 7);
}

/* A dead letter in the middle: row 10 of 20, and what has become of all. */
static void start_with_dead_letter(struct scene *s, const char *order)
{
	const char *const env[] = {order, "RELAY_BACKOFF=10ms", NULL};
	simulator_fault(&s->sim, "[{\"stage\":\"hook\",\"status\":422,"
				 "\"match\":\"\\\"seq\\\":9,\"}]");
	scene_start_two(s, env);
	insert(s, 20, 1);
	scene_wait(s, "SELECT status FROM outbox WHERE id = 10", "failed");
}

static void test_dead_letter_lets_pass(void **state)
{
	struct scene *s = *state;
	start_with_dead_letter(s, "RELAY_ORDER=pass");
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "19");
	expect_order(s, 20, 1);
}

/* Rows without the key, or with another, are not held. */
static void expect_held(struct scene *s)
{
	outbox_exec(s->fix->db,
		    "INSERT INTO outbox (type, payload, ordering_key)"
		    " VALUES ('x', '{\"key\":1}', 'other'), ('x', '{}', NULL)");
	scene_wait(s,
		   "SELECT count(*) FROM outbox WHERE id > 20"
		   " AND status = 'delivered'",
		   "2");
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox WHERE id"
				    " BETWEEN 11 AND 20 AND version = 0"),
			 10);
}

static void run_held(struct scene *s, enum act_action action, int calls)
{
	struct operator o;
	start_with_dead_letter(s, "RELAY_ORDER=hold");
	expect_held(s);
	/* The same after a restart. */
	scene_crash_relay(s);
	static const char *const env[] = {"RELAY_ORDER=hold", NULL};
	scene_start_two(s, env);
	outbox_exec(s->fix->db, "INSERT INTO outbox (type, payload)"
				" VALUES ('x', '{}')");
	scene_wait(s, "SELECT status FROM outbox WHERE id = 23", "delivered");
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox WHERE id"
				    " BETWEEN 11 AND 20 AND version = 0"),
			 10);
	operator_open(&o, s->fix->path, "alice");
	assert_int_equal(operator_row(&o, action, 10), ACT_CHANGED);
	operator_close(&o);
	scene_wait(s,
		   "SELECT count(*) FROM outbox WHERE status IN"
		   " ('pending', 'sending')",
		   "0");
	assert_int_equal(scene_calls(s, "hook"), calls);
}

static void test_held_until_cancelled(void **state)
{
	struct scene *s = *state;
	run_held(s, ACT_CANCEL, 7 + 3);
	assert_int_equal(outbox_int(s->fix->db, "SELECT count(*) FROM outbox"
						" WHERE status = 'delivered'"),
			 22);
}

static void test_held_until_sent(void **state)
{
	struct scene *s = *state;
	run_held(s, ACT_RETRY, 7 + 3 + 1);
	assert_int_equal(outbox_int(s->fix->db, "SELECT count(*) FROM outbox"
						" WHERE status = 'delivered'"),
			 23);
}

/* The setting is changed while a dead letter holds its key. */
static void test_held_until_the_setting_says_pass(void **state)
{
	struct scene *s = *state;
	scene_write_env(s, "RELAY_ORDER=hold\n");
	start_with_dead_letter(s, "RELAY_ORDER");
	expect_held(s);
	scene_reload(s, "RELAY_ORDER=pass\n");
	scene_wait(s,
		   "SELECT count(*) FROM outbox WHERE status IN"
		   " ('pending', 'sending')",
		   "0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_random_faults),
		SCENE_TEST(test_crashes),
		SCENE_TEST(test_behind_a_retry),
		SCENE_TEST(test_dead_letter_lets_pass),
		SCENE_TEST(test_held_until_cancelled),
		SCENE_TEST(test_held_until_sent),
		SCENE_TEST(test_held_until_the_setting_says_pass),
	};
	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
