/*
 * The top errors: what the newest failed and expired rows met, folded. Looking
 * at many rows takes its time, so they are looked at the less often the more
 * there were: a millisecond's rest for each.
 */
#include "tui/overview_internal.h"

#include "lib/clock.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum {
	LOOK_MAX = 10000,
	LOOK_FIRST = 1000, /* in the first round, to have something to show */
	AT_ONCE = 200,	   /* so few are looked at each time */
	TABLE = 1 << 15,   /* places, more than twice LOOK_MAX */
	MEMO = 64,
	DEADLINE_EVERY = 16,
};

/* What the rows of late said, unfolded, and which group that is. */
struct memo {
	char *channel, *reason, *error; /* own */
	size_t group;
};

struct found {
	struct group *groups; /* own */
	size_t count, room;
	int64_t looked;
};

struct overview_errors {
	struct db_stmt *read; /* the connection's */
	struct found last;    /* of the last whole round */
	int64_t rest_until_ms, begun_ms;
	int64_t rounds;

	/* Of the round under way. */
	bool is_under_way;
	struct found now;
	int64_t at_ms, at_id;  /* behind this row */
	uint32_t table[TABLE]; /* group + 1, by hash; 0: free */
	struct memo memo[MEMO];
};

/* clang-format off */
#define NEWEST(status)                                           \
	"SELECT updated_at, id, channel, last_reason, last_error"    \
	"  FROM outbox"                                              \
	" WHERE status = '" status "'"                               \
	"   AND (updated_at, id) < ($at, $id)"
static const char read_sql[] =
	NEWEST("failed")
	" UNION ALL "
	NEWEST("expired")
	" ORDER BY 1 DESC, 2 DESC"
	" LIMIT $limit";
/* clang-format on */

struct overview_errors *overview_errors_create(struct db *db)
{
	struct overview_errors *e = xcalloc(1, sizeof(*e));
	e->read = db_prepare(db, "overview_errors", read_sql);
	return e;
}

static void finish_group(struct group *g)
{
	free(g->channel);
	free(g->reason);
	free(g->error);
}

static void finish_found(struct found *f)
{
	for (size_t i = 0; i < f->count; i++)
		finish_group(&f->groups[i]);
	free(f->groups);
	*f = (struct found){0};
}

static void forget_memo(struct overview_errors *e)
{
	for (size_t i = 0; i < MEMO; i++) {
		free(e->memo[i].channel);
		free(e->memo[i].reason);
		free(e->memo[i].error);
		e->memo[i] = (struct memo){0};
	}
}

void overview_errors_destroy(struct overview_errors *e)
{
	if (!e)
		return;
	finish_found(&e->last);
	finish_found(&e->now);
	forget_memo(e);
	free(e);
}

void overview_errors_begin(struct overview_errors *e, int64_t now_ms)
{
	bool is_set_back = now_ms < e->begun_ms;
	if (now_ms < e->rest_until_ms && !is_set_back)
		return;
	finish_found(&e->now);
	forget_memo(e);
	memset(e->table, 0, sizeof(e->table));
	e->is_under_way = true;
	e->begun_ms = now_ms;
	e->at_ms = e->at_id = INT64_MAX;
}

