/*
 * What outbox-relay check says in Chinese of each kind of slip in the settings.
 */
#include "tests/support/report.h"

#include "lib/buf.h"
#include "lib/util.h"
#include "tests/support/tempdir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOOK "https://hook.example/in"

struct slip {
	const char *lines; /* of the file */
	const char *said;  /* of the first of them; NULL: nothing */
};

/* clang-format off */
static const struct slip faults[] = {
	{"RELAY_TIMEOT=7s", "RELAY_TIMEOT 不是配置项；是否想写 RELAY_TIMEOUT？"},
	{"RELAY_RATE=99999", "RELAY_RATE：\"99999\" 超出范围：应为 0 到 10000"},
	{"RELAY_LIFE=900d", "RELAY_LIFE：\"900d\" 超出范围：应为 0 到 365d"},
	{"RELAY_TIMEOUT=7", "RELAY_TIMEOUT：7 缺少单位：应写成 7s 或 7ms"},
	{"RELAY_POLL=soon",
	 "RELAY_POLL：\"soon\" 不是时长（500ms、30s、10m、2h、1d）"},
	{"RELAY_JITTER=some", "RELAY_JITTER：\"some\" 不是整数"},
	{"RELAY_BREAKER_PAUSE=1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,"
	 "1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s,1s",
	 "RELAY_BREAKER_PAUSE：时长超过 32 个"},
	{"RELAY_LOG_LEVEL=loud", "RELAY_LOG_LEVEL：\"loud\" 不在可选值之内："},
	{"OUTBOX_CHANNEL=nowhere",
	 "OUTBOX_CHANNEL：没有渠道“nowhere”；可用的有：wechat-cloud, "},
	{"OUTBOX_ROUTES=a=there",
	 "OUTBOX_ROUTES：a：没有渠道“there”；可用的有：wechat-cloud, "},
	{"OUTBOX_DB=~/x.db", "OUTBOX_DB：这里的 ~ 没有含义：请写完整路径"},
	{"OUTBOX_RECIPIENT_PATH=user",
	 "OUTBOX_RECIPIENT_PATH：\"user\" 不是形如 $.assignedToId 的 JSON 路径"},
	{"WECHAT_FUNCTION=a/b", "WECHAT_FUNCTION：\"a/b\" 不是名称（只能用字母、"
	 "数字、- _ .）"},
	{"WECHAT_API_BASE=http://wechat.example",
	 "WECHAT_API_BASE：只有本机回环地址（127.0.0.1、[::1]、localhost）可用 "
	 "http：请改用 https"},
	{"WECHAT_CA_FILE='a\tb'", "WECHAT_CA_FILE：含有换行或控制字符"},
	{"WECHAT_SUBSCRIBE_ID_FIELDS=a b c",
	 "WECHAT_SUBSCRIBE_ID_FIELDS：\"a b c\" 不是字段名（"},
	{"RELAY_ALERT_CHANNEL=nobody",
	 "RELAY_ALERT_CHANNEL：没有名为“nobody”的 webhook；可用的有："},

	{"WEBHOOK_A_URL=nonsense", "WEBHOOK_A_URL：\"nonsense\" 不是形如 "
	 "https://crm.example/hook 的 URL"},
	{"WEBHOOK_A_SECRET=whsec_!", "WEBHOOK_A_SECRET：whsec_ 之后不是 base64"},
	{"WEBHOOK_A_KIND=slack", "WEBHOOK_A_KIND：\"slack\" 不在可选值之内：standard|"},
	{"WEBHOOK_B_URL='https://h ook/'",
	 "WEBHOOK_B_URL：\"https://h ook/\" 不是有效的 URL"},
	{"WEBHOOK_B_SECRET=short", "WEBHOOK_B_SECRET：密钥不足 8 字节；可这样生成："
	 "echo whsec_$(openssl rand -base64 24)"},
	{"WEBHOOK_CRM_URL=" HOOK,
	 "未设置 WEBHOOK_CRM_SECRET：请与接收方约定一个密钥"},
	{"WEBHOOK_CRN_RATE=3", "WEBHOOK_CRN_RATE 不属于任何 webhook：未设置 "
	 "WEBHOOK_CRN_URL；是否想写 WEBHOOK_CRM_RATE？"},
	{"WEBHOOK_ELSEWHERE_RATE=3",
	 "WEBHOOK_ELSEWHERE_RATE 不属于任何 webhook：未设置 "
	 "WEBHOOK_ELSEWHERE_URL [setting-invalid]"},
	{"WEBHOOK_WECHAT_X_URL=" HOOK,
	 "WEBHOOK_WECHAT_X_URL：以 WECHAT_ 开头的名称由 relay 保留"},
	{"WEBHOOK_E_URL=https://oapi.dingtalk.com/robot/send?access_token=0",
	 "WEBHOOK_E_URL 是机器人的地址：请设置 WEBHOOK_E_KIND=dingtalk"},
	{"WEBHOOK_F_URL=" HOOK,
	 "WEBHOOK_F_URL：feishu 机器人的 URL 里有 "},
	{"WEBHOOK_F_KIND=feishu", NULL},
	{"WEBHOOK_F_SECRET=longenough1 longenough2",
	 "WEBHOOK_F_SECRET：机器人只有一个密钥，这里写了多个"},
	{"WEBHOOK_G_URL=https://me:pw@hook.example/",
	 "WEBHOOK_G_URL：URL 中不能带用户名或密码"},
	{"WEBHOOK_H_URL=" HOOK "#x", "WEBHOOK_H_URL：请去掉 # 及其后的内容"},

	{"WECHAT_TEMPLATE_A_ID=a/b", "WECHAT_TEMPLATE_A_ID：\"a/b\" 不是模板 ID（"},
	{"WECHAT_TEMPLATE_B_ID=b1",
	 "未设置 WECHAT_TEMPLATE_B_TYPE：写明它用于哪种类型的行"},
	{"WECHAT_TEMPLATE_B_FIELDS=thing1", "WECHAT_TEMPLATE_B_FIELDS：请写成以空格"
	 "隔开的 键=字段，例如 thing1=customerName"},
	{"WECHAT_TEMPLATE_C_ID=c1",
	 "未设置 WECHAT_TEMPLATE_C_FIELDS：写明模板的键与 payload 的字段"},
	{"WECHAT_TEMPLATE_C_PAGE=p?{",
	 "WECHAT_TEMPLATE_C_PAGE：占位写作 {field}，花括号内是 payload 的字段名（"},
	{"WECHAT_TEMPLATE_C_TYPE=t\nWECHAT_TEMPLATE_D_ID=d1", NULL},
	{"WECHAT_TEMPLATE_D_TYPE=t", "WECHAT_TEMPLATE_D_TYPE：类型“t”已有模板，由 "
	 "WECHAT_TEMPLATE_C_TYPE 设置"},
	{"WECHAT_TEMPLATE_D_FIELDS=wrong1=a", "WECHAT_TEMPLATE_D_FIELDS：wrong1 不是"
	 "微信的字段类型，微信有：thing, name,"},
	{"WECHAT_TEMPLATE_E_ID=e1\nWECHAT_TEMPLATE_E_TYPE=e", NULL},
	{"WECHAT_TEMPLATE_E_FIELDS=thing=a", "WECHAT_TEMPLATE_E_FIELDS：thing 缺少编"
	 "号：请照模板详情里的键填写，例如 thing1"},
	{"WECHAT_TEMPLATE_F_ID=f1\nWECHAT_TEMPLATE_F_TYPE=f", NULL},
	{"WECHAT_TEMPLATE_F_FIELDS=thing1=a thing1=b",
	 "WECHAT_TEMPLATE_F_FIELDS：thing1 写了两次"},
	{"WECHAT_TEMPLATE_LONGER_PAGE=p",
	 "WECHAT_TEMPLATE_LONGER_PAGE 不属于任何模板：未设置 "
	 "WECHAT_TEMPLATE_LONGER_ID [setting-invalid]"},
	{"WECHAT_TEMPLATE_NOTIFY_ID=n1",
	 "未设置 WECHAT_TEMPLATE_NOTIFY_TYPE：写明它用于哪种类型的行"},
	{"WECHAT_TEMPLATE_NOTFY_PAGE=p",
	 "WECHAT_TEMPLATE_NOTFY_PAGE 不属于任何模板：未设置 "
	 "WECHAT_TEMPLATE_NOTFY_ID；是否想写 WECHAT_TEMPLATE_NOTIFY_PAGE？"},

	{"RELAY_PROBE=`1m", "RELAY_PROBE：引号没有闭合"},
	{"RELAY_ORDER=\"pass\" more", "RELAY_ORDER：结束引号之后还有内容"},
};

