/* The webhook channel from the CRM's INSERT to a receiver. Other code relies
 * on: a receiver that uses any public library of Standard Webhooks can verify
 * what comes, with each secret that is in force, and tell a repeat by its id;
 * and a receiver's trouble is its own channel's. */
#include "lib/util.h"
#include "tests/support/paths.h"
#include "tests/support/scene.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BASE64_SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define PLAIN_SECRET  "plain-secret-key"
#define WRONG_SECRET  "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"

/* Starts the relay with the channel crm-eu. */
static void start(struct scene *s)
{
	scoped_free char *url =
		xasprintf("WEBHOOK_CRM_EU_URL=%s/hook/crm?x=1", s->sim.base);
	const char *const env[] = {
		url,
		"WEBHOOK_CRM_EU_SECRET=" BASE64_SECRET " " PLAIN_SECRET,
		"OUTBOX_ROUTES=contract=crm-eu:$.to",
		NULL,
	};
	scene_start_relay(s, env);
}

static int64_t insert(struct scene *s, const char *payload)
{
	return outbox_insert(s->fix->db, "contract", payload);
}

/* The calls at /hook/crm, in their order. The caller deletes the array. */
static cJSON *received(const struct scene *s)
{
	cJSON *journal = simulator_journal(&s->sim);
	cJSON *hooks = cJSON_CreateArray();
	while (cJSON_GetArraySize(journal)) {
		cJSON *call = cJSON_DetachItemFromArray(journal, 0);
		const char *stage = cJSON_GetStringValue(
			cJSON_GetObjectItem(call, "stage"));
		if (strcmp(stage, "hook") == 0)
			cJSON_AddItemToArray(hooks, call);
		else
			cJSON_Delete(call);
	}
	cJSON_Delete(journal);
	return hooks;
}

static const char *member(const cJSON *array, int index, const char *name)
{
	return cJSON_GetStringValue(
		cJSON_GetObjectItem(cJSON_GetArrayItem(array, index), name));
}

static const char *const payloads[] = {
	"{}",
	"{ \"to\" : \"u1\",\n\t\"n\":1.50, \"名\":\"张三 \\u0001\\/\"}",
	"{\"to\":\"u2\",\"n\":12345678901234567890}",
};

static void test_what_is_received(void **state)
{
	struct scene *s = *state;
	start(s);
	for (size_t i = 0; i < ARRAY_LEN(payloads); i++) {
		int64_t id = insert(s, payloads[i]);
		scene_wait(s,
			   "SELECT count(*) FROM outbox"
			   " WHERE status <> 'delivered'",
			   "0");
		scene_expect_row(s, id, "delivered|1|0|0|-");
	}
	cJSON *calls = received(s);
	assert_int_equal(cJSON_GetArraySize(calls), ARRAY_LEN(payloads));
	for (int i = 0; i < (int)ARRAY_LEN(payloads); i++) {
		scoped_free char *event_id = outbox_text(
			s->fix->db, "SELECT event_id FROM outbox WHERE id = %d",
			i + 1);
		assert_string_equal(member(calls, i, "body"), payloads[i]);
		assert_string_equal(member(calls, i, "method"), "POST");
		assert_string_equal(member(calls, i, "path"), "/hook/crm");
		assert_string_equal(member(calls, i, "contentType"),
				    "application/json");
		assert_string_equal(member(calls, i, "webhook-id"), event_id);
	}
	cJSON_Delete(calls);
	/* No token was needed for them. */
	assert_int_equal(outbox_int(s->fix->db, "SELECT count(*) FROM"
						" outbox_attempt WHERE stage"
						" <> 'webhook'"),
			 0);
}

/* What tests/node/verify.js says of the calls. The caller frees. */
static char *verify(const struct scene *s, const char *secret)
{
	scoped_free char *script = paths_source("tests/node/verify.js");
	const char *argv[] = {"node", script, s->sim.journal,
			      "crm",  secret, NULL};
	struct proc_spec spec = {
		.argv = argv, .dir = s->fix->dir, .name = "verify"};
	char *out = NULL;
	scoped_free char *err = NULL;
	if (proc_run(&spec, SCENE_DEADLINE_MS, &out, &err) != 0)
		fail_msg("%s", err);
	return out;
}

