/*
 * The CRM's side while the relay runs: writers beside it, rows taken back, and
 * a lock that is held for long. Nothing is lost and nothing is sent twice.
 */
#include "tests/support/scene.h"

#include "lib/util.h"
#include "tests/support/paths.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 1000, WRITERS = 4, HELD_MS = 2000 };

static const char delivered[] =
	"SELECT count(*) FROM outbox WHERE status = 'delivered'";

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

static bool has_program(const struct scene *s, const char *name)
{
	const char *argv[] = {"sh", "-c", "command -v \"$0\"", name, NULL};
	struct proc_spec spec = {
		.argv = argv, .dir = s->fix->dir, .name = "which"};
	return proc_run(&spec, SCENE_DEADLINE_MS, NULL, NULL) == 0;
}

static void end_well(struct proc *p)
{
	int status = proc_wait(p, SCENE_DEADLINE_MS);
	scoped_free char *err = proc_read(p, PROC_ERR);
	if (status)
		fail_msg("exit status %d: %s", status, err);
	proc_finish(p);
}

/* Every row was sent once, at its first try, and the function saw no repeat. */
static void expect_each_once(struct scene *s, long long count)
{
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), count);
	assert_int_equal(simulator_stat(&s->sim, "sent.distinct"), count);
	assert_int_equal(simulator_stat(&s->sim, "sent.repeated"), 0);
	assert_int_equal(scene_calls(s, "invoke"), count);
	scoped_free char *rows = outbox_rows(
		s->fix->db, "SELECT status, attempts, unknowns, interrupted,"
			    "       count(*)"
			    "  FROM outbox WHERE status <> 'cancelled'"
			    " GROUP BY 1, 2, 3, 4");
	scoped_free char *expected = xasprintf("delivered|1|0|0|%lld\n", count);
	assert_string_equal(rows, expected);
}

/* Each row in a transaction of its own, as a server does. */
static void test_node_writes(void **state)
{
	struct scene *s = *state;
	scoped_free char *stamp = paths_source("build/node/installed");
	need(has_program(s, "node"), "node");
	need(access(stamp, R_OK) == 0, "build/node (tests/node/install.sh)");
	scoped_free char *script = paths_source("tests/node/insert.js");
	const char *argv[] = {"node", script, s->fix->path,
			      "1000", "live", NULL};
	struct proc node = {0};
	scene_start_relay(s, NULL);
	proc_start(&node, &(struct proc_spec){.argv = argv,
					      .dir = s->fix->dir,
					      .name = "node"});
	/* They arrive while the CRM still writes. */
	scene_wait(s,
		   "SELECT count(*) > 0 FROM outbox WHERE status = 'delivered'",
		   "1");
	free(proc_wait_line(&node, PROC_OUT, "inserted 1000",
			    SCENE_DEADLINE_MS));
	end_well(&node);
	scene_wait(s, delivered, "1000");
	expect_each_once(s, ROWS);
}

static const char python[] =
	"import json, sqlite3, sys\n"
	"file, writer, count = sys.argv[1], sys.argv[2], int(sys.argv[3])\n"
	"db = sqlite3.connect(file)\n"
	"for n in range(count):\n"
	"    with db:\n"
	"        db.execute('INSERT INTO outbox (type, payload)'\n"
	"                   ' VALUES (?, ?)', ('sendCustomerAssignNotify',\n"
	"                   json.dumps({'assignedToId': f'load-{writer}-{n}',\n"
	"                               'customerName': '张三',\n"
	"                               'source': '手动分配',\n"
	"                               'assignerName': '李四',\n"
	"                               'customerId': str(n),\n"
	"                               'assignTime':\n"
	"                               '2025-12-24T10:30:00.000Z'})))\n";

static void test_python_writers(void **state)
{
	struct scene *s = *state;
	struct proc writers[WRITERS] = {0};
	need(has_program(s, "python3"), "python3");
	scene_start_relay(s, NULL);
	for (int i = 0; i < WRITERS; i++) {
		scoped_free char *name = xasprintf("writer%d", i);
		const char *argv[] = {"python3", "-c",	python, s->fix->path,
				      name,	 "250", NULL};
		proc_start(&writers[i], &(struct proc_spec){.argv = argv,
							    .dir = s->fix->dir,
							    .name = name});
	}
	for (int i = 0; i < WRITERS; i++)
		end_well(&writers[i]);
	scene_wait(s, delivered, "1000");
	expect_each_once(s, ROWS);
}

/* The users that calls were made for must be those of delivered rows. */
static void expect_only_delivered_sent(struct scene *s)
{
	cJSON *journal = simulator_journal(&s->sim);
	const cJSON *call;
	int calls = 0;
	cJSON_ArrayForEach(call, journal)
	{
		const char *body =
			cJSON_GetObjectItemCaseSensitive(call, "body")
				->valuestring;
		const char *user = strstr(body, "load-");
		if (!user)
			continue;
		scoped_free char *name = xstrndup(user, strcspn(user, "\""));
		scoped_free char *status = outbox_text(
			s->fix->db,
			"SELECT status FROM outbox WHERE recipient = %Q", name);
		assert_string_equal(status, "delivered");
		calls++;
	}
	cJSON_Delete(journal);
	assert_int_equal(calls, outbox_int(s->fix->db, delivered));
}

