/* Golden screens of Home, at every size. */
#include "lib/util.h"
#include "tests/support/shot.h"

/* clang-format off */
static const struct shot shots[] = {
	{.name = "80x24", .flags = SHOT_ZH},
	{.name = "120x40", .rows = 40, .cols = 120, .flags = SHOT_ZH},
	{.name = "170x50", .rows = 50, .cols = 170, .flags = SHOT_ZH},
	{.name = "60x12", .rows = 12, .cols = 60, .flags = SHOT_ZH},
	{.name = "40x10", .rows = 10, .cols = 40, .flags = SHOT_ZH},
	{.name = "18x3", .rows = 3, .cols = 18, .flags = SHOT_ZH},
	{.name = "1x1", .rows = 1, .cols = 1, .flags = SHOT_ZH},
	{.name = "ascii", .flags = SHOT_ASCII},
	{.name = "ascii-120x40", .rows = 40, .cols = 120, .flags = SHOT_ASCII},
	{.name = "borderless", .rows = 40, .cols = 120, .conf = "borders = none\n"},
	{.name = "read-only", .flags = SHOT_READ_ONLY | SHOT_ZH},
	{.name = "cursor-down", .keys = "j j j"},
	{.name = "times-local", .keys = "t"},
	{.name = "times-utc", .keys = "t t", .rows = 40, .cols = 120},
	{.name = "frozen", .keys = "z +12000 j", .flags = SHOT_ZH},
	{.name = "empty", .flags = SHOT_EMPTY | SHOT_ZH},
	{.name = "empty-120x40", .rows = 40, .cols = 120, .flags = SHOT_EMPTY},
};
/* clang-format on */

int main(void)
{
	return shots_take("home", shots, ARRAY_LEN(shots));
}
