#include "tests/support/outbox.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/util.h"
#include "schema/migrate.h"
#include "tests/support/check.h"
#include "tests/support/tempdir.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { BUSY_MS = 5000 };

char *outbox_make(const char *dir, const char *name)
{
	char *path = tempdir_path(dir, name);
	struct db *db = NULL;
	enum schema_state state;
	assert_int_equal(db_open(&db, path, DB_CREATE, BUSY_MS), 0);
	assert_int_equal(schema_migrate(db, &state), 0);
	db_close(db);
	return path;
}

sqlite3 *outbox_open(const char *path)
{
	sqlite3 *db = NULL;
	assert_int_equal(
		sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), 0);
	sqlite3_busy_timeout(db, BUSY_MS);
	return db;
}

void outbox_close(sqlite3 *db)
{
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static char *format(const char *fmt, va_list ap)
{
	char *sql = sqlite3_vmprintf(fmt, ap);
	assert_non_null(sql);
	return sql;
}

void outbox_exec(sqlite3 *db, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *sql = format(fmt, ap);
	va_end(ap);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sqlite3_errmsg(db), sql);
	sqlite3_free(sql);
}

char *outbox_refused(sqlite3 *db, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *sql = format(fmt, ap);
	va_end(ap);
	int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (code != SQLITE_CONSTRAINT)
		fail_msg("code %d instead of a refusal: %s", code, sql);
	sqlite3_free(sql);
	return xstrdup(sqlite3_errmsg(db));
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st = NULL;
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sqlite3_errmsg(db), sql);
	return st;
}

static bool step(sqlite3 *db, sqlite3_stmt *st)
{
	int code = sqlite3_step(st);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		fail_msg("%s: %s", sqlite3_errmsg(db), sqlite3_sql(st));
	return code == SQLITE_ROW;
}

int64_t outbox_insert(sqlite3 *db, const char *type, const char *payload)
{
	sqlite3_stmt *st = prepare(
		db, "INSERT INTO outbox (type, payload) VALUES (?1, ?2)");
	sqlite3_bind_text(st, 1, type, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, payload, -1, SQLITE_STATIC);
	step(db, st);
	sqlite3_finalize(st);
	return sqlite3_last_insert_rowid(db);
}

static char *first_value(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st = prepare(db, sql);
	char *value = NULL;
	if (step(db, st))
		value = xstrdup_or_null(
			(const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	return value;
}

int64_t outbox_int(sqlite3 *db, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *sql = format(fmt, ap);
	va_end(ap);
	scoped_free char *value = first_value(db, sql);
	if (!value)
		fail_msg("no value: %s", sql);
	sqlite3_free(sql);
	return strtoll(value, NULL, 10);
}

char *outbox_text(sqlite3 *db, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *sql = format(fmt, ap);
	va_end(ap);
	char *value = first_value(db, sql);
	sqlite3_free(sql);
	return value;
}

char *outbox_rows(sqlite3 *db, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *sql = format(fmt, ap);
	va_end(ap);
	sqlite3_stmt *st = prepare(db, sql);
	struct buf b = {0};
	while (step(db, st)) {
		for (int c = 0; c < sqlite3_column_count(st); c++) {
			const void *text = sqlite3_column_text(st, c);
			buf_adds(&b, c ? "|" : "");
			buf_adds(&b, text ? text : "-");
		}
		buf_addc(&b, '\n');
	}
	sqlite3_finalize(st);
	sqlite3_free(sql);
	return buf_detach(&b);
}

/* The event of a write comes before its commit can be seen, hence the cap. */
static void wait_for_write(int watch, int64_t left_ms)
{
	char events[4096];
	struct pollfd fd = {.fd = watch, .events = POLLIN};
	poll(&fd, 1, (int)MIN(left_ms, 5));
	while (read(watch, events, sizeof(events)) > 0)
		;
}

char *outbox_await(sqlite3 *db, const char *sql, const char *expected,
		   int deadline_ms)
{
	int64_t until = clock_mono_ms() + deadline_ms;
	int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	scoped_free char *wal =
		xasprintf("%s-wal", sqlite3_db_filename(db, "main"));
	inotify_add_watch(watch, wal, IN_MODIFY);
	for (;;) {
		char *value = first_value(db, sql);
		bool is_there = value && strcmp(value, expected) == 0;
		int64_t left = until - clock_mono_ms();
		if (is_there || left <= 0) {
			close(watch);
			if (!is_there)
				return value ? value : xstrdup("NULL");
			free(value);
			return NULL;
		}
		free(value);
		wait_for_write(watch, left);
	}
}

void outbox_wait(sqlite3 *db, const char *sql, const char *expected,
		 int deadline_ms)
{
	scoped_free char *last = outbox_await(db, sql, expected, deadline_ms);
	if (last)
		fail_msg("%s stays %s, not %s", sql, last, expected);
}
