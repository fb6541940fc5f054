/*
 * The language of outbox-relay check, wherever its catalogue lies and whatever
 * locales the host has; and the relay's own, which is English in any locale.
 */
#include "tests/support/report.h"

#include "lib/util.h"
#include "tests/support/paths.h"
#include "tests/support/tempdir.h"

#include <stdlib.h>
#include <string.h>

#define IN_CHINESE "LC_ALL=zh_CN.UTF-8", "LANGUAGE=zh_CN"

static void copy(const char *from, const char *to)
{
	const char *argv[] = {"install", "-D", from, to, NULL};
	assert_int_equal(proc_run(&(struct proc_spec){.argv = argv,
						      .dir = "/tmp",
						      .name = "install"},
				  SCENE_DEADLINE_MS, NULL, NULL),
			 0);
}

/* What a copy of the program says in Chinese of a misspelt setting. */
static char *copy_says(struct scene *s, const char *program)
{
	static const char *const args[] = {"--lang", "zh", NULL};
	static const char *const env[] = {"RELAY_TIMEOT=7s", NULL};
	char *out = NULL;
	scoped_free char *err = NULL;
	struct relay_setup setup = {.dir = s->fix->dir,
				    .db = s->fix->path,
				    .env = env,
				    .args = args,
				    .program = program};
	assert_int_equal(relayproc_verb(&setup, "check", &out, &err), 1);
	assert_string_equal(err, "");
	return out;
}

static void test_places_of_the_catalogue(void **state)
{
	struct scene *s = *state;
	static const char catalogue[] = "zh_CN/LC_MESSAGES/outbox.mo";
	scoped_free char *built = paths_build("outbox-relay");
	scoped_free char *program =
		tempdir_path(s->fix->dir, "usr/bin/outbox-relay");
	scoped_free char *built_in = xasprintf("locale/%s", catalogue);
	scoped_free char *built_mo = paths_build(built_in);
	scoped_free char *into = xasprintf("usr/share/locale/%s", catalogue);
	scoped_free char *mo = tempdir_path(s->fix->dir, into);
	copy(built, program);
	scoped_free char *bare = copy_says(s, program);
	report_expect(bare,
		      "故障   配置         environment：RELAY_TIMEOT is no "
		      "setting; did you mean RELAY_TIMEOUT?",
		      "setting-invalid");
	copy(built_mo, mo);
	scoped_free char *installed = copy_says(s, program);
	report_expect(installed,
		      "故障   配置         环境变量：RELAY_TIMEOT "
		      "不是配置项；是否想写 "
		      "RELAY_TIMEOUT？",
		      "setting-invalid");
}

/* A container has no locales but those in the C library; LOCPATH, which it
 * forgets on its heap, hides what this host has. */
static void test_without_locales(void **state)
{
	struct scene *s = *state;
	static const struct {
		const char *env[4], *lang;
	} cases[] = {
		{{"LC_ALL=C"}, "zh"},
		{{"LC_ALL=", "LC_MESSAGES=", "LANG="}, "zh"},
		{{"LC_ALL=C.UTF-8", "LANGUAGE=en"}, "zh"},
		{{"LC_ALL=zh_CN.UTF-8"}, NULL},
		{{"LC_ALL=", "LC_MESSAGES=", "LANG=zh_CN.GB18030"}, NULL},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct report_run run = {
			.env = {"LOCPATH=/nowhere",
				"ASAN_OPTIONS=detect_leaks=0",
				"RELAY_RATE=many"},
			.status = 1,
		};
		memcpy(run.env + 3, cases[i].env, sizeof(cases[i].env));
		if (cases[i].lang) {
			run.args[0] = "--lang";
			run.args[1] = cases[i].lang;
		}
		scoped_free char *zh = report_of(s, &run);
		report_expect(
			zh,
			"故障   配置         环境变量：RELAY_RATE：\"many\" "
			"不是整数",
			"setting-invalid");
	}
}

/* In whatever locale, but for check. */
static void test_relay_is_english(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {IN_CHINESE, "RELAY_RATE=many", NULL};
	static const char *const good[] = {IN_CHINESE, NULL};
	static const char *const once[] = {"--once", NULL};
	struct relay_setup setup = {.dir = s->fix->dir,
				    .db = s->fix->path,
				    .base = s->sim.base,
				    .env = env};
	scoped_free char *refused = NULL, *logged = NULL, *help = NULL;
	assert_int_equal(relayproc_verb(&setup, "run", NULL, &refused), 2);
	assert_string_equal(refused, "environment: error: RELAY_RATE: \"many\" "
				     "is no whole number\n");
	setup.env = good;
	assert_int_equal(relayproc_verb(&setup, "--help", &help, NULL), 0);
	assert_non_null(strstr(help, "integer, 0 to 10000"));
	setup.args = once;
	assert_int_equal(relayproc_verb(&setup, "run", NULL, &logged), 0);
	assert_true(*logged);
	for (const char *p = logged; *p; p++)
		assert_true((unsigned char)*p < 0x80);
}

int main(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_places_of_the_catalogue),
		SCENE_TEST(test_without_locales),
		SCENE_TEST(test_relay_is_english),
	};
	return cmocka_run_group_tests_name("check lang", tests, NULL, NULL);
}
