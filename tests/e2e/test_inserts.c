/* The CRM's INSERT from the languages CRMs are written in, each with its own
 * SQLite: the shell, Python and Node. Other code relies on: a row of every
 * client is complete, and a malformed one is an error that the client can
 * catch. */
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/paths.h"
#include "tests/support/proc.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CLIENT_MS = 60000 };

/* Whether the test may go on without a tool: not where all are installed. */
static void need(bool is_there, const char *what)
{
	if (is_there)
		return;
	if (getenv("CI"))
		fail_msg("%s is missing", what);
	print_message("skipped: %s is missing\n", what);
	skip();
}

static int run(const struct fixture *f, const char *const *argv, char **out_out,
	       char **err_out)
{
	struct proc_spec spec = {.argv = argv, .dir = f->dir, .name = "client"};
	return proc_run(&spec, CLIENT_MS, out_out, err_out);
}

static bool has_program(const struct fixture *f, const char *name)
{
	const char *argv[] = {"sh", "-c", "command -v \"$0\"", name, NULL};
	return run(f, argv, NULL, NULL) == 0;
}

/* Every row has what a claim needs, and exactly the payload given. */
static void assert_rows(const struct fixture *f, int count, const char *payload)
{
	assert_int_equal(outbox_int(f->db, "SELECT count(*) FROM outbox"),
			 count);
	assert_int_equal(
		outbox_int(f->db,
			   "SELECT count(*) FROM outbox"
			   " WHERE type = 'sendCustomerAssignNotify'"
			   "   AND payload GLOB %Q AND status = 'pending'"
			   "   AND channel = 'wechat-cloud'"
			   "   AND recipient GLOB 'u[0-9]*'"
			   "   AND expires_at = due_at + 86400000"
			   "   AND length(event_id) = 32"
			   "   AND abs(due_at - %lld) < 60000",
			   payload,
			   outbox_int(f->db, "SELECT unixepoch()") * 1000),
		count);
}

static const char message[] = "outbox.payload is JSON but no object";
static const char payload[] =
	"{\"assignedToId\":\"u1\",\"customerName\":\"张三\",\"n\":1.50}";

static void test_shell(void **state)
{
	const struct fixture *f = *state;
	need(has_program(f, "sqlite3"), "sqlite3");
	char *sql = sqlite3_mprintf("INSERT INTO outbox (type, payload) VALUES"
				    " ('sendCustomerAssignNotify', %Q)",
				    payload);
	const char *good[] = {"sqlite3", f->path, sql, NULL};
	assert_int_equal(run(f, good, NULL, NULL), 0);
	sqlite3_free(sql);
	const char *bad[] = {"sqlite3", "-bail", f->path,
			     "INSERT OR IGNORE INTO outbox (type, payload)"
			     " VALUES ('t', '[]')",
			     NULL};
	scoped_free char *err = NULL;
	assert_int_not_equal(run(f, bad, NULL, &err), 0);
	assert_non_null(strstr(err, message));
	assert_rows(f, 1, payload);
}

/* The refusal leaves the transaction that it is in to the CRM. */
static const char python[] =
	"import sqlite3, sys\n"
	"db = sqlite3.connect(sys.argv[1])\n"
	"db.execute('CREATE TABLE business (n)')\n"
	"with db:\n"
	"    db.execute('INSERT INTO business VALUES (1)')\n"
	"    db.execute('INSERT INTO outbox (type, payload) VALUES (?, ?)',\n"
	"               ('sendCustomerAssignNotify', sys.argv[2]))\n"
	"with db:\n"
	"    db.execute('INSERT INTO business VALUES (2)')\n"
	"    try:\n"
	"        db.execute('INSERT OR IGNORE INTO outbox (type, payload)'\n"
	"                   ' VALUES (?, ?)', ('t', '[]'))\n"
	"    except sqlite3.IntegrityError as e:\n"
	"        print('refused', e)\n"
	"    assert db.in_transaction\n"
	"print(db.execute('SELECT count(*) FROM business').fetchone()[0])\n";

static void test_python(void **state)
{
	const struct fixture *f = *state;
	need(has_program(f, "python3"), "python3");
	const char *argv[] = {"python3", "-c", python, f->path, payload, NULL};
	scoped_free char *out = NULL, *err = NULL;
	if (run(f, argv, &out, &err) != 0)
		fail_msg("%s", err);
	assert_non_null(strstr(out, "refused "));
	assert_non_null(strstr(out, message));
	assert_non_null(strstr(out, "\n2\n"));
	assert_rows(f, 1, payload);
}

static void test_node(void **state)
{
	const struct fixture *f = *state;
	scoped_free char *stamp = paths_source("build/node/installed");
	need(has_program(f, "node"), "node");
	need(access(stamp, R_OK) == 0, "build/node (tests/node/install.sh)");
	scoped_free char *script = paths_source("tests/node/insert.js");
	const char *argv[] = {"node", script, f->path, "20", "crm", NULL};
	scoped_free char *out = NULL, *err = NULL;
	if (run(f, argv, &out, &err) != 0)
		fail_msg("%s", err);
	assert_non_null(strstr(out, "inserted 20\n"));
	assert_non_null(strstr(out, "refused SQLITE_CONSTRAINT_TRIGGER: "));
	assert_non_null(strstr(out, message));
	/* Again, as a sweep does: nothing is inserted twice. */
	scoped_free char *again = NULL;
	assert_int_equal(run(f, argv, &again, NULL), 0);
	assert_non_null(strstr(again, "inserted 0\n"));
	outbox_exec(f->db, "UPDATE outbox SET recipient ="
			   " replace(recipient, 'load-crm-', 'u')");
	assert_rows(f, 20, "{\"assignedToId\":\"load-crm-*\",*客户*}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_shell),
		FIXTURE_TEST(test_python),
		FIXTURE_TEST(test_node),
	};
	return cmocka_run_group_tests_name("inserts", tests, NULL, NULL);
}
