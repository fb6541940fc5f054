/*
 * The group commit of a tick: everything the relay writes while it runs goes
 * through here, in one transaction with one fsync. What is claimed in it is
 * sent after it, so that no row is ever on the wire without its claim on the
 * disk.
 */
#include "relay/engine_internal.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/util.h"

#include <stdlib.h>

enum {
	BUSY_WAIT_US = 5000,
	TROUBLE_WAIT_US = 1000000,
	FREE_TO_HELD = 3, /* of the write lock, while others want it too */
	FREE_MAX_US = 200000
};

size_t commit_slots(struct engine *e, struct channel *c, size_t settled,
		    const struct now *now)
{
	/* Rows that have not been moved yet look as if they were due. */
	if (e->phase != ENGINE_RUNNING || e->jump.by_ms)
		return 0;
	if (c->kind->needs_token &&
	    token_state(e->token, now->ms) != TOKEN_READY)
		return 0;
	return channel_slots(c, settled, now);
}

static bool is_ration_unsaved(const struct engine *e)
{
	return token_get_ration(e->token).last_ms != e->saved_forced_ms;
}

bool commit_is_wanted(struct engine *e, const struct now *now)
{
	if (now->us < MAX(e->write_not_before_us, e->free_until_us))
		return false;
	if (e->judged || now->us >= e->beat_at_us ||
	    now->wall_ms >= e->next_expiry_ms || is_ration_unsaved(e))
		return true;
	for (size_t i = 0; i < e->channel_count; i++) {
		struct channel *c = e->channels[i];
		if (c->is_unsaved)
			return true;
		if (c->next_due_ms <= now->wall_ms &&
		    commit_slots(e, c, 0, now) > 0)
			return true;
	}
	return false;
}

/* A trigger of somebody else's says no to one row: the others must not wait for
 * it. It stays "sending" until the relay starts again, and is sent again then.
 */
static void complain_refused(struct engine *e, const struct job *job)
{
	log_error("a result was refused by a trigger that is not ours",
		  LOG_INT("id", job->msg.id),
		  LOG_STR("error", db_message(store_db(e->store))));
}

static bool is_refused(struct engine *e, int rc)
{
	return rc == DB_REFUSED && db_in_transaction(store_db(e->store));
}

static int settle_one(struct engine *e, const struct job *job,
		      const struct now *now)
{
	const struct config *config = e->config;
	struct outcome_limits limits = {
		.max_attempts = job->msg.max_attempts
					? job->msg.max_attempts
					: job->channel->settings->max_attempts,
		.retry_after_max_ms = config->retry_after_max_ms,
		.backoff = {config->backoff.ms, config->backoff.count,
			    config->jitter_percent},
	};
	struct outcome outcome;
	outcome_plan(&job->msg, &job->judgement, &limits, now->wall_ms,
		     drand48(), &outcome);
	/* What waits again may expire before anything else happens. */
	if (outcome.status == MESSAGE_PENDING && job->msg.expires_at_ms)
		e->next_expiry_ms =
			MIN(e->next_expiry_ms, job->msg.expires_at_ms);
	return store_settle(e->store, job, &outcome, now->wall_ms);
}

/* Those that were delivered together, as nearly all are, and one by one only if
 * one of them is refused. */
static int settle(struct engine *e, const struct now *now)
{
	int rc = store_deliver(e->store, &e->hand, now->wall_ms);
	bool is_together = rc == 0;
	if (rc && !is_refused(e, rc))
		return rc;
	for (const struct job *job = e->hand.first; job; job = job->next) {
		if (job->step != JOB_JUDGED)
			continue;
		if (is_together && job->judgement.verdict == VERDICT_DELIVERED)
			rc = store_log_attempts(e->store, job);
		else
			rc = settle_one(e, job, now);
		if (is_refused(e, rc))
			complain_refused(e, job);
		else if (rc)
			return rc;
	}
	return 0;
}

