/* SQLite, the database, who may write it, whether a relay is there, and whether
 * its channels take rows. */
#include "relay/check.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "relay/share.h"
#include "schema/migrate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A beat is missed for a moment when the disk is slow. */
enum { BEATS_MISSED = 10, SILENT_MIN_MS = 30000 };

static void check_sqlite(struct check *c)
{
	bool is_fixed = db_sqlite_is_fixed(db_sqlite_version_number());
	CHECK_TELL(c, .finding = is_fixed ? CHECK_OK : CHECK_WARNING,
		   .topic = CHECK_TOPIC_SQLITE,
		   .text = is_fixed ? CHECK_WORDS : CHECK_SQLITE_OLD,
		   .args = {db_sqlite_version()},
		   .reason = is_fixed ? REASON_NONE : REASON_SQLITE_WAL_RESET);
}

static void check_sharing(struct check *c, const char *path)
{
	static const enum check_text texts[] = {
		[SHARE_PRIVATE] = CHECK_SHARING_PRIVATE,
		[SHARE_GROUP] = CHECK_SHARING_GROUP,
		[SHARE_BROKEN] = CHECK_WORDS,
	};
	scoped_buf what = {0};
	enum share_state state = share_look(path, &what);
	bool is_broken = state == SHARE_BROKEN;
	CHECK_TELL(c, .finding = is_broken ? CHECK_FAULT : CHECK_OK,
		   .topic = CHECK_TOPIC_SHARING, .text = texts[state],
		   .args = {buf_str(&what)},
		   .reason = is_broken ? REASON_DATABASE_HALF_SHARED
				       : REASON_NONE);
}

static void tell_good(struct check *c, const char *path)
{
	scoped_free char *version = xasprintf("%d", schema_version());
	bool is_writable = access(path, W_OK) == 0;
	CHECK_TELL(c, .finding = is_writable ? CHECK_OK : CHECK_FAULT,
		   .topic = CHECK_TOPIC_DATABASE,
		   .text = is_writable ? CHECK_DATABASE_GOOD
				       : CHECK_DATABASE_NOT_WRITABLE,
		   .args = {path, version},
		   .reason = is_writable ? REASON_NONE
					 : REASON_DATABASE_NOT_WRITABLE);
	check_sharing(c, path);
}

struct trouble {
	enum check_text text;
	enum reason reason;
};

static const struct trouble states[] = {
	[SCHEMA_MISSING] = {CHECK_DATABASE_WITHOUT_OUTBOX,
			    REASON_DATABASE_WITHOUT_OUTBOX},
	[SCHEMA_OLDER] = {CHECK_DATABASE_WITHOUT_OUTBOX,
			  REASON_DATABASE_WITHOUT_OUTBOX},
	[SCHEMA_NEWER] = {CHECK_DATABASE_NEWER, REASON_DATABASE_NEWER},
	[SCHEMA_FOREIGN] = {CHECK_DATABASE_FOREIGN, REASON_DATABASE_FOREIGN},
};

static const struct trouble missing = {CHECK_DATABASE_NOT_THERE,
				       REASON_DATABASE_NOT_THERE};
static const struct trouble locked = {CHECK_DATABASE_LOCKED,
				      REASON_DATABASE_LOCKED};
static const struct trouble unreadable = {CHECK_DATABASE_UNREADABLE,
					  REASON_DATABASE_UNREADABLE};

static void tell_bad(struct check *c, const char *path,
		     const struct trouble *trouble)
{
	CHECK_TELL(c, .finding = CHECK_FAULT, .topic = CHECK_TOPIC_DATABASE,
		   .text = trouble->text, .args = {path},
		   .reason = trouble->reason);
	c->is_relay_possible = trouble != &missing;
	db_close(steal(&c->db));
}

void check_database(struct check *c)
{
	check_sqlite(c);
	if (!c->is_loaded)
		return;
	const char *path = c->config.db_path;
	enum schema_state state = SCHEMA_CURRENT;
	int rc = db_open(&c->db, path, DB_READ, COMMAND_PATIENT_MS);
	if (rc == 0)
		rc = schema_look(c->db, &state);
	if (rc == DB_MISSING)
		tell_bad(c, path, &missing);
	else if (rc == DB_BUSY)
		tell_bad(c, path, &locked);
	else if (rc)
		tell_bad(c, path, &unreadable);
	else if (state != SCHEMA_CURRENT)
		tell_bad(c, path, &states[state]);
	else
		tell_good(c, path);
}

