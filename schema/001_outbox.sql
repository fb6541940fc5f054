-- The outbox: version 1 of the tables that the CRM, the relay and the console
-- share. Everything is named outbox or outbox_*; in a shared file every other
-- name, and PRAGMA user_version, belong to the CRM.
--
-- Times are integer milliseconds since 1970-01-01 UTC. The statements and
-- triggers here must run in a CRM whose own SQLite is as old as 3.38.
--
-- What a CRM may write is checked in triggers with RAISE(ABORT), because INSERT
-- OR IGNORE silently swallows a failed CHECK or NOT NULL, never an ABORT. The
-- CHECKs repeat the invariants for whoever edits the file past the triggers.
--
-- Where a row's every change looks, a list of three and more is written with OR:
-- SQLite makes a table in memory for an IN of that length, each time.

CREATE TABLE outbox_meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row a channel that the settings name; `state` is what the relay does with
-- it now, and why. The rest mirrors the settings for whoever looks.
CREATE TABLE outbox_channel (
  name           TEXT PRIMARY KEY,
  kind           TEXT NOT NULL,
  state          TEXT NOT NULL DEFAULT 'open'
                 CHECK (state IN ('open', 'held', 'paused')),
  reason         TEXT,              -- reason id while held
  detail         TEXT,              -- what was answered, or why it was paused
  state_since    INTEGER,
  state_until    INTEGER,           -- next probe, or the end of the wait
  state_by       TEXT,              -- 'relay', or the operator who paused it
  resume_wanted  INTEGER NOT NULL DEFAULT 0, -- an operator's "probe at once"
  life_ms        INTEGER,           -- default expires_at - due_at; NULL: none
  max_attempts   INTEGER NOT NULL DEFAULT 10,
  max_at_once    INTEGER NOT NULL DEFAULT 16,
  max_per_second INTEGER,           -- NULL: no limit, here and below
  max_per_minute INTEGER,
  max_per_day    INTEGER,
  is_order_held  INTEGER NOT NULL DEFAULT 0, -- a dead letter holds its key
  minute_start   INTEGER,           -- the minute and the day (Shanghai's) that
  minute_used    INTEGER NOT NULL DEFAULT 0, -- the two counters speak of
  day_start      INTEGER,
  day_used       INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- type -> channel, and where in the payload the recipient stands. '*' is the
-- route of every type that has none of its own.
CREATE TABLE outbox_route (
  type           TEXT PRIMARY KEY,
  channel        TEXT NOT NULL,
  recipient_path TEXT NOT NULL DEFAULT '$.assignedToId'
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  -- Never used again after a delete (AUTOINCREMENT), but a restored backup can
  -- bring ids back: the outside world is told event_id instead.
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id     TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),

  -- The CRM's. Only type and payload are needed.
  channel      TEXT,                -- NULL: by outbox_route, at once
  type         TEXT NOT NULL,
  payload      TEXT NOT NULL,       -- a JSON object, sent byte for byte
  recipient    TEXT,                -- NULL: by outbox_route, at once
  ordering_key TEXT,
  dedup_key    TEXT UNIQUE,
  priority     INTEGER NOT NULL DEFAULT 4 CHECK (priority BETWEEN 0 AND 9),
  due_at       INTEGER NOT NULL DEFAULT
    (CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER))
               CHECK (due_at BETWEEN 1000000000000 AND 99999999999999),
  expires_at   INTEGER              -- NULL: due_at + the channel's life_ms
               CHECK (expires_at BETWEEN 1000000000000 AND 99999999999999),
  max_attempts INTEGER,             -- NULL: the channel's

  -- The relay's and the operators'.
  status       TEXT NOT NULL DEFAULT 'pending'
               CHECK (status = 'pending' OR status = 'sending'
                   OR status = 'delivered' OR status = 'failed'
                   OR status = 'expired' OR status = 'cancelled'),
  waits_for    TEXT CHECK (waits_for IN ('recipient', 'order')),
  attempts     INTEGER NOT NULL DEFAULT 0, -- in this generation, as are the
  unknowns     INTEGER NOT NULL DEFAULT 0, -- outcomes that stayed unknown
  interrupted  INTEGER NOT NULL DEFAULT 0, -- relay died with it on the wire
  generation   INTEGER NOT NULL DEFAULT 1, -- one more with each retry by hand
  version      INTEGER NOT NULL DEFAULT 0, -- one more with each transition
  lease_owner  TEXT,
  lease_until  INTEGER,
  lease_no     INTEGER NOT NULL DEFAULT 0, -- the fencing number of the claim
  last_reason  TEXT,                -- reason id
  last_error   TEXT,
  created_at   INTEGER NOT NULL DEFAULT
    (CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)),
  updated_at   INTEGER NOT NULL DEFAULT
    (CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)),
  delivered_at INTEGER
) STRICT;

