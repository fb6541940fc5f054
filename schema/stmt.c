#include "lib/log.h"
#include "lib/util.h"
#include "schema/db_internal.h"

#include <assert.h>
#include <stdlib.h>

struct db_stmt *db_prepare(struct db *db, const char *name, const char *sql)
{
	struct db_stmt *st = xcalloc(1, sizeof(*st));
	*st = (struct db_stmt){.db = db, .name = name, .next = db->statements};
	db->statements = st;
	int code = sqlite3_prepare_v3(db->handle, sql, -1,
				      SQLITE_PREPARE_PERSISTENT, &st->handle,
				      NULL);
	if (code != SQLITE_OK) {
		log_error("statement cannot be prepared", LOG_STR("name", name),
			  LOG_STR("file", db->path),
			  LOG_STR("error", sqlite3_errmsg(db->handle)));
		abort();
	}
	return st;
}

void db_discard(struct db_stmt **st)
{
	if (!*st)
		return;
	struct db_stmt **link = &(*st)->db->statements;
	while (*link != *st)
		link = &(*link)->next;
	*link = (*st)->next;
	sqlite3_finalize((*st)->handle);
	free(*st);
	*st = NULL;
}

static int parameter(struct db_stmt *st, const char *name)
{
	int index = sqlite3_bind_parameter_index(st->handle, name);
	if (index == 0) {
		log_error("statement has no such parameter",
			  LOG_STR("statement", st->name),
			  LOG_STR("parameter", name));
		abort();
	}
	return index;
}

/* Binding only fails when it is used wrongly, or without memory. */
static void check(struct db_stmt *st, int code)
{
	if (code != SQLITE_OK) {
		log_error("parameter cannot be bound",
			  LOG_STR("statement", st->name),
			  LOG_STR("error", sqlite3_errstr(code)));
		abort();
	}
}

void db_bind_int(struct db_stmt *st, const char *name, int64_t value)
{
	check(st, sqlite3_bind_int64(st->handle, parameter(st, name), value));
}

void db_bind_text(struct db_stmt *st, const char *name, const char *value)
{
	check(st, sqlite3_bind_text(st->handle, parameter(st, name), value, -1,
				    SQLITE_TRANSIENT));
}

void db_bind_null(struct db_stmt *st, const char *name)
{
	check(st, sqlite3_bind_null(st->handle, parameter(st, name)));
}

int db_step(struct db_stmt *st)
{
	return db_outcome_of(st->db, sqlite3_step(st->handle), st->name);
}

int db_run(struct db_stmt *st)
{
	int rc = db_step(st);
	assert(rc != DB_ROW);
	db_reset(st);
	return rc;
}

int64_t db_int(struct db_stmt *st, int column)
{
	return sqlite3_column_int64(st->handle, column);
}

const char *db_text(struct db_stmt *st, int column)
{
	return (const char *)sqlite3_column_text(st->handle, column);
}

size_t db_text_len(struct db_stmt *st, int column)
{
	return (size_t)sqlite3_column_bytes(st->handle, column);
}

bool db_is_null(struct db_stmt *st, int column)
{
	return sqlite3_column_type(st->handle, column) == SQLITE_NULL;
}

void db_reset(struct db_stmt *st)
{
	sqlite3_reset(st->handle);
	sqlite3_clear_bindings(st->handle);
}

void db_reset_ptr(struct db_stmt **st)
{
	if (*st)
		db_reset(*st);
}
