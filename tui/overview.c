#include "tui/overview_internal.h"

#include "lib/clock.h"
#include "lib/path.h"
#include "lib/util.h"
#include "schema/migrate.h"

#include <stdlib.h>
#include <sys/stat.h>

enum { OLDEST_LOOK = 1000, MINUTE_MS = 60000 };

enum statement {
	OLDEST_PENDING,
	OLDEST_SENDING,
	OLDEST_DUE,
	NEXT_DUE,
	NEWEST_FAILED,
	DUE_NOW,
	DUE_LATER,
	CHANNELS,
	PAGES,
	FREE_PAGES,
	STATEMENT_COUNT
};

/* clang-format off */
static const char *const sql[] = {
	/* The first by id are the oldest, but for what a CRM says of its own:
	 * as many are looked at as can be at once. */
	[OLDEST_PENDING] =
		"SELECT min(created_at)"
		"  FROM (SELECT created_at"
		"          FROM outbox"
		"         WHERE status = 'pending'"
		"         ORDER BY id"
		"         LIMIT $limit)",
	[OLDEST_SENDING] =
		"SELECT min(updated_at)"
		"  FROM (SELECT updated_at"
		"          FROM outbox"
		"         WHERE status = 'sending'"
		"         ORDER BY id"
		"         LIMIT $limit)",
	[OLDEST_DUE] =
		"SELECT due_at"
		"  FROM outbox"
		" WHERE status = 'pending'"
		"   AND due_at <= $now"
		" ORDER BY due_at"
		" LIMIT 1",
	[NEXT_DUE] =
		"SELECT due_at"
		"  FROM outbox"
		" WHERE status = 'pending'"
		"   AND due_at > $now"
		" ORDER BY due_at"
		" LIMIT 1",
	[NEWEST_FAILED] =
		"SELECT max((SELECT coalesce(max(updated_at), 0)"
		"              FROM outbox"
		"             WHERE status = 'failed'),"
		"           (SELECT coalesce(max(updated_at), 0)"
		"              FROM outbox"
		"             WHERE status = 'expired'))",
	[DUE_NOW] =
		"SELECT count(*)"
		"  FROM (SELECT 1"
		"          FROM outbox"
		"         WHERE status = 'pending'"
		"           AND due_at <= $now"
		"         LIMIT $limit)",
	[DUE_LATER] =
		"SELECT count(*)"
		"  FROM (SELECT 1"
		"          FROM outbox"
		"         WHERE status = 'pending'"
		"           AND due_at > $now"
		"         LIMIT $limit)",
	[CHANNELS] =
		"SELECT name"
		"  FROM outbox_channel"
		" ORDER BY name",
	[PAGES] = "PRAGMA page_count",
	[FREE_PAGES] = "PRAGMA freelist_count",
};
/* clang-format on */
_Static_assert(ARRAY_LEN(sql) == STATEMENT_COUNT, "a text for each");

enum step {
	STEP_LIVE,
	STEP_DUE,
	STEP_CHANNELS,
	STEP_MINUTES,
	STEP_ERRORS,
	STEP_ACTS,
	STEP_SIZES,
	STEP_COUNT
};

struct overview_reader {
	struct db *db; /* borrowed */
	struct db_stmt *st[STATEMENT_COUNT];
	struct overview_minutes *minutes; /* own, as are the others */
	struct overview_errors *errors;
	struct overview_acts *acts;
	bool is_wanted; /* another round */
	bool is_under_way;
	int64_t read_at_ms; /* the last whole round's begin */
	int64_t begun_ms;   /* that of the one under way */
	enum step step;
	struct overview next;
};

struct overview_reader *overview_reader_create(struct db *db)
{
	struct overview_reader *r = xcalloc(1, sizeof(*r));
	r->db = db;
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		r->st[i] = db_prepare(db, "overview", sql[i]);
	r->minutes = overview_minutes_create(db);
	r->errors = overview_errors_create(db);
	r->acts = overview_acts_create(db);
	r->is_wanted = true;
	return r;
}

void overview_reader_destroy(struct overview_reader *r)
{
	if (!r)
		return;
	overview_minutes_destroy(r->minutes);
	overview_errors_destroy(r->errors);
	overview_acts_destroy(r->acts);
	overview_finish(&r->next);
	free(r);
}

void overview_refresh(struct overview_reader *r)
{
	r->is_wanted = true;
}

/* A round that failed half-way reads them again. */
static void forget_channels(struct overview *o)
{
	for (size_t i = 0; i < o->channel_count; i++)
		free(o->channels[i].name);
	free(steal(&o->channels));
	o->channel_count = 0;
}

void overview_finish(struct overview *o)
{
	forget_channels(o);
	for (size_t i = 0; i < o->error_count; i++) {
		free(o->errors[i].channel);
		free(o->errors[i].reason);
		free(o->errors[i].error);
	}
	overview_acts_finish(o);
	*o = (struct overview){0};
}

/* The only number of a statement whose parameters are bound; 0: none. */
static int number(struct db_stmt *borrowed, int64_t *out)
{
	scoped_stmt struct db_stmt *st = borrowed;
	int rc = db_step(st);
	*out = rc == DB_ROW ? db_int(st, 0) : 0;
	return rc == DB_ROW ? 0 : rc;
}

