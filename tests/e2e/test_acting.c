/*
 * Changing the outbox: by scripts, with their output and exit codes, and by two
 * consoles at once beside a relay that delivers what they queue.
 */
#include "tests/support/scene.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/paths.h"
#include "tui/plan.h"

#include <pthread.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE_MS = 30000, ARGS_MAX = 16 };

/* Runs `outbox-tui WORDS... --db FILE`; the words have blanks between, and
 * "+" for a blank inside of one. */
static void split(char *words, const char **argv, size_t *count)
{
	char *save = NULL;
	for (char *word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		for (char *c = word; *c; c++)
			*c = *c == '+' ? ' ' : *c;
		assert_true(*count + 3 < ARGS_MAX);
		argv[(*count)++] = word;
	}
}

static int run(const struct fixture *f, const char *text, char **out_out,
	       char **err_out)
{
	scoped_free char *program = paths_build("outbox-tui");
	scoped_free char *words = xstrdup(text);
	const char *argv[ARGS_MAX] = {program};
	const char *const env[] = {"LC_ALL=C.UTF-8", NULL};
	size_t count = 1;
	split(words, argv, &count);
	argv[count++] = "--db";
	argv[count++] = f->path;
	return proc_run(
		&(struct proc_spec){
			.argv = argv, .env = env, .dir = f->dir, .name = "tui"},
		DEADLINE_MS, out_out, err_out);
}

/* It must end so, with this somewhere in what it says on either stream. */
static void expect(const struct fixture *f, const char *words, int status,
		   const char *said)
{
	scoped_free char *out = NULL, *err = NULL;
	int got = run(f, words, &out, &err);
	scoped_free char *all = xasprintf("%s%s", out, err);
	if (got != status || !strstr(all, said))
		fail_msg("%s: exit status %d: %s", words, got, all);
}

static void expect_states(const struct fixture *f, const char *expected)
{
	scoped_free char *rows = outbox_rows(
		f->db, "SELECT status, count(*) FROM outbox GROUP BY status");
	assert_string_equal(rows, expected);
}

static void add_failed(const struct fixture *f, int count)
{
	outbox_exec(f->db,
		    "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
		    " WHERE i < %d) INSERT INTO outbox (type, payload)"
		    " SELECT 't', json_object('assignedToId', 'load-' || i)"
		    " FROM n;"
		    "UPDATE outbox SET status = 'failed',"
		    " version = version + 1 WHERE status = 'pending'",
		    count);
}

static void test_usage(void **state)
{
	static const struct {
		const char *words, *said;
	} cases[] = {
		{"retry --yes", "say which rows"},
		{"retry state:failed --id 1 --yes", "say which rows"},
		{"retry + --yes", "an empty filter would match everything"},
		{"retry state:faild --yes", "faild"},
		{"retry state:failed", "nobody is there to ask"},
		{"cancel --id 1", "nobody is there to ask"},
		{"edit --id 1 --yes", "--payload"},
		{"edit --payload {} --yes", "--id"},
		{"edit --id 1 --payload -", "add --yes"},
		{"pause", "add --reason"},
		{"pause y --reason x", "no channel of that name"},
		{"resume --dry-run", "not an option of this verb"},
	};
	const struct fixture *f = *state;
	add_failed(f, 3);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect(f, cases[i].words, 2, cases[i].said);
	expect_states(f, "failed|3\n");
	assert_int_equal(outbox_int(f->db, "SELECT count(*) FROM outbox_audit"),
			 0);
}

static void test_retry(void **state)
{
	const struct fixture *f = *state;
	add_failed(f, 30);
	expect(f, "retry state:failed --dry-run --json", 0,
	       "{\"matched\":30,\"changed\":0,\"skipped\":0,\"failed\":0,"
	       "\"fence\":30,\"ids\":[");
	expect(f, "retry state:failed --dry-run --json", 0,
	       "\"truncated\":true,\"dry_run\":true}");
	expect(f, "retry state:failed --dry-run", 0,
	       "30 rows would be changed, nothing was\n  wechat-cloud 30\n");
	expect_states(f, "failed|30\n");
	expect(f, "retry id:7 --yes --json --reason why+not", 0,
	       "{\"matched\":1,\"changed\":1,\"skipped\":0,\"failed\":0,"
	       "\"fence\":30,\"ids\":[7],\"truncated\":false,\"act\":\"");
	scoped_free char *audit = outbox_rows(
		f->db, "SELECT action, filter, fence, reason, changed, ids"
		       "  FROM outbox_audit");
	assert_string_equal(audit, "retry|id:7|30|why not|1|[7]\n");
	expect(f, "retry state:failed --yes", 0,
	       "29 rows: 29 queued, 0 skipped, 0 failed\n");
	expect_states(f, "pending|30\n");
	expect(f, "retry state:failed --yes --json", 0, "{\"matched\":0,");
}

