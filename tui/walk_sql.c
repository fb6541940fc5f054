/*
 * The statements of walks. Each goes along one index, or a few whose rows
 * SQLite merges, from a place on; it never sorts more than KEY_ROWS.
 *
 * Whether a row passes the filter is a column of the result, not a condition: a
 * filter that matches one row in a million must not keep a slice from ending.
 */
#include "tui/walk_internal.h"

#include "lib/util.h"

enum { KEY_ROWS = 1000 };

#define STATE(s) (1u << MESSAGE_##s)
#define LIVE	 (STATE(PENDING) | STATE(SENDING))

/* The orders that lists can have; of each list its own comes first. */
static const struct order {
	enum list_kind kind;
	enum list_sort sort;
	unsigned states;
	bool is_descending;
	const char *key;
} orders[] = {
	{LIST_PENDING, SORT_DUE, STATE(PENDING), false, "due_at"},
	{LIST_PENDING, SORT_ID, STATE(PENDING), false, "id"},
	{LIST_SENDING, SORT_ID, STATE(SENDING), false, "id"},
	{LIST_FAILED, SORT_UPDATED, STATE(FAILED) | STATE(EXPIRED), true,
	 "updated_at"},
	{LIST_DELIVERED, SORT_UPDATED, STATE(DELIVERED), true, "delivered_at"},
	{LIST_ALL, SORT_ID, (1u << MESSAGE_STATUS_COUNT) - 1, true, "id"},
};

/* The index that has a state's rows in the order of a column. */
static const struct {
	enum message_status status;
	enum list_sort sort;
	const char *name;
} indexes[] = {
	{MESSAGE_PENDING, SORT_DUE, "outbox_agenda"},
	{MESSAGE_PENDING, SORT_ID, "outbox_pending"},
	{MESSAGE_SENDING, SORT_ID, "outbox_sending"},
	{MESSAGE_FAILED, SORT_UPDATED, "outbox_settled"},
	{MESSAGE_EXPIRED, SORT_UPDATED, "outbox_settled"},
	{MESSAGE_DELIVERED, SORT_UPDATED, "outbox_delivered"},
};

static const struct order *find_order(enum list_kind kind, enum list_sort sort)
{
	const struct order *own = NULL;
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		if (orders[i].kind != kind)
			continue;
		if (orders[i].sort == sort)
			return &orders[i];
		own = own ? own : &orders[i];
	}
	return own;
}

bool rows_can_sort(enum list_kind kind, enum list_sort sort)
{
	return find_order(kind, sort)->sort == sort;
}

enum list_sort rows_own_sort(enum list_kind kind)
{
	return find_order(kind, SORT_COUNT)->sort;
}

static const char *find_index(enum message_status status, enum list_sort sort)
{
	for (size_t i = 0; i < ARRAY_LEN(indexes); i++) {
		if (indexes[i].status == status && indexes[i].sort == sort)
			return indexes[i].name;
	}
	return NULL;
}

/* What the parts of one statement have in common. */
struct making {
	struct walk_plan *plan;
	const struct walk_query *query;
	const struct order *order;
	unsigned states;    /* that the list has and the filter leaves */
	unsigned looked_up; /* those whose rows come by their key */
	const char *filter;
	size_t parts;
};

static void add_columns(const struct making *m, struct buf *sql)
{
	buf_addf(sql, "SELECT o.%s, o.id, (%s) FROM ", m->order->key,
		 m->filter);
}

static void add_states(struct buf *sql, unsigned states)
{
	const char *between = " AND (";
	for (int s = 0; s < MESSAGE_STATUS_COUNT; s++) {
		if (!(states & 1u << s))
			continue;
		buf_addf(sql, "%so.status = '%s'", between,
			 message_status_name((enum message_status)s));
		between = " OR ";
	}
	buf_addc(sql, ')');
}

static void add_fence(const struct making *m, struct buf *sql)
{
	if (m->query->fence)
		buf_adds(sql, " AND o.id <= $fence");
}

static void begin_part(struct making *m)
{
	buf_adds(&m->plan->scan, m->parts++ ? " UNION ALL " : "");
	add_columns(m, &m->plan->scan);
}

/* One stretch of a table or an index: from `place` on. */
static void add_stretch(struct making *m, const char *index, unsigned states,
			const char *place)
{
	struct buf *sql = &m->plan->scan;
	begin_part(m);
	buf_addf(sql, "outbox AS o%s%s WHERE %s", index ? " INDEXED BY " : "",
		 index ? index : " NOT INDEXED", place);
	if (index)
		add_states(sql, states);
	add_fence(m, sql);
}

/* SQLite finds the place behind (key, id) in an index on key in two steps only:
 * the rest of those with that key, and those behind it. */
