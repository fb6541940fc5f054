/* Channels out of settings. Other code relies on: wechat-cloud comes first,
 * each channel has every value, its own before the general one, no row can be
 * routed to a channel that is not there, and no webhook goes without a URL that
 * is safe and a secret that is never shown. */
#include "lib/buf.h"
#include "lib/secret.h"
#include "lib/util.h"
#include "relay/config.h"
#include "relay/config_name.h"
#include "relay/config_value.h"
#include "tests/support/check.h"
#include "tests/support/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY    "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define SECRET "whsec_" KEY
#define CRM    "WEBHOOK_CRM_URL=https://h/x\nWEBHOOK_CRM_SECRET=" SECRET "\n"

static const struct config_channel *channel(const struct config *c,
					    const char *name)
{
	const struct config_channel *found = config_find_channel(c, name);
	if (!found)
		fail_msg("there is no channel %s", name);
	return found;
}

static void load(struct config *c, const char *text)
{
	settings_write("a.env", text);
	scoped_free char *said = NULL;
	if (settings_load(c, &said) != 0 || *said)
		fail_msg("%s", said);
}

static void test_without_webhooks(void **state)
{
	(void)state;
	struct config c = {0};
	load(&c, "");
	assert_int_equal(c.channel_count, 1);
	const struct config_channel *cloud = &c.channels[0];
	assert_ptr_equal(config_find_channel(&c, "wechat-cloud"), cloud);
	assert_null(config_find_channel(&c, "crm"));
	assert_string_equal(cloud->kind, "wechat-cloud");
	assert_int_equal(cloud->at_once, 16);
	assert_int_equal(cloud->rate, 0);
	assert_int_equal(cloud->per_minute, 0);
	assert_int_equal(cloud->per_day, 0);
	assert_int_equal(cloud->life_ms, 86400000);
	assert_int_equal(cloud->max_attempts, 10);
	assert_false(cloud->is_order_held);
	assert_string_equal(cloud->url, "");
	assert_string_equal(cloud->secrets, "");
	config_finish(&c);
}

static void test_own_values_and_general_ones(void **state)
{
	(void)state;
	struct config c = {0};
	setenv("WEBHOOK_CRM_RATE", "7", 1);
	setenv("RELAY_LIFE", "2h", 1);
	load(&c, "RELAY_CONCURRENCY=4\nRELAY_RATE=100\nRELAY_ORDER=hold\n"
		 "RELAY_LIFE=1h\nRELAY_MAX_ATTEMPTS=3\nRELAY_PER_DAY=9\n"
		 "WECHAT_CLOUD_RATE=50\nWECHAT_CLOUD_LIFE=0\n"
		 "WECHAT_CLOUD_PER_DAY=\nWECHAT_CLOUD_PER_MINUTE=600\n" CRM
		 "WEBHOOK_CRM_RATE=8\nWEBHOOK_CRM_CONCURRENCY=2\n"
		 "WEBHOOK_CRM_ORDER=pass\nWEBHOOK_CRM_MAX_ATTEMPTS=20\n"
		 "WEBHOOK_CRM_KIND=standard\n");
	assert_int_equal(c.concurrency, 4);
	assert_int_equal(c.rate, 100);
	assert_true(c.is_order_held);
	const struct config_channel *cloud = channel(&c, "wechat-cloud");
	assert_int_equal(cloud->at_once, 4);
	assert_int_equal(cloud->rate, 50);
	assert_int_equal(cloud->per_minute, 600);
	assert_int_equal(cloud->per_day, 9);
	assert_int_equal(cloud->life_ms, 0);
	assert_int_equal(cloud->max_attempts, 3);
	assert_true(cloud->is_order_held);
	const struct config_channel *crm = channel(&c, "crm");
	assert_string_equal(crm->kind, "webhook");
	assert_int_equal(crm->webhook_kind, WEBHOOK_STANDARD);
	assert_int_equal(crm->at_once, 2);
	assert_int_equal(crm->rate, 7);
	assert_int_equal(crm->per_minute, 0);
	assert_int_equal(crm->life_ms, 7200000);
	assert_int_equal(crm->max_attempts, 20);
	assert_false(crm->is_order_held);
	assert_string_equal(crm->url, "https://h/x");
	assert_string_equal(crm->secrets, SECRET);

	assert_string_equal(config_get_source(&c, "WEBHOOK_CRM_RATE"),
			    "environment");
	assert_string_equal(config_get_source(&c, "WEBHOOK_CRM_URL"),
			    "a.env:11");
	assert_string_equal(config_get_source(&c, "WEBHOOK_CRM_PER_DAY"),
			    "a.env:6");
	assert_null(config_get_source(&c, "WEBHOOK_NO_RATE"));
	config_finish(&c);
}

