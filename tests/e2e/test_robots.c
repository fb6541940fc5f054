/* Robots of group chats, from the CRM's INSERT to the group. Other code relies
 * on: what arrives is the platform's own form, signed so that the platform
 * takes it (the simulator computes the signature by itself); and a code inside
 * 200 is not a delivery. */
#include "tests/support/robots.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

static cJSON *body_of(const cJSON *call)
{
	return cJSON_Parse(
		cJSON_GetStringValue(cJSON_GetObjectItem(call, "body")));
}

#define FIELDS "{\"customer\":\"张三\",\"amount\":1.50,\"o\":{ \"a\":[1] }}"
#define LISTED "\\ncustomer: 张三\\namount: 1.50\\no: {\\\"a\\\":[1]}"
#define CARD   "{\"title\":\"告警\",\"markdown\":\"**停** \\\"x\\\"\"}"

/* Feishu's without timestamp and sign, which are looked at apart. */
static const struct {
	const char *type, *payload, *body;
} messages[] = {
	{"w", "{\"text\":\"你好\"}",
	 "{\"msgtype\":\"text\",\"text\":{\"content\":\"你好\"}}"},
	{"w", CARD,
	 "{\"msgtype\":\"markdown\",\"markdown\":{\"content\":\"### 告警\\n\\n"
	 "**停** \\\"x\\\"\"}}"},
	{"w", FIELDS,
	 "{\"msgtype\":\"text\",\"text\":{\"content\":\"w" LISTED "\"}}"},
	{"d", "{\"content\":\"你好\"}",
	 "{\"msgtype\":\"text\",\"text\":{\"content\":\"你好\"}}"},
	{"d", CARD,
	 "{\"msgtype\":\"markdown\",\"markdown\":{\"title\":\"告警\",\"text\":"
	 "\"### 告警\\n\\n**停** \\\"x\\\"\"}}"},
	{"d", FIELDS,
	 "{\"msgtype\":\"text\",\"text\":{\"content\":\"d" LISTED "\"}}"},
	{"f", "{\"text\":\"你好\"}",
	 "{\"msg_type\":\"text\",\"content\":{\"text\":\"你好\"}}"},
	{"f", CARD,
	 "{\"msg_type\":\"interactive\",\"card\":{\"header\":{\"title\":{"
	 "\"tag\":\"plain_text\",\"content\":\"告警\"}},\"elements\":[{\"tag\":"
	 "\"markdown\",\"content\":\"**停** \\\"x\\\"\"}]}}"},
	{"f", FIELDS,
	 "{\"msg_type\":\"text\",\"content\":{\"text\":\"f" LISTED "\"}}"},
};

/* The simulator refuses what is not signed rightly, so delivered says it. */
static void test_what_arrives(void **state)
{
	struct scene *s = *state;
	robots_start(s, NULL);
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		int64_t id = outbox_insert(s->fix->db, messages[i].type,
					   messages[i].payload);
		robots_wait_settled(s);
		scene_expect_row(s, id, "delivered|1|0|0|-");
	}
	cJSON *calls = scene_journal(s, "hook");
	assert_int_equal(cJSON_GetArraySize(calls), ARRAY_LEN(messages));
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		const cJSON *call = cJSON_GetArrayItem(calls, (int)i);
		cJSON *json = body_of(call);
		bool is_feishu = messages[i].type[0] == 'f';
		assert_true(cJSON_HasObjectItem(json, "sign") == is_feishu);
		cJSON_DeleteItemFromObject(json, "timestamp");
		cJSON_DeleteItemFromObject(json, "sign");
		char *text = cJSON_PrintUnformatted(json);
		assert_string_equal(text, messages[i].body);
		assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(
					    call, "contentType")),
				    "application/json");
		cJSON_free(text);
		cJSON_Delete(json);
	}
	cJSON_Delete(calls);
}

