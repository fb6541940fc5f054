#include "relay/config_template.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "relay/config_adopt.h"
#include "relay/config_value.h"

#include <stdlib.h>
#include <string.h>

const struct config_template *config_find_template(const struct config *config,
						   const char *type)
{
	for (size_t i = 0; i < config->template_count; i++) {
		if (strcmp(config->templates[i].type, type) == 0)
			return &config->templates[i];
	}
	return NULL;
}

const struct config_template *config_named_template(const struct config *config,
						    const char *name)
{
	for (size_t i = 0; i < config->template_count; i++) {
		if (strcmp(config->templates[i].name, name) == 0)
			return &config->templates[i];
	}
	return NULL;
}

static const struct setting *template_row(enum setting_type type)
{
	size_t row = config_table_end;
	while (config_table[row].type != type)
		row++;
	return &config_table[row];
}

static bool is_a_templates(const struct config_offer *o)
{
	return o->name.setting->scope == SETTING_TEMPLATE && *o->text;
}

static void add_template(struct config *config, const char *name)
{
	size_t rows = config_table_all - config_table_end;
	size_t size = (config->template_count + 1) * sizeof(*config->templates);
	config->templates = xrealloc(config->templates, size);
	config->templates[config->template_count++] = (struct config_template){
		.name = xstrdup(name),
		.origins = xcalloc(rows, sizeof(struct config_origin)),
	};
}

static void adopt_rows(const struct config_adoption *a,
		       struct config_template *t)
{
	for (size_t row = config_table_end; row < config_table_all; row++) {
		const struct setting *s = &config_table[row];
		config_adopt(a, s, t->name, s->fallback,
			     (char *)t + s->channel_offset,
			     &t->origins[row - config_table_end]);
	}
}

/* Says what a template lacks, where its id stands. A value that is there and
 * wrong has been complained of. */
static void demand(const struct config_adoption *a,
		   const struct config_template *t, enum setting_type type,
		   const char *remedy)
{
	const struct setting *s = template_row(type);
	const struct config_offer *given =
		config_offers_find(a->offers, s, t->name);
	const struct config_offer *maker = config_offers_find(
		a->offers, template_row(SETTING_TEMPLATE_ID), t->name);
	scoped_free char *name = config_name_print(s, t->name);
	if (!given || !*given->text)
		config_problems_add(a->problems, CONFIG_ERROR, maker->where,
				    _("%s is missing: %s"), name, remedy);
}

/* Two templates for one type: which one would be sent? */
static void refuse_twin(const struct config_adoption *a,
			const struct config_template *t)
{
	const struct config_template *first =
		config_find_template(a->config, t->type);
	if (first == t || !*t->type)
		return;
	const struct setting *s = template_row(SETTING_ROW_TYPE);
	scoped_free char *name = config_name_print(s, t->name);
	scoped_free char *other = config_name_print(s, first->name);
	config_problems_add(a->problems, CONFIG_ERROR,
			    config_offers_find(a->offers, s, t->name)->where,
			    _("%s: type \"%s\" has a template already, by %s"),
			    name, t->type, other);
}

/* The template whose name was probably meant, or NULL. */
static const struct config_template *near_template(const struct config *config,
						   const char *name)
{
	const struct config_template *nearest = NULL;
	size_t fewest = MIN(CONFIG_SLIPS_MAX + (size_t)1, strlen(name));
	for (size_t i = 0; i < config->template_count; i++) {
		const struct config_template *t = &config->templates[i];
		size_t slips = config_name_slips(name, t->name);
		if (slips < fewest) {
			fewest = slips;
			nearest = t;
		}
	}
	return nearest;
}

/* A template without an id is a slip, most likely one in its name. */
static void judge_orphan(const struct config_adoption *a,
			 const struct config_offer *o)
{
	const char *of = o->name.channel;
	if (!is_a_templates(o) || config_named_template(a->config, of))
		return;
	const struct setting *s = o->name.setting;
	const struct config_template *near = near_template(a->config, of);
	scoped_free char *name = config_name_print(s, of);
	scoped_free char *id =
		config_name_print(template_row(SETTING_TEMPLATE_ID), of);
	scoped_free char *meant =
		near ? config_name_print(s, near->name) : NULL;
	if (meant)
		config_problems_add(a->problems, CONFIG_ERROR, o->where,
				    _("%s is of no template: %s is not set; "
				      "did you mean %s?"),
				    name, id, meant);
	else
		config_problems_add(a->problems, CONFIG_ERROR, o->where,
				    _("%s is of no template: %s is not set"),
				    name, id);
}

void config_adopt_templates(const struct config_adoption *a)
{
	struct config *config = a->config;
	for (size_t i = 0; i < a->offers->count; i++) {
		const struct config_offer *o = &a->offers->list[i];
		if (is_a_templates(o) &&
		    o->name.setting->type == SETTING_TEMPLATE_ID)
			add_template(config, o->name.channel);
	}
	for (size_t i = 0; i < config->template_count; i++) {
		struct config_template *t = &config->templates[i];
		adopt_rows(a, t);
		demand(a, t, SETTING_ROW_TYPE,
		       _("name the type of the rows that it is for"));
		demand(a, t, SETTING_FIELDS,
		       _("name the template's keys and the payload's fields, "
			 "such as thing1=customerName time4=assignTime"));
	}
	for (size_t i = 0; i < config->template_count; i++)
		refuse_twin(a, &config->templates[i]);
	for (size_t i = 0; i < a->offers->count; i++)
		judge_orphan(a, &a->offers->list[i]);
}

/* Rows that are sent there would all be refused. */
void config_check_templates(const struct config_adoption *a)
{
	const struct config *config = a->config;
	for (size_t i = 0; i < config->routes.count; i++) {
		const struct config_route *r = &config->routes.list[i];
		const struct config_channel *c =
			config_find_channel(config, r->channel);
		if (c && strcmp(c->kind, "wechat-subscribe") == 0 &&
		    strcmp(r->type, CONFIG_ANY_TYPE) != 0 &&
		    !config_find_template(config, r->type))
			config_problems_add(
				a->problems, CONFIG_ERROR,
				config_get_source(config, "OUTBOX_ROUTES"),
				_("OUTBOX_ROUTES: %s: no template is for this "
				  "type; set WECHAT_TEMPLATE_<NAME>_TYPE=%s, "
				  "and _ID and _FIELDS beside it"),
				r->type, r->type);
	}
}

void config_templates_finish(struct config *config)
{
	for (size_t i = 0; i < config->template_count; i++) {
		struct config_template *t = &config->templates[i];
		for (size_t row = config_table_end; row < config_table_all;
		     row++) {
			const struct setting *s = &config_table[row];
			config_origin_finish(
				&t->origins[row - config_table_end]);
			config_value_wipe(s, (char *)t + s->channel_offset);
		}
		free(t->origins);
		free(t->name);
	}
	free(config->templates);
}
