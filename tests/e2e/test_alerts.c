/* Alerts, from the trouble to the group chat. Other code relies on: one notice
 * with the remedy when a trouble has lasted, one when it is over, through
 * crashes and restarts; and no trouble of the alerts' own channel is told
 * through it. */
#include "tests/sim/robot.h"
#include "tests/support/scene.h"

#include "lib/util.h"
#include "relay/alert_store.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { QUIET_MS = 1000, MANY = 1000, TIMES = 6 };

#define IS_ALERT    "type = '" ALERT_TYPE "'"
#define SAYS(field) "json_extract(payload, '$." field "')"
#define FUNCTION_MISSING                                   \
	"[{\"stage\":\"invoke\",\"times\":-1,\"errcode\":" \
	"-501000,\"errmsg\":\"FunctionName parameter could not be found\"}]"

/* Looked at often, told at once, over at once. */
#define OFTEN "RELAY_HEARTBEAT=100ms", "RELAY_ALERT_HELD=0"
#define QUICK OFTEN, "RELAY_ALERT_CALM=300ms"

static void start(struct scene *s)
{
	static const char *const env[] = {QUICK, "RELAY_ALERT_CHANNEL=x",
					  "RELAY_PROBE=100ms", NULL};
	scene_start_two(s, env);
}

/* Over only when it has seen for a while that it is. */
static void start_calm(struct scene *s)
{
	static const char *const env[] = {OFTEN, "RELAY_ALERT_CALM=3s",
					  "RELAY_ALERT_CHANNEL=x",
					  "RELAY_PROBE=100ms", NULL};
	scene_start_two(s, env);
}

/* Each alert as "alert|state|channel|reason|status", in the order of ids. */
static void wait_told(struct scene *s, const char *want)
{
	scene_wait(
		s,
		"SELECT coalesce(group_concat(line, ' '), '') FROM (SELECT"
		" " SAYS("alert") " || '|' || " SAYS(
			"state") " || '|' ||"
				 " coalesce(" SAYS(
					 "channel") ", '-') || '|' ||"
						    " " SAYS(
							    "reason") " || '|' "
								      "|| "
								      "status "
								      "AS line "
								      "FROM "
								      "outbox"
								      " WHERE"
								      " " IS_ALERT
								      " ORDER "
								      "BY id)",
		want);
}

#define HELD_BEGUN \
	"channel-held|begun|wechat-cloud|function-not-found|delivered"
#define HELD_OVER "channel-held|over|wechat-cloud|function-not-found|delivered"

/* Nothing more is told for a while. */
static void expect_quiet(struct scene *s, const char *told)
{
	poll(NULL, 0, QUIET_MS);
	wait_told(s, told);
}

static void hold(struct scene *s)
{
	simulator_fault(&s->sim, FUNCTION_MISSING);
	scene_insert_many(s, 3);
	scene_wait_channel(s, "wechat-cloud", "held|function-not-found");
}

static char *text_of(struct scene *s, const char *state)
{
	return outbox_text(s->fix->db,
			   "SELECT " SAYS("text") " FROM outbox"
						  " WHERE " IS_ALERT
						  " AND " SAYS("state") " = %Q",
			   state);
}

static void expect_words(const char *text, const char *const *words)
{
	for (; *words; words++) {
		if (!strstr(text, *words))
			fail_msg("no \"%s\" in: %s", *words, text);
	}
}

static void test_held_and_over(void **state)
{
	struct scene *s = *state;
	start(s);
	hold(s);
	wait_told(s, HELD_BEGUN);
	expect_quiet(s, HELD_BEGUN);
	scoped_free char *begun = text_of(s, "begun");
	const char *const words[] = {
		"wechat-cloud is held",
		"Since: 20",
		"Rows that wait: 3",
		"Reason: function-not-found",
		"FunctionName parameter could not be found",
		reason_cause(REASON_FUNCTION_NOT_FOUND, REASON_EN),
		reason_remedy(REASON_FUNCTION_NOT_FOUND, REASON_EN),
		s->fix->path,
		NULL,
	};
	expect_words(begun, words);
	simulator_fault(&s->sim, "[]");
	wait_told(s, HELD_BEGUN " " HELD_OVER);
	scoped_free char *over = text_of(s, "over");
	static const char *const over_words[] = {
		"wechat-cloud is not held any more",
		"It lasted: ", "Rows that wait: 0", NULL};
	expect_words(over, over_words);
	expect_quiet(s, HELD_BEGUN " " HELD_OVER);
	assert_int_equal(scene_calls(s, "hook"), 2);
	assert_int_equal(
		outbox_int(s->fix->db,
			   "SELECT count(*) FROM outbox WHERE " IS_ALERT
			   " AND expires_at = due_at + 3600000"
			   " AND recipient IS NULL"),
		2);
}

