/*
 * The operators' verbs: retry (send now), edit, cancel, undo; pause and resume
 * of channels. The console and scripts change the outbox through here alone.
 *
 * Rows are named by id, with the version that the caller saw; one that has
 * moved on since is skipped and counted, never changed. An act is one decision
 * of one operator; it is done in batches, each one write transaction with one
 * row of outbox_audit, so that the relay and the CRM get their turns between:
 *
 *	struct act act = {.action = ACT_CANCEL, .actor = &actor,
 *			  .filter = "key:O-1", .fence = 1048801,
 *			  .reason = "promotion withdrawn"};
 *	struct act_result total = {0};
 *	act_begin(&act);
 *	do { up to ACT_BATCH_MAX rows; act_rows(desk, &act, rows, ...); } ...
 *
 * Outcomes are those of schema/db.h and enum act_outcome. After any but 0
 * nothing of the batch was changed, nor audited. DB_BUSY and DB_FULL: call
 * again with the same arguments.
 */
#pragma once

#include "schema/actor.h"
#include "schema/db.h"

enum { ACT_ID_LEN = 32, ACT_BATCH_MAX = 100, ACT_UNDO_MS = 60000 };

/* What would expire within this counts as expired: the relay would not get to
 * it before. */
enum { ACT_MOMENT_MS = 10000 };

/* For scripts: whatever its version, if its state allows. */
enum { ACT_ANY_VERSION = -1 };

enum act_action {
	/* failed, expired, cancelled -> pending, due now: a new generation,
	 * attempts start again, history stays. A pending row is due now, if it
	 * was not; nothing else begins again. If its time to live has passed,
	 * or is about to, it gets a fresh one. */
	ACT_RETRY,

	/* The same with another payload, for pending rows too (each payload is
	 * a generation). The old one goes to outbox_revision. The recipient
	 * follows the payload if it had been read from it. */
	ACT_EDIT,

	/* pending, failed, expired -> cancelled. */
	ACT_CANCEL,

	ACT_PAUSE,
	ACT_RESUME,
	ACT_UNDO,
	ACT_ACTION_COUNT
};

struct act {
	enum act_action action;
	const struct actor *actor; /* borrowed, as are the texts */
	const char *filter; /* what chose the rows; NULL: named one by one */
	int64_t fence;	    /* rows above this id were left out; 0: none */
	const char *reason; /* the operator's words, or NULL */
	const char *undoes; /* ACT_UNDO: the id of the act to undo */

	/* act_begin's and act_undo's; not for the caller to set. */
	char id[ACT_ID_LEN + 1];
	int64_t undone_up_to; /* outbox_audit.id */
};

/* What became of one row or channel. */
enum act_fate {
	ACT_UNTOUCHED,	 /* not looked at yet */
	ACT_CHANGED,	 /* as asked */
	ACT_ON_WIRE,	 /* skipped: it is being sent just now */
	ACT_MOVED_ON,	 /* skipped: no longer what the caller saw */
	ACT_WRONG_STATE, /* skipped: nothing to do for this verb */
	ACT_GONE,	 /* skipped: no such row */
	ACT_FAILED,	 /* its batch came to nothing */
	ACT_FATE_COUNT
};

struct act_row {
	int64_t id;
	int64_t version;     /* as the caller saw it, or ACT_ANY_VERSION */
	const char *payload; /* borrowed; ACT_EDIT's new one */
	enum act_fate fate;  /* set by act_rows */
};

/* Sums, added to by each batch; zeroed by the caller before the first. */
struct act_result {
	int64_t counts[ACT_FATE_COUNT];
	int64_t fresh_lives; /* of the changed: got a fresh time to live */
	int64_t refused_id;  /* after DB_REFUSED: the row that was */
};

enum act_outcome {
	ACT_UNKNOWN = DB_MISSING + 1, /* no such channel, or act to undo */
	ACT_NOT_UNDOABLE,	      /* only cancel and pause are */
	ACT_TOO_LATE		      /* to undo: ACT_UNDO_MS have passed */
};

/* The statements of all verbs, prepared once on a connection for writing whose
 * tables are SCHEMA_CURRENT. db stays the caller's and outlives the desk. */
struct act_desk;
struct act_desk *act_desk_create(struct db *db);
void act_desk_destroy(struct act_desk *desk);

/* Gives the act its id: 32 random hexadecimal digits, outbox_audit.act. */
void act_begin(struct act *act);

/* ACT_RETRY, ACT_EDIT, ACT_CANCEL: one batch of 1 to ACT_BATCH_MAX rows, all or
 * none; sets each row's fate. DB_REFUSED (edit): the payload of
 * total->refused_id breaks a rule of the tables, which act_message tells; all
 * rows of the batch count as ACT_FAILED. */
int act_rows(struct act_desk *desk, const struct act *act, struct act_row *rows,
	     size_t count, int64_t now_ms, struct act_result *total);

/* ACT_PAUSE, ACT_RESUME: one channel, or all if name is NULL, in one batch. A
 * resume opens what is paused, and has what is held probed at once. Channels
 * that are paused already, or open, are ACT_WRONG_STATE. Also ACT_UNKNOWN. */
int act_channels(struct act_desk *desk, const struct act *act, const char *name,
		 int64_t now_ms, struct act_result *total);

/* ACT_UNDO: takes one batch of the act `undoes` back, a cancel or a pause; call
 * it until *is_done_out. A row or channel that is not as that act left it is
 * skipped. Cancelled rows return to the state they had, and when due. The
 * audit's filter becomes "act:" and the id of what was undone. Also
 * ACT_UNKNOWN, ACT_NOT_UNDOABLE, and ACT_TOO_LATE, which counts from that act's
 * last batch and ends no undo that has begun. */
int act_undo(struct act_desk *desk, struct act *act, int64_t now_ms,
	     struct act_result *total, bool *is_done_out);

/* One row of the audit for what an operator did without changing anything in
 * the outbox; `name` is its action. */
int act_note(struct act_desk *desk, const struct actor *actor, const char *name,
	     int64_t now_ms);

/* What the last DB_REFUSED said. Borrowed, valid until the next call. */
const char *act_message(const struct act_desk *desk);

/* All that was skipped, for whatever reason. */
int64_t act_skipped(const struct act_result *result);

/* "retry" ..., as in outbox_audit.action. outbox_audit.ids is a JSON array of
 * what was changed: ids; of a cancel, arrays [id, version, status, reason]: the
 * version it left, the state and last_reason it found; of channels, names. */
const char *act_action_name(enum act_action action);

/* "on the wire", "moved on", ...: why it was skipped, in English. */
const char *act_fate_name(enum act_fate fate);
