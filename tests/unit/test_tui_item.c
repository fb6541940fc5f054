#include "tui/item.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tests/support/operator.h"

#include <stdlib.h>
#include <string.h>

struct bench {
	struct actbench *act;
	sqlite3 *db; /* the CRM's, and the relay's */
	struct item_reader *reader;
	struct item item;
};

static struct bench bench_open(void **state)
{
	struct bench b = {.act = *state};
	b.db = b.act->fix->db;
	b.reader = item_reader_create(b.act->db);
	return b;
}

static void bench_close(struct bench *b)
{
	item_finish(&b->item);
	item_reader_destroy(b->reader);
}

static void read_item(struct bench *b, int64_t id)
{
	assert_int_equal(item_read(b->reader, id, &b->item, ACT_NOW), 0);
	assert_int_equal(b->item.row.id, id);
	assert_int_equal(b->item.read_at_ms, ACT_NOW);
}

static void test_a_row_in_full(void **state)
{
	struct bench b = bench_open(state);
	int64_t id = actbench_add(b.act, MESSAGE_FAILED);
	read_item(&b, id);
	assert_int_equal(b.item.row.status, MESSAGE_FAILED);
	assert_int_equal(b.item.row.attempts, 7);
	assert_int_equal(b.item.row.max_attempts, 10); /* its channel's */
	assert_false(b.item.has_max_attempts);
	assert_int_equal(b.item.unknowns, 3);
	assert_int_equal(b.item.interrupted, 2);
	assert_string_equal(b.item.payload, "{\"assignedToId\":\"u1\"}");
	assert_int_equal(b.item.payload_len, 21);
	assert_int_equal(strlen(b.item.event_id), 32);
	assert_string_equal(b.item.row.last_reason, "wechat-busy");
	outbox_exec(b.db, "UPDATE outbox SET max_attempts = 3");
	read_item(&b, id);
	assert_true(b.item.has_max_attempts);
	assert_int_equal(b.item.row.max_attempts, 3);
	bench_close(&b);
}

static void test_a_row_that_is_gone(void **state)
{
	struct bench b = bench_open(state);
	int64_t id = actbench_add(b.act, MESSAGE_PENDING);
	read_item(&b, id);
	assert_int_equal(item_read(b.reader, id + 1, &b.item, ACT_NOW + 5),
			 ITEM_GONE);
	assert_int_equal(b.item.row.id, id); /* untouched */
	assert_int_equal(b.item.read_at_ms, ACT_NOW);
	bench_close(&b);
}

static void add_attempts(struct bench *b, int64_t id, int count)
{
	outbox_exec(b->db,
		    "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL"
		    " SELECT i + 1 FROM n WHERE i < %d)"
		    " INSERT INTO outbox_attempt SELECT %lld, i, 1, 1,"
		    " %lld + i, 181000, 'invoke', 'retry', 40003,"
		    " 'wechat-busy', 200, 'answer ' || i FROM n",
		    count, id, ACT_NOW);
}

static void test_attempts_newest_first(void **state)
{
	struct bench b = bench_open(state);
	int64_t id = actbench_add(b.act, MESSAGE_FAILED);
	add_attempts(&b, id, 3);
	add_attempts(&b, id + 1, 9); /* another row's */
	outbox_exec(b.db,
		    "INSERT INTO outbox_attempt VALUES (%lld, 3, 2, 1, 1, 1,"
		    " 'send', 'unknown', 0, 'x', 0, NULL)",
		    id);
	read_item(&b, id);
	assert_int_equal(b.item.attempt_count, 4);
	assert_false(b.item.has_more_attempts);
	const struct item_attempt *a = b.item.attempts;
	assert_int_equal(a[0].lease_no, 3);
	assert_int_equal(a[0].request_no, 2);
	assert_null(a[0].answer);
	assert_int_equal(a[1].request_no, 1);
	assert_int_equal(a[1].started_at_ms, ACT_NOW + 3);
	assert_int_equal(a[1].duration_us, 181000);
	assert_int_equal(a[1].code, 40003);
	assert_int_equal(a[1].http_status, 200);
	assert_string_equal(a[1].stage, "invoke");
	assert_string_equal(a[1].outcome, "retry");
	assert_string_equal(a[1].reason, "wechat-busy");
	assert_string_equal(a[1].answer, "answer 3");
	assert_int_equal(a[3].lease_no, 1);
	outbox_exec(b.db, "DELETE FROM outbox_attempt");
	add_attempts(&b, id, 201);
	read_item(&b, id);
	assert_int_equal(b.item.attempt_count, 200);
	assert_false(b.item.has_more_attempts);
	outbox_exec(b.db, "DELETE FROM outbox_attempt");
	add_attempts(&b, id, 202);
	read_item(&b, id);
	assert_int_equal(b.item.attempt_count, 200);
	assert_true(b.item.has_more_attempts);
	bench_close(&b);
}

