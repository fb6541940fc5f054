#include "relay/move_notes.h"

#include "lib/util.h"

#include <stdlib.h>

/* clang-format off */
#define NOTE_STATEMENTS(X) X(ROUTES) X(NOTE) X(NOTE_OWN) X(NEXT) X(END)

#define NOTE_STATEMENT_ID(name) name,
enum note_statement {
	NOTE_STATEMENTS(NOTE_STATEMENT_ID) NOTE_STATEMENT_COUNT
};

/* A type's route among those that are there. */
#define ROUTE_OF(type) \
	"coalesce((SELECT o.type FROM outbox_route AS o" \
	"           WHERE o.type = " type "), '*')"

/* All ids of rows are smaller now, or this. */
#define LAST_ID "(SELECT coalesce(max(id), 0) FROM outbox)"

/* Of an earlier note the paths stay: its rows may not have followed yet. */
#define ADD_PATHS \
	" ON CONFLICT (key) DO UPDATE" \
	"   SET value = json_set(excluded.value, '$[2]', json((" \
	"         SELECT json_group_array(path)" \
	"           FROM (SELECT value AS path" \
	"                   FROM json_each(outbox_meta.value, '$[2]')" \
	"                  UNION" \
	"                 SELECT value" \
	"                   FROM json_each(excluded.value, '$[2]')))))"

/* A note is "move:CHANNEL:TYPE" and [channel, type, [path, ...], last id]. The
 * routes of before are {type: [channel, path]}. */
static const char *const sql[] = {
	[ROUTES] =
		"SELECT json_group_object(type,"
		"                         json_array(channel, recipient_path))"
		"  FROM outbox_route",
	[NOTE] =
		"WITH before AS ("
		"  SELECT key AS type,"
		"         json_extract(value, '$[0]') AS channel,"
		"         json_extract(value, '$[1]') AS path"
		"    FROM json_each($before))"
		"INSERT INTO outbox_meta (key, value)"
		"  SELECT 'move:' || b.channel || ':' || t.type,"
		"         json_array(b.channel, t.type, json_array(b.path),"
		"                    " LAST_ID ")"
		"    FROM (SELECT type FROM before"
		"           UNION"
		"          SELECT type FROM outbox_route) AS t"
		"    JOIN before AS b"
		"      ON b.type = coalesce((SELECT o.type FROM before AS o"
		"                             WHERE o.type = t.type), '*')"
		"    JOIN outbox_route AS r"
		"      ON r.type = " ROUTE_OF("t.type")
		"   WHERE CASE WHEN b.channel = r.channel"
		"              THEN b.path <> r.recipient_path"
		"              ELSE b.channel IN (SELECT value"
		"                                   FROM json_each($channels))"
		"                OR b.channel GLOB 'wechat-*'"
		"                OR (t.type <> '*' AND r.type = t.type)"
		"         END"
		ADD_PATHS,
	/* Types that have a route of their own now are no more among those
	 * that an unfinished move of '*' speaks of. */
	[NOTE_OWN] =
		"INSERT INTO outbox_meta (key, value)"
		"  SELECT 'move:' || json_extract(m.value, '$[0]') || ':' ||"
		"           r.type,"
		"         json_set(m.value, '$[1]', r.type, '$[3]', " LAST_ID ")"
		"    FROM outbox_meta AS m"
		"    JOIN outbox_route AS r"
		"   WHERE m.key GLOB 'move:*:[*]'"
		"     AND r.type <> '*'"
		"     AND r.type NOT IN (SELECT key FROM json_each($before))"
		ADD_PATHS,
	/* A type that has lost its route may have rows from before and from
	 * after in one channel: it comes before '*', with the paths of both. */
	[NEXT] =
		"SELECT m.key, m.channel, m.type, r.channel, r.recipient_path,"
		"       (SELECT json_group_array(DISTINCT p.value)"
		"          FROM outbox_meta AS n"
		"          JOIN json_each(n.value, '$[2]') AS p"
		"         WHERE n.key IN (m.key, 'move:' || m.channel || ':*')"
		"           AND p.value <> r.recipient_path),"
		"       json_extract(m.value, '$[3]')"
		"  FROM (SELECT key, value,"
		"               json_extract(value, '$[0]') AS channel,"
		"               json_extract(value, '$[1]') AS type"
		"          FROM outbox_meta"
		"         WHERE key GLOB 'move:*') AS m"
		"  JOIN outbox_route AS r"
		"    ON r.type = " ROUTE_OF("m.type")
		" ORDER BY m.type = '*', m.key"
		" LIMIT 1",
	[END] =
		"DELETE FROM outbox_meta WHERE key = $key",
};
/* clang-format on */
#define NAME(name) #name,
static const char *const names[] = {NOTE_STATEMENTS(NAME)};
#undef NAME
_Static_assert(ARRAY_LEN(sql) == NOTE_STATEMENT_COUNT, "a text for each");

struct move_notes {
	char *before; /* own; the routes of before, while they are replaced */
	struct db_stmt *st[NOTE_STATEMENT_COUNT];
};

struct move_notes *move_notes_create(struct db *db)
{
	struct move_notes *n = xcalloc(1, sizeof(*n));
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		n->st[i] = db_prepare(db, names[i], sql[i]);
	return n;
}

void move_notes_destroy(struct move_notes *n)
{
	if (!n)
		return;
	free(n->before);
	free(n);
}

int move_notes_remember(struct move_notes *n)
{
	scoped_stmt struct db_stmt *st = n->st[ROUTES];
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	free(n->before);
	n->before = xstrdup(db_text(st, 0));
	return 0;
}

int move_notes_add(struct move_notes *n, const char *channels)
{
	db_bind(n->st[NOTE], "$before", n->before);
	db_bind(n->st[NOTE], "$channels", channels);
	int rc = db_run(n->st[NOTE]);
	if (rc == 0) {
		db_bind(n->st[NOTE_OWN], "$before", n->before);
		rc = db_run(n->st[NOTE_OWN]);
	}
	free(steal(&n->before));
	return rc;
}

int move_notes_next(struct move_notes *n, struct move_note *note_out)
{
	scoped_stmt struct db_stmt *st = n->st[NEXT];
	int rc = db_step(st);
	if (rc == DB_ROW)
		*note_out = (struct move_note){
			.key = xstrdup(db_text(st, 0)),
			.from = xstrdup(db_text(st, 1)),
			.type = xstrdup(db_text(st, 2)),
			.to = xstrdup(db_text(st, 3)),
			.path = xstrdup(db_text(st, 4)),
			.paths = xstrdup(db_text(st, 5)),
			.last_id =
				db_is_null(st, 6) ? INT64_MAX : db_int(st, 6),
		};
	return rc;
}

void move_note_finish(struct move_note *note)
{
	free(note->key);
	free(note->from);
	free(note->type);
	free(note->to);
	free(note->path);
	free(note->paths);
	*note = (struct move_note){0};
}

int move_notes_end(struct move_notes *n, const struct move_note *note)
{
	struct db_stmt *st = n->st[END];
	db_bind(st, "$key", note->key);
	return db_run(st);
}
