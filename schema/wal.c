#include "schema/db_internal.h"

#include "lib/util.h"

int64_t db_wal_pages(const struct db *db)
{
	return db->wal_pages;
}

int db_checkpoint(struct db *db, struct db *helper, int64_t *left_out)
{
	int rc = db_begin(db);
	if (rc)
		return rc;
	int in_wal = 0, copied = 0;
	int code = sqlite3_wal_checkpoint_v2(helper->handle, NULL,
					     SQLITE_CHECKPOINT_PASSIVE, &in_wal,
					     &copied);
	rc = db_outcome_of(helper, code, "checkpoint");
	db_rollback(db);
	if (rc)
		return rc;
	*left_out = in_wal - copied;
	db->wal_pages = *left_out;
	return 0;
}

const char *db_sqlite_version(void)
{
	return sqlite3_libversion();
}

int db_sqlite_version_number(void)
{
	return sqlite3_libversion_number();
}

bool db_sqlite_is_fixed(int number)
{
	static const struct {
		int from, to;
	} fixed[] = {
		{3044006, 3045000},
		{3050007, 3051000},
		{3051003, 4000000},
	};
	for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
		if (number >= fixed[i].from && number < fixed[i].to)
			return true;
	}
	return false;
}
