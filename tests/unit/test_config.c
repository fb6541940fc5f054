/* Loading settings from files and the environment. Other code relies on: a load
 * is all or nothing, the stronger source wins, and what is missing for WeChat
 * is named with its place. */
#include "lib/secret.h"
#include "lib/util.h"
#include "relay/config.h"
#include "tests/support/check.h"
#include "tests/support/settings.h"

#include <stdlib.h>
#include <string.h>

#define PLACEHOLDER "需要配置真实的Secret"

static void test_defaults(void **state)
{
	(void)state;
	struct config c = {0};
	struct config_problems p = {0};
	assert_int_equal(config_load(&c, NULL, 0, &p), 0);
	assert_int_equal(p.count, 0);
	assert_string_equal(c.db_path, "outbox.db");
	assert_string_equal(c.channel, "wechat-cloud");
	assert_string_equal(c.recipient_path, "$.assignedToId");
	assert_int_equal(c.routes.count, 0);
	assert_string_equal(c.appid, "");
	assert_string_equal(c.appsecret, "");
	assert_string_equal(c.cloud_env, "");
	assert_string_equal(c.wechat_base_url, "https://api.weixin.qq.com");
	assert_string_equal(c.wechat_ca_file, "");
	assert_string_equal(c.wechat_function, "quickstartFunctions");
	assert_int_equal(c.wechat_token, WECHAT_TOKEN_STABLE);
	assert_int_equal(c.forced_refreshes_per_day, 5);
	assert_int_equal(c.max_attempts, 10);
	assert_int_equal(c.backoff.count, 7);
	assert_int_equal(c.backoff.ms[0], 5000);
	assert_int_equal(c.backoff.ms[6], 7200000);
	assert_int_equal(c.jitter_percent, 20);
	assert_int_equal(c.life_ms, 86400000);
	assert_int_equal(c.concurrency, 16);
	assert_int_equal(c.connect_timeout_ms, 5000);
	assert_int_equal(c.timeout_ms, 15000);
	assert_int_equal(c.drain_timeout_ms, 20000);
	assert_int_equal(c.poll_ms, 1000);
	assert_int_equal(c.heartbeat_ms, 2000);
	assert_int_equal(c.retry_after_max_ms, 3600000);
	assert_int_equal(c.probe_ms, 0);
	assert_int_equal(c.log_level, LOG_INFO);
	assert_string_equal(config_get_source(&c, "RELAY_POLL"), "default");
	assert_null(config_get_source(&c, "RELAY_POL"));
	config_finish(&c);
	config_finish(&c);
	config_finish(NULL);
}

/* The shape of the file that the CRM has. */
static const char crm[] =
	"\xef\xbb\xbf# 数据库\r\n"
	"MONGODB_URI=mongodb://u:p@localhost:27017/crm?x=1#frag\r\n"
	"JWT_SECRET='s#cr\"et'\r\n"
	"PORT = 3000 # 端口\r\n"
	"\r\n"
	"PRIVATE_KEY=\"-----BEGIN PRIVATE KEY-----\r\n"
	"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC==\r\n"
	"-----END PRIVATE KEY-----\r\n"
	"\"\r\n"
	"# 小程序配置\r\n"
	"export MINIPROGRAM_APPID=wxb2c4e35d16d99fd3\r\n"
	"MINIPROGRAM_APPSECRET=" PLACEHOLDER "  # TODO\r\n"
	"MINIPROGRAM_CLOUD_ENV=\"cloud1-4gi0bpoje72fedd1\"";

static void test_file_of_the_crm(void **state)
{
	(void)state;
	settings_write("a.env", crm);
	struct config c = {0};
	scoped_free char *said = NULL;
	assert_int_equal(settings_load(&c, &said), 0);
	assert_string_equal(said, "");
	assert_string_equal(c.appid, "wxb2c4e35d16d99fd3");
	assert_string_equal(c.appsecret, "");
	assert_string_equal(c.cloud_env, "cloud1-4gi0bpoje72fedd1");
	assert_string_equal(config_get_source(&c, "MINIPROGRAM_CLOUD_ENV"),
			    "a.env:13");

	struct config_problems p = {0};
	assert_int_equal(config_missing_for_wechat(&c, &p), 1);
	assert_int_equal(p.error_count, 1);
	assert_string_equal(p.list[0].where, "a.env:12");
	assert_non_null(strstr(p.list[0].text, PLACEHOLDER));
	assert_non_null(strstr(p.list[0].text, "开发管理 → 开发设置"));
	config_problems_finish(&p);
	config_finish(&c);
}

