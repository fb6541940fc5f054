/*
 * Values that the database holds by name, in the operator's language.
 */
#pragma once

#include "tui/grid.h"

enum word_of {
	WORD_OUTCOME, /* outbox_attempt.outcome */
	WORD_CHANNEL, /* outbox_channel.state */
	WORD_WAITS    /* outbox.waits_for */
};

/* The word for a value, and in *style_out how it looks (may be NULL). Of a
 * newer relay's value the value itself, plain. Borrowed. */
const char *word_of(enum word_of what, const char *value,
		    enum style *style_out);