static size_t count_judged(const struct engine *e, const struct channel *c)
{
	size_t count = 0;
	for (const struct job *job = e->hand.first; job; job = job->next)
		count += job->step == JOB_JUDGED && job->channel == c;
	return count;
}

/* A row of another channel waits to be alone on the wire: with more on it, it
 * might wait for ever. */
static bool must_make_way(struct engine *e, const struct channel *c,
			  const struct now *now)
{
	for (size_t i = 0; i < e->channel_count; i++) {
		struct channel *o = e->channels[i];
		if (o != c && o->wants_alone &&
		    commit_slots(e, o, count_judged(e, o), now) > 0)
			return true;
	}
	return false;
}

/* What is settled in this commit makes room in this commit. */
static int claim_for(struct engine *e, struct channel *c,
		     struct job_list *claimed, const struct now *now)
{
	size_t slots = commit_slots(e, c, count_judged(e, c), now);
	if (slots == 0 || (c->next_due_ms > now->wall_ms && !c->is_stale) ||
	    must_make_way(e, c, now))
		return 0;
	struct claim_request request = {
		.channel = c,
		.slots = slots,
		.now_ms = now->wall_ms,
		.lease_ms = (c->kind->lookup ? JOB_ATTEMPTS_MAX : 2) *
				    e->config->timeout_ms +
			    e->config->drain_timeout_ms,
		.held = &e->hand,
		.is_alone = e->hand.count == e->judged,
		.is_order_held = c->settings->is_order_held,
	};
	return store_claim(e->store, &request, claimed);
}

/* Each channel in its turn, so that none is always first at a recipient whom
 * two of them want. */
static int claim(struct engine *e, struct job_list *claimed,
		 const struct now *now)
{
	int rc = 0;
	e->first_channel = (e->first_channel + 1) % e->channel_count;
	for (size_t i = 0; i < e->channel_count && rc == 0; i++) {
		size_t at = (e->first_channel + i) % e->channel_count;
		rc = claim_for(e, e->channels[at], claimed, now);
	}
	return rc;
}

static int write_channel(struct engine *e, struct channel *c,
			 const struct now *now)
{
	bool is_minute_due =
		c->tally.minute_ms && (now->us >= e->beat_at_us ||
				       tally_is_over(&c->tally, now->wall_ms));
	int rc = 0;
	if (c->is_unsaved)
		rc = store_save_channel(e->store, c, now);
	if (rc == 0 && is_minute_due)
		rc = store_save_tally(e->store, c->name, &c->tally);
	c->is_tally_written = rc == 0 && is_minute_due;
	return rc;
}

static int write_state(struct engine *e, const struct now *now)
{
	static const char *const names[] = {
		[ENGINE_RUNNING] = "running",
		[ENGINE_DRAINING] = "draining",
		[ENGINE_STOPPED] = "stopped",
		[ENGINE_LOST] = "stopped",
	};
	int rc = 0;
	if (now->wall_ms >= e->next_expiry_ms)
		rc = store_expire(e->store, now->wall_ms, &e->next_expiry_ms);
	for (size_t i = 0; i < e->channel_count && rc == 0; i++)
		rc = write_channel(e, e->channels[i], now);
	if (rc == 0 && is_ration_unsaved(e)) {
		struct token_ration ration = token_get_ration(e->token);
		rc = store_save_ration(e->store, &ration);
	}
	if (rc == 0 && now->us >= e->beat_at_us)
		rc = store_beat(e->store, names[e->phase],
				e->hand.count - e->judged,
				e->config->heartbeat_ms, now->wall_ms);
	if (rc == 0)
		rc = logbook_write(e->logbook, e->store);
	return rc;
}

static void adopt_job(struct engine *e, struct job *job, const struct now *now)
{
	struct channel *c = job->channel;
	int64_t age_ms = now->wall_ms - job->msg.created_at_ms;
	e->settled++;
	e->delivered += job->judgement.verdict == VERDICT_DELIVERED;
	tally_count(&c->tally, job->judgement.verdict, age_ms, now->wall_ms);
	c->on_wire--;
	c->is_stale = true;
	job_destroy(job);
}

