/* What the CRM's INSERT gets and what is refused. Other code relies on: a row
 * that is in the outbox can be claimed and sent; a refusal is an error that the
 * CRM sees, under every conflict clause, and leaves its transaction alone. */
#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"

#include <string.h>

static void test_defaults(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	int64_t before = clock_wall_ms() - 1;
	outbox_insert(db, "t", "{\"assignedToId\":\"u1\"}");
	outbox_insert(db, "t", "{}");
	int64_t after = clock_wall_ms() + 1;
	scoped_free char *rows = outbox_rows(
		db,
		"SELECT channel, recipient, ordering_key, dedup_key, priority,"
		" expires_at - due_at, max_attempts, status, waits_for,"
		" attempts, unknowns, interrupted, generation, version,"
		" lease_owner, lease_until, lease_no, last_reason, last_error,"
		" delivered_at,"
		" length(event_id) = 32 AND event_id NOT GLOB '*[^0-9a-f]*',"
		" due_at BETWEEN %lld AND %lld, created_at - due_at IN (0, 1),"
		" updated_at - created_at IN (0, 1)"
		"  FROM outbox ORDER BY id",
		before, after);
	assert_string_equal(
		rows, "wechat-cloud|u1|-|-|4|86400000|-|pending|-|0|0|0|1|0|"
		      "-|-|0|-|-|-|1|1|1|1\n"
		      "wechat-cloud|-|-|-|4|86400000|-|pending|-|0|0|0|1|0|"
		      "-|-|0|-|-|-|1|1|1|1\n");
}

static void test_event_ids_differ(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	outbox_exec(db, "BEGIN");
	for (int i = 0; i < 1000; i++)
		outbox_insert(db, "t", "{}");
	outbox_exec(db, "COMMIT");
	assert_int_equal(
		outbox_int(db, "SELECT count(DISTINCT event_id) FROM outbox"),
		1000);
}

/* What the CRM gives stays; NULL is as good as leaving it out, as ORMs do. */
static void test_given_values(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	outbox_exec(db, "INSERT INTO outbox_channel (name, kind, life_ms)"
			" VALUES ('c2', 'webhook', NULL)");
	outbox_exec(db, "INSERT INTO outbox_route VALUES ('t2', 'c2', '$.to')");
	outbox_exec(db,
		    "INSERT INTO outbox (channel, type, payload, recipient,"
		    " ordering_key, dedup_key, priority, due_at, expires_at,"
		    " max_attempts, event_id)"
		    " VALUES ('c2', 't', '{\"assignedToId\":\"x\"}', 'r', 'o',"
		    " 'd', 9, 2000000000000, 2000000000001, 3,"
		    " '0123456789abcdef0123456789abcdef'),"
		    " (NULL, 't2', '{\"to\":7}', NULL, NULL, NULL, '0',"
		    " 2000000000000, NULL, NULL,"
		    " 'ffffffffffffffffffffffffffffffff')");
	outbox_exec(db, "INSERT INTO outbox (id, channel, type, payload,"
			" recipient, ordering_key, dedup_key, expires_at,"
			" max_attempts, waits_for, lease_owner, lease_until,"
			" last_reason, last_error, delivered_at)"
			" VALUES (NULL, NULL, 't', '{}', NULL, NULL, NULL,"
			" NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
	scoped_free char *rows = outbox_rows(
		db, "SELECT channel, type, recipient, ordering_key, dedup_key,"
		    " priority, expires_at - due_at, max_attempts"
		    "  FROM outbox ORDER BY id");
	assert_string_equal(rows, "c2|t|r|o|d|9|1|3\n"
				  "c2|t2|7|-|-|0|-|-\n"
				  "wechat-cloud|t|-|-|-|4|86400000|-\n");
}

/* The last values that are not refused; see refusals for the first that are. */
static void test_bounds(void **state)
{
	static const char *const values[][2] = {
		{"due_at", "1000000000000"},
		{"due_at", "99999999999999"},
		{"expires_at", "1000000000000"},
		{"expires_at", "99999999999999"},
		{"created_at", "1000000000000"},
		{"updated_at", "99999999999999"},
		{"priority", "0"},
		{"priority", "9"},
		{"max_attempts", "1"},
		{"max_attempts", "100"},
	};
	sqlite3 *db = ((struct fixture *)*state)->db;
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		outbox_exec(db,
			    "INSERT INTO outbox (type, payload, %s)"
			    " VALUES ('t', '{}', %s)",
			    values[i][0], values[i][1]);
}

static void test_recipients(void **state)
{
	static const struct {
		const char *payload, *want;
	} cases[] = {
		{"{\"assignedToId\":\"u1\"}", "u1"},
		{"{\"assignedToId\":\"张三\"}", "张三"},
		{"{\"assignedToId\":42}", "42"},
		{"{\"assignedToId\":-9007199254740993}", "-9007199254740993"},
		{"{\"assignedToId\":\"\"}", NULL},
		{"{\"assignedToId\":null}", NULL},
		{"{\"assignedToId\":true}", NULL},
		{"{\"assignedToId\":1.5}", NULL},
		{"{\"assignedToId\":{\"id\":1}}", NULL},
		{"{\"assignedToId\":[\"u1\"]}", NULL},
		{"{\"other\":\"u1\"}", NULL},
		{"{}", NULL},
	};
	sqlite3 *db = ((struct fixture *)*state)->db;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t id = outbox_insert(db, "t", cases[i].payload);
		scoped_free char *got = outbox_text(
			db, "SELECT recipient FROM outbox WHERE id = %lld", id);
		if (cases[i].want)
			assert_string_equal(got, cases[i].want);
		else
			assert_null(got);
	}
}

