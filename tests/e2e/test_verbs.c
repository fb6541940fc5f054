/*
 * The verbs as somebody at a terminal meets them: options, what is written,
 * what is said, exit codes. (check and run: test_check.c)
 */
#include "tests/support/check.h"

#include "lib/buf.h"
#include "lib/util.h"
#include "relay/config_table.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/paths.h"
#include "tests/support/relayproc.h"
#include "tests/support/tempdir.h"

#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEADLINE_MS = 30000, ARGS_MAX = 12 };

static int verb_on(const struct fixture *f, const char *db, const char *verb,
		   const char *const *args, char **out_out, char **err_out)
{
	struct relay_setup setup = {.dir = f->dir, .db = db, .args = args};
	return relayproc_verb(&setup, verb, out_out, err_out);
}

static void expect(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in: %s", part, text);
}

/* The verb must end so, and say this on stdout and this on stderr. */
static void run(const struct fixture *f, const char *db, const char *verb,
		const char *const *args, int status, const char *said)
{
	scoped_free char *out = NULL, *err = NULL;
	int got = verb_on(f, db, verb, args, &out, &err);
	scoped_free char *all = xasprintf("%s%s", out, err);
	if (got != status)
		fail_msg("%s: exit status %d: %s", verb, got, all);
	expect(all, said);
}

static char *path_in(const struct fixture *f, const char *name)
{
	return tempdir_path(f->dir, name);
}

static void test_init_fresh(void **state)
{
	const struct fixture *f = *state;
	scoped_free char *path = path_in(f, "crm.db");
	run(f, path, "init", NULL, 0, "crm.db has its outbox now\n");
	sqlite3 *db = outbox_open(path);
	assert_int_equal(outbox_int(db, "PRAGMA auto_vacuum"), 2);
	scoped_free char *mode = outbox_text(db, "PRAGMA journal_mode");
	assert_string_equal(mode, "wal");
	outbox_insert(db, "t", "{}");
	run(f, path, "init", NULL, 0, "crm.db is up to date\n");
	assert_int_equal(outbox_int(db, "SELECT count(*) FROM outbox"), 1);
	outbox_close(db);
}

/* A file of the CRM keeps everything that is the CRM's. */
static void test_init_crm_file(void **state)
{
	const struct fixture *f = *state;
	scoped_free char *path = path_in(f, "crm.db");
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	outbox_exec(db, "CREATE TABLE customers (n);"
			"INSERT INTO customers VALUES (7);"
			"PRAGMA user_version = 41");
	run(f, path, "init", NULL, 0, "crm.db has its outbox now\n");
	assert_int_equal(outbox_int(db, "PRAGMA user_version"), 41);
	assert_int_equal(outbox_int(db, "PRAGMA auto_vacuum"), 0);
	assert_int_equal(outbox_int(db, "SELECT n FROM customers"), 7);
	assert_int_equal(outbox_insert(db, "t", "{}"), 1);
	outbox_close(db);
}

/* All verbs leave an older, newer or foreign file as it is, and say what to do.
 */
static void test_refused_file(void **state)
{
	const struct fixture *f = *state;
	static const char *const args[] = {"--type", "t", "--payload", "{}",
					   NULL};
	outbox_exec(f->db, "UPDATE outbox_meta SET value = '1'"
			   " WHERE key = 'version'");
	run(f, f->path, "send", args, 1,
	    "older version: run outbox-relay init");
	run(f, f->path, "run", NULL, 1, "older version: run outbox-relay init");
	outbox_exec(f->db, "UPDATE outbox_meta SET value = '99'"
			   " WHERE key = 'version'");
	run(f, f->path, "init", NULL, 1, "install that version");
	run(f, f->path, "send", args, 1, "install that version");
	run(f, f->path, "run", NULL, 1, "install that version");
	assert_int_equal(outbox_int(f->db, "SELECT value FROM outbox_meta"
					   " WHERE key = 'version'"),
			 99);
	assert_int_equal(outbox_int(f->db, "SELECT count(*) FROM outbox"), 0);

	scoped_free char *path = path_in(f, "foreign.db");
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	outbox_exec(db, "CREATE TABLE outbox (mail)");
	run(f, path, "init", NULL, 1, "use another file; nothing was changed");
	run(f, path, "send", args, 1, "use another file");
	assert_int_equal(outbox_int(db, "SELECT count(*) FROM sqlite_schema"),
			 1);
	outbox_close(db);
}

