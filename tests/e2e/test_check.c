/*
 * What an operator gets wrong, as check and run tell it; and the usage. No
 * output ever shows the secret.
 */
#include "tests/support/scene.h"

#include "lib/util.h"
#include "relay/config_table.h"
#include "tests/support/paths.h"
#include "tests/support/tempdir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PARTS_MAX = 6, ENV_MAX = 8 };

static const char secret[] = "0123456789abcdef0123456789abcdef";
static const char wrong_secret[] = "fedcba9876543210fedcba9876543210";

static void expect(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in: %s", part, text);
}

/* Runs a verb; what it said, stdout first. The caller frees. */
static char *say(struct scene *s, const struct relay_setup *setup,
		 const char *verb, int status)
{
	scoped_free char *out = NULL, *err = NULL;
	struct relay_setup all = *setup;
	all.dir = s->fix->dir;
	all.db = all.db ? all.db : s->fix->path;
	int got = relayproc_verb(&all, verb, &out, &err);
	char *said = xasprintf("%s%s", out, err);
	if (got != status)
		fail_msg("%s: exit status %d: %s", verb, got, said);
	assert_null(strstr(said, secret));
	assert_null(strstr(said, wrong_secret));
	return said;
}

static void write_env(struct scene *s, const char *text)
{
	scoped_free char *path = tempdir_path(s->fix->dir, ".env");
	FILE *out = fopen(path, "we");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	assert_int_equal(chmod(path, 0600), 0);
}

/* Only the file has the CRM's settings. */
#define FROM_FILE \
	"MINIPROGRAM_APPID", "MINIPROGRAM_APPSECRET", "MINIPROGRAM_CLOUD_ENV"

#define PLACEHOLDER_ENV                                       \
	"MINIPROGRAM_APPID=wxb2c4e35d16d99fd3\n"              \
	"MINIPROGRAM_APPSECRET=需要配置真实的Secret\n" \
	"MINIPROGRAM_CLOUD_ENV=cloud1-4gi0bpoje72fedd1\n"

struct check_case {
	const char *name;
	const char *env_file; /* NULL: none */
	const char *env[ENV_MAX];
	const char *faults;
	int status;
	const char *parts[PARTS_MAX];
};

/* clang-format off */
static const struct check_case check_cases[] = {
	{.name = "good", .status = 0,
	 .parts = {"ok     settings     read: .env, environment\n",
		   "ok     database", "ok     sharing", "ok     token",
		   "SQLite       3."}},
	{.name = "no settings", .env = {FROM_FILE}, .status = 1,
	 .parts = {"FAULT  settings     settings: MINIPROGRAM_APPID is missing",
		   "FAULT  AppSecret    access_token获取失败 (no access token "
		   "without it): settings: MINIPROGRAM_APPSECRET is missing",
		   "MINIPROGRAM_CLOUD_ENV is missing", "[settings-missing]",
		   "ok     database",
		   "-      token        not looked at: a setting"}},
	{.name = "placeholder", .env_file = PLACEHOLDER_ENV,
	 .env = {FROM_FILE}, .status = 1,
	 .parts = {"FAULT  AppSecret    access_token获取失败 (no access token "
		   "without it): .env:2: MINIPROGRAM_APPSECRET is still the "
		   "placeholder", "[secret-placeholder]",
		   "copy the AppSecret at"}},
	{.name = "odd secret",
	 .env = {"MINIPROGRAM_APPSECRET=0123456789ABCDEF0123456789ABCDEF"},
	 .status = 1,
	 .parts = {"warn   AppSecret    environment: MINIPROGRAM_APPSECRET "
		   "does not look like a real one", "[setting-doubtful]",
		   "FAULT  token"}},
	{.name = "misspelt", .env = {"RELAY_TIMEOUT=7", "RELAY_TIMEOT=7s"},
	 .status = 1,
	 .parts = {"FAULT  settings     environment: RELAY_TIMEOUT: 7 of what?",
		   "[setting-invalid]", "RELAY_TIMEOT"}},
	{.name = "echo",
	 .faults = "[{\"stage\":\"token\",\"status\":500,\"body\":\"secret="
		   "0123456789abcdef0123456789abcdef\"}]",
	 .status = 1, .parts = {"FAULT  token", "***"}},
	{.name = "plain http", .env = {"WECHAT_API_BASE=http://example.com"},
	 .status = 1, .parts = {"FAULT  settings", "loopback", "https"}},
};
/* clang-format on */

