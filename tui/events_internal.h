/* What tui/events*.c share; nobody else includes it. */
#pragma once

#include "tui/events.h"

/* The words of a filter. */
enum { WORDS_MAX = 16 };
struct event_words {
	struct {
		char *text; /* own */
		bool is_not;
	} list[WORDS_MAX];
	size_t count;
};

void event_words_init(struct event_words *w, const char *text);
void event_words_finish(struct event_words *w);
bool event_words_match(const struct event_words *w, const struct event *e);

/* Where an event comes from: its statements, and how a row of theirs becomes
 * one. Statements take $id, and give the event's id in column 0. */
struct event_kind {
	const char *newest; /* the largest id there is */
	const char *newer;  /* above $id, upwards */
	const char *older;  /* from $id (without) down to $from; what came
			       up to $newest counts */
	int64_t span;	    /* ids that `older` is asked of at a time; 0: all */
	const char *again;  /* $id alone; NULL if events do not change */

	/* Reads an event; false: this row is none of its own, but belongs to
	 * the act event_act_of tells. */
	bool (*read)(struct event *e, struct db_stmt *st);
};

extern const struct event_kind event_kind_log, event_kind_audit;

/* Of a row that read() said no to: its act (borrowed), and what it adds. */
const char *event_batch(struct db_stmt *st, int64_t *changed_out,
			int64_t *skipped_out);

/* The text anew, of a row of `again`, after e->changed has grown. */
void event_act_again(struct event *e, struct db_stmt *st);

void event_finish(struct event *e);
