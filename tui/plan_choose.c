/*
 * Choosing: rows by id or by a walk become ids and versions, and the sums and
 * samples that the operator is shown before saying yes.
 */
#include "tui/plan_internal.h"

#include "lib/buf.h"
#include "lib/util.h"
#include "tui/walk.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 500, RATE_MINUTES = 60, MINUTE_MS = 60000 };

/* Where ROW_COLUMNS has them. */
enum {
	COLUMN_ID = 0,
	COLUMN_VERSION = 1,
	COLUMN_STATUS = 2,
	COLUMN_CREATED = 7,
	COLUMN_EXPIRES = 10,
	COLUMN_CHANNEL = 13
};

struct choosing {
	struct planner *p;
	struct plan *plan;
	int64_t now_ms;
};

static enum message_status status_of(const char *name)
{
	int status = 0;
	while (strcmp(name, message_status_name((enum message_status)status)) !=
	       0)
		status++;
	return (enum message_status)status; /* CHECKed in the table */
}

static void count_channel(struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->channel_count; i++) {
		if (strcmp(plan->channels[i].name, name) == 0) {
			plan->channels[i].count++;
			return;
		}
	}
	if (plan->channel_count == PLAN_CHANNELS) {
		plan->channel_rest++;
		return;
	}
	plan->channels[plan->channel_count++] =
		(struct plan_channel){xstrdup(name), 1};
}

static void keep(struct plan *plan, int64_t id, int64_t version)
{
	size_t cap = plan->count;
	if (cap == 0 || (cap >= 64 && (cap & (cap - 1)) == 0)) {
		cap = cap ? 2 * cap : 64;
		plan->rows = xrealloc(plan->rows, cap * sizeof(*plan->rows));
	}
	plan->rows[plan->count++] = (struct act_row){
		.id = id, .version = version, .payload = plan->payload};
}

/* Whether an earlier try may have arrived: if nobody can say, it may. */
static bool is_unsure(struct planner *p, int64_t id)
{
	scoped_stmt struct db_stmt *st = p->st[IS_UNSURE];
	db_bind(st, "$id", id);
	return db_step(st) != DB_ROW || db_int(st, 0);
}

static void add_up(struct choosing *c, struct db_stmt *st)
{
	struct plan *plan = c->plan;
	int64_t created = db_int(st, COLUMN_CREATED);
	int64_t expires = db_int(st, COLUMN_EXPIRES);
	const char *channel = db_text(st, COLUMN_CHANNEL);
	if (!plan->oldest_ms || created < plan->oldest_ms)
		plan->oldest_ms = created;
	plan->newest_ms = MAX(plan->newest_ms, created);
	count_channel(plan, channel ? channel : "");
	if (plan->sample_count < PLAN_SAMPLES)
		row_read(&plan->samples[plan->sample_count++], st, 0);
	if (plan->action == ACT_CANCEL)
		return;
	if (expires && expires <= c->now_ms + ACT_MOMENT_MS)
		plan->expired_lives++;
	plan->unsure += is_unsure(c->p, db_int(st, COLUMN_ID));
}

/* One row that matches. */
static void take(struct choosing *c, struct db_stmt *st)
{
	struct plan *plan = c->plan;
	enum message_status status = status_of(db_text(st, COLUMN_STATUS));
	bool can_change = plan_states(plan->action) & 1u << status;
	plan->by_status[status]++;
	if (!can_change) {
		plan->other_state++;
	} else if (plan->max && plan->count == (size_t)plan->max) {
		plan->is_over = true;
		plan->over++;
	} else {
		keep(plan, db_int(st, COLUMN_ID), db_int(st, COLUMN_VERSION));
		add_up(c, st);
	}
}

static int by_count(const void *a, const void *b)
{
	int64_t x = ((const struct plan_channel *)a)->count;
	int64_t y = ((const struct plan_channel *)b)->count;
	return (x < y) - (x > y);
}

static int read_rate(struct planner *p, struct plan *plan, int64_t now_ms)
{
	int64_t minute = now_ms - now_ms % MINUTE_MS;
	scoped_stmt struct db_stmt *st = p->st[RATE];
	db_bind(st, "$from", minute - RATE_MINUTES * MINUTE_MS);
	db_bind(st, "$to", minute);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	plan->per_minute = db_int(st, 0);
	return 0;
}

