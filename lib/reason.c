#include "lib/reason.h"

#include <string.h>

struct reason_text {
	const char *id;
	const char *cause[REASON_LANG_COUNT];
	const char *remedy[REASON_LANG_COUNT];
};

static const struct reason_text none = {
	.id = "",
	.cause = {[REASON_EN] = "", [REASON_ZH] = ""},
	.remedy = {[REASON_EN] = "", [REASON_ZH] = ""},
};

/* clang-format off */
static const struct reason_text texts[REASON_COUNT] = {
#define REASON(name, text_id, cause_en, remedy_en, cause_zh, remedy_zh)      \
	[REASON_##name] = {                                                  \
		.id = text_id,                                               \
		.cause = {[REASON_EN] = cause_en, [REASON_ZH] = cause_zh},   \
		.remedy = {[REASON_EN] = remedy_en, [REASON_ZH] = remedy_zh},\
	},
#include "lib/reason_table.h"
#undef REASON
};
/* clang-format on */

static const struct reason_text *find_text(enum reason reason)
{
	if (reason <= REASON_NONE || reason >= REASON_COUNT)
		return &none;
	return &texts[reason];
}

const char *reason_id(enum reason reason)
{
	return find_text(reason)->id;
}

enum reason reason_find(const char *id)
{
	if (!id)
		return REASON_NONE;
	for (enum reason r = REASON_NONE + 1; r < REASON_COUNT; r++) {
		if (strcmp(texts[r].id, id) == 0)
			return r;
	}
	return REASON_NONE;
}

const char *reason_cause(enum reason reason, enum reason_lang lang)
{
	return find_text(reason)->cause[lang == REASON_ZH];
}

const char *reason_remedy(enum reason reason, enum reason_lang lang)
{
	return find_text(reason)->remedy[lang == REASON_ZH];
}
