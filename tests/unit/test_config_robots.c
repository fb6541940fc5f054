/* Webhooks that are robots of group chats. Other code relies on: a robot's
 * limits are its platform's unless the settings say otherwise, its URL has a
 * key, which is never shown, and a secret is where it is of use. */
#include "lib/secret.h"
#include "lib/util.h"
#include "relay/channel.h"
#include "relay/config.h"
#include "tests/support/check.h"
#include "tests/support/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* What settings make the loader say; "" is nothing at all. */
static const struct {
	const char *text, *want;
} lines[] = {
	{"WEBHOOK_A_KIND=wecom\nWEBHOOK_A_URL=https://h/send?key=k\n", ""},
	{"WEBHOOK_A_KIND=wecom\nWEBHOOK_A_URL=https://h/send?debug=1&key=k\n",
	 ""},
	{"WEBHOOK_A_KIND=wecom\nWEBHOOK_A_URL=https://h/send?monkey=k\n",
	 "a.env:2: error: WEBHOOK_A_URL: a robot of wecom has key=<KEY> in its "
	 "URL: copy it from the robot's page in the group's settings\n"},
	{"WEBHOOK_A_KIND=dingtalk\nWEBHOOK_A_URL=https://h/?access_token=\n",
	 "a.env:2: error: WEBHOOK_A_URL: a robot of dingtalk has "
	 "access_token=<KEY> in its URL: copy it from the robot's page in the "
	 "group's settings\n"},
	{"WEBHOOK_A_KIND=dingtalk\nWEBHOOK_A_URL=https://h/?access_token=t\n"
	 "WEBHOOK_A_SECRET=SEC12345678\n",
	 ""},
	{"WEBHOOK_A_KIND=feishu\nWEBHOOK_A_URL=https://h/bot/hook/secret-t\n",
	 "a.env:2: error: WEBHOOK_A_URL: a robot of feishu has "
	 "/bot/v2/hook/<KEY> in its URL: copy it from the robot's page in the "
	 "group's settings\n"},
	{"WEBHOOK_A_KIND=feishu\nWEBHOOK_A_URL=https://h/bot/v2/hook/t\n"
	 "WEBHOOK_A_SECRET='SEC12345678 SEC12345679'\n",
	 "a.env:3: error: WEBHOOK_A_SECRET: a robot has one secret, and these "
	 "are several\n"},
	{"WEBHOOK_A_KIND=wecom\nWEBHOOK_A_URL=https://h/?key=k\n"
	 "WEBHOOK_A_SECRET=SEC12345678\n",
	 "a.env:3: warning: WEBHOOK_A_SECRET is of no use: a robot of wecom "
	 "has "
	 "no signature\n"},
	{"WEBHOOK_A_KIND=feishu\nWEBHOOK_A_URL=htps://h/bot/v2/hook/secret-t\n",
	 "a.env:2: error: WEBHOOK_A_URL: \"htps://h/bot/v2/hook/\" is no URL "
	 "such as https://crm.example/hook\n"},
	{"WEBHOOK_A_URL=https://qyapi.weixin.qq.com/cgi-bin/webhook/"
	 "send?key=k\n",
	 "a.env:1: error: WEBHOOK_A_URL is that of a robot: set "
	 "WEBHOOK_A_KIND=wecom\n"},
	{"WEBHOOK_A_URL=https://OAPI.dingtalk.com/robot/send?access_token=t\n"
	 "WEBHOOK_A_SECRET=SEC12345678\n",
	 "a.env:1: error: WEBHOOK_A_URL is that of a robot: set "
	 "WEBHOOK_A_KIND=dingtalk\n"},
	{"WEBHOOK_A_URL=https://open.larksuite.com:443/open-apis/bot/v2/hook/"
	 "t\n"
	 "WEBHOOK_A_KIND=standard\nWEBHOOK_A_SECRET=SEC12345678\n",
	 "a.env:1: error: WEBHOOK_A_URL is that of a robot: set "
	 "WEBHOOK_A_KIND=feishu\n"},
	{"WEBHOOK_A_URL=https://open.feishu.cn.crm.example/hook\n"
	 "WEBHOOK_A_SECRET=SEC12345678\n",
	 ""},
	{"OUTBOX_CHANNEL=wechat-subscribe\n",
	 "a.env:1: error: OUTBOX_CHANNEL: there is no channel "
	 "\"wechat-subscribe\"; there is wechat-cloud (a template makes that "
	 "one: WECHAT_TEMPLATE_<NAME>_ID)\n"},
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

#define ROBOTS                                                             \
	"WEBHOOK_W_URL=https://h/send?key=wecom-hush-hush&debug=1\n"       \
	"WEBHOOK_W_KIND=wecom\n"                                           \
	"WEBHOOK_D_URL=https://h/send?access_token=ding-hush-hush\n"       \
	"WEBHOOK_D_KIND=dingtalk\nWEBHOOK_D_SECRET=SEC-hush-hush\n"        \
	"WEBHOOK_F_URL=https://h/open-apis/bot/v2/hook/feishu-hush-hush\n" \
	"WEBHOOK_F_KIND=feishu\nWEBHOOK_F_ALLOW_PRIVATE=yes\n"

static void test_robots(void **state)
{
	(void)state;
	struct config c = {0};
	load(&c, ROBOTS);
	static const struct {
		const char *name, *kind;
		enum webhook_kind webhook_kind;
		int rate, per_minute;
	} robots[] = {
		{"w", "wecom", WEBHOOK_WECOM, 0, 20},
		{"d", "dingtalk", WEBHOOK_DINGTALK, 0, 20},
		{"f", "feishu", WEBHOOK_FEISHU, 5, 100},
	};
	for (size_t i = 0; i < ARRAY_LEN(robots); i++) {
		const struct config_channel *r = channel(&c, robots[i].name);
		assert_string_equal(r->kind, robots[i].kind);
		assert_int_equal(r->webhook_kind, robots[i].webhook_kind);
		assert_int_equal(r->at_once, 1);
		assert_int_equal(r->rate, robots[i].rate);
		assert_int_equal(r->per_minute, robots[i].per_minute);
		assert_true(r->is_minute_rolling);
		struct channel *made = channel_create(&c, r);
		assert_string_equal(made->kind->name, robots[i].kind);
		assert_int_equal(made->pace.limits.per_minute,
				 robots[i].per_minute);
		assert_true(made->pace.limits.is_minute_rolling);
		channel_destroy(made);
		assert_true(r->is_private_allowed == (*robots[i].name == 'f'));
	}
	config_finish(&c);

	/* Less by the general setting; another by the robot's own. */
	load(&c, ROBOTS "RELAY_PER_MINUTE=60\nRELAY_RATE=2\n"
			"WEBHOOK_D_PER_MINUTE=0\nWEBHOOK_D_CONCURRENCY=3\n");
	assert_int_equal(channel(&c, "w")->per_minute, 20);
	assert_int_equal(channel(&c, "w")->rate, 2);
	assert_int_equal(channel(&c, "f")->per_minute, 60);
	assert_int_equal(channel(&c, "f")->rate, 2);
	assert_int_equal(channel(&c, "d")->per_minute, 0);
	assert_int_equal(channel(&c, "d")->at_once, 3);
	assert_false(channel(&c, "wechat-cloud")->is_minute_rolling);
	config_finish(&c);
}

static void test_no_key_of_a_robot_is_shown(void **state)
{
	(void)state;
	struct config c = {0};
	load(&c, ROBOTS);
	char *list = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&list, &len);
	config_print(&c, f);
	fclose(f);
	assert_null(strstr(list, "hush"));
	assert_non_null(strstr(list, "WEBHOOK_W_URL='https://h/send?***'"));
	assert_non_null(strstr(
		list, "WEBHOOK_F_URL='https://h/open-apis/bot/v2/hook/***'"));
	free(list);
	scoped_free char *shown =
		secret_redact("wecom-hush-hush ding-hush-hush SEC-hush-hush "
			      "feishu-hush-hush");
	assert_string_equal(shown, "*** *** *** ***");
	config_finish(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SETTINGS_TEST(test_what_is_said),
		SETTINGS_TEST(test_robots),
		SETTINGS_TEST(test_no_key_of_a_robot_is_shown),
	};
	return cmocka_run_group_tests_name("config robots", tests, NULL, NULL);
}
