/*
 * The group commit of a tick: everything the relay writes while it runs goes
 * through here, in one transaction with one fsync. What is claimed in it is
 * sent after it, so that no row is ever on the wire without its claim on the
 * disk.
 */
#include "relay/engine_internal.h"

#include "lib/log.h"
#include "lib/util.h"

#include <stdlib.h>

enum { BUSY_WAIT_US = 5000, TROUBLE_WAIT_US = 1000000 };

size_t commit_slots(struct engine *e, const struct now *now)
{
	struct channel *c = &e->channel;
	if (e->phase != ENGINE_RUNNING)
		return 0;
	if (c->kind->needs_token &&
	    token_state(e->token, now->ms) != TOKEN_READY)
		return 0;
	size_t slots = channel_slots(c, now->ms, now->wall_ms);
	return slots;
}

static bool is_ration_unsaved(const struct engine *e)
{
	return token_get_ration(e->token).last_ms != e->saved_forced_ms;
}

bool commit_is_wanted(struct engine *e, const struct now *now)
{
	if (now->us < e->write_not_before_us)
		return false;
	if (e->judged || e->channel.is_unsaved || now->us >= e->beat_at_us ||
	    now->wall_ms >= e->next_expiry_ms || is_ration_unsaved(e))
		return true;
	return commit_slots(e, now) > 0 &&
	       e->channel.next_due_ms <= now->wall_ms;
}

static int settle(struct engine *e, const struct now *now)
{
	const struct config *config = e->config;
	for (const struct job *job = e->hand.first; job; job = job->next) {
		if (job->step != JOB_JUDGED)
			continue;
		struct outcome_limits limits = {
			.max_attempts = job->msg.max_attempts
						? job->msg.max_attempts
						: config->max_attempts,
			.retry_after_max_ms = config->retry_after_max_ms,
			.backoff = {config->backoff.ms, config->backoff.count,
				    config->jitter_percent},
		};
		struct outcome outcome;
		outcome_plan(&job->msg, &job->judgement, &limits, now->wall_ms,
			     drand48(), &outcome);
		int rc = store_settle(e->store, job, &outcome, now->wall_ms);
		if (rc)
			return rc;
	}
	return 0;
}

static int claim(struct engine *e, const struct now *now,
		 struct job_list *claimed)
{
	struct channel *c = &e->channel;
	/* What is settled in this commit makes room in this commit. */
	size_t on_wire = c->on_wire;
	c->on_wire -= e->judged;
	size_t slots = commit_slots(e, now);
	c->on_wire = on_wire;
	if (slots == 0 || (c->next_due_ms > now->wall_ms && !c->is_stale))
		return 0;
	return store_claim(e->store,
			   &(struct claim_request){
				   .channel = c,
				   .slots = slots,
				   .now_ms = now->wall_ms,
				   .lease_ms = 2 * e->config->timeout_ms +
					       e->config->drain_timeout_ms,
				   .held = &e->hand,
				   .is_alone = e->hand.count == e->judged,
			   },
			   claimed);
}

static int write_state(struct engine *e, const struct now *now)
{
	int rc = 0;
	if (now->wall_ms >= e->next_expiry_ms)
		rc = store_expire(e->store, now->wall_ms, &e->next_expiry_ms);
	if (rc == 0 && e->channel.is_unsaved)
		rc = store_save_channel(e->store, &e->channel, now->ms,
					now->wall_ms);
	if (rc == 0 && is_ration_unsaved(e)) {
		struct token_ration ration = token_get_ration(e->token);
		rc = store_save_ration(e->store, &ration);
	}
	if (rc == 0 && now->us >= e->beat_at_us)
		rc = store_beat(e->store,
				e->phase == ENGINE_RUNNING    ? "running"
				: e->phase == ENGINE_DRAINING ? "draining"
							      : "stopped",
				e->channel.on_wire, e->config->heartbeat_ms,
				now->wall_ms);
	if (rc == 0)
		rc = logbook_write(e->logbook, e->store);
	return rc;
}

/* The commit is on the disk: what it said is now true in memory, too. */
static void adopt(struct engine *e, const struct now *now,
		  struct job_list *claimed)
{
	struct job_list hand;
	struct job *job;
	job_list_init(&hand);
	while ((job = job_list_take(&e->hand))) {
		if (job->step != JOB_JUDGED) {
			job_list_add(&hand, job);
			continue;
		}
		e->settled++;
		if (job->judgement.verdict == VERDICT_DELIVERED)
			e->delivered++;
		job->channel->on_wire--;
		job->channel->is_stale = true;
		job_destroy(job);
	}
	while ((job = job_list_take(claimed))) {
		job->channel->on_wire++;
		job_list_add(&hand, job);
	}
	job_list_init(&e->hand);
	while ((job = job_list_take(&hand)))
		job_list_add(&e->hand, job);
	e->judged = 0;
	e->channel.is_unsaved = false;
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
	e->channel.is_stale = true;
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
	rc = settle(e, now);
	if (rc == 0)
		rc = claim(e, now, &claimed);
	if (rc == 0)
		rc = write_state(e, now);
	if (rc == 0)
		rc = store_commit(e->store);
	if (rc == 0) {
		adopt(e, now, &claimed);
		return;
	}
	postpone(e, now, rc);
	e->next_expiry_ms = next_expiry_ms;
	store_rollback(e->store);
	while ((job = job_list_take(&claimed)))
		job_destroy(job);
}
