#include "relay/config_name.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <ctype.h>
#include <string.h>

static const char relay_prefix[] = "RELAY_";
static const char webhook_prefix[] = "WEBHOOK_";
static const char template_prefix[] = "WECHAT_TEMPLATE_";

/* The channels that are not made by settings of their name. */
static const struct {
	const char *prefix, *channel;
} own[] = {
	{"WECHAT_CLOUD_", "wechat-cloud"},
	{"WECHAT_SUBSCRIBE_", "wechat-subscribe"},
};

static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

/* What stands behind the prefix, which is another one for each channel. */
static const char *suffix_of(const struct setting *s)
{
	switch (s->scope) {
	case SETTING_WEBHOOK:
		return s->name + strlen(WEBHOOK_MARK);
	case SETTING_TEMPLATE:
		return s->name + strlen(TEMPLATE_MARK);
	case SETTING_RELAY:
	case SETTING_CHANNEL:
		break;
	}
	return s->name + strlen(relay_prefix);
}

static const char *skip_prefix(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);
	return strncmp(text, prefix, len) == 0 ? text + len : NULL;
}

/* Whether a row may be of a template, or else of a channel. */
static bool is_of(const struct setting *s, bool is_template)
{
	return s->scope != SETTING_RELAY &&
	       (s->scope == SETTING_TEMPLATE) == is_template;
}

static const struct setting *find_suffix(const char *suffix, bool is_template)
{
	for (size_t i = 0; i < config_table_all; i++) {
		const struct setting *s = &config_table[i];
		if (is_of(s, is_template) && strcmp(suffix_of(s), suffix) == 0)
			return s;
	}
	return NULL;
}

/* The webhook or template whose name is the first len bytes; NULL, or what is
 * wrong. */
static const char *take_channel(const char *name, size_t len, bool is_template,
				struct config_name *out)
{
	if (len > CONFIG_CHANNEL_NAME_MAX)
		return is_template ? _("the name of a template has at most 32 "
				       "characters")
				   : _("the name of a webhook has at most 32 "
				       "characters");
	for (size_t i = 0; i < len; i++)
		out->channel[i] = name[i] == '_' ? '-' : (char)tolower(name[i]);
	out->channel[len] = '\0';
	if (!is_template && skip_prefix(out->channel, "wechat-"))
		return _("names that begin with WECHAT_ are the relay's own");
	return NULL;
}

/* Reads "<NAME>_<SUFFIX>". */
static int read_named(const char *rest, bool is_template,
		      struct config_name *out, const char **why_out)
{
	size_t len = strspn(rest, capitals);
	if (rest[len])
		return CONFIG_NAME_UNKNOWN;
	for (const char *p = strchr(rest, '_'); p; p = strchr(p + 1, '_')) {
		out->setting =
			p > rest ? find_suffix(p + 1, is_template) : NULL;
		if (!out->setting)
			continue;
		const char *why = take_channel(rest, (size_t)(p - rest),
					       is_template, out);
		if (!why)
			return 0;
		*why_out = why;
		return CONFIG_NAME_BAD;
	}
	return CONFIG_NAME_UNKNOWN;
}

/* A name that begins like one of our own channels'. */
static int read_own(const char *text, struct config_name *out)
{
	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		const char *rest = skip_prefix(text, own[i].prefix);
		const struct setting *s =
			rest ? find_suffix(rest, false) : NULL;
		if (!s || s->scope != SETTING_CHANNEL)
			continue;
		out->setting = s;
		memcpy(out->channel, own[i].channel,
		       strlen(own[i].channel) + 1);
		return 0;
	}
	return CONFIG_NAME_UNKNOWN;
}

/* A row as it stands in the table: "WEBHOOK_<NAME>_URL" is none to be set. */
static int read_row(const char *text, struct config_name *out)
{
	out->setting = config_table_find(text);
	bool is_whole = out->setting &&
			out->setting->scope != SETTING_WEBHOOK &&
			out->setting->scope != SETTING_TEMPLATE;
	return is_whole ? 0 : CONFIG_NAME_UNKNOWN;
}

