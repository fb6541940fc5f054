/*
 * Errors without what differs from row to row, and filters that find them.
 */
#include "lib/buf.h"
#include "lib/reason.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/groups.h"

#include <stdlib.h>
#include <string.h>

enum {
	FOLDED_MAX = 200, /* bytes */
	RUN_LEAST = 5,	  /* digits and hex */
	ID_LEAST = 16,	  /* letters and digits */
	FILTER_MAX = 1000
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word(char c)
{
	return is_digit(c) || is_letter(c) || c == '-' || c == '_';
}

/* Bytes of the code at the beginning: "errcode=43101", "HTTP 503", "421". */
static size_t code_len(const char *s)
{
	static const char *const names[] = {
		"errcode=", "statusCode=", "code=", "HTTP "};
	static const char unsure[] = "outcome unknown: ";
	const char *at = s;
	if (!strncmp(at, unsure, strlen(unsure)))
		at += strlen(unsure);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!strncmp(at, names[i], strlen(names[i]))) {
			at += strlen(names[i]);
			break;
		}
	}
	at += *at == '-';
	return (size_t)(at - s) + strspn(at, "0123456789");
}

static bool is_id(const char *s, size_t len)
{
	bool has_digit = false, is_hex = true;
	for (size_t i = 0; i < len; i++) {
		has_digit |= is_digit(s[i]);
		is_hex &= strchr("0123456789abcdefABCDEF-", s[i]) != NULL;
	}
	return has_digit &&
	       len >= (is_hex ? (size_t)RUN_LEAST : (size_t)ID_LEAST);
}

/* Bytes to the end of what a quote or bracket at s opens; 0: none. */
static size_t quoted_len(const char *s, char before)
{
	static const char opening[] = "\"'[{<", closing[] = "\"']}>";
	const char *kind = *s ? strchr(opening, *s) : NULL;
	if (!kind || (*s == '\'' && is_word(before)))
		return 0;
	const char *end = strchr(s + 1, closing[kind - opening]);
	return end ? (size_t)(end + 1 - s) : 0;
}

static void add_star(struct buf *b)
{
	if (!b->len || b->data[b->len - 1] != '*')
		buf_addc(b, '*');
}

/* Adds what stands at s; returns its bytes. */
static size_t fold_one(struct buf *b, const char *s, char before)
{
	size_t len = 0;
	uint32_t code;
	while (is_word(s[len]))
		len++;
	if (len) {
		if (is_id(s, len))
			add_star(b);
		else
			buf_add(b, s, len);
		return len;
	}
	len = quoted_len(s, before);
	if (len) {
		buf_addc(b, s[0]);
		add_star(b);
		buf_addc(b, s[len - 1]);
		return len;
	}
	len = text_decode(s, strlen(s), &code);
	if (len && !text_is_harmful(code))
		buf_add(b, s, len);
	else
		add_star(b);
	return MAX(len, (size_t)1);
}

char *group_fold(const char *error)
{
	struct buf b = {0};
	size_t at = code_len(error), len = strlen(error);
	buf_add(&b, error, at);
	while (at < len && b.len < FOLDED_MAX)
		at += fold_one(&b, error + at, at ? error[at - 1] : '\0');
	char *folded = b.data ? buf_detach(&b) : xstrdup("");
	folded[text_fit_bytes(folded, FOLDED_MAX)] = '\0';
	return folded;
}

char *group_text(const struct group *group)
{
	const struct row row = {.last_reason = group->reason,
				.last_error = group->error};
	char *text = row_error(&row);
	if (!group->error[0] || strcmp(text, group->error) == 0)
		return text;
	scoped_free char *cause = text;
	return xasprintf("%s (%s)", cause, group->error);
}

static void add_term(struct buf *b, const char *field, const char *value)
{
	buf_adds(b, b->len ? " " : "");
	buf_adds(b, field);
	filter_quote(b, value);
}

/* What is folded is never folded again: that may give another text. */
static char *name_of(const char *reason, const char *folded)
{
	return xasprintf("%s: %s", reason, folded);
}

char *group_name(const char *reason, const char *error)
{
	scoped_free char *folded = group_fold(error ? error : "");
	return name_of(reason ? reason : "", folded);
}

char *group_filter(const struct group *group, const char *filter_text)
{
	struct buf b = {0};
	if (group->is_rest)
		return NULL;
	buf_adds(&b, filter_text);
	if (*group->channel)
		add_term(&b, "channel:", group->channel);
	scoped_free char *name = name_of(group->reason, group->error);
	add_term(&b, "group:", name);
	if (b.len > FILTER_MAX)
		buf_finish(&b);
	return b.data ? buf_detach(&b) : NULL;
}
