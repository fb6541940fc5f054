/*
 * The life of the daemon: one a database, killed and started again, told to
 * stop; and no secret anywhere it writes.
 */
#include "tests/support/scene.h"

#include "lib/util.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ROWS = 1000, AT_ONCE = 16 };

/* kill -9 in the middle: nothing is lost, no more is sent twice than was on the
 * wire, and the next relay does not wait for a lease to run out. */
static void test_killed(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_TIMEOUT=10m",
					  "RELAY_CONCURRENCY=16", NULL};
	static const char *const options[] = {"--no-dedup", NULL};
	simulator_finish(&s->sim);
	simulator_start(&s->sim, s->fix->dir, options);
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"delay_ms\":5,"
				 "\"times\":-1}]");
	scene_insert_many(s, ROWS);
	for (int kills = 1; kills <= 3; kills++) {
		scoped_free char *sql =
			xasprintf("SELECT count(*) >= %d FROM outbox"
				  " WHERE status = 'delivered'",
				  kills * 200);
		scene_start_relay(s, env);
		scene_wait(s, sql, "1");
		proc_signal(&s->relay, SIGKILL);
		assert_int_equal(proc_wait(&s->relay, SCENE_DEADLINE_MS),
				 128 + SIGKILL);
		proc_finish(&s->relay);
	}
	scene_start_relay(s, env);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "1000");
	assert_int_equal(simulator_stat(&s->sim, "sent.distinct"), ROWS);
	long long sent = simulator_stat(&s->sim, "sent.total");
	assert_true(sent <= ROWS + 3 * AT_ONCE);
	/* Interruptions use up no attempt. */
	assert_int_equal(
		outbox_int(s->fix->db, "SELECT max(attempts) FROM outbox"), 1);
	assert_int_equal(
		outbox_int(s->fix->db,
			   "SELECT count(*) FROM outbox_log WHERE event ="
			   " 'rows taken back from a relay that died'"),
		3);
	assert_int_equal(
		outbox_int(s->fix->db, "SELECT max(interrupted) FROM outbox"),
		0);
}

/* SIGTERM: no new claims, what is on the wire gets its time, results written.
 */
static void test_drained(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"delay_ms\":200,"
				 "\"times\":-1}]");
	scene_insert_many(s, 100);
	scene_start_relay(s, NULL);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'sending'",
		   "16");
	assert_int_equal(relayproc_stop(&s->relay, SCENE_DEADLINE_MS), 0);
	long long sent = simulator_stat(&s->sim, "sent.total");
	assert_true(sent >= 16);
	assert_int_equal(outbox_int(s->fix->db, "SELECT count(*) FROM outbox"
						" WHERE status = 'delivered'"),
			 sent);
	scoped_free char *rest = outbox_rows(
		s->fix->db, "SELECT DISTINCT status, attempts, interrupted"
			    "  FROM outbox WHERE status <> 'delivered'");
	assert_string_equal(rest, "pending|0|0\n");
	scoped_free char *relay = outbox_text(
		s->fix->db, "SELECT state || on_wire FROM outbox_relay");
	assert_string_equal(relay, "stopped0");
}

/* What never answers is given back as interrupted when the drain is over. */
static void test_drain_limit(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_DRAIN_TIMEOUT=100ms", NULL};
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"hang\":true,"
				 "\"times\":-1}]");
	scene_insert(s, USER_BOUND);
	scene_start_relay(s, env);
	scene_wait(s, "SELECT status FROM outbox", "sending");
	assert_int_equal(relayproc_stop(&s->relay, SCENE_DEADLINE_MS), 0);
	scene_expect_row(s, 1, "pending|0|0|1|interrupted");
}

/* A second relay leaves with 75 and names the first. */
static void test_second_relay(void **state)
{
	struct scene *s = *state;
	struct relay_setup setup = {
		.dir = s->fix->dir, .db = s->fix->path, .base = s->sim.base};
	scene_start_relay(s, NULL);
	scoped_free char *pid = xasprintf("pid %d", (int)s->relay.pid);
	scoped_free char *err = NULL;
	assert_int_equal(relayproc_verb(&setup, "run", NULL, &err), 75);
	assert_non_null(strstr(err, pid));
	assert_true(proc_is_running(&s->relay));
}

/* Two databases, two relays, side by side in one folder. */
static void test_two_databases(void **state)
{
	struct scene *s = *state;
	scoped_free char *path = outbox_make(s->fix->dir, "second.db");
	sqlite3 *db = outbox_open(path);
	struct relay_setup setup = {
		.dir = s->fix->dir, .db = path, .base = s->sim.base};
	static const char *const once[] = {"--once", NULL};
	scene_start_relay(s, NULL);
	outbox_insert(db, "sendCustomerAssignNotify",
		      "{\"assignedToId\":\"load-2\"}");
	setup.args = once;
	assert_int_equal(relayproc_verb(&setup, "run", NULL, NULL), 0);
	scoped_free char *status = outbox_text(db, "SELECT status FROM outbox");
	assert_string_equal(status, "delivered");
	outbox_close(db);
	scene_insert(s, "load-1");
	scene_wait(s, "SELECT status FROM outbox", "delivered");
}

