#include "tui/pulse.h"

#include "lib/shanghai.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum { MINUTE_MS = 60000, ALARM_LEAST_MS = 10000, ALARM_BEATS = 3 };

struct pulse_reader {
	struct db_stmt *relay, *channels; /* the connection's */
};

/* clang-format off */
static const char relay_sql[] =
	"SELECT owner, pid, host, version, state, started_at, beat_at,"
	"       beat_every_ms, settings_generation, on_wire"
	"  FROM outbox_relay"
	" ORDER BY beat_at DESC"
	" LIMIT 1";
static const char channels_sql[] =
	"SELECT name, kind, state, reason, detail, state_by, state_since,"
	"       state_until, max_at_once, max_per_second, max_per_minute,"
	"       max_per_day, resume_wanted, max_attempts, is_order_held,"
	"       minute_start, minute_used, day_start, day_used"
	"  FROM outbox_channel"
	" ORDER BY name";
/* clang-format on */

struct pulse_reader *pulse_reader_create(struct db *db)
{
	struct pulse_reader *r = xcalloc(1, sizeof(*r));
	r->relay = db_prepare(db, "pulse_relay", relay_sql);
	r->channels = db_prepare(db, "pulse_channels", channels_sql);
	return r;
}

void pulse_reader_destroy(struct pulse_reader *r)
{
	free(r);
}

static void finish_channel(struct channel_state *c)
{
	free(c->name);
	free(c->kind);
	free(c->state);
	free(c->reason);
	free(c->detail);
	free(c->by);
}

void pulse_finish(struct pulse *p)
{
	for (size_t i = 0; i < p->channel_count; i++)
		finish_channel(&p->channels[i]);
	free(p->channels);
	free(p->host);
	free(p->version);
	free(p->owner);
	*p = (struct pulse){0};
}

/* A beat of the future is of a clock that was set back since: a relay that
 * lives writes another one by the new time soon. */
static enum relay_state judge(const char *state, int64_t beat_age_ms,
			      int64_t alarm_ms)
{
	if (strcmp(state, "stopped") == 0)
		return RELAY_STOPPED;
	if (llabs(beat_age_ms) > alarm_ms)
		return RELAY_SILENT;
	return strcmp(state, "draining") == 0 ? RELAY_DRAINING : RELAY_RUNNING;
}

static int read_relay(struct pulse_reader *r, struct pulse *p, int64_t now_ms)
{
	scoped_stmt struct db_stmt *st = r->relay;
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	p->owner = xstrdup(db_text(st, 0));
	p->pid = db_int(st, 1);
	p->host = xstrdup(db_text(st, 2));
	p->version = xstrdup(db_text(st, 3));
	p->started_at_ms = db_int(st, 5);
	p->beat_at_ms = db_int(st, 6);
	p->alarm_ms = MAX(db_int(st, 7) * ALARM_BEATS, ALARM_LEAST_MS);
	p->settings_generation = db_int(st, 8);
	p->on_wire = db_int(st, 9);
	p->relay = judge(db_text(st, 4), now_ms - p->beat_at_ms, p->alarm_ms);
	return 0;
}

/* What a budget has used of the window that begins at start_ms, as the relay
 * counts: a window before it is over, one after it (the clock was set back)
 * still counts. */
static int64_t used_of(struct db_stmt *st, int column, int64_t start_ms)
{
	return db_int(st, column) < start_ms ? 0 : db_int(st, column + 1);
}

static void read_channel(struct db_stmt *st, struct channel_state *c,
			 int64_t now_ms)
{
	int64_t minute_ms = now_ms / MINUTE_MS * MINUTE_MS;
	int64_t day_ms = shanghai_day_start_ms(shanghai_day(now_ms));
	*c = (struct channel_state){
		.name = xstrdup(db_text(st, 0)),
		.kind = xstrdup(db_text(st, 1)),
		.state = xstrdup(db_text(st, 2)),
		.reason = xstrdup_or_null(db_text(st, 3)),
		.detail = xstrdup_or_null(db_text(st, 4)),
		.by = xstrdup_or_null(db_text(st, 5)),
		.since_ms = db_int(st, 6),
		.until_ms = db_int(st, 7),
		.max_at_once = db_int(st, 8),
		.max_per_second = db_int(st, 9),
		.max_per_minute = db_int(st, 10),
		.max_per_day = db_int(st, 11),
		.is_resume_wanted = db_int(st, 12) != 0,
		.max_attempts = db_int(st, 13),
		.is_order_held = db_int(st, 14) != 0,
		.minute_used = used_of(st, 15, minute_ms),
		.day_used = used_of(st, 17, day_ms),
	};
}

static int read_channels(struct pulse_reader *r, struct pulse *p,
			 int64_t now_ms)
{
	scoped_stmt struct db_stmt *st = r->channels;
	size_t room = 0;
	int rc;
	while ((rc = db_step(st)) == DB_ROW) {
		if (p->channel_count == room) {
			room = room ? 2 * room : 8;
			p->channels = xrealloc(p->channels,
					       room * sizeof(*p->channels));
		}
		read_channel(st, &p->channels[p->channel_count++], now_ms);
	}
	return rc;
}

int pulse_read(struct pulse_reader *r, struct pulse *pulse, int64_t now_ms)
{
	struct pulse next = {
		.alarm_ms = ALARM_LEAST_MS,
		.read_at_ms = now_ms,
	};
	int rc = read_relay(r, &next, now_ms);
	if (rc == 0)
		rc = read_channels(r, &next, now_ms);
	if (rc) {
		pulse_finish(&next);
		return rc;
	}
	pulse_finish(pulse);
	*pulse = next;
	return 0;
}

const struct channel_state *pulse_channel(const struct pulse *pulse,
					  const char *name)
{
	for (size_t i = 0; name && i < pulse->channel_count; i++) {
		if (strcmp(pulse->channels[i].name, name) == 0)
			return &pulse->channels[i];
	}
	return NULL;
}

bool channel_is_stopped(const struct channel_state *c)
{
	return strcmp(c->state, "open") != 0;
}
