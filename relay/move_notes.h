/*
 * What is noted of rows that are to follow their route, until all of them have:
 * a row of outbox_meta for each channel that the route of a type named before.
 * It has all that is needed to go on after a crash, and tells of all changes of
 * the routes since, as a next one may come before the rows have followed.
 * Only relay/reroute.c uses it.
 */
#pragma once

#include "schema/db.h"

struct move_notes;

/* Prepares its statements on a database that is borrowed. */
struct move_notes *move_notes_create(struct db *db);
void move_notes_destroy(struct move_notes *notes);

/* As reroute_remember and reroute_note. */
int move_notes_remember(struct move_notes *notes);
int move_notes_add(struct move_notes *notes, const char *channels);

struct move_note {
	char *key;	 /* own, as are the other texts; NULL: there is none */
	char *from;	 /* the channel where the rows wait */
	char *type;	 /* theirs; '*': all that have no route of their own */
	char *to;	 /* where the type is routed, and */
	char *path;	 /* how their recipient is read */
	char *paths;	 /* how it was before; a JSON array, without `path` */
	int64_t last_id; /* the last row that may have an old route */
};

/* DB_ROW: there is one, which the caller ends with move_note_finish. */
int move_notes_next(struct move_notes *notes, struct move_note *note_out);
void move_note_finish(struct move_note *note);

/* Within a transaction: forgets it. */
int move_notes_end(struct move_notes *notes, const struct move_note *note);
