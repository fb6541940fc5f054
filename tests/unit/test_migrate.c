/* Making the tables. Other code relies on: two programs may start at once; what
 * is newer or not ours is left as it was, to the byte; a CRM's own file keeps
 * its tables, its user_version and its auto_vacuum. */
#include "lib/util.h"
#include "schema/migrate.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/tempdir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Migrates a file as `outbox-relay init` does. */
static enum schema_state migrate(const char *path)
{
	struct db *db = NULL;
	enum schema_state state = SCHEMA_CURRENT;
	assert_int_equal(db_open(&db, path, DB_CREATE, 1000), 0);
	assert_int_equal(schema_migrate(db, &state), 0);
	db_close(db);
	return state;
}

static enum schema_state look(const char *path)
{
	struct db *db = NULL;
	enum schema_state state = SCHEMA_CURRENT;
	assert_int_equal(db_open(&db, path, DB_READ, 1000), 0);
	assert_int_equal(schema_look(db, &state), 0);
	db_close(db);
	return state;
}

/* A file of somebody else, made by his own means. */
static char *make_file(const struct fixture *f, const char *sql)
{
	char *path = tempdir_path(f->dir, "crm.db");
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(path, &db), 0);
	outbox_exec(db, "%s", sql);
	outbox_close(db);
	return path;
}

static void test_a_new_file(void **state)
{
	const struct fixture *f = *state;
	scoped_free char *path = tempdir_path(f->dir, "new.db");
	assert_int_equal(migrate(path), SCHEMA_MISSING);
	assert_int_equal(migrate(path), SCHEMA_CURRENT);
	assert_int_equal(look(path), SCHEMA_CURRENT);
	sqlite3 *db = outbox_open(path);
	scoped_free char *made = outbox_rows(
		db, "SELECT journal_mode, auto_vacuum, user_version,"
		    " application_id, (SELECT value FROM outbox_meta"
		    "  WHERE key = 'version')"
		    "  FROM pragma_journal_mode, pragma_auto_vacuum,"
		    " pragma_user_version, pragma_application_id");
	outbox_close(db);
	scoped_free char *want = xasprintf("wal|2|0|0|%d\n", schema_version());
	assert_string_equal(made, want);
}

/* Every table is STRICT and every name is ours. */
static void test_names(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	scoped_free char *other = outbox_rows(
		db, "SELECT name FROM sqlite_schema"
		    " WHERE name NOT GLOB 'outbox_*' AND name <> 'outbox'"
		    "   AND name NOT GLOB 'sqlite_*'");
	assert_string_equal(other, "");
	scoped_free char *loose = outbox_rows(
		db, "SELECT name FROM pragma_table_list"
		    " WHERE NOT strict AND name NOT GLOB 'sqlite_*'");
	assert_string_equal(loose, "");
}

/* Waits until the parent closes the gate, then migrates. Exits with 1 if it
 * was the one that made the tables, 0 if it found them. */
static void run_migrator(const char *path, const int gate[2])
{
	char byte;
	close(gate[1]);
	if (read(gate[0], &byte, 1) != 0)
		_exit(3);
	enum schema_state state = SCHEMA_NEWER;
	int rc = DB_BUSY;
	for (int tries = 0; rc == DB_BUSY && tries < 2000; tries++) {
		struct db *db = NULL;
		rc = db_open(&db, path, DB_CREATE, 10);
		if (rc == 0)
			rc = schema_migrate(db, &state);
		db_close(db);
	}
	_exit(rc ? 2 : state == SCHEMA_MISSING);
}

static int race(const char *path)
{
	enum { RACERS = 3 };
	int gate[2], made = 0;
	pid_t pids[RACERS];
	assert_int_equal(pipe(gate), 0);
	for (size_t i = 0; i < RACERS; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			run_migrator(path, gate);
	}
	close(gate[0]);
	close(gate[1]);
	for (size_t i = 0; i < RACERS; i++) {
		int status;
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
		made += WEXITSTATUS(status);
	}
	return made;
}