static void test_no_database(void **state)
{
	const struct fixture *f = *state;
	static const char *const args[] = {"--type", "t", "--payload", "{}",
					   NULL};
	scoped_free char *path = path_in(f, "slip.db");
	scoped_free char *nowhere = path_in(f, "none/crm.db");
	scoped_free char *lock = path_in(f, "slip.db-relay");
	run(f, path, "send", args, 1, "run outbox-relay init --db ");
	run(f, path, "run", NULL, 1, "run outbox-relay init --db ");
	run(f, nowhere, "run", NULL, 1, "run outbox-relay init --db ");
	run(f, nowhere, "init", NULL, 1, "look at the directory's permissions");
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_not_equal(access(lock, F_OK), 0);
}

/* A user who may not write into the directory. */
static void test_init_unwritable(void **state)
{
	const struct fixture *f = *state;
	scoped_free char *program = paths_build("outbox-relay");
	scoped_free char *path = path_in(f, "crm.db");
	const char *argv[] = {
		"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
		program,   "init",	    "--db",	     path,
		NULL};
	struct proc_spec spec = {.argv = geteuid() ? argv + 4 : argv,
				 .dir = f->dir,
				 .name = "u"};
	scoped_free char *err = NULL;
	assert_int_equal(chmod(f->dir, 0555), 0);
	int status = proc_run(&spec, DEADLINE_MS, NULL, &err);
	assert_int_equal(chmod(f->dir, 0700), 0);
	if (status >= 126)
		skip(); /* no setpriv, or a build folder closed to others */
	assert_int_equal(status, 1);
	expect(err, "look at the directory's permissions");
	assert_int_not_equal(access(path, F_OK), 0);
}

