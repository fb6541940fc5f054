#include "tui/events.h"

#include "lib/buf.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "tests/support/actbench.h"
#include "tui/rows.h"

#include <stdlib.h>
#include <string.h>

#define FOREVER INT64_MAX

struct bench {
	struct actbench *act;
	struct events *events;
};

static struct bench bench_open(void **state, enum events_of which)
{
	struct bench b = {.act = *state};
	b.events = events_create(b.act->db, which);
	return b;
}

static void add_line(struct bench *b, const char *level, const char *event,
		     const char *fields)
{
	outbox_exec(b->act->fix->db,
		    "INSERT INTO outbox_log (at, level, event, fields)"
		    " VALUES (%lld, %Q, %Q, %Q)",
		    ACT_NOW, level, event, fields);
}

static void add_lines(struct bench *b, int count)
{
	outbox_exec(b->act->fix->db,
		    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
		    " SELECT i + 1 FROM n WHERE i < %d)"
		    " INSERT INTO outbox_log (at, level, event, fields)"
		    " SELECT %lld + i, CASE i %% 10 WHEN 0 THEN 'error' ELSE"
		    " 'info' END, 'line', 'n=' || i FROM n",
		    count, ACT_NOW);
}

static void read_all(struct bench *b)
{
	events_refresh(b->events);
	assert_int_equal(events_work(b->events, ACT_NOW, FOREVER), ROWS_DONE);
}

static void expect(struct bench *b, const char *lines)
{
	static const char levels[] = "diwe";
	scoped_buf got = {0};
	for (size_t i = 0; i < events_count(b->events); i++) {
		const struct event *e = events_at(b->events, i);
		buf_addf(&got, "%c %lld %s: %s\n", levels[e->level],
			 (long long)e->row, e->source, e->text);
	}
	assert_string_equal(buf_str(&got), lines);
}

static void expect_acts(struct bench *b, const char *lines)
{
	scoped_buf got = {0};
	for (size_t i = 0; i < events_count(b->events); i++) {
		const struct event *e = events_at(b->events, i);
		buf_addf(&got, "%s: %s -> %lld, %lld (%lld)\n", e->source,
			 e->text, (long long)e->changed, (long long)e->skipped,
			 (long long)e->row);
		assert_non_null(e->act);
	}
	assert_string_equal(buf_str(&got), lines);
}

static void bench_close(struct bench *b)
{
	events_destroy(b->events);
}

static void test_lines_of_the_log(void **state)
{
	struct bench b = bench_open(state, EVENTS_LOG);
	read_all(&b);
	expect(&b, "");
	assert_true(events_is_complete(b.events));
	assert_int_equal(events_read_at(b.events), ACT_NOW);
	add_line(&b, "info", "relay started", "version=1.0.0 pid=4121");
	add_line(&b, "error", "channel held",
		 "channel=wechat-cloud reason=wechat-busy"
		 " answer=\"say \\\"no\\\" channel=x id=3\" probe_in_ms=5");
	add_line(&b, "error",
		 "lease lost: somebody else changed a row that was"
		 " being sent",
		 "id=1048769 lease=3");
	add_line(&b, "warn", "access token is dead", "");
	add_line(&b, "debug", "odd", "channel=\"a \\\\ b\" bare id= x=\"");
	read_all(&b);
	expect(&b, "i 0 relay: relay started version=1.0.0 pid=4121\n"
		   "e 0 wechat-cloud: channel held reason=wechat-busy"
		   " answer=\"say \\\"no\\\" channel=x id=3\" probe_in_ms=5\n"
		   "e 1048769 relay: #1048769 lease lost: somebody else changed"
		   " a row that was being sent lease=3\n"
		   "w 0 relay: access token is dead\n"
		   "d 0 a \\ b: odd bare x=\"\n");
	bench_close(&b);
}

/* The lines that the library of the relay writes, taken apart again. */
static void test_only_what_is_new_is_read(void **state)
{
	struct bench b = bench_open(state, EVENTS_LOG);
	add_line(&b, "info", "one", "");
	read_all(&b);
	outbox_exec(b.act->fix->db, "UPDATE outbox_log SET event = 'changed'");
	add_line(&b, "info", "two", "");
	assert_int_equal(events_work(b.events, ACT_NOW, FOREVER), ROWS_DONE);
	expect(&b, "i 0 relay: one\n");
	read_all(&b);
	expect(&b, "i 0 relay: one\ni 0 relay: two\n");
	/* All was pruned, and ids begin again. */
	outbox_exec(b.act->fix->db, "DELETE FROM outbox_log");
	add_line(&b, "info", "three", "");
	read_all(&b);
	expect(&b, "i 0 relay: three\n");
	bench_close(&b);
}

