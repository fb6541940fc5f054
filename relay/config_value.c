#include "relay/config_value.h"

#include "lib/lang.h"
#include "lib/secret.h"
#include "lib/text.h"
#include "lib/util.h"
#include "relay/config_parse.h"
#include "relay/robot.h"

#include <assert.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* What a .env of the CRM holds before anybody has filled it in. */
static const char placeholder[] = "需要配置真实的Secret";

static const struct {
	const char *name;
	config_parser *parse;
	bool is_text; /* the field is a char * */
} types[] = {
	[SETTING_NAME] = {"name", config_parse_name, true},
	[SETTING_JSON_PATH] = {"JSON path", config_parse_json_path, true},
	[SETTING_PATH] = {"path", config_parse_path, true},
	[SETTING_URL] = {"URL", config_parse_url, true},
	[SETTING_HOOK_URL] = {"URL", config_parse_hook_url, true},
	[SETTING_CREDENTIAL] = {"text", config_parse_credential, true},
	[SETTING_SECRET] = {"secret", config_parse_credential, true},
	[SETTING_SECRETS] = {"secrets", config_parse_secrets, true},
	[SETTING_INTEGER] = {"integer", config_parse_integer, false},
	[SETTING_DURATION] = {"duration", config_parse_duration, false},
	[SETTING_DURATIONS] = {"durations", config_parse_durations, false},
	[SETTING_CHOICE] = {"choice", config_parse_choice, false},
	[SETTING_ROUTES] = {"routes", config_parse_routes, false},
	[SETTING_ROW_TYPE] = {"text", config_parse_row_type, true},
	[SETTING_TEMPLATE_ID] = {"id", config_parse_template_id, true},
	[SETTING_PAGE] = {"page", config_parse_page, true},
	[SETTING_FIELDS] = {"fields", config_parse_fields, false},
	[SETTING_WORDS] = {"names", config_parse_words, true},
};
_Static_assert(ARRAY_LEN(types) == SETTING_TYPE_COUNT, "a row for each type");

static void *field_of(const struct setting *s, struct config *config)
{
	assert(s->scope != SETTING_WEBHOOK && s->scope != SETTING_TEMPLATE);
	return (char *)config + s->offset;
}

bool config_value_is_credential(const struct setting *s)
{
	return s->type == SETTING_CREDENTIAL || s->type == SETTING_SECRET;
}

bool config_value_is_secret(const struct setting *s)
{
	return s->type == SETTING_SECRET || s->type == SETTING_SECRETS;
}

char *config_value_show(const struct setting *s, const char *text)
{
	if (config_value_is_secret(s))
		return xstrdup("");
	if (s->type != SETTING_HOOK_URL)
		return xstrdup(text);
	size_t len = robot_url_shown(text);
	return xasprintf("%.*s%s", (int)len, text, text[len] ? "***" : "");
}

/* Why a credential cannot be real, or NULL. Shows nothing of it but the
 * placeholder that everybody knows. */
static const char *refuse_credential(const char *text)
{
	if (strcmp(text, placeholder) == 0)
		return _("is still the placeholder 需要配置真实的Secret");
	for (const char *p = text; *p; p++) {
		if (*p <= ' ' || *p > '~')
			return _("is a placeholder or a slip: it holds blanks "
				 "or "
				 "characters that no real one has");
	}
	return NULL;
}

static const char *check_characters(const char *text)
{
	if (!text_is_utf8(text, strlen(text)))
		return _("is not UTF-8");
	for (const char *p = text; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return _("holds a line end or control character (is a "
				 "quote not closed?)");
	}
	return NULL;
}

int config_value_read(const struct setting *s, const char *text, void *field,
		      char **why_out)
{
	bool is_credential = config_value_is_credential(s);
	const char *fault = is_credential ? refuse_credential(text)
					  : check_characters(text);
	if (fault) {
		*why_out = xstrdup(fault);
		return is_credential ? VALUE_REFUSED : VALUE_BAD;
	}
	char *why = types[s->type].parse(s, text, field);
	if (!why)
		return 0;
	*why_out = why;
	return VALUE_BAD;
}

int config_value_set(const struct setting *s, const char *text,
		     struct config *config, char **why_out)
{
	return config_value_read(s, text, field_of(s, config), why_out);
}

void config_value_wipe(const struct setting *s, void *field)
{
	if (s->type == SETTING_ROUTES) {
		config_parse_routes_clear(field);
		return;
	}
	if (s->type == SETTING_FIELDS) {
		template_fields_finish(field);
		return;
	}
	if (!types[s->type].is_text)
		return;
	char **text = field;
	if (*text && (config_value_is_secret(s) || s->type == SETTING_HOOK_URL))
		secret_wipe(*text, strlen(*text));
	free(steal(text));
}

void config_value_clear(const struct setting *s, struct config *config)
{
	config_value_wipe(s, field_of(s, config));
}

bool config_value_is_shapely(const struct setting *s, const char *text)
{
	if (!s->pattern)
		return true;
	regex_t pattern;
	int rc = regcomp(&pattern, s->pattern, REG_EXTENDED | REG_NOSUB);
	assert(rc == 0);
	rc = regexec(&pattern, text, 0, NULL, 0);
	regfree(&pattern);
	return rc == 0;
}

const char *config_value_text(const struct setting *s,
			      const struct config *config)
{
	assert(types[s->type].is_text);
	const void *field = (const char *)config + s->offset;
	return *(char *const *)field;
}

char *config_value_describe(const struct setting *s)
{
	const char *name = types[s->type].name;
	if (s->type == SETTING_CHOICE)
		return xstrdup(s->words);
	if (s->min == s->max)
		return xstrdup(name);
	scoped_free char *bounds = config_parse_bounds_text(s);
	return xasprintf("%s, %s", name, bounds);
}
