/* The table of settings, and what is printed from it. Other code relies on: its
 * rows are whole, and the sample file says what the defaults are. */
#include "lib/buf.h"
#include "lib/util.h"
#include "relay/config.h"
#include "relay/config_table.h"
#include "relay/config_value.h"
#include "tests/support/check.h"
#include "tests/support/settings.h"

#include <stdio.h>
#include <string.h>

static const char *group_of(const struct setting *s)
{
	static char prefix[64];
	snprintf(prefix, sizeof(prefix), "%.*s", (int)strcspn(s->name, "_"),
		 s->name);
	return prefix;
}

static void test_the_table(void **state)
{
	(void)state;
	size_t groups = 0;
	char last[64] = "";
	for (size_t i = 0; i < config_table_len; i++) {
		const struct setting *s = &config_table[i];
		assert_true(config_table_has_prefix(s->name));
		assert_ptr_equal(config_table_find(s->name), s);
		assert_ptr_equal(config_table_near(s->name), s);
		assert_non_null(s->fallback);
		assert_non_null(s->help);
		assert_true(s->help[strlen(s->help) - 1] == '.');
		assert_true(s->min <= s->max);
		assert_true((s->type == SETTING_SECRET) == (s->slot != NULL));
		assert_true((s->type == SETTING_CHOICE) == (s->words != NULL));
		assert_true(config_value_is_credential(s) ==
			    (s->remedy != NULL));
		if (strcmp(group_of(s), last) != 0)
			groups++;
		snprintf(last, sizeof(last), "%s", group_of(s));
		struct config c = {0};
		char *why = NULL;
		assert_int_equal(config_value_set(s, s->fallback, &c, &why), 0);
		config_value_clear(s, &c);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(s->offset, config_table[j].offset);
	}
	assert_int_equal(groups, 4); /* each prefix in one piece */
}

static void assert_narrow(const char *text)
{
	for (const char *p = text; *p;) {
		size_t len = strcspn(p, "\n");
		assert_true(len <= 80);
		p += len + 1;
	}
}

static void test_what_the_table_prints(void **state)
{
	(void)state;
	scoped_free char *help = settings_printed(config_print_help);
	assert_narrow(help);
	scoped_free char *man = settings_printed(config_print_man);
	for (size_t i = 0; i < config_table_len; i++) {
		assert_non_null(strstr(help, config_table[i].name));
		assert_non_null(strstr(man, config_table[i].name));
	}

	/* the sample, with its comments taken off, is the defaults */
	scoped_free char *sample = settings_printed(config_print_sample);
	assert_narrow(sample);
	scoped_buf real = {0};
	for (char *p = sample; *p; p++) {
		if (*p != '#' || p[1] == ' ')
			buf_addc(&real, *p);
	}
	settings_write("a.env", buf_str(&real));
	struct config c = {0};
	scoped_free char *said = NULL;
	assert_int_equal(settings_load(&c, &said), 0);
	assert_string_equal(said, "");
	assert_string_equal(c.recipient_path, "$.assignedToId");
	assert_string_equal(config_get_source(&c, "OUTBOX_DB"), "a.env:3");
	config_finish(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SETTINGS_TEST(test_the_table),
		SETTINGS_TEST(test_what_the_table_prints),
	};
	return cmocka_run_group_tests_name("config table", tests, NULL, NULL);
}
