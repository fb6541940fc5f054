/* The state machine, what never changes, deletes, routes, and that the queries
 * of a claim stay index seeks. Other code relies on: no CRM can mark a row
 * delivered or touch one that is being sent; a claim costs the same with
 * 1,000,000 rows waiting. */
#include "lib/buf.h"
#include "lib/util.h"
#include "schema/message.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* Where a row may go with version + 1; and without, beside staying. */
enum {
	P = 1 << MESSAGE_PENDING,
	S = 1 << MESSAGE_SENDING,
	D = 1 << MESSAGE_DELIVERED,
	F = 1 << MESSAGE_FAILED,
	E = 1 << MESSAGE_EXPIRED,
	C = 1 << MESSAGE_CANCELLED,
};
static const struct {
	unsigned with_version, without;
	const char *path[2]; /* from pending to here */
} states[MESSAGE_STATUS_COUNT] = {
	[MESSAGE_PENDING] = {P | S | F | E | C, P | C, {NULL}},
	[MESSAGE_SENDING] = {P | D | F | E, S, {"sending"}},
	[MESSAGE_DELIVERED] = {0, D, {"sending", "delivered"}},
	[MESSAGE_FAILED] = {P | C, F, {"sending", "failed"}},
	[MESSAGE_EXPIRED] = {P | C, E, {"expired"}},
	[MESSAGE_CANCELLED] = {P | C, C, {"cancelled"}},
};

static const char *name_of(int status)
{
	return message_status_name((enum message_status)status);
}

static int64_t insert_in_state(sqlite3 *db, int status)
{
	int64_t id = outbox_insert(db, "t", "{\"assignedToId\":\"u\"}");
	for (size_t i = 0; i < 2 && states[status].path[i]; i++)
		outbox_exec(db,
			    "UPDATE outbox SET status = %Q,"
			    " version = version + 1 WHERE id = %lld",
			    states[status].path[i], id);
	return id;
}

static char *dump_row(sqlite3 *db, int64_t id)
{
	return outbox_rows(db, "SELECT * FROM outbox WHERE id = %lld", id);
}

/* Tries one transition on a row of its own. */
static void try_move(sqlite3 *db, const char *how, int from, int to, int step,
		     bool is_allowed)
{
	int64_t id = insert_in_state(db, from);
	scoped_free char *before = dump_row(db, id);
	scoped_free char *sql =
		xasprintf("%s outbox SET status = '%s', version = version + %d"
			  " WHERE id = %lld",
			  how, name_of(to), step, (long long)id);
	if (is_allowed) {
		outbox_exec(db, "%s", sql);
		scoped_free char *status = outbox_text(
			db, "SELECT status FROM outbox WHERE id = %lld", id);
		assert_string_equal(status, name_of(to));
		return;
	}
	scoped_free char *message = outbox_refused(db, "%s", sql);
	scoped_free char *after = dump_row(db, id);
	assert_string_equal(after, before);
	if (!strstr(message, "outbox.status"))
		fail_msg("%s: %s", sql, message);
}

static void try_moves(sqlite3 *db, const char *how)
{
	for (int from = 0; from < MESSAGE_STATUS_COUNT; from++) {
		for (int to = 0; to < MESSAGE_STATUS_COUNT; to++) {
			unsigned bit = 1u << to;
			try_move(db, how, from, to, 1,
				 states[from].with_version & bit);
			try_move(db, how, from, to, 0,
				 states[from].without & bit);
			try_move(db, how, from, to, 2, false);
			try_move(db, how, from, to, -1, false);
		}
	}
}

static void test_transitions(void **state)
{
	static const char *const how[] = {"UPDATE", "UPDATE OR IGNORE",
					  "UPDATE OR REPLACE"};
	sqlite3 *db = ((struct fixture *)*state)->db;
	outbox_exec(db, "PRAGMA synchronous=OFF");
	for (size_t i = 0; i < ARRAY_LEN(how); i++)
		try_moves(db, how[i]);
}

/* OR REPLACE puts a column's default in place of a NULL: 'pending', here. */
static void test_null_is_no_state(void **state)
{
	static const char *const sets[] = {
		"status = NULL", "version = NULL",
		"status = NULL, version = version + 1"};
	sqlite3 *db = ((struct fixture *)*state)->db;
	int64_t id = insert_in_state(db, MESSAGE_DELIVERED);
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		free(outbox_refused(db,
				    "UPDATE OR REPLACE outbox SET %s"
				    " WHERE id = %lld",
				    sets[i], id));
		free(outbox_refused(db,
				    "UPDATE OR IGNORE outbox SET %s"
				    " WHERE id = %lld",
				    sets[i], id));
	}
}

