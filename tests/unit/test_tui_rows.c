/* A list seen through a window. Other code relies on: paging meets each row
 * once; the cursor is a row, which keeps its line whatever happens around it;
 * what the window needs is read in slices of any length. */
#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/listbench.h"
#include "tui/rows.h"

#include <stdlib.h>

enum { HEIGHT = 20 };

/* How long a slice is; 0: it ends at once. */
static int64_t slice_us;

/* Works until there is no more to do. */
static void work(struct rows *rows)
{
	int rc, slices = 0;
	do {
		rc = rows_work(rows, LIST_NOW,
			       slice_us ? clock_mono_us() + slice_us : 0);
		assert_true(++slices < 200000);
	} while (rc == ROWS_MORE);
	assert_int_equal(rc, ROWS_DONE);
}

static struct rows *begin(struct listbench *b, enum list_kind kind)
{
	struct rows *rows = rows_create(b->reader, kind);
	rows_set_height(rows, HEIGHT);
	work(rows);
	return rows;
}

static void refresh(struct rows *rows)
{
	rows_refresh(rows);
	work(rows);
}

static int64_t here(const struct rows *rows)
{
	return rows_here(rows) ? rows_here(rows)->id : 0;
}

static int64_t id_at(const struct rows *rows, size_t line)
{
	return rows_at(rows, line)->id;
}

static void expect_state(const struct rows *rows, int64_t place, int64_t found,
			 bool is_complete)
{
	struct rows_state s = rows_state(rows);
	assert_int_equal(s.place, place);
	assert_int_equal(s.found, found);
	assert_int_equal(s.is_complete, is_complete);
	assert_int_equal(s.read_at_ms, LIST_NOW);
	assert_false(s.is_scanning);
}

/* The order in which a list of the filled outbox must be. */
static const struct {
	enum list_kind kind;
	const char *where, *order, *opposite;
} lists[] = {
	{LIST_PENDING, "status = 'pending'", "due_at, id",
	 "due_at DESC, id DESC"},
	{LIST_SENDING, "status = 'sending'", "id", "id DESC"},
	{LIST_FAILED, "status IN ('failed', 'expired')",
	 "updated_at DESC, id DESC", "updated_at, id"},
	{LIST_DELIVERED, "status = 'delivered'", "delivered_at DESC, id DESC",
	 "delivered_at, id"},
	{LIST_ALL, "1", "id DESC", "id"},
};

/* Goes through the list from where it is by `step`, page by page, and compares
 * every row that the cursor meets with the ids wanted. */
static void walk_pages(struct rows *rows, const int64_t *ids, size_t count,
		       long step)
{
	bool is_down = step > 0;
	size_t index = is_down ? 0 : count - 1;
	for (;;) {
		assert_int_equal(here(rows), ids[index]);
		for (size_t line = 0; line < rows_count(rows); line++)
			assert_int_equal(id_at(rows, line),
					 ids[index + line - rows_cursor(rows)]);
		if (index == (is_down ? count - 1 : 0))
			return;
		rows_page(rows, step);
		work(rows);
		long next = (long)index + step;
		index = (size_t)MAX(0, MIN(next, (long)count - 1));
	}
}

static int64_t *read_ids(struct listbench *b, const char *where,
			 const char *order, size_t *count_out)
{
	sqlite3_stmt *st = NULL;
	scoped_free char *sql = xasprintf("SELECT id FROM outbox WHERE %s"
					  " ORDER BY %s",
					  where, order);
	assert_int_equal(sqlite3_prepare_v2(b->fix->db, sql, -1, &st, NULL), 0);
	int64_t *ids = NULL;
	*count_out = 0;
	while (sqlite3_step(st) == SQLITE_ROW) {
		ids = xrealloc(ids, (*count_out + 1) * sizeof(*ids));
		ids[(*count_out)++] = sqlite3_column_int64(st, 0);
	}
	sqlite3_finalize(st);
	return ids;
}

static void test_paging(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 9000);
	for (size_t i = 0; i < 2 * ARRAY_LEN(lists); i++) {
		size_t count, l = i / 2;
		bool is_reversed = i % 2;
		scoped_free int64_t *ids = read_ids(
			b, lists[l].where,
			is_reversed ? lists[l].opposite : lists[l].order,
			&count);
		struct rows *rows = begin(b, lists[l].kind);
		rows_ask(rows, NULL, rows_own_sort(lists[l].kind), is_reversed);
		work(rows);
		walk_pages(rows, ids, count, HEIGHT);
		expect_state(rows, (int64_t)count, (int64_t)count,
			     rows_state(rows).is_complete);
		walk_pages(rows, ids, count, -7);
		assert_int_equal(rows_state(rows).place, 1);
		rows_destroy(rows);
	}
}

