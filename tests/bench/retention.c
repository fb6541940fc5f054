/*
 * What retention costs and what it is good for.
 *
 *	retention [short]
 *
 * 1. How long a step holds the write lock in a file of 1,000,000 rows that are
 *    all too old, beside what a write of as many pages and its fdatasync take
 *    on the same disk.
 * 2. The size of the file after each hour of a steady load, in simulated time:
 *    it must stop growing. Fails if it does not.
 */
#include "lib/clock.h"
#include "lib/util.h"
#include "relay/prune.h"
#include "tests/support/check.h"
#include "tests/support/outbox.h"
#include "tests/support/tempdir.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START_MS INT64_C(2000000000000)

enum { MINUTE_MS = 60000, HOUR_MS = 3600000, MINUTES = 60, PAGE = 4096 };

static const struct scale {
	int64_t old_rows;
	int steps;	 /* of them, so many are measured */
	int minute_rows; /* a simulated minute */
	int hours;
} full = {1000000, 500, 600, 6}, brief = {20000, 60, 60, 6};

struct bench {
	char *dir, *path; /* own, as is all below */
	struct db *db, *helper;
	struct prune *prune;
};

static void set_up(struct bench *b, const char *name)
{
	b->dir = tempdir_create("retention");
	b->path = outbox_make(b->dir, name);
	assert_int_equal(db_open(&b->db, b->path, DB_WRITE, 50), 0);
	assert_int_equal(db_open(&b->helper, b->path, DB_WRITE, 50), 0);
	b->prune = prune_create(b->db);
}

static void tear_down(struct bench *b)
{
	prune_destroy(b->prune);
	db_close(b->helper);
	db_close(b->db);
	free(b->path);
	tempdir_destroy(b->dir);
}

/* As the relay does. */
static void checkpoint(const struct bench *b)
{
	int64_t left;
	if (db_wal_pages(b->db) >= 400)
		assert_int_equal(db_checkpoint(b->db, b->helper, &left), 0);
}

static int compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void print_times(const char *what, int64_t *us, size_t count)
{
	qsort(us, count, sizeof(us[0]), compare);
	printf("  %-34s p50 %6.2f  p99 %6.2f  max %6.2f ms\n", what,
	       (double)us[count / 2] / 1000,
	       (double)us[count * 99 / 100] / 1000,
	       (double)us[count - 1] / 1000);
}

/* Writes of so many pages to the end of a file. */
static void measure_disk(const struct bench *b, size_t pages, const char *what,
			 int64_t *us, size_t count)
{
	scoped_free char *path = tempdir_path(b->dir, "disk");
	scoped_free char *data = xcalloc(pages, PAGE);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	for (size_t i = 0; i < count; i++) {
		memset(data, (int)i, pages * PAGE);
		int64_t begun = clock_mono_us();
		assert_int_equal(write(fd, data, pages * PAGE), pages * PAGE);
		assert_int_equal(fdatasync(fd), 0);
		us[i] = clock_mono_us() - begun;
	}
	close(fd);
	unlink(path);
	print_times(what, us, count);
}

/* Past the triggers of the CRM's INSERT, for the sake of time. */
static void fill(const struct bench *b, int64_t rows)
{
	sqlite3 *db = outbox_open(b->path);
	outbox_exec(db, "PRAGMA synchronous=OFF;"
			"DROP TRIGGER outbox_insert_check;"
			"DROP TRIGGER outbox_insert_route");
	outbox_exec(db,
		    "WITH RECURSIVE n(i) AS"
		    " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %lld)"
		    "INSERT INTO outbox (channel, type, payload, recipient,"
		    "  dedup_key, status, version, delivered_at)"
		    " SELECT 'wechat-cloud', 't',"
		    "   json_object('assignedToId', 'u' || i %% 500, 'text',"
		    "               hex(zeroblob(150))),"
		    "   'u' || i %% 500, hex(randomblob(12)), 'delivered', 2,"
		    "   %lld + i FROM n",
		    (long long)rows, (long long)START_MS);
	outbox_exec(db, "INSERT INTO outbox_attempt"
			" SELECT id, 1, 1, 1, delivered_at, 1, 'resp',"
			"   'delivered', 0, 'ok', 200, hex(zeroblob(50))"
			"   FROM outbox");
	outbox_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)");
	outbox_close(db);
}

