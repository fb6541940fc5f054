/* Golden screens of acts: what is asked, how it goes, what came of it. */
#include "lib/util.h"
#include "tests/support/outbox.h"
#include "tests/support/shot.h"

#include <stdio.h>

/* What E would open, as somebody leaves it. */
static void edit(struct screen *s, const char *payload)
{
	screen_press(s, "E");
	assert_int_equal(screen_effect(s), EFFECT_EDIT);
	FILE *f = fopen(app_effect_text(screen_app(s), NULL), "we");
	assert_non_null(f);
	fputs(payload, f);
	assert_int_equal(fclose(f), 0);
	app_edited(screen_app(s), 0);
	screen_settle(s);
}

static void edit_openid(struct screen *s, sqlite3 *other)
{
	(void)other;
	edit(s, "{\"assignedToId\":\"oKp1yyyyyyyyyyyyyyyyyyyyyyyy7c\","
		"\"customerName\":\"订单已支付\",\"source\":\"手动分配\"}");
}

static void edit_wrongly(struct screen *s, sqlite3 *other)
{
	(void)other;
	edit(s, "{\"assignedToId\":");
}

/* Somebody holds the write lock while the act is under way. */
static void lock(struct screen *s, sqlite3 *other)
{
	outbox_exec(other, "BEGIN IMMEDIATE");
	screen_press(s, "y");
	screen_pass(s, 3000);
}

#define EDIT_1001 "4 j j j"

/* So many that their number has to be typed. */
#define MANY                                                                 \
	"WITH RECURSIVE n (i) AS"                                            \
	" (SELECT 3001 UNION ALL SELECT i + 1 FROM n WHERE i < 3250)"        \
	" INSERT INTO outbox (id, event_id, type, payload, created_at,"      \
	"  updated_at, due_at)"                                              \
	" SELECT i, printf('%032x', i), 't', '{\"assignedToId\":\"load-' ||" \
	"  i || '\"}', 1764829000000, 1764829000000, 1764829000000 FROM n;"  \
	"UPDATE outbox SET status = 'sending', version = version + 1,"       \
	" lease_no = id, attempts = 10 WHERE id > 3000;"                     \
	"UPDATE outbox SET status = 'failed', version = version + 1,"        \
	" last_reason = 'attempts-used-up', last_error ="                    \
	" 'connect timed out (203.0.113.7:443)', updated_at = 1764829100000" \
	" + id WHERE id > 3000;"
#define RETRY_MANY "4 / \"id>3000\" Enter A R"

static void shrink(struct screen *s, sqlite3 *other)
{
	(void)other;
	screen_resize(s, 3, 18);
}

