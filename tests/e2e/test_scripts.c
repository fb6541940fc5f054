/*
 * The console's verbs for scripts on a real file beside a real relay. Scripts
 * of others rely on: names in the JSON, exit codes, pages that have each row
 * once.
 */
#include "tests/support/script.h"

#include "lib/buf.h"
#include "lib/text.h"
#include "lib/util.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* "relay-none 2, channel-paused 1": the alerts and the rows that wait. */
static void expect_alerts(struct scene *s, const char *expected)
{
	cJSON *json = script_json(s, *expected ? 4 : 0, "status --json");
	scoped_buf names = {0};
	const cJSON *alert;
	cJSON_ArrayForEach(alert, script_member(json, "alerts"))
	{
		buf_addf(&names, "%s%s %.0f", names.len ? ", " : "",
			 script_text(alert, "alert"),
			 script_number(alert, "rows"));
		assert_true(*script_text(alert, "text"));
	}
	assert_string_equal(buf_str(&names), expected);
	cJSON_Delete(json);
}

static void pause_all(struct scene *s)
{
	struct script run = script_run(s, "pause --reason maintenance");
	assert_int_equal(run.rc, 0);
	script_finish(&run);
}

static void test_alerts(void **state)
{
	struct scene *s = *state;
	expect_alerts(s, "");
	scene_insert(s, USER_BOUND);
	scene_insert(s, USER_BOUND);
	expect_alerts(s, "relay-none 2");
	scene_start_relay(s, NULL);
	scene_wait_count(s, "wechat-cloud", "delivered", 2);
	expect_alerts(s, "");
	pause_all(s);
	expect_alerts(s, "");
	scene_insert(s, USER_BOUND);
	expect_alerts(s, "channel-paused 1");
	scene_stop_relay(s);
	expect_alerts(s, "relay-stopped 1, channel-paused 1");
	outbox_exec(s->fix->db, "UPDATE outbox_relay SET state = 'running',"
				" beat_at = 1000000000000");
	expect_alerts(s, "relay-silent 1, channel-paused 1");
}

static void test_status(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, NULL);
	scene_insert(s, USER_BOUND);
	scene_insert(s, USER_UNSUBSCRIBED);
	scene_wait_count(s, "wechat-cloud", "delivered", 1);
	scene_wait_count(s, "wechat-cloud", "failed", 1);
	cJSON *json = script_json(s, 0, "status --json");
	const cJSON *relay = script_member(json, "relay");
	const cJSON *counts = script_member(json, "counts");
	assert_string_equal(script_text(relay, "state"), "running");
	assert_int_equal(script_number(relay, "pid"), s->relay.pid);
	assert_int_equal(script_number(counts, "delivered"), 1);
	assert_int_equal(script_number(counts, "failed"), 1);
	assert_int_equal(script_number(counts, "pending"), 0);
	assert_int_equal(cJSON_GetArraySize(script_member(json, "at_least")),
			 0);
	assert_int_equal(
		cJSON_GetArraySize(script_member(json, "delivered_per_minute")),
		60);
	const cJSON *channel =
		cJSON_GetArrayItem(script_member(json, "channels"), 0);
	assert_string_equal(script_text(channel, "name"), "wechat-cloud");
	assert_int_equal(script_number(channel, "failed"), 1);
	const cJSON *error =
		cJSON_GetArrayItem(script_member(json, "errors"), 0);
	assert_string_equal(script_text(error, "reason"), "not-subscribed");
	assert_true(script_number(script_member(json, "database"), "bytes") >
		    0);
	cJSON_Delete(json);
	struct script run = script_run(s, "status");
	assert_int_equal(run.rc, 0);
	assert_non_null(strstr(run.out, "RUNNING"));
	script_finish(&run);
}

/* More than is counted at once: exact all the same, and what waits behind the
 * many is not forgotten. */
