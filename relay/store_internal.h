/* What store.c, claim.c, settle.c and journal.c share; nobody else
 * includes it. */
#pragma once

#include "relay/store.h"

/* clang-format off */
#define STORE_STATEMENTS(X) \
	X(CANDIDATES) X(EARLIER_IN_ORDER) X(EARLIER_DEAD) X(PARK) \
	X(CANDIDATE) X(CLAIM) X(EXPIRE) X(EXPIRED) X(NEXT_EXPIRY) \
	X(NEXT_DUE) X(SETTLE) X(DELIVER) X(ATTEMPT) X(RELEASE) \
	X(COUNT_SENDING) X(RECOVER) X(RECOVER_ALONE) X(BEAT) \
	X(FORGET_RELAYS) X(NEXT_CHANNEL) X(READ_CHANNEL) X(READ_TROUBLE) \
	X(SAVE_STATE) \
	X(SAVE_BUDGET) X(SAVE_TALLY) X(MOVE_RETRIES) \
	X(ADOPT_CHANNEL) X(ADOPT_FORGET_ROUTES) X(ADOPT_ROUTE) \
	X(ADOPT_RELEASE) \
	X(LOG) X(LOAD_META) X(SAVE_META)
/* clang-format on */

#define STORE_STATEMENT_ID(name) name,
enum store_statement {
	STORE_STATEMENTS(STORE_STATEMENT_ID) STORE_STATEMENT_COUNT
};
#undef STORE_STATEMENT_ID

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
	struct reroute *reroute;		    /* own */
	struct candidates levels[CLAIM_PRIORITIES]; /* of the claim under way */
	struct db_stmt *st[STORE_STATEMENT_COUNT];
};

/* A row this often interrupted is sent alone; see store_recover. */
enum { INTERRUPTIONS_SUSPECT = 3 };
