#include "tui/input.h"

#include "lib/text.h"
#include "lib/util.h"

#include <stdio.h>
#include <string.h>

static const struct {
	int32_t key;
	const char *name;
} names[] = {{INPUT_TAB, "Tab"},
	     {INPUT_ENTER, "Enter"},
	     {INPUT_ESCAPE, "Esc"},
	     {INPUT_BACKSPACE, "Backspace"},
	     {' ', "Space"},
	     {INPUT_UP, "Up"},
	     {INPUT_DOWN, "Down"},
	     {INPUT_LEFT, "Left"},
	     {INPUT_RIGHT, "Right"},
	     {INPUT_HOME, "Home"},
	     {INPUT_END, "End"},
	     {INPUT_PAGE_UP, "PgUp"},
	     {INPUT_PAGE_DOWN, "PgDn"},
	     {INPUT_INSERT, "Ins"},
	     {INPUT_DELETE, "Del"},
	     {INPUT_SHIFT_TAB, "S-Tab"},
	     {INPUT_CLICK, "Click"},
	     {INPUT_WHEEL_UP, "WheelUp"},
	     {INPUT_WHEEL_DOWN, "WheelDn"}};

static const char ctrl[] = "Ctrl-";

void input_name(int32_t key, char out[static INPUT_NAME_LEN])
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i].key == key) {
			snprintf(out, INPUT_NAME_LEN, "%s", names[i].name);
			return;
		}
	}
	out[0] = '\0';
	if (key >= INPUT_F1 && key <= INPUT_LAST) {
		snprintf(out, INPUT_NAME_LEN, "F%d", key - INPUT_F1 + 1);
	} else if (key > INPUT_NONE && key < ' ') {
		snprintf(out, INPUT_NAME_LEN, "%s%c", ctrl, key | 0x40);
	} else if (key > ' ' && key < INPUT_SPECIAL) {
		out[text_encode((uint32_t)key, out)] = '\0';
	}
}

/* Letters of a Ctrl name may be of either case: the terminal sends the same. */
static int32_t parse_ctrl(const char *letter)
{
	int32_t key = *letter & 0x1f;
	return *letter >= '@' && *letter <= 'z' ? key : INPUT_NONE;
}

static int32_t parse_function(const char *digits, size_t len)
{
	int number = 0;
	if (len == 0 || len > 2 || *digits == '0')
		return INPUT_NONE;
	for (size_t i = 0; i < len; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return INPUT_NONE;
		number = number * 10 + (digits[i] - '0');
	}
	return number <= 12 ? INPUT_F1 + number - 1 : INPUT_NONE;
}

int32_t input_parse(const char *name, size_t len)
{
	uint32_t code;
	bool is_one = text_decode(name, len, &code) == len && len > 0;
	if (is_one)
		return code > ' ' && !text_is_harmful(code) ? (int32_t)code
							    : INPUT_NONE;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strlen(names[i].name) == len &&
		    strncasecmp(names[i].name, name, len) == 0)
			return names[i].key;
	}
	size_t prefix = sizeof(ctrl) - 1;
	if (len == prefix + 1 && strncasecmp(name, ctrl, prefix) == 0)
		return parse_ctrl(name + prefix);
	if (len > 0 && (name[0] | 0x20) == 'f')
		return parse_function(name + 1, len - 1);
	return INPUT_NONE;
}

int32_t input_fold(int32_t key)
{
	static const struct {
		uint16_t typed;
		char ascii;
	} twins[] = {
		{0x3000, ' '}, {0x3001, ','}, {0x3002, '.'}, {0x3008, '<'},
		{0x3009, '>'}, {0x300a, '<'}, {0x300b, '>'}, {0x300c, '['},
		{0x300d, ']'}, {0x3010, '['}, {0x3011, ']'}, {0x3014, '('},
		{0x3015, ')'}, {0xffe5, '$'},
	};
	if (key >= 0xff01 && key <= 0xff5e)
		return key - 0xff01 + '!';
	for (size_t i = 0; i < ARRAY_LEN(twins); i++) {
		if (twins[i].typed == key)
			return twins[i].ascii;
	}
	return key;
}