-- What may be claimed: one seek a channel and priority. Rows that wait for
-- another row (waits_for) are out of it until that row settles.
CREATE INDEX outbox_due ON outbox (channel, priority, due_at, id)
  WHERE status = 'pending' AND waits_for IS NULL;
CREATE INDEX outbox_waiting ON outbox (recipient, channel, priority DESC, due_at, id)
  WHERE status = 'pending' AND waits_for = 'recipient';
CREATE INDEX outbox_order ON outbox (ordering_key, id)
  WHERE ordering_key IS NOT NULL AND status IN ('pending', 'sending');
CREATE INDEX outbox_order_failed ON outbox (ordering_key, id)
  WHERE ordering_key IS NOT NULL AND status = 'failed';
CREATE INDEX outbox_sending ON outbox (id)
  WHERE status = 'sending';
CREATE INDEX outbox_expiry ON outbox (expires_at)
  WHERE status = 'pending' AND expires_at IS NOT NULL;
CREATE INDEX outbox_delivered ON outbox (delivered_at)
  WHERE status = 'delivered';
CREATE INDEX outbox_settled ON outbox (status, updated_at)
  WHERE status = 'failed' OR status = 'expired' OR status = 'cancelled';

-- One row a request that was made, or could not be made.
CREATE TABLE outbox_attempt (
  outbox_id   INTEGER NOT NULL,
  lease_no    INTEGER NOT NULL,
  request_no  INTEGER NOT NULL,     -- 2: again with a fresh token
  generation  INTEGER NOT NULL,
  started_at  INTEGER NOT NULL,
  duration_us INTEGER NOT NULL,
  stage       TEXT NOT NULL,
  outcome     TEXT NOT NULL,
  code        INTEGER NOT NULL,
  reason      TEXT NOT NULL,
  http_status INTEGER NOT NULL,
  answer      TEXT,                 -- bounded, cleaned and redacted
  PRIMARY KEY (outbox_id, lease_no, request_no)
) STRICT, WITHOUT ROWID;

-- Payloads that an edit replaced.
CREATE TABLE outbox_revision (
  outbox_id   INTEGER NOT NULL,
  generation  INTEGER NOT NULL,
  payload     TEXT NOT NULL,
  replaced_at INTEGER NOT NULL,
  act         TEXT NOT NULL,        -- outbox_audit.act
  PRIMARY KEY (outbox_id, generation)
) STRICT, WITHOUT ROWID;

