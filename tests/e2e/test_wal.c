/*
 * The discipline of checkpoints, on a whole relay: each one is made with its
 * own write lock in hand, none waits, the CRM's connections reach their own
 * threshold hardly ever, and a WAL that a reader made large gets small again.
 * sqlite.org/wal.html, "the WAL-reset bug", is why.
 */
#include "tests/support/twin.h"
#include "tests/support/walspy.h"

#include "lib/clock.h"
#include "lib/util.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	LOAD_ROWS = 2000,
	PACED_ROWS = 500,
	PAUSE_MS = 3,
	FLAT_OUT_SHARE = 100,	/* one commit of so many */
	THRESHOLD_PAGES = 1000, /* SQLite's default */
	WARNED_BYTES = 64 << 20,
	KEPT_BYTES = 16 << 20,
	LARGE_PAYLOAD = 60000,
	LARGE_STEP = 8 << 20,
};

static long long wal_size(const struct scene *s)
{
	struct stat st = {0};
	scoped_free char *path = xasprintf("%s-wal", s->fix->path);
	return stat(path, &st) ? -1 : (long long)st.st_size;
}

static void expect_whole(const struct scene *s)
{
	scoped_free char *said =
		outbox_text(s->fix->db, "PRAGMA integrity_check");
	assert_string_equal(said, "ok");
}

/* Stops the twin, which must have made checkpoints, and only good ones. */
static void stop_and_expect_discipline(struct scene *s)
{
	struct walspy_counts c = {0};
	proc_signal(&s->relay, SIGTERM);
	scoped_free char *line = proc_wait_line(&s->relay, PROC_ERR,
						"walspy: ", SCENE_DEADLINE_MS);
	assert_int_equal(proc_wait(&s->relay, SCENE_DEADLINE_MS), 0);
	assert_int_equal(sscanf(line,
				"walspy: checkpoints=%d writes=%d unguarded=%d "
				"let_go=%d slept=%d",
				&c.checkpoints, &c.writes, &c.unguarded,
				&c.let_go, &c.slept),
			 5);
	print_message("%s\n", line);
	assert_true(c.checkpoints > 0);
	assert_true(c.writes > 0);
	assert_int_equal(c.unguarded, 0);
	assert_int_equal(c.let_go, 0);
	assert_int_equal(c.slept, 0);
	expect_whole(s);
}

/* What a CRM's connection does by itself after each commit, and how often. */
struct threshold {
	int commits;
	int reached;
	int most_pages;
};

static int on_commit(void *ctx, sqlite3 *db, const char *name, int pages)
{
	struct threshold *t = ctx;
	t->commits++;
	t->most_pages = MAX(t->most_pages, pages);
	if (pages >= THRESHOLD_PAGES) {
		t->reached++;
		sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE,
					  NULL, NULL);
	}
	return SQLITE_OK;
}

/* Rows one after the other, each in a transaction: as fast as they go, or with
 * a pause after each as between the requests of a server. */
static struct threshold load(struct scene *s, const char *synchronous,
			     int pause_ms)
{
	struct threshold t = {0};
	outbox_exec(s->fix->db, "PRAGMA synchronous=%s", synchronous);
	sqlite3_wal_hook(s->fix->db, on_commit, &t);
	int64_t from_ms = clock_mono_ms();
	int rows = pause_ms ? PACED_ROWS : LOAD_ROWS;
	for (int i = 0; i < rows; i++) {
		scoped_free char *user = xasprintf("load-%d", i % 200);
		scene_insert(s, user);
		if (pause_ms)
			poll(NULL, 0, pause_ms);
	}
	int64_t took_ms = MAX(clock_mono_ms() - from_ms, INT64_C(1));
	sqlite3_wal_autocheckpoint(s->fix->db, THRESHOLD_PAGES);
	print_message("synchronous=%s: %d commits, %lld a second, at most %d "
		      "pages, threshold reached %d times\n",
		      synchronous, t.commits,
		      (long long)(t.commits * INT64_C(1000) / took_ms),
		      t.most_pages, t.reached);
	assert_int_equal(t.commits, rows);
	return t;
}

/* Ordinary transactions never reach the threshold. A loop that does nothing but
 * write leaves the relay hardly a moment for the lock: then it may happen. */
static void expect_threshold(struct scene *s)
{
	assert_int_equal(load(s, "FULL", PAUSE_MS).reached, 0);
	assert_int_equal(load(s, "OFF", PAUSE_MS).reached, 0);
	struct threshold t = load(s, "FULL", 0);
	assert_true(t.reached * FLAT_OUT_SHARE <= t.commits);
	t = load(s, "OFF", 0);
	assert_true(t.reached * FLAT_OUT_SHARE <= t.commits);
}

static void test_load(void **state)
{
	struct scene *s = *state;
	twin_start_ready(s, NULL);
	expect_threshold(s);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status <> 'delivered'",
		   "0");
	stop_and_expect_discipline(s);
}