static void need_verifier(void)
{
	scoped_free char *library = paths_source(
		"build/node/node_modules/standardwebhooks/package.json");
	if (access(library, R_OK) == 0)
		return;
	if (getenv("CI"))
		fail_msg("build/node (tests/node/install.sh) is missing");
	print_message("skipped: build/node (tests/node/install.sh)\n");
	skip();
}

static size_t count(const char *text, const char *word)
{
	size_t n = 0;
	for (; (text = strstr(text, word)); text += strlen(word))
		n++;
	return n;
}

static void test_a_public_library_verifies_it(void **state)
{
	struct scene *s = *state;
	need_verifier();
	start(s);
	for (size_t i = 0; i < ARRAY_LEN(payloads); i++)
		insert(s, payloads[i]);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "3");
	scoped_free char *first = verify(s, BASE64_SECRET);
	scoped_free char *second = verify(s, PLAIN_SECRET);
	scoped_free char *third = verify(s, WRONG_SECRET);
	assert_int_equal(count(first, "verified "), ARRAY_LEN(payloads));
	assert_non_null(strstr(first, payloads[1]));
	assert_int_equal(count(second, "verified "), ARRAY_LEN(payloads));
	assert_int_equal(count(third, "refused "), ARRAY_LEN(payloads));
}

/* What a fault does to a row that meets it once, and how many calls there are
 * in the end. */
static const struct {
	const char *rule, *row;
	long long calls;
} faults[] = {
	{"\"status\":503", "delivered|2|0|0|-", 2},
	{"\"status\":500,\"act\":true", "delivered|2|0|0|-", 2},
	{"\"reset\":true", "delivered|2|1|0|-", 2},
	{"\"status\":302", "delivered|2|0|0|-", 2},
	{"\"status\":204", "delivered|1|0|0|-", 1},
	{"\"garbage\":true", "delivered|1|0|0|-", 1},
	{"\"big\":2000000", "delivered|1|0|0|-", 1},
	{"\"status\":422,\"body\":\"no such field\"",
	 "failed|1|0|0|webhook-rejected", 1},
	{"\"status\":401", "failed|1|0|0|webhook-unauthorized", 1},
};

static void test_faults(void **state)
{
	struct scene *s = *state;
	start(s);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		scoped_free char *rules =
			xasprintf("[{\"stage\":\"hook\",%s}]", faults[i].rule);
		simulator_post(&s->sim, "/sim/reset", "{}");
		simulator_fault(&s->sim, rules);
		int64_t id = insert(s, "{}");
		scene_wait(s,
			   "SELECT count(*) FROM outbox WHERE status IN"
			   " ('pending', 'sending')",
			   "0");
		scene_expect_row(s, id, faults[i].row);
		assert_int_equal(scene_calls(s, "hook"), faults[i].calls);
	}
	/* A repeat has the id of what it repeats. */
	cJSON *calls = received(s);
	assert_string_equal(member(calls, 0, "webhook-id"),
			    member(calls, 1, "webhook-id"));
	assert_string_not_equal(member(calls, 1, "webhook-id"),
				member(calls, 2, "webhook-id"));
	cJSON_Delete(calls);
}

static void test_a_receiver_that_is_gone(void **state)
{
	struct scene *s = *state;
	start(s);
	simulator_fault(&s->sim, "[{\"stage\":\"hook\",\"status\":410,"
				 "\"times\":-1}]");
	int64_t waits = insert(s, "{}");
	scene_wait(s,
		   "SELECT state || reason FROM outbox_channel"
		   " WHERE name = 'crm-eu'",
		   "heldwebhook-gone");
	int64_t goes = scene_insert(s, USER_BOUND);
	scene_wait(s, "SELECT count(*) FROM outbox WHERE status = 'delivered'",
		   "1");
	scene_expect_row(s, goes, "delivered|1|0|0|-");
	scoped_free char *row = outbox_text(
		s->fix->db,
		"SELECT status || attempts FROM outbox WHERE id = %lld",
		(long long)waits);
	assert_string_equal(row, "pending0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_what_is_received),
		SCENE_TEST(test_a_public_library_verifies_it),
		SCENE_TEST(test_faults),
		SCENE_TEST(test_a_receiver_that_is_gone),
	};
	return cmocka_run_group_tests_name("webhook", tests, NULL, NULL);
}
