/* What a notice says. Other code relies on: it names what, since when by the
 * reader's clock, how many rows, why and what to do, in one language; and is a
 * payload that an outbox takes. */
#include "lib/secret.h"
#include "lib/util.h"
#include "relay/alert_text.h"
#include "tests/support/check.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WALL INT64_C(1766543210000) /* 2025-12-24T02:26:50Z */
#define HOUR INT64_C(3600000)

struct sample {
	struct alert alerts[2];
	struct alert_notice notice;
	struct alert_told told;
};

static char first_name[] = "wechat-cloud", second_name[] = "crm2";

static void sample_init(struct sample *s, enum reason_lang lang)
{
	*s = (struct sample){
		.alerts = {{.subject = first_name}, {.subject = second_name}},
		.notice = {.kind = ALERT_CHANNEL_HELD,
			   .reason = REASON_APPSECRET_WRONG,
			   .begun_ms = -2 * HOUR,
			   .count = 1},
		.told = {.lang = lang,
			 .reason = REASON_APPSECRET_WRONG,
			 .detail = "40125 invalid appsecret",
			 .rows = 1234,
			 .rows_most = 10000,
			 .now_ms = 5 * 60000,
			 .now_wall_ms = WALL,
			 .host = "crm1",
			 .db = "/var/lib/outbox/outbox.db"},
	};
	s->notice.alerts[0] = &s->alerts[0];
	s->notice.alerts[1] = &s->alerts[1];
	s->told.notice = &s->notice;
}

static void expect(const struct sample *s, const char *want)
{
	scoped_free char *got = alert_text(&s->told);
	assert_string_equal(got, want);
}

static void set_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static void test_english(void **state)
{
	(void)state;
	struct sample s;
	sample_init(&s, REASON_EN);
	set_zone("IST-5:30");
	scoped_free char *want =
		xasprintf("Outbox: wechat-cloud is held, it sends nothing\n"
			  "Since: 2025-12-24 05:51:50 (UTC+05:30)\n"
			  "Rows that wait: 1234\n"
			  "Reason: appsecret-wrong\n"
			  "Answer: 40125 invalid appsecret\n"
			  "Cause: %s\nTo do: %s\n"
			  "Host: crm1\n"
			  "Database: /var/lib/outbox/outbox.db",
			  reason_cause(REASON_APPSECRET_WRONG, REASON_EN),
			  reason_remedy(REASON_APPSECRET_WRONG, REASON_EN));
	expect(&s, want);
	s.notice.is_over = true;
	set_zone("XXX3");
	expect(&s, "Outbox: wechat-cloud is not held any more\n"
		   "Since: 2025-12-23 21:21:50 (UTC-03:00)\n"
		   "It lasted: 2 h 5 min\n"
		   "Rows that wait: 1234\n"
		   "Reason: appsecret-wrong\n"
		   "Host: crm1\n"
		   "Database: /var/lib/outbox/outbox.db");
}

static void test_chinese(void **state)
{
	(void)state;
	struct sample s;
	sample_init(&s, REASON_ZH);
	set_zone("XXX3");
	s.notice.count = 2;
	s.notice.is_again = true;
	s.notice.kind = ALERT_BACKLOG_OLD;
	s.told.reason = REASON_BACKLOG_OLD;
	s.told.rows = 10000;
	s.told.age_ms = 25 * HOUR;
	s.told.detail = "";
	scoped_free char *want = xasprintf(
		"Outbox：渠道 wechat-cloud、crm2 仍在积压，有消息等待过久\n"
		"开始时间：2025-12-24 08:21:50 (UTC+08:00)\n"
		"等待的消息数：至少 10000\n"
		"等得最久的已到期：1 天 1 小时\n"
		"原因代码：backlog-old\n"
		"原因：%s\n处理办法：%s\n"
		"主机：crm1\n"
		"数据库：/var/lib/outbox/outbox.db",
		reason_cause(REASON_BACKLOG_OLD, REASON_ZH),
		reason_remedy(REASON_BACKLOG_OLD, REASON_ZH));
	expect(&s, want);
}

static void test_durations(void **state)
{
	(void)state;
	static const struct {
		int64_t ms;
		const char *en, *zh;
	} cases[] = {
		{-1, "lasted: 0 s\n", "时间：0 秒\n"},
		{999, "lasted: 0 s\n", "时间：0 秒\n"},
		{59999, "lasted: 59 s\n", "时间：59 秒\n"},
		{60000, "lasted: 1 min\n", "时间：1 分\n"},
		{61000, "lasted: 1 min 1 s\n", "时间：1 分 1 秒\n"},
		{HOUR + 1000, "lasted: 1 h\n", "时间：1 小时\n"},
		{49 * HOUR, "lasted: 2 d 1 h\n", "时间：2 天 1 小时\n"},
		{24000 * HOUR, "lasted: 1000 d\n", "时间：1000 天\n"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (enum reason_lang l = 0; l < REASON_LANG_COUNT; l++) {
			struct sample s;
			sample_init(&s, l);
			s.notice.is_over = true;
			s.notice.begun_ms = s.told.now_ms - cases[i].ms;
			scoped_free char *got = alert_text(&s.told);
			assert_non_null(strstr(got, l == REASON_ZH
							    ? cases[i].zh
							    : cases[i].en));
		}
	}
}

static const cJSON *member(const cJSON *o, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(o, name);
}

/* Every kind, phase and language says something, in a payload of one form. */
static void test_payloads(void **state)
{
	(void)state;
	enum { ALL = ALERT_KIND_COUNT * 2 * 2 * REASON_LANG_COUNT };
	for (int i = 0; i < ALL; i++) {
		struct sample s;
		sample_init(&s, i % 2 ? REASON_EN : REASON_ZH);
		s.notice.is_over = i / 2 % 2;
		s.notice.is_again = i / 4 % 2;
		s.notice.kind = (enum alert_kind)(i / 8);
		bool has_channel = s.notice.kind != ALERT_ROWS_FAILED;
		scoped_free char *text = alert_text(&s.told);
		scoped_free char *payload = alert_payload(&s.told);
		cJSON *o = cJSON_Parse(payload);
		assert_memory_equal(text, "Outbox", 6);
		assert_null(strstr(text, "{}"));
		assert_int_equal(strstr(text, "wechat-cloud") != NULL,
				 has_channel);
		assert_string_equal(member(o, "text")->valuestring, text);
		assert_string_equal(member(o, "alert")->valuestring,
				    alert_kind_name(s.notice.kind));
		assert_string_equal(member(o, "state")->valuestring,
				    s.notice.is_over ? "over" : "begun");
		assert_int_equal(member(o, "channel") != NULL, has_channel);
		assert_true(member(o, "since")->valuedouble ==
			    (double)(WALL - 2 * HOUR - 5 * 60000));
		cJSON_Delete(o);
	}
}

static void test_no_secret(void **state)
{
	(void)state;
	struct sample s;
	sample_init(&s, REASON_EN);
	secret_set("test", "0123456789abcdef");
	s.told.detail = "said 0123456789abcdef";
	scoped_free char *payload = alert_payload(&s.told);
	assert_non_null(strstr(payload, "said ***"));
	secret_set("test", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_english),
		cmocka_unit_test(test_chinese),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_payloads),
		cmocka_unit_test(test_no_secret),
	};
	util_init();
	return cmocka_run_group_tests_name("alert text", tests, NULL, NULL);
}
