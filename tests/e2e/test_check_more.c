/*
 * outbox-relay check: what lies in the database, on the way to WeChat and to
 * webhooks, and in the recipients; and the one message that --send-to sends.
 */
#include "tests/support/scene.h"

#include "lib/reason.h"
#include "lib/util.h"
#include "tests/support/tempdir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENV_MAX = 10 };

struct check_run {
	const char *env[ENV_MAX];
	const char *args[4];
	int status;
};

static const char secret[] = "0123456789abcdef0123456789abcdef";

/* What check said; the caller frees. */
static char *run_check(struct scene *s, const struct check_run *run)
{
	scoped_free char *err = NULL;
	char *out = NULL;
	struct relay_setup setup = {.dir = s->fix->dir,
				    .db = s->fix->path,
				    .base = s->sim.base,
				    .env = run->env,
				    .args = run->args};
	int got = relayproc_verb(&setup, "check", &out, &err);
	if (got != run->status)
		fail_msg("exit status %d: %s%s", got, out, err);
	assert_string_equal(err, "");
	assert_null(strstr(out, secret));
	return out;
}
#define CHECK(s, ...) run_check((s), &(struct check_run){__VA_ARGS__})

/* A line that begins so and ends with the reason's id; "" for none. */
static void expect(const char *said, const char *line, const char *id)
{
	const char *at = strstr(said, line);
	if (!at || (at > said && at[-1] != '\n'))
		fail_msg("no line \"%s\" in: %s", line, said);
	scoped_free char *tail = *id ? xasprintf(" [%s]\n", id) : xstrdup("\n");
	const char *end = strchr(at, '\n') + 1;
	assert_true(!*id || reason_find(id));
	if (strncmp(end - strlen(tail), tail, strlen(tail)) != 0)
		fail_msg("\"%s\" does not end with \"%s\": %s", line, tail,
			 said);
}

static void test_channels(void **state)
{
	struct scene *s = *state;
	outbox_exec(s->fix->db,
		    "UPDATE outbox_channel SET state = 'held',"
		    " reason = 'function-not-found',"
		    " detail = '-501000 a 0123456789abcdef0123456789abcdef'");
	scoped_free char *held = CHECK(s, .status = 1);
	expect(held, "FAULT  channel      wechat-cloud is held: -501000 a ***",
	       "function-not-found");
	scoped_free char *zh = CHECK(s, .args = {"--lang", "zh"}, .status = 1);
	expect(zh,
	       "故障   通道         wechat-cloud 已被 relay 暂停：-501000 a",
	       "function-not-found");
	outbox_exec(s->fix->db,
		    "UPDATE outbox_channel SET state = 'paused',"
		    " state_by = 'alice', detail = 'audit' || char(27)");
	scoped_free char *paused = CHECK(s, .status = 0);
	expect(paused,
	       "warn   channel      wechat-cloud was paused by alice: "
	       "audit\\x1b",
	       "paused-by-operator");
}

static void test_relay(void **state)
{
	struct scene *s = *state;
	scoped_free char *none = CHECK(s, .status = 0);
	expect(none, "warn   relay        none runs on this database",
	       "relay-not-running");
	scene_start_relay(s, NULL);
	scene_crash_relay(s);
	scoped_free char *young = CHECK(s, .status = 0);
	expect(young, "ok     relay        pid ", "");
	outbox_exec(s->fix->db, "UPDATE outbox_relay"
				" SET beat_at = beat_at - 3600000");
	scoped_free char *dead = CHECK(s, .status = 1);
	expect(dead, "FAULT  relay        pid ", "relay-silent");
	assert_non_null(strstr(dead, "its last heartbeat was 36"));
	scoped_free char *zh = CHECK(s, .args = {"--lang", "zh"}, .status = 1);
	assert_non_null(strstr(zh, "最后一次心跳在 36"));
}

