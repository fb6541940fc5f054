/*
 * Section 8.6 of the fact sheet: connections that fail, break or stall, and
 * answers that are none of WeChat's, in front of a running relay, at the call
 * of the function and at the token call.
 */
#include "tests/support/codebench.h"

#include "lib/util.h"
#include "tests/support/tempdir.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define INVOKE(effect) "[{\"stage\":\"invoke\",\"times\":-1," effect "}]"
#define TOKEN(effect)  "[{\"stage\":\"token\",\"times\":-1," effect "}]"
/* A date that a setting caps, and one that has passed. */
#define IN_2037 "\"retry_after\":\"Wed, 21 Oct 2037 07:28:00 GMT\""
#define IN_2015 "\"retry_after\":\"Wed, 21 Oct 2015 07:28:00 GMT\""

/* clang-format off */
static const struct code_case cases[] = {
	{"no fault", "[]", .class = 'V'},
	/* There is one from the row before. */
	{"closed where it was used before",
	 INVOKE("\"close_reused\":true"),
	 .class = 'U', .reason = "connection-lost"},
	{"reset", INVOKE("\"reset\":true"),
	 .class = 'U', .reason = "connection-lost"},
	{"reset after the function ran", INVOKE("\"reset\":true,\"act\":true"),
	 .class = 'U', .reason = "connection-lost"},
	{"half an answer", INVOKE("\"half\":true,\"act\":true"),
	 .class = 'U', .reason = "connection-lost"},
	{"hangs", INVOKE("\"hang\":true"),
	 .class = 'U', .reason = "timeout-unknown"},
	{"too slow", INVOKE("\"delay_ms\":60000"),
	 .class = 'U', .reason = "timeout-unknown"},
	{"10 MB", INVOKE("\"big\":10000000"),
	 .class = 'U', .reason = "answer-too-large", .code = 200},
	{"no JSON", INVOKE("\"status\":200,\"body\":\"hello\""),
	 .class = 'U', .reason = "answer-unreadable", .code = 200},
	{"half JSON", INVOKE("\"status\":200,\"body\":\"{\\\"errcode\\\":0\""),
	 .class = 'U', .reason = "answer-unreadable", .code = 200},
	{"an empty body", INVOKE("\"status\":200,\"body\":\"\""),
	 .class = 'U', .reason = "answer-unreadable", .code = 200},
	{"neither errcode nor resp_data", INVOKE("\"status\":200,\"body\":"
						 "\"{\\\"ok\\\":true}\""),
	 .class = 'U', .reason = "answer-unreadable", .code = 200},
	{"a proxy's page", INVOKE("\"garbage\":true"),
	 .class = 'U', .reason = "html-answer", .code = 200},
	{"a login page", INVOKE("\"status\":302"),
	 .class = 'T', .reason = "http-3xx", .code = 302},
	{"not found", INVOKE("\"status\":404"),
	 .class = 'T', .reason = "http-4xx", .code = 404},
	{"bad gateway", INVOKE("\"status\":502"),
	 .class = 'U', .reason = "server-error-5xx", .code = 502},
	{"503 for two hours", INVOKE("\"status\":503,\"retry_after\":7200"),
	 .class = 'U', .s = 3600, .reason = "server-error-5xx", .code = 503},
	{"429", INVOKE("\"status\":429"),
	 .class = 'Q', .s = 60, .reason = "too-many-requests", .code = 429},
	{"429 for 7 s", INVOKE("\"status\":429,\"retry_after\":7"),
	 .class = 'Q', .s = 60, .reason = "too-many-requests", .code = 429},
	{"429 for 120 s", INVOKE("\"status\":429,\"retry_after\":120"),
	 .class = 'Q', .s = 120, .reason = "too-many-requests", .code = 429},
	{"429 until 2037", INVOKE("\"status\":429," IN_2037),
	 .class = 'Q', .s = 3600, .reason = "too-many-requests", .code = 429},
	{"429 until 2015", INVOKE("\"status\":429," IN_2015),
	 .class = 'Q', .s = 60, .reason = "too-many-requests", .code = 429},
	{"resp_data is empty",
	 "[{\"stage\":\"function\",\"times\":-1,\"resp\":\"\"}]",
	 .class = 'U', .reason = "resp-data-empty"},
	{"the function says garbage",
	 "[{\"stage\":\"function\",\"times\":-1,\"resp\":\"<<<\"}]",
	 .class = 'U', .reason = "answer-unreadable"},

	{"token: reset", TOKEN("\"reset\":true"),
	 .is_token = true, .class = 'T', .reason = "connection-lost"},
	{"token: half an answer", TOKEN("\"half\":true"),
	 .is_token = true, .class = 'T', .reason = "connection-lost"},
	{"token: hangs", TOKEN("\"hang\":true"),
	 .is_token = true, .class = 'T', .reason = "timeout-unknown"},
	{"token: 10 MB", TOKEN("\"big\":10000000"),
	 .is_token = true, .class = 'T', .reason = "answer-too-large"},
	{"token: a proxy's page", TOKEN("\"garbage\":true"),
	 .is_token = true, .class = 'T', .reason = "html-answer"},
	{"token: no token in it", TOKEN("\"status\":200,\"body\":\"{}\""),
	 .is_token = true, .class = 'T', .reason = "answer-unreadable"},
	{"token: 302", TOKEN("\"status\":302"),
	 .is_token = true, .class = 'T', .reason = "http-3xx"},
	{"token: 404", TOKEN("\"status\":404"),
	 .is_token = true, .class = 'T', .reason = "http-4xx"},
	{"token: 500", TOKEN("\"status\":500"),
	 .is_token = true, .class = 'T', .reason = "server-error-5xx"},
	{"token: 429 for 120 s", TOKEN("\"status\":429,\"retry_after\":120"),
	 .is_token = true, .class = 'Q', .s = 120,
	 .reason = "too-many-requests"},
};
/* clang-format on */

