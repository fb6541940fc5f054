/*
 * Several channels in one relay: a sick one takes nothing from the others, and
 * its breaker leaves it alone without a cost to the rows that wait.
 */
#include "tests/support/scene.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 500, AT_ONCE = 16 };

struct sick_case {
	const char *name, *sick, *healthy, *rules;
	const char *setting;  /* or NULL */
	const char *hold;     /* of the sick one; NULL: it is open */
	int on_wire_for_good; /* rows that hang */
};

#define ALWAYS(stage, fault) \
	"[{\"stage\":\"" stage "\",\"" fault ",\"times\":-1}]"

static const struct sick_case sick_cases[] = {
	{"webhook hangs", "x", "wechat-cloud", ALWAYS("hook", "hang\":true"),
	 NULL, NULL, AT_ONCE},
	{"webhook answers 503", "x", "wechat-cloud",
	 ALWAYS("hook", "status\":503"), NULL, "held|breaker-open", 0},
	{"webhook refuses", "x", "wechat-cloud", "[]",
	 "WEBHOOK_X_URL=http://127.0.0.1:9/x", "held|breaker-open", 0},
	{"WeChat hangs", "wechat-cloud", "x", ALWAYS("invoke", "hang\":true"),
	 NULL, NULL, AT_ONCE},
	{"WeChat answers 503", "wechat-cloud", "x",
	 ALWAYS("invoke", "status\":503"), NULL, "held|breaker-open", 0},
	{"WeChat gives no token", "wechat-cloud", "x",
	 ALWAYS("token", "hang\":true"), NULL, NULL, 0},
};

static void insert(struct scene *s, const char *channel, int count)
{
	if (strcmp(channel, "x") == 0)
		scene_insert_hooks(s, count);
	else
		scene_insert_many(s, count);
}

/* What has been tried of the sick one is what fits on the wire before the
 * breaker trips; the rest has cost nothing. */
static void expect_sick(struct scene *s, const struct sick_case *c)
{
	int64_t tried = outbox_int(s->fix->db,
				   "SELECT sum(attempts) FROM outbox"
				   " WHERE channel = %Q",
				   c->sick);
	int64_t sending = outbox_int(s->fix->db,
				     "SELECT count(*) FROM outbox WHERE"
				     " channel = %Q AND status = 'sending'",
				     c->sick);
	assert_int_equal(sending, c->on_wire_for_good);
	if (c->hold)
		assert_in_range(tried, 10, 10 + AT_ONCE - 1);
	else
		assert_int_equal(tried, 0);
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox"
				    " WHERE channel = %Q"
				    "   AND status <> 'pending'",
				    c->sick),
			 sending);
}

static void run_sick_case(const struct sick_case *c)
{
	void *state = NULL;
	scene_set_up(&state);
	struct scene *s = state;
	const char *const env[] = {"RELAY_TIMEOUT=5m", "RELAY_BACKOFF=1h",
				   "RELAY_BREAKER_PAUSE=1h", c->setting, NULL};
	scoped_free char *on_wire = xasprintf("%d", c->on_wire_for_good);
	scoped_free char *sql = xasprintf("SELECT count(*) FROM outbox WHERE"
					  " channel = '%s' AND"
					  " status = 'sending'",
					  c->sick);
	simulator_fault(&s->sim, c->rules);
	scene_start_two(s, env);
	insert(s, c->sick, ROWS);
	if (c->hold)
		scene_wait_channel(s, c->sick, c->hold);
	scene_wait(s, sql, on_wire);
	insert(s, c->healthy, ROWS);
	scene_wait_count(s, c->healthy, "delivered", ROWS);
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT sum(attempts) FROM outbox"
				    " WHERE channel = %Q",
				    c->healthy),
			 ROWS);
	expect_sick(s, c);
	scene_tear_down(&state);
}

static void test_a_sick_one_takes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sick_cases); i++) {
		print_message("# %s\n", sick_cases[i].name);
		run_sick_case(&sick_cases[i]);
	}
}

/* Both at work at once: neither waits for the other to be through, though one
 * of them is slow. Counted at the moment when the fast one is. */
static void test_side_by_side(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"hook\",\"delay_ms\":200,"
				 "\"times\":-1}]");
	scene_start_two(s, NULL);
	scene_insert_hooks(s, ROWS);
	scene_insert_many(s, ROWS);
	scene_wait_count(s, "wechat-cloud", "delivered", ROWS);
	assert_true(outbox_int(s->fix->db, "SELECT count(*) FROM outbox WHERE"
					   " channel = 'x' AND status ="
					   " 'delivered'") < ROWS / 2);
	scene_wait_count(s, "x", "delivered", ROWS);
}

/* A row that may have killed the relay goes alone; the busy channel beside it
 * makes way. */
