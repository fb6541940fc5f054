/* The values that settings take. Other code relies on: what is out of bounds or
 * malformed never reaches a struct config, and plain http only leads to this
 * host. */
#include "lib/buf.h"
#include "lib/util.h"
#include "relay/config.h"
#include "relay/config_table.h"
#include "relay/config_value.h"
#include "tests/support/check.h"
#include "tests/support/settings.h"

#include <stdlib.h>

static const struct {
	const char *name, *text;
	bool is_good;
} values[] = {
	{"WECHAT_API_BASE", "https://h", true},
	{"WECHAT_API_BASE", "https://a.b:8443/p/q//", true},
	{"WECHAT_API_BASE", "http://127.0.0.1:8080", true},
	{"WECHAT_API_BASE", "http://127.255.3.4", true},
	{"WECHAT_API_BASE", "http://localhost:1/", true},
	{"WECHAT_API_BASE", "http://[::1]:8080/x", true},
	{"WECHAT_API_BASE", "https://[fe80::1]", true},
	{"WECHAT_API_BASE", "http://api.weixin.qq.com", false},
	{"WECHAT_API_BASE", "http://127.0.0.1.evil.com", false},
	{"WECHAT_API_BASE", "http://127.1", false},
	{"WECHAT_API_BASE", "http://localhost.evil.com", false},
	{"WECHAT_API_BASE", "http://[::2]", false},
	{"WECHAT_API_BASE", "http://0.0.0.0", false},
	{"WECHAT_API_BASE", "https://u:p@h", false},
	{"WECHAT_API_BASE", "http://127.0.0.1@evil.com", false},
	{"WECHAT_API_BASE", "http://127.0.0.1\\x", false},
	{"WECHAT_API_BASE", "https://h/?x=1", false},
	{"WECHAT_API_BASE", "https://h/#x", false},
	{"WECHAT_API_BASE", "https://", false},
	{"WECHAT_API_BASE", "https:///x", false},
	{"WECHAT_API_BASE", "https://h:", false},
	{"WECHAT_API_BASE", "https://h:0", false},
	{"WECHAT_API_BASE", "https://h:65536", false},
	{"WECHAT_API_BASE", "https://h:99999999999999999999", false},
	{"WECHAT_API_BASE", "https://[::1", false},
	{"WECHAT_API_BASE", "https://[]", false},
	{"WECHAT_API_BASE", "https://h h", false},
	{"WECHAT_API_BASE", "ftp://h", false},
	{"WECHAT_API_BASE", "api.weixin.qq.com", false},
	{"RELAY_POLL", "500ms", true},
	{"RELAY_POLL", "10m", true},
	{"RELAY_POLL", "1h", false},
	{"RELAY_POLL", "-1s", false},
	{"RELAY_POLL", "1.5s", false},
	{"RELAY_POLL", "1 s", false},
	{"RELAY_POLL", "1S", false},
	{"RELAY_POLL", "s", false},
	{"RELAY_POLL", "99999999999999999999d", false},
	{"RELAY_POLL", "9223372036854775807d", false},
	{"RELAY_POLL", "99999999999999999999", false},
	{"RELAY_BACKOFF", "10ms", true},
	{"RELAY_BACKOFF", "1s, 2s ,7d", true},
	{"RELAY_BACKOFF", "1s,,2s", false},
	{"RELAY_BACKOFF", "1s,", false},
	{"RELAY_BACKOFF", "1s;2s", false},
	{"RELAY_BACKOFF", "9ms", false},
	{"RELAY_BACKOFF", "8d", false},
	{"RELAY_MAX_ATTEMPTS", "1", true},
	{"RELAY_MAX_ATTEMPTS", "100", true},
	{"RELAY_MAX_ATTEMPTS", "0", false},
	{"RELAY_MAX_ATTEMPTS", "101", false},
	{"RELAY_MAX_ATTEMPTS", "-1", false},
	{"RELAY_MAX_ATTEMPTS", "-", false},
	{"RELAY_MAX_ATTEMPTS", "0x10", false},
	{"RELAY_MAX_ATTEMPTS", "99999999999999999999", false},
	{"WECHAT_TOKEN", "classic", true},
	{"WECHAT_TOKEN", "stab", false},
	{"WECHAT_TOKEN", "stable|classic", false},
	{"OUTBOX_RECIPIENT_PATH", "$", true},
	{"OUTBOX_RECIPIENT_PATH", "$.a.b[0].c[#-1]", true},
	{"OUTBOX_RECIPIENT_PATH", "$.\"a.b\".c", true},
	{"OUTBOX_RECIPIENT_PATH", "$.用户", true},
	{"OUTBOX_RECIPIENT_PATH", "a", false},
	{"OUTBOX_RECIPIENT_PATH", "$a", false},
	{"OUTBOX_RECIPIENT_PATH", "$.", false},
	{"OUTBOX_RECIPIENT_PATH", "$..a", false},
	{"OUTBOX_RECIPIENT_PATH", "$.a[", false},
	{"OUTBOX_RECIPIENT_PATH", "$[x]", false},
	{"OUTBOX_RECIPIENT_PATH", "$[#-]", false},
	{"OUTBOX_RECIPIENT_PATH", "$.\"a", false},
	{"OUTBOX_ROUTES", "a=b", true},
	{"OUTBOX_ROUTES", "a=b:$.x, c = d ,派=e:$", true},
	{"OUTBOX_ROUTES", "a", false},
	{"OUTBOX_ROUTES", "=b", false},
	{"OUTBOX_ROUTES", "a=", false},
	{"OUTBOX_ROUTES", "a=b:", false},
	{"OUTBOX_ROUTES", "a=b:x", false},
	{"OUTBOX_ROUTES", "a=b,a=c", false},
	{"OUTBOX_ROUTES", "a=b,", false},
	{"OUTBOX_DB", "/a b/中文.db", true},
	{"OUTBOX_DB", "a\tb", false},
	{"OUTBOX_DB", "a\xff", false},
};