static void test_long_recipient_is_cut(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	outbox_exec(db, "INSERT INTO outbox (type, payload) VALUES ('t',"
			" json_object('assignedToId',"
			" replace(hex(zeroblob(150)), '00', '中张')))");
	assert_int_equal(outbox_int(db, "SELECT length(recipient) FROM outbox"),
			 256);
}

/* column, value, what the message must hold. The column is also in it. */
static const struct {
	const char *column, *value, *why;
} refusals[] = {
	{"type", "NULL", "missing or empty"},
	{"type", "''", "missing or empty"},
	{"type", "'  '", "missing or empty"},
	{"type", "char(9, 10, 13, 32)", "missing or empty"},
	{"type", "x'74'", "cannot store BLOB"},
	{"payload", "NULL", "is missing"},
	{"payload", "''", "not valid JSON"},
	{"payload", "'{'", "not valid JSON"},
	{"payload", "'{\"a\":1,}'", "not valid JSON"},
	{"payload", "'{a:1}'", "not valid JSON"},
	{"payload", "'{} {}'", "not valid JSON"},
	{"payload", "'{\"a\":1}' || char(0)", "not valid JSON"},
	{"payload", "'{\"a\":1}' || char(0) || 'x'", "not valid JSON"},
	{"payload", "'[]'", "no object"},
	{"payload", "'\"x\"'", "no object"},
	{"payload", "'null'", "no object"},
	{"payload", "'true'", "no object"},
	{"payload", "'12'", "no object"},
	{"payload", "12", "no object"},
	{"payload", "x'7b7d'", "cannot store BLOB"},
	{"payload", "'{\"a\":\"' || hex(zeroblob(33000)) || '\"}'",
	 "larger than 65536 bytes"},
	{"channel", "'nowhere'", "unknown"},
	{"channel", "''", "unknown"},
	{"status", "NULL", "only be pending"},
	{"status", "'sending'", "only be pending"},
	{"status", "'delivered'", "only be pending"},
	{"status", "'cancelled'", "only be pending"},
	{"status", "'nonsense'", "only be pending"},
	{"due_at", "NULL", "milliseconds since 1970"},
	{"due_at", "0", "looks like seconds"},
	{"due_at", "-1", "looks like seconds"},
	{"due_at", "1766572200", "looks like seconds"},
	{"due_at", "999999999999", "looks like seconds"},
	{"due_at", "100000000000000", "looks like microseconds"},
	{"due_at", "'2025-12-24T10:30:00.000Z'", "cannot store TEXT"},
	{"due_at", "1766572200000.5", "cannot store REAL"},
	{"due_at", "x'00'", "cannot store BLOB"},
	{"expires_at", "1766572200", "looks like seconds"},
	{"expires_at", "100000000000000", "looks like microseconds"},
	{"expires_at", "'tomorrow'", "cannot store TEXT"},
	{"expires_at", "1766572200000.5", "cannot store REAL"},
	{"priority", "NULL", "from 0"},
	{"priority", "-1", "from 0"},
	{"priority", "10", "from 0"},
	{"priority", "'high'", "cannot store TEXT"},
	{"priority", "4.5", "cannot store REAL"},
	{"max_attempts", "0", "from 1 to 100"},
	{"max_attempts", "101", "from 1 to 100"},
	{"max_attempts", "'many'", "cannot store TEXT"},
	{"max_attempts", "2.5", "cannot store REAL"},
	{"dedup_key", "''", "empty"},
	{"dedup_key", "x'01'", "cannot store BLOB"},
	{"ordering_key", "''", "empty"},
	{"ordering_key", "x'01'", "cannot store BLOB"},
	{"recipient", "''", "empty"},
	{"recipient", "x'01'", "cannot store BLOB"},
	{"event_id", "NULL", "32 lower-case hexadecimal"},
	{"event_id", "'0123'", "32 lower-case hexadecimal"},
	{"event_id", "'0123456789ABCDEF0123456789ABCDEF'",
	 "32 lower-case hexadecimal"},
	{"event_id", "'0123456789abcdef0123456789abcdeg'",
	 "32 lower-case hexadecimal"},
	{"created_at", "NULL", "milliseconds"},
	{"created_at", "1766572200", "milliseconds"},
	{"created_at", "100000000000000", "milliseconds"},
	{"created_at", "'now'", "cannot store TEXT"},
	{"updated_at", "NULL", "milliseconds"},
	{"updated_at", "1766572200", "milliseconds"},
	{"updated_at", "100000000000000", "milliseconds"},
	{"attempts", "1", "the relay's"},
	{"attempts", "NULL", "the relay's"},
	{"unknowns", "1", "the relay's"},
	{"interrupted", "1", "the relay's"},
	{"generation", "0", "the relay's"},
	{"generation", "2", "the relay's"},
	{"version", "1", "the relay's"},
	{"waits_for", "'recipient'", "the relay's"},
	{"waits_for", "'order'", "the relay's"},
	{"lease_owner", "'me'", "the relay's"},
	{"lease_until", "1766572200000", "the relay's"},
	{"lease_no", "1", "the relay's"},
	{"lease_no", "NULL", "the relay's"},
	{"last_reason", "'x'", "the relay's"},
	{"last_error", "'x'", "the relay's"},
	{"delivered_at", "1766572200000", "the relay's"},
};

