#include "tests/console/monkey.h"

#include "lib/buf.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/outbox.h"
#include "tests/support/variety.h"

#include <stdlib.h>
#include <string.h>

/* Not a name of ours: to the console it is a table of the CRM's. */
static const char notes[] =
	"CREATE TABLE moves (id, was, is_now, version, generation);"
	"CREATE TRIGGER note_move AFTER UPDATE ON outbox"
	"  WHEN NEW.version <> OLD.version "
	"BEGIN"
	"  INSERT INTO moves VALUES (NEW.id, OLD.status, NEW.status,"
	"    NEW.version, NEW.generation - OLD.generation);"
	"END";

void monkey_outbox_begin(sqlite3 *db)
{
	variety_fill(db);
	outbox_exec(db, "%s", notes);
}

/* Formatted with three random numbers. */
static const char *const stirs[] = {
	"WITH n (i) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8))"
	" INSERT INTO outbox (type, payload, recipient, ordering_key)"
	" SELECT 't', json_object('assignedToId', 'u', 'n', %u),"
	" 'u%u' || i, 'k%u' FROM n",
	"UPDATE outbox SET status = 'sending', version = version + 1,"
	" lease_no = lease_no + 1, lease_owner = 'r',"
	" lease_until = 1764829999000 WHERE id IN (SELECT id FROM outbox"
	"  WHERE status = 'pending' ORDER BY id %% (%u + 2) LIMIT 9)",
	"UPDATE outbox SET status = 'failed', version = version + 1,"
	" attempts = attempts + 1, last_reason = 'user-not-bound',"
	" last_error = 'no %u', lease_owner = NULL, lease_until = NULL,"
	" updated_at = updated_at + %u"
	" WHERE status = 'sending' AND id %% 3 < 2",
	"UPDATE outbox SET status = 'delivered', version = version + 1,"
	" lease_owner = NULL, lease_until = NULL, delivered_at = 1764829327000"
	" WHERE status = 'sending' AND id %% 2 = %u %% 2",
	"UPDATE outbox SET status = 'cancelled' WHERE id ="
	" (SELECT max(id) FROM outbox WHERE status = 'pending')",
	"UPDATE outbox SET status = 'expired', version = version + 1,"
	" last_reason = 'expired' WHERE status = 'pending'"
	" AND id %% 40 = %u %% 40",
	"DELETE FROM outbox WHERE status = 'delivered' AND id %% 9 = %u %% 9",
	"DELETE FROM outbox WHERE status = 'failed' AND id %% 90 = %u %% 90",
	"UPDATE outbox_channel SET state = 'held', reason = 'wechat-busy',"
	" state_since = 1764829327000 WHERE name = 'wechat-cloud'",
	"UPDATE outbox_channel SET state = 'open', reason = NULL",
	"UPDATE outbox_relay SET beat_at = beat_at + %u * 1000",
	"INSERT INTO outbox_log (at, level, event, fields) VALUES"
	" (1764829327000, 'error', char(%u), 'id=%u' || char(27))",
};

/* What is noted of it goes: the moves that stay are the operators'. */
void monkey_outbox_stir(sqlite3 *db, struct dice *dice)
{
	const char *sql = stirs[dice_roll(dice, ARRAY_LEN(stirs))];
	unsigned a = dice_roll(dice, 300), b = dice_roll(dice, 300);
	unsigned c = dice_roll(dice, 20);
	int64_t before = outbox_int(db, "SELECT coalesce(max(rowid), 0)"
					"  FROM moves");
	outbox_exec(db, sql, a, b, c);
	outbox_exec(db, "DELETE FROM moves WHERE rowid > %lld",
		    (long long)before);
}

char *monkey_outbox_dump(sqlite3 *db)
{
	struct buf out = {0};
	scoped_free char *tables = outbox_rows(
		db, "SELECT name FROM sqlite_master WHERE type = 'table'"
		    " AND name NOT LIKE 'sqlite%%' ORDER BY name");
	char *save = NULL;
	for (char *name = strtok_r(tables, "\n", &save); name;
	     name = strtok_r(NULL, "\n", &save)) {
		scoped_free char *rows =
			outbox_rows(db, "SELECT * FROM %s", name);
		buf_addf(&out, "%s\n", name);
		buf_adds(&out, rows);
	}
	scoped_free char *schema =
		outbox_rows(db, "SELECT sql FROM sqlite_master ORDER BY name");
	buf_adds(&out, schema);
	return buf_detach(&out);
}

static void expect_none(sqlite3 *db, const char *sql)
{
	scoped_free char *rows = outbox_rows(db, "%s LIMIT 5", sql);
	if (*rows)
		fail_msg("%s\n%s", sql, rows);
}

int64_t monkey_outbox_check(sqlite3 *db)
{
	scoped_free char *whole = outbox_text(db, "PRAGMA integrity_check");
	assert_string_equal(whole, "ok");
	expect_none(db, "SELECT * FROM moves WHERE was IN ('sending',"
			" 'delivered') OR is_now = 'delivered'");
	expect_none(db, "SELECT id, version, count(*) FROM moves"
			" GROUP BY id, version HAVING count(*) > 1");
	expect_none(db, "SELECT * FROM moves WHERE generation NOT IN (-1, 0, 1)"
			" OR (generation <> 0 AND was = is_now"
			"     AND was <> 'pending')");
	expect_none(db, "SELECT id, status, lease_owner FROM outbox"
			" WHERE status <> 'sending' AND lease_owner NOT NULL");
	int64_t moved = outbox_int(db, "SELECT count(*) FROM moves");
	int64_t told = outbox_int(
		db,
		"SELECT coalesce(sum(changed), 0) FROM outbox_audit AS a"
		" WHERE at >= %lld AND (action IN ('retry', 'cancel',"
		" 'edit') OR (action = 'undo' AND EXISTS (SELECT 1"
		"  FROM outbox_audit AS o WHERE o.action = 'cancel'"
		"   AND a.filter = 'act:' || o.act)))",
		(long long)VARIETY_NOW);
	assert_int_equal(moved, told);
	return moved;
}