static void tell_relay(struct check *c, struct db_stmt *st)
{
	int64_t silent_ms = clock_wall_ms() - db_int(st, 3);
	int64_t most_ms =
		MAX(db_int(st, 4) * BEATS_MISSED, (int64_t)SILENT_MIN_MS);
	scoped_free char *pid = xasprintf("%lld", (long long)db_int(st, 0));
	scoped_free char *silent_s =
		xasprintf("%lld", (long long)(silent_ms / 1000));
	c->is_relay_possible = silent_ms <= most_ms;
	if (c->is_relay_possible)
		CHECK_TELL(c, .topic = CHECK_TOPIC_RELAY,
			   .text = CHECK_RELAY_RUNS,
			   .args = {pid, db_text(st, 1), db_text(st, 2)});
	else
		CHECK_TELL(c, .finding = CHECK_FAULT,
			   .topic = CHECK_TOPIC_RELAY,
			   .text = CHECK_RELAY_SILENT,
			   .args = {pid, db_text(st, 1), silent_s},
			   .reason = REASON_RELAY_SILENT);
}

void check_relay(struct check *c)
{
	if (!c->db) {
		CHECK_TELL(c, .finding = CHECK_SKIPPED,
			   .topic = CHECK_TOPIC_RELAY,
			   .text = CHECK_SKIP_DATABASE);
		return;
	}
	scoped_stmt struct db_stmt *st =
		db_prepare(c->db, "check_relay",
			   "SELECT pid, host, version, beat_at, beat_every_ms"
			   "  FROM outbox_relay"
			   " WHERE state != 'stopped'"
			   " ORDER BY beat_at DESC"
			   " LIMIT 1");
	if (db_step(st) == DB_ROW)
		tell_relay(c, st);
	else
		CHECK_TELL(c, .finding = CHECK_WARNING,
			   .topic = CHECK_TOPIC_RELAY, .text = CHECK_RELAY_NONE,
			   .reason = REASON_RELAY_NOT_RUNNING);
}

/* Returns whether the channel takes rows. */
static bool tell_channel(struct check *c, struct db_stmt *st)
{
	const char *name = db_text(st, 0);
	const char *detail = db_text(st, 3);
	if (strcmp(db_text(st, 1), "held") == 0)
		CHECK_TELL(c, .finding = CHECK_FAULT,
			   .topic = CHECK_TOPIC_CHANNEL,
			   .text = CHECK_CHANNEL_HELD, .args = {name, detail},
			   .reason = reason_find(db_text(st, 2)));
	else if (strcmp(db_text(st, 1), "paused") == 0)
		CHECK_TELL(c, .finding = CHECK_WARNING,
			   .topic = CHECK_TOPIC_CHANNEL,
			   .text = CHECK_CHANNEL_PAUSED,
			   .args = {name, db_text(st, 4), detail},
			   .reason = REASON_PAUSED_BY_OPERATOR);
	else
		return true;
	return false;
}

void check_channels(struct check *c)
{
	if (!c->db)
		return;
	scoped_buf open = {0};
	size_t count = 0;
	scoped_stmt struct db_stmt *st =
		db_prepare(c->db, "check_channels",
			   "SELECT name, state, reason, detail, state_by"
			   "  FROM outbox_channel"
			   " ORDER BY name");
	for (; db_step(st) == DB_ROW; count++) {
		if (tell_channel(c, st))
			buf_addf(&open, "%s%s", open.len ? ", " : "",
				 db_text(st, 0));
	}
	if (open.len)
		CHECK_TELL(c, .topic = CHECK_TOPIC_CHANNEL,
			   .text = CHECK_CHANNELS_OPEN,
			   .args = {buf_str(&open)});
	else if (count == 0)
		CHECK_TELL(c, .topic = CHECK_TOPIC_CHANNEL,
			   .text = CHECK_CHANNELS_NONE);
}
