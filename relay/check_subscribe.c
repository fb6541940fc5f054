/* The channel wechat-subscribe: its templates are the settings', and the relay
 * itself looks recipients up. */
#include "relay/check_recipients.h"
#include "relay/check_template.h"
#include "relay/check_wire.h"

#include "lib/util.h"
#include "relay/channel.h"
#include "relay/config_name.h"
#include "relay/judge_text.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

static const char channel_name[] = "wechat-subscribe";

static void tell_template(struct check *c, const struct config_template *t)
{
	scoped_free char *id_at =
		config_name_print_type(SETTING_TEMPLATE_ID, t->name);
	scoped_free char *keys_at =
		config_name_print_type(SETTING_FIELDS, t->name);
	scoped_json *keys = cJSON_CreateArray();
	for (size_t i = 0; i < t->fields.count; i++)
		cJSON_AddItemToArray(keys,
				     cJSON_CreateString(t->fields.list[i].key));
	check_template(c, &(struct check_template){.id = t->id,
						   .id_at = id_at,
						   .keys_at = keys_at,
						   .keys = keys});
}

static void tell_templates(struct check *c)
{
	for (size_t i = 0; i < c->config.template_count; i++) {
		const struct config_template *t = &c->config.templates[i];
		tell_template(c, t);
	}
}

static bool is_of_user(enum reason reason)
{
	return reason == REASON_USER_NOT_FOUND ||
	       reason == REASON_USER_NOT_BOUND;
}

/* What comes of looking a recipient up; REASON_NONE: an openid. Returns false
 * if it comes to nothing of the kind, which it tells. */
static bool look_up(struct check *c, const struct channel *channel,
		    const char *id, enum reason *found_out)
{
	struct message msg = {
		.type = c->config.templates[0].type,
		.payload = (char[]){"{}"},
		.payload_len = strlen("{}"),
		.recipient = (char *)id,
	};
	struct judgement why;
	scoped_free char *openid =
		check_wire_look_up(c->wire, channel, &msg, &why);
	*found_out = openid ? REASON_NONE : why.reason;
	if (openid || is_of_user(why.reason))
		return true;
	CHECK_TELL(c, .finding = CHECK_FAULT, .topic = CHECK_TOPIC_USERS,
		   .text = CHECK_USERS_BAD, .args = {why.detail},
		   .reason = why.reason);
	return false;
}

/* With no recipient to ask for, whether one could be found at all. */
static void check_users(struct check *c, const struct channel *channel)
{
	enum reason found;
	if (look_up(c, channel, "outboxCheckNoSuchUser", &found))
		CHECK_TELL(c, .topic = CHECK_TOPIC_USERS,
			   .text = CHECK_USERS_READABLE,
			   .args = {c->config.subscribe_collection,
				    c->config.cloud_env});
}

static void check_recipients(struct check *c, const struct channel *channel,
			     const cJSON *ids)
{
	struct check_recipients found = {0};
	const cJSON *id;
	cJSON_ArrayForEach(id, ids)
	{
		enum reason reason;
		if (!look_up(c, channel, id->valuestring, &reason))
			return;
		check_recipients_add(&found, id->valuestring, reason);
	}
	check_recipients_tell(c, channel_name, &found);
}

void check_subscribe(struct check *c)
{
	const struct config_channel *settings =
		config_find_channel(&c->config, channel_name);
	if (!settings || c->config.template_count == 0)
		return;
	tell_templates(c);
	struct channel *channel = channel_create(&c->config, settings);
	cJSON *ids = check_newest_recipients(c, channel_name);
	if (cJSON_GetArraySize(ids) == 0)
		check_users(c, channel);
	check_recipients(c, channel, ids);
	cJSON_Delete(ids);
	channel_destroy(channel);
}