int config_name_read(const char *text, struct config_name *out,
		     const char **why_out)
{
	struct config_name name = {0};
	const char *webhook = skip_prefix(text, webhook_prefix);
	const char *template = skip_prefix(text, template_prefix);
	int rc = read_row(text, &name);
	if (rc && webhook)
		rc = read_named(webhook, false, &name, why_out);
	else if (rc && template)
		rc = read_named(template, true, &name, why_out);
	else if (rc)
		rc = read_own(text, &name);
	if (rc == 0)
		*out = name;
	return rc;
}

char *config_name_print(const struct setting *s, const char *channel)
{
	if (!*channel)
		return xstrdup(s->name);
	bool is_template = s->scope == SETTING_TEMPLATE;
	for (size_t i = 0; i < ARRAY_LEN(own) && !is_template; i++) {
		if (strcmp(channel, own[i].channel) == 0)
			return xasprintf("%s%s", own[i].prefix, suffix_of(s));
	}
	scoped_free char *name = xstrdup(channel);
	for (char *p = name; *p; p++)
		*p = *p == '-' ? '_' : (char)toupper(*p);
	return xasprintf("%s%s_%s",
			 is_template ? template_prefix : webhook_prefix, name,
			 suffix_of(s));
}

char *config_name_print_type(enum setting_type type, const char *channel)
{
	const struct setting *s = config_table;
	while (s->type != type)
		s++;
	return config_name_print(s, channel);
}

static bool is_same_but_for_underscores(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, "_");
		b += strspn(b, "_");
		if (toupper((unsigned char)*a) != toupper((unsigned char)*b))
			return false;
		if (!*a)
			return true;
	}
}

enum { NAME_MAX_LEN = 62 };

size_t config_name_slips(const char *a, const char *b)
{
	size_t a_len = strlen(a);
	size_t b_len = strlen(b);
	if (is_same_but_for_underscores(a, b))
		return 0;
	if (a_len > NAME_MAX_LEN || b_len > NAME_MAX_LEN)
		return SIZE_MAX;
	size_t row[NAME_MAX_LEN + 1]; /* for the first i letters of a */
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);
			size_t add_or_drop = MIN(row[j], row[j - 1]) + 1;
			diagonal = row[j];
			row[j] = MIN(change, add_or_drop);
		}
	}
	return row[b_len];
}

/* The suffix that was probably meant. In a short one two slips make any word
 * of any other. */
static const struct setting *near_suffix(const char *suffix, bool is_template)
{
	const struct setting *nearest = NULL;
	size_t fewest = CONFIG_SLIPS_MAX + 1;
	for (size_t i = 0; i < config_table_all; i++) {
		const struct setting *s = &config_table[i];
		if (!is_of(s, is_template))
			continue;
		const char *right = suffix_of(s);
		size_t slips = config_name_slips(suffix, right);
		if (slips < fewest && (slips < 2 || strlen(right) > 4)) {
			fewest = slips;
			nearest = s;
		}
	}
	return nearest;
}

static char *near_named(const char *rest, bool is_template)
{
	for (const char *p = strchr(rest, '_'); p; p = strchr(p + 1, '_')) {
		size_t len = (size_t)(p - rest);
		const struct setting *s = near_suffix(p + 1, is_template);
		if (!len || len > CONFIG_CHANNEL_NAME_MAX || !s)
			continue;
		scoped_free char *name = xstrndup(rest, len);
		for (char *c = name; *c; c++)
			*c = isalnum((unsigned char)*c) ? (char)tolower(*c)
							: '-';
		return config_name_print(s, name);
	}
	return NULL;
}

static char *near_own(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		const char *rest = skip_prefix(text, own[i].prefix);
		const struct setting *s =
			rest ? near_suffix(rest, false) : NULL;
		if (s && s->scope == SETTING_CHANNEL)
			return config_name_print(s, own[i].channel);
	}
	return NULL;
}

char *config_name_near(const char *text)
{
	const struct setting *s = config_table_near(text);
	const char *webhook = skip_prefix(text, webhook_prefix);
	const char *template = skip_prefix(text, template_prefix);
	if (s)
		return xstrdup(s->name);
	if (webhook)
		return near_named(webhook, false);
	if (template)
		return near_named(template, true);
	return near_own(text);
}
