/*
 * What rows_work does: a run grows at the end where rows are wanted, or a new
 * one is built aside around the cursor's row and takes the old one's place.
 */
#include "tui/rows_internal.h"

#include "lib/clock.h"
#include "lib/util.h"

#include <stdlib.h>

enum {
	GROW = 100,
	FEW = 4 /* rows looked at for each that matches: more is a scan */
};

static void make_walks(struct rows *rows)
{
	if (rows->down)
		return;
	struct walk_query query = {.kind = rows->kind,
				   .sort = rows->sort,
				   .is_backward = rows->is_reversed,
				   .filter = rows->filter};
	rows->down = walk_create(rows->db, &query);
	query.is_backward = !query.is_backward;
	rows->up = walk_create(rows->db, &query);
}

void rows_reach(const struct rows *rows, size_t *above_out, size_t *below_out)
{
	const struct run *run = &rows->run;
	bool is_heavy = rows->filter && filter_is_heavy(rows->filter);
	size_t line = rows->cursor - rows->top;
	*above_out = line + rows->height;
	*below_out = 2 * rows->height - MIN(line, rows->height);
	if (run->place && !is_heavy)
		*below_out = MAX(*below_out, RUN_SMALL - MIN((size_t)RUN_SMALL,
							     rows->cursor));
	if (rows->owed < 0)
		*above_out += (size_t)-rows->owed;
	else
		*below_out += (size_t)rows->owed;
}

struct reading {
	struct run *run;
	bool is_head;
	size_t left;
};

static struct row *read_row(struct db_stmt *st)
{
	struct row *row = xmalloc(sizeof(*row));
	row_read(row, st, 0);
	return row;
}

/* A row that moved while the run grew is in it already: once is enough. */
static bool add_row(void *arg, struct db_stmt *st, const struct walk_at *at)
{
	struct reading *r = arg;
	if (run_find(r->run, at->id) < r->run->count)
		return true;
	run_add(r->run, at, read_row(st), r->is_head);
	return --r->left > 0;
}

/* One slice at one end, of at most GROW rows. */
static int grow(struct rows *rows, struct run *run, int direction,
		int64_t now_ms, int64_t deadline_us)
{
	bool is_head = direction < 0;
	struct walk *walk = is_head ? rows->up : rows->down;
	struct walk_at *end = is_head ? &run->head : &run->tail;
	struct reading r = {run, is_head, GROW};
	int64_t before = walk_looked(walk), begun_us = clock_mono_us();
	size_t count = run->count;
	if (!run->read_at_ms)
		run->read_at_ms = now_ms;
	walk_go(walk, end, false);
	int rc = walk_work(walk, add_row, &r, now_ms, deadline_us);
	*end = walk_at(walk);
	int64_t looked = walk_looked(walk) - before;
	run->looked += looked;
	if (looked > FEW * (int64_t)(run->count - count)) {
		rows->rested_from_us = clock_mono_us();
		rows->spent_us += rows->rested_from_us - begun_us;
		rows->spent_looked += looked;
	}
	if (rc != ROWS_DONE)
		return rc;
	*(is_head ? &run->is_head_done : &run->is_tail_done) = true;
	if (is_head)
		run->place = 1;
	return ROWS_MORE;
}

/* The far end is forgotten where the run becomes too long. */
static void trim(struct rows *rows, int direction)
{
	struct run *run = &rows->run;
	if (run->count <= RUN_MAX)
		return;
	size_t bottom = MIN(rows->top + 2 * rows->height, run->count);
	size_t spare = direction > 0 ? rows->top - MIN(rows->top, rows->height)
				     : run->count - bottom;
	size_t count = MIN(spare, (size_t)RUN_MAX / 4);
	if (!count)
		return;
	run_drop(run, count, direction > 0);
	if (direction > 0) {
		rows->top -= count;
		rows->cursor -= count;
	}
}

static int grow_shown(struct rows *rows, int direction, int64_t now_ms,
		      int64_t deadline_us)
{
	struct run *run = &rows->run;
	size_t before = run->count;
	int rc = grow(rows, run, direction, now_ms, deadline_us);
	if (direction < 0) {
		rows->top += run->count - before;
		rows->cursor += run->count - before;
	}
	rows_pay(rows);
	trim(rows, direction);
	rows_settle(rows);
	return rc;
}

void build_drop(struct rows *rows)
{
	run_finish(&rows->build.run);
	rows->build = (struct build){.is_on = false};
}

/* How much of the list the new run shall hold: where the old one told the
 * place, or all there is, the new one does, too. */
static void set_wants(const struct rows *rows, struct build *b)
{
	const struct run *old = &rows->run;
	size_t line = rows->cursor - rows->top, height = rows->height;
	bool is_whole = old->is_head_done && old->is_tail_done;
	bool is_near =
		old->place && old->place + (int64_t)rows->cursor <= RUN_DEEP;
	b->above = b->below = 2 * height;
	if (b->anchor != ANCHOR_ROW)
		return;
	b->id = old->entries[rows->cursor].at.id;
	b->above = is_near ? RUN_DEEP + height : line + height;
	if (is_whole)
		b->below = MAX((size_t)RUN_SMALL, b->below);
}

