/* Which channels rows may go to. Other code relies on: WeChat's account is
 * asked for exactly when a route leads to a channel of its. */
#include "lib/util.h"
#include "relay/config.h"
#include "tests/support/check.h"
#include "tests/support/settings.h"

#include <stdlib.h>

#define CRM                             \
	"WEBHOOK_CRM_URL=https://h/x\n" \
	"WEBHOOK_CRM_SECRET=a-plain-secret\n"

static void load(struct config *c, const char *text)
{
	settings_write("a.env", text);
	scoped_free char *said = NULL;
	if (settings_load(c, &said) != 0 || *said)
		fail_msg("%s", said);
}

/* Whose account is needed, by what is routed where. */
static void test_routed(void **state)
{
	(void)state;
	static const struct {
		const char *routes;
		bool is_crm, is_wechat;
		const char *of_a;
	} cases[] = {
		{"", false, true, "wechat-cloud"},
		{"OUTBOX_CHANNEL=crm\n", true, false, "crm"},
		{"OUTBOX_ROUTES=*=crm\n", true, false, "crm"},
		{"OUTBOX_ROUTES=a=crm\n", true, true, "crm"},
		{"OUTBOX_ROUTES=a=wechat-cloud,*=crm\n", true, true,
		 "wechat-cloud"},
		{"OUTBOX_CHANNEL=crm\nOUTBOX_ROUTES=a=wechat-cloud\n", true,
		 true, "wechat-cloud"},
		{"OUTBOX_ROUTES=b=crm\n", true, true, "wechat-cloud"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct config c = {0};
		scoped_free char *text = xasprintf(
			CRM "MINIPROGRAM_APPID=wxb2c4e35d16d99fd3\n%s",
			cases[i].routes);
		load(&c, text);
		assert_int_equal(config_is_routed(&c, "crm"), cases[i].is_crm);
		assert_int_equal(config_is_wechat_routed(&c),
				 cases[i].is_wechat);
		assert_string_equal(config_channel_of(&c, "a"), cases[i].of_a);
		scoped_free char *missing = config_list_missing(&c);
		assert_string_equal(missing, "MINIPROGRAM_APPSECRET, "
					     "MINIPROGRAM_CLOUD_ENV");
		config_finish(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SETTINGS_TEST(test_routed),
	};
	return cmocka_run_group_tests_name("config routed", tests, NULL, NULL);
}
