/* What each kind of template key takes: section 6 of the fact sheet. */
#include "relay/template_kind.h"

#include "lib/text.h"
#include "lib/util.h"
#include "relay/template.h"
#include "relay/template_text.h"

#include <string.h>

static const char digits[] = "0123456789";

struct kind {
	const char *name;
	void (*add)(struct buf *out, const struct kind *kind, const char *text);
	bool (*takes)(uint32_t code); /* of those that leave characters out */
	size_t most;		      /* characters */
};

static size_t next_code(const char *s, uint32_t *code_out)
{
	size_t len = text_decode(s, strlen(s), code_out);
	return len ? len : 1;
}

static size_t count_codes(const char *s)
{
	size_t count = 0;
	uint32_t code = 0;
	for (; *s; s += next_code(s, &code))
		count++;
	return count;
}

static void add_first(struct buf *out, const char *s, size_t most)
{
	uint32_t code = 0;
	const char *end = s;
	for (size_t i = 0; i < most && *end; i++)
		end += next_code(end, &code);
	buf_add(out, s, (size_t)(end - s));
}

/* Whether it belongs to the character before it: accents, the colours of skin.
 */
static bool does_join(uint32_t code)
{
	return text_code_width(code) == 0 ||
	       (code >= 0x1f3fb && code <= 0x1f3ff);
}

static void cut(struct buf *out, const char *s, size_t most)
{
	uint32_t code = 0;
	const char *end = s, *at = s;
	if (count_codes(s) <= most) {
		buf_adds(out, s);
		return;
	}
	for (size_t i = 0; i < most; i++) {
		size_t len = next_code(at, &code);
		end = does_join(code) ? end : at;
		at += len;
	}
	buf_add(out, s, (size_t)(end - s));
	buf_adds(out, "…");
}

static void add_cut(struct buf *out, const struct kind *kind, const char *text)
{
	cut(out, text, kind->most);
}

static void add_whole(struct buf *out, const struct kind *kind,
		      const char *text)
{
	(void)kind;
	buf_adds(out, text);
}

static void add_kept(struct buf *out, const struct kind *kind, const char *text)
{
	size_t count = 0, len;
	for (; *text && count < kind->most; text += len) {
		uint32_t code = 0;
		len = next_code(text, &code);
		if (!kind->takes(code))
			continue;
		buf_add(out, text, len);
		count++;
	}
}

/* The text without its digits, which are often refused in names, if anything is
 * left of it then. The caller frees. */
static char *without_digits(const char *text)
{
	scoped_buf rest = {0};
	struct buf trimmed = {0};
	for (const char *p = text; *p; p++) {
		if (!strchr(digits, *p))
			buf_addc(&rest, *p);
	}
	template_text_add_trimmed(&trimmed, buf_str(&rest), rest.len);
	if (!trimmed.len)
		buf_adds(&trimmed, text);
	return buf_detach(&trimmed);
}

static bool is_ascii(uint32_t code)
{
	return code >= ' ' && code <= '~';
}

static bool is_all_ascii(const char *s)
{
	while (*s && is_ascii((unsigned char)*s))
		s++;
	return !*s;
}

/* 20 letters, or 10 characters if one of them is none; an ellipsis is none. */
static void add_name(struct buf *out, const struct kind *kind, const char *text)
{
	scoped_free char *name = without_digits(text);
	if (is_all_ascii(name))
		add_first(out, name, kind->most);
	else
		cut(out, name, kind->most / 2);
}

/* Whether it is a date or a time of day in words that WeChat takes. */
static bool is_dated(const char *text)
{
	size_t len = strspn(text, digits);
	const char *p = text + len;
	if (len >= 1 && len <= 2 && p[0] == ':')
		return strspn(p + 1, digits) >= 2;
	bool has_mark = *p && strchr("-/.", *p);
	return len == 4 && (has_mark || strncmp(p, "年", strlen("年")) == 0);
}

static void add_time(struct buf *out, const struct kind *kind, const char *text)
{
	if (!template_time_add(out, text) && is_dated(text))
		cut(out, text, kind->most);
}

static bool is_among(uint32_t code, const char *ascii)
{
	return code && code < 0x80 && strchr(ascii, (int)code);
}

static bool is_letter(uint32_t code)
{
	return code < 0x80 && (code | 0x20) >= 'a' && (code | 0x20) <= 'z';
}

static void add_number(struct buf *out, const struct kind *kind,
		       const char *text)
{
	template_number_add(out, text, kind->most);
}

static void add_amount(struct buf *out, const struct kind *kind,
		       const char *text)
{
	template_amount_add(out, text, kind->most);
}

static bool is_phone(uint32_t code)
{
	return is_among(code, "0123456789+() -");
}

static const struct kind kinds[] = {
	{"thing", .add = add_cut, .most = 20},
	{"name", .add = add_name, .most = 20},
	{"phrase", .add = add_kept, template_text_is_han, .most = 5},
	{"character_string", .add = add_kept, is_ascii, .most = 32},
	{"number", .add = add_number, .most = 32},
	{"letter", .add = add_kept, is_letter, .most = 32},
	{"symbol", .add = add_kept, template_text_is_symbol, .most = 5},
	{"time", .add = add_time, .most = 32},
	{"date", .add = add_time, .most = 32},
	{"amount", .add = add_amount, .most = 10},
	{"phone_number", .add = add_kept, is_phone, .most = 17},
	{"car_number", .add = add_cut, .most = 8},
	{"enum", .add = add_whole},
	{"enum_string", .add = add_whole},
};

static const struct kind *kind_of(const char *key)
{
	size_t len = strlen(key);
	while (len && strchr(digits, key[len - 1]))
		len--;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strlen(kinds[i].name) == len &&
		    memcmp(kinds[i].name, key, len) == 0)
			return &kinds[i];
	}
	return NULL;
}

bool template_kind_has(const char *key)
{
	return kind_of(key) != NULL;
}

void template_kind_list(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		buf_addf(out, "%s%s", i ? ", " : "", kinds[i].name);
}

void template_value_add(struct buf *out, const char *key, const char *text)
{
	const struct kind *kind = kind_of(key);
	if (kind)
		kind->add(out, kind, text);
}
