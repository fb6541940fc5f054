/*
 * Trouble that is the channel's and not the row's: what only an operator can
 * mend, quotas and windows. The channel is held with its reason, its rows cost
 * nothing, and it goes on by itself when the trouble is over.
 */
#include "tests/support/scene.h"

#include "lib/util.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WRONG_SECRET "MINIPROGRAM_APPSECRET=ffffffffffffffffffffffffffffffff\n"
#define TRUE_SECRET  "MINIPROGRAM_APPSECRET=0123456789abcdef0123456789abcdef\n"

struct hold_case {
	const char *stage, *fault; /* for ever */
	const char *channel, *hold;
	const char *detail; /* in outbox_channel.detail */
	int rows;
};

/* What only an operator can mend. */
static const struct hold_case mended_cases[] = {
	{"token",
	 "\"errcode\":40164,\"errmsg\":\"invalid ip 203.0.113.7 ipv6 "
	 "::ffff:203.0.113.7, not in whitelist\"",
	 "wechat-cloud", "held|ip-not-whitelisted", "203.0.113.7", 20},
	{"token", "\"errcode\":40243", "wechat-cloud", "held|appsecret-frozen",
	 "40243", 20},
	{"invoke", "\"errcode\":-604101", "wechat-cloud",
	 "held|openapi-not-permitted", "-604101", 20},
	{"invoke",
	 "\"errcode\":-501000,\"errmsg\":\"FunctionName parameter could not be "
	 "found\"",
	 "wechat-cloud", "held|function-not-found", "-501000", 20},
	{"hook", "\"status\":410", "x", "held|webhook-gone", "410", 20},
};

static void set_fault(struct scene *s, const char *stage, const char *fault)
{
	scoped_free char *rules =
		xasprintf("[{\"stage\":\"%s\",\"times\":-1,%s}]", stage, fault);
	simulator_fault(&s->sim, rules);
}

static void insert(struct scene *s, const struct hold_case *c)
{
	if (strcmp(c->channel, "x") == 0)
		scene_insert_hooks(s, c->rows);
	else
		scene_insert_many(s, c->rows);
}

static int64_t count(struct scene *s, const char *where)
{
	return outbox_int(s->fix->db, "SELECT count(*) FROM outbox WHERE %s",
			  where);
}

/* Held, with what was answered to read; probed on and on, which costs no row
 * anything; and all of them delivered when it is mended. */
static void run_mended_case(const struct hold_case *c)
{
	static const char *const env[] = {"RELAY_PROBE=150ms", NULL};
	void *state = NULL;
	scene_set_up(&state);
	struct scene *s = state;
	set_fault(s, c->stage, c->fault);
	scene_start_two(s, env);
	insert(s, c);
	scene_wait_channel(s, c->channel, c->hold);
	long long calls = scene_calls(s, c->stage);
	scene_wait_calls(s, c->stage, calls + 3);
	scoped_free char *detail = outbox_text(
		s->fix->db, "SELECT detail FROM outbox_channel WHERE name = %Q",
		c->channel);
	assert_non_null(strstr(detail, c->detail));
	assert_int_equal(count(s, "attempts = 0 AND status IN"
				  " ('pending', 'sending')"),
			 c->rows);
	simulator_fault(&s->sim, "[]");
	scene_wait_count(s, c->channel, "delivered", c->rows);
	assert_int_equal(count(s, "attempts = 1"), c->rows);
	scene_wait_channel(s, c->channel, "open|-");
	scene_tear_down(&state);
}

static void test_mended(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mended_cases); i++) {
		print_message("# %s\n", mended_cases[i].hold);
		run_mended_case(&mended_cases[i]);
	}
}

#define DAY	 "86400000"
#define SHANGHAI "28800000"
#define MIDNIGHT \
	"((state_since + " SHANGHAI ") / " DAY " + 1) * " DAY " - " SHANGHAI

