#include "relay/outcome.h"

#include "lib/util.h"

static void try_again(const struct judgement *j,
		      const struct outcome_limits *limits, int64_t now_ms,
		      double chance, struct outcome *out)
{
	if (out->attempts >= limits->max_attempts) {
		out->status = MESSAGE_FAILED;
		return;
	}
	int64_t least = MIN(j->wait_ms, limits->retry_after_max_ms);
	out->status = MESSAGE_PENDING;
	out->due_at_ms = now_ms + backoff_wait_ms(&limits->backoff,
						  out->attempts, chance, least);
}

void outcome_plan(const struct message *msg, const struct judgement *j,
		  const struct outcome_limits *limits, int64_t now_ms,
		  double chance, struct outcome *out)
{
	*out = (struct outcome){
		.due_at_ms = msg->due_at_ms,
		.attempts = msg->attempts,
		.unknowns = msg->unknowns,
		.interrupted = 0, /* it was answered: it kills no relay */
		.reason = j->reason,
	};
	switch (j->verdict) {
	case VERDICT_DELIVERED:
		out->status = MESSAGE_DELIVERED;
		out->attempts++;
		out->reason = REASON_NONE;
		break;
	case VERDICT_UNKNOWN:
		out->unknowns++;
		out->attempts++;
		try_again(j, limits, now_ms, chance, out);
		break;
	case VERDICT_RETRY:
		out->attempts++;
		try_again(j, limits, now_ms, chance, out);
		break;
	case VERDICT_DEFER:
		out->status = MESSAGE_PENDING;
		/* Another row is the next probe. */
		if (j->is_probe)
			out->due_at_ms = MAX(out->due_at_ms, now_ms);
		break;
	case VERDICT_REJECT:
		out->status = MESSAGE_FAILED;
		out->unknowns += j->is_unsure;
		out->attempts++;
		break;
	case VERDICT_COUNT:
		break;
	}
}