/* The CRM takes every third row back, one by one and in whatever state it is:
 * what it got back is never sent, and what was sent it did not get back. */
static void test_cancelled(void **state)
{
	struct scene *s = *state;
	int taken_back = 0;
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"delay_ms\":10,"
				 "\"times\":-1}]");
	scene_insert_many(s, ROWS);
	scene_start_relay(s, NULL);
	scene_wait(s,
		   "SELECT count(*) > 0 FROM outbox WHERE status = 'delivered'",
		   "1");
	for (int id = ROWS; id > 0; id -= 3) {
		outbox_exec(s->fix->db,
			    "UPDATE outbox SET status = 'cancelled'"
			    " WHERE id = %d AND status = 'pending'",
			    id);
		taken_back += sqlite3_changes(s->fix->db);
	}
	assert_true(taken_back > 0);
	scoped_free char *left = xasprintf("%d", ROWS - taken_back);
	scene_wait(s, delivered, left);
	assert_int_equal(relayproc_stop(&s->relay, SCENE_DEADLINE_MS), 0);
	expect_each_once(s, ROWS - taken_back);
	expect_only_delivered_sent(s);
	scoped_free char *rows = outbox_rows(
		s->fix->db,
		"SELECT status, last_reason, attempts, lease_no, count(*)"
		"  FROM outbox WHERE status <> 'delivered' GROUP BY 1, 2, 3, "
		"4");
	scoped_free char *expected =
		xasprintf("cancelled|cancelled-by-crm|0|0|%d\n", taken_back);
	assert_string_equal(rows, expected);
}

/* A row that is being sent is not taken back, and the CRM is told. */
static void test_cancelled_too_late(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"hang\":true}]");
	static const char *const env[] = {"RELAY_TIMEOUT=1s", NULL};
	int64_t id = scene_insert(s, USER_BOUND);
	scene_start_relay(s, env);
	scene_wait(s, "SELECT status FROM outbox", "sending");
	scoped_free char *why = outbox_refused(
		s->fix->db, "UPDATE outbox SET status = 'cancelled'"
			    " WHERE id = 1");
	assert_non_null(strstr(why, "while the row is being sent"));
	/* Its outcome stays unknown; then it can be taken back, or goes. */
	scene_wait(s, delivered, "1");
	scene_expect_row(s, id, "delivered|2|1|0|-");
}

/* Waits until the simulator has sent so many messages. */
static void wait_sent(struct scene *s, long long count)
{
	int watch_ms = SCENE_DEADLINE_MS;
	while (simulator_stat(&s->sim, "sent.total") < count) {
		struct pollfd fd = {.fd = s->relay.pidfd, .events = POLLIN};
		if (poll(&fd, 1, 5) != 0 || (watch_ms -= 5) <= 0)
			fail_msg("%lld messages were not sent", count);
	}
}

/* A transaction of the CRM is open for two seconds while answers come in: they
 * are kept, written when it ends, and nothing is claimed or sent meanwhile. */
static void test_locked(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"delay_ms\":100,"
				 "\"times\":-1}]");
	scene_insert_many(s, 100);
	scene_start_relay(s, NULL);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'sending'",
		   "16");
	outbox_exec(s->fix->db, "BEGIN EXCLUSIVE");
	long long written = outbox_int(s->fix->db, delivered);
	wait_sent(s, written + 16);
	struct pollfd fd = {.fd = s->relay.pidfd, .events = POLLIN};
	assert_int_equal(poll(&fd, 1, HELD_MS), 0); /* it must not end */
	assert_int_equal(outbox_int(s->fix->db, delivered), written);
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), written + 16);
	outbox_exec(s->fix->db, "COMMIT");
	scene_wait(s, delivered, "100");
	expect_each_once(s, 100);
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox_log"
				    " WHERE level = 'error'"),
			 0);
}

/* Told to stop while the database is locked: it waits for its results. */
static void test_stopped_while_locked(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_LOG_LEVEL=debug", NULL};
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"delay_ms\":1000,"
				 "\"times\":-1}]");
	scene_insert_many(s, 16);
	scene_start_relay(s, env);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'sending'",
		   "16");
	outbox_exec(s->fix->db, "BEGIN EXCLUSIVE");
	for (int id = 1; id <= 16; id++) {
		scoped_free char *line =
			xasprintf("event=delivered id=%d ", id);
		free(proc_wait_line(&s->relay, PROC_ERR, line,
				    SCENE_DEADLINE_MS));
	}
	assert_int_equal(outbox_int(s->fix->db, delivered), 0);
	proc_signal(&s->relay, SIGTERM);
	struct pollfd fd = {.fd = s->relay.pidfd, .events = POLLIN};
	assert_int_equal(poll(&fd, 1, HELD_MS / 2), 0); /* it must not end */
	outbox_exec(s->fix->db, "COMMIT");
	assert_int_equal(proc_wait(&s->relay, SCENE_DEADLINE_MS), 0);
	expect_each_once(s, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_node_writes),
		SCENE_TEST(test_python_writers),
		SCENE_TEST(test_cancelled),
		SCENE_TEST(test_cancelled_too_late),
		SCENE_TEST(test_locked),
		SCENE_TEST(test_stopped_while_locked),
	};
	return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
