#include "schema/migrate.h"

#include "lib/buf.h"
#include "lib/util.h"

/* clang-format off */
static const char *const migrations[] = {
#include "schema/001_outbox.sql.h"
	,
#include "schema/002_console.sql.h"
	,
};
/* clang-format on */

int schema_version(void)
{
	return (int)ARRAY_LEN(migrations);
}

/* -1: something is named as ours is, and is not ours. */
static int read_version(struct db *db, int64_t *version_out)
{
	int64_t has_meta, has_outbox;
	int rc = db_get_int(
		db,
		"SELECT count(*) FROM pragma_table_info('outbox_meta')"
		" WHERE name IN ('key', 'value')",
		0, &has_meta);
	if (rc == 0)
		rc = db_get_int(db,
				"SELECT count(*) FROM sqlite_schema"
				" WHERE lower(name) IN"
				" ('outbox', 'outbox_meta')",
				0, &has_outbox);
	if (rc)
		return rc;
	if (has_meta < 2) {
		*version_out = has_outbox ? -1 : 0;
		return 0;
	}
	rc = db_get_int(db,
			"SELECT CAST(value AS INTEGER) FROM outbox_meta"
			" WHERE key = 'version'",
			-1, version_out);
	if (rc == 0 && *version_out < 1)
		*version_out = -1;
	return rc;
}

static enum schema_state classify(int64_t version)
{
	if (version < 0)
		return SCHEMA_FOREIGN;
	if (version == 0)
		return SCHEMA_MISSING;
	if (version > schema_version())
		return SCHEMA_NEWER;
	return version < schema_version() ? SCHEMA_OLDER : SCHEMA_CURRENT;
}

int schema_look(struct db *db, enum schema_state *state_out)
{
	int64_t version;
	int rc = read_version(db, &version);
	if (rc == 0)
		*state_out = classify(version);
	return rc;
}

static int apply_from(struct db *db, int64_t version)
{
	for (int64_t v = version; v < schema_version(); v++) {
		int rc = db_exec(db, migrations[v]);
		if (rc)
			return rc;
	}
	scoped_buf sql = {0};
	buf_addf(&sql,
		 "UPDATE outbox_meta SET value = '%d' WHERE key = 'version'",
		 schema_version());
	return db_exec(db, buf_str(&sql));
}

int schema_migrate(struct db *db, enum schema_state *state_out)
{
	int rc = schema_look(db, state_out);
	if (rc || *state_out == SCHEMA_NEWER || *state_out == SCHEMA_FOREIGN)
		return rc;
	rc = db_use_wal(db);
	if (rc || *state_out == SCHEMA_CURRENT)
		return rc;
	rc = db_begin(db);
	if (rc)
		return rc;
	int64_t version;
	rc = read_version(db, &version);
	if (rc == 0)
		*state_out = classify(version);
	if (rc == 0 &&
	    (*state_out == SCHEMA_MISSING || *state_out == SCHEMA_OLDER))
		rc = apply_from(db, version);
	if (rc == 0)
		rc = db_commit(db);
	if (db_in_transaction(db))
		db_rollback(db);
	return rc;
}

const char *schema_explain(enum schema_state state)
{
	switch (state) {
	case SCHEMA_CURRENT:
		return "the outbox is there and up to date";
	case SCHEMA_MISSING:
		return "there is no outbox in this file: run outbox-relay init";
	case SCHEMA_OLDER:
		return "the outbox was made by an older version: run "
		       "outbox-relay init";
	case SCHEMA_NEWER:
		return "the outbox was made by a newer version of "
		       "outbox-relay: install that version; nothing was "
		       "changed";
	case SCHEMA_FOREIGN:
		return "the file has a table named outbox that is not this "
		       "program's: use another file; nothing was changed";
	}
	return "";
}