static const char cancel[] = "UPDATE outbox SET status = 'cancelled'"
			     " WHERE dedup_key = 'k' AND status = 'pending'";

static void test_cancel_by_crm(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	outbox_exec(db, "INSERT INTO outbox (type, payload, dedup_key)"
			" VALUES ('t', '{}', 'k')");
	outbox_exec(db, "UPDATE outbox SET waits_for = 'recipient'");
	outbox_exec(db, cancel);
	assert_int_equal(sqlite3_changes(db), 1);
	scoped_free char *row = outbox_rows(
		db, "SELECT status, version, waits_for, last_reason,"
		    " updated_at >= created_at FROM outbox");
	assert_string_equal(row, "cancelled|1|-|cancelled-by-crm|1\n");
	outbox_exec(db, cancel);
	assert_int_equal(sqlite3_changes(db), 0);
}

static void test_cancel_while_sending(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	int64_t id = insert_in_state(db, MESSAGE_SENDING);
	outbox_exec(db, cancel);
	assert_int_equal(sqlite3_changes(db), 0);
	scoped_free char *message = outbox_refused(
		db,
		"UPDATE OR IGNORE outbox SET status = 'cancelled'"
		" WHERE id = %lld",
		id);
	assert_non_null(strstr(message, "while the row is being sent"));
}

static void test_deletes(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	for (int s = 0; s < MESSAGE_STATUS_COUNT; s++) {
		int64_t id = insert_in_state(db, s);
		outbox_exec(db,
			    "INSERT INTO outbox_attempt VALUES"
			    " (%lld, 1, 1, 1, 1, 1, 's', 'o', 0, 'r', 200,"
			    " NULL);"
			    "INSERT INTO outbox_revision VALUES"
			    " (%lld, 1, '{}', 1, 'a')",
			    id, id);
		if (s == MESSAGE_PENDING || s == MESSAGE_SENDING) {
			scoped_free char *message = outbox_refused(
				db, "DELETE FROM outbox WHERE id = %lld", id);
			assert_non_null(strstr(message, "are not deleted"));
		} else {
			outbox_exec(db, "DELETE FROM outbox WHERE id = %lld",
				    id);
		}
	}
	scoped_free char *left =
		outbox_rows(db, "SELECT (SELECT count(*) FROM outbox),"
				" (SELECT count(*) FROM outbox_attempt),"
				" (SELECT count(*) FROM outbox_revision)");
	assert_string_equal(left, "2|2|2\n");
	/* An id is never used again. */
	outbox_exec(db, "DELETE FROM outbox WHERE id = (SELECT max(id)"
			" FROM outbox WHERE status = 'cancelled')");
	assert_int_equal(insert_in_state(db, 0), MESSAGE_STATUS_COUNT + 1);
}

static const struct {
	const char *set, *where, *why;
} changes[] = {
	{"id = 99", "1", "never change"},
	{"event_id = lower(hex(randomblob(16)))", "1", "never change"},
	{"created_at = created_at + 1", "1", "never change"},
	{"payload = '{\"a\":2}'", "1", "do not change in place"},
	{"type = 'u'", "1", "do not change in place"},
	{"payload = '{\"a\":2}', version = version + 2", "1", "outbox."},
	{"payload = '[]', version = version + 1", "1", "no object"},
	{"payload = '{', version = version + 1", "1", "not valid JSON"},
	{"payload = '{}' || char(0), version = version + 1", "1",
	 "not valid JSON"},
	{"payload = '{\"a\":\"' || hex(zeroblob(33000)) || '\"}',"
	 " version = version + 1",
	 "1", "65536 bytes"},
	{"type = '', version = version + 1", "1", "missing or empty"},
	{"payload = '{}', status = 'pending', version = version + 1",
	 "status = 'sending'", "do not change in place"},
	{"payload = '{\"a\":2}'", "status = 'delivered'",
	 "do not change in place"},
	{"priority = 10", "1", "CHECK"},
	{"waits_for = 'x'", "1", "CHECK"},
};

