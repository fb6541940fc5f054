/*
 * Subscribe messages: the endpoint that sends one, and the consents that a send
 * uses up.
 */
#include "tests/sim/sim.h"

#include <string.h>

#include "lib/util.h"
#include "tests/sim/fields.h"

int message_deliver(struct sim *s, struct user *u, const char *event)
{
	if (mailroom_is_crowded(&s->mail, u->openid))
		return 43108;
	if (u->credits == 0)
		return 43101;
	if (u->credits > 0)
		u->credits--;
	mailroom_send(&s->mail, event);
	return 0;
}

/* Returns 0; or 47003 and words that name the field, for the caller to free. */
static int check_data(const cJSON *data, char **words_out)
{
	const cJSON *field = NULL;
	if (!cJSON_GetArraySize(data)) {
		*words_out = xstrdup("argument invalid! data is empty");
		return 47003;
	}
	cJSON_ArrayForEach(field, data)
	{
		const char *value = cJSON_GetStringValue(
			cJSON_GetObjectItemCaseSensitive(field, "value"));
		enum field_verdict verdict =
			field_judge(field->string, value ? value : "");
		if (verdict == FIELD_GOOD)
			continue;
		*words_out = xasprintf(
			"argument invalid! data.%s.value %s", field->string,
			verdict == FIELD_EMPTY ? "is empty" : "invalid");
		return 47003;
	}
	return 0;
}

/* The same of what the template wants and data does not have. */
static int check_whole(const struct sim *s, const struct call *c,
		       const cJSON *data, char **words_out)
{
	scoped_free char *key = template_lacks(
		&s->templates, call_member(c, "template_id"), data);
	if (!key)
		return 0;
	*words_out = xasprintf("argument invalid! data.%s.value is empty", key);
	return 47003;
}

static bool is_state(const char *state)
{
	return !state || strcmp(state, "developer") == 0 ||
	       strcmp(state, "trial") == 0 || strcmp(state, "formal") == 0;
}

/* Everything about the request but the user. */
static int check_send(const struct sim *s, const struct call *c,
		      char **words_out)
{
	const cJSON *data = cJSON_GetObjectItemCaseSensitive(c->json, "data");
	int code = call_check_common(c);
	if (code)
		return code;
	if (!cJSON_IsObject(c->json) || (data && !cJSON_IsObject(data)))
		return 47001;
	if (!c->openid)
		return 40003;
	if (!template_is_known(&s->templates, call_member(c, "template_id")))
		return 40037;
	if (!is_state(call_member(c, "miniprogram_state")))
		return 40035;
	code = check_data(data, words_out);
	return code ? code : check_whole(s, c, data, words_out);
}

void message_send(struct sim *s, struct call *c)
{
	scoped_free char *words = NULL;
	int code = check_send(s, c, &words);
	if (!code) {
		struct user *u = user_by_openid(&s->users, c->openid);
		code = u ? message_deliver(s, u, c->event) : 40003;
	}
	if (code) {
		answer_set_error(&c->answer, code, words, &s->dice);
		return;
	}
	cJSON *root = cJSON_CreateObject();
	cJSON_AddNumberToObject(root, "errcode", 0);
	cJSON_AddStringToObject(root, "errmsg", "ok");
	answer_set_json(&c->answer, root);
}
