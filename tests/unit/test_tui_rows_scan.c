/* Filters that have to look at many rows. Other code relies on: they end each
 * slice in time, can be stopped and go on, and leave the machine to others. */
#include "lib/clock.h"
#include "tests/support/check.h"
#include "tests/support/listbench.h"
#include "tui/rows.h"

/* Works until there is no more to do, in slices that end at once. */
static void work(struct rows *rows)
{
	int rc, slices = 0;
	do {
		rc = rows_work(rows, LIST_NOW, 0);
		assert_true(++slices < 200000);
	} while (rc == ROWS_MORE);
	assert_int_equal(rc, ROWS_DONE);
}

static void expect_whole(const struct rows *rows, int64_t place, int64_t found)
{
	struct rows_state s = rows_state(rows);
	assert_int_equal(s.place, place);
	assert_int_equal(s.found, found);
	assert_true(s.is_complete && !s.is_scanning);
}

/* A filter that few rows pass is looked for in slices; what is found stays
 * when it is stopped. */
static void test_sparse(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 60000);
	outbox_exec(b->fix->db, "UPDATE outbox SET recipient = 'me'"
				" WHERE id IN (59000, 58500, 30000, 7)");
	struct filter *filter = listbench_filter("to:me");
	struct rows *rows = rows_create(b->reader, LIST_ALL);
	rows_ask(rows, filter, SORT_ID, false);
	assert_int_equal(rows_count(rows), 0);
	assert_true(rows_state(rows).is_scanning);
	while (rows_count(rows) < 2)
		assert_int_equal(rows_work(rows, LIST_NOW, 0), ROWS_MORE);
	assert_true(rows_state(rows).looked < 1600);
	rows_stop(rows);
	work(rows);
	rows_refresh(rows);
	work(rows);
	rows_move(rows, 5);
	work(rows);
	struct rows_state s = rows_state(rows);
	assert_true(s.is_stopped && !s.is_scanning && !s.is_complete);
	assert_int_equal(s.found, 2);
	assert_int_equal(rows_here(rows)->id, 58500);
	rows_resume(rows);
	assert_true(rows_state(rows).is_scanning);
	work(rows);
	assert_int_equal(rows_state(rows).looked, 60000);
	expect_whole(rows, 2, 4);
	rows_refresh_now(rows);
	work(rows);
	assert_int_equal(rows_here(rows)->id, 58500);
	expect_whole(rows, 2, 4);
	rows_destroy(rows);
	filter_destroy(filter);
}

/* A scan that was long rests before it is begun again, but for the operator. */
static void test_rest(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 60000);
	struct filter *filter = listbench_filter("id>0 to:me");
	struct rows *rows = rows_create(b->reader, LIST_ALL);
	rows_ask(rows, filter, SORT_ID, false);
	int64_t begun_us = clock_mono_us();
	work(rows);
	int64_t took_us = clock_mono_us() - begun_us;
	int64_t steps = listbench_steps(b);
	begun_us = clock_mono_us();
	while (clock_mono_us() - begun_us < 3 * took_us) {
		rows_refresh(rows);
		work(rows);
	}
	assert_int_equal(listbench_steps(b), steps);
	rows_refresh_now(rows);
	work(rows);
	assert_true(listbench_steps(b) > steps + 60000);
	rows_destroy(rows);
	filter_destroy(filter);
}

/* No slice is much longer than it may be. */
static void test_deadline(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 60000);
	struct filter *filter = listbench_filter("payload:nobody");
	struct rows *rows = rows_create(b->reader, LIST_ALL);
	rows_ask(rows, filter, SORT_ID, false);
	int rc, slices = 0, late = 0;
	do {
		int64_t deadline = clock_mono_us() + 2000;
		rc = rows_work(rows, LIST_NOW, deadline);
		late += clock_mono_us() > deadline + 1000;
		slices++;
	} while (rc == ROWS_MORE);
	assert_int_equal(rc, ROWS_DONE);
	assert_true(slices > 5);
	assert_true(late <= slices / 2); /* the machine has others to serve */
	rows_destroy(rows);
	filter_destroy(filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIST_TEST(test_sparse),
		LIST_TEST(test_rest),
		LIST_TEST(test_deadline),
	};
	return cmocka_run_group_tests_name("tui_rows_scan", tests, NULL, NULL);
}
