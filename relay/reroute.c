#include "relay/reroute.h"

#include "lib/buf.h"
#include "lib/log.h"
#include "lib/util.h"
#include "relay/alert_store.h"

#include <stdlib.h>
#include <string.h>

/* Rows that one step looks at, without the lock, to find some to move. */
enum { LOOK_MAX = 2000 };

/* clang-format off */
#define REROUTE_STATEMENTS(X) \
	X(ROUTES) X(NOTE) X(NOTE_OWN) X(NEXT) X(WAITING) X(SENDING) X(MOVE) \
	X(END)

#define REROUTE_STATEMENT_ID(name) name,
enum reroute_statement {
	REROUTE_STATEMENTS(REROUTE_STATEMENT_ID) REROUTE_STATEMENT_COUNT
};

/* $type is a type, or '*' for all that have no route of their own, but for
 * alerts, which no route has brought where they are. */
#define IS_OF_TYPE \
	"CASE $type WHEN '*'" \
	"  THEN type NOT IN (SELECT type FROM outbox_route" \
	"                    UNION ALL SELECT '" ALERT_TYPE "')" \
	"  ELSE type = $type END"

/* A move that is not finished is a row of outbox_meta: "move:CHANNEL:TYPE" and
 * [channel, type]. The routes of before are {type: channel}. */
static const char *const sql[] = {
	[ROUTES] =
		"SELECT json_group_object(type, channel)"
		"  FROM outbox_route",
	[NOTE] =
		"INSERT INTO outbox_meta (key, value)"
		"  SELECT 'move:' || was || ':' || type, json_array(was, type)"
		"    FROM (SELECT t.type,"
		"                 (SELECT value"
		"                    FROM json_each($before)"
		"                   WHERE key IN (t.type, '*')"
		"                   ORDER BY key = '*'"
		"                   LIMIT 1) AS was,"
		"                 (SELECT r.channel"
		"                    FROM outbox_route AS r"
		"                   WHERE r.type IN (t.type, '*')"
		"                   ORDER BY r.type = '*'"
		"                   LIMIT 1) AS now"
		"            FROM (SELECT key AS type FROM json_each($before)"
		"                   UNION"
		"                  SELECT type FROM outbox_route) AS t)"
		"   WHERE was <> now"
		"     AND (was IN (SELECT value FROM json_each($channels))"
		"       OR was GLOB 'wechat-*'"
		"       OR type IN (SELECT r.type"
		"                     FROM outbox_route AS r"
		"                    WHERE r.type <> '*'))"
		" ON CONFLICT (key) DO NOTHING",
	/* Types that have a route of their own now are no more among those
	 * that an unfinished move of '*' speaks of. */
	[NOTE_OWN] =
		"INSERT INTO outbox_meta (key, value)"
		"  SELECT 'move:' || json_extract(m.value, '$[0]') || ':' ||"
		"           r.type,"
		"         json_array(json_extract(m.value, '$[0]'), r.type)"
		"    FROM outbox_meta AS m"
		"    JOIN outbox_route AS r"
		"   WHERE m.key GLOB 'move:*:[*]'"
		"     AND r.type <> '*'"
		"     AND r.type NOT IN (SELECT key FROM json_each($before))"
		" ON CONFLICT (key) DO NOTHING",
	[NEXT] =
		"SELECT m.key, m.channel, m.type,"
		"       (SELECT r.channel"
		"          FROM outbox_route AS r"
		"         WHERE r.type IN (m.type, '*')"
		"         ORDER BY r.type = '*'"
		"         LIMIT 1)"
		"  FROM (SELECT key,"
		"               json_extract(value, '$[0]') AS channel,"
		"               json_extract(value, '$[1]') AS type"
		"          FROM outbox_meta"
		"         WHERE key GLOB 'move:*'"
		"         ORDER BY key"
		"         LIMIT 1) AS m",
	[WAITING] =
		"SELECT id, channel = $from AND " IS_OF_TYPE
		"  FROM outbox INDEXED BY outbox_pending"
		" WHERE status = 'pending'"
		"   AND id > $after"
		" ORDER BY id"
		" LIMIT $limit",
	[SENDING] =
		"SELECT 1"
		"  FROM outbox INDEXED BY outbox_sending"
		" WHERE status = 'sending'"
		"   AND id > $after"
		"   AND id <= $last"
		"   AND channel = $from"
		"   AND " IS_OF_TYPE
		" LIMIT 1",
	[MOVE] =
		"UPDATE outbox"
		"   SET channel = $to"
		" WHERE id IN (SELECT value FROM json_each($ids))"
		"   AND status = 'pending'"
		"   AND channel = $from",
	[END] =
		"DELETE FROM outbox_meta"
		" WHERE key = $key",
};
/* clang-format on */
#define NAME(name) #name,
static const char *const names[] = {REROUTE_STATEMENTS(NAME)};
#undef NAME
_Static_assert(ARRAY_LEN(sql) == REROUTE_STATEMENT_COUNT, "a text for each");

