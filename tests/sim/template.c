/* See template.h. */
#include "tests/sim/template.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "tests/sim/answer.h"
#include "tests/sim/sim.h"

/* What follows the key in a template's content: "{{thing1.DATA}}". */
static const char key_end[] = ".DATA}}";

static const struct {
	const char *type; /* of the notices that the function sends by it */
	const char *id, *title, *content;
} built_in[] = {
	{"sendCustomerAssignNotify",
	 "Zk3mQ8vT1xR5nB7cW2yL6hD4jS0pGaU9eFtYoIkXb_M", "客户分配通知",
	 "客户姓名:{{thing1.DATA}}\n分配原因:{{thing2.DATA}}\n"
	 "分配人:{{name3.DATA}}\n分配时间:{{time4.DATA}}\n"},
	{"contractSignedNotify", "h7Wd0sNfK4uJ9pVxE2-rCiAqOzT6lGbMy1Ht8nQwS5c",
	 "合同签署通知",
	 "客户姓名:{{thing1.DATA}}\n合同金额:{{amount2.DATA}}\n"
	 "签署时间:{{time3.DATA}}\n"},
};

/* The next key of a content, for the caller to free; NULL at its end. */
static char *next_key(const char **content)
{
	const char *from = strstr(*content, "{{");
	const char *to = from ? strstr(from, key_end) : NULL;
	if (!to)
		return NULL;
	*content = to + strlen(key_end);
	return xstrndup(from + 2, (size_t)(to - from - 2));
}

static cJSON *make(const char *id, const char *title, const char *content)
{
	enum { ONCE = 2 };
	cJSON *one = cJSON_CreateObject();
	cJSON_AddStringToObject(one, "priTmplId", id);
	cJSON_AddStringToObject(one, "title", title);
	cJSON_AddStringToObject(one, "content", content);
	cJSON_AddStringToObject(one, "example", "");
	cJSON_AddNumberToObject(one, "type", ONCE);
	return one;
}

void template_book_init(struct template_book *b, const struct option_list *ids)
{
	*b = (struct template_book){.list = cJSON_CreateArray(),
				    .is_all = ids->count > 0};
	for (size_t i = 0; i < ids->count; i++)
		cJSON_AddItemToArray(b->list,
				     make(ids->items[i], built_in[0].title,
					  built_in[0].content));
	for (size_t i = 0; !ids->count && i < ARRAY_LEN(built_in); i++)
		cJSON_AddItemToArray(b->list,
				     make(built_in[i].id, built_in[i].title,
					  built_in[i].content));
}

void template_book_finish(struct template_book *b)
{
	cJSON_Delete(b->list);
	*b = (struct template_book){.list = NULL};
}

static const char *text_of(const cJSON *one, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(one, key));
}

const char *template_book_load(struct template_book *b, const cJSON *array)
{
	const cJSON *one = NULL;
	if (!cJSON_IsArray(array))
		return "templates must be a JSON array";
	cJSON_ArrayForEach(one, array)
	{
		if (!text_of(one, "priTmplId") || !text_of(one, "title") ||
		    !text_of(one, "content"))
			return "a template lacks \"priTmplId\", \"title\" or "
			       "\"content\"";
	}
	template_book_finish(b);
	*b = (struct template_book){.list = cJSON_Duplicate(array, true),
				    .is_all = true};
	return NULL;
}

static const cJSON *find(const struct template_book *b, const char *id)
{
	const cJSON *one = NULL;
	cJSON_ArrayForEach(one, b->list)
	{
		if (strcmp(text_of(one, "priTmplId"), id) == 0)
			return one;
	}
	return NULL;
}

bool template_is_known(const struct template_book *b, const char *id)
{
	return id && *id && (!b->is_all || find(b, id));
}

char *template_lacks(const struct template_book *b, const char *id,
		     const cJSON *data)
{
	const char *content = text_of(find(b, id), "content");
	char *key = NULL;
	while (content && (key = next_key(&content))) {
		if (!cJSON_GetObjectItemCaseSensitive(data, key))
			return key;
		free(key);
	}
	return NULL;
}

cJSON *template_settings(void)
{
	cJSON *settings = cJSON_CreateObject();
	for (size_t i = 0; i < ARRAY_LEN(built_in); i++) {
		cJSON *entry =
			cJSON_AddObjectToObject(settings, built_in[i].type);
		const char *content = built_in[i].content;
		cJSON_AddStringToObject(entry, "templateId", built_in[i].id);
		cJSON *keys = cJSON_AddArrayToObject(entry, "keys");
		for (char *key; (key = next_key(&content)); free(key))
			cJSON_AddItemToArray(keys, cJSON_CreateString(key));
	}
	return settings;
}

static int check(const struct call *c)
{
	return strcmp(c->method, "GET") == 0 ? c->token_code : 43001;
}

void template_list(struct sim *s, struct call *c)
{
	int code = check(c);
	if (code) {
		answer_set_error(&c->answer, code, NULL, &s->dice);
		return;
	}
	cJSON *root = cJSON_CreateObject();
	cJSON_AddNumberToObject(root, "errcode", 0);
	cJSON_AddStringToObject(root, "errmsg", "ok");
	cJSON_AddItemToObject(root, "data",
			      cJSON_Duplicate(s->templates.list, true));
	answer_set_json(&c->answer, root);
}
