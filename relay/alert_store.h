/*
 * The database's side of alerts: what they look at, what they remember
 * (outbox_meta, in JSON) and the rows that tell. Every query is a few seeks or
 * counts up to a limit.
 *
 * Outcomes are those of schema/db.h. Decides nothing.
 */
#pragma once

#include "relay/alert.h"
#include "schema/db.h"

/* The type of the rows that tell; they never count as trouble. */
#define ALERT_TYPE "outboxAlert"

/* More rows than that are not counted. */
enum { ALERT_COUNT_MAX = 10000 };

struct alert_store;

/* The database is borrowed. */
struct alert_store *alert_store_create(struct db *db);
void alert_store_destroy(struct alert_store *store);

/* The texts of its statements, for whoever looks at their plans: the queries in
 * the order of the functions below first; NULL behind the last. */
const char *alert_store_sql(size_t index);

/* When the row that may be claimed and is due for the longest became due, of
 * the channel's; INT64_MAX: there is none. */
int alert_store_oldest(struct alert_store *store, const char *channel,
		       int64_t now_ms, int64_t *due_out);

/* Rows that failed from from_ms to now_ms, or expired, which is a notice lost
 * as well; at most `most`. */
int alert_store_failed(struct alert_store *store, int64_t from_ms,
		       int64_t now_ms, int64_t most, int64_t *count_out);

/* Why most of them did; REASON_NONE if nobody knows. */
int alert_store_failed_reason(struct alert_store *store, int64_t from_ms,
			      int64_t now_ms, enum reason *reason_out);

/* Pending rows of a channel, due or not, at most ALERT_COUNT_MAX: exactly where
 * no more than that are pending in all; else those that wait for another row
 * may be left out. */
int alert_store_waiting(struct alert_store *store, const char *channel,
			int64_t *count_out);

/* Whether the row of that dedup_key expired before it was sent. */
int alert_store_is_lost(struct alert_store *store, const char *key,
			bool *is_lost_out);

struct alert_row {
	const char *channel, *payload, *key;
	const char *order; /* ordering_key */
	int64_t due_ms, expires_ms;
};

/* In the caller's transaction: a row that tells, unless there is one of its
 * key; and what is remembered. */
int alert_store_insert(struct alert_store *store, const struct alert_row *row);
int alert_store_save(struct alert_store *store, const struct alert_book *book,
		     const struct alert_time *now);

/* What was remembered; what cannot be read is an empty book. The caller ends it
 * with alert_book_finish. */
int alert_store_load(struct alert_store *store, const struct alert_time *now,
		     struct alert_book *out);
