/*
 * Two ways of counting. Quick: up to COUNTS_QUICK index entries of each state,
 * with each refresh. Whole: a pass over all rows of all states, in slices, for
 * the states that have more and for the channels; what it found is shown until
 * the next pass has ended.
 */
#include "tui/counts.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "tui/counts_internal.h"

#include <stdlib.h>
#include <string.h>

#define QUICK(status)                                \
	"SELECT count(*) FROM (SELECT 1 FROM outbox" \
	" WHERE status = '" status "' LIMIT $limit)"

/* The place behind (key, id) is sought in two steps, as in tui/walk_sql.c. */
#define PASS(channel, key, index, status)                               \
	"SELECT " channel ", " key ", id FROM outbox INDEXED BY " index \
	" WHERE status = '" status "' AND " key " = $key AND id > $id"  \
	" UNION ALL "                                                   \
	"SELECT " channel ", " key ", id FROM outbox INDEXED BY " index \
	" WHERE status = '" status "' AND " key " > $key ORDER BY 2, 3"
#define PASS_ID(index, status)                                           \
	"SELECT channel, 0, id FROM outbox INDEXED BY " index            \
	" WHERE status = '" status "' AND id > $id AND $key IS NOT NULL" \
	" ORDER BY id"

/* clang-format off */
static const struct {
	const char *quick, *pass;
} sql[MESSAGE_STATUS_COUNT] = {
	[MESSAGE_PENDING] = {
		QUICK("pending"), PASS_ID("outbox_pending", "pending")},
	[MESSAGE_SENDING] = {
		QUICK("sending"), PASS_ID("outbox_sending", "sending")},
	[MESSAGE_DELIVERED] = {
		QUICK("delivered"),
		PASS("NULL", "delivered_at", "outbox_delivered", "delivered")},
	[MESSAGE_FAILED] = {
		QUICK("failed"),
		PASS("channel", "updated_at", "outbox_settled", "failed")},
	[MESSAGE_EXPIRED] = {
		QUICK("expired"),
		PASS("channel", "updated_at", "outbox_settled", "expired")},
	[MESSAGE_CANCELLED] = {
		QUICK("cancelled"),
		PASS("channel", "updated_at", "outbox_settled", "cancelled")},
};
/* clang-format on */

/* Those that are looked at most, and are few, first. */
static const enum message_status order[MESSAGE_STATUS_COUNT] = {
	MESSAGE_SENDING, MESSAGE_FAILED,    MESSAGE_PENDING,
	MESSAGE_EXPIRED, MESSAGE_CANCELLED, MESSAGE_DELIVERED,
};

struct counts *counts_create(struct db *db)
{
	struct counts *c = xcalloc(1, sizeof(*c));
	for (int s = 0; s < MESSAGE_STATUS_COUNT; s++) {
		c->quick_st[s] = db_prepare(db, "count", sql[s].quick);
		c->pass_st[s] = db_prepare(db, "count_pass", sql[s].pass);
	}
	c->is_wanted = true;
	return c;
}

void counts_destroy(struct counts *c)
{
	if (!c)
		return;
	for (int s = 0; s < MESSAGE_STATUS_COUNT; s++) {
		db_discard(&c->quick_st[s]);
		db_discard(&c->pass_st[s]);
	}
	tally_finish(&c->shown);
	tally_finish(&c->going);
	free(c);
}

void counts_refresh(struct counts *c)
{
	c->is_wanted = true;
}

static int count_quick(struct counts *c)
{
	int64_t found[MESSAGE_STATUS_COUNT];
	for (int s = 0; s < MESSAGE_STATUS_COUNT; s++) {
		scoped_stmt struct db_stmt *st = c->quick_st[s];
		db_bind(st, "$limit", COUNTS_QUICK + 1);
		int rc = db_step(st);
		if (rc != DB_ROW)
			return rc;
		found[s] = db_int(st, 0);
	}
	memcpy(c->quick, found, sizeof(found));
	c->is_wanted = false;
	c->has_quick = true;
	c->is_changed = true;
	return ROWS_MORE;
}

static void begin_pass(struct counts *c)
{
	tally_finish(&c->going);
	c->is_passing = true;
	c->is_changed = false;
	c->step = 0;
	c->key = c->id = INT64_MIN;
	c->looked = 0;
}

