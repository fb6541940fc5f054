/* What schema/db.c, stmt.c and wal.c share; nobody else includes it. */
#pragma once

#include "schema/db.h"

#include <sqlite3.h>

struct db_stmt {
	struct db *db; /* borrowed from its connection */
	sqlite3_stmt *handle;
	const char *name;
	struct db_stmt *next; /* own: the connection's list */
};

struct db {
	sqlite3 *handle;
	char *path;		    /* own */
	const char *in_transaction; /* who began it, or NULL */
	struct db_stmt *statements; /* own */
	struct db_stmt *data_version, *begin, *commit, *rollback;
	int64_t seen_version;
	int64_t wal_pages;
};

/* Turns a SQLite code into an outcome; logs what is a failure. `what` names the
 * statement or step. */
int db_outcome_of(struct db *db, int code, const char *what);
