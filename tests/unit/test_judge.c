/* What every code of the fact sheet means, at first, often, and at the cap. */
#include "lib/util.h"
#include "relay/judge_rules.h"
#include "tests/support/judged.h"
#include "tests/support/sheet.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* How a row of the sheet comes over the wire; is_inside: a cloud code out of
 * the function instead of the outer one. The caller frees. */
static char *row_body(const struct sheet_row *row, bool is_inside)
{
	bool is_returned;
	char *says = sheet_says(row, is_inside, &is_returned);
	if (!is_returned)
		return says;
	char *body = judged_wrap(says);
	free(says);
	return body;
}

static struct judgement judge_row(const struct sheet_row *row, bool is_inside,
				  const struct judge_context *context)
{
	scoped_free char *body = row_body(row, is_inside);
	struct http_answer a = judged_answer(body, strlen(body));
	struct judgement j;
	if (row->where == SHEET_HTTP)
		a.status = (long)row->code;
	if (row->where == SHEET_TOKEN)
		judge_token(&a, context, &j);
	else
		judge_invoke(&a, context, &j);
	return j;
}

static enum stage row_stage(const struct sheet_row *row, bool is_inside)
{
	static const enum stage stages[] = {
		[SHEET_TOKEN] = STAGE_TOKEN,  [SHEET_INVOKE] = STAGE_INVOKE,
		[SHEET_CLOUD] = STAGE_INVOKE, [SHEET_SCF] = STAGE_FUNCTION,
		[SHEET_SEND] = STAGE_SEND,    [SHEET_HTTP] = STAGE_TRANSPORT,
	};
	return is_inside ? STAGE_FUNCTION : stages[row->where];
}

static void print_judgement(const struct sheet_row *row, const char *what,
			    const struct judgement *j)
{
	print_error("code %" PRId64 " \"%s\" class %c, %s: %s hold %d wait "
		    "%" PRId64 " stage %s code %" PRId64 " reason %s: %s\n",
		    row->code, row->says, row->class, what,
		    judge_verdict_name(j->verdict), (int)j->hold, j->wait_ms,
		    judge_stage_name(j->stage), j->code, reason_id(j->reason),
		    j->detail);
}

/* Whether a judgement is what the sheet's class letter means. */
static bool is_class(const struct judgement *j, char class, int64_t s,
		     bool is_token)
{
	int64_t wait_ms = s * 1000;
	bool is_window = j->verdict == VERDICT_DEFER && j->hold == HOLD_WINDOW;
	if (is_token && class == 'T')
		return is_window && j->wait_ms == 5000;
	switch (class) {
	case 'R':
		return j->verdict == VERDICT_DEFER && j->hold == HOLD_NONE &&
		       j->is_token_dead;
	case 'T':
		return j->verdict == VERDICT_RETRY && j->wait_ms == wait_ms;
	case 'U':
		return j->verdict == VERDICT_UNKNOWN && j->wait_ms == 0;
	case 'Q':
		return is_window && j->wait_ms == wait_ms;
	case 'D':
		return j->verdict == VERDICT_DEFER && j->hold == HOLD_DAY;
	case 'P':
		return j->verdict == VERDICT_REJECT && j->hold == HOLD_NONE;
	case 'O':
		return j->verdict == VERDICT_DEFER &&
		       j->hold == HOLD_OPERATOR &&
		       j->wait_ms == (s ? wait_ms : 300000);
	default:
		return false;
	}
}

static unsigned check_one(const struct sheet_row *row, bool is_inside,
			  const char *what, char class,
			  const struct judge_context *context)
{
	struct judgement j = judge_row(row, is_inside, context);
	int64_t s = class == row->class ? row->s : 0;
	bool is_right =
		is_class(&j, class, s, row->where == SHEET_TOKEN) &&
		j.code == row->code && j.stage == row_stage(row, is_inside) &&
		j.reason != REASON_NONE && j.is_token_dead == (class == 'R');
	if (row->reason)
		is_right &= strcmp(reason_id(j.reason), row->reason) == 0;
	if (class == 'P' && row->class == 'P')
		is_right &= j.is_unsure == row->is_unsure;
	if (class == 'P' && row->class == 'U')
		is_right &= strstr(j.detail, "unknown") != NULL;
	if (!is_right)
		print_judgement(row, what, &j);
	return !is_right;
}

