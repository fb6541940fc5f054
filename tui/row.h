/*
 * A row of the outbox as lists show it: plain data, without its payload.
 */
#pragma once

#include "schema/db.h"
#include "schema/message.h"

#include <stdbool.h>
#include <stdint.h>

struct row {
	int64_t id;
	int64_t version;
	enum message_status status;
	int64_t priority;
	int64_t attempts;
	int64_t max_attempts; /* the row's, or its channel's; 0: unknown */
	int64_t generation;
	int64_t created_at_ms;
	int64_t updated_at_ms;
	int64_t due_at_ms;
	int64_t expires_at_ms;	 /* 0: never */
	int64_t delivered_at_ms; /* 0: not yet */
	int64_t lease_until_ms;	 /* 0: not leased */
	char *channel; /* own, as are the others; "" if there is none */
	char *type;
	char *recipient; /* NULL, as may be the others from here on */
	char *ordering_key;
	char *dedup_key;
	char *waits_for;
	char *lease_owner;
	char *last_reason;
	char *last_error;
	bool is_gone; /* no longer in this list; shown till the next move */
};

/* The columns that row_read reads, in its order, of outbox AS o. */
#define ROW_COLUMNS                                                          \
	"o.id, o.version, o.status, o.priority, o.attempts, "                \
	"coalesce(o.max_attempts, (SELECT c.max_attempts"                    \
	" FROM outbox_channel AS c WHERE c.name = o.channel)), "             \
	"o.generation, o.created_at, o.updated_at, o.due_at, o.expires_at, " \
	"o.delivered_at, o.lease_until, o.channel, o.type, o.recipient, "    \
	"o.ordering_key, o.dedup_key, o.waits_for, o.lease_owner, "          \
	"o.last_reason, o.last_error"

/* Where some of them are. */
enum row_column {
	ROW_ID,
	ROW_VERSION,
	ROW_STATUS,
	ROW_UPDATED = 8,
	ROW_CHANNEL = 13,
	ROW_LAST_REASON = 20,
	ROW_LAST_ERROR,
	ROW_COLUMN_COUNT
};

/* Copies the current row of a query whose columns from `first` on are
 * ROW_COLUMNS. The caller ends it with row_finish. */
void row_read(struct row *row, struct db_stmt *st, int first);
void row_copy(struct row *to, const struct row *from);
void row_finish(struct row *row);

/* The recipient as it is shown: masked (row_mask) unless is_unmasked; "" if
 * there is none. The caller frees. */
char *row_recipient(const struct row *row, bool is_unmasked);

/* Masks any recipient: "oZ3f...9k", "+86138...0021", "an...@....com". Up to 4
 * characters stay as they are; names of people (not ASCII, no digit) too. The
 * caller frees. */
char *row_mask(const char *recipient);

/* The last error in one line, in the language of lang.h: the cause of its
 * reason behind the code that the error names, as "43101 The user has no
 * subscription left ...", "HTTP 503 ..."; of an unknown reason, and where every
 * attempt was used up, what the error says. "" for none. When a row is due and
 * who sends it is the view's to say. The caller frees. */
char *row_error(const struct row *row);

/* "key order/88101", what a row is ordered or deduplicated by; "" for none.
 * Borrowed from the row. */
const char *row_key(const struct row *row);
