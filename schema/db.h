/*
 * One connection to the outbox's database: opening it the way this project
 * needs (WAL, synchronous=FULL, no automatic checkpoint, a short busy timeout),
 * write transactions, and statements with parameters bound by name.
 *
 * The relay and the console reach the database through here alone; SQLite's
 * codes stop at this border. It knows nothing of what the tables mean.
 *
 * Outcomes: 0 done; DB_* > 0 as below, for the caller to handle; < 0 a failure
 * nobody can handle here, already logged.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct db_stmt;

enum db_outcome {
	DB_OK = 0,
	DB_ROW,	 /* a step produced a row */
	DB_BUSY, /* somebody else holds the lock: try again in the next tick */
	DB_FULL, /* the disk is full: try again when there is room */
	DB_REFUSED, /* a trigger or constraint said no; see db_message */
	DB_MISSING  /* no such file */
};

enum db_mode {
	DB_READ,  /* never writes; the file must exist */
	DB_WRITE, /* the file must exist */
	DB_CREATE /* makes the file if it is missing */
};

/* Opens the file. Pragmas are set and read back. With DB_CREATE a new file gets
 * incremental auto_vacuum and WAL. busy_ms is how long a statement may wait for
 * a lock. The caller ends it with db_close. Also DB_MISSING, DB_BUSY. */
int db_open(struct db **db_out, const char *path, enum db_mode mode,
	    int busy_ms);

/* Puts the file under a write-ahead log, which it keeps: others need not ask
 * for it. Does nothing if it is; a file that db_open made is. Also DB_BUSY. */
int db_use_wal(struct db *db);

/* Finishes all its statements. NULL is fine. Never checkpoints. */
void db_close(struct db *db);

/* The file's name as it was given. Borrowed. */
const char *db_path(const struct db *db);

/* What the last DB_REFUSED or failure on this connection said. Borrowed, valid
 * until the next call. */
const char *db_message(const struct db *db);

/* Runs SQL text that needs no parameters, one or more statements. */
int db_exec(struct db *db, const char *sql);

/* The first column of the first row of a query without parameters; 0 rows give
 * `missing`. */
int db_get_int(struct db *db, const char *sql, int64_t missing,
	       int64_t *value_out);

/* How long a statement waits for a lock from now on, in milliseconds. */
void db_set_patience(struct db *db, int busy_ms);

/* BEGIN IMMEDIATE, COMMIT, ROLLBACK. One transaction a verb; beginning inside
 * another one is a programming error that names both callers. A failed
 * db_commit leaves the transaction open: roll back. */
int db_begin_at(struct db *db, const char *caller);
int db_commit(struct db *db);
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);
#define db_begin(db) db_begin_at(db, __func__)

/* Whether another connection has committed since the last call; the first call
 * says yes. Costs microseconds. */
bool db_has_changed(struct db *db);

/* Pages that the WAL held after this connection's last commit. */
int64_t db_wal_pages(const struct db *db);

/* Copies the WAL into the file while `db` holds the write lock, with the
 * checkpointing done by `helper`, a second connection of this process: no
 * commit of anybody can then reset the WAL meanwhile (sqlite.org/wal.html, "the
 * WAL-reset bug"). PASSIVE, so it never waits for a reader. DB_BUSY: try later.
 * *left_out gets the pages that a reader kept in the WAL. */
int db_checkpoint(struct db *db, struct db *helper, int64_t *left_out);

/* The SQLite that is linked, as "3.40.1", and whether it has the fix of the
 * WAL-reset bug (3.51.3, and 3.50.7 and 3.44.6 of the older branches). */
const char *db_sqlite_version(void);
bool db_sqlite_is_fixed(int version_number);
int db_sqlite_version_number(void);

/* A prepared statement that lives as long as its connection. Wrong SQL is a
 * programming error: it is logged and the process ends. */
struct db_stmt *db_prepare(struct db *db, const char *name, const char *sql);

/* Ends one before its connection does, and clears the pointer; NULL is fine. */
void db_discard(struct db_stmt **st);

/* Bind by name, "$due". A name the statement lacks is a programming error. Text
 * is copied. NULL text binds NULL. */
void db_bind_int(struct db_stmt *st, const char *name, int64_t value);
void db_bind_text(struct db_stmt *st, const char *name, const char *value);
void db_bind_null(struct db_stmt *st, const char *name);
/* clang-format off */
#define db_bind(st, name, value) _Generic((value), \
	char *: db_bind_text, const char *: db_bind_text, \
	default: db_bind_int)((st), (name), (value))
/* clang-format on */

/* Advances: DB_ROW, or DB_OK at the end. */
int db_step(struct db_stmt *st);

/* Steps once, for statements that return no rows, and resets. */
int db_run(struct db_stmt *st);

/* Columns of the current row, from 0. Text is borrowed until the next step or
 * reset; NULL stays NULL. */
int64_t db_int(struct db_stmt *st, int column);
const char *db_text(struct db_stmt *st, int column);
size_t db_text_len(struct db_stmt *st, int column);
bool db_is_null(struct db_stmt *st, int column);

/* Rows that the last db_run changed. */
int64_t db_changes(const struct db *db);
int64_t db_last_id(const struct db *db);

/* Ends a query and forgets its parameters. For scoped use:
 * scoped_stmt struct db_stmt *st = ...; */
void db_reset(struct db_stmt *st);
void db_reset_ptr(struct db_stmt **st);
#define scoped_stmt __attribute__((cleanup(db_reset_ptr)))
