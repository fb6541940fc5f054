#include "tui/term_caps.h"

#include "lib/util.h"

#include <curses.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

enum term_caps term_caps_check(void)
{
	int outcome;
	if (setupterm(NULL, STDOUT_FILENO, &outcome) != OK)
		return TERM_CAPS_UNKNOWN;
	bool can_move = cursor_address && clear_screen;
	del_curterm(cur_term);
	return can_move ? TERM_CAPS_OK : TERM_CAPS_TOO_FEW;
}

/* Without "$<5/>", the delays of terminals on serial lines. */
static size_t add(char *out, size_t len, size_t cap, const char *capability)
{
	const char *s = capability ? capability : "";
	for (; *s && len < cap; s++) {
		bool is_delay = strncmp(s, "$<", 2) == 0;
		const char *end = is_delay ? strchr(s, '>') : NULL;
		if (end)
			s = end;
		else
			out[len++] = *s;
	}
	return len;
}

size_t term_caps_reset(char *out, size_t cap)
{
	const char *const parts[] = {
		key_mouse ? "\033[?1006l\033[?1000l" : NULL,
		keypad_local,
		exit_attribute_mode,
		cursor_normal,
		exit_ca_mode ? exit_ca_mode : "\r\n",
	};
	size_t len = 0;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		len = add(out, len, cap, parts[i]);
	return len;
}
