/*
 * outbox-relay check with WECHAT_TOKEN=classic, where each token that is
 * fetched ends the one before it: a relay that runs keeps its own, unless a
 * message is asked for.
 */
#include "tests/support/report.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const classic[] = {"WECHAT_TOKEN=classic", NULL};

#define CLASSIC .env = {"WECHAT_TOKEN=classic"}
#define KEPT                                                         \
	"warn   token        not fetched: it would end the relay's " \
	"(WECHAT_TOKEN=classic) ["
#define WARNED                                                             \
	"warn   token        WECHAT_TOKEN=classic: it ends the tokens of " \
	"all other programs ["

static void expect_whole(const char *said)
{
	report_expect(said, "ok     token        WeChat gives an access token",
		      "");
	report_expect(said, WARNED, "token-classic");
	report_expect(said, "ok     white list   ", "");
	report_expect(said, "ok     function     ", "");
	report_expect(said, "ok     template     ", "");
	report_expect(said, "ok     users        ", "");
}

static void expect_kept(const char *said)
{
	report_expect(said, KEPT, "token-not-asked");
	report_expect(said, "-      white list   not looked at: there is no ",
		      "");
	report_expect(said, "-      recipient    not looked at: there is no ",
		      "");
	assert_null(strstr(said, "WeChat gives an access token"));
}

static void test_no_relay(void **state)
{
	struct scene *s = *state;
	scoped_free char *whole = REPORT(s, CLASSIC);
	expect_whole(whole);
	assert_int_equal(scene_calls(s, "token"), 1);
	/* One that was stopped, and one that has been silent for an hour. */
	scene_start_relay(s, classic);
	scene_stop_relay(s);
	scoped_free char *stopped = REPORT(s, CLASSIC);
	expect_whole(stopped);
	scene_start_relay(s, classic);
	scene_crash_relay(s);
	outbox_exec(s->fix->db, "UPDATE outbox_relay"
				" SET beat_at = beat_at - 3600000");
	scoped_free char *dead = REPORT(s, CLASSIC, .status = 1);
	expect_whole(dead);
}

static void test_relay_runs(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, classic);
	scene_insert(s, USER_BOUND);
	scene_wait_count(s, "wechat-cloud", "delivered", 1);
	long long minted = simulator_stat(&s->sim, "tokens_minted");
	scoped_free char *kept = REPORT(s, CLASSIC);
	expect_kept(kept);
	scoped_free char *zh = REPORT(s, CLASSIC, .args = {"--lang", "zh"});
	report_expect(zh,
		      "注意   token        未获取：会使 relay 的 token 失效",
		      "token-not-asked");
	assert_int_equal(simulator_stat(&s->sim, "tokens_minted"), minted);
	/* A stable one ends nobody's. */
	scoped_free char *stable = REPORT(s, .status = 0);
	assert_null(strstr(stable, "classic"));
}

/* A message is asked for by name, and so is its token. */
static void test_send_to(void **state)
{
	struct scene *s = *state;
	scene_start_relay(s, classic);
	scene_insert(s, USER_BOUND);
	scene_wait_count(s, "wechat-cloud", "delivered", 1);
	scoped_free char *sent =
		REPORT(s, CLASSIC, .args = {"--send-to", USER_BOUND});
	expect_whole(sent);
	report_expect(sent, "ok     message      sent to " USER_BOUND, "");
	assert_int_equal(simulator_stat(&s->sim, "tokens_minted"), 2);
	/* The relay's is dead in the end, and it fetches another one. */
	simulator_fault(&s->sim, "[{\"stage\":\"invoke\",\"errcode\":40001}]");
	scene_insert(s, USER_BOUND);
	scene_wait_count(s, "wechat-cloud", "delivered", 2);
	assert_int_equal(simulator_stat(&s->sim, "tokens_minted"), 3);
}

/* Whether a relay runs cannot be seen; where there is no file, none does. */
static void test_no_database(void **state)
{
	struct scene *s = *state;
	outbox_exec(s->fix->db, "UPDATE outbox_meta SET value = '99'"
				" WHERE key = 'version'");
	scoped_free char *newer = REPORT(s, CLASSIC, .status = 1);
	expect_kept(newer);
	assert_int_equal(scene_calls(s, "token"), 0);
	assert_int_equal(unlink(s->fix->path), 0);
	scoped_free char *none = REPORT(s, CLASSIC, .status = 1);
	expect_whole(none);
}

int main(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_no_relay),
		SCENE_TEST(test_relay_runs),
		SCENE_TEST(test_send_to),
		SCENE_TEST(test_no_database),
	};
	return cmocka_run_group_tests_name("check token", tests, NULL, NULL);
}
