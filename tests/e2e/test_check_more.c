/*
 * outbox-relay check: what lies in the database, on the way to WeChat and to
 * webhooks, and in the recipients; and the one message that --send-to sends.
 */
#include "tests/support/report.h"

#include "lib/util.h"
#include "tests/support/tempdir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_channels(void **state)
{
	struct scene *s = *state;
	outbox_exec(s->fix->db,
		    "UPDATE outbox_channel SET state = 'held',"
		    " reason = 'function-not-found',"
		    " detail = '-501000 a 0123456789abcdef0123456789abcdef'");
	scoped_free char *held = REPORT(s, .status = 1);
	report_expect(held,
		      "FAULT  channel      wechat-cloud is held: -501000 a ***",
		      "function-not-found");
	scoped_free char *zh = REPORT(s, .args = {"--lang", "zh"}, .status = 1);
	report_expect(zh, "故障   渠道         wechat-cloud 已挂起：-501000 a",
		      "function-not-found");
	outbox_exec(s->fix->db,
		    "UPDATE outbox_channel SET state = 'paused',"
		    " state_by = 'alice', detail = 'audit' || char(27)");
	scoped_free char *paused = REPORT(s, .status = 0);
	report_expect(paused,
		      "warn   channel      wechat-cloud was paused by alice: "
		      "audit\\x1b",
		      "paused-by-operator");
}

static void test_relay(void **state)
{
	struct scene *s = *state;
	scoped_free char *none = REPORT(s, .status = 0);
	report_expect(none, "warn   relay        none runs on this database",
		      "relay-not-running");
	scene_start_relay(s, NULL);
	scene_crash_relay(s);
	scoped_free char *young = REPORT(s, .status = 0);
	report_expect(young, "ok     relay        pid ", "");
	outbox_exec(s->fix->db, "UPDATE outbox_relay"
				" SET beat_at = beat_at - 3600000");
	scoped_free char *dead = REPORT(s, .status = 1);
	report_expect(dead, "FAULT  relay        pid ", "relay-silent");
	assert_non_null(strstr(dead, "its last heartbeat was 36"));
	scoped_free char *zh = REPORT(s, .args = {"--lang", "zh"}, .status = 1);
	assert_non_null(strstr(zh, "最后一次心跳在 36"));
}

static void test_network(void **state)
{
	struct scene *s = *state;
	scoped_free char *name = REPORT(
		s, .env = {"WECHAT_API_BASE=https://no-such-host.invalid"},
		.status = 1);
	report_expect(name,
		      "FAULT  network      https://no-such-host.invalid has no "
		      "address (DNS): ",
		      "connection-failed");
	report_expect(name,
		      "-      clock        not looked at: WeChat's answer", "");
	scoped_free char *refused = REPORT(
		s, .env = {"WECHAT_API_BASE=http://127.0.0.1:9"}, .status = 1);
	report_expect(
		refused,
		"FAULT  network      no connection to http://127.0.0.1:9: ",
		"connection-failed");
	const char *port = strrchr(s->sim.base, ':');
	scoped_free char *tls =
		xasprintf("WECHAT_API_BASE=https://127.0.0.1%s", port);
	scoped_free char *plain = REPORT(s, .env = {tls}, .status = 1);
	report_expect(plain, "FAULT  network      https://127.0.0.1:",
		      "connection-failed");
	assert_non_null(strstr(plain, " is reached, but not by TLS: "));
	simulator_fault(&s->sim, "[{\"stage\":\"other\",\"reset\":true}]");
	scoped_free char *reset = REPORT(s, .status = 1);
	report_expect(reset, "FAULT  network      http://127.0.0.1:",
		      "connection-lost");
	assert_non_null(strstr(reset, "but gives no HTTP answer: "));
}

