/*
 * A claimed row in the relay's hands, from the claim until its result is in the
 * database. Plain data: the engine owns it, the sender moves it along.
 *
 *	claimed -> (waits for a token) -> on the wire -> judged -> settled
 *	   ^------- looked up, or again -------|
 */
#pragma once

#include "relay/channel.h"

#include <stdbool.h>
#include <stdint.h>

enum job_step {
	JOB_CLAIMED, /* to be sent; waits for a token if its kind needs one */
	JOB_ON_WIRE,
	JOB_JUDGED, /* its result waits for the next group commit */
	JOB_STEP_COUNT
};

/* A request that was made: a row of outbox_attempt. */
struct job_attempt {
	int64_t started_at_ms; /* wall */
	int64_t duration_us;
	long http_status;
	struct judgement judgement;
	char *answer; /* own; bounded, cleaned, redacted; NULL if none */
};

/* One request is usual. The repeat with a fresh token is one more, and where
 * somebody must be looked up there may be an openid that is none any more, two
 * queries for another one, and a second send. What a reload adds pushes the
 * first ones out. */
enum { JOB_ATTEMPTS_MAX = 5, JOB_ANSWER_MAX = 1024 };

struct job {
	struct message msg;
	struct channel *channel;	 /* borrowed from the engine */
	struct sender *sender;		 /* borrowed */
	const struct channel_kind *kind; /* that made its request: a reload may
					    give the channel another */
	enum job_step step;
	int64_t token_serial;
	bool has_refreshed; /* already got a fresh token for this claim */
	bool has_sent;	    /* ... and was sent, not only looked up */
	char *openid;	    /* own; what was looked up; NULL: nothing yet */
	bool is_openid_old; /* it is from memory */
	size_t lookups;	    /* queries that found nobody */
	unsigned adoption;  /* settings of the channel that it goes by there */
	int64_t started_at_ms;
	struct job_attempt attempts[JOB_ATTEMPTS_MAX];
	size_t attempt_count;
	struct judgement judgement; /* the last; what settling goes by */
	struct job *next;	    /* in the engine's list */
};

/* Frees the job and all that it owns. */
void job_destroy(struct job *job);

/* A list with its tail, so that what was claimed first is sent first. */
struct job_list {
	struct job *first;
	struct job **last; /* where the next one is hung in */
	size_t count;
};

void job_list_init(struct job_list *list);
void job_list_add(struct job_list *list, struct job *job);

/* Takes the first one out; NULL if there is none. */
struct job *job_list_take(struct job_list *list);

/* Whether a job of the list that is not judged yet is for that recipient; NULL
 * is nobody. A judged one has left the wire. */
bool job_list_has_recipient(const struct job_list *list, const char *recipient);
