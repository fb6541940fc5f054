/* See token.h. */
#include "tests/sim/token.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "tests/sim/dice.h"

enum { TOKEN_RANDOM_LEN = 568, DAY_S = 86400, RENEW_PART = 24 };

const char token_prefix[] = "99_SiM";

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstu"
			       "vwxyz0123456789_-";

void token_office_init(struct token_office *o, const struct token_rules *rules)
{
	*o = (struct token_office){.rules = *rules, .forced_us = INT64_MIN};
}

void token_office_finish(struct token_office *o)
{
	for (size_t i = 0; i < o->count; i++)
		free(o->minted[i].text);
	free(o->minted);
	table_finish(&o->numbers);
	*o = (struct token_office){.minted = NULL};
}

static char *random_text(void)
{
	size_t lead = strlen(token_prefix);
	unsigned char bytes[TOKEN_RANDOM_LEN];
	dice_true_bytes(bytes, sizeof(bytes));
	char *text = xmalloc(lead + sizeof(bytes) + 1);
	memcpy(text, token_prefix, lead);
	for (size_t i = 0; i < sizeof(bytes); i++)
		text[lead + i] = alphabet[bytes[i] & 63];
	text[lead + sizeof(bytes)] = '\0';
	return text;
}

static struct token *current_of(struct token_office *o, enum token_family f)
{
	return o->current[f] ? &o->minted[o->current[f] - 1] : NULL;
}

static bool is_alive(const struct token *t, int64_t now_us)
{
	return now_us < t->dies_us && now_us < t->expires_us;
}

static void mint(struct token_office *o, enum token_family family,
		 int64_t now_us)
{
	if (o->count == o->cap) {
		o->cap = o->cap ? o->cap * 2 : 8;
		o->minted = xrealloc(o->minted, o->cap * sizeof(*o->minted));
	}
	struct token *t = &o->minted[o->count++];
	*t = (struct token){
		.text = random_text(),
		.family = family,
		.expires_us = now_us + o->rules.ttl_us,
		.dies_us = INT64_MAX,
	};
	*table_put(&o->numbers, t->text) = (int64_t)o->count;
	o->current[family] = (int64_t)o->count;
}

/* Whole seconds left, as WeChat states them, but never 0. */
static struct token_grant grant_of(struct token_office *o, enum token_family f,
				   int64_t now_us)
{
	const struct token *t = current_of(o, f);
	return (struct token_grant){
		.text = t->text,
		.number = o->current[f],
		.expires_in_s = MAX((t->expires_us - now_us) / 1000000, 1),
	};
}

struct token_grant token_mint_classic(struct token_office *o, int64_t now_us)
{
	struct token *old = current_of(o, TOKEN_CLASSIC);
	if (old)
		old->dies_us = MIN(old->dies_us, now_us + o->rules.grace_us);
	mint(o, TOKEN_CLASSIC, now_us);
	return grant_of(o, TOKEN_CLASSIC, now_us);
}

/* Whether a forced refresh takes place now; 45009 if the day has no more. */
static int claim_force(struct token_office *o, int64_t now_us, bool *is_due_out)
{
	int64_t day = now_us / 1000000 / DAY_S;
	if (day != o->forced_day)
		o->forced_today = 0;
	if (o->forced_us != INT64_MIN &&
	    now_us - o->forced_us < o->rules.force_gap_us) {
		*is_due_out = false;
		return 0;
	}
	if (o->forced_today >= o->rules.force_max)
		return 45009;
	o->forced_day = day;
	o->forced_today++;
	o->forced_us = now_us;
	*is_due_out = true;
	return 0;
}

int token_mint_stable(struct token_office *o, bool is_forced, int64_t now_us,
		      struct token_grant *grant_out)
{
	bool is_due = false;
	int code = is_forced ? claim_force(o, now_us, &is_due) : 0;
	if (code)
		return code;
	struct token *old = current_of(o, TOKEN_STABLE);
	if (is_due && old)
		old->dies_us = MIN(old->dies_us, now_us);
	bool is_kept = !is_due && old && o->is_stale;
	bool is_fresh = !is_due && old && is_alive(old, now_us) &&
			old->expires_us - now_us > o->rules.ttl_us / RENEW_PART;
	if (!is_kept && !is_fresh) {
		mint(o, TOKEN_STABLE, now_us);
		o->is_stale = false;
	}
	*grant_out = grant_of(o, TOKEN_STABLE, now_us);
	return 0;
}

int token_check(const struct token_office *o, const char *text, int64_t now_us,
		int64_t *number_out)
{
	if (!text || !*text)
		return 41001;
	const int64_t *number = table_find(&o->numbers, text);
	if (!number)
		return 40014;
	*number_out = *number;
	const struct token *t = &o->minted[*number - 1];
	if (now_us >= t->dies_us)
		return 40001;
	return now_us >= t->expires_us ? 42001 : 0;
}

bool token_end_current(struct token_office *o, enum token_family family,
		       enum token_end how, int64_t now_us)
{
	struct token *t = current_of(o, family);
	if (!t)
		return false;
	if (how == TOKEN_END_EXPIRE)
		t->expires_us = MIN(t->expires_us, now_us);
	else
		t->dies_us = MIN(t->dies_us, now_us);
	if (family == TOKEN_STABLE)
		o->is_stale = how == TOKEN_END_STALE;
	return true;
}

size_t token_span(const char *text)
{
	if (strncmp(text, token_prefix, strlen(token_prefix)) != 0)
		return 0;
	return strspn(text, alphabet);
}