static const struct slip doubts[] = {
	{"RELAY_COLOUR=red", "RELAY_COLOUR 不是 relay 的配置项；已忽略"},
	{"no setting at all\nnor this", "这一行不是 KEY=value 的形式；已忽略，直到第 "},
	{"\xff=\xff", "这一行不是 UTF-8（请把文件存为 UTF-8）；已忽略"},
	{"RELAY_CONCURRENCY=4", NULL},
	{"RELAY_CONCURRENCY=5", "RELAY_CONCURRENCY 在此重复设置；以这里的为准，第 "},
	{"RELAY_MAX_ATTEMPTS=5#6",
	 "RELAY_MAX_ATTEMPTS 含有 #，这里算作值的一部分"},
	{"OTHERS='\nRELAY_PER_DAY=5'",
	 "OTHERS 的引号直到第 "},
};

/* Those that need a file of their own; `said` begins with the line. */
static const struct slip alone[] = {
	{"OUTBOX_ROUTES=nonsense",
	 "1：OUTBOX_ROUTES：\"nonsense\" 不是路由（类型=渠道，或 类型=渠道:$.路径）"},
	{"OUTBOX_ROUTES=a=wechat-cloud,a=wechat-cloud",
	 "1：OUTBOX_ROUTES：类型“a”有两条路由"},
	{"OUTBOX_ROUTES=*=wechat-cloud\nOUTBOX_CHANNEL=wechat-cloud",
	 "2：OUTBOX_CHANNEL：OUTBOX_ROUTES 里也有 *，含义相同：只能设置其中一个"},
	{"OUTBOX_ROUTES=a=wechat-subscribe", "1：OUTBOX_ROUTES：a：没有渠道“wechat-"
	 "subscribe”；可用的有：wechat-cloud（要有模板才有这个渠道"},
	{"RELAY_ALERT_CHANNEL=wechat-cloud", "1：RELAY_ALERT_CHANNEL：告警只能发往 webhoo"
	 "k 或机器人，不能是“wechat-cloud”；可用的有：无（由 WEBHOOK_<NAME>_URL 建立）"},
	{"WECHAT_SUBSCRIBE_RATE=3", "1：WECHAT_SUBSCRIBE_RATE 不属于任何渠道：还没有模板"},
	{"WECHAT_API_BASE=https://wechat.example/?a",
	 "1：WECHAT_API_BASE：\"https://wechat.example/?a\" 不是基础 URL："},
	{"WECHAT_TEMPLATE_A_ID=a\nWECHAT_TEMPLATE_A_TYPE=t\n"
	 "WECHAT_TEMPLATE_A_FIELDS=thing1=a\nOUTBOX_ROUTES=u=wechat-subscribe",
	 "4：OUTBOX_ROUTES：u：这种类型没有模板；请设置 WECHAT_TEMPLATE_<NAME>_"
	 "TYPE=u，以及同名的 _ID 和 _FIELDS"},
};
/* clang-format on */

