/*
 * A type moves from one channel to another by a setting, with the rows that
 * wait, while rows are delivered and the CRM writes.
 */
#include "tests/support/scene.h"

#include "lib/clock.h"
#include "lib/util.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 1000, OWN = 20, INSERT_MS = 500, TEAM = 200 };

static const char *const env[] = {
	"WECHAT_TEMPLATE_ASSIGN_ID=TplAssign",
	"WECHAT_TEMPLATE_ASSIGN_TYPE=sendCustomerAssignNotify",
	"WECHAT_TEMPLATE_ASSIGN_FIELDS=thing1=customerName time4=assignTime",
	"RELAY_RATE=120",
	"WEBHOOK_X_RATE=1",
	"WEBHOOK_X_SECRET=a-plain-secret",
	NULL};

static char *routes_to(struct scene *s, const char *channel)
{
	return xasprintf("WEBHOOK_X_URL=%s/hook/x\n"
			 "OUTBOX_ROUTES=sendCustomerAssignNotify=%s\n",
			 s->sim.base, channel);
}

static int64_t count(struct scene *s, const char *where)
{
	return outbox_int(s->fix->db, "SELECT count(*) FROM outbox WHERE %s",
			  where);
}

/* The CRM goes on inserting, and never waits long for its lock. */
static void insert_beside(struct scene *s, int rows)
{
	for (int i = 0; i < rows; i++) {
		scoped_free char *user = xasprintf("load-b%d", i);
		int64_t begun_ms = clock_mono_ms();
		scene_insert(s, user);
		assert_in_range(clock_mono_ms() - begun_ms, 0, INSERT_MS);
		poll(NULL, 0, 1);
	}
}

static void move(struct scene *s, const char *from, const char *to)
{
	scoped_free char *text = routes_to(s, to);
	scoped_free char *left = xasprintf(
		"SELECT count(*) FROM outbox"
		" WHERE type = 'sendCustomerAssignNotify' AND channel = '%s'"
		"   AND status IN ('pending', 'sending')",
		from);
	scoped_free char *sql = xasprintf("channel = '%s' AND"
					  " status = 'delivered'",
					  to);
	int64_t before = count(s, sql);
	scene_reload(s, text);
	insert_beside(s, 20);
	scene_wait(s, left, "0");
	scene_wait(s,
		   "SELECT count(*) FROM outbox_meta WHERE key GLOB 'move:*'",
		   "0");
	while (count(s, sql) < before + 20)
		poll(NULL, 0, 5);
	assert_true(count(s, "status = 'pending'") > OWN);
}

static void test_both_ways(void **state)
{
	struct scene *s = *state;
	scoped_free char *start = routes_to(s, "wechat-cloud");
	scene_write_env(s, start);
	scene_start_relay(s, env);
	scene_insert_many(s, ROWS);
	/* what the CRM sends to another channel itself stays there */
	for (int i = 0; i < OWN; i++)
		outbox_exec(s->fix->db,
			    "INSERT INTO outbox (type, payload, channel)"
			    " VALUES ('sendCustomerAssignNotify', '{}', 'x')");
	scene_wait_calls(s, "invoke", 50);
	move(s, "wechat-cloud", "wechat-subscribe");
	move(s, "wechat-subscribe", "wechat-cloud");
	move(s, "wechat-cloud", "wechat-subscribe");
	scene_wait(s,
		   "SELECT count(*) FROM outbox"
		   " WHERE status IN ('pending', 'sending')"
		   "   AND channel <> 'x'",
		   "0");
	assert_int_equal(count(s, "channel = 'x'"), OWN);
	assert_int_equal(count(s, "channel <> 'x' AND status = 'delivered'"
				  " AND attempts = 1"),
			 ROWS + 60);
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), ROWS + 60);
	assert_int_equal(scene_calls(s, "invoke") + scene_calls(s, "send"),
			 ROWS + 60);
	assert_true(scene_calls(s, "send") > 100);
}

/* A relay that runs once moves what waits before it leaves; and one that was
 * killed leaves no row behind. */
static void test_once_and_after_a_crash(void **state)
{
	struct scene *s = *state;
	scoped_free char *cloud = routes_to(s, "wechat-cloud");
	scoped_free char *direct = routes_to(s, "wechat-subscribe");
	scene_write_env(s, cloud);
	scene_start_relay(s, env);
	outbox_exec(s->fix->db,
		    "UPDATE outbox_channel SET state = 'paused',"
		    " state_by = 'test' WHERE name LIKE 'wechat%%'");
	scene_insert_many(s, ROWS);
	scene_reload(s, direct);
	scene_wait(s, "SELECT max(settings_generation) FROM outbox_relay", "2");
	scene_crash_relay(s);
	free(scene_run_once(s, env));
	assert_int_equal(count(s, "channel = 'wechat-subscribe'"
				  " AND status = 'pending'"),
			 ROWS);
	assert_int_equal(scene_calls(s, "invoke"), 0);
}

/* Settings for rows that name an owner and a deputy, few of each. */
static char *team_settings(const char *route, int rate)
{
	return xasprintf("RELAY_RATE=%d\n"
			 "OUTBOX_ROUTES=sendCustomerAssignNotify=%s\n",
			 rate, route);
}