static void test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		const struct setting *s = config_table_find(values[i].name);
		struct config c = {0};
		char *why = NULL;
		int rc = config_value_set(s, values[i].text, &c, &why);
		if (rc != (values[i].is_good ? 0 : VALUE_BAD))
			fail_msg("%s=%s: %d, %s", s->name, values[i].text, rc,
				 why ? why : "taken");
		assert_true((why == NULL) == values[i].is_good);
		free(why);
		config_value_clear(s, &c);
	}
}

static void test_what_values_become(void **state)
{
	(void)state;
	settings_write("a.env", "WECHAT_API_BASE=http://localhost:80/x//\n"
				"RELAY_BACKOFF=10ms, 1d\n"
				"WECHAT_TOKEN=classic\nRELAY_LOG_LEVEL=debug\n"
				"WEBHOOK_B_URL=https://h\n"
				"WEBHOOK_B_SECRET=12345678\n"
				"WEBHOOK_D_URL=https://h\n"
				"WEBHOOK_D_SECRET=12345678\n"
				"OUTBOX_ROUTES=a=b, c =d:$.e\n");
	struct config c = {0};
	scoped_free char *said = NULL;
	assert_int_equal(settings_load(&c, &said), 0);
	assert_string_equal(c.wechat_base_url, "http://localhost:80/x");
	assert_int_equal(c.backoff.count, 2);
	assert_int_equal(c.backoff.ms[0], 10);
	assert_int_equal(c.backoff.ms[1], 86400000);
	assert_int_equal(c.wechat_token, WECHAT_TOKEN_CLASSIC);
	assert_int_equal(c.log_level, LOG_DEBUG);
	assert_int_equal(c.routes.count, 2);
	assert_string_equal(c.routes.list[0].type, "a");
	assert_string_equal(c.routes.list[0].channel, "b");
	assert_null(c.routes.list[0].recipient_path);
	assert_string_equal(c.routes.list[1].type, "c");
	assert_string_equal(c.routes.list[1].channel, "d");
	assert_string_equal(c.routes.list[1].recipient_path, "$.e");
	config_finish(&c);
}

static void test_too_many_of_a_list(void **state)
{
	(void)state;
	scoped_buf routes = {0};
	scoped_buf waits = {0};
	for (int i = 0; i <= CONFIG_ROUTES_MAX; i++)
		buf_addf(&routes, "%st%d=c", i ? "," : "", i);
	for (int i = 0; i <= CONFIG_DURATIONS_MAX; i++)
		buf_addf(&waits, "%s1s", i ? "," : "");
	struct config c = {0};
	char *why = NULL;
	assert_int_equal(config_value_set(config_table_find("OUTBOX_ROUTES"),
					  buf_str(&routes), &c, &why),
			 VALUE_BAD);
	free(steal(&why));
	assert_int_equal(config_value_set(config_table_find("RELAY_BACKOFF"),
					  buf_str(&waits), &c, &why),
			 VALUE_BAD);
	free(why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SETTINGS_TEST(test_values),
		SETTINGS_TEST(test_what_values_become),
		SETTINGS_TEST(test_too_many_of_a_list),
	};
	return cmocka_run_group_tests_name("config values", tests, NULL, NULL);
}