static void test_many_webhooks(void **state)
{
	(void)state;
	scoped_buf text = {0};
	for (int i = 99; i >= 0; i--)
		buf_addf(&text,
			 "WEBHOOK_N%02d_B_URL=https://h/%d\n"
			 "WEBHOOK_N%02d_B_SECRET='secret-one-%02d "
			 "secret-two-%02d'\n",
			 i, i, i, i, i);
	buf_adds(&text, "OUTBOX_CHANNEL=n07-b\n"
			"OUTBOX_ROUTES=a=n99-b,b=wechat-cloud:$.x\n");
	struct config c = {0};
	load(&c, buf_str(&text));
	assert_int_equal(c.channel_count, 101);
	assert_string_equal(c.channels[0].name, "wechat-cloud");
	for (int i = 0; i < 100; i++) {
		scoped_free char *name = xasprintf("n%02d-b", i);
		assert_string_equal(c.channels[i + 1].name, name);
		scoped_free char *secret =
			xasprintf("it is secret-two-%02d", i);
		scoped_free char *shown = secret_redact(secret);
		assert_string_equal(shown, "it is ***");
	}
	config_finish(&c);
}

/* What settings make the loader say; "" is nothing at all. */
static const struct {
	const char *text, *want;
} lines[] = {
	{CRM, ""},
	{"WEBHOOK_CRM_URL=\nWEBHOOK_CRM_SECRET=\n", ""},
	{"WEBHOOK_CRM_URL=https://h\n",
	 "a.env:1: error: WEBHOOK_CRM_SECRET is missing: agree on one with the "
	 "receiver, such as: echo whsec_$(openssl rand -base64 24)\n"},
	{"WEBHOOK_CRM_SECRET=" SECRET "\n",
	 "a.env:1: error: WEBHOOK_CRM_SECRET is of no webhook: WEBHOOK_CRM_URL "
	 "is not set\n"},
	{CRM "WEBHOOK_CRN_RATE=1\n",
	 "a.env:3: error: WEBHOOK_CRN_RATE is of no webhook: WEBHOOK_CRN_URL "
	 "is not set; did you mean WEBHOOK_CRM_RATE?\n"},
	{CRM "WEBHOOK_CRM_KIND=slack\n", "a.env:3: error: WEBHOOK_CRM_KIND: "
					 "\"slack\" is none of standard|wecom|"
					 "dingtalk|feishu\n"},
	{CRM "WEBHOOK_CRM_ALLOW_PRIVATE=true\n",
	 "a.env:3: error: WEBHOOK_CRM_ALLOW_PRIVATE: \"true\" is none of "
	 "no|yes\n"},
	{CRM "WEBHOOK_CRM_RATE=10001\n",
	 "a.env:3: error: WEBHOOK_CRM_RATE: \"10001\" is out of bounds, which "
	 "are 0 to 10000\n"},
	{"WECHAT_CLOUD_ORDER=on\n",
	 "a.env:1: error: WECHAT_CLOUD_ORDER: \"on\" is none of pass|hold\n"},
	/* a fault of the general value is said once */
	{CRM "RELAY_RATE=x\n",
	 "a.env:3: error: RELAY_RATE: \"x\" is no whole number\n"},
	{CRM "WEBHOOK_CRM_RATE=1\nWEBHOOK_CRM_RATE=2\n",
	 "a.env:4: warning: WEBHOOK_CRM_RATE is set here again; this one "
	 "counts, not that of line 3\n"},
	{CRM "A=\"x\nWEBHOOK_CRM_RATE=2\n\"\n",
	 "a.env:3: warning: the quoted value of A goes on to line 5 and "
	 "swallows WEBHOOK_CRM_RATE\n"},
	/* names */
	{CRM "WEBHOOK_CRM_RATES=1\n",
	 "a.env:3: error: WEBHOOK_CRM_RATES is no setting; did you mean "
	 "WEBHOOK_CRM_RATE?\n"},
	{"WEBHOOK_CRM_URLS=https://h\n",
	 "a.env:1: error: WEBHOOK_CRM_URLS is no setting; did you mean "
	 "WEBHOOK_CRM_URL?\n"},
	{"WEBHOOK_my-crm_URL=https://h\n",
	 "a.env:1: error: WEBHOOK_my-crm_URL is no setting; did you mean "
	 "WEBHOOK_MY_CRM_URL?\n"},
	{"WEBHOOK_A_MAXATTEMPTS=1\n",
	 "a.env:1: error: WEBHOOK_A_MAXATTEMPTS is no setting; did you mean "
	 "WEBHOOK_A_MAX_ATTEMPTS?\n"},
	{"WECHAT_CLOUD_RATES=1\n",
	 "a.env:1: error: WECHAT_CLOUD_RATES is no setting; did you mean "
	 "WECHAT_CLOUD_RATE?\n"},
	{"WECHAT_CLOUD_URL=https://h\n",
	 "a.env:1: warning: WECHAT_CLOUD_URL is no setting of the relay; "
	 "ignored\n"},
	{"WEBHOOK_SECRET=hush-hush-hush\nWEBHOOK_A_HOST=h\n",
	 "a.env:1: warning: WEBHOOK_SECRET is no setting of the relay; "
	 "ignored\n"
	 "a.env:2: warning: WEBHOOK_A_HOST is no setting of the relay; "
	 "ignored\n"},
	{"WEBHOOK_WECHAT_CLOUD_URL=https://h\n",
	 "a.env:1: error: WEBHOOK_WECHAT_CLOUD_URL: names that begin with "
	 "WECHAT_ are the relay's own\n"},
	{"WEBHOOK_A23456789012345678901234567890123_RATE=1\n",
	 "a.env:1: error: WEBHOOK_A23456789012345678901234567890123_RATE: the "
	 "name of a webhook has at most 32 characters\n"},
	/* who sends where */
	{CRM "OUTBOX_ROUTES=*=crm:$.x\n", ""},
	{CRM "OUTBOX_CHANNEL=crm\nOUTBOX_ROUTES=a=wechat-cloud,*=crm\n",
	 "a.env:3: error: OUTBOX_CHANNEL: OUTBOX_ROUTES has * as well, which "
	 "says the same: set only one\n"},
	{"OUTBOX_CHANNEL=crm\n",
	 "a.env:1: error: OUTBOX_CHANNEL: there is no channel \"crm\"; there "
	 "is wechat-cloud\n"},
	{CRM "OUTBOX_CHANNEL=crm\nOUTBOX_ROUTES=a=crm,b=sms:$.x\n",
	 "a.env:4: error: OUTBOX_ROUTES: b: there is no channel \"sms\"; there "
	 "is wechat-cloud, crm\n"},
};

