/*
 * A relay that has only webhooks: it needs no account of WeChat's, and rows of
 * a channel that the settings let send nothing are neither lost nor silently
 * left.
 */
#include "tests/support/scene.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

#define SECRET "MINIPROGRAM_APPSECRET=0123456789abcdef0123456789abcdef\n"
#define ACCOUNT                                         \
	"MINIPROGRAM_APPID=wxb2c4e35d16d99fd3\n" SECRET \
	"MINIPROGRAM_CLOUD_ENV=cloud1-4gi0bpoje72fedd1\n"
#define TEMPLATE                                          \
	"WECHAT_TEMPLATE_A_TYPE=t\nWECHAT_TEMPLATE_A_ID=" \
	"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq\n"   \
	"WECHAT_TEMPLATE_A_FIELDS=thing1=a\n"

static char *hook_env(struct scene *s, const char *more)
{
	return xasprintf("WEBHOOK_X_URL=%s/hook/x\n"
			 "WEBHOOK_X_SECRET=a-plain-secret\n%s",
			 s->sim.base, more);
}

/* Only the file has the account, so that a reload can bring it. */
static const char *const unset[] = {"MINIPROGRAM_APPID",
				    "MINIPROGRAM_APPSECRET",
				    "MINIPROGRAM_CLOUD_ENV", NULL};

static void write_env(struct scene *s, const char *more)
{
	scoped_free char *text = hook_env(s, more);
	scene_write_env(s, text);
}

static void start(struct scene *s, const char *more)
{
	write_env(s, more);
	scene_start_relay(s, unset);
}

static void reload(struct scene *s, const char *more)
{
	scoped_free char *text = hook_env(s, more);
	scene_reload(s, text);
}

static void insert_into(struct scene *s, const char *channel, int count)
{
	outbox_exec(s->fix->db,
		    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
		    "  SELECT i + 1 FROM n WHERE i < %d)"
		    " INSERT INTO outbox (channel, type, payload, recipient)"
		    " SELECT '%s', 'sendCustomerAssignNotify',"
		    "        json_object('assignedToId', 'load-' || i,"
		    "          'customerName', '张三', 'source', '手动分配',"
		    "          'assignerName', '李四', 'customerId', 'c',"
		    "          'assignTime', '2025-12-24T10:30:00.000Z'),"
		    "        'load-' || i FROM n",
		    count, channel);
}

static void expect_untouched(struct scene *s, const char *channel, int count)
{
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox"
				    " WHERE channel = %Q AND status = 'pending'"
				    "   AND version = 0 AND attempts = 0",
				    channel),
			 count);
}

/* Each of the two ways to say that everything goes to a webhook. */
static void test_webhook_only(void **state)
{
	(void)state;
	static const char *const ways[] = {"OUTBOX_CHANNEL=x\n",
					   "OUTBOX_ROUTES=*=x:$.to\n"};
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		void *made = NULL;
		scene_set_up(&made);
		struct scene *s = made;
		print_message("# %s", ways[i]);
		start(s, ways[i]);
		scene_insert_hooks(s, 20);
		scene_wait_count(s, "x", "delivered", 20);
		scene_wait_channel(s, "wechat-cloud", "open|-");
		scene_stop_relay(s);
		assert_int_equal(scene_calls(s, "token"), 0);
		scene_tear_down(&made);
	}
}

static void test_once(void **state)
{
	struct scene *s = *state;
	write_env(s, "OUTBOX_ROUTES=*=x\n");
	free(scene_run_once(s, unset));
	insert_into(s, "wechat-cloud", 3);
	scene_insert_hooks(s, 20);
	free(scene_run_once(s, unset));
	scene_wait_count(s, "x", "delivered", 20);
	expect_untouched(s, "wechat-cloud", 3);
	scene_wait_channel(s, "wechat-cloud", "held|settings-missing");
	assert_int_equal(scene_calls(s, "token"), 0);
}

/* A token is asked for only if there is a row that needs it. */
static void test_once_with_an_account(void **state)
{
	struct scene *s = *state;
	write_env(s, "OUTBOX_ROUTES=x=x\n");
	free(scene_run_once(s, NULL));
	scene_insert_hooks(s, 5);
	free(scene_run_once(s, NULL));
	scene_wait_count(s, "x", "delivered", 5);
	assert_int_equal(scene_calls(s, "token"), 0);
}

