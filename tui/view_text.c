#include "tui/view_text_internal.h"

#include "lib/text.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

/* Columns less than that are not worth a gutter. */
enum { NARROW = 30, STEP = 8 };

void text_pane_init(struct text_pane *p, const struct text_source *source,
		    void *arg)
{
	*p = (struct text_pane){.source = source, .arg = arg};
}

void text_pane_finish(struct text_pane *p)
{
	free(p->search);
}

void text_pane_reset(struct text_pane *p)
{
	p->top = (struct text_place){0};
	p->cursor = p->match = 0;
	p->sideways = 0;
	p->has_match = false;
}

size_t text_count(const struct text_pane *p)
{
	return p->source->count(p->arg);
}

struct text_line text_line_at(const struct text_pane *p, size_t index)
{
	struct text_line line = {.text = ""};
	p->source->line(p->arg, index, &line);
	return line;
}

static size_t character(const char *text, int *cells_out)
{
	char one[8] = {0};
	uint32_t code;
	*cells_out = 1;
	if (text[0] >= ' ' && text[0] < 0x7f)
		return 1;
	size_t len = text_decode(text, strnlen(text, 4), &code);
	len = MAX(len, 1);
	memcpy(one, text, len);
	*cells_out = grid_width(one);
	return len;
}

size_t text_fit_row(const char *text, int cells)
{
	size_t len = 0, blank = 0;
	int used = 0, blank_cells = 0;
	while (text[len]) {
		int width;
		size_t n = character(text + len, &width);
		if (used + width > cells && len > 0) {
			bool is_word = width == 1 && text[len] != ' ';
			if (is_word && blank_cells > cells / 2)
				return blank;
			return len + strspn(text + len, " ");
		}
		used += width;
		len += n;
		if (text[len - 1] == ' ') {
			blank = len;
			blank_cells = used;
		}
	}
	return len;
}

bool text_line_wraps(const struct text_pane *p, const struct text_line *line)
{
	return !line->is_rule && (p->is_wrapped || line->is_folded);
}

static int gutter_of(const struct text_pane *p, const struct text_line *line)
{
	return p->cols < NARROW ? 0 : line->gutter;
}

int text_row_room(const struct text_pane *p, const struct text_line *line,
		  size_t row, int *x_out)
{
	int indent = row > 0 && p->cols >= NARROW ? line->indent : 0;
	*x_out = gutter_of(p, line) + indent;
	return MAX(p->cols - *x_out, 1);
}

size_t text_row_len(const struct text_pane *p, const struct text_line *line,
		    size_t row, size_t from)
{
	int x;
	if (!text_line_wraps(p, line))
		return strlen(line->text + from);
	return text_fit_row(line->text + from, text_row_room(p, line, row, &x));
}

static size_t rows_of(const struct text_pane *p, size_t index)
{
	struct text_line line = text_line_at(p, index);
	if (!text_line_wraps(p, &line))
		return 1;
	size_t rows = 0, from = 0;
	do
		from += text_row_len(p, &line, rows++, from);
	while (line.text[from]);
	return rows;
}

static bool is_behind(struct text_place a, struct text_place b)
{
	return a.line > b.line || (a.line == b.line && a.row > b.row);
}

/* The place whose row is `back` rows before the end of line `line`. */
static struct text_place before_end(const struct text_pane *p, size_t line,
				    size_t back)
{
	for (size_t rows = 0;; line--) {
		size_t here = rows_of(p, line);
		if (rows + here >= back)
			return (struct text_place){line, rows + here - back};
		rows += here;
		if (line == 0)
			return (struct text_place){0};
	}
}

/* The place from which the last line ends on the last row. */
static struct text_place last_top(const struct text_pane *p)
{
	size_t count = text_count(p);
	if (count == 0)
		return (struct text_place){0};
	return before_end(p, count - 1, (size_t)MAX(p->rows, 1));
}

