#include "relay/reroute.h"

#include "lib/buf.h"
#include "lib/log.h"
#include "lib/util.h"
#include "relay/alert_store.h"
#include "relay/move_notes.h"
#include "schema/recipient.h"

#include <stdlib.h>
#include <string.h>

/* Rows that one step looks at, without the lock, to find some to move. */
enum { LOOK_MAX = 2000 };

/* clang-format off */
#define REROUTE_STATEMENTS(X) X(WAITING) X(SENDING) X(MOVE)

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

/* Whom the row o is for with its new route. The payload is looked at first
 * because one that somebody broke past the triggers must not stop the rest. */
#define RECIPIENT \
	"CASE WHEN NOT json_valid(o.payload)" \
	"     THEN o.recipient" \
	"     WHEN EXISTS (SELECT 1" \
	"                    FROM json_each($paths) AS p" \
	"                   WHERE o.recipient IS " \
	RECIPIENT_IN("o.payload", "p.value") ")" \
	"     THEN " RECIPIENT_IN("o.payload", "$path") \
	"     ELSE o.recipient END"

static const char *const sql[] = {
	[WAITING] =
		"SELECT id, channel = $from AND " IS_OF_TYPE
		"  FROM outbox INDEXED BY outbox_pending"
		" WHERE status = 'pending'"
		"   AND id > $after"
		"   AND id <= $last"
		" ORDER BY id"
		" LIMIT $limit",
	[SENDING] =
		"SELECT 1"
		"  FROM outbox AS o INDEXED BY outbox_sending"
		" WHERE status = 'sending'"
		"   AND id > $after"
		"   AND id <= $last"
		"   AND channel = $from"
		"   AND " IS_OF_TYPE
		"   AND ($from <> $to OR recipient IS NOT " RECIPIENT ")"
		" LIMIT 1",
	[MOVE] =
		"UPDATE outbox"
		"   SET channel = $to,"
		"       recipient = m.recipient"
		"  FROM (SELECT o.id, " RECIPIENT " AS recipient"
		"          FROM json_each($ids) AS i"
		"         CROSS JOIN outbox AS o"
		"         WHERE o.id = i.value"
		"           AND o.status = 'pending'"
		"           AND o.channel = $from) AS m"
		" WHERE outbox.id = m.id"
		"   AND ($from <> $to OR outbox.recipient IS NOT m.recipient)",
};
/* clang-format on */
#define NAME(name) #name,
static const char *const names[] = {REROUTE_STATEMENTS(NAME)};
#undef NAME
_Static_assert(ARRAY_LEN(sql) == REROUTE_STATEMENT_COUNT, "a text for each");

/* The move under way. */
struct move {
	struct move_note note; /* own; without a key there is none */
	int64_t after;	       /* rows up to this id have been looked at */
	bool has_sending;      /* and some of them were being sent */
	int64_t row_count;     /* changed so far */
};

struct reroute {
	struct db *db;		  /* borrowed */
	struct move_notes *notes; /* own */
	bool is_done; /* nothing was noted since there was nothing to move */
	struct move move;
	struct db_stmt *st[REROUTE_STATEMENT_COUNT];
};

struct reroute *reroute_create(struct db *db)
{
	struct reroute *r = xcalloc(1, sizeof(*r));
	r->db = db;
	r->notes = move_notes_create(db);
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		r->st[i] = db_prepare(db, names[i], sql[i]);
	return r;
}

static void finish_move(struct move *m)
{
	move_note_finish(&m->note);
	*m = (struct move){0};
}

void reroute_destroy(struct reroute *r)
{
	if (!r)
		return;
	finish_move(&r->move);
	move_notes_destroy(r->notes);
	free(r);
}

int reroute_remember(struct reroute *r)
{
	return move_notes_remember(r->notes);
}

int reroute_note(struct reroute *r, const char *channels)
{
	/* Where the move under way leads may have changed, too. */
	finish_move(&r->move);
	r->is_done = false;
	return move_notes_add(r->notes, channels);
}

