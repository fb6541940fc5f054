#include "relay/config_parse.h"
#include "relay/config_value.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char digits[] = "0123456789";

/* "30s": in the largest unit that divides it. */
static char *duration_text(int64_t ms)
{
	static const struct {
		int64_t ms;
		const char *name;
	} units[] = {
		{86400000, "d"}, {3600000, "h"}, {60000, "m"},
		{1000, "s"},	 {1, "ms"},
	};
	size_t i = 0;
	while (ms % units[i].ms != 0)
		i++;
	if (ms == 0)
		return xstrdup("0");
	return xasprintf("%lld%s", (long long)(ms / units[i].ms),
			 units[i].name);
}

char *config_parse_bounds_text(const struct setting *s)
{
	if (s->type == SETTING_INTEGER)
		return xasprintf(_("%lld to %lld"), (long long)s->min,
				 (long long)s->max);
	scoped_free char *min = duration_text(s->min);
	scoped_free char *max = duration_text(s->max);
	return xasprintf(_("%s to %s"), min, max);
}

static char *check_bounds(const struct setting *s, const char *text,
			  int64_t value)
{
	if (value >= s->min && value <= s->max)
		return NULL;
	scoped_free char *bounds = config_parse_bounds_text(s);
	scoped_free char *shown = config_parse_quote(text);
	return xasprintf(_("%s is out of bounds, which are %s"), shown, bounds);
}

char *config_parse_integer(const struct setting *s, const char *text,
			   void *field)
{
	const char *number = text + (*text == '-');
	if (!*number || number[strspn(number, digits)])
		return config_parse_not_a(text, _("whole number"));
	int64_t value = strtoll(text, NULL, 10); /* saturates */
	char *why = check_bounds(s, text, value);
	if (!why)
		*(int *)field = (int)value;
	return why;
}

int config_value_duration(const char *text, int64_t *ms_out, char **why_out)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {
		{"ms", 1},	{"s", 1000},	 {"m", 60000},
		{"h", 3600000}, {"d", 86400000},
	};
	size_t len = strspn(text, digits);
	int64_t number = strtoll(text, NULL, 10);
	const char *unit = text + len;
	if (len > 0 && !*unit && number == 0) {
		*ms_out = 0;
		return 0;
	}
	for (size_t i = 0; len > 0 && i < ARRAY_LEN(units); i++) {
		if (strcmp(unit, units[i].name) != 0)
			continue;
		if (__builtin_mul_overflow(number, units[i].ms, ms_out))
			*ms_out = INT64_MAX;
		return 0;
	}
	if (len > 0 && len < 19 && !*unit)
		*why_out = xasprintf(_("%s of what? say %ss or %sms"), text,
				     text, text);
	else
		*why_out = config_parse_not_a(
			text, _("duration (500ms, 30s, 10m, 2h, 1d)"));
	return VALUE_BAD;
}

char *config_parse_duration(const struct setting *s, const char *text,
			    void *field)
{
	char *why = NULL;
	int64_t ms = 0;
	if (config_value_duration(text, &ms, &why) != 0)
		return why;
	why = check_bounds(s, text, ms);
	if (!why)
		*(int64_t *)field = ms;
	return why;
}

char *config_parse_next_piece(const char **rest)
{
	const char *from = *rest + strspn(*rest, " \t");
	size_t len = strcspn(from, ",");
	*rest = from[len] ? from + len + 1 : NULL;
	while (len > 0 && strchr(" \t", from[len - 1]))
		len--;
	return xstrndup(from, len);
}

char *config_parse_durations(const struct setting *s, const char *text,
			     void *field)
{
	struct config_durations list = {.count = 0};
	for (const char *rest = text; rest;) {
		scoped_free char *piece = config_parse_next_piece(&rest);
		if (list.count == CONFIG_DURATIONS_MAX)
			return xasprintf(_("more than %d durations"),
					 CONFIG_DURATIONS_MAX);
		char *why =
			config_parse_duration(s, piece, &list.ms[list.count++]);
		if (why)
			return why;
	}
	*(struct config_durations *)field = list;
	return NULL;
}

char *config_parse_choice(const struct setting *s, const char *text,
			  void *field)
{
	const char *word = s->words;
	size_t text_len = strlen(text);
	assert(s->size == sizeof(bool) || s->size == sizeof(int));
	for (int i = 0; *word; i++) {
		size_t len = strcspn(word, "|");
		if (len == text_len && memcmp(word, text, len) == 0) {
			if (s->size == sizeof(bool))
				*(bool *)field = i != 0;
			else
				memcpy(field, &i, sizeof(i));
			return NULL;
		}
		word += len + (word[len] == '|');
	}
	scoped_free char *shown = config_parse_quote(text);
	return xasprintf(_("%s is none of %s"), shown, s->words);
}
