#include "tui/item_wait.h"

#include "lib/util.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	ATTEMPTS_MAX = 200,
	EVENTS_MAX = 50,
	AUDIT_LOOK = 2000, /* batches */
};

enum statement { ROW, ATTEMPTS, AUDIT, REVISIONS, STATEMENT_COUNT };

struct item_reader {
	struct db_stmt *st[STATEMENT_COUNT]; /* the connection's */
	struct item_waits *waits;	     /* own */
};

/* clang-format off */
static const char *const sql[] = {
	[ROW] =
		"SELECT " ROW_COLUMNS ", o.event_id, o.payload, o.unknowns,"
		"       o.interrupted, o.max_attempts IS NOT NULL,"
		"       c.max_attempts, c.is_order_held"
		"  FROM outbox AS o"
		"  LEFT JOIN outbox_channel AS c ON c.name = o.channel"
		" WHERE o.id = $id",
	[ATTEMPTS] =
		"SELECT lease_no, request_no, generation, started_at,"
		"       duration_us, code, http_status, stage, outcome, reason,"
		"       answer"
		"  FROM outbox_attempt"
		" WHERE outbox_id = $id"
		" ORDER BY lease_no DESC, request_no DESC"
		" LIMIT $limit",
	[AUDIT] =
		"SELECT at, who, action, reason, ids"
		"  FROM outbox_audit"
		" ORDER BY id DESC"
		" LIMIT $limit",
	[REVISIONS] =
		"SELECT count(*)"
		"  FROM outbox_revision"
		" WHERE outbox_id = $id",
};
/* clang-format on */
_Static_assert(ARRAY_LEN(sql) == STATEMENT_COUNT, "a text for each");

struct item_reader *item_reader_create(struct db *db)
{
	struct item_reader *r = xcalloc(1, sizeof(*r));
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		r->st[i] = db_prepare(db, "item", sql[i]);
	r->waits = item_waits_create(db);
	return r;
}

void item_reader_destroy(struct item_reader *r)
{
	if (!r)
		return;
	item_waits_destroy(r->waits);
	free(r);
}

void item_finish(struct item *item)
{
	row_finish(&item->row);
	free(item->event_id);
	free(item->payload);
	for (size_t i = 0; i < item->attempt_count; i++) {
		free(item->attempts[i].stage);
		free(item->attempts[i].outcome);
		free(item->attempts[i].reason);
		free(item->attempts[i].answer);
	}
	free(item->attempts);
	for (size_t i = 0; i < item->event_count; i++) {
		free(item->events[i].who);
		free(item->events[i].action);
		free(item->events[i].reason);
	}
	free(item->events);
	*item = (struct item){0};
}

static int read_row(struct item_reader *r, int64_t id, struct item *item,
		    bool *is_order_held)
{
	scoped_stmt struct db_stmt *st = r->st[ROW];
	enum { EVENT_ID = ROW_COLUMN_COUNT };
	db_bind(st, "$id", id);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc ? rc : ITEM_GONE;
	row_read(&item->row, st, 0);
	item->event_id = xstrdup(db_text(st, EVENT_ID));
	item->payload = xstrdup(db_text(st, EVENT_ID + 1));
	item->payload_len = strlen(item->payload);
	item->unknowns = db_int(st, EVENT_ID + 2);
	item->interrupted = db_int(st, EVENT_ID + 3);
	item->has_max_attempts = db_int(st, EVENT_ID + 4) != 0;
	if (!item->has_max_attempts)
		item->row.max_attempts = db_int(st, EVENT_ID + 5);
	*is_order_held = db_int(st, EVENT_ID + 6) != 0;
	return 0;
}

