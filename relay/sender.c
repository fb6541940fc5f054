#include "relay/sender.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/secret.h"
#include "lib/text.h"
#include "lib/util.h"
#include "relay/openids.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The piece of the answer that is kept: redacted first, so that no half of a
 * secret stays at the cut, then cleaned and cut between two characters. */
static char *keep_answer(const struct http_answer *answer)
{
	const char *text =
		answer->fate == HTTP_ANSWERED ? answer->body : answer->error;
	if (!text[0])
		return NULL;
	scoped_free char *redacted = secret_redact(text);
	redacted[text_fit_bytes(redacted, JOB_ANSWER_MAX)] = '\0';
	char *clean = text_clean(redacted, strlen(redacted));
	clean[text_fit_bytes(clean, JOB_ANSWER_MAX)] = '\0';
	return clean;
}

/* A lookup that finds somebody is answered with all that is known of them. */
static bool is_private(const struct judgement *j)
{
	return j->stage == STAGE_LOOKUP && j->code == 0;
}

static void drop_first_attempt(struct job *job)
{
	free(job->attempts[0].answer);
	job->attempt_count--;
	memmove(&job->attempts[0], &job->attempts[1],
		job->attempt_count * sizeof(job->attempts[0]));
}

static void note_attempt(struct job *job, const struct judgement *j,
			 const struct http_answer *answer)
{
	if (job->attempt_count == JOB_ATTEMPTS_MAX)
		drop_first_attempt(job);
	struct job_attempt *a = &job->attempts[job->attempt_count++];
	*a = (struct job_attempt){
		.started_at_ms = job->started_at_ms,
		.judgement = *j,
	};
	if (answer) {
		a->duration_us = answer->duration_us;
		a->http_status = answer->status;
		a->answer = is_private(j) ? NULL : keep_answer(answer);
	}
}

static void log_outcome(const struct job *job, const struct judgement *j)
{
	static const enum log_level levels[] = {
		[VERDICT_DELIVERED] = LOG_DEBUG, [VERDICT_RETRY] = LOG_INFO,
		[VERDICT_UNKNOWN] = LOG_WARN,	 [VERDICT_DEFER] = LOG_INFO,
		[VERDICT_REJECT] = LOG_WARN,
	};
	_Static_assert(ARRAY_LEN(levels) == VERDICT_COUNT, "a level for each");
	log_write(levels[j->verdict], judge_verdict_name(j->verdict),
		  LOG_FIELDS(LOG_INT("id", job->msg.id),
			     LOG_STR("channel", job->channel->name),
			     LOG_STR("stage", judge_stage_name(j->stage)),
			     LOG_STR("reason", reason_id(j->reason)),
			     LOG_STR("answer", j->detail)));
}

static void conclude(struct job *job, const struct judgement *j)
{
	job->judgement = *j;
	job->step = JOB_JUDGED;
	log_outcome(job, j);
}

static struct judge_context context_of(const struct job *job)
{
	return (struct judge_context){
		.attempts = (unsigned)job->msg.attempts + 1,
		.unknowns = (unsigned)job->msg.unknowns,
		.has_refreshed = job->has_refreshed,
		.streak = job->channel->streak,
	};
}

/* What an answer came to ends the claim, but for a token that has died. */
static void settle(struct job *job, struct judgement *j)
{
	struct now now = now_read();
	if (j->is_token_dead && !job->has_refreshed) {
		token_invalidate(job->sender->token, job->token_serial, now.ms);
		job->has_refreshed = true;
		job->step = JOB_CLAIMED;
		return;
	}
	channel_hear(job->channel, j, &now);
	conclude(job, j);
}

/* An openid from memory may be out of date: then it is looked up anew, once. */
static bool must_look_again(struct job *job, const struct judgement *j)
{
	struct openids *openids = job->channel->openids;
	if (!j->is_openid_wrong || !openids || !job->msg.recipient)
		return false;
	openids_forget(openids, job->msg.recipient);
	if (!job->is_openid_old)
		return false;
	free(steal(&job->openid));
	job->is_openid_old = false;
	return true;
}

static void on_answer(void *ctx, const struct http_answer *answer)
{
	struct job *job = ctx;
	struct judge_context context = context_of(job);
	struct judgement j;
	job->kind->judge(answer, &context, &j);
	note_attempt(job, &j, answer);
	if (must_look_again(job, &j))
		job->step = JOB_CLAIMED;
	else
		settle(job, &j);
}