/* Where the file and not the test says what is set. */
#define FROM_FILE                                                              \
	"MINIPROGRAM_APPID", "MINIPROGRAM_APPSECRET", "MINIPROGRAM_CLOUD_ENV", \
		"WECHAT_API_BASE", "OUTBOX_DB"

static void write_env(struct scene *s, const char *text, mode_t mode)
{
	scoped_free char *path = tempdir_path(s->fix->dir, ".env");
	FILE *out = fopen(path, "we");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static char *chinese_of(struct scene *s, const char *file)
{
	write_env(s, file, 0600);
	return REPORT(s, .env = {FROM_FILE}, .args = {"--lang", "zh"},
		      .status = 1);
}

static size_t count_lines(const char *s)
{
	size_t count = 0;
	for (; *s; s++)
		count += *s == '\n';
	return count;
}

/* Adds the lines to the file; numbers[i] is where the i-th begins. */
static void add_slips(struct buf *file, const struct slip *slips, size_t count,
		      size_t *numbers)
{
	for (size_t i = 0; i < count; i++) {
		numbers[i] = 1 + count_lines(buf_str(file));
		buf_addf(file, "%s\n", slips[i].lines);
	}
}

static void expect_slips(const char *report, const char *finding,
			 const struct slip *slips, size_t count,
			 const size_t *numbers, const char *reason)
{
	for (size_t i = 0; i < count; i++) {
		if (!slips[i].said)
			continue;
		scoped_free char *line =
			xasprintf("%s   配置         .env:%zu：%s", finding,
				  numbers[i], slips[i].said);
		report_expect(report, line, reason);
	}
}

static void test_every_slip(void **state)
{
	struct scene *s = *state;
	size_t at_fault[ARRAY_LEN(faults)], at_doubt[ARRAY_LEN(doubts)];
	scoped_buf file = {0};
	add_slips(&file, faults, ARRAY_LEN(faults), at_fault);
	add_slips(&file, doubts, ARRAY_LEN(doubts), at_doubt);
	scoped_free char *report = chinese_of(s, buf_str(&file));
	expect_slips(report, "故障", faults, ARRAY_LEN(faults), at_fault,
		     "setting-invalid");
	expect_slips(report, "注意", doubts, ARRAY_LEN(doubts), at_doubt,
		     "setting-doubtful");
}

static void test_slips_alone(void **state)
{
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(alone); i++) {
		scoped_free char *report = chinese_of(s, alone[i].lines);
		scoped_free char *line =
			xasprintf("故障   配置         .env:%s", alone[i].said);
		report_expect(report, line, "setting-invalid");
	}
}

