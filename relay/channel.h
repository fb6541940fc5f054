/*
 * A channel: one way out, with the settings, the state and the memory of its
 * latest troubles.
 *
 * A channel's trouble holds the channel and costs its rows nothing: while it is
 * held no row is claimed for it, and when the wait is over one row is sent as a
 * probe. Knows nothing of SQL and of the wire.
 */
#pragma once

#include "relay/breaker.h"
#include "relay/channel_kind.h"
#include "relay/judge.h"
#include "relay/now.h"
#include "relay/pace.h"
#include "relay/tally.h"

#include <stdbool.h>
#include <stdint.h>

struct config;
struct config_channel;

enum channel_state {
	CHANNEL_OPEN,
	CHANNEL_HELD,	 /* until held_until_ms, for the reason in trouble */
	CHANNEL_PROBING, /* the wait is over: one row at a time */
	CHANNEL_PAUSED,	 /* by an operator */
	CHANNEL_STATE_COUNT
};

struct channel {
	char *name; /* own */
	const struct channel_kind *kind;
	const struct config *config;	       /* borrowed */
	const struct config_channel *settings; /* borrowed from config */
	/* Why the settings in force let it send nothing: there is no such
	 * channel in them, or WeChat's account is missing; or REASON_NONE. */
	struct judgement lack;
	bool is_lack_told;	 /* it is held for that */
	struct openids *openids; /* own; NULL if its kind looks nobody up */
	unsigned adoptions;	 /* of settings; tells old ones from new */

	enum channel_state state;
	struct judgement trouble;  /* why it is held */
	bool is_in_trouble;	   /* paused or not */
	int64_t held_by_fetch;	   /* token fetch that failed; 0: other trouble;
				      < 0: one before the relay started */
	struct judgement unproved; /* what it was to be probed for when that
				      fetch failed; or REASON_NONE */
	int64_t held_until_ms;	   /* monotonic */
	int64_t state_since_ms;	   /* wall; a probe ends no hold */
	bool is_unsaved;	   /* outbox_channel does not say so yet */
	bool is_resume_heard; /* outbox_channel.resume_wanted is done with */

	struct streak streak;
	struct breaker breaker;
	struct pace pace;
	struct tally tally;
	bool is_tally_written; /* in the commit under way */
	size_t on_wire; /* rows claimed whose results are not in the database */
	bool is_stale;	/* next_due_ms may be out of date */
	int64_t next_due_ms; /* wall; INT64_MAX: nothing waits */
	bool wants_alone;    /* its next row must be alone on the wire */
	unsigned turn; /* of the wheel that shares slots among priorities */
};

/* A channel as the settings have it, open. The caller ends it with
 * channel_destroy. */
struct channel *channel_create(const struct config *config,
			       const struct config_channel *settings);

/* One that the database has and the settings have not. */
struct channel *channel_create_unknown(const char *name);
void channel_destroy(struct channel *channel);

/* Goes by other settings from now on; NULL: they have no such channel, and it
 * sends no more. State and counts stay. */
void channel_adopt(struct channel *channel, const struct config *config,
		   const struct config_channel *settings);

/* Holds a channel that the settings let send nothing while rows wait for it
 * (next_due_ms, which is not stale), without a probe; and opens it when none
 * does any more, or the settings have what was missing. */
void channel_mind_lack(struct channel *channel, const struct now *now);

/* It was held for that trouble, since then, when the relay was stopped: nothing
 * has shown that it is over, so it begins with a probe. */
void channel_recall(struct channel *channel, const struct judgement *trouble,
		    int64_t since_ms);

/* Turns a hold that is over into a probe. Once a tick. */
void channel_tick(struct channel *channel, const struct now *now);

/* How many rows may be claimed for it now, `settled` of those on the wire being
 * settled in the same commit. */
size_t channel_slots(struct channel *channel, size_t settled,
		     const struct now *now);

/* When channel_slots may say more than 0 again if it says 0 now and nothing
 * comes back: monotonic microseconds, INT64_MAX if only an answer or an
 * operator can change it. */
int64_t channel_deadline_us(struct channel *channel, const struct now *now);

/* Learns from an outcome, and changes it where the channel is to blame: a
 * deferral holds the channel; troubles of the endpoint, often enough, trip its
 * breaker; a probe that fails is made a deferral, so that it counts nothing for
 * the row it used, and one that does not opens the channel. */
void channel_hear(struct channel *channel, struct judgement *j,
		  const struct now *now);

/* Holds the channel for a trouble that no row met (the token's). Until wait_ms
 * have passed, or channel_open. */
void channel_hold(struct channel *channel, const struct judgement *trouble,
		  const struct now *now);
void channel_open(struct channel *channel, const struct now *now);

/* The token's trouble: the fetch of that number failed, which holds the
 * channel; and there is a token, which opens it again. One that was to be
 * probed for another trouble still is, for a token says nothing of that. */
void channel_hold_for_token(struct channel *channel,
			    const struct judgement *trouble, int64_t fetch,
			    const struct now *now);
void channel_hear_of_token(struct channel *channel, const struct now *now);

/* An operator's pause and resume. A resume has a channel in trouble, paused or
 * not, probed at once. */
void channel_pause(struct channel *channel, const struct now *now);
void channel_resume(struct channel *channel, const struct now *now);

/* Ends the wait of a hold: the next row is a probe. */
void channel_probe(struct channel *channel, const struct now *now);

/* "open", "held", "paused": what outbox_channel.state says; a probe still
 * counts as held. */
const char *channel_state_name(const struct channel *channel);