static void end_pass(struct counts *c)
{
	tally_finish(&c->shown);
	c->shown = c->going;
	c->going = (struct tally){.count = 0};
	c->is_passing = false;
	c->has_whole = true;
}

/* On through the state that is being counted. */
static int pass(struct counts *c, int64_t deadline_us)
{
	enum message_status status = order[c->step];
	scoped_stmt struct db_stmt *st = c->pass_st[status];
	db_bind(st, "$key", c->key);
	db_bind(st, "$id", c->id);
	for (unsigned n = 1;; n++) {
		int rc = db_step(st);
		if (rc != DB_ROW)
			return rc;
		tally_add(&c->going, status, db_text(st, 0));
		c->key = db_int(st, 1);
		c->id = db_int(st, 2);
		c->looked++;
		if (n % 64 == 0 && clock_mono_us() >= deadline_us)
			return ROWS_MORE;
	}
}

static int go_on(struct counts *c, int64_t deadline_us)
{
	int rc = pass(c, deadline_us);
	if (rc != DB_OK)
		return rc;
	c->key = c->id = INT64_MIN;
	if (++c->step == MESSAGE_STATUS_COUNT)
		end_pass(c);
	return ROWS_MORE;
}

static int work(struct counts *c, int64_t deadline_us)
{
	if (c->is_wanted)
		return count_quick(c);
	if (!c->is_passing) {
		if (!c->is_changed)
			return ROWS_DONE;
		begin_pass(c);
	}
	return go_on(c, deadline_us);
}

/* At first what is needed for a screen; then it has all the time. */
static bool is_urgent(const struct counts *c)
{
	return c->is_hurried || !c->has_quick ||
	       (!c->has_whole && c->is_passing && c->looked < COUNTS_QUICK) ||
	       (!c->has_whole && !c->is_passing);
}

void counts_hurry(struct counts *c)
{
	c->is_hurried = true;
}

int counts_work(struct counts *c, int64_t now_ms, int64_t deadline_us)
{
	(void)now_ms;
	int64_t begun_us = clock_mono_us();
	if (!is_urgent(c) && begun_us < c->rests_until_us)
		return ROWS_DONE;
	deadline_us = MIN(deadline_us, begun_us + SLICE_US);
	int rc;
	do
		rc = work(c, deadline_us);
	while (rc == ROWS_MORE && clock_mono_us() < deadline_us);
	int64_t took_us = clock_mono_us() - begun_us;
	if (took_us > QUICK_US)
		c->rests_until_us = begun_us + REST_FACTOR * took_us;
	return rc == ROWS_MORE && !is_urgent(c) && c->rests_until_us > begun_us
		       ? ROWS_DONE
		       : rc;
}

bool counts_is_going(const struct counts *c)
{
	return c->is_wanted || c->is_passing || c->is_changed;
}

struct count counts_of(const struct counts *c, enum message_status status)
{
	int64_t quick = c->quick[status];
	if (quick <= COUNTS_QUICK)
		return (struct count){.n = quick};
	int64_t whole = c->has_whole ? c->shown.by_status[status]
				     : c->going.by_status[status];
	struct count count = {.n = MAX(whole, (int64_t)COUNTS_QUICK)};
	count.is_more = !c->has_whole || whole < COUNTS_QUICK;
	count.is_about = c->has_whole && (c->is_changed || c->is_passing);
	return count;
}

struct count counts_of_channel(const struct counts *c, const char *channel,
			       enum message_status status)
{
	const struct tally *tally = c->has_whole ? &c->shown : &c->going;
	struct count count = {.n = tally_of(tally, channel, status)};
	bool is_known = !c->has_quick ? false : c->has_whole;
	for (int i = 0; !c->has_whole && i < c->step; i++)
		is_known |= c->is_passing && order[i] == status;
	count.is_more = !is_known && counts_of(c, status).n > 0;
	count.is_about = c->has_whole && (c->is_changed || c->is_passing);
	return count;
}

struct count count_add(struct count a, struct count b)
{
	return (struct count){a.n + b.n, a.is_more || b.is_more,
			      a.is_about || b.is_about};
}