/* Who was looked up by other settings may be somebody else. */
static bool is_outdated(const struct job *job)
{
	return job->adoption != job->channel->adoptions;
}

static void start_anew(struct job *job)
{
	free(steal(&job->openid));
	job->is_openid_old = false;
	job->lookups = 0;
	job->adoption = job->channel->adoptions;
}

static struct lookup lookup_of(const struct job *job, int64_t now_ms)
{
	return (struct lookup){
		.channel = job->channel,
		.msg = &job->msg,
		.nth = job->lookups,
		.now_ms = now_ms,
	};
}

static void on_lookup(void *ctx, const struct http_answer *answer)
{
	struct job *job = ctx;
	struct judge_context context = context_of(job);
	struct lookup lookup = lookup_of(job, now_read().ms);
	struct judgement j;
	enum lookup_step step = job->kind->lookup->hear(
		&lookup, answer, &context, &job->openid, &j);
	if (is_outdated(job)) {
		openids_forget(job->channel->openids, job->msg.recipient);
		job->step = JOB_CLAIMED;
		return;
	}
	note_attempt(job, &j, answer);
	job->lookups += step == LOOKUP_ASK;
	if (step == LOOKUP_REFUSED)
		settle(job, &j);
	else
		job->step = JOB_CLAIMED;
}

static void submit(struct job *job, const struct channel_request *request,
		   http_done *done)
{
	job->step = JOB_ON_WIRE;
	http_send(job->sender->http, &(struct http_request){
					     .url = buf_str(&request->url),
					     .body = buf_str(&request->body),
					     .body_len = request->body.len,
					     .headers = request->headers,
					     .scope = request->scope,
					     .done = done,
					     .ctx = job,
				     });
}

/* The row can never be sent. */
static void refuse(struct job *job, const struct judgement *why)
{
	note_attempt(job, why, NULL);
	conclude(job, why);
}

static void post(struct job *job, const char *token, const struct now *now)
{
	struct channel_request request = {.openid = job->openid};
	struct judgement why;
	job->started_at_ms = now->wall_ms;
	job->has_sent = true;
	if (job->kind->build(job->channel, &job->msg, token, now->wall_ms,
			     &request, &why))
		submit(job, &request, on_answer);
	else
		refuse(job, &why);
	channel_request_finish(&request);
}

/* Whether it is known whom to send to; if not, somebody is asked, or it can
 * never be known. */
static bool is_addressed(struct job *job, const char *token,
			 const struct now *now)
{
	const struct channel_lookup *by = job->kind->lookup;
	if (!by)
		return true;
	if (is_outdated(job))
		start_anew(job);
	if (job->openid)
		return true;
	struct lookup lookup = lookup_of(job, now->ms);
	struct channel_request request = {0};
	struct judgement why;
	job->started_at_ms = now->wall_ms;
	enum lookup_step step =
		by->look(&lookup, token, &request, &job->openid, &why);
	if (step == LOOKUP_ASK)
		submit(job, &request, on_lookup);
	else if (step == LOOKUP_REFUSED)
		refuse(job, &why);
	channel_request_finish(&request);
	job->is_openid_old = step == LOOKUP_KNOWN;
	return job->openid != NULL;
}

/* A second send, with a fresh token or openid, is one more than was claimed. */
static bool is_held_back(struct sender *sender, const struct job *job,
			 const struct now *now)
{
	struct pace *pace = &job->channel->pace;
	if (!job->has_sent)
		return false;
	int64_t wait_us = pace_rate_wait_us(pace, now->us);
	if (wait_us == 0)
		pace_spend(pace, 1, now->us);
	else
		sender->again_at_us =
			MIN(sender->again_at_us, now->us + wait_us);
	return wait_us > 0;
}

static void go(struct sender *sender, struct job *job, const char *token,
	       const struct now *now)
{
	job->kind = job->channel->kind;
	if (is_addressed(job, token, now) && !is_held_back(sender, job, now))
		post(job, token, now);
}

void sender_send(struct sender *sender, struct job *job, const struct now *now)
{
	job->sender = sender;
	if (job->channel->lack.reason) {
		conclude(job, &job->channel->lack);
		return;
	}
	if (!job->channel->kind->needs_token) {
		go(sender, job, "", now);
		return;
	}
	switch (token_state(sender->token, now->ms)) {
	case TOKEN_READY:
		go(sender, job, token_value(sender->token, &job->token_serial),
		   now);
		break;
	case TOKEN_REFUSED:
		conclude(job, token_trouble(sender->token));
		break;
	case TOKEN_NONE:
		break;
	}
}
