/* Values of templates. Other code relies on: what is added fits its kind, or is
 * nothing. The cases are those of tests/node/fields.js, so that a message is
 * the same with and without a cloud function. */
#include "lib/util.h"
#include "relay/template.h"
#include "tests/support/check.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#define HAN10 "一二三四五六七八九十"
#define HAN   HAN10 HAN10 "一"
#define HAN18 HAN10 "一二三四五六七八"
#define GRIN5 "😀😀😀😀😀"
#define X8    "xxxxxxxx"
#define ONE30 "111111111111111111111111111111"

/* The value as it stands in the payload, and what it becomes; NULL: nothing. */
static const struct {
	const char *key, *json, *want;
} cases[] = {
	{"thing1", "\"" HAN10 HAN10 "\"", HAN10 HAN10},
	{"thing1", "\"" HAN "\"", HAN10 "一二三四五六七八九…"},
	{"thing1", "\"" GRIN5 GRIN5 GRIN5 GRIN5 "😀\"",
	 GRIN5 GRIN5 GRIN5 "😀😀😀😀…"},
	{"thing1", "\" a\\nb\\tc\\u202ed \"", "a b c d"},
	{"thing1", "42", "42"},
	{"thing1", "\"" HAN18 "e\u0301\u0323" HAN "\"", HAN18 "…"},
	{"thing1", "\"" HAN18 "👍🏽" HAN "\"", HAN18 "…"},
	{"thing1", "\"" HAN10 "一二三四五六七e\u0301" HAN "\"",
	 HAN10 "一二三四五六七e\u0301…"},
	{"thing1", "\"" HAN18 "e\u0301\"", HAN18 "e\u0301"},
	{"thing1", "\"<b>张&amp;三</b>\"", "<b>张&amp;三</b>"},
	{"thing1", "\"\"", NULL},
	{"thing1", NULL, NULL},
	{"thing1", "{\"nested\":1}", NULL},
	{"name2", "\"用户410774\"", "用户"},
	{"name2", "\"410774\"", "410774"},
	{"name2", "\"" HAN "\"", "一二三四五六七八九…"},
	{"name2", "\"Bartholomew Featherstone\"", "Bartholomew Feathers"},
	{"name2", "\"Bartholomew Feathers\"", "Bartholomew Feathers"},
	{"phrase3", "\"已分配ok给你了吗\"", "已分配给你"},
	{"phrase3", "\"none\"", NULL},
	{"character_string4", "\"单号A-1\"", "A-1"},
	{"character_string4", "\"" X8 X8 X8 X8 X8 "\"", X8 X8 X8 X8},
	{"number5", "\"1,204.50\"", "1204.50"},
	{"number5", "\"共3个\"", "3"},
	{"number5", "0", "0"},
	{"number5", "\"" ONE30 ".234\"", ONE30 ".23"},
	{"number5", "\"" ONE30 "11.5\"", ONE30 "11"},
	{"number5", "\"" ONE30 "111\"", NULL},
	{"number5", "\"5.\"", "5"},
	{"number5", "\"-5\"", NULL},
	{"number5", "\"−5\"", NULL},
	{"number5", "\"－5\"", NULL},
	{"number5", "\"3-5\"", NULL},
	{"number5", "\"1.2.3\"", NULL},
	{"number5", "\".5\"", NULL},
	{"number5", "1e+21", NULL},
	{"number5", "\"none\"", NULL},
	{"letter6", "\"ab1c\"", "abc"},
	{"symbol7", "\"a!b?c\"", "!?"},
	{"time8", "\"2025-12-24T10:30:00.000Z\"", "2025-12-24 18:30"},
	{"time8", "\"2025-12-31T16:00:00+00:00\"", "2026-01-01 00:00"},
	{"time8", "1766572200000", "2025-12-24 18:30"},
	{"time8", "\"15:01\"", "15:01"},
	{"time8", "\"2019年10月1日 15:01\"", "2019年10月1日 15:01"},
	{"time8", "\"2025-12-24T10:30:00\"", "2025-12-24 18:30"},
	{"time8", "\"2025-12-24T10:30:00.000+0800\"", "2025-12-24 10:30"},
	{"time8", "\"2025-12-24T20:30:00-05:30\"", "2025-12-25 10:00"},
	{"time8", "\"2025-12-24\"", "2025-12-24"},
	{"time8", "1766572200", NULL},
	{"time8", "\"soon\"", NULL},
	{"date9", "\"2025-12-24T20:00:00.000Z\"", "2025-12-25 04:00"},
	{"amount10", "\"共¥128.00元\"", "¥128.00元"},
	{"amount10", "\"¥1,234,567,890.12 元\"", "¥1234567890元"},
	{"amount10", "0.30000000000000004", "0.300000000"},
	{"amount10", "\"€ 5\"", "€5"},
	{"amount10", "\"5元整\"", "5元"},
	{"amount10", "\"¥12345678901\"", NULL},
	{"amount10", "\"-¥5\"", NULL},
	{"amount10", "\"¥-5\"", NULL},
	{"amount10", "\"5~9元\"", NULL},
	{"phone_number11", "\"+86 138-0013-8000-1234\"", "+86 138-0013-8000"},
	{"car_number12", "\"沪A12345678\"", "沪A12345…"},
	{"enum13", "\"已分配\"", "已分配"},
	{"enum_string13", "\"已分配\"", "已分配"},
	{"unheard14", "\"x\"", NULL},
	{"constructor15", "\"x\"", NULL},

	/* numbers stay as they are printed */
	{"number5", "9007199254740993", "9007199254740993"},
	{"thing1", "1.50", "1.50"},
	{"thing1", "-0", "-0"},
	{"thing1", "true", NULL},
	{"thing1", "null", NULL},
	{"thing1", "[1]", NULL},
	/* JSON's escapes */
	{"thing1", "\"\\u5f20\\u4e09\\/\\\"\\\\\"", "张三/\"\\"},
	{"thing1", "\"\\ud83d\\ude00\"", "😀"},
	{"thing1", "\"a\\ud83d\\ud83db\\udE00\\u0000c\"", "a b c"},
	{"thing1", "\"\\u200b\\u3000张\\u00a0\"", "张"},
	{"thing1", "\" \\n \"", NULL},
	{"name2", "\"12\\u3000张三 9\"", "张三"},
	{"symbol7", "\"①½²é_ \\u3000✓€。～·–\"", "_✓€。～"},
	/* points of time that JavaScript takes, and those that it does not */
	{"time8", "\"2025-12-24T10:30\"", "2025-12-24 18:30"},
	{"time8", "\"2025-12-24T10:30:59.9999+0800\"", "2025-12-24 10:30"},
	{"time8", "\"2025-12-24T10:30:00-05:30\"", "2025-12-25 00:00"},
	{"time8", "\"2024-02-28T24:00Z\"", "2024-02-29 08:00"},
	{"time8", "\"2025-02-30T00:00Z\"", "2025-03-02 08:00"},
	{"time8", "\"2025-13-24T10:30:00Z\"", "2025-13-24T10:30:00Z"},
	{"time8", "\"2025-12-24T10:30:00 +0800\"", "2025-12-24T10:30:00 +0800"},
	{"time8", "\"2025-12-24T24:01Z\"", "2025-12-24T24:01Z"},
	{"time8", "\"2025-12-24T10:30:00.Z\"", "2025-12-24T10:30:00.Z"},
	{"time8", "\"2025-12-24T10:30:00+24:00\"", "2025-12-24T10:30:00+24:00"},
	{"time8", "176657220000", NULL},
	{"time8", "\"20251-1\"", NULL},
	{"time8", "\"123:45\"", NULL},
	{"time8", "\"1:5\"", NULL},
	{"date9", "\"2018.01~2018.02\"", "2018.01~2018.02"},
	{"1", "\"x\"", NULL},
	{"", "\"x\"", NULL},
};

