#include "tui/help_layout.h"

#include "lib/text.h"
#include "lib/util.h"
#include "tui/grid.h"

#include <stdlib.h>
#include <string.h>

enum {
	TWO_COLUMNS_COLS = 70, /* from here on */
	GAP = 2,	       /* between the two */
	KEYS_COLS_MIN = 6,
	TEXT_COLS_MIN = 10, /* behind keys; with less it goes below them */
};

/* Bytes of the text that go into a row: to a blank, or behind a wide
 * character, as Chinese is broken; at least one character. */
static size_t fit(const char *text, int cols)
{
	size_t left = strlen(text), at = 0, good = 0, used = 0;
	int width = 0;
	for (; left > 0; at += used, left -= used) {
		uint32_t code = 0;
		used = MAX(text_decode(text + at, left, &code), 1);
		int cells = MAX(text_code_width(code), 0);
		if (code == ' ')
			good = at;
		if (width + cells > cols && at > 0)
			return good ? good : at;
		if (cells == 2)
			good = at + used;
		width += cells;
	}
	return at;
}

static void push(struct help_layout *l, struct help_row row)
{
	l->rows = xrealloc(l->rows, (l->count + 1) * sizeof(*l->rows));
	l->rows[l->count++] = row;
}

static int keys_cols(const struct help *help, int cols)
{
	int widest = KEYS_COLS_MIN;
	for (size_t i = 0; i < help->count; i++)
		widest = MAX(widest, grid_width(help->lines[i].keys));
	return MAX(MIN(widest, cols / 4), 0) + 2;
}

/* The title is not indented, a text without keys a little. */
static int indent_of(const struct help_line *line, int keys)
{
	return line->is_head ? 0 : *line->keys ? keys + 1 : 1;
}

static void add_line(struct help_layout *l, const struct help_line *line,
		     int keys)
{
	int indent = MIN(indent_of(line, keys), l->column_cols - 1);
	int first = indent;
	if (*line->keys)
		first = MAX(indent, grid_width(line->keys) + 2);
	struct help_row row = {line, 0, 0, first, true};
	if (first > indent && l->column_cols - first < TEXT_COLS_MIN) {
		push(l, row);
		row.indent = indent;
		row.is_first = false;
	}
	for (const char *text = line->text; *text || row.is_first;) {
		row.from = (size_t)(text - line->text);
		row.len = fit(text, l->column_cols - row.indent);
		push(l, row);
		text += row.len;
		text += strspn(text, " ");
		row.indent = indent;
		row.is_first = false;
	}
}

/* Blanks before what was put at `from`, if it began in this column and does not
 * end there, but would in the next. */
static void keep_together(struct help_layout *l, size_t from)
{
	size_t height = (size_t)l->column_rows;
	size_t used = from % height, rows = l->count - from;
	if (used == 0 || used + rows <= height || rows > height)
		return;
	size_t blanks = height - used;
	for (size_t i = 0; i < blanks; i++)
		push(l, (struct help_row){0});
	memmove(&l->rows[from + blanks], &l->rows[from],
		rows * sizeof(*l->rows));
	memset(&l->rows[from], 0, blanks * sizeof(*l->rows));
}

/* A title goes with the line behind it. */
static void lay(struct help_layout *l, const struct help *help, bool is_airy)
{
	size_t height = (size_t)l->column_rows;
	int keys = keys_cols(help, l->column_cols);
	l->count = 0;
	for (size_t i = 0; i < help->count; i++) {
		const struct help_line *line = &help->lines[i];
		if (line->is_head && is_airy && l->count % height)
			push(l, (struct help_row){0});
		size_t from = l->count;
		add_line(l, line, keys);
		if (line->is_head && i + 1 < help->count)
			add_line(l, &help->lines[++i], keys);
		keep_together(l, from);
	}
	size_t page = height * (size_t)l->columns;
	l->pages = MAX((l->count + page - 1) / page, 1);
}

void help_layout_init(struct help_layout *l, const struct help *help, int rows,
		      int cols)
{
	*l = (struct help_layout){.columns = cols >= TWO_COLUMNS_COLS ? 2 : 1};
	l->column_cols = (cols - GAP * (l->columns - 1)) / l->columns;
	l->column_rows = rows;
	lay(l, help, true);
	bool is_airy = l->pages == 1;
	if (!is_airy)
		lay(l, help, false);
	if (l->pages > 1)
		return;
	l->column_rows = MAX((int)l->count / l->columns, 1);
	do
		lay(l, help, is_airy);
	while (l->pages > 1 && l->column_rows++ < rows);
}

void help_layout_finish(struct help_layout *l)
{
	free(l->rows);
	*l = (struct help_layout){0};
}