/* How long, by a query over outbox_channel that must be within a second and a
 * half. */
static const struct {
	const char *stage, *fault, *channel, *hold, *until;
} waits[] = {
	{"invoke", "\"errcode\":45009", "wechat-cloud",
	 "held|daily-quota-used-up", MIDNIGHT},
	{"token", "\"errcode\":45009", "wechat-cloud",
	 "held|token-quota-used-up", MIDNIGHT},
	{"invoke", "\"errcode\":45011", "wechat-cloud",
	 "held|minute-quota-used-up", "state_since + 60000"},
	{"hook", "\"status\":429", "x", "held|too-many-requests",
	 "state_since + 60000"},
	{"hook", "\"status\":429,\"retry_after\":\"90\"", "x",
	 "held|too-many-requests", "state_since + 90000"},
	{"hook", "\"status\":429,\"retry_after\":\"DATE\"", "x",
	 "held|too-many-requests", "state_since + 80000"},
	{"hook", "\"status\":429,\"retry_after\":\"86400\"", "x",
	 "held|too-many-requests", "state_since + 100000"},
};

/* The fault with the time in 80 seconds for DATE. The caller frees. */
static char *with_date(const char *fault)
{
	const char *at = strstr(fault, "DATE");
	char date[64];
	struct tm tm;
	time_t when = time(NULL) + 80;
	if (!at)
		return xstrdup(fault);
	gmtime_r(&when, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	return xasprintf("%.*s%s%s", (int)(at - fault), fault, date,
			 at + strlen("DATE"));
}

static void test_waits(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_RETRY_AFTER_MAX=100s",
					  "WECHAT_CLOUD_CONCURRENCY=1",
					  "WEBHOOK_X_CONCURRENCY=1", NULL};
	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		print_message("# %s\n", waits[i].until);
		scoped_free char *fault = with_date(waits[i].fault);
		set_fault(s, waits[i].stage, fault);
		scene_start_two(s, env);
		scene_insert_many(s, 3);
		scene_insert_hooks(s, 3);
		scene_wait_channel(s, waits[i].channel, waits[i].hold);
		int64_t off = outbox_int(s->fix->db,
					 "SELECT state_until - (%s)"
					 "  FROM outbox_channel"
					 " WHERE name = %Q",
					 waits[i].until, waits[i].channel);
		if (off < -1500 || off > 1500)
			fail_msg("off by %lld ms", (long long)off);
		scoped_free char *mine = xasprintf(
			"channel = '%s' AND attempts = 0", waits[i].channel);
		assert_int_equal(count(s, mine), 3);
		scene_stop_relay(s);
		outbox_exec(s->fix->db, "UPDATE outbox SET status = 'cancelled'"
					" WHERE status = 'pending';"
					"DELETE FROM outbox;"
					"UPDATE outbox_channel"
					" SET state = 'open'");
	}
}

/* A window is over by itself, and nobody has to do anything. */
static void test_window_ends(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_RETRY_AFTER_MAX=1s", NULL};
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"errcode\":45011}]");
	scene_start_relay(s, env);
	scene_insert_many(s, 100);
	scene_wait_channel(s, "wechat-cloud", "held|minute-quota-used-up");
	scene_wait_count(s, "wechat-cloud", "delivered", 100);
	assert_int_equal(count(s, "attempts = 1"), 100);
}

/* The third of the same in a row is the channel's trouble, or the fifth. */
static void test_streaks(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_PROBE=1h", "RELAY_BACKOFF=1h",
					  "WEBHOOK_X_CONCURRENCY=1", NULL};
	set_fault(s, "hook", "\"status\":302");
	scene_start_two(s, env);
	scene_insert_hooks(s, 5);
	scene_wait_channel(s, "x", "held|webhook-moved");
	assert_int_equal(count(s, "attempts = 1 AND status = 'pending'"), 2);
	assert_int_equal(count(s, "attempts = 0 AND status = 'pending'"), 3);
	assert_int_equal(scene_calls(s, "hook"), 3);
	scene_crash_relay(s);

	outbox_exec(s->fix->db, "UPDATE outbox SET status = 'cancelled'");
	set_fault(s, "hook", "\"status\":404");
	scene_start_two(s, env);
	scene_insert_hooks(s, 6);
	scene_wait_channel(s, "x", "held|webhook-not-found");
	assert_int_equal(count(s, "attempts = 1 AND status = 'failed'"), 4);
	assert_int_equal(count(s, "attempts = 0 AND status = 'pending'"), 2);
}