/* A certificate that nobody knows, and the same one trusted. */
static void test_tls(void **state)
{
	struct scene *s = *state;
	scoped_free char *cert = tempdir_path(s->fix->dir, "cert.pem");
	scoped_free char *key = tempdir_path(s->fix->dir, "key.pem");
	scoped_free char *out = NULL, *err = NULL;
	const char *argv[] = {"openssl",  "req",
			      "-x509",	  "-newkey",
			      "rsa:2048", "-nodes",
			      "-days",	  "2",
			      "-subj",	  "/CN=127.0.0.1",
			      "-addext",  "subjectAltName=IP:127.0.0.1",
			      "-keyout",  key,
			      "-out",	  cert,
			      NULL};
	struct proc_spec spec = {
		.argv = argv, .dir = s->fix->dir, .name = "openssl"};
	assert_int_equal(proc_run(&spec, SCENE_DEADLINE_MS, &out, &err), 0);
	struct simulator tls = {0};
	simulator_start(&tls, s->fix->dir,
			(const char *[]){"--tls", cert, key, NULL});
	scoped_free char *base = xasprintf("WECHAT_API_BASE=%s", tls.base);
	scoped_free char *trust = xasprintf("WECHAT_CA_FILE=%s", cert);
	scoped_free char *hook = xasprintf("WEBHOOK_X_URL=%s/hook/x", tls.base);
	scoped_free char *unknown = REPORT(s, .env = {base}, .status = 1);
	report_expect(unknown, "FAULT  network      https://127.0.0.1:",
		      "tls-untrusted");
	scoped_free char *known =
		REPORT(s, .env = {base, trust, hook,
				  "WEBHOOK_X_SECRET=a-plain-secret"});
	report_expect(known, "ok     network      https://127.0.0.1:", "");
	report_expect(known, "ok     webhook      x (https://127.0.0.1:", "");
	assert_non_null(
		strstr(known, " is reached, and its certificate verifies\n"));
	simulator_finish(&tls);
}

static void test_clock(void **state)
{
	struct scene *s = *state;
	simulator_fault(&s->sim, "[{\"stage\":\"other\",\"status\":404,"
				 "\"times\":-1,\"date\":"
				 "\"Wed, 21 Oct 2015 07:28:00 GMT\"}]");
	scoped_free char *fast = REPORT(s, .status = 1);
	report_expect(fast, "FAULT  clock        ", "clock-off");
	assert_non_null(strstr(fast, " s fast, by the time of WeChat's"));
	simulator_fault(&s->sim, "[{\"stage\":\"other\",\"status\":404,"
				 "\"times\":-1,\"date\":"
				 "\"Fri, 21 Oct 2095 07:28:00 GMT\"}]");
	scoped_free char *slow =
		REPORT(s, .args = {"--lang", "zh"}, .status = 1);
	report_expect(slow, "故障   时钟         比微信应答的时间慢 ",
		      "clock-off");
}

/* What is behind the path or the query may be a key: it is not shown. */
static void test_webhooks(void **state)
{
	struct scene *s = *state;
	scoped_free char *good =
		xasprintf("WEBHOOK_GOOD_URL=%s/hook/a?key=k-e-y", s->sim.base);
	scoped_free char *said =
		REPORT(s,
		       .env = {good, "WEBHOOK_GOOD_SECRET=a-plain-secret",
			       "WEBHOOK_SHUT_URL=http://127.0.0.1:9/h",
			       "WEBHOOK_SHUT_SECRET=a-plain-secret",
			       "WEBHOOK_NONE_URL=https://no-such.invalid/h",
			       "WEBHOOK_NONE_SECRET=a-plain-secret",
			       "WEBHOOK_LAN_URL=https://192.168.77.1/h",
			       "WEBHOOK_LAN_SECRET=a-plain-secret"},
		       .status = 1);
	scoped_free char *line = xasprintf(
		"ok     webhook      good (%s) is reached, without TLS\n",
		s->sim.base);
	report_expect(said, line, "");
	report_expect(said,
		      "FAULT  webhook      no connection to shut "
		      "(http://127.0.0.1:9): ",
		      "webhook-unreachable");
	report_expect(
		said,
		"FAULT  webhook      none (https://no-such.invalid) has no "
		"address ",
		"webhook-unreachable");
	report_expect(
		said,
		"FAULT  webhook      no connection to lan "
		"(https://192.168.77.1): its address is of a private network",
		"webhook-address-private");
	scoped_free char *chinese =
		REPORT(s, .args = {"--lang", "zh"},
		       .env = {"WEBHOOK_LAN_URL=https://192.168.77.1/h",
			       "WEBHOOK_LAN_SECRET=a-plain-secret"},
		       .status = 1);
	report_expect(chinese,
		      "故障   webhook      连不上 lan (https://192.168.77.1)："
		      "它的地址属于内网",
		      "webhook-address-private");
	assert_null(strstr(said, "k-e-y"));
	assert_null(strstr(said, "a-plain-secret"));
	assert_int_equal(scene_calls(s, "hook"), 0);
}

