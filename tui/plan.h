/*
 * An act that an operator is about to do, and then does: which rows with which
 * versions, what the box says of them, and the batches one after the other. The
 * rows are chosen once; what has moved on meanwhile is skipped and counted.
 *
 * Scripts and keys go through here alone.
 */
#pragma once

#include "schema/act.h"
#include "tui/rows.h"

enum {
	PLAN_SAMPLES = 4,
	PLAN_CHANNELS = 8,
	PLAN_REST_MS = 20,    /* between two batches, for the relay */
	PLAN_TYPE_ABOVE = 100 /* more rows: the number has to be typed */
};

struct plan_channel {
	char *name; /* own */
	int64_t count;
};

struct walk;

struct plan {
	/* Set by whoever makes it; texts are own. */
	enum act_action action;
	char *filter;  /* what chose the rows; NULL: named one by one */
	char *reason;  /* the operator's words; NULL */
	char *payload; /* ACT_EDIT; NULL */
	char *channel; /* ACT_PAUSE, ACT_RESUME: NULL is all */
	char *undoes;  /* ACT_UNDO */
	int64_t fence; /* 0: none */
	int64_t as_of_ms;
	int64_t max; /* most rows to choose; 0: no limit */

	/* Chosen. */
	struct act_row *rows; /* own */
	size_t count;
	int64_t looked;	     /* rows looked at so far */
	int64_t other_state; /* match, but cannot be changed like this */
	int64_t gone;	     /* of those named: there is no such row */
	bool is_over;	     /* more than max match */
	int64_t over;	     /* so many more */
	int64_t by_status[MESSAGE_STATUS_COUNT]; /* also of the others */
	int64_t expired_lives; /* of a retry: will get a fresh life */
	int64_t unsure;	       /* of a retry: an earlier try may have arrived */
	int64_t oldest_ms, newest_ms;
	struct plan_channel channels[PLAN_CHANNELS]; /* largest first, of the
							first met */
	size_t channel_count;
	int64_t channel_rest; /* rows of further channels */
	struct row samples[PLAN_SAMPLES];
	size_t sample_count;
	char *old_payload;  /* own; what an edit would replace; NULL */
	int64_t per_minute; /* most delivered in a minute of the last hour; 0:
			       none, or not asked */

	/* Done so far. */
	size_t next;		  /* row of the next batch */
	struct act_result result; /* sums */
	int64_t last_batch_ms;
	bool is_begun, is_finished;
	char *error; /* own; why it cannot go on, NULL */

	struct walk *walk; /* own; while it chooses, NULL */
	struct act act;	   /* under way; its texts are borrowed from here */
};

/* Beside those of rows_work: it cannot be done; plan->error says why. */
enum { PLAN_ENDED = ROWS_MORE + 16 };

/* `reader` and `writer` are borrowed; writer is NULL when read-only. */
struct planner;
struct planner *planner_create(struct db *reader, struct db *writer,
			       const struct actor *actor);
void planner_destroy(struct planner *p);

/* A plan of nothing; the caller ends it with plan_finish. */
void plan_init(struct plan *plan, enum act_action action);
void plan_finish(struct plan *plan);

/* Chooses rows by id, and their versions now: of the marks, or the cursor's. */
int planner_choose_ids(struct planner *p, struct plan *plan, const int64_t *ids,
		       size_t count, int64_t now_ms);

/* Chooses all of a list that pass a filter up to the fence; one slice. The
 * filter is borrowed until it is done. ROWS_DONE, ROWS_MORE, DB_BUSY, < 0. */
int planner_choose_all(struct planner *p, struct plan *plan,
		       enum list_kind kind, const struct filter *filter,
		       int64_t now_ms, int64_t deadline_us);

/* The next batch. ROWS_MORE: there are more, wait PLAN_REST_MS; ROWS_DONE: that
 * was the last; DB_BUSY and DB_FULL: the same again later; PLAN_ENDED and < 0
 * end it, and plan->error says why. */
int planner_act(struct planner *p, struct plan *plan, int64_t now_ms);

/* The newest act of this actor that can still be undone: its id, which the
 * caller frees, its action and when; NULL if there is none. */
char *planner_undoable(struct planner *p, int64_t now_ms,
		       enum act_action *action_out, int64_t *at_ms_out,
		       int64_t *changed_out);

/* Writes into the audit that recipients are shown in full from now on, or
 * masked again: they are shown only if it is 0. DB_BUSY, DB_FULL; PLAN_ENDED
 * when read-only: there is no audit to write to. */
int planner_note_unmask(struct planner *p, bool is_on, int64_t now_ms);

/* Whether it can act at all: there is a connection to write on. */
bool planner_can_act(const struct planner *p);

/* Which states an act can change, a bit each (1 << MESSAGE_FAILED). */
unsigned plan_states(enum act_action action);

/* One line of what was done: "1,204 rows: 1,195 queued, 9 skipped (8 moved
 * on, 1 on the wire, 0 gone), 0 failed". The caller frees. */
char *plan_summary(const struct plan *plan);
