/* Numbers and amounts of money. Only decimals are ever cut off: without its
 * minus or one of its digits a number would be another one, and WeChat takes no
 * negative one. */
#include "relay/template_kind.h"

#include "lib/text.h"
#include "lib/util.h"
#include "relay/template_text.h"

#include <string.h>

static const char digits[] = "0123456789";

/* A number inside a text, and what stands behind it. */
struct figure {
	struct buf bare;
	size_t before; /* bytes of `bare` before the number */
	size_t whole;  /* its digits before the point */
	size_t part;   /* and behind it */
	const char *after;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The text without white space and the commas of thousands. */
static void strip(struct buf *out, const char *text)
{
	uint32_t code = 0;
	size_t len;
	for (const char *p = text; *p; p += len) {
		len = text_decode(p, strlen(p), &code);
		len = len ? len : 1;
		bool is_comma = *p == ',' && p > text && is_digit(p[-1]) &&
				is_digit(p[1]);
		if (!is_comma && !template_text_is_space(code))
			buf_add(out, p, len);
	}
}

/* Whether what stands before a number makes it another one. */
static bool is_changed(const char *s, size_t len)
{
	static const char *const marks[] = {"-", ".", "−", "－"};
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		const char *at = strstr(s, marks[i]);
		if (at && at < s + len)
			return true;
	}
	return false;
}

/* Finds the only number of a text, of at most so many digits. The caller
 * finishes figure->bare. */
static bool find(struct figure *figure, const char *text, size_t most)
{
	strip(&figure->bare, text);
	const char *bare = buf_str(&figure->bare);
	figure->before = strcspn(bare, digits);
	const char *at = bare + figure->before;
	figure->whole = strspn(at, digits);
	at += figure->whole;
	figure->part = *at == '.' ? strspn(at + 1, digits) : 0;
	figure->after = at + (figure->part ? figure->part + 1 : 0);
	return figure->whole && figure->whole <= most &&
	       !is_changed(bare, figure->before) &&
	       !figure->after[strcspn(figure->after, digits)];
}

static void add_digits(struct buf *out, const struct figure *figure,
		       size_t most)
{
	size_t part = MIN(figure->part, most - figure->whole);
	buf_add(out, buf_str(&figure->bare) + figure->before,
		figure->whole + (part ? part + 1 : 0));
}

void template_number_add(struct buf *out, const char *text, size_t most)
{
	struct figure figure = {0};
	if (find(&figure, text, most))
		add_digits(out, &figure, most);
	buf_finish(&figure.bare);
}

/* The sign of a currency at the end of a text, or "". */
static const char *currency(const char *s, size_t len)
{
	static const char *const signs[] = {"¥", "￥", "$", "€"};
	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		size_t n = strlen(signs[i]);
		if (len >= n && memcmp(s + len - n, signs[i], n) == 0)
			return signs[i];
	}
	return "";
}

void template_amount_add(struct buf *out, const char *text, size_t most)
{
	static const char yuan[] = "元";
	struct figure figure = {0};
	if (find(&figure, text, most)) {
		buf_adds(out, currency(buf_str(&figure.bare), figure.before));
		add_digits(out, &figure, most);
		if (strncmp(figure.after, yuan, strlen(yuan)) == 0)
			buf_adds(out, yuan);
	}
	buf_finish(&figure.bare);
}
