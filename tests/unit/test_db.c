/* The one way to the database. Other code relies on: a lock or a full disk is
 * an outcome and never a wait or a loss. */
#include "schema/db.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/proc.h"
#include "tests/support/tempdir.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BUSY_MS = 30 };

static struct db *open_db(const struct fixture *f, enum db_mode mode)
{
	struct db *db = NULL;
	assert_int_equal(db_open(&db, f->path, mode, BUSY_MS), 0);
	return db;
}

static int64_t get(struct db *db, const char *sql)
{
	int64_t value = -1;
	assert_int_equal(db_get_int(db, sql, -2, &value), 0);
	return value;
}

static void test_pragmas(void **state)
{
	static const struct {
		const char *get;
		int64_t reader, writer;
	} pragmas[] = {
		{"PRAGMA wal_autocheckpoint", 0, 0},
		{"PRAGMA foreign_keys", 0, 0},
		{"PRAGMA recursive_triggers", 0, 0},
		{"PRAGMA query_only", 1, 0},
		{"PRAGMA busy_timeout", BUSY_MS, BUSY_MS},
		{"SELECT journal_mode = 'wal' FROM pragma_journal_mode", 1, 1},
	};
	struct db *reader = open_db(*state, DB_READ);
	struct db *writer = open_db(*state, DB_WRITE);
	for (size_t i = 0; i < ARRAY_LEN(pragmas); i++) {
		assert_int_equal(get(reader, pragmas[i].get),
				 pragmas[i].reader);
		assert_int_equal(get(writer, pragmas[i].get),
				 pragmas[i].writer);
	}
	assert_int_equal(get(writer, "PRAGMA synchronous"), 2);
	assert_true(db_exec(reader, "DELETE FROM outbox_meta") < 0);
	db_close(reader);
	db_close(writer);
}

static void test_missing_file(void **state)
{
	const struct fixture *f = *state;
	struct db *db = NULL;
	scoped_free char *path = tempdir_path(f->dir, "none.db");
	assert_int_equal(db_open(&db, path, DB_READ, 0), DB_MISSING);
	assert_int_equal(db_open(&db, path, DB_WRITE, 0), DB_MISSING);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(db_open(&db, f->dir, DB_CREATE, 0), -1);
	assert_null(db);
	scoped_free char *none = tempdir_path(f->dir, "no/such.db");
	assert_int_equal(db_open(&db, none, DB_CREATE, 0), -1);
	assert_null(db);
}

static void test_busy(void **state)
{
	const struct fixture *f = *state;
	struct db *db = open_db(f, DB_WRITE);
	outbox_exec(f->db, "BEGIN IMMEDIATE");
	int64_t from = clock_mono_ms();
	assert_int_equal(db_begin(db), DB_BUSY);
	assert_true(clock_mono_ms() - from >= BUSY_MS - 5);
	assert_false(db_in_transaction(db));
	assert_int_equal(db_exec(db, "DELETE FROM outbox_log"), DB_BUSY);
	assert_int_equal(get(db, "SELECT count(*) FROM outbox"), 0);
	outbox_exec(f->db, "COMMIT");
	assert_int_equal(db_begin(db), 0);
	assert_true(db_in_transaction(db));
	assert_int_equal(db_commit(db), 0);
	db_close(db);
}

static void test_full(void **state)
{
	const struct fixture *f = *state;
	struct db *db = open_db(f, DB_WRITE);
	outbox_insert(f->db, "t", "{}");
	assert_int_equal(db_exec(db, "PRAGMA max_page_count = 1"), 0);
	assert_int_equal(db_begin(db), 0);
	assert_int_equal(db_exec(db, "INSERT INTO outbox_log (at, level, event,"
				     " fields) VALUES (1, 'l', 'e',"
				     " hex(zeroblob(100000)))"),
			 DB_FULL);
	db_rollback(db);
	assert_false(db_in_transaction(db));
	/* There is room again. */
	assert_int_equal(db_exec(db, "PRAGMA max_page_count = 1000000"), 0);
	assert_int_equal(db_begin(db), 0);
	assert_int_equal(db_exec(db, "INSERT INTO outbox_log (at, level, event,"
				     " fields) VALUES (1, 'l', 'e', 'f')"),
			 0);
	assert_int_equal(db_commit(db), 0);
	assert_int_equal(get(db, "SELECT count(*) FROM outbox_log"), 1);
	assert_int_equal(get(db, "SELECT count(*) FROM outbox"), 1);
	db_close(db);
}

static void test_refused(void **state)
{
	struct db *db = open_db(*state, DB_WRITE);
	struct db_stmt *st = db_prepare(db, "insert",
					"INSERT INTO outbox (type, payload)"
					" VALUES ($type, $payload)");
	db_bind(st, "$type", "t");
	db_bind(st, "$payload", "[]");
	assert_int_equal(db_run(st), DB_REFUSED);
	assert_non_null(strstr(db_message(db), "outbox.payload is JSON but"));
	db_bind(st, "$type", "t");
	db_bind(st, "$payload", "{\"n\":1}");
	assert_int_equal(db_run(st), 0);
	assert_int_equal(db_last_id(db), 1);
	db_close(db);
}

