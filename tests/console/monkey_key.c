#include "tests/console/monkey.h"

#include "lib/text.h"
#include "lib/util.h"
#include "tui/input.h"

#include <stdio.h>
#include <string.h>

/* What somebody types who means something; what follows Enter is keys again. */
static const char *const texts[] = {
	"/state:failed\r",
	"/err:openid id>3 -channel:feishu-ops\r",
	"/id:1001,1002,1004\r",
	"/age>1h try>=1 created<2d\r",
	"/to:66f2* \"a b\r",
	"/nothing:at all\r",
	"/王 ＩＤ：１００１，１００２\r",
	"/payload:客户\ry",
	"/\x15\r",
	"/\x15id:1004\r\r",
	":retry-dry-run\r",
	":errors\r",
	":keys\r",
	":relay\r",
	":unmask\r",
	":write\r4R\x1b:write\r",
	":save one\r",
	":load one\r",
	":pause feishu-ops\r",
	":no such thing\r",
	":\t\t\t\r",
	"yp",
	"6\rGgwrJK",
	"4ej\r",
	"6i",
	"7L&reject\r",
	"6sc",
	"?filter",
};

/* The same, to change something. */
static const char *const acts[] = {
	"4Ry",	 "4 R\x1b", "4  R\ry", "4j Xy", "4ARy",	     "4AR34\r",
	"2 Xy",	 "2Xy",	    "2X\x19y", "2 Ry",	"6jjRy",     "6Xy",
	"uy",	 "P1y",	    "Pay",     "Pry",	"4E",	     "4Ey",
	"4\rRy", "4\rXny",  "4\rEy",   "4ejRy", "2X\t因\ty",
};

static const char *const names[] = {
	"Up",	 "Down",  "Left",  "Right",  "Home",   "End",	 "PgUp",
	"PgDn",	 "S-Tab", "F1",	   "F5",     "Insert", "Delete", "Backspace",
	"Enter", "Enter", "Enter", "Escape", "Escape", "Tab",	 "Space",
};

static int32_t named(struct dice *d)
{
	const char *name = names[dice_roll(d, ARRAY_LEN(names))];
	return input_parse(name, strlen(name));
}

/* Letters and digits most, since most of them do something. */
static int32_t plain(struct dice *d)
{
	unsigned kind = dice_roll(d, 20);
	if (kind < 4)
		return (int32_t)('1' + dice_roll(d, 9));
	if (kind < 13)
		return (int32_t)('!' + dice_roll(d, 94));
	if (kind < 17)
		return named(d);
	if (kind < 18)
		return (int32_t)(1 + dice_roll(d, 31));
	if (kind < 19)
		return (int32_t)(0xff01 + dice_roll(d, 94));
	return (int32_t)(0x80 + dice_roll(d, 0x10ff7f));
}

static int32_t next_of_text(struct monkey_keys *keys)
{
	uint32_t code;
	size_t n = text_decode(keys->text, strlen(keys->text), &code);
	keys->text += n ? n : 1;
	return n ? (int32_t)code : '?';
}

static void remember(struct monkey_keys *keys, int32_t key)
{
	enum { SIZE = sizeof(((struct monkey_options *)0)->last) };
	char name[INPUT_NAME_LEN];
	size_t len = strlen(keys->last);
	input_name(key, name);
	if (len + sizeof(name) + 2 > SIZE) {
		memmove(keys->last, keys->last + len - SIZE / 2, SIZE / 2 + 1);
		len = SIZE / 2;
	}
	snprintf(keys->last + len, SIZE - len, " %s", name);
}

/* Most texts mean something only where no box is open. */
static int32_t choose(struct monkey_keys *keys)
{
	struct dice *d = keys->dice;
	if (keys->escapes > 0) {
		keys->escapes--;
		return INPUT_ESCAPE;
	}
	if (*keys->text)
		return next_of_text(keys);
	if (dice_roll(d, 10) > 0)
		return plain(d);
	keys->text = dice_roll(d, 2) ? texts[dice_roll(d, ARRAY_LEN(texts))]
				     : acts[dice_roll(d, ARRAY_LEN(acts))];
	keys->escapes = dice_roll(d, 4);
	return INPUT_ESCAPE;
}

int32_t monkey_key(struct monkey_keys *keys)
{
	int32_t key = choose(keys);
	remember(keys, key);
	return key;
}
