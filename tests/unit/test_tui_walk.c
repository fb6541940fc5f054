/* Walks. Other code relies on: a walk meets each row of its list once, in the
 * list's order, both ways, however short its slices are; no statement sorts the
 * table; what a filter leaves out costs no slice its deadline. */
#include "lib/buf.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/listbench.h"
#include "tui/walk_internal.h"

#include <stdlib.h>
#include <string.h>

struct met {
	struct buf ids;
	size_t count;
	size_t stop_after; /* 0: never */
};

static bool meet(void *arg, struct db_stmt *st, const struct walk_at *at)
{
	struct met *met = arg;
	assert_int_equal(db_int(st, ROW_ID), at->id);
	buf_addf(&met->ids, "%lld ", (long long)at->id);
	met->count++;
	return !met->stop_after || met->count % met->stop_after;
}

/* All ids that a walk meets, in slices of so many rows; 0: as the clock, which
 * has always run out, makes them. */
static char *walk_all(struct listbench *b, const struct walk_query *query,
		      size_t stop_after)
{
	struct walk *w = walk_create(b->reader, query);
	struct met met = {.stop_after = stop_after};
	int rc, slices = 0;
	do {
		rc = walk_work(w, meet, &met, LIST_NOW,
			       stop_after ? INT64_MAX : 0);
		assert_true(++slices < 100000);
	} while (rc == ROWS_MORE);
	assert_int_equal(rc, ROWS_DONE);
	walk_destroy(w);
	return met.ids.data ? buf_detach(&met.ids) : xstrdup("");
}

static const struct {
	enum list_kind kind;
	enum list_sort sort;
	const char *where, *key;
	bool is_descending;
} lists[] = {
	{LIST_PENDING, SORT_DUE, "status = 'pending'", "due_at", false},
	{LIST_PENDING, SORT_ID, "status = 'pending'", "id", false},
	{LIST_SENDING, SORT_ID, "status = 'sending'", "id", false},
	{LIST_FAILED, SORT_UPDATED, "status IN ('failed', 'expired')",
	 "updated_at", true},
	{LIST_DELIVERED, SORT_UPDATED, "status = 'delivered'", "delivered_at",
	 true},
	{LIST_ALL, SORT_ID, "1", "id", true},
};

static const struct {
	const char *text, *where;
} filters[] = {
	{"", "1"},
	{"try>=3", "attempts >= 3"},
	{"state:failed", "status = 'failed'"},
	{"state:pending,sending", "status IN ('pending', 'sending')"},
	{"-state:pending", "status <> 'pending'"},
	{"state:delivered try:1", "status = 'delivered' AND attempts = 1"},
	{"id:77", "id = 77"},
	{"id:77 id:78", "0"},
	{"key:k3", "ordering_key = 'k3' OR dedup_key = 'k3'"},
	{"key:d5", "ordering_key = 'd5' OR dedup_key = 'd5'"},
	{"err:http", "instr(lower(last_error), 'http')"},
	{"payload:u1", "instr(payload, 'u1')"},
};

static char *expected(struct listbench *b, size_t l, size_t f, bool is_backward,
		      int64_t fence)
{
	const char *way = lists[l].is_descending != is_backward ? "DESC" : "";
	scoped_free char *rows = outbox_rows(
		b->fix->db,
		"SELECT group_concat(id, ' ') || ' ' FROM (SELECT id"
		"  FROM outbox WHERE (%s) AND (%s) AND (%d = 0 OR id <= %d)"
		" ORDER BY %s %s, id %s)",
		lists[l].where, filters[f].where, (int)fence, (int)fence,
		lists[l].key, way, way);
	rows[strcspn(rows, "\n")] = '\0';
	return xstrdup(strcmp(rows, "-") ? rows : "");
}

static void check_walk(struct listbench *b, size_t l, size_t f,
		       bool is_backward, int64_t fence)
{
	struct filter *filter = listbench_filter(filters[f].text);
	struct walk_query query = {lists[l].kind, lists[l].sort, is_backward,
				   filter, fence};
	scoped_free char *want = expected(b, l, f, is_backward, fence);
	static const size_t stops[] = {0, 1, 7};
	for (size_t i = 0; i < ARRAY_LEN(stops); i++) {
		scoped_free char *got = walk_all(b, &query, stops[i]);
		if (strcmp(got, want) != 0)
			fail_msg("%s by %s, %s, backward %d, fence %d:\n"
				 "%s\ninstead of\n%s",
				 lists[l].where, lists[l].key, filters[f].text,
				 is_backward, (int)fence, got, want);
	}
	filter_destroy(filter);
}