/* All rows gone at once: how the file becomes smaller. */
static void bench_shrink(const struct bench *b, int64_t *us, size_t count)
{
	static const struct prune_rules rules = {0};
	int64_t before, after;
	size_t steps = 0;
	bool has_more = true;
	sqlite3 *db = outbox_open(b->path);
	outbox_exec(db, "PRAGMA synchronous=OFF; PRAGMA secure_delete=OFF;"
			"DROP TRIGGER outbox_delete_check;"
			"DROP TRIGGER outbox_delete_with;"
			"DROP TRIGGER outbox_release_deleted;"
			"DELETE FROM outbox_attempt WHERE outbox_id %% 100;"
			"DELETE FROM outbox WHERE id %% 100;"
			"PRAGMA wal_checkpoint(TRUNCATE)");
	outbox_close(db);
	assert_int_equal(db_get_int(b->db, "PRAGMA freelist_count", 0, &before),
			 0);
	while (has_more && steps < count) {
		assert_int_equal(
			prune_step(b->prune, &rules, START_MS, &has_more), 0);
		if (has_more)
			us[steps++] = prune_totals(b->prune)->held_us;
		checkpoint(b);
	}
	assert_int_equal(db_get_int(b->db, "PRAGMA freelist_count", 0, &after),
			 0);
	printf("%lld free pages; %zu steps gave %lld of them back\n",
	       (long long)before, steps, (long long)(before - after));
	if (steps)
		print_times("write lock held by a step", us, steps);
}

static void bench_lock(const struct scale *scale)
{
	struct bench b;
	struct prune_rules rules = {.keep_delivered_ms = HOUR_MS};
	int64_t *us = xcalloc((size_t)scale->steps, sizeof(us[0]));
	int64_t pages = 0;
	size_t steps = 0;
	bool has_more = true;
	set_up(&b, "lock.db");
	fill(&b, scale->old_rows);
	while (has_more && steps < (size_t)scale->steps) {
		int64_t in_wal = db_wal_pages(b.db);
		assert_int_equal(prune_step(b.prune, &rules,
					    START_MS + 100 * HOUR_MS,
					    &has_more),
				 0);
		if (has_more)
			us[steps++] = prune_totals(b.prune)->held_us;
		pages += db_wal_pages(b.db) - in_wal;
		checkpoint(&b);
	}
	printf("%lld old rows; %zu steps took %lld of them, %lld pages each\n",
	       (long long)scale->old_rows, steps,
	       (long long)prune_totals(b.prune)->deleted[PRUNE_DELIVERED],
	       (long long)pages / (long long)steps);
	print_times("write lock held by a step", us, steps);
	measure_disk(&b, (size_t)MAX(pages / (int64_t)steps, 1),
		     "as many pages and fdatasync", us, steps);
	measure_disk(&b, 1, "one page and fdatasync", us, steps);
	bench_shrink(&b, us, (size_t)scale->steps);
	free(us);
	tear_down(&b);
}

static void run_at(struct db_stmt *st, int64_t now_ms)
{
	db_bind(st, "$now", now_ms);
	assert_int_equal(db_run(st), 0);
}

/* A minute's rows: inserted by the CRM, claimed and delivered by the relay. */
struct load {
	struct db_stmt *insert, *claim, *deliver, *attempt, *log, *minute;
};

