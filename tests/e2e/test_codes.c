/*
 * Every code of the fact sheet, injected at its stage in front of a running
 * relay: what becomes of the row, of its channel and of their times is what the
 * sheet's class says; first for one answer, then for as many as change it.
 */
#include "tests/support/codebench.h"

#include "lib/util.h"
#include "tests/support/sheet.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

enum { OFTEN_MS = 10000, CAP = 5, SIM_STATUS_MIN = 200, SIM_STATUS_MAX = 599 };

/* A rule that makes every call of the row's stage say so. The caller frees. */
static char *rules_of(const struct sheet_row *row, bool is_inside)
{
	bool is_returned;
	scoped_free char *says = sheet_says(row, is_inside, &is_returned);
	cJSON *rules = cJSON_CreateArray();
	cJSON *rule = cJSON_CreateObject();
	cJSON_AddItemToArray(rules, rule);
	cJSON_AddStringToObject(rule, "stage",
				row->where == SHEET_TOKEN ? "token"
				: is_returned		  ? "function"
							  : "invoke");
	/* A token that is refused once is fetched anew and good. */
	cJSON_AddNumberToObject(rule, "times", row->class == 'R' ? 1 : -1);
	if (row->where == SHEET_HTTP) {
		cJSON_AddNumberToObject(rule, "status", (double)row->code);
		cJSON_AddStringToObject(rule, "body", says);
	} else if (is_returned) {
		cJSON_AddStringToObject(rule, "resp", says);
	} else {
		cJSON_AddNumberToObject(rule, "errcode", (double)row->code);
		cJSON_AddStringToObject(rule, "errmsg", row->says);
	}
	char *text = cJSON_PrintUnformatted(rules);
	cJSON_Delete(rules);
	return text;
}

/* No server can answer with the others; the unit test judges them. */
static bool is_possible(const struct sheet_row *row)
{
	return row->where != SHEET_HTTP ||
	       (row->code >= SIM_STATUS_MIN && row->code <= SIM_STATUS_MAX);
}

static bool try_row(struct scene *s, const struct sheet_row *row,
		    bool is_inside)
{
	scoped_free char *name = sheet_name(row, is_inside);
	scoped_free char *rules = rules_of(row, is_inside);
	bool is_right =
		codebench_try(s, &(struct code_case){
					 .name = name,
					 .rules = rules,
					 .is_token = row->where == SHEET_TOKEN,
					 .class = row->class,
					 .s = row->s,
					 .is_unsure = row->is_unsure,
					 .reason = row->reason,
					 .code = row->code,
				 });
	codebench_mend(s);
	return is_right;
}

static void test_each_code(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {CODEBENCH_SETTINGS, NULL};
	unsigned bad = 0;
	scene_start_relay(s, env);
	for (size_t i = 0; i < sheet_len; i++) {
		if (!is_possible(&sheet[i]))
			continue;
		bad += !try_row(s, &sheet[i], false);
		if (sheet[i].where == SHEET_CLOUD)
			bad += !try_row(s, &sheet[i], true);
	}
	assert_int_equal(bad, 0);
	assert_int_equal(relayproc_stop(&s->relay, SCENE_DEADLINE_MS), 0);
}

/* What rows and channel come to in the end, as often_sql says it. */
static char *end_of(const struct sheet_row *row)
{
	unsigned cap = row->cap ? row->cap : CAP;
	bool is_held = row->then && (row->class != 'U' || row->then < cap);
	if (row->class == 'P')
		return xstrdup("failed 1 0,failed 1 0,failed 1 0,failed 1 0,"
			       "pending 0 0|held 300");
	if (is_held)
		return xasprintf("pending %u %u|held 300", row->then - 1,
				 row->class == 'U' ? row->then - 1 : 0);
	return xasprintf("failed %u %u|open", cap, cap);
}

static char *often_sql(int64_t first_id)
{
	return xasprintf(
		"SELECT group_concat(line) || '|' ||"
		"       (SELECT state || coalesce(' ' ||"
		"               ((state_until - state_since + 500) / 1000), '')"
		"          FROM outbox_channel WHERE name = 'wechat-cloud')"
		"  FROM (SELECT status || ' ' || attempts || ' ' || unknowns"
		"               AS line"
		"          FROM outbox WHERE id >= %lld ORDER BY 1)",
		(long long)first_id);
}