static void test_each_row_once(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 120);
	for (size_t l = 0; l < ARRAY_LEN(lists); l++) {
		for (size_t f = 0; f < ARRAY_LEN(filters); f++) {
			check_walk(b, l, f, false, 0);
			check_walk(b, l, f, true, 0);
			check_walk(b, l, f, false, 60);
		}
	}
}

/* Looked up by its key, unless too many rows have it. */
static void test_key_of_many(void **state)
{
	struct listbench *b = *state;
	struct filter *filter = listbench_filter("key:many");
	struct walk_query query = {
		.kind = LIST_PENDING, .sort = SORT_DUE, .filter = filter};
	for (int i = 0; i < 2; i++) {
		struct walk_plan plan;
		listbench_fill(b, 300);
		outbox_exec(b->fix->db, "UPDATE outbox SET ordering_key ="
					" 'many' WHERE status = 'pending'");
		walk_plan_make(&plan, b->reader, &query);
		assert_int_equal(plan.only_key != NULL, i == 0);
		buf_finish(&plan.scan);
		buf_finish(&plan.find);
		listbench_fill(b, 9000);
	}
	filter_destroy(filter);
}

static void check_plan(struct listbench *b, const struct walk_query *query,
		       const char *text)
{
	struct walk_plan plan;
	walk_plan_make(&plan, b->reader, query);
	if (plan.is_empty)
		return;
	scoped_free char *said = outbox_rows(
		b->fix->db, "EXPLAIN QUERY PLAN %s", buf_str(&plan.scan));
	bool is_few = strstr(said, "few") != NULL;
	bool is_table = strstr(said, "SEARCH o USING INTEGER PRIMARY KEY");
	if ((strstr(said, "TEMP B-TREE FOR ORDER BY") && !is_few) ||
	    strstr(said, "SCAN o\n") ||
	    strstr(said, "SEARCH x USING INDEX outbox_settled") ||
	    (is_table && !is_few && query->kind != LIST_ALL))
		fail_msg("%d %s: %s\n%s", query->kind, text,
			 buf_str(&plan.scan), said);
	buf_finish(&plan.scan);
	buf_finish(&plan.find);
}

static void test_nothing_is_sorted(void **state)
{
	struct listbench *b = *state;
	for (size_t i = 0; i < ARRAY_LEN(lists) * ARRAY_LEN(filters); i++) {
		size_t l = i % ARRAY_LEN(lists), f = i / ARRAY_LEN(lists);
		struct filter *filter = listbench_filter(filters[f].text);
		struct walk_query query = {lists[l].kind, lists[l].sort, false,
					   filter, 5};
		check_plan(b, &query, filters[f].text);
		query.is_backward = true;
		check_plan(b, &query, filters[f].text);
		filter_destroy(filter);
	}
}

/* Rows with the same key are no reason to read them from the first again. */
static void test_ties_are_sought(void **state)
{
	struct listbench *b = *state;
	listbench_fill_same(b, 50000);
	struct walk *w = walk_create(
		b->reader,
		&(struct walk_query){.kind = LIST_PENDING, .sort = SORT_DUE});
	struct met met = {.stop_after = 1};
	struct walk_at at = {LIST_NOW, 49000, true};
	walk_go(w, &at, false);
	int64_t begun = listbench_steps(b);
	for (int i = 0; i < 20; i++)
		assert_int_equal(walk_work(w, meet, &met, LIST_NOW, INT64_MAX),
				 ROWS_MORE);
	assert_true(listbench_steps(b) - begun < 50000);
	buf_finish(&met.ids);
	walk_destroy(w);
}

static void test_find(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 100);
	struct filter *filter = listbench_filter("try>=3");
	struct walk *w =
		walk_create(b->reader, &(struct walk_query){.kind = LIST_FAILED,
							    .filter = filter});
	struct met met = {.stop_after = 0};
	for (int64_t id = 0; id <= 101; id++)
		assert_int_equal(walk_find(w, id, meet, &met, LIST_NOW), 0);
	scoped_free char *want = outbox_text(
		b->fix->db,
		"SELECT group_concat(id, ' ') || ' ' FROM (SELECT id"
		"  FROM outbox WHERE attempts >= 3"
		"   AND status IN ('failed', 'expired')"
		" ORDER BY id)");
	assert_string_equal(buf_str(&met.ids), want);
	buf_finish(&met.ids);
	walk_destroy(w);
	filter_destroy(filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIST_TEST(test_each_row_once),
		LIST_TEST(test_key_of_many),
		LIST_TEST(test_nothing_is_sorted),
		LIST_TEST(test_ties_are_sought),
		LIST_TEST(test_find),
	};
	return cmocka_run_group_tests_name("tui_walk", tests, NULL, NULL);
}