static void test_check(void **state)
{
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(check_cases); i++) {
		const struct check_case *c = &check_cases[i];
		struct relay_setup setup = {.base = s->sim.base, .env = c->env};
		print_message("# %s\n", c->name);
		write_env(s, c->env_file ? c->env_file : "");
		simulator_fault(&s->sim, c->faults ? c->faults : "[]");
		scoped_free char *said = say(s, &setup, "check", c->status);
		for (size_t n = 0; n < PARTS_MAX && c->parts[n]; n++)
			expect(said, c->parts[n]);
		if (c->status == 0)
			assert_null(strstr(said, "FAULT"));
	}
	/* It only looks: nothing was sent, nothing written. */
	assert_int_equal(simulator_stat(&s->sim, "sent.total"), 0);
	assert_int_equal(
		outbox_int(s->fix->db, "SELECT count(*) FROM outbox_relay"), 0);
}

static void test_check_database(void **state)
{
	struct scene *s = *state;
	scoped_free char *none = tempdir_path(s->fix->dir, "none.db");
	scoped_free char *env = tempdir_path(s->fix->dir, ".env");
	struct relay_setup setup = {.base = s->sim.base, .db = none};
	scoped_free char *missing = say(s, &setup, "check", 1);
	expect(missing, "FAULT  database");
	expect(missing, "none.db: no such file");
	expect(missing, "remedy       Run `outbox-relay init --db FILE`");
	assert_int_not_equal(access(none, F_OK), 0);

	write_env(s, "# a text, longer than the header of a database would be, "
		     "and no database at all: 0123456789 0123456789 01234\n");
	setup.db = env;
	scoped_free char *text = say(s, &setup, "check", 1);
	expect(text, "cannot be read as a database");

	setup.db = NULL;
	outbox_exec(s->fix->db, "UPDATE outbox_meta SET value = '99'"
				" WHERE key = 'version'");
	scoped_free char *newer = say(s, &setup, "check", 1);
	expect(newer,
	       "the outbox was made by a newer outbox-relay [database-newer]");
	outbox_exec(s->fix->db, "DROP TABLE outbox; DROP TABLE outbox_meta");
	scoped_free char *empty = say(s, &setup, "check", 1);
	expect(empty,
	       "there is no outbox in this file, or an older one [database-");
}

static void test_check_sharing(void **state)
{
	struct scene *s = *state;
	struct relay_setup setup = {.base = s->sim.base};
	assert_int_equal(chmod(s->fix->path, 0660), 0);
	assert_int_equal(chmod(s->fix->dir, 0700), 0);
	scoped_free char *broken = say(s, &setup, "check", 1);
	expect(broken, "FAULT  sharing");
	expect(broken, s->fix->dir);
	expect(broken, "--group GROUP");
	assert_int_equal(chmod(s->fix->path, 0600), 0);
	scoped_free char *private = say(s, &setup, "check", 0);
	expect(private, "ok     sharing      only its owner");
}

/* A placeholder is refused before anything is touched, with the remedy. */
static void test_run_refuses_placeholder(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {FROM_FILE, NULL};
	scoped_free char *lock = xasprintf("%s-relay", s->fix->path);
	struct relay_setup setup = {.base = s->sim.base, .env = env};
	scene_insert(s, USER_BOUND);
	write_env(s, PLACEHOLDER_ENV);
	scoped_free char *said = say(s, &setup, "run", 2);
	expect(said, ".env:2: error: MINIPROGRAM_APPSECRET is still the "
		     "placeholder 需要配置真实的Secret");
	expect(said, "copy the AppSecret at mp.weixin.qq.com");
	assert_int_not_equal(access(lock, F_OK), 0);
	assert_int_equal(scene_calls(s, "token"), 0);
	scene_expect_row(s, 1, "pending|0|0|0|-");
}

/* The CRM's file as an editor on Windows leaves it: a mark at the start, CRLF,
 * quotes, comments, and keys that are none of ours. */