static void show_cursor(struct text_pane *p)
{
	size_t count = text_count(p);
	p->cursor = count == 0 ? 0 : MIN(p->cursor, count - 1);
	if (count == 0)
		return;
	struct text_place low =
		before_end(p, p->cursor, (size_t)MAX(p->rows, 1));
	if (is_behind(low, p->top))
		p->top = low;
	if (p->cursor <= p->top.line)
		p->top = (struct text_place){p->cursor, 0};
}

/* Lines may have become fewer, and rows with the width. */
void text_pane_settle(struct text_pane *p)
{
	size_t count = text_count(p);
	if (count > 0 && p->top.line < count)
		p->top.row = MIN(p->top.row, rows_of(p, p->top.line) - 1);
	struct text_place last = last_top(p);
	if (is_behind(p->top, last))
		p->top = last;
	if (p->has_cursor)
		show_cursor(p);
}

/* A line may be long: how many rows it has is asked once. */
static void scroll(struct text_pane *p, long rows)
{
	struct text_place last = last_top(p);
	if (is_behind(p->top, last))
		p->top = last; /* there were more lines when it was painted */
	size_t here = rows > 0 && text_count(p) ? rows_of(p, p->top.line) : 0;
	for (; rows > 0 && is_behind(last, p->top); rows--) {
		if (++p->top.row < here)
			continue;
		p->top = (struct text_place){p->top.line + 1, 0};
		here = rows_of(p, p->top.line);
	}
	for (; rows < 0 && (p->top.line || p->top.row); rows++) {
		if (p->top.row > 0)
			p->top.row--;
		else
			p->top = before_end(p, p->top.line - 1, 1);
	}
}

static void move(struct text_pane *p, long lines)
{
	if (!p->has_cursor) {
		scroll(p, lines);
		return;
	}
	size_t last = text_count(p) ? text_count(p) - 1 : 0;
	size_t by = (size_t)labs(lines);
	if (lines < 0)
		p->cursor -= MIN(by, p->cursor);
	else
		p->cursor = MIN(p->cursor + by, last);
	show_cursor(p);
}

static void shift(struct text_pane *p, int cells)
{
	if (!p->is_wrapped)
		p->sideways = MAX(p->sideways + cells, 0);
}

bool text_pane_act(struct text_pane *p, enum action action)
{
	static const struct {
		enum action action;
		int halves, rows; /* of a page, and rows beside */
	} moves[] = {
		{ACTION_DOWN, 0, 1},	   {ACTION_UP, 0, -1},
		{ACTION_HALF_DOWN, 1, 0},  {ACTION_HALF_UP, -1, 0},
		{ACTION_PAGE_DOWN, 2, -1}, {ACTION_PAGE_UP, -2, 1},
	};
	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		if (moves[i].action != action)
			continue;
		long rows = moves[i].halves * p->rows / 2 + moves[i].rows;
		int way = moves[i].halves + moves[i].rows;
		move(p, rows ? rows : way);
		return true;
	}
	if (action == ACTION_FIRST || action == ACTION_LAST) {
		size_t count = text_count(p);
		bool is_last = action == ACTION_LAST && count > 0;
		p->cursor = is_last ? count - 1 : 0;
		p->top = is_last ? last_top(p) : (struct text_place){0};
	} else if (action == ACTION_LEFT || action == ACTION_RIGHT) {
		shift(p, action == ACTION_LEFT ? -STEP : STEP);
	} else if (action == ACTION_WRAP) {
		p->is_wrapped = !p->is_wrapped;
		p->sideways = 0;
		p->top.row = 0;
	} else {
		return false;
	}
	return true;
}

bool text_pane_at(const struct text_pane *p, int row, size_t *line_out)
{
	size_t count = text_count(p);
	int y = -(int)p->top.row;
	for (size_t i = p->top.line; i < count && y <= row; i++) {
		y += (int)rows_of(p, i);
		if (row < y && row >= 0) {
			*line_out = i;
			return true;
		}
	}
	return false;
}
