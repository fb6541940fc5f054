/*
 * The CRM's side of the database: connections of its own, made with plain
 * sqlite3 and SQLite's default pragmas, that know nothing of schema/db.h.
 *
 * Statements that must succeed fail the test, with SQLite's words, if they do
 * not.
 */
#pragma once

#include <sqlite3.h>
#include <stdint.h>

/* Makes dir/name with schema_migrate, as outbox-relay init does. Returns its
 * path, which the caller frees. */
char *outbox_make(const char *dir, const char *name);

/* Opens a file as a CRM does, waiting up to 5 s for locks (the default of
 * Python and better-sqlite3). The caller ends it with outbox_close. */
sqlite3 *outbox_open(const char *path);
void outbox_close(sqlite3 *db);

/* Runs SQL that must succeed; formatted by sqlite3_vmprintf (%Q quotes). */
void outbox_exec(sqlite3 *db, const char *fmt, ...);

/* Runs SQL that a trigger or constraint must refuse. Returns what it said; the
 * caller frees. */
char *outbox_refused(sqlite3 *db, const char *fmt, ...);

/* INSERT INTO outbox (type, payload). Returns the row's id. */
int64_t outbox_insert(sqlite3 *db, const char *type, const char *payload);

/* The first column of the first row as a number, or as text (NULL: it is NULL
 * or there is no row; the caller frees). */
int64_t outbox_int(sqlite3 *db, const char *fmt, ...);
char *outbox_text(sqlite3 *db, const char *fmt, ...);

/* All rows as text, columns with '|' between and rows with '\n' after them,
 * NULL as "-". The caller frees. */
char *outbox_rows(sqlite3 *db, const char *fmt, ...);

/* Waits until a query's first value is `expected`, woken by writes to the WAL.
 * Returns NULL, or what it is when the deadline passes ("NULL" for none), for
 * the caller to free. */
char *outbox_await(sqlite3 *db, const char *sql, const char *expected,
		   int deadline_ms);

/* The same; the test fails, and shows the last value, if the deadline passes.
 */
void outbox_wait(sqlite3 *db, const char *sql, const char *expected,
		 int deadline_ms);
