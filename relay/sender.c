#include "relay/sender.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/secret.h"
#include "lib/text.h"
#include "lib/util.h"
#include "relay/config.h"

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

static void note_attempt(struct job *job, const struct judgement *j,
			 const struct http_answer *answer)
{
	struct job_attempt *a = &job->attempts[job->attempt_count++];
	*a = (struct job_attempt){
		.started_at_ms = job->started_at_ms,
		.judgement = *j,
	};
	if (answer) {
		a->duration_us = answer->duration_us;
		a->http_status = answer->status;
		a->answer = keep_answer(answer);
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

static void on_answer(void *ctx, const struct http_answer *answer)
{
	struct job *job = ctx;
	struct channel *channel = job->channel;
	struct judge_context context = {
		.attempts = (unsigned)job->msg.attempts + 1,
		.unknowns = (unsigned)job->msg.unknowns,
		.has_refreshed = job->has_refreshed,
		.streak = channel->streak,
	};
	struct judgement j;
	channel->kind->judge(answer, &context, &j);
	note_attempt(job, &j, answer);
	struct now now = now_read();
	if (j.is_token_dead && !job->has_refreshed) {
		token_invalidate(job->sender->token, job->token_serial, now.ms);
		job->has_refreshed = true;
		job->step = JOB_CLAIMED;
		return;
	}
	channel_hear(channel, &j, &now);
	conclude(job, &j);
}

static void post(struct sender *sender, struct job *job, const char *token,
		 const struct now *now)
{
	struct channel_request request = {0};
	struct judgement why;
	job->started_at_ms = now->wall_ms;
	if (!job->channel->kind->build(job->channel, &job->msg, token,
				       now->wall_ms, &request, &why)) {
		channel_request_finish(&request);
		note_attempt(job, &why, NULL);
		conclude(job, &why);
		return;
	}
	job->step = JOB_ON_WIRE;
	http_send(sender->http, &(struct http_request){
					.url = buf_str(&request.url),
					.body = buf_str(&request.body),
					.body_len = request.body.len,
					.headers = request.headers,
					.done = on_answer,
					.ctx = job,
				});
	channel_request_finish(&request);
}

/* A repeat with a fresh token is a request more than was claimed. */
static bool is_held_back(struct sender *sender, const struct job *job,
			 const struct now *now)
{
	struct pace *pace = &job->channel->pace;
	if (!job->has_refreshed)
		return false;
	int64_t wait_us = pace_rate_wait_us(pace, now->us);
	if (wait_us == 0)
		pace_spend(pace, 1, now->us);
	else
		sender->again_at_us =
			MIN(sender->again_at_us, now->us + wait_us);
	return wait_us > 0;
}

void sender_send(struct sender *sender, struct job *job, const struct now *now)
{
	job->sender = sender;
	if (!job->channel->kind->needs_token) {
		post(sender, job, "", now);
		return;
	}
	switch (token_state(sender->token, now->ms)) {
	case TOKEN_READY:
		if (is_held_back(sender, job, now))
			break;
		post(sender, job,
		     token_value(sender->token, &job->token_serial), now);
		break;
	case TOKEN_REFUSED:
		conclude(job, token_trouble(sender->token));
		break;
	case TOKEN_NONE:
		break;
	}
}