static void test_many(void **state)
{
	struct scene *s = *state;
	scene_insert_many(s, 10500);
	outbox_exec(s->fix->db,
		    "INSERT INTO outbox_channel (name, kind, state) VALUES"
		    " ('late', 'webhook', 'paused');"
		    "INSERT INTO outbox (type, payload, channel) VALUES"
		    " ('t', '{}', 'late')");
	expect_alerts(s, "relay-none 10501, channel-paused 1");
	cJSON *json = script_json(s, 4, "status --json");
	const cJSON *at_least = script_member(json, "at_least");
	assert_int_equal(cJSON_GetArraySize(at_least), 1);
	assert_string_equal(cJSON_GetArrayItem(at_least, 0)->valuestring,
			    "due_now");
	cJSON_Delete(json);
}

/* Pages by --after have every row once, in one order. */
static void test_pages(void **state)
{
	struct scene *s = *state;
	long long expected = 25, after = 0;
	bool is_truncated = true;
	scene_insert_many(s, 25);
	while (is_truncated) {
		scoped_free char *args =
			xasprintf("list --json --limit 4 --after %lld", after);
		cJSON *json = script_json(s, 0, args);
		const cJSON *row;
		cJSON_ArrayForEach(row, script_member(json, "rows"))
		{
			after = (long long)script_number(row, "id");
			assert_int_equal(after, expected--);
		}
		is_truncated = cJSON_IsTrue(script_member(json, "truncated"));
		assert_int_equal(script_number(json, "count"),
				 is_truncated ? 4 : 1);
		cJSON_Delete(json);
	}
	assert_int_equal(expected, 0);
	cJSON *all = script_json(s, 0, "list --json --limit 25");
	assert_true(cJSON_IsFalse(script_member(all, "truncated")));
	assert_int_equal(script_number(all, "count"), 25);
	cJSON_Delete(all);
}

static void test_filter(void **state)
{
	struct scene *s = *state;
	scene_insert_many(s, 5);
	outbox_exec(s->fix->db, "UPDATE outbox SET status = 'cancelled'"
				" WHERE id IN (2, 4)");
	cJSON *json = script_json(s, 0, "list state:cancelled id>2 --json");
	assert_int_equal(script_number(json, "count"), 1);
	const cJSON *row = cJSON_GetArrayItem(script_member(json, "rows"), 0);
	assert_int_equal(script_number(row, "id"), 4);
	cJSON_Delete(json);
	json = script_json(s, 0, "list --json -- -state:cancelled");
	assert_int_equal(script_number(json, "count"), 3);
	cJSON_Delete(json);
	json = script_json(s, 0, "list to:nobody --json");
	assert_int_equal(script_number(json, "count"), 0);
	assert_int_equal(cJSON_GetArraySize(script_member(json, "rows")), 0);
	cJSON_Delete(json);
}

static void test_mask(void **state)
{
	struct scene *s = *state;
	scene_insert(s, USER_BOUND);
	const char *const verbs[] = {"list", "list --json", "list --tsv",
				     "show 1"};
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		struct script run = script_run(s, verbs[i]);
		const char *payload = strstr(run.out, "{\n");
		const char *found = strstr(run.out, USER_BOUND);
		assert_int_equal(run.rc, 0);
		assert_true(!found || (payload && found > payload));
		assert_non_null(strstr(run.out, "66f2"));
		script_finish(&run);
	}
	assert_int_equal(
		outbox_int(s->fix->db, "SELECT count(*) FROM outbox_audit"), 0);
	cJSON *json = script_json(s, 0, "list --json --unmask");
	const cJSON *row = cJSON_GetArrayItem(script_member(json, "rows"), 0);
	assert_string_equal(script_text(row, "recipient"), USER_BOUND);
	cJSON_Delete(json);
	scoped_free char *action =
		outbox_text(s->fix->db, "SELECT action FROM outbox_audit");
	assert_string_equal(action, "unmask");
}

