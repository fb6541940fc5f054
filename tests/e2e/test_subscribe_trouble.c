/*
 * What goes wrong without a cloud function: openids that are none any more,
 * tokens that die, answers that are no success, rows that fit no template.
 */
#include "tests/support/direct.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

static const char *const usual[] = {DIRECT_SETTINGS, NULL};

/* The user has bound another account meanwhile. */
static void test_an_old_openid(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, usual);
	scene_insert(s, USER_BOUND);
	direct_wait(s);
	simulator_post(&s->sim, "/sim/users",
		       "[{\"id\":\"" USER_BOUND
		       "\",\"openid\":\"" DIRECT_OTHER_OPENID "\"}]");
	int64_t id = scene_insert(s, USER_BOUND);
	direct_wait(s);
	scene_expect_row(s, id, "delivered|1|0|0|-");
	direct_expect_attempts(
		s, id, "send reject 40003, lookup found 0, send delivered 0");
	direct_expect_calls(s, 2, 3);
}

/* One that was looked up just now is the user's own; and is not kept. */
static void test_a_refused_openid(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, usual);
	simulator_fault(&s->sim, "[{\"stage\":\"send\",\"errcode\":40003,"
				 "\"times\":1}]");
	int64_t id = scene_insert(s, USER_BOUND);
	direct_wait(s);
	scene_expect_row(s, id, "failed|1|0|0|openid-invalid");
	direct_expect_attempts(s, id, "lookup found 0, send reject 40003");
	id = scene_insert(s, USER_BOUND);
	direct_wait(s);
	direct_expect_attempts(s, id, "lookup found 0, send delivered 0");

	/* remembered, refused, looked up, and refused: that is all */
	simulator_fault(&s->sim, "[{\"stage\":\"send\",\"errcode\":40003,"
				 "\"times\":-1}]");
	id = scene_insert(s, USER_BOUND);
	direct_wait(s);
	scene_expect_row(s, id, "failed|1|0|0|openid-invalid");
	direct_expect_attempts(
		s, id, "send reject 40003, lookup found 0, send reject 40003");
}

static void kill_token(struct scene *s)
{
	simulator_post(&s->sim, "/sim/expire",
		       "{\"family\":\"stable\",\"how\":\"kill\"}");
}

static void test_a_dead_token(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, usual);
	scene_insert(s, USER_BOUND);
	direct_wait(s);
	kill_token(s);
	int64_t sent = scene_insert(s, USER_BOUND);
	direct_wait(s);
	direct_expect_attempts(s, sent, "send defer 40001, send delivered 0");
	kill_token(s);
	int64_t asked = scene_insert(s, "load-1");
	direct_wait(s);
	direct_expect_attempts(s, asked,
			       "lookup defer 40001, lookup found 0, "
			       "send delivered 0");
	scene_expect_row(s, sent, "delivered|1|0|0|-");
	scene_expect_row(s, asked, "delivered|1|0|0|-");
	assert_int_equal(scene_calls(s, "token"), 3);

	/* as many requests as one claim can need */
	kill_token(s);
	simulator_fault(&s->sim, "[{\"stage\":\"send\",\"errcode\":40003,"
				 "\"times\":1,\"after\":1}]");
	int64_t both = scene_insert(s, USER_BOUND);
	direct_wait(s);
	direct_expect_attempts(
		s, both,
		"send defer 40001, send reject 40003, lookup found 0, "
		"send delivered 0");
}

/* What goes wrong at each of the two, and what becomes of row and channel. */
static const struct {
	const char *rules, *row, *channel, *attempts;
} troubles[] = {
	{"[{\"stage\":\"database\",\"errcode\":45009,\"times\":-1}]",
	 "pending|0|0|0|daily-quota-used-up", "held|daily-quota-used-up",
	 "lookup defer 45009"},
	{"[{\"stage\":\"send\",\"errcode\":45009,\"times\":-1}]",
	 "pending|0|0|0|daily-quota-used-up", "held|daily-quota-used-up",
	 "lookup found 0, send defer 45009"},
	{"[{\"stage\":\"database\",\"errcode\":-502005,\"times\":-1}]",
	 "pending|0|0|0|collection-missing", "held|collection-missing",
	 "lookup defer -502005"},
	{"[{\"stage\":\"send\",\"errcode\":40037,\"times\":-1}]",
	 "pending|0|0|0|template-invalid", "held|template-invalid",
	 "lookup found 0, send defer 40037"},
	{"[{\"stage\":\"database\",\"hang\":true,\"times\":-1}]",
	 "pending|1|0|0|lookup-unanswered", "open|-", "transport retry 0"},
	{"[{\"stage\":\"send\",\"hang\":true,\"times\":-1}]",
	 "pending|1|1|0|timeout-unknown", "open|-",
	 "lookup found 0, transport unknown 0"},
	{"[{\"stage\":\"database\",\"garbage\":true,\"times\":-1}]",
	 "pending|1|0|0|html-answer", "open|-", "transport retry 200"},
	{"[{\"stage\":\"database\",\"errcode\":40001,\"times\":-1}]",
	 "pending|0|0|0|token-rejected", "held|token-rejected",
	 "lookup defer 40001"},
};

