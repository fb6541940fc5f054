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
struct config_channel;

/* What a kind makes of a message: a POST. Zeroed it is empty. */
struct channel_request {
	struct buf url; /* own; wiped, for it may hold a token */
	struct buf body;
	const char *openid; /* borrowed; for build: what was looked up */
	/* values own; one more than there can be, so that a NULL name ends
	 * them */
	struct http_header headers[HTTP_HEADERS_MAX + 1];
	enum address_scope scope;
};

/* A lookup of whom a message goes to. */
struct lookup {
	const struct channel *channel;
	const struct message *msg;
	size_t nth;	/* queries of this claim that found nobody */
	int64_t now_ms; /* monotonic */
};

enum lookup_step {
	LOOKUP_GIVEN, /* the row says whom */
	LOOKUP_KNOWN, /* it was looked up, now or before */
	LOOKUP_ASK,   /* somebody must be asked */
	LOOKUP_REFUSED
};

/* How a kind looks up whom a message goes to. Nothing is sent by it. */
struct channel_lookup {
	/* LOOKUP_GIVEN and LOOKUP_KNOWN with *openid_out set, which the caller
	 * frees; LOOKUP_ASK with the request filled in; or LOOKUP_REFUSED as
	 * build refuses. */
	enum lookup_step (*look)(const struct lookup *lookup, const char *token,
				 struct channel_request *out, char **openid_out,
				 struct judgement *why_out);

	/* Judges the answer: LOOKUP_KNOWN with *openid_out set, LOOKUP_ASK if
	 * another query may find them, or LOOKUP_REFUSED for the reason in
	 * *out. */
	enum lookup_step (*hear)(const struct lookup *lookup,
				 const struct http_answer *answer,
				 const struct judge_context *context,
				 char **openid_out, struct judgement *out);
};

struct channel_kind {
	const char *name;
	bool needs_token; /* WeChat's; passed to look and build */
	/* NULL: the message alone says enough. */
	const struct channel_lookup *lookup;

	/* Fills in what to POST for the message and where. Returns false, with
	 * *why_out a VERDICT_REJECT, if this row can never be sent. `token` is
	 * percent-encoded, "" for kinds that need none. *out is empty before,
	 * but for the openid of kinds with a lookup; the caller ends it either
	 * way. */
	bool (*build)(const struct channel *channel, const struct message *msg,
		      const char *token, int64_t wall_ms,
		      struct channel_request *out, struct judgement *why_out);

	/* Judges the answer to what build made. */
	void (*judge)(const struct http_answer *answer,
		      const struct judge_context *context,
		      struct judgement *out);
};

extern const struct channel_kind channel_wechat_cloud;
extern const struct channel_kind channel_wechat_subscribe;
extern const struct channel_kind channel_webhook;
extern const struct channel_kind channel_wecom;
extern const struct channel_kind channel_dingtalk;
extern const struct channel_kind channel_feishu;

/* Copies the value; there must be room for one more. */
void channel_request_add_header(struct channel_request *request,
				const char *name, const char *value);

/* Wipes and frees. */
void channel_request_finish(struct channel_request *request);

/* For build: fills *why_out in for a row that can never be sent, and returns
 * false. */
bool channel_refuse(struct judgement *why_out, enum reason reason,
		    const char *detail);

/* What a webhook may reach: a URL that names loopback says so itself, and the
 * settings may allow private networks. */
enum address_scope channel_webhook_scope(const struct config_channel *settings);

/* The kind of that name, which must be one that the settings know. */
const struct channel_kind *channel_kind_find(const char *name);
