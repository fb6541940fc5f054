/*
 * Results: what a try came to, written where the lease still holds, and what a
 * relay that died or was stopped leaves behind.
 */
#include "relay/store_internal.h"

#include "lib/buf.h"
#include "lib/log.h"
#include "lib/util.h"

/* A commit that failed may have been made all the same: what is there already
 * is no error, or the relay would try for ever. */
static int write_attempt(struct store *s, const struct job *job, size_t index)
{
	const struct job_attempt *a = &job->attempts[index];
	const struct judgement *j = &a->judgement;
	struct db_stmt *st = s->st[ATTEMPT];
	db_bind(st, "$id", job->msg.id);
	db_bind(st, "$lease", job->msg.lease_no);
	db_bind(st, "$request", index + 1);
	db_bind(st, "$generation", job->msg.generation);
	db_bind(st, "$started", a->started_at_ms);
	db_bind(st, "$duration", a->duration_us);
	db_bind(st, "$stage", judge_stage_name(j->stage));
	db_bind(st, "$outcome", judge_outcome_name(j));
	db_bind(st, "$code", j->code);
	db_bind(st, "$reason", reason_id(j->reason));
	db_bind(st, "$http", a->http_status);
	db_bind(st, "$answer", a->answer);
	return db_run(st);
}

int store_log_attempts(struct store *s, const struct job *job)
{
	int rc = 0;
	for (size_t i = 0; i < job->attempt_count && rc == 0; i++)
		rc = write_attempt(s, job, i);
	return rc;
}

static bool was_delivered(const struct job *job)
{
	return job->step == JOB_JUDGED &&
	       job->judgement.verdict == VERDICT_DELIVERED;
}

int store_deliver(struct store *s, const struct job_list *hand, int64_t now_ms)
{
	int64_t count = 0;
	scoped_buf leases = {0};
	for (const struct job *job = hand->first; job; job = job->next) {
		if (was_delivered(job))
			buf_addf(&leases, "%c\"%lld\":%lld",
				 count++ ? ',' : '{', (long long)job->msg.id,
				 (long long)job->msg.lease_no);
	}
	if (count == 0)
		return 0;
	buf_addc(&leases, '}');
	struct db_stmt *st = s->st[DELIVER];
	db_bind_text(st, "$leases", buf_str(&leases));
	db_bind(st, "$now", now_ms);
	int rc = db_run(st);
	if (rc == 0 && db_changes(s->db) != count)
		log_error("lease lost: somebody else changed rows that were "
			  "being sent",
			  LOG_INT("rows", count - db_changes(s->db)));
	return rc;
}

int store_settle(struct store *s, const struct job *job,
		 const struct outcome *outcome, int64_t now_ms)
{
	bool is_delivered = outcome->status == MESSAGE_DELIVERED;
	struct db_stmt *st = s->st[SETTLE];
	db_bind(st, "$id", job->msg.id);
	db_bind(st, "$lease", job->msg.lease_no);
	db_bind(st, "$status", message_status_name(outcome->status));
	db_bind(st, "$due", outcome->due_at_ms);
	db_bind(st, "$attempts", outcome->attempts);
	db_bind(st, "$unknowns", outcome->unknowns);
	db_bind(st, "$interrupted", outcome->interrupted);
	db_bind(st, "$now", now_ms);
	if (is_delivered) {
		db_bind_null(st, "$reason");
		db_bind_null(st, "$error");
	} else {
		db_bind(st, "$reason", reason_id(outcome->reason));
		db_bind_text(st, "$error", job->judgement.detail);
	}
	int rc = db_run(st);
	if (rc)
		return rc;
	if (db_changes(s->db) != 1)
		log_error("lease lost: somebody else changed a row that was "
			  "being sent",
			  LOG_INT("id", job->msg.id),
			  LOG_INT("lease", job->msg.lease_no));
	return store_log_attempts(s, job);
}

int store_release(struct store *s, const struct job *job, bool is_interrupted,
		  int64_t now_ms)
{
	struct db_stmt *st = s->st[RELEASE];
	db_bind(st, "$id", job->msg.id);
	db_bind(st, "$lease", job->msg.lease_no);
	db_bind(st, "$interrupted", is_interrupted ? 1 : 0);
	db_bind(st, "$now", now_ms);
	return db_run(st);
}

static int recover_alone(struct store *s, int64_t now_ms)
{
	struct db_stmt *st = s->st[RECOVER_ALONE];
	db_bind(st, "$suspect", INTERRUPTIONS_SUSPECT);
	db_bind(st, "$now", now_ms);
	int rc = db_run(st);
	if (rc == 0 && db_changes(s->db) > 0)
		log_error("a row was alone on the wire each time the relay "
			  "died: it is put aside",
			  LOG_STR("reason", reason_id(REASON_KILLS_RELAY)));
	return rc;
}

int store_recover(struct store *s, int64_t now_ms, int64_t *count_out)
{
	int rc = db_begin(s->db);
	if (rc)
		return rc;
	int64_t sending = 0;
	struct db_stmt *st = s->st[COUNT_SENDING];
	rc = db_step(st);
	if (rc == DB_ROW) {
		sending = db_int(st, 0);
		rc = 0;
	}
	db_reset(st);
	if (rc == 0 && sending == 1)
		rc = recover_alone(s, now_ms);
	if (rc == 0) {
		db_bind(s->st[RECOVER], "$now", now_ms);
		rc = db_run(s->st[RECOVER]);
	}
	if (rc == 0) {
		db_bind(s->st[FORGET_RELAYS], "$owner", s->owner);
		rc = db_run(s->st[FORGET_RELAYS]);
	}
	if (rc == 0)
		rc = db_commit(s->db);
	if (rc)
		db_rollback(s->db);
	else
		*count_out = sending;
	return rc;
}
