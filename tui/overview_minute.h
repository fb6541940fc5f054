/*
 * The minutes of the last day as tui/overview_minute.c reads them and
 * tui/overview_chart.c sums them up; nobody else includes it.
 */
#pragma once

#include "tui/overview_internal.h"

enum { MINUTE_MS = 60000, DAY_MINUTES = 1440, BUCKETS = 32 };

struct overview_minute {
	int64_t number; /* since 1970; another one's: nothing is known */
	uint32_t delivered, rejected;
	uint32_t latency[BUCKETS];
};

struct overview_minute_channel {
	char *name; /* own */
	struct overview_minute minutes[OVERVIEW_MINUTES];
};

/* Rows that ended in a minute: the most that any round has seen, because a row
 * that is retried is no longer there. */
struct overview_ended {
	int64_t number;
	uint32_t failed, expired;
};

enum overview_minute_phase { READ_MINUTES, READ_ENDED, READ_DONE };

struct overview_minutes {
	struct db_stmt *read, *failed, *expired; /* the connection's */
	struct overview_minute minutes[DAY_MINUTES];
	struct overview_ended ended[DAY_MINUTES], counted[DAY_MINUTES];
	struct overview_minute_channel *channels; /* own */
	size_t channel_count;
	int64_t whole_at; /* the minute of the last round that read all */
	int64_t read_to;  /* the minute of the last round */

	/* Of the round under way. */
	enum overview_minute_phase phase;
	int64_t from;
	int64_t at_minute; /* behind this place of outbox_minute */
	char *at_channel;  /* own */
};

/* Adds what one minute or channel had to a sum. */
void overview_minute_add(struct overview_minute *to,
			 const struct overview_minute *from);
