/* What the cloud function knows of itself: its event outboxCheck has it say,
 * without sending, which template IDs are filled in, whether it can read its
 * collections, and which recipients have an openid. */
#include "relay/check_recipients.h"
#include "relay/check_template.h"
#include "relay/check_wire.h"

#include "lib/util.h"
#include "relay/judge_text.h"

#include <stdlib.h>
#include <string.h>

static const char channel_name[] = "wechat-cloud";

static char *make_event(const cJSON *recipients)
{
	cJSON *event = cJSON_CreateObject();
	cJSON_AddStringToObject(event, "type", "outboxCheck");
	cJSON_AddItemToObject(event, "recipients",
			      cJSON_Duplicate(recipients, true));
	char *text = cJSON_PrintUnformatted(event);
	cJSON_Delete(event);
	return text;
}

/* "data" of what the function returned; NULL if there is none. The caller
 * deletes. */
static cJSON *read_data(const struct check_answer *answer)
{
	scoped_json *root =
		judge_json_parse(buf_str(&answer->body), answer->body.len);
	const char *text = judge_json_text(root, "resp_data");
	scoped_json *value = text ? judge_json_parse(text, strlen(text)) : NULL;
	return cJSON_DetachItemFromObjectCaseSensitive(value, "data");
}

/* The ID and the keys that the function has for a type; it is older if it tells
 * none. */
static void tell_message(struct check *c, const char *type,
			 const cJSON *message)
{
	const char *id = judge_json_text(message, "templateId");
	const cJSON *keys = cJSON_GetObjectItemCaseSensitive(message, "keys");
	scoped_free char *at = xasprintf("%s (settings.js)", type);
	if (id && cJSON_IsArray(keys))
		check_template(c, &(struct check_template){.id = id,
							   .id_at = at,
							   .keys_at = at,
							   .keys = keys});
	else
		CHECK_TELL(c, .finding = CHECK_SKIPPED,
			   .topic = CHECK_TOPIC_TEMPLATE,
			   .text = CHECK_TEMPLATE_UNTOLD, .args = {at});
}

static void tell_templates(struct check *c, const cJSON *templates,
			   const cJSON *messages)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, templates)
	{
		scoped_free char *type = check_brief(one->string);
		if (cJSON_IsTrue(one))
			tell_message(c, type,
				     cJSON_GetObjectItemCaseSensitive(
					     messages, one->string));
		else
			CHECK_TELL(c, .finding = CHECK_FAULT,
				   .topic = CHECK_TOPIC_TEMPLATE,
				   .text = CHECK_TEMPLATE_BAD, .args = {type},
				   .reason = REASON_TEMPLATE_NOT_SET);
	}
}

static void tell_users(struct check *c, const struct judgement *j)
{
	bool is_good = j->verdict == VERDICT_DELIVERED;
	CHECK_TELL(c, .finding = is_good ? CHECK_OK : CHECK_FAULT,
		   .topic = CHECK_TOPIC_USERS,
		   .text = is_good ? CHECK_USERS_GOOD : CHECK_USERS_BAD,
		   .args = {j->detail},
		   .reason = is_good ? REASON_NONE : j->reason);
}

static enum reason reason_of(const cJSON *state)
{
	const char *said = cJSON_GetStringValue(state);
	if (said && strcmp(said, "bound") == 0)
		return REASON_NONE;
	return said && strcmp(said, "unbound") == 0 ? REASON_USER_NOT_BOUND
						    : REASON_USER_NOT_FOUND;
}

static void tell_recipients(struct check *c, const cJSON *ids,
			    const cJSON *states)
{
	struct check_recipients found = {0};
	const cJSON *id;
	cJSON_ArrayForEach(id, ids)
		check_recipients_add(&found, id->valuestring,
				     reason_of(cJSON_GetObjectItemCaseSensitive(
					     states, id->valuestring)));
	check_recipients_tell(c, channel_name, &found);
}

static void tell_no_data(struct check *c, const struct judgement *j)
{
	bool is_old = j->reason == REASON_UNKNOWN_TYPE ||
		      j->verdict == VERDICT_DELIVERED;
	CHECK_TELL(c, .finding = is_old ? CHECK_WARNING : CHECK_FAULT,
		   .topic = CHECK_TOPIC_TEMPLATE,
		   .text = is_old ? CHECK_FUNCTION_OUTDATED
				  : CHECK_FUNCTION_BAD,
		   .args = {c->config.wechat_function, j->detail},
		   .reason = is_old ? REASON_FUNCTION_OUTDATED : j->reason);
}

void check_cloud(struct check *c)
{
	scoped_json *ids = check_newest_recipients(c, channel_name);
	scoped_free char *event = make_event(ids);
	struct check_answer answer = {0};
	check_wire_invoke(c->wire, event, &answer);
	scoped_json *data = read_data(&answer);
	const cJSON *templates =
		cJSON_GetObjectItemCaseSensitive(data, "templates");
	const cJSON *states =
		cJSON_GetObjectItemCaseSensitive(data, "recipients");
	if (cJSON_IsObject(templates)) {
		tell_templates(
			c, templates,
			cJSON_GetObjectItemCaseSensitive(data, "messages"));
		tell_users(c, &answer.judgement);
	} else {
		tell_no_data(c, &answer.judgement);
	}
	if (cJSON_IsObject(states))
		tell_recipients(c, ids, states);
	check_answer_finish(&answer);
}
