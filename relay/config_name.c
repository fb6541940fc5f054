#include "relay/config_name.h"

#include "lib/util.h"

#include <ctype.h>
#include <string.h>

static const char relay_prefix[] = "RELAY_";
static const char cloud_prefix[] = "WECHAT_CLOUD_";
static const char webhook_prefix[] = "WEBHOOK_";
static const char cloud[] = "wechat-cloud";

static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

/* What stands behind the prefix, which is another one for each channel. */
static const char *suffix_of(const struct setting *s)
{
	return s->name + strlen(s->scope == SETTING_WEBHOOK ? WEBHOOK_MARK
							    : relay_prefix);
}

static const char *skip_prefix(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);
	return strncmp(text, prefix, len) == 0 ? text + len : NULL;
}

static const struct setting *find_suffix(const char *suffix)
{
	for (size_t i = 0; i < config_table_end; i++) {
		const struct setting *s = &config_table[i];
		if (s->scope != SETTING_RELAY &&
		    strcmp(suffix_of(s), suffix) == 0)
			return s;
	}
	return NULL;
}

/* The channel of a webhook whose name is the first len bytes; NULL, or what is
 * wrong. */
static const char *take_channel(const char *name, size_t len,
				struct config_name *out)
{
	if (len > CONFIG_CHANNEL_NAME_MAX)
		return "the name of a webhook has at most 32 characters";
	for (size_t i = 0; i < len; i++)
		out->channel[i] = name[i] == '_' ? '-' : (char)tolower(name[i]);
	out->channel[len] = '\0';
	if (skip_prefix(out->channel, "wechat-"))
		return "names that begin with WECHAT_ are the relay's own";
	return NULL;
}

static int read_webhook(const char *rest, struct config_name *out,
			const char **why_out)
{
	size_t len = strspn(rest, capitals);
	if (rest[len])
		return CONFIG_NAME_UNKNOWN;
	for (const char *p = strchr(rest, '_'); p; p = strchr(p + 1, '_')) {
		out->setting = p > rest ? find_suffix(p + 1) : NULL;
		if (!out->setting)
			continue;
		const char *why = take_channel(rest, (size_t)(p - rest), out);
		if (!why)
			return 0;
		*why_out = why;
		return CONFIG_NAME_BAD;
	}
	return CONFIG_NAME_UNKNOWN;
}

int config_name_read(const char *text, struct config_name *out,
		     const char **why_out)
{
	struct config_name name = {.setting = config_table_find(text)};
	const char *rest = skip_prefix(text, webhook_prefix);
	if (rest && !name.setting) {
		int rc = read_webhook(rest, &name, why_out);
		if (rc)
			return rc;
	}
	rest = skip_prefix(text, cloud_prefix);
	if (rest && !name.setting) {
		name.setting = find_suffix(rest);
		memcpy(name.channel, cloud, sizeof(cloud));
	}
	bool is_a_webhooks =
		name.setting && name.setting->scope == SETTING_WEBHOOK;
	if (!name.setting || (is_a_webhooks && (rest || !name.channel[0])))
		return CONFIG_NAME_UNKNOWN;
	*out = name;
	return 0;
}

char *config_name_print(const struct setting *s, const char *channel)
{
	if (!*channel)
		return xstrdup(s->name);
	if (strcmp(channel, cloud) == 0)
		return xasprintf("%s%s", cloud_prefix, suffix_of(s));
	scoped_free char *name = xstrdup(channel);
	for (char *p = name; *p; p++)
		*p = *p == '-' ? '_' : (char)toupper(*p);
	return xasprintf("%s%s_%s", webhook_prefix, name, suffix_of(s));
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
static const struct setting *near_suffix(const char *suffix)
{
	const struct setting *nearest = NULL;
	size_t fewest = CONFIG_SLIPS_MAX + 1;
	for (size_t i = 0; i < config_table_end; i++) {
		const struct setting *s = &config_table[i];
		if (s->scope == SETTING_RELAY)
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

static char *near_webhook(const char *rest)
{
	for (const char *p = strchr(rest, '_'); p; p = strchr(p + 1, '_')) {
		size_t len = (size_t)(p - rest);
		const struct setting *s = near_suffix(p + 1);
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

char *config_name_near(const char *text)
{
	const struct setting *s = config_table_near(text);
	if (s)
		return xstrdup(s->name);
	const char *rest = skip_prefix(text, webhook_prefix);
	if (rest)
		return near_webhook(rest);
	rest = skip_prefix(text, cloud_prefix);
	s = rest ? near_suffix(rest) : NULL;
	bool is_a_channels = s && s->scope == SETTING_CHANNEL;
	return is_a_channels ? config_name_print(s, cloud) : NULL;
}
