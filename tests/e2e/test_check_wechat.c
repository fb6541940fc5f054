/*
 * outbox-relay check against WeChat: the whole report when all is well, and one
 * thing after another that is wrong, each made with the simulator, in English
 * and in Chinese.
 */
#include "tests/support/scene.h"

#include "lib/reason.h"
#include "lib/util.h"
#include "schema/db.h"
#include "schema/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENV_MAX = 6 };

static const char secret[] = "0123456789abcdef0123456789abcdef";

/* What check said; the caller frees. */
static char *run_check(struct scene *s, const char *const *env,
		       const char *const *args, int status)
{
	scoped_free char *err = NULL;
	char *out = NULL;
	const char *all[ENV_MAX + 2] = {"LC_ALL=C.UTF-8"};
	for (size_t i = 0; env && env[i]; i++)
		all[i + 1] = env[i];
	struct relay_setup setup = {.dir = s->fix->dir,
				    .db = s->fix->path,
				    .base = s->sim.base,
				    .env = all,
				    .args = args};
	int got = relayproc_verb(&setup, "check", &out, &err);
	if (got != status)
		fail_msg("exit status %d: %s%s", got, out, err);
	assert_string_equal(err, "");
	assert_null(strstr(out, secret));
	assert_null(strstr(out, "access_token="));
	return out;
}

static void expect(const char *said, const char *line)
{
	const char *at = strstr(said, line);
	if (!at || (at > said && at[-1] != '\n'))
		fail_msg("no line \"%s\" in: %s", line, said);
}

/* The line, the reason's id behind it, and the cause and the remedy below. */
static void expect_reason(const char *said, const char *line, const char *id,
			  enum reason_lang lang)
{
	enum reason reason = reason_find(id);
	if (!reason)
		fail_msg("no reason %s", id);
	expect(said, line);
	bool is_zh = lang == REASON_ZH;
	scoped_free char *below =
		xasprintf(" [%s]\n       %s  %s\n       %s  %s\n", id,
			  is_zh ? "原因       " : "cause      ",
			  reason_cause(reason, lang),
			  is_zh ? "处理       " : "remedy     ",
			  reason_remedy(reason, lang));
	const char *end = strchr(strstr(said, line), '\n');
	size_t tail = strlen(" []") + strlen(id);
	if (!end || strncmp(end - tail, below, strlen(below)) != 0)
		fail_msg("not \"%s\" behind \"%s\" in: %s", below, line, said);
}

static char *sqlite_line(enum reason_lang lang)
{
	static const char *const format[] = {
		"warn   SQLite       %s has the WAL-reset bug; the relay works "
		"round it [sqlite-wal-reset]\n"
		"       cause        %s\n       remedy       %s\n",
		"注意   SQLite       %s 有 WAL 重置缺陷，relay 已规避 "
		"[sqlite-wal-reset]\n"
		"       原因         %s\n       处理         %s\n"};
	scoped_free char *shape = xstrdup(format[lang]);
	const char *version = db_sqlite_version();
	if (db_sqlite_is_fixed(db_sqlite_version_number()))
		return xasprintf("%s     SQLite       %s\n",
				 lang == REASON_ZH ? "正常" : "ok  ", version);
	char *parts[4] = {shape};
	for (size_t i = 1; i < ARRAY_LEN(parts); i++) {
		parts[i] = strstr(parts[i - 1], "%s");
		*parts[i] = '\0';
		parts[i] += strlen("%s");
	}
	return xasprintf("%s%s%s%s%s%s%s", parts[0], version, parts[1],
			 reason_cause(REASON_SQLITE_WAL_RESET, lang), parts[2],
			 reason_remedy(REASON_SQLITE_WAL_RESET, lang),
			 parts[3]);
}