static int read_payload(struct planner *p, struct plan *plan)
{
	scoped_stmt struct db_stmt *st = p->st[PAYLOAD];
	db_bind(st, "$id", plan->rows[0].id);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	plan->old_payload = xstrdup(db_text(st, 0));
	return 0;
}

static int finish_choice(struct planner *p, struct plan *plan, int64_t now_ms)
{
	qsort(plan->channels, plan->channel_count, sizeof(plan->channels[0]),
	      by_count);
	if (plan->action == ACT_EDIT && plan->count == 1) {
		int rc = read_payload(p, plan);
		if (rc)
			return rc;
	}
	return plan->action == ACT_CANCEL ? 0 : read_rate(p, plan, now_ms);
}

static char *id_array(const int64_t *ids, size_t count)
{
	struct buf json = {0};
	for (size_t i = 0; i < count; i++)
		buf_addf(&json, "%c%lld", i ? ',' : '[', (long long)ids[i]);
	buf_adds(&json, "]");
	return buf_detach(&json);
}

static int choose_chunk(struct choosing *c, const int64_t *ids, size_t count)
{
	scoped_free char *json = id_array(ids, count);
	scoped_stmt struct db_stmt *st = c->p->st[BY_IDS];
	db_bind(st, "$ids", json);
	size_t found = 0;
	int rc;
	while ((rc = db_step(st)) == DB_ROW) {
		take(c, st);
		found++;
	}
	c->plan->looked += (int64_t)count;
	c->plan->gone += (int64_t)(count - found);
	return rc;
}

int planner_choose_ids(struct planner *p, struct plan *plan, const int64_t *ids,
		       size_t count, int64_t now_ms)
{
	struct choosing c = {.p = p, .plan = plan, .now_ms = now_ms};
	plan_forget(plan);
	plan->as_of_ms = now_ms;
	int rc = 0;
	for (size_t at = 0; at < count && rc == 0; at += CHUNK)
		rc = choose_chunk(&c, ids + at, MIN(count - at, (size_t)CHUNK));
	return rc ? rc : finish_choice(p, plan, now_ms);
}

static int find_fence(struct planner *p, int64_t *fence_out)
{
	scoped_stmt struct db_stmt *st = p->st[FENCE];
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	*fence_out = db_int(st, 0);
	return 0;
}

/* Sets the fence where the caller set none, and begins to walk below it: by id
 * where the list can, so that no row is met twice that becomes due later. */
static int begin(struct planner *p, struct plan *plan, enum list_kind kind,
		 const struct filter *filter, int64_t now_ms)
{
	int rc = plan->fence ? 0 : find_fence(p, &plan->fence);
	if (rc)
		return rc;
	plan->as_of_ms = plan->as_of_ms ? plan->as_of_ms : now_ms;
	if (!plan->fence) /* there is no row */
		return 0;
	plan->walk = walk_create(p->reader,
				 &(struct walk_query){.kind = kind,
						      .sort = SORT_ID,
						      .filter = filter,
						      .fence = plan->fence});
	return 0;
}

static bool visit(void *arg, struct db_stmt *st, const struct walk_at *at)
{
	struct choosing *c = arg;
	(void)at;
	take(c, st);
	return true;
}

int planner_choose_all(struct planner *p, struct plan *plan,
		       enum list_kind kind, const struct filter *filter,
		       int64_t now_ms, int64_t deadline_us)
{
	struct choosing c = {.p = p, .plan = plan, .now_ms = now_ms};
	int rc = plan->walk ? 0 : begin(p, plan, kind, filter, now_ms);
	if (rc || !plan->walk)
		return rc;
	/* What is "older than an hour" does not change while it is counted. */
	rc = walk_work(plan->walk, visit, &c, plan->as_of_ms, deadline_us);
	plan->looked = walk_looked(plan->walk);
	if (rc == ROWS_DONE)
		rc = finish_choice(p, plan, now_ms);
	if (rc == ROWS_DONE)
		walk_destroy(steal(&plan->walk));
	return rc;
}