static uint32_t mix(uint32_t hash, const char *text)
{
	for (const char *p = text; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	return (hash ^ 0xff) * 16777619u;
}

static uint32_t hash_of(const char *channel, const char *reason,
			const char *error)
{
	return mix(mix(mix(2166136261u, channel), reason), error);
}

static bool is_group(const struct group *g, const char *channel,
		     const char *reason, const char *error)
{
	return strcmp(g->error, error) == 0 && strcmp(g->reason, reason) == 0 &&
	       strcmp(g->channel, channel) == 0;
}

static size_t add_group(struct found *f, const char *channel,
			const char *reason, const char *error)
{
	if (f->count == f->room) {
		f->room = f->room ? 2 * f->room : 16;
		f->groups = xrealloc(f->groups, f->room * sizeof(*f->groups));
	}
	f->groups[f->count] = (struct group){
		.channel = xstrdup(channel),
		.reason = xstrdup(reason),
		.error = xstrdup(error),
	};
	return f->count++;
}

static size_t find_group(struct overview_errors *e, const char *channel,
			 const char *reason, const char *error)
{
	scoped_free char *folded = group_fold(error);
	uint32_t place = hash_of(channel, reason, folded) % TABLE;
	for (; e->table[place]; place = (place + 1) % TABLE) {
		size_t index = e->table[place] - 1;
		if (is_group(&e->now.groups[index], channel, reason, folded))
			return index;
	}
	size_t index = add_group(&e->now, channel, reason, folded);
	e->table[place] = (uint32_t)index + 1;
	return index;
}

/* Most rows say what one shortly before them said. */
static size_t group_of(struct overview_errors *e, const char *channel,
		       const char *reason, const char *error)
{
	struct memo *m = &e->memo[hash_of(channel, reason, error) % MEMO];
	if (m->error && strcmp(m->error, error) == 0 &&
	    strcmp(m->reason, reason) == 0 && strcmp(m->channel, channel) == 0)
		return m->group;
	free(m->channel);
	free(m->reason);
	free(m->error);
	*m = (struct memo){
		.channel = xstrdup(channel),
		.reason = xstrdup(reason),
		.error = xstrdup(error),
		.group = find_group(e, channel, reason, error),
	};
	return m->group;
}

static const char *text_or_empty(struct db_stmt *st, int column)
{
	const char *text = db_text(st, column);
	return text ? text : "";
}

static void note(struct overview_errors *e, struct db_stmt *st)
{
	size_t index = group_of(e, text_or_empty(st, 2), text_or_empty(st, 3),
				text_or_empty(st, 4));
	struct group *g = &e->now.groups[index];
	e->at_ms = db_int(st, 0);
	e->at_id = db_int(st, 1);
	e->now.looked++;
	if (g->count++ == 0) { /* newest first */
		g->last_ms = e->at_ms;
		g->sample = e->at_id;
	}
	g->first_ms = e->at_ms;
}

static int by_count(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	if (x->last_ms != y->last_ms)
		return x->last_ms < y->last_ms ? 1 : -1;
	return x->sample < y->sample ? 1 : -1;
}

static int64_t limit_of(const struct overview_errors *e)
{
	return e->rounds ? LOOK_MAX : LOOK_FIRST;
}

bool overview_errors_is_first(const struct overview_errors *e)
{
	return e->rounds == 1 && e->last.looked == LOOK_FIRST;
}

static void end_round(struct overview_errors *e)
{
	if (e->now.count)
		qsort(e->now.groups, e->now.count, sizeof(*e->now.groups),
		      by_count);
	finish_found(&e->last);
	e->last = e->now;
	e->now = (struct found){0};
	forget_memo(e);
	e->is_under_way = false;
	bool rests = e->last.looked > AT_ONCE && e->rounds;
	e->rest_until_ms = rests ? e->begun_ms + e->last.looked : 0;
	e->rounds++;
}

int overview_errors_work(struct overview_errors *e, int64_t deadline_us)
{
	if (!e->is_under_way)
		return 0;
	scoped_stmt struct db_stmt *st = e->read;
	db_bind(st, "$at", e->at_ms);
	db_bind(st, "$id", e->at_id);
	db_bind(st, "$limit", limit_of(e) - e->now.looked);
	int rc;
	while ((rc = db_step(st)) == DB_ROW) {
		note(e, st);
		if (e->now.looked % DEADLINE_EVERY == 0 &&
		    clock_mono_us() >= deadline_us)
			return ROWS_MORE;
	}
	if (rc == 0)
		end_round(e);
	return rc;
}

void overview_errors_tell(const struct overview_errors *e, struct overview *o)
{
	o->errors_looked = e->last.looked;
	o->error_count = MIN(e->last.count, (size_t)OVERVIEW_ERRORS);
	for (size_t i = 0; i < o->error_count; i++) {
		const struct group *g = &e->last.groups[i];
		o->errors[i] = *g;
		o->errors[i].channel = xstrdup(g->channel);
		o->errors[i].reason = xstrdup(g->reason);
		o->errors[i].error = xstrdup(g->error);
	}
}
