/* What schema/act*.c share; nobody else includes it. */
#pragma once

#include "lib/buf.h"
#include "schema/act.h"
#include "schema/message.h"

enum act_statement {
	LOOK,
	RETRY,
	SEND_NOW,
	KEEP_REVISION,
	EDIT,
	CANCEL,
	COUNT_CHANNELS,
	PAUSE,
	RESUME,
	PROBE,
	FIND_ACT,
	NEXT_BATCH,
	CANCELLED_ROWS,
	UNCANCEL,
	UNCANCEL_FURTHER,
	UNPAUSE,
	AUDIT,
	ACT_STATEMENT_COUNT
};

struct act_desk {
	struct db *db; /* borrowed */
	char *message; /* own; of the last DB_REFUSED */
	struct db_stmt *st[ACT_STATEMENT_COUNT];
};

/* One batch under way: what its row of the audit will say. */
struct act_batch {
	const struct act *act; /* borrowed */
	const char *name;      /* of the action, if it is a note; NULL */
	int64_t now_ms;
	size_t size; /* rows, which all fail if the batch does */
	struct act_result result;
	struct buf ids;
};

/* Begins the transaction. */
int act_batch_open(struct act_desk *desk);

/* Counts `count` fates; of what was changed, json goes to the audit. */
void act_batch_note(struct act_batch *batch, enum act_fate fate,
		    const char *json, int64_t count);

/* Steps an UPDATE of channels that returns their names in JSON; returns how
 * many were changed in *changed_out. */
int act_batch_names(struct act_batch *batch, struct db_stmt *st,
		    int64_t *changed_out);

/* Ends the batch: if rc is 0 with its audit row and a commit, else without.
 * Adds to total. Returns what came of it. */
int act_batch_close(struct act_desk *desk, struct act_batch *batch, int rc,
		    struct act_result *total);

/* Cleaned and bounded, as the audit and the console show it; NULL for NULL and
 * "". The caller frees. */
char *act_words(const char *text);

/* A row as it is now, in the transaction. */
struct act_seen {
	bool is_there;
	int64_t version;
	enum message_status status;
	int64_t generation;
	int64_t created_at_ms;
	int64_t expires_at_ms;	 /* 0: never */
	int64_t channel_life_ms; /* 0: none */
	char *before; /* own; JSON: what to remember of it for an undo */
};

/* Reads the row; the caller ends it with act_seen_finish. */
int act_see(struct act_desk *desk, int64_t id, struct act_seen *seen_out);
void act_seen_finish(struct act_seen *seen);

/* Whether a verb that serves the states (bits, 1 << MESSAGE_...) may change
 * it: ACT_CHANGED, or why not. */
enum act_fate act_judge(const struct act_seen *seen, int64_t version,
			unsigned states);
