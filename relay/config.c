#include "relay/config.h"

#include "lib/buf.h"
#include "lib/lang.h"
#include "lib/secret.h"
#include "lib/text.h"
#include "lib/util.h"
#include "relay/config_adopt.h"
#include "relay/config_value.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void warn_of_shape(struct config_problems *problems,
			  const struct setting *s, const char *where)
{
	config_problems_add(problems, CONFIG_WARNING, where,
			    _("%s does not look like a real one; if WeChat "
			      "refuses it, %s"),
			    s->name, _(s->remedy));
}

void config_adopt(const struct config_adoption *a, const struct setting *s,
		  const char *channel, const char *fallback, void *field,
		  struct config_origin *origin)
{
	const struct config_offer *offer =
		config_offers_find(a->offers, s, channel);
	const char *where = offer ? offer->where : "default";
	bool is_given = offer && *offer->text;
	const char *text = is_given ? offer->text : fallback;
	origin->where = text_clean(where, strlen(where));

	scoped_free char *name = config_name_print(s, channel);
	char *why = NULL;
	int rc = config_value_read(s, text, field, &why);
	assert(rc == 0 || is_given);
	if (rc == VALUE_BAD)
		config_problems_add(a->problems, CONFIG_ERROR, where,
				    _("%s: %s"), name, why);
	else if (rc == VALUE_REFUSED)
		origin->refused = steal(&why);
	else if (is_given && !config_value_is_shapely(s, text))
		warn_of_shape(a->problems, s, where);
	free(why);
	if (rc)
		config_value_read(s, fallback, field, &why);
	origin->text = rc ? xstrdup("") : config_value_show(s, text);
}

static void register_secrets(const struct config *config)
{
	for (size_t i = 0; i < config_table_len; i++) {
		const struct setting *s = &config_table[i];
		if (s->slot && *config_value_text(s, config))
			secret_set(s->slot, config_value_text(s, config));
	}
}

int config_load(struct config *out, const char *const *files, size_t file_count,
		struct config_problems *problems)
{
	size_t errors_before = problems->error_count;
	struct config_offers offers = {0};
	config_offers_read(&offers, files, file_count, problems);

	struct config config = {
		.origins = xcalloc(config_table_len, sizeof(*config.origins)),
	};
	struct config_adoption a = {&config, &offers, problems};
	for (size_t i = 0; i < config_table_len; i++) {
		const struct setting *s = &config_table[i];
		config_adopt(&a, s, "", s->fallback,
			     (char *)&config + s->offset, &config.origins[i]);
	}
	config_adopt_templates(&a);
	config_adopt_channels(&a);
	config_check_templates(&a);
	config_check_alert(&a);
	config_offers_finish(&offers);
	if (problems->error_count > errors_before) {
		config_finish(&config);
		return CONFIG_INVALID;
	}
	register_secrets(&config);
	config_register_channels(&config);
	*out = config;
	return 0;
}

void config_origin_finish(struct config_origin *origin)
{
	free(origin->where);
	free(origin->text);
	free(origin->refused);
	*origin = (struct config_origin){0};
}

void config_finish(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config_table_len; i++) {
		config_value_clear(&config_table[i], config);
		if (config->origins)
			config_origin_finish(&config->origins[i]);
	}
	free(config->origins);
	config_channels_finish(config);
	config_templates_finish(config);
	*config = (struct config){0};
}

size_t config_missing_for_wechat(const struct config *config,
				 struct config_problems *problems)
{
	size_t missing = 0;
	for (size_t i = 0; i < config_table_len; i++) {
		const struct setting *s = &config_table[i];
		if (!config_value_is_credential(s) ||
		    *config_value_text(s, config))
			continue;
		const struct config_origin *origin = &config->origins[i];
		bool is_default = strcmp(origin->where, "default") == 0;
		const char *why =
			is_default ? _("is missing") : _("is set, but empty");
		config_problems_add(problems, CONFIG_ERROR,
				    is_default ? "settings" : origin->where,
				    _("%s %s: %s"), s->name,
				    origin->refused ? origin->refused : why,
				    _(s->remedy));
		missing++;
	}
	return missing;
}

char *config_list_missing(const struct config *config)
{
	struct buf names = {0};
	for (size_t i = 0; i < config_table_len; i++) {
		const struct setting *s = &config_table[i];
		if (config_value_is_credential(s) &&
		    !*config_value_text(s, config))
			buf_addf(&names, "%s%s", names.len ? ", " : "",
				 s->name);
	}
	return names.len ? buf_detach(&names) : NULL;
}

const struct config_route *config_find_route(const struct config *config,
					     const char *type)
{
	for (size_t i = 0; i < config->routes.count; i++) {
		if (strcmp(config->routes.list[i].type, type) == 0)
			return &config->routes.list[i];
	}
	return NULL;
}

const char *config_channel_of(const struct config *config, const char *type)
{
	const struct config_route *r = config_find_route(config, type);
	if (!r)
		r = config_find_route(config, CONFIG_ANY_TYPE);
	return r ? r->channel : config->channel;
}

bool config_is_routed(const struct config *config, const char *channel)
{
	for (size_t i = 0; i < config->routes.count; i++) {
		if (strcmp(config->routes.list[i].channel, channel) == 0)
			return true;
	}
	return strcmp(config_channel_of(config, CONFIG_ANY_TYPE), channel) == 0;
}

bool config_is_wechat_routed(const struct config *config)
{
	for (size_t i = 0; i < config->channel_count; i++) {
		const struct config_channel *c = &config->channels[i];
		if (!c->url[0] && config_is_routed(config, c->name))
			return true;
	}
	return false;
}

const char *config_get_source(const struct config *config, const char *name)
{
	struct config_name parts;
	const char *why = NULL;
	if (config_name_read(name, &parts, &why) != 0)
		return NULL;
	size_t row = (size_t)(parts.setting - config_table);
	if (row >= config_table_end) {
		const struct config_template *t =
			config_named_template(config, parts.channel);
		return t ? t->origins[row - config_table_end].where : NULL;
	}
	if (!parts.channel[0])
		return config->origins[row].where;
	const struct config_channel *c =
		config_find_channel(config, parts.channel);
	if (!c || c->origins[row].where || row >= config_table_len)
		return c ? c->origins[row].where : NULL;
	return config->origins[row].where;
}

bool config_is_refused(const struct config *config, const char *name)
{
	const struct setting *s = config_table_find(name);
	assert(s && config_value_is_credential(s));
	return config->origins[s - config_table].refused != NULL;
}
