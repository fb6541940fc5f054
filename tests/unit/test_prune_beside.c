/* Retention and the world around it: the file, other writers, a crash, and the
 * verb outbox-relay prune. */
#include "relay/prune.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "schema/migrate.h"
#include "tests/support/check.h"
#include "tests/support/outbox.h"
#include "tests/support/paths.h"
#include "tests/support/proc.h"
#include "tests/support/prunebench.h"
#include "tests/support/tempdir.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct prune_rules day = {.keep_delivered_ms = 86400000};

static int64_t get(struct db *db, const char *sql)
{
	int64_t value = 0;
	assert_int_equal(db_get_int(db, sql, 0, &value), 0);
	return value;
}

static void checkpoint(const struct prunebench *b)
{
	struct db *helper = NULL;
	int64_t left;
	assert_int_equal(db_open(&helper, b->fix->path, DB_WRITE, 50), 0);
	assert_int_equal(db_checkpoint(b->db, helper, &left), 0);
	assert_int_equal(left, 0);
	db_close(helper);
}

static int64_t file_bytes(const struct prunebench *b)
{
	struct stat st;
	assert_int_equal(stat(b->fix->path, &st), 0);
	return st.st_size;
}

static void test_file_shrinks(void **state)
{
	struct prunebench *b = *state;
	prunebench_fill(b, 400, 1, 30000);
	checkpoint(b);
	int64_t before = file_bytes(b);
	assert_true(before > 400 * 30000);
	prunebench_run(b, &day);
	checkpoint(b);
	assert_int_equal(before - file_bytes(b),
			 prune_totals(b->prune)->bytes_freed);
	/* Some free pages are kept for the next rows. */
	assert_int_equal(get(b->db, "PRAGMA freelist_count"), 1000);
	assert_true(file_bytes(b) < 5000000);
	scoped_free char *ok =
		outbox_text(b->fix->db, "PRAGMA integrity_check");
	assert_string_equal(ok, "ok");
}

/* In a file of the CRM's its owner decides. */
static void test_foreign_file_does_not(void **state)
{
	struct prunebench *b = *state;
	enum schema_state found;
	prune_destroy(b->prune);
	db_close(b->db);
	outbox_close(b->fix->db);
	free(b->fix->path);
	b->fix->path = tempdir_path(b->fix->dir, "crm.db");
	assert_int_equal(sqlite3_open(b->fix->path, &b->fix->db), 0);
	outbox_exec(b->fix->db, "CREATE TABLE assignment (id)");
	assert_int_equal(db_open(&b->db, b->fix->path, DB_CREATE, 50), 0);
	assert_int_equal(schema_migrate(b->db, &found), 0);
	b->prune = prune_create(b->db);
	prunebench_fill(b, 400, 1, 30000);
	int64_t before = get(b->db, "PRAGMA page_count");
	prunebench_run(b, &day);
	assert_int_equal(get(b->db, "PRAGMA page_count"), before);
	assert_true(get(b->db, "PRAGMA freelist_count") > 2500);
	assert_int_equal(prune_totals(b->prune)->deleted[PRUNE_DELIVERED], 400);
}

/* A process of its own, with connections of its own, that prunes without a
 * rest or with one; never returns. */
static void prune_in_child(const char *path, int64_t *held_max_us, bool rests)
{
	struct db *db = NULL;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (db_open(&db, path, DB_WRITE, 50))
		_exit(1);
	struct prune *prune = prune_create(db);
	for (bool has_more = true; has_more;) {
		int rc = prune_step(prune, &day, PRUNEBENCH_NOW, &has_more);
		const struct prune_totals *t = prune_totals(prune);
		*held_max_us = t->held_max_us;
		if (rc && rc != DB_BUSY)
			_exit(1);
		if (rests)
			usleep((useconds_t)MAX(3 * t->held_us, 2000));
	}
	_exit(0);
}

/* SQLite's locks belong to a process: nothing may be open across the fork. */
static pid_t fork_pruner(struct prunebench *b, int64_t *held_max_us, bool rests)
{
	prune_destroy(steal(&b->prune));
	db_close(steal(&b->db));
	outbox_close(steal(&b->fix->db));
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		prune_in_child(b->fix->path, held_max_us, rests);
	b->fix->db = outbox_open(b->fix->path);
	assert_int_equal(db_open(&b->db, b->fix->path, DB_WRITE, 50), 0);
	b->prune = prune_create(b->db);
	return pid;
}