static char *good_english(const struct scene *s, const char *host)
{
	scoped_free char *sqlite = sqlite_line(REASON_EN);
	return xasprintf(
		"ok     settings     read: environment\n"
		"%s"
		"ok     database     %s, version %d; this user can write it\n"
		"ok     sharing      only its owner can write the database\n"
		"ok     relay        pid %d on %s runs, version %s\n"
		"ok     channel      neither held nor paused: wechat-cloud\n"
		"ok     AppSecret    32 hexadecimal characters (environment)\n"
		"ok     network      %s is reached, without TLS\n"
		"ok     token        WeChat gives an access token\n"
		"ok     white list   WeChat accepts this host's address\n"
		"ok     environment  cloud1-4gi0bpoje72fedd1 is known to "
		"WeChat\n"
		"ok     function     quickstartFunctions is deployed and "
		"answers\n"
		"ok     template     sendCustomerAssignNotify (settings.js): "
		"客户分配通知, every field is filled\n"
		"ok     template     contractSignedNotify (settings.js): "
		"合同签署通知, every field is filled\n"
		"ok     users        the function can read its collections\n"
		"ok     recipient    1 of the newest rows for wechat-cloud, "
		"all "
		"bound\n"
		"ok     permission   row 1 was delivered\n"
		"ok     clock        less than 60 s from WeChat's\n",
		sqlite, s->fix->path, schema_version(), (int)s->relay.pid, host,
		OUTBOX_VERSION, s->sim.base);
}

static char *good_chinese(const struct scene *s, const char *host)
{
	scoped_free char *sqlite = sqlite_line(REASON_ZH);
	return xasprintf(
		"正常   配置         已读取：环境变量\n"
		"%s"
		"正常   数据库       %s，版本 %d；当前用户可写\n"
		"正常   共享         只有属主可写该数据库\n"
		"正常   relay        %s 上的进程 %d 正在运行，版本 %s\n"
		"正常   渠道         未挂起也未暂停：wechat-cloud\n"
		"正常   AppSecret    32 位十六进制字符（环境变量）\n"
		"正常   网络         可连接 %s，未使用 TLS\n"
		"正常   token        微信已给出 access_token\n"
		"正常   IP 白名单    微信接受本机的 IP\n"
		"正常   云环境       微信认识 cloud1-4gi0bpoje72fedd1\n"
		"正常   云函数       quickstartFunctions 已部署并应答\n"
		"正常   模板         sendCustomerAssignNotify (settings.js)："
		"客户分配通知，字段齐全\n"
		"正常   模板         contractSignedNotify (settings.js)："
		"合同签署通知，字段齐全\n"
		"正常   用户集合     云函数可以读取所用的集合\n"
		"正常   接收人       发往 wechat-cloud 的最新各行共 1 "
		"人，都已绑定微信\n"
		"正常   发送权限     第 1 行已送达\n"
		"正常   时钟         与微信的时间相差不到 60 秒\n",
		sqlite, s->fix->path, schema_version(), host, (int)s->relay.pid,
		OUTBOX_VERSION, s->sim.base);
}

static void test_all_is_well(void **state)
{
	struct scene *s = *state;
	static const char *const chinese[] = {"LC_ALL=", "LC_MESSAGES=zh_CN",
					      "LANG=C", NULL};
	static const char *const asked[] = {"--lang", "zh", NULL};
	static const char *const back[] = {"--lang", "en", NULL};
	char host[256] = "";
	gethostname(host, sizeof(host) - 1);
	scene_start_relay(s, NULL);
	scene_insert(s, USER_BOUND);
	scene_wait_count(s, "wechat-cloud", "delivered", 1);
	scoped_free char *en = good_english(s, host);
	scoped_free char *zh = good_chinese(s, host);
	long long sent = simulator_stat(&s->sim, "sent.total");

	scoped_free char *said_en = run_check(s, NULL, NULL, 0);
	scoped_free char *said_zh = run_check(s, chinese, NULL, 0);
	scoped_free char *asked_zh = run_check(s, NULL, asked, 0);
	scoped_free char *asked_en = run_check(s, chinese, back, 0);
	assert_string_equal(said_en, en);
	assert_string_equal(said_zh, zh);
	assert_string_equal(asked_zh, zh);
	assert_string_equal(asked_en, en);
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), sent);
}

struct check_case {
	const char *name;
	const char *faults; /* of the simulator; NULL: none */
	const char *env;    /* NULL: none */
	int status;
	const char *reason;
	const char *en, *zh; /* how the line begins */
};

#define ASKED	    "\"match\":\"\\\"outboxCheck\\\"\",\"times\":-1,"
#define ANY	    "\"times\":-1,"
#define FAULT(rule) "[{" rule "}]"
#define TOKEN(code) FAULT("\"stage\":\"token\"," ANY "\"errcode\":" code)
#define INVOKE(code, words)                                   \
	FAULT("\"stage\":\"invoke\"," ANY "\"errcode\":" code \
	      ",\"errmsg\":\"" words "\"")