static void expect_events(struct bench *b, int64_t id, const char *events)
{
	scoped_buf got = {0};
	read_item(b, id);
	for (size_t i = 0; i < b->item.event_count; i++) {
		const struct item_event *e = &b->item.events[i];
		buf_addf(&got, "%s%s %s", i ? ", " : "", e->who, e->action);
		if (e->reason)
			buf_addf(&got, " (%s)", e->reason);
	}
	assert_string_equal(buf_str(&got), events);
}

/* All verbs of operators, each in the shape that it writes. */
static void test_what_operators_did(void **state)
{
	struct bench b = bench_open(state);
	struct operator o;
	operator_open(&o, b.act->fix->path, "bob");
	int64_t id = actbench_add(b.act, MESSAGE_FAILED);
	int64_t other = actbench_add(b.act, MESSAGE_FAILED);
	expect_events(&b, id, "");
	actbench_row(b.act, ACT_EDIT, id);
	actbench_row(b.act, ACT_EDIT, id);
	operator_row(&o, ACT_CANCEL, id);
	operator_row(&o, ACT_CANCEL, other);
	operator_row(&o, ACT_CANCEL, id); /* skipped: it is */
	operator_row(&o, ACT_RETRY, id);
	operator_channels(&o, ACT_PAUSE, NULL);
	expect_events(&b, id, "bob retry, bob cancel, alice edit, alice edit");
	assert_int_equal(b.item.revision_count, 2);
	expect_events(&b, other, "bob cancel");
	assert_int_equal(b.item.revision_count, 0);
	operator_close(&o);
	bench_close(&b);
}

static void audit(struct bench *b, const char *action, const char *ids)
{
	outbox_exec(b->db,
		    "INSERT INTO outbox_audit (act, at, action, who, uid,"
		    " reason, changed, skipped, ids) VALUES ('x', 1, %Q, 'bob',"
		    " 1, 'why', 1, 0, %Q)",
		    action, ids);
}

/* A row's id is found nowhere but where ids stand. */
static void test_ids_of_the_audit(void **state)
{
	struct bench b = bench_open(state);
	int64_t id = 0;
	while (id < 7)
		id = actbench_add(b.act, MESSAGE_PENDING);
	static const char *const others[] = {
		"[17]",
		"[71,77]",
		"[1,2,70]",
		"[]",
		"[[17,7,\"failed\",null]]",
		"[[1,7,\"failed\",\"7\"],[2,7,\"failed\",\"[7,\"]]",
		"[\"7\"]",
		"[\"x7\"]",
		NULL,
	};
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		audit(&b, "cancel", others[i]);
	expect_events(&b, id, "");
	static const char *const own[] = {
		"[7]",
		"[7,8]",
		"[1,7]",
		"[77,7,177]",
		"[[7,1,\"failed\",null]]",
		"[[77,7,\"failed\",null],[7,2,\"failed\",\"x\"]]",
	};
	scoped_buf expected = {0};
	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		audit(&b, "cancel", own[i]);
		buf_addf(&expected, "%sbob cancel (why)", i ? ", " : "");
		expect_events(&b, id, buf_str(&expected));
	}
	bench_close(&b);
}

/* Long audits are looked at in their newest part only. */
static void test_the_search_is_bounded(void **state)
{
	struct bench b = bench_open(state);
	int64_t id = actbench_add(b.act, MESSAGE_PENDING);
	audit(&b, "retry", "[1]");
	for (int i = 0; i < 60; i++)
		audit(&b, "cancel", "[1]");
	read_item(&b, id);
	assert_int_equal(b.item.event_count, 50);
	outbox_exec(b.db,
		    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
		    " SELECT i + 1 FROM n WHERE i < 1999)"
		    " INSERT INTO outbox_audit (act, at, action, who, uid,"
		    " changed, skipped, ids) SELECT 'x', 1, 'retry', 'eve', 1,"
		    " 1, 0, '[11]' FROM n");
	read_item(&b, id);
	assert_int_equal(b.item.event_count, 1);
	bench_close(&b);
}