static void test_network(void **state)
{
	struct scene *s = *state;
	scoped_free char *name = CHECK(
		s, .env = {"WECHAT_API_BASE=https://no-such-host.invalid"},
		.status = 1);
	expect(name,
	       "FAULT  network      https://no-such-host.invalid has no "
	       "address (DNS): ",
	       "connection-failed");
	expect(name, "-      clock        not looked at: WeChat's answer", "");
	scoped_free char *refused = CHECK(
		s, .env = {"WECHAT_API_BASE=http://127.0.0.1:9"}, .status = 1);
	expect(refused,
	       "FAULT  network      no connection to http://127.0.0.1:9: ",
	       "connection-failed");
	const char *port = strrchr(s->sim.base, ':');
	scoped_free char *tls =
		xasprintf("WECHAT_API_BASE=https://127.0.0.1%s", port);
	scoped_free char *plain = CHECK(s, .env = {tls}, .status = 1);
	expect(plain,
	       "FAULT  network      https://127.0.0.1:", "connection-failed");
	assert_non_null(strstr(plain, " is reached, but not by TLS: "));
	simulator_fault(&s->sim, "[{\"stage\":\"other\",\"reset\":true}]");
	scoped_free char *reset = CHECK(s, .status = 1);
	expect(reset,
	       "FAULT  network      http://127.0.0.1:", "connection-lost");
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
	scoped_free char *unknown = CHECK(s, .env = {base}, .status = 1);
	expect(unknown,
	       "FAULT  network      https://127.0.0.1:", "tls-untrusted");
	scoped_free char *known =
		CHECK(s, .env = {base, trust, hook,
				 "WEBHOOK_X_SECRET=a-plain-secret"});
	expect(known, "ok     network      https://127.0.0.1:", "");
	expect(known, "ok     webhook      x (https://127.0.0.1:", "");
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
	scoped_free char *fast = CHECK(s, .status = 1);
	expect(fast, "FAULT  clock        ", "clock-off");
	assert_non_null(strstr(fast, " s fast, by the time of WeChat's"));
	simulator_fault(&s->sim, "[{\"stage\":\"other\",\"status\":404,"
				 "\"times\":-1,\"date\":"
				 "\"Fri, 21 Oct 2095 07:28:00 GMT\"}]");
	scoped_free char *slow =
		CHECK(s, .args = {"--lang", "zh"}, .status = 1);
	expect(slow, "故障   时钟         比微信应答的时间慢 ", "clock-off");
}