/* A retry that may not come before its time, however short the back-off. */
static char *late_sql(int64_t id)
{
	return xasprintf("SELECT due_at - updated_at FROM outbox"
			 " WHERE id = %lld AND attempts = 1",
			 (long long)id);
}

static bool expect_end(struct scene *s, const struct sheet_row *row,
		       bool is_inside, int64_t first_id)
{
	scoped_free char *name = sheet_name(row, is_inside);
	scoped_free char *waits = xasprintf("%lld", (long long)row->s * 1000);
	scoped_free char *end = row->s ? xstrdup(waits) : end_of(row);
	scoped_free char *sql =
		row->s ? late_sql(first_id) : often_sql(first_id);
	scoped_free char *got = outbox_await(s->fix->db, sql, end, OFTEN_MS);
	if (got)
		print_error("often %s: class %c, then %u, cap %u\n"
			    "  expected %s\n  got      %s\n",
			    name, row->class, row->then, row->cap, end, got);
	return !got;
}

static bool try_often(struct scene *s, const struct sheet_row *row,
		      bool is_inside)
{
	unsigned rows = row->class == 'P' ? row->then : 1;
	scoped_free char *rules = rules_of(row, is_inside);
	simulator_fault(&s->sim, rules);
	outbox_exec(s->fix->db, "BEGIN IMMEDIATE");
	int64_t first_id = scene_insert(s, "load-1");
	for (unsigned i = 1; i < rows; i++) {
		scoped_free char *user = xasprintf("load-%u", i + 1);
		scene_insert(s, user);
	}
	outbox_exec(s->fix->db, "COMMIT");
	bool is_right = expect_end(s, row, is_inside, first_id);
	codebench_mend(s);
	return is_right;
}

static bool changes(const struct sheet_row *row)
{
	bool is_slow_retry = row->class == 'T' && row->s;
	return is_possible(row) && row->where != SHEET_TOKEN &&
	       (row->then || row->class == 'U' || is_slow_retry);
}

/* T and P that become O, and U that becomes a dead letter. */
static void test_often(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {"RELAY_BACKOFF=10ms",
					  "RELAY_JITTER=0",
					  "RELAY_BREAKER_FAILURES=0", NULL};
	unsigned bad = 0;
	scene_start_relay(s, env);
	for (size_t i = 0; i < sheet_len; i++) {
		if (!changes(&sheet[i]))
			continue;
		bad += !try_often(s, &sheet[i], false);
		if (sheet[i].where == SHEET_CLOUD)
			bad += !try_often(s, &sheet[i], true);
	}
	assert_int_equal(bad, 0);
}

/* A token call that fails the same way three times: the first two waits are
 * short, and an operator's resume ends them. */
static void test_often_at_the_token(void **state)
{
	struct scene *s = *state;
	static const char *const held[] = {"held 5", "held 10", "held 300"};
	static const char sql[] =
		"SELECT state || ' ' ||"
		"       ((state_until - state_since + 500) / 1000)"
		"  FROM outbox_channel"
		" WHERE name = 'wechat-cloud' AND resume_wanted = 0";
	scene_start_relay(s, NULL);
	codebench_mend(s);
	for (size_t i = 0; i < sheet_len; i++) {
		if (sheet[i].where != SHEET_TOKEN || !sheet[i].then)
			continue;
		assert_int_equal(sheet[i].then, ARRAY_LEN(held));
		scoped_free char *rules = rules_of(&sheet[i], false);
		simulator_fault(&s->sim, rules);
		codebench_kill_token(s);
		scene_insert(s, USER_BOUND);
		for (size_t n = 0; n < ARRAY_LEN(held); n++) {
			if (n)
				codebench_resume(s);
			scene_wait(s, sql, held[n]);
		}
		codebench_mend(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_each_code),
		SCENE_TEST(test_often),
		SCENE_TEST(test_often_at_the_token),
	};
	return cmocka_run_group_tests_name("codes", tests, NULL, NULL);
}
