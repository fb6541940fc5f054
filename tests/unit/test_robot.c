/* What is sent to a robot. Other code relies on: the body is the platform's own
 * form, never longer than it takes, made of what the payload says as it says
 * it; and the signature is what the platform computes. */
#include "lib/secret.h"
#include "lib/text.h"
#include "lib/util.h"
#include "relay/channel.h"
#include "relay/config.h"
#include "relay/robot.h"
#include "tests/support/check.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

static const struct channel_kind *const kinds[WEBHOOK_KIND_COUNT] = {
	[WEBHOOK_WECOM] = &channel_wecom,
	[WEBHOOK_DINGTALK] = &channel_dingtalk,
	[WEBHOOK_FEISHU] = &channel_feishu,
};

static bool build(enum webhook_kind kind, const char *secret,
		  const char *payload, struct channel_request *out)
{
	struct config_channel settings = {
		.name = (char *)"r",
		.url = (char *)"https://h/send?key=1",
		.secrets = (char *)secret,
		.webhook_kind = kind,
	};
	struct channel channel = {.kind = kinds[kind], .settings = &settings};
	struct message msg = {
		.type = (char *)"contract",
		.payload = (char *)payload,
		.payload_len = strlen(payload),
	};
	struct judgement why = {0};
	bool is_built = kinds[kind]->build(&channel, &msg, "",
					   INT64_C(1614265330999), out, &why);
	if (!is_built)
		assert_int_equal(why.reason, REASON_PAYLOAD_NOT_UTF8);
	return is_built;
}

#define W WEBHOOK_WECOM
#define D WEBHOOK_DINGTALK
#define F WEBHOOK_FEISHU

static const struct {
	enum webhook_kind kind;
	const char *payload, *body;
} bodies[] = {
	{W, "{\"text\":\"客户 \\\"张三\\\"\\n<a>\"}",
	 "{\"msgtype\":\"text\",\"text\":{\"content\":\"客户 "
	 "\\\"张三\\\"\\n<a>\"}}"},
	{D, "{\"content\":\"你好\",\"a\":1}",
	 "{\"msgtype\":\"text\",\"text\":{\"content\":\"你好\"}}"},
	{F, "{\"content\":\"no\",\"text\":\"你好\"}",
	 "{\"msg_type\":\"text\",\"content\":{\"text\":\"你好\"}}"},
	{W, "{\"text\":\"no\",\"markdown\":\"**m**\",\"title\":\"标题\"}",
	 "{\"msgtype\":\"markdown\",\"markdown\":{\"content\":\"### 标题\\n\\n"
	 "**m**\"}}"},
	{W, "{\"markdown\":\"**m**\"}",
	 "{\"msgtype\":\"markdown\",\"markdown\":{\"content\":\"**m**\"}}"},
	{D, "{\"markdown\":\"**m**\",\"title\":\"t\"}",
	 "{\"msgtype\":\"markdown\",\"markdown\":{\"title\":\"t\",\"text\":"
	 "\"### t\\n\\n**m**\"}}"},
	{D, "{\"markdown\":\"**m**\"}",
	 "{\"msgtype\":\"markdown\",\"markdown\":{\"title\":\"contract\","
	 "\"text\":\"**m**\"}}"},
	{F, "{\"markdown\":\"**m**\",\"title\":\"t\"}",
	 "{\"msg_type\":\"interactive\",\"card\":{\"header\":{\"title\":{"
	 "\"tag\":\"plain_text\",\"content\":\"t\"}},\"elements\":[{\"tag\":"
	 "\"markdown\",\"content\":\"**m**\"}]}}"},
	{F, "{\"markdown\":\"**m**\"}",
	 "{\"msg_type\":\"interactive\",\"card\":{\"elements\":[{\"tag\":"
	 "\"markdown\",\"content\":\"**m**\"}]}}"},
	/* fields: values as they are printed, nested ones without blanks */
	{W,
	 " { \"名\" : \"张三\" , \"n\":1.50,\"big\":12345678901234567890,"
	 "\"z\":null,\"t\":true,\"o\":{ \"a\" : [ 1.0, \" x \" ] },\"e\":\"\"}",
	 "{\"msgtype\":\"text\",\"text\":{\"content\":\"contract\\n名: 张三\\n"
	 "n: 1.50\\nbig: 12345678901234567890\\nz: null\\nt: true\\n"
	 "o: {\\\"a\\\":[1.0,\\\" x \\\"]}\\ne: \"}}"},
	{W, "{}", "{\"msgtype\":\"text\",\"text\":{\"content\":\"contract\"}}"},
	/* what a customer wrote calls nobody; what the CRM wrote may */
	{F,
	 "{\"名\":\"<at user_id=\\\"all\\\"></at><AT\\n>\",\"a<at b\":1,"
	 "\"c\":\"<atom> 1<2\"}",
	 "{\"msg_type\":\"text\",\"content\":{\"text\":\"contract\\n名: "
	 "＜at user_id=\\\"all\\\"></at>＜AT\\n>\\na＜at b: 1\\nc: <atom> "
	 "1<2\"}}"},
	{F, "{\"text\":\"<at user_id=\\\"all\\\"></at>\"}",
	 "{\"msg_type\":\"text\",\"content\":{\"text\":\"<at user_id="
	 "\\\"all\\\"></at>\"}}"},
	/* what is no text, or says nothing, is a field like others */
	{W, "{\"text\":5,\"markdown\":\"\"}",
	 "{\"msgtype\":\"text\",\"text\":{\"content\":\"contract\\ntext: 5\\n"
	 "markdown: \"}}"},
	{W, "{\"o\":{\"text\":\"x\"}}",
	 "{\"msgtype\":\"text\",\"text\":{\"content\":\"contract\\n"
	 "o: {\\\"text\\\":\\\"x\\\"}\"}}"},
	/* no \u escapes, and one kind of line end */
	{W, "{\"text\":\"a\\u0001b\\r\\nc\\rd\\u007f\\u009b\\te\"}",
	 "{\"msgtype\":\"text\",\"text\":{\"content\":\"ab\\nc\\nd\\te\"}}"},
	/* SQLite takes half a surrogate pair */
	{W, "{\"a\":1,\"b\":\"\\ud800\",\"c\":2}",
	 "{\"msgtype\":\"text\",\"text\":{\"content\":\"contract\\na: 1\\n"
	 "\\\"b\\\":\\\"\\\\ud800\\\",\\\"c\\\":2}\"}}"},
};

