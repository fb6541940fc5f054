/*
 * The wall clock is set by an hour, either way, while the relay runs: nothing
 * stalls, nothing is sent in a storm, the CRM's own times stay, and no age is
 * negative. The host's clock is one: rows that are inserted after it was set
 * have the new time, which this process gives them by hand.
 */
#include "tests/support/operator.h"
#include "tests/support/paths.h"
#include "tests/support/scene.h"
#include "tests/support/tempdir.h"

#include "lib/clock.h"
#include "lib/util.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HOUR_MS INT64_C(3600000)

enum { COMPILE_MS = 60000, BACKOFF_US = 200000 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = 1 }; /* its runtime must be the first library */
#else
enum { IS_SANITIZED = 0 };
#endif

struct wall {
	struct scene *s;
	volatile int64_t *offset_ms; /* own; shared with the relay */
	char *preload, *file;	     /* own; settings */
};

static void compile(const struct scene *s, const char *library)
{
	scoped_free char *source = paths_source("tests/e2e/fakeclock.c");
	const char *cc = getenv("CC");
	const char *argv[] = {cc ? cc : "cc", "-shared", "-fPIC", "-O1",
			      "-o",	      library,	 source,  NULL};
	struct proc_spec spec = {
		.argv = argv, .dir = s->fix->dir, .name = "cc"};
	scoped_free char *err = NULL;
	if (proc_run(&spec, COMPILE_MS, NULL, &err) != 0)
		fail_msg("%s", err);
}

static void wall_init(struct wall *w, struct scene *s)
{
	if (IS_SANITIZED)
		skip();
	scoped_free char *library = tempdir_path(s->fix->dir, "fakeclock.so");
	scoped_free char *path = tempdir_path(s->fix->dir, "offset");
	compile(s, library);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(ftruncate(fd, sizeof(*w->offset_ms)), 0);
	*w = (struct wall){
		.s = s,
		.offset_ms = mmap(NULL, sizeof(*w->offset_ms),
				  PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0),
		.preload = xasprintf("LD_PRELOAD=%s", library),
		.file = xasprintf("FAKECLOCK=%s", path),
	};
	assert_true(w->offset_ms != MAP_FAILED);
	close(fd);
}

static void wall_finish(struct wall *w)
{
	munmap((void *)w->offset_ms, sizeof(*w->offset_ms));
	free(w->preload);
	free(w->file);
}

static void start(struct wall *w, const char *backoff, const char *at_once)
{
	const char *const env[] = {w->preload,
				   w->file,
				   backoff,
				   at_once,
				   "RELAY_JITTER=0",
				   "RELAY_POLL=50ms",
				   "RELAY_MAX_ATTEMPTS=100",
				   "RELAY_BREAKER_FAILURES=0",
				   NULL};
	scene_start_relay(w->s, env);
}

static int64_t wall_ms(const struct wall *w)
{
	return clock_wall_ms() + *w->offset_ms;
}

/* For load-FIRST and so on, by the clock as it is now. */
static void insert(struct wall *w, int first, int count, int64_t later_ms)
{
	int64_t now = wall_ms(w);
	outbox_exec(w->s->fix->db,
		    "WITH RECURSIVE n (i) AS (SELECT %d UNION ALL"
		    "  SELECT i + 1 FROM n WHERE i < %d - 1)"
		    " INSERT INTO outbox (type, payload, created_at,"
		    "  updated_at, due_at)"
		    " SELECT 'sendCustomerAssignNotify',"
		    "        json_object('assignedToId', 'load-' || i),"
		    "        %lld, %lld, %lld FROM n",
		    first, first + count, now, now, now + later_ms);
}

/* Answers that are tried again after the back-off, and no sooner or later. */
static void set_busy(struct scene *s, int times)
{
	scoped_free char *rules = xasprintf(
		"[{\"stage\":\"invoke\",\"errcode\":-604103,\"times\":%d}]",
		times);
	simulator_fault(&s->sim, rules);
}

static int recipient(const cJSON *call)
{
	const char *body =
		cJSON_GetStringValue(cJSON_GetObjectItem(call, "body"));
	return atoi(strstr(body, "load-") + strlen("load-"));
}

/* No row is sent again before its back-off has passed. */
static void expect_no_storm(struct scene *s, int64_t backoff_us)
{
	enum { PEOPLE = 5000 };
	static double last[PEOPLE];
	cJSON *calls = scene_journal(s, "invoke");
	const cJSON *call;
	memset(last, 0, sizeof(last));
	cJSON_ArrayForEach(call, calls)
	{
		int who = recipient(call);
		double at =
			cJSON_GetNumberValue(cJSON_GetObjectItem(call, "t_us"));
		if (last[who] > 0 && at - last[who] < (double)backoff_us * 0.95)
			fail_msg("load-%d again after %.0f us", who,
				 at - last[who]);
		last[who] = at;
	}
	cJSON_Delete(calls);
}

/* The counts for the charts are those of the rows, and no bucket is less than
 * nothing. */
static void expect_histogram(struct scene *s)
{
	int64_t delivered =
		outbox_int(s->fix->db, "SELECT count(*) FROM outbox"
				       " WHERE status = 'delivered'");
	assert_int_equal(outbox_int(s->fix->db, "SELECT sum(delivered)"
						"  FROM outbox_minute"),
			 delivered);
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT sum(value) FROM outbox_minute,"
				    " json_each(latency)"),
			 delivered);
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox_minute,"
				    " json_each(latency) WHERE value < 0"),
			 0);
}

