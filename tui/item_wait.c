#include "tui/item_wait.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum { WIRE_LOOK = 2000 };

enum statement {
	ON_WIRE,
	WAITS_BEFORE,
	EARLIER_IN_ORDER,
	EARLIER_FAILED,
	STATEMENT_COUNT
};

struct item_waits {
	struct db_stmt *st[STATEMENT_COUNT]; /* the connection's */
};

/* clang-format off */
static const char *const sql[] = {
	[ON_WIRE] =
		"SELECT id"
		"  FROM (SELECT id, recipient"
		"          FROM outbox"
		"         WHERE status = 'sending'"
		"         ORDER BY id"
		"         LIMIT $limit)"
		" WHERE recipient = $recipient"
		" LIMIT 1",
	[WAITS_BEFORE] =
		"SELECT id"
		"  FROM outbox"
		" WHERE status = 'pending'"
		"   AND waits_for = 'recipient'"
		"   AND recipient = $recipient"
		"   AND channel = $channel"
		" ORDER BY priority DESC, due_at, id"
		" LIMIT 1",
	[EARLIER_IN_ORDER] =
		"SELECT id"
		"  FROM outbox"
		" WHERE ordering_key = $key"
		"   AND status IN ('pending', 'sending')"
		"   AND id < $id"
		" ORDER BY id"
		" LIMIT 1",
	[EARLIER_FAILED] =
		"SELECT id"
		"  FROM outbox"
		" WHERE ordering_key = $key"
		"   AND status = 'failed'"
		"   AND id < $id"
		" ORDER BY id"
		" LIMIT 1",
};
/* clang-format on */
_Static_assert(ARRAY_LEN(sql) == STATEMENT_COUNT, "a text for each");

struct item_waits *item_waits_create(struct db *db)
{
	struct item_waits *w = xcalloc(1, sizeof(*w));
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		w->st[i] = db_prepare(db, "item_wait", sql[i]);
	return w;
}

void item_waits_destroy(struct item_waits *w)
{
	free(w);
}

/* The first row of a query whose parameters are bound becomes the blocker. */
static int look(struct db_stmt *borrowed, enum item_wait wait,
		struct item *item)
{
	scoped_stmt struct db_stmt *st = borrowed;
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	if (db_int(st, 0) != item->row.id) {
		item->blocker = db_int(st, 0);
		item->wait = wait;
	}
	return 0;
}

static int look_for_order(struct item_waits *w, struct item *item,
			  bool is_order_held)
{
	static const enum statement which[] = {EARLIER_IN_ORDER,
					       EARLIER_FAILED};
	static const enum item_wait waits[] = {ITEM_ORDER, ITEM_ORDER_FAILED};
	int rc = 0;
	int count = is_order_held ? 2 : 1;
	for (int i = 0; i < count && rc == 0 && !item->blocker; i++) {
		struct db_stmt *st = w->st[which[i]];
		db_bind(st, "$key", item->row.ordering_key);
		db_bind(st, "$id", item->row.id);
		rc = look(st, waits[i], item);
	}
	return rc;
}

static int look_for_recipient(struct item_waits *w, struct item *item)
{
	struct db_stmt *st = w->st[ON_WIRE];
	db_bind(st, "$recipient", item->row.recipient);
	db_bind(st, "$limit", WIRE_LOOK);
	int rc = look(st, ITEM_RECIPIENT_ON_WIRE, item);
	if (rc || item->blocker || !item->row.waits_for)
		return rc;
	st = w->st[WAITS_BEFORE];
	db_bind(st, "$recipient", item->row.recipient);
	db_bind(st, "$channel", item->row.channel);
	item->wait = ITEM_RECIPIENT_BEFORE; /* whether it is found or not */
	return look(st, ITEM_RECIPIENT_BEFORE, item);
}

/* What the row was parked for comes first. */
int item_waits_look(struct item_waits *w, struct item *item, bool is_order_held)
{
	const struct row *row = &item->row;
	bool is_parked_for_order =
		row->waits_for && strcmp(row->waits_for, "order") == 0;
	bool is_parked_for_recipient = row->waits_for && !is_parked_for_order;
	int rc = 0;
	if (row->status != MESSAGE_PENDING)
		return 0;
	if (row->recipient && is_parked_for_recipient)
		rc = look_for_recipient(w, item);
	if (rc == 0 && !item->blocker && row->ordering_key)
		rc = look_for_order(w, item, is_order_held);
	if (rc == 0 && !item->blocker && row->recipient && !row->waits_for)
		rc = look_for_recipient(w, item);
	return rc;
}
