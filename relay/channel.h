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
	CHANNEL_PAUSED,	 /* by an operator, or gone from the settings */
	CHANNEL_STATE_COUNT
};

struct channel {
	char *name; /* own */
	const struct channel_kind *kind;
	const struct config *config;	       /* borrowed */
	const struct config_channel *settings; /* borrowed from config */
	bool is_gone; /* the settings in force have no such channel */
	struct openids *openids; /* own; NULL if its kind looks nobody up */
	unsigned adoptions;	 /* of settings; tells old ones from new */

	enum channel_state state;
	struct judgement trouble; /* why it is held */
	bool is_in_trouble;	  /* paused or not */
	int64_t held_by_fetch;	/* token fetch that failed; 0: other trouble */
	int64_t held_until_ms;	/* monotonic */
	int64_t state_since_ms; /* wall */
	bool is_unsaved;	/* outbox_channel does not say so yet */
	bool is_resume_heard;	/* outbox_channel.resume_wanted is done with */

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
void channel_destroy(struct channel *channel);

/* Goes by other settings from now on; NULL: the channel is gone, and sends no
 * more. State and counts stay. */
void channel_adopt(struct channel *channel, const struct config *config,
		   const struct config_channel *settings);

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

/* An operator's pause and resume. A resume has a channel in trouble, paused or
 * not, probed at once. */
void channel_pause(struct channel *channel, const struct now *now);
void channel_resume(struct channel *channel, const struct now *now);

/* Ends the wait of a hold: the next row is a probe. */
void channel_probe(struct channel *channel, const struct now *now);

/* "open", "held", "paused": what outbox_channel.state says; a probe still
 * counts as held. */
const char *channel_state_name(const struct channel *channel);
