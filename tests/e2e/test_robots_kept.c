/* What robots' channels keep. Other code relies on: no platform sees more than
 * its rate, from a relay that was killed and started again neither, and a group
 * reads messages in their order; and no key is anywhere but in the settings. */
#include "tests/support/robots.h"

#include "lib/util.h"
#include "tests/support/tempdir.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void insert_many(struct scene *s, const char *type, int count)
{
	outbox_exec(s->fix->db,
		    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
		    "  SELECT i + 1 FROM n WHERE i < %d)"
		    " INSERT INTO outbox (type, payload)"
		    " SELECT '%s', json_object('text', 'n' || i) FROM n",
		    count, type);
}

/* Twenty at once and no more: neither in the clock's next minute nor from a
 * relay that was killed and started again. The simulator would answer 45009 and
 * 130101, and hold the channel. */
static void test_twenty_a_minute(void **state)
{
	struct scene *s = *state;
	robots_start(s, NULL);
	insert_many(s, "w", 25);
	insert_many(s, "d", 25);
	scene_wait_count(s, "w", "delivered", 20);
	scene_wait_count(s, "d", "delivered", 20);
	scene_wait(s,
		   "SELECT count(*) FROM outbox_channel"
		   " WHERE minute_used = 20",
		   "2");
	scene_crash_relay(s);
	robots_start(s, NULL);
	scene_wait(s,
		   "SELECT state FROM outbox_relay"
		   " WHERE beat_at > started_at + 1500",
		   "running");
	scene_wait_channel(s, "w", "open|-");
	scene_wait_channel(s, "d", "open|-");
	assert_int_equal(scene_calls(s, "hook"), 40);
}

/* Any six calls in a row take a second at least, and they come in order. */
static void test_five_a_second(void **state)
{
	struct scene *s = *state;
	robots_start(s, NULL);
	insert_many(s, "f", 14);
	scene_wait_count(s, "f", "delivered", 14);
	cJSON *calls = scene_journal(s, "hook");
	assert_int_equal(cJSON_GetArraySize(calls), 14);
	double before[14];
	for (int i = 0; i < 14; i++) {
		const cJSON *call = cJSON_GetArrayItem(calls, i);
		scoped_free char *said = xasprintf("\"text\":\"n%d\"}", i + 1);
		before[i] =
			cJSON_GetNumberValue(cJSON_GetObjectItem(call, "t_us"));
		if (i >= 5)
			assert_true(before[i] - before[i - 5] >= 1e6);
		assert_non_null(strstr(
			cJSON_GetStringValue(cJSON_GetObjectItem(call, "body")),
			said));
	}
	cJSON_Delete(calls);
}

/* Everything that the relay wrote: the database's files and its log, in the
 * scene's folder; the journal is the simulator's. */
static void expect_nowhere(const struct scene *s, const char *secret)
{
	DIR *dir = opendir(s->fix->dir);
	assert_non_null(dir);
	for (const struct dirent *e; (e = readdir(dir));) {
		scoped_free char *path = tempdir_path(s->fix->dir, e->d_name);
		if (e->d_type != DT_REG || strcmp(path, s->sim.journal) == 0)
			continue;
		FILE *f = fopen(path, "re");
		scoped_buf text = {0};
		char piece[4096];
		for (size_t n; f && (n = fread(piece, 1, sizeof(piece), f));)
			buf_add(&text, piece, n);
		if (f)
			fclose(f);
		if (text.len &&
		    memmem(text.data, text.len, secret, strlen(secret)))
			fail_msg("%s holds %s", e->d_name, secret);
	}
	closedir(dir);
}

/* Answers that say all they have heard back, in full and percent-encoded. */
static void test_secrets_are_nowhere(void **state)
{
	struct scene *s = *state;
	static const char *const secrets[] = {
		ROBOT_WECOM_KEY,    ROBOT_DINGTALK_TOKEN, ROBOT_DINGTALK_SECRET,
		ROBOT_FEISHU_TOKEN, ROBOT_FEISHU_SECRET,
	};
	static const char *const types[] = {"w", "d", "f", "f", "d", "w"};
	static const char *const debug[] = {"RELAY_LOG_LEVEL=debug", NULL};
	scoped_buf rules = {0};
	buf_adds(&rules, "[{\"stage\":\"hook\",\"times\":-1,\"resp\":"
			 "\"{\\\"errcode\\\":40035,\\\"code\\\":9499,"
			 "\\\"errmsg\\\":\\\"heard");
	for (size_t i = 0; i < ARRAY_LEN(secrets); i++)
		buf_addf(&rules, " %s", secrets[i]);
	buf_adds(&rules, "\\\",\\\"msg\\\":\\\"heard");
	for (size_t i = 0; i < ARRAY_LEN(secrets); i++)
		buf_addf(&rules, " %%%02x%s", secrets[i][0], secrets[i] + 1);
	buf_adds(&rules, "\\\"}\"}]");
	simulator_fault(&s->sim, buf_str(&rules));
	robots_start(s, debug);
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		outbox_insert(s->fix->db, types[i], "{\"text\":\"x\"}");
	robots_wait_settled(s);
	assert_int_equal(outbox_int(s->fix->db,
				    "SELECT count(*) FROM outbox_attempt"
				    " WHERE answer LIKE '%%heard ***%%'"),
			 ARRAY_LEN(types));
	scene_stop_relay(s);
	for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
		expect_nowhere(s, secrets[i]);
		expect_nowhere(s, secrets[i] + 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_twenty_a_minute),
		SCENE_TEST(test_five_a_second),
		SCENE_TEST(test_secrets_are_nowhere),
	};
	return cmocka_run_group_tests_name("robots kept", tests, NULL, NULL);
}