/* What is behind the path or the query may be a key: it is not shown. */
static void test_webhooks(void **state)
{
	struct scene *s = *state;
	scoped_free char *good =
		xasprintf("WEBHOOK_GOOD_URL=%s/hook/a?key=k-e-y", s->sim.base);
	scoped_free char *said =
		CHECK(s,
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
	expect(said, line, "");
	expect(said,
	       "FAULT  webhook      no connection to shut "
	       "(http://127.0.0.1:9): ",
	       "webhook-unreachable");
	expect(said,
	       "FAULT  webhook      none (https://no-such.invalid) has no "
	       "address ",
	       "webhook-unreachable");
	expect(said,
	       "FAULT  webhook      no connection to lan "
	       "(https://192.168.77.1): its address is of a private network",
	       "webhook-address-private");
	assert_null(strstr(said, "k-e-y"));
	assert_null(strstr(said, "a-plain-secret"));
	assert_int_equal(scene_calls(s, "hook"), 0);
}

static void test_recipients(void **state)
{
	struct scene *s = *state;
	scene_insert(s, USER_UNKNOWN);
	scoped_free char *nobody = CHECK(s, .status = 1);
	expect(nobody,
	       "FAULT  recipient    未找到用户 (no such user): " USER_UNKNOWN,
	       "user-not-found");
	scene_insert(s, USER_BOUND);
	scene_insert(s, USER_NOT_BOUND);
	scoped_free char *some = CHECK(s, .status = 0);
	expect(some,
	       "warn   recipient    未找到用户 (no such user): " USER_UNKNOWN,
	       "user-not-found");
	expect(some,
	       "warn   recipient    未找到用户 (no openid): " USER_NOT_BOUND,
	       "user-not-bound");
	assert_null(strstr(some, USER_BOUND));
	scoped_free char *zh = CHECK(s, .args = {"--lang", "zh"});
	expect(zh, "注意   收件人       未找到用户：" USER_UNKNOWN,
	       "user-not-found");
	/* The newest 20 alone are asked about. */
	scene_insert_many(s, 20);
	scoped_free char *newest = CHECK(s, .status = 0);
	expect(newest,
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
		CHECK(s, .args = {"--send-to", USER_BOUND}, .status = 0);
	expect(sent,
	       "ok     message      sent to " USER_BOUND " by wechat-cloud\n",
	       "");
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), 1);
	scoped_free char *refused =
		CHECK(s, .args = {"--send-to", USER_UNSUBSCRIBED}, .status = 1);
	expect(refused,
	       "FAULT  message      订阅消息发送失败 (not sent "
	       "to " USER_UNSUBSCRIBED "): errcode=43101 ",
	       "not-subscribed");
	scoped_free char *nobody =
		CHECK(s, .args = {"--send-to", USER_UNKNOWN}, .status = 1);
	expect(nobody, "FAULT  message      订阅消息发送失败",
	       "user-not-found");
	simulator_fault(&s->sim, "[{\"stage\":\"token\",\"errcode\":40125}]");
	scoped_free char *no_token =
		CHECK(s, .args = {"--send-to", USER_BOUND}, .status = 1);
	expect(no_token,
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
static const struct check_run subscribe = {
	.env = {"WECHAT_TEMPLATE_A_ID=Tpl-"
		"0123456789abcdefghijklmnopqrstuvwxyz012",
		"WECHAT_TEMPLATE_A_TYPE=sendCustomerAssignNotify",
		"WECHAT_TEMPLATE_A_FIELDS=thing1=customerName "
		"name3=assignerName",
		"OUTBOX_CHANNEL=wechat-subscribe"},
};

static void test_subscribe(void **state)
{
	struct scene *s = *state;
	struct check_run run = subscribe;
	free(scene_run_once(s, run.env));
	scene_insert(s, USER_BOUND);
	scene_insert(s, USER_NOT_BOUND);
	scene_insert(s, USER_UNKNOWN);
	outbox_exec(s->fix->db,
		    "INSERT INTO outbox (type, payload, channel, recipient)"
		    " VALUES ('t', '{}', 'wechat-cloud', 'of-the-other')");
	scoped_free char *said = run_check(s, &run);
	assert_null(strstr(said, "of-the-other"));
	expect(said,
	       "-      function     not looked at: no type goes to "
	       "wechat-cloud\n",
	       "");
	expect(said,
	       "ok     template     the settings have a for rows of type "
	       "sendCustomerAssignNotify\n",
	       "");
	expect(said,
	       "warn   recipient    未找到用户 (no such user): " USER_UNKNOWN,
	       "user-not-found");
	expect(said,
	       "warn   recipient    未找到用户 (no openid): " USER_NOT_BOUND,
	       "user-not-bound");
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), 0);
	simulator_fault(&s->sim, "[{\"stage\":\"database\",\"times\":-1,"
				 "\"errcode\":-502005}]");
	run.status = 1;
	scoped_free char *missing = run_check(s, &run);
	expect(missing,
	       "FAULT  users        未找到用户 (nobody would be found): "
	       "errcode=-502005 ",
	       "collection-missing");
}

static void test_subscribe_send_to(void **state)
{
	struct scene *s = *state;
	struct check_run run = subscribe;
	run.args[0] = "--send-to";
	run.args[1] = USER_BOUND;
	scoped_free char *sent = run_check(s, &run);
	expect(sent,
	       "ok     message      sent to " USER_BOUND
	       " by wechat-subscribe\n",
	       "");
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), 1);
	run.args[1] = USER_UNKNOWN;
	run.status = 1;
	scoped_free char *nobody = run_check(s, &run);
	expect(nobody, "FAULT  message      订阅消息发送失败",
	       "user-not-found");
}

int main(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_channels),   SCENE_TEST(test_relay),
		SCENE_TEST(test_network),    SCENE_TEST(test_tls),
		SCENE_TEST(test_clock),	     SCENE_TEST(test_webhooks),
		SCENE_TEST(test_recipients), SCENE_TEST(test_send_to),
		SCENE_TEST(test_subscribe),  SCENE_TEST(test_subscribe_send_to),
	};
	return cmocka_run_group_tests_name("check more", tests, NULL, NULL);
}
