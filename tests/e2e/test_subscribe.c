/*
 * Subscribe messages without a cloud function: the openid is looked up where it
 * is not known, and the message is what the template of the settings says.
 */
#include "tests/support/direct.h"

#include "lib/util.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

static const char *const usual[] = {DIRECT_SETTINGS, NULL};

static void test_sent(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, usual);
	int64_t id = scene_insert(s, USER_BOUND);
	direct_wait(s);
	scene_expect_row(s, id, "delivered|1|0|0|-");
	direct_expect_attempts(s, id, "lookup found 0, send delivered 0");
	direct_expect_calls(s, 1, 1);
	scoped_free char *lookup = direct_body(s, "database", 0);
	assert_string_equal(lookup,
			    "{\"env\":\"cloud1-4gi0bpoje72fedd1\",\"query\":"
			    "\"db.collection(\\\"users\\\").where({_id:\\\"" //
			    USER_BOUND "\\\"}).limit(1).get()\"}");
	scoped_free char *send = direct_body(s, "send", 0);
	assert_string_equal(
		send, "{\"touser\":\"" DIRECT_OPENID "\","
		      "\"template_id\":\"TplAssign-_1\",\"page\":"
		      "\"pages/customer/detail?id=66f2a1c0e4b0a1d2c3b4a601&n="
		      "%E6%89%8B%E5%8A%A8%E5%88%86%E9%85%8D\","
		      "\"miniprogram_state\":\"formal\",\"lang\":\"zh_CN\","
		      "\"data\":{\"thing1\":{\"value\":\"张三\"},"
		      "\"thing2\":{\"value\":\"手动分配\"},"
		      "\"name3\":{\"value\":\"李四\"},"
		      "\"time4\":{\"value\":\"2025-12-24 18:30\"}}}");
	/* what is known of a user is none of the database's business */
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox_attempt"
				    " WHERE answer LIKE '%%oSim%%'"),
			 0);
}

static void test_no_lookup_for_an_openid(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {DIRECT_SETTINGS,
					  "WECHAT_SUBSCRIBE_STATE=trial",
					  "WECHAT_TEMPLATE_ASSIGN_PAGE=", NULL};
	scene_start_relay(s, env);
	int64_t id = scene_insert(s, DIRECT_OPENID);
	direct_wait(s);
	direct_expect_attempts(s, id, "send delivered 0");
	direct_expect_calls(s, 0, 1);
	scoped_free char *send = direct_body(s, "send", 0);
	assert_non_null(strstr(send, "\"miniprogram_state\":\"trial\""));
	assert_null(strstr(send, "page"));
	/* one that nobody has is not looked up either */
	id = scene_insert(s, DIRECT_OTHER_OPENID);
	direct_wait(s);
	scene_expect_row(s, id, "failed|1|0|0|openid-invalid");
	direct_expect_calls(s, 0, 2);
}

static void test_remembered(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {DIRECT_SETTINGS,
					  "WECHAT_SUBSCRIBE_CACHE=1s", NULL};
	scene_start_relay(s, env);
	for (int i = 1; i <= 3; i++) {
		scene_insert(s, USER_BOUND);
		scene_insert(s, "load-7");
	}
	direct_wait(s);
	direct_expect_calls(s, 2, 6);
	poll(NULL, 0, 1100);
	scene_insert(s, USER_BOUND);
	direct_wait(s);
	direct_expect_calls(s, 3, 7);
}

static void test_never_remembered(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {DIRECT_SETTINGS,
					  "WECHAT_SUBSCRIBE_CACHE=0", NULL};
	scene_start_relay(s, env);
	for (int i = 1; i <= 3; i++)
		scene_insert(s, USER_BOUND);
	direct_wait(s);
	direct_expect_calls(s, 3, 3);
}

/* Other settings may mean other people. */
static void test_forgotten_by_a_reload(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, usual);
	scene_insert(s, USER_BOUND);
	direct_wait(s);
	scene_reload(s, "\n");
	scene_wait(s, "SELECT max(settings_generation) FROM outbox_relay", "2");
	scene_insert(s, USER_BOUND);
	direct_wait(s);
	direct_expect_calls(s, 2, 2);
}

