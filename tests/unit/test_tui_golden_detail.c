/* Golden screens of rows in full: each kind of row, moved, searched, raw. */
#include "lib/util.h"
#include "tests/support/shot.h"

#define OPEN(id) "6 / \"id:" #id "\" Enter Enter"

/* clang-format off */
static const struct shot shots[] = {
	{.name = "1001-retried", .keys = OPEN(1001), .flags = SHOT_ZH},
	{.name = "1001-end", .keys = OPEN(1001) " G", .flags = SHOT_ZH},
	{.name = "1001-120x40", .keys = OPEN(1001), .rows = 40, .cols = 120, .flags = SHOT_ZH},
	{.name = "1001-170x50", .keys = OPEN(1001), .rows = 50, .cols = 170},
	{.name = "1001-60x12", .keys = OPEN(1001), .rows = 12, .cols = 60, .flags = SHOT_ZH},
	{.name = "1001-40x10", .keys = OPEN(1001), .rows = 10, .cols = 40},
	{.name = "1001-18x3", .keys = OPEN(1001), .rows = 3, .cols = 18},
	{.name = "1001-1x1", .keys = OPEN(1001), .rows = 1, .cols = 1},
	{.name = "1001-utc", .keys = OPEN(1001) " t t"},
	{.name = "1001-ascii", .keys = OPEN(1001), .flags = SHOT_ASCII},
	{.name = "1001-unmasked", .keys = OPEN(1001), .flags = SHOT_UNMASKED},
	{.name = "1001-read-only", .keys = OPEN(1001), .flags = SHOT_READ_ONLY},
	{.name = "1001-place", .keys = "4 j j j Enter", .flags = SHOT_ZH},
	{.name = "1001-next", .keys = "4 j j j Enter J"},
	{.name = "1001-last-row", .keys = "4 G Enter J", .flags = SHOT_ZH},
	{.name = "1001-copy", .keys = OPEN(1001) " y", .flags = SHOT_ZH},
	{.name = "1002-openid", .keys = OPEN(1002), .flags = SHOT_ZH},
	{.name = "1003-large", .keys = OPEN(1003)},
	{.name = "1003-large-down", .keys = OPEN(1003) " PgDn PgDn"},
	{.name = "1003-large-end", .keys = OPEN(1003) " G"},
	{.name = "1003-large-unwrapped", .keys = OPEN(1003) " w G l l"},
	{.name = "1003-large-raw", .keys = OPEN(1003) " r"},
	{.name = "1003-found", .keys = OPEN(1003) " / \"客户77\" Enter", .flags = SHOT_ZH},
	{.name = "1003-not-found", .keys = OPEN(1003) " / \"nowhere\" Enter", .flags = SHOT_ZH},
	{.name = "1003-searching", .keys = OPEN(1003) " / \"客户\"", .flags = SHOT_ZH},
	{.name = "1004-hostile", .keys = OPEN(1004)},
	{.name = "1004-hostile-raw", .keys = OPEN(1004) " r"},
	{.name = "1004-hostile-end", .keys = OPEN(1004) " G"},
	{.name = "1005-expired", .keys = OPEN(1005), .flags = SHOT_ZH},
	{.name = "1006-cancelled-by-crm", .keys = OPEN(1006), .flags = SHOT_ZH},
	{.name = "1007-cancelled", .keys = OPEN(1007), .flags = SHOT_ZH},
	{.name = "1008-later", .keys = OPEN(1008), .flags = SHOT_ZH},
	{.name = "1009-sending", .keys = OPEN(1009), .flags = SHOT_ZH},
	{.name = "1010-in-order", .keys = OPEN(1010), .flags = SHOT_ZH},
	{.name = "1011-delivered", .keys = OPEN(1011), .flags = SHOT_ZH},
	{.name = "540-held", .keys = OPEN(540), .flags = SHOT_ZH},
	{.name = "560-paused", .keys = OPEN(560), .flags = SHOT_ZH},
	{.name = "500-due", .keys = OPEN(500), .flags = SHOT_ZH},
	{.name = "500-no-relay", .keys = OPEN(500), .sql = "DELETE FROM outbox_relay", .flags = SHOT_ZH},
	{.name = "1006-gone", .keys = OPEN(1006), .later = "DELETE FROM outbox WHERE id = 1006", .then = "+1500", .flags = SHOT_ZH},
};
/* clang-format on */

int main(void)
{
	return shots_take("detail", shots, ARRAY_LEN(shots));
}
