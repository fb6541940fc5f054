/*
 * outbox-relay check compares the templates that messages are to be sent by,
 * the settings' and the function's, with those that WeChat lists.
 */
#include "tests/support/report.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 3 };

#define ID     "Tpl-0123456789abcdefghijklmnopqrstuvwxyz012"
#define FIELDS "WECHAT_TEMPLATE_A_FIELDS=thing1=customerName time2=assignTime"
#define ENV                                                                \
	"WECHAT_TEMPLATE_A_ID=" ID,                                        \
		"WECHAT_TEMPLATE_A_TYPE=sendCustomerAssignNotify", FIELDS, \
		"OUTBOX_CHANNEL=wechat-subscribe"
#define ONE(id, title, content)                         \
	"[{\"priTmplId\":\"" id "\",\"title\":\"" title \
	"\",\"content\":\"" content "\",\"example\":\"\",\"type\":2}]"
#define FAULT(rule) "[{\"stage\":\"template\",\"times\":-1," rule "}]"
#define EN	    "FAULT  template     "
#define ZH	    "故障   模板         "
#define WARN_EN	    "warn   template     "
#define WARN_ZH	    "注意   模板         "
#define SEND_EN	    EN "订阅消息发送失败 (WeChat would refuse it): "
#define SEND_ZH	    ZH "订阅消息发送失败："
#define LIST_EN	    WARN_EN "WeChat does not list the account's templates: "
#define LIST_ZH	    WARN_ZH "微信没有给出账号的模板列表："
#define UNSEEN	    "-      template     not looked at: WECHAT_TEMPLATE_A_ID\n"

struct template_case {
	const char *name;
	const char *templates; /* of the account */
	const char *faults;    /* NULL: none */
	int status;
	const char *reason;
	const char *en, *zh; /* how the line begins */
	const char *more;    /* another one, in English; NULL: none */
};

