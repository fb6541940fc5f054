/* What alerts ask the database. Other code relies on: rows that tell are no
 * trouble themselves, what is kept comes back, and each question is a seek or a
 * bounded count, so that looking every few seconds costs nothing. */
#include "relay/alert_store.h"

#include "lib/util.h"
#include "relay/alert_json.h"
#include "relay/reroute.h"
#include "tests/support/storebench.h"

#include <stdlib.h>
#include <string.h>

#define HOUR INT64_C(3600000)

static int64_t oldest(struct alert_store *s, const char *channel)
{
	int64_t due = 0;
	assert_int_equal(alert_store_oldest(s, channel, BENCH_NOW, &due), 0);
	return due;
}

static void add(struct storebench *b, int priority, int64_t due_ms,
		const char *type)
{
	outbox_exec(b->fix->db,
		    "INSERT INTO outbox (type, payload, priority, due_at)"
		    " VALUES (%Q, '{}', %d, %lld)",
		    type, priority, (long long)due_ms);
}

static void test_oldest(void **state)
{
	struct storebench *b = *state;
	struct alert_store *s = alert_store_create(b->db);
	const char *channel = b->channel->name;
	assert_int_equal(oldest(s, channel), INT64_MAX);
	add(b, 9, BENCH_NOW - 9 * HOUR, ALERT_TYPE);
	add(b, 4, BENCH_NOW + HOUR, "t");
	assert_int_equal(oldest(s, channel), INT64_MAX);
	add(b, 9, BENCH_NOW - HOUR, "t");
	add(b, 0, BENCH_NOW - 2 * HOUR, "t");
	add(b, 4, BENCH_NOW, "t");
	assert_int_equal(oldest(s, channel), BENCH_NOW - 2 * HOUR);
	assert_int_equal(oldest(s, "another"), INT64_MAX);
	alert_store_destroy(s);
}

/* Makes all pending rows failed ones of then. */
static void fail_all(struct storebench *b, int64_t at_ms, const char *reason)
{
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET status = 'failed', updated_at = %lld,"
		    " version = version + 1, last_reason = %Q"
		    " WHERE status = 'pending'",
		    (long long)at_ms, reason);
}

static void test_failed(void **state)
{
	struct storebench *b = *state;
	struct alert_store *s = alert_store_create(b->db);
	int64_t count = 0;
	enum reason reason = REASON_EXPIRED;
	int64_t from = BENCH_NOW - HOUR;
	alert_store_failed_reason(s, from, BENCH_NOW, &reason);
	assert_int_equal(reason, REASON_NONE);
	add(b, 4, BENCH_NOW, "t");
	fail_all(b, from - 1, "not-subscribed");
	add(b, 4, BENCH_NOW, ALERT_TYPE);
	add(b, 4, BENCH_NOW, "t");
	fail_all(b, from, "user-not-found");
	add(b, 4, BENCH_NOW, "t");
	add(b, 4, BENCH_NOW, "t");
	fail_all(b, BENCH_NOW, "webhook-gone");
	add(b, 4, BENCH_NOW, "t");
	fail_all(b, BENCH_NOW + 1, "not-subscribed");
	assert_int_equal(alert_store_failed(s, from, BENCH_NOW, 100, &count),
			 0);
	assert_int_equal(count, 3);
	assert_int_equal(alert_store_failed(s, from, BENCH_NOW, 2, &count), 0);
	assert_int_equal(count, 2);
	alert_store_failed_reason(s, from, BENCH_NOW, &reason);
	assert_int_equal(reason, REASON_WEBHOOK_GONE);
	alert_store_destroy(s);
}

