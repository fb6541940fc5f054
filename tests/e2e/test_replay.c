/*
 * What the CRM sends today, from its recorded requests, against what the relay
 * sends for the same notifications: the same path, env, name, content type and,
 * but for notificationId, the same bytes in the body.
 */
#include "tests/support/scene.h"

#include "lib/util.h"
#include "tests/support/paths.h"

#include <stdlib.h>
#include <string.h>

static const char *string_at(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
	assert_true(cJSON_IsString(item));
	return item->valuestring;
}

static cJSON *read_recordings(void)
{
	scoped_free char *path = paths_source("tests/fixtures/"
					      "crm-requests.json");
	scoped_free char *text = proc_read_file(path);
	cJSON *all = cJSON_Parse(text);
	assert_true(cJSON_IsArray(all));
	assert_int_equal(cJSON_GetArraySize(all), 4);
	return all;
}

/* The invoke call of one recorded endpoint. */
static const cJSON *find_invoke(const cJSON *endpoint)
{
	const cJSON *request;
	const cJSON *requests =
		cJSON_GetObjectItemCaseSensitive(endpoint, "requests");
	cJSON_ArrayForEach(request, requests)
	{
		if (strcmp(string_at(request, "path"),
			   "/tcb/invokecloudfunction") == 0)
			return request;
	}
	fail_msg("no invoke call was recorded");
	return NULL;
}

/* The bytes of notificationData as they stand in the recorded body: the CRM
 * would insert exactly these. */
static char *payload_of(const char *body)
{
	static const char key[] = "\"notificationData\":";
	const char *from = strstr(body, key);
	assert_non_null(from);
	from += strlen(key);
	return xstrndup(from, strlen(from) - 1);
}

/* Takes `,"notificationId":"32 hex"` out of the end of a body. */
static void cut_notification_id(char *body, const char *event_id)
{
	scoped_free char *tail =
		xasprintf(",\"notificationId\":\"%s\"}", event_id);
	size_t len = strlen(body);
	assert_true(len > strlen(tail));
	char *at = body + len - strlen(tail);
	assert_string_equal(at, tail);
	strcpy(at, "}");
}

static const cJSON *last_invoke(const cJSON *journal)
{
	const cJSON *call, *found = NULL;
	cJSON_ArrayForEach(call, journal)
	{
		if (strcmp(string_at(call, "stage"), "invoke") == 0)
			found = call;
	}
	assert_non_null(found);
	return found;
}

static void compare(const cJSON *recorded, const cJSON *sent,
		    const char *event_id)
{
	assert_string_equal(string_at(sent, "method"),
			    string_at(recorded, "method"));
	assert_string_equal(string_at(sent, "path"),
			    string_at(recorded, "path"));
	assert_string_equal(string_at(sent, "contentType"),
			    string_at(recorded, "contentType"));
	const cJSON *want = cJSON_GetObjectItemCaseSensitive(recorded, "query");
	const cJSON *got = cJSON_GetObjectItemCaseSensitive(sent, "query");
	assert_int_equal(cJSON_GetArraySize(want), cJSON_GetArraySize(got));
	assert_string_equal(string_at(got, "env"), string_at(want, "env"));
	assert_string_equal(string_at(got, "name"), string_at(want, "name"));
	assert_string_equal(string_at(got, "access_token"), "ok");
	scoped_free char *body = xstrdup(string_at(sent, "body"));
	cut_notification_id(body, event_id);
	assert_string_equal(body, string_at(recorded, "body"));
}

static void replay(struct scene *s, const cJSON *endpoint)
{
	const cJSON *recorded = find_invoke(endpoint);
	scoped_free char *payload = payload_of(string_at(recorded, "body"));
	int64_t id =
		outbox_insert(s->fix->db, "sendCustomerAssignNotify", payload);
	free(scene_run_once(s, NULL));
	scene_expect_row(s, id, "delivered|1|0|0|-");
	scoped_free char *event_id = outbox_text(
		s->fix->db, "SELECT event_id FROM outbox WHERE id = %lld",
		(long long)id);
	cJSON *journal = simulator_journal(&s->sim);
	compare(recorded, last_invoke(journal), event_id);
	cJSON_Delete(journal);
}

static void test_recorded_requests(void **state)
{
	struct scene *s = *state;
	cJSON *all = read_recordings();
	const cJSON *endpoint;
	cJSON_ArrayForEach(endpoint, all) replay(s, endpoint);
	cJSON_Delete(all);
}

/* Nothing in a payload is printed anew: numbers, order, blanks, escapes. */
static void test_payload_byte_for_byte(void **state)
{
	struct scene *s = *state;
	static const char *const payloads[] = {
		"{\"assignedToId\":\"" USER_BOUND
		"\",\"n\":9007199254740993,\"e\":1.0e+2,\"z\":-0.0}",
		"{ \"b\" : 1 ,\n\t\"a\" : [ ] , \"assignedToId\":\"" USER_BOUND
		"\" }",
		"{\"u\":\"\\u5f20\\/\\u4e09\",\"assignedToId\":\"" USER_BOUND
		"\",\"u\":\"again\"}",
		"  {\"assignedToId\":\"" USER_BOUND "\",\"emoji\":\"😀\"}  ",
	};
	for (size_t i = 0; i < ARRAY_LEN(payloads); i++) {
		int64_t id = outbox_insert(
			s->fix->db, "sendCustomerAssignNotify", payloads[i]);
		free(scene_run_once(s, NULL));
		scene_expect_row(s, id, "delivered|1|0|0|-");
		cJSON *journal = simulator_journal(&s->sim);
		const char *body = string_at(last_invoke(journal), "body");
		scoped_free char *want =
			xasprintf("{\"type\":\"sendCustomerAssignNotify\","
				  "\"notificationData\":%s,\"notificationId\":",
				  payloads[i]);
		assert_memory_equal(body, want, strlen(want));
		cJSON_Delete(journal);
	}
}

/* The type is open: the relay has no list of them, and quotes what it must. */
static void test_any_type(void **state)
{
	struct scene *s = *state;
	int64_t known = outbox_insert(s->fix->db, "contractSignedNotify",
				      "{\"assignedToId\":\"" USER_BOUND "\"}");
	int64_t odd = outbox_insert(s->fix->db, "a \"quoted\" 类型\n", "{}");
	free(scene_run_once(s, NULL));
	scene_expect_row(s, known, "delivered|1|0|0|-");
	scene_expect_row(s, odd, "failed|1|0|0|unknown-type");
	cJSON *journal = simulator_journal(&s->sim);
	const char *body = string_at(last_invoke(journal), "body");
	cJSON *parsed = cJSON_Parse(body);
	assert_string_equal(string_at(parsed, "type"), "a \"quoted\" 类型\n");
	cJSON_Delete(parsed);
	cJSON_Delete(journal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_recorded_requests),
		SCENE_TEST(test_payload_byte_for_byte),
		SCENE_TEST(test_any_type),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
