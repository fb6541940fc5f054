#include "relay/config_value.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

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

void config_print_help(FILE *out)
{
	for (size_t i = 0; i < config_table_len; i++) {
		const struct setting *s = &config_table[i];
		scoped_free char *type = config_value_describe(s);
		fprintf(out, "  %-24s %s%s%s%s\n", s->name, type,
			*s->fallback ? " [" : "", s->fallback,
			*s->fallback ? "]" : "");
		fprintf(out, "      %s\n", s->help);
	}
}

void config_print_sample(FILE *out)
{
	for (size_t i = 0; i < config_table_len; i++) {
		const struct setting *s = &config_table[i];
		scoped_free char *type = config_value_describe(s);
		fprintf(out, "%s# %s\n# (%s)\n#%s=", i ? "\n" : "", s->help,
			type, s->name);
		print_value(s->fallback, out);
		fputc('\n', out);
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

void config_print_man(FILE *out)
{
	for (size_t i = 0; i < config_table_len; i++) {
		const struct setting *s = &config_table[i];
		scoped_free char *type = config_value_describe(s);
		fprintf(out, ".TP\n.B %s\n", s->name);
		print_man_text(s->help, out);
		fputs("\n(", out);
		print_man_text(type, out);
		if (*s->fallback) {
			fputs("; default ", out);
			print_man_text(s->fallback, out);
		}
		fputs(")\n", out);
	}
}

void config_print(const struct config *config, FILE *out)
{
	for (size_t i = 0; i < config_table_len; i++) {
		const struct setting *s = &config_table[i];
		const struct config_origin *origin = &config->origins[i];
		fprintf(out, "%s=", s->name);
		if (s->type != SETTING_SECRET)
			print_value(origin->text, out);
		else if (*config_value_text(s, config))
			fputs("***", out);
		fprintf(out, "  # %s\n", origin->where);
	}
}