-- One row a relay process.
CREATE TABLE outbox_relay (
  owner               TEXT PRIMARY KEY,
  pid                 INTEGER NOT NULL,
  host                TEXT NOT NULL,
  version             TEXT NOT NULL,
  state               TEXT NOT NULL
                      CHECK (state IN ('running', 'draining', 'stopped')),
  started_at          INTEGER NOT NULL,
  beat_at             INTEGER NOT NULL,
  beat_every_ms       INTEGER NOT NULL,
  settings_generation INTEGER NOT NULL,
  on_wire             INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_log (
  id     INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  level  TEXT NOT NULL,
  event  TEXT NOT NULL,
  fields TEXT NOT NULL              -- logfmt
) STRICT;

-- Who did what to which rows, from where, why. Never deleted.
CREATE TABLE outbox_audit (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  act     TEXT NOT NULL,            -- the same for all batches of one act
  at      INTEGER NOT NULL,
  action  TEXT NOT NULL,
  who     TEXT NOT NULL,
  uid     INTEGER NOT NULL,
  tty     TEXT,
  origin  TEXT,                     -- where an ssh session came from
  filter  TEXT,
  fence   INTEGER,                  -- rows above this id were left out
  reason  TEXT,
  changed INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  ids     TEXT                      -- JSON array
) STRICT;
CREATE INDEX outbox_audit_act ON outbox_audit (act);

-- Counts of one channel in one minute, for charts; `latency` is a JSON array of
-- counts in buckets of created_at -> delivered_at: bucket n holds what took
-- less than 2^n milliseconds and not less than half of that.
CREATE TABLE outbox_minute (
  minute    INTEGER NOT NULL,       -- when it began
  channel   TEXT NOT NULL,
  delivered INTEGER NOT NULL,
  retried   INTEGER NOT NULL,
  unknown   INTEGER NOT NULL,
  deferred  INTEGER NOT NULL,
  rejected  INTEGER NOT NULL,
  latency   TEXT NOT NULL,
  PRIMARY KEY (minute, channel)
) STRICT, WITHOUT ROWID;

-- What a CRM gets wrong is refused here, in its own transaction, and said.
CREATE TRIGGER outbox_insert_check BEFORE INSERT ON outbox
BEGIN
  SELECT CASE
    WHEN NEW.type IS NULL OR trim(NEW.type, char(9, 10, 13, 32)) = '' THEN RAISE(ABORT,
      'outbox.type is missing or empty: give the type of the notification, such as sendCustomerAssignNotify')
    WHEN NEW.payload IS NULL THEN RAISE(ABORT,
      'outbox.payload is missing: give a JSON object')
    WHEN length(CAST(NEW.payload AS BLOB)) > 65536 THEN RAISE(ABORT,
      'outbox.payload is larger than 65536 bytes: send an id and let the receiver look the rest up')
    WHEN instr(CAST(NEW.payload AS BLOB), x'00') > 0
      OR NOT json_valid(NEW.payload) THEN RAISE(ABORT,
      'outbox.payload is not valid JSON: give the text of a JSON object')
    WHEN json_type(NEW.payload) <> 'object' THEN RAISE(ABORT,
      'outbox.payload is JSON but no object: give {...}, not an array, text, number or null')
    WHEN NEW.channel IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM outbox_channel WHERE name = NEW.channel)
      THEN RAISE(ABORT,
      'outbox.channel is unknown: leave it out, or give a name that is in outbox_channel')
    WHEN NEW.channel IS NULL
      AND NOT EXISTS (SELECT 1 FROM outbox_route WHERE type IN (NEW.type, '*'))
      THEN RAISE(ABORT,
      'outbox.channel is missing and outbox_route has no row for the type: run outbox-relay init')
    WHEN NEW.status IS NOT 'pending' THEN RAISE(ABORT,
      'outbox.status of a new row can only be pending: leave it out')
    WHEN NEW.due_at IS NULL THEN RAISE(ABORT,
      'outbox.due_at is NULL: leave it out for now, or give milliseconds since 1970')
    WHEN NEW.due_at < 1000000000000 THEN RAISE(ABORT,
      'outbox.due_at is too small: it looks like seconds, outbox times are milliseconds since 1970 (multiply by 1000)')
    WHEN NEW.due_at >= 100000000000000 THEN RAISE(ABORT,
      'outbox.due_at is too large: it looks like microseconds, outbox times are milliseconds since 1970 (divide by 1000)')
    WHEN NEW.expires_at < 1000000000000 THEN RAISE(ABORT,
      'outbox.expires_at is too small: it looks like seconds, outbox times are milliseconds since 1970 (multiply by 1000)')
    WHEN NEW.expires_at >= 100000000000000 THEN RAISE(ABORT,
      'outbox.expires_at is too large: it looks like microseconds, outbox times are milliseconds since 1970 (divide by 1000)')
    WHEN NEW.priority IS NULL OR NEW.priority NOT BETWEEN 0 AND 9 THEN RAISE(ABORT,
      'outbox.priority must be an integer from 0 (can wait) to 9 (first): leave it out for 4')
    WHEN NEW.max_attempts NOT BETWEEN 1 AND 100 THEN RAISE(ABORT,
      'outbox.max_attempts must be from 1 to 100: leave it out for the channel''s own')
    WHEN NEW.dedup_key = '' THEN RAISE(ABORT,
      'outbox.dedup_key is empty: every row with an empty key would count as the same one; give a key, or NULL')
    WHEN NEW.ordering_key = '' THEN RAISE(ABORT,
      'outbox.ordering_key is empty: every row with an empty key would wait for the others; give a key, or NULL')
    WHEN NEW.recipient = '' THEN RAISE(ABORT,
      'outbox.recipient is empty: give the recipient, or NULL to have it read from the payload')
    WHEN NEW.event_id IS NULL OR length(NEW.event_id) <> 32
      OR NEW.event_id GLOB '*[^0-9a-f]*' THEN RAISE(ABORT,
      'outbox.event_id must be 32 lower-case hexadecimal digits: leave it out')
    WHEN NEW.created_at IS NULL
      OR NEW.created_at NOT BETWEEN 1000000000000 AND 99999999999999
      OR NEW.updated_at IS NULL
      OR NEW.updated_at NOT BETWEEN 1000000000000 AND 99999999999999
      THEN RAISE(ABORT,
      'outbox.created_at and outbox.updated_at are milliseconds since 1970: leave them out')
    WHEN NEW.attempts IS NOT 0 OR NEW.unknowns IS NOT 0
      OR NEW.interrupted IS NOT 0 OR NEW.generation IS NOT 1
      OR NEW.version IS NOT 0 OR NEW.lease_no IS NOT 0
      OR NEW.waits_for IS NOT NULL OR NEW.lease_owner IS NOT NULL
      OR NEW.lease_until IS NOT NULL OR NEW.last_reason IS NOT NULL
      OR NEW.last_error IS NOT NULL OR NEW.delivered_at IS NOT NULL
      THEN RAISE(ABORT,
      'outbox.attempts, unknowns, interrupted, generation, version, waits_for, lease_*, last_* and delivered_at are the relay''s: leave them out')
  END;