/* A robot's group reads it, in Chinese and by Shanghai's clock. */
static void test_robot_in_chinese(void **state)
{
	struct scene *s = *state;
	scoped_free char *url =
		xasprintf("WEBHOOK_GROUP_URL=%s" ROBOT_WECOM_PATH, s->sim.base);
	const char *const env[] = {QUICK,
				   url,
				   "WEBHOOK_GROUP_KIND=wecom",
				   "RELAY_ALERT_CHANNEL=group",
				   "RELAY_ALERT_LANG=zh",
				   "TZ=America/New_York",
				   NULL};
	scene_start_relay(s, env);
	hold(s);
	wait_told(s, HELD_BEGUN);
	cJSON *calls = scene_journal(s, "hook");
	assert_int_equal(cJSON_GetArraySize(calls), 1);
	const char *const words[] = {
		"渠道 wechat-cloud 已挂起",
		"开始时间：20",
		"(UTC+08:00)",
		"等待的消息数：3",
		reason_remedy(REASON_FUNCTION_NOT_FOUND, REASON_ZH),
		NULL};
	cJSON *body = cJSON_Parse(cJSON_GetStringValue(
		cJSON_GetObjectItem(cJSON_GetArrayItem(calls, 0), "body")));
	expect_words(cJSON_GetStringValue(cJSON_GetObjectItem(
			     cJSON_GetObjectItem(body, "text"), "content")),
		     words);
	cJSON_Delete(body);
	cJSON_Delete(calls);
}

#define FAILED_BEGUN "rows-failed|begun|-|user-not-found|delivered"
#define FAILED_OVER  "rows-failed|over|-||delivered"

static void test_dead_letters(void **state)
{
	struct scene *s = *state;
	start(s);
	simulator_fault(&s->sim, "[{\"stage\":\"function\",\"times\":-1,"
				 "\"resp\":\"{\\\"success\\\":false,"
				 "\\\"message\\\":\\\"未找到用户\\\"}\"}]");
	scene_insert_many(s, MANY);
	scene_wait_count(s, "wechat-cloud", "failed", MANY);
	wait_told(s, FAILED_BEGUN);
	expect_quiet(s, FAILED_BEGUN);
	scoped_free char *text = text_of(s, "begun");
	const char *const words[] = {
		"Failed or expired within an hour: ",
		reason_remedy(REASON_USER_NOT_FOUND, REASON_EN), NULL};
	expect_words(text, words);
	outbox_exec(s->fix->db, "UPDATE outbox SET status = 'cancelled',"
				" version = version + 1"
				" WHERE status = 'failed'");
	scene_wait(s,
		   "SELECT count(*) FROM outbox WHERE " IS_ALERT
		   " AND status = 'delivered'",
		   "2");
	assert_int_equal(scene_calls(s, "hook"), 2);
}

/* Slower than what comes, though open. */
static void test_backlog(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {QUICK, "RELAY_ALERT_CHANNEL=x",
					  "WECHAT_CLOUD_RATE=3",
					  "RELAY_ALERT_BACKLOG_AGE=1s", NULL};
	scene_start_two(s, env);
	scene_insert_many(s, 12);
	wait_told(s, "backlog-old|begun|wechat-cloud|backlog-old|delivered");
	wait_told(s, "backlog-old|begun|wechat-cloud|backlog-old|delivered"
		     " backlog-old|over|wechat-cloud|backlog-old|delivered");
	scene_wait_count(s, "wechat-cloud", "delivered", 12);
}

static void test_paused(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {QUICK, "RELAY_ALERT_CHANNEL=x",
					  "RELAY_ALERT_PAUSED=500ms", NULL};
	scene_start_two(s, env);
	outbox_exec(s->fix->db, "UPDATE outbox_channel SET state = 'paused'"
				" WHERE name = 'wechat-cloud'");
	wait_told(s, "channel-paused|begun|wechat-cloud|paused-by-operator|"
		     "delivered");
	outbox_exec(s->fix->db, "UPDATE outbox_channel SET state = 'open'"
				" WHERE name = 'wechat-cloud'");
	wait_told(s, "channel-paused|begun|wechat-cloud|paused-by-operator|"
		     "delivered channel-paused|over|wechat-cloud|"
		     "paused-by-operator|delivered");
}

/* Stopped or killed at once when it has told, and started again: none is told
 * twice, and its end is told by another process than its begin. */
static void test_told_once(void **state)
{
	struct scene *s = *state;
	start_calm(s);
	hold(s);
	for (int i = 0; i < TIMES; i++) {
		scene_wait(s, "SELECT count(*) FROM outbox WHERE " IS_ALERT,
			   "1");
		if (i % 2)
			scene_stop_relay(s);
		else
			scene_crash_relay(s);
		start_calm(s);
	}
	wait_told(s, HELD_BEGUN);
	expect_quiet(s, HELD_BEGUN);
	scene_crash_relay(s);
	simulator_fault(&s->sim, "[]");
	start_calm(s);
	wait_told(s, HELD_BEGUN " " HELD_OVER);
	scene_crash_relay(s);
	start_calm(s);
	expect_quiet(s, HELD_BEGUN " " HELD_OVER);
}

