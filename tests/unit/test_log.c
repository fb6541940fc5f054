/* The log and the secrets it must not tell. Other code relies on: one event is
 * one line of logfmt, whatever was in its values; a secret that was ever set is
 * in none, nor is the one before it. */
#include "lib/log.h"

#include "lib/buf.h"
#include "lib/secret.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/proc.h"
#include "tests/support/tempdir.h"

#include <fcntl.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *dir;
static char *path;   /* where stderr goes during a test */
static int saved_fd; /* the real one */

static int catch_stderr(void **state)
{
	(void)state;
	unsetenv("JOURNAL_STREAM");
	dir = tempdir_create("log");
	path = tempdir_path(dir, "stderr");
	int fd = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
	saved_fd = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	close(fd);
	return 0;
}

static int give_stderr_back(void **state)
{
	(void)state;
	dup2(saved_fd, STDERR_FILENO);
	close(saved_fd);
	log_set_sink(NULL, NULL);
	log_set_level(LOG_INFO);
	free(path);
	tempdir_destroy(dir);
	return 0;
}

/* What has been written since the last call. */
static char *take_written(void)
{
	char *text = proc_read_file(path);
	assert_int_equal(truncate(path, 0), 0);
	return text;
}

/* NOLINTBEGIN(misc-misleading-bidirectional) */
static const struct {
	const char *value, *want;
} values[] = {
	{"plain", "v=plain"},
	{"中文", "v=中文"},
	{"", "v=\"\""},
	{NULL, "v=\"\""},
	{"two words", "v=\"two words\""},
	{"a=b", "v=\"a=b\""},
	{"say \"no\"", "v=\"say \\\"no\\\"\""},
	{"back\\slash", "v=\"back\\\\slash\""},
	{"x\nlevel=error event=forged", "v=\"x\\\\nlevel=error event=forged\""},
	{"\x1b[31mred", "v=\"\\\\x1b[31mred\""},
	{"\xff", "v=\"\\\\xff\""},
	{"\u202e", "v=\"\\\\u202e\""},
};
/* NOLINTEND(misc-misleading-bidirectional) */

static void test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		log_info("something", LOG_STR("v", values[i].value));
		scoped_free char *line = take_written();
		scoped_free char *want = xasprintf(
			" level=info event=something %s\n", values[i].want);
		size_t at = strlen("ts=2025-12-24T10:30:00.000Z");
		assert_string_equal(line + at, want);
	}
}

static void test_line(void **state)
{
	(void)state;
	log_warn("a few words", LOG_INT("n", INT64_MIN), LOG_STR("s", "x"),
		 LOG_INT("m", 0));
	log_error("bare");
	scoped_free char *lines = take_written();
	regex_t re;
	static const char stamp[] =
		"ts=20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
		"\\.[0-9]{3}Z level=";
	scoped_free char *want = xasprintf("^%swarn event=\"a few words\""
					   " n=-9223372036854775808 s=x m=0\n"
					   "%serror event=bare\n$",
					   stamp, stamp);
	assert_int_equal(regcomp(&re, want, REG_EXTENDED | REG_NOSUB), 0);
	assert_int_equal(regexec(&re, lines, 0, NULL, 0), 0);
	regfree(&re);
}

static void test_journal_prefix(void **state)
{
	(void)state;
	setenv("JOURNAL_STREAM", "8:1", 1);
	log_set_level(LOG_DEBUG);
	log_error("e");
	log_warn("e");
	log_info("e");
	log_debug("e");
	unsetenv("JOURNAL_STREAM");
	scoped_free char *lines = take_written();
	char digits[5] = "";
	size_t n = 0;
	for (char *p = lines; *p && n < 4; p = strchr(p, '\n') + 1) {
		assert_int_equal(strncmp(p, "<", 1), 0);
		assert_int_equal(strncmp(p + 2, ">ts=", 4), 0);
		digits[n++] = p[1];
	}
	assert_string_equal(digits, "3467");
}

static void collect(void *ctx, enum log_level level, const char *event,
		    const char *fields)
{
	buf_addf(ctx, "%s %s [%s]\n", log_level_name(level), event, fields);
}

static void test_sink(void **state)
{
	(void)state;
	struct buf got = {0};
	log_set_sink(collect, &got);
	log_warn("disk is full", LOG_STR("file", "a b"), LOG_INT("n", 2));
	log_info("started");
	log_debug("not told");
	log_set_sink(NULL, NULL);
	log_error("told to nobody");
	assert_string_equal(buf_str(&got), "warn disk is full"
					   " [file=\"a b\" n=2]\n"
					   "info started []\n");
	buf_finish(&got);
}