static void test_troubles(void **state)
{
	(void)state;
	static const char *const env[] = {DIRECT_SETTINGS,
					  "RELAY_TIMEOUT=500ms",
					  "RELAY_BACKOFF=1h", NULL};
	for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
		void *own = NULL;
		scene_set_up(&own);
		struct scene *s = own;
		print_message("# %s\n", troubles[i].rules);
		simulator_fault(&s->sim, troubles[i].rules);
		scene_start_relay(s, env);
		int64_t id = scene_insert(s, USER_BOUND);
		scene_wait(s,
			   "SELECT count(*) FROM outbox"
			   " WHERE last_reason IS NOT NULL",
			   "1");
		scene_wait_channel(s, "wechat-subscribe", troubles[i].channel);
		scene_expect_row(s, id, troubles[i].row);
		direct_expect_attempts(s, id, troubles[i].attempts);
		scene_tear_down(&own);
	}
}

static void expect_error(struct scene *s, int64_t id, const char *part)
{
	scoped_free char *error = outbox_text(
		s->fix->db, "SELECT last_error FROM outbox WHERE id = %lld",
		(long long)id);
	if (!error || !strstr(error, part))
		fail_msg("%s is not in %s", part, error);
}

static void test_rows_that_cannot_be_sent(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, usual);
	int64_t other = outbox_insert(s->fix->db, "contractSignedNotify",
				      "{\"assignedToId\":\"load-1\"}");
	int64_t empty = outbox_insert(
		s->fix->db, "sendCustomerAssignNotify",
		"{\"assignedToId\":\"load-2\",\"customerName\":\"a\","
		"\"source\":\"b\",\"assignerName\":\"c\"}");
	int64_t exact = outbox_insert(
		s->fix->db, "sendCustomerAssignNotify",
		"{\"assignedToId\":\"" DIRECT_OPENID "\",\"customerName\":"
		"9007199254740993,\"source\":1.50,\"assignerName\":\"c\","
		"\"assignTime\":1766572200000}");
	direct_wait(s);
	scene_expect_row(s, other, "failed|1|0|0|template-missing");
	direct_expect_attempts(s, other, "local reject 0");
	expect_error(s, other, "contractSignedNotify");
	scene_expect_row(s, empty, "failed|1|0|0|template-field-invalid");
	direct_expect_attempts(s, empty, "lookup found 0, local reject 0");
	expect_error(s, empty, "time4: the payload's assignTime");
	scene_expect_row(s, exact, "delivered|1|0|0|-");
	scoped_free char *send = direct_body(s, "send", 0);
	assert_non_null(strstr(send, "\"thing1\":{\"value\":"
				     "\"9007199254740993\"},"
				     "\"thing2\":{\"value\":\"1.50\"}"));
}

/* The rate is of sends; a lookup is none. */
static void test_rate(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {DIRECT_SETTINGS,
					  "WECHAT_SUBSCRIBE_PER_DAY=3", NULL};
	scene_start_relay(s, env);
	for (int i = 0; i < 2; i++) {
		scene_insert(s, "load-1");
		scene_insert(s, "load-2");
	}
	scene_wait_count(s, "wechat-subscribe", "delivered", 3);
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT day_used FROM outbox_channel"
				    " WHERE name = 'wechat-subscribe'"),
			 3);
	direct_expect_calls(s, 2, 3);
}

static double sent_at_us(struct scene *s, int nth)
{
	cJSON *calls = scene_journal(s, "send");
	double at = cJSON_GetNumberValue(
		cJSON_GetObjectItem(cJSON_GetArrayItem(calls, nth), "t_us"));
	cJSON_Delete(calls);
	return at;
}

/* The second send of a row is within the rate, too. */
static void test_rate_of_a_second_send(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {DIRECT_SETTINGS,
					  "WECHAT_SUBSCRIBE_RATE=1", NULL};
	scene_start_relay(s, env);
	scene_insert(s, USER_BOUND);
	direct_wait(s);
	simulator_post(&s->sim, "/sim/users",
		       "[{\"id\":\"" USER_BOUND
		       "\",\"openid\":\"" DIRECT_OTHER_OPENID "\"}]");
	scene_insert(s, USER_BOUND);
	direct_wait(s);
	direct_expect_calls(s, 2, 3);
	assert_true(sent_at_us(s, 1) - sent_at_us(s, 0) > 950000);
	assert_true(sent_at_us(s, 2) - sent_at_us(s, 1) > 950000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_an_old_openid),
		SCENE_TEST(test_a_refused_openid),
		SCENE_TEST(test_a_dead_token),
		cmocka_unit_test(test_troubles),
		SCENE_TEST(test_rows_that_cannot_be_sent),
		SCENE_TEST(test_rate),
		SCENE_TEST(test_rate_of_a_second_send),
	};
	return cmocka_run_group_tests_name("subscribe trouble", tests, NULL,
					   NULL);
}