static void test_many(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 20000);
	size_t count;
	scoped_free int64_t *ids = read_ids(b, "1", "id DESC", &count);
	struct rows *rows = begin(b, LIST_ALL);
	slice_us = 100000;
	walk_pages(rows, ids, count, HEIGHT);
	walk_pages(rows, ids, count, -HEIGHT);
	slice_us = 0;
	rows_destroy(rows);
}

static void test_ends(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 60000);
	struct rows *rows = begin(b, LIST_ALL);
	expect_state(rows, 1, rows_state(rows).found, false);
	rows_end(rows, 1);
	assert_int_equal(here(rows), 60000);
	work(rows);
	assert_int_equal(here(rows), 1);
	assert_int_equal(rows_cursor(rows), HEIGHT - 1);
	assert_int_equal(id_at(rows, 0), HEIGHT);
	assert_int_equal(rows_state(rows).place, 0);
	for (int i = 0; i < 5000; i++) {
		rows_move(rows, -1);
		work(rows);
	}
	assert_int_equal(here(rows), 5001);
	rows_end(rows, -1);
	work(rows);
	assert_int_equal(here(rows), 60000);
	assert_int_equal(rows_cursor(rows), 0);
	assert_int_equal(rows_state(rows).place, 1);
	/* What is not read yet is gone to as soon as it is. */
	rows_move(rows, 10000);
	work(rows);
	assert_int_equal(here(rows), 50000);
	assert_int_equal(rows_state(rows).place, 10001);
	rows_move(rows, -9000);
	work(rows);
	assert_int_equal(here(rows), 59000);
	assert_int_equal(rows_state(rows).place, 1001);
	rows_destroy(rows);
}

static void test_lines_and_ids(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 600);
	struct rows *rows = begin(b, LIST_ALL);
	rows_go_line(rows, 7);
	assert_int_equal(here(rows), 593);
	rows_go_line(rows, HEIGHT);
	assert_int_equal(here(rows), 593);
	assert_true(rows_go_id(rows, 500));
	assert_int_equal(here(rows), 500);
	assert_int_equal(rows_cursor(rows), HEIGHT - 1);
	assert_false(rows_go_id(rows, 601));
	rows_set_height(rows, 5);
	assert_int_equal(here(rows), 500);
	assert_int_equal(rows_count(rows), 5);
	assert_int_equal(rows_cursor(rows), 4);
	rows_set_height(rows, 0);
	assert_int_equal(rows_count(rows), 0);
	work(rows);
	rows_set_height(rows, 1);
	assert_int_equal(id_at(rows, 0), 500);
	rows_destroy(rows);
}

/* The cursor stands on a row in the middle of a list; what happens around it
 * moves neither the row nor its line. */
static void test_cursor_is_a_row(void **state)
{
	static const char *const changes[] = {
		"INSERT INTO outbox (type, payload, channel, status, "
		"updated_at)"
		" SELECT 't', '{}', 'c0', 'failed', 1900000000059"
		"  FROM outbox LIMIT 50",
		"INSERT INTO outbox (type, payload, channel, status, "
		"updated_at)"
		" SELECT 't', '{}', 'c0', 'failed', 1899999999999"
		"  FROM outbox LIMIT 50",
		"DELETE FROM outbox WHERE status = 'failed'"
		"  AND attempts <> 99"
		"  AND updated_at > 1900000000030 AND id % 4 = 0",
		"DELETE FROM outbox WHERE status = 'failed'"
		"  AND attempts <> 99"
		"  AND updated_at < 1900000000010 AND id % 4 = 0",
		"UPDATE outbox SET status = 'pending', version = version + 1"
		" WHERE status = 'failed' AND attempts <> 99"
		"   AND updated_at > 1900000000020"
		"   AND id % 8 = 2",
		"UPDATE outbox SET status = 'failed', version = version + 1,"
		" updated_at = 1900000000031 WHERE status = 'sending'"
		"   AND id % 8 = 2",
	};
	static const size_t sizes[] = {600, 30000};
	struct listbench *b = *state;
	for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
		listbench_fill(b, (int)sizes[s]);
		struct rows *rows = begin(b, LIST_FAILED);
		rows_move(rows, 85);
		work(rows);
		rows_move(rows, -8);
		int64_t id = here(rows);
		size_t line = rows_cursor(rows);
		assert_int_equal(line, HEIGHT - 9);
		outbox_exec(b->fix->db,
			    "UPDATE outbox SET attempts = 99"
			    " WHERE id = %lld",
			    id);
		for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
			outbox_exec(b->fix->db, "%s", changes[i]);
			refresh(rows);
			assert_int_equal(here(rows), id);
			assert_int_equal(rows_cursor(rows), line);
			assert_int_equal(rows_here(rows)->attempts, 99);
			assert_false(rows_here(rows)->is_gone);
			if (!rows_state(rows).place)
				continue;
			assert_int_equal(
				rows_state(rows).place,
				outbox_int(b->fix->db,
					   "SELECT count(*) FROM outbox AS o,"
					   " outbox AS x WHERE x.id = %lld"
					   "  AND o.status IN"
					   "  ('failed', 'expired') AND"
					   "  (o.updated_at, o.id) >="
					   "  (x.updated_at, x.id)",
					   id));
		}
		rows_destroy(rows);
		outbox_exec(b->fix->db, "DROP TRIGGER IF EXISTS"
					" outbox_delete_check;"
					"DELETE FROM outbox");
	}
}

