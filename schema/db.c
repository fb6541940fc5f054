#include "schema/db.h"

#include "lib/log.h"
#include "lib/text.h"
#include "lib/util.h"
#include "schema/db_internal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void log_failure(const struct db *db, int code, const char *what)
{
	/* A migration is one long text. */
	scoped_free char *brief = xstrndup(what, text_fit_bytes(what, 80));
	log_error("database failed", LOG_STR("file", db->path),
		  LOG_STR("statement", brief),
		  LOG_STR("error", sqlite3_errmsg(db->handle)),
		  LOG_INT("code", code));
}

int db_outcome_of(struct db *db, int code, const char *what)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
		return DB_OK;
	case SQLITE_ROW:
		return DB_ROW;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return DB_BUSY;
	case SQLITE_FULL:
		return DB_FULL;
	case SQLITE_CONSTRAINT:
		return DB_REFUSED;
	default:
		log_failure(db, code, what);
		return -1;
	}
}

static int on_commit(void *ctx, sqlite3 *handle, const char *name, int pages)
{
	(void)handle;
	(void)name;
	((struct db *)ctx)->wal_pages = pages;
	return SQLITE_OK;
}

/* Every pragma is read back: SQLite passes over a misspelt one in silence. */
static int set_pragmas(struct db *db, bool is_reader)
{
	static const struct {
		const char *set, *get;
		int64_t want;
		bool for_readers;
	} pragmas[] = {
		{"PRAGMA synchronous=FULL", "PRAGMA synchronous", 2, false},
		{"PRAGMA wal_autocheckpoint=0", "PRAGMA wal_autocheckpoint", 0,
		 true},
		/* What a long reader made of the WAL is given back after it. */
		{"PRAGMA journal_size_limit=16777216",
		 "PRAGMA journal_size_limit", 16 << 20, false},
		{"PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys", 0, true},
		{"PRAGMA recursive_triggers=OFF", "PRAGMA recursive_triggers",
		 0, true},
		{"PRAGMA mmap_size=0", "PRAGMA mmap_size", 0, true},
		{"PRAGMA query_only=ON", "PRAGMA query_only", 1, true},
	};
	for (size_t i = 0; i < ARRAY_LEN(pragmas); i++) {
		bool is_query_only = i + 1 == ARRAY_LEN(pragmas);
		if (is_reader ? !pragmas[i].for_readers : is_query_only)
			continue;
		int64_t got = -1;
		int rc = db_exec(db, pragmas[i].set);
		if (rc == 0)
			rc = db_get_int(db, pragmas[i].get, -1, &got);
		if (rc)
			return rc;
		/* mmap_size answers nothing where it is compiled out. */
		if (got != pragmas[i].want && got != -1) {
			log_error("pragma did not take",
				  LOG_STR("file", db->path),
				  LOG_STR("pragma", pragmas[i].set),
				  LOG_INT("got", got));
			return -1;
		}
	}
	return 0;
}

int db_use_wal(struct db *db)
{
	int rc = db_exec(db, "PRAGMA journal_mode=WAL");
	if (rc)
		return rc;
	int64_t is_wal;
	rc = db_get_int(db,
			"SELECT journal_mode = 'wal'"
			"  FROM pragma_journal_mode",
			0, &is_wal);
	if (rc == 0 && !is_wal) {
		log_error("database cannot use a write-ahead log: is it on a "
			  "network file system?",
			  LOG_STR("file", db->path));
		return -1;
	}
	return rc;
}

/* A file that we made, and only that, gets auto_vacuum and WAL from us before
 * it has a page. WAL stays with the file, so others need not ask for it. */
static int set_up_new(struct db *db)
{
	int64_t pages;
	int rc = db_get_int(db, "PRAGMA page_count", 0, &pages);
	if (rc || pages > 0)
		return rc;
	rc = db_exec(db, "PRAGMA auto_vacuum=INCREMENTAL");
	return rc ? rc : db_use_wal(db);
}

static int configure(struct db *db, enum db_mode mode, int busy_ms)
{
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, busy_ms);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
			  NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	int rc = mode == DB_READ ? 0 : set_up_new(db);
	if (rc == 0)
		rc = set_pragmas(db, mode == DB_READ);
	if (rc)
		return rc;
	sqlite3_wal_hook(db->handle, on_commit, db);
	db->data_version =
		db_prepare(db, "data_version", "PRAGMA data_version");
	db->begin = db_prepare(db, "begin", "BEGIN IMMEDIATE");
	db->commit = db_prepare(db, "commit", "COMMIT");
	db->rollback = db_prepare(db, "rollback", "ROLLBACK");
	return 0;
}