static void test_init_group(void **state)
{
	const struct fixture *f = *state;
	static const char *const none[] = {"--group", "no-such-group-9", NULL};
	struct group *g = getgrgid(geteuid() ? getegid() : 65534);
	if (!g)
		skip();
	const char *args[] = {"--group", g->gr_name, NULL};
	scoped_free char *said =
		xasprintf("members of group %s can write ", g->gr_name);
	struct stat st;
	run(f, f->path, "init", none, 1, "groupadd no-such-group-9");
	run(f, f->path, "init", args, 0, said);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	assert_int_equal(stat(f->dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 02770);
	run(f, f->path, "check", NULL, 1, "the members of group");
}

static void test_init_routes(void **state)
{
	const struct fixture *f = *state;
	static const char *const bad[] = {"OUTBOX_ROUTES=a=nowhere", NULL};
	static const char *const good[] = {"OUTBOX_ROUTES=a=wechat-cloud:$.to",
					   "RELAY_LIFE=0", NULL};
	struct relay_setup setup = {.dir = f->dir, .db = f->path, .env = bad};
	scoped_free char *err = NULL;
	assert_int_not_equal(relayproc_verb(&setup, "init", NULL, &err), 0);
	expect(err, "OUTBOX_ROUTES");
	expect(err, "nowhere");
	setup.env = good;
	assert_int_equal(relayproc_verb(&setup, "init", NULL, NULL), 0);
	outbox_insert(f->db, "a", "{\"to\":\"u7\",\"assignedToId\":\"u8\"}");
	scoped_free char *row =
		outbox_rows(f->db, "SELECT recipient, expires_at FROM outbox");
	assert_string_equal(row, "u7|-\n");
}

struct send_case {
	const char *args[ARGS_MAX];
	int status;
	const char *said;
	const char *row; /* of `columns`; NULL: none was inserted */
};

static const char columns[] =
	"SELECT type, payload, channel, recipient, ordering_key, dedup_key,"
	"       due_at - created_at > 590000, expires_at - due_at"
	"  FROM outbox";

#define PAYLOAD "--payload", "{ \"assignedToId\":\"u1\",\"n\":1.50}"
#define ROW(r)	"t|{ \"assignedToId\":\"u1\",\"n\":1.50}|wechat-cloud|" r "\n"

/* clang-format off */
static const struct send_case send_cases[] = {
	{{PAYLOAD}, 0, "1 ", ROW("u1|-|-|0|86400000")},
	{{PAYLOAD, "--channel", "wechat-cloud", "--recipient", "u9",
	  "--key", "k", "--dedup", "d"}, 0, "1 ", ROW("u9|k|d|0|86400000")},
	{{PAYLOAD, "--at", "+10m", "--ttl", "2h"}, 0, "1 ",
	 ROW("u1|-|-|1|7200000")},
	{{PAYLOAD, "--ttl=500ms"}, 0, "1 ", ROW("u1|-|-|0|500")},
	{{PAYLOAD, "--at", "2099-01-31T08:00:00+08:00"}, 0, "1 ",
	 ROW("u1|-|-|1|86400000")},
	{{PAYLOAD, "--at", "tomorrow"}, 2, "--at tomorrow: say 2026-", NULL},
	{{PAYLOAD, "--at", "2099-01-31T08:00:00"}, 2, "with the zone", NULL},
	{{PAYLOAD, "--at", "1769817600"}, 2, "13 digits", NULL},
	{{PAYLOAD, "--at", "+99999999999999999d"}, 2, "too far", NULL},
	{{PAYLOAD, "--ttl", "2"}, 2, "--ttl 2: 2 of what?", NULL},
	{{PAYLOAD, "--ttl", "soon"}, 2, "is no duration", NULL},
	{{PAYLOAD, "--ttl", "0"}, 2, "give a time from 1ms", NULL},
	{{PAYLOAD, "--ttl", "99999999999999999d"}, 2, "give a time from 1ms",
	 NULL},
	{{PAYLOAD, "--channel", "nowhere"}, 2, "outbox.channel is unknown",
	 NULL},
	{{PAYLOAD, "--recipient", ""}, 2, "outbox.recipient is empty", NULL},
	{{PAYLOAD, "--key", ""}, 2, "outbox.ordering_key is empty", NULL},
	{{PAYLOAD, "--dedup", ""}, 2, "outbox.dedup_key is empty", NULL},
	{{PAYLOAD, "--type", " "}, 2, "outbox.type is missing", NULL},
	{{"--payload", "[]"}, 2, "refused: outbox.payload is JSON but no object",
	 NULL},
	{{"--payload", "{"}, 2, "outbox.payload is not valid JSON", NULL},
	{{"--payload", ""}, 2, "outbox.payload is not valid JSON", NULL},
	{{"--payload", "@none.json"}, 2, "none.json: No such file", NULL},
	{{"--payload", "@."}, 1, "Is a directory", NULL},
	{{NULL}, 2, "outbox.payload is not valid JSON", NULL}, /* /dev/null */
};
/* clang-format on */

static void test_send(void **state)
{
	const struct fixture *f = *state;
	for (size_t i = 0; i < ARRAY_LEN(send_cases); i++) {
		const struct send_case *c = &send_cases[i];
		const char *args[ARGS_MAX + 2] = {"--type", "t"};
		for (size_t n = 0; n < ARGS_MAX - 1 && c->args[n]; n++)
			args[n + 2] = c->args[n];
		print_message("# case %zu\n", i);
		run(f, f->path, "send", args, c->status, c->said);
		scoped_free char *row = outbox_rows(f->db, "%s", columns);
		assert_string_equal(row, c->row ? c->row : "");
		outbox_exec(f->db, "UPDATE outbox SET status = 'cancelled';"
				   "DELETE FROM outbox;"
				   "DELETE FROM sqlite_sequence");
	}
	run(f, f->path, "send", NULL, 2, "--type is missing");
}

static void write_file(const char *path, const char *text, size_t len)
{
	FILE *out = fopen(path, "we");
	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, len, out), len);
	fclose(out);
}