static void read_attempt(struct item_attempt *a, struct db_stmt *st)
{
	*a = (struct item_attempt){
		.lease_no = db_int(st, 0),
		.request_no = db_int(st, 1),
		.generation = db_int(st, 2),
		.started_at_ms = db_int(st, 3),
		.duration_us = db_int(st, 4),
		.code = db_int(st, 5),
		.http_status = db_int(st, 6),
		.stage = xstrdup(db_text(st, 7)),
		.outcome = xstrdup(db_text(st, 8)),
		.reason = xstrdup(db_text(st, 9)),
		.answer = xstrdup_or_null(db_text(st, 10)),
	};
}

static int read_attempts(struct item_reader *r, struct item *item)
{
	scoped_stmt struct db_stmt *st = r->st[ATTEMPTS];
	db_bind(st, "$id", item->row.id);
	db_bind(st, "$limit", ATTEMPTS_MAX + 1);
	int rc;
	while ((rc = db_step(st)) == DB_ROW) {
		if (item->attempt_count == ATTEMPTS_MAX) {
			item->has_more_attempts = true;
			return 0;
		}
		size_t count = item->attempt_count + 1;
		item->attempts = xrealloc(item->attempts,
					  count * sizeof(*item->attempts));
		read_attempt(&item->attempts[item->attempt_count++], st);
	}
	return rc;
}

/* Whether outbox_audit.ids, as schema/act.h writes it, has the row: [4,7] or
 * [[4,2,"failed","reason"],[7,...]], without blanks. Read as text, since
 * thousands of them are looked at. */
static bool has_id(const char *ids, const char *digits, size_t len)
{
	bool is_nested = strncmp(ids, "[[", 2) == 0;
	const char *at = ids + 1 + is_nested;
	if (ids[0] != '[')
		return false;
	for (; (at = strstr(at, digits)); at += len) {
		bool has_end = at[len] == ',' || at[len] == ']';
		bool has_begin = is_nested
					 ? at[-1] == '[' && strchr("[,", at[-2])
					 : strchr("[,", at[-1]) != NULL;
		if (has_begin && has_end)
			return true;
	}
	return false;
}

static void add_event(struct item *item, struct db_stmt *st)
{
	size_t count = item->event_count + 1;
	item->events = xrealloc(item->events, count * sizeof(*item->events));
	item->events[item->event_count++] = (struct item_event){
		.at_ms = db_int(st, 0),
		.who = xstrdup(db_text(st, 1)),
		.action = xstrdup(db_text(st, 2)),
		.reason = xstrdup_or_null(db_text(st, 3)),
	};
}

static int read_events(struct item_reader *r, struct item *item)
{
	scoped_stmt struct db_stmt *st = r->st[AUDIT];
	scoped_free char *digits = xasprintf("%lld", (long long)item->row.id);
	size_t len = strlen(digits);
	db_bind(st, "$limit", AUDIT_LOOK);
	int rc;
	while ((rc = db_step(st)) == DB_ROW) {
		const char *ids = db_text(st, 4);
		if (!ids || !has_id(ids, digits, len))
			continue;
		add_event(item, st);
		if (item->event_count == EVENTS_MAX)
			return 0;
	}
	return rc;
}

static int read_revisions(struct item_reader *r, struct item *item)
{
	scoped_stmt struct db_stmt *st = r->st[REVISIONS];
	db_bind(st, "$id", item->row.id);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	item->revision_count = (size_t)db_int(st, 0);
	return 0;
}

int item_read(struct item_reader *r, int64_t id, struct item *out,
	      int64_t now_ms)
{
	struct item item = {.read_at_ms = now_ms};
	bool is_order_held = false;
	int rc = read_row(r, id, &item, &is_order_held);
	if (rc == 0)
		rc = read_attempts(r, &item);
	if (rc == 0)
		rc = read_events(r, &item);
	if (rc == 0)
		rc = read_revisions(r, &item);
	if (rc == 0)
		rc = item_waits_look(r->waits, &item, is_order_held);
	if (rc) {
		item_finish(&item);
		return rc;
	}
	item_finish(out);
	*out = item;
	return 0;
}
