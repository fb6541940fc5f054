#include "relay/store.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "relay/store_internal.h"

#include <stdlib.h>

/* CRM connections checkpoint by themselves at 1,000 pages; ours comes long
 * before, so that theirs, which is not safe on every SQLite, seldom does. An
 * INSERT takes some seven pages. */
enum { CHECKPOINT_PAGES = 200 };

/* clang-format off */
static const char *const sql[] = {
	[CANDIDATES] =
		"SELECT id, recipient, ordering_key, expires_at, interrupted"
		"  FROM outbox"
		" WHERE channel = $channel"
		"   AND priority = $priority"
		"   AND status = 'pending'"
		"   AND waits_for IS NULL"
		"   AND due_at <= $now"
		" ORDER BY due_at, id"
		" LIMIT $limit",
	[EARLIER_IN_ORDER] =
		"SELECT id"
		"  FROM outbox"
		" WHERE ordering_key = $key"
		"   AND status IN ('pending', 'sending')"
		"   AND id < $id"
		" LIMIT 1",
	[EARLIER_DEAD] =
		"SELECT id"
		"  FROM outbox"
		" WHERE ordering_key = $key"
		"   AND status = 'failed'"
		"   AND id < $id"
		" LIMIT 1",
	[PARK] =
		"UPDATE outbox"
		"   SET waits_for = $for"
		" WHERE id = $id"
		"   AND status = 'pending'",
	[CANDIDATE] =
		"SELECT " MESSAGE_COLUMNS
		"  FROM outbox"
		" WHERE id = $id",
	[CLAIM] =
		"UPDATE outbox"
		"   SET status = 'sending',"
		"       version = version + 1,"
		"       lease_no = lease_no + 1,"
		"       lease_owner = $owner,"
		"       lease_until = $until,"
		"       updated_at = $now"
		" WHERE id IN (SELECT value FROM json_each($ids))"
		"   AND status = 'pending'",
	[EXPIRE] =
		"UPDATE outbox"
		"   SET status = 'expired',"
		"       version = version + 1,"
		"       waits_for = NULL,"
		"       last_reason = 'expired',"
		"       updated_at = $now"
		" WHERE id = $id"
		"   AND status = 'pending'",
	[EXPIRED] =
		"SELECT id"
		"  FROM outbox"
		" WHERE status = 'pending'"
		"   AND expires_at <= $now"
		" ORDER BY expires_at"
		" LIMIT $limit",
	[NEXT_EXPIRY] =
		"SELECT min(expires_at)"
		"  FROM outbox"
		" WHERE status = 'pending'"
		"   AND expires_at IS NOT NULL",
	[NEXT_DUE] =
		"SELECT due_at"
		"  FROM outbox"
		" WHERE channel = $channel"
		"   AND priority = $priority"
		"   AND status = 'pending'"
		"   AND waits_for IS NULL"
		" ORDER BY due_at, id"
		" LIMIT 1",
	[SETTLE] =
		"UPDATE outbox"
		"   SET status = $status,"
		"       version = version + 1,"
		"       due_at = $due,"
		"       attempts = $attempts,"
		"       unknowns = $unknowns,"
		"       interrupted = $interrupted,"
		"       lease_owner = NULL,"
		"       lease_until = NULL,"
		"       last_reason = $reason,"
		"       last_error = $error,"
		"       updated_at = $now,"
		"       delivered_at = CASE $status"
		"                      WHEN 'delivered' THEN $now END"
		" WHERE id = $id"
		"   AND status = 'sending'"
		"   AND lease_no = $lease",
	/* $leases is {"id": lease_no, ...} */
	[DELIVER] =
		"UPDATE outbox"
		"   SET status = 'delivered',"
		"       version = version + 1,"
		"       attempts = attempts + 1,"
		"       interrupted = 0,"
		"       lease_owner = NULL,"
		"       lease_until = NULL,"
		"       last_reason = NULL,"
		"       last_error = NULL,"
		"       updated_at = $now,"
		"       delivered_at = $now"
		"  FROM (SELECT CAST(key AS INTEGER) AS id,"
		"               value AS lease_no"
		"          FROM json_each($leases)) AS held"
		" WHERE outbox.id = held.id"
		"   AND outbox.status = 'sending'"
		"   AND outbox.lease_no = held.lease_no",
	[ATTEMPT] =
		"INSERT INTO outbox_attempt"
		" (outbox_id, lease_no, request_no, generation, started_at,"
		"  duration_us, stage, outcome, code, reason, http_status,"
		"  answer)"
		" VALUES ($id, $lease, $request, $generation, $started,"
		"  $duration, $stage, $outcome, $code, $reason, $http, $answer)"
		" ON CONFLICT DO NOTHING",
	[RELEASE] =
		"UPDATE outbox"
		"   SET status = 'pending',"
		"       version = version + 1,"
		"       interrupted = interrupted + $interrupted,"
		"       lease_owner = NULL,"
		"       lease_until = NULL,"
		"       last_reason = CASE WHEN $interrupted"
		"                     THEN 'interrupted' ELSE last_reason END,"
		"       updated_at = $now"
		" WHERE id = $id"
		"   AND status = 'sending'"
		"   AND lease_no = $lease",
	[COUNT_SENDING] =
		"SELECT count(*)"
		"  FROM outbox"
		" WHERE status = 'sending'",
	[RECOVER] =
		"UPDATE outbox"
		"   SET status = 'pending',"
		"       version = version + 1,"
		"       interrupted = interrupted + 1,"
		"       lease_owner = NULL,"
		"       lease_until = NULL,"
		"       last_reason = 'interrupted',"
		"       updated_at = $now"
		" WHERE status = 'sending'",
	[RECOVER_ALONE] =
		"UPDATE outbox"
		"   SET status = 'failed',"
		"       version = version + 1,"
		"       interrupted = interrupted + 1,"
		"       lease_owner = NULL,"
		"       lease_until = NULL,"
		"       last_reason = 'kills-relay',"
		"       updated_at = $now"
		" WHERE status = 'sending'"
		"   AND interrupted >= $suspect",
	[BEAT] =
		"INSERT INTO outbox_relay"
		" (owner, pid, host, version, state, started_at, beat_at,"
		"  beat_every_ms, settings_generation, on_wire)"
		" VALUES ($owner, $pid, $host, $version, $state, $started,"
		"  $now, $every, $generation, $wire)"
		" ON CONFLICT (owner) DO UPDATE"
		"   SET state = excluded.state,"
		"       beat_at = excluded.beat_at,"
		"       beat_every_ms = excluded.beat_every_ms,"
		"       settings_generation = excluded.settings_generation,"
		"       on_wire = excluded.on_wire",
	[FORGET_RELAYS] =
		"DELETE FROM outbox_relay"
		" WHERE owner <> $owner",
	[NEXT_CHANNEL] =
		"SELECT min(name)"
		"  FROM outbox_channel"
		" WHERE name > $after",
	[READ_CHANNEL] =
		"SELECT state = 'paused', resume_wanted, minute_start,"
		"       minute_used, day_start, day_used"
		"  FROM outbox_channel"
		" WHERE name = $name",
	[READ_TROUBLE] =
		"SELECT reason, detail, state_since"
		"  FROM outbox_channel"
		" WHERE name = $name"
		"   AND state = 'held'",
	[SAVE_STATE] =
		"UPDATE outbox_channel"
		"   SET state = $state,"
		"       reason = $reason,"
		"       detail = $detail,"
		"       state_since = $since,"
		"       state_until = $until,"
		"       state_by = 'relay',"
		"       resume_wanted = 0"
		" WHERE name = $name"
		"   AND state <> 'paused'",
	[SAVE_BUDGET] =
		"UPDATE outbox_channel"
		"   SET minute_start = $minute,"
		"       minute_used = $minute_used,"
		"       day_start = $day,"
		"       day_used = $day_used"
		" WHERE name = $name",
	[SAVE_TALLY] =
		"INSERT INTO outbox_minute"
		" (minute, channel, delivered, retried, unknown, deferred,"
		"  rejected, latency)"
		" VALUES ($minute, $channel, $delivered, $retried, $unknown,"
		"  $deferred, $rejected, $latency)"
		" ON CONFLICT (minute, channel) DO UPDATE"
		"   SET delivered = delivered + excluded.delivered,"
		"       retried = retried + excluded.retried,"
		"       unknown = unknown + excluded.unknown,"
		"       deferred = deferred + excluded.deferred,"
		"       rejected = rejected + excluded.rejected,"
		"       latency ="
		"       (SELECT json_group_array(sum)"
		"          FROM (SELECT a.value + b.value AS sum"
		"                  FROM json_each(outbox_minute.latency) AS a"
		"                  JOIN json_each(excluded.latency) AS b"
		"                    ON a.key = b.key"
		"                 ORDER BY a.key))",
	[MOVE_RETRIES] =
		"UPDATE outbox"
		"   SET due_at = due_at + $by,"
		"       updated_at = $mark"
		" WHERE id IN"
		"       (SELECT id"
		"          FROM outbox"
		"         WHERE status = 'pending'"
		"           AND due_at > $from"
		"           AND updated_at NOT BETWEEN $mark AND $now"
		"           AND (attempts > 0"
		"                OR (version > 0 AND due_at <= $mark - $by)"
		"                OR (created_at > $mark"
		"                    AND due_at <= created_at))"
		"         LIMIT $limit)",
	[ADOPT_CHANNEL] =
		"INSERT INTO outbox_channel"
		" (name, kind, life_ms, max_attempts, max_at_once,"
		"  max_per_second, max_per_minute, max_per_day, is_order_held)"
		" VALUES ($name, $kind, $life, $attempts, $at_once,"
		"  $second, $minute, $day, $hold)"
		" ON CONFLICT (name) DO UPDATE"
		"   SET kind = excluded.kind,"
		"       life_ms = excluded.life_ms,"
		"       max_attempts = excluded.max_attempts,"
		"       max_at_once = excluded.max_at_once,"
		"       max_per_second = excluded.max_per_second,"
		"       max_per_minute = excluded.max_per_minute,"
		"       max_per_day = excluded.max_per_day,"
		"       is_order_held = excluded.is_order_held",
	[ADOPT_FORGET_ROUTES] =
		"DELETE FROM outbox_route",
	[ADOPT_ROUTE] =
		"INSERT INTO outbox_route (type, channel, recipient_path)"
		" VALUES ($type, $channel, $path)",
	/* Where dead letters hold no key any more, nothing else would bring those
	 * back that wait for one; the claim parks again who still has to. */
	[ADOPT_RELEASE] =
		"UPDATE outbox"
		"   SET waits_for = NULL"
		" WHERE id IN"
		"       (SELECT (SELECT w.id"
		"                  FROM outbox AS w"
		"                 WHERE w.ordering_key = f.ordering_key"
		"                   AND w.status IN ('pending', 'sending')"
		"                   AND w.status = 'pending'"
		"                   AND w.waits_for = 'order'"
		"                 ORDER BY w.id"
		"                 LIMIT 1)"
		"          FROM (SELECT DISTINCT ordering_key"
		"                  FROM outbox"
		"                 WHERE ordering_key IS NOT NULL"
		"                   AND status = 'failed') AS f)",
	[LOG] =
		"INSERT INTO outbox_log (at, level, event, fields)"
		" VALUES ($at, $level, $event, $fields)",
	[LOAD_META] =
		"SELECT CAST(value AS INTEGER)"
		"  FROM outbox_meta"
		" WHERE key = $key",
	[SAVE_META] =
		"INSERT INTO outbox_meta (key, value)"
		" VALUES ($key, CAST($value AS TEXT))"
		" ON CONFLICT (key) DO UPDATE SET value = excluded.value",
};
/* clang-format on */
#define NAME(name) #name,
static const char *const names[] = {STORE_STATEMENTS(NAME)};
#undef NAME
_Static_assert(ARRAY_LEN(sql) == STORE_STATEMENT_COUNT, "a text for each");

