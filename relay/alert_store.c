#include "relay/alert_store.h"

#include "lib/log.h"
#include "lib/util.h"
#include "relay/alert_json.h"

#include <stdlib.h>
#include <string.h>

static const char meta_key[] = "alerts";

/* Alerts go before everything else. */
enum { PRIORITY = 9 };

enum statement {
	OLDEST,
	FAILED,
	FAILED_REASON,
	READY,
	PENDING,
	IS_LOST,
	INSERT,
	SAVE,
	LOAD,
	STATEMENT_COUNT
};

/* clang-format off */
static const char *const names[] = {
	"OLDEST", "FAILED", "FAILED_REASON", "READY", "PENDING", "IS_LOST",
	"INSERT", "SAVE", "LOAD",
};

/* Rows of one state that will not be sent, by the index outbox_settled. */
#define LOST(state) \
	"SELECT last_reason, updated_at" \
	"  FROM outbox" \
	" WHERE status = '" state "'" \
	"   AND updated_at BETWEEN $from AND $now" \
	"   AND type <> $type"

static const char *const sql[] = {
	/* One seek a priority. */
	[OLDEST] =
		"SELECT min((SELECT due_at"
		"              FROM outbox"
		"             WHERE channel = $channel"
		"               AND priority = p.value"
		"               AND status = 'pending'"
		"               AND waits_for IS NULL"
		"               AND due_at <= $now"
		"               AND type <> $type"
		"             ORDER BY due_at, id"
		"             LIMIT 1))"
		"  FROM json_each('[0,1,2,3,4,5,6,7,8,9]') AS p",
	[FAILED] =
		"SELECT count(*)"
		"  FROM (" LOST("failed")
		"         UNION ALL "
		LOST("expired")
		"         LIMIT $most)",
	[FAILED_REASON] =
		"SELECT last_reason"
		"  FROM (" LOST("failed")
		"         UNION ALL "
		LOST("expired")
		"         ORDER BY updated_at DESC"
		"         LIMIT $most)"
		" GROUP BY last_reason"
		" ORDER BY count(*) DESC"
		" LIMIT 1",
	[READY] =
		"SELECT count(*)"
		"  FROM (SELECT 1"
		"          FROM outbox"
		"         WHERE channel = $channel"
		"           AND status = 'pending'"
		"           AND waits_for IS NULL"
		"         LIMIT $most)",
	[PENDING] =
		"SELECT count(*)"
		"  FROM (SELECT channel"
		"          FROM outbox"
		"         WHERE status = 'pending'"
		"         ORDER BY id"
		"         LIMIT $most)"
		" WHERE channel = $channel",
	[IS_LOST] =
		"SELECT 1"
		"  FROM outbox"
		" WHERE dedup_key = $key"
		"   AND status = 'expired'",
	[INSERT] =
		"INSERT INTO outbox"
		" (channel, type, payload, ordering_key, dedup_key, priority,"
		"  due_at, expires_at)"
		" VALUES ($channel, $type, $payload, $order, $key, $priority,"
		"  $due, $expires)"
		" ON CONFLICT (dedup_key) DO NOTHING",
	[SAVE] =
		"INSERT INTO outbox_meta (key, value)"
		" VALUES ($key, $value)"
		" ON CONFLICT (key) DO UPDATE SET value = excluded.value",
	[LOAD] =
		"SELECT value"
		"  FROM outbox_meta"
		" WHERE key = $key",
};
/* clang-format on */
_Static_assert(ARRAY_LEN(sql) == STATEMENT_COUNT, "a text for each");
_Static_assert(ARRAY_LEN(names) == STATEMENT_COUNT, "a name for each");

const char *alert_store_sql(size_t index)
{
	return index < ARRAY_LEN(sql) ? sql[index] : NULL;
}

struct alert_store {
	struct db *db; /* borrowed */
	struct db_stmt *st[STATEMENT_COUNT];
};

struct alert_store *alert_store_create(struct db *db)
{
	struct alert_store *s = xcalloc(1, sizeof(*s));
	s->db = db;
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		s->st[i] = db_prepare(db, names[i], sql[i]);
	return s;
}

void alert_store_destroy(struct alert_store *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		db_discard(&s->st[i]);
	free(s);
}