/* What the simulator itself refuses: the settings are wrong. */
static const struct {
	const char *setting, *channel, *state;
} wrong[] = {
	{"WEBHOOK_W_URL=%s/hook/wecom/send?key=no-such-key-at-all", "w",
	 "held|robot-key-wrong"},
	{"WEBHOOK_D_URL=%s/hook/dingtalk/send?access_token=no-such-token", "d",
	 "held|robot-key-wrong"},
	{"WEBHOOK_F_URL=%s/hook/feishu/bot/v2/hook/no-such-token", "f",
	 "held|robot-key-wrong"},
	{"WEBHOOK_D_SECRET=SEC-of-another%.0s", "d", "held|robot-sign-wrong"},
	{"WEBHOOK_F_SECRET=SEC-of-another%.0s", "f", "held|robot-sign-wrong"},
	{"WEBHOOK_D_SECRET=%.0s", "d", "held|robot-sign-wrong"},
};

static void test_wrong_settings(void **state)
{
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		const char *equals = strchr(wrong[i].setting, '=');
		scoped_free char *name = xstrndup(
			wrong[i].setting, (size_t)(equals - wrong[i].setting));
		const char *at = strstr(equals, "%s");
		scoped_free char *value =
			at ? xasprintf("%s%s", s->sim.base, at + 2)
			   : xstrndup(equals + 1, strcspn(equals + 1, "%"));
		scoped_free char *setting = xasprintf("%s=%s", name, value);
		const char *const more[] = {setting, NULL};
		robots_start(s, more);
		int64_t id = outbox_insert(s->fix->db, wrong[i].channel,
					   "{\"text\":\"x\"}");
		scene_wait_channel(s, wrong[i].channel, wrong[i].state);
		scoped_free char *row = outbox_text(
			s->fix->db,
			"SELECT status || attempts FROM outbox WHERE id = %lld",
			(long long)id);
		assert_string_equal(row, "pending0");
		scene_stop_relay(s);
		robots_clear(s);
	}
}

/* A class of answers each: what becomes of the row, and of the channel. */
static const struct {
	const char *type, *rule, *row, *channel;
} answers[] = {
	{"w", "\"resp\":\"{\\\"errcode\\\":-1}\"", "delivered|2|0|0|-",
	 "open|-"},
	{"w", "\"resp\":\"{\\\"errcode\\\":45009}\"", "pending|0|0|0|-",
	 "held|robot-too-fast"},
	{"w", "\"resp\":\"{\\\"errcode\\\":40058}\"",
	 "failed|1|0|0|robot-content-refused", "open|-"},
	{"w", "\"resp\":\"{\\\"errcode\\\":93004}\"", "pending|0|0|0|-",
	 "held|robot-removed"},
	{"w", "\"resp\":\"{\\\"errcode\\\":12321}\"", "delivered|2|0|0|-",
	 "open|-"},
	{"w", "\"garbage\":true,\"act\":true", "delivered|2|1|0|-", "open|-"},
	{"w", "\"status\":502,\"act\":true", "delivered|2|1|0|-", "open|-"},
	{"w", "\"reset\":true,\"act\":true", "delivered|2|1|0|-", "open|-"},
	{"w", "\"status\":302", "delivered|2|0|0|-", "open|-"},
	{"d", "\"resp\":\"{\\\"errcode\\\":130101}\"", "pending|0|0|0|-",
	 "held|robot-too-fast"},
	{"d",
	 "\"resp\":\"{\\\"errcode\\\":310000,\\\"errmsg\\\":\\\"keywords not "
	 "in content\\\"}\"",
	 "pending|0|0|0|-", "held|robot-keyword-missing"},
	{"d",
	 "\"resp\":\"{\\\"errcode\\\":310000,\\\"errmsg\\\":\\\"ip 1.2.3.4 not "
	 "in whitelist\\\"}\"",
	 "pending|0|0|0|-", "held|robot-ip-refused"},
	{"f", "\"resp\":\"{\\\"code\\\":9499}\"",
	 "failed|1|0|0|robot-content-refused", "open|-"},
	{"f", "\"resp\":\"{\\\"code\\\":11232}\"", "pending|0|0|0|-",
	 "held|robot-too-fast"},
	{"f", "\"resp\":\"{\\\"code\\\":19022}\"", "pending|0|0|0|-",
	 "held|robot-ip-refused"},
	{"f", "\"resp\":\"{\\\"StatusCode\\\":19024}\"", "pending|0|0|0|-",
	 "held|robot-keyword-missing"},
};