/* The INSERT of one case: the wrong column, and what else is needed. */
static void add_insert(struct buf *b, const char *how, size_t i,
		       const char *suffix)
{
	const char *column = refusals[i].column;
	buf_addf(b, "%s INTO outbox (%s", how, column);
	buf_adds(b, strcmp(column, "type") ? ", type" : "");
	buf_adds(b, strcmp(column, "payload") ? ", payload" : "");
	buf_addf(b, ") VALUES (%s", refusals[i].value);
	buf_adds(b, strcmp(column, "type") ? ", 't'" : "");
	buf_adds(b, strcmp(column, "payload") ? ", '{}'" : "");
	buf_addf(b, ")%s", suffix);
}

/* "lease_*" stands for three columns, "last_*" for two. */
static void check_message(const char *message, size_t i)
{
	const char *column = refusals[i].column;
	bool is_named =
		strstr(message, column) ||
		(strncmp(column, "lease_", 6) == 0 &&
		 strstr(message, "lease_*")) ||
		(strncmp(column, "last_", 5) == 0 && strstr(message, "last_*"));
	if (!is_named || !strstr(message, refusals[i].why))
		fail_msg("%s = %s: %s", column, refusals[i].value, message);
}

/* Refuses case i inside a transaction of the CRM, which goes on, or not. */
static void refuse(sqlite3 *db, const char *how, size_t i, const char *suffix,
		   bool goes_on)
{
	scoped_buf sql = {0};
	add_insert(&sql, how, i, suffix);
	outbox_exec(db, "BEGIN; INSERT INTO business VALUES (1)");
	scoped_free char *message = outbox_refused(db, "%s", buf_str(&sql));
	check_message(message, i);
	assert_int_equal(sqlite3_get_autocommit(db), 0);
	outbox_exec(db, "INSERT INTO business VALUES (2)");
	outbox_exec(db, goes_on ? "COMMIT" : "ROLLBACK");
	assert_int_equal(outbox_int(db, "SELECT count(*) FROM business"),
			 goes_on ? 2 : 0);
	assert_int_equal(outbox_int(db, "SELECT count(*) FROM outbox"), 0);
	outbox_exec(db, "DELETE FROM business");
}

