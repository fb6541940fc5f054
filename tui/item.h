/*
 * Everything about one row: attempts, payload, earlier payloads, what operators
 * did, and why it is not moving.
 */
#pragma once

#include "tui/pulse.h"
#include "tui/row.h"

struct item_attempt {
	int64_t lease_no, request_no, generation, started_at_ms, duration_us;
	int64_t code, http_status;
	char *stage, *outcome, *reason; /* own; never NULL */
	char *answer;			/* own; NULL */
};

/* What happened to it beside attempts: retries, edits, cancels, undos. */
struct item_event {
	int64_t at_ms;
	char *who, *action; /* own */
	char *reason;	    /* own; NULL */
};

/* What a pending row waits for, as the next claim would see it. */
enum item_wait {
	ITEM_FREE,
	ITEM_RECIPIENT_ON_WIRE, /* another row to the same recipient */
	ITEM_RECIPIENT_BEFORE,	/* one that is to be sent before it */
	ITEM_ORDER,		/* a row before it with the same ordering key */
	ITEM_ORDER_FAILED	/* one that failed, and holds the key */
};

struct item {
	struct row row;
	char *event_id, *payload; /* own */
	size_t payload_len;
	int64_t unknowns, interrupted;
	bool has_max_attempts;	       /* its own, not its channel's */
	struct item_attempt *attempts; /* own; newest first, at most 200 */
	size_t attempt_count;
	bool has_more_attempts;
	struct item_event *events; /* own; newest first, at most 50 */
	size_t event_count;
	size_t revision_count; /* earlier payloads that an edit replaced */
	enum item_wait wait;
	int64_t blocker; /* the row it waits for; 0: none, not known */
	int64_t read_at_ms;
};

struct item_reader;
struct item_reader *item_reader_create(struct db *db);
void item_reader_destroy(struct item_reader *r);

/* 1: no such row. Outcomes of schema/db.h, and untouched unless 0. */
enum { ITEM_GONE = DB_MISSING + 1 };
int item_read(struct item_reader *r, int64_t id, struct item *out,
	      int64_t now_ms);
void item_finish(struct item *item);

/* Why it is not moving, in one or two sentences of the operator's language: no
 * relay, paused, held until, blocked by #N, not due yet, budget used up; of
 * what failed: the reason's cause and remedy. "" if it moves. The caller
 * frees. */
char *item_why(const struct item *item, const struct pulse *pulse,
	       int64_t now_ms);
