/*
 * The cloud and its function: the invoke endpoint's own checks, and a model of
 * `quickstartFunctions` that answers as contract.md says.
 *
 * The function cuts template values to WeChat's limits itself, so 47003 never
 * comes from here. It drops a repeat of a notificationId only after a send
 * that succeeded.
 */
#include "tests/sim/sim.h"

#include <string.h>

#include "lib/util.h"

static const char *const built_in_types[] = {
	"sendCustomerAssignNotify",
	"contractSignedNotify",
};

/* Members of notificationData that name the recipient, best first. */
static const char *const recipient_keys[] = {
	"assignedToId",
	"userId",
	"ownerId",
};

struct user *function_recipient(struct sim *s, const cJSON *event)
{
	const cJSON *data =
		cJSON_GetObjectItemCaseSensitive(event, "notificationData");
	for (size_t i = 0; i < ARRAY_LEN(recipient_keys); i++) {
		const char *id =
			cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(
				data, recipient_keys[i]));
		if (id)
			return user_by_id(&s->users, id);
	}
	return NULL;
}

static bool knows_type(const struct options *opt, const char *type)
{
	for (size_t i = 0; type && i < ARRAY_LEN(built_in_types); i++) {
		if (strcmp(type, built_in_types[i]) == 0)
			return true;
	}
	for (size_t i = 0; type && i < opt->types.count; i++) {
		if (strcmp(type, opt->types.items[i]) == 0)
			return true;
	}
	return false;
}

static cJSON *outcome(bool is_success, const char *message)
{
	cJSON *root = cJSON_CreateObject();
	cJSON_AddBoolToObject(root, "success", is_success);
	cJSON_AddStringToObject(root, "message", message);
	return root;
}

/* What `outbox-relay check` asks: every template is filled in. */
static cJSON *inspect(struct sim *s, const cJSON *event)
{
	cJSON *root = outcome(true, "检查完成");
	cJSON *data = cJSON_AddObjectToObject(root, "data");
	cJSON *templates = cJSON_AddObjectToObject(data, "templates");
	cJSON_AddItemToObject(data, "messages", template_settings());
	cJSON *recipients = cJSON_AddObjectToObject(data, "recipients");
	for (size_t i = 0; i < ARRAY_LEN(built_in_types); i++)
		cJSON_AddTrueToObject(templates, built_in_types[i]);
	const cJSON *id;
	cJSON_ArrayForEach(
		id, cJSON_GetObjectItemCaseSensitive(event, "recipients"))
	{
		const struct user *u =
			user_by_id(&s->users, cJSON_GetStringValue(id));
		cJSON_AddStringToObject(recipients, cJSON_GetStringValue(id),
					!u	    ? "unknown"
					: u->openid ? "bound"
						    : "unbound");
	}
	return root;
}

static cJSON *unknown_type(const cJSON *event)
{
	const cJSON *type = cJSON_GetObjectItemCaseSensitive(event, "type");
	cJSON *root = outcome(false, "未知的操作类型");
	if (type)
		cJSON_AddItemToObject(root, "type", cJSON_Duplicate(type, 1));
	return root;
}

static cJSON *repeat(struct sim *s)
{
	cJSON *root = outcome(true, "重复的通知，已忽略");
	cJSON_AddTrueToObject(root, "duplicate");
	s->mail.duplicates++;
	return root;
}

static cJSON *send_failure(struct sim *s, int code)
{
	scoped_free char *words = answer_with_rid(answer_words(code), &s->dice);
	cJSON *root = outcome(false, "发送通知失败");
	cJSON *error = cJSON_AddObjectToObject(root, "error");
	cJSON_AddNumberToObject(error, "code", code);
	cJSON_AddStringToObject(error, "message", words);
	return root;
}

static cJSON *send_success(void)
{
	cJSON *root = outcome(true, "通知发送成功");
	cJSON *data = cJSON_AddObjectToObject(root, "data");
	cJSON_AddStringToObject(data, "errMsg",
				"openapi.subscribeMessage.send:ok");
	cJSON_AddNumberToObject(data, "errCode", 0);
	return root;
}

cJSON *function_run(struct sim *s, const struct call *c)
{
	const char *type = call_member(c, "type");
	if (type && strcmp(type, "outboxCheck") == 0)
		return inspect(s, c->json);
	if (!knows_type(s->opt, type))
		return unknown_type(c->json);
	if (!s->opt->is_forgetful && mailroom_has_sent(&s->mail, c->event))
		return repeat(s);
	struct user *u = function_recipient(s, c->json);
	if (!u)
		return outcome(false, "未找到用户");
	if (!u->openid)
		return outcome(false, "用户未绑定微信");
	int code = message_deliver(s, u, c->event);
	return code ? send_failure(s, code) : send_success();
}

/* Returns 0, or the code to answer and, if need be, its words. */
static int check_invoke(const struct sim *s, const struct call *c,
			const char **words_out)
{
	const char *env = call_param(c, "env");
	const char *name = call_param(c, "name");
	int code = call_check_common(c);
	if (code)
		return code;
	if (!env || !*env || !name || !*name)
		return 40101;
	if (strcmp(env, s->opt->env) != 0)
		return -501000;
	if (!cJSON_IsObject(c->json)) {
		*words_out = "invalid parameters: body is no JSON object";
		return -501007;
	}
	if (strcmp(name, s->opt->function) != 0) {
		*words_out = "FunctionName parameter could not be found";
		return -501000;
	}
	return 0;
}

void cloud_invoke(struct sim *s, struct call *c)
{
	const char *words = NULL;
	int code = check_invoke(s, c, &words);
	if (code) {
		answer_set_error(&c->answer, code, words, &s->dice);
		return;
	}
	const struct rule *r =
		fault_take(&s->faults, STAGE_FUNCTION, c, &s->dice);
	if (!r || r->acts) {
		scoped_json *result = function_run(s, c);
		char *text = cJSON_PrintUnformatted(result);
		answer_set_resp(&c->answer, text);
		cJSON_free(text);
	}
	if (r) {
		fault_note(r, c);
		fault_apply(r, STAGE_FUNCTION, c, &s->dice);
	}
}
