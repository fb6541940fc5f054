/* Text at the door. Other code relies on: what text_clean lets through is valid
 * UTF-8, one line, and moves nobody's cursor; widths are those of a terminal;
 * a cut never splits a character. */
#include "lib/text.h"

#include "lib/buf.h"
#include "lib/util.h"
#include "tests/support/check.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* `used` 0: malformed. */
static const struct {
	const char *bytes;
	size_t len, used;
	uint32_t code;
} decodes[] = {
	{"", 0, 0, 0},
	{"\0", 1, 1, 0},
	{"a", 1, 1, 'a'},
	{"\x7f", 1, 1, 0x7f},
	{"\x80", 1, 0, 0},
	{"\xbf", 1, 0, 0},
	{"\xc2\x80", 2, 2, 0x80},
	{"\xdf\xbf", 2, 2, 0x7ff},
	{"\xc0\x80", 2, 0, 0}, /* overlong */
	{"\xc1\xbf", 2, 0, 0},
	{"\xe0\x9f\xbf", 3, 0, 0},
	{"\xf0\x8f\xbf\xbf", 4, 0, 0},
	{"\xe0\xa0\x80", 3, 3, 0x800},
	{"中", 3, 3, 0x4e2d},
	{"\xed\x9f\xbf", 3, 3, 0xd7ff},
	{"\xed\xa0\x80", 3, 0, 0}, /* surrogates */
	{"\xed\xbf\xbf", 3, 0, 0},
	{"\xee\x80\x80", 3, 3, 0xe000},
	{"\xef\xbf\xbf", 3, 3, 0xffff},
	{"\xf0\x90\x80\x80", 4, 4, 0x10000},
	{"😀", 4, 4, 0x1f600},
	{"\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff},
	{"\xf4\x90\x80\x80", 4, 0, 0}, /* above U+10FFFF */
	{"\xf5\x80\x80\x80", 4, 0, 0},
	{"\xf8\x88\x80\x80\x80", 5, 0, 0},
	{"\xfe", 1, 0, 0},
	{"\xff", 1, 0, 0},
	{"\xe4\xb8", 2, 0, 0}, /* ends early */
	{"\xe4", 1, 0, 0},
	{"\xf0\x9f\x98", 3, 0, 0},
	{"\xe4"
	 "ab",
	 3, 0, 0},
	{"\xe4\xb8"
	 "a",
	 3, 0, 0},
	{"中文", 6, 3, 0x4e2d},
};

static void test_decode(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(decodes); i++) {
		/* A copy of just that length: a sanitizer sees one too far. */
		size_t len = decodes[i].len;
		char *copy = xmalloc(len);
		memcpy(copy, decodes[i].bytes, len);
		uint32_t code = 0;
		size_t used = text_decode(copy, len, &code);
		if (used != decodes[i].used || code != decodes[i].code)
			fail_msg("case %zu: %zu bytes, U+%04X", i, used, code);
		assert_int_equal(text_is_utf8(copy, len),
				 used == len || (used && len == 6));
		free(copy);
	}
}

/* NOLINTBEGIN(misc-misleading-bidirectional) */
static const struct {
	const char *raw, *clean;
} cleans[] = {
	{"", ""},
	{"plain 中文 é 😀 \u0301", "plain 中文 é 😀 \u0301"},
	{"a\nb\rc\td", "a\\nb\\rc\\td"},
	{"\x1b[2J\x1b]0;title\x07", "\\x1b[2J\\x1b]0;title\\x07"},
	{"\x01\x08\x7f", "\\x01\\x08\\x7f"},
	{"\xc2\x85\xc2\x9b"
	 "31m",
	 "\\x85\\x9b31m"}, /* C1: NEL, CSI */
	{"\xff\xfe", "\\xff\\xfe"},
	{"\x9b"
	 "31m",
	 "\\x9b31m"},
	{"\xe4\xb8", "\\xe4\\xb8"},
	{"a\xe4\xb8z", "a\\xe4\\xb8z"},
	{"\xed\xa0\x80", "\\xed\\xa0\\x80"},
	{"\xc0\xaf", "\\xc0\\xaf"},
	{"\u202egnp.exe", "\\u202egnp.exe"},
	{"\u202a\u202b\u202c\u202d", "\\u202a\\u202b\\u202c\\u202d"},
	{"\u2066\u2067\u2068\u2069", "\\u2066\\u2067\\u2068\\u2069"},
	{"\u200e\u200f\u061c", "\\u200e\\u200f\\u061c"},
	{"\u2028\u2029", "\\u2028\\u2029"},
	{"\u200b\u200d\u2060\ufeff\u00ad", "\\u200b\\u200d\\u2060\\ufeff\\xad"},
	{"\ufff9\uffff\ufffe", "\\ufff9\\uffff\\ufffe"},
	{"\ue000\U000f0000\U0010ffff", "\\ue000\\uf0000\\u10ffff"},
	{"\U000e0041", "\\ue0041"},
	{"back\\slash \"quoted\"", "back\\slash \"quoted\""},
	{"\ufffd", "\ufffd"},
};
/* NOLINTEND(misc-misleading-bidirectional) */