/* No terminal: the overview, without a byte that only a terminal knows. */
static void test_once(void **state)
{
	struct scene *s = *state;
	scene_insert_many(s, 7);
	struct script run = script_run(s, "");
	size_t lines = 0;
	assert_int_equal(run.rc, 0);
	assert_non_null(strstr(run.err, "--help"));
	assert_non_null(strstr(run.out, "pending"));
	assert_true(text_is_utf8(run.out, strlen(run.out)));
	for (char *line = strtok(run.out, "\n"); line;
	     line = strtok(NULL, "\n")) {
		lines++;
		assert_true(text_width(line) <= 80);
		assert_null(strchr(line, 27));
	}
	assert_in_range(lines, 10, 24);
	script_finish(&run);
	run = script_run(s, "--once --size 60x12");
	assert_int_equal(run.rc, 0);
	assert_string_equal(run.err, "");
	script_finish(&run);
}

static const struct {
	const char *args;
	int rc;
	const char *says;
} faults[] = {
	{"nonsense", 2, "unknown verb nonsense"},
	{"list --nonsense", 2, "unknown option --nonsense"},
	{"list -x", 2, "stands behind --"},
	{"list --follow", 2, "not an option of this verb: --follow"},
	{"list --limit", 2, "missing value for --limit"},
	{"list --limit -1", 2, "a number is wanted behind --limit"},
	{"list --json --tsv", 2, "not both"},
	{"list state:faild", 2, "No such state"},
	{"list foo:1", 2, "No such field"},
	{"status now", 2, "unexpected argument now"},
	{"--once --size 80", 2, "80x24"},
	{"--color blue", 2, "auto, never or always"},
	{"--config /nowhere/x", 2, "/nowhere/x"},
	{"status --lang fr", 2, "en and zh"},
	{"show", 2, "the id of one row"},
	{"show 1x", 2, "the id of one row"},
	{"show 77", 1, "no row #77"},
	{"show 0", 2, "the id of one row"},
	{"show --id 0", 2, "a row's id is wanted behind --id"},
	{"retry --id 0 --yes", 2, "a row's id is wanted behind --id"},
	{"cancel --id -4 --yes", 2, "a row's id is wanted behind --id"},
	{"edit --id 99999999999999999999 --payload {}", 2, "a row's id"},
	{"retry --id 1x --yes", 2, "a row's id"},
	{"retry --id # --yes", 2, "a row's id"},
	{"log --level loud", 2, "error, warn, info or debug"},
	{"cancel state:pending", 2, "--yes"},
	{"list --db /nowhere/o.db", 1, "outbox-relay init --db /nowhere/o.db"},
	{"--db /nowhere/o.db", 1, "outbox-relay init"},
};

static void test_faults(void **state)
{
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct script run = script_run(s, faults[i].args);
		if (run.rc != faults[i].rc || !strstr(run.err, faults[i].says))
			fail_msg("%s: %d: %s", faults[i].args, run.rc, run.err);
		assert_string_equal(run.out, "");
		script_finish(&run);
	}
}

/* A script that reads JSON gets some, also of a row that is not there. */
static void test_no_such_row(void **state)
{
	static const char *const verbs[] = {
		"cancel --id 77 --yes --json", "retry --id #77 --yes --json",
		"retry --id 77 --dry-run --json",
		"edit --id 77 --yes --json --payload {}"};
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		cJSON *json = script_json(s, 1, verbs[i]);
		assert_int_equal(script_number(json, "matched"), 0);
		assert_int_equal(script_number(json, "changed"), 0);
		assert_int_equal(cJSON_GetArraySize(script_member(json, "ids")),
				 0);
		cJSON_Delete(json);
	}
}

static void test_help(void **state)
{
	struct scene *s = *state;
	struct script run = script_run(s, "--help");
	assert_int_equal(run.rc, 0);
	assert_non_null(strstr(run.out, "--dry-run"));
	assert_non_null(strstr(run.out, "resume [CHANNEL]"));
	script_finish(&run);
	run = script_run(s, "--version");
	assert_non_null(strstr(run.out, OUTBOX_VERSION));
	script_finish(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_alerts),      SCENE_TEST(test_status),
		SCENE_TEST(test_many),	      SCENE_TEST(test_pages),
		SCENE_TEST(test_filter),      SCENE_TEST(test_mask),
		SCENE_TEST(test_once),	      SCENE_TEST(test_faults),
		SCENE_TEST(test_no_such_row), SCENE_TEST(test_help),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