static int64_t *share_number(void)
{
	int64_t *number = mmap(NULL, sizeof(*number), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(number != MAP_FAILED);
	return number;
}

/* A CRM that waits 50 ms for the lock always gets it, unless the disk or the
 * scheduler let a single step take that long. */
static void test_inserter(void **state)
{
	struct prunebench *b = *state;
	int64_t *held_max_us = share_number();
	int status = 0, inserts = 0, failures = 0;
	prunebench_fill(b, 5000, 2, 300);
	pid_t pid = fork_pruner(b, held_max_us, true);
	sqlite3_busy_timeout(b->fix->db, 50);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		int rc = sqlite3_exec(b->fix->db,
				      "INSERT INTO outbox (type, payload)"
				      " VALUES ('t', '{}')",
				      NULL, NULL, NULL);
		inserts++;
		failures += rc != SQLITE_OK;
	}
	assert_int_equal(status, 0);
	assert_true(inserts > 0);
	if (*held_max_us < 30000)
		assert_int_equal(failures, 0);
	assert_int_equal(get(b->db, "SELECT count(*) FROM outbox"),
			 inserts - failures);
	munmap(held_max_us, sizeof(*held_max_us));
}

static void test_crash(void **state)
{
	struct prunebench *b = *state;
	int64_t *held_max_us = share_number();
	for (int i = 0; i < 5; i++) {
		int status = 0;
		prunebench_fill(b, 3000, 2, 300);
		pid_t pid = fork_pruner(b, held_max_us, false);
		int64_t until_ms = clock_mono_ms() + 10000;
		while (get(b->db, "SELECT count(*) FROM outbox") > 2700 - i) {
			assert_true(clock_mono_ms() < until_ms);
			poll(NULL, 0, 1);
		}
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		scoped_free char *ok =
			outbox_text(b->fix->db, "PRAGMA integrity_check");
		assert_string_equal(ok, "ok");
		assert_int_equal(
			get(b->db, "SELECT count(*) * 2 FROM outbox"),
			get(b->db, "SELECT count(*) FROM outbox_attempt"));
		prunebench_run(b, &day);
		assert_int_equal(get(b->db, "SELECT count(*) FROM outbox"), 0);
	}
	munmap(held_max_us, sizeof(*held_max_us));
}

static void test_verb(void **state)
{
	struct prunebench *b = *state;
	scoped_free char *relay = paths_build("outbox-relay");
	scoped_free char *out = NULL, *err = NULL, *text = NULL;
	const char *argv[] = {relay, "prune", "--db", b->fix->path, NULL};
	const char *env[] = {"RELAY_KEEP_DELIVERED=7d", NULL};
	prunebench_fill(b, 400, 2, 30000);
	outbox_exec(b->fix->db, "UPDATE outbox SET delivered_at = %lld",
		    (long long)clock_wall_ms() - 8 * 86400000);
	prunebench_add(b, "delivered", clock_wall_ms() - 86400000, "young");
	checkpoint(b);
	int64_t before = file_bytes(b);
	const struct proc_spec spec = {
		.argv = argv, .env = env, .dir = b->fix->dir, .name = "prune"};
	assert_int_equal(proc_run(&spec, 60000, &out, &err), 0);
	assert_non_null(strstr(out, " 400 delivered rows\n"));
	assert_non_null(strstr(out, " 800 attempts\n"));
	assert_non_null(strstr(out, " 0 failed rows\n"));
	text = xasprintf(" %lld bytes\n", (long long)(before - file_bytes(b)));
	assert_true(before > file_bytes(b));
	assert_non_null(strstr(out, text));
	assert_int_equal(get(b->db, "SELECT count(*) FROM outbox"), 1);
}

static void test_verb_without_file(void **state)
{
	struct prunebench *b = *state;
	scoped_free char *relay = paths_build("outbox-relay");
	scoped_free char *out = NULL, *err = NULL;
	const char *argv[] = {relay, "prune", "--db", "nothing.db", NULL};
	const struct proc_spec spec = {
		.argv = argv, .dir = b->fix->dir, .name = "none"};
	assert_int_equal(proc_run(&spec, 60000, &out, &err), 1);
	assert_non_null(strstr(err, "nothing.db: no such file"));
}

#define PRUNE_TEST(f)                                         \
	cmocka_unit_test_setup_teardown(f, prunebench_set_up, \
					prunebench_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PRUNE_TEST(test_file_shrinks),
		PRUNE_TEST(test_foreign_file_does_not),
		PRUNE_TEST(test_inserter),
		PRUNE_TEST(test_crash),
		PRUNE_TEST(test_verb),
		PRUNE_TEST(test_verb_without_file),
	};
	return cmocka_run_group_tests_name("prune beside", tests, NULL, NULL);
}
