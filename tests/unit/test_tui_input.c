/* Keys and their names. Other code relies on: what help shows can be written in
 * a bind line and means the same key; an input method left on is no obstacle.
 */
#include "tui/input.h"

#include "lib/text.h"
#include "lib/util.h"
#include "tests/support/check.h"

#include <string.h>

static const struct {
	int32_t key;
	const char *name;
} keys[] = {
	{'j', "j"},
	{'J', "J"},
	{'-', "-"},
	{'f', "f"},
	{'F', "F"},
	{0x4e2d, "中"},
	{' ', "Space"},
	{INPUT_TAB, "Tab"},
	{INPUT_ENTER, "Enter"},
	{INPUT_ESCAPE, "Esc"},
	{INPUT_BACKSPACE, "Backspace"},
	{INPUT_SHIFT_TAB, "S-Tab"},
	{INPUT_PAGE_DOWN, "PgDn"},
	{INPUT_PAGE_UP, "PgUp"},
	{INPUT_HOME, "Home"},
	{INPUT_CTRL('D'), "Ctrl-D"},
	{INPUT_CTRL('a'), "Ctrl-A"},
	{0x1c, "Ctrl-\\"},
	{INPUT_F1, "F1"},
	{INPUT_F1 + 4, "F5"},
	{INPUT_LAST, "F12"},
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		char name[INPUT_NAME_LEN];
		input_name(keys[i].key, name);
		assert_string_equal(name, keys[i].name);
		assert_int_equal(input_parse(name, strlen(name)), keys[i].key);
	}
}

/* Every key that has a name is found by it. */
static void test_names_come_back(void **state)
{
	(void)state;
	for (int32_t key = 1; key <= INPUT_LAST; key++) {
		char name[INPUT_NAME_LEN];
		if (key < INPUT_SPECIAL && text_is_harmful((uint32_t)key) &&
		    key >= 0x7f && key != INPUT_BACKSPACE)
			continue;
		if ((key >= 0xd800 && key <= 0xdfff) || key == INPUT_SPECIAL)
			continue;
		input_name(key, name);
		assert_true(name[0] && text_is_utf8(name, strlen(name)));
		if (input_parse(name, strlen(name)) != key)
			fail_msg("%x is %s", key, name);
	}
}

static void test_parse(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int32_t key;
	} cases[] = {
		{"pgdn", INPUT_PAGE_DOWN},
		{"ENTER", INPUT_ENTER},
		{"ctrl-d", 4},
		{"f12", INPUT_LAST},
		{"", INPUT_NONE},
		{" ", INPUT_NONE},
		{"F0", INPUT_NONE},
		{"F13", INPUT_NONE},
		{"F1x", INPUT_NONE},
		{"F01", INPUT_NONE},
		{"Fn", INPUT_NONE},
		{"jj", INPUT_NONE},
		{"Ctrl-", INPUT_NONE},
		{"Ctrl-1", INPUT_NONE},
		{"Ctrl-@", INPUT_NONE},
		{"Ctrl-DD", INPUT_NONE},
		{"Entera", INPUT_NONE},
		{"Ente", INPUT_NONE},
		{"\x1b", INPUT_NONE},
		{"\xff", INPUT_NONE},
		{"\u202e", INPUT_NONE},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t len = strlen(cases[i].name);
		if (input_parse(cases[i].name, len) != cases[i].key)
			fail_msg("%s", cases[i].name);
	}
	/* No more than len bytes, and no NUL needed. */
	assert_int_equal(input_parse("F12", 2), INPUT_F1);
	assert_int_equal(input_parse("jk", 1), 'j');
}

static void test_fold(void **state)
{
	(void)state;
	static const struct {
		int32_t typed, ascii;
	} cases[] = {
		{0xff01, '!'},	  {0xff1a, ':'},	{0xff2a, 'J'},
		{0xff5e, '~'},	  {0x3000, ' '},	{0x3002, '.'},
		{0x3001, ','},	  {0x3010, '['},	{0x3011, ']'},
		{0x300a, '<'},	  {0xff08, '('},	{0xff1f, '?'},
		{'a', 'a'},	  {0xff5f, 0xff5f},	{0xff00, 0xff00},
		{0x4e2d, 0x4e2d}, {INPUT_UP, INPUT_UP}, {0, 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(input_fold(cases[i].typed), cases[i].ascii);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_names_come_back),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_fold),
	};
	return cmocka_run_group_tests_name("tui_input", tests, NULL, NULL);
}
