#include "schema/act.h"

#include "lib/util.h"
#include "schema/act_internal.h"
#include "schema/recipient.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* clang-format off */
static const char *const sql[] = {
	[LOOK] =
		"SELECT o.version, o.status, o.generation, o.created_at,"
		"       o.expires_at, c.life_ms,"
		"       json_array(o.id, o.version + 1, o.status,"
		"                  o.last_reason)"
		"  FROM outbox AS o"
		"  LEFT JOIN outbox_channel AS c ON c.name = o.channel"
		" WHERE o.id = $id",
	[RETRY] =
		"UPDATE outbox"
		"   SET status = 'pending',"
		"       version = version + 1,"
		"       generation = generation + 1,"
		"       attempts = 0,"
		"       unknowns = 0,"
		"       interrupted = 0,"
		"       due_at = $now,"
		"       expires_at = $expires,"
		"       waits_for = NULL,"
		"       last_reason = NULL,"
		"       updated_at = $now"
		" WHERE id = $id"
		"   AND version = $version"
		"   AND status IN ('failed', 'expired', 'cancelled')",
	/* What is due already keeps its place among the others. */
	[SEND_NOW] =
		"UPDATE outbox"
		"   SET version = version + 1,"
		"       due_at = min(due_at, $now),"
		"       expires_at = $expires,"
		"       waits_for = NULL,"
		"       updated_at = $now"
		" WHERE id = $id"
		"   AND version = $version"
		"   AND status = 'pending'",
	[KEEP_REVISION] =
		"INSERT INTO outbox_revision"
		" (outbox_id, generation, payload, replaced_at, act)"
		" SELECT id, generation, payload, $now, $act"
		"   FROM outbox"
		"  WHERE id = $id",
	/* A payload that is no JSON is left to the trigger, which says so. */
	[EDIT] =
		"UPDATE outbox"
		"   SET status = 'pending',"
		"       version = version + 1,"
		"       generation = generation + 1,"
		"       attempts = 0,"
		"       unknowns = 0,"
		"       interrupted = 0,"
		"       payload = $payload,"
		"       recipient ="
		"         CASE WHEN r.path IS NULL OR NOT json_valid($payload)"
		"                OR NOT json_valid(outbox.payload)"
		"              THEN recipient"
		"              WHEN recipient IS "
		RECIPIENT_IN("outbox.payload", "r.path")
		"              THEN " RECIPIENT_IN("$payload", "r.path")
		"              ELSE recipient"
		"         END,"
		"       due_at = $now,"
		"       expires_at = $expires,"
		"       waits_for = NULL,"
		"       last_reason = NULL,"
		"       updated_at = $now"
		"  FROM (SELECT (SELECT recipient_path"
		"                  FROM outbox_route"
		"                 WHERE type IN ('*', (SELECT type"
		"                                        FROM outbox"
		"                                       WHERE id = $id))"
		"                 ORDER BY type = '*'"
		"                 LIMIT 1) AS path) AS r"
		" WHERE id = $id"
		"   AND version = $version"
		"   AND status IN ('pending', 'failed', 'expired', 'cancelled')",
	[CANCEL] =
		"UPDATE outbox"
		"   SET status = 'cancelled',"
		"       version = version + 1,"
		"       waits_for = NULL,"
		"       last_reason = 'cancelled-by-operator',"
		"       updated_at = $now"
		" WHERE id = $id"
		"   AND version = $version"
		"   AND status IN ('pending', 'failed', 'expired')",
	[COUNT_CHANNELS] =
		"SELECT count(*)"
		"  FROM outbox_channel"
		" WHERE name = $name OR $name IS NULL",
	[PAUSE] =
		"UPDATE outbox_channel"
		"   SET state = 'paused',"
		"       reason = NULL,"
		"       detail = $detail,"
		"       state_since = $now,"
		"       state_until = NULL,"
		"       state_by = $who,"
		"       resume_wanted = 0"
		" WHERE (name = $name OR $name IS NULL)"
		"   AND state <> 'paused'"
		" RETURNING json_quote(name)",
	[RESUME] =
		"UPDATE outbox_channel"
		"   SET state = 'open',"
		"       reason = NULL,"
		"       detail = NULL,"
		"       state_since = $now,"
		"       state_until = NULL,"
		"       state_by = $who,"
		"       resume_wanted = 1"
		" WHERE (name = $name OR $name IS NULL)"
		"   AND state = 'paused'"
		" RETURNING json_quote(name)",
	[PROBE] =
		"UPDATE outbox_channel"
		"   SET resume_wanted = 1"
		" WHERE (name = $name OR $name IS NULL)"
		"   AND state = 'held'"
		" RETURNING json_quote(name)",
	[FIND_ACT] =
		"SELECT action, max(at)"
		"  FROM outbox_audit"
		" WHERE act = $act",
	[NEXT_BATCH] =
		"SELECT id, at, changed,"
		"       NOT EXISTS (SELECT 1 FROM outbox_audit AS later"
		"                    WHERE later.act = $act"
		"                      AND later.id > this.id)"
		"  FROM outbox_audit AS this"
		" WHERE act = $act"
		"   AND id > $after"
		" ORDER BY id"
		" LIMIT 1",
	[CANCELLED_ROWS] =
		"SELECT json_extract(row.value, '$[0]'),"
		"       json_extract(row.value, '$[1]'),"
		"       json_extract(row.value, '$[2]'),"
		"       json_extract(row.value, '$[3]')"
		"  FROM outbox_audit AS a, json_each(a.ids) AS row"
		" WHERE a.id = $audit",
	[UNCANCEL] =
		"UPDATE outbox"
		"   SET status = 'pending',"
		"       version = version + 1,"
		"       waits_for = NULL,"
		"       last_reason = $reason,"
		"       updated_at = $now"
		" WHERE id = $id"
		"   AND version = $version"
		"   AND status = 'cancelled'",
	/* The tables allow cancelled -> pending -> failed, each a transition. */
	[UNCANCEL_FURTHER] =
		"UPDATE outbox"
		"   SET status = $status,"
		"       version = version + 1"
		" WHERE id = $id"
		"   AND version = $version + 1"
		"   AND status = 'pending'",
	[UNPAUSE] =
		"UPDATE outbox_channel"
		"   SET state = 'open',"
		"       reason = NULL,"
		"       detail = NULL,"
		"       state_since = $now,"
		"       state_until = NULL,"
		"       state_by = $who,"
		"       resume_wanted = 1"
		" WHERE state = 'paused'"
		"   AND state_since = $since"
		"   AND name IN (SELECT value"
		"                  FROM json_each((SELECT ids"
		"                                    FROM outbox_audit"
		"                                   WHERE id = $audit)))"
		" RETURNING json_quote(name)",
	[AUDIT] =
		"INSERT INTO outbox_audit"
		" (act, at, action, who, uid, tty, origin, filter, fence,"
		"  reason, changed, skipped, ids)"
		" VALUES ($act, $now, $action, $who, $uid, $tty, $origin,"
		"  $filter, nullif($fence, 0), $reason, $changed, $skipped,"
		"  '[' || $ids || ']')",
};
/* clang-format on */
_Static_assert(ARRAY_LEN(sql) == ACT_STATEMENT_COUNT, "a text for each");