/* A notice that expired is lost as well; one that was taken back is not. */
static void test_expired(void **state)
{
	struct storebench *b = *state;
	struct alert_store *s = alert_store_create(b->db);
	int64_t count = 0;
	enum reason reason = REASON_NONE;
	static const char *const ends[] = {"expired",	"expired",
					   "cancelled", "cancelled",
					   "cancelled", "failed"};
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		add(b, 4, BENCH_NOW, i == 1 ? ALERT_TYPE : "t");
		outbox_exec(b->fix->db,
			    "UPDATE outbox SET status = %Q, updated_at = %lld,"
			    " version = version + 1, last_reason = 'expired'"
			    " WHERE status = 'pending'",
			    ends[i], (long long)BENCH_NOW);
	}
	alert_store_failed(s, BENCH_NOW - HOUR, BENCH_NOW, 100, &count);
	assert_int_equal(count, 2);
	alert_store_failed(s, BENCH_NOW - HOUR, BENCH_NOW, 1, &count);
	assert_int_equal(count, 1);
	alert_store_failed_reason(s, BENCH_NOW - HOUR, BENCH_NOW, &reason);
	assert_int_equal(reason, REASON_EXPIRED);
	alert_store_destroy(s);
}

static void test_waiting(void **state)
{
	struct storebench *b = *state;
	struct alert_store *s = alert_store_create(b->db);
	int64_t count = -1;
	for (int i = 0; i < 7; i++)
		storebench_add(b, i, i % 2 ? "u1" : NULL, NULL);
	outbox_exec(b->fix->db, "UPDATE outbox SET waits_for = 'recipient'"
				" WHERE recipient = 'u1'");
	assert_int_equal(alert_store_waiting(s, b->channel->name, &count), 0);
	assert_int_equal(count, 7);
	assert_int_equal(alert_store_waiting(s, "another", &count), 0);
	assert_int_equal(count, 0);
	alert_store_destroy(s);
}

static void test_rows_that_tell(void **state)
{
	struct storebench *b = *state;
	struct alert_store *s = alert_store_create(b->db);
	struct alert_row row = {
		.channel = b->channel->name,
		.payload = "{\"text\":\"t\"}",
		.key = "k",
		.order = "o",
		.due_ms = BENCH_NOW,
		.expires_ms = BENCH_NOW + HOUR,
	};
	bool is_lost = true;
	assert_int_equal(alert_store_insert(s, &row), 0);
	row.payload = "{}";
	assert_int_equal(alert_store_insert(s, &row), 0);
	storebench_expect(b,
			  "SELECT type, payload, dedup_key, ordering_key,"
			  " priority, status, expires_at - due_at FROM outbox",
			  "outboxAlert|{\"text\":\"t\"}|k|o|9|pending|"
			  "3600000\n");
	assert_int_equal(alert_store_is_lost(s, "k", &is_lost), 0);
	assert_false(is_lost);
	outbox_exec(b->fix->db, "UPDATE outbox SET status = 'expired',"
				" version = version + 1");
	assert_int_equal(alert_store_is_lost(s, "k", &is_lost), 0);
	assert_true(is_lost);
	assert_int_equal(alert_store_is_lost(s, "another", &is_lost), 0);
	assert_false(is_lost);
	alert_store_destroy(s);
}