static int read_live(struct overview_reader *r, int64_t now_ms)
{
	struct overview *o = &r->next;
	(void)now_ms;
	db_bind(r->st[OLDEST_PENDING], "$limit", OLDEST_LOOK);
	int rc = number(r->st[OLDEST_PENDING], &o->oldest_pending_ms);
	if (rc)
		return rc;
	db_bind(r->st[OLDEST_SENDING], "$limit", OLDEST_LOOK);
	rc = number(r->st[OLDEST_SENDING], &o->oldest_sending_ms);
	if (rc == 0)
		rc = number(r->st[NEWEST_FAILED], &o->newest_failed_ms);
	return rc;
}

static int count_due(struct overview_reader *r, enum statement which,
		     int64_t now_ms, struct count *out)
{
	int64_t n;
	db_bind(r->st[which], "$now", now_ms);
	db_bind(r->st[which], "$limit", COUNTS_QUICK + 1);
	int rc = number(r->st[which], &n);
	*out = (struct count){.n = MIN(n, (int64_t)COUNTS_QUICK),
			      .is_more = n > COUNTS_QUICK};
	return rc;
}

static int read_due(struct overview_reader *r, int64_t now_ms)
{
	struct overview *o = &r->next;
	db_bind(r->st[OLDEST_DUE], "$now", now_ms);
	int rc = number(r->st[OLDEST_DUE], &o->oldest_due_ms);
	if (rc)
		return rc;
	db_bind(r->st[NEXT_DUE], "$now", now_ms);
	rc = number(r->st[NEXT_DUE], &o->next_due_ms);
	if (rc == 0)
		rc = count_due(r, DUE_NOW, now_ms, &o->due_now);
	if (rc == 0)
		rc = count_due(r, DUE_LATER, now_ms, &o->due_later);
	return rc;
}

static int read_channels(struct overview_reader *r, int64_t now_ms)
{
	struct overview *o = &r->next;
	scoped_stmt struct db_stmt *st = r->st[CHANNELS];
	(void)now_ms;
	forget_channels(o);
	int rc;
	while ((rc = db_step(st)) == DB_ROW) {
		o->channels = xrealloc(o->channels, (o->channel_count +
						     1) * sizeof(*o->channels));
		o->channels[o->channel_count++] = (struct overview_channel){
			.name = xstrdup(db_text(st, 0)), .p95_ms = -1};
	}
	return rc;
}

/* Never opened: closing that descriptor would drop this process's locks. */
static int64_t size_of(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? st.st_size : 0;
}

static int read_sizes(struct overview_reader *r, int64_t now_ms)
{
	struct overview *o = &r->next;
	scoped_free char *path = path_real(db_path(r->db));
	scoped_free char *wal = xasprintf("%s-wal", path);
	(void)now_ms;
	o->db_bytes = size_of(path);
	o->wal_bytes = size_of(wal);
	o->schema_version = schema_version();
	int rc = number(r->st[PAGES], &o->pages);
	return rc ? rc : number(r->st[FREE_PAGES], &o->free_pages);
}

static int take_step(struct overview_reader *r, int64_t now_ms,
		     int64_t deadline_us)
{
	static int (*const reads[STEP_COUNT])(struct overview_reader *,
					      int64_t) = {
		[STEP_LIVE] = read_live,
		[STEP_DUE] = read_due,
		[STEP_CHANNELS] = read_channels,
		[STEP_SIZES] = read_sizes,
	};
	if (r->step == STEP_MINUTES)
		return overview_minutes_work(r->minutes, now_ms, deadline_us);
	if (r->step == STEP_ERRORS)
		return overview_errors_work(r->errors, deadline_us);
	if (r->step == STEP_ACTS)
		return overview_acts_work(r->acts, &r->next, deadline_us);
	return reads[r->step](r, now_ms);
}

static void begin(struct overview_reader *r, int64_t now_ms)
{
	overview_finish(&r->next);
	overview_minutes_begin(r->minutes, now_ms);
	overview_errors_begin(r->errors, now_ms);
	r->begun_ms = now_ms;
	r->is_wanted = false;
	r->is_under_way = true;
	r->step = STEP_LIVE;
}

static void publish(struct overview_reader *r, struct overview *out)
{
	overview_minutes_tell(r->minutes, &r->next, r->begun_ms);
	overview_errors_tell(r->errors, &r->next);
	r->next.read_at_ms = r->read_at_ms = r->begun_ms;
	overview_finish(out);
	*out = r->next;
	r->next = (struct overview){0};
	r->is_under_way = false;
	r->is_wanted |= overview_errors_is_first(r->errors);
}

int overview_work(struct overview_reader *r, struct overview *out,
		  int64_t now_ms, int64_t deadline_us)
{
	/* Charts move on, whether something happens or not. */
	bool is_wanted =
		r->is_wanted || r->read_at_ms / MINUTE_MS != now_ms / MINUTE_MS;
	if (!r->is_under_way && !is_wanted)
		return ROWS_DONE;
	if (!r->is_under_way)
		begin(r, now_ms);
	while (r->step < STEP_COUNT) {
		int rc = take_step(r, now_ms, deadline_us);
		if (rc)
			return rc;
		r->step++;
		if (r->step < STEP_COUNT && clock_mono_us() >= deadline_us)
			return ROWS_MORE;
	}
	publish(r, out);
	return ROWS_DONE;
}