static void test_alone_beside_a_busy_one(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"hook\",\"delay_ms\":20,"
				 "\"times\":-1}]");
	scene_start_two(s, NULL);
	scene_insert_hooks(s, 4000);
	scene_wait_calls(s, "hook", 100);
	outbox_exec(s->fix->db, "BEGIN IMMEDIATE");
	scene_insert(s, USER_BOUND);
	outbox_exec(s->fix->db, "UPDATE outbox SET interrupted = 3"
				" WHERE channel = 'wechat-cloud'");
	outbox_exec(s->fix->db, "COMMIT");
	scene_wait_count(s, "wechat-cloud", "delivered", 1);
	assert_true(outbox_int(s->fix->db, "SELECT count(*) FROM outbox WHERE"
					   " channel = 'x' AND status ="
					   " 'pending'") > 1000);
}

static const char *const breaker_env[] = {"WEBHOOK_X_CONCURRENCY=4",
					  "RELAY_BREAKER_PAUSE=1s,2s",
					  "RELAY_BACKOFF=1h", NULL};

static int64_t count(struct scene *s, const char *where)
{
	return outbox_int(s->fix->db, "SELECT count(*) FROM outbox WHERE %s",
			  where);
}

/* When the calls after the first `skip` came, in microseconds after the one
 * before. */
static void expect_pauses(struct scene *s, int skip, const int64_t *least_us,
			  int pauses)
{
	cJSON *calls = scene_journal(s, "hook");
	for (int i = 0; i < pauses; i++) {
		const cJSON *one = cJSON_GetArrayItem(calls, skip + i - 1);
		const cJSON *next = cJSON_GetArrayItem(calls, skip + i);
		double gap =
			cJSON_GetNumberValue(
				cJSON_GetObjectItem(next, "t_us")) -
			cJSON_GetNumberValue(cJSON_GetObjectItem(one, "t_us"));
		assert_in_range(gap, least_us[i] - 50000, least_us[i] + 900000);
	}
	cJSON_Delete(calls);
}

/* Held after ten failures; each probe is another row and costs it nothing; the
 * pauses grow; a probe that succeeds opens. */
static void test_breaker(void **state)
{
	struct scene *s = *state;
	static const int64_t pauses_us[] = {1000000, 2000000};
	simulator_fault(&s->sim, ALWAYS("hook", "status\":503"));
	scene_start_two(s, breaker_env);
	scene_insert_hooks(s, 100);
	scene_wait_channel(s, "x", "held|breaker-open");
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'sending'",
		   "0");
	int tried = (int)count(s, "attempts = 1");
	assert_in_range(tried, 10, 13);
	assert_int_equal(count(s, "attempts = 0 AND version = 0"), 100 - tried);
	assert_int_equal(scene_calls(s, "hook"), tried);

	scene_wait(s,
		   "SELECT count(*) FROM outbox WHERE attempts = 0"
		   " AND version = 2 AND status = 'pending'",
		   "2");
	assert_int_equal(count(s, "attempts = 1"), tried);
	assert_int_equal(scene_calls(s, "hook"), tried + 2);
	expect_pauses(s, tried, pauses_us, 2);

	simulator_fault(&s->sim, "[]");
	scene_wait_channel(s, "x", "open|-");
	scene_wait_count(s, "x", "delivered", 100 - tried);
	assert_int_equal(count(s, "status = 'delivered' AND attempts = 1"),
			 100 - tried);
}

/* A success between makes the next pause the first one again. */
static void test_breaker_begins_anew(void **state)
{
	struct scene *s = *state;
	static const int64_t pauses_us[] = {1000000, 2000000};
	static const int64_t first_us[] = {1000000};
	simulator_fault(&s->sim, "[{\"stage\":\"hook\",\"status\":503,"
				 "\"times\":11},{\"stage\":\"hook\","
				 "\"status\":503,\"after\":12,\"times\":10}]");
	static const char *const env[] = {"WEBHOOK_X_CONCURRENCY=1",
					  "RELAY_BREAKER_PAUSE=1s,2s",
					  "RELAY_BACKOFF=1h", NULL};
	scene_start_two(s, env);
	scene_insert_hooks(s, 30);
	/* 10 fail; the probe fails; the next one opens; 10 fail; it opens. */
	scene_wait_count(s, "x", "delivered", 10);
	expect_pauses(s, 10, pauses_us, 2);
	expect_pauses(s, 22, first_us, 1);
	assert_int_equal(count(s, "attempts = 1 AND status = 'pending'"), 20);
	scene_wait_channel(s, "x", "open|-");
}

static void test_breaker_off(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_BREAKER_FAILURES=0",
					  "RELAY_BACKOFF=1h", NULL};
	simulator_fault(&s->sim, ALWAYS("hook", "status\":503"));
	scene_start_two(s, env);
	scene_insert_hooks(s, 100);
	scene_wait(s, "SELECT sum(attempts) FROM outbox", "100");
	scene_wait_channel(s, "x", "open|-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_sick_one_takes_nothing),
		SCENE_TEST(test_side_by_side),
		SCENE_TEST(test_alone_beside_a_busy_one),
		SCENE_TEST(test_breaker),
		SCENE_TEST(test_breaker_begins_anew),
		SCENE_TEST(test_breaker_off),
	};
	return cmocka_run_group_tests_name("channels", tests, NULL, NULL);
}
