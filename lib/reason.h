/*
 * Why something was not delivered, in words: for each reason a stable id, which
 * is what the database keeps, and its cause and remedy for the person on duty,
 * in English and in Chinese.
 *
 * Knows nothing of codes, stages or verdicts (relay/judge.h). All texts are
 * compile-time strings in UTF-8 on one line. An id is never renamed, and none
 * is used again for another meaning: databases of years ago hold it.
 */
#pragma once

/* REASON_NONE, then one constant for each entry of the tables. */
enum reason {
	REASON_NONE,
#define REASON(name, ...) REASON_##name,
#include "lib/reason_table.h"
#undef REASON
	REASON_COUNT
};

enum reason_lang { REASON_EN, REASON_ZH, REASON_LANG_COUNT };

/* The id, such as "not-subscribed"; "" for REASON_NONE. */
const char *reason_id(enum reason reason);

/* The reason of that id; REASON_NONE if there is none, or id is NULL. */
enum reason reason_find(const char *id);

/* What went wrong, and what to do about it and where. "" for REASON_NONE. */
const char *reason_cause(enum reason reason, enum reason_lang lang);
const char *reason_remedy(enum reason reason, enum reason_lang lang);
