/*
 * Operators at work beside a running relay: what they decide is in force from
 * the commit of their batch on, and nothing is sent twice or passed by.
 */
#include "tests/support/operator.h"
#include "tests/support/scene.h"

#include "lib/util.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static int64_t count(struct scene *s, const char *where)
{
	return outbox_int(s->fix->db, "SELECT count(*) FROM outbox WHERE %s",
			  where);
}

static void slow(struct scene *s, const char *stage, int delay_ms)
{
	scoped_free char *rules =
		xasprintf("[{\"stage\":\"%s\",\"delay_ms\":%d,\"times\":-1}]",
			  stage, delay_ms);
	simulator_fault(&s->sim, rules);
}

/* From the commit of a pause on not one row is claimed; those on the wire
 * end. Tried often, for it is a race. */
static void test_pause(void **state)
{
	struct scene *s = *state;
	struct operator o;
	operator_open(&o, s->fix->path, "alice");
	slow(s, "invoke", 3);
	scene_insert_many(s, 6000);
	scene_start_relay(s, NULL);
	for (int i = 1; i <= 20; i++) {
		scoped_free char *sql =
			xasprintf("SELECT count(*) >= %d FROM outbox"
				  " WHERE status = 'delivered'",
				  i * 50);
		scene_wait(s, sql, "1");
		assert_int_equal(
			operator_channels(&o, ACT_PAUSE, "wechat-cloud"), 1);
		int64_t claimed = count(s, "version > 0");
		scene_wait_count(s, "wechat-cloud", "sending", 0);
		assert_int_equal(count(s, "version > 0"), claimed);
		assert_int_equal(count(s, "status = 'delivered'"), claimed);
		assert_int_equal(
			operator_channels(&o, ACT_RESUME, "wechat-cloud"), 1);
	}
	scene_wait_count(s, "wechat-cloud", "delivered", 6000);
	assert_int_equal(scene_calls(s, "invoke"), 6000);
	operator_close(&o);
}

/* Neither a reload nor a restart ends it; a pause of all is one of each. */
static void test_pause_lasts(void **state)
{
	struct scene *s = *state;
	struct operator o;
	operator_open(&o, s->fix->path, "alice");
	scene_start_two(s, NULL);
	assert_int_equal(operator_channels(&o, ACT_PAUSE, NULL), 2);
	scene_insert_many(s, 20);
	scene_insert_hooks(s, 20);
	scene_reload(s, "RELAY_CONCURRENCY=3\n");
	scene_wait(s, "SELECT max(max_at_once) FROM outbox_channel", "3");
	scene_crash_relay(s);
	scene_start_two(s, NULL);
	assert_int_equal(operator_channels(&o, ACT_RESUME, "x"), 1);
	scene_wait_count(s, "x", "delivered", 20);
	assert_int_equal(count(s, "channel = 'wechat-cloud' AND version = 0"),
			 20);
	scoped_free char *why = outbox_text(
		s->fix->db, "SELECT state || '|' || state_by FROM"
			    " outbox_channel WHERE name = 'wechat-cloud'");
	assert_string_equal(why, "paused|alice");
	assert_int_equal(operator_channels(&o, ACT_RESUME, NULL), 1);
	scene_wait_count(s, "wechat-cloud", "delivered", 20);
	operator_close(&o);
}

static const char *const held_env[] = {
	"RELAY_BREAKER_PAUSE=1h", "RELAY_PROBE=1h", "RELAY_BACKOFF=1h", NULL};

/* A resume of a held channel is one probe at once: if it fails, one call more
 * and no attempt; if it succeeds, all go. */
static void run_resume(struct scene *s, bool is_paused_between)
{
	struct operator o;
	operator_open(&o, s->fix->path, "alice");
	simulator_fault(&s->sim, "[{\"stage\":\"hook\",\"status\":503,"
				 "\"times\":-1}]");
	scene_start_two(s, held_env);
	scene_insert_hooks(s, 200);
	scene_wait_channel(s, "x", "held|breaker-open");
	scene_wait_count(s, "x", "sending", 0);
	int64_t tried = count(s, "attempts = 1");
	for (int i = 1; i <= 3; i++) {
		if (is_paused_between)
			operator_channels(&o, ACT_PAUSE, "x");
		assert_int_equal(operator_channels(&o, ACT_RESUME, "x"), 1);
		scoped_free char *probes = xasprintf("%d", i);
		scene_wait(s,
			   "SELECT count(*) FROM outbox WHERE attempts = 0"
			   " AND version = 2 AND status = 'pending'",
			   probes);
		scene_wait_channel(s, "x", "held|breaker-open");
		assert_int_equal(scene_calls(s, "hook"), tried + i);
	}
	assert_int_equal(count(s, "attempts = 1"), tried);
	simulator_fault(&s->sim, "[]");
	operator_channels(&o, ACT_RESUME, "x");
	scene_wait_count(s, "x", "delivered", (int)(200 - tried));
	scene_wait(s,
		   "SELECT state || resume_wanted FROM outbox_channel"
		   " WHERE name = 'x'",
		   "open0");
	operator_close(&o);
}

static void test_resume_probes(void **state)
{
	run_resume(*state, false);
}

static void test_resume_of_a_paused_one_probes(void **state)
{
	run_resume(*state, true);
}

