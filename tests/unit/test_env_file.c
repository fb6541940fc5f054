/* The .env grammar, on real files. Other code relies on: every assignment is
 * passed on once with its line; a fault never hides the lines after it. */
#include "lib/buf.h"
#include "lib/util.h"
#include "relay/env_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/env_file.XXXXXX";
static char path[64];

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/.env", dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void write_file(const void *data, size_t len)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

/* "line[-last]:key=value|", or "line:key!fault|"; '~' marks a bare hash. */
static void note(void *ctx, const struct env_item *item)
{
	struct buf *b = ctx;
	buf_addf(b, "%u", item->line);
	if (item->last_line != item->line)
		buf_addf(b, "-%u", item->last_line);
	buf_addf(b, ":%.20s", item->key);
	if (item->value)
		buf_addf(b, "=%s%s|", item->value,
			 item->has_bare_hash ? "~" : "");
	else
		buf_addf(b, "!%d|", (int)item->fault);
	assert_true((item->value == NULL) == (item->fault != ENV_FAULT_NONE));
}

static char *read_back(const void *data, size_t len)
{
	write_file(data, len);
	struct env_file f = {0};
	const char *why = NULL;
	assert_int_equal(env_file_load(&f, path, &why), 0);
	struct buf b = {0};
	env_file_each(&f, note, &b);
	env_file_finish(&f);
	return buf_detach(&b);
}

static const struct {
	const char *text, *want;
} cases[] = {
	{"", ""},
	{"\n\n  \n# c\n\t# c\n", ""},
	{"A=1", "1:A=1|"},
	{"A=1\nB=2\n", "1:A=1|2:B=2|"},
	{"A=1\r\nB=2\r\n", "1:A=1|2:B=2|"},
	{"A=1\rB=2\r", "1:A=1|2:B=2|"},
	{"\xef\xbb\xbf"
	 "A=1\n",
	 "1:A=1|"},
	{"  export   A = 1  \n", "1:A=1|"},
	{"export=x\n", "1:export=x|"},
	{"exportA=x\n", "1:exportA=x|"},
	{"A=\nB= \nC=", "1:A=|2:B=|3:C=|"},
	{"A=\"\"\nB=''\nC=``\n", "1:A=|2:B=|3:C=|"},
	{"A: 1\nB:2\n", "1:A=1|2:B!1|"},
	{"A=a b  c \n", "1:A=a b  c|"},
	{"A=a=b=c\n", "1:A=a=b=c|"},
	/* comments */
	{"A=1 # c\nB=1\t#c\nC=a#b\nD=#b\nE= # c\n",
	 "1:A=1|2:B=1|3:C=a#b~|4:D=|5:E=|"},
	{"A=\"1 # 2\" # c\nB='1 # 2'# c\n", "1:A=1 # 2|2:B=1 # 2|"},
	/* quotes and escapes */
	{"A=\"a\\nb\\\"c\\\\d\\$e\\tf\"\n", "1:A=a\nb\"c\\d$e\\tf|"},
	{"A='a\\nb\\\\$X'\nB=`it's \"x\"`\n",
	 "1:A=a\\nb\\\\$X|2:B=it's \"x\"|"},
	{"A=$HOME/${X}\nB=\"$HOME\"\n", "1:A=$HOME/${X}|2:B=$HOME|"},
	{"A=it's\nB=a\"b\"\n", "1:A=it's|2:B=a\"b\"|"},
	/* several lines */
	{"K=\"-----BEGIN\nab==\n-----END\"\nB=2\n",
	 "1-3:K=-----BEGIN\nab==\n-----END|4:B=2|"},
	{"K='a\r\nb'\r\nB=2\r\n", "1-2:K=a\nb|3:B=2|"},
	{"K=\"a\nb\" # c\nB=2", "1-2:K=a\nb|3:B=2|"},
	/* faults */
	{"A=\"x\nB=2\n", "1:A!2|2:B=2|"},
	{"A=\"x\nB=\"2\"\n", "1:A!3|2:B=2|"},
	{"A='x'y\nB=2\n", "1:A!3|2:B=2|"},
	{"A=\"x\\\"", "1:A!2|"},
	{"A=\"", "1:A!2|"},
	{"A=\"\\", "1:A!2|"},
	{"A\nexport B\n=x\n+C=1\nD=1\n", "1:A!1|2:B!1|3:!1|4:!1|5:D=1|"},
	{"A=\xff\nB=\"\xe9\n\"\nC=中文\n# \xff\n",
	 "1:A!6|2:B!6|3:!1|4:C=中文|"},
};

