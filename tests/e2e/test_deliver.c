/*
 * From the CRM's INSERT to the row's end, through the simulator and its faults.
 */
#include "tests/support/scene.h"

#include "lib/util.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char delivered[] =
	"SELECT count(*) FROM outbox WHERE status = 'delivered'";

/* {"success":false} is never "delivered": each refusal of the function ends as
 * a dead letter with its own reason. */
static void test_users(void **state)
{
	struct scene *s = *state;
	int64_t sent = scene_insert(s, USER_BOUND);
	int64_t not_bound = scene_insert(s, USER_NOT_BOUND);
	int64_t unsubscribed = scene_insert(s, USER_UNSUBSCRIBED);
	int64_t unknown = scene_insert(s, USER_UNKNOWN);
	free(scene_run_once(s, NULL));
	scene_expect_row(s, sent, "delivered|1|0|0|-");
	scene_expect_row(s, not_bound, "failed|1|0|0|user-not-bound");
	scene_expect_row(s, unsubscribed, "failed|1|0|0|not-subscribed");
	scene_expect_row(s, unknown, "failed|1|0|0|user-not-found");
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), 1);
	scoped_free char *attempt = outbox_text(
		s->fix->db,
		"SELECT stage || '|' || outcome || '|' || code || '|' || reason"
		"  FROM outbox_attempt WHERE outbox_id = %lld",
		(long long)unsubscribed);
	assert_string_equal(attempt, "send|reject|43101|not-subscribed");
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT delivered_at >= created_at"
				    "  FROM outbox WHERE status = 'delivered'"),
			 1);
}

struct fault_case {
	const char *name, *rules, *row;
	long long invokes; /* calls, and with it requests on the wire */
};

/* One fault, once, and what the row comes to in the end. */
static const struct fault_case fault_cases[] = {
	{"busy", "[{\"stage\":\"invoke\",\"errcode\":-1}]", "delivered|2|1|0|-",
	 2},
	{"5xx", "[{\"stage\":\"invoke\",\"status\":503}]", "delivered|2|1|0|-",
	 2},
	{"reset", "[{\"stage\":\"invoke\",\"reset\":true}]",
	 "delivered|2|1|0|-", 2},
	{"half", "[{\"stage\":\"invoke\",\"half\":true}]", "delivered|2|1|0|-",
	 2},
	{"garbage", "[{\"stage\":\"invoke\",\"garbage\":true}]",
	 "delivered|2|1|0|-", 2},
	{"10 MB", "[{\"stage\":\"invoke\",\"big\":10485760}]",
	 "delivered|2|1|0|-", 2},
	{"hang", "[{\"stage\":\"invoke\",\"hang\":true}]", "delivered|2|1|0|-",
	 2},
	{"empty", "[{\"stage\":\"function\",\"resp\":\"\"}]",
	 "delivered|2|1|0|-", 2},
	{"concurrent",
	 "[{\"stage\":\"function\",\"resp_json\":"
	 "{\"success\":false,\"error\":{\"code\":43108}}}]",
	 "delivered|2|0|0|-", 2},
	{"token died", "[{\"stage\":\"invoke\",\"errcode\":40001}]",
	 "pending|0|0|0|token-rejected", 1},
	{"bad field",
	 "[{\"stage\":\"function\",\"resp_json\":"
	 "{\"success\":false,\"error\":{\"code\":47003}}}]",
	 "failed|1|0|0|template-field-invalid", 1},
};

static void run_fault_case(struct scene *s, const struct fault_case *c)
{
	static const char *const env[] = {"RELAY_TIMEOUT=500ms",
					  "RELAY_BACKOFF=20ms",
					  "RELAY_JITTER=0", NULL};
	simulator_fault(&s->sim, c->rules);
	long long before = scene_calls(s, "invoke");
	int64_t id = scene_insert(s, USER_BOUND);
	scene_start_relay(s, env);
	scoped_free char *sql =
		xasprintf("SELECT status FROM outbox WHERE id = %lld"
			  "   AND status <> 'sending' AND last_error IS NOT"
			  "       coalesce(last_reason, 'x')"
			  "   AND (status <> 'pending' OR last_reason ="
			  "        'token-rejected')",
			  (long long)id);
	scoped_free char *status = xstrndup(c->row, strcspn(c->row, "|"));
	scene_wait(s, sql, status);
	scene_expect_row(s, id, c->row);
	assert_int_equal(scene_calls(s, "invoke") - before, c->invokes);
	assert_int_equal(relayproc_stop(&s->relay, SCENE_DEADLINE_MS), 0);
	proc_finish(&s->relay);
	outbox_exec(s->fix->db, "UPDATE outbox SET status = 'cancelled'"
				" WHERE status = 'pending'");
}

static void test_faults(void **state)
{
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(fault_cases); i++) {
		print_message("# %s\n", fault_cases[i].name);
		run_fault_case(s, &fault_cases[i]);
	}
}

static void test_dead_letter(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_MAX_ATTEMPTS=3",
					  "RELAY_BACKOFF=10ms", NULL};
	simulator_fault(&s->sim, "[{\"stage\":\"function\",\"times\":-1,"
				 "\"resp_json\":{\"success\":false,"
				 "\"error\":{\"code\":43108}}}]");
	int64_t id = scene_insert(s, USER_BOUND);
	outbox_exec(s->fix->db, "UPDATE outbox SET due_at = due_at - 1");
	scene_start_relay(s, env);
	scene_wait(s, "SELECT status FROM outbox", "failed");
	scene_expect_row(s, id, "failed|3|0|0|recipient-busy");
	assert_int_equal(
		outbox_int(s->fix->db, "SELECT count(*) FROM outbox_attempt"),
		3);
}