/* A row that has left the list stays until the cursor leaves it. */
static void test_gone(void **state)
{
	static const struct {
		long lines;
		int64_t id;
	} moves[] = {{1, 468}, {-1, 470}, {2, 467}, {-2, 471}, {HEIGHT, 449}};
	struct listbench *b = *state;
	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		outbox_exec(b->fix->db, "DROP TRIGGER IF EXISTS"
					" outbox_delete_check;"
					"DELETE FROM outbox;"
					"DELETE FROM sqlite_sequence");
		listbench_fill(b, 480);
		struct rows *rows = begin(b, LIST_ALL);
		rows_go_line(rows, 11);
		outbox_exec(b->fix->db, "DELETE FROM outbox WHERE id = 469");
		for (int again = 0; again < 3; again++) {
			refresh(rows);
			assert_int_equal(here(rows), 469);
			assert_true(rows_here(rows)->is_gone);
			assert_int_equal(rows_cursor(rows), 11);
			assert_int_equal(id_at(rows, 10), 470);
			assert_int_equal(id_at(rows, 12), 468);
			expect_state(rows, 12, 479, true);
		}
		rows_move(rows, 0);
		assert_int_equal(here(rows), 469);
		rows_move(rows, moves[i].lines);
		assert_int_equal(here(rows), moves[i].id);
		assert_false(rows_go_id(rows, 469));
		work(rows);
		rows_destroy(rows);
	}
}

/* The last of a list goes, and comes back as another. */
static void test_empty(void **state)
{
	struct listbench *b = *state;
	struct rows *rows = begin(b, LIST_PENDING);
	assert_int_equal(rows_count(rows), 0);
	assert_null(rows_here(rows));
	expect_state(rows, 0, 0, true);
	rows_move(rows, 1);
	rows_page(rows, -HEIGHT);
	rows_end(rows, 1);
	rows_go_line(rows, 0);
	refresh(rows);
	listbench_fill_same(b, 1);
	refresh(rows);
	assert_int_equal(here(rows), 1);
	expect_state(rows, 1, 1, true);
	outbox_exec(b->fix->db, "UPDATE outbox SET status = 'cancelled'");
	refresh(rows);
	assert_true(rows_here(rows)->is_gone);
	rows_refresh(rows);
	rows_work(rows, LIST_NOW, 0);
	rows_move(rows, 1); /* while it is read again */
	assert_null(rows_here(rows));
	work(rows);
	assert_null(rows_here(rows));
	rows_destroy(rows);
}

/* Rows that come above a short list's first row are seen. */
static void test_no_blank_lines(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 5);
	struct rows *rows = begin(b, LIST_ALL);
	int64_t id = here(rows);
	listbench_fill(b, 3);
	refresh(rows);
	assert_int_equal(here(rows), id);
	assert_int_equal(rows_count(rows), 8);
	assert_int_equal(rows_cursor(rows), 3);
	rows_destroy(rows);
}

static void test_moved_while_refreshed(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 60000);
	struct rows *rows = begin(b, LIST_ALL);
	rows_move(rows, 3000);
	work(rows);
	for (int i = 0; i < 300; i++) {
		int64_t id = here(rows);
		rows_refresh(rows);
		rows_work(rows, LIST_NOW, 0);
		rows_work(rows, LIST_NOW, 0);
		rows_page(rows, HEIGHT);
		if (i % 3 == 0)
			rows_work(rows, LIST_NOW, 0);
		rows_move(rows, -1);
		work(rows);
		assert_int_equal(here(rows), id - HEIGHT + 1);
	}
	rows_destroy(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIST_TEST(test_paging),
		LIST_TEST(test_many),
		LIST_TEST(test_ends),
		LIST_TEST(test_lines_and_ids),
		LIST_TEST(test_cursor_is_a_row),
		LIST_TEST(test_gone),
		LIST_TEST(test_empty),
		LIST_TEST(test_no_blank_lines),
		LIST_TEST(test_moved_while_refreshed),
	};
	return cmocka_run_group_tests_name("tui_rows", tests, NULL, NULL);
}
