/*
 * Channel kind wechat-subscribe: the relay sends the subscribe message itself,
 * by a template of the settings, with no cloud function in between. Whom to
 * send it to is asked of the cloud database's HTTP API, unless the row says so.
 */
#include "relay/channel.h"

#include "lib/json.h"
#include "lib/text.h"
#include "lib/util.h"
#include "relay/config.h"
#include "relay/openids.h"
#include "relay/template.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { OPENID_LEN = 28 };

static bool is_openid(const char *text)
{
	static const char chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	return text[0] == 'o' && strlen(text) == OPENID_LEN &&
	       strspn(text, chars) == OPENID_LEN;
}

static const struct config_template *template_of(const struct channel *channel,
						 const struct message *msg)
{
	return config_find_template(channel->config, msg->type);
}

/* Whether the row may be sent as far as can be seen before its recipient is
 * known. */
static bool check(const struct channel *channel, const struct message *msg,
		  struct judgement *why_out)
{
	const char *user = msg->recipient;
	if (!text_is_utf8(msg->payload, msg->payload_len))
		return channel_refuse(why_out, REASON_PAYLOAD_NOT_UTF8,
				      "the payload is not well-formed UTF-8");
	if (user && !text_is_utf8(user, strlen(user)))
		return channel_refuse(why_out, REASON_PAYLOAD_NOT_UTF8,
				      "the recipient is not well-formed UTF-8");
	if (!user || !*user)
		return channel_refuse(why_out, REASON_USER_NOT_FOUND,
				      "the row has no recipient");
	if (template_of(channel, msg))
		return true;
	scoped_free char *type = text_clean(msg->type, strlen(msg->type));
	scoped_free char *detail =
		xasprintf("no template has the type %.100s", type);
	return channel_refuse(why_out, REASON_TEMPLATE_MISSING, detail);
}

/* The field that the nth query asks for, for the caller to free; NULL: there is
 * none. */
static char *id_field(const struct channel *channel, size_t nth)
{
	const char *fields = channel->config->subscribe_id_fields;
	for (; nth > 0; nth--) {
		fields += strcspn(fields, " ");
		fields += strspn(fields, " ");
	}
	size_t len = strcspn(fields, " ");
	return len ? xstrndup(fields, len) : NULL;
}

/* tcb/databasequery: a query in JavaScript inside JSON. */
static void add_query(const struct config *config, const char *field,
		      const char *user, struct buf *body)
{
	scoped_buf query = {0};
	buf_addf(&query, "db.collection(\"%s\").where({%s:",
		 config->subscribe_collection, field);
	json_add_string(&query, user);
	buf_adds(&query, "}).limit(1).get()");
	buf_adds(body, "{\"env\":");
	json_add_string(body, config->cloud_env);
	buf_adds(body, ",\"query\":");
	json_add_string(body, buf_str(&query));
	buf_addc(body, '}');
}

static enum lookup_step look(const struct lookup *lookup, const char *token,
			     struct channel_request *out, char **openid_out,
			     struct judgement *why_out)
{
	const struct channel *channel = lookup->channel;
	const struct config *config = channel->config;
	const char *user = lookup->msg->recipient;
	if (!check(channel, lookup->msg, why_out))
		return LOOKUP_REFUSED;
	bool is_given = is_openid(user);
	const char *known = is_given ? user
				     : openids_find(channel->openids, user,
						    config->subscribe_cache_ms,
						    lookup->now_ms);
	if (known) {
		*openid_out = xstrdup(known);
		return is_given ? LOOKUP_GIVEN : LOOKUP_KNOWN;
	}
	scoped_free char *field = id_field(channel, lookup->nth);
	/* A reload may have taken the second one away. */
	if (!field) {
		channel_refuse(why_out, REASON_USER_NOT_FOUND,
			       "no user with this id");
		return LOOKUP_REFUSED;
	}
	buf_addf(&out->url, "%s/tcb/databasequery?access_token=%s",
		 config->wechat_base_url, token);
	add_query(config, field, user, &out->body);
	return LOOKUP_ASK;
}

static enum lookup_step hear(const struct lookup *lookup,
			     const struct http_answer *answer,
			     const struct judge_context *context,
			     char **openid_out, struct judgement *out)
{
	const struct channel *channel = lookup->channel;
	judge_lookup(answer, context, channel->config->subscribe_openid_fields,
		     openid_out, out);
	if (out->verdict == VERDICT_DELIVERED) {
		openids_keep(channel->openids, lookup->msg->recipient,
			     *openid_out, lookup->now_ms);
		return LOOKUP_KNOWN;
	}
	scoped_free char *next = id_field(channel, lookup->nth + 1);
	bool has_more = out->reason == REASON_USER_NOT_FOUND && next;
	return has_more ? LOOKUP_ASK : LOOKUP_REFUSED;
}

static void add_message(const struct config *config,
			const struct config_template *t,
			const struct message *msg, struct buf *body)
{
	static const char *const states[] = {
		[WECHAT_STATE_DEVELOPER] = "developer",
		[WECHAT_STATE_TRIAL] = "trial",
		[WECHAT_STATE_FORMAL] = "formal",
	};
	scoped_buf page = {0};
	buf_adds(body, ",\"template_id\":");
	json_add_string(body, t->id);
	template_page_add(&page, t->page, msg->payload, msg->payload_len);
	if (page.len) {
		buf_adds(body, ",\"page\":");
		json_add_string(body, buf_str(&page));
	}
	buf_addf(body, ",\"miniprogram_state\":\"%s\",\"lang\":\"zh_CN\"",
		 states[config->subscribe_state]);
}

static bool refuse_value(const struct template_field *wrong,
			 struct judgement *why_out)
{
	scoped_free char *field =
		text_clean(wrong->field, strlen(wrong->field));
	scoped_free char *detail =
		xasprintf("%s: the payload's %.100s is missing, or no value of "
			  "this kind",
			  wrong->key, field);
	return channel_refuse(why_out, REASON_TEMPLATE_FIELD_INVALID, detail);
}

/* message/subscribe/send: section 5 of the fact sheet. */
static bool build(const struct channel *channel, const struct message *msg,
		  const char *token, int64_t wall_ms,
		  struct channel_request *out, struct judgement *why_out)
{
	(void)wall_ms;
	const struct config *config = channel->config;
	if (!check(channel, msg, why_out))
		return false;
	assert(out->openid);
	const struct config_template *t = template_of(channel, msg);
	buf_addf(&out->url, "%s/cgi-bin/message/subscribe/send?access_token=%s",
		 config->wechat_base_url, token);
	buf_adds(&out->body, "{\"touser\":");
	json_add_string(&out->body, out->openid);
	add_message(config, t, msg, &out->body);
	buf_adds(&out->body, ",\"data\":");
	const struct template_field *wrong = template_data_add(
		&out->body, &t->fields, msg->payload, msg->payload_len);
	buf_addc(&out->body, '}');
	return wrong ? refuse_value(wrong, why_out) : true;
}

static const struct channel_lookup by_database = {
	.look = look,
	.hear = hear,
};

const struct channel_kind channel_wechat_subscribe = {
	.name = "wechat-subscribe",
	.needs_token = true,
	.lookup = &by_database,
	.build = build,
	.judge = judge_send,
};
