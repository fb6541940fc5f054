/*
 * What every screen shows at its top: whether the relay lives, and what its
 * channels do. A few rows, read whole with every refresh.
 */
#pragma once

#include "schema/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum relay_state {
	RELAY_NONE, /* none has ever run */
	RELAY_RUNNING,
	RELAY_DRAINING,
	RELAY_STOPPED, /* it said so */
	RELAY_SILENT   /* no beat for longer than the alarm allows */
};

struct channel_state {
	char *name; /* own, as are the others */
	char *kind;
	char *state;  /* "open", "held", "paused" */
	char *reason; /* reason id; NULL, as the others */
	char *detail;
	char *by;
	int64_t since_ms, until_ms; /* 0: not known */
	int64_t max_at_once, max_per_second, max_per_minute, max_per_day;
	int64_t minute_used, day_used; /* of this minute and day */
	int64_t max_attempts;
	bool is_order_held; /* a dead letter holds its key */
	bool is_resume_wanted;
};

struct pulse {
	enum relay_state relay;
	char *host; /* own; NULL */
	char *version;
	char *owner;
	int64_t pid;
	int64_t started_at_ms, beat_at_ms;
	int64_t alarm_ms; /* a beat older than this is an alarm */
	int64_t on_wire;
	int64_t settings_generation;
	struct channel_state *channels; /* own; by name */
	size_t channel_count;
	int64_t read_at_ms; /* 0: never */
};

/* Reads it; untouched unless 0. Outcomes of schema/db.h. The statements live as
 * long as the connection. A zeroed struct is one that was never read. */
struct pulse_reader;
struct pulse_reader *pulse_reader_create(struct db *db);
void pulse_reader_destroy(struct pulse_reader *r);
int pulse_read(struct pulse_reader *r, struct pulse *pulse, int64_t now_ms);
void pulse_finish(struct pulse *pulse);

/* A channel by name; NULL if there is none. */
const struct channel_state *pulse_channel(const struct pulse *pulse,
					  const char *name);

/* Whether it is held or paused. */
bool channel_is_stopped(const struct channel_state *channel);
