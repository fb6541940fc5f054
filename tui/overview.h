/*
 * What Home and `status` show beside the counts and the pulse: ages, rates with
 * a chart, latencies, top errors, the last acts, sizes.
 */
#pragma once

#include "tui/counts.h"
#include "tui/groups.h"

enum { OVERVIEW_MINUTES = 60, OVERVIEW_ERRORS = 8, OVERVIEW_ACTS = 4 };

/* One hour or one day of outbox_minute. */
struct overview_span {
	int64_t delivered, failed; /* failed: rejected for good or expired */
	int64_t p50_ms, p95_ms, p99_ms; /* -1: nothing was delivered; else the
					   upper end of the bucket */
};

struct overview_channel {
	char *name;	    /* own */
	int64_t per_minute; /* delivered in the last whole minute */
	int64_t p95_ms;	    /* of the last hour; -1: none */
};

struct overview_act {
	char *act, *action, *who, *what, *reason; /* own; what: the filter, or
						     ids, or channels */
	int64_t at_ms, changed, skipped;
};

struct overview {
	int64_t oldest_pending_ms; /* created; 0: none, as the others */
	int64_t oldest_due_ms;	   /* due, and not sent */
	int64_t next_due_ms;	   /* of those that are due later */
	int64_t oldest_sending_ms; /* when its claim began */
	int64_t newest_failed_ms;
	struct count due_now, due_later;
	int64_t delivered_today;	  /* of Shanghai's day */
	int64_t sent[OVERVIEW_MINUTES];	  /* oldest minute first; the last is */
	int64_t failed[OVERVIEW_MINUTES]; /* the minute that is under way */
	struct overview_span hour, day;
	struct overview_channel *channels; /* own; by name */
	size_t channel_count;
	struct group errors[OVERVIEW_ERRORS]; /* own */
	size_t error_count;
	int64_t errors_looked; /* of the failed rows, how many were grouped */
	struct overview_act acts[OVERVIEW_ACTS]; /* newest first */
	size_t act_count;
	int64_t db_bytes, wal_bytes, free_pages, pages;
	int64_t schema_version;
	int64_t read_at_ms; /* 0: never */
};

struct overview_reader;
struct overview_reader *overview_reader_create(struct db *db);
void overview_reader_destroy(struct overview_reader *r);
void overview_refresh(struct overview_reader *r);

/* One slice; outcomes as of rows_work. *out changes only with ROWS_DONE. */
int overview_work(struct overview_reader *r, struct overview *out,
		  int64_t now_ms, int64_t deadline_us);
void overview_finish(struct overview *o);
