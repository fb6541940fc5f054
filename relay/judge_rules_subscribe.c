/* What the relay hears when it sends without a cloud function: the query for
 * the openid, where it is not the same as for the function (sections 8.2 and
 * 8.3 of the fact sheet), and what of 8.2 and 8.5 comes with a call of our own.
 */
#include "relay/judge_rules_table.h"

#include "lib/util.h"

/* clang-format off */
#define LOOKUP	.stage = STAGE_LOOKUP
#define DIRECT	.stage = STAGE_SEND, .is_direct = true

static const struct rule rules[] = {
	{LOOKUP, SIGN(NO_USER), P, WHY(USER_NOT_FOUND)},
	{LOOKUP, SIGN(NO_OPENID), P, WHY(USER_NOT_BOUND)},
	/* the query is ours, not the row's and not the function's */
	{LOOKUP, AT(47001), O, WHY(REQUEST_MALFORMED)},
	{LOOKUP, RANGE(-401003, -401001), O, WHY(LOOKUP_REFUSED)},
	{LOOKUP, AT(-501002), T, WHY(LOOKUP_UNANSWERED)},
	{LOOKUP, AT(-501007), TEXT(TEXT_ENV), O, WHY(ENV_NOT_FOUND)},
	{LOOKUP, AT(-501007), O, WHY(LOOKUP_REFUSED)},
	{LOOKUP, AT(-501020), O, WHY(LOOKUP_REFUSED)},
	{LOOKUP, AT(-502002), O, WHY(LOOKUP_REFUSED)},
	{LOOKUP, RANGE(-502012, -502011), T, WHY(LOOKUP_UNANSWERED)},
	{LOOKUP, AT(-601002), O, WHY(LOOKUP_REFUSED)},
	{LOOKUP, AT(-601008), T, WHY(LOOKUP_UNANSWERED)},
	{LOOKUP, AT(-602001), O, WHY(LOOKUP_REFUSED)},

	{DIRECT, AT(404), O, WHY(BASE_URL_WRONG)},
	{DIRECT, AT(40001), R, WHY(TOKEN_STALE)},
	{DIRECT, AT(40014), R, WHY(TOKEN_STALE)},
	{DIRECT, AT(40066), O, WHY(BASE_URL_WRONG)},
	{DIRECT, AT(40164), O, WHY(IP_NOT_WHITELISTED)},
	{DIRECT, AT(40400), O, WHY(BASE_URL_WRONG)},
	{DIRECT, AT(41001), R, WHY(TOKEN_STALE)},
	{DIRECT, AT(42001), R, WHY(TOKEN_STALE)},
	{DIRECT, AT(42007), O, WHY(CREDENTIALS_VOIDED)},
	{DIRECT, RANGE(43002, 43003), O, WHY(BASE_URL_WRONG)},
	{DIRECT, AT(44002), O, WHY(REQUEST_MALFORMED)},
	{DIRECT, AT(45035), O, WHY(IP_NOT_WHITELISTED)},
	{DIRECT, AT(50001), O, WHY(ACCOUNT_LIMITED)},
	{DIRECT, AT(61004), O, WHY(IP_NOT_WHITELISTED)},
};
/* clang-format on */

const struct rule_table judge_rules_subscribe = {
	.rules = rules,
	.count = ARRAY_LEN(rules),
};