static void test_words_and_levels(void **state)
{
	struct bench b = bench_open(state, EVENTS_LOG);
	add_line(&b, "info", "Channel open", "channel=hook was=wechat-busy");
	add_line(&b, "error", "channel held", "channel=hook reason=x");
	add_line(&b, "warn", "rows expired", "count=3");
	events_ask(b.events, EVENT_DEBUG, "channel -held");
	read_all(&b);
	expect(&b, "i 0 hook: Channel open was=wechat-busy\n");
	events_ask(b.events, EVENT_WARN, "");
	read_all(&b);
	expect(&b, "e 0 hook: channel held reason=x\n"
		   "w 0 relay: rows expired count=3\n");
	events_ask(b.events, EVENT_ERROR, "  HOOK  reason=X ");
	read_all(&b);
	expect(&b, "e 0 hook: channel held reason=x\n");
	/* New lines pass the same filter. */
	add_line(&b, "error", "channel held", "channel=other reason=x");
	add_line(&b, "error", "again", "channel=hook reason=x");
	read_all(&b);
	expect(&b, "e 0 hook: channel held reason=x\n"
		   "e 0 hook: again reason=x\n");
	events_ask(b.events, EVENT_DEBUG, NULL);
	read_all(&b);
	assert_int_equal(events_count(b.events), 5);
	bench_close(&b);
}

/* Works with deadlines that have passed; returns how many slices it took. */
static int work_in_slices(struct bench *b)
{
	int rc, slices = 0;
	do {
		rc = events_work(b->events, ACT_NOW, 0);
		slices++;
		assert_true(rc == ROWS_MORE || rc == ROWS_DONE);
	} while (rc == ROWS_MORE);
	return slices;
}

static void test_it_keeps_the_newest(void **state)
{
	struct bench b = bench_open(state, EVENTS_LOG);
	add_lines(&b, EVENTS_MAX + 500);
	assert_true(work_in_slices(&b) > 100);
	assert_int_equal(events_count(b.events), EVENTS_MAX);
	assert_false(events_is_complete(b.events));
	assert_int_equal(events_at(b.events, 0)->id, 501);
	assert_int_equal(events_at(b.events, EVENTS_MAX - 1)->id,
			 EVENTS_MAX + 500);
	add_lines(&b, 40);
	events_refresh(b.events);
	assert_true(work_in_slices(&b) > 1);
	assert_int_equal(events_count(b.events), EVENTS_MAX);
	assert_int_equal(events_at(b.events, 0)->id, 541);
	assert_int_equal(events_find(b.events, 541), 0);
	assert_int_equal(events_find(b.events, 0), 0);
	assert_int_equal(events_find(b.events, 600), 59);
	assert_int_equal(events_find(b.events, INT64_MAX), EVENTS_MAX);
	/* Those that pass, however far back. */
	events_ask(b.events, EVENT_ERROR, "");
	assert_int_equal(events_count(b.events), 0);
	assert_true(work_in_slices(&b) > 100);
	assert_int_equal(events_count(b.events), EVENTS_MAX / 10 + 54);
	assert_true(events_is_complete(b.events));
	bench_close(&b);
}

static void test_acts_of_operators(void **state)
{
	struct bench b = bench_open(state, EVENTS_AUDIT);
	int64_t failed = actbench_add(b.act, MESSAGE_FAILED);
	int64_t sending = actbench_add(b.act, MESSAGE_SENDING);
	actbench_row(b.act, ACT_RETRY, failed);
	actbench_row(b.act, ACT_CANCEL, sending);
	actbench_row(b.act, ACT_CANCEL, failed);
	assert_int_equal(actbench_undo(b.act, b.act->last, ACT_NOW), 0);
	actbench_channels(b.act, ACT_PAUSE, "wechat-cloud");
	read_all(&b);
	expect_acts(&b, "alice: retry #1 -> 1, 0 (1)\n"
			"alice: cancel -> 0, 1 (0)\n"
			"alice: cancel #1 -> 1, 0 (1)\n"
			"alice: undo cancel -> 1, 0 (1)\n"
			"alice: pause wechat-cloud \"why\" -> 1, 0 (0)\n");
	events_ask(b.events, EVENT_DEBUG, "cancel -undo");
	read_all(&b);
	assert_int_equal(events_count(b.events), 2);
	bench_close(&b);
}

/* One batch of `count` rows of an act. */
static void act_on(struct bench *b, const struct act *act, struct act_row *rows,
		   size_t count)
{
	struct act_result total = {0};
	assert_int_equal(
		act_rows(b->act->desk, act, rows, count, ACT_NOW, &total), 0);
}

/* Batches of one act are one event, also those that come later, and when
 * somebody else acted in between. */
