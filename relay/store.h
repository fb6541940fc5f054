/*
 * The relay's side of the database: what it claims, writes back and tells about
 * itself. Every statement of the relay is here and in the files claim.c,
 * settle.c and journal.c beside it, all prepared at open.
 *
 * Writes happen between store_begin and store_commit, which the engine calls
 * once a tick: results, claims and log lines are one group commit. Outcomes are
 * those of schema/db.h.
 */
#pragma once

#include "relay/channel.h"
#include "relay/job.h"
#include "relay/now.h"
#include "relay/outcome.h"
#include "relay/reroute.h"
#include "relay/token.h"
#include "schema/db.h"

struct store;

/* Prepares everything on an open database of the current schema; `helper` is a
 * second connection for checkpoints. Both are borrowed. `owner` names this
 * process in leases: host, pid and start, so that it never comes again. */
struct store *store_create(struct db *db, struct db *helper, const char *owner);
void store_destroy(struct store *store);
struct db *store_db(struct store *store);

/* Takes back what a relay that died had on the wire: those rows are due now,
 * with one interruption more, and no attempt less. A row that was the only one
 * on the wire for the third time is dead-lettered (kills-relay). In a
 * transaction of its own. *count_out: rows taken back. */
int store_recover(struct store *store, int64_t now_ms, int64_t *count_out);

/* Writes what the settings say into outbox_channel and outbox_route, in a
 * transaction of its own, and notes what is to be moved by it. DB_REFUSED if a
 * route names an unknown channel, < 0 if its path is malformed; the log says
 * which. */
int store_adopt(struct store *store, const struct config *config);

/* One step of having rows that wait follow the route of their type, see
 * reroute_step; outside a group commit. */
int store_reroute(struct store *store, enum reroute_state *state_out);

/* One group commit. */
int store_begin(struct store *store);
int store_commit(struct store *store);
void store_rollback(struct store *store);

/* What others may have written into outbox_channel, and what the budgets have
 * used. */
struct store_channel {
	bool is_paused;
	bool is_resumed;	     /* an operator wants a probe at once */
	int64_t minute, minute_used; /* as in struct pace */
	int64_t day, day_used;
};

struct claim_request {
	struct channel *channel;
	size_t slots;	/* most rows to take */
	int64_t now_ms; /* wall */
	int64_t lease_ms;
	const struct job_list *held; /* rows in hand: no second one to the same
					recipient is claimed beside them */
	bool is_alone;		     /* nothing at all is in hand */
	bool is_order_held;	     /* a dead letter stops those behind it */
};

/* Claims due rows of one channel and appends them to `claimed`. Rows that have
 * to wait for another one are parked, rows whose time has passed expire.
 * Updates the channel's next_due_ms. */
int store_claim(struct store *store, const struct claim_request *request,
		struct job_list *claimed);

/* When a channel's next row is due (next_due_ms, which then is not stale), and
 * when the next row expires (wall; INT64_MAX: none). Reads only. */
int store_look(struct store *store, struct channel *channel);
int store_look_expiry(struct store *store, int64_t *next_out);

/* Expires pending rows whose time has passed, at most some hundred a call.
 * *next_out: as store_look_expiry. */
int store_expire(struct store *store, int64_t now_ms, int64_t *next_out);

/* Writes a job's result, WHERE its lease still holds; a lost lease is logged
 * and changes nothing. */
int store_settle(struct store *store, const struct job *job,
		 const struct outcome *outcome, int64_t now_ms);

/* The rows of those jobs that were delivered, in one statement, each WHERE its
 * lease still holds: what store_settle does, but for the attempts. If one is
 * refused, all are. */
int store_deliver(struct store *store, const struct job_list *hand,
		  int64_t now_ms);

/* The attempts of one of them. */
int store_log_attempts(struct store *store, const struct job *job);

/* Gives a row back that never was on the wire, or whose request was given up at
 * the end of a drain (is_interrupted). */
int store_release(struct store *store, const struct job *job,
		  bool is_interrupted, int64_t now_ms);

/* The relay's row: heartbeat and state ("running", "draining", "stopped"). */
int store_beat(struct store *store, const char *state, size_t on_wire,
	       int64_t beat_every_ms, int64_t now_ms);

/* The name of the channel behind that one, in the order of names; "" begins.
 * DB_MISSING if there is none. The caller frees. */
int store_next_channel(struct store *store, const char *after, char **name_out);

/* Reads a channel's row; DB_MISSING if there is none. */
int store_read_channel(struct store *store, const char *name,
		       struct store_channel *out);

/* The trouble that a channel was held for when it was last written, and since
 * when; DB_MISSING if it was not held. */
int store_read_trouble(struct store *store, const char *name,
		       struct judgement *trouble_out, int64_t *since_out);

/* Writes a channel's state and what its budgets have used. An operator's pause
 * that came meanwhile stands. */
int store_save_channel(struct store *store, const struct channel *channel,
		       const struct now *now);

/* Adds counts to outbox_minute. */
int store_save_tally(struct store *store, const char *channel,
		     const struct tally *tally);

/* The wall clock was set by so many milliseconds, at mark_ms by the new time.
 */
struct store_move {
	int64_t by_ms, mark_ms;
};

/* Moves some hundred rows along that wait for a retry, and, if it was set back,
 * those that somebody had made due "now" before. Rows that were touched since
 * go by the new time already. In a transaction of its own. */
int store_move_retries(struct store *store, const struct store_move *move,
		       int64_t now_ms, bool *is_done);

/* How often settings have been adopted. */
int64_t store_generation(const struct store *store);

/* One line of outbox_log. */
int store_log(struct store *store, int64_t at_ms, const char *level,
	      const char *event, const char *fields);

/* The ration of forced token refreshes. */
int store_load_ration(struct store *store, struct token_ration *ration_out);
int store_save_ration(struct store *store, const struct token_ration *ration);

/* Copies the WAL into the database if it has grown, see db_checkpoint. Outside
 * a group commit. *left_out gets the pages that a reader kept from it. */
int store_checkpoint(struct store *store, int64_t *left_out);
