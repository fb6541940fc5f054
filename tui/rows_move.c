/* Moves of the cursor and the window within the run, and beyond it as soon as
 * rows_work has read what lies there. */
#include "tui/rows_internal.h"

#include "lib/util.h"

void rows_settle(struct rows *rows)
{
	size_t count = rows->run.count, height = rows->height;
	size_t most = count > height ? count - height : 0;
	rows->cursor = MIN(rows->cursor, count - (count > 0));
	rows->top = MIN(rows->top, most);
	rows->top = MIN(rows->top, rows->cursor);
	if (height && rows->cursor >= rows->top + height)
		rows->top = rows->cursor - height + 1;
}

/* A row that has left the list goes when the cursor leaves it. Returns how many
 * lines less a move downwards has to go. */
static long leave_gone(struct rows *rows)
{
	struct run *run = &rows->run;
	if (!run->count || !run->entries[rows->cursor].row->is_gone)
		return 0;
	run_remove(run, rows->cursor);
	return 1;
}

/* Goes as far as there are rows; the rest is owed, unless the list ends. */
static void shift(struct rows *rows, long lines, bool is_page)
{
	struct run *run = &rows->run;
	long last = (long)run->count - (run->count > 0);
	long want = (long)rows->cursor + lines;
	long goes = MAX(0, MIN(want, last));
	long missed = want - goes;
	bool is_end = missed < 0 ? run->is_head_done : run->is_tail_done;
	rows->owed = is_end || rows->is_stopped ? 0 : missed;
	rows->is_page_owed = is_page;
	if (is_page) {
		long top = (long)rows->top + goes - (long)rows->cursor;
		if (is_end && missed)
			top = missed < 0 ? 0 : last;
		rows->top = (size_t)MAX(0, top);
	}
	rows->cursor = (size_t)goes;
	rows_settle(rows);
}

void rows_pay(struct rows *rows)
{
	if (rows->owed)
		shift(rows, rows->owed, rows->is_page_owed);
}

/* What was asked for before a key counts no more. */
static void begin(struct rows *rows)
{
	rows->owed = 0;
	if (rows->build.is_on && rows->build.anchor != ANCHOR_ROW)
		build_drop(rows);
}

static void go(struct rows *rows, long lines, bool is_page)
{
	begin(rows);
	if (!lines)
		return;
	long less = leave_gone(rows);
	shift(rows, lines > 0 ? lines - less : lines, is_page);
}

void rows_move(struct rows *rows, long lines)
{
	go(rows, lines, false);
}

void rows_page(struct rows *rows, long lines)
{
	go(rows, lines, true);
}

void rows_end(struct rows *rows, int direction)
{
	struct run *run = &rows->run;
	begin(rows);
	leave_gone(rows);
	if (direction < 0 ? run->is_head_done : run->is_tail_done) {
		rows->cursor = direction < 0 ? 0 : run->count;
		rows->top = rows->cursor;
		rows_settle(rows);
	} else {
		rows->is_stopped = false;
		build_begin(rows, direction < 0 ? ANCHOR_HEAD : ANCHOR_TAIL);
	}
}

static void go_index(struct rows *rows, size_t index)
{
	if (index != rows->cursor)
		go(rows, (long)index - (long)rows->cursor, false);
}

void rows_go_line(struct rows *rows, size_t line)
{
	if (line < rows_count(rows))
		go_index(rows, rows->top + line);
}

size_t rows_span(const struct rows *rows, int64_t id, int64_t **ids_out)
{
	size_t index = run_find(&rows->run, id);
	if (index == rows->run.count)
		return 0;
	size_t from = MIN(index, rows->cursor);
	size_t count = MAX(index, rows->cursor) - from + 1;
	*ids_out = xmalloc(count * sizeof(**ids_out));
	for (size_t i = 0; i < count; i++)
		(*ids_out)[i] = rows->run.entries[from + i].at.id;
	return count;
}

bool rows_go_id(struct rows *rows, int64_t id)
{
	size_t index = run_find(&rows->run, id);
	if (index == rows->run.count)
		return false;
	go_index(rows, index);
	return true;
}