static void test_max(void **state)
{
	const struct fixture *f = *state;
	add_failed(f, 12);
	expect(f, "cancel state:failed --yes --max 11", 2, "12 rows match");
	expect(f, "cancel state:failed --yes --max 11", 2, "--max allows 11");
	expect(f, "cancel state:failed --dry-run --max 11", 2, "12 rows match");
	expect_states(f, "failed|12\n");
	expect(f, "cancel state:failed --yes --max 12", 0, "12 cancelled");
	expect_states(f, "cancelled|12\n");
}

static void test_by_id(void **state)
{
	const struct fixture *f = *state;
	add_failed(f, 2);
	expect(f, "cancel --id 2 --yes --json", 0, "\"ids\":[2]");
	expect(f, "cancel --id 2 --yes --json", 3,
	       "{\"matched\":1,\"changed\":0,\"skipped\":1,\"failed\":0,"
	       "\"fence\":null,\"ids\":[]");
	expect(f, "cancel --id 2 --yes", 3, "#2 was skipped");
	expect(f, "cancel --id 9 --yes", 1, "there is no row #9");
	expect_states(f, "cancelled|1\nfailed|1\n");
}

static void test_edit(void **state)
{
	const struct fixture *f = *state;
	add_failed(f, 1);
	expect(f, "edit --id 1 --payload [] --yes", 3, "no object");
	expect_states(f, "failed|1\n");
	expect(f, "edit --id 1 --payload {\"a\":1} --yes", 0, "1 queued");
	scoped_free char *path = xasprintf("%s/new.json", f->dir);
	FILE *file = fopen(path, "w");
	fputs("{\"a\":2}\n", file);
	fclose(file);
	scoped_free char *words =
		xasprintf("edit --id 1 --payload @%s --yes --json", path);
	expect(f, words, 0, "\"changed\":1");
	scoped_free char *payload =
		outbox_text(f->db, "SELECT payload FROM outbox");
	assert_string_equal(payload, "{\"a\":2}");
	expect(f, "edit --id 1 --payload @/nowhere/x --yes", 1,
	       "cannot be read");
}

static void test_channels(void **state)
{
	const struct fixture *f = *state;
	expect(f, "pause wechat-cloud --reason maintenance", 0,
	       "1 channel paused, 0 as it was\n");
	expect(f, "pause --yes --json", 0,
	       "{\"matched\":1,\"changed\":0,\"skipped\":1,\"failed\":0,");
	expect(f, "resume --reason over", 0, "1 channel resumed");
	scoped_free char *audit = outbox_rows(
		f->db, "SELECT action, reason, ids FROM outbox_audit");
	assert_string_equal(audit, "pause|maintenance|[\"wechat-cloud\"]\n"
				   "pause|-|[]\n"
				   "resume|over|[\"wechat-cloud\"]\n");
}