END;

-- Fills what the CRM left to the route and the channel, so that claims and the
-- console can see it.
CREATE TRIGGER outbox_insert_route AFTER INSERT ON outbox
BEGIN
  UPDATE outbox
     SET channel = coalesce(NEW.channel, r.channel),
         recipient = coalesce(NEW.recipient,
           CASE json_type(NEW.payload, r.recipient_path)
             WHEN 'text' THEN
               nullif(substr(json_extract(NEW.payload, r.recipient_path), 1, 256), '')
             WHEN 'integer' THEN
               CAST(json_extract(NEW.payload, r.recipient_path) AS TEXT)
           END),
         expires_at = coalesce(NEW.expires_at, min(99999999999999, NEW.due_at +
           (SELECT life_ms FROM outbox_channel
             WHERE name = coalesce(NEW.channel, r.channel))))
    FROM (SELECT channel, recipient_path
            FROM outbox_route
           WHERE type IN (NEW.type, '*')
           ORDER BY type = '*'
           LIMIT 1) AS r
   WHERE outbox.id = NEW.id;
END;

-- A transition carries version + 1. The one exception is the CRM's own way to
-- take a row back; a slip in the CRM cannot mark rows delivered.
CREATE TRIGGER outbox_update_state BEFORE UPDATE OF status, version ON outbox
WHEN ((NEW.version = OLD.version + 1 AND (
            (OLD.status = 'pending' AND NEW.status <> 'delivered')
         OR (OLD.status = 'sending'
             AND NEW.status <> 'sending' AND NEW.status <> 'cancelled')
         OR (OLD.status <> 'pending' AND OLD.status <> 'sending'
             AND OLD.status <> 'delivered'
             AND (NEW.status = 'pending' OR NEW.status = 'cancelled'))))
    OR (NEW.version = OLD.version AND NEW.status = OLD.status)
    OR (NEW.version = OLD.version
        AND OLD.status = 'pending' AND NEW.status = 'cancelled'))
  IS NOT TRUE
BEGIN
  SELECT CASE
    WHEN OLD.status = 'sending' AND NEW.status = 'cancelled' THEN RAISE(ABORT,
      'outbox.status cannot become cancelled while the row is being sent: try again when it has been answered')
    WHEN NEW.version = OLD.version THEN RAISE(ABORT,
      'outbox.status is the relay''s: a CRM may only change pending to cancelled')
    ELSE RAISE(ABORT,
      'outbox.status and outbox.version do not allow this transition')
  END;
END;

CREATE TRIGGER outbox_update_fixed BEFORE UPDATE OF id, event_id, created_at ON outbox
WHEN NEW.id IS NOT OLD.id OR NEW.event_id IS NOT OLD.event_id
  OR NEW.created_at IS NOT OLD.created_at
BEGIN
  SELECT RAISE(ABORT, 'outbox.id, event_id and created_at never change');
END;

