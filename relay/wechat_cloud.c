/*
 * Channel kind wechat-cloud: the cloud function looks the user up and sends the
 * subscribe message. The call is the CRM's own of today (contract.md) with one
 * key more, notificationId, so that the function can drop a repeat. The payload
 * is spliced in byte for byte: it is never parsed here.
 */
#include "relay/channel.h"

#include "lib/json.h"
#include "lib/text.h"
#include "relay/config.h"

#include <string.h>

static bool build(const struct channel *channel, const struct message *msg,
		  const char *token, int64_t wall_ms,
		  struct channel_request *out, struct judgement *why_out)
{
	(void)wall_ms;
	const struct config *config = channel->config;
	struct buf *url = &out->url;
	struct buf *body = &out->body;
	if (!text_is_utf8(msg->payload, msg->payload_len))
		return channel_refuse(why_out, REASON_PAYLOAD_NOT_UTF8,
				      "the payload is not well-formed UTF-8");
	if (!text_is_utf8(msg->type, strlen(msg->type)))
		return channel_refuse(why_out, REASON_PAYLOAD_NOT_UTF8,
				      "the type is not well-formed UTF-8");

	buf_addf(url, "%s/tcb/invokecloudfunction?access_token=%s&env=",
		 config->wechat_base_url, token);
	buf_add_percent(url, config->cloud_env);
	buf_adds(url, "&name=");
	buf_add_percent(url, config->wechat_function);

	buf_adds(body, "{\"type\":");
	json_add_string(body, msg->type);
	buf_adds(body, ",\"notificationData\":");
	buf_add(body, msg->payload, msg->payload_len);
	buf_addf(body, ",\"notificationId\":\"%s\"}", msg->event_id);
	return true;
}

const struct channel_kind channel_wechat_cloud = {
	.name = "wechat-cloud",
	.needs_token = true,
	.build = build,
	.judge = judge_invoke,
};