static void test_run_with_crm_env(void **state)
{
	struct scene *s = *state;
	static const char *const env[] = {FROM_FILE, NULL};
	int64_t id = scene_insert(s, USER_BOUND);
	write_env(s, "\xef\xbb\xbfMINIPROGRAM_APPID=wxb2c4e35d16d99fd3\r\n"
		     "# 小程序\r\n"
		     "\r\n"
		     "PORT=3000\r\n"
		     "MONGODB_URI=mongodb://localhost:27017/crm?a=b#c\r\n"
		     "JWT_SECRET='s p a c e'\r\n"
		     "MINIPROGRAM_APPSECRET=\"0123456789abcdef"
		     "0123456789abcdef\"\r\n"
		     "MINIPROGRAM_CLOUD_ENV=cloud1-4gi0bpoje72fedd1\r\n");
	scoped_free char *err = scene_run_once(s, env);
	assert_null(strstr(err, "MONGODB"));
	assert_null(strstr(err, "error"));
	scene_expect_row(s, id, "delivered|1|0|0|-");
}

struct usage_case {
	const char *args[PARTS_MAX];
	const char *said;
};

/* clang-format off */
static const struct usage_case usage_cases[] = {
	{{NULL}, "usage: outbox-relay VERB [OPTION]..."},
	{{"deliver"}, "unknown verb deliver; see outbox-relay --help"},
	{{"--db", "x", "run"}, "unknown verb --db; see"},
	{{"run", "--bogus"}, "unknown option --bogus; see"},
	{{"run", "--bogus=1"}, "unknown option --bogus=1; see"},
	{{"run", "-x"}, "unknown option -x; see"},
	{{"run", "-xyz", "--once"}, "unknown option -x; see"},
	{{"run", "--once=yes"}, "unknown option --once=yes; see"},
	{{"run", "--db"}, "missing value for --db; see"},
	{{"run", "--db", ""}, "missing value for --db; see"},
	{{"check", "--send-to", ""}, "missing value for --send-to; see"},
	{{"send", "--type"}, "missing value for --type; see"},
	{{"send", "--once"}, "not an option of this verb: --once; see"},
	{{"run", "--group", "g"}, "not an option of this verb: --group; see"},
	{{"check", "--type", "t"}, "not an option of this verb: --type; see"},
	{{"run", "outbox.db"}, "unexpected argument outbox.db; see"},
	{{"run", "--env", "none.env"}, "none.env"},
	{{"check", "--lang", "de"}, "--lang de: en or zh"},
	{{"run", "--send-to", "u"}, "not an option of this verb: --send-to"},
};
/* clang-format on */

static char *run_raw(struct scene *s, const char *const *args, int status)
{
	scoped_free char *program = paths_build("outbox-relay");
	scoped_free char *out = NULL, *err = NULL;
	const char *argv[PARTS_MAX + 2] = {program};
	for (size_t n = 0; n < PARTS_MAX && args[n]; n++)
		argv[n + 1] = args[n];
	int got = proc_run(&(struct proc_spec){.argv = argv,
					       .dir = s->fix->dir,
					       .name = "usage"},
			   SCENE_DEADLINE_MS, &out, &err);
	if (got != status)
		fail_msg("exit status %d: %s%s", got, out, err);
	assert_string_equal(status ? out : err, "");
	return steal(status ? &err : &out);
}

static void test_usage(void **state)
{
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(usage_cases); i++) {
		const struct usage_case *c = &usage_cases[i];
		scoped_free char *said = run_raw(s, c->args, 2);
		expect(said, c->said);
	}
}

static void test_help(void **state)
{
	struct scene *s = *state;
	static const char *const anywhere[] = {"run", "--help", NULL};
	static const char *const version[] = {"--version", NULL};
	static const char *const parts[] = {
		"init",	     "run",    "check",	  "send",   "--db",
		"--env",     "--once", "--group", "--type", "--payload",
		"--at",	     "--ttl",  "--dedup", "--key",  "--recipient",
		"--send-to", "--lang"};
	scoped_free char *help = run_raw(s, &anywhere[1], 0);
	scoped_free char *same = run_raw(s, anywhere, 0);
	scoped_free char *number = run_raw(s, version, 0);
	assert_string_equal(help, same);
	assert_string_equal(number, "outbox-relay " OUTBOX_VERSION "\n");
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		expect(help, parts[i]);
	for (size_t i = 0; i < config_table_len; i++) {
		expect(help, config_table[i].name);
		expect(help, config_table[i].help);
	}
}

int main(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	const struct CMUnitTest tests[] = {
		SCENE_TEST(test_check),
		SCENE_TEST(test_check_database),
		SCENE_TEST(test_check_sharing),
		SCENE_TEST(test_run_refuses_placeholder),
		SCENE_TEST(test_run_with_crm_env),
		SCENE_TEST(test_usage),
		SCENE_TEST(test_help),
	};
	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
