/* Characters of what was typed, and the fields. */
#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/filter_internal.h"
#include "tui/input.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define COMMA ,
/* clang-format off */
static const struct filter_field fields[] = {
#define FIELD(name, text, kind, columns, example, help) \
	{text, KIND_##kind, columns, example, help},
#include "tui/filter_table.h"
#undef FIELD
};
/* clang-format on */

static const struct filter_field word = {
	.name = "",
	.kind = KIND_WORD,
	.columns = {"CAST(o.id AS TEXT)", "o.ordering_key", "o.dedup_key",
		    "o.recipient"},
};

/* The two quotes that Chinese input methods type for '"'. */
static bool is_curly(uint32_t code)
{
	return code == 0x201c || code == 0x201d;
}

struct filter_char filter_char_at(const char *text, size_t len, size_t at)
{
	struct filter_char c = {.at = at};
	if (at >= len)
		return c;
	uint32_t code;
	c.len = text_decode(text + at, len - at, &code);
	if (!c.len) {
		c.len = 1;
		c.is_malformed = true;
		return c;
	}
	c.code = is_curly(code) ? '"' : (uint32_t)input_fold((int32_t)code);
	c.is_blank = c.code == ' ' || (c.code >= '\t' && c.code <= '\r');
	c.is_quote = c.code == '"';
	return c;
}

void filter_char_add(struct buf *b, const char *text, struct filter_char c,
		     bool is_folded)
{
	if (is_folded && c.code < 0x80)
		buf_addc(b, (char)c.code);
	else
		buf_add(b, text + c.at, c.len);
}

const struct filter_field *filter_field_find(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (strlen(fields[i].name) == len &&
		    !strncasecmp(fields[i].name, name, len))
			return &fields[i];
	}
	return NULL;
}

const struct filter_field *filter_field_word(void)
{
	return &word;
}

const char *filter_field_name(size_t index, const char **example_out,
			      const char **help_out)
{
	if (index >= ARRAY_LEN(fields))
		return NULL;
	*example_out = fields[index].example;
	*help_out = _(fields[index].help);
	return fields[index].name;
}

int filter_error_set(struct filter_error *error, size_t at, size_t len,
		     const char *message)
{
	*error = (struct filter_error){.at = at, .len = len};
	size_t fits = text_fit_bytes(message, sizeof(error->message) - 1);
	memcpy(error->message, message, fits);
	return 1;
}