static void add_index(struct making *m, const char *index, unsigned states)
{
	bool is_descending = m->plan->is_descending;
	if (!m->plan->has_key) {
		add_stretch(m, index, states,
			    is_descending ? "o.id < $id" : "o.id > $id");
		return;
	}
	scoped_free char *tie =
		xasprintf("o.%s = $key AND o.id %c $id", m->order->key,
			  is_descending ? '<' : '>');
	scoped_free char *rest = xasprintf("o.%s %c $key", m->order->key,
					   is_descending ? '<' : '>');
	add_stretch(m, index, states, tie);
	add_stretch(m, index, states, rest);
}

/* The few rows that `source` names by their ids. */
static void add_few(struct making *m, const char *source, unsigned states)
{
	struct buf *sql = &m->plan->scan;
	char sign = m->plan->is_descending ? '<' : '>';
	begin_part(m);
	buf_addf(sql,
		 "(%s) AS few CROSS JOIN outbox AS o NOT INDEXED"
		 " WHERE o.id = few.id",
		 source);
	if (m->plan->has_key)
		buf_addf(sql, " AND (o.%s, o.id) %c ($key, $id)", m->order->key,
			 sign);
	else
		buf_addf(sql, " AND o.id %c $id", sign);
	add_states(sql, states);
	add_fence(m, sql);
}

static const char by_key[] =
	"SELECT x.id AS id FROM outbox AS x WHERE x.dedup_key = $only"
	" UNION SELECT x.id FROM outbox AS x INDEXED BY outbox_order"
	" WHERE x.ordering_key = $only"
	"   AND x.status IN ('pending', 'sending')"
	" UNION SELECT x.id FROM outbox AS x INDEXED BY outbox_order_failed"
	" WHERE x.ordering_key = $only AND x.status = 'failed'";

/* Whether so few rows have the key that they can be sorted in each slice. */
static bool has_few(struct db *db, const char *key)
{
	scoped_free char *sql = xasprintf("SELECT count(*) FROM (%s LIMIT %d)",
					  by_key, KEY_ROWS + 1);
	struct db_stmt *st = db_prepare(db, "walk_key", sql);
	db_bind(st, "$only", key);
	bool is_few = db_step(st) == DB_ROW && db_int(st, 0) <= KEY_ROWS;
	db_discard(&st);
	return is_few;
}

/* By its key no index knows a row that is neither live nor failed. */
static void look_up(struct making *m, struct db *db)
{
	const struct filter *filter = m->query->filter;
	const char *key = filter ? filter_key(filter) : NULL;
	unsigned known = m->states & (LIVE | STATE(FAILED));
	bool is_all = m->query->kind == LIST_ALL && known != m->states;
	if (!key || !known || is_all || !has_few(db, key))
		return;
	m->plan->only_key = key;
	m->looked_up = known;
	add_few(m, by_key, known);
}

static void add_parts(struct making *m, struct db *db)
{
	const struct filter *filter = m->query->filter;
	m->plan->only_id = filter ? filter_id(filter) : 0;
	if (m->plan->only_id) {
		add_few(m, "SELECT $only AS id", m->states);
		return;
	}
	look_up(m, db);
	unsigned left = m->states & ~m->looked_up;
	if (m->query->kind == LIST_ALL && left & ~LIVE) {
		add_index(m, NULL, left);
		return;
	}
	for (int s = 0; s < MESSAGE_STATUS_COUNT; s++) {
		if (left & 1u << s)
			add_index(m,
				  find_index((enum message_status)s,
					     m->order->sort),
				  1u << s);
	}
}

void walk_plan_make(struct walk_plan *plan, struct db *db,
		    const struct walk_query *query)
{
	const struct order *order = find_order(query->kind, query->sort);
	scoped_buf filter = {0};
	if (query->filter)
		filter_sql(query->filter, &filter);
	struct making m = {.plan = plan,
			   .query = query,
			   .order = order,
			   .states = order->states,
			   .filter = filter.len ? buf_str(&filter) : "1"};
	if (query->filter)
		m.states &= filter_states(query->filter);
	*plan = (struct walk_plan){
		.is_empty = !m.states,
		.is_descending = order->is_descending != query->is_backward,
		.has_key = order->sort != SORT_ID,
	};
	if (plan->is_empty)
		return;
	add_parts(&m, db);
	const char *way = plan->is_descending ? "DESC" : "ASC";
	buf_addf(&plan->scan, " ORDER BY 1 %s, 2 %s", way, way);
	add_columns(&m, &plan->find);
	buf_adds(&plan->find, "outbox AS o NOT INDEXED WHERE o.id = $row");
	add_states(&plan->find, m.states);
	add_fence(&m, &plan->find);
}