static int64_t add(struct bench *b, const char *recipient, const char *key)
{
	outbox_exec(b->db,
		    "INSERT INTO outbox (type, payload, recipient,"
		    " ordering_key, due_at) VALUES ('t', '{}', %Q, %Q, %lld)",
		    recipient, key, ACT_CREATED);
	return sqlite3_last_insert_rowid(b->db);
}

static void park(struct bench *b, int64_t id, const char *what_for)
{
	outbox_exec(b->db, "UPDATE outbox SET waits_for = %Q WHERE id = %lld",
		    what_for, id);
}

static void expect_wait(struct bench *b, int64_t id, enum item_wait wait,
			int64_t blocker)
{
	read_item(b, id);
	assert_int_equal(b->item.wait, wait);
	assert_int_equal(b->item.blocker, blocker);
}

static void test_rows_to_the_same_recipient(void **state)
{
	struct bench b = bench_open(state);
	int64_t first = add(&b, "u", NULL), second = add(&b, "u", NULL);
	int64_t third = add(&b, "u", NULL), other = add(&b, "v", NULL);
	expect_wait(&b, second, ITEM_FREE, 0);
	actbench_move(b.act, first, "sending");
	expect_wait(&b, first, ITEM_FREE, 0);
	expect_wait(&b, second, ITEM_RECIPIENT_ON_WIRE, first);
	expect_wait(&b, other, ITEM_FREE, 0);
	park(&b, second, "recipient");
	park(&b, third, "recipient");
	expect_wait(&b, third, ITEM_RECIPIENT_ON_WIRE, first);
	/* Not on the wire: the one before it; the first of them waits for one
	 * that no index knows. */
	outbox_exec(b.db, "UPDATE outbox SET recipient = 'w' WHERE id = %lld",
		    first);
	expect_wait(&b, third, ITEM_RECIPIENT_BEFORE, second);
	expect_wait(&b, second, ITEM_RECIPIENT_BEFORE, 0);
	outbox_exec(b.db, "UPDATE outbox SET priority = 9 WHERE id = %lld",
		    third);
	expect_wait(&b, second, ITEM_RECIPIENT_BEFORE, third);
	bench_close(&b);
}

static void test_rows_with_the_same_key(void **state)
{
	struct bench b = bench_open(state);
	int64_t first = add(&b, "u", "k"), second = add(&b, "v", "k");
	int64_t third = add(&b, "w", "k"), other = add(&b, "x", "l");
	expect_wait(&b, first, ITEM_FREE, 0);
	expect_wait(&b, other, ITEM_FREE, 0);
	expect_wait(&b, third, ITEM_ORDER, first);
	park(&b, third, "order");
	expect_wait(&b, third, ITEM_ORDER, first);
	actbench_move(b.act, first, "sending");
	expect_wait(&b, third, ITEM_ORDER, first);
	actbench_move(b.act, first, "failed");
	expect_wait(&b, third, ITEM_ORDER, second);
	/* A dead letter lets its followers pass, unless the channel is set. */
	expect_wait(&b, second, ITEM_FREE, 0);
	outbox_exec(b.db, "UPDATE outbox_channel SET is_order_held = 1");
	expect_wait(&b, second, ITEM_ORDER_FAILED, first);
	park(&b, second, "order");
	expect_wait(&b, second, ITEM_ORDER_FAILED, first);
	actbench_row(b.act, ACT_CANCEL, first);
	expect_wait(&b, second, ITEM_FREE, 0);
	bench_close(&b);
}

int main(void)
{
	util_init();
	lang_init("en");
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_a_row_in_full),
		ACT_TEST(test_a_row_that_is_gone),
		ACT_TEST(test_attempts_newest_first),
		ACT_TEST(test_what_operators_did),
		ACT_TEST(test_ids_of_the_audit),
		ACT_TEST(test_the_search_is_bounded),
		ACT_TEST(test_rows_to_the_same_recipient),
		ACT_TEST(test_rows_with_the_same_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