static void test_several_at_once(void **state)
{
	const struct fixture *f = *state;
	for (int round = 0; round < 15; round++) {
		scoped_free char *name = xasprintf("race%d.db", round);
		scoped_free char *path = tempdir_path(f->dir, name);
		assert_int_equal(race(path), 1);
		assert_int_equal(look(path), SCHEMA_CURRENT);
		sqlite3 *db = outbox_open(path);
		outbox_insert(db, "t", "{}");
		scoped_free char *mode = outbox_rows(
			db, "SELECT journal_mode, auto_vacuum"
			    "  FROM pragma_journal_mode, pragma_auto_vacuum");
		assert_string_equal(mode, "wal|2\n");
		outbox_close(db);
	}
}

static void test_into_the_crms_file(void **state)
{
	scoped_free char *path = make_file(
		*state, "PRAGMA user_version = 42; PRAGMA application_id = 7;"
			"CREATE TABLE customers (id INTEGER PRIMARY KEY, name);"
			"INSERT INTO customers (name) VALUES ('张三')");
	assert_int_equal(look(path), SCHEMA_MISSING);
	assert_int_equal(migrate(path), SCHEMA_MISSING);
	assert_int_equal(look(path), SCHEMA_CURRENT);
	sqlite3 *db = outbox_open(path);
	outbox_exec(db, "BEGIN; INSERT INTO customers (name) VALUES ('李四')");
	outbox_insert(db, "t", "{}");
	outbox_exec(db, "COMMIT");
	scoped_free char *kept = outbox_rows(
		db, "SELECT user_version, application_id, auto_vacuum,"
		    " journal_mode, (SELECT group_concat(name)"
		    "  FROM (SELECT name FROM customers ORDER BY id))"
		    "  FROM pragma_user_version, pragma_application_id,"
		    " pragma_auto_vacuum, pragma_journal_mode");
	assert_string_equal(kept, "42|7|0|wal|张三,李四\n");
	outbox_close(db);
}

/* The first version's file, with rows, as its program left it. */
static char *make_version_1(const struct fixture *f)
{
	static const char *const sql[] = {
#include "schema/001_outbox.sql.h"
	};
	char *path = make_file(f, "PRAGMA journal_mode = WAL");
	sqlite3 *db = outbox_open(path);
	outbox_exec(db, "%s", sql[0]);
	for (int i = 0; i < 3; i++)
		outbox_insert(db, "t", "{\"assignedToId\":\"u\"}");
	outbox_exec(db, "UPDATE outbox SET status = 'sending', version = 1"
			" WHERE id = 1");
	outbox_close(db);
	return path;
}

static char *read_rows(sqlite3 *db)
{
	return outbox_rows(db, "SELECT * FROM outbox ORDER BY id");
}

static void test_from_version_1(void **state)
{
	scoped_free char *path = make_version_1(*state);
	sqlite3 *db = outbox_open(path);
	scoped_free char *before = read_rows(db);
	assert_int_equal(look(path), SCHEMA_OLDER);
	assert_non_null(
		strstr(schema_explain(SCHEMA_OLDER), "run outbox-relay init"));
	assert_int_equal(migrate(path), SCHEMA_OLDER);
	assert_int_equal(migrate(path), SCHEMA_CURRENT);
	assert_int_equal(look(path), SCHEMA_CURRENT);
	scoped_free char *after = read_rows(db);
	assert_string_equal(after, before);
	/* The same tables, indexes and triggers as in a new file. */
	static const char names[] =
		"SELECT name, sql FROM sqlite_schema ORDER BY name";
	scoped_free char *migrated = outbox_rows(db, "%s", names);
	scoped_free char *fresh =
		outbox_rows(((struct fixture *)*state)->db, "%s", names);
	assert_string_equal(migrated, fresh);
	scoped_free char *check = outbox_rows(
		db, "SELECT (SELECT value FROM outbox_meta"
		    "  WHERE key = 'version'), integrity_check,"
		    " (SELECT count(*) FROM outbox INDEXED BY outbox_pending"
		    "   WHERE status = 'pending'),"
		    " (SELECT count(*) FROM outbox INDEXED BY outbox_agenda"
		    "   WHERE status = 'pending')"
		    "  FROM pragma_integrity_check");
	scoped_free char *want = xasprintf("%d|ok|2|2\n", schema_version());
	assert_string_equal(check, want);
	outbox_close(db);
}

