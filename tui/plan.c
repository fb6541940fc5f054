#include "tui/plan.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tui/plan_internal.h"
#include "tui/walk.h"

#include <stdlib.h>
#include <string.h>

/* An operator's key must not wait on others' locks: it is tried again. */
enum { PATIENCE_MS = 20 };

/* clang-format off */
static const char *const sql[] = {
	[BY_IDS] =
		"SELECT " ROW_COLUMNS
		"  FROM json_each($ids) AS j"
		" CROSS JOIN outbox AS o ON o.id = j.value"
		" ORDER BY j.key",
	/* The counter is of this generation, attempts are of all. */
	[IS_UNSURE] =
		"SELECT o.unknowns > 0 OR o.interrupted > 0"
		"       OR EXISTS (SELECT 1"
		"                    FROM outbox_attempt AS a"
		"                   WHERE a.outbox_id = o.id"
		"                     AND a.outcome = 'unknown')"
		"  FROM outbox AS o"
		" WHERE o.id = $id",
	[PAYLOAD] =
		"SELECT payload"
		"  FROM outbox"
		" WHERE id = $id",
	[FENCE] =
		"SELECT max(id)"
		"  FROM outbox",
	[RATE] =
		"SELECT max(n)"
		"  FROM (SELECT sum(delivered) AS n"
		"          FROM outbox_minute"
		"         WHERE minute >= $from"
		"           AND minute < $to"
		"         GROUP BY minute)",
	/* An act is undone when as many batches were. The audit is never
	 * deleted from: only its end is looked at. */
	[UNDOABLE] =
		"SELECT a.act, a.action, a.at"
		"  FROM outbox_audit AS a"
		" WHERE a.id > (SELECT max(id) FROM outbox_audit) - 20000"
		"   AND a.at >= $since"
		"   AND a.who = $who"
		"   AND a.uid = $uid"
		"   AND a.tty IS $tty"
		"   AND a.action IN ('cancel', 'pause')"
		"   AND a.changed > 0"
		"   AND (SELECT count(*)"
		"          FROM outbox_audit AS u"
		"         WHERE u.id > a.id"
		"           AND u.action = 'undo'"
		"           AND u.filter = 'act:' || a.act)"
		"     < (SELECT count(*)"
		"          FROM outbox_audit AS b"
		"         WHERE b.act = a.act)"
		" ORDER BY a.id DESC"
		" LIMIT 1",
	[CHANGED] =
		"SELECT sum(changed)"
		"  FROM outbox_audit"
		" WHERE act = $act",
};
/* clang-format on */
_Static_assert(ARRAY_LEN(sql) == PLAN_STATEMENT_COUNT, "a text for each");

struct planner *planner_create(struct db *reader, struct db *writer,
			       const struct actor *actor)
{
	struct planner *p = xcalloc(1, sizeof(*p));
	p->reader = reader;
	p->writer = writer;
	p->actor = actor;
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		p->st[i] = db_prepare(reader, "plan", sql[i]);
	if (writer) {
		db_set_patience(writer, PATIENCE_MS);
		p->desk = act_desk_create(writer);
	}
	return p;
}

void planner_destroy(struct planner *p)
{
	if (!p)
		return;
	act_desk_destroy(p->desk);
	free(p);
}

bool planner_can_act(const struct planner *p)
{
	return p->desk;
}

int planner_note_unmask(struct planner *p, bool is_on, int64_t now_ms)
{
	if (!p->desk)
		return PLAN_ENDED;
	return act_note(p->desk, p->actor, is_on ? "unmask" : "mask", now_ms);
}

static int sum_changed(struct planner *p, const char *act, int64_t *changed_out)
{
	scoped_stmt struct db_stmt *st = p->st[CHANGED];
	db_bind(st, "$act", act);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	*changed_out = db_int(st, 0);
	return 0;
}

char *planner_undoable(struct planner *p, int64_t now_ms,
		       enum act_action *action_out, int64_t *at_ms_out,
		       int64_t *changed_out)
{
	scoped_stmt struct db_stmt *st = p->st[UNDOABLE];
	db_bind(st, "$since", now_ms - ACT_UNDO_MS);
	db_bind(st, "$who", p->actor->name);
	db_bind(st, "$uid", p->actor->uid);
	db_bind(st, "$tty", p->actor->tty);
	if (db_step(st) != DB_ROW)
		return NULL;
	const char *act = db_text(st, 0);
	if (sum_changed(p, act, changed_out))
		return NULL;
	bool is_pause = strcmp(db_text(st, 1), act_action_name(ACT_PAUSE)) == 0;
	*action_out = is_pause ? ACT_PAUSE : ACT_CANCEL;
	*at_ms_out = db_int(st, 2);
	return xstrdup(act);
}

void plan_init(struct plan *plan, enum act_action action)
{
	*plan = (struct plan){.action = action};
}

void plan_forget(struct plan *plan)
{
	walk_destroy(steal(&plan->walk));
	free(steal(&plan->rows));
	free(steal(&plan->old_payload));
	for (size_t i = 0; i < plan->channel_count; i++)
		free(plan->channels[i].name);
	for (size_t i = 0; i < plan->sample_count; i++)
		row_finish(&plan->samples[i]);
	memset(plan->by_status, 0, sizeof(plan->by_status));
	plan->channel_count = plan->sample_count = plan->count = 0;
	plan->looked = plan->other_state = plan->gone = plan->over = 0;
	plan->expired_lives = plan->unsure = plan->channel_rest = 0;
	plan->oldest_ms = plan->newest_ms = plan->per_minute = 0;
	plan->is_over = false;
}

void plan_finish(struct plan *plan)
{
	plan_forget(plan);
	free(plan->filter);
	free(plan->reason);
	free(plan->payload);
	free(plan->channel);
	free(plan->undoes);
	free(plan->error);
	*plan = (struct plan){0};
}

unsigned plan_states(enum act_action action)
{
	enum {
		OPEN = 1 << MESSAGE_PENDING | 1 << MESSAGE_FAILED |
		       1 << MESSAGE_EXPIRED
	};
	static const unsigned states[ACT_ACTION_COUNT] = {
		[ACT_RETRY] = OPEN | 1 << MESSAGE_CANCELLED,
		[ACT_EDIT] = OPEN | 1 << MESSAGE_CANCELLED,
		[ACT_CANCEL] = OPEN,
	};
	return states[action];
}