/* The move under way. */
struct move {
	char *key;  /* own; NULL: there is none */
	char *from; /* own, as is what follows */
	char *type;
	char *to;
	int64_t after;	   /* rows up to this id have been looked at */
	bool has_sending;  /* and some of them were being sent */
	int64_t row_count; /* moved so far */
};

struct reroute {
	struct db *db; /* borrowed */
	char *before;  /* own; the routes of before, while they are replaced */
	bool is_done;  /* nothing was noted since there was nothing to move */
	struct move move;
	struct db_stmt *st[REROUTE_STATEMENT_COUNT];
};

struct reroute *reroute_create(struct db *db)
{
	struct reroute *r = xcalloc(1, sizeof(*r));
	r->db = db;
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		r->st[i] = db_prepare(db, names[i], sql[i]);
	return r;
}

static void finish_move(struct move *m)
{
	free(m->key);
	free(m->from);
	free(m->type);
	free(m->to);
	*m = (struct move){0};
}

void reroute_destroy(struct reroute *r)
{
	if (!r)
		return;
	finish_move(&r->move);
	free(r->before);
	free(r);
}

int reroute_remember(struct reroute *r)
{
	scoped_stmt struct db_stmt *st = r->st[ROUTES];
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	free(r->before);
	r->before = xstrdup(db_text(st, 0));
	return 0;
}

int reroute_note(struct reroute *r, const char *channels)
{
	db_bind(r->st[NOTE], "$before", r->before);
	db_bind(r->st[NOTE], "$channels", channels);
	int rc = db_run(r->st[NOTE]);
	if (rc == 0) {
		db_bind(r->st[NOTE_OWN], "$before", r->before);
		rc = db_run(r->st[NOTE_OWN]);
	}
	free(steal(&r->before));
	/* Where the move under way leads may have changed, too. */
	finish_move(&r->move);
	r->is_done = false;
	return rc;
}

/* DB_ROW: there is one. */
static int take_next(struct reroute *r)
{
	scoped_stmt struct db_stmt *st = r->st[NEXT];
	if (r->move.key)
		return DB_ROW;
	int rc = db_step(st);
	if (rc == DB_ROW)
		r->move = (struct move){
			.key = xstrdup(db_text(st, 0)),
			.from = xstrdup(db_text(st, 1)),
			.type = xstrdup(db_text(st, 2)),
			.to = xstrdup(db_text(st, 3)),
		};
	return rc;
}

/* What a look at some of the waiting rows found. */
struct look {
	struct buf ids; /* own; a JSON array, without its end */
	int64_t count;
	int64_t last; /* id up to which rows were looked at */
};