/* clang-format off */
static const struct shot shots[] = {
	{.name = "retry-one", .keys = "4 R", .flags = SHOT_ZH},
	{.name = "retry-one-yes", .keys = "4 R y +1500", .flags = SHOT_ZH},
	{.name = "retry-one-no", .keys = "4 R Enter", .flags = SHOT_ZH},
	{.name = "retry-unsure", .keys = "4 / \"id:416\" Enter R", .flags = SHOT_ZH},
	{.name = "retry-expired", .keys = "4 / \"id:1005\" Enter R", .flags = SHOT_ZH},
	{.name = "retry-marked", .keys = "4 a R", .flags = SHOT_ZH},
	{.name = "retry-marked-yes", .keys = "4 a R y +1500", .flags = SHOT_ZH},
	{.name = "retry-marked-120x40", .keys = "4 a R", .rows = 40, .cols = 120},
	{.name = "retry-marked-60x12", .keys = "4 a R", .rows = 12, .cols = 60, .flags = SHOT_ZH},
	{.name = "retry-marked-40x10", .keys = "4 a R", .rows = 10, .cols = 40, .flags = SHOT_ZH},
	{.name = "retry-marked-18x3", .keys = "4 a R", .rows = 3, .cols = 18},
	{.name = "retry-marked-1x1", .keys = "4 a R", .rows = 1, .cols = 1},
	{.name = "retry-marked-ascii", .keys = "4 a R", .flags = SHOT_ASCII},
	{.name = "retry-delivered", .keys = "5 R", .flags = SHOT_ZH},
	{.name = "retry-sending", .keys = "3 R", .flags = SHOT_ZH},
	{.name = "retry-moved-on", .keys = "4 a R", .later = "UPDATE outbox SET status = 'pending', version = version + 1 WHERE id IN (400, 401)", .then = "y +1500", .flags = SHOT_ZH},
	{.name = "retry-group", .keys = "4 e R", .flags = SHOT_ZH},
	{.name = "retry-all", .keys = "6 A R", .flags = SHOT_ZH},
	{.name = "retry-all-120x40", .keys = "6 A R", .rows = 40, .cols = 120, .flags = SHOT_ZH},
	{.name = "large", .keys = RETRY_MANY, .sql = MANY, .flags = SHOT_ZH},
	{.name = "large-wrong", .keys = RETRY_MANY " \"25\" Enter", .sql = MANY, .flags = SHOT_ZH},
	{.name = "large-reason", .keys = RETRY_MANY " S-Tab \"网关恢复\"", .sql = MANY},
	{.name = "large-120x40", .keys = RETRY_MANY, .sql = MANY, .rows = 40, .cols = 120, .flags = SHOT_ZH},
	{.name = "large-60x12", .keys = RETRY_MANY, .sql = MANY, .rows = 12, .cols = 60, .flags = SHOT_ZH},
	{.name = "large-40x10", .keys = RETRY_MANY, .sql = MANY, .rows = 10, .cols = 40, .flags = SHOT_ZH},
	{.name = "large-18x3", .keys = RETRY_MANY, .sql = MANY, .rows = 3, .cols = 18},
	{.name = "large-cancel", .keys = "4 / \"id>3000\" Enter A X", .sql = MANY, .flags = SHOT_ZH},
	{.name = "progress", .keys = RETRY_MANY " \"250\" Enter", .sql = MANY, .flags = SHOT_ZH},
	{.name = "progress-ascii", .keys = RETRY_MANY " \"250\" Enter", .sql = MANY, .flags = SHOT_ASCII},
	{.name = "progress-40x10", .keys = RETRY_MANY " \"250\" Enter", .sql = MANY, .rows = 10, .cols = 40},
	{.name = "progress-18x3", .keys = RETRY_MANY " \"250\" Enter", .sql = MANY, .play = shrink},
	{.name = "progress-stopped", .keys = RETRY_MANY " \"250\" Enter Esc", .sql = MANY, .flags = SHOT_ZH},
	{.name = "progress-interrupted", .keys = RETRY_MANY " \"250\" Enter Ctrl-C", .sql = MANY},
	{.name = "large-yes", .keys = RETRY_MANY " \"250\" Enter +1500", .sql = MANY, .flags = SHOT_ZH},
	{.name = "dry-run", .keys = "4 : \"retry-dry-run\" Enter", .flags = SHOT_ZH},
	{.name = "send-now", .keys = "2 j R", .flags = SHOT_ZH},
	{.name = "cancel-one", .keys = "2 j X", .flags = SHOT_ZH},
	{.name = "cancel-reason", .keys = "2 j X S-Tab \"客户已取消\"", .flags = SHOT_ZH},
	{.name = "cancel-one-yes", .keys = "2 j X y +1500", .flags = SHOT_ZH},
	{.name = "cancel-all", .keys = "2 A X", .flags = SHOT_ZH},
	{.name = "undo", .keys = "2 j X y +1500 u", .flags = SHOT_ZH},
	{.name = "undo-yes", .keys = "2 j X y +1500 u y +1500", .flags = SHOT_ZH},
	{.name = "undo-nothing", .keys = "u", .flags = SHOT_ZH},
	{.name = "edit", .keys = EDIT_1001, .play = edit_openid, .flags = SHOT_ZH},
	{.name = "edit-120x40", .keys = EDIT_1001, .play = edit_openid, .rows = 40, .cols = 120},
	{.name = "edit-60x12", .keys = EDIT_1001, .play = edit_openid, .rows = 12, .cols = 60},
	{.name = "edit-yes", .keys = EDIT_1001, .play = edit_openid, .then = "y +1500", .flags = SHOT_ZH},
	{.name = "edit-no-json", .keys = EDIT_1001, .play = edit_wrongly, .flags = SHOT_ZH},
	{.name = "edit-delivered", .keys = "5 E", .flags = SHOT_ZH},
	{.name = "pause-menu", .keys = "P", .flags = SHOT_ZH},
	{.name = "pause-menu-40x10", .keys = "P", .rows = 10, .cols = 40},
	{.name = "pause", .keys = "P 2", .flags = SHOT_ZH},
	{.name = "pause-yes", .keys = "P 2 y +1500", .flags = SHOT_ZH},
	{.name = "resume", .keys = "P 1", .flags = SHOT_ZH},
	{.name = "resume-held", .keys = "P 3", .flags = SHOT_ZH},
	{.name = "pause-all", .keys = "P a", .flags = SHOT_ZH},
	{.name = "leave-marks", .keys = "4 Space q", .flags = SHOT_ZH},
	{.name = "locked", .keys = "4 R", .play = lock, .flags = SHOT_ZH},
	{.name = "read-only", .keys = "4 R", .flags = SHOT_READ_ONLY | SHOT_ZH},
	{.name = "read-only-conf", .keys = "4 R", .conf = "read-only = on\n", .flags = SHOT_ZH},
	{.name = "unmasked", .keys = "4 : \"unmask\" Enter", .flags = SHOT_ZH},
};
/* clang-format on */

int main(void)
{
	return shots_take("act", shots, ARRAY_LEN(shots));
}