/* The notice and the memory of it are one commit: wherever the relay is killed
 * there are both or neither. */
static void test_killed_while_it_tells(void **state)
{
	struct scene *s = *state;
	for (int i = 0; i < TIMES; i++) {
		start_calm(s);
		hold(s);
		poll(NULL, 0, 20 * i);
		scene_crash_relay(s);
		int64_t rows =
			outbox_int(s->fix->db, "SELECT count(*) FROM outbox"
					       " WHERE " IS_ALERT);
		int64_t known = outbox_int(
			s->fix->db,
			"SELECT count(*) FROM outbox_meta, "
			"json_each(outbox_meta.value)"
			" WHERE outbox_meta.key = 'alerts'"
			"   AND json_extract(json_each.value, '$.is_told')");
		assert_int_equal(rows, known);
	}
	start_calm(s);
	wait_told(s, HELD_BEGUN);
}

/* It comes and goes, each time for longer than it takes to be over. */
static void test_flapping(void **state)
{
	struct scene *s = *state;
	start(s);
	for (int i = 0; i < TIMES; i++) {
		hold(s);
		poll(NULL, 0, 300);
		simulator_fault(&s->sim, "[]");
		scene_wait_channel(s, "wechat-cloud", "open|-");
		poll(NULL, 0, 600);
	}
	expect_quiet(s, HELD_BEGUN " " HELD_OVER);
}

static void test_alerts_cannot_be_told(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"hook\",\"times\":-1,"
				 "\"status\":410},"
				 "{\"stage\":\"invoke\",\"times\":-1,"
				 "\"errcode\":-501000,\"errmsg\":"
				 "\"FunctionName parameter could not be"
				 " found\"}]");
	start(s);
	scene_insert_many(s, 3);
	scene_wait_channel(s, "x", "held|webhook-gone");
	poll(NULL, 0, QUIET_MS);
	assert_int_equal(outbox_int(s->fix->db, "SELECT count(*) FROM outbox"
						" WHERE " IS_ALERT),
			 1);
	free(proc_wait_line(&s->relay, PROC_ERR, "channel=x",
			    SCENE_DEADLINE_MS));
	simulator_fault(&s->sim, "[]");
	wait_told(s, HELD_BEGUN " " HELD_OVER);
	scene_wait_count(s, "wechat-cloud", "delivered", 3);
}

/* What nobody got in time is told again while it lasts. */
static void test_expired_notice(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"hook\",\"times\":-1,"
				 "\"status\":410},"
				 "{\"stage\":\"invoke\",\"times\":-1,"
				 "\"errcode\":-501000,\"errmsg\":"
				 "\"FunctionName parameter could not be"
				 " found\"}]");
	start(s);
	scene_insert_many(s, 3);
	scene_wait_channel(s, "x", "held|webhook-gone");
	scene_stop_relay(s);
	outbox_exec(s->fix->db,
		    "UPDATE outbox SET expires_at = due_at WHERE " IS_ALERT);
	simulator_fault(&s->sim, FUNCTION_MISSING);
	start(s);
	wait_told(s, "channel-held|begun|wechat-cloud|function-not-found|"
		     "expired " HELD_BEGUN);
}

static void test_reload(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {QUICK, NULL};
	scene_start_two(s, env);
	hold(s);
	expect_quiet(s, "");
	assert_int_equal(outbox_int(s->fix->db, "SELECT count(*) FROM"
						" outbox_meta WHERE key ="
						" 'alerts'"),
			 0);
	scoped_free char *log = proc_read(&s->relay, PROC_ERR);
	assert_null(strstr(log, "alert"));
	/* Not known: nothing of it is adopted. */
	scene_reload(s, "RELAY_ALERT_CHANNEL=y\n");
	free(proc_wait_line(&s->relay, PROC_ERR,
			    "RELAY_ALERT_CHANNEL: there is no webhook \"y\"",
			    SCENE_DEADLINE_MS));
	scene_reload(s, "RELAY_ALERT_CHANNEL=x\nRELAY_ALERT_LANG=zh\n");
	wait_told(s, HELD_BEGUN);
	scoped_free char *text = text_of(s, "begun");
	assert_non_null(strstr(text, "已挂起"));
	scene_reload(s, "RELAY_ALERT_CHANNEL=\n");
	simulator_fault(&s->sim, "[]");
	scene_wait_channel(s, "wechat-cloud", "open|-");
	expect_quiet(s, HELD_BEGUN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_held_and_over),
		SCENE_TEST(test_robot_in_chinese),
		SCENE_TEST(test_dead_letters),
		SCENE_TEST(test_backlog),
		SCENE_TEST(test_paused),
		SCENE_TEST(test_told_once),
		SCENE_TEST(test_killed_while_it_tells),
		SCENE_TEST(test_flapping),
		SCENE_TEST(test_alerts_cannot_be_told),
		SCENE_TEST(test_expired_notice),
		SCENE_TEST(test_reload),
	};
	return cmocka_run_group_tests_name("alerts", tests, NULL, NULL);
}
