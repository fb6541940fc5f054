/*
 * What a relay and operators may have left behind, made at once: rows in any
 * state, and the counts of minutes.
 */
#pragma once

#include <sqlite3.h>
#include <stdint.h>

struct history_rows {
	int count;
	const char *status;
	int64_t created_ms, due_ms, updated_ms;
	const char *error; /* a '$' is another number for each; NULL */
};

/* Adds rows of the channel "wechat-cloud", those with an error with the reason
 * "wechat-busy". Takes the triggers away that check what a CRM inserts. */
void history_add_rows(sqlite3 *db, const struct history_rows *rows);

/* What a channel did in a minute: so many delivered, all with a latency of that
 * bucket, and rejected. */
void history_add_minute(sqlite3 *db, int64_t minute_ms, const char *channel,
			int delivered, int rejected, int bucket);