static void test_load_while_held(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"token\",\"errcode\":40125,"
				 "\"times\":-1}]");
	twin_start_ready(s, NULL);
	expect_threshold(s);
	assert_int_equal(outbox_int(s->fix->db, "SELECT count(*) FROM outbox"
						" WHERE status <> 'pending'"),
			 0);
	stop_and_expect_discipline(s);
}

static void test_load_while_paused(void **state)
{
	struct scene *s = *state;
	twin_start_ready(s, NULL);
	outbox_exec(s->fix->db, "UPDATE outbox_channel SET state = 'paused'");
	expect_threshold(s);
	stop_and_expect_discipline(s);
}

/* Rows that are not due, until the WAL is that large. */
static void fill_wal(struct scene *s, long long bytes)
{
	scoped_free char *filler = xcalloc(LARGE_PAYLOAD + 1, 1);
	memset(filler, 'x', LARGE_PAYLOAD);
	while (wal_size(s) < bytes)
		outbox_exec(s->fix->db,
			    "INSERT INTO outbox (type, payload, due_at)"
			    " VALUES ('t', json_object('x', %Q),"
			    "         9999999999999)",
			    filler);
}

static long long warnings(const struct scene *s)
{
	return outbox_int(s->fix->db,
			  "SELECT count(*) FROM outbox_log WHERE event LIKE"
			  " 'the write-ahead log cannot shrink%%'");
}

/* No checkpoint waits for the reader: the spy would have seen a sleep. */
static void test_reader(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_HEARTBEAT=100ms", NULL};
	twin_start_ready(s, env);
	sqlite3 *reader = outbox_open(s->fix->path);
	outbox_exec(s->fix->db, "PRAGMA synchronous=OFF");
	outbox_exec(s->fix->db, "PRAGMA wal_autocheckpoint=0");
	outbox_exec(reader, "BEGIN");
	assert_int_equal(outbox_int(reader, "SELECT count(*) FROM outbox"), 0);
	fill_wal(s, WARNED_BYTES - LARGE_STEP);
	assert_int_equal(warnings(s), 0);
	fill_wal(s, WARNED_BYTES + LARGE_STEP);
	scene_wait(s,
		   "SELECT count(*) FROM outbox_log WHERE event LIKE"
		   " 'the write-ahead log cannot shrink%' AND level = 'warn'",
		   "1");
	assert_int_equal(outbox_int(reader, "SELECT count(*) FROM outbox"), 0);
	fill_wal(s, WARNED_BYTES + 2 * LARGE_STEP);
	/* Its rows are delivered all the same. */
	int64_t id = scene_insert(s, USER_BOUND);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "1");
	scene_expect_row(s, id, "delivered|1|0|0|-");
	assert_int_equal(warnings(s), 1);

	outbox_exec(reader, "COMMIT");
	int64_t until_ms = clock_mono_ms() + SCENE_DEADLINE_MS;
	while (wal_size(s) > KEPT_BYTES && clock_mono_ms() < until_ms)
		poll(NULL, 0, 5);
	print_message(
		"the file shrank to %lld bytes after %lld ms\n", wal_size(s),
		(long long)(clock_mono_ms() + SCENE_DEADLINE_MS - until_ms));
	assert_true(wal_size(s) <= KEPT_BYTES);
	outbox_close(reader);
	stop_and_expect_discipline(s);
}

/* What the spy is good for: it sees a checkpoint as others make it. */
static void test_spy(void **state)
{
	const struct scene *s = *state;
	sqlite3_vfs *real = sqlite3_vfs_find(NULL);
	walspy_install();
	sqlite3 *db = outbox_open(s->fix->path);
	sqlite3_vfs_register(real, 1);
	sqlite3 *reader = outbox_open(s->fix->path);
	scene_insert(*state, USER_BOUND);
	assert_int_equal(outbox_int(db, "SELECT count(*) FROM outbox"), 1);
	sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
				  NULL);
	struct walspy_counts c = walspy_counts();
	assert_int_equal(c.checkpoints, 1);
	assert_true(c.writes > 0);
	assert_int_equal(c.unguarded, 1 + c.writes);
	assert_int_equal(c.slept, 0);
	/* FULL waits for the reader with the lock in its hand. */
	outbox_exec(reader, "BEGIN");
	assert_int_equal(outbox_int(reader, "SELECT count(*) FROM outbox"), 1);
	scene_insert(*state, USER_BOUND);
	sqlite3_busy_timeout(db, 20);
	sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_FULL, NULL, NULL);
	assert_true(walspy_counts().slept > 0);
	outbox_close(reader);
	outbox_close(db);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_spy),
		SCENE_TEST(test_reader),
		SCENE_TEST(test_load),
		SCENE_TEST(test_load_while_held),
		SCENE_TEST(test_load_while_paused),
	};
	if (twin_is_wanted(argc, argv)) {
		walspy_install();
		return twin_run(argc, argv);
	}
	return cmocka_run_group_tests_name("wal", tests, NULL, NULL);
}
