#include "tui/view_lines.h"

#include "lib/util.h"

#include <assert.h>
#include <stdlib.h>

enum { SPANS = 3 };

static size_t count(void *arg)
{
	return ((struct line_list *)arg)->count;
}

static void line(void *arg, size_t index, struct text_line *out)
{
	*out = ((struct line_list *)arg)->lines[index];
}

const struct text_source line_list_source = {.count = count, .line = line};

void line_list_clear(struct line_list *l)
{
	for (size_t i = 0; i < l->own_count; i++)
		free(l->own[i]);
	l->own_count = l->count = 0;
}

void line_list_finish(struct line_list *l)
{
	line_list_clear(l);
	free(l->lines);
	free(l->own);
	*l = (struct line_list){0};
}

void *line_list_own(struct line_list *l, void *p)
{
	if (l->own_count == l->own_cap) {
		l->own_cap = MAX(l->own_cap * 2, 32);
		l->own = xrealloc(l->own, l->own_cap * sizeof(*l->own));
	}
	l->own[l->own_count++] = p;
	return p;
}

struct text_line *line_list_add(struct line_list *l)
{
	if (l->count == l->cap) {
		l->cap = MAX(l->cap * 2, 64);
		l->lines = xrealloc(l->lines, l->cap * sizeof(*l->lines));
	}
	struct text_line *line = &l->lines[l->count++];
	*line = (struct text_line){.text = ""};
	return line;
}

struct text_line *line_list_text(struct line_list *l, enum style style,
				 char *text)
{
	struct text_line *line = line_list_add(l);
	line->text = line_list_own(l, text);
	line->style = style;
	return line;
}

struct text_line *line_list_folded(struct line_list *l, enum style style,
				   int indent, char *text)
{
	struct text_line *line = line_list_text(l, style, text);
	line->is_folded = true;
	line->indent = indent;
	return line;
}

void line_list_rule(struct line_list *l, char *title)
{
	line_list_text(l, STYLE_HEAD, title)->is_rule = true;
}

void line_list_blank(struct line_list *l)
{
	line_list_add(l);
}

void line_list_span(struct line_list *l, size_t from, size_t len,
		    enum style style)
{
	assert(l->count > 0);
	struct text_line *line = &l->lines[l->count - 1];
	struct json_span *spans = (struct json_span *)line->spans;
	if (!spans)
		spans = line_list_own(l, xcalloc(SPANS, sizeof(*spans)));
	if (line->span_count < SPANS)
		spans[line->span_count++] =
			(struct json_span){from, len, style};
	line->spans = spans;
}