/* Rows that are tried again, rows that wait for their first turn, rows that
 * come, and rows of a later time, while the clock is set. */
static void run_jump(struct scene *s, int64_t by_ms)
{
	struct wall w;
	wall_init(&w, s);
	start(&w, "RELAY_BACKOFF=200ms", "RELAY_CONCURRENCY=16");
	set_busy(s, -1);
	insert(&w, 0, 100, 0);
	insert(&w, 2000, 1, 2 * HOUR_MS);
	int64_t due = outbox_int(s->fix->db, "SELECT max(due_at) FROM outbox");
	scene_wait(s, "SELECT count(*) FROM outbox WHERE attempts >= 2", "100");
	*w.offset_ms += by_ms;
	insert(&w, 100, 50, 0);
	free(proc_wait_line(&s->relay, PROC_ERR, "the wall clock was set",
			    SCENE_DEADLINE_MS));
	scene_wait(s,
		   "SELECT count(*) FROM outbox WHERE attempts >= 4 OR"
		   " (id > 101 AND attempts >= 2)",
		   "150");
	set_busy(s, 0);
	scene_wait_count(s, "wechat-cloud", "delivered", 150);
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT due_at FROM outbox WHERE"
				    " status = 'pending' AND version = 0"),
			 due);
	expect_no_storm(s, BACKOFF_US);
	scene_stop_relay(s);
	expect_histogram(s);
	wall_finish(&w);
}

static void test_forward(void **state)
{
	run_jump(*state, HOUR_MS);
}

static void test_back(void **state)
{
	run_jump(*state, -HOUR_MS);
}

/* More rows than one step moves, and more that the channel had no room for when
 * it was set; there and back. */
static void test_many(void **state)
{
	struct scene *s = *state;
	struct wall w;
	wall_init(&w, s);
	start(&w, "RELAY_BACKOFF=4s", "RELAY_CONCURRENCY=64");
	set_busy(s, 1500);
	insert(&w, 0, 1500, 0);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE attempts >= 1",
		   "1500");
	*w.offset_ms -= HOUR_MS;
	insert(&w, 1500, 300, 0);
	scene_wait(s,
		   "SELECT count(*) FROM outbox WHERE id > 1500"
		   " AND status = 'delivered'",
		   "300");
	*w.offset_ms += HOUR_MS;
	scene_wait_count(s, "wechat-cloud", "delivered", 1800);
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox"
				    " WHERE attempts = iif(id > 1500, 1, 2)"),
			 1800);
	expect_no_storm(s, 4000000);
	scene_stop_relay(s);
	expect_histogram(s);
	wall_finish(&w);
}

/* Rows that an operator, or a failed probe, made due just before the clock was
 * set back, and those of the CRM that had not had their turn yet. */
static void test_back_while_paused(void **state)
{
	struct scene *s = *state;
	struct operator o;
	struct wall w;
	wall_init(&w, s);
	simulator_fault(&s->sim, "[{\"stage\":\"function\",\"times\":5,"
				 "\"resp_json\":{\"success\":false,"
				 "\"error\":{\"code\":43101}}}]");
	/* Inserted long ago, as most that fail. */
	*w.offset_ms = -5 * HOUR_MS;
	insert(&w, 0, 5, 0);
	*w.offset_ms = 0;
	start(&w, "RELAY_BACKOFF=200ms", "RELAY_CONCURRENCY=16");
	scene_wait_count(s, "wechat-cloud", "failed", 5);
	operator_open(&o, s->fix->path, "alice");
	operator_channels(&o, ACT_PAUSE, NULL);
	for (int id = 1; id <= 5; id++)
		operator_row(&o, ACT_RETRY, id);
	insert(&w, 100, 5, 0);
	*w.offset_ms = -HOUR_MS;
	free(proc_wait_line(&s->relay, PROC_ERR, "the wall clock was set",
			    SCENE_DEADLINE_MS));
	operator_channels(&o, ACT_RESUME, NULL);
	scene_wait_count(s, "wechat-cloud", "delivered", 10);
	operator_close(&o);
	wall_finish(&w);
}

/* A hold is measured by the other clock: it neither ends nor goes on. */
static void test_hold(void **state)
{
	struct scene *s = *state;
	struct wall w;
	static const int64_t jumps[] = {HOUR_MS, -HOUR_MS};
	wall_init(&w, s);
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"errcode\":-604101,"
				 "\"times\":3}]");
	const char *const env[] = {w.preload,
				   w.file,
				   "RELAY_PROBE=2s",
				   "RELAY_POLL=50ms",
				   "RELAY_CONCURRENCY=1",
				   NULL};
	scene_start_relay(s, env);
	insert(&w, 0, 20, 0);
	for (int i = 0; i < 2; i++) {
		scene_wait_calls(s, "invoke", i + 1);
		scene_wait_channel(s, "wechat-cloud",
				   "held|openapi-not-permitted");
		*w.offset_ms += jumps[i];
	}
	scene_wait_count(s, "wechat-cloud", "delivered", 20);
	cJSON *calls = scene_journal(s, "invoke");
	double last = 0;
	for (int i = 0; i < 4; i++) {
		double at = cJSON_GetNumberValue(cJSON_GetObjectItem(
			cJSON_GetArrayItem(calls, i), "t_us"));
		assert_true(i == 0 ||
			    (at - last > 1950000 && at - last < 5000000));
		last = at;
	}
	cJSON_Delete(calls);
	wall_finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_forward), SCENE_TEST(test_back),
		SCENE_TEST(test_many),	  SCENE_TEST(test_back_while_paused),
		SCENE_TEST(test_hold),
	};
	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
