#include "relay/config.h"

#include "lib/secret.h"
#include "lib/text.h"
#include "lib/util.h"
#include "relay/config_value.h"
#include "relay/env_file.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char environment[] = "environment";

/* The strongest value found for one setting so far. */
struct offer {
	char *text;	  /* own; wiped; NULL: none */
	char *where;	  /* own */
	const char *file; /* borrowed; NULL: the environment */
	unsigned line;
};

/* One load under way. */
struct loader {
	struct config_problems *problems;
	struct offer *offers; /* own; one a row of the table */

	/* of the file being read */
	const char *file;
	const char *secret; /* the setting that it gives a secret, or NULL */
	/* The lines just passed over that are no assignments and none of ours;
	 * a private key without quotes shall be one warning, not thirty. */
	unsigned junk_first, junk_last; /* 0: none */
	enum env_fault junk_fault;
};

static void wipe_free(char **text)
{
	if (*text)
		secret_wipe(*text, strlen(*text));
	free(steal(text));
}

static void offer_finish(struct offer *offer)
{
	wipe_free(&offer->text);
	free(steal(&offer->where));
}

static struct offer *offer_of(struct loader *l, const struct setting *s)
{
	return &l->offers[s - config_table];
}

static void take_offer(struct loader *l, const struct setting *s,
		       struct offer fresh)
{
	struct offer *old = offer_of(l, s);
	if (old->text && fresh.file && old->file == fresh.file)
		config_problems_add(l->problems, CONFIG_WARNING, fresh.where,
				    "%s is set here again; this one counts, "
				    "not that of line %u",
				    s->name, old->line);
	offer_finish(old);
	*old = fresh;
}

/* A name that is no setting of ours, wherever it was found. */
static void judge_unknown(struct loader *l, const char *name, const char *where)
{
	if (!config_table_has_prefix(name))
		return;
	const struct setting *near = config_table_near(name);
	if (near)
		config_problems_add(l->problems, CONFIG_ERROR, where,
				    "%s is no setting; did you mean %s?", name,
				    near->name);
	else
		config_problems_add(l->problems, CONFIG_WARNING, where,
				    "%s is no setting of the relay; ignored",
				    name);
}

static void flush_junk(struct loader *l)
{
	if (!l->junk_first)
		return;
	scoped_free char *where = xasprintf("%s:%u", l->file, l->junk_first);
	const char *fault = env_fault_text(l->junk_fault);
	if (l->junk_first == l->junk_last)
		config_problems_add(l->problems, CONFIG_WARNING, where,
				    "%s; ignored", fault);
	else
		config_problems_add(l->problems, CONFIG_WARNING, where,
				    "%s; ignored, as are the lines to %u",
				    fault, l->junk_last);
	l->junk_first = l->junk_last = 0;
}

static void judge_fault(struct loader *l, const struct env_item *item,
			const char *where)
{
	bool is_ours = config_table_has_prefix(item->key);
	bool is_next = l->junk_first && l->junk_last + 1 == item->line &&
		       l->junk_fault == item->fault;
	if (is_ours || !is_next)
		flush_junk(l);
	if (is_ours) {
		config_problems_add(l->problems, CONFIG_ERROR, where, "%s: %s",
				    item->key, env_fault_text(item->fault));
		return;
	}
	if (!is_next)
		l->junk_first = item->line;
	l->junk_last = item->line;
	l->junk_fault = item->fault;
}

/* A lost quote makes one value of many lines; if one of our settings is among
 * them, its loss must not go unnoticed. */
static void judge_swallowed(struct loader *l, const struct env_item *item,
			    const char *where)
{
	if (item->last_line == item->line)
		return;
	for (const char *p = strchr(item->value, '\n'); p;
	     p = strchr(p, '\n')) {
		p += 1 + strspn(p + 1, " \t");
		size_t len = strcspn(p, "= \t\n");
		scoped_free char *name = xstrndup(p, len);
		if (p[len] == '=' && config_table_find(name))
			config_problems_add(l->problems, CONFIG_WARNING, where,
					    "the quoted value of %s goes on to "
					    "line %u and swallows %s",
					    item->key, item->last_line, name);
	}
}

static void take_item(void *ctx, const struct env_item *item)
{
	struct loader *l = ctx;
	scoped_free char *where = xasprintf("%s:%u", l->file, item->line);
	if (item->fault != ENV_FAULT_NONE) {
		judge_fault(l, item, where);
		return;
	}
	flush_junk(l);
	const struct setting *s = config_table_find(item->key);
	if (!s) {
		judge_unknown(l, item->key, where);
		judge_swallowed(l, item, where);
		return;
	}
	if (item->has_bare_hash)
		config_problems_add(l->problems, CONFIG_WARNING, where,
				    "%s holds a # that is taken as part of the "
				    "value, where dotenv would end it: put the "
				    "value in quotes",
				    s->name);
	if (s->type == SETTING_SECRET && *item->value)
		l->secret = s->name;
	take_offer(l, s,
		   (struct offer){.text = xstrdup(item->value),
				  .where = steal(&where),
				  .file = l->file,
				  .line = item->line});
}

