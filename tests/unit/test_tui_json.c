/* Payloads as people see them. Other code relies on: no byte of a value is ever
 * changed, lost or moved; nothing that comes out moves a cursor; any bytes are
 * quick. */
#include "tui/json.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>

static char *join(const struct json_lines *lines)
{
	struct buf b = {0};
	for (size_t i = 0; i < lines->count; i++)
		buf_addf(&b, "%s%s", i ? "\n" : "", lines->lines[i].text);
	return buf_detach(&b);
}

static char *show(const char *text, bool is_raw)
{
	struct json_lines lines;
	json_lines(&lines, text, strlen(text), is_raw, SIZE_MAX);
	assert_false(lines.is_cut);
	char *joined = join(&lines);
	json_lines_finish(&lines);
	return joined;
}

static const struct {
	const char *text, *pretty;
} cases[] = {
	{"{}", "{}"},
	{" { } ", "{}"},
	{"[[],{}]", "[\n  [],\n  {}\n]"},
	{"{\"a\":1,\"b\":[1,2]}", "{\n  \"a\": 1,\n  \"b\": [1, 2]\n}"},
	{"{\"assignedToId\":\"u1\"}", "{\"assignedToId\": \"u1\"}"},
	{"{\"z\":1,\"a\":2,\"z\":3}", "{\"z\": 1, \"a\": 2, \"z\": 3}"},
	{"[9007199254740993,1e400,-0,0.10,1E+2,123456789012345678901]",
	 "[\n  9007199254740993,\n  1e400,\n  -0,\n  0.10,\n  1E+2,\n"
	 "  123456789012345678901\n]"},
	{"[9007199254740993,1e400,-0,0.10]",
	 "[9007199254740993, 1e400, -0, 0.10]"},
	{"[\"\\u0041\\n\\\"\\/\\ud83d\\ude00\",\"\"]",
	 "[\"\\u0041\\n\\\"\\/\\ud83d\\ude00\", \"\"]"},
	{"[true,false,null]", "[true, false, null]"},
	{"[\"{a: [1,2]}\"]", "[\"{a: [1,2]}\"]"},
	{"\"a b\"", "\"a b\""},
	{"-1", "-1"},
	{"{\"a\":\n\t{\"b\":\r\n{\"c\":[]}}}",
	 "{\n  \"a\": {\n    \"b\": {\n      \"c\": []\n    }\n  }\n}"},
	/* 60 bytes, and 61. */
	{"[\"45678901234567890123456789012345678901234567890123456789\"]",
	 "[\"45678901234567890123456789012345678901234567890123456789\"]"},
	{"[\"456789012345678901234567890123456789012345678901234567890\"]",
	 "[\n  "
	 "\"456789012345678901234567890123456789012345678901234567890\"\n]"},
	/* What cannot be seen. */
	{"[\"a\xe2\x80\xae"
	 "b\"]",
	 "[\"a<U+202E>b\"]"},
	{"[\"\x1b[2J\xc2\x9b\x7f\"]", "[\"<U+001B>[2J<U+009B><U+007F>\"]"},
	{"[\"\n\"]", "[\"<U+000A>\"]"},
	{"[\"\xff\xe4\xb8\"]", "[\"<FF><E4><B8>\"]"},
	{"[\"中文😀\"]", "[\"中文😀\"]"},
	/* What is no JSON. */
	{"", ""},
	{"hello  world", "hello  world"},
	{"{\"a\":1", "{\n  \"a\": 1"},
	{"{\"a\":[1,tru", "{\n  \"a\": [\n    1,\n    tru"},
	{"{\"a\":\"not  closed", "{\n  \"a\": \"not  closed"},
	{"{\"a\" 1}", "{\"a\" 1}"},
	{"[1,]  x", "[1, ]  x"},
	{"{a:  1}", "{a:  1}"},
	{"{} {}", "{}\n {}"},
	{"]", "]"},
	{"[1}", "[1}"},
	{"a\nb\n", "a\nb"},
};