static void log_at_all_levels(void)
{
	log_error("e");
	log_warn("w");
	log_info("i");
	log_debug("d");
}

static void test_levels(void **state)
{
	(void)state;
	for (int level = 0; level < LOG_LEVEL_COUNT; level++) {
		const char *name = log_level_name((enum log_level)level);
		enum log_level parsed = LOG_LEVEL_COUNT;
		assert_int_equal(log_level_parse(name, &parsed), 0);
		assert_int_equal(parsed, level);
		log_set_level(parsed);
		log_at_all_levels();
		scoped_free char *lines = take_written();
		int count = 0;
		for (char *p = lines; (p = strchr(p, '\n')); p++)
			count++;
		assert_int_equal(count, level + 1);
	}
	enum log_level untouched = LOG_WARN;
	assert_int_equal(log_level_parse("loud", &untouched), -1);
	assert_int_equal(log_level_parse("", &untouched), -1);
	assert_int_equal(untouched, LOG_WARN);
}

static void assert_redacted(const char *text, const char *want)
{
	scoped_free char *got = secret_redact(text);
	assert_string_equal(got, want);
}

static void test_secrets(void **state)
{
	(void)state;
	assert_null(secret_redact(NULL));
	assert_redacted("nothing to hide", "nothing to hide");
	secret_set("test-secret", "s3cr/t+val=é");
	assert_redacted("s3cr/t+val=é", "***");
	assert_redacted("a s3cr/t+val=é b s3cr/t+val=és3cr/t+val=é",
			"a *** b ******");
	assert_redacted("?secret=s3cr%2Ft%2Bval%3D%C3%A9&x", "?secret=***&x");
	assert_redacted("?secret=s3cr%2ft%2bval%3d%c3%a9&x", "?secret=***&x");
	assert_redacted("s3cr%2Ft+v%61l=é", "***");
	assert_redacted("s3cr/t+val", "s3cr/t+val");
	log_info("call", LOG_STR("url", "http://x/?s=s3cr%2Ft%2Bval%3D%C3%A9"),
		 LOG_STR("body", "s3cr/t+val=é"));
	scoped_free char *line = take_written();
	assert_non_null(strstr(line, "url=\"http://x/?s=***\" body=***\n"));
	assert_null(strstr(line, "s3cr"));
}

/* Texts with the token before may still be on their way. */
static void test_rotation(void **state)
{
	(void)state;
	secret_set("test-token", "token-number-one");
	secret_set("test-token", "token-number-two");
	secret_set("test-token", "token-number-two");
	assert_redacted("token-number-one token-number-two", "*** ***");
	secret_set("test-token", "token-number-three");
	assert_redacted("token-number-one token-number-three", "*** ***");
	secret_set("test-token", NULL);
	assert_redacted("token-number-one", "token-number-one");
	assert_redacted("token-number-two token-number-three", "*** ***");
	secret_set("test-token", "");
	secret_set("test-token", "token-number-four");
	assert_redacted("token-number-three", "token-number-three");
	assert_redacted("token-number-four", "***");
}

static void test_short_values(void **state)
{
	(void)state;
	secret_set("test-short", "1234567");
	assert_redacted("1234567", "1234567");
	secret_set("test-short", "12345678");
	assert_redacted("1234567 12345678", "1234567 ***");
}

/* Nothing of the longer one is left over. */
static void test_overlap(void **state)
{
	(void)state;
	secret_set("test-a", "key-number");
	secret_set("test-b", "key-number-one");
	secret_set("test-c", "er-one-more");
	assert_redacted("key-number-one", "***");
	assert_redacted("key-number-one-more key-number", "*** ***");
	secret_set("test-d", "100%25%25");
	assert_redacted("100%25%25 100%2525%2525", "*** ***");
}

static void test_wipe(void **state)
{
	(void)state;
	char text[] = "abcdefgh";
	secret_wipe(text, 4);
	assert_memory_equal(text, "\0\0\0\0efgh", 8);
	secret_wipe(NULL, 0);
}

#define LOG_TEST(f) \
	cmocka_unit_test_setup_teardown(f, catch_stderr, give_stderr_back)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOG_TEST(test_values),
		LOG_TEST(test_line),
		LOG_TEST(test_journal_prefix),
		LOG_TEST(test_sink),
		LOG_TEST(test_levels),
		LOG_TEST(test_secrets),
		cmocka_unit_test(test_rotation),
		cmocka_unit_test(test_short_values),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_wipe),
	};
	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