static void warn_of_mode(struct loader *l)
{
	bool is_plain = !strpbrk(l->file, " \t\"'`$\\&;|<>*?()#~!");
	const char *quote = is_plain ? "" : "'";
	config_problems_add(l->problems, CONFIG_WARNING, l->file,
			    "holds %s, and every user of this host can read "
			    "it: chmod o-r %s%s%s",
			    l->secret, quote, l->file, quote);
}

static void read_file(struct loader *l, const char *path, bool is_optional)
{
	struct env_file file = {0};
	const char *why = NULL;
	int rc = env_file_load(&file, path, &why);
	if (rc == ENV_FILE_MISSING && is_optional)
		return;
	if (rc != 0) {
		config_problems_add(l->problems, CONFIG_ERROR, path,
				    "cannot read the settings: %s", why);
		return;
	}
	l->file = path;
	l->secret = NULL;
	env_file_each(&file, take_item, l);
	flush_junk(l);
	if (l->secret && file.is_readable_by_others)
		warn_of_mode(l);
	env_file_finish(&file);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The kernel promises no order of the environment: messages come by name. */
static void judge_environment_names(struct loader *l)
{
	size_t count = 0;
	while (environ && environ[count])
		count++;
	scoped_free char **sorted = xcalloc(count, sizeof(*sorted));
	for (size_t i = 0; i < count; i++)
		sorted[i] = xstrndup(environ[i], strcspn(environ[i], "="));
	qsort(sorted, count, sizeof(*sorted), compare_names);
	for (size_t i = 0; i < count; i++) {
		if (!config_table_find(sorted[i]))
			judge_unknown(l, sorted[i], environment);
		free(sorted[i]);
	}
}

static void read_environment(struct loader *l)
{
	judge_environment_names(l);
	for (size_t i = 0; i < config_table_len; i++) {
		const struct setting *s = &config_table[i];
		const char *text = getenv(s->name);
		if (text)
			take_offer(
				l, s,
				(struct offer){.text = xstrdup(text),
					       .where = xstrdup(environment)});
	}
}

static void warn_of_shape(struct loader *l, const struct setting *s,
			  const char *where)
{
	config_problems_add(l->problems, CONFIG_WARNING, where,
			    "%s does not look like a real one; if WeChat "
			    "refuses it, %s",
			    s->name, s->remedy);
}

/* Puts the offer, or else the default, into its field. */
static void adopt(struct loader *l, const struct setting *s,
		  struct config *config)
{
	const struct offer *offer = offer_of(l, s);
	const char *where = offer->where ? offer->where : "default";
	bool is_given = offer->text && *offer->text;
	const char *text = is_given ? offer->text : s->fallback;
	struct config_origin *origin = &config->origins[s - config_table];
	origin->where = text_clean(where, strlen(where));

	char *why = NULL;
	int rc = config_value_set(s, text, config, &why);
	assert(rc == 0 || is_given);
	if (rc == VALUE_BAD)
		config_problems_add(l->problems, CONFIG_ERROR, where, "%s: %s",
				    s->name, why);
	else if (rc == VALUE_REFUSED)
		origin->refused = steal(&why);
	else if (is_given && !config_value_is_shapely(s, text))
		warn_of_shape(l, s, where);
	free(why);
	if (origin->refused)
		config_value_set(s, "", config, &why);
	bool is_shown = rc == 0 && s->type != SETTING_SECRET;
	origin->text = xstrdup(is_shown ? text : "");
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
	struct loader l = {
		.problems = problems,
		.offers = xcalloc(config_table_len, sizeof(*l.offers)),
	};
	for (size_t i = 0; i < file_count; i++)
		read_file(&l, files[i], false);
	if (file_count == 0)
		read_file(&l, ".env", true);
	read_environment(&l);

	struct config config = {
		.origins = xcalloc(config_table_len, sizeof(*config.origins)),
	};
	for (size_t i = 0; i < config_table_len; i++) {
		adopt(&l, &config_table[i], &config);
		offer_finish(&l.offers[i]);
	}
	free(l.offers);
	if (problems->error_count > errors_before) {
		config_finish(&config);
		return CONFIG_INVALID;
	}
	register_secrets(&config);
	*out = config;
	return 0;
}

void config_finish(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config_table_len; i++) {
		config_value_clear(&config_table[i], config);
		if (!config->origins)
			continue;
		free(config->origins[i].where);
		free(config->origins[i].text);
		free(config->origins[i].refused);
	}
	free(config->origins);
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
			origin->refused ? origin->refused : "is missing";
		config_problems_add(problems, CONFIG_ERROR,
				    is_default ? "settings" : origin->where,
				    "%s %s: %s", s->name, why, s->remedy);
		missing++;
	}
	return missing;
}

const char *config_get_source(const struct config *config, const char *name)
{
	const struct setting *s = config_table_find(name);
	return s ? config->origins[s - config_table].where : NULL;
}
