#include "relay/config_channel.h"

#include "lib/lang.h"
#include "lib/secret.h"
#include "lib/util.h"
#include "relay/config_adopt.h"
#include "relay/config_value.h"
#include "relay/robot.h"
#include "relay/webhook_sign.h"

#include <stdlib.h>
#include <string.h>

static const char subscribe[] = "wechat-subscribe";

const struct config_channel *config_find_channel(const struct config *config,
						 const char *name)
{
	for (size_t i = 0; i < config->channel_count; i++) {
		if (strcmp(config->channels[i].name, name) == 0)
			return &config->channels[i];
	}
	return NULL;
}

static bool is_webhook(const struct config_channel *c)
{
	return strcmp(c->kind, "webhook") == 0;
}

static void add_channel(struct config *config, const char *name,
			const char *kind)
{
	size_t size = (config->channel_count + 1) * sizeof(*config->channels);
	config->channels = xrealloc(config->channels, size);
	config->channels[config->channel_count++] = (struct config_channel){
		.name = xstrdup(name),
		.kind = kind,
		.origins =
			xcalloc(config_table_end, sizeof(struct config_origin)),
	};
}

static int compare_names(const void *a, const void *b)
{
	const struct config_channel *one = a, *other = b;
	return strcmp(one->name, other->name);
}

static bool makes_webhook(const struct config_offer *o)
{
	return o->name.setting->type == SETTING_HOOK_URL && *o->text;
}

static void find_channels(const struct config_adoption *a)
{
	struct config *config = a->config;
	add_channel(config, "wechat-cloud", "wechat-cloud");
	if (config->template_count)
		add_channel(config, subscribe, subscribe);
	size_t own = config->channel_count;
	for (size_t i = 0; i < a->offers->count; i++) {
		const struct config_offer *o = &a->offers->list[i];
		if (makes_webhook(o))
			add_channel(config, o->name.channel, "webhook");
	}
	qsort(config->channels + own, config->channel_count - own,
	      sizeof(*config->channels), compare_names);
}

/* What the general setting says, which was read without a fault: a faulty one
 * has left its default. */
static const char *general_text(const struct config *config, size_t row)
{
	const char *text =
		row < config_table_len ? config->origins[row].text : "";
	return *text ? text : config_table[row].fallback;
}

static void adopt_row(const struct config_adoption *a, struct config_channel *c,
		      size_t row)
{
	const struct setting *s = &config_table[row];
	struct config_origin *origin = &c->origins[row];
	config_adopt(a, s, c->name, general_text(a->config, row),
		     (char *)c + s->channel_offset, origin);
	if (!config_offers_find(a->offers, s, c->name))
		config_origin_finish(origin);
}

static void adopt_channel(const struct config_adoption *a,
			  struct config_channel *c)
{
	for (size_t row = 0; row < config_table_end; row++) {
		enum setting_scope scope = config_table[row].scope;
		if (scope == SETTING_CHANNEL ||
		    (scope == SETTING_WEBHOOK && is_webhook(c)))
			adopt_row(a, c, row);
	}
	if (!is_webhook(c)) {
		c->url = xstrdup("");
		c->secrets = xstrdup("");
	}
}

/* The setting of that type of a webhook's own. */
static const struct setting *webhook_row(enum setting_type type)
{
	size_t row = config_table_len;
	while (config_table[row].type != type)
		row++;
	return &config_table[row];
}

/* A receiver could not tell who sends. */
static void demand_secret(const struct config_adoption *a,
			  const struct config_channel *c)
{
	const struct setting *s = webhook_row(SETTING_SECRETS);
	const struct config_offer *given =
		config_offers_find(a->offers, s, c->name);
	if (given && *given->text)
		return;
	const struct setting *url = webhook_row(SETTING_HOOK_URL);
	const struct config_offer *maker =
		config_offers_find(a->offers, url, c->name);
	scoped_free char *name = config_name_print(s, c->name);
	config_problems_add(a->problems, CONFIG_ERROR, maker->where,
			    _("%s is missing: agree on one with the receiver, "
			      "such as: echo whsec_$(openssl rand -base64 24)"),
			    name);
}

/* The webhook whose name was probably meant, or NULL. */
static const struct config_channel *near_channel(const struct config *config,
						 const char *name)
{
	const struct config_channel *nearest = NULL;
	size_t fewest = MIN(CONFIG_SLIPS_MAX + (size_t)1, strlen(name));
	for (size_t i = 1; i < config->channel_count; i++) {
		size_t slips =
			config_name_slips(name, config->channels[i].name);
		if (slips < fewest && is_webhook(&config->channels[i])) {
			fewest = slips;
			nearest = &config->channels[i];
		}
	}
	return nearest;
}