static const char *const settings[] = {CODEBENCH_SETTINGS, "RELAY_TIMEOUT=1s",
				       NULL};

static void test_each_failure(void **state)
{
	struct scene *s = *state;
	unsigned bad = 0;
	scene_start_relay(s, settings);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bad += !codebench_try(s, &cases[i]);
		codebench_mend(s);
	}
	assert_int_equal(bad, 0);
	assert_int_equal(relayproc_stop(&s->relay, SCENE_DEADLINE_MS), 0);
}

/* Nobody listens any more: nothing was sent, so nothing is unknown. */
static void test_refused(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, settings);
	codebench_mend(s);
	proc_signal(&s->sim.proc, SIGKILL);
	proc_wait(&s->sim.proc, SCENE_DEADLINE_MS);
	int64_t id = scene_insert(s, USER_BOUND);
	scene_wait(s,
		   "SELECT status || attempts FROM outbox"
		   " ORDER BY id DESC LIMIT 1",
		   "pending1");
	scene_expect_row(s, id, "pending|1|0|0|connection-failed");
}

/* What the channel says when the first token call cannot even be made. */
static void expect_first_hold(struct scene *s, const char *base,
			      const char *expected)
{
	scoped_free char *setting = xasprintf("WECHAT_API_BASE=%s", base);
	scene_start_relay(s, (const char *[]){setting, NULL});
	scene_wait(s,
		   "SELECT state || '|' || reason || '|' ||"
		   "       ((state_until - state_since + 500) / 1000)"
		   "  FROM outbox_channel",
		   expected);
	scene_wait(s,
		   "SELECT count(*) FROM outbox WHERE status = 'pending'"
		   "   AND attempts = 0 AND lease_no = 0",
		   "1");
	assert_int_equal(relayproc_stop(&s->relay, SCENE_DEADLINE_MS), 0);
	proc_finish(&s->relay);
}

/* The port answers, but not in TLS. No name ends in .invalid. */
static void test_no_connection(void **state)
{
	struct scene *s = *state;
	const char *port = strrchr(s->sim.base, ':');
	scoped_free char *tls = xasprintf("https://127.0.0.1%s", port);
	scene_insert(s, USER_BOUND);
	expect_first_hold(s, "http://127.0.0.1:9", "held|connection-failed|5");
	expect_first_hold(s, tls, "held|connection-failed|5");
	expect_first_hold(s, "https://api.weixin.invalid",
			  "held|connection-failed|5");
}

/* A certificate that nobody vouches for, then one that an administrator trusts.
 */
static void test_untrusted(void **state)
{
	struct scene *s = *state;
	struct simulator tls = {0};
	scoped_free char *cert = tempdir_path(s->fix->dir, "cert.pem");
	scoped_free char *key = tempdir_path(s->fix->dir, "key.pem");
	const char *argv[] = {"openssl",  "req",
			      "-x509",	  "-newkey",
			      "rsa:2048", "-nodes",
			      "-days",	  "2",
			      "-subj",	  "/CN=localhost",
			      "-addext",  "subjectAltName=IP:127.0.0.1",
			      "-keyout",  key,
			      "-out",	  cert,
			      NULL};
	struct proc_spec make = {
		.argv = argv, .dir = s->fix->dir, .name = "openssl"};
	assert_int_equal(proc_run(&make, SCENE_DEADLINE_MS, NULL, NULL), 0);
	simulator_start(&tls, s->fix->dir,
			(const char *[]){"--tls", cert, key, NULL});
	scene_insert(s, USER_BOUND);
	expect_first_hold(s, tls.base, "held|tls-untrusted|300");

	scoped_free char *base = xasprintf("WECHAT_API_BASE=%s", tls.base);
	scoped_free char *trust = xasprintf("WECHAT_CA_FILE=%s", cert);
	scene_start_relay(s, (const char *[]){base, trust, NULL});
	scene_wait(s, "SELECT status || attempts FROM outbox", "delivered1");
	simulator_finish(&tls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_each_failure),
		SCENE_TEST(test_refused),
		SCENE_TEST(test_no_connection),
		SCENE_TEST(test_untrusted),
	};
	return cmocka_run_group_tests_name("transport", tests, NULL, NULL);
}