static char *payload_of(const char *json)
{
	return json ? xasprintf("{\"field\":%s}", json) : xstrdup("{}");
}

static void test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct template_field field = {(char *)cases[i].key,
					       (char *)"field"};
		struct template_fields fields = {&field, 1};
		scoped_free char *payload = payload_of(cases[i].json);
		scoped_buf data = {0};
		const struct template_field *wrong = template_data_add(
			&data, &fields, payload, strlen(payload));
		cJSON *object = wrong ? NULL : cJSON_Parse(buf_str(&data));
		const char *value = cJSON_GetStringValue(cJSON_GetObjectItem(
			cJSON_GetObjectItem(object, cases[i].key), "value"));
		const char *want = cases[i].want ? cases[i].want : "nothing";
		if (wrong && wrong != &field)
			fail_msg("another field is wrong");
		if (strcmp(value ? value : "nothing", want) != 0)
			fail_msg("%s of %s: %s, not %s", cases[i].key, payload,
				 value ? value : "nothing", want);
		cJSON_Delete(object);
	}
}

#define PAYLOAD                                                    \
	"\n{ \"x\":{\"a\":[1,{\"b\":\"}\\\"\"}],\"id\":\"no\"},\t" \
	"\"s\\u0065t\":1e3 ,\"id\" : \"first\",\"e\":[],\"f\":{}," \
	"\"t\":true,\"id\":\"x&y 张\",\"last\":\"\\\"q\\\"\" } \n"

