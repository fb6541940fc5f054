/* Every reason must have an id that scripts and databases can rely on, and
 * words for the person on duty in both languages. */
#include "lib/reason.h"
#include "lib/text.h"
#include "lib/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void ids_are_kebab_case_and_unique(void **state)
{
	(void)state;
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	for (enum reason r = REASON_NONE + 1; r < REASON_COUNT; r++) {
		const char *id = reason_id(r);
		size_t len = strlen(id);
		if (len < 4 || len > 40 || strspn(id, chars) != len ||
		    id[0] == '-' || id[len - 1] == '-' || strstr(id, "--"))
			fail_msg("reason %d has the id \"%s\"", (int)r, id);
		if (reason_find(id) != r)
			fail_msg("\"%s\" is there twice", id);
	}
}

static bool has_han(const char *s)
{
	size_t len = strlen(s);
	uint32_t code;
	for (size_t at = 0, n; at < len; at += n) {
		n = text_decode(s + at, len - at, &code);
		if (!n)
			return false;
		if (code >= 0x4e00 && code <= 0x9fff)
			return true;
	}
	return false;
}

/* A text that is printable as it is, a sentence, and of bounded length. */
static void check_text(enum reason r, enum reason_lang lang, const char *s)
{
	size_t len = s ? strlen(s) : 0;
	if (len < 12 || len > 400)
		fail_msg("%s: %zu bytes: %s", reason_id(r), len, s);
	scoped_free char *clean = text_clean(s, len);
	assert_string_equal(clean, s);
	if (strstr(s, "  ") || s[0] == ' ' || s[len - 1] == ' ')
		fail_msg("%s: blanks: %s", reason_id(r), s);
	bool is_zh = lang == REASON_ZH;
	const char *stop = is_zh ? "。" : ".";
	if (strcmp(s + len - strlen(stop), stop) != 0)
		fail_msg("%s: no full stop: %s", reason_id(r), s);
	if (is_zh && !has_han(s))
		fail_msg("%s: not Chinese: %s", reason_id(r), s);
}

static void every_reason_has_words_in_both_languages(void **state)
{
	(void)state;
	for (enum reason r = REASON_NONE + 1; r < REASON_COUNT; r++) {
		for (enum reason_lang l = 0; l < REASON_LANG_COUNT; l++) {
			check_text(r, l, reason_cause(r, l));
			check_text(r, l, reason_remedy(r, l));
		}
		assert_string_not_equal(reason_cause(r, REASON_EN),
					reason_cause(r, REASON_ZH));
		assert_string_not_equal(reason_cause(r, REASON_EN),
					reason_remedy(r, REASON_EN));
	}
}

static void none_and_nonsense_are_harmless(void **state)
{
	(void)state;
	static const int odd[] = {REASON_NONE, REASON_COUNT, -1, INT32_MAX,
				  INT32_MIN};
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		enum reason r = (enum reason)odd[i];
		assert_string_equal(reason_id(r), "");
		assert_string_equal(reason_cause(r, REASON_EN), "");
		assert_string_equal(reason_remedy(r, REASON_ZH), "");
	}
	static const char *const unknown[] = {
		NULL,	   "",	      " ", "Not-Subscribed", "not-subscribed ",
		"not_sub", "\xff\xfe"};
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++)
		assert_int_equal(reason_find(unknown[i]), REASON_NONE);
}

/* Databases hold these; whoever changes one breaks their history. */
static void ids_never_change(void **state)
{
	(void)state;
	static const struct {
		enum reason reason;
		const char *id;
	} ids[] = {
		{REASON_NOT_SUBSCRIBED, "not-subscribed"},
		{REASON_APPSECRET_WRONG, "appsecret-wrong"},
		{REASON_IP_NOT_WHITELISTED, "ip-not-whitelisted"},
		{REASON_FUNCTION_NOT_FOUND, "function-not-found"},
		{REASON_OUTCOME_UNKNOWN, "outcome-unknown"},
		{REASON_ATTEMPTS_USED_UP, "attempts-used-up"},
		{REASON_UNKNOWNS_USED_UP, "unknowns-used-up"},
		{REASON_EXPIRED, "expired"},
		{REASON_CANCELLED_BY_CRM, "cancelled-by-crm"},
		{REASON_CANCELLED_BY_OPERATOR, "cancelled-by-operator"},
		{REASON_KILLS_RELAY, "kills-relay"},
		{REASON_INTERRUPTED, "interrupted"},
		{REASON_USER_NOT_FOUND, "user-not-found"},
		{REASON_USER_NOT_BOUND, "user-not-bound"},
		{REASON_TOKEN_REJECTED, "token-rejected"},
		{REASON_SERVER_ERROR, "server-error-5xx"},
		{REASON_UNKNOWN_CODE, "unknown-code"},
	};
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		assert_string_equal(reason_id(ids[i].reason), ids[i].id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_kebab_case_and_unique),
		cmocka_unit_test(every_reason_has_words_in_both_languages),
		cmocka_unit_test(none_and_nonsense_are_harmless),
		cmocka_unit_test(ids_never_change),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