static void prepare(struct load *l, struct db *db)
{
	/* clang-format off */
	l->insert = db_prepare(db, "insert",
		"INSERT INTO outbox (type, payload, dedup_key)"
		" VALUES ('t', json_object('assignedToId', 'u' || abs(random() % 500),"
		"         'at', $now, 'text', hex(zeroblob(150))),"
		"         hex(randomblob(12)))");
	l->claim = db_prepare(db, "claim",
		"UPDATE outbox SET status = 'sending', version = version + 1,"
		" lease_no = lease_no + 1, updated_at = $now"
		" WHERE status = 'pending'");
	l->attempt = db_prepare(db, "attempt",
		"INSERT INTO outbox_attempt"
		" SELECT id, lease_no, 1, 1, $now, 1, 'resp', 'delivered', 0,"
		"        'ok', 200, hex(zeroblob(50))"
		"   FROM outbox WHERE status = 'sending'");
	l->deliver = db_prepare(db, "deliver",
		"UPDATE outbox SET status = 'delivered', version = version + 1,"
		" delivered_at = $now, updated_at = $now"
		" WHERE status = 'sending'");
	l->log = db_prepare(db, "log",
		"INSERT INTO outbox_log (at, level, event, fields)"
		" VALUES ($now, 'info', 'something happened', 'key=value')");
	l->minute = db_prepare(db, "minute",
		"INSERT INTO outbox_minute"
		" VALUES ($now, 'wechat-cloud', 600, 0, 0, 0, 0, '[0,1,2,3]')");
	/* clang-format on */
}

static void run_minute(const struct bench *b, const struct load *l, int rows,
		       int64_t now_ms)
{
	assert_int_equal(db_begin(b->db), 0);
	for (int i = 0; i < rows; i++)
		run_at(l->insert, now_ms);
	run_at(l->claim, now_ms);
	assert_int_equal(db_commit(b->db), 0);
	assert_int_equal(db_begin(b->db), 0);
	run_at(l->attempt, now_ms);
	run_at(l->deliver, now_ms);
	for (int i = 0; i < rows / 10; i++)
		run_at(l->log, now_ms);
	run_at(l->minute, now_ms);
	assert_int_equal(db_commit(b->db), 0);
	checkpoint(b);
}

static void prune_all(const struct bench *b, const struct prune_rules *rules,
		      int64_t now_ms)
{
	for (bool has_more = true; has_more;) {
		assert_int_equal(prune_step(b->prune, rules, now_ms, &has_more),
				 0);
		checkpoint(b);
	}
}

/* What the file took after each hour must come to a rest. */
static bool bench_steady(const struct scale *scale)
{
	static const struct prune_rules rules = {
		.keep_delivered_ms = HOUR_MS,
		.keep_log_ms = HOUR_MS,
		.keep_minutes_ms = HOUR_MS,
		.max_attempt_rows = 1000000,
	};
	struct bench b;
	struct load load;
	int64_t now_ms = START_MS, pages[16] = {0};
	set_up(&b, "steady.db");
	prepare(&load, b.db);
	printf("%d rows an hour, kept for one hour\n",
	       scale->minute_rows * MINUTES);
	for (int hour = 1; hour <= scale->hours; hour++) {
		for (int m = 0; m < MINUTES; m++) {
			now_ms += MINUTE_MS;
			run_minute(&b, &load, scale->minute_rows, now_ms);
			prune_all(&b, &rules, now_ms);
		}
		int64_t rows = 0;
		assert_int_equal(
			db_get_int(b.db, "PRAGMA page_count", 0, &pages[hour]),
			0);
		assert_int_equal(db_get_int(b.db, "SELECT count(*) FROM outbox",
					    0, &rows),
				 0);
		printf("  hour %d: %6lld rows, %8.2f MiB\n", hour,
		       (long long)rows, (double)pages[hour] * PAGE / 1048576);
	}
	tear_down(&b);
	return pages[6] * 10 <= pages[3] * 11;
}

int main(int argc, char **argv)
{
	bool is_short = argc > 1 && strcmp(argv[1], "short") == 0;
	const struct scale *scale = is_short ? &brief : &full;
	setvbuf(stdout, NULL, _IOLBF, 0);
	bench_lock(scale);
	if (bench_steady(scale))
		return EXIT_SUCCESS;
	puts("the file grows: more than a tenth from hour 3 to hour 6");
	return EXIT_FAILURE;
}
