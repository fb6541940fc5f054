/*
 * The relay's log and the operators' audit, as windows on their newest end:
 * both grow at the end only, so a place is an id. Filters are words that must
 * all occur ("-word": must not), and for the log a level.
 */
#pragma once

#include "schema/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_level { EVENT_DEBUG, EVENT_INFO, EVENT_WARN, EVENT_ERROR };

struct event {
	int64_t id, at_ms;
	enum event_level level;	  /* of an act: EVENT_INFO */
	int64_t row;		  /* the row that it speaks of, 0: none */
	char *source;		  /* own; "relay", a channel, or who acted */
	char *text;		  /* own; one line */
	int64_t changed, skipped; /* of an act */
	char *act;		  /* own; NULL unless it is one */
};

struct events;
enum events_of { EVENTS_LOG, EVENTS_AUDIT };
struct events *events_create(struct db *db, enum events_of which);
void events_destroy(struct events *e);

/* NULL or "": no filter. Begins anew at the end. */
void events_ask(struct events *e, enum event_level least, const char *words);
void events_refresh(struct events *e);

/* One slice; outcomes as of rows_work. Keeps at most EVENTS_MAX, the newest. */
enum { EVENTS_MAX = 10000 };
int events_work(struct events *e, int64_t now_ms, int64_t deadline_us);

/* Oldest first. Borrowed until the next events_work. */
size_t events_count(const struct events *e);
const struct event *events_at(const struct events *e, size_t index);

/* The index of the first with an id of at least this. */
size_t events_find(const struct events *e, int64_t id);
bool events_is_complete(const struct events *e); /* the beginning is there */
int64_t events_read_at(const struct events *e);
