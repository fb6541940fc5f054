/* Checkpoints. Other code relies on: one neither waits for readers nor lets a
 * commit in between; closing a connection is none. */
#include "lib/clock.h"
#include "lib/util.h"
#include "schema/db.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"

#include <string.h>
#include <sys/stat.h>

static struct db *open_db(const struct fixture *f)
{
	struct db *db = NULL;
	assert_int_equal(db_open(&db, f->path, DB_WRITE, 30), 0);
	return db;
}

static off_t size_of(const struct fixture *f, const char *suffix)
{
	struct stat st = {0};
	scoped_free char *path = xasprintf("%s%s", f->path, suffix);
	return stat(path, &st) ? -1 : st.st_size;
}

static void write_pages(const struct fixture *f)
{
	outbox_exec(f->db, "INSERT INTO outbox_log (at, level, event, fields)"
			   " VALUES (1, 'l', 'e', hex(zeroblob(20000)))");
}

static void test_checkpoint(void **state)
{
	const struct fixture *f = *state;
	outbox_exec(f->db, "PRAGMA wal_autocheckpoint=0");
	struct db *db = open_db(f);
	struct db *helper = open_db(f);
	write_pages(f);
	assert_int_equal(db_exec(db, "DELETE FROM outbox_log"), 0);
	assert_true(db_wal_pages(db) > 10);
	off_t before = size_of(f, "");
	int64_t left = -1;
	assert_int_equal(db_checkpoint(db, helper, &left), 0);
	assert_int_equal(left, 0);
	assert_int_equal(db_wal_pages(db), 0);
	assert_true(size_of(f, "") > before);
	assert_false(db_in_transaction(db));
	/* The next commit begins the WAL anew, so it does not grow. */
	off_t wal = size_of(f, "-wal");
	write_pages(f);
	assert_int_equal(size_of(f, "-wal"), wal);
	db_close(db);
	db_close(helper);
}

/* A reader keeps its pages in the WAL, but not the checkpoint from ending. */
static void test_checkpoint_beside_a_reader(void **state)
{
	const struct fixture *f = *state;
	struct db *db = open_db(f);
	struct db *helper = open_db(f);
	sqlite3 *reader = outbox_open(f->path);
	outbox_exec(reader, "BEGIN");
	assert_int_equal(outbox_int(reader, "SELECT count(*) FROM outbox"), 0);
	write_pages(f);
	int64_t left = -1, from = clock_mono_ms();
	assert_int_equal(db_checkpoint(db, helper, &left), 0);
	assert_true(clock_mono_ms() - from < 1000);
	assert_true(left > 0);
	outbox_exec(reader, "COMMIT");
	assert_int_equal(db_checkpoint(db, helper, &left), 0);
	assert_int_equal(left, 0);
	outbox_close(reader);
	db_close(db);
	db_close(helper);
}

static void test_checkpoint_while_busy(void **state)
{
	const struct fixture *f = *state;
	struct db *db = open_db(f);
	struct db *helper = open_db(f);
	write_pages(f);
	off_t before = size_of(f, "");
	outbox_exec(f->db, "BEGIN IMMEDIATE");
	int64_t left = -1;
	assert_int_equal(db_checkpoint(db, helper, &left), DB_BUSY);
	assert_int_equal(left, -1);
	assert_false(db_in_transaction(db));
	assert_int_equal(size_of(f, ""), before);
	outbox_exec(f->db, "COMMIT");
	db_close(db);
	db_close(helper);
}

static struct {
	sqlite3 *crm; /* borrowed */
	int code;     /* of the CRM's INSERT just before the ROLLBACK */
	off_t size;   /* of the database then: the checkpoint is done */
	const struct fixture *fixture;
} meanwhile;

static int on_statement(unsigned event, void *ctx, void *statement, void *sql)
{
	(void)event;
	(void)ctx;
	(void)statement;
	if (!meanwhile.crm || strcmp(sql, "ROLLBACK") != 0)
		return 0;
	meanwhile.size = size_of(meanwhile.fixture, "");
	meanwhile.code = sqlite3_exec(meanwhile.crm,
				      "INSERT INTO outbox (type, payload)"
				      " VALUES ('t', '{}')",
				      NULL, NULL, NULL);
	return 0;
}

static int trace_connection(sqlite3 *handle, const char **error,
			    const struct sqlite3_api_routines *api)
{
	(void)error;
	(void)api;
	return sqlite3_trace_v2(handle, SQLITE_TRACE_STMT, on_statement, NULL);
}

static void test_checkpoint_holds_the_lock(void **state)
{
	const struct fixture *f = *state;
	sqlite3_auto_extension((void (*)(void))trace_connection);
	struct db *db = open_db(f);
	sqlite3_reset_auto_extension();
	struct db *helper = open_db(f);
	write_pages(f);
	off_t before = size_of(f, "");
	sqlite3_busy_timeout(f->db, 0);
	meanwhile.crm = f->db;
	meanwhile.fixture = f;
	int64_t left = -1;
	assert_int_equal(db_checkpoint(db, helper, &left), 0);
	meanwhile.crm = NULL;
	assert_true(meanwhile.size > before);
	assert_int_equal(meanwhile.code, SQLITE_BUSY);
	outbox_insert(f->db, "t", "{}");
	db_close(db);
	db_close(helper);
}

static void test_closing_never_checkpoints(void **state)
{
	struct fixture *f = *state;
	struct db *db = open_db(f);
	write_pages(f);
	off_t before = size_of(f, "");
	/* The CRM goes first, so that ours is the last one. */
	outbox_close(f->db);
	f->db = NULL;
	assert_int_equal(db_exec(db, "DELETE FROM outbox_log"), 0);
	db_close(db);
	assert_true(size_of(f, "-wal") > 0);
	assert_int_equal(size_of(f, ""), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_checkpoint),
		FIXTURE_TEST(test_checkpoint_beside_a_reader),
		FIXTURE_TEST(test_checkpoint_while_busy),
		FIXTURE_TEST(test_checkpoint_holds_the_lock),
		FIXTURE_TEST(test_closing_never_checkpoints),
	};
	return cmocka_run_group_tests_name("db_checkpoint", tests, NULL, NULL);
}
