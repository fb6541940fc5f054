#include "tests/fuzz/fuzz.h"

#include "lib/util.h"

#include <assert.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

struct fuzz_input fuzz_begin(const uint8_t *data, size_t size)
{
	util_init();
	return (struct fuzz_input){(const char *)data, size};
}

unsigned fuzz_take(struct fuzz_input *in, unsigned count)
{
	if (!in->left)
		return 0;
	in->left--;
	return (uint8_t)*in->at++ % count;
}

static char *take(struct fuzz_input *in, size_t len, size_t *len_out)
{
	char *s = xmalloc(len + 1);
	if (len)
		memcpy(s, in->at, len);
	s[len] = '\0';
	in->at += len;
	in->left -= len;
	if (len_out)
		*len_out = len;
	return s;
}

char *fuzz_take_line(struct fuzz_input *in, size_t *len_out)
{
	const char *eol = in->left ? memchr(in->at, '\n', in->left) : NULL;
	size_t len = eol ? (size_t)(eol - in->at) : in->left;
	char *line = take(in, len, len_out);
	if (eol) {
		in->at++;
		in->left--;
	}
	return line;
}

char *fuzz_take_rest(struct fuzz_input *in, size_t *len_out)
{
	return take(in, in->left, len_out);
}

static bool is_character(wchar_t c)
{
	return c >= 0 && c <= 0x10ffff && !(c >= 0xd800 && c <= 0xdfff);
}

/* The characters; NULL if the bytes are not UTF-8. The caller frees. */
static wchar_t *decode(const char *s, size_t len, size_t *count_out)
{
	static iconv_t decoder;
	if (!decoder)
		decoder = iconv_open("WCHAR_T", "UTF-8");
	iconv(decoder, NULL, NULL, NULL, NULL);
	wchar_t *wide = xcalloc(len + 1, sizeof(*wide));
	char *from = (char *)s;
	char *to = (char *)wide;
	size_t room = len * sizeof(*wide);
	bool is_good = iconv(decoder, &from, &len, &to, &room) != (size_t)-1;
	*count_out = (size_t)((wchar_t *)to - wide);
	for (size_t i = 0; i < *count_out; i++) /* iconv takes more */
		is_good &= is_character(wide[i]);
	if (!is_good)
		free(steal(&wide));
	return wide;
}

bool fuzz_is_utf8(const char *s, size_t len)
{
	size_t count;
	scoped_free wchar_t *wide = decode(s, len, &count);
	return wide != NULL;
}

void fuzz_check_clean(const char *s)
{
	size_t count = 0;
	scoped_free wchar_t *wide = decode(s, strlen(s), &count);
	assert(wide);
	for (size_t i = 0; i < count; i++) {
		wchar_t c = wide[i];
		assert(c >= 0x20 && !(c >= 0x7f && c <= 0x9f));
		assert(c != 0x61c && c != 0x200e && c != 0x200f);
		assert(!(c >= 0x2028 && c <= 0x202e));
		assert(!(c >= 0x2066 && c <= 0x2069));
	}
}