/* What is missing is named, and nothing else; the rows go when it is there. */
static void test_rows_that_name_it(void **state)
{
	struct scene *s = *state;
	start(s, "OUTBOX_CHANNEL=x\nMINIPROGRAM_APPID=wxb2c4e35d16d99fd3\n");
	insert_into(s, "wechat-cloud", 5);
	scene_wait_channel(s, "wechat-cloud", "held|settings-missing");
	scoped_free char *shown = outbox_text(
		s->fix->db,
		"SELECT detail || '|' || ifnull(state_until, 'never')"
		"  FROM outbox_channel WHERE state = 'held'");
	assert_string_equal(shown, "not set, or a placeholder: "
				   "MINIPROGRAM_APPSECRET, "
				   "MINIPROGRAM_CLOUD_ENV|never");
	expect_untouched(s, "wechat-cloud", 5);
	/* An operator's resume cannot mend it. */
	outbox_exec(s->fix->db, "UPDATE outbox_channel SET resume_wanted = 1"
				" WHERE name = 'wechat-cloud'");
	scene_wait(s,
		   "SELECT resume_wanted FROM outbox_channel"
		   " WHERE name = 'wechat-cloud'",
		   "0");
	scene_wait_channel(s, "wechat-cloud", "held|settings-missing");
	reload(s, "OUTBOX_CHANNEL=x\n" ACCOUNT);
	scene_wait_count(s, "wechat-cloud", "delivered", 5);
	scene_wait_channel(s, "wechat-cloud", "open|-");
	assert_int_equal(
		outbox_int(s->fix->db, "SELECT sum(attempts) FROM outbox"), 5);
}

/* What a reload has brought is not asked for any more. */
static void test_one_setting_after_the_other(void **state)
{
	struct scene *s = *state;
	start(s, "OUTBOX_CHANNEL=x\n");
	insert_into(s, "wechat-cloud", 5);
	scene_wait_channel(s, "wechat-cloud", "held|settings-missing");
	reload(s, "OUTBOX_CHANNEL=x\n" SECRET);
	scene_wait(s,
		   "SELECT detail FROM outbox_channel"
		   " WHERE name = 'wechat-cloud'",
		   "not set, or a placeholder: MINIPROGRAM_APPID, "
		   "MINIPROGRAM_CLOUD_ENV");
}

static void test_cancelled_rows_open_it(void **state)
{
	struct scene *s = *state;
	start(s, "OUTBOX_CHANNEL=x\n");
	insert_into(s, "wechat-cloud", 5);
	scene_wait_channel(s, "wechat-cloud", "held|settings-missing");
	outbox_exec(s->fix->db, "UPDATE outbox SET status = 'cancelled'");
	scene_wait_channel(s, "wechat-cloud", "open|-");
}

static void test_subscribe(void **state)
{
	struct scene *s = *state;
	start(s, "OUTBOX_CHANNEL=x\n" TEMPLATE);
	insert_into(s, "wechat-subscribe", 5);
	scene_wait_channel(s, "wechat-subscribe", "held|settings-missing");
	/* no template: no channel */
	reload(s, "OUTBOX_CHANNEL=x\n");
	scene_wait_channel(s, "wechat-subscribe", "held|channel-unknown");
	expect_untouched(s, "wechat-subscribe", 5);
}

/* A webhook that is taken out is treated the same, and away at the start. */
static void test_a_webhook_that_is_taken_out(void **state)
{
	struct scene *s = *state;
	start(s, ACCOUNT "RELAY_RATE=0\n");
	scene_wait_channel(s, "x", "open|-");
	outbox_exec(s->fix->db, "UPDATE outbox_channel SET state = 'paused',"
				" state_by = 'me' WHERE name = 'x'");
	insert_into(s, "x", 5);
	scene_reload(s, ACCOUNT);
	scene_wait(s, "SELECT settings_generation FROM outbox_relay", "2");
	outbox_exec(s->fix->db, "UPDATE outbox_channel SET state = 'open',"
				" resume_wanted = 1 WHERE name = 'x'");
	scene_wait_channel(s, "x", "held|channel-unknown");
	scene_stop_relay(s);
	outbox_exec(s->fix->db, "UPDATE outbox_channel SET state = 'open',"
				" reason = NULL");
	scene_start_relay(s, unset);
	scene_wait_channel(s, "x", "held|channel-unknown");
	scene_insert_many(s, 5);
	scene_wait_count(s, "wechat-cloud", "delivered", 5);
	expect_untouched(s, "x", 5);
	reload(s, ACCOUNT);
	scene_wait_count(s, "x", "delivered", 5);
	scene_wait_channel(s, "x", "open|-");
}

/* To webhooks only and back; with rows on the wire and others that wait for a
 * token meanwhile. */
static void test_there_and_back(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"delay_ms\":300,"
				 "\"times\":-1}]");
	start(s, ACCOUNT);
	insert_into(s, "wechat-cloud", 50);
	scene_wait_count(s, "wechat-cloud", "sending", 16);
	/* The types have their route there still: refused as a whole. */
	reload(s, "RELAY_RATE=77\n");
	free(proc_wait_line(&s->relay, PROC_ERR, "settings not adopted",
			    SCENE_DEADLINE_MS));
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox_channel"
				    " WHERE max_per_second = 77"),
			 0);
	/* Those that wait move along with the route. */
	reload(s, "OUTBOX_ROUTES=*=x\n");
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "50");
	scene_insert_hooks(s, 10);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "60");
	insert_into(s, "wechat-cloud", 7);
	scene_wait_channel(s, "wechat-cloud", "held|settings-missing");
	reload(s, ACCOUNT "OUTBOX_ROUTES=*=x\n");
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "67");
	assert_int_equal(
		outbox_int(s->fix->db, "SELECT max(attempts) FROM outbox"), 1);
}