#define EN_TOKEN "FAULT  token        access_token获取失败 (no access token): "
#define ZH_TOKEN "故障   token        access_token获取失败："
#define EN_ENV	 "FAULT  environment  云函数调用失败 (no call gets into cloud1-"
#define ZH_ENV	 "故障   云环境       云函数调用失败：cloud1-"
#define EN_FUNCTION                                                                 \
	"FAULT  function     云函数调用失败 (a call of quickstartFunctions " \
	"failed): "
#define ZH_FUNCTION "故障   云函数       云函数调用失败：quickstartFunctions："

/* clang-format off */
static const struct check_case cases[] = {
	{"wrong secret", NULL,
	 "MINIPROGRAM_APPSECRET=fedcba9876543210fedcba9876543210", 1,
	 "appsecret-wrong", EN_TOKEN "errcode=40125 ", ZH_TOKEN},
	{"another app's secret", TOKEN("40001"), NULL, 1, "appsecret-wrong",
	 EN_TOKEN "errcode=40001 ", ZH_TOKEN},
	{"wrong AppID", NULL, "MINIPROGRAM_APPID=wx0000000000000000", 1,
	 "appid-invalid", EN_TOKEN "errcode=40013 ", ZH_TOKEN},
	{"frozen", TOKEN("40243"), NULL, 1, "appsecret-frozen",
	 EN_TOKEN "errcode=40243 ", ZH_TOKEN},
	{"IP", FAULT("\"stage\":\"token\"," ANY "\"errcode\":40164,\"errmsg\":"
		     "\"invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in "
		     "whitelist rid: 65f\""), NULL, 1,
	 "ip-not-whitelisted", EN_TOKEN "errcode=40164 ", ZH_TOKEN},
	{"IP awaits", TOKEN("89503"), NULL, 1, "ip-awaits-confirmation",
	 EN_TOKEN "errcode=89503 ", ZH_TOKEN},
	{"quota", TOKEN("45009"), NULL, 1, "token-quota-used-up",
	 EN_TOKEN "errcode=45009 ", ZH_TOKEN},
	{"forbidden", TOKEN("50004"), NULL, 1, "token-forbidden",
	 EN_TOKEN "errcode=50004 ", ZH_TOKEN},
	{"classic", NULL, "WECHAT_TOKEN=classic", 0, "token-classic",
	 "warn   token        WECHAT_TOKEN=classic: it ends the tokens of all "
	 "other programs", "注意   token        WECHAT_TOKEN=classic：其他程序的"
	 " token 随之失效"},

	{"wrong environment", NULL, "MINIPROGRAM_CLOUD_ENV=cloud1-elsewhere", 1,
	 "env-not-found", EN_ENV "elsewhere): ", ZH_ENV "elsewhere："},
	{"no cloud", INVOKE("85088", "no cloud"), NULL, 1, "cloud-not-enabled",
	 EN_ENV "4gi0bpoje72fedd1): ", ZH_ENV},
	{"unpaid", INVOKE("-501001", "env status is isolated"), NULL, 1,
	 "cloud-unpaid", EN_ENV "4gi0bpoje72fedd1): ", ZH_ENV},
	{"not deployed", NULL, "WECHAT_FUNCTION=none", 1, "function-not-found",
	 "FAULT  function     云函数调用失败 (a call of none failed): ",
	 "故障   云函数       云函数调用失败：none："},
	{"no dependency", INVOKE("-504002", "Error: Cannot find module "
				 "'wx-server-sdk'"), NULL, 1,
	 "function-module-missing", EN_FUNCTION, ZH_FUNCTION},
	{"too slow", INVOKE("-504003", "Invoking task timed out after 3 "
			    "seconds"), NULL, 1,
	 "function-timeout", EN_FUNCTION, ZH_FUNCTION},
	{"not over HTTP", FAULT("\"stage\":\"function\"," ANY "\"resp_json\":"
		 "{\"success\":false,\"error\":{\"code\":-604104}}"), NULL, 1,
	 "source-refused", EN_FUNCTION, ZH_FUNCTION},
	{"says yes to all", FAULT("\"stage\":\"function\"," ANY
				  "\"resp_json\":{\"success\":true}"), NULL, 0,
	 "function-accepts-all",
	 "warn   function     quickstartFunctions says success to a type that "
	 "is none",
	 "注意   云函数       quickstartFunctions 对不存在的类型也返回成功"},
	{"slow", FAULT("\"stage\":\"function\"," ANY "\"delay_ms\":3100"), NULL,
	 0, "function-slow", "warn   function     quickstartFunctions answers, "
	 "after 3", "注意   云函数       quickstartFunctions 有应答，用了 3"},

	{"older function", FAULT("\"stage\":\"function\"," ASKED "\"resp_json\":"
		 "{\"success\":false,\"message\":\"未知的操作类型\"}"), NULL, 0,
	 "function-outdated",
	 "warn   template     quickstartFunctions cannot say: it does not know "
	 "this question",
	 "注意   模板         quickstartFunctions 无法回答：不认识本检查的询问"},
	{"no template", FAULT("\"stage\":\"function\"," ASKED "\"resp_json\":"
		 "{\"success\":true,\"data\":{\"templates\":{\"sendCustomer"
		 "AssignNotify\":false},\"recipients\":{}}}"), NULL, 1,
	 "template-not-set",
	 "FAULT  template     订阅消息发送失败 (nothing would be sent): no "
	 "template ID for sendCustomerAssignNotify",
	 "故障   模板         订阅消息发送失败：没有 sendCustomerAssignNotify "
	 "的模板 ID"},
	{"no users", FAULT("\"stage\":\"function\"," ASKED "\"resp_json\":"
		 "{\"success\":false,\"data\":{\"templates\":{}},\"error\":"
		 "{\"code\":-502005,\"message\":\"collection users not "
		 "exists\"}}"), NULL, 1, "collection-missing",
	 "FAULT  users        未找到用户 (nobody would be found): "
	 "errcode=-502005 ",
	 "故障   用户集合     未找到用户：errcode=-502005 "},
	{"question times out", FAULT("\"stage\":\"function\"," ASKED
				     "\"errcode\":-504003"), NULL, 1,
	 "function-timeout",
	 "FAULT  template     云函数调用失败 (a call of quickstartFunctions ",
	 "故障   模板         云函数调用失败：quickstartFunctions："},
};
/* clang-format on */

