#include "tui/rows.h"

#include "lib/util.h"
#include "tui/rows_internal.h"

#include <stdlib.h>

/* Nothing is known but that the list begins here. */
static void begin_run(struct rows *rows)
{
	run_finish(&rows->run);
	rows->run.is_head_done = true;
	rows->run.place = 1;
	rows->top = rows->cursor = 0;
	rows->owed = 0;
	rows->spent_us = rows->spent_looked = 0;
	rows->is_wanted = rows->is_urgent = rows->is_stopped = false;
	build_drop(rows);
}

static void drop_walks(struct rows *rows)
{
	walk_destroy(steal(&rows->down));
	walk_destroy(steal(&rows->up));
}

struct rows *rows_create(struct db *db, enum list_kind kind)
{
	struct rows *rows = xcalloc(1, sizeof(*rows));
	rows->db = db;
	rows->kind = kind;
	rows->sort = rows_own_sort(kind);
	rows->height = 20;
	begin_run(rows);
	return rows;
}

void rows_destroy(struct rows *rows)
{
	if (!rows)
		return;
	drop_walks(rows);
	build_drop(rows);
	run_finish(&rows->run);
	free(rows);
}

enum list_sort rows_sort(const struct rows *rows, bool *is_reversed_out)
{
	*is_reversed_out = rows->is_reversed;
	return rows->sort;
}

void rows_ask(struct rows *rows, const struct filter *filter,
	      enum list_sort sort, bool is_reversed)
{
	drop_walks(rows);
	rows->filter = filter;
	rows->sort = rows_can_sort(rows->kind, sort)
			     ? sort
			     : rows_own_sort(rows->kind);
	rows->is_reversed = is_reversed;
	begin_run(rows);
}

void rows_set_height(struct rows *rows, size_t height)
{
	rows->height = MIN(height, (size_t)HEIGHT_MAX);
	rows_settle(rows);
}

void rows_refresh(struct rows *rows)
{
	rows->is_wanted = !rows->is_stopped;
}

void rows_refresh_now(struct rows *rows)
{
	rows->is_stopped = false;
	rows->is_wanted = rows->is_urgent = true;
}

void rows_stop(struct rows *rows)
{
	build_drop(rows);
	rows->owed = 0;
	rows->is_wanted = rows->is_urgent = false;
	rows->is_stopped = true;
}

void rows_resume(struct rows *rows)
{
	rows->is_stopped = false;
}

size_t rows_count(const struct rows *rows)
{
	return MIN(rows->run.count - rows->top, rows->height);
}

const struct row *rows_at(const struct rows *rows, size_t line)
{
	return rows->run.entries[rows->top + line].row;
}

size_t rows_cursor(const struct rows *rows)
{
	return rows->cursor - rows->top;
}

const struct row *rows_here(const struct rows *rows)
{
	if (!rows->run.count)
		return NULL;
	return rows->run.entries[rows->cursor].row;
}

struct rows_state rows_state(const struct rows *rows)
{
	const struct run *run = &rows->run;
	const struct row *here = rows_here(rows);
	size_t above, below;
	rows_reach(rows, &above, &below);
	bool is_wanting = run_wants(run, rows->cursor, above, below) != 0;
	bool is_going = rows->build.is_on && rows->build.anchor != ANCHOR_ROW;
	int64_t before = run->place ? run->place - 1 : 0;
	bool has_gone = here && here->is_gone;
	return (struct rows_state){
		.place = here && run->place ? before + (int64_t)rows->cursor + 1
					    : 0,
		.found = before + (int64_t)run->count - has_gone,
		.looked = is_going ? rows->build.run.looked : run->looked,
		.read_at_ms = run->read_at_ms,
		.is_complete = run->is_head_done && run->is_tail_done,
		.is_scanning = !rows->is_stopped && (is_wanting || is_going),
		.is_stopped = rows->is_stopped,
	};
}