static void adopt_channel(struct channel *c)
{
	c->is_unsaved = c->is_resume_heard = false;
	if (c->is_tally_written)
		c->tally = (struct tally){0};
	c->is_tally_written = false;
}

/* The commit is on the disk: what it said is now true in memory, too. */
static void adopt(struct engine *e, struct job_list *claimed,
		  const struct now *now)
{
	struct job_list hand;
	struct job *job;
	int64_t sent_us = now_read().us; /* the commit has taken its time */
	for (size_t i = 0; i < e->channel_count; i++)
		adopt_channel(e->channels[i]);
	job_list_init(&hand);
	while ((job = job_list_take(&e->hand))) {
		if (job->step == JOB_JUDGED)
			adopt_job(e, job, now);
		else
			job_list_add(&hand, job);
	}
	while ((job = job_list_take(&hand)))
		job_list_add(&e->hand, job);
	while ((job = job_list_take(claimed))) {
		job->channel->on_wire++;
		pace_spend(&job->channel->pace, 1, sent_us);
		job->channel->is_unsaved |=
			pace_has_budget(&job->channel->pace);
		job_list_add(&e->hand, job);
	}
	/* A row that must go alone may go now, on whichever channel. */
	for (size_t i = 0; i < e->channel_count && !e->hand.count; i++)
		e->channels[i]->is_stale = true;
	e->judged = 0;
	e->committed_us = now->us;
	e->changes_seen = 0;
	e->saved_forced_ms = token_get_ration(e->token).last_ms;
	if (now->us >= e->beat_at_us)
		e->beat_at_us = now->us + e->config->heartbeat_ms * 1000;
	logbook_clear(e->logbook);
	e->has_write_trouble = false;
}

/* Busy is ordinary: somebody writes. A full disk and worse are said once. */
static void postpone(struct engine *e, const struct now *now, int rc)
{
	e->write_not_before_us =
		now->us + (rc == DB_BUSY ? BUSY_WAIT_US : TROUBLE_WAIT_US);
	for (size_t i = 0; i < e->channel_count; i++)
		e->channels[i]->is_stale = true;
	if (rc == DB_BUSY || e->has_write_trouble)
		return;
	e->has_write_trouble = true;
	log_error(rc == DB_FULL
			  ? "the disk is full: results are kept in memory, "
			    "nothing new is claimed; make room"
			  : "the database cannot be written: results are kept "
			    "in memory, nothing new is claimed",
		  LOG_STR("file", db_path(store_db(e->store))),
		  LOG_STR("error", db_message(store_db(e->store))),
		  LOG_INT("results_kept", e->judged));
}

void commit_give_way(struct engine *e, int64_t held_us)
{
	int64_t now_us = clock_mono_us();
	int64_t free_us = MIN(held_us * FREE_TO_HELD, (int64_t)FREE_MAX_US);
	if (now_us < e->shared_until_us)
		e->free_until_us = MAX(e->free_until_us, now_us) + free_us;
}

void commit_tick(struct engine *e, const struct now *now)
{
	struct job_list claimed;
	struct job *job;
	job_list_init(&claimed);
	int64_t next_expiry_ms = e->next_expiry_ms;
	int rc = store_begin(e->store);
	if (rc) {
		postpone(e, now, rc);
		return;
	}
	int64_t begun_us = clock_mono_us();
	/* Under the write lock: no pause that is committed is passed by, and no
	 * resume overwritten. */
	follow_operators(e, now);
	rc = settle(e, now);
	if (rc == 0)
		rc = claim(e, &claimed, now);
	if (rc == 0)
		rc = write_state(e, now);
	if (rc == 0)
		rc = store_commit(e->store);
	if (rc == 0) {
		adopt(e, &claimed, now);
		commit_give_way(e, clock_mono_us() - begun_us);
		return;
	}
	postpone(e, now, rc);
	e->next_expiry_ms = next_expiry_ms;
	store_rollback(e->store);
	while ((job = job_list_take(&claimed)))
		job_destroy(job);
}
