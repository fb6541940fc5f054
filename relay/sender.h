/*
 * Sending claimed rows and hearing what came of it: from JOB_CLAIMED over
 * JOB_ON_WIRE to JOB_JUDGED, with the lookup that some kinds need before, and
 * the repeats that a dead token or an openid out of date asks for. Touches no
 * database.
 */
#pragma once

#include "relay/job.h"
#include "relay/token.h"

struct sender {
	struct http *http; /* borrowed, as is token */
	struct token *token;
	int64_t again_at_us; /* when a repeat may go that the rate holds back;
				the caller sets it to INT64_MAX before it sends
			      */
};

/* Sends a claimed job, or judges it if it can never be sent. A job whose kind
 * needs a token stays claimed until there is one; if the token was refused the
 * job is judged as deferred with the token's trouble. One that was looked up
 * is claimed again; a second send stays claimed until the channel's rate allows
 * it. */
void sender_send(struct sender *sender, struct job *job, const struct now *now);