static void test_what_never_changes(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	for (int s = 0; s < MESSAGE_STATUS_COUNT; s++)
		insert_in_state(db, s);
	scoped_free char *before = outbox_rows(db, "SELECT * FROM outbox");
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		scoped_free char *message =
			outbox_refused(db, "UPDATE outbox SET %s WHERE %s",
				       changes[i].set, changes[i].where);
		if (!strstr(message, changes[i].why))
			fail_msg("%s: %s", changes[i].set, message);
	}
	scoped_free char *after = outbox_rows(db, "SELECT * FROM outbox");
	assert_string_equal(after, before);
	/* An edit in the console carries the version. */
	outbox_exec(db, "UPDATE outbox SET payload = '{\"a\":2}',"
			" version = version + 1 WHERE status = 'pending'");
	outbox_exec(db, "UPDATE outbox SET payload = payload, type = type,"
			" id = id, event_id = event_id");
}

static const struct {
	const char *channel, *path, *why; /* why NULL: it is fine */
} routes[] = {
	{"wechat-cloud", "$", NULL},
	{"wechat-cloud", "$.a.b", NULL},
	{"wechat-cloud", "$.a[0].b", NULL},
	{"wechat-cloud", "$.a[#-1]", NULL},
	{"wechat-cloud", "$.\"a.b[\"", NULL},
	{"wechat-cloud", "$.张三", NULL},
	{"nowhere", "$.a", "not in outbox_channel"},
	{"wechat-cloud", "assignedToId", "path"},
	{"wechat-cloud", "", "path"},
	{"wechat-cloud", "$.", "path"},
	{"wechat-cloud", "$x", "path"},
	{"wechat-cloud", "$.a..b", "path"},
	{"wechat-cloud", "$.a[", "path"},
	{"wechat-cloud", "$.a[x]", "path"},
	{"wechat-cloud", "$.a[0][x]", "path"},
	{"wechat-cloud", "$.\"a", "path"},
};

/* A bad path must be refused here: later it would fail the CRM's INSERTs. */
static void try_route(sqlite3 *db, size_t i, const char *sql)
{
	char *text = sqlite3_mprintf(sql, routes[i].channel, routes[i].path);
	int code = sqlite3_exec(db, text, NULL, NULL, NULL);
	sqlite3_free(text);
	const char *message = sqlite3_errmsg(db);
	if ((code == SQLITE_OK) != !routes[i].why ||
	    (routes[i].why && !strstr(message, routes[i].why)))
		fail_msg("%s: %d %s", routes[i].path, code, message);
	outbox_insert(db, "r", "{\"a\":[{\"b\":\"u\"}]}");
	outbox_insert(db, "r", "{\"a\":[[1]]}");
}

static void test_routes(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		try_route(db, i,
			  "INSERT INTO outbox_route VALUES"
			  " ('r', %Q, %Q)");
		outbox_exec(db, "INSERT OR REPLACE INTO outbox_route"
				" VALUES ('r', 'wechat-cloud', '$.a')");
		try_route(db, i,
			  "UPDATE outbox_route SET channel = %Q,"
			  " recipient_path = %Q WHERE type = 'r'");
		outbox_exec(db, "DELETE FROM outbox_route WHERE type = 'r'");
	}
}

static void test_route_is_missing(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	outbox_exec(db, "DELETE FROM outbox_route");
	scoped_free char *message = outbox_refused(
		db, "INSERT OR IGNORE INTO outbox (type, payload)"
		    " VALUES ('t', '{}')");
	assert_non_null(strstr(message, "outbox_route has no row"));
	outbox_exec(db, "INSERT INTO outbox (type, payload, channel)"
			" VALUES ('t', '{}', 'wechat-cloud')");
}

