#include "relay/config_offer.h"

#include "lib/lang.h"
#include "lib/secret.h"
#include "lib/util.h"
#include "relay/config_value.h"
#include "relay/env_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char environment[] = "environment";

/* One load under way. */
struct loader {
	struct config_problems *problems;
	struct config_offers *offers;

	/* of the file being read */
	const char *file;
	char *secret; /* own; the setting that it gives a secret, or NULL */
	/* The lines just passed over that are no assignments and none of ours;
	 * a private key without quotes shall be one warning, not thirty. */
	unsigned junk_first, junk_last; /* 0: none */
	enum env_fault junk_fault;
};

static void finish_offer(struct config_offer *offer)
{
	if (offer->text)
		secret_wipe(offer->text, strlen(offer->text));
	free(steal(&offer->text));
	free(steal(&offer->where));
}

void config_offers_finish(struct config_offers *offers)
{
	for (size_t i = 0; i < offers->count; i++)
		finish_offer(&offers->list[i]);
	free(offers->list);
	*offers = (struct config_offers){0};
}

static struct config_offer *find(const struct config_offers *offers,
				 const struct setting *s, const char *channel)
{
	for (size_t i = 0; i < offers->count; i++) {
		struct config_offer *o = &offers->list[i];
		if (o->name.setting == s &&
		    strcmp(o->name.channel, channel) == 0)
			return o;
	}
	return NULL;
}

const struct config_offer *
config_offers_find(const struct config_offers *offers, const struct setting *s,
		   const char *channel)
{
	return find(offers, s, channel);
}

static struct config_offer *add_offer(struct config_offers *offers)
{
	size_t size = (offers->count + 1) * sizeof(*offers->list);
	offers->list = xrealloc(offers->list, size);
	struct config_offer *fresh = &offers->list[offers->count++];
	*fresh = (struct config_offer){0};
	return fresh;
}

static void take_offer(struct loader *l, struct config_offer fresh)
{
	struct config_offer *best =
		find(l->offers, fresh.name.setting, fresh.name.channel);
	if (!best)
		best = add_offer(l->offers);
	struct config_offer old = *best;
	*best = fresh;
	if (old.text && fresh.file && old.file == fresh.file) {
		scoped_free char *name = config_name_print(fresh.name.setting,
							   fresh.name.channel);
		config_problems_add(l->problems, CONFIG_WARNING, fresh.where,
				    _("%s is set here again; this one counts, "
				      "not that of line %u"),
				    name, old.line);
	}
	finish_offer(&old);
}

/* A name that is no setting of ours, wherever it was found. */
static void judge_unknown(struct loader *l, const char *name, const char *where)
{
	if (!config_table_has_prefix(name))
		return;
	scoped_free char *near = config_name_near(name);
	if (near)
		config_problems_add(l->problems, CONFIG_ERROR, where,
				    _("%s is no setting; did you mean %s?"),
				    name, near);
	else
		config_problems_add(l->problems, CONFIG_WARNING, where,
				    _("%s is no setting of the relay; ignored"),
				    name);
}

/* Takes a name apart; false, and the problem is said, if it is none of ours. */
static bool read_name(struct loader *l, const char *text, const char *where,
		      struct config_name *out)
{
	const char *why = NULL;
	int rc = config_name_read(text, out, &why);
	if (rc == CONFIG_NAME_UNKNOWN)
		judge_unknown(l, text, where);
	else if (rc == CONFIG_NAME_BAD)
		config_problems_add(l->problems, CONFIG_ERROR, where,
				    _("%s: %s"), text, why);
	return rc == 0;
}

static void flush_junk(struct loader *l)
{
	if (!l->junk_first)
		return;
	scoped_free char *where = xasprintf("%s:%u", l->file, l->junk_first);
	const char *fault = env_fault_text(l->junk_fault);
	if (l->junk_first == l->junk_last)
		config_problems_add(l->problems, CONFIG_WARNING, where,
				    _("%s; ignored"), fault);
	else
		config_problems_add(l->problems, CONFIG_WARNING, where,
				    _("%s; ignored, as are the lines to %u"),
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
		config_problems_add(l->problems, CONFIG_ERROR, where,
				    _("%s: %s"), item->key,
				    env_fault_text(item->fault));
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
		struct config_name ours;
		const char *why = NULL;
		if (p[len] == '=' && config_name_read(name, &ours, &why) == 0)
			config_problems_add(l->problems, CONFIG_WARNING, where,
					    _("the quoted value of %s goes on "
					      "to line %u and swallows %s"),
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
	struct config_name name;
	if (!read_name(l, item->key, where, &name)) {
		judge_swallowed(l, item, where);
		return;
	}
	if (item->has_bare_hash)
		config_problems_add(l->problems, CONFIG_WARNING, where,
				    _("%s holds a # that is taken as part of "
				      "the value, where dotenv would end it: "
				      "put the value in quotes"),
				    item->key);
	if (config_value_is_secret(name.setting) && *item->value) {
		free(l->secret);
		l->secret = xstrdup(item->key);
	}
	take_offer(l, (struct config_offer){.name = name,
					    .text = xstrdup(item->value),
					    .where = steal(&where),
					    .file = l->file,
					    .line = item->line});
}

static void warn_of_mode(struct loader *l)
{
	bool is_plain = !strpbrk(l->file, " \t\"'`$\\&;|<>*?()#~!");
	const char *quote = is_plain ? "" : "'";
	scoped_free char *file = xasprintf("%s%s%s", quote, l->file, quote);
	config_problems_add(l->problems, CONFIG_WARNING, l->file,
			    _("holds %s, and every user of this host can read "
			      "it: chmod o-r %s"),
			    l->secret, file);
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
				    _("cannot read the settings: %s"), why);
		return;
	}
	l->file = path;
	env_file_each(&file, take_item, l);
	flush_junk(l);
	if (l->secret && file.is_readable_by_others)
		warn_of_mode(l);
	free(steal(&l->secret));
	env_file_finish(&file);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The kernel promises no order of the environment: messages come by name. */
static void read_environment(struct loader *l)
{
	size_t count = 0;
	while (environ && environ[count])
		count++;
	scoped_free char **sorted = xcalloc(count, sizeof(*sorted));
	for (size_t i = 0; i < count; i++)
		sorted[i] = xstrndup(environ[i], strcspn(environ[i], "="));
	qsort(sorted, count, sizeof(*sorted), compare_names);
	for (size_t i = 0; i < count; i++) {
		struct config_name name;
		const char *text = getenv(sorted[i]);
		if (read_name(l, sorted[i], environment, &name) && text)
			take_offer(l, (struct config_offer){
					      .name = name,
					      .text = xstrdup(text),
					      .where = xstrdup(environment)});
		free(sorted[i]);
	}
}

void config_offers_read(struct config_offers *offers, const char *const *files,
			size_t file_count, struct config_problems *problems)
{
	struct loader l = {.problems = problems, .offers = offers};
	for (size_t i = 0; i < file_count; i++)
		read_file(&l, files[i], false);
	if (file_count == 0)
		read_file(&l, ".env", true);
	read_environment(&l);
}