static void test_answers(void **state)
{
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		scoped_free char *rules =
			xasprintf("[{\"stage\":\"hook\",%s}]", answers[i].rule);
		simulator_fault(&s->sim, rules);
		robots_start(s, NULL);
		int64_t id = outbox_insert(s->fix->db, answers[i].type,
					   "{\"text\":\"x\"}");
		scene_wait_channel(s, answers[i].type, answers[i].channel);
		if (strncmp(answers[i].row, "pending", 7) != 0)
			robots_wait_settled(s);
		scene_stop_relay(s);
		scoped_free char *row = outbox_text(
			s->fix->db,
			"SELECT status || '|' || attempts || '|' || unknowns ||"
			"  '|' || interrupted || '|' ||"
			"  CASE status WHEN 'failed' THEN last_reason"
			"              ELSE '-' END"
			"  FROM outbox WHERE id = %lld",
			(long long)id);
		if (strcmp(row, answers[i].row) != 0)
			fail_msg("%s: %s", answers[i].rule, row);
		robots_clear(s);
	}
	/* The redirect, which went to /hook/redirected, was not followed. */
	cJSON *calls = scene_journal(s, "hook");
	const cJSON *call;
	cJSON_ArrayForEach(call, calls)
	{
		const char *path =
			cJSON_GetStringValue(cJSON_GetObjectItem(call, "path"));
		assert_null(strstr(path, "redirected"));
	}
	cJSON_Delete(calls);
}

static void test_silence_of_dingtalk(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"hook\",\"resp\":"
				 "\"{\\\"errcode\\\":130101}\"}]");
	robots_start(s, NULL);
	outbox_insert(s->fix->db, "d", "{\"text\":\"x\"}");
	scene_wait_channel(s, "d", "held|robot-too-fast");
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT round((state_until - state_since)"
				    " / 60000.0) FROM outbox_channel"
				    " WHERE name = 'd'"),
			 10);
}

/* A channel that becomes a robot, or another one, while the relay runs. */
static void test_another_kind_by_reload(void **state)
{
	struct scene *s = *state;
	scoped_free char *plain = xasprintf(
		"WEBHOOK_W_URL=%s" ROBOT_WECOM_PATH "\n"
		"WEBHOOK_W_SECRET=a-plain-secret\nOUTBOX_ROUTES=w=w\n",
		s->sim.base);
	scoped_free char *robot = xasprintf("%sWEBHOOK_W_KIND=wecom\n", plain);
	scene_write_env(s, plain);
	scene_start_relay(s, NULL);
	/* The robot does not understand it, and a plain webhook asks no code */
	int64_t first = outbox_insert(s->fix->db, "w", "{\"text\":\"x\"}");
	robots_wait_settled(s);
	scene_expect_row(s, first, "delivered|1|0|0|-");
	scene_reload(s, robot);
	scene_wait(s, "SELECT kind FROM outbox_channel WHERE name = 'w'",
		   "wecom");
	outbox_insert(s->fix->db, "w", "{\"text\":\"x\"}");
	robots_wait_settled(s);
	cJSON *calls = scene_journal(s, "hook");
	cJSON *before = body_of(cJSON_GetArrayItem(calls, 0));
	cJSON *after = body_of(cJSON_GetArrayItem(calls, 1));
	assert_false(cJSON_HasObjectItem(before, "msgtype"));
	assert_true(cJSON_HasObjectItem(after, "msgtype"));
	cJSON_Delete(before);
	cJSON_Delete(after);
	cJSON_Delete(calls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_what_arrives),
		SCENE_TEST(test_wrong_settings),
		SCENE_TEST(test_answers),
		SCENE_TEST(test_silence_of_dingtalk),
		SCENE_TEST(test_another_kind_by_reload),
	};
	return cmocka_run_group_tests_name("robots", tests, NULL, NULL);
}
