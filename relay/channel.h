/*
 * A channel: one way out, with the settings, the state and the memory of its
 * latest troubles. A kind is a table of functions; the engine knows no other
 * difference between channels.
 *
 * A channel's trouble holds the channel and costs its rows nothing: while it is
 * held no row is claimed for it, and when the wait is over one row is sent as a
 * probe. Knows nothing of SQL and of the wire.
 */
#pragma once

#include "lib/buf.h"
#include "relay/backoff.h"
#include "relay/judge.h"
#include "schema/message.h"

#include <stdbool.h>
#include <stdint.h>

struct channel;
struct config;

struct channel_kind {
	const char *name;
	bool needs_token; /* WeChat's; passed to build */

	/* Appends what to POST for the message and where. Returns false, with
	 * *why_out a VERDICT_REJECT, if this row can never be sent. `token` is
	 * percent-encoded, "" for kinds that need none. */
	bool (*build)(const struct config *config, const struct message *msg,
		      const char *token, struct buf *url, struct buf *body,
		      struct judgement *why_out);

	/* Judges the answer to what build made. */
	void (*judge)(const struct http_answer *answer,
		      const struct judge_context *context,
		      struct judgement *out);
};

extern const struct channel_kind channel_wechat_cloud;

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
	const struct config *config; /* borrowed */

	enum channel_state state;
	struct judgement trouble; /* why it is held */
	int64_t held_by_fetch;	/* token fetch that failed; 0: other trouble */
	int64_t held_until_ms;	/* monotonic */
	int64_t state_since_ms; /* wall */
	bool is_unsaved;	/* outbox_channel does not say so yet */

	struct streak streak;
	size_t on_wire; /* rows claimed whose results are not in the database */
	bool is_stale;	/* next_due_ms may be out of date */
	int64_t next_due_ms; /* wall; INT64_MAX: nothing waits */
	unsigned turn; /* of the wheel that shares slots among priorities */
};

/* The channel of that name as the settings have it. The caller ends it with
 * channel_finish. */
void channel_init(struct channel *channel, const char *name,
		  const struct channel_kind *kind, const struct config *config);
void channel_finish(struct channel *channel);

/* How many rows may be claimed for it now. Turns a hold that is over into a
 * probe. now_ms is monotonic. */
size_t channel_slots(struct channel *channel, int64_t now_ms, int64_t wall_ms);

/* Learns from an outcome: a deferral holds the channel, anything else ends a
 * probe and opens it. */
void channel_hear(struct channel *channel, const struct judgement *j,
		  int64_t now_ms, int64_t wall_ms);

/* Holds the channel for a trouble that no row met (the token's). Until wait_ms
 * have passed, or channel_open. */
void channel_hold(struct channel *channel, const struct judgement *trouble,
		  int64_t now_ms, int64_t wall_ms);
void channel_open(struct channel *channel, int64_t wall_ms);

/* "open", "held", "paused": what outbox_channel.state says; a probe still
 * counts as held. */
const char *channel_state_name(const struct channel *channel);
