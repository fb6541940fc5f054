/*
 * What kinds of channel there are: a table of functions each, that makes a
 * request of a message and judges the answer to it. The engine knows no other
 * difference between channels, and a kind knows nothing of rows, of waiting or
 * of the wire.
 */
#pragma once

#include "lib/buf.h"
#include "relay/http.h"
#include "relay/judge.h"
#include "schema/message.h"

#include <stdbool.h>
#include <stdint.h>

struct channel;

/* What a kind makes of a message: a POST. Zeroed it is empty. */
struct channel_request {
	struct buf url; /* own; wiped, for it may hold a token */
	struct buf body;
	/* values own; one more than there can be, so that a NULL name ends
	 * them */
	struct http_header headers[HTTP_HEADERS_MAX + 1];
};

struct channel_kind {
	const char *name;
	bool needs_token; /* WeChat's; passed to build */

	/* Fills in what to POST for the message and where. Returns false, with
	 * *why_out a VERDICT_REJECT, if this row can never be sent. `token` is
	 * percent-encoded, "" for kinds that need none. *out is empty before;
	 * the caller ends it either way. */
	bool (*build)(const struct channel *channel, const struct message *msg,
		      const char *token, int64_t wall_ms,
		      struct channel_request *out, struct judgement *why_out);

	/* Judges the answer to what build made. */
	void (*judge)(const struct http_answer *answer,
		      const struct judge_context *context,
		      struct judgement *out);
};

extern const struct channel_kind channel_wechat_cloud;
extern const struct channel_kind channel_webhook;

/* Copies the value; there must be room for one more. */
void channel_request_add_header(struct channel_request *request,
				const char *name, const char *value);

/* Wipes and frees. */
void channel_request_finish(struct channel_request *request);

/* For build: fills *why_out in for a row that can never be sent, and returns
 * false. */
bool channel_refuse(struct judgement *why_out, enum reason reason,
		    const char *detail);

/* The kind of that name, which must be one that the settings know. */
const struct channel_kind *channel_kind_find(const char *name);
