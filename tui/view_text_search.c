#include "tui/view_text_internal.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

const char *text_match(const char *hay, const char *text)
{
	return strcasestr(hay, text);
}

/* Shows a match: its row and its cell are in sight. */
static void go(struct text_pane *p, size_t index, size_t byte)
{
	struct text_line line = text_line_at(p, index);
	p->match = p->cursor = index;
	p->match_at = byte;
	p->has_match = true;
	p->top = (struct text_place){index, 0};
	if (text_line_wraps(p, &line)) {
		size_t from = 0, len;
		while ((len = text_row_len(p, &line, p->top.row, from)) > 0 &&
		       from + len <= byte) {
			from += len;
			p->top.row++;
		}
		return;
	}
	scoped_free char *before = xstrndup(line.text, byte);
	int x, room = text_row_room(p, &line, 0, &x);
	int at = grid_width(before), width = grid_width(p->search);
	if (at < p->sideways || at + width > p->sideways + room)
		p->sideways = MAX(at - MAX(room - width, 0) / 2, 0);
}

/* The first match of a line from a byte on, or the last one before it. */
static bool find_in(struct text_pane *p, size_t index, size_t byte,
		    int direction, size_t *at_out)
{
	struct text_line line = text_line_at(p, index);
	size_t len = strlen(line.text);
	bool is_found = false;
	const char *at = line.text + (direction > 0 ? MIN(byte, len) : 0);
	while ((at = text_match(at, p->search))) {
		size_t found = (size_t)(at - line.text);
		if (direction < 0 && found >= byte)
			break;
		*at_out = found;
		is_found = true;
		if (direction > 0)
			break;
		at++;
	}
	return is_found;
}

static void begin(struct text_pane *p, const char *text)
{
	if (p->search && strcmp(text, p->search) == 0)
		return;
	free(p->search);
	p->search = text[0] ? xstrdup(text) : NULL;
	p->has_match = false;
}

/* Where to look first: in a long line behind its last match, else behind the
 * cursor's line, or from the top line on. */
static size_t start_of(const struct text_pane *p, size_t count, size_t *skip)
{
	bool is_there =
		p->has_match && (!p->has_cursor || p->cursor == p->match);
	*skip = p->has_cursor || is_there ? 1 : 0;
	size_t start = p->has_cursor ? p->cursor : p->top.line;
	return MIN(is_there ? p->match : start, count - 1);
}

bool text_pane_search(struct text_pane *p, const char *text, int direction)
{
	size_t count = text_count(p), byte, skip;
	if (text)
		begin(p, text);
	if (!p->search || count == 0)
		return !p->search;
	size_t start = start_of(p, count, &skip);
	size_t next = direction > 0 ? p->match_at + 1 : p->match_at;
	if (p->has_match && start == p->match && !p->has_cursor &&
	    find_in(p, start, next, direction, &byte)) {
		go(p, start, byte);
		text_pane_settle(p);
		return true;
	}
	for (size_t i = skip; i <= count; i++) {
		size_t at = direction > 0 ? (start + i) % count
					  : (start + count * 2 - i) % count;
		size_t from = direction > 0 ? 0 : SIZE_MAX;
		if (!find_in(p, at, from, direction, &byte))
			continue;
		go(p, at, byte);
		text_pane_settle(p);
		return true;
	}
	return false;
}