static void test_bodies(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct channel_request r = {0};
		assert_true(build(bodies[i].kind, "", bodies[i].payload, &r));
		assert_string_equal(buf_str(&r.body), bodies[i].body);
		assert_string_equal(buf_str(&r.url), "https://h/send?key=1");
		assert_null(r.headers[0].name);
		assert_int_equal(r.scope, ADDRESS_PUBLIC_ONLY);
		channel_request_finish(&r);
	}
	struct channel_request r = {0};
	assert_false(build(W, "", "{\"text\":\"\xff\"}", &r));
	channel_request_finish(&r);
}

/* Computed with Python's hmac. */
static void test_signatures(void **state)
{
	(void)state;
	struct channel_request r = {0};
	assert_true(build(D, "SEC-hush-hush", "{\"text\":\"x\"}", &r));
	assert_string_equal(buf_str(&r.url),
			    "https://h/send?key=1&timestamp=1614265330999&sign="
			    "0bJvfwrJcZLCTKwK2SKGJOq3KCqEJ0XKaT33BCVRBLs%3D");
	assert_string_equal(buf_str(&r.body), "{\"msgtype\":\"text\",\"text\":{"
					      "\"content\":\"x\"}}");
	channel_request_finish(&r);
	assert_true(build(F, " SEC-hush-hush ", "{\"text\":\"x\"}", &r));
	assert_string_equal(buf_str(&r.url), "https://h/send?key=1");
	assert_string_equal(
		buf_str(&r.body),
		"{\"timestamp\":\"1614265330\",\"sign\":"
		"\"G4igZRO3irrZk+6nyNzEuNVlWMJY44LWj5v1lkbo7ug=\","
		"\"msg_type\":\"text\",\"content\":{\"text\":\"x\"}}");
	channel_request_finish(&r);

	/* What was signed could be sent again: it is redacted. */
	scoped_free char *shown =
		secret_redact("G4igZRO3irrZk+6nyNzEuNVlWMJY44LWj5v1lkbo7ug= "
			      "0bJvfwrJcZLCTKwK2SKGJOq3KCqEJ0XKaT33BCVRBLs%3D");
	assert_string_equal(shown, "*** ***");
}

