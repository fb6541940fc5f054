/*
 * The access tokens of one account: two families that never touch each other,
 * how a token is minted, replaced, expired and checked.
 *
 * Knows nothing of appids, secrets or HTTP, and is told what time it is. Every
 * token ever minted is kept, because the answer to an old one depends on how
 * it ended. Times are microseconds of the monotonic clock.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/sim/table.h"

enum token_family { TOKEN_CLASSIC, TOKEN_STABLE, TOKEN_FAMILY_COUNT };

/* EXPIRE ends its life, KILL replaces it by nothing, STALE kills it but the
 * stable endpoint goes on handing it out until a forced refresh. */
enum token_end { TOKEN_END_EXPIRE, TOKEN_END_KILL, TOKEN_END_STALE };

struct token_rules {
	int64_t ttl_us;
	int64_t grace_us;     /* how long a replaced classic one lives */
	int64_t force_gap_us; /* between two forced refreshes */
	int64_t force_max;    /* forced refreshes a day */
};

struct token {
	char *text; /* own */
	enum token_family family;
	int64_t expires_us;
	int64_t dies_us; /* when it is replaced; INT64_MAX: not yet */
};

struct token_office {
	struct token_rules rules;
	struct token *minted; /* own; token number n is minted[n - 1] */
	size_t count;
	size_t cap;
	struct table numbers;		     /* text -> number */
	int64_t current[TOKEN_FAMILY_COUNT]; /* number, 0: none yet */
	bool is_stale;			     /* see TOKEN_END_STALE */
	int64_t forced_us;		     /* the last one */
	int64_t forced_day;
	int64_t forced_today;
};

struct token_grant {
	const char *text; /* borrowed from the office, good for its life */
	int64_t number;	  /* 1 for the first token minted */
	int64_t expires_in_s;
};

void token_office_init(struct token_office *o, const struct token_rules *rules);
void token_office_finish(struct token_office *o);

/* GET /cgi-bin/token: always a new one; the old one dies after the grace. */
struct token_grant token_mint_classic(struct token_office *o, int64_t now_us);

/* POST /cgi-bin/stable_token: the current one while it has more than a 24th of
 * its life left (five minutes of two hours), else a new one beside it. Forced:
 * a new one, the old one dead at once; nothing happens within the gap. Returns
 * 0, or 45009 when the day's forced refreshes are used up. */
int token_mint_stable(struct token_office *o, bool is_forced, int64_t now_us,
		      struct token_grant *grant_out);

/* Returns 0 and sets *number_out if the token is good; else the code WeChat
 * answers: 41001 none given, 40014 never minted, 40001 replaced, 42001 expired
 * (the number is set for the last two). */
int token_check(const struct token_office *o, const char *text, int64_t now_us,
		int64_t *number_out);

/* Ends the family's current token now. False if it has none. */
bool token_end_current(struct token_office *o, enum token_family family,
		       enum token_end how, int64_t now_us);

/* Length of the token of this office that `text` starts with, 0 if it starts
 * with none; for taking tokens out of texts. */
size_t token_span(const char *text);

/* What every token of this program starts with; no other text does. */
extern const char token_prefix[];