/* Triggers that may refuse make SQLite keep a journal for each statement. By
 * default that begins with a buffer of 64 KiB, whose fresh pages cost half the
 * relay's time; our statements touch a few pages each and fit in memory. */
static void configure_library(void)
{
	static bool is_done;
	if (is_done)
		return;
	is_done = true;
	sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
	/* Nobody asks how much memory it has: no lock and sum each time. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int db_open(struct db **db_out, const char *path, enum db_mode mode,
	    int busy_ms)
{
	static const int flags[] = {
		[DB_READ] = SQLITE_OPEN_READWRITE,
		[DB_WRITE] = SQLITE_OPEN_READWRITE,
		[DB_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	};
	struct stat st;
	configure_library();
	if (mode != DB_CREATE && stat(path, &st) != 0)
		return DB_MISSING;

	struct db *db = xcalloc(1, sizeof(*db));
	db->path = xstrdup(path);
	db->seen_version = -1;
	int code = sqlite3_open_v2(path, &db->handle,
				   flags[mode] | SQLITE_OPEN_NOMUTEX, NULL);
	int rc = db_outcome_of(db, code, "open");
	if (rc == 0)
		rc = configure(db, mode, busy_ms);
	if (rc) {
		db_close(db);
		return rc;
	}
	*db_out = db;
	return 0;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	while (db->statements) {
		struct db_stmt *st = db->statements;
		db->statements = st->next;
		sqlite3_finalize(st->handle);
		free(st);
	}
	sqlite3_close(db->handle);
	free(db->path);
	free(db);
}

const char *db_path(const struct db *db)
{
	return db->path;
}

const char *db_message(const struct db *db)
{
	return sqlite3_errmsg(db->handle);
}

int db_exec(struct db *db, const char *sql)
{
	return db_outcome_of(
		db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL), sql);
}

int db_get_int(struct db *db, const char *sql, int64_t missing,
	       int64_t *value_out)
{
	sqlite3_stmt *st = NULL;
	int code = sqlite3_prepare_v2(db->handle, sql, -1, &st, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(st);
	int rc = db_outcome_of(db, code, sql);
	if (rc == DB_ROW || rc == DB_OK) {
		*value_out =
			rc == DB_ROW ? sqlite3_column_int64(st, 0) : missing;
		rc = DB_OK;
	}
	sqlite3_finalize(st);
	return rc;
}

void db_set_patience(struct db *db, int busy_ms)
{
	sqlite3_busy_timeout(db->handle, busy_ms);
}

int db_begin_at(struct db *db, const char *caller)
{
	if (db->in_transaction) {
		log_error("transaction inside a transaction",
			  LOG_STR("outer", db->in_transaction),
			  LOG_STR("inner", caller));
		abort();
	}
	int rc = db_run(db->begin);
	if (rc == 0)
		db->in_transaction = caller;
	return rc;
}

int db_commit(struct db *db)
{
	assert(db->in_transaction);
	for (struct db_stmt *st = db->statements; st; st = st->next)
		assert(st == db->commit || !sqlite3_stmt_busy(st->handle));
	int rc = db_run(db->commit);
	if (rc == 0)
		db->in_transaction = NULL;
	return rc;
}

void db_rollback(struct db *db)
{
	assert(db->in_transaction);
	db->in_transaction = NULL;
	/* SQLite has already rolled back after a full disk or an I/O error. */
	if (!sqlite3_get_autocommit(db->handle))
		db_run(db->rollback);
}

bool db_in_transaction(const struct db *db)
{
	return db->in_transaction && !sqlite3_get_autocommit(db->handle);
}

bool db_has_changed(struct db *db)
{
	scoped_stmt struct db_stmt *st = db->data_version;
	if (db_step(st) != DB_ROW)
		return false;
	int64_t version = db_int(st, 0);
	bool has_changed = version != db->seen_version;
	db->seen_version = version;
	return has_changed;
}

int64_t db_changes(const struct db *db)
{
	return sqlite3_changes64(db->handle);
}

int64_t db_last_id(const struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}
