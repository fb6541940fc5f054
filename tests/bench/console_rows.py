"""An outbox of many rows for the console: written past the triggers, which are
put back, because a million rows as the CRM inserts them take minutes."""

import contextlib
import os

ROWS = """
WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
INSERT INTO outbox (channel, type, payload, recipient, priority, status,
                    attempts, version, last_reason, last_error, due_at,
                    expires_at, created_at, updated_at, delivered_at)
SELECT 'wechat-cloud', 'sendCustomerAssignNotify',
       json_object('assignedToId', 'user-' || i, 'customerName', '张三',
                   'source', '手动分配', 'assignerName', '李四',
                   'customerId', '66f2a1c0e4b0a1d2c3b4a601',
                   'assignTime', '2025-12-24T10:30:00.000Z'),
       'user-' || i, 4, status, status <> 'pending', 2 * (status <> 'pending'),
       CASE WHEN status = 'failed' THEN
         CASE i %% 3 WHEN 0 THEN 'recipient-refused'
                    WHEN 1 THEN 'function-rejected'
                    ELSE 'openid-invalid' END END,
       CASE WHEN status = 'failed' THEN
         'errcode 43101 for request ' || i || ', hint ' || (i %% 7) END,
       at, at + 86400000, at, at + 900,
       CASE WHEN status = 'delivered' THEN at + 900 END
  FROM (SELECT i, %(status)s AS status, ?3 - (?4 - i) * 60 AS at FROM n)"""

ATTEMPTS = """
INSERT INTO outbox_attempt
SELECT id, id, 1, 1, created_at, 40000, 'function',
       iif(status = 'failed', 'rejected', status), 0,
       coalesce(last_reason, 'delivered'), 200, '{"errcode":0}'
  FROM outbox WHERE status <> 'pending'"""

N = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"""

LOG = N + """
INSERT INTO outbox_log (id, at, level, event, fields)
SELECT i + 1, %d + i * 1000, iif(i %% 10, 'info', 'warn'), 'channel held',
       'channel=wechat-cloud reason=wechat-busy n=' || i
  FROM n"""

AUDIT = N + """
INSERT INTO outbox_audit (act, at, action, who, uid, tty, filter, fence,
                          reason, changed, skipped, ids)
SELECT printf('%%032x', i), %d + i * 60000, 'retry', 'root', 0, '/dev/pts/1',
       'err:43101', 1000, 'again', 100, 0, '[1,2,3]'
  FROM n"""

MINUTES = N + """
INSERT INTO outbox_minute
SELECT (%d / 60000 + i) * 60000, 'wechat-cloud', 40, 1, 0, 0, 12,
       '[0,0,0,0,0,1,9,20,8,2,0,0,0,0,0,0,0,0,0,0,0,0,0,0]'
  FROM n"""

# What each row became, as SQL over i and the count.
MIXES = {
    "pending": "'pending'",
    "delivered": "'delivered'",
    "failed": "CASE WHEN i %% 10 < 3 THEN 'failed'"
              " WHEN i > %(count)d - %(count)d / 100 THEN 'pending'"
              " ELSE 'delivered' END",
    "draining": "iif(i %% 10, 'pending', 'failed')",
}


def make(outbox, mix, count, now_ms):
    """Fills an outbox that is new; everything is in the file itself then."""
    status = MIXES[mix].replace("%(count)d", str(count)).replace("%%", "%")
    beside = (LOG, count // 10, 1000), (AUDIT, count // 200, 60000), \
        (MINUTES, 7 * 24 * 60, 60000)
    with contextlib.closing(outbox.open()) as db:
        db.execute("PRAGMA synchronous = OFF")
        triggers = db.execute("SELECT name, sql FROM sqlite_schema"
                              " WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        for begin in range(1, count + 1, 100000):
            end = min(begin + 100000, count + 1) - 1
            db.execute(ROWS % {"status": status}, (begin, end, now_ms, count))
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute(ATTEMPTS)
        for sql, length, every_ms in beside:
            db.execute(sql % (length, now_ms - length * every_ms))
        for _, sql in triggers:
            db.execute(sql)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        os.sync()


def forget(path):
    """Out of the page cache with it, as after a restart: what is written, and
    not mapped by anybody. No SQLite of this process has it open."""
    for name in (path, path + "-wal"):
        with contextlib.suppress(FileNotFoundError):
            fd = os.open(name, os.O_RDONLY)
            os.fsync(fd)
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(fd)


def remember(path):
    """Into the page cache."""
    with open(path, "rb") as f:
        while f.read(1 << 20):
            pass
