/* The settings of alerts. Other code relies on: the channel in force is a
 * webhook that there is. */
#include "lib/util.h"
#include "relay/config.h"
#include "tests/support/check.h"
#include "tests/support/settings.h"

#include <string.h>

#define HOOK \
	"WEBHOOK_OPS_URL=https://h.example/x\nWEBHOOK_OPS_SECRET=abcdefgh\n"

static void test_what_is_wrong(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} cases[] = {
		{HOOK "RELAY_ALERT_CHANNEL=ops\n", ""},
		{"RELAY_ALERT_CHANNEL=\n", ""},
		{HOOK "RELAY_ALERT_CHANNEL=opp\n",
		 "a.env:3: error: RELAY_ALERT_CHANNEL: there is no webhook "
		 "\"opp\"; there is ops\n"},
		{"\nRELAY_ALERT_CHANNEL=ops\n",
		 "a.env:2: error: RELAY_ALERT_CHANNEL: there is no webhook "
		 "\"ops\"; there is none (WEBHOOK_<NAME>_URL)\n"},
		{HOOK "RELAY_ALERT_CHANNEL=wechat-cloud\n",
		 "a.env:3: error: RELAY_ALERT_CHANNEL: alerts need a webhook "
		 "or robot, not \"wechat-cloud\"; there is ops\n"},
		{"RELAY_ALERT_CHANNEL=a b\n",
		 "a.env:1: error: RELAY_ALERT_CHANNEL: \"a b\" is no name "
		 "(letters, digits, - _ . only)\n"},
		{"RELAY_ALERT_LANG=cn\n", "a.env:1: error: RELAY_ALERT_LANG: "
					  "\"cn\" is none of en|zh\n"},
		{"RELAY_ALERT_FAILD=1\n",
		 "a.env:1: error: RELAY_ALERT_FAILD is no setting; did you "
		 "mean RELAY_ALERT_FAILED?\n"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct config c;
		scoped_free char *said = NULL;
		settings_write("a.env", cases[i].text);
		int rc = settings_load(&c, &said);
		assert_string_equal(said, cases[i].want);
		assert_int_equal(rc == 0, !*cases[i].want);
		if (rc == 0)
			config_finish(&c);
	}
}

static void test_values(void **state)
{
	(void)state;
	struct config c;
	scoped_free char *said = NULL;
	settings_write("a.env", "");
	assert_int_equal(settings_load(&c, &said), 0);
	assert_string_equal(c.alert.channel, "");
	assert_int_equal(c.alert.lang, REASON_EN);
	assert_int_equal(c.alert.held_ms, 120000);
	assert_int_equal(c.alert.backlog_ms, 600000);
	assert_int_equal(c.alert.failed, 20);
	assert_int_equal(c.alert.calm_ms, 60000);
	assert_int_equal(c.alert.repeat_ms, 12 * 3600000);
	config_finish(&c);
	settings_write("a.env", HOOK "RELAY_ALERT_CHANNEL=ops\n"
				     "RELAY_ALERT_LANG=zh\n"
				     "RELAY_ALERT_BACKLOG_AGE=0\n");
	scoped_free char *more = NULL;
	assert_int_equal(settings_load(&c, &more), 0);
	assert_string_equal(c.alert.channel, "ops");
	assert_int_equal(c.alert.lang, REASON_ZH);
	assert_int_equal(c.alert.backlog_ms, 0);
	config_finish(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SETTINGS_TEST(test_what_is_wrong),
		SETTINGS_TEST(test_values),
	};
	return cmocka_run_group_tests_name("config alert", tests, NULL, NULL);
}
