#include "tui/palette.h"

#include "lib/buf.h"
#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/input.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How well a name fits: less is better. */
enum fit {
	FIT_EXACT,
	FIT_BEGINNING,
	FIT_PART,
	FIT_HELP,
	FIT_LETTERS, /* in their order, with others between */
	FIT_NONE
};

/* Where nothing is typed yet: what has no key comes first, and last what
 * nobody types a name for. */
enum { LAST_MOVE = ACTION_PREVIOUS_ITEM };

/* Letters of ASCII alone: others have no case that matters here. */
static bool has_letters(const char *text, const char *letters)
{
	for (; *text && *letters; text++) {
		if (tolower((unsigned char)*text) ==
		    tolower((unsigned char)*letters))
			letters++;
	}
	return !*letters;
}

static enum fit fit(enum action action, const char *name)
{
	const struct action_row *row = action_row(action);
	size_t len = strlen(name);
	if (!*name)
		return !*row->keys		  ? FIT_EXACT
		       : (int)action <= LAST_MOVE ? FIT_LETTERS
						  : FIT_PART;
	if (strcasecmp(row->name, name) == 0)
		return FIT_EXACT;
	if (strncasecmp(row->name, name, len) == 0)
		return FIT_BEGINNING;
	if (strcasestr(row->name, name))
		return FIT_PART;
	if (strcasestr(_(row->help), name))
		return FIT_HELP;
	return has_letters(row->name, name) ? FIT_LETTERS : FIT_NONE;
}

void palette_match(struct palette *p, unsigned where, const char *name)
{
	p->count = p->total = 0;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
		p->total += (action_row((enum action)i)->where & where) != 0;
	for (int wanted = FIT_EXACT; wanted < FIT_NONE; wanted++) {
		for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
			enum action action = (enum action)i;
			if (action_row(action)->where & where &&
			    fit(action, name) == (enum fit)wanted)
				p->actions[p->count++] = action;
		}
	}
}

static bool is_before_name(uint32_t code)
{
	return code == ':' || code == ' ';
}

const char *palette_read(const char *text, char **name_out)
{
	struct buf name = {0};
	size_t left = strlen(text), used = 0;
	for (; left > 0; text += used, left -= used) {
		uint32_t code = 0;
		char bytes[TEXT_CODE_LEN];
		used = text_decode(text, left, &code);
		code = (uint32_t)input_fold((int32_t)code);
		if (used == 0 || (code == ' ' && name.len))
			break;
		if (name.len || !is_before_name(code))
			buf_add(&name, bytes, text_encode(code, bytes));
	}
	for (; used && left > 0; text += used, left -= used) {
		uint32_t code = 0;
		used = text_decode(text, left, &code);
		if (input_fold((int32_t)code) != ' ')
			break;
	}
	*name_out = name.len ? buf_detach(&name) : xstrdup("");
	return text;
}

int64_t palette_number(const char *name)
{
	if (!*name || name[strspn(name, "0123456789")])
		return 0;
	errno = 0;
	int64_t number = strtoll(name, NULL, 10);
	return errno ? 0 : number;
}

enum action palette_exact(const char *name)
{
	return strcmp(name, "q") == 0 ? ACTION_QUIT : action_find(name);
}

bool palette_has_words(enum action action)
{
	return action == ACTION_SAVE || action == ACTION_LOAD ||
	       action == ACTION_FILTER || action == ACTION_FILTER_LINES ||
	       action == ACTION_SEARCH || action == ACTION_PAUSE;
}
