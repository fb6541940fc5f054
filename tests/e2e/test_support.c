/* The tests' own tools. Other tests rely on: a wait ends as soon as there is
 * something to see, and fails when there is not; no child outlives its test. */
#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/proc.h"
#include "tests/support/simulator.h"
#include "tests/support/tempdir.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void start(struct proc *p, const struct fixture *f, const char *script)
{
	const char *argv[] = {"sh", "-c", script, NULL};
	const char *env[] = {"GIVEN=a=b", "HOME", NULL};
	proc_start(p, &(struct proc_spec){.argv = argv,
					  .env = env,
					  .dir = f->dir,
					  .name = "child"});
}

static void test_proc_lines(void **state)
{
	struct proc p = {0};
	start(&p, *state,
	      "echo \"first $GIVEN ${HOME-unset}\"; echo no >&2;"
	      " trap 'echo \" and ended\"' USR1; printf begun; echo up >&2;"
	      " while :; do :; done");
	scoped_free char *line = proc_wait_line(&p, PROC_OUT, "first", 5000);
	assert_string_equal(line, "first a=b unset");
	free(proc_wait_line(&p, PROC_ERR, "no", 5000));
	free(proc_wait_line(&p, PROC_ERR, "up", 5000));
	assert_true(proc_is_running(&p));
	proc_signal(&p, SIGUSR1);
	/* Half a line is none. */
	scoped_free char *last = proc_wait_line(&p, PROC_OUT, "begun", 5000);
	assert_string_equal(last, "begun and ended");
	pid_t pid = p.pid;
	proc_finish(&p);
	assert_int_equal(kill(pid, 0), -1);
}

static void test_proc_ends(void **state)
{
	static const struct {
		const char *script;
		int status;
	} ends[] = {{"exit 0", 0},
		    {"exit 75", 75},
		    {"kill -TERM $$", 128 + SIGTERM},
		    {"exec /no/such/program", 127}};
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct proc p = {0};
		start(&p, *state, ends[i].script);
		assert_int_equal(proc_wait(&p, 5000), ends[i].status);
		assert_false(proc_is_running(&p));
		proc_finish(&p);
	}
}

/* A write of another connection is seen long before the deadline. */
static void test_outbox_wait(void **state)
{
	const struct fixture *f = *state;
	sqlite3 *other = outbox_open(f->path);
	outbox_wait(f->db, "SELECT count(*) FROM outbox", "0", 0);
	outbox_insert(other, "t", "{}");
	int64_t from = clock_mono_ms();
	outbox_wait(f->db, "SELECT count(*) FROM outbox", "1", 60000);
	assert_true(clock_mono_ms() - from < 10000);
	outbox_close(other);
}

static void test_tempdir(void **state)
{
	const struct fixture *f = *state;
	char *dir = tempdir_create("x");
	scoped_free char *name = xstrdup(dir);
	const char *argv[] = {"sh",
			      "-c",
			      "mkdir -p \"$0/a/b\" && echo >\"$0/a/b/c\" &&"
			      " ln -s \"$1\" \"$0/link\"",
			      dir,
			      f->dir,
			      NULL};
	struct proc_spec spec = {.argv = argv, .dir = f->dir, .name = "make"};
	assert_int_equal(proc_run(&spec, 5000, NULL, NULL), 0);
	tempdir_destroy(dir);
	assert_int_equal(access(name, F_OK), -1);
	assert_int_equal(access(f->path, F_OK), 0);
}

static void test_simulator(void **state)
{
	const struct fixture *f = *state;
	struct simulator s = {0};
	static const char *const options[] = {"--seed", "1", NULL};
	simulator_start(&s, f->dir, options);
	assert_int_equal(strncmp(s.base, "http://127.0.0.1:", 17), 0);
	assert_int_equal(simulator_stat(&s, "sent.total"), 0);
	simulator_fault(&s, "[]");
	cJSON *calls = simulator_journal(&s);
	assert_int_equal(cJSON_GetArraySize(calls), 0);
	cJSON_Delete(calls);
	proc_signal(&s.proc, SIGTERM);
	assert_int_equal(proc_wait(&s.proc, 5000), 0);
	simulator_finish(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_proc_lines),	FIXTURE_TEST(test_proc_ends),
		FIXTURE_TEST(test_outbox_wait), FIXTURE_TEST(test_tempdir),
		FIXTURE_TEST(test_simulator),
	};
	return cmocka_run_group_tests_name("support", tests, NULL, NULL);
}
