/*
 * What a verdict makes of a row: the new state, when it is due again, and which
 * of its counters move. Pure; the state machine of DESIGN in one function.
 */
#pragma once

#include "relay/backoff.h"
#include "relay/judge.h"
#include "schema/message.h"

struct outcome {
	enum message_status status;
	int64_t due_at_ms; /* of a pending row */
	int64_t attempts;
	int64_t unknowns;
	int64_t interrupted;
	enum reason reason; /* REASON_NONE: delivered */
};

/* The row's limits at this moment. */
struct outcome_limits {
	int64_t max_attempts;
	int64_t retry_after_max_ms; /* cap of what an answer may ask for */
	struct backoff backoff;
};

/* chance is uniform in [0, 1). */
void outcome_plan(const struct message *msg, const struct judgement *j,
		  const struct outcome_limits *limits, int64_t now_ms,
		  double chance, struct outcome *out);
