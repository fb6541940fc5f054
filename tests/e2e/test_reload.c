/*
 * SIGHUP: all settings or none, while rows are on the wire.
 */
#include "tests/support/scene.h"
#include "tests/support/tempdir.h"

#include "lib/clock.h"
#include "lib/util.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int64_t generation(struct scene *s)
{
	return outbox_int(s->fix->db,
			  "SELECT settings_generation FROM outbox_relay");
}

static void wait_generation(struct scene *s, int64_t number)
{
	scoped_free char *text = xasprintf("%lld", (long long)number);
	scene_wait(s, "SELECT settings_generation FROM outbox_relay", text);
}

/* The webhook x in a .env file, with more after it. The caller frees. */
static char *with_hook(struct scene *s, const char *more)
{
	return xasprintf("WEBHOOK_X_URL=%s/hook/x\n"
			 "WEBHOOK_X_SECRET=a-plain-secret\n"
			 "OUTBOX_ROUTES=x=x:$.to\n%s",
			 s->sim.base, more);
}

static void reload_hook(struct scene *s, const char *more)
{
	scoped_free char *text = with_hook(s, more);
	scene_reload(s, text);
}

static void start_with_hook(struct scene *s, const char *more)
{
	scoped_free char *text = with_hook(s, more);
	scene_write_env(s, text);
	scene_start_relay(s, NULL);
}

static char *settings(struct scene *s)
{
	return outbox_rows(s->fix->db,
			   "SELECT name, max_at_once, max_per_second,"
			   " max_attempts, is_order_held"
			   "  FROM outbox_channel ORDER BY name");
}

/* What is wrong is said; what is right beside it is not adopted either. */
static void test_none(void **state)
{
	struct scene *s = *state;
	static const struct {
		const char *text, *said;
	} bad[] = {
		{"RELAY_CONCURRENCY=3\nRELAY_RATE=fast\n", "RELAY_RATE"},
		{"RELAY_CONCURRENCY=3\nRELAY_TIMEOUT=1y\n", "RELAY_TIMEOUT"},
		{"RELAY_CONCURRENCY=3\nWEBHOOK_Y_URL=http://127.0.0.1/\n",
		 "WEBHOOK_Y_SECRET"},
		{"RELAY_CONCURRENCY=3\nOUTBOX_ROUTES=t=nowhere\n", "nowhere"},
		{"RELAY_CONCURRENCY=3\nRELAY_LOG_LEVEL=debug\nRELAY_RTAE=1\n",
		 "RELAY_RTAE"},
	};
	start_with_hook(s, "RELAY_CONCURRENCY=7\n");
	scoped_free char *before = settings(s);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		scene_reload(s, bad[i].text);
		free(proc_wait_line(&s->relay, PROC_ERR, bad[i].said,
				    SCENE_DEADLINE_MS));
	}
	free(proc_wait_line(&s->relay, PROC_ERR, "settings not adopted",
			    SCENE_DEADLINE_MS));
	scene_insert_hooks(s, 20);
	scene_insert_many(s, 20);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "40");
	scoped_free char *after = settings(s);
	scoped_free char *err = proc_read(&s->relay, PROC_ERR);
	assert_string_equal(after, before);
	assert_int_equal(generation(s), 1);
	assert_null(strstr(err, "level=debug"));
	assert_non_null(strstr(after, "x|7|"));
	reload_hook(s, "RELAY_CONCURRENCY=8\n");
	wait_generation(s, 2);
	free(proc_wait_line(&s->relay, PROC_ERR, "settings adopted",
			    SCENE_DEADLINE_MS));
}