void build_begin(struct rows *rows, enum anchor anchor)
{
	struct build *b = &rows->build;
	build_drop(rows);
	b->is_on = true;
	b->anchor =
		anchor == ANCHOR_ROW && !rows->run.count ? ANCHOR_HEAD : anchor;
	set_wants(rows, b);
	b->run.is_head_done = b->anchor == ANCHOR_HEAD;
	b->run.is_tail_done = b->anchor == ANCHOR_TAIL;
	b->run.place = b->anchor == ANCHOR_HEAD;
	rows->spent_us = rows->spent_looked = 0;
}

static bool take_row(void *arg, struct db_stmt *st, const struct walk_at *at)
{
	run_add(arg, at, read_row(st), false);
	return false;
}

/* The cursor's row is the first of the new run, wherever it stands now; if it
 * has left the list, as it was and where it was. */
static int find_anchor(struct rows *rows, int64_t now_ms)
{
	struct build *b = &rows->build;
	struct run *run = &b->run;
	int rc = walk_find(rows->down, b->id, take_row, run, now_ms);
	if (rc)
		return rc;
	if (!run->count) {
		const struct run_entry *old = &rows->run.entries[rows->cursor];
		struct row *gone = xmalloc(sizeof(*gone));
		row_copy(gone, old->row);
		gone->is_gone = true;
		run_add(run, &old->at, gone, false);
	}
	run->read_at_ms = now_ms;
	run->head = run->tail = run->entries[0].at;
	b->is_found = true;
	return ROWS_MORE;
}

/* The new run is shown from now on. The operator may have moved meanwhile: then
 * the cursor's row is looked for in it, and if it is not there, once more. */
static int swap_in(struct rows *rows)
{
	struct build *b = &rows->build;
	size_t line = rows->cursor - rows->top;
	if (b->anchor == ANCHOR_ROW && rows->run.count) {
		int64_t id = rows->run.entries[rows->cursor].at.id;
		size_t index = run_find(&b->run, id);
		if (index == b->run.count) {
			build_begin(rows, ANCHOR_ROW);
			return ROWS_MORE;
		}
		b->cursor = index;
	} else if (b->anchor == ANCHOR_TAIL) {
		b->cursor = b->run.count - (b->run.count > 0);
		line = rows->height - (rows->height > 0);
	} else {
		b->cursor = line = 0;
	}
	run_finish(&rows->run);
	rows->run = b->run;
	rows->cursor = b->cursor;
	rows->top = b->cursor - MIN(b->cursor, line);
	*b = (struct build){.is_on = false};
	rows_settle(rows);
	return ROWS_MORE;
}

static size_t build_cursor(const struct build *b)
{
	if (b->anchor == ANCHOR_TAIL && b->run.count)
		return b->run.count - 1;
	return b->anchor == ANCHOR_ROW ? b->cursor : 0;
}

static int work_build(struct rows *rows, int64_t now_ms, int64_t deadline_us)
{
	struct build *b = &rows->build;
	if (b->anchor == ANCHOR_ROW && !b->is_found) {
		const struct row *here = rows_here(rows);
		if (here && here->id == b->id)
			return find_anchor(rows, now_ms);
		build_begin(rows, ANCHOR_ROW);
		return ROWS_MORE;
	}
	int way = run_wants(&b->run, build_cursor(b), b->above, b->below);
	if (!way)
		return swap_in(rows);
	size_t before = b->run.count;
	int rc = grow(rows, &b->run, way, now_ms, deadline_us);
	if (way < 0)
		b->cursor += b->run.count - before;
	return rc;
}

/* A scan of many rows rests before it is begun again by itself. */
static bool may_refresh(const struct rows *rows, int64_t now_us)
{
	return rows->is_wanted && !rows->build.is_on &&
	       (rows->is_urgent || rows->spent_looked < COSTLY ||
		now_us - rows->rested_from_us >= REST_FACTOR * rows->spent_us);
}

static int work_once(struct rows *rows, int64_t now_ms, int64_t deadline_us)
{
	size_t above, below;
	make_walks(rows);
	rows_reach(rows, &above, &below);
	int way = run_wants(&rows->run, rows->cursor, above, below);
	if (rows->build.is_on)
		return work_build(rows, now_ms, deadline_us);
	if (may_refresh(rows, clock_mono_us()) && (!way || rows->is_urgent)) {
		rows->is_wanted = rows->is_urgent = false;
		build_begin(rows, ANCHOR_ROW);
		return ROWS_MORE;
	}
	if (!way)
		return ROWS_DONE;
	return grow_shown(rows, way, now_ms, deadline_us);
}

int rows_work(struct rows *rows, int64_t now_ms, int64_t deadline_us)
{
	int rc = ROWS_DONE;
	while (!rows->is_stopped) {
		rc = work_once(rows, now_ms, deadline_us);
		if (rc != ROWS_MORE || clock_mono_us() >= deadline_us)
			break;
	}
	return rc;
}
