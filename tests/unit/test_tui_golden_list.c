/* Golden screens of the lists of rows: each tab, size, column and mark. */
#include "lib/util.h"
#include "tests/support/shot.h"

/* As many rows as a bad night brings, with nothing that watches them come. */
#define A_BAD_NIGHT                                                           \
	"DROP TRIGGER outbox_insert_check; DROP TRIGGER outbox_insert_route;" \
	"WITH RECURSIVE n (i) AS"                                             \
	" (SELECT 2001 UNION ALL SELECT i + 1 FROM n WHERE i < 302000)"       \
	" INSERT INTO outbox (id, event_id, channel, type, payload,"          \
	"  recipient, due_at, created_at, updated_at)"                        \
	" SELECT i, printf('%032x', i), 'wechat-cloud', 't',"                 \
	"  '{\"assignedToId\":\"u\"}', 'u' || i, 1764820000000 + i,"          \
	"  1764820000000 + i, 1764820000000 + i FROM n;"

/* clang-format off */
static const struct shot shots[] = {
	{.name = "pending", .keys = "2", .flags = SHOT_ZH},
	{.name = "pending-120x40", .keys = "2", .rows = 40, .cols = 120, .flags = SHOT_ZH},
	{.name = "pending-40x10", .keys = "2 j", .rows = 10, .cols = 40},
	{.name = "pending-last", .keys = "2 G"},
	{.name = "sending", .keys = "3", .flags = SHOT_ZH},
	{.name = "sending-120x40", .keys = "3", .rows = 40, .cols = 120},
	{.name = "failed", .keys = "4 j j j", .flags = SHOT_ZH},
	{.name = "failed-120x40", .keys = "4 j", .rows = 40, .cols = 120, .flags = SHOT_ZH},
	{.name = "failed-170x50", .keys = "4 j", .rows = 50, .cols = 170},
	{.name = "failed-60x12", .keys = "4 j", .rows = 12, .cols = 60, .flags = SHOT_ZH},
	{.name = "failed-40x10", .keys = "4 j", .rows = 10, .cols = 40, .flags = SHOT_ZH},
	{.name = "failed-18x3", .keys = "4", .rows = 3, .cols = 18},
	{.name = "failed-1x1", .keys = "4", .rows = 1, .cols = 1},
	{.name = "failed-ascii", .keys = "4", .flags = SHOT_ASCII},
	{.name = "failed-sideways", .keys = "4 l l"},
	{.name = "failed-unmasked", .keys = "4", .flags = SHOT_UNMASKED},
	{.name = "failed-local", .keys = "4 t", .rows = 40, .cols = 120},
	{.name = "failed-utc", .keys = "4 t t"},
	{.name = "delivered", .keys = "5", .flags = SHOT_ZH},
	{.name = "delivered-120x40", .keys = "5", .rows = 40, .cols = 120},
	{.name = "delivered-page", .keys = "5 PgDn"},
	{.name = "all", .keys = "6", .flags = SHOT_ZH},
	{.name = "all-120x40", .keys = "6", .rows = 40, .cols = 120},
	{.name = "all-60x12", .keys = "6", .rows = 12, .cols = 60},
	{.name = "marks", .keys = "4 Space Space j Space k k", .flags = SHOT_ZH},
	{.name = "range-begun", .keys = "4 j v j j"},
	{.name = "range", .keys = "4 j v j j v"},
	{.name = "page-marked", .keys = "4 a"},
	{.name = "all-matching", .keys = "4 A", .flags = SHOT_ZH},
	{.name = "sorts", .keys = "4 s", .flags = SHOT_ZH},
	{.name = "sorted", .keys = "4 s i", .rows = 40, .cols = 120},
	{.name = "columns", .keys = "4 c", .flags = SHOT_ZH},
	{.name = "frozen", .keys = "2 z +12000 j", .flags = SHOT_ZH},
	{.name = "read-only", .keys = "4", .flags = SHOT_READ_ONLY | SHOT_ZH},
	{.name = "nothing-waits", .keys = "2", .flags = SHOT_EMPTY | SHOT_ZH},
	{.name = "nothing-sent", .keys = "3", .flags = SHOT_EMPTY},
	{.name = "nothing-failed", .keys = "4", .flags = SHOT_EMPTY},
	{.name = "nothing-delivered", .keys = "5", .flags = SHOT_EMPTY},
	{.name = "nothing-at-all", .keys = "6", .flags = SHOT_EMPTY | SHOT_ZH},
	{.name = "bad-night", .keys = "2 j", .sql = A_BAD_NIGHT, .flags = SHOT_ZH},
	{.name = "side-below", .keys = "4 i", .rows = 40, .cols = 120, .flags = SHOT_ZH},
	{.name = "side-beside", .keys = "4 i", .rows = 50, .cols = 170, .flags = SHOT_ZH},
	{.name = "side-no-room", .keys = "4 i"},
	{.name = "side-hostile", .keys = "4 / \"id:1004\" Enter i", .rows = 40, .cols = 120},
	{.name = "groups", .keys = "4 e", .flags = SHOT_ZH},
	{.name = "groups-120x40", .keys = "4 e j", .rows = 40, .cols = 120, .flags = SHOT_ZH},
	{.name = "groups-60x12", .keys = "4 e", .rows = 12, .cols = 60},
	{.name = "groups-40x10", .keys = "4 e", .rows = 10, .cols = 40},
	{.name = "groups-opened", .keys = "4 e j Enter", .flags = SHOT_ZH},
	{.name = "groups-empty", .keys = "4 e", .flags = SHOT_EMPTY},
};
/* clang-format on */

int main(void)
{
	return shots_take("list", shots, ARRAY_LEN(shots));
}
