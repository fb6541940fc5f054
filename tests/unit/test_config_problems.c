/* What is wrong with files of settings. Other code relies on: every problem is
 * reported, not only the first, each with its place, in words that say what to
 * write instead. */
#include "lib/buf.h"
#include "lib/util.h"
#include "relay/config.h"
#include "tests/support/check.h"
#include "tests/support/settings.h"

#include <string.h>

/* What one line of settings makes the loader say; "" is nothing at all. */
static const struct {
	const char *text, *want;
} lines[] = {
	{"RELAY_POLL=30\n",
	 "a.env:1: error: RELAY_POLL: 30 of what? say 30s or 30ms\n"},
	{"\nRELAY_POLL=abc\n",
	 "a.env:2: error: RELAY_POLL: \"abc\" is no duration (500ms, 30s, 10m, "
	 "2h, 1d)\n"},
	{"RELAY_POLL=5ms\n", "a.env:1: error: RELAY_POLL: \"5ms\" is out of "
			     "bounds, which are 10ms to 10m\n"},
	{"RELAY_POLL=0\n",
	 "a.env:1: error: RELAY_POLL: \"0\" is out of bounds, "
	 "which are 10ms to 10m\n"},
	{"RELAY_LIFE=0\nRELAY_PROBE=0s\nRELAY_DRAIN_TIMEOUT=0ms\n", ""},
	{"RELAY_LIFE=366d\n", "a.env:1: error: RELAY_LIFE: \"366d\" is out of "
			      "bounds, which are 0 to 365d\n"},
	{"RELAY_JITTER=51\n", "a.env:1: error: RELAY_JITTER: \"51\" is out of "
			      "bounds, which are 0 to 50\n"},
	{"RELAY_JITTER=20%\n",
	 "a.env:1: error: RELAY_JITTER: \"20%\" is no whole number\n"},
	{"RELAY_LOG_LEVEL=INFO\n", "a.env:1: error: RELAY_LOG_LEVEL: \"INFO\" "
				   "is none of error|warn|info|debug\n"},
	{"WECHAT_TOKEN=\n", ""},
	{"RELAY_TIMEOUT=1s\nA=1\nRELAY_TIMEOUT=2s\n",
	 "a.env:3: warning: RELAY_TIMEOUT is set here again; this one counts, "
	 "not that of line 1\n"},
	{"A=1\nA=2\n", ""},
	/* names */
	{"RELAY_POL=1s\n", "a.env:1: error: RELAY_POL is no setting; did you "
			   "mean RELAY_POLL?\n"},
	{"MINIPROGRAM_APP_SECRET=x\n",
	 "a.env:1: error: MINIPROGRAM_APP_SECRET is no setting; did you mean "
	 "MINIPROGRAM_APPSECRET?\n"},
	{"RELAY_LOGLEVEL=x\n", "a.env:1: error: RELAY_LOGLEVEL is no setting; "
			       "did you mean RELAY_LOG_LEVEL?\n"},
	{"WECHAT_PAY_MCHID=1\n", "a.env:1: warning: WECHAT_PAY_MCHID is no "
				 "setting of the relay; ignored\n"},
	{"RELAYPOLL=1\nrelay_pol=1\n", ""},
	/* lines that are none */
	{"RELAY_POLL 1s\n",
	 "a.env:1: error: RELAY_POLL: the line is not KEY=value\n"},
	{"export RELAY_POLL\n",
	 "a.env:1: error: RELAY_POLL: the line is not KEY=value\n"},
	{"OUTBOX_DB=\"x\nRELAY_POLL=1s\n",
	 "a.env:1: error: OUTBOX_DB: the quote is never closed\n"},
	{"OUTBOX_DB='a\nb'\n",
	 "a.env:1: error: OUTBOX_DB: holds a line end or control character (is "
	 "a quote not closed?)\n"},
	{"hello\nA=1\nx y\nMII+/==\n+++\n\nz\n",
	 "a.env:1: warning: the line is not KEY=value; ignored\n"
	 "a.env:3: warning: the line is not KEY=value; ignored, as are the "
	 "lines to 5\n"
	 "a.env:7: warning: the line is not KEY=value; ignored\n"},
	{"A=\"x\nRELAY_POLL=2s\nB=1 \"\n",
	 "a.env:1: warning: the quoted value of A goes on to line 3 and "
	 "swallows RELAY_POLL\n"},
	{"OUTBOX_DB=a#b\n",
	 "a.env:1: warning: OUTBOX_DB holds a # that is taken as part of the "
	 "value, where dotenv would end it: put the value in quotes\n"},
	{"OUTBOX_DB=~/x.db\n", "a.env:1: error: OUTBOX_DB: ~ has no meaning "
			       "here: write the whole path\n"},
	{"RELAY_POLL=\xff\n",
	 "a.env:1: error: RELAY_POLL: the line is not UTF-8 (save the file as "
	 "UTF-8)\n"},
	{"OUTBOX_CHANNEL=a b\n",
	 "a.env:1: error: OUTBOX_CHANNEL: \"a b\" is no "
	 "name (letters, digits, - _ . only)\n"},
	/* all of them, not the first */
	{"RELAY_POLL=x\nRELAY_POOL=1\nOUTBOX_CHANNEL=?\n",
	 "a.env:2: error: RELAY_POOL is no setting; did you mean RELAY_POLL?\n"
	 "a.env:3: error: OUTBOX_CHANNEL: \"?\" is no name (letters, digits, - "
	 "_ . only)\n"
	 "a.env:1: error: RELAY_POLL: \"x\" is no duration (500ms, 30s, 10m, "
	 "2h, 1d)\n"},
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

static void test_files_that_cannot_be_read(void **state)
{
	(void)state;
	static const char *const files[] = {"a.env", "/", "b.env"};
	settings_write("b.env", "RELAY_POLL=x\n");
	struct config c = {0};
	struct config_problems p = {0};
	assert_int_equal(config_load(&c, files, 3, &p), CONFIG_INVALID);
	scoped_free char *said = settings_problems(&p);
	assert_string_equal(
		said, "a.env: error: cannot read the settings: No such file or "
		      "directory\n"
		      "/: error: cannot read the settings: Is a directory\n"
		      "b.env:1: error: RELAY_POLL: \"x\" is no duration (500ms,"
		      " 30s, 10m, 2h, 1d)\n");
	config_problems_finish(&p);
}

static void test_hostile_files(void **state)
{
	(void)state;
	struct config c = {0};
	scoped_buf b = {0};
	buf_adds(&b, "RELAY_POLL=");
	for (size_t i = 0; i < 1 << 20; i++)
		buf_addc(&b, '1');
	buf_adds(&b, "\nA\x1b[31m=1\nRELAY_P\x1b=1\n");
	for (size_t i = 0; i < 1 << 20; i++)
		buf_addc(&b, 'A');
	buf_adds(&b, "=1\nRELAY_LIFE=\x1b[31m\n");
	settings_write("a.env", buf_str(&b));
	scoped_free char *said = NULL;
	assert_int_equal(settings_load(&c, &said), CONFIG_INVALID);
	assert_null(strchr(said, '\x1b'));
	assert_true(strlen(said) < 2000);
	assert_non_null(strstr(said, "RELAY_POLL: the line is longer than"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SETTINGS_TEST(test_what_is_said),
		SETTINGS_TEST(test_files_that_cannot_be_read),
		SETTINGS_TEST(test_hostile_files),
	};
	return cmocka_run_group_tests_name("config problems", tests, NULL,
					   NULL);
}
