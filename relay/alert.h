/*
 * Which trouble is told to the administrator, and when: a decision over what is
 * seen now and what is remembered. Each trouble is told once when it has lasted
 * long enough, again if it lasts for very long, and once when it is over; one
 * that comes and goes is no storm.
 *
 * Pure: knows no SQL, no channel and no words (relay/alert_text.h). Durations
 * are of the monotonic clock, so that a wall clock that is set changes nothing.
 */
#pragma once

#include "lib/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum alert_kind {
	ALERT_CHANNEL_HELD,
	ALERT_CHANNEL_PAUSED,
	ALERT_BACKLOG_OLD,
	ALERT_ROWS_FAILED,
	ALERT_KIND_COUNT
};

enum alert_sign {
	ALERT_ABSENT,
	ALERT_PRESENT,
	ALERT_UNCLEAR, /* neither begins a trouble nor ends one */
	ALERT_IGNORED  /* not looked at any more: forgotten without a word */
};

#define ALERT_NEVER INT64_MIN

/* What is seen now. */
struct alert_fact {
	enum alert_kind kind;
	const char *subject; /* borrowed; a channel's name, or "" */
	enum alert_sign sign;
	enum reason reason; /* if it is present */
	int64_t wait_ms;    /* how long it must last before it is told */
	bool is_lost;	    /* the last notice expired before it was sent */
};

/* A trouble is told again with each other reason that it gets, for that has
 * another remedy, up to so many. */
enum { ALERT_REASONS_MAX = 4 };

/* What is remembered of one trouble. Times are monotonic milliseconds. */
struct alert {
	enum alert_kind kind;
	char *subject;		 /* own */
	bool is_on, is_told;	 /* it lasts; it was told that it does */
	enum reason reason;	 /* as last seen */
	enum reason told_reason; /* as last told */
	enum reason told[ALERT_REASONS_MAX]; /* since it was told first */
	size_t told_count;
	int64_t begun_wall_ms; /* names it; as the clock was then */
	int64_t begun_ms;
	int64_t reason_ms; /* since when it has its reason */
	int64_t gone_ms;   /* since when it is gone, or ALERT_NEVER */
	int64_t told_ms;   /* when its begin was last told, or ALERT_NEVER */
	int64_t notices;   /* so far */
	char *key;	   /* own; dedup_key of the last notice; or NULL */
};

struct alert_book {
	struct alert *list; /* own */
	size_t count;
	bool is_changed; /* since it was loaded, copied or saved */
};

struct alert_rules {
	int64_t calm_ms;   /* how long a trouble is gone before it is over */
	int64_t repeat_ms; /* told again while it lasts; 0: never */
};

struct alert_time {
	int64_t ms, wall_ms; /* monotonic, and since 1970 */
};

/* Something to tell: troubles of one kind and reason, in one notice. */
enum { ALERT_GROUP_MAX = 16 };
struct alert_notice {
	enum alert_kind kind;
	bool is_over;
	bool is_again; /* it was told before that it lasts */
	enum reason reason;
	int64_t begun_ms;		       /* the earliest's */
	struct alert *alerts[ALERT_GROUP_MAX]; /* borrowed from the book */
	size_t count;
};

struct alert_notices {
	struct alert_notice *list; /* own */
	size_t count;
};

/* Looks at the facts, of which no two are of one kind and subject, and brings
 * the book up to date as if all that *out says were told. What no fact speaks
 * of is ignored. The caller ends *out with alert_notices_finish. */
void alert_decide(struct alert_book *book, const struct alert_fact *facts,
		  size_t count, const struct alert_rules *rules,
		  const struct alert_time *now, struct alert_notices *out);
void alert_notices_finish(struct alert_notices *notices);

/* "channel-held", ...; and its kind, or ALERT_KIND_COUNT. */
const char *alert_kind_name(enum alert_kind kind);
enum alert_kind alert_kind_find(const char *name);

/* The trouble of that kind and subject, or NULL. */
struct alert *alert_book_find(const struct alert_book *book,
			      enum alert_kind kind, const char *subject);

/* Adds one, zeroed but for its name and ALERT_NEVER. Moves the others. */
struct alert *alert_book_add(struct alert_book *book, enum alert_kind kind,
			     const char *subject);

/* A copy that has nothing changed. */
void alert_book_copy(struct alert_book *out, const struct alert_book *book);
void alert_book_finish(struct alert_book *book);