/* Sends what is in a file by its name, then by standard input. */
static void send_file(const struct fixture *f, const char *text, size_t len,
		      int status, const char *said)
{
	scoped_free char *program = paths_build("outbox-relay");
	scoped_free char *path = path_in(f, "payload.json");
	const char *by_name[] = {"--type", "t", "--payload", "@payload.json",
				 NULL};
	const char *argv[] = {"sh",
			      "-c",
			      "exec \"$0\" send --db \"$1\" --type t"
			      " --payload - <\"$2\"",
			      program,
			      f->path,
			      path,
			      NULL};
	struct proc_spec spec = {.argv = argv, .dir = f->dir, .name = "stdin"};
	scoped_free char *out = NULL, *err = NULL;
	write_file(path, text, len);
	run(f, f->path, "send", by_name, status, said);
	assert_int_equal(proc_run(&spec, DEADLINE_MS, &out, &err), status);
	scoped_free char *all = xasprintf("%s%s", out, err);
	expect(all, said);
}

static void test_send_file(void **state)
{
	const struct fixture *f = *state;
	static const char text[] = "{\"assignedToId\":\"u1\",\n \"名\":\"张\"}";
	scoped_free char *ended = xasprintf("%s\n", text);
	send_file(f, text, strlen(text), 0, " ");
	send_file(f, ended, strlen(ended), 0, " ");
	assert_int_equal(outbox_int(f->db,
				    "SELECT count(*) FROM outbox"
				    " WHERE payload = %Q AND recipient = 'u1'",
				    text),
			 4);
	send_file(f, "{}\0{}", 5, 2, "has a NUL byte");
	/* 65,536 bytes and a newline are the most; one more is one too many. */
	struct buf big = {0};
	buf_addf(&big, "{\"x\":\"%065528d\"}\n", 0);
	assert_int_equal(big.len, 65537);
	send_file(f, big.data, big.len, 0, " ");
	big.len = 0;
	buf_addf(&big, "{\"x\":\"%065529d\"}\n", 0);
	send_file(f, big.data, big.len, 2, "larger than 65536 bytes");
	free(buf_detach(&big));
}

static void test_send_prints_the_row(void **state)
{
	const struct fixture *f = *state;
	static const char *const args[] = {"--type",  "t",   "--payload", "{}",
					   "--dedup", "a-1", NULL};
	scoped_free char *out = NULL, *again = NULL, *err = NULL;
	assert_int_equal(verb_on(f, f->path, "send", args, &out, NULL), 0);
	scoped_free char *row = outbox_text(
		f->db, "SELECT id || ' ' || event_id || char(10) FROM outbox");
	assert_string_equal(out, row);
	assert_int_equal(verb_on(f, f->path, "send", args, &again, &err), 0);
	assert_string_equal(again, "");
	expect(err, "a-1 is there already: nothing inserted");
	assert_int_equal(outbox_int(f->db, "SELECT count(*) FROM outbox"), 1);
}

/* A transaction of the CRM is waited for. */
static void test_send_waits(void **state)
{
	const struct fixture *f = *state;
	scoped_free char *program = paths_build("outbox-relay");
	const char *argv[] = {program, "send",	    "--db", f->path, "--type",
			      "t",     "--payload", "{}",   NULL};
	struct proc p = {0};
	outbox_exec(f->db, "BEGIN IMMEDIATE");
	proc_start(&p, &(struct proc_spec){
			       .argv = argv, .dir = f->dir, .name = "send"});
	struct pollfd fd = {.fd = p.pidfd, .events = POLLIN};
	assert_int_equal(poll(&fd, 1, 500), 0); /* it must not end */
	outbox_exec(f->db, "COMMIT");
	assert_int_equal(proc_wait(&p, DEADLINE_MS), 0);
	proc_finish(&p);
	assert_int_equal(outbox_int(f->db, "SELECT count(*) FROM outbox"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_init_fresh),
		FIXTURE_TEST(test_init_crm_file),
		FIXTURE_TEST(test_refused_file),
		FIXTURE_TEST(test_no_database),
		FIXTURE_TEST(test_init_unwritable),
		FIXTURE_TEST(test_init_group),
		FIXTURE_TEST(test_init_routes),
		FIXTURE_TEST(test_send),
		FIXTURE_TEST(test_send_file),
		FIXTURE_TEST(test_send_prints_the_row),
		FIXTURE_TEST(test_send_waits),
	};
	return cmocka_run_group_tests_name("verbs", tests, NULL, NULL);
}