static void test_each_fault(void **state)
{
	struct scene *s = *state;
	static const char *const lang[] = {"--lang", "zh", NULL};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct check_case *c = &cases[i];
		const char *env[] = {c->env, NULL};
		print_message("# %s\n", c->name);
		simulator_fault(&s->sim, c->faults ? c->faults : "[]");
		scoped_free char *en = run_check(s, env, NULL, c->status);
		scoped_free char *zh = run_check(s, env, lang, c->status);
		expect_reason(en, c->en, c->reason, REASON_EN);
		expect_reason(zh, c->zh, c->reason, REASON_ZH);
	}
}

/* What lies behind a fault is not called well. */
static void test_what_is_behind(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, cases[4].faults);
	scoped_free char *ip = run_check(s, NULL, NULL, 1);
	expect(ip, "FAULT  white list   this host is 203.0.113.9 to WeChat\n");
	expect(ip, "-      environment  not looked at: there is no access "
		   "token\n");
	expect(ip, "-      function     not looked at: there is no");
	expect(ip, "-      recipient    not looked at: there is no");
	simulator_fault(&s->sim, TOKEN("40125"));
	scoped_free char *token = run_check(s, NULL, NULL, 1);
	expect(token, "-      white list   not looked at: there is no");
	simulator_fault(&s->sim, INVOKE("85088", "no cloud"));
	scoped_free char *cloud = run_check(s, NULL, NULL, 1);
	expect(cloud, "-      function     not looked at: the function does "
		      "not answer\n");
	expect(cloud, "-      template     not looked at: the function");
	simulator_fault(&s->sim, "[]");
	scoped_free char *good = run_check(s, NULL, NULL, 0);
	expect(good, "-      permission   only a message tells: outbox-relay "
		     "check --send-to USER\n");
	expect(good, "ok     recipient    no row for wechat-cloud names one");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_all_is_well),
		SCENE_TEST(test_each_fault),
		SCENE_TEST(test_what_is_behind),
	};
	return cmocka_run_group_tests_name("check wechat", tests, NULL, NULL);
}
