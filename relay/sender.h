/*
 * Sending claimed rows and hearing what came of it: from JOB_CLAIMED over
 * JOB_ON_WIRE to JOB_JUDGED, with the one repeat that a dead token asks for.
 * Touches no database.
 */
#pragma once

#include "relay/job.h"
#include "relay/token.h"

struct sender {
	struct http *http; /* borrowed, as is token */
	struct token *token;
};

/* Sends a claimed job, or judges it if it can never be sent. A job whose kind
 * needs a token stays claimed until there is one; if the token was refused the
 * job is judged as deferred with the token's trouble. */
void sender_send(struct sender *sender, struct job *job, const struct now *now);