CREATE TRIGGER outbox_update_payload BEFORE UPDATE OF type, payload ON outbox
WHEN NEW.payload IS NOT OLD.payload OR NEW.type IS NOT OLD.type
BEGIN
  SELECT CASE
    WHEN NEW.version IS NOT OLD.version + 1 OR OLD.status = 'sending'
      THEN RAISE(ABORT,
      'outbox.type and outbox.payload do not change in place: cancel the row and insert another, or edit it in the console')
    WHEN length(CAST(NEW.payload AS BLOB)) > 65536 THEN RAISE(ABORT,
      'outbox.payload is larger than 65536 bytes: send an id and let the receiver look the rest up')
    WHEN instr(CAST(NEW.payload AS BLOB), x'00') > 0
      OR NOT json_valid(NEW.payload) THEN RAISE(ABORT,
      'outbox.payload is not valid JSON: give the text of a JSON object')
    WHEN json_type(NEW.payload) <> 'object' THEN RAISE(ABORT,
      'outbox.payload is JSON but no object: give {...}, not an array, text, number or null')
    WHEN trim(NEW.type, char(9, 10, 13, 32)) = '' THEN RAISE(ABORT,
      'outbox.type is missing or empty: give the type of the notification, such as sendCustomerAssignNotify')
  END;
END;

-- The CRM took a row back: the version it did not carry, and the words.
CREATE TRIGGER outbox_update_cancelled AFTER UPDATE OF status ON outbox
WHEN NEW.status = 'cancelled' AND OLD.status = 'pending'
 AND NEW.version = OLD.version
BEGIN
  UPDATE outbox
     SET version = version + 1,
         waits_for = NULL,
         last_reason = 'cancelled-by-crm',
         updated_at = CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)
   WHERE id = NEW.id;
END;

-- A row has left the wire or the queue: the best of those that wait for its
-- recipient may be claimed, one a channel, because another channel may be held,
-- and the first of those that wait for its key. The claim looks again and parks
-- them again where they still have to wait, so that one too many is released
-- here never matters, and one too few cannot happen.
--
-- Most rows have nobody waiting: then only the WHEN is looked at, and SQLite is
-- spared the table in memory that an IN costs it.
CREATE TRIGGER outbox_release_recipient AFTER UPDATE OF status ON outbox
WHEN NEW.status <> OLD.status AND NEW.status <> 'sending'
 AND EXISTS (SELECT 1 FROM outbox
              WHERE status = 'pending' AND waits_for = 'recipient'
                AND recipient = NEW.recipient)
BEGIN
  UPDATE outbox
     SET waits_for = NULL
   WHERE id IN (SELECT (SELECT w.id FROM outbox AS w
                         WHERE w.status = 'pending' AND w.waits_for = 'recipient'
                           AND w.recipient = NEW.recipient AND w.channel = c.name
                         ORDER BY w.priority DESC, w.due_at, w.id
                         LIMIT 1)
                  FROM outbox_channel AS c);
END;

CREATE TRIGGER outbox_release_order AFTER UPDATE OF status ON outbox
WHEN NEW.status <> OLD.status AND NEW.status <> 'sending'
 AND NEW.ordering_key IS NOT NULL
BEGIN
  UPDATE outbox
     SET waits_for = NULL
   WHERE id = (SELECT id FROM outbox
                WHERE ordering_key = NEW.ordering_key
                  AND status IN ('pending', 'sending')
                  AND status = 'pending' AND waits_for = 'order'
                ORDER BY id
                LIMIT 1);
END;

-- A row that waits for its key no longer stands for its recipient's others.
CREATE TRIGGER outbox_release_parked AFTER UPDATE OF waits_for ON outbox
WHEN NEW.waits_for = 'order' AND OLD.waits_for IS NULL
BEGIN
  UPDATE outbox
     SET waits_for = NULL
   WHERE id IN (SELECT (SELECT w.id FROM outbox AS w
                         WHERE w.status = 'pending' AND w.waits_for = 'recipient'
                           AND w.recipient = NEW.recipient AND w.channel = c.name
                         ORDER BY w.priority DESC, w.due_at, w.id
                         LIMIT 1)
                  FROM outbox_channel AS c);
END;

-- A pending row was changed so that it no longer stands for those that wait, or
-- waits for the wrong ones itself.
CREATE TRIGGER outbox_release_changed
AFTER UPDATE OF channel, recipient, ordering_key, due_at ON outbox
WHEN OLD.status = 'pending' AND NEW.status = 'pending'
 AND ((OLD.channel IS NOT NULL AND NEW.channel IS NOT OLD.channel)
   OR (OLD.recipient IS NOT NULL AND NEW.recipient IS NOT OLD.recipient)
   OR (OLD.ordering_key IS NOT NULL AND NEW.ordering_key IS NOT OLD.ordering_key)
   OR NEW.due_at > OLD.due_at)
