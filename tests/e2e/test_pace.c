/*
 * Rates and budgets, at the receiving end: no second sees more than the rate;
 * budgets are kept through a restart.
 */
#include "tests/support/scene.h"

#include "lib/util.h"

#include <stdlib.h>

static int64_t *arrivals(struct scene *s, const char *stage, size_t *count_out)
{
	cJSON *calls = scene_journal(s, stage);
	size_t count = (size_t)cJSON_GetArraySize(calls), i = 0;
	int64_t *at_us = xcalloc(count + 1, sizeof(*at_us));
	const cJSON *call;
	cJSON_ArrayForEach(call, calls)
	{
		at_us[i++] = (int64_t)cJSON_GetNumberValue(
			cJSON_GetObjectItem(call, "t_us"));
	}
	cJSON_Delete(calls);
	*count_out = count;
	return at_us;
}

/* Any rate + 1 calls in a row take a second at least. How near the rate comes
 * is measured in tests/bench/pace.py: a busy machine decides it, too. */
static void expect_rate(struct scene *s, const char *stage, size_t rate,
			size_t rows)
{
	size_t count = 0;
	scoped_free int64_t *at_us = arrivals(s, stage, &count);
	assert_int_equal(count, rows);
	for (size_t i = rate; i < count; i++) {
		if (at_us[i] - at_us[i - rate] < 1000000)
			fail_msg("%zu calls in %lld us", rate + 1,
				 (long long)(at_us[i] - at_us[i - rate]));
	}
}

static void test_rate(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_RATE=50", NULL};
	scene_insert_many(s, 200);
	scene_start_relay(s, env);
	scene_wait_count(s, "wechat-cloud", "delivered", 200);
	expect_rate(s, "invoke", 50, 200);
}

/* Each channel has its own, here of other sizes, and rows come in bursts. */
static void test_rates_of_two(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"WECHAT_CLOUD_RATE=20",
					  "WEBHOOK_X_RATE=200", NULL};
	scene_start_two(s, env);
	for (int i = 0; i < 6; i++) {
		scene_insert_many(s, 10);
		scene_insert_hooks(s, 100);
	}
	scene_wait_count(s, "x", "delivered", 600);
	scene_wait_count(s, "wechat-cloud", "delivered", 60);
	expect_rate(s, "invoke", 20, 60);
	expect_rate(s, "hook", 200, 600);
}

/* Repeats with a fresh token are requests like all others. */
static void test_repeats_are_paced(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_RATE=10", NULL};
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"errcode\":40001,"
				 "\"delay_ms\":2000,\"times\":16}]");
	scene_insert_many(s, 20);
	scene_start_relay(s, env);
	scene_wait_count(s, "wechat-cloud", "delivered", 20);
	size_t count = 0;
	scoped_free int64_t *at_us = arrivals(s, "invoke", &count);
	assert_true(count > 20);
	for (size_t i = 10; i < count; i++)
		assert_true(at_us[i] - at_us[i - 10] >= 1000000);
}

/* Twenty rows and a budget of five. A minute of the clock may begin while they
 * are sent; the test then has seen it and begins again. */
static void run_budget(struct scene *s, const char *setting, const char *used)
{
	const char *const env[] = {setting, NULL};
	int64_t first = 0, last = -1;
	scoped_free char *sql =
		xasprintf("SELECT %s FROM outbox_channel", used);
	while (first != last) {
		outbox_exec(s->fix->db,
			    "UPDATE outbox SET status = 'cancelled'"
			    " WHERE status = 'pending';"
			    "DELETE FROM outbox;"
			    "UPDATE outbox_channel SET minute_used = 0,"
			    " day_used = 0");
		scene_insert_many(s, 20);
		first = outbox_int(s->fix->db, "SELECT unixepoch() / 60");
		scene_start_relay(s, env);
		scene_wait_count(s, "wechat-cloud", "delivered", 5);
		scene_wait(s, sql, "5");
		scene_crash_relay(s);
		scene_start_relay(s, env);
		/* It has looked and would have sent by now. */
		scene_insert(s, USER_BOUND);
		scene_wait(s,
			   "SELECT state FROM outbox_relay WHERE"
			   " beat_at > started_at + 300",
			   "running");
		scene_stop_relay(s);
		last = outbox_int(s->fix->db, "SELECT unixepoch() / 60");
	}
	assert_int_equal(outbox_int(s->fix->db, "SELECT count(*) FROM outbox"
						" WHERE status = 'delivered'"),
			 5);
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox WHERE"
				    " status = 'pending' AND attempts = 0"),
			 16);
}

static void test_budget_a_day(void **state)
{
	run_budget(*state, "RELAY_PER_DAY=5", "day_used");
}

static void test_budget_a_minute(void **state)
{
	run_budget(*state, "RELAY_PER_MINUTE=5", "minute_used");
}

/* The next window has a budget of its own: yesterday's use is yesterday's. */
static void test_next_window(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_PER_DAY=5", NULL};
	scene_insert_many(s, 20);
	scene_start_relay(s, env);
	scene_wait_count(s, "wechat-cloud", "delivered", 5);
	scene_wait(s, "SELECT day_used FROM outbox_channel", "5");
	scene_stop_relay(s);
	outbox_exec(s->fix->db,
		    "UPDATE outbox_channel SET day_start = day_start"
		    " - 86400000");
	scene_start_relay(s, env);
	scene_wait_count(s, "wechat-cloud", "delivered", 10);
	scene_wait(s, "SELECT day_used FROM outbox_channel", "5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_rate),
		SCENE_TEST(test_rates_of_two),
		SCENE_TEST(test_repeats_are_paced),
		SCENE_TEST(test_budget_a_day),
		SCENE_TEST(test_budget_a_minute),
		SCENE_TEST(test_next_window),
	};
	return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