static void test_batches_are_summed(void **state)
{
	struct bench b = bench_open(state, EVENTS_AUDIT);
	struct act_row rows[6];
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		rows[i] = actbench_see(b.act,
				       actbench_add(b.act, MESSAGE_FAILED));
	struct act act = {.action = ACT_CANCEL,
			  .actor = &b.act->actor,
			  .reason = "withdrawn"};
	act_begin(&act);
	act_on(&b, &act, rows, 2);
	actbench_channels(b.act, ACT_PAUSE, NULL);
	act_on(&b, &act, rows + 2, 2);
	read_all(&b);
	const char *after[] = {
		"alice: cancel #1, #2, +2 \"withdrawn\" -> 4, 0 (0)\n"
		"alice: pause wechat-cloud \"why\" -> 1, 0 (0)\n",
		"alice: cancel #1, #2, +4 \"withdrawn\" -> 6, 0 (0)\n"
		"alice: pause wechat-cloud \"why\" -> 1, 0 (0)\n",
		"alice: cancel #1, #2, +4 \"withdrawn\" -> 6, 1 (0)\n"
		"alice: pause wechat-cloud \"why\" -> 1, 0 (0)\n",
	};
	expect_acts(&b, after[0]);
	act_on(&b, &act, rows + 4, 2);
	read_all(&b);
	expect_acts(&b, after[1]);
	act_on(&b, &act, rows + 5, 1); /* moved on */
	read_all(&b);
	expect_acts(&b, after[2]);
	events_ask(b.events, EVENT_DEBUG, "");
	read_all(&b);
	expect_acts(&b, after[2]);
	/* A filter that the act does not pass keeps its batches out, too. */
	events_ask(b.events, EVENT_DEBUG, "pause");
	read_all(&b);
	act_on(&b, &act, rows + 4, 1);
	read_all(&b);
	assert_int_equal(events_count(b.events), 1);
	bench_close(&b);
}

static void test_what_chose_the_rows(void **state)
{
	struct bench b = bench_open(state, EVENTS_AUDIT);
	struct act_row rows[5];
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		rows[i] = actbench_see(b.act,
				       actbench_add(b.act, MESSAGE_FAILED));
	struct act act = {.action = ACT_RETRY,
			  .actor = &b.act->actor,
			  .filter = "err:\"429\""};
	act_begin(&act);
	act_on(&b, &act, rows, 1);
	act.filter = NULL;
	act_begin(&act);
	act_on(&b, &act, rows + 1, 4);
	outbox_exec(b.act->fix->db,
		    "INSERT INTO outbox_audit (act, at, action, who, uid,"
		    " changed, skipped) VALUES ('x', 1, 'unmask', 'bob', 1, 0,"
		    " 0)");
	read_all(&b);
	expect_acts(&b, "alice: retry err:\"429\" -> 1, 0 (1)\n"
			"alice: retry #2, #3, #4, +1 -> 4, 0 (0)\n"
			"bob: unmask -> 0, 0 (0)\n");
	bench_close(&b);
}

/* An act of thousands of batches among others, in slices. */
static void test_a_long_audit_in_slices(void **state)
{
	struct bench b = bench_open(state, EVENTS_AUDIT);
	outbox_exec(b.act->fix->db,
		    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
		    " SELECT i + 1 FROM n WHERE i < 5000)"
		    " INSERT INTO outbox_audit (act, at, action, who, uid,"
		    " changed, skipped, ids) SELECT CASE WHEN i < 10 OR"
		    " i > 4990 THEN 'one' || i ELSE 'long' END, %lld + i,"
		    " 'cancel', 'bob', 1, 100, 1, '[[7,1,\"failed\",null]]'"
		    " FROM n",
		    ACT_NOW);
	events_refresh(b.events);
	assert_true(work_in_slices(&b) >= 10);
	assert_int_equal(events_count(b.events), 20);
	assert_true(events_is_complete(b.events));
	const struct event *e = events_at(b.events, 9);
	assert_string_equal(e->act, "long");
	assert_int_equal(e->id, 10);
	assert_int_equal(e->changed, 498100);
	assert_int_equal(e->skipped, 4981);
	assert_string_equal(e->text, "cancel #7, +498099");
	bench_close(&b);
}

int main(void)
{
	util_init();
	lang_init("en");
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_lines_of_the_log),
		ACT_TEST(test_only_what_is_new_is_read),
		ACT_TEST(test_words_and_levels),
		ACT_TEST(test_it_keeps_the_newest),
		ACT_TEST(test_acts_of_operators),
		ACT_TEST(test_batches_are_summed),
		ACT_TEST(test_what_chose_the_rows),
		ACT_TEST(test_a_long_audit_in_slices),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
