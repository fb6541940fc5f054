#include "tui/json.h"

#include "lib/text.h"
#include "lib/util.h"
#include "tui/json_internal.h"

#include <stdlib.h>
#include <string.h>

enum { SHORT = 60, INDENT = 2, INDENT_MAX = 32 /* levels that are seen */ };

/* Where in a value the reader is. */
enum place {
	AT_VALUE,
	AT_FIRST, /* a value or ] */
	AT_KEY,
	AT_FIRST_KEY, /* a key or } */
	AT_COLON,
	AT_COMMA, /* or the closing bracket */
	AT_END
};

struct printer {
	struct json_writer w;
	const char *text; /* borrowed */
	size_t len, at;
	struct buf open; /* '{' or '[' a level */
	enum place place;
	size_t inline_level; /* containers deeper than this are on one line; 0:
				none is */
};

static void add_lines(struct json_writer *w, const char *s, size_t len)
{
	for (;;) {
		const char *end = len ? memchr(s, '\n', len) : NULL;
		size_t line = end ? (size_t)(end - s) : len;
		json_write(w, STYLE_TEXT, s, line);
		if (!end)
			return;
		json_end_line(w);
		s += line + 1;
		len -= line + 1;
	}
}

/* Whether the container that was just opened fits on one line and holds no
 * other. Looks no further than the next bracket, or SHORT bytes. */
static bool is_short(const struct printer *p)
{
	size_t at = p->at, len = 2;
	while (len <= SHORT) {
		struct json_token t = json_next(p->text, p->len, &at);
		switch (t.kind) {
		case JSON_CLOSE:
			return true;
		case JSON_OPEN:
		case JSON_END:
		case JSON_BROKEN:
			return false;
		case JSON_COMMA:
		case JSON_COLON:
			len += 2;
			break;
		case JSON_STRING:
		case JSON_NUMBER:
		case JSON_WORD:
			len += t.len;
			break;
		}
	}
	return false;
}

static void new_line(struct printer *p)
{
	static const char blanks[INDENT * INDENT_MAX + 1] =
		"                                "
		"                                ";
	if (p->inline_level)
		return;
	json_end_line(&p->w);
	json_write(&p->w, STYLE_TEXT, blanks,
		   INDENT * MIN(p->open.len, (size_t)INDENT_MAX));
}

static bool is_object(const struct printer *p)
{
	return p->open.len && p->open.data[p->open.len - 1] == '{';
}

static void open_container(struct printer *p, struct json_token t)
{
	bool is_on_one_line = !p->inline_level && is_short(p);
	buf_addc(&p->open, *t.s);
	if (is_on_one_line)
		p->inline_level = p->open.len;
	json_write(&p->w, STYLE_TEXT, t.s, 1);
	p->place = is_object(p) ? AT_FIRST_KEY : AT_FIRST;
}

static void close_container(struct printer *p, struct json_token t)
{
	bool is_empty = p->place == AT_FIRST || p->place == AT_FIRST_KEY;
	size_t level = p->open.len--;
	if (!is_empty)
		new_line(p);
	if (p->inline_level == level)
		p->inline_level = 0;
	json_write(&p->w, STYLE_TEXT, t.s, 1);
	p->place = p->open.len ? AT_COMMA : AT_END;
}

static enum style style_of(const struct printer *p, struct json_token t)
{
	if (t.kind == JSON_NUMBER)
		return STYLE_NUMBER;
	if (t.kind == JSON_WORD)
		return STYLE_STRONG;
	return p->place == AT_KEY || p->place == AT_FIRST_KEY ? STYLE_NAME
							      : STYLE_STRING;
}

static void add_scalar(struct printer *p, struct json_token t)
{
	bool is_key = p->place == AT_KEY || p->place == AT_FIRST_KEY;
	json_write(&p->w, style_of(p, t), t.s, t.len);
	p->place = is_key ? AT_COLON : p->open.len ? AT_COMMA : AT_END;
}

static void add_separator(struct printer *p, struct json_token t)
{
	bool is_comma = t.kind == JSON_COMMA;
	bool has_blank = !is_comma || p->inline_level;
	json_write(&p->w, STYLE_TEXT, is_comma ? ", " : ": ",
		   has_blank ? 2 : 1);
	if (is_comma)
		new_line(p);
	p->place = is_comma && is_object(p) ? AT_KEY : AT_VALUE;
}

/* Whether JSON may go on with this token here. */
static bool fits(const struct printer *p, struct json_token t)
{
	bool is_closing = t.kind == JSON_CLOSE && p->open.len &&
			  (*t.s == '}') == is_object(p);
	bool is_value = t.kind == JSON_OPEN || t.kind == JSON_STRING ||
			t.kind == JSON_NUMBER || t.kind == JSON_WORD;
	switch (p->place) {
	case AT_VALUE:
		return is_value;
	case AT_FIRST:
		return is_value || is_closing;
	case AT_KEY:
		return t.kind == JSON_STRING;
	case AT_FIRST_KEY:
		return t.kind == JSON_STRING || is_closing;
	case AT_COLON:
		return t.kind == JSON_COLON;
	case AT_COMMA:
		return t.kind == JSON_COMMA || is_closing;
	case AT_END:
		return false;
	}
	return false;
}

static void add_token(struct printer *p, struct json_token t)
{
	bool is_first = p->place == AT_FIRST || p->place == AT_FIRST_KEY;
	if (is_first && t.kind != JSON_CLOSE)
		new_line(p);
	if (t.kind == JSON_OPEN)
		open_container(p, t);
	else if (t.kind == JSON_CLOSE)
		close_container(p, t);
	else if (t.kind == JSON_COMMA || t.kind == JSON_COLON)
		add_separator(p, t);
	else
		add_scalar(p, t);
}

/* What is no JSON any more comes out as it is, behind what was. */
static void add_rest(struct printer *p, size_t from)
{
	if (p->place == AT_END)
		json_end_line(&p->w);
	add_lines(&p->w, p->text + from, p->len - from);
}

static void add_pretty(struct printer *p)
{
	for (;;) {
		size_t from = p->at;
		struct json_token t = json_next(p->text, p->len, &p->at);
		if (t.kind == JSON_END)
			return;
		if (!fits(p, t)) {
			add_rest(p, from);
			return;
		}
		add_token(p, t);
	}
}

/* Not inside a character, where the bytes have any. */
static size_t cut(const char *text, size_t cap)
{
	size_t at = cap;
	while (at > 0 && cap - at < TEXT_CODE_LEN &&
	       ((unsigned char)text[at] & 0xc0) == 0x80)
		at--;
	return at;
}

void json_lines(struct json_lines *out, const char *text, size_t len,
		bool is_raw, size_t cap)
{
	*out = (struct json_lines){.is_cut = len > cap};
	struct printer p = {.w = {.out = out}, .text = text, .len = len};
	if (out->is_cut)
		p.len = cut(text, cap);
	if (is_raw)
		add_lines(&p.w, text, p.len);
	else
		add_pretty(&p);
	if (p.w.line.len || !out->count)
		json_end_line(&p.w);
	buf_finish(&p.open);
}

void json_lines_finish(struct json_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		free(lines->lines[i].text);
		free(lines->lines[i].spans);
	}
	free(lines->lines);
	*lines = (struct json_lines){0};
}
