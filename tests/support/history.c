#include "tests/support/history.h"

#include "lib/buf.h"
#include "tests/support/outbox.h"

enum { BUCKETS = 32 };

void history_add_rows(sqlite3 *db, const struct history_rows *rows)
{
	outbox_exec(db, "DROP TRIGGER IF EXISTS outbox_insert_check;"
			"DROP TRIGGER IF EXISTS outbox_insert_route");
	outbox_exec(db,
		    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
		    " SELECT i + 1 FROM n WHERE i < %d)"
		    " INSERT INTO outbox (type, payload, channel, status,"
		    " created_at, due_at, updated_at, last_reason, last_error)"
		    " SELECT 't', '{}', 'wechat-cloud', %Q, %lld, %lld, %lld,"
		    " %Q, replace(%Q, '$', 100000 + i) FROM n",
		    rows->count, rows->status, rows->created_ms, rows->due_ms,
		    rows->updated_ms, rows->error ? "wechat-busy" : NULL,
		    rows->error);
}

void history_add_minute(sqlite3 *db, int64_t minute_ms, const char *channel,
			int delivered, int rejected, int bucket)
{
	scoped_buf latency = {0};
	for (int i = 0; i < BUCKETS; i++)
		buf_addf(&latency, "%c%d", i ? ',' : '[',
			 i == bucket ? delivered : 0);
	buf_addc(&latency, ']');
	outbox_exec(db,
		    "INSERT OR REPLACE INTO outbox_minute VALUES"
		    " (%lld, %Q, %d, 9, 9, 9, %d, %Q)",
		    minute_ms, channel, delivered, rejected, buf_str(&latency));
}