static void test_clean(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cleans); i++) {
		scoped_free char *got =
			text_clean(cleans[i].raw, strlen(cleans[i].raw));
		assert_string_equal(got, cleans[i].clean);
	}
	scoped_free char *nul = text_clean("a\0b", 3);
	assert_string_equal(nul, "a\\x00b");
	scoped_free char *empty = text_clean(NULL, 0);
	assert_string_equal(empty, "");
}

/* Every byte and every pair of bytes comes out harmless, and cleaning what is
 * clean changes nothing. */
static void test_clean_is_total(void **state)
{
	(void)state;
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		char raw[] = {(char)(pair >> 8), (char)pair, '\x80'};
		scoped_free char *once = text_clean(raw, sizeof(raw));
		assert_true(text_is_utf8(once, strlen(once)));
		for (const char *p = once; *p; p++)
			assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
		scoped_free char *twice = text_clean(once, strlen(once));
		assert_string_equal(once, twice);
	}
}

static const struct {
	const char *text;
	size_t cells;
} widths[] = {
	{"", 0},	   {"abc", 3},	   {"中文", 4}, {"a中b", 4},
	{"é", 1},	   {"e\u0301", 1}, {"ｱ", 1},	{"Ａ", 2},
	{"（）", 4},	   {"…", 1},	   {"😀", 2},	{"한글", 4},
	{"かな", 4},	   {"—", 1},	   {"\xff", 1}, {"\xe4\xb8", 2},
	{"\U00020000", 2},
};

/* Whatever the locale: `make test` has another one than a daemon. */
static void test_width(void **state)
{
	(void)state;
	static const char *const locales[] = {"C", "C.UTF-8"};
	for (size_t l = 0; l < ARRAY_LEN(locales); l++) {
		setlocale(LC_ALL, locales[l]);
		for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
			size_t cells = text_width(widths[i].text);
			if (cells != widths[i].cells)
				fail_msg("%s: %zu", widths[i].text, cells);
		}
	}
}

static void test_fit_bytes(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t cap, want;
	} cases[] = {
		{"", 0, 0},	{"", 9, 0},	{"abc", 2, 2},	{"abc", 3, 3},
		{"abc", 4, 3},	{"中文", 0, 0}, {"中文", 1, 0}, {"中文", 2, 0},
		{"中文", 3, 3}, {"中文", 5, 3}, {"中文", 6, 6}, {"a😀b", 4, 1},
		{"a😀b", 5, 5},	{"é", 1, 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(text_fit_bytes(cases[i].text, cases[i].cap),
				 cases[i].want);
}

static const struct {
	const char *text;
	size_t cells;
	const char *want;
} pads[] = {
	{"", 0, ""},
	{"", 3, "   "},
	{"ab", 4, "ab  "},
	{"abcd", 4, "abcd"},
	{"abcde", 4, "abc…"},
	{"abc", 1, "…"},
	{"abc", 0, ""},
	{"中文", 4, "中文"},
	{"中文", 5, "中文 "},
	{"中文字", 5, "中文…"},
	{"中文字", 4, "中… "},
	{"中文", 1, "…"},
	{"e\u0301x", 2, "e\u0301x"},
	{"e\u0301xy", 2, "e\u0301…"},
};

static void test_pad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pads); i++) {
		scoped_free char *got = text_pad(pads[i].text, pads[i].cells);
		assert_string_equal(got, pads[i].want);
		assert_int_equal(text_width(got), pads[i].cells);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_clean_is_total),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_fit_bytes),
		cmocka_unit_test(test_pad),
	};
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
