#include "tui/box_act.h"

#include "lib/text.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

static void push(struct box_lines *l, enum line_kind kind, enum line_rank rank,
		 enum style style, char *text)
{
	l->lines = xrealloc(l->lines, (l->count + 1) * sizeof(*l->lines));
	l->lines[l->count++] =
		(struct box_line){kind, rank, style, l->parts, text};
}

/* One character of a text, and its cells. */
static size_t next_character(const char *s, int *cells_out)
{
	char one[8];
	uint32_t code;
	size_t len = text_decode(s, strlen(s), &code);
	len = len ? len : 1;
	memcpy(one, s, len);
	one[len] = '\0';
	*cells_out = grid_width(one);
	return len;
}

/* Bytes of the first line: up to a blank, or if there is none (a long word, or
 * Chinese) as many characters as fit. */
static size_t first_line(const char *s, int width)
{
	size_t at = 0, blank = 0;
	int used = 0;
	while (s[at]) {
		int cells;
		size_t len = next_character(s + at, &cells);
		if (used + cells > width && at > 0)
			return blank ? blank : at;
		if (s[at] == ' ' && used > width / 2)
			blank = at;
		used += cells;
		at += len;
	}
	return at;
}

void box_lines_add(struct box_lines *lines, enum line_rank rank,
		   enum style style, char *text)
{
	const char *s = text;
	lines->parts++;
	do {
		size_t len = first_line(s, lines->width);
		push(lines, LINE_TEXT, rank, style, xstrndup(s, len));
		s += len;
		s += *s == ' ';
	} while (*s);
	free(text);
}

void box_lines_blank(struct box_lines *lines)
{
	lines->parts++;
	push(lines, LINE_TEXT, RANK_BLANK, STYLE_TEXT, xstrdup(""));
}

void box_lines_put(struct box_lines *lines, enum line_kind kind,
		   enum line_rank rank)
{
	lines->parts++;
	push(lines, kind, rank, STYLE_TEXT, xstrdup(""));
}

static void drop(struct box_lines *lines, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		free(lines->lines[i].text);
	memmove(lines->lines + from, lines->lines + to,
		(lines->count - to) * sizeof(*lines->lines));
	lines->count -= to - from;
}

/* The last one of the least important rank. A warning without its end is
 * better than none; of other texts all lines go. */
static void drop_worst(struct box_lines *lines)
{
	size_t worst = 0;
	for (size_t i = 0; i < lines->count; i++) {
		if (lines->lines[i].rank >= lines->lines[worst].rank)
			worst = i;
	}
	const struct box_line *line = &lines->lines[worst];
	size_t from = worst;
	while (line->rank > RANK_EFFECT && from > 0 &&
	       lines->lines[from - 1].part == line->part)
		from--;
	drop(lines, from, worst + 1);
}

bool box_lines_fit(struct box_lines *lines, int rows)
{
	size_t must = 0;
	for (size_t i = 0; i < lines->count; i++)
		must += lines->lines[i].rank == RANK_MUST;
	while ((int)lines->count > rows && lines->count > must)
		drop_worst(lines);
	return (int)lines->count <= rows;
}

void box_lines_finish(struct box_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->lines[i].text);
	free(lines->lines);
	*lines = (struct box_lines){0};
}