/* clang-format off */
static const struct {
	const char *sql, *index;
} plans[] = {
	{"SELECT id FROM outbox WHERE channel = ?1 AND priority = ?2"
	 " AND status = 'pending' AND waits_for IS NULL AND due_at <= ?3"
	 " ORDER BY due_at, id LIMIT ?4", "outbox_due"},
	{"SELECT due_at FROM outbox WHERE channel = ?1 AND priority = ?2"
	 " AND status = 'pending' AND waits_for IS NULL"
	 " ORDER BY due_at LIMIT 1", "outbox_due"},
	{"SELECT id FROM outbox WHERE status = 'pending'"
	 " AND waits_for = 'recipient' AND recipient = ?1 AND channel = ?2"
	 " ORDER BY priority DESC, due_at, id LIMIT 1", "outbox_waiting"},
	{"SELECT id FROM outbox WHERE ordering_key = ?1 AND id < ?2"
	 " AND status IN ('pending', 'sending') ORDER BY id LIMIT 1",
	 "outbox_order"},
	{"SELECT id FROM outbox WHERE status = 'sending' ORDER BY id",
	 "outbox_sending"},
	{"SELECT id FROM outbox WHERE status = 'pending' ORDER BY id LIMIT 1",
	 "outbox_pending"},
	{"SELECT id FROM outbox WHERE status = 'pending'"
	 " ORDER BY due_at, id LIMIT 1", "outbox_agenda"},
	/* These must not take an index that has more of the pending rows. */
	{"SELECT 1 FROM outbox WHERE status = 'pending'"
	 " AND waits_for = 'recipient' AND recipient = ?1", "outbox_waiting"},
	{"SELECT id FROM outbox WHERE ordering_key = ?1"
	 " AND status IN ('pending', 'sending') AND status = 'pending'"
	 " AND waits_for = 'order' ORDER BY id LIMIT 1", "outbox_order"},
	{"SELECT id FROM outbox WHERE status = 'pending'"
	 " AND expires_at IS NOT NULL AND expires_at <= ?1"
	 " ORDER BY expires_at LIMIT ?2", "outbox_expiry"},
	{"SELECT id FROM outbox WHERE status = 'delivered'"
	 " AND delivered_at < ?1 ORDER BY delivered_at LIMIT ?2",
	 "outbox_delivered"},
	{"SELECT id FROM outbox WHERE status = 'failed'"
	 " AND status IN ('failed', 'expired', 'cancelled')"
	 " AND updated_at < ?1 ORDER BY updated_at LIMIT ?2",
	 "outbox_settled"},
};
/* clang-format on */

static void test_index_use(void **state)
{
	sqlite3 *db = ((struct fixture *)*state)->db;
	for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
		scoped_free char *plan =
			outbox_rows(db, "EXPLAIN QUERY PLAN %s", plans[i].sql);
		if (strstr(plan, "TEMP B-TREE") ||
		    strstr(plan, "SCAN outbox\n") ||
		    !strstr(plan, plans[i].index))
			fail_msg("%s: %s", plans[i].sql, plan);
	}
}

/* Everything here runs in the CRM's own SQLite, which may be as old as 3.38. */
static void test_old_sqlite_knows_the_functions(void **state)
{
	static const char known[] =
		" abs cast char check coalesce count date group hex"
		" in instr json json_extract json_set json_type json_valid"
		" julianday key length lower max min nullif outbox"
		" randomblob raise replace round substr trim values ";
	sqlite3 *db = ((struct fixture *)*state)->db;
	scoped_free char *sql = outbox_text(
		db, "SELECT lower(group_concat(sql, ';')) FROM sqlite_schema"
		    " WHERE type = 'trigger' OR name = 'outbox'");
	static const char *const banned[] = {"->", "jsonb", "unixepoch",
					     "subsec", "octet_length"};
	for (size_t i = 0; i < ARRAY_LEN(banned); i++)
		assert_null(strstr(sql, banned[i]));
	regex_t call;
	assert_int_equal(regcomp(&call, "[a-z_][a-z_0-9]*(", 0), 0);
	regmatch_t at;
	for (const char *p = sql; regexec(&call, p, 1, &at, 0) == 0;
	     p += at.rm_eo) {
		scoped_free char *word = xasprintf(
			" %.*s ", (int)(at.rm_eo - at.rm_so - 1), p + at.rm_so);
		if (!strstr(known, word))
			fail_msg("a function that is not on the list:%s", word);
	}
	regfree(&call);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_transitions),
		FIXTURE_TEST(test_null_is_no_state),
		FIXTURE_TEST(test_cancel_by_crm),
		FIXTURE_TEST(test_cancel_while_sending),
		FIXTURE_TEST(test_deletes),
		FIXTURE_TEST(test_what_never_changes),
		FIXTURE_TEST(test_routes),
		FIXTURE_TEST(test_route_is_missing),
		FIXTURE_TEST(test_index_use),
		FIXTURE_TEST(test_old_sqlite_knows_the_functions),
	};
	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
