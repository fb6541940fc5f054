#include "relay/robot_body.h"

#include "lib/util.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

/* A title is one line of a list of chats. */
enum { TITLE_MOST = 128 };

/* Title and body are cut already. */
typedef void robot_compose(cJSON *root, const struct robot_text *text);

static void compose_wecom(cJSON *root, const struct robot_text *text)
{
	const char *type = text->is_markdown ? "markdown" : "text";
	cJSON_AddStringToObject(root, "msgtype", type);
	cJSON *inner = cJSON_AddObjectToObject(root, type);
	cJSON_AddStringToObject(inner, "content", text->body);
}

static void compose_dingtalk(cJSON *root, const struct robot_text *text)
{
	if (!text->is_markdown) {
		compose_wecom(root, text);
		return;
	}
	cJSON_AddStringToObject(root, "msgtype", "markdown");
	cJSON *inner = cJSON_AddObjectToObject(root, "markdown");
	cJSON_AddStringToObject(inner, "title", text->title);
	cJSON_AddStringToObject(inner, "text", text->body);
}

/* Its plain messages know no markdown, its cards do. */
static void compose_card(cJSON *root, const struct robot_text *text)
{
	cJSON_AddStringToObject(root, "msg_type", "interactive");
	cJSON *card = cJSON_AddObjectToObject(root, "card");
	if (text->title[0]) {
		cJSON *header = cJSON_AddObjectToObject(card, "header");
		cJSON *title = cJSON_AddObjectToObject(header, "title");
		cJSON_AddStringToObject(title, "tag", "plain_text");
		cJSON_AddStringToObject(title, "content", text->title);
	}
	cJSON *elements = cJSON_AddArrayToObject(card, "elements");
	cJSON *element = cJSON_CreateObject();
	cJSON_AddStringToObject(element, "tag", "markdown");
	cJSON_AddStringToObject(element, "content", text->body);
	cJSON_AddItemToArray(elements, element);
}

static void compose_feishu(cJSON *root, const struct robot_text *text)
{
	if (text->is_markdown) {
		compose_card(root, text);
		return;
	}
	cJSON_AddStringToObject(root, "msg_type", "text");
	cJSON *content = cJSON_AddObjectToObject(root, "content");
	cJSON_AddStringToObject(content, "text", text->body);
}

static const struct {
	robot_compose *compose;
	bool is_titled_in_body; /* its markdown shows no title of its own */
	bool needs_title;
	bool is_signed_in_body;
} forms[WEBHOOK_KIND_COUNT] = {
	[WEBHOOK_WECOM] = {compose_wecom, true, false, false},
	[WEBHOOK_DINGTALK] = {compose_dingtalk, true, true, false},
	[WEBHOOK_FEISHU] = {compose_feishu, false, false, true},
};

static struct robot_text shape(enum webhook_kind kind,
			       const struct robot_text *text, const char *type)
{
	const struct robot *robot = robot_find(kind);
	bool is_json = robot->is_body_limited;
	bool has_type = forms[kind].needs_title && !text->title[0];
	char *title = robot_text_cut(has_type ? type : text->title, TITLE_MOST,
				     is_json);
	bool is_in_body = forms[kind].is_titled_in_body && text->is_markdown &&
			  text->title[0];
	scoped_free char *whole =
		is_in_body ? xasprintf("### %s\n\n%s", title, text->body)
			   : xstrdup(text->body);
	size_t most = text->is_markdown ? robot->markdown_max : robot->text_max;
	return (struct robot_text){
		.is_markdown = text->is_markdown,
		.title = title,
		.body = robot_text_cut(whole, most, is_json),
	};
}

void robot_body_add(enum webhook_kind kind, const struct robot_text *text,
		    const char *type, const struct robot_sign *sign,
		    struct buf *out)
{
	struct robot_text cut = shape(kind, text, type);
	cJSON *root = cJSON_CreateObject();
	if (sign && forms[kind].is_signed_in_body) {
		cJSON_AddStringToObject(root, "timestamp", sign->time);
		cJSON_AddStringToObject(root, "sign", sign->sign);
	}
	forms[kind].compose(root, &cut);
	char *printed = cJSON_PrintUnformatted(root);
	buf_adds(out, printed);
	cJSON_free(printed);
	cJSON_Delete(root);
	robot_text_finish(&cut);
}

void robot_url_add(enum webhook_kind kind, const char *url,
		   const struct robot_sign *sign, struct buf *out)
{
	buf_adds(out, url);
	if (!sign || forms[kind].is_signed_in_body)
		return;
	buf_addf(out, "%ctimestamp=%s&sign=", strchr(url, '?') ? '&' : '?',
		 sign->time);
	buf_add_percent(out, sign->sign);
}
