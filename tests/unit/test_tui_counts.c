/* Counts of states and channels. Other code relies on: the first slice gives
 * all of them up to COUNTS_QUICK; they become exact; what is not sure says so.
 */
#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/listbench.h"
#include "tui/counts.h"
#include "tui/rows.h"

#include <string.h>
#include <unistd.h>

/* Until all is counted, however long the rests between are. */
static void work(struct counts *c, const char *channel)
{
	int64_t until = clock_mono_us() + 20000000;
	struct count count = {.is_more = true};
	while (count.is_more || count.is_about) {
		if (counts_work(c, LIST_NOW, clock_mono_us() + 5000) ==
		    ROWS_DONE)
			usleep(1000);
		count = count_add(
			counts_of(c, MESSAGE_DELIVERED),
			counts_of_channel(c, channel, MESSAGE_CANCELLED));
		assert_true(clock_mono_us() < until);
	}
}

static void check_all(struct listbench *b, const struct counts *c)
{
	static const char *const channels[] = {"c0", "c1", "c2", "none"};
	for (int s = 0; s < MESSAGE_STATUS_COUNT; s++) {
		const char *name = message_status_name((enum message_status)s);
		struct count n = counts_of(c, (enum message_status)s);
		assert_int_equal(n.n, outbox_int(b->fix->db,
						 "SELECT count(*) FROM outbox"
						 " WHERE status = %Q",
						 name));
		assert_false(n.is_more || n.is_about);
		for (size_t i = 0; i < 4 && s != MESSAGE_DELIVERED; i++) {
			n = counts_of_channel(c, channels[i],
					      (enum message_status)s);
			assert_int_equal(
				n.n, outbox_int(b->fix->db,
						"SELECT count(*) FROM outbox"
						" WHERE status = %Q"
						"  AND channel = %Q",
						name, channels[i]));
			assert_false(n.is_more || n.is_about);
		}
	}
}

static void test_exact(void **state)
{
	static const int sizes[] = {0, 1, 600, 65000};
	struct listbench *b = *state;
	struct counts *c = counts_create(b->reader);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		if (sizes[i])
			listbench_fill(b, sizes[i]);
		counts_refresh(c);
		usleep(50000);
		work(c, "c0");
		check_all(b, c);
	}
	counts_destroy(c);
}

static void test_first_slice(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 65000);
	outbox_exec(b->fix->db, "DELETE FROM outbox WHERE status = 'failed'"
				" AND id %% 3 = 1");
	struct counts *c = counts_create(b->reader);
	assert_int_equal(counts_work(c, LIST_NOW, 0), ROWS_MORE);
	for (int s = 0; s < MESSAGE_STATUS_COUNT; s++) {
		struct count n = counts_of(c, (enum message_status)s);
		int64_t want = outbox_int(
			b->fix->db,
			"SELECT count(*) FROM outbox WHERE status = %Q",
			message_status_name((enum message_status)s));
		assert_int_equal(n.n, MIN(want, (int64_t)COUNTS_QUICK));
		assert_int_equal(n.is_more, want > COUNTS_QUICK);
		assert_false(n.is_about);
	}
	assert_true(counts_of_channel(c, "c0", MESSAGE_PENDING).is_more);
	counts_destroy(c);
}

/* What was counted stays until it is counted again. */
static void test_changed(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 65000);
	struct counts *c = counts_create(b->reader);
	work(c, "c0");
	int64_t before = counts_of(c, MESSAGE_DELIVERED).n;
	listbench_fill(b, 600);
	counts_refresh(c);
	int64_t until = clock_mono_us() + 5000000;
	while (!counts_of(c, MESSAGE_DELIVERED).is_about &&
	       clock_mono_us() < until)
		counts_work(c, LIST_NOW, 0);
	assert_int_equal(counts_of(c, MESSAGE_DELIVERED).n, before);
	assert_false(counts_of(c, MESSAGE_DELIVERED).is_more);
	assert_true(counts_of_channel(c, "c0", MESSAGE_PENDING).is_about);
	work(c, "c0");
	check_all(b, c);
	counts_destroy(c);
}

/* Once the first screen has its numbers, it works a twentieth of the time: here
 * it is only shown that it rests, whatever else the machine does. */
static void test_duty(void **state)
{
	struct listbench *b = *state;
	listbench_fill(b, 100000);
	struct counts *c = counts_create(b->reader);
	while (counts_work(c, LIST_NOW, 0) == ROWS_MORE)
		continue;
	int64_t begun = clock_mono_us(), worked = 0, at;
	while ((at = clock_mono_us()) - begun < 300000) {
		counts_refresh(c);
		counts_work(c, LIST_NOW, at + 5000);
		int64_t took = clock_mono_us() - at;
		worked += took > 1000 ? took : 0;
		usleep(200);
	}
	assert_true(worked < 200000);
	counts_destroy(c);
}

static void test_add(void **state)
{
	(void)state;
	struct count sum = count_add((struct count){3, true, false},
				     (struct count){4, false, true});
	assert_int_equal(sum.n, 7);
	assert_true(sum.is_more && sum.is_about);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIST_TEST(test_exact),	    LIST_TEST(test_first_slice),
		LIST_TEST(test_changed),    LIST_TEST(test_duty),
		cmocka_unit_test(test_add),
	};
	return cmocka_run_group_tests_name("tui_counts", tests, NULL, NULL);
}
