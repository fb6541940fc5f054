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
#include "tests/support/steady.h"
#include "tests/support/tempdir.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START_MS INT64_C(2000000000000)

enum { HOUR_MS = 3600000, PAGE = 4096 };

static const struct scale {
	int64_t old_rows;
	int steps;	 /* of them, so many are measured */
	int minute_rows; /* a simulated minute */
} full = {1000000, 500, 600}, brief = {20000, 60, 60};

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

static double ms(int64_t us)
{
	return (double)us / 1000;
}

static void print_times(const char *what, int64_t *us, size_t count)
{
	qsort(us, count, sizeof(us[0]), compare);
	printf("  %-34s p50 %6.2f  p99 %6.2f  max %6.2f ms\n", what,
	       ms(us[count / 2]), ms(us[count * 99 / 100]), ms(us[count - 1]));
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
			"DELETE FROM outbox_attempt; DELETE FROM outbox;"
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
	assert_true(steps > 0);
	pages /= (int64_t)MAX(steps, 1);
	printf("%lld old rows; %zu steps took %lld of them, %lld pages each\n",
	       (long long)scale->old_rows, steps,
	       (long long)prune_totals(b.prune)->deleted[PRUNE_DELIVERED],
	       (long long)pages);
	print_times("write lock held by a step", us, steps);
	measure_disk(&b, (size_t)MAX(pages, 1), "as many pages and fdatasync",
		     us, steps);
	measure_disk(&b, 1, "one page and fdatasync", us, steps);
	bench_shrink(&b, us, (size_t)scale->steps);
	free(us);
	tear_down(&b);
}

/* What the file took after each hour must come to a rest. */
static bool bench_steady(const struct scale *scale)
{
	int64_t bytes[STEADY_HOURS];
	char *dir = tempdir_create("retention");
	printf("%d rows an hour, kept for one hour\n", scale->minute_rows * 60);
	steady_run(dir, scale->minute_rows, bytes);
	for (size_t i = 0; i < STEADY_HOURS; i++)
		printf("  hour %zu: %8.2f MiB\n", i + 1,
		       (double)bytes[i] / 1048576);
	tempdir_destroy(dir);
	return steady_is_steady(bytes);
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
