/* Golden screens of what is wrong: the relay, the channels, the database. */
#include "lib/util.h"
#include "tests/support/outbox.h"
#include "tests/support/shot.h"

#include <unistd.h>

#define RELAY(state) "UPDATE outbox_relay SET state = '" state "';"
#define SILENT	     "UPDATE outbox_relay SET beat_at = 1764829327000 - 134000;"
#define CALM                                                       \
	"UPDATE outbox_channel SET state = 'open', reason = NULL," \
	" detail = NULL, state_until = NULL, state_by = NULL;"
#define NEWER "UPDATE outbox_meta SET value = '99' WHERE key = 'version';"

static void lose(struct screen *s, sqlite3 *other)
{
	(void)other;
	assert_int_equal(unlink("outbox.db"), 0);
	screen_pass(s, 4000);
}

/* As a process does that has opened the file for itself alone. */
static void be_busy(struct screen *s, sqlite3 *other)
{
	(void)other;
	for (int i = 0; i < 40; i++) {
		app_trouble(screen_app(s), DB_BUSY);
		screen_pass(s, 100);
	}
}

static void be_broken(struct screen *s, sqlite3 *other)
{
	(void)other;
	for (int i = 0; i < 40; i++) {
		app_trouble(screen_app(s), -1);
		screen_pass(s, 100);
	}
}

/* clang-format off */
static const struct shot shots[] = {
	{.name = "calm", .sql = CALM, .flags = SHOT_ZH},
	{.name = "calm-list", .keys = "4", .sql = CALM, .flags = SHOT_ZH},
	{.name = "silent", .sql = SILENT, .flags = SHOT_ZH},
	{.name = "silent-calm", .sql = SILENT CALM, .flags = SHOT_ZH},
	{.name = "silent-list", .keys = "2", .sql = SILENT CALM, .flags = SHOT_ZH},
	{.name = "silent-120x40", .sql = SILENT, .rows = 40, .cols = 120, .flags = SHOT_ZH},
	{.name = "silent-60x12", .sql = SILENT, .rows = 12, .cols = 60},
	{.name = "silent-40x10", .sql = SILENT, .rows = 10, .cols = 40, .flags = SHOT_ZH},
	{.name = "silent-18x3", .sql = SILENT, .rows = 3, .cols = 18, .flags = SHOT_ZH},
	{.name = "silent-read-only", .keys = "4", .sql = SILENT, .flags = SHOT_READ_ONLY},
	{.name = "silent-relay", .keys = ": \"relay\" Enter", .sql = SILENT, .flags = SHOT_ZH},
	{.name = "falls-silent", .keys = "2 +15000", .flags = SHOT_ZH},
	{.name = "never-ran", .sql = "DELETE FROM outbox_relay", .flags = SHOT_ZH},
	{.name = "never-ran-relay", .keys = ": \"relay\" Enter", .sql = "DELETE FROM outbox_relay"},
	{.name = "stopped", .sql = RELAY("stopped") SILENT, .flags = SHOT_ZH},
	{.name = "stopped-40x10", .sql = RELAY("stopped") SILENT, .rows = 10, .cols = 40},
	{.name = "draining", .sql = RELAY("draining"), .flags = SHOT_ZH},
	{.name = "busy", .keys = "4", .play = be_busy, .flags = SHOT_ZH},
	{.name = "busy-40x10", .keys = "4", .play = be_busy, .rows = 10, .cols = 40},
	{.name = "failing", .keys = "4", .play = be_broken, .flags = SHOT_ZH},
	{.name = "failing-errors", .keys = "4", .play = be_broken, .then = ": \"errors\" Enter", .flags = 0},
	{.name = "no-file", .flags = SHOT_NO_FILE | SHOT_ZH},
	{.name = "no-file-list", .keys = "4 R", .flags = SHOT_NO_FILE | SHOT_ZH},
	{.name = "no-file-40x10", .rows = 10, .cols = 40, .flags = SHOT_NO_FILE},
	{.name = "no-file-18x3", .rows = 3, .cols = 18, .flags = SHOT_NO_FILE},
	{.name = "file-gone", .keys = "4", .play = lose, .flags = SHOT_ZH},
	{.name = "file-gone-retry", .keys = "4", .play = lose, .then = "R"},
	{.name = "newer-schema", .keys = "4", .later = NEWER, .then = "+3000", .flags = SHOT_ZH},
	{.name = "newer-schema-retry", .keys = "4", .later = NEWER, .then = "+3000 R y +1500"},
};
/* clang-format on */

int main(void)
{
	return shots_take("state", shots, ARRAY_LEN(shots));
}