static void insert_team(struct scene *s, int count)
{
	outbox_exec(
		s->fix->db,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
		"  SELECT i + 1 FROM n WHERE i < %d)"
		" INSERT INTO outbox (type, payload, recipient)"
		" SELECT 'sendCustomerAssignNotify',"
		"        json_object('assignedToId', 'load-a' || (i %% 7),"
		"                    'owner', json_array('load-o' || (i %% 5)),"
		"                    'deputy', 'load-d' || (i %% 3),"
		"                    'customerName', '张三',"
		"                    'assignTime',"
		"                    '2025-12-24T10:30:00.000Z'),"
		"        iif(i %% 10, NULL, 'load-own' || i)"
		"   FROM n",
		count);
}

static void change_team(struct scene *s, const char *route)
{
	scoped_free char *text = team_settings(route, 40);
	scoped_free char *adopted =
		outbox_text(s->fix->db, "SELECT max(settings_generation) + 1"
					"  FROM outbox_relay");
	scene_reload(s, text);
	scene_wait(s, "SELECT max(settings_generation) FROM outbox_relay",
		   adopted);
	scene_wait(s,
		   "SELECT count(*) FROM outbox_meta WHERE key GLOB 'move:*'",
		   "0");
}

/* Of those that wait or are sent, those of the CRM's own recipient and no
 * others are not for whom a path reads. */
static void expect_for(struct scene *s, const char *path)
{
	scoped_free char *where =
		xasprintf("status IN ('pending', 'sending')"
			  " AND recipient IS NOT iif(id %% 10, "
			  "json_extract(payload, '%s'),"
			  "                          'load-own' || id)",
			  path);
	assert_int_equal(count(s, where), 0);
	assert_true(count(s, "status = 'pending'") > TEAM / 2);
}

/* Calls for the openids that begin like that. */
static int count_sent_to(struct scene *s, const char *openid)
{
	scoped_free char *part = xasprintf("\"touser\":\"%s", openid);
	cJSON *calls = scene_journal(s, "send");
	const cJSON *call;
	int found = 0;
	cJSON_ArrayForEach(call, calls)
	{
		const char *body =
			cJSON_GetStringValue(cJSON_GetObjectItem(call, "body"));
		found += strstr(body, part) != NULL;
	}
	cJSON_Delete(calls);
	return found;
}

static void expect_sent_as_told(struct scene *s, const char *who)
{
	scoped_free char *openid = xasprintf("oLoad_load-%s", who);
	scoped_free char *where = xasprintf("channel = 'wechat-subscribe'"
					    " AND recipient GLOB 'load-%s*'",
					    who);
	assert_int_equal(count_sent_to(s, openid), count(s, where));
}

/* The path of the recipient changes with the channel, and then alone: who is
 * written to is who the row says, and never twice at a time. */
static void test_recipients(void **state)
{
	const char *const template[] = {env[0], env[1], env[2], NULL};
	struct scene *s = *state;
	scoped_free char *start = team_settings("wechat-cloud", 40);
	simulator_fault(&s->sim, "[{\"stage\":\"send\",\"delay_ms\":20,"
				 "\"times\":-1}]");
	scene_write_env(s, start);
	scene_start_relay(s, template);
	insert_team(s, TEAM);
	scene_wait_calls(s, "invoke", 5);
	change_team(s, "wechat-subscribe:$.owner[0]");
	expect_for(s, "$.owner[0]");
	scene_wait_calls(s, "send", 5);
	change_team(s, "wechat-subscribe:$.deputy");
	expect_for(s, "$.deputy");
	scoped_free char *fast =
		team_settings("wechat-subscribe:$.deputy", 1000);
	scene_reload(s, fast);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status <> 'delivered'",
		   "0");
	assert_int_equal(count(s, "attempts > 1"), 0);
	assert_true(count_sent_to(s, "oLoad_load-o") >= 5);
	assert_true(count_sent_to(s, "oLoad_load-d") > TEAM / 3);
	expect_sent_as_told(s, "o");
	expect_sent_as_told(s, "d");
	cJSON *stats = simulator_stats(&s->sim);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(
				 stats, "overlaps")),
			 0);
	cJSON_Delete(stats);
}

/* A new path alone, and a crash before or amid what follows from it. */
static void test_a_path_and_a_crash(void **state)
{
	struct scene *s = *state;
	scoped_free char *old = team_settings("wechat-cloud", 40);
	scoped_free char *new = team_settings("wechat-cloud:$.deputy", 40);
	scene_write_env(s, old);
	scene_start_relay(s, NULL);
	outbox_exec(s->fix->db, "UPDATE outbox_channel SET state = 'paused',"
				" state_by = 'test'");
	insert_team(s, 2 * TEAM);
	scene_reload(s, new);
	scene_wait(s, "SELECT max(settings_generation) FROM outbox_relay", "2");
	scene_crash_relay(s);
	free(scene_run_once(s, NULL));
	assert_int_equal(count(s, "recipient = json_extract(payload,"
				  "                         '$.deputy')"),
			 2 * TEAM * 9 / 10);
	assert_int_equal(count(s, "recipient = 'load-own' || id"),
			 2 * TEAM / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_both_ways),
		SCENE_TEST(test_once_and_after_a_crash),
		SCENE_TEST(test_recipients),
		SCENE_TEST(test_a_path_and_a_crash),
	};
	return cmocka_run_group_tests_name("routes", tests, NULL, NULL);
}
