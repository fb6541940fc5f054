/* Which settings were read, and what is wrong with each. */
#include "relay/check.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char secret_name[] = "MINIPROGRAM_APPSECRET";

static void tell_read(struct check *c)
{
	const struct options *o = c->options;
	scoped_buf files = {0};
	for (size_t i = 0; i < o->env_file_count; i++)
		buf_addf(&files, "%s, ", o->env_files[i]);
	if (o->env_file_count == 0 && access(".env", F_OK) == 0)
		buf_adds(&files, ".env, ");
	buf_adds(&files, _("environment"));
	CHECK_TELL(c, .topic = CHECK_TOPIC_SETTINGS,
		   .text = CHECK_SETTINGS_READ, .args = {buf_str(&files)});
}

/* Where a setting stands: a file and line, or else a word. */
static const char *place(const char *where)
{
	static const char *const words[] = {N_("environment"), N_("settings")};
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(where, words[i]) == 0)
			return _(words[i]);
	}
	return where;
}

static bool is_of_secret(const struct config_problem *p)
{
	return strncmp(p->text, secret_name, strlen(secret_name)) == 0;
}

static void tell_problem(struct check *c, const struct config_problem *p,
			 enum reason reason)
{
	bool is_error = p->severity == CONFIG_ERROR;
	bool is_secret = is_of_secret(p);
	CHECK_TELL(c, .finding = is_error ? CHECK_FAULT : CHECK_WARNING,
		   .topic = is_secret ? CHECK_TOPIC_APPSECRET
				      : CHECK_TOPIC_SETTINGS,
		   .text = is_secret && is_error ? CHECK_SECRET_MISSING
						 : CHECK_SETTINGS_PROBLEM,
		   .args = {place(p->where), p->text}, .reason = reason);
}

/* The secret's are told by check_appsecret, if there is anything to load. */
static void tell_problems(struct check *c, const struct config_problems *p)
{
	for (size_t i = 0; i < p->count; i++) {
		bool is_error = p->list[i].severity == CONFIG_ERROR;
		if (is_error || !is_of_secret(&p->list[i]))
			tell_problem(c, &p->list[i],
				     is_error ? REASON_SETTING_INVALID
					      : REASON_SETTING_DOUBTFUL);
	}
}

static void tell_missing(struct check *c)
{
	struct config_problems missing = {0};
	bool is_needed = config_is_wechat_routed(&c->config);
	c->has_account = config_missing_for_wechat(&c->config, &missing) == 0;
	for (size_t i = 0; i < missing.count && is_needed; i++) {
		if (!is_of_secret(&missing.list[i]))
			tell_problem(c, &missing.list[i],
				     REASON_SETTINGS_MISSING);
	}
	config_problems_finish(&missing);
}

void check_settings(struct check *c, struct config_problems *problems)
{
	const struct options *o = c->options;
	c->is_loaded = config_load(&c->config, o->env_files, o->env_file_count,
				   problems) == 0;
	tell_read(c);
	tell_problems(c, problems);
	if (!c->is_loaded)
		return;
	tell_missing(c);
	if (o->db) {
		free(c->config.db_path);
		c->config.db_path = xstrdup(o->db);
	}
}

/* Whether one of the problems was the secret's, and told. */
static bool tell_of_secret(struct check *c, const struct config_problems *p,
			   enum reason reason)
{
	for (size_t i = 0; i < p->count; i++) {
		if (is_of_secret(&p->list[i])) {
			tell_problem(c, &p->list[i], reason);
			return true;
		}
	}
	return false;
}

void check_appsecret(struct check *c, const struct config_problems *problems)
{
	if (tell_of_secret(c, problems, REASON_SETTING_DOUBTFUL))
		return;
	struct config_problems missing = {0};
	config_missing_for_wechat(&c->config, &missing);
	const char *where = config_get_source(&c->config, secret_name);
	if (!tell_of_secret(c, &missing,
			    config_is_refused(&c->config, secret_name)
				    ? REASON_SECRET_PLACEHOLDER
				    : REASON_SETTINGS_MISSING))
		CHECK_TELL(c, .topic = CHECK_TOPIC_APPSECRET,
			   .text = CHECK_SECRET_SHAPELY,
			   .args = {place(where)});
	config_problems_finish(&missing);
}
