/*
 * The relay dies in the midst of its work, at one system call after the other,
 * by a kill, with half a write, or with the power; and its disk is full or
 * broken for a while. No row is lost, and none is sent again but those that
 * were on the wire.
 *
 * CRASH_POINTS says at how many calls of a run it dies, each in every way; 0:
 * at each of them. `make crash` is that, `make test` does a few.
 */
#include "tests/crash/fatal.h"
#include "tests/support/twin.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/tempdir.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ROWS = 60,
	AT_ONCE = 16,
	KILLED = 128 + SIGKILL,
	FEW_POINTS = 9, /* in each of three ways */
	LOOK_MS = 10,
};

static const char *const hows[] = {"kill", "torn", "power"};

static int set_up(void **state)
{
	static const char *const options[] = {"--no-dedup", "--latency", "3",
					      NULL};
	scene_set_up(state);
	struct scene *s = *state;
	simulator_finish(&s->sim);
	simulator_start(&s->sim, s->fix->dir, options);
	return 0;
}

/* The database is nobody's but the relay's, or a loss of power would leave the
 * WAL's index behind, which lives in memory. */
static void close_crm(struct scene *s)
{
	outbox_close(s->fix->db);
	s->fix->db = NULL;
}

static void open_crm(struct scene *s)
{
	s->fix->db = outbox_open(s->fix->path);
}

/* Until it is dead, or everything is sent: then it is told to stop. */
static int let_it_run(struct scene *s)
{
	struct pollfd fd = {.fd = s->relay.pidfd, .events = POLLIN};
	int64_t until_ms = clock_mono_ms() + SCENE_DEADLINE_MS;
	while (poll(&fd, 1, LOOK_MS) == 0) {
		assert_true(clock_mono_ms() < until_ms);
		if (simulator_stat(&s->sim, "sent.total") < ROWS)
			continue;
		proc_signal(&s->relay, SIGTERM);
		break;
	}
	return proc_wait(&s->relay, SCENE_DEADLINE_MS);
}

static int run_fatal(struct scene *s, const char *how, long at)
{
	scoped_free char *how_env = xasprintf("FATAL_HOW=%s", how);
	scoped_free char *at_env = xasprintf("FATAL_AT=%ld", at);
	const char *env[] = {how_env, at_env, "RELAY_HEARTBEAT=100ms", NULL};
	close_crm(s);
	twin_start(s, env);
	int status = let_it_run(s);
	open_crm(s);
	return status;
}

static void expect_whole(struct scene *s)
{
	scoped_free char *said =
		outbox_text(s->fix->db, "PRAGMA integrity_check");
	assert_string_equal(said, "ok");
}

static void expect_all_once(struct scene *s, const char *what,
			    long long repeats_most)
{
	scoped_free char *rows = outbox_rows(
		s->fix->db,
		"SELECT status, attempts, unknowns, interrupted < 2,"
		"       count(*) FROM outbox GROUP BY 1, 2, 3, 4");
	scoped_free char *expected =
		xasprintf("delivered|1|0|1|%d\n", (int)ROWS);
	long long sent = simulator_stat(&s->sim, "sent.total");
	long long distinct = simulator_stat(&s->sim, "sent.distinct");
	if (strcmp(rows, expected) != 0 || distinct != ROWS ||
	    sent - ROWS > repeats_most)
		fail_msg("%s: sent %lld of %lld, at most %lld again; rows\n%s",
			 what, sent, distinct, repeats_most, rows);
	expect_whole(s);
}

/* Dies at a call, and another relay goes on. Whether it did die there. */
static bool crash_at(struct scene *s, const char *how, long at)
{
	scoped_free char *what = xasprintf("%s at call %ld", how, at);
	simulator_post(&s->sim, "/sim/reset", "{}");
	scene_insert_many(s, ROWS);
	int status = run_fatal(s, how, at);
	if (status != KILLED && status != 0)
		fail_msg("%s: exit status %d", what, status);
	expect_whole(s);
	long long on_wire = outbox_int(
		s->fix->db,
		"SELECT count(*) FROM outbox WHERE status = 'sending'");
	assert_true(on_wire <= AT_ONCE);
	proc_finish(&s->relay);
	scene_start_relay(s, NULL);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "60");
	assert_int_equal(relayproc_stop(&s->relay, SCENE_DEADLINE_MS), 0);
	proc_finish(&s->relay);
	expect_all_once(s, what, on_wire);
	return status == KILLED;
}

