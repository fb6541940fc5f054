/*
 * Recipients as somebody who looks over the operator's shoulder may see them:
 * enough to tell one from the other, not enough to write to.
 */
#include "lib/buf.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/row.h"

#include <string.h>

enum {
	SHORT = 4,
	MIDDLE = 8,
	PHONE_LEAST = 7,
	PHONE_WHOLE = 11,
	ID_HEAD = 4,
	ID_TAIL = 2
};

#define ELLIPSIS "\u2026"

/* Bytes of the character at s; malformed bytes count as one each. */
static size_t step(const char *s, size_t len)
{
	uint32_t code;
	size_t used = text_decode(s, len, &code);
	return used ? used : 1;
}

static size_t count_chars(const char *s)
{
	size_t len = strlen(s), count = 0;
	for (size_t at = 0; at < len; at += step(s + at, len - at))
		count++;
	return count;
}

/* Where the index-th character begins. */
static size_t offset_of(const char *s, size_t index)
{
	size_t len = strlen(s), at = 0;
	while (index-- > 0 && at < len)
		at += step(s + at, len - at);
	return at;
}

/* Its first and last characters. */
static char *keep(const char *s, size_t head, size_t tail)
{
	size_t from = offset_of(s, count_chars(s) - tail);
	return xasprintf("%.*s" ELLIPSIS "%s", (int)offset_of(s, head), s,
			 s + from);
}

/* A person's name, which is what the operator knows a row by. */
static bool is_name(const char *s)
{
	bool is_ascii = true;
	for (; *s; s++) {
		if (*s >= '0' && *s <= '9')
			return false;
		is_ascii &= (unsigned char)*s < 0x80;
	}
	return !is_ascii;
}

static bool is_phone(const char *s)
{
	size_t digits = 0;
	for (const char *c = s + (*s == '+'); *c; c++) {
		if (*c >= '0' && *c <= '9')
			digits++;
		else if (!strchr(" -()", *c))
			return false;
	}
	return digits >= PHONE_LEAST;
}

/* "an...@....com", also of what has a name before it and a '>' behind. */
static char *mask_mail(const char *s, const char *at)
{
	const char *dot = strrchr(at, '.');
	scoped_free char *local = xstrndup(s, (size_t)(at - s));
	size_t head = MIN(count_chars(local) / 2, (size_t)2);
	return xasprintf("%.*s" ELLIPSIS "@" ELLIPSIS "%s",
			 (int)offset_of(local, head), local, dot ? dot : "");
}

char *row_mask(const char *recipient)
{
	size_t count = count_chars(recipient);
	const char *at = strrchr(recipient, '@');
	if (at && at > recipient && at[1])
		return mask_mail(recipient, at);
	if (count <= SHORT || is_name(recipient))
		return xstrdup(recipient);
	if (is_phone(recipient) && count < PHONE_WHOLE)
		return keep(recipient, 2, 2);
	if (is_phone(recipient))
		return keep(recipient, *recipient == '+' ? 6 : 3, 4);
	if (count <= MIDDLE)
		return keep(recipient, 1, 1);
	return keep(recipient, ID_HEAD, ID_TAIL);
}
