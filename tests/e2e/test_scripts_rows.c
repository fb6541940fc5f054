/*
 * What scripts are told of one row, and of what happened. Scripts of others
 * rely on: payloads and numbers byte for byte, one line a row whatever is in
 * it.
 */
#include "tests/support/script.h"

#include "lib/util.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* A row of values that a terminal or a parser would stumble over. */
static void insert_hostile(struct scene *s)
{
	outbox_exec(s->fix->db,
		    "INSERT INTO outbox (type, payload, dedup_key,"
		    " ordering_key) VALUES ('a' || char(9, 10, 27) || '[2J',"
		    " '{ \"n\":9007199254740993, \"e\":1e400,\"n\":-0,'"
		    " || char(10) || '\"s\":\"\\u0041' || char(8238) || '\"}',"
		    " 'tab' || char(9), char(8238))");
}

static void test_tsv(void **state)
{
	struct scene *s = *state;
	scene_insert(s, USER_BOUND);
	insert_hostile(s);
	struct script run = script_run(s, "list --tsv");
	size_t lines = 0, tabs = 0;
	for (const char *c = run.out; *c; c++) {
		lines += *c == '\n';
		tabs += *c == '\t';
		assert_true((unsigned char)*c >= ' ' || strchr("\t\n", *c));
	}
	assert_int_equal(run.rc, 0);
	assert_int_equal(lines, 3);
	assert_int_equal(tabs, lines * 18);
	assert_int_equal(strncmp(run.out, "id\tstate\tchannel\ttype\t", 22), 0);
	assert_non_null(strstr(run.out, "\ta\\t\\n\\x1b[2J\t"));
	script_finish(&run);
}

static void test_show(void **state)
{
	struct scene *s = *state;
	insert_hostile(s);
	scoped_free char *payload =
		outbox_text(s->fix->db, "SELECT payload FROM outbox");
	scoped_free char *expected = xasprintf("\"payload\":%s,", payload);
	struct script run = script_run(s, "show 1 --json");
	assert_int_equal(run.rc, 0);
	assert_non_null(strstr(run.out, expected));
	cJSON *json = cJSON_Parse(run.out);
	assert_string_equal(script_text(json, "type"), "a\t\n\x1b[2J");
	assert_string_equal(script_text(json, "ordering_key"), "\xe2\x80\xae");
	cJSON_Delete(json);
	script_finish(&run);
	run = script_run(s, "show #1");
	assert_int_equal(run.rc, 0);
	assert_null(strchr(run.out, 27));
	assert_null(strstr(run.out, "\xe2\x80\xae"));
	assert_non_null(strstr(run.out, "\"n\": 9007199254740993,\n"));
	assert_non_null(strstr(run.out, "\"n\": -0,\n"));
	script_finish(&run);
}

/* The reason in words and what was answered; one of them where both are the
 * same. */
static void test_show_error(void **state)
{
	static const struct {
		const char *reason, *error, *shown, *detail;
	} cases[] = {
		{"not-subscribed", "errcode=43101 no", "43101 The user has no ",
		 "errcode=43101 no\n"},
		{"attempts-used-up", "timed out", "timed out\n", NULL},
		{"of-a-newer-relay", "a\x1b[2J", "a\\x1b[2J\n", NULL},
	};
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t id = scene_insert(s, USER_UNSUBSCRIBED);
		outbox_exec(s->fix->db,
			    "UPDATE outbox SET version = version + 1,"
			    " status = 'failed', last_reason = %Q,"
			    " last_error = %Q WHERE id = %lld",
			    cases[i].reason, cases[i].error, (long long)id);
		scoped_free char *args = xasprintf("show %lld", (long long)id);
		struct script run = script_run(s, args);
		assert_int_equal(run.rc, 0);
		const char *error = strstr(run.out, "\nError        ");
		const char *detail = strstr(run.out, "\nDetail       ");
		assert_non_null(error);
		assert_memory_equal(error + 14, cases[i].shown,
				    strlen(cases[i].shown));
		assert_true(!detail == !cases[i].detail);
		if (detail)
			assert_memory_equal(detail + 14, cases[i].detail,
					    strlen(cases[i].detail));
		script_finish(&run);
	}
}

