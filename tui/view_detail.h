/*
 * What the files of the detail view share:
 *
 *	view_detail.c        keys, reading, painting
 *	view_detail_head.c   which row it is, how it is, why
 *	view_detail_lines.c  attempts, payload, answer, history
 *	view_detail_time.c   when things happened
 */
#pragma once

#include "tui/app.h"
#include "tui/item.h"
#include "tui/view_lines.h"

/* Columns from which on there is room for a timeline, and two columns. */
enum { DETAIL_WIDE = 100 };

/* What an operator reads of payloads and answers at once. */
enum { DETAIL_PAYLOAD_MAX = 256 * 1024, DETAIL_ANSWER_MAX = 16 * 1024 };

struct detail {
	struct view view;
	struct app *app;	    /* borrowed */
	struct view *list;	    /* borrowed; NULL: opened alone */
	struct item_reader *reader; /* own */
	int64_t id;
	struct item item;
	bool is_read, is_gone, is_wanted, is_raw;
	struct json_lines payload, answer;
	size_t answer_no; /* the attempt that it belongs to; 0: none */

	struct line_list lines, side; /* side: the left one of two columns */
	struct text_pane pane, side_pane;
	size_t payload_line; /* its heading in `lines`; 0: none yet */
};

/* What lines are made for. */
struct detail_look {
	int cols;
	int64_t now_ms;
	enum fmt_time times; /* of points of time: never FMT_AGO */
	bool is_ago;	     /* how long ago stands behind it */
};
struct detail_look detail_look(const struct detail *d, int cols);

/* Each adds its lines. */
void detail_name(struct detail *d, struct line_list *l,
		 const struct detail_look *k);
void detail_head(struct detail *d, struct line_list *l,
		 const struct detail_look *k);
void detail_why(struct detail *d, struct line_list *l,
		const struct detail_look *k);
void detail_facts(struct detail *d, struct line_list *l,
		  const struct detail_look *k);
void detail_attempts(struct detail *d, struct line_list *l,
		     const struct detail_look *k);
void detail_payload(struct detail *d, struct line_list *l);
void detail_answer(struct detail *d, struct line_list *l);
void detail_history(struct detail *d, struct line_list *l,
		    const struct detail_look *k);
void detail_bar(struct detail *d, struct line_list *l,
		const struct detail_look *k);
void detail_times(struct detail *d, struct line_list *l,
		  const struct detail_look *k);

/* A point of time, with how long ago if the operator's times say so. The
 * caller frees. */
char *detail_at(const struct detail_look *k, int64_t at_ms);

/* A payload's or an answer's lines, numbered or not. */
void detail_json(struct line_list *l, const struct json_lines *json,
		 bool is_numbered);
