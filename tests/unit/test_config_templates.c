/* Templates out of settings. Other code relies on: each has a type of its own,
 * an id and at least one field, the channel is there exactly when there is one,
 * and whatever is wrong is named with its place. */
#include "lib/util.h"
#include "relay/config.h"
#include "relay/config_name.h"
#include "relay/config_table.h"
#include "tests/support/check.h"
#include "tests/support/settings.h"

#include <stdlib.h>
#include <string.h>

#define T(name, type)                                 \
	"WECHAT_TEMPLATE_" name "_ID=Tpl-_" name "\n" \
	"WECHAT_TEMPLATE_" name "_TYPE=" type "\n"    \
	"WECHAT_TEMPLATE_" name "_FIELDS='thing1=a time4=b'\n"

static void load(struct config *c, const char *text)
{
	settings_write("a.env", text);
	scoped_free char *said = NULL;
	if (settings_load(c, &said) != 0 || *said)
		fail_msg("%s", said);
}

static void test_templates(void **state)
{
	(void)state;
	struct config c = {0};
	setenv("WECHAT_TEMPLATE_B_2_PAGE", "p?id={a}", 1);
	load(&c, T("B_2", "signed ok")
			 T("ASSIGN",
			   "assign") "OUTBOX_ROUTES=assign=wechat-subscribe\n");
	assert_int_equal(c.template_count, 2);
	const struct config_template *t = config_find_template(&c, "signed ok");
	assert_string_equal(t->name, "b-2");
	assert_string_equal(t->id, "Tpl-_B_2");
	assert_string_equal(t->page, "p?id={a}");
	assert_int_equal(t->fields.count, 2);
	assert_string_equal(t->fields.list[1].key, "time4");
	assert_string_equal(t->fields.list[1].field, "b");
	assert_string_equal(config_find_template(&c, "assign")->page, "");
	assert_null(config_find_template(&c, "x"));
	assert_string_equal(config_get_source(&c, "WECHAT_TEMPLATE_B_2_TYPE"),
			    "a.env:2");
	assert_string_equal(config_get_source(&c, "WECHAT_TEMPLATE_B_2_PAGE"),
			    "environment");
	assert_null(config_get_source(&c, "WECHAT_TEMPLATE_NO_TYPE"));
	config_finish(&c);
	unsetenv("WECHAT_TEMPLATE_B_2_PAGE");
}

static void test_channel(void **state)
{
	(void)state;
	struct config c = {0};
	load(&c, T("A", "x") "WECHAT_SUBSCRIBE_RATE=7\nRELAY_RATE=9\n"
			     "WECHAT_SUBSCRIBE_STATE=trial\n"
			     "WECHAT_SUBSCRIBE_ID_FIELDS=uid\n"
			     "WECHAT_SUBSCRIBE_CACHE=10m\n"
			     "WEBHOOK_A_URL=https://h\n"
			     "WEBHOOK_A_SECRET=a-plain-secret\n");
	assert_int_equal(c.channel_count, 3);
	assert_string_equal(c.channels[1].name, "wechat-subscribe");
	assert_string_equal(c.channels[1].kind, "wechat-subscribe");
	assert_string_equal(c.channels[2].name, "a");
	assert_int_equal(c.channels[1].rate, 7);
	assert_int_equal(c.channels[0].rate, 9);
	assert_int_equal(c.subscribe_state, WECHAT_STATE_TRIAL);
	assert_int_equal(c.subscribe_cache_ms, 600000);
	assert_string_equal(c.subscribe_collection, "users");
	assert_string_equal(c.subscribe_id_fields, "uid");
	assert_string_equal(c.subscribe_openid_fields, "openid");
	assert_string_equal(config_get_source(&c, "WECHAT_SUBSCRIBE_RATE"),
			    "a.env:4");
	config_finish(&c);
}

static void test_none(void **state)
{
	(void)state;
	struct config c = {0};
	settings_write("a.env", "WECHAT_TEMPLATE_A_ID=\n");
	scoped_free char *said = NULL;
	assert_int_equal(settings_load(&c, &said), 0);
	assert_int_equal(c.template_count, 0);
	assert_null(config_find_channel(&c, "wechat-subscribe"));
	config_finish(&c);
}

