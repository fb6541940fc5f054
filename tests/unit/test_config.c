/* Settings, on real files and a real environment. Other code relies on: a load
 * is all or nothing; every problem is reported with its place; no secret is
 * ever in a problem, a listing or a source. */
#include "lib/buf.h"
#include "lib/secret.h"
#include "lib/util.h"
#include "relay/config.h"
#include "relay/config_table.h"
#include "relay/config_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SECRET	    "0123456789abcdef0123456789abcdef"
#define PLACEHOLDER "需要配置真实的Secret"

static char dir[] = "/tmp/config.XXXXXX";
static char start[4096];

static int set_up_group(void **state)
{
	(void)state;
	util_init();
	bool is_ready =
		getcwd(start, sizeof(start)) && mkdtemp(dir) && chdir(dir) == 0;
	return is_ready ? 0 : -1;
}

static int tear_down_group(void **state)
{
	(void)state;
	return chdir(start) == 0 ? rmdir(dir) : -1;
}

static int clear(void **state)
{
	(void)state;
	for (size_t i = 0; environ[i];) {
		char *name = xstrndup(environ[i], strcspn(environ[i], "="));
		if (config_table_has_prefix(name))
			unsetenv(name);
		else
			i++;
		free(name);
	}
	unlink(".env");
	unlink("a.env");
	unlink("b.env");
	return 0;
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(name, 0600), 0);
}

static char *print_problems(const struct config_problems *p)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	config_problems_print(p, f);
	fclose(f);
	return text;
}

static char *print_with(void (*print)(FILE *))
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	print(f);
	fclose(f);
	return text;
}

/* Loads a.env alone; returns the outcome, and the problems as printed. */
static int load_a(struct config *c, char **said_out)
{
	static const char *const files[] = {"a.env"};
	struct config_problems p = {0};
	int rc = config_load(c, files, 1, &p);
	assert_int_equal(rc, p.error_count ? CONFIG_INVALID : 0);
	*said_out = print_problems(&p);
	config_problems_finish(&p);
	return rc;
}

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
	write_file("a.env", crm);
	struct config c = {0};
	scoped_free char *said = NULL;
	assert_int_equal(load_a(&c, &said), 0);
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

	write_file("a.env", "MINIPROGRAM_APPID=wxb2c4e35d16d99fd3\n"
			    "MINIPROGRAM_APPSECRET=" SECRET "\n"
			    "MINIPROGRAM_CLOUD_ENV=cloud1-x\n");
	scoped_free char *said = NULL;
	assert_int_equal(load_a(&c, &said), 0);
	assert_string_equal(said, "");
	assert_int_equal(config_missing_for_wechat(&c, &p), 0);
	assert_int_equal(p.count, 0);
	config_finish(&c);
}

static void test_order_of_sources(void **state)
{
	(void)state;
	write_file(".env", "RELAY_POLL=2s\nRELAY_TIMEOUT=2s\n"
			   "RELAY_LIFE=2s\n");
	write_file("a.env", "RELAY_POLL=3s\nRELAY_TIMEOUT=3s\nRELAY_LIFE=x\n");
	write_file("b.env", "\nRELAY_TIMEOUT=4s\nRELAY_LIFE=4s\n");
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
	write_file("a.env", "RELAY_POLL=1s\nRELAY_LIFE=abc\nOUTBOX_DB=x\n");
	assert_int_equal(load_a(&c, &said), CONFIG_INVALID);
	assert_null(c.db_path);
	assert_null(c.origins);
}

