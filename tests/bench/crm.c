/*
 * The CRM's writer, at a steady pace, with a clock in its hand.
 *
 *	crm FILE ROWS A-SECOND SYNCHRONOUS
 *
 * Inserts so many rows into an outbox, each in a transaction of its own, with
 * SQLite's defaults but for SYNCHRONOUS (FULL or NORMAL) and the checkpoints,
 * which the README leaves to the relay. Half-way between two rows it writes a
 * page to a file beside the database and measures its fdatasync: what this disk
 * takes, at the same time and the same pace. On the same pages each time, so
 * that no metadata are written, which is the fastest that fdatasync can be.
 *
 * Prints a line a row: when its COMMIT returned (CLOCK_MONOTONIC, us), how long
 * that INSERT and COMMIT took, and how long the fdatasync after it.
 */
#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, PROBE_PAGES = 16 };

static void wait_until(int64_t us)
{
	struct timespec at = {.tv_sec = us / 1000000,
			      .tv_nsec = us % 1000000 * 1000};
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) ==
	       EINTR)
		;
}

static int open_probe(const char *db_path)
{
	static const char zeros[PAGE * PROBE_PAGES];
	scoped_free char *path = xasprintf("%s.probe", db_path);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, zeros, sizeof(zeros)), sizeof(zeros));
	assert_int_equal(fsync(fd), 0);
	return fd;
}

static int64_t probe(int fd, int row)
{
	char page[PAGE];
	memset(page, row, sizeof(page));
	off_t at = (off_t)(row % PROBE_PAGES) * PAGE;
	assert_int_equal(pwrite(fd, page, sizeof(page), at), sizeof(page));
	int64_t begun = clock_mono_us();
	assert_int_equal(fdatasync(fd), 0);
	return clock_mono_us() - begun;
}

static sqlite3_stmt *prepare(sqlite3 *db)
{
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(
		db,
		"INSERT INTO outbox (type, payload)"
		" VALUES ('sendCustomerAssignNotify',"
		"  json_object('assignedToId', 'load-crm-' || ?1,"
		"              'customerName', '张三', 'source', '手动分配',"
		"              'assignerName', '李四',"
		"              'customerId', '66f2a1c0e4b0a1d2c3b4a601',"
		"              'assignTime', '2025-12-24T10:30:00.000Z'))",
		-1, &st, NULL);
	assert_int_equal(rc, SQLITE_OK);
	return st;
}

/* One row; SQLite commits by itself, as it does for most CRMs. */
static void insert(sqlite3 *db, sqlite3_stmt *st, int row)
{
	sqlite3_bind_int(st, 1, row);
	int rc = sqlite3_step(st);
	if (rc != SQLITE_DONE)
		fail_msg("row %d: %s", row, sqlite3_errmsg(db));
	sqlite3_reset(st);
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fputs("usage: crm FILE ROWS A-SECOND SYNCHRONOUS\n", stderr);
		return 2;
	}
	int rows = atoi(argv[2]);
	int64_t every_us = 1000000 / atoi(argv[3]);
	sqlite3 *db = outbox_open(argv[1]);
	outbox_exec(db, "PRAGMA wal_autocheckpoint=0");
	outbox_exec(db, "PRAGMA synchronous=%s", argv[4]);
	sqlite3_stmt *st = prepare(db);
	int fd = open_probe(argv[1]);
	int64_t at_us = clock_mono_us() + every_us;
	for (int row = 0; row < rows; row++, at_us += every_us) {
		wait_until(at_us);
		int64_t begun = clock_mono_us();
		insert(db, st, row);
		int64_t committed = clock_mono_us();
		wait_until(at_us + every_us / 2);
		printf("%lld %lld %lld\n", (long long)committed,
		       (long long)(committed - begun),
		       (long long)probe(fd, row));
	}
	sqlite3_finalize(st);
	outbox_close(db);
	close(fd);
	return 0;
}