static void test_large_file(void **state)
{
	struct scene *s = *state;
	scoped_free char *path = tempdir_path(s->fix->dir, ".env");
	write_env(s, "", 0600);
	assert_int_equal(truncate(path, (4 << 20) + 1), 0);
	scoped_free char *large =
		REPORT(s, .args = {"--lang", "zh"}, .status = 1);
	report_expect(
		large,
		"故障   配置         .env：无法读取配置：大于 4 MiB，不会是 "
		".env 文件",
		"setting-invalid");
}

#define ACCOUNT(secret)                          \
	"MINIPROGRAM_APPID=wxb2c4e35d16d99fd3\n" \
	"MINIPROGRAM_APPSECRET=" secret "\n"     \
	"MINIPROGRAM_CLOUD_ENV=cloud1-4gi0bpoje72fedd1\n"

#define SECRET_LINE   "故障   AppSecret    access_token获取失败："
#define CONSOLE_PLACE "请到 mp.weixin.qq.com → 开发管理 → 开发设置 复制 "

/* clang-format off */
static const struct account {
	const char *file;
	const char *line, *reason;
} accounts[] = {
	{ACCOUNT("需要配置真实的Secret"), SECRET_LINE ".env:2：MINIPROGRAM_APPSECRET "
	 "仍是占位文字 需要配置真实的Secret：" CONSOLE_PLACE "AppSecret（32 位",
	 "secret-placeholder"},
	{ACCOUNT("'my secret'"), SECRET_LINE ".env:2：MINIPROGRAM_APPSECRET "
	 "是占位文字或误填：含有空格或真实值不会有的字符：", "secret-placeholder"},
	{ACCOUNT(""), SECRET_LINE ".env:2：MINIPROGRAM_APPSECRET 已写出，但值为空："
	 CONSOLE_PLACE, "settings-missing"},
	{"", SECRET_LINE "配置：MINIPROGRAM_APPSECRET 未设置：" CONSOLE_PLACE,
	 "settings-missing"},
	{"", "故障   配置         配置：MINIPROGRAM_APPID 未设置：" CONSOLE_PLACE
	 "AppID（wx 加 16 位十六进制字符）", "settings-missing"},
	{"", "故障   配置         配置：MINIPROGRAM_CLOUD_ENV 未设置：请从微信开发者工具",
	 "settings-missing"},
	{ACCOUNT("tooshort"), "注意   AppSecret    .env:2：MINIPROGRAM_APPSECRET 看起来"
	 "不像真实的值；如果微信拒绝，请到 ", "setting-doubtful"},
};
/* clang-format on */

static void test_account(void **state)
{
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(accounts); i++) {
		scoped_free char *zh = chinese_of(s, accounts[i].file);
		report_expect(zh, accounts[i].line, accounts[i].reason);
	}
	write_env(s, ACCOUNT(""), 0600);
	scoped_free char *empty = REPORT(s, .env = {FROM_FILE}, .status = 1);
	report_expect(
		empty,
		"FAULT  AppSecret    access_token获取失败 (no access token "
		"without it): .env:2: MINIPROGRAM_APPSECRET is set, but "
		"empty: copy the AppSecret at ",
		"settings-missing");
	assert_null(strstr(empty, "placeholder"));
}

/* The file's own place, and what others may read of it. */
static void test_mode(void **state)
{
	struct scene *s = *state;
	write_env(s, ACCOUNT("fedcba9876543210fedcba9876543210"), 0644);
	scoped_free char *zh = REPORT(s, .args = {"--lang", "zh"}, .status = 0);
	report_expect(
		zh,
		"注意   配置         .env：含有 MINIPROGRAM_APPSECRET，而本机"
		"所有用户都能读取：chmod o-r .env",
		"setting-doubtful");
}

int main(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_every_slip), SCENE_TEST(test_slips_alone),
		SCENE_TEST(test_large_file), SCENE_TEST(test_account),
		SCENE_TEST(test_mode),
	};
	return cmocka_run_group_tests_name("check slips", tests, NULL, NULL);
}
