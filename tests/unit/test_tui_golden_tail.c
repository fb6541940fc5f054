/* Golden screens of the log and the audit. */
#include "lib/util.h"
#include "tests/support/shot.h"

#define MORE                                                            \
	"INSERT INTO outbox_log (at, level, event, fields) VALUES"      \
	" (1764829327100, 'info', 'settings adopted', 'generation=4')," \
	" (1764829327200, 'warn', 'retry', 'id=541 stage=transport'),"  \
	" (1764829327300, 'debug', 'unseen', ''),"                      \
	" (1764829327400, 'error', 'reject', 'id=400');"

/* clang-format off */
static const struct shot shots[] = {
	{.name = "log", .keys = "7", .flags = SHOT_ZH},
	{.name = "log-120x40", .keys = "7", .rows = 40, .cols = 120, .flags = SHOT_ZH},
	{.name = "log-170x50", .keys = "7", .rows = 50, .cols = 170},
	{.name = "log-60x12", .keys = "7", .rows = 12, .cols = 60, .flags = SHOT_ZH},
	{.name = "log-40x10", .keys = "7", .rows = 10, .cols = 40, .flags = SHOT_ZH},
	{.name = "log-18x3", .keys = "7", .rows = 3, .cols = 18},
	{.name = "log-1x1", .keys = "7", .rows = 1, .cols = 1},
	{.name = "log-ascii", .keys = "7", .flags = SHOT_ASCII},
	{.name = "log-held", .keys = "7 k k k", .later = MORE, .then = "+1500", .flags = SHOT_ZH},
	{.name = "log-follows", .keys = "7", .later = MORE, .then = "+1500"},
	{.name = "log-caught-up", .keys = "7 k k k", .later = MORE, .then = "+1500 f"},
	{.name = "log-top", .keys = "7 g"},
	{.name = "log-warn", .keys = "7 L", .flags = SHOT_ZH},
	{.name = "log-error", .keys = "7 L L k"},
	{.name = "log-everything", .keys = "7 L L L k"},
	{.name = "log-wrapped", .keys = "7 w", .flags = SHOT_ZH},
	{.name = "log-filter-typed", .keys = "7 & \"id\"", .flags = SHOT_ZH},
	{.name = "log-filtered", .keys = "7 & \"not-subscribed -401\" Enter", .flags = SHOT_ZH},
	{.name = "log-found", .keys = "7 / \"40164\" Enter k"},
	{.name = "log-row", .keys = "7 g / \"id=406\" Enter Enter", .flags = 0},
	{.name = "log-no-row", .keys = "7 Enter", .flags = SHOT_ZH},
	{.name = "log-utc", .keys = "7 t t"},
	{.name = "log-empty", .keys = "7", .flags = SHOT_EMPTY | SHOT_ZH},
	{.name = "audit", .keys = "8", .flags = SHOT_ZH},
	{.name = "audit-120x40", .keys = "8", .rows = 40, .cols = 120, .flags = SHOT_ZH},
	{.name = "audit-170x50", .keys = "8", .rows = 50, .cols = 170},
	{.name = "audit-60x12", .keys = "8", .rows = 12, .cols = 60},
	{.name = "audit-40x10", .keys = "8", .rows = 10, .cols = 40},
	{.name = "audit-wrapped", .keys = "8 w", .flags = SHOT_ZH},
	{.name = "audit-opened", .keys = "8 k k Enter", .flags = SHOT_ZH},
	{.name = "audit-filtered", .keys = "8 & \"ops1\" Enter"},
	{.name = "audit-empty", .keys = "8", .flags = SHOT_EMPTY | SHOT_ZH},
};
/* clang-format on */

int main(void)
{
	return shots_take("tail", shots, ARRAY_LEN(shots));
}
