/*
 * Channel kind webhook: the payload, byte for byte, POSTed to the channel's own
 * URL under the headers of Standard Webhooks. The webhook-id is the row's
 * event_id, the same with every try, so that the receiver can drop a repeat;
 * time and signature are made anew for each. Nothing of the row says where it
 * goes.
 */
#include "relay/channel.h"

#include "lib/text.h"
#include "relay/config_channel.h"
#include "relay/webhook_sign.h"

#include <assert.h>
#include <inttypes.h>

enum address_scope channel_webhook_scope(const struct config_channel *settings)
{
	if (settings->is_private_allowed)
		return ADDRESS_ANYWHERE;
	return address_url_is_loopback(settings->url) ? ADDRESS_NOT_PRIVATE
						      : ADDRESS_PUBLIC_ONLY;
}

static void add_headers(const struct config_channel *settings,
			const struct message *msg, int64_t wall_ms,
			struct channel_request *out)
{
	int64_t time_s = wall_ms / 1000;
	scoped_buf time = {0};
	scoped_buf signature = {0};
	buf_addf(&time, "%" PRId64, time_s);
	webhook_sign(settings->secrets, msg->event_id, time_s,
		     buf_str(&out->body), out->body.len, &signature);
	channel_request_add_header(out, "webhook-id", msg->event_id);
	channel_request_add_header(out, "webhook-timestamp", buf_str(&time));
	channel_request_add_header(out, "webhook-signature",
				   buf_str(&signature));
}

static bool build(const struct channel *channel, const struct message *msg,
		  const char *token, int64_t wall_ms,
		  struct channel_request *out, struct judgement *why_out)
{
	(void)token;
	const struct config_channel *settings = channel->settings;
	assert(settings && settings->webhook_kind == WEBHOOK_STANDARD);
	if (!text_is_utf8(msg->payload, msg->payload_len))
		return channel_refuse(why_out, REASON_PAYLOAD_NOT_UTF8,
				      "the payload is not well-formed UTF-8");
	out->scope = channel_webhook_scope(settings);
	buf_adds(&out->url, settings->url);
	buf_add(&out->body, msg->payload, msg->payload_len);
	add_headers(settings, msg, wall_ms, out);
	return true;
}

const struct channel_kind channel_webhook = {
	.name = "webhook",
	.needs_token = false,
	.build = build,
	.judge = judge_webhook,
};
