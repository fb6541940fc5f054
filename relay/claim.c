/*
 * Claiming: which due rows may be sent now.
 *
 * Each priority is one seek in the index outbox_due; the slots are shared among
 * the priorities by a wheel on which priority p has p + 1 of 55 places, so the
 * urgent come first and none starves. A row that must wait for another one is
 * parked out of the index (outbox.waits_for); the triggers of the schema bring
 * it back when that one leaves, and it is looked at here again.
 */
#include "relay/store_internal.h"

#include "lib/buf.h"
#include "lib/log.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum { PRIORITIES = CLAIM_PRIORITIES, WHEEL = 55, EXPIRE_MAX = 200 };

static void finish_candidates(struct candidates *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->rows[i].recipient);
		free(c->rows[i].ordering_key);
	}
	c->count = 0;
}

static int read_candidates(struct store *s, const struct claim_request *r,
			   int priority, struct candidates *c)
{
	size_t limit = MIN(r->slots + r->slots / 2 + 1, (size_t)CANDIDATES_MAX);
	scoped_stmt struct db_stmt *st = s->st[CANDIDATES];
	db_bind(st, "$channel", r->channel->name);
	db_bind(st, "$priority", priority);
	db_bind(st, "$now", r->now_ms);
	db_bind(st, "$limit", limit);
	int rc;
	while ((rc = db_step(st)) == DB_ROW) {
		c->rows[c->count++] = (struct candidate){
			.id = db_int(st, 0),
			.recipient = xstrdup_or_null(db_text(st, 1)),
			.ordering_key = xstrdup_or_null(db_text(st, 2)),
			.expires_at_ms = db_int(st, 3),
			.interrupted = db_int(st, 4),
		};
	}
	return rc;
}

static int park(struct store *s, int64_t id, const char *what_for)
{
	struct db_stmt *st = s->st[PARK];
	db_bind(st, "$id", id);
	db_bind(st, "$for", what_for);
	return db_run(st);
}

static int look(struct db_stmt *borrowed, const struct candidate *c)
{
	scoped_stmt struct db_stmt *st = borrowed;
	db_bind(st, "$key", c->ordering_key);
	db_bind(st, "$id", c->id);
	return db_step(st);
}

/* DB_ROW: a row with the same key and a smaller id is open, or is a dead letter
 * that holds its key. */
static int look_for_earlier(struct store *s, const struct claim_request *r,
			    const struct candidate *c)
{
	int rc = look(s->st[EARLIER_IN_ORDER], c);
	if (rc == 0 && r->is_order_held)
		rc = look(s->st[EARLIER_DEAD], c);
	return rc;
}

static int expire(struct store *s, int64_t id, int64_t now_ms)
{
	struct db_stmt *st = s->st[EXPIRE];
	db_bind(st, "$id", id);
	db_bind(st, "$now", now_ms);
	return db_run(st);
}

static int take(struct store *s, const struct claim_request *r,
		const struct candidate *c, struct job_list *claimed)
{
	scoped_stmt struct db_stmt *row = s->st[CANDIDATE];
	db_bind(row, "$id", c->id);
	int rc = db_step(row);
	if (rc != DB_ROW)
		return rc;
	struct job *job = xcalloc(1, sizeof(*job));
	message_from_row(&job->msg, row);
	job->channel = r->channel;
	job->msg.lease_no++; /* as mark_sending will */
	job_list_add(claimed, job);
	return 0;
}

/* Those claimed from `first` on, in one statement: each one that has triggers
 * copies the pages it touches, to be able to undo them, and rows that are due
 * together share their pages. */
static int mark_sending(struct store *s, const struct claim_request *r,
			const struct job *first)
{
	if (!first)
		return 0;
	int64_t count = 0;
	scoped_buf ids = {0};
	for (const struct job *job = first; job; job = job->next, count++)
		buf_addf(&ids, "%c%lld", count ? ',' : '[',
			 (long long)job->msg.id);
	buf_addc(&ids, ']');
	struct db_stmt *st = s->st[CLAIM];
	db_bind_text(st, "$ids", buf_str(&ids));
	db_bind(st, "$owner", s->owner);
	db_bind(st, "$until", r->now_ms + r->lease_ms);
	db_bind(st, "$now", r->now_ms);
	int rc = db_run(st);
	if (rc)
		return rc;
	if (db_changes(s->db) == count)
		return 0;
	log_error("a claim was not let through: is there a trigger that is not "
		  "ours?",
		  LOG_INT("rows", count),
		  LOG_INT("changed", db_changes(s->db)));
	return -1;
}

enum sorting { SORT_TAKE, SORT_DONE, SORT_STOP };

/* Decides about one candidate. SORT_STOP: a row that may have killed the relay
 * is next, and must be sent alone: nothing more is claimed until it is. */
