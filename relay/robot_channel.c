/*
 * Channel kinds wecom, dingtalk and feishu: what a row says, as a message of
 * the robot in a group. The robot's URL is the administrator's, key and all;
 * nothing of the row says where it goes, and nothing there drops a repeat.
 */
#include "relay/channel.h"

#include "lib/secret.h"
#include "lib/text.h"
#include "lib/util.h"
#include "relay/config_channel.h"
#include "relay/robot_body.h"
#include "relay/webhook_sign.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Signs with the channel's secret if it has one. What is signed could be used
 * again for an hour: it is a secret like others. */
static bool sign(const struct config_channel *settings,
		 const struct robot *robot, int64_t wall_ms,
		 struct robot_sign *out)
{
	size_t len = 0;
	const char *first = webhook_secrets_next(settings->secrets, &len);
	if (!first || !robot->sign)
		return false;
	scoped_free char *slot = xasprintf("webhook %s sign", settings->name);
	char *secret = xstrndup(first, len);
	robot->sign(secret, wall_ms, out);
	secret_wipe(secret, len);
	free(secret);
	secret_set(slot, out->sign);
	return true;
}

static bool build(const struct channel *channel, const struct message *msg,
		  const char *token, int64_t wall_ms,
		  struct channel_request *out, struct judgement *why_out)
{
	(void)token;
	const struct config_channel *settings = channel->settings;
	const struct robot *robot = robot_find(settings->webhook_kind);
	struct robot_sign mark = {0};
	struct robot_text text;
	assert(robot);
	if (!text_is_utf8(msg->payload, msg->payload_len) ||
	    !text_is_utf8(msg->type, strlen(msg->type)))
		return channel_refuse(why_out, REASON_PAYLOAD_NOT_UTF8,
				      "payload or type is no UTF-8");
	bool is_signed = sign(settings, robot, wall_ms, &mark);
	robot_text_read(msg, &text);
	out->scope = channel_webhook_scope(settings);
	robot_url_add(settings->webhook_kind, settings->url,
		      is_signed ? &mark : NULL, &out->url);
	robot_body_add(settings->webhook_kind, &text, msg->type,
		       is_signed ? &mark : NULL, &out->body);
	secret_wipe(&mark, sizeof(mark));
	robot_text_finish(&text);
	return true;
}

const struct channel_kind channel_wecom = {
	.name = "wecom",
	.needs_token = false,
	.build = build,
	.judge = judge_wecom,
};

const struct channel_kind channel_dingtalk = {
	.name = "dingtalk",
	.needs_token = false,
	.build = build,
	.judge = judge_dingtalk,
};

const struct channel_kind channel_feishu = {
	.name = "feishu",
	.needs_token = false,
	.build = build,
	.judge = judge_feishu,
};