static const struct {
	const char *page, *want;
} pages[] = {
	{"", ""},
	{"pages/a", "pages/a"},
	{"p?id={id}&b={none}", "p?id=x%26y%20%E5%BC%A0&b="},
	{"{set}{last}{t}{e}{x}{a}{b}", "1e3%22q%22"},
	{"{i}{idd}{no}", ""},
};

/* A member is found by its name among all that may stand before it, and the
 * last of two counts. */
static void test_pages(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		scoped_buf page = {0};
		assert_null(template_page_fault(pages[i].page));
		template_page_add(&page, pages[i].page, PAYLOAD,
				  strlen(PAYLOAD));
		assert_string_equal(buf_str(&page), pages[i].want);
	}
	static const char *const bad[] = {"p?id={", "{}",   "{a b}",
					  "}",	    "{{a}", "{a-b}"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		scoped_free char *why = template_page_fault(bad[i]);
		if (!why)
			fail_msg("%s is taken", bad[i]);
	}
}

static void test_data(void **state)
{
	(void)state;
	struct template_fields f = {0};
	scoped_buf data = {0};
	assert_null(template_fields_read(" thing1=id\tname2=last ", &f));
	assert_int_equal(f.count, 2);
	assert_null(template_data_add(&data, &f, PAYLOAD, strlen(PAYLOAD)));
	assert_string_equal(buf_str(&data),
			    "{\"thing1\":{\"value\":\"x&y 张\"},"
			    "\"name2\":{\"value\":\"\\\"q\\\"\"}}");
	template_fields_finish(&f);
	assert_null(template_fields_read("thing1=id phrase2=last", &f));
	assert_ptr_equal(template_data_add(&data, &f, PAYLOAD, strlen(PAYLOAD)),
			 &f.list[1]);
	template_fields_finish(&f);
	assert_null(template_fields_read("", &f));
	assert_int_equal(f.count, 0);
}

static const struct {
	const char *text, *part;
} bad_fields[] = {
	{"thing1", "key=field"},
	{"thing1=", "key=field"},
	{"=a", "key=field"},
	{"thing1 = a", "key=field"},
	{"thing1=a=b", "key=field"},
	{"thing1=a,thing2=b", "key=field"},
	{"thing=a", "thing has no number"},
	{"thing1.DATA=a", "thing1.DATA is of no kind"},
	{"Thing1=a", "car_number, enum, enum_string; take"},
	{"12=a", "12 is of no kind"},
	{"thing1=a thing2=b thing1=c", "thing1 is given twice"},
	{"thing1=a thing2=a thing3=a thing4=a thing5=a thing6=a thing7=a "
	 "thing8=a thing9=a thing10=a thing11=a thing12=a thing13=a thing14=a "
	 "thing15=a thing16=a thing17=a",
	 "more than 16"},
};

static void test_bad_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad_fields); i++) {
		struct template_fields f = {0};
		scoped_free char *why =
			template_fields_read(bad_fields[i].text, &f);
		if (!why || !strstr(why, bad_fields[i].part))
			fail_msg("%s: %s", bad_fields[i].text,
				 why ? why : "taken");
		assert_int_equal(f.count, 0);
	}
}

/* A payload that is cut anywhere must not be read past its end. */
static void test_cut_payloads(void **state)
{
	(void)state;
	for (size_t len = 0; len < strlen(PAYLOAD); len++) {
		char *cut = xstrndup(PAYLOAD, len);
		scoped_buf page = {0};
		template_page_add(&page, "{id}{last}{set}", cut, len);
		free(cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_data),
		cmocka_unit_test(test_bad_fields),
		cmocka_unit_test(test_cut_payloads),
	};
	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
