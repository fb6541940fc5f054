/* One row in words. Other code relies on: what is masked cannot be written to;
 * an error is its cause in the operator's language. */
#include "lib/lang.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/listbench.h"
#include "tui/row.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *recipient, *masked;
} masks[] = {
	{"", ""},
	{"abcd", "abcd"},
	{"u1234", "u…4"},
	{"oZ3fAbCdEfGhIjKl9k", "oZ3f…9k"},
	{"66f2a1c0e4b0a1d2c3b4a502", "66f2…02"},
	{"+8613800130021", "+86138…0021"},
	{"13800130021", "138…0021"},
	{"010-6552 1234", "010…1234"},
	{"1234567", "12…67"},
	{"ana@example.com", "a…@….com"},
	{"customer.service@mail.example.cn", "cu…@….cn"},
	{"订单通知<no-reply@example.com>", "订单…@….com>"},
	{"a@b", "…@…"},
	{"@", "@"},
	{"张三", "张三"},
	{"王小明先生", "王小明先生"},
	{"张三13800130021", "张三13…21"},
	{"hooks.example/abc", "hook…bc"},
	{"\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff",
	 "\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff"},
	{"\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff"
	 "1",
	 "\xff\xfe\xff\xfe…\xff"
	 "1"},
};

static void test_masks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(masks); i++) {
		scoped_free char *masked = row_mask(masks[i].recipient);
		assert_string_equal(masked, masks[i].masked);
		struct row row = {.recipient = (char *)masks[i].recipient};
		scoped_free char *shown = row_recipient(&row, false);
		assert_string_equal(shown, masks[i].masked);
		scoped_free char *whole = row_recipient(&row, true);
		assert_string_equal(whole, masks[i].recipient);
	}
	scoped_free char *none =
		row_recipient(&(struct row){.recipient = NULL}, false);
	assert_string_equal(none, "");
}

static const struct {
	const char *reason, *error, *code;
	enum reason cause;
	const char *text; /* where no cause is known */
} errors[] = {
	{NULL, NULL, "", REASON_NONE, ""},
	{"not-subscribed", "errcode=43101 user refuse", "43101 ",
	 REASON_NOT_SUBSCRIBED, NULL},
	{"webhook-failed", "HTTP 503 Service", "HTTP 503 ",
	 REASON_WEBHOOK_FAILED, NULL},
	{"outcome-unknown", "outcome unknown: statusCode=446 x", "446 ",
	 REASON_OUTCOME_UNKNOWN, NULL},
	{"unknown-code", "errcode=-501001 x", "-501001 ", REASON_UNKNOWN_CODE,
	 NULL},
	{"user-not-found", "未找到用户", "", REASON_USER_NOT_FOUND, NULL},
	{"user-not-found", "errcode= 5", "", REASON_USER_NOT_FOUND, NULL},
	{"expired", NULL, "", REASON_EXPIRED, NULL},
	{"attempts-used-up", "connect timed out", "", REASON_NONE,
	 "connect timed out"},
	{"attempts-used-up", NULL, "", REASON_ATTEMPTS_USED_UP, NULL},
	{"of-next-year", "two\nlines\x1b[31m", "", REASON_NONE,
	 "two\\nlines\\x1b[31m"},
	{"of-next-year", NULL, "", REASON_NONE, "of-next-year"},
};

static void test_errors(void **state)
{
	(void)state;
	static const char *const langs[] = {"en", "zh"};
	for (size_t l = 0; l < ARRAY_LEN(langs); l++) {
		assert_int_equal(lang_init(langs[l]), 0);
		for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
			struct row row = {
				.last_reason = (char *)errors[i].reason,
				.last_error = (char *)errors[i].error};
			scoped_free char *got = row_error(&row);
			scoped_free char *want = xasprintf(
				"%s%s", errors[i].code,
				errors[i].text ? errors[i].text
					       : reason_cause(errors[i].cause,
							      lang_reason()));
			assert_string_equal(got, want);
		}
	}
	lang_init("en");
}

