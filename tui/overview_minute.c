/*
 * The minutes of the last day. What is long past does not change: a round reads
 * the newest minutes only. But a relay that could not write for a while adds to
 * minutes of then, so now and then a round reads them all.
 */
#include "tui/overview_minute.h"

#include "lib/clock.h"
#include "lib/util.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPEN_MINUTES = 5,    /* may still grow */
	WHOLE_MINUTES = 10,  /* between two rounds that read all */
	ENDED_MAX = 10000,   /* failed rows that a round counts */
	DEADLINE_EVERY = 16, /* rows between two looks at the clock */
};

/* clang-format off */
static const char read_sql[] =
	"SELECT minute, channel, delivered, rejected, latency"
	"  FROM outbox_minute"
	" WHERE (minute, channel) > ($minute, $channel)"
	"   AND minute <= $to"
	" ORDER BY minute, channel";
static const char failed_sql[] =
	"SELECT updated_at"
	"  FROM outbox"
	" WHERE status = 'failed'"
	"   AND updated_at >= $from"
	" ORDER BY updated_at DESC"
	" LIMIT $limit";
static const char expired_sql[] =
	"SELECT updated_at"
	"  FROM outbox"
	" WHERE status = 'expired'"
	"   AND updated_at >= $from"
	" ORDER BY updated_at DESC"
	" LIMIT $limit";
/* clang-format on */

struct overview_minutes *overview_minutes_create(struct db *db)
{
	struct overview_minutes *m = xcalloc(1, sizeof(*m));
	m->read = db_prepare(db, "overview_minutes", read_sql);
	m->failed = db_prepare(db, "overview_failed", failed_sql);
	m->expired = db_prepare(db, "overview_expired", expired_sql);
	m->phase = READ_DONE;
	return m;
}

void overview_minutes_destroy(struct overview_minutes *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->channel_count; i++)
		free(m->channels[i].name);
	free(m->channels);
	free(m->at_channel);
	free(m);
}

static void forget(struct overview_minutes *m)
{
	memset(m->minutes, 0, sizeof(m->minutes));
	for (size_t i = 0; i < m->channel_count; i++)
		memset(m->channels[i].minutes, 0,
		       sizeof(m->channels[i].minutes));
}

void overview_minutes_begin(struct overview_minutes *m, int64_t now_ms)
{
	int64_t now = now_ms / MINUTE_MS;
	bool is_whole = m->read_to == 0 || now < m->read_to ||
			now - m->whole_at >= WHOLE_MINUTES;
	int64_t first = now - DAY_MINUTES + 1;
	m->from = is_whole ? first : MAX(first, m->read_to - OPEN_MINUTES + 1);
	m->whole_at = is_whole ? now : m->whole_at;
	m->read_to = now;
	if (is_whole)
		forget(m);
	m->phase = READ_MINUTES;
	m->at_minute = m->from * MINUTE_MS - 1;
	free(m->at_channel);
	m->at_channel = xstrdup("");
}

static struct overview_minute_channel *find_channel(struct overview_minutes *m,
						    const char *name)
{
	for (size_t i = 0; i < m->channel_count; i++) {
		if (strcmp(m->channels[i].name, name) == 0)
			return &m->channels[i];
	}
	m->channels = xrealloc(m->channels,
			       (m->channel_count + 1) * sizeof(*m->channels));
	struct overview_minute_channel *c = &m->channels[m->channel_count++];
	memset(c, 0, sizeof(*c));
	c->name = xstrdup(name);
	return c;
}

/* "[0,0,3,...]": nothing but digits and what is between them. */
static void read_latency(const char *json, uint32_t latency[BUCKETS])
{
	const char *p = json;
	for (int i = 0; i < BUCKETS; i++) {
		while (*p && !isdigit((unsigned char)*p))
			p++;
		char *end;
		latency[i] = (uint32_t)strtoul(p, &end, 10);
		p = end;
	}
}

void overview_minute_add(struct overview_minute *to,
			 const struct overview_minute *from)
{
	to->delivered += from->delivered;
	to->rejected += from->rejected;
	for (int i = 0; i < BUCKETS; i++)
		to->latency[i] += from->latency[i];
}

static void read_minute(struct overview_minutes *m, struct db_stmt *st)
{
	struct overview_minute one = {
		.number = db_int(st, 0) / MINUTE_MS,
		.delivered = (uint32_t)db_int(st, 2),
		.rejected = (uint32_t)db_int(st, 3),
	};
	read_latency(db_text(st, 4), one.latency);
	struct overview_minute *sum = &m->minutes[one.number % DAY_MINUTES];
	if (m->at_minute != db_int(st, 0))
		*sum = (struct overview_minute){.number = one.number};
	overview_minute_add(sum, &one);
	if (one.number > m->read_to - OVERVIEW_MINUTES) {
		struct overview_minute_channel *c =
			find_channel(m, db_text(st, 1));
		c->minutes[one.number % OVERVIEW_MINUTES] = one;
	}
	m->at_minute = db_int(st, 0);
	free(m->at_channel);
	m->at_channel = xstrdup(db_text(st, 1));
}

static int read_minutes(struct overview_minutes *m, int64_t deadline_us)
{
	scoped_stmt struct db_stmt *st = m->read;
	db_bind(st, "$minute", m->at_minute);
	db_bind_text(st, "$channel", m->at_channel);
	db_bind(st, "$to", m->read_to * MINUTE_MS);
	int rc;
	for (size_t n = 1; (rc = db_step(st)) == DB_ROW; n++) {
		read_minute(m, st);
		if (n % DEADLINE_EVERY == 0 && clock_mono_us() >= deadline_us)
			return ROWS_MORE;
	}
	return rc;
}

/* Index entries only: so many take a millisecond or two, and are not sliced. */
static int count_ended(struct overview_minutes *m, struct db_stmt *borrowed,
		       bool is_failed)
{
	scoped_stmt struct db_stmt *st = borrowed;
	db_bind(st, "$from", m->from * MINUTE_MS);
	db_bind(st, "$limit", ENDED_MAX);
	int rc;
	while ((rc = db_step(st)) == DB_ROW) {
		int64_t number = db_int(st, 0) / MINUTE_MS;
		struct overview_ended *e = &m->counted[number % DAY_MINUTES];
		if (number > m->read_to)
			continue; /* by a clock that was set back since */
		e->number = number;
		e->failed += is_failed;
		e->expired += !is_failed;
	}
	return rc;
}

static void keep_ended(struct overview_minutes *m)
{
	for (size_t i = 0; i < ARRAY_LEN(m->ended); i++) {
		const struct overview_ended *c = &m->counted[i];
		struct overview_ended *e = &m->ended[i];
		if (!c->number)
			continue;
		if (e->number != c->number)
			*e = (struct overview_ended){.number = c->number};
		e->failed = MAX(e->failed, c->failed);
		e->expired = MAX(e->expired, c->expired);
	}
}

int overview_minutes_work(struct overview_minutes *m, int64_t now_ms,
			  int64_t deadline_us)
{
	int rc = 0;
	if (m->phase == READ_DONE)
		overview_minutes_begin(m, now_ms);
	if (m->phase == READ_MINUTES)
		rc = read_minutes(m, deadline_us);
	if (rc)
		return rc;
	m->phase = READ_ENDED;
	memset(m->counted, 0, sizeof(m->counted));
	rc = count_ended(m, m->failed, true);
	if (rc == 0)
		rc = count_ended(m, m->expired, false);
	if (rc)
		return rc;
	keep_ended(m);
	m->phase = READ_DONE;
	return 0;
}