struct act_desk *act_desk_create(struct db *db)
{
	struct act_desk *desk = xcalloc(1, sizeof(*desk));
	desk->db = db;
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		desk->st[i] = db_prepare(db, "act", sql[i]);
	return desk;
}

void act_desk_destroy(struct act_desk *desk)
{
	if (!desk)
		return;
	free(desk->message);
	free(desk);
}

void act_begin(struct act *act)
{
	unsigned char bits[ACT_ID_LEN / 2];
	ssize_t got = getrandom(bits, sizeof(bits), 0);
	assert(got == (ssize_t)sizeof(bits)); /* so few are never cut short */
	for (size_t i = 0; i < sizeof(bits); i++) {
		static const char digits[] = "0123456789abcdef";
		act->id[2 * i] = digits[bits[i] >> 4];
		act->id[2 * i + 1] = digits[bits[i] & 15];
	}
	act->id[ACT_ID_LEN] = '\0';
	act->undone_up_to = 0;
}

const char *act_message(const struct act_desk *desk)
{
	return desk->message ? desk->message : "";
}

int64_t act_skipped(const struct act_result *result)
{
	return result->counts[ACT_ON_WIRE] + result->counts[ACT_MOVED_ON] +
	       result->counts[ACT_WRONG_STATE] + result->counts[ACT_GONE];
}

const char *act_action_name(enum act_action action)
{
	static const char *const names[] = {
		[ACT_RETRY] = "retry",	 [ACT_EDIT] = "edit",
		[ACT_CANCEL] = "cancel", [ACT_PAUSE] = "pause",
		[ACT_RESUME] = "resume", [ACT_UNDO] = "undo",
	};
	_Static_assert(ARRAY_LEN(names) == ACT_ACTION_COUNT, "all named");
	return names[action];
}

const char *act_fate_name(enum act_fate fate)
{
	static const char *const names[] = {
		[ACT_UNTOUCHED] = "untouched",	   [ACT_CHANGED] = "changed",
		[ACT_ON_WIRE] = "on the wire",	   [ACT_MOVED_ON] = "moved on",
		[ACT_WRONG_STATE] = "wrong state", [ACT_GONE] = "gone",
		[ACT_FAILED] = "failed",
	};
	_Static_assert(ARRAY_LEN(names) == ACT_FATE_COUNT, "all named");
	return names[fate];
}