/* The token's trouble, too: a resume asks WeChat at once. */
static void test_resume_asks_for_a_token(void **state)
{
	struct scene *s = *state;
	struct operator o;
	operator_open(&o, s->fix->path, "alice");
	simulator_fault(&s->sim, "[{\"stage\":\"token\",\"errcode\":40164,"
				 "\"times\":2}]");
	scene_insert_many(s, 100);
	scene_start_relay(s, held_env);
	scene_wait_channel(s, "wechat-cloud", "held|ip-not-whitelisted");
	operator_channels(&o, ACT_RESUME, NULL);
	scene_wait_calls(s, "token", 2);
	scene_wait(s, "SELECT state || resume_wanted FROM outbox_channel",
		   "held0");
	operator_channels(&o, ACT_RESUME, NULL);
	scene_wait_count(s, "wechat-cloud", "delivered", 100);
	assert_int_equal(scene_calls(s, "token"), 3);
	operator_close(&o);
}

/* What is on the wire cannot be taken back, and says so to both. */
static void test_cancel_on_the_wire(void **state)
{
	struct scene *s = *state;
	struct operator o;
	operator_open(&o, s->fix->path, "alice");
	slow(s, "hook", 1500);
	scene_start_two(s, NULL);
	scene_insert_hooks(s, 1);
	scene_wait_count(s, "x", "sending", 1);
	enum act_fate fate = operator_row(&o, ACT_CANCEL, 1);
	assert_string_equal(act_fate_name(fate), "on the wire");
	scoped_free char *said = outbox_refused(
		s->fix->db, "UPDATE outbox SET status = 'cancelled'");
	assert_non_null(strstr(said, "being sent"));
	scene_wait_count(s, "x", "delivered", 1);
	assert_int_equal(operator_row(&o, ACT_CANCEL, 1), ACT_WRONG_STATE);
	operator_close(&o);
}

enum { FAILED = 300 };

struct retrying {
	struct operator o;
	struct act_row rows[FAILED];
	int64_t changed;
};

static void *retry_all(void *arg)
{
	struct retrying *r = arg;
	r->changed = operator_rows(&r->o, ACT_RETRY, r->rows, FAILED);
	return NULL;
}

static void fail_all(struct scene *s)
{
	simulator_fault(&s->sim, "[{\"stage\":\"function\",\"times\":300,"
				 "\"resp_json\":{\"success\":false,"
				 "\"error\":{\"code\":43101}}}]");
	scene_insert_many(s, FAILED);
	scene_start_relay(s, NULL);
	scene_wait_count(s, "wechat-cloud", "failed", FAILED);
}

/* Two of them choose the same 300 rows and press the key at the same time:
 * each row is retried by one, and delivered once. */
static void test_two_retry_at_once(void **state)
{
	struct scene *s = *state;
	static struct retrying two[2];
	pthread_t threads[2];
	fail_all(s);
	for (int i = 0; i < 2; i++) {
		operator_open(&two[i].o, s->fix->path, i ? "bob" : "alice");
		for (int n = 0; n < FAILED; n++)
			two[i].rows[n] = (struct act_row){
				.id = n + 1,
				.version = outbox_int(s->fix->db,
						      "SELECT version FROM"
						      " outbox WHERE id = %d",
						      n + 1),
			};
	}
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, retry_all, &two[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(two[0].changed + two[1].changed, FAILED);
	scene_wait_count(s, "wechat-cloud", "delivered", FAILED);
	assert_int_equal(count(s, "generation = 2 AND attempts = 1"), FAILED);
	assert_int_equal(scene_calls(s, "invoke"), 2 * FAILED);
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), FAILED);
	assert_int_equal(outbox_int(s->fix->db, "SELECT sum(changed) FROM"
						" outbox_audit WHERE"
						" action = 'retry'"),
			 FAILED);
	for (int i = 0; i < 2; i++)
		operator_close(&two[i].o);
}

/* A row that failed for what it says is sent with what it should say. */
static void test_edit(void **state)
{
	struct scene *s = *state;
	struct operator o;
	operator_open(&o, s->fix->path, "alice");
	int64_t id = scene_insert(s, USER_UNKNOWN);
	scene_start_relay(s, NULL);
	scene_wait_count(s, "wechat-cloud", "failed", 1);
	struct act_row row = {
		.id = id,
		.version = ACT_ANY_VERSION,
		.payload = "{\"assignedToId\":\"" USER_BOUND "\","
			   "\"customerName\":\"王五\"}",
	};
	assert_int_equal(operator_rows(&o, ACT_EDIT, &row, 1), 1);
	scene_wait_count(s, "wechat-cloud", "delivered", 1);
	cJSON *calls = scene_journal(s, "invoke");
	assert_int_equal(cJSON_GetArraySize(calls), 2);
	assert_non_null(strstr(cJSON_GetStringValue(cJSON_GetObjectItem(
				       cJSON_GetArrayItem(calls, 1), "body")),
			       "王五"));
	cJSON_Delete(calls);
	assert_int_equal(outbox_int(s->fix->db, "SELECT count(*) FROM"
						" outbox_revision WHERE payload"
						" LIKE '%%" USER_UNKNOWN "%%'"),
			 1);
	operator_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_pause),
		SCENE_TEST(test_pause_lasts),
		SCENE_TEST(test_resume_probes),
		SCENE_TEST(test_resume_of_a_paused_one_probes),
		SCENE_TEST(test_resume_asks_for_a_token),
		SCENE_TEST(test_cancel_on_the_wire),
		SCENE_TEST(test_two_retry_at_once),
		SCENE_TEST(test_edit),
	};
	return cmocka_run_group_tests_name("operators", tests, NULL, NULL);
}