/* The string that people read, wherever the kind has it. */
static const char *read_content(const cJSON *json, enum webhook_kind kind)
{
	const cJSON *at =
		cJSON_GetObjectItem(json, kind == F ? "content" : "text");
	return cJSON_GetStringValue(
		cJSON_GetObjectItem(at, kind == F ? "text" : "content"));
}

static const struct {
	enum webhook_kind kind;
	size_t content_most, body_most;
} limits[] = {{W, 2048, 100000}, {D, 19000, 20000}, {F, 19000, 20480}};

/* Of every character, so that a cut could fall into each; and of those that
 * JSON has longer. */
static void test_limits(void **state)
{
	(void)state;
	static const char *const units[] = {"a", "é", "张", "😀", "\\\"", "\\n"};
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		for (size_t u = 0; u < ARRAY_LEN(units); u++) {
			scoped_buf payload = {0};
			buf_adds(&payload, "{\"text\":\"x");
			while (payload.len < 60000)
				buf_adds(&payload, units[u]);
			buf_adds(&payload, "\"}");
			struct channel_request r = {0};
			assert_true(build(limits[i].kind, "SEC-hush-hush",
					  buf_str(&payload), &r));
			cJSON *json = cJSON_Parse(buf_str(&r.body));
			const char *said = read_content(json, limits[i].kind);
			size_t len = strlen(said);
			assert_true(len <= limits[i].content_most);
			assert_true(r.body.len <= limits[i].body_most);
			assert_true(text_is_utf8(said, len));
			assert_string_equal(said + len - 3, "…");
			/* All that fits is there. */
			size_t full =
				limits[i].kind == W ? len : r.body.len - 100;
			assert_true(full + 200 > limits[i].content_most ||
				    full + 5 > limits[i].content_most);
			cJSON_Delete(json);
			channel_request_finish(&r);
		}
	}
}

static void test_exactly_at_the_limit(void **state)
{
	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		scoped_buf payload = {0};
		buf_adds(&payload, "{\"text\":\"");
		for (size_t i = 0; i < 2048 + extra; i++)
			buf_addc(&payload, 'a');
		buf_adds(&payload, "\"}");
		struct channel_request r = {0};
		assert_true(build(W, "", buf_str(&payload), &r));
		cJSON *json = cJSON_Parse(buf_str(&r.body));
		const char *said = read_content(json, W);
		assert_int_equal(strlen(said), 2048);
		assert_true((strstr(said, "…") != NULL) == (extra == 1));
		cJSON_Delete(json);
		channel_request_finish(&r);
	}
}

static void test_urls(void **state)
{
	(void)state;
	static const struct {
		enum webhook_kind kind;
		const char *url, *key, *shown;
	} urls[] = {
		{W, "https://h/s?key=ab", "ab", "https://h/s?"},
		{W, "https://h/s?x=1&key=ab&y=2", "ab", "https://h/s?"},
		{W, "https://h/s?monkey=ab", NULL, "https://h/s?"},
		{W, "https://h/key=ab", NULL, "https://h/key=ab"},
		{W, "https://h/s?key=", NULL, "https://h/s?"},
		{D, "https://h/?access_token=ab", "ab", "https://h/?"},
		{F, "https://h/a/bot/v2/hook/ab", "ab",
		 "https://h/a/bot/v2/hook/"},
		{F, "https://h/bot/v2/hook/ab?c=d", "ab",
		 "https://h/bot/v2/hook/"},
		{F, "https://h/?c=/bot/v2/hook/ab", "ab", "https://h/?"},
		{F, "https://h/bot/v2/hook/", NULL, "https://h/bot/v2/hook/"},
	};
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		size_t len = 0;
		const char *key = robot_url_key(robot_find(urls[i].kind),
						urls[i].url, &len);
		scoped_free char *copy = key ? xstrndup(key, len) : NULL;
		scoped_free char *shown =
			xstrndup(urls[i].url, robot_url_shown(urls[i].url));
		if (!urls[i].key)
			assert_null(copy);
		else
			assert_string_equal(copy, urls[i].key);
		assert_string_equal(shown, urls[i].shown);
	}
	assert_null(robot_find(WEBHOOK_STANDARD));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_exactly_at_the_limit),
		cmocka_unit_test(test_urls),
	};
	util_init();
	return cmocka_run_group_tests_name("robot", tests, NULL, NULL);
}
