/*
 * The last acts. An act may have ten thousand batches: its sums are kept, and
 * only batches that came since are added.
 */
#include "tui/overview_internal.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "tui/events_act.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_AT_ONCE = 250, LOOKS_MAX = 8, SUM_AT_ONCE = 500 };

struct known {
	char *act; /* own */
	int64_t changed, skipped;
	int64_t first_id, upto_id; /* batches summed so far */
};

struct known_acts {
	struct known list[OVERVIEW_ACTS];
	size_t count;
};

struct overview_acts {
	struct db_stmt *look, *first, *sum, *line; /* the connection's */
	int64_t newest_id;	 /* of the audit, when they were looked for */
	struct known_acts known; /* newest first */
};

/* clang-format off */
static const char look_sql[] =
	"SELECT id, act"
	"  FROM outbox_audit"
	" WHERE id < $before"
	" ORDER BY id DESC"
	" LIMIT $limit";
static const char first_sql[] =
	"SELECT min(id)"
	"  FROM outbox_audit"
	" WHERE act = $act";
static const char sum_sql[] =
	"SELECT count(*), sum(changed), sum(skipped), max(id)"
	"  FROM (SELECT id, changed, skipped"
	"          FROM outbox_audit"
	"         WHERE act = $act"
	"           AND id > $after"
	"         ORDER BY id"
	"         LIMIT $limit)";
static const char line_sql[] =
	"SELECT " ACT_LINE_COLUMNS
	"  FROM outbox_audit AS a"
	" WHERE a.id = $id";
/* clang-format on */

struct overview_acts *overview_acts_create(struct db *db)
{
	struct overview_acts *a = xcalloc(1, sizeof(*a));
	a->look = db_prepare(db, "overview_acts", look_sql);
	a->first = db_prepare(db, "overview_act_first", first_sql);
	a->sum = db_prepare(db, "overview_act_sum", sum_sql);
	a->line = db_prepare(db, "overview_act", line_sql);
	return a;
}

static void finish_known(struct known_acts *k)
{
	for (size_t i = 0; i < k->count; i++)
		free(k->list[i].act);
	*k = (struct known_acts){0};
}

void overview_acts_destroy(struct overview_acts *a)
{
	if (!a)
		return;
	finish_known(&a->known);
	free(a);
}

static struct known *find(struct known_acts *k, const char *act)
{
	for (size_t i = 0; i < k->count; i++) {
		if (strcmp(k->list[i].act, act) == 0)
			return &k->list[i];
	}
	return NULL;
}

static int add_act(struct overview_acts *a, const char *act,
		   struct known_acts *next)
{
	const struct known *old = find(&a->known, act);
	scoped_stmt struct db_stmt *st = a->first;
	db_bind(st, "$act", act);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	struct known *k = &next->list[next->count++];
	*k = old ? *old : (struct known){.first_id = db_int(st, 0)};
	k->act = xstrdup(act);
	return 0;
}

/* Some rows of the audit. *before is where to look further, past the rest of
 * the oldest act seen; 0: nowhere. */
static int look(struct overview_acts *a, struct known_acts *next,
		int64_t *before)
{
	scoped_stmt struct db_stmt *st = a->look;
	db_bind(st, "$before", *before);
	db_bind(st, "$limit", LOOK_AT_ONCE);
	int rc, rows = 0;
	while ((rc = db_step(st)) == DB_ROW) {
		const char *act = db_text(st, 1);
		rows++;
		if (next->count < OVERVIEW_ACTS && !find(next, act))
			rc = add_act(a, act, next);
		else
			rc = 0;
		if (rc)
			return rc;
		const struct known *k = find(next, act);
		*before = k ? MIN(k->first_id, db_int(st, 0)) : db_int(st, 0);
	}
	if (rows < LOOK_AT_ONCE)
		*before = 0;
	return rc;
}

static int newest_id(struct overview_acts *a, int64_t *id_out)
{
	scoped_stmt struct db_stmt *st = a->look;
	db_bind(st, "$before", INT64_MAX);
	db_bind(st, "$limit", 1);
	int rc = db_step(st);
	*id_out = rc == DB_ROW ? db_int(st, 0) : 0;
	return rc == DB_ROW ? 0 : rc;
}

static int look_for_acts(struct overview_acts *a)
{
	struct known_acts next = {0};
	int64_t before = INT64_MAX;
	int rc = 0;
	for (int i = 0; i < LOOKS_MAX && rc == 0 && before > 0 &&
			next.count < OVERVIEW_ACTS;
	     i++)
		rc = look(a, &next, &before);
	if (rc) {
		finish_known(&next);
		return rc;
	}
	finish_known(&a->known);
	a->known = next;
	return 0;
}

/* All batches that were not summed yet. */
static int add_up(struct overview_acts *a, struct known *k, int64_t deadline_us)
{
	for (;;) {
		scoped_stmt struct db_stmt *st = a->sum;
		db_bind(st, "$act", k->act);
		db_bind(st, "$after", k->upto_id);
		db_bind(st, "$limit", SUM_AT_ONCE);
		int rc = db_step(st);
		if (rc != DB_ROW)
			return rc;
		int64_t batches = db_int(st, 0);
		k->changed += db_int(st, 1);
		k->skipped += db_int(st, 2);
		k->upto_id = MAX(k->upto_id, db_int(st, 3));
		if (batches < SUM_AT_ONCE)
			return 0;
		if (clock_mono_us() >= deadline_us)
			return ROWS_MORE;
	}
}

void overview_acts_finish(struct overview *o)
{
	for (size_t i = 0; i < o->act_count; i++) {
		free(o->acts[i].act);
		free(o->acts[i].action);
		free(o->acts[i].who);
		free(o->acts[i].what);
		free(o->acts[i].reason);
	}
	o->act_count = 0;
}

static int tell(struct overview_acts *a, const struct known *k,
		struct overview *o)
{
	scoped_stmt struct db_stmt *st = a->line;
	db_bind(st, "$id", k->first_id);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	struct act_line line;
	act_line_read(&line, st, k->changed);
	o->acts[o->act_count++] = (struct overview_act){
		.act = steal(&line.act),
		.action = steal(&line.action),
		.who = steal(&line.who),
		.what = steal(&line.what),
		.reason = steal(&line.reason),
		.at_ms = line.at_ms,
		.changed = k->changed,
		.skipped = k->skipped,
	};
	act_line_finish(&line);
	return 0;
}

int overview_acts_work(struct overview_acts *a, struct overview *o,
		       int64_t deadline_us)
{
	int64_t newest;
	int rc = newest_id(a, &newest);
	if (rc == 0 && newest != a->newest_id)
		rc = look_for_acts(a);
	if (rc)
		return rc;
	a->newest_id = newest;
	for (size_t i = 0; i < a->known.count && rc == 0; i++)
		rc = add_up(a, &a->known.list[i], deadline_us);
	overview_acts_finish(o);
	for (size_t i = 0; i < a->known.count && rc == 0; i++)
		rc = tell(a, &a->known.list[i], o);
	return rc;
}