/* An unknown outcome is tried again with the same notificationId, so that the
 * function can drop the repeat; and no more than its cap allows. */
static void test_unknown_is_capped(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_BACKOFF=10ms", NULL};
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"reset\":true,"
				 "\"act\":true,\"times\":-1}]");
	int64_t id = scene_insert(s, USER_BOUND);
	scene_start_relay(s, env);
	scene_wait(s, "SELECT status FROM outbox", "failed");
	assert_int_equal(scene_calls(s, "invoke"), 5);
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), 1);
	assert_int_equal(simulator_stat(&s->sim, "sent.repeated"), 0);
	scoped_free char *row =
		outbox_text(s->fix->db,
			    "SELECT attempts || '|' || unknowns || '|' ||"
			    "       last_reason"
			    "  FROM outbox WHERE id = %lld",
			    (long long)id);
	assert_string_equal(row, "5|5|connection-lost");
}

/* curl would send a POST again when a reused connection dies unanswered; one
 * attempt is one request. */
static void test_one_attempt_one_request(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_BACKOFF=1h", NULL};
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\","
				 "\"close_reused\":true,\"act\":true}]");
	scene_insert(s, "load-1");
	scene_start_relay(s, env); /* reuses the token's connection */
	scene_wait(s, "SELECT unknowns FROM outbox", "1");
	scene_expect_row(s, 1, "pending|1|1|0|connection-lost");
	assert_int_equal(scene_calls(s, "invoke"), 1);
}

/* What is due goes; what is later stays; and it leaves with 0 either way. */
static void test_once(void **state)
{
	struct scene *s = *state;
	int64_t now = scene_insert(s, USER_BOUND);
	int64_t later = scene_insert(s, USER_BOUND);
	outbox_exec(s->fix->db,
		    "UPDATE outbox SET due_at = due_at + 3600000"
		    " WHERE id = %lld",
		    (long long)later);
	free(scene_run_once(s, NULL));
	scene_expect_row(s, now, "delivered|1|0|0|-");
	scene_expect_row(s, later, "pending|0|0|0|-");
}

/* Never two at once to one recipient, which WeChat would answer with 43108. */
static void test_one_recipient_at_a_time(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"delay_ms\":5,"
				 "\"times\":-1}]");
	for (int i = 0; i < 40; i++)
		scene_insert(s, i % 2 ? "load-a" : "load-b");
	free(scene_run_once(s, NULL));
	assert_int_equal(outbox_int(s->fix->db, "SELECT count(*) FROM outbox"
						" WHERE status = 'delivered'"
						"   AND attempts = 1"),
			 40);
	cJSON *stats = simulator_stats(&s->sim);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(
				 stats, "overlaps")),
			 0);
	cJSON_Delete(stats);
	assert_int_equal(outbox_int(s->fix->db, "SELECT count(*) FROM outbox"
						" WHERE waits_for IS NOT NULL"),
			 0);
}

/* In order of id, through a retry of the first. */
static void test_order(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_BACKOFF=50ms", NULL};
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"errcode\":-1,"
				 "\"match\":\"load-1\\\"\"}]");
	for (int i = 1; i <= 5; i++) {
		outbox_exec(s->fix->db,
			    "INSERT INTO outbox (type, payload, ordering_key,"
			    " priority) VALUES ('sendCustomerAssignNotify',"
			    " json_object('assignedToId', 'load-%d'), 'k', %d)",
			    i, i);
	}
	scene_start_relay(s, env);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "5");
	cJSON *journal = simulator_journal(&s->sim);
	const cJSON *call;
	char seen[16] = "";
	cJSON_ArrayForEach(call, journal)
	{
		const char *body =
			cJSON_GetObjectItemCaseSensitive(call, "body")
				->valuestring;
		const char *user = strstr(body, "load-");
		if (user)
			strncat(seen, user + strlen("load-"), 1);
	}
	cJSON_Delete(journal);
	assert_string_equal(seen, "112345");
}

/* Somebody else's trigger refuses the result of one row: the others, which were
 * answered with it, do not wait for it. */
static void test_foreign_trigger(void **state)
{
	struct scene *s = *state;
	scene_insert_many(s, 20);
	outbox_exec(s->fix->db,
		    "CREATE TRIGGER crm BEFORE UPDATE OF status ON outbox"
		    " WHEN NEW.id = 7 AND NEW.status = 'delivered'"
		    " BEGIN SELECT RAISE(ABORT, 'not this one'); END");
	scene_start_relay(s, NULL);
	scene_wait(s, delivered, "19");
	scene_stop_relay(s);
	scene_expect_row(s, 7, "sending|0|0|0|-");
	assert_int_equal(scene_calls(s, "invoke"), 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_users),
		SCENE_TEST(test_faults),
		SCENE_TEST(test_dead_letter),
		SCENE_TEST(test_unknown_is_capped),
		SCENE_TEST(test_one_attempt_one_request),
		SCENE_TEST(test_once),
		SCENE_TEST(test_one_recipient_at_a_time),
		SCENE_TEST(test_order),
		SCENE_TEST(test_foreign_trigger),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