/* clang-format off */
static const struct template_case cases[] = {
	{"good", ONE(ID, "客户分配", "姓名:{{thing1.DATA}}\\n时间:{{time2.DATA}}\\n"),
	 NULL, 0, "",
	 "ok     template     WECHAT_TEMPLATE_A_ID: 客户分配, every field is filled\n",
	 "正常   模板         WECHAT_TEMPLATE_A_ID：客户分配，字段齐全\n", NULL},
	{"another's", ONE("Other", "x", "{{thing1.DATA}}"), NULL, 1,
	 "template-invalid",
	 EN "订阅消息发送失败 (nothing would be sent): WECHAT_TEMPLATE_A_ID: no "
	 "template here is " ID, ZH "订阅消息发送失败：WECHAT_TEMPLATE_A_ID："
	 "账号下没有模板 " ID, NULL},
	{"none", "[]", NULL, 1, "template-invalid",
	 EN "订阅消息发送失败 (nothing would be sent): ",
	 ZH "订阅消息发送失败：", NULL},
	{"lacks", ONE(ID, "x", "{{thing1.DATA}}{{time2.DATA}}{{name3.DATA}}"
		      "{{enum_string4.DATA}}"), NULL, 1,
	 "template-fields-differ",
	 SEND_EN "WECHAT_TEMPLATE_A_FIELDS does not fill name3, enum_string4 [",
	 SEND_ZH "WECHAT_TEMPLATE_A_FIELDS 缺少 name3, enum_string4 [", NULL},
	{"excess", ONE(ID, "x", "{{time2.DATA}}"), NULL, 0,
	 "template-fields-differ",
	 "warn   template     WECHAT_TEMPLATE_A_FIELDS fills thing1, which the "
	 "template does not have [",
	 "注意   模板         WECHAT_TEMPLATE_A_FIELDS 多出模板没有的 thing1 [",
	 NULL},
	{"differs", ONE(ID, "x", "{{thing1.DATA}}{{time5.DATA}}"), NULL, 1,
	 "template-fields-differ",
	 SEND_EN "WECHAT_TEMPLATE_A_FIELDS fills time2, but not time5 [",
	 SEND_ZH "WECHAT_TEMPLATE_A_FIELDS 缺少 time5，多出 time2 [", NULL},
	{"no key", ONE(ID, "x", "{{.DATA}} {{thing1}} {{THING1.DATA}"), NULL, 0,
	 "templates-unreadable",
	 WARN_EN "WECHAT_TEMPLATE_A_ID: x: WeChat names no field of it [",
	 WARN_ZH "WECHAT_TEMPLATE_A_ID：x：微信没有给出它的字段 [", NULL},
	{"unauthorized", "[]", FAULT("\"errcode\":48001"), 0, "api-unauthorized",
	 LIST_EN "errcode=48001 ", LIST_ZH "errcode=48001 ", UNSEEN},
	{"dead token", "[]", FAULT("\"errcode\":40001"), 0, "token-stale",
	 LIST_EN "errcode=40001 ", LIST_ZH "errcode=40001 ", UNSEEN},
	{"quota", "[]", FAULT("\"errcode\":45009"), 0, "daily-quota-used-up",
	 LIST_EN "errcode=45009 ", LIST_ZH "errcode=45009 ", UNSEEN},
	{"no WeChat", "[]", FAULT("\"garbage\":true"), 0, "templates-unreadable",
	 LIST_EN, LIST_ZH, UNSEEN},
	{"lost", "[]", FAULT("\"reset\":true"), 0, "templates-unreadable",
	 LIST_EN, LIST_ZH, UNSEEN},
	{"no list", "[]", FAULT("\"body\":\"{\\\"errcode\\\":0,\\\"data\\\":{}}\","
				"\"status\":200"), 0, "templates-unreadable",
	 LIST_EN "{\"errcode\":0,\"data\":{}}",
	 LIST_ZH "{\"errcode\":0,\"data\":{}}", UNSEEN},
	{"no ids", "[]", FAULT("\"body\":\"{\\\"errcode\\\":0,\\\"data\\\":[1]}\","
			       "\"status\":200"), 0, "templates-unreadable",
	 LIST_EN, LIST_ZH, UNSEEN},
};
/* clang-format on */

static void test_settings(void **state)
{
	struct scene *s = *state;
	struct report_run run = {.env = {ENV}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct template_case *t = &cases[i];
		print_message("# %s\n", t->name);
		simulator_post(&s->sim, "/sim/templates", t->templates);
		simulator_fault(&s->sim, t->faults ? t->faults : "[]");
		run.status = t->status;
		run.args[0] = NULL;
		scoped_free char *en = report_of(s, &run);
		run.args[0] = "--lang";
		run.args[1] = "zh";
		scoped_free char *zh = report_of(s, &run);
		report_expect(en, t->en, t->reason);
		report_expect(zh, t->zh, t->reason);
		if (t->more)
			report_expect(en, t->more, "");
		assert_true(!t->status || !strstr(en, "ok     template"));
	}
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), 0);
}

/* WeChat is asked once, whatever number of templates there is. */
static void test_asks_once(void **state)
{
	struct scene *s = *state;
	scoped_free char *said =
		REPORT(s,
		       .env = {ENV, "WECHAT_TEMPLATE_B_ID=Other",
			       "WECHAT_TEMPLATE_B_TYPE=contractSignedNotify",
			       "WECHAT_TEMPLATE_B_FIELDS=thing1=customerName",
			       "OUTBOX_ROUTES=x=wechat-cloud"},
		       .status = 1);
	report_expect(said,
		      "ok     template     sendCustomerAssignNotify "
		      "(settings.js): 客户分配通知, ",
		      "");
	report_expect(said,
		      EN "订阅消息发送失败 (nothing would be sent): "
			 "WECHAT_TEMPLATE_B_ID: no template here is Other",
		      "template-invalid");
	assert_int_equal(scene_calls(s, "template"), 1);
	simulator_fault(&s->sim, FAULT("\"errcode\":-1"));
	scoped_free char *none = REPORT(s, .env = {ENV}, .status = 0);
	report_expect(none, LIST_EN "errcode=-1 ", "wechat-busy");
	assert_int_equal(scene_calls(s, "template"), 2);
}

