#include "relay/template_text.h"

#include "lib/text.h"
#include "lib/util.h"

#include <locale.h>
#include <string.h>
#include <wctype.h>

/* Unicode 17, categories Cc, Cf, Zl, Zp and Cs. */
static const struct text_range unseen[] = {
	{0x00, 0x1f},	    {0x7f, 0x9f},	{0xad, 0xad},
	{0x600, 0x605},	    {0x61c, 0x61c},	{0x6dd, 0x6dd},
	{0x70f, 0x70f},	    {0x890, 0x891},	{0x8e2, 0x8e2},
	{0x180e, 0x180e},   {0x200b, 0x200f},	{0x2028, 0x202e},
	{0x2060, 0x2064},   {0x2066, 0x206f},	{0xd800, 0xdfff},
	{0xfeff, 0xfeff},   {0xfff9, 0xfffb},	{0x110bd, 0x110bd},
	{0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3},
	{0x1d173, 0x1d17a}, {0xe0001, 0xe0001}, {0xe0020, 0xe007f},
};

/* What JavaScript's trim takes off. */
static const struct text_range spaces[] = {
	{0x09, 0x0d},	  {0x20, 0x20},	    {0xa0, 0xa0},     {0x1680, 0x1680},
	{0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f},
	{0x3000, 0x3000}, {0xfeff, 0xfeff},
};

/* Unicode 17, script Han. */
static const struct text_range han[] = {
	{0x2e80, 0x2e99},   {0x2e9b, 0x2ef3},	{0x2f00, 0x2fd5},
	{0x3005, 0x3005},   {0x3007, 0x3007},	{0x3021, 0x3029},
	{0x3038, 0x303b},   {0x3400, 0x4dbf},	{0x4e00, 0x9fff},
	{0xf900, 0xfa6d},   {0xfa70, 0xfad9},	{0x16fe2, 0x16fe3},
	{0x16ff0, 0x16ff6}, {0x20000, 0x2a6df}, {0x2a700, 0x2b81d},
	{0x2b820, 0x2cead}, {0x2ceb0, 0x2ebe0}, {0x2ebf0, 0x2ee5d},
	{0x2f800, 0x2fa1d}, {0x30000, 0x3134a}, {0x31350, 0x33479},
};

/* Numbers that the C library takes for signs: category No, where there is any
 * to be typed. */
static const struct text_range odd_digits[] = {
	{0xb2, 0xb3},	  {0xb9, 0xb9},	      {0xbc, 0xbe},
	{0x2070, 0x2070}, {0x2074, 0x2079},   {0x2080, 0x2089},
	{0x2150, 0x2189}, {0x2460, 0x249b},   {0x24ea, 0x24ff},
	{0x2776, 0x2793}, {0x3192, 0x3195},   {0x3220, 0x3229},
	{0x3248, 0x324f}, {0x3251, 0x325f},   {0x3280, 0x3289},
	{0x32b1, 0x32bf}, {0x1f100, 0x1f10c},
};

bool template_text_is_space(uint32_t code)
{
	return text_is_in(code, spaces, ARRAY_LEN(spaces));
}

bool template_text_is_han(uint32_t code)
{
	return text_is_in(code, han, ARRAY_LEN(han));
}

bool template_text_is_symbol(uint32_t code)
{
	static locale_t utf8;
	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	return !iswalnum_l((wint_t)code, utf8) &&
	       !text_is_in(code, odd_digits, ARRAY_LEN(odd_digits)) &&
	       !template_text_is_space(code);
}

/* No character has this code. */
enum { STRING_END = 0x110000 };

static uint32_t take_hex(const char **at, const char *end)
{
	uint32_t code = 0;
	for (int i = 0; i < 4 && *at < end; i++, (*at)++) {
		char c = **at;
		uint32_t digit = c <= '9' ? (uint32_t)(c - '0')
					  : (uint32_t)((c | 0x20) - 'a' + 10);
		code = code << 4 | (digit & 0xf);
	}
	return code;
}

/* Behind "\u". Half a pair comes back as what it is, which is not to be seen.
 */