static void test_pretty(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		scoped_free char *pretty = show(cases[i].text, false);
		if (strcmp(pretty, cases[i].pretty) != 0)
			fail_msg("%s: %s", cases[i].text, pretty);
	}
}

static void test_raw(void **state)
{
	(void)state;
	scoped_free char *raw =
		show("{ \"a\" :1,\n\"b\":\t[ ] }\r\n\n\x1b\n", true);
	assert_string_equal(
		raw, "{ \"a\" :1,\n\"b\":<U+0009>[ ] }<U+000D>\n\n<U+001B>");
}

static void test_styles(void **state)
{
	static const struct json_span expected[] = {
		{0, 1, STYLE_TEXT},  {1, 3, STYLE_NAME},
		{4, 2, STYLE_TEXT},  {6, 3, STYLE_STRING},
		{9, 2, STYLE_TEXT},  {11, 3, STYLE_NAME},
		{14, 2, STYLE_TEXT}, {16, 1, STYLE_NUMBER},
		{17, 2, STYLE_TEXT}, {19, 3, STYLE_NAME},
		{22, 2, STYLE_TEXT}, {24, 4, STYLE_STRONG},
		{28, 1, STYLE_TEXT},
	};
	static const char text[] = "{\"a\":\"s\",\"b\":1,\"c\":null}";
	struct json_lines lines;
	(void)state;
	json_lines(&lines, text, strlen(text), false, SIZE_MAX);
	assert_int_equal(lines.count, 1);
	assert_int_equal(lines.lines[0].span_count, ARRAY_LEN(expected));
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		const struct json_span *have = &lines.lines[0].spans[i];
		assert_int_equal(have->from, expected[i].from);
		assert_int_equal(have->len, expected[i].len);
		assert_int_equal(have->style, expected[i].style);
	}
	json_lines_finish(&lines);
}

static void test_cap(void **state)
{
	static const char text[] = "{\"name\":\"中文\",\"b\":1}";
	struct json_lines lines;
	(void)state;
	for (size_t cap = 0; cap <= strlen(text) + 1; cap++) {
		json_lines(&lines, text, strlen(text), false, cap);
		assert_int_equal(lines.is_cut, cap < strlen(text));
		scoped_free char *shown = join(&lines);
		assert_null(strchr(shown, '<')); /* no character was cut */
		assert_true(strlen(shown) <= cap + 8);
		json_lines_finish(&lines);
	}
}

static void test_nul(void **state)
{
	struct json_lines lines;
	(void)state;
	json_lines(&lines, "[1,\0]", 5, false, SIZE_MAX);
	scoped_free char *shown = join(&lines);
	assert_string_equal(shown, "[\n  1,\n  <U+0000>]");
	json_lines_finish(&lines);
}

/* 64 KiB of a pattern: is it quick, and are lines of a size that can be kept?
 */
static void try_large(const char *pattern)
{
	enum { SIZE = 65536 };
	scoped_buf b = {0};
	while (b.len < SIZE)
		buf_adds(&b, pattern);
	struct json_lines lines;
	int64_t begun_us = clock_mono_us();
	json_lines(&lines, b.data, SIZE, false, SIZE);
	int64_t took_us = clock_mono_us() - begun_us;
	size_t bytes = 0;
	for (size_t i = 0; i < lines.count; i++)
		bytes += strlen(lines.lines[i].text);
	json_lines_finish(&lines);
	assert_true(bytes < (size_t)100 * SIZE);
	if (took_us > 1000000) /* milliseconds, but for sanitizers */
		fail_msg("%s: %lld us", pattern, (long long)took_us);
}

static void test_large(void **state)
{
	static const char *const patterns[] = {
		"[",	"{\"a\":", "]",		"x",	 "\"",	 "[1,",
		"[[],", "\"\\",	   "[\"a\",",	" ",	 "\n",	 "1",
		"\\",	"\x1b",	   "[        ", "[1,2,", "\xff",
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
		try_large(patterns[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pretty), cmocka_unit_test(test_raw),
		cmocka_unit_test(test_styles), cmocka_unit_test(test_cap),
		cmocka_unit_test(test_nul),    cmocka_unit_test(test_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