#define FUNCTION(messages)                                            \
	"[{\"stage\":\"function\",\"match\":\"\\\"outboxCheck\\\"\"," \
	"\"times\":-1,\"resp_json\":{\"success\":true,\"data\":{"     \
	"\"templates\":{\"sendCustomerAssignNotify\":true},"          \
	"\"messages\":" messages ",\"recipients\":{}}}}]"

static void test_function(void **state)
{
	struct scene *s = *state;
	static const char *const older[] = {
		"null",
		"{}",
		"[]",
		"{\"sendCustomerAssignNotify\":\"T\"}",
		"{\"sendCustomerAssignNotify\":{\"keys\":[]}}",
		"{\"sendCustomerAssignNotify\":{\"templateId\":\"T\"}}"};
	for (size_t i = 0; i < ARRAY_LEN(older); i++) {
		scoped_free char *faults = xasprintf(FUNCTION("%s"), older[i]);
		simulator_fault(&s->sim, faults);
		scoped_free char *said = REPORT(s, .status = 0);
		report_expect(said,
			      "-      template     not looked at: "
			      "sendCustomerAssignNotify (settings.js) has an "
			      "ID, but this older function does not tell it\n",
			      "");
	}
	assert_int_equal(scene_calls(s, "template"), 0);
	simulator_fault(&s->sim, FUNCTION("{\"sendCustomerAssignNotify\":{"
					  "\"templateId\":\"Gone\",\"keys\":"
					  "[\"thing1\"]}}"));
	scoped_free char *gone = REPORT(s, .status = 1);
	report_expect(gone,
		      EN "订阅消息发送失败 (nothing would be sent): "
			 "sendCustomerAssignNotify (settings.js): no template "
			 "here is Gone",
		      "template-invalid");
}

static void set_title(struct scene *s, const char *title)
{
	scoped_free char *templates = xasprintf(
		ONE(ID, "%s", "{{thing1.DATA}}{{time2.DATA}}"), title);
	simulator_post(&s->sim, "/sim/templates", templates);
}

/* What strangers wrote is cut, harmless, and no part of a secret. */
static void test_hostile(void **state)
{
	struct scene *s = *state;
	static const char secret[] = "0123456789abcdef0123456789abcdef";
	char dots[1001];
	memset(dots, '.', sizeof(dots) - 1);
	dots[sizeof(dots) - 1] = '\0';
	scoped_free char *lengthy = xasprintf("\\u001b[2J%s%s", secret, dots);
	set_title(s, lengthy);
	scoped_free char *said = REPORT(s, .env = {ENV}, .status = 0);
	report_expect(said,
		      "ok     template     WECHAT_TEMPLATE_A_ID: "
		      "\\x1b[2J***....",
		      "");
	assert_null(strstr(said, dots));
	assert_non_null(strstr(said, "..…, every field is filled\n"));
	/* Wherever it is cut: no end of the secret is left over. */
	for (int before = 100; before <= 200; before += 20) {
		scoped_free char *title =
			xasprintf("%.*s%s", before, dots, secret);
		set_title(s, title);
		scoped_free char *cut = REPORT(s, .env = {ENV}, .status = 0);
		assert_null(strstr(cut, "0123"));
	}
}

int main(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_settings),
		SCENE_TEST(test_asks_once),
		SCENE_TEST(test_function),
		SCENE_TEST(test_hostile),
	};
	return cmocka_run_group_tests_name("check template", tests, NULL, NULL);
}