static void test_statements(void **state)
{
	struct db *db = open_db(*state, DB_WRITE);
	struct db_stmt *st = db_prepare(
		db, "echo", "SELECT $a, $b, $c UNION ALL SELECT 1, 'x', 'y'");
	db_bind(st, "$a", INT64_MIN);
	db_bind(st, "$b", "中");
	db_bind_null(st, "$c");
	assert_int_equal(db_step(st), DB_ROW);
	assert_true(db_int(st, 0) == INT64_MIN);
	assert_string_equal(db_text(st, 1), "中");
	assert_int_equal(db_text_len(st, 1), 3);
	assert_true(db_is_null(st, 2));
	assert_null(db_text(st, 2));
	assert_int_equal(db_step(st), DB_ROW);
	assert_int_equal(db_step(st), DB_OK);
	db_reset(st);
	/* What was bound is forgotten. */
	assert_int_equal(db_step(st), DB_ROW);
	assert_true(db_is_null(st, 0) && db_is_null(st, 1));
	db_reset(st);
	assert_int_equal(get(db, "SELECT 1 WHERE 0"), -2);
	db_close(db);
}

static void begin_twice(struct db *db)
{
	db_begin_at(db, "outer_verb");
	db_begin_at(db, "inner_verb");
}

static void bind_unknown(struct db *db)
{
	db_bind(db_prepare(db, "st", "SELECT $a"), "$b", 1);
}

static void prepare_nonsense(struct db *db)
{
	db_prepare(db, "nonsense", "SELEKT 1");
}

/* What is wrong in our own code ends the process, with words. */
static void test_programming_errors(void **state)
{
	static const struct {
		void (*run)(struct db *db);
		const char *words[2];
	} errors[] = {
		{begin_twice, {"outer=outer_verb", "inner=inner_verb"}},
		{bind_unknown, {"statement=st", "parameter=$b"}},
		{prepare_nonsense, {"name=nonsense", "SELEKT"}},
	};
	const struct fixture *f = *state;
	scoped_free char *path = tempdir_path(f->dir, "stderr");
	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		pid_t pid = fork();
		if (pid == 0) {
			setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
			signal(SIGABRT, SIG_DFL);
			int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
			dup2(fd, STDERR_FILENO);
			errors[i].run(open_db(f, DB_WRITE));
			_exit(0);
		}
		int status = 0;
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGABRT);
		scoped_free char *said = proc_read_file(path);
		assert_non_null(strstr(said, errors[i].words[0]));
		assert_non_null(strstr(said, errors[i].words[1]));
	}
}

static void test_has_changed(void **state)
{
	const struct fixture *f = *state;
	struct db *db = open_db(f, DB_WRITE);
	assert_true(db_has_changed(db));
	assert_false(db_has_changed(db));
	assert_int_equal(db_exec(db, "DELETE FROM outbox_log"), 0);
	assert_int_equal(db_exec(db, "INSERT INTO outbox (type, payload)"
				     " VALUES ('t', '{}')"),
			 0);
	assert_false(db_has_changed(db));
	outbox_exec(f->db, "BEGIN");
	outbox_insert(f->db, "t", "{}");
	assert_false(db_has_changed(db));
	outbox_exec(f->db, "COMMIT");
	assert_true(db_has_changed(db));
	assert_false(db_has_changed(db));
	db_close(db);
}

static void test_which_sqlite_is_fixed(void **state)
{
	(void)state;
	static const struct {
		int version;
		bool is_fixed;
	} versions[] = {
		{3038000, false}, {3040001, false}, {3044005, false},
		{3044006, true},  {3044009, true},  {3045000, false},
		{3050006, false}, {3050007, true},  {3051000, false},
		{3051002, false}, {3051003, true},  {3052000, true},
	};
	for (size_t i = 0; i < ARRAY_LEN(versions); i++)
		assert_int_equal(db_sqlite_is_fixed(versions[i].version),
				 versions[i].is_fixed);
	assert_string_equal(db_sqlite_version(), sqlite3_libversion());
	assert_int_equal(db_sqlite_version_number(),
			 sqlite3_libversion_number());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_pragmas),
		FIXTURE_TEST(test_missing_file),
		FIXTURE_TEST(test_busy),
		FIXTURE_TEST(test_full),
		FIXTURE_TEST(test_refused),
		FIXTURE_TEST(test_statements),
		FIXTURE_TEST(test_programming_errors),
		FIXTURE_TEST(test_has_changed),
		cmocka_unit_test(test_which_sqlite_is_fixed),
	};
	return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