static void test_what_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		settings_write("a.env", lines[i].text);
		struct config c = {0};
		scoped_free char *said = NULL;
		settings_load(&c, &said);
		assert_string_equal(said, lines[i].want);
		config_finish(&c);
	}
}

static const struct {
	const char *suffix, *text;
	bool is_good;
} values[] = {
	{"URL", "https://h", true},
	{"URL", "https://h:8443/a/b/?key=a@b&c=%20", true},
	{"URL", "https://h?x=1", true},
	{"URL", "http://127.0.0.1:1/x?y", true},
	{"URL", "http://[::1]/x", true},
	{"URL", "http://h/x", false},
	{"URL", "http://10.0.0.1/x?y", false},
	{"URL", "http://127.0.0.1.evil.com/", false},
	{"URL", "https://u:p@h/", false},
	{"URL", "https://u:p/w@h/", false},
	{"URL", "https://h/#x", false},
	{"URL", "https://h/?x#y", false},
	{"URL", "https://h/?x y", false},
	{"URL", "https://h/ x", false},
	{"URL", "https://h\\x", false},
	{"URL", "https://?x", false},
	{"URL", "ftp://h", false},
	{"SECRET", SECRET, true},
	{"SECRET", SECRET " plain-secret  " SECRET, true},
	{"SECRET", "whsec_AAAAAAAAAAA=", true},
	{"SECRET", "12345678", true},
	{"SECRET", "1234567", false},
	{"SECRET", SECRET " short", false},
	{"SECRET", "whsec_", false},
	{"SECRET", "whsec_AAAA", false},
	{"SECRET", "whsec_" KEY "A", false},
	{"SECRET", "whsec_" KEY "====", false},
	{"SECRET", "whsec_AAAAAAAA=AAA", false},
	{"SECRET", "whsec_AAAAAAAAAA*=", false},
	{"SECRET", "秘密-hush-hush", false},
	{"SECRET",
	 "s1234567 s1234567 s1234567 s1234567 s1234567 s1234567 "
	 "s1234567 s1234567",
	 true},
	{"SECRET",
	 "s1234567 s1234567 s1234567 s1234567 s1234567 s1234567 "
	 "s1234567 s1234567 s1234567",
	 false},
};