BEGIN
  UPDATE outbox SET waits_for = NULL WHERE id = NEW.id;
  UPDATE outbox
     SET waits_for = NULL
   WHERE id IN (SELECT (SELECT w.id FROM outbox AS w
                         WHERE w.status = 'pending' AND w.waits_for = 'recipient'
                           AND w.recipient = OLD.recipient AND w.channel = c.name
                         ORDER BY w.priority DESC, w.due_at, w.id
                         LIMIT 1)
                  FROM outbox_channel AS c);
  UPDATE outbox
     SET waits_for = NULL
   WHERE OLD.ordering_key IS NOT NULL
     AND id = (SELECT id FROM outbox
                WHERE ordering_key = OLD.ordering_key
                  AND status IN ('pending', 'sending')
                  AND status = 'pending' AND waits_for = 'order'
                ORDER BY id
                LIMIT 1);
END;

CREATE TRIGGER outbox_delete_check BEFORE DELETE ON outbox
WHEN OLD.status IN ('pending', 'sending')
BEGIN
  SELECT RAISE(ABORT,
    'outbox rows that are pending or sending are not deleted: set status to cancelled instead');
END;

CREATE TRIGGER outbox_delete_with AFTER DELETE ON outbox
BEGIN
  DELETE FROM outbox_attempt WHERE outbox_id = OLD.id;
  DELETE FROM outbox_revision WHERE outbox_id = OLD.id;
END;

-- A dead letter may hold those that wait for its key: the first one may go on.
CREATE TRIGGER outbox_release_deleted AFTER DELETE ON outbox
WHEN OLD.status = 'failed' AND OLD.ordering_key IS NOT NULL
BEGIN
  UPDATE outbox
     SET waits_for = NULL
   WHERE id = (SELECT id FROM outbox
                WHERE ordering_key = OLD.ordering_key
                  AND status IN ('pending', 'sending')
                  AND status = 'pending' AND waits_for = 'order'
                ORDER BY id
                LIMIT 1);
END;

CREATE TRIGGER outbox_route_insert_check BEFORE INSERT ON outbox_route
BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM outbox_channel WHERE name = NEW.channel)
      THEN RAISE(ABORT, 'outbox_route.channel is not in outbox_channel')
    -- A malformed path raises here, not in every INSERT of the CRM.
    WHEN json_set('{}', NEW.recipient_path, 1) IS NULL
      THEN RAISE(ABORT, 'outbox_route.recipient_path is no JSON path')
    -- What stands behind a [ is read only if there is an array.
    WHEN NEW.recipient_path GLOB '$*[[]*' AND instr(NEW.recipient_path, '"') = 0
      AND json_type(json_set('{}', substr(NEW.recipient_path, 1,
                                          instr(NEW.recipient_path, '[') - 1),
                             json('[[]]')), NEW.recipient_path) = ''
      THEN RAISE(ABORT, 'outbox_route.recipient_path is no JSON path')
  END;
END;

CREATE TRIGGER outbox_route_update_check BEFORE UPDATE ON outbox_route
BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT 1 FROM outbox_channel WHERE name = NEW.channel)
      THEN RAISE(ABORT, 'outbox_route.channel is not in outbox_channel')
    WHEN json_set('{}', NEW.recipient_path, 1) IS NULL
      THEN RAISE(ABORT, 'outbox_route.recipient_path is no JSON path')
    -- What stands behind a [ is read only if there is an array.
    WHEN NEW.recipient_path GLOB '$*[[]*' AND instr(NEW.recipient_path, '"') = 0
      AND json_type(json_set('{}', substr(NEW.recipient_path, 1,
                                          instr(NEW.recipient_path, '[') - 1),
                             json('[[]]')), NEW.recipient_path) = ''
      THEN RAISE(ABORT, 'outbox_route.recipient_path is no JSON path')
  END;
END;

INSERT INTO outbox_channel (name, kind, life_ms)
VALUES ('wechat-cloud', 'wechat-cloud', 86400000);
INSERT INTO outbox_route (type, channel) VALUES ('*', 'wechat-cloud');
INSERT INTO outbox_meta (key, value) VALUES ('version', '1');
