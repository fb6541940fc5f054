/*
 * Recipients of the newest rows of a channel, for `outbox-relay check`: who
 * they are, and what has been found of them by whoever can look them up.
 */
#pragma once

#include "relay/check.h"

#include <cjson/cJSON.h>
#include <stddef.h>

enum { CHECK_RECIPIENTS_MAX = 20 };

struct check_recipient {
	const char *id;	    /* borrowed */
	enum reason reason; /* REASON_NONE: bound to an openid */
};

struct check_recipients {
	struct check_recipient list[CHECK_RECIPIENTS_MAX];
	size_t count;
	size_t bound;
};

/* The distinct recipients of a channel's newest rows, the newest first, as an
 * array of texts, which the caller deletes; at most CHECK_RECIPIENTS_MAX. */
cJSON *check_newest_recipients(struct check *c, const char *channel);

/* Adds one, of at most CHECK_RECIPIENTS_MAX. */
void check_recipients_add(struct check_recipients *found, const char *id,
			  enum reason reason);

/* A line for each that is not bound, or one for all. */
void check_recipients_tell(struct check *c, const char *channel,
			   const struct check_recipients *found);