/* A token that does not come is not waited for once the account is away: the
 * row goes back as if it had never been claimed. */
static void test_a_row_that_waits_for_a_token(void **state)
{
	struct scene *s = *state;
	start(s, ACCOUNT "RELAY_TIMEOUT=5m\nOUTBOX_ROUTES=*=x\n");
	insert_into(s, "wechat-cloud", 1);
	scene_wait_count(s, "wechat-cloud", "delivered", 1);
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"errcode\":42001,"
				 "\"times\":-1},"
				 "{\"stage\":\"token\",\"hang\":true,"
				 "\"times\":-1}]");
	insert_into(s, "wechat-cloud", 1);
	scene_wait_calls(s, "token", 2);
	scene_wait_count(s, "wechat-cloud", "sending", 1);
	reload(s, "OUTBOX_ROUTES=*=x\n");
	scene_wait_count(s, "wechat-cloud", "pending", 1);
	scene_wait_channel(s, "wechat-cloud", "held|settings-missing");
	assert_int_equal(outbox_int(s->fix->db, "SELECT attempts FROM outbox"
						" WHERE status = 'pending'"),
			 0);
}

static void test_refused_while_it_is_used(void **state)
{
	struct scene *s = *state;
	static const char *const ways[] = {
		"", "OUTBOX_CHANNEL=x\nOUTBOX_ROUTES=a=wechat-cloud\n",
		"OUTBOX_ROUTES=*=x,t=wechat-subscribe\n" TEMPLATE};
	struct relay_setup setup = {.dir = s->fix->dir,
				    .db = s->fix->path,
				    .base = s->sim.base,
				    .env = unset};
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		char *err = NULL;
		write_env(s, ways[i]);
		assert_int_equal(relayproc_verb(&setup, "run", NULL, &err), 2);
		assert_non_null(strstr(err, "MINIPROGRAM_APPSECRET"));
		assert_non_null(strstr(err, "MINIPROGRAM_APPID"));
		assert_non_null(strstr(err, "MINIPROGRAM_CLOUD_ENV"));
		free(err);
	}
}

/* One line says that WeChat is not used; an account that is there is looked at
 * all the same. */
static void test_check(void **state)
{
	struct scene *s = *state;
	static const char *const to[] = {"--send-to", "u", NULL};
	struct relay_setup setup = {.dir = s->fix->dir,
				    .db = s->fix->path,
				    .base = s->sim.base,
				    .env = unset};
	char *out = NULL;
	write_env(s, "OUTBOX_CHANNEL=x\nMINIPROGRAM_APPID=wxb2c4e35d16d99fd3\n"
		     "WEBHOOK_X_ALLOW_PRIVATE=yes\n");
	assert_int_equal(relayproc_verb(&setup, "check", &out, NULL), 0);
	assert_non_null(strstr(out, "WeChat is not used"));
	static const char *const topics[] = {"AppSecret", "network", "clock",
					     "white list", "function"};
	for (size_t i = 0; i < ARRAY_LEN(topics); i++) {
		if (strstr(out, topics[i]))
			fail_msg("%s", out);
	}
	assert_non_null(strstr(out, "ok     webhook"));
	assert_int_equal(scene_calls(s, "token"), 0);
	free(out);

	setup.args = to;
	assert_int_equal(relayproc_verb(&setup, "check", &out, NULL), 1);
	assert_non_null(strstr(out, "FAULT  message      WeChat is not used"));
	free(out);

	setup.args = NULL;
	write_env(s, "OUTBOX_CHANNEL=x\n" ACCOUNT);
	assert_int_equal(relayproc_verb(&setup, "check", &out, NULL), 0);
	assert_non_null(strstr(out, "ok     token"));
	assert_null(strstr(out, "WeChat is not used"));
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_webhook_only),
		SCENE_TEST(test_once),
		SCENE_TEST(test_once_with_an_account),
		SCENE_TEST(test_rows_that_name_it),
		SCENE_TEST(test_one_setting_after_the_other),
		SCENE_TEST(test_cancelled_rows_open_it),
		SCENE_TEST(test_subscribe),
		SCENE_TEST(test_a_webhook_that_is_taken_out),
		SCENE_TEST(test_there_and_back),
		SCENE_TEST(test_a_row_that_waits_for_a_token),
		SCENE_TEST(test_refused_while_it_is_used),
		SCENE_TEST(test_check),
	};
	return cmocka_run_group_tests_name("without wechat", tests, NULL, NULL);
}
