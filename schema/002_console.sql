-- Version 2: what the console asks of the outbox again and again stands in the
-- order of an index, so that a backlog of a million rows opens as fast as ten.
--
-- Neither index begins with `status`: SQLite would then take it for any
-- statement and trigger with status = 'pending', in place of the one that was
-- made for it.

-- All that waits, by the time that it is due, whatever its channel and priority
-- and whomever it waits for.
CREATE INDEX outbox_agenda ON outbox (due_at)
  WHERE status = 'pending';

-- The same by id: the oldest, and how many there are of each channel. For those
-- on the wire there is outbox_sending.
CREATE INDEX outbox_pending ON outbox (id)
  WHERE status = 'pending';