/* A webhook without a URL is a slip, most likely one in its name. */
static void judge_orphan(const struct config_adoption *a,
			 const struct config_offer *o)
{
	const char *channel = o->name.channel;
	const struct setting *s = o->name.setting;
	if (!*channel || !*o->text || s->scope == SETTING_TEMPLATE ||
	    config_find_channel(a->config, channel))
		return;
	if (strcmp(channel, subscribe) == 0) {
		scoped_free char *lone = config_name_print(s, channel);
		config_problems_add(a->problems, CONFIG_ERROR, o->where,
				    _("%s is of no channel: there is no "
				      "template (WECHAT_TEMPLATE_<NAME>_ID)"),
				    lone);
		return;
	}
	const struct config_channel *near = near_channel(a->config, channel);
	scoped_free char *name = config_name_print(s, channel);
	scoped_free char *url =
		config_name_print(webhook_row(SETTING_HOOK_URL), channel);
	scoped_free char *meant =
		near ? config_name_print(s, near->name) : NULL;
	if (meant)
		config_problems_add(a->problems, CONFIG_ERROR, o->where,
				    _("%s is of no webhook: %s is not set; did "
				      "you mean %s?"),
				    name, url, meant);
	else
		config_problems_add(a->problems, CONFIG_ERROR, o->where,
				    _("%s is of no webhook: %s is not set"),
				    name, url);
}

/* `by` is the setting, and what of it leads to the channel. */
static void demand_channel(const struct config_adoption *a, const char *setting,
			   const char *by, const char *channel)
{
	if (config_find_channel(a->config, channel))
		return;
	scoped_buf names = {0};
	for (size_t i = 0; i < a->config->channel_count; i++)
		buf_addf(&names, "%s%s", i ? ", " : "",
			 a->config->channels[i].name);
	config_problems_add(
		a->problems, CONFIG_ERROR,
		config_get_source(a->config, setting),
		strcmp(channel, subscribe) == 0
			? _("%s: there is no channel \"%s\"; there is %s (a "
			    "template makes that one: "
			    "WECHAT_TEMPLATE_<NAME>_ID)")
			: _("%s: there is no channel \"%s\"; there is %s"),
		by, channel, buf_str(&names));
}

/* Two settings for one thing: which of them is meant? */
static void refuse_two_defaults(const struct config_adoption *a)
{
	const struct config *config = a->config;
	const char *where = config_get_source(config, "OUTBOX_CHANNEL");
	if (strcmp(where, "default") != 0 &&
	    config_find_route(config, CONFIG_ANY_TYPE))
		config_problems_add(a->problems, CONFIG_ERROR, where,
				    _("OUTBOX_CHANNEL: OUTBOX_ROUTES has * as "
				      "well, which says the same: set only "
				      "one"));
}

static void check_routes(const struct config_adoption *a)
{
	const struct config *config = a->config;
	refuse_two_defaults(a);
	demand_channel(a, "OUTBOX_CHANNEL", "OUTBOX_CHANNEL", config->channel);
	for (size_t i = 0; i < config->routes.count; i++) {
		const struct config_route *r = &config->routes.list[i];
		scoped_free char *by =
			xasprintf(_("%s: %s"), "OUTBOX_ROUTES", r->type);
		demand_channel(a, "OUTBOX_ROUTES", by, r->channel);
	}
}

void config_adopt_channels(const struct config_adoption *a)
{
	find_channels(a);
	for (size_t i = 0; i < a->config->channel_count; i++) {
		struct config_channel *c = &a->config->channels[i];
		adopt_channel(a, c);
		if (c->webhook_kind != WEBHOOK_STANDARD)
			config_adopt_robot(a, c);
		else if (is_webhook(c) && !config_refuse_robot(a, c))
			demand_secret(a, c);
	}
	for (size_t i = 0; i < a->offers->count; i++)
		judge_orphan(a, &a->offers->list[i]);
	check_routes(a);
}

static void remember(const char *slot, const char *secret, size_t len)
{
	char *copy = xstrndup(secret, len);
	secret_set(slot, copy);
	secret_wipe(copy, len);
	free(copy);
}

/* A URL's query may be a key, and a robot has one there or in the path. */
static void register_url(const struct config_channel *c)
{
	const struct robot *robot = robot_find(c->webhook_kind);
	const char *query = strchr(c->url, '?');
	size_t len = 0;
	const char *key = robot ? robot_url_key(robot, c->url, &len) : NULL;
	scoped_free char *slot = xasprintf("webhook %s query", c->name);
	scoped_free char *key_slot = xasprintf("webhook %s key", c->name);
	if (query)
		remember(slot, query + 1, strlen(query + 1));
	if (key)
		remember(key_slot, key, len);
}

static void register_channel(const struct config_channel *c)
{
	size_t number = 0;
	size_t len = 0;
	for (const char *s = c->secrets; (s = webhook_secrets_next(s, &len));
	     s += len) {
		size_t key_len = len;
		const char *key = webhook_secret_key(s, &key_len);
		scoped_free char *slot =
			xasprintf("webhook %s %zu", c->name, ++number);
		remember(slot, key, key_len);
	}
	register_url(c);
}

void config_register_channels(const struct config *config)
{
	for (size_t i = 0; i < config->channel_count; i++)
		register_channel(&config->channels[i]);
}

static void finish_channel(struct config_channel *c)
{
	for (size_t row = 0; row < config_table_end; row++) {
		const struct setting *s = &config_table[row];
		config_origin_finish(&c->origins[row]);
		if (s->scope != SETTING_RELAY)
			config_value_wipe(s, (char *)c + s->channel_offset);
	}
	free(c->origins);
	free(c->name);
}

void config_channels_finish(struct config *config)
{
	for (size_t i = 0; i < config->channel_count; i++)
		finish_channel(&config->channels[i]);
	free(config->channels);
}
