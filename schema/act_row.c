/*
 * The verbs on rows: each row is looked at and changed in the batch's
 * transaction, so what was judged is what is changed.
 */
#include "schema/act_internal.h"

#include "lib/log.h"
#include "lib/util.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	P = 1 << MESSAGE_PENDING,
	F = 1 << MESSAGE_FAILED,
	E = 1 << MESSAGE_EXPIRED,
	C = 1 << MESSAGE_CANCELLED,
};

static enum message_status status_of(const char *name)
{
	int status = 0;
	while (strcmp(name, message_status_name((enum message_status)status)) !=
	       0)
		status++;
	return (enum message_status)status; /* CHECKed in the table */
}

int act_see(struct act_desk *desk, int64_t id, struct act_seen *seen_out)
{
	scoped_stmt struct db_stmt *st = desk->st[LOOK];
	db_bind(st, "$id", id);
	int rc = db_step(st);
	*seen_out = (struct act_seen){0};
	if (rc != DB_ROW)
		return rc;
	*seen_out = (struct act_seen){
		.is_there = true,
		.version = db_int(st, 0),
		.status = status_of(db_text(st, 1)),
		.generation = db_int(st, 2),
		.created_at_ms = db_int(st, 3),
		.expires_at_ms = db_int(st, 4),
		.channel_life_ms = db_int(st, 5),
		.before = xstrdup(db_text(st, 6)),
	};
	return 0;
}

void act_seen_finish(struct act_seen *seen)
{
	free(steal(&seen->before));
}

enum act_fate act_judge(const struct act_seen *seen, int64_t version,
			unsigned states)
{
	if (!seen->is_there)
		return ACT_GONE;
	if (seen->status == MESSAGE_SENDING)
		return ACT_ON_WIRE;
	if (version != ACT_ANY_VERSION && version != seen->version)
		return ACT_MOVED_ON;
	return states & 1u << seen->status ? ACT_CHANGED : ACT_WRONG_STATE;
}

/* The time to live that the row began with. After the first generation it is
 * no longer in the row, whose expires_at may be a fresh one: then it is not
 * more than the channel's, or it would grow with each retry. 0: none. */
static int64_t life_of(const struct act_seen *seen)
{
	int64_t life = seen->expires_at_ms - seen->created_at_ms;
	if (life <= 0)
		return seen->channel_life_ms;
	if (seen->generation > 1 && seen->channel_life_ms)
		return MIN(life, seen->channel_life_ms);
	return life;
}

/* Binds $expires of a row that is to be sent now; returns whether it is a
 * fresh one. */
static bool bind_expiry(struct db_stmt *st, const struct act_seen *seen,
			int64_t now_ms)
{
	if (!seen->expires_at_ms)
		return false;
	if (seen->expires_at_ms > now_ms + ACT_MOMENT_MS) {
		db_bind(st, "$expires", seen->expires_at_ms);
		return false;
	}
	int64_t life = life_of(seen);
	if (life)
		db_bind(st, "$expires", now_ms + life);
	return true;
}

/* Runs the verb's UPDATE. */
static int change(struct act_desk *desk, struct act_batch *batch,
		  const struct act_row *row, const struct act_seen *seen,
		  enum act_statement statement)
{
	struct db_stmt *st = desk->st[statement];
	db_bind(st, "$id", row->id);
	db_bind(st, "$version", seen->version);
	db_bind(st, "$now", batch->now_ms);
	if (statement == EDIT)
		db_bind(st, "$payload", row->payload);
	bool is_fresh =
		statement != CANCEL && bind_expiry(st, seen, batch->now_ms);
	int rc = db_run(st);
	if (rc == 0) {
		assert(db_changes(desk->db) == 1); /* judged in here */
		batch->result.fresh_lives += is_fresh;
	}
	return rc;
}

static int retry(struct act_desk *desk, struct act_batch *batch,
		 const struct act_row *row, const struct act_seen *seen)
{
	return change(desk, batch, row, seen,
		      seen->status == MESSAGE_PENDING ? SEND_NOW : RETRY);
}

static int edit(struct act_desk *desk, struct act_batch *batch,
		const struct act_row *row, const struct act_seen *seen)
{
	struct db_stmt *st = desk->st[KEEP_REVISION];
	db_bind(st, "$id", row->id);
	db_bind(st, "$now", batch->now_ms);
	db_bind(st, "$act", batch->act->id);
	int rc = db_run(st);
	return rc ? rc : change(desk, batch, row, seen, EDIT);
}

static int cancel(struct act_desk *desk, struct act_batch *batch,
		  const struct act_row *row, const struct act_seen *seen)
{
	return change(desk, batch, row, seen, CANCEL);
}

static const struct verb {
	unsigned states; /* that it serves */
	int (*apply)(struct act_desk *desk, struct act_batch *batch,
		     const struct act_row *row, const struct act_seen *seen);
} verbs[ACT_ACTION_COUNT] = {
	[ACT_RETRY] = {P | F | E | C, retry},
	[ACT_EDIT] = {P | F | E | C, edit},
	[ACT_CANCEL] = {P | F | E, cancel},
};

static int act_on(struct act_desk *desk, struct act_batch *batch,
		  const struct verb *verb, struct act_row *row)
{
	struct act_seen seen;
	int rc = act_see(desk, row->id, &seen);
	if (rc)
		return rc;
	enum act_fate fate = act_judge(&seen, row->version, verb->states);
	if (fate == ACT_CHANGED)
		rc = verb->apply(desk, batch, row, &seen);
	if (rc == 0) {
		scoped_free char *id = xasprintf("%lld", (long long)row->id);
		bool keeps = batch->act->action == ACT_CANCEL;
		act_batch_note(batch, fate, keeps ? seen.before : id, 1);
		row->fate = fate;
	}
	act_seen_finish(&seen);
	return rc;
}

static void set_fates(struct act_row *rows, size_t count, enum act_fate fate)
{
	for (size_t i = 0; i < count; i++)
		rows[i].fate = fate;
}

int act_rows(struct act_desk *desk, const struct act *act, struct act_row *rows,
	     size_t count, int64_t now_ms, struct act_result *total)
{
	const struct verb *verb = &verbs[act->action];
	assert(verb->apply && count > 0 && count <= ACT_BATCH_MAX);
	struct act_batch batch = {.act = act, .now_ms = now_ms, .size = count};
	set_fates(rows, count, ACT_UNTOUCHED);
	int rc = act_batch_open(desk);
	if (rc)
		return rc;
	size_t done = 0;
	while (done < count && rc == 0) {
		rc = act_on(desk, &batch, verb, &rows[done]);
		done += rc == 0;
	}
	bool is_refused = rc == DB_REFUSED;
	rc = act_batch_close(desk, &batch, rc, total);
	if (is_refused)
		total->refused_id = rows[done].id;
	if (rc)
		set_fates(rows, count,
			  rc == DB_BUSY || rc == DB_FULL ? ACT_UNTOUCHED
							 : ACT_FAILED);
	return rc;
}
