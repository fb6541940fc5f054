/* What store.c, claim.c, settle.c, adopt.c and journal.c share; nobody else
 * includes it. */
#pragma once

#include "relay/store.h"

enum store_statement {
	CANDIDATES,
	EARLIER_IN_ORDER,
	PARK,
	CLAIM,
	CLAIMED,
	EXPIRE,
	EXPIRED,
	NEXT_EXPIRY,
	NEXT_DUE,
	SETTLE,
	ATTEMPT,
	RELEASE,
	COUNT_SENDING,
	RECOVER,
	RECOVER_ALONE,
	BEAT,
	FORGET_RELAYS,
	SAVE_CHANNEL,
	ADOPT_CHANNEL,
	ADOPT_FORGET_ROUTES,
	ADOPT_ROUTE,
	LOG,
	LOAD_META,
	SAVE_META,
	STORE_STATEMENT_COUNT
};

/* Due rows of one priority that a claim chooses from. */
enum { CLAIM_PRIORITIES = 10, CANDIDATES_MAX = 256 };

struct candidate {
	int64_t id;
	char *recipient;       /* own; NULL if none */
	char *ordering_key;    /* own; NULL if none */
	int64_t expires_at_ms; /* 0: never */
	int64_t interrupted;
};

struct candidates {
	struct candidate rows[CANDIDATES_MAX];
	size_t count;
	size_t next;
};

struct store {
	struct db *db; /* borrowed, as is helper */
	struct db *helper;
	char *owner; /* own */
	int64_t started_at_ms;
	int64_t settings_generation;
	struct candidates levels[CLAIM_PRIORITIES]; /* of the claim under way */
	struct db_stmt *st[STORE_STATEMENT_COUNT];
};

/* A row this often interrupted is sent alone; see store_recover. */
enum { INTERRUPTIONS_SUSPECT = 3 };