static void test_recipients(void **state)
{
	struct scene *s = *state;
	scene_insert(s, USER_UNKNOWN);
	scoped_free char *nobody = REPORT(s, .status = 1);
	report_expect(
		nobody,
		"FAULT  recipient    未找到用户 (no such user): " USER_UNKNOWN,
		"user-not-found");
	scene_insert(s, USER_BOUND);
	scene_insert(s, USER_NOT_BOUND);
	scoped_free char *some = REPORT(s, .status = 0);
	report_expect(
		some,
		"warn   recipient    未找到用户 (no such user): " USER_UNKNOWN,
		"user-not-found");
	report_expect(
		some,
		"warn   recipient    未找到用户 (no openid): " USER_NOT_BOUND,
		"user-not-bound");
	assert_null(strstr(some, USER_BOUND));
	scoped_free char *zh = REPORT(s, .args = {"--lang", "zh"});
	report_expect(zh, "注意   接收人       未找到用户：" USER_UNKNOWN,
		      "user-not-found");
	/* The newest 20 alone are asked about. */
	scene_insert_many(s, 20);
	scoped_free char *newest = REPORT(s, .status = 0);
	report_expect(
		newest,
		"ok     recipient    20 of the newest rows for wechat-cloud, "
		"all bound",
		"");
}

/* And nothing was written. */
static void expect_sent(struct scene *s, int count)
{
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), count);
	assert_int_equal(outbox_int(s->fix->db, "SELECT count(*) FROM outbox"),
			 0);
}

static void test_send_to(void **state)
{
	struct scene *s = *state;
	scoped_free char *sent =
		REPORT(s, .args = {"--send-to", USER_BOUND}, .status = 0);
	report_expect(sent,
		      "ok     message      sent to " USER_BOUND
		      " by wechat-cloud\n",
		      "");
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), 1);
	scoped_free char *refused = REPORT(
		s, .args = {"--send-to", USER_UNSUBSCRIBED}, .status = 1);
	report_expect(refused,
		      "FAULT  message      订阅消息发送失败 (not sent "
		      "to " USER_UNSUBSCRIBED "): errcode=43101 ",
		      "not-subscribed");
	scoped_free char *nobody =
		REPORT(s, .args = {"--send-to", USER_UNKNOWN}, .status = 1);
	report_expect(nobody, "FAULT  message      订阅消息发送失败",
		      "user-not-found");
	simulator_fault(&s->sim, "[{\"stage\":\"token\",\"errcode\":40125}]");
	scoped_free char *no_token =
		REPORT(s, .args = {"--send-to", USER_BOUND}, .status = 1);
	report_expect(
		no_token,
		"FAULT  message      not looked at: there is no access token\n",
		"");
	expect_sent(s, 1);
	cJSON *calls = scene_journal(s, "invoke");
	char *text = cJSON_PrintUnformatted(calls);
	assert_non_null(strstr(text, "测试"));
	cJSON_free(text);
	cJSON_Delete(calls);
}

/* No function: the relay looks up and sends by itself. */
static const struct report_run subscribe = {
	.env = {"WECHAT_TEMPLATE_A_ID="
		"Zk3mQ8vT1xR5nB7cW2yL6hD4jS0pGaU9eFtYoIkXb_M",
		"WECHAT_TEMPLATE_A_TYPE=sendCustomerAssignNotify",
		"WECHAT_TEMPLATE_A_FIELDS=thing1=customerName thing2=source "
		"name3=assignerName time4=assignTime",
		"OUTBOX_CHANNEL=wechat-subscribe"},
};