static int look_at_waiting(struct reroute *r, struct look *look)
{
	const struct move *m = &r->move;
	scoped_stmt struct db_stmt *st = r->st[WAITING];
	db_bind(st, "$from", m->from);
	db_bind(st, "$type", m->type);
	db_bind(st, "$after", m->after);
	db_bind(st, "$limit", LOOK_MAX);
	int64_t seen = 0;
	int rc;
	while ((rc = db_step(st)) == DB_ROW) {
		look->last = db_int(st, 0);
		if (db_int(st, 1))
			buf_addf(&look->ids, "%c%lld",
				 look->count++ ? ',' : '[',
				 (long long)look->last);
		if (look->count == REROUTE_ROWS_MAX || ++seen == LOOK_MAX)
			return 0;
	}
	look->last = INT64_MAX;
	return rc;
}

static int look_at_sending(struct reroute *r, const struct look *look)
{
	struct move *m = &r->move;
	scoped_stmt struct db_stmt *st = r->st[SENDING];
	db_bind(st, "$from", m->from);
	db_bind(st, "$type", m->type);
	db_bind(st, "$after", m->after);
	db_bind(st, "$last", look->last);
	int rc = db_step(st);
	m->has_sending |= rc == DB_ROW;
	return rc == DB_ROW ? 0 : rc;
}

/* Runs a statement in a transaction of its own. */
static int write_alone(struct reroute *r, struct db_stmt *st)
{
	int rc = db_begin(r->db);
	if (rc) {
		db_reset(st);
		return rc;
	}
	rc = db_run(st);
	if (rc == 0)
		rc = db_commit(r->db);
	if (rc)
		db_rollback(r->db);
	return rc;
}

static int move_rows(struct reroute *r, struct look *look)
{
	struct db_stmt *st = r->st[MOVE];
	buf_addc(&look->ids, ']');
	db_bind_text(st, "$ids", buf_str(&look->ids));
	db_bind(st, "$from", r->move.from);
	db_bind(st, "$to", r->move.to);
	int rc = write_alone(r, st);
	if (rc)
		return rc;
	r->move.after = look->last;
	r->move.row_count += look->count;
	return 0;
}

static int end_move(struct reroute *r)
{
	struct move *m = &r->move;
	struct db_stmt *st = r->st[END];
	db_bind(st, "$key", m->key);
	int rc = write_alone(r, st);
	if (rc)
		return rc;
	if (m->row_count)
		log_info("rows moved to another channel",
			 LOG_INT("rows", m->row_count),
			 LOG_STR("type", m->type), LOG_STR("from", m->from),
			 LOG_STR("to", m->to));
	finish_move(m);
	return 0;
}

/* One that was being sent when its turn came may be back where nobody looks any
 * more: only a pass that meets none is the last one. */
static int end_pass(struct reroute *r, enum reroute_state *state_out)
{
	struct move *m = &r->move;
	if (!m->has_sending)
		return end_move(r);
	m->after = 0;
	m->has_sending = false;
	*state_out = REROUTE_WAITS;
	return 0;
}

static int step(struct reroute *r, enum reroute_state *state_out)
{
	struct move *m = &r->move;
	struct look look = {0};
	if (strcmp(m->from, m->to) == 0) /* and back again */
		return end_move(r);
	int rc = look_at_waiting(r, &look);
	if (rc == 0)
		rc = look_at_sending(r, &look);
	if (rc == 0 && look.count)
		rc = move_rows(r, &look);
	else if (rc == 0)
		m->after = look.last;
	if (rc == 0 && look.last == INT64_MAX)
		rc = end_pass(r, state_out);
	buf_finish(&look.ids);
	return rc;
}

int reroute_step(struct reroute *r, enum reroute_state *state_out)
{
	*state_out = REROUTE_DONE;
	if (r->is_done)
		return 0;
	int rc = take_next(r);
	r->is_done = rc == 0;
	if (rc != DB_ROW)
		return rc;
	*state_out = REROUTE_MORE;
	return step(r, state_out);
}
