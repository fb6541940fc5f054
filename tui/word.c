#include "tui/word.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <string.h>

static const struct {
	enum word_of what;
	const char *value, *word;
	enum style style;
} words[] = {
	{WORD_OUTCOME, "delivered", N_("outcome|OK"), STYLE_GOOD},
	{WORD_OUTCOME, "found", N_("outcome|FOUND"), STYLE_DIM},
	{WORD_OUTCOME, "retry", N_("outcome|RETRY"), STYLE_WARN},
	{WORD_OUTCOME, "unknown", N_("outcome|UNKNOWN"), STYLE_WARN},
	{WORD_OUTCOME, "defer", N_("outcome|WAIT"), STYLE_DIM},
	{WORD_OUTCOME, "reject", N_("outcome|FAIL"), STYLE_BAD},
	{WORD_CHANNEL, "open", N_("channel|on"), STYLE_GOOD},
	{WORD_CHANNEL, "held", N_("channel|HELD"), STYLE_WARN},
	{WORD_CHANNEL, "paused", N_("channel|PAUSED"), STYLE_WARN},
	{WORD_WAITS, "recipient", N_("waits|in turn"), STYLE_TEXT},
	{WORD_WAITS, "order", N_("waits|in order"), STYLE_TEXT},
};

const char *word_of(enum word_of what, const char *value, enum style *style_out)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (words[i].what != what || strcmp(words[i].value, value) != 0)
			continue;
		if (style_out)
			*style_out = words[i].style;
		return C_(words[i].word);
	}
	if (style_out)
		*style_out = STYLE_TEXT;
	return value;
}
