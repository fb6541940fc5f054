/* What operators type behind /: either a condition that SQLite takes, the same
 * when its text is parsed again, or an error that points into the text. */
#include "lib/buf.h"
#include "lib/util.h"
#include "schema/message.h"
#include "tests/fuzz/fuzz.h"
#include "tui/filter.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static char *sql_of(const struct filter *f)
{
	struct buf sql = {0};
	buf_adds(&sql, "SELECT o.id FROM outbox AS o WHERE ");
	filter_sql(f, &sql);
	return buf_detach(&sql);
}

static sqlite3 *open_once(void)
{
	static sqlite3 *db;
	if (db)
		return db;
	sqlite3_open(":memory:", &db);
	sqlite3_exec(db,
		     "CREATE TABLE outbox (id INTEGER PRIMARY KEY, channel,"
		     " type, payload, recipient, ordering_key, dedup_key,"
		     " due_at, status, attempts, lease_owner, last_reason,"
		     " last_error, created_at, updated_at, delivered_at);"
		     "CREATE TABLE outbox_attempt (outbox_id, http_status);"
		     "CREATE TABLE outbox_audit (id, who, ids)",
		     NULL, NULL, NULL);
	return db;
}

static void check_sql(const char *sql)
{
	sqlite3_stmt *st = NULL;
	sqlite3 *db = open_once();
	int code = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
	if (code != SQLITE_OK)
		abort();
	sqlite3_finalize(st);
}

static void check_filter(const struct filter *f)
{
	struct filter *again = NULL;
	struct filter_error error;
	int rc = filter_parse(filter_text(f), &again, &error);
	assert(rc == 0);
	scoped_free char *sql = sql_of(f);
	scoped_free char *same = sql_of(again);
	assert(strcmp(sql, same) == 0);
	filter_destroy(again);
	check_sql(sql);
}

static void check_completion(const char *text, size_t cursor)
{
	static const char *const channels[] = {"alpha", "a \"b\"", NULL};
	struct filter_completion c;
	filter_complete(text, cursor, channels, &c);
	assert(c.from <= c.to && c.to <= strlen(text));
	for (size_t i = 0; i < c.count; i++)
		assert(c.texts[i] && *c.texts[i]);
	filter_completion_finish(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = fuzz_begin(data, size);
	size_t cursor = fuzz_take(&in, 96);
	scoped_free char *text = fuzz_take_rest(&in, NULL);
	struct filter *f = NULL;
	struct filter_error error;
	check_completion(text, cursor);
	if (filter_parse(text, &f, &error)) {
		assert(!f && error.at < strlen(text) && error.len > 0);
		assert(error.len <= strlen(text) - error.at);
		fuzz_check_clean(error.message);
		return 0;
	}
	check_filter(f);
	filter_destroy(f);
	return 0;
}