/* One row of the sheet: at first, many in a row, and at the cap. */
static unsigned check_row(const struct sheet_row *row, bool is_inside)
{
	struct judge_context c = {.attempts = 1};
	unsigned cap = row->cap ? row->cap : 5;
	unsigned bad = check_one(row, is_inside, "first", row->class, &c);

	c.streak = (struct streak){row_stage(row, is_inside), row->code, 99};
	char often = row->then ? 'O' : row->class;
	bad += check_one(row, is_inside, "100th in a row", often, &c);
	if (row->then) {
		c.streak.count = row->then - 1;
		bad += check_one(row, is_inside, "enough in a row", 'O', &c);
		c.streak.count = row->then - 2;
		bad += check_one(row, is_inside, "one short", row->class, &c);
		c.streak = (struct streak){c.streak.stage, row->code + 1, 99};
		bad += check_one(row, is_inside, "another code", row->class,
				 &c);
		c.streak = (struct streak){STAGE_LOCAL, row->code, 99};
		bad += check_one(row, is_inside, "another stage", row->class,
				 &c);
	}
	c.streak = (struct streak){0};
	if (row->class == 'U') {
		c.unknowns = cap - 2;
		bad += check_one(row, is_inside, "below the cap", 'U', &c);
		c.unknowns = cap - 1;
		bad += check_one(row, is_inside, "at the cap", 'P', &c);
	}
	return bad;
}

static void every_code_of_the_sheet(void **state)
{
	(void)state;
	unsigned bad = 0;
	for (size_t i = 0; i < sheet_len; i++) {
		bad += check_row(&sheet[i], false);
		if (sheet[i].where == SHEET_CLOUD)
			bad += check_row(&sheet[i], true);
	}
	assert_int_equal(bad, 0);
}

/* A text in which the first alternative of a pattern occurs. */
static char *text_for(const char *pattern)
{
	char *s = xstrndup(pattern, strcspn(pattern, "|"));
	for (char *star = s; (star = strchr(star, '*'));)
		*star = '_';
	return s;
}

static void no_rule_has_holes_or_is_hidden_by_another(void **state)
{
	(void)state;
	for (size_t i = 0; i < judge_rule_count(); i++) {
		const struct rule *r = judge_rule_at(i);
		bool is_whole =
			r->stage < STAGE_COUNT && r->sign < SIGN_COUNT &&
			r->from <= r->to && r->class > CLASS_NONE &&
			r->class < CLASS_COUNT && r->reason > REASON_NONE &&
			r->reason < REASON_COUNT && !r->streak == !r->later &&
			r->wait_ms >= 0;
		bool is_window = r->class == CLASS_QUOTA && !r->is_day;
		if (!is_whole || (is_window && r->wait_ms == 0))
			fail_msg("rule %zu (%s) has a hole", i,
				 reason_id(r->reason));

		struct finding f = {r->stage,
				    r->sign,
				    r->from,
				    {0},
				    .is_direct = r->is_direct};
		scoped_free char *s = r->text ? text_for(r->text) : NULL;
		buf_adds(&f.text, s ? s : "");
		if (judge_rule_find(&f) != r)
			fail_msg("rule %zu (%s, from %" PRId64 ") is hidden", i,
				 reason_id(r->reason), r->from);
		buf_finish(&f.text);
	}
}

static void streaks_count_the_same_trouble_only(void **state)
{
	(void)state;
	struct judgement fail = {
		.verdict = VERDICT_RETRY, .stage = STAGE_INVOKE, .code = -1};
	struct judgement other = fail;
	other.code = -2;
	struct judgement dead = {.verdict = VERDICT_DEFER,
				 .stage = STAGE_INVOKE,
				 .code = 40001,
				 .is_token_dead = true};
	struct judgement good = {.verdict = VERDICT_DELIVERED,
				 .stage = STAGE_SEND};
	struct streak s = judge_streak((struct streak){0}, &fail);
	assert_int_equal(s.count, 1);
	s = judge_streak(s, &fail);
	assert_int_equal(s.count, 2);
	s = judge_streak(s, &dead);
	assert_int_equal(s.count, 2);
	assert_int_equal(judge_streak(s, &good).count, 0);
	s = judge_streak(s, &other);
	assert_int_equal(s.count, 1);
	assert_int_equal(s.code, -2);
	s.count = UINT32_MAX;
	assert_int_equal(judge_streak(s, &other).count, UINT32_MAX);
}

static void every_stage_and_verdict_has_a_name(void **state)
{
	(void)state;
	for (enum stage s = 0; s < STAGE_COUNT; s++)
		assert_true(strlen(judge_stage_name(s)) > 3);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		assert_true(strlen(judge_verdict_name(v)) > 3);
	assert_string_equal(judge_stage_name(STAGE_INVOKE), "invoke");
	assert_string_equal(judge_verdict_name(VERDICT_UNKNOWN), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_of_the_sheet),
		cmocka_unit_test(no_rule_has_holes_or_is_hidden_by_another),
		cmocka_unit_test(streaks_count_the_same_trouble_only),
		cmocka_unit_test(every_stage_and_verdict_has_a_name),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
