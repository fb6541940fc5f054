/* What tui/script_status*.c share; nobody else includes it. */
#pragma once

#include "tui/overview.h"
#include "tui/pulse.h"
#include "tui/script.h"

enum { SCRIPT_ALERTS_MAX = 64 };

/* Something that an operator has to look at. */
struct script_alert {
	const char *name;    /* "relay-silent", for scripts */
	const char *channel; /* borrowed from the pulse; NULL: of all */
	int64_t rows;	     /* that wait because of it */
	char *text;	     /* own; in the language of lang.h */
};

struct script_status {
	const struct script_options *o; /* borrowed */
	struct counts *counts;		/* own, as are the others */
	struct overview overview;
	struct pulse pulse;
	int64_t now_ms;
	struct script_alert alerts[SCRIPT_ALERTS_MAX];
	size_t alert_count;
};

void script_status_find_alerts(struct script_status *s);
void script_status_json(const struct script_status *s);
void script_status_text(const struct script_status *s);

/* "running", "silent", ... */
const char *script_relay_name(enum relay_state state);

/* Of the overview; NULL: nothing is known. */
const struct overview_channel *
script_status_channel(const struct script_status *s, const char *name);
