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

/* Returns false when no other recipient need be asked for. */
static bool look_up(struct check *c, const struct channel *channel,
		    const char *id, struct check_recipients *found)
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
	if (openid || is_of_user(why.reason)) {
		check_recipients_add(found, id,
				     openid ? REASON_NONE : why.reason);
		return true;
	}
	CHECK_TELL(c, .finding = CHECK_FAULT, .topic = CHECK_TOPIC_USERS,
		   .text = CHECK_USERS_BAD, .args = {why.detail},
		   .reason = why.reason);
	return false;
}

void check_subscribe(struct check *c)
{
	const struct config_channel *settings =
		config_find_channel(&c->config, channel_name);
	if (!settings || c->config.template_count == 0)
		return;
	tell_templates(c);
	struct channel *channel = channel_create(&c->config, settings);
	struct check_recipients found = {0};
	cJSON *ids = check_newest_recipients(c, channel_name);
	const cJSON *id;
	bool is_well = true;
	cJSON_ArrayForEach(id, ids) is_well =
		is_well && look_up(c, channel, id->valuestring, &found);
	if (is_well)
		check_recipients_tell(c, channel_name, &found);
	cJSON_Delete(ids);
	channel_destroy(channel);
}