/* What one line of settings makes the loader say; "" is nothing at all. */
static const struct {
	const char *text, *want;
} lines[] = {
	{"RELAY_POLL=30\n",
	 "a.env:1: error: RELAY_POLL: 30 of what? say 30s or 30ms\n"},
	{"\nRELAY_POLL=abc\n",
	 "a.env:2: error: RELAY_POLL: \"abc\" is no duration (500ms, 30s, 10m, "
	 "2h, 1d)\n"},
	{"RELAY_POLL=5ms\n", "a.env:1: error: RELAY_POLL: \"5ms\" is out of "
			     "bounds, which are 10ms to 10m\n"},
	{"RELAY_POLL=0\n",
	 "a.env:1: error: RELAY_POLL: \"0\" is out of bounds, "
	 "which are 10ms to 10m\n"},
	{"RELAY_LIFE=0\nRELAY_PROBE=0s\nRELAY_DRAIN_TIMEOUT=0ms\n", ""},
	{"RELAY_LIFE=366d\n", "a.env:1: error: RELAY_LIFE: \"366d\" is out of "
			      "bounds, which are 0 to 365d\n"},
	{"RELAY_JITTER=51\n", "a.env:1: error: RELAY_JITTER: \"51\" is out of "
			      "bounds, which are 0 to 50\n"},
	{"RELAY_JITTER=20%\n",
	 "a.env:1: error: RELAY_JITTER: \"20%\" is no whole number\n"},
	{"RELAY_LOG_LEVEL=INFO\n", "a.env:1: error: RELAY_LOG_LEVEL: \"INFO\" "
				   "is none of error|warn|info|debug\n"},
	{"WECHAT_TOKEN=\n", ""},
	{"RELAY_TIMEOUT=1s\nA=1\nRELAY_TIMEOUT=2s\n",
	 "a.env:3: warning: RELAY_TIMEOUT is set here again; this one counts, "
	 "not that of line 1\n"},
	{"A=1\nA=2\n", ""},
	/* names */
	{"RELAY_POL=1s\n", "a.env:1: error: RELAY_POL is no setting; did you "
			   "mean RELAY_POLL?\n"},
	{"MINIPROGRAM_APP_SECRET=x\n",
	 "a.env:1: error: MINIPROGRAM_APP_SECRET is no setting; did you mean "
	 "MINIPROGRAM_APPSECRET?\n"},
	{"RELAY_LOGLEVEL=x\n", "a.env:1: error: RELAY_LOGLEVEL is no setting; "
			       "did you mean RELAY_LOG_LEVEL?\n"},
	{"WECHAT_PAY_MCHID=1\n", "a.env:1: warning: WECHAT_PAY_MCHID is no "
				 "setting of the relay; ignored\n"},
	{"RELAYPOLL=1\nrelay_pol=1\n", ""},
	/* lines that are none */
	{"RELAY_POLL 1s\n",
	 "a.env:1: error: RELAY_POLL: the line is not KEY=value\n"},
	{"export RELAY_POLL\n",
	 "a.env:1: error: RELAY_POLL: the line is not KEY=value\n"},
	{"OUTBOX_DB=\"x\nRELAY_POLL=1s\n",
	 "a.env:1: error: OUTBOX_DB: the quote is never closed\n"},
	{"OUTBOX_DB='a\nb'\n",
	 "a.env:1: error: OUTBOX_DB: holds a line end or control character (is "
	 "a quote not closed?)\n"},
	{"hello\nA=1\nx y\nMII+/==\n+++\n\nz\n",
	 "a.env:1: warning: the line is not KEY=value; ignored\n"
	 "a.env:3: warning: the line is not KEY=value; ignored, as are the "
	 "lines to 5\n"
	 "a.env:7: warning: the line is not KEY=value; ignored\n"},
	{"A=\"x\nRELAY_POLL=2s\nB=1 \"\n",
	 "a.env:1: warning: the quoted value of A goes on to line 3 and "
	 "swallows RELAY_POLL\n"},
	{"OUTBOX_DB=a#b\n",
	 "a.env:1: warning: OUTBOX_DB holds a # that is taken as part of the "
	 "value, where dotenv would end it: put the value in quotes\n"},
	{"OUTBOX_DB=~/x.db\n", "a.env:1: error: OUTBOX_DB: ~ has no meaning "
			       "here: write the whole path\n"},
	{"RELAY_POLL=\xff\n",
	 "a.env:1: error: RELAY_POLL: the line is not UTF-8 (save the file as "
	 "UTF-8)\n"},
	{"OUTBOX_CHANNEL=a b\n",
	 "a.env:1: error: OUTBOX_CHANNEL: \"a b\" is no "
	 "name (letters, digits, - _ . only)\n"},
	/* all of them, not the first */
	{"RELAY_POLL=x\nRELAY_POOL=1\nOUTBOX_CHANNEL=?\n",
	 "a.env:2: error: RELAY_POOL is no setting; did you mean RELAY_POLL?\n"
	 "a.env:3: error: OUTBOX_CHANNEL: \"?\" is no name (letters, digits, - "
	 "_ . only)\n"
	 "a.env:1: error: RELAY_POLL: \"x\" is no duration (500ms, 30s, 10m, "
	 "2h, 1d)\n"},
};