/* The first column of the one row that the statement has, or `missing`. */
static int get(struct db_stmt *statement, int64_t missing, int64_t *value_out)
{
	scoped_stmt struct db_stmt *st = statement;
	int rc = db_step(st);
	if (rc != DB_ROW && rc != DB_OK)
		return rc;
	bool has_value = rc == DB_ROW && !db_is_null(st, 0);
	*value_out = has_value ? db_int(st, 0) : missing;
	return 0;
}

int alert_store_oldest(struct alert_store *s, const char *channel,
		       int64_t now_ms, int64_t *due_out)
{
	struct db_stmt *st = s->st[OLDEST];
	db_bind(st, "$channel", channel);
	db_bind(st, "$now", now_ms);
	db_bind(st, "$type", ALERT_TYPE);
	return get(st, INT64_MAX, due_out);
}

static void bind_failed(struct db_stmt *st, int64_t from_ms, int64_t now_ms,
			int64_t most)
{
	db_bind(st, "$from", from_ms);
	db_bind(st, "$now", now_ms);
	db_bind(st, "$type", ALERT_TYPE);
	db_bind(st, "$most", most);
}

int alert_store_failed(struct alert_store *s, int64_t from_ms, int64_t now_ms,
		       int64_t most, int64_t *count_out)
{
	bind_failed(s->st[FAILED], from_ms, now_ms, most);
	return get(s->st[FAILED], 0, count_out);
}

int alert_store_failed_reason(struct alert_store *s, int64_t from_ms,
			      int64_t now_ms, enum reason *reason_out)
{
	scoped_stmt struct db_stmt *st = s->st[FAILED_REASON];
	bind_failed(st, from_ms, now_ms, ALERT_COUNT_MAX);
	int rc = db_step(st);
	if (rc != DB_ROW && rc != DB_OK)
		return rc;
	*reason_out = rc == DB_ROW ? reason_find(db_text(st, 0)) : REASON_NONE;
	return 0;
}

int alert_store_waiting(struct alert_store *s, const char *channel,
			int64_t *count_out)
{
	static const enum statement both[] = {READY, PENDING};
	int64_t most = 0;
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		struct db_stmt *st = s->st[both[i]];
		int64_t count = 0;
		db_bind(st, "$channel", channel);
		db_bind(st, "$most", ALERT_COUNT_MAX);
		int rc = get(st, 0, &count);
		if (rc)
			return rc;
		most = MAX(most, count);
	}
	*count_out = most;
	return 0;
}

int alert_store_is_lost(struct alert_store *s, const char *key,
			bool *is_lost_out)
{
	int64_t value = 0;
	db_bind(s->st[IS_LOST], "$key", key);
	int rc = get(s->st[IS_LOST], 0, &value);
	if (rc == 0)
		*is_lost_out = value != 0;
	return rc;
}

int alert_store_insert(struct alert_store *s, const struct alert_row *row)
{
	struct db_stmt *st = s->st[INSERT];
	db_bind(st, "$channel", row->channel);
	db_bind(st, "$type", ALERT_TYPE);
	db_bind(st, "$payload", row->payload);
	db_bind(st, "$order", row->order);
	db_bind(st, "$key", row->key);
	db_bind(st, "$priority", PRIORITY);
	db_bind(st, "$due", row->due_ms);
	db_bind(st, "$expires", row->expires_ms);
	return db_run(st);
}

int alert_store_save(struct alert_store *s, const struct alert_book *book,
		     const struct alert_time *now)
{
	scoped_free char *json = alert_json_print(book, now);
	db_bind(s->st[SAVE], "$key", meta_key);
	db_bind(s->st[SAVE], "$value", json);
	return db_run(s->st[SAVE]);
}

int alert_store_load(struct alert_store *s, const struct alert_time *now,
		     struct alert_book *out)
{
	scoped_stmt struct db_stmt *st = s->st[LOAD];
	db_bind(st, "$key", meta_key);
	int rc = db_step(st);
	if (rc != DB_ROW && rc != DB_OK)
		return rc;
	*out = (struct alert_book){0};
	if (rc == DB_ROW && alert_json_parse(db_text(st, 0), now, out))
		log_warn("what was told of trouble cannot be read: it may be "
			 "told again");
	return 0;
}