/* A value that is wrong is shown as far as it can hold no secret. */
static void test_urls_and_secrets(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		scoped_free char *key =
			xasprintf("WEBHOOK_A_%s", values[i].suffix);
		struct config_name name;
		const char *no = NULL;
		assert_int_equal(config_name_read(key, &name, &no), 0);
		char *field = NULL;
		char *why = NULL;
		int rc = config_value_read(name.setting, values[i].text, &field,
					   &why);
		if (rc != (values[i].is_good ? 0 : VALUE_BAD))
			fail_msg("%s=%s: %d, %s", key, values[i].text, rc,
				 why ? why : "taken");
		const char *query = strchr(values[i].text, '?');
		const char *key_part = strrchr(values[i].text, '_');
		if (why && key_part && key_part[1])
			assert_null(strstr(why, key_part + 1));
		if (why && query)
			assert_null(strstr(why, query));
		free(why);
		config_value_wipe(name.setting, &field);
	}
}

static void test_nothing_secret_is_shown(void **state)
{
	(void)state;
	struct config c = {0};
	load(&c, "WEBHOOK_CRM_URL=https://h/x?key=hush-hush\n"
		 "WEBHOOK_CRM_SECRET='" SECRET " plain-hush-hush'\n");
	char *list = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&list, &len);
	config_print(&c, f);
	fclose(f);
	assert_null(strstr(list, "hush"));
	assert_null(strstr(list, KEY));
	assert_non_null(
		strstr(list, "\nWEBHOOK_CRM_URL='https://h/x?***'  # a.env:1"));
	assert_non_null(strstr(list, "\nWEBHOOK_CRM_SECRET=***  # a.env:2"));
	assert_null(strstr(list, "WEBHOOK_CRM_KIND"));
	free(list);
	scoped_free char *shown =
		secret_redact("to https://h/x?key=hush-hush by " SECRET
			      " or plain-hush-hush");
	assert_string_equal(shown, "to https://h/x?*** by whsec_*** or ***");
	config_finish(&c);
}

/* Every name that is printed is read as what it stands for. */
static void test_names_go_both_ways(void **state)
{
	(void)state;
	static const char *const channels[] = {"wechat-cloud", "crm", "a--1-",
					       "max", "per-day"};
	for (size_t row = 0; row < config_table_end; row++) {
		const struct setting *s = &config_table[row];
		for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
			bool is_a_webhooks = s->scope == SETTING_WEBHOOK;
			if (s->scope == SETTING_RELAY ||
			    (is_a_webhooks && i == 0))
				continue;
			scoped_free char *text =
				config_name_print(s, channels[i]);
			struct config_name name;
			const char *why = NULL;
			assert_int_equal(config_name_read(text, &name, &why),
					 0);
			assert_ptr_equal(name.setting, s);
			assert_string_equal(name.channel, channels[i]);
			assert_true(config_table_has_prefix(text));
		}
	}
}

static void test_the_webhooks_rows(void **state)
{
	(void)state;
	assert_true(config_table_end > config_table_len);
	for (size_t row = 0; row < config_table_end; row++) {
		const struct setting *s = &config_table[row];
		assert_true((s->scope == SETTING_WEBHOOK) ==
			    (row >= config_table_len));
		assert_true((s->scope == SETTING_RELAY) ==
			    (s->channel_offset == 0));
		assert_true((s->type == SETTING_CHOICE) == (s->size != 0));
		assert_true((s->type == SETTING_CHOICE) == (s->words != NULL));
		assert_non_null(s->fallback);
		assert_true(s->help[strlen(s->help) - 1] == '.');
	}
	static void (*const printers[])(FILE *) = {
		config_print_help, config_print_sample, config_print_man};
	for (size_t i = 0; i < ARRAY_LEN(printers); i++) {
		scoped_free char *text = settings_printed(printers[i]);
		assert_non_null(strstr(text, "WEBHOOK_<NAME>_URL"));
		assert_non_null(strstr(text, "WEBHOOK_<NAME>_RATE"));
		assert_non_null(strstr(text, "WECHAT_CLOUD_RATE"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SETTINGS_TEST(test_without_webhooks),
		SETTINGS_TEST(test_own_values_and_general_ones),
		SETTINGS_TEST(test_many_webhooks),
		SETTINGS_TEST(test_what_is_said),
		SETTINGS_TEST(test_urls_and_secrets),
		SETTINGS_TEST(test_nothing_secret_is_shown),
		SETTINGS_TEST(test_names_go_both_ways),
		SETTINGS_TEST(test_the_webhooks_rows),
	};
	return cmocka_run_group_tests_name("config channels", tests, NULL,
					   NULL);
}
