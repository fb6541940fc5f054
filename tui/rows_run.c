#include "tui/rows_internal.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

static void free_row(struct row *row)
{
	row_finish(row);
	free(row);
}

void run_finish(struct run *run)
{
	for (size_t i = 0; i < run->count; i++)
		free_row(run->entries[i].row);
	free(run->entries);
	*run = (struct run){.count = 0};
}

static void move(struct run *run, size_t to, size_t from)
{
	memmove(run->entries + to, run->entries + from,
		(run->count - from) * sizeof(*run->entries));
}

void run_add(struct run *run, const struct walk_at *at, struct row *row,
	     bool is_head)
{
	if (run->count == run->cap) {
		run->cap = run->cap ? 2 * run->cap : 128;
		run->entries = xrealloc(run->entries,
					run->cap * sizeof(*run->entries));
	}
	size_t index = is_head ? 0 : run->count;
	move(run, index + 1, index);
	run->entries[index] = (struct run_entry){*at, row};
	run->count++;
	if (is_head && run->place > 1)
		run->place--;
}

void run_remove(struct run *run, size_t index)
{
	free_row(run->entries[index].row);
	move(run, index, index + 1);
	run->count--;
}

size_t run_find(const struct run *run, int64_t id)
{
	for (size_t i = 0; i < run->count; i++) {
		if (run->entries[i].at.id == id)
			return i;
	}
	return run->count;
}

void run_drop(struct run *run, size_t count, bool is_head)
{
	size_t from = is_head ? 0 : run->count - count;
	for (size_t i = from; i < from + count; i++)
		free_row(run->entries[i].row);
	if (is_head)
		move(run, 0, count);
	run->count -= count;
	if (is_head) {
		run->head = run->entries[0].at;
		run->is_head_done = false;
		run->place += run->place ? (int64_t)count : 0;
	} else {
		run->tail = run->entries[run->count - 1].at;
		run->is_tail_done = false;
	}
}

int run_wants(const struct run *run, size_t cursor, size_t above, size_t below)
{
	if (!run->is_head_done && cursor < above)
		return -1;
	size_t behind = run->count ? run->count - cursor - 1 : 0;
	if (!run->is_tail_done && (!run->count || behind < below))
		return 1;
	return 0;
}