/* What settings make the loader say; "" is nothing at all. */
static const struct {
	const char *text, *want;
} lines[] = {
	{T("A", "x"), ""},
	{"WECHAT_TEMPLATE_A_ID=Tpl\n",
	 "a.env:1: error: WECHAT_TEMPLATE_A_TYPE is missing: name the type of "
	 "the rows that it is for\n"
	 "a.env:1: error: WECHAT_TEMPLATE_A_FIELDS is missing: name the "
	 "template's keys and the payload's fields, such as "
	 "thing1=customerName time4=assignTime\n"},
	{T("A", "x") T("B", "x"),
	 "a.env:5: error: WECHAT_TEMPLATE_B_TYPE: type \"x\" has a template "
	 "already, by WECHAT_TEMPLATE_A_TYPE\n"},
	{T("ASSIGN", "x") "WECHAT_TEMPLATE_ASIGN_PAGE=p\n",
	 "a.env:4: error: WECHAT_TEMPLATE_ASIGN_PAGE is of no template: "
	 "WECHAT_TEMPLATE_ASIGN_ID is not set; did you mean "
	 "WECHAT_TEMPLATE_ASSIGN_PAGE?\n"},
	{"WECHAT_TEMPLATE_A_TYPE=x\n",
	 "a.env:1: error: WECHAT_TEMPLATE_A_TYPE is of no template: "
	 "WECHAT_TEMPLATE_A_ID is not set\n"},
	{T("A", "x") "WECHAT_TEMPLATE_A_PAGE=p?{\n",
	 "a.env:4: error: WECHAT_TEMPLATE_A_PAGE: a place is {field}, with the "
	 "name of a payload's field (letters, digits, _) in the braces\n"},
	{"WECHAT_TEMPLATE_A_ID='a b'\nWECHAT_TEMPLATE_A_TYPE=x\n"
	 "WECHAT_TEMPLATE_A_FIELDS=thing1=a\n",
	 "a.env:1: error: WECHAT_TEMPLATE_A_ID: \"a b\" is no template ID "
	 "(letters, digits, - _ only): copy it at mp.weixin.qq.com → "
	 "订阅消息 → 我的模板\n"},
	{T("A", "x") "WECHAT_TEMPLATE_A_FIELDS='thing1=a thing1=b'\n",
	 "a.env:4: warning: WECHAT_TEMPLATE_A_FIELDS is set here again; this "
	 "one counts, not that of line 3\n"
	 "a.env:4: error: WECHAT_TEMPLATE_A_FIELDS: thing1 is given twice\n"},
	{"WECHAT_TEMPLATE_A_ID=T\nWECHAT_TEMPLATE_A_TYPE=x\n"
	 "WECHAT_TEMPLATE_A_FIELDS=sth1=a\n",
	 "a.env:3: error: WECHAT_TEMPLATE_A_FIELDS: sth1 is of no kind that "
	 "WeChat has, which are thing, name, phrase, character_string, number, "
	 "letter, symbol, time, date, amount, phone_number, car_number, enum, "
	 "enum_string; take the key as the template shows it, without "
	 ".DATA\n"},
	{"WECHAT_SUBSCRIBE_RATE=1\n",
	 "a.env:1: error: WECHAT_SUBSCRIBE_RATE is of no channel: there is no "
	 "template (WECHAT_TEMPLATE_<NAME>_ID)\n"},
	{"OUTBOX_ROUTES=x=wechat-subscribe\n",
	 "a.env:1: error: OUTBOX_ROUTES: x: there is no channel "
	 "\"wechat-subscribe\"; there is wechat-cloud (a template makes that "
	 "one: WECHAT_TEMPLATE_<NAME>_ID)\n"},
	{T("A", "x") "OUTBOX_ROUTES=y=wechat-subscribe\n",
	 "a.env:4: error: OUTBOX_ROUTES: y: no template is for this type; set "
	 "WECHAT_TEMPLATE_<NAME>_TYPE=y, and _ID and _FIELDS beside it\n"},
	{"WECHAT_SUBSCRIBE_ID_FIELDS='a b c'\n",
	 "a.env:1: error: WECHAT_SUBSCRIBE_ID_FIELDS: \"a b c\" is no name of "
	 "a "
	 "field (letters, digits, _), or two with a blank between\n"},
	{"WECHAT_SUBSCRIBE_ID_FIELDS='a});x({b'\n",
	 "a.env:1: error: WECHAT_SUBSCRIBE_ID_FIELDS: \"a});x({b\" is no name "
	 "of a field (letters, digits, _), or two with a blank between\n"},
	{"WECHAT_SUBSCRIBE_STATE=release\n",
	 "a.env:1: error: WECHAT_SUBSCRIBE_STATE: \"release\" is none of "
	 "developer|trial|formal\n"},
	/* names */
	{T("A", "x") "WECHAT_TEMPLATE_A_FIELD=thing1=a\n",
	 "a.env:4: error: WECHAT_TEMPLATE_A_FIELD is no setting; did you mean "
	 "WECHAT_TEMPLATE_A_FIELDS?\n"},
	{"WECHAT_SUBSCRIBE_STAT=trial\n",
	 "a.env:1: error: WECHAT_SUBSCRIBE_STAT is no setting; did you mean "
	 "WECHAT_SUBSCRIBE_STATE?\n"},
	{"WECHAT_SUBSCRIBE_PER_DAYS=1\n",
	 "a.env:1: error: WECHAT_SUBSCRIBE_PER_DAYS is no setting; did you "
	 "mean WECHAT_SUBSCRIBE_PER_DAY?\n"},
	{"WECHAT_TEMPLATE_ID=1\n",
	 "a.env:1: warning: WECHAT_TEMPLATE_ID is no setting of the relay; "
	 "ignored\n"},
	{"WECHAT_TEMPLATE_A23456789012345678901234567890123_ID=1\n",
	 "a.env:1: error: "
	 "WECHAT_TEMPLATE_A23456789012345678901234567890123_ID: "
	 "the name of a template has at most 32 characters\n"},
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

static void test_names_go_both_ways(void **state)
{
	(void)state;
	static const char *const names[] = {"a", "a--1-", "id", "type-id",
					    "wechat-cloud"};
	assert_true(config_table_all > config_table_end);
	for (size_t row = 0; row < config_table_all; row++) {
		const struct setting *s = &config_table[row];
		bool is_template = row >= config_table_end;
		assert_true((s->scope == SETTING_TEMPLATE) == is_template);
		bool is_channel = s->scope == SETTING_CHANNEL;
		for (size_t i = 0; i < ARRAY_LEN(names); i++) {
			const char *of =
				is_template ? names[i] : "wechat-subscribe";
			if (!is_template && !is_channel)
				continue;
			scoped_free char *text = config_name_print(s, of);
			struct config_name name;
			const char *why = NULL;
			assert_int_equal(config_name_read(text, &name, &why),
					 0);
			assert_ptr_equal(name.setting, s);
			assert_string_equal(name.channel, of);
		}
	}
}

static void test_printed(void **state)
{
	(void)state;
	static void (*const printers[])(FILE *) = {
		config_print_help, config_print_sample, config_print_man};
	for (size_t i = 0; i < ARRAY_LEN(printers); i++) {
		scoped_free char *text = settings_printed(printers[i]);
		assert_non_null(strstr(text, "WECHAT_TEMPLATE_<NAME>_ID"));
		assert_non_null(strstr(text, "WECHAT_TEMPLATE_<NAME>_FIELDS"));
		assert_non_null(strstr(text, "WECHAT_SUBSCRIBE_RATE"));
		assert_non_null(strstr(text, "WECHAT_SUBSCRIBE_STATE"));
	}
	struct config c = {0};
	settings_write("a.env", T("A", "x"));
	scoped_free char *said = NULL;
	assert_int_equal(settings_load(&c, &said), 0);
	char *list = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&list, &len);
	config_print(&c, f);
	fclose(f);
	assert_non_null(strstr(list, "\nWECHAT_TEMPLATE_A_TYPE=x  # a.env:2"));
	assert_non_null(strstr(list, "\nWECHAT_TEMPLATE_A_FIELDS='thing1=a "
				     "time4=b'  # a.env:3"));
	free(list);
	config_finish(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SETTINGS_TEST(test_templates),
		SETTINGS_TEST(test_channel),
		SETTINGS_TEST(test_none),
		SETTINGS_TEST(test_what_is_said),
		SETTINGS_TEST(test_names_go_both_ways),
		SETTINGS_TEST(test_printed),
	};
	return cmocka_run_group_tests_name("config templates", tests, NULL,
					   NULL);
}