static void test_what_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		write_file("a.env", lines[i].text);
		struct config c = {0};
		scoped_free char *said = NULL;
		load_a(&c, &said);
		assert_string_equal(said, lines[i].want);
		config_finish(&c);
	}
}

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
	write_file("a.env", "WECHAT_API_BASE=http://localhost:80/x//\n"
			    "RELAY_BACKOFF=10ms, 1d\n"
			    "WECHAT_TOKEN=classic\nRELAY_LOG_LEVEL=debug\n"
			    "OUTBOX_ROUTES=a=b, c =d:$.e\n");
	struct config c = {0};
	scoped_free char *said = NULL;
	assert_int_equal(load_a(&c, &said), 0);
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

static void test_secrets_stay_secret(void **state)
{
	(void)state;
	static const struct {
		const char *secret;
		bool is_taken;
	} secrets[] = {
		{SECRET, true},
		{"ABCDEFGH12345678", true}, /* odd, but perhaps */
		{"sec ret-hush-hush", false},
		{"秘密-hush-hush", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
		const char *secret = secrets[i].secret;
		scoped_free char *text = xasprintf(
			"MINIPROGRAM_APPSECRET='%s'\nRELAY_ZZZZZZ=1\n", secret);
		write_file("a.env", text);
		struct config c = {0};
		scoped_free char *said = NULL;
		assert_int_equal(load_a(&c, &said), 0);
		assert_null(strstr(said, secret));
		assert_string_equal(c.appsecret,
				    secrets[i].is_taken ? secret : "");
		struct config_problems p = {0};
		config_missing_for_wechat(&c, &p);
		char *list = NULL;
		size_t len = 0;
		FILE *f = open_memstream(&list, &len);
		config_problems_print(&p, f);
		config_print(&c, f);
		fclose(f);
		assert_null(strstr(list, secret));
		assert_true((strstr(list, "APPSECRET=***  # a.env:1") !=
			     NULL) == secrets[i].is_taken);
		scoped_free char *redacted = secret_redact(secret);
		assert_string_equal(redacted,
				    secrets[i].is_taken ? "***" : secret);
		free(list);
		config_problems_finish(&p);
		config_finish(&c);
	}
}

static void test_shape_of_credentials(void **state)
{
	(void)state;
	write_file("a.env", "MINIPROGRAM_APPID=" SECRET "\n"
			    "MINIPROGRAM_APPSECRET=ABC\n");
	struct config c = {0};
	scoped_free char *said = NULL;
	assert_int_equal(load_a(&c, &said), 0);
	assert_non_null(strstr(said, "a.env:1: warning: MINIPROGRAM_APPID "));
	assert_non_null(strstr(said, "a.env:2: warning: MINIPROGRAM_APPSE"));
	assert_null(strstr(said, SECRET)); /* pasted into the wrong line */
	config_finish(&c);
}

static void test_environment(void **state)
{
	(void)state;
	setenv("RELAY_POL", "1s", 1);
	setenv("WECHAT_ZZZZZZ", "1", 1);
	setenv("RELAY_AAAAAA", "1", 1);
	setenv("RELAY_LIFE", "abc", 1);
	write_file("a.env", "RELAY_LIFE=1s\n");
	struct config c = {0};
	scoped_free char *said = NULL;
	assert_int_equal(load_a(&c, &said), CONFIG_INVALID);
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

static void test_files_that_cannot_be_read(void **state)
{
	(void)state;
	static const char *const files[] = {"a.env", "/", "b.env"};
	write_file("b.env", "RELAY_POLL=x\n");
	struct config c = {0};
	struct config_problems p = {0};
	assert_int_equal(config_load(&c, files, 3, &p), CONFIG_INVALID);
	scoped_free char *said = print_problems(&p);
	assert_string_equal(
		said, "a.env: error: cannot read the settings: No such file or "
		      "directory\n"
		      "/: error: cannot read the settings: Is a directory\n"
		      "b.env:1: error: RELAY_POLL: \"x\" is no duration (500ms,"
		      " 30s, 10m, 2h, 1d)\n");
	config_problems_finish(&p);
}

static void test_mode_of_a_file_with_a_secret(void **state)
{
	(void)state;
	struct config c = {0};
	for (int i = 0; i < 2; i++) {
		write_file("a.env", i ? "MINIPROGRAM_APPSECRET=" SECRET "\n"
				      : "JWT_SECRET=" SECRET "\n");
		assert_int_equal(chmod("a.env", 0644), 0);
		scoped_free char *said = NULL;
		assert_int_equal(load_a(&c, &said), 0);
		assert_true((strstr(said, "chmod o-r a.env\n") != NULL) == i);
		config_finish(&c);
	}
}

static void test_hostile_files(void **state)
{
	(void)state;
	struct config c = {0};
	scoped_buf b = {0};
	buf_adds(&b, "RELAY_POLL=");
	for (size_t i = 0; i < 1 << 20; i++)
		buf_addc(&b, '1');
	buf_adds(&b, "\nA\x1b[31m=1\nRELAY_P\x1b=1\n");
	for (size_t i = 0; i < 1 << 20; i++)
		buf_addc(&b, 'A');
	buf_adds(&b, "=1\nRELAY_LIFE=\x1b[31m\n");
	write_file("a.env", buf_str(&b));
	scoped_free char *said = NULL;
	assert_int_equal(load_a(&c, &said), CONFIG_INVALID);
	assert_null(strchr(said, '\x1b'));
	assert_true(strlen(said) < 2000);
	assert_non_null(strstr(said, "RELAY_POLL: the line is longer than"));
}

static void test_reload(void **state)
{
	(void)state;
	struct config c = {0};
	struct config next = {0};
	scoped_free char *said = NULL;
	scoped_free char *said_next = NULL;
	write_file("a.env",
		   "RELAY_POLL=1s\nMINIPROGRAM_APPSECRET=" SECRET "\n");
	assert_int_equal(load_a(&c, &said), 0);
	write_file("a.env", "RELAY_POLL=2s\n"
			    "MINIPROGRAM_APPSECRET=fedcba98765432100123456789ab"
			    "cdef\n");
	assert_int_equal(load_a(&next, &said_next), 0);
	config_finish(&c);
	c = next;
	assert_int_equal(c.poll_ms, 2000);
	scoped_free char *both =
		secret_redact(SECRET " "
				     "fedcba98765432100123456789abcdef");
	assert_string_equal(both, "*** ***");
	config_finish(&c);
}

static const char *group_of(const struct setting *s)
{
	static char prefix[64];
	snprintf(prefix, sizeof(prefix), "%.*s", (int)strcspn(s->name, "_"),
		 s->name);
	return prefix;
}

static void test_the_table(void **state)
{
	(void)state;
	size_t groups = 0;
	char last[64] = "";
	for (size_t i = 0; i < config_table_len; i++) {
		const struct setting *s = &config_table[i];
		assert_true(config_table_has_prefix(s->name));
		assert_ptr_equal(config_table_find(s->name), s);
		assert_ptr_equal(config_table_near(s->name), s);
		assert_non_null(s->fallback);
		assert_non_null(s->help);
		assert_true(s->help[strlen(s->help) - 1] == '.');
		assert_true(s->min <= s->max);
		assert_true((s->type == SETTING_SECRET) == (s->slot != NULL));
		assert_true((s->type == SETTING_CHOICE) == (s->words != NULL));
		assert_true(config_value_is_credential(s) ==
			    (s->remedy != NULL));
		if (strcmp(group_of(s), last) != 0)
			groups++;
		snprintf(last, sizeof(last), "%s", group_of(s));
		struct config c = {0};
		char *why = NULL;
		assert_int_equal(config_value_set(s, s->fallback, &c, &why), 0);
		config_value_clear(s, &c);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(s->offset, config_table[j].offset);
	}
	assert_int_equal(groups, 4); /* each prefix in one piece */
}

static void assert_narrow(const char *text)
{
	for (const char *p = text; *p;) {
		size_t len = strcspn(p, "\n");
		assert_true(len <= 80);
		p += len + 1;
	}
}

static void test_what_the_table_prints(void **state)
{
	(void)state;
	scoped_free char *help = print_with(config_print_help);
	assert_narrow(help);
	scoped_free char *man = print_with(config_print_man);
	for (size_t i = 0; i < config_table_len; i++) {
		assert_non_null(strstr(help, config_table[i].name));
		assert_non_null(strstr(man, config_table[i].name));
	}

	/* the sample, with its comments taken off, is the defaults */
	scoped_free char *sample = print_with(config_print_sample);
	assert_narrow(sample);
	scoped_buf real = {0};
	for (char *p = sample; *p; p++) {
		if (*p != '#' || p[1] == ' ')
			buf_addc(&real, *p);
	}
	write_file("a.env", buf_str(&real));
	struct config c = {0};
	scoped_free char *said = NULL;
	assert_int_equal(load_a(&c, &said), 0);
	assert_string_equal(said, "");
	assert_string_equal(c.recipient_path, "$.assignedToId");
	assert_string_equal(config_get_source(&c, "OUTBOX_DB"), "a.env:3");
	config_finish(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_defaults, clear),
		cmocka_unit_test_setup(test_file_of_the_crm, clear),
		cmocka_unit_test_setup(test_missing_for_wechat, clear),
		cmocka_unit_test_setup(test_order_of_sources, clear),
		cmocka_unit_test_setup(test_all_or_nothing, clear),
		cmocka_unit_test_setup(test_what_is_said, clear),
		cmocka_unit_test_setup(test_values, clear),
		cmocka_unit_test_setup(test_what_values_become, clear),
		cmocka_unit_test_setup(test_too_many_of_a_list, clear),
		cmocka_unit_test_setup(test_secrets_stay_secret, clear),
		cmocka_unit_test_setup(test_shape_of_credentials, clear),
		cmocka_unit_test_setup(test_environment, clear),
		cmocka_unit_test_setup(test_files_that_cannot_be_read, clear),
		cmocka_unit_test_setup(test_mode_of_a_file_with_a_secret,
				       clear),
		cmocka_unit_test_setup(test_hostile_files, clear),
		cmocka_unit_test_setup(test_reload, clear),
		cmocka_unit_test_setup(test_the_table, clear),
		cmocka_unit_test_setup_teardown(test_what_the_table_prints,
						clear, clear),
	};
	return cmocka_run_group_tests_name("config", tests, set_up_group,
					   tear_down_group);
}