/* What a look at some of the waiting rows found. */
struct look {
	struct buf ids; /* own; a JSON array, without its end */
	int64_t count;
	int64_t last; /* id up to which rows were looked at */
};

static int look_at_waiting(struct reroute *r, struct look *look)
{
	const struct move_note *note = &r->move.note;
	scoped_stmt struct db_stmt *st = r->st[WAITING];
	db_bind(st, "$from", note->from);
	db_bind(st, "$type", note->type);
	db_bind(st, "$after", r->move.after);
	db_bind(st, "$last", note->last_id);
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
	look->last = note->last_id;
	return rc;
}

static void bind_route(struct db_stmt *st, const struct move_note *note)
{
	db_bind(st, "$from", note->from);
	db_bind(st, "$to", note->to);
	db_bind(st, "$path", note->path);
	db_bind(st, "$paths", note->paths);
}

static int look_at_sending(struct reroute *r, const struct look *look)
{
	struct move *m = &r->move;
	scoped_stmt struct db_stmt *st = r->st[SENDING];
	bind_route(st, &m->note);
	db_bind(st, "$type", m->note.type);
	db_bind(st, "$after", m->after);
	db_bind(st, "$last", look->last);
	int rc = db_step(st);
	m->has_sending |= rc == DB_ROW;
	return rc == DB_ROW ? 0 : rc;
}

/* Ends a transaction, whose statement came to rc. */
static int end_write(struct reroute *r, int rc)
{
	if (rc == 0)
		rc = db_commit(r->db);
	if (rc)
		db_rollback(r->db);
	return rc;
}

static int move_rows(struct reroute *r, struct look *look)
{
	int rc = db_begin(r->db);
	if (rc)
		return rc;
	struct db_stmt *st = r->st[MOVE];
	buf_addc(&look->ids, ']');
	db_bind_text(st, "$ids", buf_str(&look->ids));
	bind_route(st, &r->move.note);
	rc = db_run(st);
	int64_t changed = rc ? 0 : db_changes(r->db);
	rc = end_write(r, rc);
	if (rc)
		return rc;
	r->move.after = look->last;
	r->move.row_count += changed;
	return 0;
}

static int end_move(struct reroute *r)
{
	struct move *m = &r->move;
	int rc = db_begin(r->db);
	if (rc)
		return rc;
	rc = end_write(r, move_notes_end(r->notes, &m->note));
	if (rc)
		return rc;
	if (m->row_count)
		log_info("rows followed their route",
			 LOG_INT("rows", m->row_count),
			 LOG_STR("type", m->note.type),
			 LOG_STR("from", m->note.from),
			 LOG_STR("to", m->note.to),
			 LOG_STR("recipient_path", m->note.path));
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

/* Whether the routes of before are those of now: there and back again. */
static bool is_moot(const struct move_note *note)
{
	return strcmp(note->from, note->to) == 0 &&
	       strcmp(note->paths, "[]") == 0;
}

static int step(struct reroute *r, enum reroute_state *state_out)
{
	struct move *m = &r->move;
	struct look look = {0};
	if (is_moot(&m->note))
		return end_move(r);
	int rc = look_at_waiting(r, &look);
	if (rc == 0)
		rc = look_at_sending(r, &look);
	if (rc == 0 && look.count)
		rc = move_rows(r, &look);
	else if (rc == 0)
		m->after = look.last;
	if (rc == 0 && look.last == m->note.last_id)
		rc = end_pass(r, state_out);
	buf_finish(&look.ids);
	return rc;
}

int reroute_step(struct reroute *r, enum reroute_state *state_out)
{
	*state_out = REROUTE_DONE;
	if (r->is_done)
		return 0;
	int rc = DB_ROW;
	if (!r->move.note.key)
		rc = move_notes_next(r->notes, &r->move.note);
	r->is_done = rc == 0;
	if (rc != DB_ROW)
		return rc;
	*state_out = REROUTE_MORE;
	return step(r, state_out);
}
