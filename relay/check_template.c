/* The account's templates: GET wxaapi/newtmpl/gettemplate answers {errcode,
 * data: [{priTmplId, title, content}]}, where content is a line a field, such
 * as 客户姓名:{{thing1.DATA}} (WeChat's documentation, 获取已有模板列表). */
#include "relay/check_template.h"

#include "lib/secret.h"
#include "lib/text.h"
#include "lib/util.h"
#include "relay/check_wire.h"
#include "relay/judge_text.h"

#include <stdlib.h>
#include <string.h>

enum { KEYS_MAX = 32, BRIEF_MAX = 160 };

static const char key_chars[] = "abcdefghijklmnopqrstuvwxyz_0123456789";

/* Cut only after secrets are out of it: half of one would not be known as such.
 */
char *check_brief(const char *text)
{
	scoped_free char *safe = secret_redact(text ? text : "");
	scoped_free char *clean = text_clean(safe, strlen(safe));
	size_t len = text_fit_bytes(clean, BRIEF_MAX);
	return xasprintf("%.*s%s", (int)len, clean, clean[len] ? "…" : "");
}

static bool is_list(const cJSON *data)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, data)
	{
		if (!judge_json_text(one, "priTmplId"))
			return false;
	}
	return cJSON_IsArray(data);
}

static void tell_no_list(struct check *c, const struct check_answer *answer)
{
	const struct judgement *j = &answer->judgement;
	bool is_said = j->verdict != VERDICT_DELIVERED;
	/* Nothing was to be sent: the reasons that a lost answer has say that
	 * it may have been. */
	bool is_lost =
		!is_said || (j->stage == STAGE_TRANSPORT && j->is_unsure);
	scoped_free char *said =
		check_brief(is_said ? j->detail : buf_str(&answer->body));
	/* Who may not list them may still be allowed to send. */
	CHECK_TELL(c, .finding = CHECK_WARNING, .topic = CHECK_TOPIC_TEMPLATE,
		   .text = CHECK_TEMPLATES_BAD, .args = {said},
		   .reason = is_lost ? REASON_TEMPLATES_UNREADABLE : j->reason);
}

/* The codes of the call are those of a send. */
static void ask(struct check *c)
{
	scoped_buf url = {0};
	struct check_answer answer = {0};
	buf_addf(&url, "%s/wxaapi/newtmpl/gettemplate?access_token=%s",
		 c->config.wechat_base_url, check_wire_token(c->wire));
	check_wire_ask(c->wire, &(struct http_request){.url = buf_str(&url)},
		       judge_send, &answer);
	secret_wipe(url.data, url.len);
	if (answer.judgement.verdict == VERDICT_DELIVERED) {
		scoped_json *root = judge_json_parse(buf_str(&answer.body),
						     answer.body.len);
		c->templates =
			cJSON_DetachItemFromObjectCaseSensitive(root, "data");
	}
	if (!is_list(c->templates)) {
		cJSON_Delete(steal(&c->templates));
		tell_no_list(c, &answer);
	}
	check_answer_finish(&answer);
}

static const cJSON *find(const cJSON *templates, const char *id)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, templates)
	{
		if (strcmp(judge_json_text(one, "priTmplId"), id) == 0)
			return one;
	}
	return NULL;
}

/* The keys in a template's content; the caller deletes. */
static cJSON *read_keys(const char *content)
{
	static const char begin[] = "{{", end[] = ".DATA}}";
	cJSON *keys = cJSON_CreateArray();
	const char *p = content ? strstr(content, begin) : NULL;
	for (size_t count = 0; p && count < KEYS_MAX; p = strstr(p, begin)) {
		p += strlen(begin);
		size_t len = strspn(p, key_chars);
		if (!len || strncmp(p + len, end, strlen(end)) != 0)
			continue;
		scoped_free char *key = xstrndup(p, len);
		cJSON_AddItemToArray(keys, cJSON_CreateString(key));
		count++;
	}
	return keys;
}

static bool has(const cJSON *keys, const char *key)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, keys)
	{
		if (cJSON_IsString(one) && strcmp(one->valuestring, key) == 0)
			return true;
	}
	return false;
}

/* "thing1, time2": those of the first that the second does not have. */
static char *missing(const cJSON *keys, const cJSON *other)
{
	scoped_buf list = {0};
	const cJSON *one;
	cJSON_ArrayForEach(one, keys)
	{
		const char *key = cJSON_GetStringValue(one);
		if (key && !has(other, key))
			buf_addf(&list, "%s%s", list.len ? ", " : "", key);
	}
	return check_brief(buf_str(&list));
}

static void tell_keys(struct check *c, const struct check_template *t,
		      const char *title, const cJSON *wanted)
{
	scoped_free char *lacking = missing(wanted, t->keys);
	scoped_free char *excess = missing(t->keys, wanted);
	const char *wrong = *lacking ? lacking : excess;
	if (!*wrong) {
		CHECK_TELL(c, .topic = CHECK_TOPIC_TEMPLATE,
			   .text = CHECK_TEMPLATE_GOOD,
			   .args = {t->id_at, title});
		return;
	}
	enum check_text text = !*lacking ? CHECK_TEMPLATE_EXCESS
			       : *excess ? CHECK_TEMPLATE_DIFFERS
					 : CHECK_TEMPLATE_LACKS;
	/* That WeChat refuses is known of keys that are missing alone. */
	CHECK_TELL(c, .finding = *lacking ? CHECK_FAULT : CHECK_WARNING,
		   .topic = CHECK_TOPIC_TEMPLATE, .text = text,
		   .args = {t->keys_at, wrong, excess},
		   .reason = REASON_TEMPLATE_FIELDS_DIFFER);
}

static void tell_unknown(struct check *c, const struct check_template *t)
{
	scoped_free char *id = check_brief(t->id);
	CHECK_TELL(c, .finding = CHECK_FAULT, .topic = CHECK_TOPIC_TEMPLATE,
		   .text = CHECK_TEMPLATE_UNKNOWN, .args = {t->id_at, id},
		   .reason = REASON_TEMPLATE_INVALID);
}

static void compare(struct check *c, const struct check_template *t)
{
	const cJSON *found = find(c->templates, t->id);
	if (!found) {
		tell_unknown(c, t);
		return;
	}
	scoped_json *wanted = read_keys(judge_json_text(found, "content"));
	scoped_free char *title = check_brief(judge_json_text(found, "title"));
	if (wanted->child)
		tell_keys(c, t, title, wanted);
	else
		CHECK_TELL(c, .finding = CHECK_WARNING,
			   .topic = CHECK_TOPIC_TEMPLATE,
			   .text = CHECK_TEMPLATE_WITHOUT_KEYS,
			   .args = {t->id_at, title},
			   .reason = REASON_TEMPLATES_UNREADABLE);
}

void check_template(struct check *c, const struct check_template *t)
{
	if (!c->is_template_asked)
		ask(c);
	c->is_template_asked = true;
	if (c->templates)
		compare(c, t);
	else
		CHECK_TELL(c, .finding = CHECK_SKIPPED,
			   .topic = CHECK_TOPIC_TEMPLATE,
			   .text = CHECK_TEMPLATE_SKIPPED, .args = {t->id_at});
}