/* Rows that merely were on the wire are not suspected; one that was alone there
 * each time the relay died is put aside in the end. */
static void test_row_that_kills(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"hang\":true,"
				 "\"match\":\"load-1\\\"\",\"times\":-1}]");
	scene_insert_many(s, 1);
	for (int kills = 0; kills < 4; kills++) {
		scene_start_relay(s, NULL);
		scene_wait(s, "SELECT status FROM outbox WHERE id = 1",
			   "sending");
		proc_signal(&s->relay, SIGKILL);
		proc_wait(&s->relay, SCENE_DEADLINE_MS);
		proc_finish(&s->relay);
	}
	scene_insert(s, "load-2");
	scene_start_relay(s, NULL);
	scene_wait(s, "SELECT status FROM outbox WHERE id = 2", "delivered");
	scene_expect_row(s, 1, "failed|0|0|4|kills-relay");
}

/* Waits for a datagram that holds the text. */
static void expect_told(int fd, const char *text)
{
	char told[256];
	ssize_t len;
	do {
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
		assert_int_equal(poll(&poll_fd, 1, SCENE_DEADLINE_MS), 1);
		len = recv(fd, told, sizeof(told) - 1, 0);
		assert_true(len > 0);
		told[len] = '\0';
	} while (!strstr(told, text));
}

/* systemd's Type=notify and its watchdog. */
static void test_service_manager(void **state)
{
	struct scene *s = *state;
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/notify", s->fix->dir);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	scoped_free char *where = xasprintf("NOTIFY_SOCKET=%s", at.sun_path);
	const char *env[] = {where, "WATCHDOG_USEC=20000", NULL};
	scene_start_relay(s, env);
	expect_told(fd, "READY=1");
	expect_told(fd, "WATCHDOG=1");
	expect_told(fd, "WATCHDOG=1");
	proc_signal(&s->relay, SIGTERM);
	expect_told(fd, "STOPPING=1");
	assert_int_equal(proc_wait(&s->relay, SCENE_DEADLINE_MS), 0);
	close(fd);
}

static void expect_absent(const char *text, size_t len, const char *secret)
{
	if (memmem(text, len, secret, strlen(secret)))
		fail_msg("a secret was found");
}

static void expect_absent_in_file(const char *path, const char *secret)
{
	FILE *in = fopen(path, "re");
	if (!in)
		return;
	char *text = NULL;
	size_t size = 0;
	ssize_t len = getdelim(&text, &size, EOF, in);
	fclose(in);
	if (len > 0)
		expect_absent(text, (size_t)len, secret);
	free(text);
}

/* Answers that echo the call: what an unkind proxy would do. */
static void test_no_secret(void **state)
{
	struct scene *s = *state;
	static const char secret[] = "0123456789abcdef0123456789abcdef";
	static const char *const env[] = {"RELAY_LOG_LEVEL=debug",
					  "RELAY_BACKOFF=10ms", NULL};
	simulator_fault(
		&s->sim,
		"[{\"stage\":\"token\",\"status\":500,\"body\":\"secret="
		"0123456789abcdef0123456789abcdef\"},"
		"{\"stage\":\"invoke\",\"status\":500,\"body\":\"you said "
		"secret=0123456789abcdef0123456789abcdef\"},"
		"{\"stage\":\"function\",\"resp_json\":{\"success\":false,"
		"\"message\":\"0123456789abcdef0123456789abcdef\"}}]");
	scene_insert(s, "load-1");
	scene_insert(s, "load-2");
	scene_start_relay(s, env);
	scene_wait(s,
		   "SELECT count(*) FROM outbox"
		   " WHERE status IN ('delivered', 'failed')",
		   "2");
	relayproc_stop(&s->relay, SCENE_DEADLINE_MS);
	scoped_free char *err = proc_read(&s->relay, PROC_ERR);
	scoped_free char *wal = xasprintf("%s-wal", s->fix->path);
	expect_absent(err, strlen(err), secret);
	expect_absent_in_file(s->fix->path, secret);
	expect_absent_in_file(wal, secret);
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) > 0 FROM outbox_attempt"
				    " WHERE answer LIKE '%%***%%'"),
			 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_killed),
		SCENE_TEST(test_drained),
		SCENE_TEST(test_drain_limit),
		SCENE_TEST(test_second_relay),
		SCENE_TEST(test_row_that_kills),
		SCENE_TEST(test_two_databases),
		SCENE_TEST(test_service_manager),
		SCENE_TEST(test_no_secret),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