static int sort_out(struct store *s, const struct claim_request *r,
		    const struct candidate *c, const struct job_list *claimed,
		    enum sorting *sorting_out)
{
	*sorting_out = SORT_DONE;
	if (c->expires_at_ms && c->expires_at_ms <= r->now_ms)
		return expire(s, c->id, r->now_ms);
	if (job_list_has_recipient(r->held, c->recipient) ||
	    job_list_has_recipient(claimed, c->recipient))
		return park(s, c->id, "recipient");
	if (c->ordering_key) {
		int rc = look_for_earlier(s, r, c);
		if (rc == DB_ROW)
			return park(s, c->id, "order");
		if (rc)
			return rc;
	}
	*sorting_out = SORT_TAKE;
	if (c->interrupted >= INTERRUPTIONS_SUSPECT &&
	    !(r->is_alone && claimed->count == 0))
		*sorting_out = SORT_STOP;
	return 0;
}

/* The places of the wheel: 9 to 0, 9 to 1, 9 to 2 ... and 9, so that neighbours
 * differ. */
static int priority_at(unsigned turn)
{
	static int8_t wheel[WHEEL];
	static bool is_made;
	if (!is_made) {
		size_t place = 0;
		for (int round = 0; round < PRIORITIES; round++) {
			for (int p = PRIORITIES - 1; p >= round; p--)
				wheel[place++] = (int8_t)p;
		}
		is_made = true;
	}
	return wheel[turn % WHEEL];
}

static bool has_suspect(const struct job_list *held)
{
	for (const struct job *job = held->first; job; job = job->next) {
		if (job->step != JOB_JUDGED &&
		    job->msg.interrupted >= INTERRUPTIONS_SUSPECT)
			return true;
	}
	return false;
}

static int claim_from(struct store *s, const struct claim_request *r,
		      struct candidates *levels, struct job_list *claimed,
		      bool *is_stopped)
{
	struct channel *channel = r->channel;
	size_t left = 0, before = claimed->count;
	for (int p = 0; p < PRIORITIES; p++)
		left += levels[p].count;
	while (left > 0 && claimed->count - before < r->slots) {
		struct candidates *level = &levels[priority_at(channel->turn)];
		channel->turn++;
		if (level->next == level->count)
			continue;
		const struct candidate *c = &level->rows[level->next++];
		left--;
		enum sorting sorting;
		int rc = sort_out(s, r, c, claimed, &sorting);
		if (rc)
			return rc;
		if (sorting == SORT_STOP) {
			channel->turn--; /* the next claim begins with it */
			*is_stopped = true;
			return 0;
		}
		if (sorting == SORT_TAKE)
			rc = take(s, r, c, claimed);
		if (rc)
			return rc;
		if (sorting == SORT_TAKE &&
		    c->interrupted >= INTERRUPTIONS_SUSPECT) {
			*is_stopped = true;
			return 0;
		}
	}
	return 0;
}

int store_look(struct store *s, struct channel *channel)
{
	int64_t next = INT64_MAX;
	for (int p = 0; p < PRIORITIES; p++) {
		scoped_stmt struct db_stmt *st = s->st[NEXT_DUE];
		db_bind(st, "$channel", channel->name);
		db_bind(st, "$priority", p);
		int rc = db_step(st);
		if (rc == DB_ROW)
			next = MIN(next, db_int(st, 0));
		else if (rc)
			return rc;
	}
	channel->next_due_ms = next;
	channel->is_stale = false;
	return 0;
}

int store_claim(struct store *s, const struct claim_request *r,
		struct job_list *claimed)
{
	struct candidates *levels = s->levels;
	for (int p = 0; p < PRIORITIES; p++)
		levels[p].count = levels[p].next = 0;
	bool is_stopped = has_suspect(r->held);
	struct job **taken = claimed->last;
	int rc = 0;
	for (int p = PRIORITIES - 1; p >= 0 && rc == 0 && !is_stopped; p--)
		rc = read_candidates(s, r, p, &levels[p]);
	if (rc == 0)
		rc = claim_from(s, r, levels, claimed, &is_stopped);
	if (rc == 0)
		rc = mark_sending(s, r, *taken);
	for (int p = 0; p < PRIORITIES; p++)
		finish_candidates(&levels[p]);
	if (rc == 0)
		rc = store_look(s, r->channel);
	if (rc)
		return rc;
	r->channel->wants_alone =
		is_stopped && !has_suspect(r->held) && !has_suspect(claimed);
	if (is_stopped) /* the next result brings us here again */
		r->channel->next_due_ms = INT64_MAX;
	return 0;
}

int store_look_expiry(struct store *s, int64_t *next_out)
{
	scoped_stmt struct db_stmt *st = s->st[NEXT_EXPIRY];
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	*next_out = db_is_null(st, 0) ? INT64_MAX : db_int(st, 0);
	return 0;
}

int store_expire(struct store *s, int64_t now_ms, int64_t *next_out)
{
	int64_t ids[EXPIRE_MAX];
	size_t count = 0;
	struct db_stmt *st = s->st[EXPIRED];
	db_bind(st, "$now", now_ms);
	db_bind(st, "$limit", EXPIRE_MAX);
	int rc;
	while ((rc = db_step(st)) == DB_ROW)
		ids[count++] = db_int(st, 0);
	db_reset(st);
	for (size_t i = 0; i < count && rc == 0; i++)
		rc = expire(s, ids[i], now_ms);
	if (rc)
		return rc;
	if (count)
		log_warn("rows expired", LOG_INT("count", count));
	return store_look_expiry(s, next_out);
}