static void test_history(void **state)
{
	struct scene *s = *state;
	int64_t id = scene_insert(s, USER_UNSUBSCRIBED);
	free(scene_run_once(s, NULL));
	cJSON *json = script_json(s, 0,
				  "retry state:failed --yes --json"
				  " --reason again");
	assert_int_equal(script_number(json, "changed"), 1);
	cJSON_Delete(json);
	free(scene_run_once(s, NULL));
	scoped_free char *args = xasprintf("show %lld --json", (long long)id);
	json = script_json(s, 0, args);
	assert_string_equal(script_text(json, "state"), "failed");
	assert_string_equal(script_text(json, "reason"), "not-subscribed");
	assert_true(*script_text(json, "why"));
	const cJSON *history = script_member(json, "history");
	assert_int_equal(cJSON_GetArraySize(history), 2);
	const cJSON *newest = cJSON_GetArrayItem(history, 0);
	assert_int_equal(script_number(newest, "generation"), 2);
	assert_string_equal(script_text(newest, "outcome"), "reject");
	const cJSON *event =
		cJSON_GetArrayItem(script_member(json, "events"), 0);
	assert_string_equal(script_text(event, "action"), "retry");
	assert_string_equal(script_text(event, "reason"), "again");
	cJSON_Delete(json);
}

/* What somebody wrote past the triggers does not break the document. */
static void test_broken_payload(void **state)
{
	struct scene *s = *state;
	scene_insert(s, USER_BOUND);
	outbox_exec(s->fix->db, "DROP TRIGGER outbox_update_payload;"
				"UPDATE outbox SET payload = '{\"a\":'");
	cJSON *json = script_json(s, 0, "show 1 --json");
	assert_true(cJSON_IsNull(script_member(json, "payload")));
	assert_string_equal(script_text(json, "payload_text"), "{\"a\":");
	cJSON_Delete(json);
}

static void test_audit(void **state)
{
	struct scene *s = *state;
	scene_insert_many(s, 3);
	cJSON *json = script_json(s, 0, "cancel id<3 --yes --json");
	assert_int_equal(script_number(json, "changed"), 2);
	cJSON_Delete(json);
	cJSON_Delete(script_json(s, 0, "pause --json --reason maintenance"));
	json = script_json(s, 0, "audit cancel --json");
	assert_string_equal(script_text(json, "action"), "cancel");
	assert_string_equal(script_text(json, "filter"), "id<3");
	assert_int_equal(cJSON_GetArraySize(script_member(json, "ids")), 2);
	cJSON_Delete(json);
	struct script run = script_run(s, "audit");
	const char *cancel = strstr(run.out, "cancel");
	const char *pause = strstr(run.out, "pause");
	assert_true(cancel && pause && cancel < pause);
	assert_non_null(strstr(run.out, "maintenance"));
	script_finish(&run);
	run = script_run(s, "audit --limit 1 --tsv");
	assert_null(strstr(run.out, "id<3"));
	assert_non_null(strstr(run.out, "\tpause\t"));
	script_finish(&run);
}

static void test_log(void **state)
{
	struct scene *s = *state;
	for (int i = 1; i <= 5; i++)
		outbox_exec(s->fix->db,
			    "INSERT INTO outbox_log VALUES (%d, %lld, %Q,"
			    " 'event', 'n=%d x=\"' || char(27) || '\"')",
			    i, INT64_C(1900000000000), i % 2 ? "info" : "error",
			    i);
	struct script run = script_run(s, "log --limit 2 --level warn");
	assert_non_null(strstr(run.out, "n=2"));
	assert_non_null(strstr(run.out, "n=4"));
	assert_null(strstr(run.out, "n=3"));
	assert_null(strchr(run.out, 27));
	script_finish(&run);
	run = script_run(s, "log --after 3 --limit 1");
	assert_non_null(strstr(run.out, "n=4"));
	assert_null(strstr(run.out, "n=3"));
	assert_null(strstr(run.out, "n=5"));
	script_finish(&run);
	run = script_run(s, "log --limit 0 -- event -n=1 -n=5");
	assert_null(strstr(run.out, "n=1"));
	assert_non_null(strstr(run.out, "n=2"));
	assert_null(strstr(run.out, "n=5"));
	script_finish(&run);
}

static void test_follow(void **state)
{
	struct scene *s = *state;
	struct proc p = {0};
	scene_start_relay(s, NULL);
	script_start(s, &p, "log --follow --json");
	free(proc_wait_line(&p, PROC_OUT, "\"event\":", SCRIPT_MS));
	scene_insert(s, USER_UNSUBSCRIBED);
	scoped_free char *line =
		proc_wait_line(&p, PROC_OUT, "\"event\":\"reject\"", SCRIPT_MS);
	cJSON *json = cJSON_Parse(line);
	assert_string_equal(script_text(json, "level"), "warn");
	cJSON_Delete(json);
	proc_signal(&p, SIGINT);
	assert_int_equal(proc_wait(&p, SCRIPT_MS), 128 + SIGINT);
	proc_finish(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_tsv),
		SCENE_TEST(test_show),
		SCENE_TEST(test_show_error),
		SCENE_TEST(test_history),
		SCENE_TEST(test_broken_payload),
		SCENE_TEST(test_audit),
		SCENE_TEST(test_log),
		SCENE_TEST(test_follow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