static void test_grammar(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		scoped_free char *got =
			read_back(cases[i].text, strlen(cases[i].text));
		assert_string_equal(got, cases[i].want);
	}
}

static void test_nul_bytes(void **state)
{
	(void)state;
	static const char text[] = "A=1\0\nB=\"a\0b\"\n\0\nC=\"x\ny\0\"\nD=4";
	scoped_free char *got = read_back(text, sizeof(text) - 1);
	assert_string_equal(got, "1:A!5|2:B!5|3:!5|4:C!5|5:y!5|6:D=4|");
}

static void test_long_lines(void **state)
{
	(void)state;
	struct buf b = {0};
	buf_adds(&b, "A=");
	for (size_t i = 0; i < 1 << 20; i++)
		buf_addc(&b, 'x');
	buf_adds(&b, "\nB=2\nK=\"");
	for (size_t i = 0; i < 1 << 14; i++)
		buf_adds(&b, "1234567\n");
	buf_adds(&b, "\"\n");
	scoped_free char *got = read_back(b.data, b.len);
	assert_non_null(strstr(got, "1:A!4|2:B=2|3:K!2|4:1234567!1|"));
	buf_finish(&b);
}

static void test_longest_line(void **state)
{
	(void)state;
	struct buf b = {0};
	buf_adds(&b, "A=\"");
	while (b.len < ENV_VALUE_MAX - 1)
		buf_addc(&b, 'x');
	buf_adds(&b, "\"\nB=");
	size_t from = b.len - 2;
	while (b.len - from < ENV_VALUE_MAX)
		buf_addc(&b, 'y');
	scoped_free char *got = read_back(b.data, b.len);
	assert_null(strchr(got, '!'));
	buf_finish(&b);
}

static void test_files_that_cannot_be_read(void **state)
{
	(void)state;
	struct env_file f = {0};
	const char *why = NULL;
	unlink(path);
	assert_int_equal(env_file_load(&f, path, &why), ENV_FILE_MISSING);
	assert_non_null(why);
	assert_int_equal(env_file_load(&f, dir, &why), ENV_FILE_UNREADABLE);
	assert_string_equal(why, "Is a directory");
	write_file("\xff\xfe"
		   "A\0=\0",
		   6);
	assert_int_equal(env_file_load(&f, path, &why), ENV_FILE_UNREADABLE);
	assert_non_null(strstr(why, "UTF-16"));
	assert_int_equal(truncate(path, ENV_FILE_MAX + 1), 0);
	write_file("", 0);
	assert_int_equal(truncate(path, ENV_FILE_MAX + 1), 0);
	assert_int_equal(env_file_load(&f, path, &why), ENV_FILE_UNREADABLE);
	assert_non_null(strstr(why, "4 MiB"));
	assert_null(f.text);
	assert_int_equal(env_file_load(&f, "/dev/null", &why), 0);
	assert_int_equal(f.len, 0);
	env_file_finish(&f);
}

static void test_mode(void **state)
{
	(void)state;
	static const struct {
		mode_t mode;
		bool is_open;
	} modes[] = {{0600, false}, {0640, false}, {0644, true}, {0604, true}};
	write_file("A=1\n", 4);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct env_file f = {0};
		const char *why = NULL;
		assert_int_equal(chmod(path, modes[i].mode), 0);
		assert_int_equal(env_file_load(&f, path, &why), 0);
		assert_int_equal(f.is_readable_by_others, modes[i].is_open);
		env_file_finish(&f);
	}
}

static void test_every_fault_has_a_text(void **state)
{
	(void)state;
	for (int i = ENV_FAULT_NONE + 1; i < ENV_FAULT_COUNT; i++)
		assert_true(strlen(env_fault_text((enum env_fault)i)) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_nul_bytes),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_longest_line),
		cmocka_unit_test(test_files_that_cannot_be_read),
		cmocka_unit_test(test_mode),
		cmocka_unit_test(test_every_fault_has_a_text),
	};
	return cmocka_run_group_tests_name("env_file", tests, set_up,
					   tear_down);
}
