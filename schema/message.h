/*
 * A row of the outbox on its way to somebody: the columns a claim reads, and
 * the names of the states. Plain data; what happens to it is the relay's.
 */
#pragma once

#include "schema/db.h"

#include <stdint.h>

enum message_status {
	MESSAGE_PENDING,
	MESSAGE_SENDING,
	MESSAGE_DELIVERED,
	MESSAGE_FAILED,
	MESSAGE_EXPIRED,
	MESSAGE_CANCELLED,
	MESSAGE_STATUS_COUNT
};

struct message {
	int64_t id;
	char *event_id; /* own, as are the other texts */
	char *channel;
	char *type;
	char *payload;
	size_t payload_len;
	char *recipient;    /* NULL if the row has none */
	char *ordering_key; /* NULL if the row has none */
	int64_t created_at_ms;
	int64_t due_at_ms;
	int64_t expires_at_ms; /* 0 if it never does */
	int64_t max_attempts;  /* 0 if the channel's counts */
	int64_t attempts;
	int64_t unknowns;
	int64_t interrupted;
	int64_t generation;
	int64_t lease_no;
};

/* The columns that message_from_row reads, in its order. */
#define MESSAGE_COLUMNS                                                      \
	"id, event_id, channel, type, payload, recipient, ordering_key,"     \
	" created_at, due_at, expires_at, max_attempts, attempts, unknowns," \
	" interrupted, generation, lease_no"

/* Copies the current row of a query for MESSAGE_COLUMNS. The caller ends it
 * with message_finish. */
void message_from_row(struct message *m, struct db_stmt *st);
void message_finish(struct message *m);

/* "pending", "sending", ... */
const char *message_status_name(enum message_status status);
