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
	LOAD_ROWS = 4000,
	THRESHOLD_PAGES = 1000, /* SQLite's default */
	WARNED_BYTES = 64 << 20,
	KEPT_BYTES = 16 << 20,
	LARGE_PAYLOAD = 60000,
	LARGE_ROWS = WARNED_BYTES / LARGE_PAYLOAD + 50,
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

/* Rows one after the other, each in a transaction, as fast as they go. */
static struct threshold load(struct scene *s, const char *synchronous, int rows)
{
	struct threshold t = {0};
	outbox_exec(s->fix->db, "PRAGMA synchronous=%s", synchronous);
	sqlite3_wal_hook(s->fix->db, on_commit, &t);
	int64_t from_ms = clock_mono_ms();
	for (int i = 0; i < rows; i++) {
		scoped_free char *user = xasprintf("load-%d", i % 200);
		scene_insert(s, user);
	}
	int64_t took_ms = MAX(clock_mono_ms() - from_ms, INT64_C(1));
	sqlite3_wal_autocheckpoint(s->fix->db, THRESHOLD_PAGES);
	print_message("synchronous=%s: %d commits, %lld a second, at most %d "
		      "pages, threshold reached %d times\n",
		      synchronous, t.commits,
		      (long long)(t.commits * INT64_C(1000) / took_ms),
		      t.most_pages, t.reached);
	return t;
}

static void test_load(void **state)
{
	struct scene *s = *state;
	twin_start_ready(s, NULL);
	struct threshold t = load(s, "FULL", LOAD_ROWS);
	assert_int_equal(t.reached, 0);
	load(s, "OFF", LOAD_ROWS);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status <> 'delivered'",
		   "0");
	stop_and_expect_discipline(s);
}

static void test_load_while_paused(void **state)
{
	struct scene *s = *state;
	twin_start_ready(s, NULL);
	outbox_exec(s->fix->db, "UPDATE outbox_channel SET state = 'paused'");
	struct threshold t = load(s, "FULL", LOAD_ROWS);
	assert_int_equal(t.reached, 0);
	load(s, "OFF", LOAD_ROWS);
	stop_and_expect_discipline(s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_load),
		SCENE_TEST(test_load_while_paused),
	};
	if (twin_is_wanted(argc, argv)) {
		walspy_install();
		return twin_run(argc, argv);
	}
	return cmocka_run_group_tests_name("wal", tests, NULL, NULL);
}