static uint32_t take_escaped_code(const char **at, const char *end)
{
	uint32_t high = take_hex(at, end);
	const char *next = *at;
	if (high < 0xd800 || high > 0xdbff || end - next < 6 ||
	    next[0] != '\\' || next[1] != 'u')
		return high;
	next += 2;
	uint32_t low = take_hex(&next, end);
	if (low < 0xdc00 || low > 0xdfff)
		return high;
	*at = next;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

static uint32_t take_escape(const char **at, const char *end)
{
	static const char names[] = "bfnrt";
	static const char codes[] = "\b\f\n\r\t";
	if (*at == end)
		return STRING_END;
	char c = *(*at)++;
	const char *named = strchr(names, c);
	if (c == 'u')
		return take_escaped_code(at, end);
	return (unsigned char)(c && named ? codes[named - names] : c);
}

/* The next character of a string, or STRING_END with *at behind its quote. */
static uint32_t take_code(const char **at, const char *end)
{
	uint32_t code = 0;
	if (*at == end)
		return STRING_END;
	if (**at == '"' || **at == '\\') {
		bool is_escape = *(*at)++ == '\\';
		return is_escape ? take_escape(at, end) : STRING_END;
	}
	size_t len = text_decode(*at, (size_t)(end - *at), &code);
	*at += len ? len : 1;
	return len ? code : 0xfffd;
}

static void skip_string(const char **at, const char *end)
{
	while (take_code(at, end) != STRING_END)
		;
}

static void skip_space(const char **at, const char *end)
{
	while (*at < end && strchr(" \t\r\n,:", **at))
		(*at)++;
}

static void skip_value(const char **at, const char *end)
{
	int depth = 0;
	while (*at < end) {
		char c = **at;
		if (depth == 0 && strchr(",} \t\r\n", c))
			return;
		(*at)++;
		if (c == '"')
			skip_string(at, end);
		else if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		if (depth == 0 && strchr("\"}]", c))
			return;
	}
}

/* Reads over a key, which begins behind its quote. */
static bool take_key(const char **at, const char *end, const char *field)
{
	const char *want = field;
	const char *want_end = field + strlen(field);
	bool is_same = true;
	uint32_t code, wanted = 0;
	while ((code = take_code(at, end)) != STRING_END) {
		size_t len =
			text_decode(want, (size_t)(want_end - want), &wanted);
		is_same = is_same && len && wanted == code;
		want += len;
	}
	return is_same && want == want_end;
}

/* Where the value of the last member of that name begins, or NULL. */
static const char *find_member(const char *json, const char *end,
			       const char *field)
{
	const char *at = memchr(json, '{', (size_t)(end - json));
	const char *found = NULL;
	if (!at)
		return NULL;
	for (at++, skip_space(&at, end); at < end && *at == '"';
	     skip_space(&at, end)) {
		at++;
		bool is_it = take_key(&at, end, field);
		skip_space(&at, end);
		found = is_it ? at : found;
		skip_value(&at, end);
	}
	return found;
}

/* How many bytes of the character at the beginning, or at the end, are white
 * space; 0: it is none. */
static size_t space_at(const char *s, size_t len)
{
	uint32_t code = 0;
	size_t n = text_decode(s, len, &code);
	return template_text_is_space(code) ? n : 0;
}

static size_t space_before(const char *s, size_t len)
{
	size_t n = len ? 1 : 0;
	while (n < len && n < TEXT_CODE_LEN &&
	       ((unsigned char)s[len - n] & 0xc0) == 0x80)
		n++;
	return n && space_at(s + len - n, n) == n ? n : 0;
}

void template_text_add_trimmed(struct buf *out, const char *s, size_t len)
{
	size_t n;
	for (; len && (n = space_at(s, len)); len -= n)
		s += n;
	while (len && (n = space_before(s, len)))
		len -= n;
	buf_add(out, s, len);
}

/* Of a string that begins behind its quote. */
static void add_plain(struct buf *out, const char *at, const char *end)
{
	scoped_buf line = {0};
	bool is_gap = false;
	uint32_t code;
	while ((code = take_code(&at, end)) != STRING_END) {
		char bytes[TEXT_CODE_LEN];
		bool was_gap = is_gap;
		is_gap = text_is_in(code, unseen, ARRAY_LEN(unseen));
		if (!is_gap)
			buf_add(&line, bytes, text_encode(code, bytes));
		else if (!was_gap)
			buf_addc(&line, ' ');
	}
	template_text_add_trimmed(out, buf_str(&line), line.len);
}

void template_text_add(struct buf *out, const char *json, size_t len,
		       const char *field)
{
	const char *end = json + len;
	const char *value = find_member(json, end, field);
	if (!value || value == end)
		return;
	if (*value == '"')
		add_plain(out, value + 1, end);
	else if (strchr("-0123456789", *value))
		buf_add(out, value, strspn(value, "-+.0123456789eE"));
}