/* Another database needs a restart; nothing else of it is adopted. */
static void test_another_database(void **state)
{
	struct scene *s = *state;
	scoped_free char *other = outbox_make(s->fix->dir, "other.db");
	scoped_free char *first = xasprintf("OUTBOX_DB=%s\n", s->fix->path);
	scoped_free char *second = xasprintf("OUTBOX_DB=%s\nRELAY_RATE=7\n"
					     "RELAY_LOG_LEVEL=debug\n",
					     other);
	scene_write_env(s, first);
	relayproc_start(&s->relay, &(struct relay_setup){.dir = s->fix->dir,
							 .base = s->sim.base});
	relayproc_wait_ready(&s->relay, s->fix->db, SCENE_DEADLINE_MS);
	scene_reload(s, second);
	free(proc_wait_line(&s->relay, PROC_ERR, "OUTBOX_DB",
			    SCENE_DEADLINE_MS));
	scene_insert_many(s, 20);
	scene_wait_count(s, "wechat-cloud", "delivered", 20);
	assert_int_equal(generation(s), 1);
	scoped_free char *rate = outbox_text(
		s->fix->db, "SELECT max_per_second FROM outbox_channel");
	assert_null(rate);
	scoped_free char *err = proc_read(&s->relay, PROC_ERR);
	assert_null(strstr(err, "level=debug"));
}

/* What is on the wire keeps what it was sent with; what comes after has the new
 * settings. */
static void test_more_at_once(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"hook\",\"hang\":true,"
				 "\"times\":-1}]");
	start_with_hook(s, "RELAY_CONCURRENCY=4\nRELAY_TIMEOUT=5m\n");
	scene_insert_hooks(s, 100);
	scene_wait_count(s, "x", "sending", 4);
	reload_hook(s, "RELAY_CONCURRENCY=9\nRELAY_TIMEOUT=5m\n");
	scene_wait_count(s, "x", "sending", 9);
	/* A shorter time for those that come after; the nine stay. */
	reload_hook(s, "RELAY_CONCURRENCY=12\nRELAY_TIMEOUT=200ms\n"
		       "RELAY_BREAKER_FAILURES=0\nRELAY_MAX_ATTEMPTS=1\n");
	scene_wait_count(s, "x", "failed", 91);
	scene_wait_count(s, "x", "sending", 9);
	assert_int_equal(generation(s), 3);
}

static void test_fewer_at_once(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"hook\",\"delay_ms\":500,"
				 "\"times\":-1}]");
	start_with_hook(s, "RELAY_CONCURRENCY=16\n");
	scene_insert_hooks(s, 22);
	scene_wait_count(s, "x", "sending", 16);
	reload_hook(s, "RELAY_CONCURRENCY=2\n");
	scene_wait_count(s, "x", "delivered", 22);
	/* 16 at once, then two by two */
	cJSON *calls = scene_journal(s, "hook");
	double at[22] = {0};
	assert_int_equal(cJSON_GetArraySize(calls), 22);
	for (int i = 0; i < 22; i++)
		at[i] = cJSON_GetNumberValue(cJSON_GetObjectItem(
			cJSON_GetArrayItem(calls, i), "t_us"));
	cJSON_Delete(calls);
	for (int i = 18; i < 22; i++)
		assert_true(at[i] - at[i - 2] > 450000);
}

static void test_rate(void **state)
{
	struct scene *s = *state;
	scene_write_env(s, "RELAY_RATE=1\n");
	scene_start_relay(s, NULL);
	scene_insert_many(s, 1000);
	scene_wait(s,
		   "SELECT count(*) > 0 FROM outbox"
		   " WHERE status = 'delivered'",
		   "1");
	scene_reload(s, "RELAY_RATE=0\n");
	scene_wait_count(s, "wechat-cloud", "delivered", 1000);
	assert_int_equal(generation(s), 2);
}

/* A webhook that was not there before. */
static void test_new_webhook(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, NULL);
	free(outbox_refused(s->fix->db, "INSERT INTO outbox (channel, type,"
					" payload) VALUES ('x', 't', '{}')"));
	reload_hook(s, "");
	wait_generation(s, 2);
	scene_insert_hooks(s, 50);
	scene_wait_count(s, "x", "delivered", 50);
	assert_int_equal(scene_calls(s, "hook"), 50);
}

/* One that goes away with rows on the wire and more of them waiting: those on
 * the wire end, the others stay as they are; and go when it is back. */
