/* Alerts of a relay that does not stay: one that runs from cron (--once), and
 * one that is started again while a channel is held. */
#include "tests/support/scene.h"

#include "lib/util.h"
#include "relay/alert_store.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTION_MISSING                                   \
	"[{\"stage\":\"invoke\",\"times\":-1,\"errcode\":" \
	"-501000,\"errmsg\":\"FunctionName parameter could not be found\"}]"
#define WRONG_SECRET                                            \
	"[{\"stage\":\"token\",\"times\":-1,\"errcode\":40125," \
	"\"errmsg\":\"invalid appsecret\"}]"
#define HOOK                                          \
	"WEBHOOK_X_URL=%s/hook/x\n"                   \
	"WEBHOOK_X_SECRET=a-plain-secret\n"           \
	"OUTBOX_ROUTES=x=x:$.to\nRELAY_PROBE=100ms\n" \
	"RELAY_ALERT_CHANNEL=x\nRELAY_HEARTBEAT=100ms\n"

static const char told[] =
	"SELECT coalesce(group_concat(line, ' '), '') FROM (SELECT"
	" json_extract(payload, '$.alert') || '|' ||"
	" json_extract(payload, '$.state') || '|' ||"
	" json_extract(payload, '$.reason') || '|' || status AS line"
	" FROM outbox WHERE type = '" ALERT_TYPE "' ORDER BY id)";

#define BEGUN(r) "channel-held|begun|" r "|delivered"
#define OVER(r)	 "channel-held|over|" r "|delivered"
#define MISSING	 "function-not-found"

static void settings(struct scene *s, const char *more)
{
	scoped_free char *text = xasprintf(HOOK "%s", s->sim.base, more);
	scene_write_env(s, text);
}

static void expect_told(struct scene *s, const char *want)
{
	scoped_free char *is = outbox_text(s->fix->db, "%s", told);
	assert_string_equal(is, want);
}

/* From run to run: told in the run that meets it, not again in the next ones,
 * and over in the one that sees it delivered. */
static void test_once(void **state)
{
	struct scene *s = *state;
	settings(s, "RELAY_ALERT_HELD=0\n");
	simulator_fault(&s->sim, FUNCTION_MISSING);
	scene_insert_many(s, 3);
	free(scene_run_once(s, NULL));
	expect_told(s, BEGUN(MISSING));
	free(scene_run_once(s, NULL));
	free(scene_run_once(s, NULL));
	expect_told(s, BEGUN(MISSING));
	simulator_fault(&s->sim, "[]");
	free(scene_run_once(s, NULL));
	scene_wait_count(s, "wechat-cloud", "delivered", 3);
	expect_told(s, BEGUN(MISSING) " " OVER(MISSING));
	assert_int_equal(scene_calls(s, "hook"), 2);
}

/* How long it lasts is counted over the runs. */
static void test_once_it_has_lasted(void **state)
{
	struct scene *s = *state;
	settings(s, "RELAY_ALERT_HELD=1h\n");
	simulator_fault(&s->sim, FUNCTION_MISSING);
	scene_insert_many(s, 1);
	free(scene_run_once(s, NULL));
	expect_told(s, "");
	outbox_exec(s->fix->db,
		    "UPDATE outbox_meta SET value = json_set(value,"
		    " '$[0].begun', json_extract(value, '$[0].begun') -"
		    " 3600001) WHERE key = 'alerts'");
	free(scene_run_once(s, NULL));
	expect_told(s, BEGUN(MISSING));
}

/* Lost rows, in the run that loses them. */
static void test_once_rows(void **state)
{
	struct scene *s = *state;
	settings(s, "RELAY_ALERT_FAILED=1\n");
	outbox_exec(s->fix->db,
		    "INSERT INTO outbox (type, payload, due_at, expires_at)"
		    " SELECT 't', '{}', 1700000000000, 1700000000001"
		    "  FROM json_each('[1,2]')");
	free(scene_run_once(s, NULL));
	expect_told(s, "rows-failed|begun|expired|delivered");
	free(scene_run_once(s, NULL));
	expect_told(s, "rows-failed|begun|expired|delivered");
}

/* Nobody is to be told: nothing is looked for. */
static void test_once_without_a_channel(void **state)
{
	struct scene *s = *state;
	scene_insert_many(s, 3);
	free(scene_run_once(s, NULL));
	scene_wait_count(s, "wechat-cloud", "delivered", 3);
	expect_told(s, "");
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox_meta"
				    " WHERE key = 'alerts'"),
			 0);
}

static void start(struct scene *s)
{
	settings(s, "RELAY_ALERT_HELD=0\nRELAY_ALERT_CALM=300ms\n");
	scene_start_relay(s, NULL);
}

