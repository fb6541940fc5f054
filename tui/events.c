#include "tui/events_internal.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "tui/rows.h"

#include <stdlib.h>
#include <string.h>

enum { DEADLINE_EVERY = 16 };

struct events {
	const struct event_kind *kind;
	struct db_stmt *newest, *newer, *older, *again; /* the connection's */
	struct event ring[EVENTS_MAX];
	size_t first, count;
	struct event_words words;
	enum event_level least;
	bool has_begun; /* newest_id is known */
	bool is_wanted; /* there may be newer ones */
	bool is_complete;
	int64_t newest_id, oldest_id; /* between them all was looked at */
	int64_t read_at_ms;
};

struct events *events_create(struct db *db, enum events_of which)
{
	struct events *e = xcalloc(1, sizeof(*e));
	e->kind = which == EVENTS_LOG ? &event_kind_log : &event_kind_audit;
	e->newest = db_prepare(db, "events_newest", e->kind->newest);
	e->newer = db_prepare(db, "events_newer", e->kind->newer);
	e->older = db_prepare(db, "events_older", e->kind->older);
	if (e->kind->again)
		e->again = db_prepare(db, "events_again", e->kind->again);
	return e;
}

void event_finish(struct event *e)
{
	free(e->source);
	free(e->text);
	free(e->act);
	*e = (struct event){0};
}

static struct event *place(struct events *e, size_t index)
{
	return &e->ring[(e->first + index) % EVENTS_MAX];
}

static void begin_anew(struct events *e)
{
	for (size_t i = 0; i < e->count; i++)
		event_finish(place(e, i));
	e->first = e->count = 0;
	e->has_begun = e->is_complete = false;
	e->newest_id = e->oldest_id = 0;
}

void events_destroy(struct events *e)
{
	if (!e)
		return;
	begin_anew(e);
	event_words_finish(&e->words);
	free(e);
}

void events_ask(struct events *e, enum event_level least, const char *words)
{
	begin_anew(e);
	event_words_finish(&e->words);
	event_words_init(&e->words, words);
	e->least = least;
	e->read_at_ms = 0;
}

void events_refresh(struct events *e)
{
	e->is_wanted = true;
}

static bool passes(const struct events *e, const struct event *event)
{
	return event->level >= e->least && event_words_match(&e->words, event);
}

static void push_newer(struct events *e, const struct event *event)
{
	if (e->count == EVENTS_MAX) {
		event_finish(place(e, 0));
		e->first = (e->first + 1) % EVENTS_MAX;
		e->count--;
		e->is_complete = false;
	}
	*place(e, e->count++) = *event;
}

static void push_older(struct events *e, const struct event *event)
{
	e->first = (e->first + EVENTS_MAX - 1) % EVENTS_MAX;
	e->count++;
	*place(e, 0) = *event;
}

static int look_for_newest(struct events *e, int64_t *id_out)
{
	scoped_stmt struct db_stmt *st = e->newest;
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	*id_out = db_int(st, 0);
	return 0;
}

static int begin(struct events *e, int64_t now_ms)
{
	int64_t id = 0;
	int rc = look_for_newest(e, &id);
	if (rc)
		return rc;
	e->newest_id = id;
	e->oldest_id = id + 1;
	e->has_begun = true;
	e->is_wanted = false;
	e->read_at_ms = now_ms;
	return 0;
}

static struct event *find_act(struct events *e, const char *act)
{
	for (size_t i = e->count; i > 0; i--) {
		struct event *event = place(e, i - 1);
		if (strcmp(event->act, act) == 0)
			return event;
	}
	return NULL;
}

/* A further batch of an act that is shown, or was filtered out. */
static int add_batch(struct events *e, struct db_stmt *batch)
{
	int64_t changed, skipped;
	struct event *event =
		find_act(e, event_batch(batch, &changed, &skipped));
	if (!event)
		return 0;
	scoped_stmt struct db_stmt *st = e->again;
	db_bind(st, "$id", event->id);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	event->changed += changed;
	event->skipped += skipped;
	event_act_again(event, st);
	return 0;
}

static int take_newer(struct events *e, struct db_stmt *st)
{
	struct event event;
	int rc = 0;
	if (!e->kind->read(&event, st))
		rc = add_batch(e, st);
	else if (passes(e, &event))
		push_newer(e, &event);
	else
		event_finish(&event);
	if (rc == 0)
		e->newest_id = db_int(st, 0);
	return rc;
}

static int read_newer(struct events *e, int64_t now_ms, int64_t deadline_us)
{
	scoped_stmt struct db_stmt *st = e->newer;
	db_bind(st, "$id", e->newest_id);
	int rc;
	for (size_t n = 1; (rc = db_step(st)) == DB_ROW; n++) {
		rc = take_newer(e, st);
		if (rc)
			return rc;
		if (n % DEADLINE_EVERY == 0 && clock_mono_us() >= deadline_us)
			return ROWS_MORE;
	}
	if (rc == 0) {
		e->is_wanted = false;
		e->read_at_ms = now_ms;
	}
	return rc;
}

/* Ids begin again where all lines were pruned. */
static int refresh(struct events *e, int64_t now_ms, int64_t deadline_us)
{
	int64_t id = 0;
	int rc = look_for_newest(e, &id);
	if (rc)
		return rc;
	if (id >= e->newest_id)
		return read_newer(e, now_ms, deadline_us);
	begin_anew(e);
	return begin(e, now_ms);
}

/* Down to the id `from`. */
static int read_range(struct events *e, int64_t from, int64_t deadline_us)
{
	scoped_stmt struct db_stmt *st = e->older;
	db_bind(st, "$id", e->oldest_id);
	db_bind(st, "$from", from);
	db_bind(st, "$newest", e->newest_id);
	int rc;
	for (size_t n = 1; (rc = db_step(st)) == DB_ROW; n++) {
		struct event event = {0};
		e->oldest_id = db_int(st, 0);
		if (e->kind->read(&event, st) && passes(e, &event))
			push_older(e, &event);
		else
			event_finish(&event);
		if (e->count == EVENTS_MAX)
			return 0;
		if (n % DEADLINE_EVERY == 0 && clock_mono_us() >= deadline_us)
			return ROWS_MORE;
	}
	return rc;
}

static int read_older(struct events *e, int64_t deadline_us)
{
	while (!e->is_complete && e->count < EVENTS_MAX) {
		int64_t from = e->kind->span ? e->oldest_id - e->kind->span : 0;
		int rc = read_range(e, from, deadline_us);
		if (rc || e->count == EVENTS_MAX)
			return rc;
		e->oldest_id = from;
		e->is_complete = from <= 1;
		if (!e->is_complete && clock_mono_us() >= deadline_us)
			return ROWS_MORE;
	}
	return 0;
}

int events_work(struct events *e, int64_t now_ms, int64_t deadline_us)
{
	int rc = 0;
	if (!e->has_begun)
		rc = begin(e, now_ms);
	else if (e->is_wanted)
		rc = refresh(e, now_ms, deadline_us);
	return rc ? rc : read_older(e, deadline_us);
}

size_t events_count(const struct events *e)
{
	return e->count;
}

const struct event *events_at(const struct events *e, size_t index)
{
	return &e->ring[(e->first + index) % EVENTS_MAX];
}

size_t events_find(const struct events *e, int64_t id)
{
	size_t low = 0, high = e->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (events_at(e, middle)->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool events_is_complete(const struct events *e)
{
	return e->is_complete;
}

int64_t events_read_at(const struct events *e)
{
	return e->read_at_ms;
}