static void test_missing_for_wechat(void **state)
{
	(void)state;
	struct config c = {0};
	struct config_problems p = {0};
	assert_int_equal(config_load(&c, NULL, 0, &p), 0);
	assert_int_equal(config_missing_for_wechat(&c, &p), 3);
	assert_string_equal(p.list[0].where, "settings");
	assert_non_null(strstr(p.list[0].text, "MINIPROGRAM_APPID is missing"));
	config_problems_finish(&p);
	config_finish(&c);

	settings_write("a.env", "MINIPROGRAM_APPID=wxb2c4e35d16d99fd3\n"
				"MINIPROGRAM_APPSECRET=" SETTINGS_SECRET "\n"
				"MINIPROGRAM_CLOUD_ENV=cloud1-x\n");
	scoped_free char *said = NULL;
	assert_int_equal(settings_load(&c, &said), 0);
	assert_string_equal(said, "");
	assert_int_equal(config_missing_for_wechat(&c, &p), 0);
	assert_int_equal(p.count, 0);
	config_finish(&c);
}

static void test_order_of_sources(void **state)
{
	(void)state;
	settings_write(".env", "RELAY_POLL=2s\nRELAY_TIMEOUT=2s\n"
			       "RELAY_LIFE=2s\n");
	settings_write("a.env",
		       "RELAY_POLL=3s\nRELAY_TIMEOUT=3s\nRELAY_LIFE=x\n");
	settings_write("b.env", "\nRELAY_TIMEOUT=4s\nRELAY_LIFE=4s\n");
	static const char *const files[] = {"a.env", "b.env"};
	struct config_problems p = {0};
	struct config c = {0};
	assert_int_equal(config_load(&c, NULL, 0, &p), 0);
	assert_int_equal(c.poll_ms, 2000);
	assert_string_equal(config_get_source(&c, "RELAY_POLL"), ".env:1");
	config_finish(&c);

	setenv("RELAY_LIFE", "5s", 1);
	assert_int_equal(config_load(&c, files, 2, &p), 0);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.poll_ms, 3000);
	assert_int_equal(c.timeout_ms, 4000);
	assert_int_equal(c.life_ms, 5000);
	assert_string_equal(config_get_source(&c, "RELAY_TIMEOUT"), "b.env:2");
	assert_string_equal(config_get_source(&c, "RELAY_LIFE"), "environment");
	config_finish(&c);

	/* empty: the default again */
	setenv("RELAY_LIFE", "", 1);
	assert_int_equal(config_load(&c, files, 2, &p), 0);
	assert_int_equal(c.life_ms, 86400000);
	config_finish(&c);
}

static void test_all_or_nothing(void **state)
{
	(void)state;
	struct config c = {0};
	scoped_free char *said = NULL;
	settings_write("a.env", "RELAY_POLL=1s\nRELAY_LIFE=abc\nOUTBOX_DB=x\n");
	assert_int_equal(settings_load(&c, &said), CONFIG_INVALID);
	assert_null(c.db_path);
	assert_null(c.origins);
}

static void test_environment(void **state)
{
	(void)state;
	setenv("RELAY_POL", "1s", 1);
	setenv("WECHAT_ZZZZZZ", "1", 1);
	setenv("RELAY_AAAAAA", "1", 1);
	setenv("RELAY_LIFE", "abc", 1);
	settings_write("a.env", "RELAY_LIFE=1s\n");
	struct config c = {0};
	scoped_free char *said = NULL;
	assert_int_equal(settings_load(&c, &said), CONFIG_INVALID);
	assert_string_equal(
		said,
		"environment: warning: RELAY_AAAAAA is no setting of the relay;"
		" ignored\n"
		"environment: error: RELAY_POL is no setting; did you mean "
		"RELAY_POLL?\n"
		"environment: warning: WECHAT_ZZZZZZ is no setting of the relay"
		"; ignored\n"
		"environment: error: RELAY_LIFE: \"abc\" is no duration (500ms,"
		" 30s, 10m, 2h, 1d)\n");
}

static void test_reload(void **state)
{
	(void)state;
	struct config c = {0};
	struct config next = {0};
	scoped_free char *said = NULL;
	scoped_free char *said_next = NULL;
	settings_write("a.env",
		       "RELAY_POLL=1s\nMINIPROGRAM_APPSECRET=" SETTINGS_SECRET
		       "\n");
	assert_int_equal(settings_load(&c, &said), 0);
	settings_write("a.env",
		       "RELAY_POLL=2s\n"
		       "MINIPROGRAM_APPSECRET=fedcba98765432100123456789ab"
		       "cdef\n");
	assert_int_equal(settings_load(&next, &said_next), 0);
	config_finish(&c);
	c = next;
	assert_int_equal(c.poll_ms, 2000);
	scoped_free char *both = secret_redact(
		SETTINGS_SECRET " "
				"fedcba98765432100123456789abcdef");
	assert_string_equal(both, "*** ***");
	config_finish(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SETTINGS_TEST(test_defaults),
		SETTINGS_TEST(test_file_of_the_crm),
		SETTINGS_TEST(test_missing_for_wechat),
		SETTINGS_TEST(test_order_of_sources),
		SETTINGS_TEST(test_all_or_nothing),
		SETTINGS_TEST(test_environment),
		SETTINGS_TEST(test_reload),
	};
	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