static void hold(struct scene *s, const char *faults, const char *as)
{
	simulator_fault(&s->sim, faults);
	start(s);
	scene_insert_many(s, 1);
	scene_wait_channel(s, "wechat-cloud", as);
}

/* Longer than a trouble must be gone for it to be over. */
static void let_it_look(void)
{
	poll(NULL, 0, 1500);
}

/* Started again while it is held and no row waits: nothing has shown that it is
 * over, until a row is delivered. */
static void test_held_over_a_restart(void **state)
{
	struct scene *s = *state;
	hold(s, FUNCTION_MISSING, "held|" MISSING);
	scene_wait(s, told, BEGUN(MISSING));
	outbox_exec(s->fix->db, "UPDATE outbox SET status = 'cancelled'"
				" WHERE status = 'pending'");
	scoped_free char *since = outbox_text(
		s->fix->db, "SELECT state_since || detail FROM outbox_channel"
			    " WHERE name = 'wechat-cloud'");
	for (int i = 0; i < 2; i++) {
		if (i)
			scene_stop_relay(s);
		else
			scene_crash_relay(s);
		scene_start_relay(s, NULL);
		let_it_look();
		expect_told(s, BEGUN(MISSING));
		scene_wait_channel(s, "wechat-cloud", "held|" MISSING);
	}
	scoped_free char *still = outbox_text(
		s->fix->db, "SELECT state_since || detail FROM outbox_channel"
			    " WHERE name = 'wechat-cloud'");
	assert_string_equal(still, since);
	simulator_fault(&s->sim, "[]");
	scene_insert_many(s, 1);
	scene_wait(s, told, BEGUN(MISSING) " " OVER(MISSING));
	scene_wait_channel(s, "wechat-cloud", "open|-");
}

/* One row tries it, not as many as there is room for. */
static void test_one_row_tries_it(void **state)
{
	struct scene *s = *state;
	hold(s, FUNCTION_MISSING, "held|" MISSING);
	scene_stop_relay(s);
	long long calls = scene_calls(s, "invoke");
	scene_insert_many(s, 20);
	settings(s, "RELAY_PROBE=1h\n");
	scene_start_relay(s, NULL);
	scene_wait_calls(s, "invoke", calls + 1);
	scene_stop_relay(s);
	assert_int_equal(scene_calls(s, "invoke"), calls + 1);
}

/* What a token was refused for is over when there is one, without any row. */
static void test_token_over_a_restart(void **state)
{
	struct scene *s = *state;
	hold(s, WRONG_SECRET, "held|appsecret-wrong");
	scene_wait(s, told, BEGUN("appsecret-wrong"));
	outbox_exec(s->fix->db, "UPDATE outbox SET status = 'cancelled'"
				" WHERE status = 'pending'");
	scene_stop_relay(s);
	scene_start_relay(s, NULL);
	let_it_look();
	expect_told(s, BEGUN("appsecret-wrong"));
	scene_stop_relay(s);
	simulator_fault(&s->sim, "[]");
	scene_start_relay(s, NULL);
	scene_wait(s, told,
		   BEGUN("appsecret-wrong") " " OVER("appsecret-wrong"));
	scene_wait_channel(s, "wechat-cloud", "open|-");
}

/* Nor does a token show that anything else is over. */
static void test_a_token_proves_only_itself(void **state)
{
	struct scene *s = *state;
	hold(s, FUNCTION_MISSING, "held|" MISSING);
	scene_wait(s, told, BEGUN(MISSING));
	outbox_exec(s->fix->db, "UPDATE outbox SET status = 'cancelled'"
				" WHERE status = 'pending'");
	scene_stop_relay(s);
	simulator_fault(&s->sim, WRONG_SECRET);
	scene_start_relay(s, NULL);
	scene_wait_channel(s, "wechat-cloud", "held|appsecret-wrong");
	simulator_fault(&s->sim, FUNCTION_MISSING);
	scene_wait_channel(s, "wechat-cloud", "held|" MISSING);
	let_it_look();
	scene_wait_channel(s, "wechat-cloud", "held|" MISSING);
	expect_told(s, BEGUN(MISSING) " " BEGUN("appsecret-wrong"));
	simulator_fault(&s->sim, "[]");
	scene_insert_many(s, 1);
	scene_wait_channel(s, "wechat-cloud", "open|-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_once),
		SCENE_TEST(test_once_it_has_lasted),
		SCENE_TEST(test_once_rows),
		SCENE_TEST(test_once_without_a_channel),
		SCENE_TEST(test_held_over_a_restart),
		SCENE_TEST(test_one_row_tries_it),
		SCENE_TEST(test_token_over_a_restart),
		SCENE_TEST(test_a_token_proves_only_itself),
	};
	return cmocka_run_group_tests_name("alerts once", tests, NULL, NULL);
}
