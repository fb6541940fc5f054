/* Keys as curses reads them, made into those of tui/input.h. */
#include "lib/util.h"
#include "tui/term_internal.h"

#include <wchar.h>

static const struct {
	const char *sequence;
	int code;
} sequences[] = {
	{"\033[A", KEY_UP},	 {"\033OA", KEY_UP},
	{"\033[B", KEY_DOWN},	 {"\033OB", KEY_DOWN},
	{"\033[C", KEY_RIGHT},	 {"\033OC", KEY_RIGHT},
	{"\033[D", KEY_LEFT},	 {"\033OD", KEY_LEFT},
	{"\033[H", KEY_HOME},	 {"\033OH", KEY_HOME},
	{"\033[1~", KEY_HOME},	 {"\033[7~", KEY_HOME},
	{"\033[F", KEY_END},	 {"\033OF", KEY_END},
	{"\033[4~", KEY_END},	 {"\033[8~", KEY_END},
	{"\033[2~", KEY_IC},	 {"\033[3~", KEY_DC},
	{"\033[5~", KEY_PPAGE},	 {"\033[6~", KEY_NPAGE},
	{"\033[Z", KEY_BTAB},	 {"\033OM", KEY_ENTER},
	{"\033OP", KEY_F(1)},	 {"\033OQ", KEY_F(2)},
	{"\033OR", KEY_F(3)},	 {"\033OS", KEY_F(4)},
	{"\033[11~", KEY_F(1)},	 {"\033[12~", KEY_F(2)},
	{"\033[13~", KEY_F(3)},	 {"\033[14~", KEY_F(4)},
	{"\033[[A", KEY_F(1)},	 {"\033[[B", KEY_F(2)},
	{"\033[[C", KEY_F(3)},	 {"\033[[D", KEY_F(4)},
	{"\033[[E", KEY_F(5)},	 {"\033[15~", KEY_F(5)},
	{"\033[17~", KEY_F(6)},	 {"\033[18~", KEY_F(7)},
	{"\033[19~", KEY_F(8)},	 {"\033[20~", KEY_F(9)},
	{"\033[21~", KEY_F(10)}, {"\033[23~", KEY_F(11)},
	{"\033[24~", KEY_F(12)},
};

void term_keys_define(void)
{
	for (size_t i = 0; i < ARRAY_LEN(sequences); i++) {
		if (key_defined(sequences[i].sequence) == 0)
			define_key(sequences[i].sequence, sequences[i].code);
	}
}

static const struct {
	int code;
	int32_t key;
} codes[] = {
	{KEY_UP, INPUT_UP},
	{KEY_DOWN, INPUT_DOWN},
	{KEY_LEFT, INPUT_LEFT},
	{KEY_RIGHT, INPUT_RIGHT},
	{KEY_HOME, INPUT_HOME},
	{KEY_FIND, INPUT_HOME},
	{KEY_A1, INPUT_HOME},
	{KEY_END, INPUT_END},
	{KEY_SELECT, INPUT_END},
	{KEY_C1, INPUT_END},
	{KEY_PPAGE, INPUT_PAGE_UP},
	{KEY_A3, INPUT_PAGE_UP},
	{KEY_NPAGE, INPUT_PAGE_DOWN},
	{KEY_C3, INPUT_PAGE_DOWN},
	{KEY_IC, INPUT_INSERT},
	{KEY_DC, INPUT_DELETE},
	{KEY_BTAB, INPUT_SHIFT_TAB},
	{KEY_ENTER, INPUT_ENTER},
	{KEY_BACKSPACE, INPUT_BACKSPACE},
};

static int32_t mouse_key(struct term *t)
{
	MEVENT event;
	if (getmouse(&event) != OK)
		return INPUT_NONE;
	t->mouse_y = event.y;
	t->mouse_x = event.x;
	if (event.bstate & BUTTON4_PRESSED)
		return INPUT_WHEEL_UP;
	if (event.bstate & BUTTON5_PRESSED)
		return INPUT_WHEEL_DOWN;
	return event.bstate & BUTTON1_PRESSED ? INPUT_CLICK : INPUT_NONE;
}

static int32_t special_key(struct term *t, int code)
{
	if (code == KEY_MOUSE)
		return mouse_key(t);
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return INPUT_F1 + code - KEY_F(1);
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (codes[i].code == code)
			return codes[i].key;
	}
	return INPUT_NONE;
}

static int32_t character_key(wint_t c)
{
	if (c == '\n')
		return INPUT_ENTER;
	if (c == '\b')
		return INPUT_BACKSPACE;
	return c >= 0x80 && c < 0xa0 ? INPUT_NONE : (int32_t)c;
}

static int read_one(struct term *t, wint_t *c)
{
	int rc = t->has_held ? t->held_rc : wget_wch(t->keys, c);
	if (t->has_held)
		*c = t->held;
	t->has_held = false;
	return rc;
}

/* Whether what follows an Esc at once makes it a sequence that nobody knows:
 * it is read to its end then, since its letters are no keys, and one of them
 * may well be the name of an action. */
static bool skip_sequence(struct term *t)
{
	wint_t c;
	int rc = read_one(t, &c);
	if (rc == OK && (c == '[' || c == 'O')) {
		for (int n = 0; n < 32 && rc == OK; n++) {
			rc = wget_wch(t->keys, &c);
			if (c >= 0x40 && c <= 0x7e)
				break;
		}
		return true;
	}
	t->has_held = rc != ERR;
	t->held_rc = rc;
	t->held = c;
	return false;
}

int32_t term_key_next(struct term *t)
{
	wint_t c;
	for (;;) {
		int rc = read_one(t, &c);
		if (rc == ERR)
			return INPUT_NONE;
		t->empty_reads = 0;
		if (rc == OK && c == INPUT_ESCAPE && skip_sequence(t))
			continue;
		int32_t key = rc == KEY_CODE_YES ? special_key(t, (int)c)
						 : character_key(c);
		if (key != INPUT_NONE)
			return key;
	}
}
