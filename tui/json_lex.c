/* Tokens of JSON, and lines of what is shown of them. */
#include "lib/text.h"
#include "lib/util.h"
#include "tui/json_internal.h"

#include <stdlib.h>
#include <string.h>

static void add_span(struct json_writer *w, enum style style, size_t len)
{
	struct json_span *last =
		w->span_count ? &w->spans[w->span_count - 1] : NULL;
	if (!len)
		return;
	if (last && last->style == style) {
		last->len += len;
		return;
	}
	w->spans = xrealloc(w->spans, (w->span_count + 1) * sizeof(*w->spans));
	w->spans[w->span_count++] = (struct json_span){
		.from = w->line.len - len, .len = len, .style = style};
}

void json_write(struct json_writer *w, enum style style, const char *s,
		size_t len)
{
	size_t before = w->line.len, used;
	for (size_t at = 0; at < len; at += used) {
		uint32_t code;
		used = text_decode(s + at, len - at, &code);
		if (used && !text_is_harmful(code))
			buf_add(&w->line, s + at, used);
		else if (used)
			buf_addf(&w->line, "<U+%04X>", code);
		else
			buf_addf(&w->line, "<%02X>", (unsigned char)s[at]);
		used += !used;
	}
	add_span(w, style, w->line.len - before);
}

void json_end_line(struct json_writer *w)
{
	struct json_lines *out = w->out;
	if ((out->count & (out->count - 1)) == 0) /* grows by doubling */
		out->lines =
			xrealloc(out->lines, MAX(out->count * 2, (size_t)1) *
						     sizeof(*out->lines));
	out->lines[out->count++] = (struct json_line){
		.text = buf_detach(&w->line),
		.spans = w->spans,
		.span_count = w->span_count,
	};
	w->spans = NULL;
	w->span_count = 0;
}

static size_t string_len(const char *s, size_t len)
{
	for (size_t i = 1; i < len; i++) {
		if (s[i] == '\\')
			i++;
		else if (s[i] == '"')
			return i + 1;
	}
	return 0; /* not closed */
}

static size_t run_len(const char *s, size_t len, const char *of)
{
	size_t i = 0;
	while (i < len && s[i] && strchr(of, s[i]))
		i++;
	return i;
}

static bool is_word(const char *s, size_t len)
{
	static const char *const words[] = {"true", "false", "null"};
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (len == strlen(words[i]) && !memcmp(s, words[i], len))
			return true;
	}
	return false;
}

/* A token of more than one character. */
static struct json_token long_token(const char *s, size_t len)
{
	struct json_token t = {.kind = JSON_STRING, .s = s};
	if (*s == '"') {
		t.len = string_len(s, len);
	} else if (*s == '-' || (*s >= '0' && *s <= '9')) {
		t.kind = JSON_NUMBER;
		t.len = run_len(s, len, "+-.eE0123456789");
	} else {
		size_t word = run_len(s, len, "truefalsn");
		t.kind = JSON_WORD;
		t.len = is_word(s, word) ? word : 0;
	}
	if (!t.len)
		t.kind = JSON_BROKEN;
	return t;
}

struct json_token json_next(const char *text, size_t len, size_t *at)
{
	static const char *const marks[] = {
		[JSON_OPEN] = "{[",
		[JSON_CLOSE] = "}]",
		[JSON_COMMA] = ",",
		[JSON_COLON] = ":",
	};
	*at += run_len(text + *at, len - *at, " \t\r\n");
	struct json_token t = {.s = text + *at};
	if (*at >= len)
		return t;
	for (unsigned kind = JSON_OPEN; kind <= JSON_COLON; kind++) {
		if (*t.s && strchr(marks[kind], *t.s)) {
			t.kind = (enum json_kind)kind;
			t.len = 1;
		}
	}
	if (!t.len)
		t = long_token(t.s, len - *at);
	*at += t.len;
	return t;
}
