/* Whatever the relay and the operators' verbs write by name has a word in the
 * operator's language. A value that is new must get one, or fail here. */
#include "tui/word.h"

#include "lib/lang.h"
#include "lib/log.h"
#include "lib/reason.h"
#include "lib/text.h"
#include "lib/util.h"
#include "relay/judge.h"
#include "schema/act.h"
#include "schema/message.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tui/events_act.h"
#include "tui/pulse.h"
#include "tui/script.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MAX = 16 };

/* No word of Chinese is without a character of it. */
static void expect_chinese(const char *value, const char *word)
{
	size_t len = word ? strlen(word) : 0, used;
	uint32_t code = 0;
	for (size_t at = 0; at < len; at += used) {
		used = text_decode(word + at, len - at, &code);
		if (!used || (code >= 0x4e00 && code <= 0x9fff))
			break;
		code = 0;
	}
	if (!code)
		fail_msg("%s has no word: %s", value, word ? word : "NULL");
}

static void test_outcomes(void **state)
{
	(void)state;
	for (unsigned stage = 0; stage < STAGE_COUNT; stage++) {
		for (unsigned v = 0; v < VERDICT_COUNT; v++) {
			struct judgement j = {.stage = (enum stage)stage,
					      .verdict = (enum verdict)v};
			const char *name = judge_outcome_name(&j);
			expect_chinese(name, word_of(WORD_OUTCOME, name, NULL));
		}
	}
}

/* What a CHECK allows a column to hold: quoted texts behind `before`, up to the
 * end of the brackets. The caller frees each. */
static size_t allowed(struct fixture *f, const char *table, const char *before,
		      char *values[VALUES_MAX])
{
	scoped_free char *sql = outbox_text(
		f->db, "SELECT sql FROM sqlite_master WHERE name = %Q", table);
	char *at = strstr(sql, before);
	size_t count = 0;
	assert_non_null(at);
	char *end = strchr(at, ')');
	assert_non_null(end);
	for (char *quote = strchr(at, '\''); quote && quote < end;
	     quote = strchr(strchr(quote + 1, '\'') + 1, '\'')) {
		assert_true(count < VALUES_MAX);
		values[count++] = strndup(quote + 1, strcspn(quote + 1, "'"));
	}
	assert_true(count > 1);
	return count;
}

static void expect_words(struct fixture *f, const char *table,
			 const char *before, enum word_of what)
{
	char *values[VALUES_MAX];
	size_t count = allowed(f, table, before, values);
	for (size_t i = 0; i < count; i++) {
		expect_chinese(values[i], word_of(what, values[i], NULL));
		free(values[i]);
	}
}

static void test_columns(void **state)
{
	expect_words(*state, "outbox_channel", "CHECK (state IN", WORD_CHANNEL);
	expect_words(*state, "outbox", "CHECK (waits_for IN", WORD_WAITS);
}

static void test_states(void **state)
{
	char *values[VALUES_MAX];
	size_t count = allowed(*state, "outbox", "CHECK (status =", values);
	assert_int_equal(count, MESSAGE_STATUS_COUNT);
	for (unsigned s = 0; s < MESSAGE_STATUS_COUNT; s++) {
		const char *name = message_status_name((enum message_status)s);
		bool is_there = false;
		for (size_t i = 0; i < count; i++)
			is_there |= !strcmp(values[i], name);
		assert_true(is_there);
		expect_chinese(name, script_state((enum message_status)s));
	}
	for (size_t i = 0; i < count; i++)
		free(values[i]);
}

/* Each of them is told apart; enum relay_state has the words. */
static void test_relay(void **state)
{
	struct fixture *f = *state;
	char *values[VALUES_MAX];
	unsigned seen = 0;
	size_t count = allowed(f, "outbox_relay", "CHECK (state IN", values);
	struct db *db;
	assert_int_equal(db_open(&db, f->path, DB_READ, 1000), 0);
	struct pulse_reader *reader = pulse_reader_create(db);
	for (size_t i = 0; i < count; i++) {
		struct pulse pulse = {0};
		outbox_exec(
			f->db,
			"INSERT OR REPLACE INTO outbox_relay VALUES ('o', 1,"
			" 'h', '1', %Q, 1, 1900000000000, 1000, 1, 0)",
			values[i]);
		assert_int_equal(
			pulse_read(reader, &pulse, INT64_C(1900000000000)), 0);
		assert_false(seen & 1U << pulse.relay);
		seen |= 1U << pulse.relay;
		pulse_finish(&pulse);
		free(values[i]);
	}
	pulse_reader_destroy(reader);
	db_close(db);
}

static void test_acts(void **state)
{
	static const char *const notes[] = {"unmask", "mask"};
	(void)state;
	for (int i = 0; i < ACT_ACTION_COUNT; i++) {
		const char *name = act_action_name((enum act_action)i);
		expect_chinese(name, act_line_action(name));
	}
	for (size_t i = 0; i < ARRAY_LEN(notes); i++)
		expect_chinese(notes[i], act_line_action(notes[i]));
}

/* Reasons that a statement writes by itself. */
static size_t expect_reasons(const char *path)
{
	static const char before[] = "last_reason = '";
	scoped_free char *text = xcalloc(1, 1 << 20);
	FILE *file = fopen(path, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	size_t count = 0;
	for (char *at = text; (at = strstr(at, before)); count++) {
		at += strlen(before);
		char id[64];
		snprintf(id, sizeof(id), "%.*s", (int)strcspn(at, "'"), at);
		if (reason_find(id) == REASON_NONE)
			fail_msg("%s: %s has no words", path, id);
	}
	return count;
}

static void test_reasons(void **state)
{
	(void)state;
	glob_t files;
	size_t count = 0;
	assert_int_equal(glob("relay/*.c", 0, NULL, &files), 0);
	assert_int_equal(glob("schema/*.[cs]*", GLOB_APPEND, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		count += expect_reasons(files.gl_pathv[i]);
	globfree(&files);
	assert_true(count >= 5);
}

int main(void)
{
	util_init();
	assert_int_equal(lang_init("zh"), 0);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outcomes), FIXTURE_TEST(test_columns),
		FIXTURE_TEST(test_states),	 FIXTURE_TEST(test_relay),
		cmocka_unit_test(test_acts),	 cmocka_unit_test(test_reasons),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