static void test_what_is_kept_comes_back(void **state)
{
	struct storebench *b = *state;
	struct alert_store *s = alert_store_create(b->db);
	struct alert_time now = {5000000, BENCH_NOW};
	struct alert_book book = {0}, again = {0};
	assert_int_equal(alert_store_load(s, &now, &again), 0);
	assert_int_equal(again.count, 0);
	struct alert *a = alert_book_add(&book, ALERT_CHANNEL_HELD, "ä \"x\"");
	a->is_on = a->is_told = true;
	a->reason = REASON_BREAKER_OPEN;
	a->told_reason = a->told[0] = REASON_APPSECRET_WRONG;
	a->told_count = 1;
	a->begun_wall_ms = BENCH_NOW - 7;
	a->begun_ms = 1000;
	a->reason_ms = 2000;
	a->told_ms = -3000;
	a->notices = 3;
	a->key = xstrdup("k");
	alert_book_add(&book, ALERT_ROWS_FAILED, "");
	assert_int_equal(alert_store_save(s, &book, &now), 0);
	assert_int_equal(alert_store_save(s, &book, &now), 0);
	assert_int_equal(alert_store_load(s, &now, &again), 0);
	scoped_free char *one = alert_json_print(&book, &now);
	scoped_free char *other = alert_json_print(&again, &now);
	assert_string_equal(one, other);
	a = &again.list[0];
	assert_string_equal(a->subject, "ä \"x\"");
	assert_true(a->is_on && a->is_told);
	assert_int_equal(a->begun_ms, 1000);
	assert_int_equal(a->told_ms, -3000);
	assert_int_equal(a->gone_ms, ALERT_NEVER);
	assert_int_equal(again.list[1].told_ms, ALERT_NEVER);
	alert_book_finish(&again);
	outbox_exec(b->fix->db, "UPDATE outbox_meta SET value = 'no'"
				" WHERE key = 'alerts'");
	assert_int_equal(alert_store_load(s, &now, &again), 0);
	assert_int_equal(again.count, 0);
	alert_book_finish(&again);
	alert_book_finish(&book);
	alert_store_destroy(s);
}

/* Another route for everything leaves them where alerts go. */
static void test_no_route_moves_them(void **state)
{
	struct storebench *b = *state;
	struct reroute *r = reroute_create(b->db);
	enum reroute_state step = REROUTE_MORE;
	outbox_exec(b->fix->db, "INSERT INTO outbox_channel (name, kind)"
				" VALUES ('ops', 'webhook');"
				"UPDATE outbox_route SET channel = 'ops'");
	add(b, 9, BENCH_NOW, ALERT_TYPE);
	add(b, 4, BENCH_NOW, "t");
	assert_int_equal(db_begin(b->db), 0);
	assert_int_equal(reroute_remember(r), 0);
	assert_int_equal(db_exec(b->db, "UPDATE outbox_route SET channel ="
					" 'wechat-cloud'"),
			 0);
	assert_int_equal(reroute_note(r, "[\"wechat-cloud\",\"ops\"]"), 0);
	assert_int_equal(db_commit(b->db), 0);
	while (step != REROUTE_DONE)
		assert_int_equal(reroute_step(r, &step), 0);
	storebench_expect(b, "SELECT type, channel FROM outbox ORDER BY id",
			  ALERT_TYPE "|ops\nt|wechat-cloud\n");
	reroute_destroy(r);
}

/* The plans of what alerts prepare: no scan of the table, no sort of rows. */
static void test_plans(void **state)
{
	struct storebench *b = *state;
	static const char *const plans[] = {
		"USING INDEX outbox_due (channel=? AND priority=? AND "
		"due_at<?)",
		"USING INDEX outbox_settled (status=? AND updated_at>? AND"
		" updated_at<?)",
		"USING INDEX outbox_settled (status=? AND updated_at>? AND"
		" updated_at<?)",
		"USING INDEX outbox_due (channel=?)",
		"USING INDEX outbox_pending",
		"USING INDEX sqlite_autoindex_outbox_2 (dedup_key=?)",
	};
	for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
		scoped_free char *plan =
			outbox_rows(b->fix->db, "EXPLAIN QUERY PLAN %s",
				    alert_store_sql(i));
		if (!strstr(plan, plans[i]) || strstr(plan, "SCAN outbox\n"))
			fail_msg("%zu: %s", i, plan);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_oldest),
		STORE_TEST(test_failed),
		STORE_TEST(test_expired),
		STORE_TEST(test_waiting),
		STORE_TEST(test_rows_that_tell),
		STORE_TEST(test_what_is_kept_comes_back),
		STORE_TEST(test_no_route_moves_them),
		STORE_TEST(test_plans),
	};
	util_init();
	return cmocka_run_group_tests_name("alert store", tests, NULL, NULL);
}
