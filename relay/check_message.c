/* --send-to: one real message, made and judged by the channel that the relay
 * would take. */
#include "relay/check_wire.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "relay/channel.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static const char sample_type[] = "sendCustomerAssignNotify";

enum { EVENT_ID_BYTES = 16 };

/* As the CRM's (contract.md). */
static char *make_payload(const char *user)
{
	char now[CLOCK_ISO_LEN];
	clock_format_iso(clock_wall_ms(), now);
	cJSON *payload = cJSON_CreateObject();
	cJSON_AddStringToObject(payload, "assignedToId", user);
	cJSON_AddStringToObject(payload, "customerName", "测试客户");
	cJSON_AddStringToObject(payload, "source", "测试");
	cJSON_AddStringToObject(payload, "assignerName", "测试员");
	cJSON_AddStringToObject(payload, "customerId", "test");
	cJSON_AddStringToObject(payload, "assignTime", now);
	char *text = cJSON_PrintUnformatted(payload);
	cJSON_Delete(payload);
	return text;
}

static struct message make_message(const char *user)
{
	unsigned char bits[EVENT_ID_BYTES] = {0};
	scoped_buf id = {0};
	if (getrandom(bits, sizeof(bits), 0) != (ssize_t)sizeof(bits))
		abort();
	for (size_t i = 0; i < sizeof(bits); i++)
		buf_addf(&id, "%02x", bits[i]);
	char *payload = make_payload(user);
	return (struct message){
		.event_id = buf_detach(&id),
		.channel = xstrdup(""),
		.type = xstrdup(sample_type),
		.payload = payload,
		.payload_len = strlen(payload),
		.recipient = xstrdup(user),
	};
}

/* Where the settings send the CRM's notices; a webhook is no message of
 * WeChat's. */
static const struct config_channel *choose_channel(const struct config *config)
{
	const struct config_channel *channel = config_find_channel(
		config, config_channel_of(config, sample_type));
	return channel && !channel->url[0] ? channel : &config->channels[0];
}

static void tell(struct check *c, const struct channel *channel,
		 const char *user, const struct judgement *j)
{
	if (j->verdict == VERDICT_DELIVERED)
		CHECK_TELL(c, .topic = CHECK_TOPIC_MESSAGE,
			   .text = CHECK_MESSAGE_SENT,
			   .args = {user, channel->name});
	else
		CHECK_TELL(c, .finding = CHECK_FAULT,
			   .topic = CHECK_TOPIC_MESSAGE,
			   .text = CHECK_MESSAGE_BAD, .args = {user, j->detail},
			   .reason = j->reason);
}

void check_message(struct check *c, const char *user)
{
	struct channel *channel =
		channel_create(&c->config, choose_channel(&c->config));
	struct message msg = make_message(user);
	struct check_answer answer = {0};
	check_wire_send(c->wire, channel, &msg, &answer);
	tell(c, channel, user, &answer.judgement);
	check_answer_finish(&answer);
	message_finish(&msg);
	channel_destroy(channel);
}
