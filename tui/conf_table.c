#include "tui/conf_table.h"

#include "lib/buf.h"
#include "lib/lang.h"
#include "lib/util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROW(name, type, field, min, max, words, fallback, help)            \
	{                                                                  \
		name, type, offsetof(struct conf, field), min, max, words, \
			fallback, help                                     \
	}

/* clang-format off */
const struct conf_row conf_table[] = {
	ROW("refresh", CONF_NUMBER, refresh_ms, 250, 60000, "", "2000",
	    N_("milliseconds between two readings while something changes")),
	ROW("times", CONF_TIMES, times, 0, 0, "ago local utc", "ago",
	    N_("how points of time are shown")),
	ROW("read-only", CONF_BOOL, is_read_only, 0, 0, "", "off",
	    N_("begin without the keys that change the outbox")),
	ROW("side", CONF_BOOL, is_side_open, 0, 0, "", "off",
	    N_("begin with the detail beside or below the list")),
	ROW("mouse", CONF_BOOL, has_mouse, 0, 0, "", "off",
	    N_("clicks go to the console; selecting text then takes Shift")),
	ROW("cursor", CONF_BOOL, has_cursor, 0, 0, "", "off",
	    N_("the terminal's cursor follows the line one is on, for screen "
	       "readers")),
	ROW("color", CONF_WORD, color, 0, 0, "auto never always", "auto",
	    N_("colours, or bold and reverse alone")),
	ROW("ascii", CONF_BOOL, is_ascii, 0, 0, "", "off",
	    N_("draw frames and charts with ASCII")),
	ROW("borders", CONF_BOOL, has_borders, 0, 0, "", "on",
	    N_("frames around boxes")),
	ROW("ambiguous", CONF_INDEX, ambiguous, 0, 0, "auto 1 2", "auto",
	    N_("cells that the terminal gives a drawn line; auto asks it")),
	ROW("copy-command", CONF_COMMAND, copy_command, 0, 0, "", "",
	    N_("what gets copied text on its stdin, beside the terminal")),
};
/* clang-format on */
const size_t conf_table_len = ARRAY_LEN(conf_table);

const struct conf_row *conf_row_find(const char *name)
{
	for (size_t i = 0; i < conf_table_len; i++) {
		if (strcmp(conf_table[i].name, name) == 0)
			return &conf_table[i];
	}
	return NULL;
}

/* Which of the words between blanks a text is; -1 if it is none. */
static int find_word(const char *words, const char *text)
{
	size_t text_len = strlen(text);
	for (int i = 0; *words; i++) {
		size_t len = strcspn(words, " ");
		if (len == text_len && strncasecmp(words, text, len) == 0)
			return i;
		words += len;
		words += strspn(words, " ");
	}
	return -1;
}

static int set_bool(bool *field, const char *text)
{
	bool is_on = find_word("on yes true 1", text) >= 0;
	if (!is_on && find_word("off no none false 0", text) < 0)
		return -1;
	*field = is_on;
	return 0;
}

static int set_number(const struct conf_row *row, int64_t *field,
		      const char *text)
{
	if (!*text || text[strspn(text, "0123456789")])
		return -1;
	errno = 0;
	int64_t number = strtoll(text, NULL, 10);
	if (errno || number < row->min || number > row->max)
		return -1;
	*field = number;
	return 0;
}

static void set_text(char **field, const char *text)
{
	free(*field);
	*field = *text ? xstrdup(text) : NULL;
}

int conf_row_set(const struct conf_row *row, struct conf *c, const char *text)
{
	void *field = (char *)c + row->offset;
	int word = find_word(row->words, text);
	if (*row->words && word < 0)
		return -1;
	switch (row->type) {
	case CONF_BOOL:
		return set_bool(field, text);
	case CONF_NUMBER:
		return set_number(row, field, text);
	case CONF_INDEX:
		*(int64_t *)field = word;
		break;
	case CONF_TIMES:
		*(enum fmt_time *)field = (enum fmt_time)word;
		break;
	case CONF_WORD:
	case CONF_COMMAND:
		set_text(field, text);
		break;
	}
	return 0;
}

char *conf_row_values(const struct conf_row *row)
{
	if (row->type == CONF_BOOL)
		return xstrdup("on, off");
	if (row->type == CONF_NUMBER)
		return xasprintf(_("%lld to %lld"), (long long)row->min,
				 (long long)row->max);
	if (row->type == CONF_COMMAND)
		return xstrdup(_("a command"));
	struct buf out = {0};
	for (const char *at = row->words; *at; at++) {
		if (*at == ' ')
			buf_addc(&out, ',');
		buf_addc(&out, *at);
	}
	return buf_detach(&out);
}
