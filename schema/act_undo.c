/*
 * Undo: what a batch of a cancel or pause changed, and how it was before, is in
 * its row of the audit; what is still as that batch left it goes back.
 */
#include "schema/act_internal.h"

#include "lib/util.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A batch of the act to be undone. */
struct undone {
	bool is_pause;
	int64_t audit_id;
	int64_t at_ms;
	int64_t changed;
	bool is_last;
};

/* Whether the act may be undone. */
static int find_act(struct act_desk *desk, const struct act *act,
		    int64_t now_ms, struct undone *undone)
{
	scoped_stmt struct db_stmt *st = desk->st[FIND_ACT];
	db_bind(st, "$act", act->undoes);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	if (db_is_null(st, 0))
		return ACT_UNKNOWN;
	const char *action = db_text(st, 0);
	undone->is_pause = strcmp(action, act_action_name(ACT_PAUSE)) == 0;
	if (!undone->is_pause &&
	    strcmp(action, act_action_name(ACT_CANCEL)) != 0)
		return ACT_NOT_UNDOABLE;
	bool has_begun = act->undone_up_to > 0;
	if (!has_begun && now_ms - db_int(st, 1) > ACT_UNDO_MS)
		return ACT_TOO_LATE;
	return 0;
}

static int next_batch(struct act_desk *desk, const struct act *act,
		      struct undone *undone)
{
	scoped_stmt struct db_stmt *st = desk->st[NEXT_BATCH];
	db_bind(st, "$act", act->undoes);
	db_bind(st, "$after", act->undone_up_to);
	int rc = db_step(st);
	if (rc != DB_ROW) /* all is undone: called once too often */
		return rc ? rc : ACT_UNKNOWN;
	undone->audit_id = db_int(st, 0);
	undone->at_ms = db_int(st, 1);
	undone->changed = db_int(st, 2);
	undone->is_last = db_int(st, 3);
	return 0;
}

/* A row as CANCELLED_ROWS tells it. */
static int put_back(struct act_desk *desk, int64_t now_ms,
		    struct db_stmt *cancelled)
{
	const char *status = db_text(cancelled, 2);
	struct db_stmt *st = desk->st[UNCANCEL];
	db_bind(st, "$id", db_int(cancelled, 0));
	db_bind(st, "$version", db_int(cancelled, 1));
	db_bind(st, "$reason", db_text(cancelled, 3));
	db_bind(st, "$now", now_ms);
	int rc = db_run(st);
	if (rc || strcmp(status, message_status_name(MESSAGE_PENDING)) == 0)
		return rc;
	st = desk->st[UNCANCEL_FURTHER];
	db_bind(st, "$id", db_int(cancelled, 0));
	db_bind(st, "$version", db_int(cancelled, 1));
	db_bind(st, "$status", status);
	return db_run(st);
}

static int uncancel(struct act_desk *desk, struct act_batch *batch,
		    struct db_stmt *cancelled)
{
	struct act_seen seen;
	int rc = act_see(desk, db_int(cancelled, 0), &seen);
	if (rc)
		return rc;
	enum act_fate fate =
		act_judge(&seen, db_int(cancelled, 1), 1u << MESSAGE_CANCELLED);
	if (fate == ACT_CHANGED)
		rc = put_back(desk, batch->now_ms, cancelled);
	act_batch_note(batch, fate, db_text(cancelled, 0), 1);
	act_seen_finish(&seen);
	return rc;
}

static int uncancel_rows(struct act_desk *desk, struct act_batch *batch,
			 const struct undone *undone)
{
	scoped_stmt struct db_stmt *st = desk->st[CANCELLED_ROWS];
	db_bind(st, "$audit", undone->audit_id);
	int rc;
	while ((rc = db_step(st)) == DB_ROW) {
		rc = uncancel(desk, batch, st);
		if (rc)
			return rc;
	}
	return rc;
}

/* Channels have no version: when the pause began tells whether it is ours. */
static int unpause(struct act_desk *desk, struct act_batch *batch,
		   const struct undone *undone)
{
	int64_t changed = 0;
	struct db_stmt *st = desk->st[UNPAUSE];
	db_bind(st, "$audit", undone->audit_id);
	db_bind(st, "$since", undone->at_ms);
	db_bind(st, "$who", batch->act->actor->name);
	db_bind(st, "$now", batch->now_ms);
	int rc = act_batch_names(batch, st, &changed);
	act_batch_note(batch, ACT_MOVED_ON, NULL, undone->changed - changed);
	return rc;
}

int act_undo(struct act_desk *desk, struct act *act, int64_t now_ms,
	     struct act_result *total, bool *is_done_out)
{
	assert(act->action == ACT_UNDO && act->undoes);
	struct act_batch batch = {.act = act, .now_ms = now_ms};
	struct undone undone = {0};
	int rc = act_batch_open(desk);
	if (rc)
		return rc;
	rc = find_act(desk, act, now_ms, &undone);
	if (rc == 0)
		rc = next_batch(desk, act, &undone);
	batch.size = (size_t)undone.changed;
	if (rc == 0)
		rc = undone.is_pause ? unpause(desk, &batch, &undone)
				     : uncancel_rows(desk, &batch, &undone);
	rc = act_batch_close(desk, &batch, rc, total);
	if (rc == 0) {
		act->undone_up_to = undone.audit_id;
		*is_done_out = undone.is_last;
	}
	return rc;
}