/* Every column in its place. */
static void test_read(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 1);
	outbox_exec(b->fix->db,
		    "DROP TRIGGER outbox_update_payload;"
		    "DROP TRIGGER outbox_update_fixed;"
		    "DROP TRIGGER outbox_update_state;"
		    "UPDATE outbox SET version = 2, status = 'expired',"
		    " priority = 3, attempts = 4, max_attempts = 5,"
		    " generation = 6, created_at = 7, updated_at = 8,"
		    " due_at = 1000000000009, expires_at = 1000000000010,"
		    " delivered_at = 11, lease_until = 12, channel = 'ch',"
		    " type = 'ty', recipient = 're', ordering_key = 'or',"
		    " dedup_key = 'de', waits_for = 'order',"
		    " lease_owner = 'le', last_reason = 'la',"
		    " last_error = 'er'");
	struct db_stmt *st = db_prepare(
		b->reader, "t", "SELECT 99, " ROW_COLUMNS " FROM outbox AS o");
	assert_int_equal(db_step(st), DB_ROW);
	struct row one, row;
	row_read(&one, st, 1);
	assert_string_equal(db_text(st, 1 + ROW_CHANNEL), "ch");
	assert_int_equal(db_int(st, 1 + ROW_UPDATED), 8);
	assert_string_equal(db_text(st, 1 + ROW_LAST_REASON), "la");
	assert_string_equal(db_text(st, 1 + ROW_LAST_ERROR), "er");
	db_discard(&st);
	assert_null(st);
	db_discard(&st);
	row_copy(&row, &one);
	row_finish(&one);
	assert_int_equal(row.id, 1);
	assert_int_equal(row.version, 2);
	assert_int_equal(row.status, MESSAGE_EXPIRED);
	assert_int_equal(row.priority, 3);
	assert_int_equal(row.attempts, 4);
	assert_int_equal(row.max_attempts, 5);
	assert_int_equal(row.generation, 6);
	assert_int_equal(row.created_at_ms, 7);
	assert_int_equal(row.updated_at_ms, 8);
	assert_int_equal(row.due_at_ms, 1000000000009);
	assert_int_equal(row.expires_at_ms, 1000000000010);
	assert_int_equal(row.delivered_at_ms, 11);
	assert_int_equal(row.lease_until_ms, 12);
	assert_string_equal(row.channel, "ch");
	assert_string_equal(row.type, "ty");
	assert_string_equal(row.recipient, "re");
	assert_string_equal(row.ordering_key, "or");
	assert_string_equal(row.dedup_key, "de");
	assert_string_equal(row.waits_for, "order");
	assert_string_equal(row.lease_owner, "le");
	assert_string_equal(row.last_reason, "la");
	assert_string_equal(row.last_error, "er");
	assert_string_equal(row_key(&row), "or");
	row_finish(&row);
	row_finish(&row);
}

/* What is not there, and the channel's limit of attempts. */
static void test_read_little(void **state)
{
	struct listbench *b = *state;
	listbench_fill_same(b, 1);
	outbox_exec(b->fix->db, "UPDATE outbox_channel SET max_attempts = 42"
				" WHERE name = 'c0'");
	struct db_stmt *st = db_prepare(
		b->reader, "t", "SELECT " ROW_COLUMNS " FROM outbox AS o");
	assert_int_equal(db_step(st), DB_ROW);
	struct row row;
	row_read(&row, st, 0);
	db_reset(st);
	assert_int_equal(row.max_attempts, 42);
	assert_int_equal(row.delivered_at_ms, 0);
	assert_null(row.recipient);
	assert_null(row.last_error);
	assert_string_equal(row_key(&row), "");
	assert_false(row.is_gone);
	row_finish(&row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_errors),
		LIST_TEST(test_read),
		LIST_TEST(test_read_little),
	};
	return cmocka_run_group_tests_name("tui_row", tests, NULL, NULL);
}