static void test_refusals(void **state)
{
	static const struct {
		const char *how, *suffix;
	} ways[] = {
		{"INSERT", ""},
		{"INSERT OR IGNORE", ""},
		{"INSERT OR REPLACE", ""},
		{"INSERT OR FAIL", ""},
		{"INSERT", " ON CONFLICT DO NOTHING"},
		{"INSERT", " ON CONFLICT (dedup_key) DO NOTHING"},
	};
	sqlite3 *db = ((struct fixture *)*state)->db;
	outbox_exec(db, "PRAGMA synchronous=OFF;"
			"CREATE TABLE business (n INTEGER)");
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		for (size_t w = 0; w < ARRAY_LEN(ways); w++)
			refuse(db, ways[w].how, i, ways[w].suffix, w % 2 == 0);
	}
}

static void test_payload_limit(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	scoped_buf payload = {0};
	buf_adds(&payload, "{\"a\":\"");
	while (payload.len + strlen("中xx\"}") <= 65536)
		buf_adds(&payload, "中");
	while (payload.len + strlen("\"}") < 65536)
		buf_addc(&payload, 'x');
	size_t len = payload.len;
	buf_adds(&payload, "\"}");
	assert_int_equal(payload.len, 65536);
	outbox_insert(db, "t", buf_str(&payload));
	assert_int_equal(
		outbox_int(db, "SELECT payload = %Q FROM outbox", payload.data),
		1);
	payload.len = len;
	buf_adds(&payload, "x\"}");
	assert_int_equal(payload.len, 65537);
	scoped_free char *message = outbox_refused(
		db, "INSERT INTO outbox (type, payload) VALUES ('t', %Q)",
		payload.data);
	assert_non_null(strstr(message, "65536 bytes"));
	assert_int_equal(outbox_int(db, "SELECT count(*) FROM outbox"), 1);
}

static void test_dedup_key(void **state)
{
	static const char insert[] =
		"INSERT INTO outbox (type, payload, dedup_key)"
		" VALUES ('t', '{\"n\":%d}', %Q)%s";
	sqlite3 *db = ((struct fixture *)*state)->db;
	outbox_exec(db, insert, 1, "a", "");
	outbox_exec(db, insert, 2, "a", " ON CONFLICT (dedup_key) DO NOTHING");
	assert_int_equal(sqlite3_changes(db), 0);
	outbox_exec(db, insert, 3, "b", " ON CONFLICT (dedup_key) DO NOTHING");
	assert_int_equal(sqlite3_changes(db), 1);
	outbox_exec(db, "INSERT OR IGNORE INTO outbox (type, payload,"
			" dedup_key) VALUES ('t', '{\"n\":4}', 'b')");
	scoped_free char *message = outbox_refused(db, insert, 5, "a", "");
	assert_non_null(strstr(message, "outbox.dedup_key"));
	/* A repeat that would change what is sent is no repeat. */
	scoped_free char *second =
		outbox_refused(db, insert, 6, "a",
			       " ON CONFLICT (dedup_key) DO UPDATE"
			       " SET payload = excluded.payload");
	assert_non_null(strstr(second, "do not change in place"));
	outbox_exec(db, insert, 7, NULL, "");
	outbox_exec(db, insert, 8, NULL, "");
	scoped_free char *rows = outbox_rows(
		db, "SELECT payload ->> 'n', dedup_key FROM outbox ORDER BY 1");
	assert_string_equal(rows, "1|a\n3|b\n7|-\n8|-\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_defaults),
		FIXTURE_TEST(test_event_ids_differ),
		FIXTURE_TEST(test_given_values),
		FIXTURE_TEST(test_bounds),
		FIXTURE_TEST(test_recipients),
		FIXTURE_TEST(test_long_recipient_is_cut),
		FIXTURE_TEST(test_refusals),
		FIXTURE_TEST(test_payload_limit),
		FIXTURE_TEST(test_dedup_key),
	};
	return cmocka_run_group_tests_name("schema_insert", tests, NULL, NULL);
}