/* On a database of its own; the simulator stays. */
static bool crash_anew(struct scene *s, const char *how, long at)
{
	struct fixture *kept = s->fix;
	void *fresh = NULL;
	fixture_set_up(&fresh);
	s->fix = fresh;
	bool has_died = crash_at(s, how, at);
	s->fix = kept;
	fixture_tear_down(&fresh);
	return has_died;
}

/* How many calls a run takes that is left in peace. */
static long count_calls(struct scene *s)
{
	long calls = 0;
	scene_insert_many(s, ROWS);
	assert_int_equal(run_fatal(s, "kill", 0), 0);
	scoped_free char *line = proc_wait_line(
		&s->relay, PROC_ERR, "fatal: calls=", SCENE_DEADLINE_MS);
	assert_int_equal(sscanf(line, "fatal: calls=%ld", &calls), 1);
	expect_all_once(s, "in peace", 0);
	proc_finish(&s->relay);
	return calls;
}

static void test_each_call(void **state)
{
	struct scene *s = *state;
	const char *wanted = getenv("CRASH_POINTS");
	long calls = count_calls(s), died = 0, tried = 0;
	long points = wanted ? strtol(wanted, NULL, 10) : FEW_POINTS;
	if (points <= 0 || points > calls)
		points = calls;
	for (long i = 0; i < points; i++) {
		for (size_t h = 0; h < ARRAY_LEN(hows); h++) {
			/* Where there are few, each way has its own. */
			long at = 1 + (i * 3 + (long)h) * calls / (points * 3);
			tried++;
			died += crash_anew(s, hows[h], at);
		}
	}
	print_message("%ld calls, died at %ld of %ld\n", calls, died, tried);
	/* No two runs take as many calls: the last ones may not come. */
	assert_true(died * 2 > tried);
}

static void make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
}

/* Answers come in while nothing can be written: they are kept, nothing is
 * claimed, and when the trouble is over everything goes on. */
static void break_disk(struct scene *s, int error, const char *call)
{
	scoped_free char *file = tempdir_path(s->fix->dir, "broken");
	scoped_free char *while_env = xasprintf("FATAL_WHILE=%s", file);
	scoped_free char *error_env = xasprintf("FATAL_ERROR=%d", error);
	scoped_free char *call_env = xasprintf("FATAL_CALL=%s", call);
	const char *env[] = {while_env, error_env, call_env,
			     "RELAY_HEARTBEAT=100ms", NULL};
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"delay_ms\":300,"
				 "\"times\":16}]");
	scene_insert_many(s, ROWS);
	twin_start_ready(s, env);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'sending'",
		   "16");
	make_file(file);
	free(proc_wait_line(&s->relay, PROC_ERR, "results are kept in memory",
			    SCENE_DEADLINE_MS));
	scene_wait_calls(s, "invoke", AT_ONCE);
	/* Longer than the answers take; it must not end. */
	struct pollfd fd = {.fd = s->relay.pidfd, .events = POLLIN};
	assert_int_equal(poll(&fd, 1, 1500), 0);
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), AT_ONCE);
	assert_int_equal(scene_calls(s, "invoke"), AT_ONCE);
	unlink(file);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "60");
	assert_int_equal(relayproc_stop(&s->relay, SCENE_DEADLINE_MS), 0);
	expect_all_once(s, call, 0);
}

static void test_disk_full(void **state)
{
	break_disk(*state, ENOSPC, "write");
}

static void test_disk_broken(void **state)
{
	break_disk(*state, EIO, "write");
}

static void test_sync_fails(void **state)
{
	break_disk(*state, EIO, "sync");
}

int main(int argc, char **argv)
{
#define CRASH_TEST(f) \
	cmocka_unit_test_setup_teardown(f, set_up, scene_tear_down)
	const struct CMUnitTest tests[] = {
		CRASH_TEST(test_each_call),
		CRASH_TEST(test_disk_full),
		CRASH_TEST(test_disk_broken),
		CRASH_TEST(test_sync_fails),
	};
	if (twin_is_wanted(argc, argv)) {
		fatal_arm();
		return twin_run(argc, argv);
	}
	return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