static void test_subscribe(void **state)
{
	struct scene *s = *state;
	struct report_run run = subscribe;
	free(scene_run_once(s, run.env));
	scene_insert(s, USER_BOUND);
	scene_insert(s, USER_NOT_BOUND);
	scene_insert(s, USER_UNKNOWN);
	outbox_exec(s->fix->db,
		    "INSERT INTO outbox (type, payload, channel, recipient)"
		    " VALUES ('t', '{}', 'wechat-cloud', 'of-the-other')");
	scoped_free char *said = report_of(s, &run);
	assert_null(strstr(said, "of-the-other"));
	report_expect(said,
		      "-      function     not looked at: no type goes to "
		      "wechat-cloud\n",
		      "");
	report_expect(
		said,
		"ok     template     WECHAT_TEMPLATE_A_ID: 客户分配通知, every "
		"field is filled\n",
		"");
	report_expect(
		said,
		"warn   recipient    未找到用户 (no such user): " USER_UNKNOWN,
		"user-not-found");
	report_expect(
		said,
		"warn   recipient    未找到用户 (no openid): " USER_NOT_BOUND,
		"user-not-bound");
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), 0);
	simulator_fault(&s->sim, "[{\"stage\":\"database\",\"times\":-1,"
				 "\"errcode\":-502005}]");
	run.status = 1;
	scoped_free char *missing = report_of(s, &run);
	report_expect(missing,
		      "FAULT  users        未找到用户 (nobody would be found): "
		      "errcode=-502005 ",
		      "collection-missing");
}

/* Before the first row, too, a slip that would keep it back is found. */
static void test_subscribe_without_rows(void **state)
{
	struct scene *s = *state;
	struct report_run run = subscribe;
	scoped_free char *good = report_of(s, &run);
	report_expect(good,
		      "ok     users        the collection users of "
		      "cloud1-4gi0bpoje72fedd1 can be read\n",
		      "");
	run.env[4] = "MINIPROGRAM_CLOUD_ENV=cloud1-elsewhere";
	run.status = 1;
	scoped_free char *elsewhere = report_of(s, &run);
	report_expect(elsewhere,
		      "FAULT  users        未找到用户 (nobody would be found): "
		      "errcode=-501000 ",
		      "env-not-found");
	run.env[4] = NULL;
	run.args[0] = "--lang";
	run.args[1] = "zh";
	simulator_fault(&s->sim, "[{\"stage\":\"database\",\"times\":-1,"
				 "\"errcode\":-502005}]");
	scoped_free char *missing = report_of(s, &run);
	report_expect(missing,
		      "故障   用户集合     未找到用户：errcode=-502005 ",
		      "collection-missing");
}

static void test_subscribe_send_to(void **state)
{
	struct scene *s = *state;
	struct report_run run = subscribe;
	run.args[0] = "--send-to";
	run.args[1] = USER_BOUND;
	scoped_free char *sent = report_of(s, &run);
	report_expect(sent,
		      "ok     message      sent to " USER_BOUND
		      " by wechat-subscribe\n",
		      "");
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), 1);
	run.args[1] = USER_UNKNOWN;
	run.status = 1;
	scoped_free char *nobody = report_of(s, &run);
	report_expect(nobody, "FAULT  message      订阅消息发送失败",
		      "user-not-found");
}

int main(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_channels),
		SCENE_TEST(test_relay),
		SCENE_TEST(test_network),
		SCENE_TEST(test_tls),
		SCENE_TEST(test_clock),
		SCENE_TEST(test_webhooks),
		SCENE_TEST(test_recipients),
		SCENE_TEST(test_send_to),
		SCENE_TEST(test_subscribe),
		SCENE_TEST(test_subscribe_send_to),
		SCENE_TEST(test_subscribe_without_rows),
	};
	return cmocka_run_group_tests_name("check more", tests, NULL, NULL);
}
