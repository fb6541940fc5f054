/*
 * Lines made for one painting: texts and their spans, freed together. The
 * source of a text pane.
 */
#pragma once

#include "tui/view_text.h"

struct line_list {
	struct text_line *lines; /* own */
	size_t count, cap;
	void **own; /* own; what the lines point to */
	size_t own_count, own_cap;
};

/* arg: a struct line_list. */
extern const struct text_source line_list_source;

void line_list_finish(struct line_list *l);
void line_list_clear(struct line_list *l);

/* Takes over what a line will point to. Returns it. */
void *line_list_own(struct line_list *l, void *p);

/* A line at the end, to be filled in; valid until the next one. */
struct text_line *line_list_add(struct line_list *l);

/* A text, taken over; folded: wrapped whatever the pane does. */
struct text_line *line_list_text(struct line_list *l, enum style style,
				 char *text);
struct text_line *line_list_folded(struct line_list *l, enum style style,
				   int indent, char *text);
void line_list_rule(struct line_list *l, char *title);
void line_list_blank(struct line_list *l);

/* Bytes of the last line in another style; up to three a line. */
void line_list_span(struct line_list *l, size_t from, size_t len,
		    enum style style);
