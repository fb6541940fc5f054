/* Golden screens of what is typed: filters, and the command prompt. */
#include "lib/util.h"
#include "tests/support/shot.h"

/* clang-format off */
static const struct shot shots[] = {
	{.name = "filter", .keys = "4 /", .flags = SHOT_ZH},
	{.name = "filter-typed", .keys = "4 / \"err:43101 age<5m\"", .flags = SHOT_ZH},
	{.name = "filter-applied", .keys = "4 / \"err:43101 age<5m\" +200"},
	{.name = "filter-entered", .keys = "4 / \"err:43101 age<5m\" Enter", .flags = SHOT_ZH},
	{.name = "filter-completed", .keys = "4 / \"chan\" Tab", .flags = SHOT_ZH},
	{.name = "filter-choices", .keys = "4 / \"channel:we\" Tab Tab", .flags = SHOT_ZH},
	{.name = "filter-fields", .keys = "4 / Tab Tab"},
	{.name = "filter-error", .keys = "4 / \"to:x colour:red\" +200", .flags = SHOT_ZH},
	{.name = "filter-error-entered", .keys = "4 / \"to:x colour:red\" Enter", .flags = SHOT_ZH},
	{.name = "filter-error-age", .keys = "4 / \"age<2q\" Enter", .flags = SHOT_ZH},
	{.name = "filter-full-width", .keys = "4 / \"err：43101　age＜5m\" Enter"},
	{.name = "filter-nothing", .keys = "4 / \"to:nobody\" Enter", .flags = SHOT_ZH},
	{.name = "filter-60x12", .keys = "4 / \"err:43101 age<\"", .rows = 12, .cols = 60},
	{.name = "filter-40x10", .keys = "4 / \"colour:red\" Enter", .rows = 10, .cols = 40},
	{.name = "filter-18x3", .keys = "4 / \"err:43101 age<5m\"", .rows = 3, .cols = 18},
	{.name = "filter-1x1", .keys = "4 / \"err\"", .rows = 1, .cols = 1},
	{.name = "filter-120x40", .keys = "4 / \"-state:failed\" Enter", .rows = 40, .cols = 120},
	{.name = "filter-payload", .keys = "6 / \"payload:客户77\" Enter", .flags = SHOT_ZH},
	{.name = "filter-payload-yes", .keys = "6 / \"payload:客户77\" Enter y"},
	{.name = "filter-saved", .keys = "4 / \"err:43101\" Enter : \"save night\" Enter", .flags = SHOT_ZH},
	{.name = "palette", .keys = ":", .flags = SHOT_ZH},
	{.name = "palette-fuzzy", .keys = "4 : \"rdr\"", .flags = SHOT_ZH},
	{.name = "palette-nothing", .keys = ": \"qqq\"", .flags = SHOT_ZH},
	{.name = "palette-120x40", .keys = "4 : \"un\"", .rows = 40, .cols = 120},
	{.name = "palette-60x12", .keys = "4 : \"re\"", .rows = 12, .cols = 60},
	{.name = "palette-40x10", .keys = "4 : \"re\"", .rows = 10, .cols = 40, .flags = SHOT_ZH},
	{.name = "palette-18x3", .keys = ": \"re\"", .rows = 3, .cols = 18},
	{.name = "palette-ascii", .keys = "4 : \"re\"", .flags = SHOT_ASCII},
	{.name = "palette-read-only", .keys = "4 : \"re\"", .flags = SHOT_READ_ONLY},
	{.name = "help-home", .keys = "?", .flags = SHOT_ZH},
	{.name = "help-list", .keys = "4 ?", .flags = SHOT_ZH},
	{.name = "help-list-end", .keys = "4 ? PgDn PgDn PgDn"},
	{.name = "help-narrowed", .keys = "4 ? \"mark\"", .flags = SHOT_ZH},
	{.name = "help-detail", .keys = "4 Enter ?"},
	{.name = "help-log", .keys = "7 ?"},
	{.name = "help-120x40", .keys = "4 ?", .rows = 40, .cols = 120, .flags = SHOT_ZH},
	{.name = "help-60x12", .keys = "4 ?", .rows = 12, .cols = 60},
	{.name = "help-40x10", .keys = "4 ?", .rows = 10, .cols = 40},
	{.name = "help-18x3", .keys = "4 ?", .rows = 3, .cols = 18},
	{.name = "help-1x1", .keys = "4 ?", .rows = 1, .cols = 1},
	{.name = "help-ascii", .keys = "4 ?", .flags = SHOT_ASCII},
	{.name = "help-borderless", .keys = "4 ?", .conf = "borders = none\n"},
	{.name = "help-bound", .keys = "4 ? \"retry\"", .conf = "bind list Z retry\n"},
	{.name = "keys", .keys = ": \"keys\" Enter", .flags = SHOT_ZH},
	{.name = "relay", .keys = ": \"relay\" Enter", .flags = SHOT_ZH},
	{.name = "errors", .keys = ": \"errors\" Enter", .flags = SHOT_ZH},
	{.name = "not-here", .keys = ": \"sort\" Enter", .flags = SHOT_ZH},
};
/* clang-format on */

int main(void)
{
	return shots_take("find", shots, ARRAY_LEN(shots));
}
