/*
 * The access token: fetched once for everybody, renewed before it ends, fetched
 * again when a call says that it is dead; and what happens to the rows while
 * there is none.
 */
#include "tests/support/scene.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

static const char delivered[] =
	"SELECT count(*) FROM outbox WHERE status = 'delivered'";

/* A thousand rows and sixteen at once ask for one token. */
static void test_single_flight(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"token\",\"delay_ms\":100}]");
	scene_insert_many(s, 1000);
	scene_start_relay(s, NULL);
	scene_wait(s, delivered, "1000");
	assert_int_equal(scene_calls(s, "token"), 1);
	assert_int_equal(scene_calls(s, "invoke"), 1000);
	assert_int_equal(simulator_stat(&s->sim, "sent.repeated"), 0);
}

static void kill_token(struct scene *s, const char *family, const char *how)
{
	scoped_free char *json =
		xasprintf("{\"family\":\"%s\",\"how\":\"%s\"}", family, how);
	simulator_post(&s->sim, "/sim/expire", json);
}

/* One fresh token and one repeat, in the same attempt: the row does not pay. */
static void refresh_once(struct scene *s, const char *const *env,
			 const char *family, const char *how)
{
	scene_start_relay(s, env);
	scene_insert(s, "load-1");
	scene_wait(s, delivered, "1");
	kill_token(s, family, how);
	scene_insert(s, "load-2");
	scene_wait(s, delivered, "2");
	scene_expect_row(s, 2, "delivered|1|0|0|-");
	assert_int_equal(scene_calls(s, "token"), 2);
	assert_int_equal(scene_calls(s, "invoke"), 3);
	scoped_free char *attempts = outbox_rows(
		s->fix->db, "SELECT request_no, outcome FROM outbox_attempt"
			    " WHERE outbox_id = 2 ORDER BY request_no");
	assert_string_equal(attempts, "1|defer\n2|delivered\n");
}

static void test_expired(void **state)
{
	refresh_once(*state, NULL, "stable", "expire");
}

static void test_killed(void **state)
{
	refresh_once(*state, NULL, "stable", "kill");
}

static void test_classic(void **state)
{
	static const char *const env[] = {"WECHAT_TOKEN=classic", NULL};
	refresh_once(*state, env, "classic", "kill");
}

/* Sixteen calls meet the dead token at once: one refresh serves them all. */
static void test_killed_under_load(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, NULL);
	scene_insert(s, "load-0");
	scene_wait(s, delivered, "1");
	kill_token(s, "stable", "kill");
	scene_insert_many(s, 200);
	scene_wait(s, delivered, "201");
	assert_int_equal(scene_calls(s, "token"), 2);
	assert_int_equal(
		outbox_int(s->fix->db, "SELECT max(attempts) FROM outbox"), 1);
}

/* Renewed while the old one still works: no call ever meets a dead one. */
static void test_renewed_early(void **state)
{
	struct scene *s = *state;
	static const char *const short_life[] = {"--token-ttl", "1", NULL};
	simulator_finish(&s->sim);
	simulator_start(&s->sim, s->fix->dir, short_life);
	scene_start_relay(s, NULL);
	scoped_free char *sql =
		xstrdup("SELECT count(*) >= 3 FROM outbox_log"
			" WHERE event = 'access token fetched'");
	for (int i = 0; i < 40; i++)
		scene_insert(s, "load-1");
	scene_wait(s, delivered, "40");
	scene_wait(s, sql, "1");
	scene_insert(s, "load-2");
	scene_wait(s, delivered, "41");
	assert_int_equal(scene_calls(s, "invoke"), 41);
}

/* The token that died comes back: wait, then force one, within the ration. */
static void test_forced(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, NULL);
	scene_insert(s, "load-1");
	scene_wait(s, delivered, "1");
	kill_token(s, "stable", "stale");
	scene_insert(s, "load-2");
	scene_wait(s, delivered, "2");
	scene_expect_row(s, 2, "delivered|1|0|0|-");
	cJSON *journal = simulator_journal(&s->sim);
	char *text = cJSON_PrintUnformatted(journal);
	cJSON_Delete(journal);
	assert_non_null(strstr(text, "force_refresh\\\":true"));
	free(text);
	scene_wait(s,
		   "SELECT value FROM outbox_meta"
		   " WHERE key = 'token_forced_used'",
		   "1");
}

/* A wrong AppSecret is the channel's trouble: every row stays as it was. */
static void test_wrong_secret(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {
		"MINIPROGRAM_APPSECRET=ffffffffffffffffffffffffffffffff",
		"RELAY_PROBE=100ms", NULL};
	scene_insert_many(s, 1000);
	scene_start_relay(s, env);
	scene_wait(s, "SELECT state || ' ' || reason FROM outbox_channel",
		   "held appsecret-wrong");
	/* Two probes more, each of them one token call. */
	scene_wait_calls(s, "token", 3);
	assert_int_equal(scene_calls(s, "invoke"), 0);
	scoped_free char *rows = outbox_rows(
		s->fix->db, "SELECT DISTINCT status, attempts, version"
			    "  FROM outbox");
	assert_string_equal(rows, "pending|0|0\n");
	simulator_post(&s->sim, "/sim/secret",
		       "{\"secret\":\"ffffffffffffffffffffffffffffffff\"}");
	scene_wait(s, delivered, "1000");
	scene_wait(s, "SELECT state FROM outbox_channel", "open");
}

/* `run --once` says why it leaves rows behind, and leaves. */
static void test_wrong_secret_once(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {
		"MINIPROGRAM_APPSECRET=ffffffffffffffffffffffffffffffff", NULL};
	int64_t id = scene_insert(s, USER_BOUND);
	scoped_free char *err = scene_run_once(s, env);
	assert_non_null(strstr(err, "appsecret-wrong"));
	scene_expect_row(s, id, "pending|0|0|0|-");
	assert_int_equal(scene_calls(s, "token"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_single_flight),
		SCENE_TEST(test_expired),
		SCENE_TEST(test_killed),
		SCENE_TEST(test_classic),
		SCENE_TEST(test_killed_under_load),
		SCENE_TEST(test_renewed_early),
		SCENE_TEST(test_forced),
		SCENE_TEST(test_wrong_secret),
		SCENE_TEST(test_wrong_secret_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
