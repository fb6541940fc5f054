#include "lib/text.h"

#include "lib/buf.h"
#include "lib/util.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

size_t text_decode(const char *s, size_t len, uint32_t *code_out)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t least;
	} forms[] = {
		{0x80, 0x00, 0x0},
		{0xe0, 0xc0, 0x80},
		{0xf0, 0xe0, 0x800},
		{0xf8, 0xf0, 0x10000},
	};
	const unsigned char *u = (const unsigned char *)s;
	for (size_t n = 0; n < ARRAY_LEN(forms) && n < len; n++) {
		if ((u[0] & forms[n].mask) != forms[n].lead)
			continue;
		uint32_t code = u[0] & (uint8_t)~forms[n].mask;
		for (size_t i = 1; i <= n; i++) {
			if ((u[i] & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (u[i] & 0x3f);
		}
		bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
		if (code < forms[n].least || is_surrogate || code > 0x10ffff)
			return 0;
		*code_out = code;
		return n + 1;
	}
	return 0;
}

size_t text_encode(uint32_t code, char out[static TEXT_CODE_LEN])
{
	static const uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--, code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(leads[n] | code);
	return n;
}

bool text_is_utf8(const char *s, size_t len)
{
	uint32_t code;
	for (size_t at = 0, n; at < len; at += n) {
		n = text_decode(s + at, len - at, &code);
		if (!n)
			return false;
	}
	return true;
}

bool text_is_in(uint32_t code, const struct text_range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (code >= ranges[i].from && code <= ranges[i].to)
			return true;
	}
	return false;
}

/* Characters that move the cursor, turn the reading direction or cannot be
 * seen; Unicode 15, categories Cc, Cf, Zl, Zp, Co, noncharacters and tags. */
static const struct text_range harmful[] = {
	{0x00, 0x1f},	    {0x7f, 0x9f},	 {0xad, 0xad},
	{0x61c, 0x61c},	    {0x180e, 0x180e},	 {0x200b, 0x200f},
	{0x2028, 0x202e},   {0x2060, 0x206f},	 {0xfeff, 0xfeff},
	{0xfff0, 0xfffb},   {0xfffe, 0xffff},	 {0xe000, 0xf8ff},
	{0x13430, 0x1343f}, {0x1bca0, 0x1bca3},	 {0x1d173, 0x1d17a},
	{0xe0000, 0xe0fff}, {0xf0000, 0x10ffff},
};

bool text_is_harmful(uint32_t code)
{
	return text_is_in(code, harmful, ARRAY_LEN(harmful));
}

static void add_escape(struct buf *b, uint32_t code)
{
	switch (code) {
	case '\n':
		buf_adds(b, "\\n");
		break;
	case '\r':
		buf_adds(b, "\\r");
		break;
	case '\t':
		buf_adds(b, "\\t");
		break;
	default:
		buf_addf(b, code < 0x100 ? "\\x%02x" : "\\u%04x", code);
	}
}

char *text_clean(const char *s, size_t len)
{
	struct buf b = {0};
	uint32_t code;
	for (size_t at = 0, n; at < len; at += n ? n : 1) {
		n = text_decode(s + at, len - at, &code);
		if (!n)
			add_escape(&b, (unsigned char)s[at]);
		else if (text_is_harmful(code))
			add_escape(&b, code);
		else
			buf_add(&b, s + at, n);
	}
	return buf_detach(&b);
}

/* glibc's own table, in the one UTF-8 locale that every glibc has, whatever the
 * locale of the process. */
int text_code_width(uint32_t code)
{
	static locale_t utf8;
	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = uselocale(utf8);
	int cells = wcwidth((wchar_t)code);
	uselocale(before);
	return cells;
}

static size_t code_width(uint32_t code)
{
	int cells = text_code_width(code);
	return cells < 0 ? 1 : (size_t)cells;
}

size_t text_width(const char *s)
{
	size_t cells = 0;
	size_t len = strlen(s);
	uint32_t code;
	for (size_t at = 0, n; at < len; at += n ? n : 1) {
		n = text_decode(s + at, len - at, &code);
		cells += n ? code_width(code) : 1;
	}
	return cells;
}

size_t text_fit_bytes(const char *s, size_t cap)
{
	size_t len = strlen(s);
	if (len <= cap)
		return len;
	while (cap > 0 && ((unsigned char)s[cap] & 0xc0) == 0x80)
		cap--;
	return cap;
}

char *text_pad(const char *s, size_t cells)
{
	struct buf b = {0};
	size_t used = 0;
	size_t len = strlen(s);
	bool is_cut = text_width(s) > cells;
	size_t room = is_cut && cells ? cells - 1 : cells;
	uint32_t code;
	for (size_t at = 0, n; at < len; at += n) {
		n = text_decode(s + at, len - at, &code);
		size_t w = n ? code_width(code) : 1;
		n = n ? n : 1;
		if (used + w > room)
			break;
		buf_add(&b, s + at, n);
		used += w;
	}
	if (is_cut && cells) {
		buf_adds(&b, "…");
		used++;
	}
	for (; used < cells; used++)
		buf_addc(&b, ' ');
	return buf_detach(&b);
}
