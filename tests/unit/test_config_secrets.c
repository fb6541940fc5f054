/* Secrets among the settings. Other code relies on: none is ever in a problem,
 * a listing or a source, and each is redacted once it was loaded. */
#include "lib/secret.h"
#include "lib/util.h"
#include "relay/config.h"
#include "tests/support/check.h"
#include "tests/support/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void test_secrets_stay_secret(void **state)
{
	(void)state;
	static const struct {
		const char *secret;
		bool is_taken;
	} secrets[] = {
		{SETTINGS_SECRET, true},
		{"ABCDEFGH12345678", true}, /* odd, but perhaps */
		{"sec ret-hush-hush", false},
		{"秘密-hush-hush", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
		const char *secret = secrets[i].secret;
		scoped_free char *text = xasprintf(
			"MINIPROGRAM_APPSECRET='%s'\nRELAY_ZZZZZZ=1\n", secret);
		settings_write("a.env", text);
		struct config c = {0};
		scoped_free char *said = NULL;
		assert_int_equal(settings_load(&c, &said), 0);
		assert_null(strstr(said, secret));
		assert_string_equal(c.appsecret,
				    secrets[i].is_taken ? secret : "");
		struct config_problems p = {0};
		config_missing_for_wechat(&c, &p);
		char *list = NULL;
		size_t len = 0;
		FILE *f = open_memstream(&list, &len);
		config_problems_print(&p, f);
		config_print(&c, f);
		fclose(f);
		assert_null(strstr(list, secret));
		assert_true((strstr(list, "APPSECRET=***  # a.env:1") !=
			     NULL) == secrets[i].is_taken);
		scoped_free char *redacted = secret_redact(secret);
		assert_string_equal(redacted,
				    secrets[i].is_taken ? "***" : secret);
		free(list);
		config_problems_finish(&p);
		config_finish(&c);
	}
}

static void test_shape_of_credentials(void **state)
{
	(void)state;
	settings_write("a.env", "MINIPROGRAM_APPID=" SETTINGS_SECRET "\n"
				"MINIPROGRAM_APPSECRET=ABC\n");
	struct config c = {0};
	scoped_free char *said = NULL;
	assert_int_equal(settings_load(&c, &said), 0);
	assert_non_null(strstr(said, "a.env:1: warning: MINIPROGRAM_APPID "));
	assert_non_null(strstr(said, "a.env:2: warning: MINIPROGRAM_APPSE"));
	assert_null(
		strstr(said, SETTINGS_SECRET)); /* pasted into the wrong line */
	config_finish(&c);
}

static void test_mode_of_a_file_with_a_secret(void **state)
{
	(void)state;
	struct config c = {0};
	for (int i = 0; i < 2; i++) {
		settings_write("a.env",
			       i ? "MINIPROGRAM_APPSECRET=" SETTINGS_SECRET "\n"
				 : "JWT_SECRET=" SETTINGS_SECRET "\n");
		assert_int_equal(chmod("a.env", 0644), 0);
		scoped_free char *said = NULL;
		assert_int_equal(settings_load(&c, &said), 0);
		assert_true((strstr(said, "chmod o-r a.env\n") != NULL) == i);
		config_finish(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SETTINGS_TEST(test_secrets_stay_secret),
		SETTINGS_TEST(test_shape_of_credentials),
		SETTINGS_TEST(test_mode_of_a_file_with_a_secret),
	};
	return cmocka_run_group_tests_name("config secrets", tests, NULL, NULL);
}
