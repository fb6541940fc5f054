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

static const char about_templates[] =
	"Templates of the channel wechat-subscribe, which needs no cloud "
	"function: any\nnumber, each with a NAME of its own, made by "
	"WECHAT_TEMPLATE_<NAME>_ID. That\nchannel is there when there is "
	"one.\n";

/* What stands before a row of the table; "" before most. */
static const char *about(size_t row)
{
	if (row == config_table_len)
		return about_webhooks;
	return row == config_table_end ? about_templates : "";
}

/* "For one channel: WECHAT_CLOUD_RATE, ..."; NULL if none has its own. The
 * caller frees. */
static char *own_names(const struct setting *s)
{
	if (s->scope != SETTING_CHANNEL)
		return NULL;
	scoped_free char *cloud = config_name_print(s, "wechat-cloud");
	scoped_free char *direct = config_name_print(s, "wechat-subscribe");
	scoped_free char *webhook = config_name_print(s, "<name>");
	return xasprintf("For one channel: %s, %s,\n%s.\n", cloud, direct,
			 webhook);
}

/* Of what there may be any number. */
static bool is_named(const struct setting *s)
{
	return s->scope == SETTING_WEBHOOK || s->scope == SETTING_TEMPLATE;
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
		print_lines(own, "      ", out);
}

void config_print_help(FILE *out)
{
	for (size_t i = 0; i < config_table_all; i++) {
		print_lines(about(i), "  ", out);
		print_help_row(&config_table[i], out);
	}
}

/* A webhook's or template's lines are comments of words, not settings to
 * uncomment: first there must be a name. */
static void print_sample_row(const struct setting *s, FILE *out)
{
	scoped_free char *type = config_value_describe(s);
	scoped_free char *own = own_names(s);
	fprintf(out, "# %s\n# (%s)\n", s->help, type);
	if (own)
		print_lines(own, "# ", out);
	fprintf(out, "%s%s=", is_named(s) ? "# " : "#", s->name);
	print_value(s->fallback, out);
	fputc('\n', out);
}

void config_print_sample(FILE *out)
{
	for (size_t i = 0; i < config_table_all; i++) {
		if (i)
			fputc('\n', out);
		print_lines(about(i), "# ", out);
		if (*about(i))
			fputc('\n', out);
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
		fputc('\n', out);
		print_man_text(own, out);
		fputc('(', out);
	} else {
		fputs("\n(", out);
	}
	print_man_text(type, out);
	if (*s->fallback) {
		fputs("; default ", out);
		print_man_text(s->fallback, out);
	}
	fputs(")\n", out);
}

void config_print_man(FILE *out)
{
	for (size_t i = 0; i < config_table_all; i++) {
		fputs(*about(i) ? ".PP\n" : "", out);
		print_man_text(about(i), out);
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

static void print_template(const struct config_template *t, FILE *out)
{
	for (size_t row = config_table_end; row < config_table_all; row++) {
		const struct setting *s = &config_table[row];
		print_row(s, t->name, &t->origins[row - config_table_end],
			  (const char *)t + s->channel_offset, out);
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
	for (size_t i = 0; i < config->template_count; i++)
		print_template(&config->templates[i], out);
}