/* The same for one who was being looked up meanwhile. */
static void test_reload_during_a_lookup(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, usual);
	simulator_fault(&s->sim, "[{\"stage\":\"database\",\"delay_ms\":1500,"
				 "\"times\":1}]");
	int64_t id = scene_insert(s, USER_BOUND);
	scene_wait(s, "SELECT status FROM outbox", "sending");
	scene_wait_calls(s, "database", 1);
	scene_reload(s, "\n");
	scene_wait(s, "SELECT max(settings_generation) FROM outbox_relay", "2");
	direct_wait(s);
	scene_expect_row(s, id, "delivered|1|0|0|-");
	direct_expect_calls(s, 2, 1);
	scene_insert(s, USER_BOUND);
	direct_wait(s);
	direct_expect_calls(s, 2, 2);
}

static void test_not_found_and_not_bound(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, usual);
	int64_t nobody = scene_insert(s, USER_UNKNOWN);
	direct_wait(s);
	direct_expect_calls(s, 2, 0);
	scene_expect_row(s, nobody, "failed|1|0|0|user-not-found");
	direct_expect_attempts(s, nobody, "lookup reject 0, lookup reject 0");
	scoped_free char *second = direct_body(s, "database", 1);
	assert_non_null(strstr(second, "where({userId:"));

	int64_t unbound = scene_insert(s, USER_NOT_BOUND);
	int64_t refusing = scene_insert(s, USER_UNSUBSCRIBED);
	direct_wait(s);
	scene_expect_row(s, unbound, "failed|1|0|0|user-not-bound");
	direct_expect_attempts(s, unbound, "lookup reject 0");
	scene_expect_row(s, refusing, "failed|1|0|0|not-subscribed");
	direct_expect_attempts(s, refusing,
			       "lookup found 0, send reject 43101");
	direct_expect_calls(s, 4, 1);
	scene_wait_channel(s, "wechat-subscribe", "open|-");
}

static void test_by_the_second_field(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {
		DIRECT_SETTINGS, "WECHAT_SUBSCRIBE_ID_FIELDS=crmId userId",
		NULL};
	scene_start_relay(s, env);
	int64_t id = scene_insert(s, USER_BOUND);
	direct_wait(s);
	direct_expect_attempts(
		s, id, "lookup reject 0, lookup found 0, send delivered 0");
	scene_insert(s, USER_BOUND);
	direct_wait(s);
	direct_expect_calls(s, 2, 2);
}

/* No recipient gets out of its string. */
static void test_hostile_recipient(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, usual);
	int64_t id = scene_insert(s, "\\\"}).remove()//\\\\\\n张");
	direct_wait(s);
	scene_expect_row(s, id, "failed|1|0|0|user-not-found");
	scoped_free char *body = direct_body(s, "database", 0);
	cJSON *json = cJSON_Parse(body);
	assert_string_equal(
		cJSON_GetStringValue(cJSON_GetObjectItem(json, "query")),
		"db.collection(\"users\").where({_id:"
		"\"\\\"}).remove()//\\\\\\n张\"}).limit(1).get()");
	cJSON_Delete(json);
	outbox_insert(s->fix->db, "sendCustomerAssignNotify", "{}");
	direct_wait(s);
	scene_expect_row(s, id + 1, "failed|1|0|0|user-not-found");
	direct_expect_calls(s, 2, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_sent),
		SCENE_TEST(test_no_lookup_for_an_openid),
		SCENE_TEST(test_remembered),
		SCENE_TEST(test_never_remembered),
		SCENE_TEST(test_forgotten_by_a_reload),
		SCENE_TEST(test_reload_during_a_lookup),
		SCENE_TEST(test_not_found_and_not_bound),
		SCENE_TEST(test_by_the_second_field),
		SCENE_TEST(test_hostile_recipient),
	};
	return cmocka_run_group_tests_name("subscribe", tests, NULL, NULL);
}
