#include "relay/check.h"

#include "lib/lang.h"
#include "lib/secret.h"
#include "lib/text.h"
#include "lib/util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FINDING_CELLS = 5, TOPIC_CELLS = 11 };

typedef const char *words[REASON_LANG_COUNT];

static const words findings[] = {
	[CHECK_OK] = {"ok", "正常"},
	[CHECK_SKIPPED] = {"-", "-"},
	[CHECK_WARNING] = {"warn", "注意"},
	[CHECK_FAULT] = {"FAULT", "故障"},
};
_Static_assert(ARRAY_LEN(findings) == CHECK_FINDING_COUNT, "a word for each");

static const words topics[] = {
#define CHECK_TOPIC(name, en, zh) [CHECK_TOPIC_##name] = {en, zh},
#define CHECK_TEXT(name, ...)
#include "relay/check_table.h"
#undef CHECK_TOPIC
#undef CHECK_TEXT
};

static const words texts[] = {
#define CHECK_TOPIC(name, ...)
#define CHECK_TEXT(name, en, zh) [CHECK_##name] = {en, zh},
#include "relay/check_table.h"
#undef CHECK_TOPIC
#undef CHECK_TEXT
};

static const words cause = {"cause", "原因"};
static const words remedy = {"remedy", "处理"};

/* Fills {1}, {2} and {3} in. */
static void fill(struct buf *out, const char *text, const char *const *args)
{
	const char *at;
	while ((at = strchr(text, '{'))) {
		size_t arg = (size_t)(at[1] - '1');
		buf_add(out, text, (size_t)(at - text));
		buf_adds(out, args[arg] ? args[arg] : "");
		text = at + strlen("{1}");
	}
	buf_adds(out, text);
}

static void print(const char *finding, const char *topic, const char *text)
{
	scoped_free char *safe = secret_redact(text);
	scoped_free char *clean = text_clean(safe, strlen(safe));
	scoped_free char *first = text_pad(finding, FINDING_CELLS);
	scoped_free char *second = text_pad(topic, TOPIC_CELLS);
	printf("%s  %s  %s\n", first, second, clean);
}

void check_tell(struct check *c, const struct check_line *line)
{
	enum reason_lang lang = lang_reason();
	const char *id = reason_id(line->reason);
	scoped_buf text = {0};
	fill(&text, texts[line->text][lang], line->args);
	if (*id)
		buf_addf(&text, " [%s]", id);
	print(findings[line->finding][lang], topics[line->topic][lang],
	      buf_str(&text));
	if (*id) {
		print("", cause[lang], reason_cause(line->reason, lang));
		print("", remedy[lang], reason_remedy(line->reason, lang));
	}
	c->worst = MAX(c->worst, line->finding);
}