/* Rows that are refused for what they are, often enough to hold the channel,
 * do not hold it for ever: the next probe is another row. */
static void test_next_probe_is_another_row(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_PROBE=100ms",
					  "WEBHOOK_X_CONCURRENCY=1", NULL};
	set_fault(s, "hook", "\"status\":422,\"match\":\"bad\"");
	scene_start_two(s, env);
	outbox_exec(s->fix->db,
		    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
		    "  SELECT i + 1 FROM n WHERE i < 20)"
		    " INSERT INTO outbox (type, payload)"
		    " SELECT 'x', json_object('to', iif(i < 8, 'bad', 'good')"
		    " || i) FROM n");
	scene_wait_count(s, "x", "delivered", 13);
	scene_wait_count(s, "x", "failed", 7);
}

/* A wrong AppSecret with rows queued: one call of the token a probe, and none
 * of the rows so much as touched. */
static void test_wrong_secret(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"MINIPROGRAM_APPSECRET",
					  "RELAY_PROBE=200ms", NULL};
	scene_write_env(s, WRONG_SECRET);
	scene_insert_many(s, 1000);
	scene_start_relay(s, env);
	scene_wait_channel(s, "wechat-cloud", "held|appsecret-wrong");
	scene_wait_calls(s, "token", 6);
	assert_int_equal(count(s, "status = 'pending' AND attempts = 0"
				  " AND version = 0"),
			 1000);
	assert_int_equal(scene_calls(s, "invoke"), 0);
	cJSON *calls = scene_journal(s, "token");
	double last = 0;
	const cJSON *call;
	cJSON_ArrayForEach(call, calls)
	{
		double at =
			cJSON_GetNumberValue(cJSON_GetObjectItem(call, "t_us"));
		assert_true(last == 0 || at - last > 190000);
		last = at;
	}
	cJSON_Delete(calls);
}

/* Mended and said so: nobody waits for the next probe. */
static void test_secret_mended(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"MINIPROGRAM_APPSECRET",
					  "RELAY_PROBE=1h", NULL};
	scene_write_env(s, WRONG_SECRET);
	scene_insert_many(s, 1000);
	scene_start_relay(s, env);
	scene_wait_channel(s, "wechat-cloud", "held|appsecret-wrong");
	/* Not mended yet: one more call, and held again. */
	scene_reload(s, WRONG_SECRET "RELAY_LOG_LEVEL=debug\n");
	scene_wait_calls(s, "token", 2);
	scene_wait_channel(s, "wechat-cloud", "held|appsecret-wrong");
	scene_reload(s, TRUE_SECRET);
	scene_wait_count(s, "wechat-cloud", "delivered", 1000);
	scene_wait_channel(s, "wechat-cloud", "open|-");
	assert_int_equal(scene_calls(s, "token"), 3);
	assert_int_equal(scene_calls(s, "invoke"), 1000);
	assert_int_equal(count(s, "attempts = 1"), 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mended),
		SCENE_TEST(test_waits),
		SCENE_TEST(test_window_ends),
		SCENE_TEST(test_streaks),
		SCENE_TEST(test_next_probe_is_another_row),
		SCENE_TEST(test_wrong_secret),
		SCENE_TEST(test_secret_mended),
	};
	return cmocka_run_group_tests_name("holds", tests, NULL, NULL);
}