/* A digest of the file that SQLite has no part in. */
static uint64_t digest(const char *path)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	uint64_t hash = 14695981039346656037u;
	for (int c; (c = getc(file)) != EOF;)
		hash = (hash ^ (uint64_t)c) * 1099511628211u;
	fclose(file);
	return hash;
}

static const struct {
	const char *sql;
	enum schema_state want;
} untouched[] = {
	{"CREATE TABLE outbox (id INTEGER PRIMARY KEY, body)", SCHEMA_FOREIGN},
	{"CREATE TABLE Outbox (id INTEGER PRIMARY KEY)", SCHEMA_FOREIGN},
	{"CREATE VIEW outbox AS SELECT 1", SCHEMA_FOREIGN},
	{"CREATE TABLE outbox_meta (key TEXT PRIMARY KEY, value)",
	 SCHEMA_FOREIGN},
	{"CREATE TABLE outbox_meta (key TEXT PRIMARY KEY, value);"
	 "INSERT INTO outbox_meta VALUES ('version', 'a.b.c')",
	 SCHEMA_FOREIGN},
	{"CREATE TABLE outbox_meta (k, v)", SCHEMA_FOREIGN},
	{"PRAGMA journal_mode = WAL;"
	 "CREATE TABLE outbox_meta (key TEXT PRIMARY KEY, value);"
	 "INSERT INTO outbox_meta VALUES ('version', '1000')",
	 SCHEMA_NEWER},
};

static void test_left_untouched(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(untouched); i++) {
		scoped_free char *path = make_file(*state, untouched[i].sql);
		uint64_t before = digest(path);
		assert_int_equal(look(path), untouched[i].want);
		assert_int_equal(migrate(path), untouched[i].want);
		if (digest(path) != before)
			fail_msg("changed: %s", untouched[i].sql);
		sqlite3 *db = outbox_open(path);
		assert_int_equal(outbox_int(db,
					    "SELECT count(*) FROM sqlite_schema"
					    " WHERE type IN ('table', 'view')"),
				 1);
		outbox_close(db);
		unlink(path);
	}
}

/* A failure halfway leaves nothing behind: a table of ours that is somebody
 * else's, found by neither name. */
static void test_all_or_nothing(void **state)
{
	scoped_free char *path =
		make_file(*state, "CREATE TABLE outbox_minute (x)");
	struct db *db = NULL;
	enum schema_state found;
	assert_int_equal(db_open(&db, path, DB_CREATE, 1000), 0);
	assert_true(schema_migrate(db, &found) < 0);
	assert_false(db_in_transaction(db));
	int64_t tables;
	assert_int_equal(db_get_int(db, "SELECT count(*) FROM sqlite_schema", 0,
				    &tables),
			 0);
	assert_int_equal(tables, 1);
	db_close(db);
}

static void test_every_state_is_explained(void **state)
{
	(void)state;
	for (int s = SCHEMA_CURRENT; s <= SCHEMA_FOREIGN; s++)
		assert_true(*schema_explain((enum schema_state)s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_a_new_file),
		FIXTURE_TEST(test_names),
		FIXTURE_TEST(test_several_at_once),
		FIXTURE_TEST(test_into_the_crms_file),
		FIXTURE_TEST(test_from_version_1),
		FIXTURE_TEST(test_left_untouched),
		FIXTURE_TEST(test_all_or_nothing),
		cmocka_unit_test(test_every_state_is_explained),
	};
	return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
