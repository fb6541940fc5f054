#include "tui/groups.h"

#include "lib/clock.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/walk.h"

#include <stdlib.h>
#include <string.h>

enum {
	SLOTS = 4096, /* a power of 2, some times GROUPS_MAX */
	COSTLY = 20000,
	REST_FACTOR = 20
};

/* The groups of one reading. */
struct group_set {
	struct group *groups; /* own; in the order in which they were met */
	size_t count;
	uint16_t slots[SLOTS]; /* index + 1 */
	size_t *sorted;	       /* own; GROUPS_MAX + 1 */
	int64_t total, looked;
	bool is_complete;
	int64_t read_at_ms;
};

struct groups {
	struct db *db; /* borrowed */
	const struct filter *filter;
	struct walk *walk;	 /* own; NULL until it is needed */
	struct group_set *shown; /* own */
	struct group_set *next;	 /* own; NULL: what is read is shown */
	bool is_wanted, is_urgent;
	int64_t spent_us, rested_from_us;
};

static struct group_set *set_create(void)
{
	struct group_set *set = xcalloc(1, sizeof(*set));
	set->groups = xcalloc(GROUPS_MAX + 1, sizeof(*set->groups));
	set->sorted = xcalloc(GROUPS_MAX + 1, sizeof(*set->sorted));
	return set;
}

static void set_destroy(struct group_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->count; i++) {
		free(set->groups[i].channel);
		free(set->groups[i].reason);
		free(set->groups[i].error);
	}
	free(set->groups);
	free(set->sorted);
	free(set);
}

struct groups *groups_create(struct db *db)
{
	struct groups *g = xcalloc(1, sizeof(*g));
	g->db = db;
	g->shown = set_create();
	return g;
}

void groups_destroy(struct groups *g)
{
	if (!g)
		return;
	walk_destroy(g->walk);
	set_destroy(g->shown);
	set_destroy(g->next);
	free(g);
}

void groups_ask(struct groups *g, const struct filter *filter)
{
	walk_destroy(steal(&g->walk));
	set_destroy(steal(&g->next));
	set_destroy(g->shown);
	g->shown = set_create();
	g->filter = filter;
	g->is_wanted = g->is_urgent = false;
	g->spent_us = 0;
}

void groups_refresh(struct groups *g)
{
	g->is_wanted = true;
}

void groups_refresh_now(struct groups *g)
{
	g->is_wanted = g->is_urgent = true;
}

static uint32_t hash(uint32_t h, const char *s)
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return (h ^ 0xff) * 16777619u;
}

static struct group *add_group(struct group_set *set, const char *channel,
			       const char *reason, const char *error)
{
	struct group *group = &set->groups[set->count++];
	*group = (struct group){.channel = xstrdup(channel),
				.reason = xstrdup(reason),
				.error = xstrdup(error)};
	return group;
}

/* The last place is for all that come when the others are taken. */
static struct group *rest(struct group_set *set)
{
	if (set->count == GROUPS_MAX)
		add_group(set, "", "", _("(all others)"))->is_rest = true;
	return &set->groups[GROUPS_MAX];
}

static struct group *find(struct group_set *set, const char *channel,
			  const char *reason, const char *error)
{
	uint32_t at = hash(hash(hash(2166136261u, channel), reason), error);
	for (;; at++) {
		uint16_t *slot = &set->slots[at % SLOTS];
		if (!*slot && set->count >= GROUPS_MAX)
			return rest(set);
		if (!*slot) {
			*slot = (uint16_t)(set->count + 1);
			return add_group(set, channel, reason, error);
		}
		struct group *group = &set->groups[*slot - 1];
		if (!strcmp(group->error, error) &&
		    !strcmp(group->reason, reason) &&
		    !strcmp(group->channel, channel))
			return group;
	}
}

static const char *text(struct db_stmt *st, int column)
{
	const char *s = db_text(st, column);
	return s ? s : "";
}

/* Newest first: the first row of a group is its last. */
static bool add_row(void *arg, struct db_stmt *st, const struct walk_at *at)
{
	struct group_set *set = arg;
	scoped_free char *error = group_fold(text(st, ROW_LAST_ERROR));
	struct group *group = find(set, text(st, ROW_CHANNEL),
				   text(st, ROW_LAST_REASON), error);
	int64_t when = db_int(st, ROW_UPDATED);
	if (!group->count++) {
		group->last_ms = when;
		group->sample = at->id;
	}
	group->first_ms = when;
	set->total++;
	return true;
}

static int by_count(const void *a, const void *b, void *arg)
{
	const struct group *groups = arg;
	const struct group *x = &groups[*(const size_t *)a];
	const struct group *y = &groups[*(const size_t *)b];
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	if (x->last_ms != y->last_ms)
		return x->last_ms < y->last_ms ? 1 : -1;
	return (x->sample < y->sample) - (x->sample > y->sample);
}

static void sort(struct group_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		set->sorted[i] = i;
	qsort_r(set->sorted, set->count, sizeof(*set->sorted), by_count,
		set->groups);
}

static void begin_walk(struct groups *g)
{
	g->walk = walk_create(g->db, &(struct walk_query){.kind = LIST_FAILED,
							  .sort = SORT_UPDATED,
							  .filter = g->filter});
	g->spent_us = 0;
}

static bool may_refresh(const struct groups *g)
{
	bool is_costly = g->shown->looked >= COSTLY;
	return g->is_wanted && (g->is_urgent || !is_costly ||
				clock_mono_us() - g->rested_from_us >=
					REST_FACTOR * g->spent_us);
}

static void end_walk(struct groups *g, struct group_set *set)
{
	set->is_complete = true;
	set->looked = walk_looked(g->walk);
	if (g->next) {
		set_destroy(g->shown);
		g->shown = steal(&g->next);
	}
	walk_destroy(steal(&g->walk));
}

int groups_work(struct groups *g, int64_t now_ms, int64_t deadline_us)
{
	if (!g->walk && g->shown->is_complete) {
		if (!may_refresh(g))
			return ROWS_DONE;
		g->is_wanted = g->is_urgent = false;
		g->next = set_create();
	}
	if (!g->walk)
		begin_walk(g);
	struct group_set *set = g->next ? g->next : g->shown;
	int64_t begun_us = clock_mono_us();
	if (!set->read_at_ms)
		set->read_at_ms = now_ms;
	int rc = walk_work(g->walk, add_row, set, now_ms, deadline_us);
	sort(set);
	g->rested_from_us = clock_mono_us();
	g->spent_us += g->rested_from_us - begun_us;
	if (rc == ROWS_DONE)
		end_walk(g, set);
	return rc;
}

size_t groups_count(const struct groups *g)
{
	return g->shown->count;
}

const struct group *groups_at(const struct groups *g, size_t index)
{
	return &g->shown->groups[g->shown->sorted[index]];
}

int64_t groups_total(const struct groups *g, bool *is_complete_out)
{
	*is_complete_out = g->shown->is_complete;
	return g->shown->total;
}

int64_t groups_read_at(const struct groups *g)
{
	return g->shown->read_at_ms;
}