struct store *store_create(struct db *db, struct db *helper, const char *owner)
{
	struct store *s = xcalloc(1, sizeof(*s));
	s->db = db;
	s->helper = helper;
	s->owner = xstrdup(owner);
	s->started_at_ms = clock_wall_ms();
	s->reroute = reroute_create(db);
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		s->st[i] = db_prepare(db, names[i], sql[i]);
	return s;
}

void store_destroy(struct store *s)
{
	if (!s)
		return;
	reroute_destroy(s->reroute);
	free(s->owner);
	free(s);
}

struct db *store_db(struct store *s)
{
	return s->db;
}

int store_begin(struct store *s)
{
	return db_begin_at(s->db, "store_begin");
}

int store_commit(struct store *s)
{
	return db_commit(s->db);
}

void store_rollback(struct store *s)
{
	db_rollback(s->db);
}

int store_reroute(struct store *s, enum reroute_state *state_out)
{
	return reroute_step(s->reroute, state_out);
}

int store_checkpoint(struct store *s, int64_t *left_out)
{
	*left_out = 0;
	if (db_wal_pages(s->db) < CHECKPOINT_PAGES)
		return 0;
	return db_checkpoint(s->db, s->helper, left_out);
}

int64_t store_generation(const struct store *s)
{
	return s->settings_generation;
}