static void test_removed_webhook(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"hook\",\"delay_ms\":700,"
				 "\"times\":-1}]");
	start_with_hook(s, "");
	scene_insert_hooks(s, 50);
	scene_wait_count(s, "x", "sending", 16);
	scene_reload(s, "RELAY_RATE=0\n");
	wait_generation(s, 2);
	scene_wait_count(s, "x", "delivered", 16);
	scene_insert_many(s, 50);
	scene_wait_count(s, "wechat-cloud", "delivered", 50);
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox WHERE channel"
				    " = 'x' AND version = 0"),
			 34);
	/* Away when the relay starts, too. */
	scene_stop_relay(s);
	scene_start_relay(s, NULL);
	assert_int_equal(scene_calls(s, "hook"), 16);
	simulator_fault(&s->sim, "[]");
	reload_hook(s, "");
	scene_wait_count(s, "x", "delivered", 50);
	assert_int_equal(scene_calls(s, "hook"), 50);
}

/* Waits until the relay has read a .env file that others may read so often. */
static void wait_read(struct scene *s, int times)
{
	int64_t until_ms = clock_mono_ms() + SCENE_DEADLINE_MS;
	for (int seen = 0; seen < times;) {
		scoped_free char *err = proc_read(&s->relay, PROC_ERR);
		seen = 0;
		for (char *at = err; (at = strstr(at, "chmod")); at++)
			seen++;
		if (clock_mono_ms() > until_ms)
			fail_msg("read %d times", seen);
		poll(NULL, 0, 5);
	}
}

/* Somebody holds the write lock when SIGHUP comes, and for longer than the
 * relay waits for it: it is not lost. */
static void test_while_somebody_writes(void **state)
{
	struct scene *s = *state;
	scoped_free char *path = tempdir_path(s->fix->dir, ".env");
	scene_start_relay(s, NULL);
	scene_write_env(s, "MINIPROGRAM_APPSECRET="
			   "0123456789abcdef0123456789abcdef\n"
			   "RELAY_RATE=9\n");
	assert_int_equal(chmod(path, 0644), 0);
	outbox_exec(s->fix->db, "BEGIN IMMEDIATE");
	proc_signal(&s->relay, SIGHUP);
	wait_read(s, 2);
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox_channel"
				    " WHERE max_per_second = 9"),
			 0);
	outbox_exec(s->fix->db, "COMMIT");
	scene_wait(s, "SELECT max_per_second FROM outbox_channel", "9");
	scene_insert_many(s, 2);
	scene_wait_count(s, "wechat-cloud", "delivered", 2);
}

/* Again and again in the midst of work, with two sets in turn. */
static void test_many(void **state)
{
	struct scene *s = *state;
	start_with_hook(s, "");
	scene_insert_many(s, 2000);
	scene_insert_hooks(s, 2000);
	for (int i = 1; i <= 20; i++) {
		if (i % 3)
			reload_hook(s, i % 2 ? "RELAY_CONCURRENCY=3\n" : "");
		else
			scene_reload(s, "RELAY_RATE=100\n");
		wait_generation(s, i + 1);
	}
	reload_hook(s, "RELAY_CONCURRENCY=64\n");
	scene_wait(s,
		   "SELECT count(*) FROM outbox WHERE status = 'delivered'"
		   " AND attempts = 1",
		   "4000");
	assert_int_equal(scene_calls(s, "hook"), 2000);
	assert_int_equal(scene_calls(s, "invoke"), 2000);
	scene_stop_relay(s);
	/* What was counted for the charts is what was done. */
	assert_int_equal(outbox_int(s->fix->db, "SELECT sum(delivered)"
						"  FROM outbox_minute"),
			 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_none),
		SCENE_TEST(test_another_database),
		SCENE_TEST(test_more_at_once),
		SCENE_TEST(test_fewer_at_once),
		SCENE_TEST(test_rate),
		SCENE_TEST(test_new_webhook),
		SCENE_TEST(test_removed_webhook),
		SCENE_TEST(test_while_somebody_writes),
		SCENE_TEST(test_many),
	};
	return cmocka_run_group_tests_name("reload", tests, NULL, NULL);
}