/* At a terminal that answers so; returns the exit code. */
static int at_terminal(const struct fixture *f, const char *words,
		       const char *answer)
{
	scoped_free char *program = paths_build("outbox-tui");
	scoped_free char *copy = xstrdup(words);
	const char *argv[ARGS_MAX] = {program};
	size_t count = 1;
	int fd;
	split(copy, argv, &count);
	argv[count++] = "--db";
	argv[count++] = f->path;
	pid_t pid = forkpty(&fd, NULL, NULL, NULL);
	assert_true(pid >= 0);
	if (pid == 0) {
		setenv("LC_ALL", "C.UTF-8", 1);
		execv(program, (char *const *)argv);
		_exit(127);
	}
	char said[4096];
	size_t len = 0;
	ssize_t n;
	bool is_answered = false;
	while ((n = read(fd, said + len, sizeof(said) - 1 - len)) > 0) {
		len += (size_t)n;
		said[len] = '\0';
		if (!is_answered &&
		    (strstr(said, "[y/N] ") || strstr(said, "to go on: "))) {
			is_answered = true;
			n = write(fd, answer, strlen(answer));
			assert_int_equal(n, strlen(answer));
		}
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(fd);
	assert_true(is_answered);
	return WEXITSTATUS(status);
}

static void test_person(void **state)
{
	const struct fixture *f = *state;
	add_failed(f, 101);
	assert_int_equal(at_terminal(f, "retry state:failed", "y\n"), 1);
	assert_int_equal(at_terminal(f, "retry state:failed", "100\n"), 1);
	assert_int_equal(at_terminal(f, "retry --id 1", "\n"), 1);
	assert_int_equal(at_terminal(f, "retry --id 1", "n\n"), 1);
	expect_states(f, "failed|101\n");
	assert_int_equal(at_terminal(f, "retry --id 1", "y\n"), 0);
	expect_states(f, "failed|100\npending|1\n");
	add_failed(f, 1); /* and the one that is pending */
	assert_int_equal(at_terminal(f, "cancel state:failed", "102\n"), 0);
	expect_states(f, "cancelled|102\n");
}

static void test_locked(void **state)
{
	const struct fixture *f = *state;
	add_failed(f, 1);
	outbox_exec(f->db, "BEGIN IMMEDIATE");
	expect(f, "retry state:failed --yes", 1, "locked");
	outbox_exec(f->db, "ROLLBACK");
	expect_states(f, "failed|1\n");
}

/* --- Two consoles --------------------------------------------------------- */

struct console {
	const char *path;
	struct plan plan;
	pthread_barrier_t *start; /* borrowed */
	pthread_t thread;
};

static struct filter *failed_rows(void)
{
	struct filter *filter = NULL;
	struct filter_error error;
	assert_int_equal(filter_parse("state:failed", &filter, &error), 0);
	return filter;
}

/* Both choose before either acts. No assertions: it is another thread. */
static void *act_at_console(void *arg)
{
	struct console *c = arg;
	struct db *reader = NULL, *writer = NULL;
	struct actor actor;
	struct filter *filter = failed_rows();
	if (db_open(&reader, c->path, DB_READ, 5000) ||
	    db_open(&writer, c->path, DB_WRITE, 5000))
		abort();
	actor_init(&actor,
		   &(struct actor_facts){.login = "alice", .uid = 1000});
	struct planner *planner = planner_create(reader, writer, &actor);
	plan_init(&c->plan, ACT_RETRY);
	int rc;
	do {
		rc = planner_choose_all(planner, &c->plan, LIST_FAILED, filter,
					clock_wall_ms(),
					clock_mono_us() + 50000);
	} while (rc == ROWS_MORE || rc == DB_BUSY);
	pthread_barrier_wait(c->start);
	do {
		rc = planner_act(planner, &c->plan, clock_wall_ms());
		usleep(2000);
	} while (rc == ROWS_MORE || rc == DB_BUSY);
	planner_destroy(planner);
	actor_finish(&actor);
	filter_destroy(filter);
	db_close(reader);
	db_close(writer);
	return NULL;
}

static void run_consoles(struct console *consoles, size_t count)
{
	pthread_barrier_t start;
	pthread_barrier_init(&start, NULL, (unsigned)count);
	for (size_t i = 0; i < count; i++) {
		consoles[i].start = &start;
		assert_int_equal(pthread_create(&consoles[i].thread, NULL,
						act_at_console, &consoles[i]),
				 0);
	}
	for (size_t i = 0; i < count; i++)
		pthread_join(consoles[i].thread, NULL);
	pthread_barrier_destroy(&start);
}

/* The relay delivers the first rows while the second console still holds what
 * it saw: every row goes out once. */
static void test_two_consoles(void **state)
{
	struct scene *s = *state;
	scene_insert_many(s, 300);
	outbox_exec(s->fix->db, "UPDATE outbox SET status = 'failed',"
				" version = version + 1");
	scene_start_relay(s, NULL);
	struct console consoles[2] = {{.path = s->fix->path},
				      {.path = s->fix->path}};
	run_consoles(consoles, 2);
	int64_t changed = 0, skipped = 0;
	for (size_t i = 0; i < 2; i++) {
		struct plan *plan = &consoles[i].plan;
		assert_int_equal(plan->count, 300);
		assert_true(plan->is_finished);
		assert_null(plan->error);
		changed += plan->result.counts[ACT_CHANGED];
		skipped += act_skipped(&plan->result);
		assert_int_equal(plan->result.counts[ACT_WRONG_STATE], 0);
		plan_finish(plan);
	}
	assert_int_equal(changed, 300);
	assert_int_equal(skipped, 300);
	scene_wait_count(s, "wechat-cloud", "delivered", 300);
	assert_int_equal(scene_calls(s, "invoke"), 300);
	scoped_free char *rows = outbox_rows(
		s->fix->db, "SELECT generation, count(*),"
			    " (SELECT sum(changed) FROM outbox_audit),"
			    " (SELECT count(DISTINCT act) FROM outbox_audit)"
			    "  FROM outbox GROUP BY generation");
	assert_string_equal(rows, "2|300|300|2\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_usage),      FIXTURE_TEST(test_retry),
		FIXTURE_TEST(test_max),	       FIXTURE_TEST(test_by_id),
		FIXTURE_TEST(test_edit),       FIXTURE_TEST(test_channels),
		FIXTURE_TEST(test_person),     FIXTURE_TEST(test_locked),
		SCENE_TEST(test_two_consoles),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
