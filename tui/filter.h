/*
 * What operators type behind /: parsed, turned into one SQL condition with
 * parameters, and completed. The same condition serves the list, its count, a
 * dry run and the act.
 *
 *	query := term { space term }           all must hold
 *	term  := [-] field op value {, value}  - negates; , is or
 *	       | [-] word                      in id, key, to or error
 *	field := state channel to key err group id try age created due by http
 *	         type payload
 *	op    := :  =  <  <=  >  >=
 *	value := bare | "quoted"               trailing * = prefix
 *
 * In quotes a backslash stands before a quote or a backslash that is meant.
 * age (how long a row has been waiting, or what it is now) and due take
 * 90s 15m 2h 3d; created takes 2026-11-22 or
 * 2026-11-22T08:00, local. What an input method makes of punctuation counts as
 * its ASCII twin, but for what is quoted.
 *
 * Knows no list and runs no query.
 */
#pragma once

#include "lib/buf.h"
#include "schema/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct filter;

struct filter_error {
	size_t at;	   /* byte of the text that it points at */
	size_t len;	   /* bytes that are wrong */
	char message[160]; /* in the language of lang.h */
};

/* 0 with *out (the caller ends it with filter_destroy), or 1 with *error. Blank
 * text is a filter that everything passes. */
int filter_parse(const char *text, struct filter **out,
		 struct filter_error *error);
void filter_destroy(struct filter *f);

/* The text it was parsed from, without blanks at its ends. Borrowed. */
const char *filter_text(const struct filter *f);
bool filter_is_empty(const struct filter *f);

/* Appends the condition, on outbox AS o; "1" for an empty filter. No value is
 * in it, but parameters $f0, $f1, ..., and $now if it has ages. */
void filter_sql(const struct filter *f, struct buf *sql);

/* Whether a row of this reason and error passes the terms that SQL does not
 * know (group:); either may be NULL. Asked of each row that SQL lets pass. */
bool filter_accepts(const struct filter *f, const char *reason,
		    const char *error);

/* Binds all of them. */
void filter_bind(const struct filter *f, struct db_stmt *st, int64_t now_ms);

/* The one row that it can match at most: an id that a term gives exactly; 0 if
 * there is none. Lists look that row up instead of scanning. */
int64_t filter_id(const struct filter *f);

/* The key that a term gives exactly (key:order/88101), which indexes know;
 * NULL if there is none. Borrowed. */
const char *filter_key(const struct filter *f);

/* The states that it leaves, a bit each (1 << MESSAGE_FAILED). */
unsigned filter_states(const struct filter *f);

/* Whether it looks into payloads: then it reads everything, and the console
 * asks first. */
bool filter_is_heavy(const struct filter *f);

/* Whether a word without a field is sought: never in payloads. */
bool filter_has_word(const struct filter *f);

/* Appends a text as a quoted value: for filters that are made, not typed. */
void filter_quote(struct buf *b, const char *text);

/* The fields, for the help: the name of the index-th, with an example and what
 * it is in the language of lang.h; NULL behind the last. */
const char *filter_field_name(size_t index, const char **example_out,
			      const char **help_out);

enum { FILTER_COMPLETIONS = 16 };
struct filter_completion {
	size_t from, to; /* bytes of the text that a completion replaces */
	size_t count;
	char *texts[FILTER_COMPLETIONS]; /* own */
};

/* What may stand at byte `cursor`: fields, states, and the channels given
 * (NULL at the end). The caller ends it with filter_completion_finish. */
void filter_complete(const char *text, size_t cursor,
		     const char *const *channels,
		     struct filter_completion *out);
void filter_completion_finish(struct filter_completion *c);
