/*
 * The settings of alerts: to whom trouble is told, and what is trouble. Plain
 * data, owned by struct config.
 */
#pragma once

#include "lib/reason.h"

#include <stdint.h>

struct config_alert {
	char *channel; /* own; the name of a webhook; "": nobody is told */
	enum reason_lang lang;
	int64_t held_ms;    /* how long a channel is held before it is told */
	int64_t paused_ms;  /* and paused; 0: never told, here and below */
	int64_t backlog_ms; /* most age of a row that is due */
	int failed;	    /* most rows that fail within an hour */
	int64_t calm_ms;    /* how long it is gone before it is over */
	int64_t repeat_ms;  /* told again while it lasts; 0: never */
};
