#include "relay/config_value.h"

#include "lib/util.h"
#include "relay/config_name.h"

#include <string.h>

static const char about_webhooks[] =
	"Webhooks: any number, each with a NAME of its own (A-Z, 0-9, _). "
	"Its\nchannel, that name in lower case with - for _, is made by "
	"WEBHOOK_<NAME>_URL.\n";

/* A value as a .env file holds it: in single quotes where a shell that sources
 * the file would read something else. */
static void print_value(const char *value, FILE *out)
{
	bool is_plain = !value[strcspn(value, " \t\"'`$#\\~;&|<>*?()")];
	const char *quote = is_plain ? "" : "'";
	if (strchr(value, '\''))
		quote = strchr(value, '`') ? "" : "`";
	fprintf(out, "%s%s%s", quote, value, quote);
}

/* "WECHAT_CLOUD_RATE, WEBHOOK_<NAME>_RATE"; NULL if no channel has its own. The
 * caller frees. */
static char *own_names(const struct setting *s)
{
	if (s->scope != SETTING_CHANNEL)
		return NULL;
	scoped_free char *cloud = config_name_print(s, "wechat-cloud");
	scoped_free char *webhook = config_name_print(s, "<name>");
	return xasprintf("%s, %s", cloud, webhook);
}

/* Copies a text of several lines, each behind the prefix. */
static void print_lines(const char *text, const char *prefix, FILE *out)
{
	while (*text) {
		int len = (int)strcspn(text, "\n");
		fprintf(out, "%s%.*s\n", prefix, len, text);
		text += len + 1;
	}
}

static void print_help_row(const struct setting *s, FILE *out)
{
	scoped_free char *type = config_value_describe(s);
	scoped_free char *own = own_names(s);
	fprintf(out, "  %-24s %s%s%s%s\n", s->name, type,
		*s->fallback ? " [" : "", s->fallback, *s->fallback ? "]" : "");
	fprintf(out, "      %s\n", s->help);
	if (own)
		fprintf(out, "      For one channel: %s.\n", own);
}

void config_print_help(FILE *out)
{
	for (size_t i = 0; i < config_table_end; i++) {
		if (i == config_table_len)
			print_lines(about_webhooks, "  ", out);
		print_help_row(&config_table[i], out);
	}
}

/* A webhook's lines are comments of words, not settings to uncomment: first
 * there must be a name. */
static void print_sample_row(const struct setting *s, FILE *out)
{
	scoped_free char *type = config_value_describe(s);
	scoped_free char *own = own_names(s);
	fprintf(out, "# %s\n# (%s)\n", s->help, type);
	if (own)
		fprintf(out, "# For one channel: %s\n", own);
	fprintf(out, "%s%s=", s->scope == SETTING_WEBHOOK ? "# " : "#",
		s->name);
	print_value(s->fallback, out);
	fputc('\n', out);
}

void config_print_sample(FILE *out)
{
	for (size_t i = 0; i < config_table_end; i++) {
		if (i)
			fputc('\n', out);
		if (i == config_table_len) {
			print_lines(about_webhooks, "# ", out);
			fputc('\n', out);
		}
		print_sample_row(&config_table[i], out);
	}
}

/* troff takes '-' for a hyphen, which a search does not find. */
static void print_man_text(const char *text, FILE *out)
{
	for (const char *p = text; *p; p++) {
		if (*p == '\\')
			fputs("\\e", out);
		else if (*p == '-')
			fputs("\\-", out);
		else
			fputc(*p, out);
	}
}

static void print_man_row(const struct setting *s, FILE *out)
{
	scoped_free char *type = config_value_describe(s);
	scoped_free char *own = own_names(s);
	fprintf(out, ".TP\n.B %s\n", s->name);
	print_man_text(s->help, out);
	if (own) {
		fputs("\nFor one channel: ", out);
		print_man_text(own, out);
		fputc('.', out);
	}
	fputs("\n(", out);
	print_man_text(type, out);
	if (*s->fallback) {
		fputs("; default ", out);
		print_man_text(s->fallback, out);
	}
	fputs(")\n", out);
}

void config_print_man(FILE *out)
{
	for (size_t i = 0; i < config_table_end; i++) {
		if (i == config_table_len) {
			fputs(".PP\n", out);
			print_man_text(about_webhooks, out);
		}
		print_man_row(&config_table[i], out);
	}
}

/* `field` is the setting's. */
static void print_row(const struct setting *s, const char *channel,
		      const struct config_origin *origin, const void *field,
		      FILE *out)
{
	scoped_free char *name = config_name_print(s, channel);
	fprintf(out, "%s=", name);
	if (!config_value_is_secret(s))
		print_value(origin->text, out);
	else if (**(char *const *)field)
		fputs("***", out);
	fprintf(out, "  # %s\n", origin->where);
}

/* What is set for this channel and no other. */
static void print_channel(const struct config_channel *c, FILE *out)
{
	for (size_t row = 0; row < config_table_end; row++) {
		const struct setting *s = &config_table[row];
		if (c->origins[row].where)
			print_row(s, c->name, &c->origins[row],
				  (const char *)c + s->channel_offset, out);
	}
}

void config_print(const struct config *config, FILE *out)
{
	for (size_t i = 0; i < config_table_len; i++) {
		const struct setting *s = &config_table[i];
		print_row(s, "", &config->origins[i],
			  (const char *)config + s->offset, out);
	}
	for (size_t i = 0; i < config->channel_count; i++)
		print_channel(&config->channels[i], out);
}
