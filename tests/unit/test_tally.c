/* What a channel did in a minute. Other code relies on: bucket n holds what
 * took less than 2^n ms and not less than half of that; an age is never
 * negative; and what is added to outbox_minute is added once, bucket by
 * bucket. */
#include "tests/support/storebench.h"

#include "lib/util.h"
#include "relay/tally.h"

static const struct {
	int64_t latency_ms;
	int bucket;
} buckets[] = {
	{INT64_MIN, 0},
	{-3600000, 0},
	{-1, 0},
	{0, 0},
	{1, 1},
	{2, 2},
	{3, 2},
	{4, 3},
	{1023, 10},
	{1024, 11},
	{INT64_C(1) << 29, 30},
	{(INT64_C(1) << 30) - 1, 30},
	{INT64_C(1) << 30, 31},
	{INT64_C(1) << 31, 31}, /* the last one holds the rest */
	{INT64_MAX, 31},
};

static void test_buckets(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(buckets); i++)
		assert_int_equal(tally_bucket(buckets[i].latency_ms),
				 buckets[i].bucket);
}

static void test_counts(void **state)
{
	(void)state;
	struct tally t = {0};
	assert_false(tally_is_over(&t, BENCH_NOW));
	for (int v = 0; v < VERDICT_COUNT; v++) {
		for (int n = 0; n <= v; n++)
			tally_count(&t, (enum verdict)v, 5, BENCH_NOW);
	}
	for (int v = 0; v < VERDICT_COUNT; v++)
		assert_int_equal(t.outcomes[v], v + 1);
	for (int i = 0; i < TALLY_BUCKETS; i++)
		assert_int_equal(t.latency[i], i == 3); /* what was delivered */
	assert_int_equal(t.minute_ms, BENCH_NOW - BENCH_NOW % 60000);
}

static void test_minutes(void **state)
{
	(void)state;
	struct tally t = {0};
	int64_t minute = BENCH_NOW - BENCH_NOW % 60000;
	tally_count(&t, VERDICT_DELIVERED, 5, minute);
	assert_false(tally_is_over(&t, minute));
	assert_false(tally_is_over(&t, minute + 59999));
	assert_true(tally_is_over(&t, minute + 60000));
	assert_true(tally_is_over(&t, minute - 1)); /* the clock was set */
}

static void save(struct storebench *b, const struct tally *t, const char *name)
{
	assert_int_equal(store_begin(b->store), 0);
	assert_int_equal(store_save_tally(b->store, name, t), 0);
	assert_int_equal(store_commit(b->store), 0);
}

static void test_added_up(void **state)
{
	struct storebench *b = *state;
	struct tally t = {0};
	tally_count(&t, VERDICT_DELIVERED, -9, BENCH_NOW);
	tally_count(&t, VERDICT_DELIVERED, 5, BENCH_NOW);
	tally_count(&t, VERDICT_DELIVERED, INT64_MAX, BENCH_NOW);
	tally_count(&t, VERDICT_RETRY, 5, BENCH_NOW);
	tally_count(&t, VERDICT_UNKNOWN, 5, BENCH_NOW);
	tally_count(&t, VERDICT_DEFER, 5, BENCH_NOW);
	tally_count(&t, VERDICT_REJECT, 5, BENCH_NOW);
	save(b, &t, "wechat-cloud");
	save(b, &t, "wechat-cloud");
	save(b, &t, "other");
	t = (struct tally){0};
	tally_count(&t, VERDICT_DELIVERED, 5, BENCH_NOW + 60000);
	save(b, &t, "wechat-cloud");
	storebench_expect(
		b,
		"SELECT channel, delivered, retried, unknown, deferred,"
		" rejected, json_array_length(latency),"
		" json_extract(latency, '$[0]'), json_extract(latency, '$[3]'),"
		" json_extract(latency, '$[31]'), (SELECT sum(value) FROM"
		" json_each(latency)) FROM outbox_minute"
		" ORDER BY minute, channel",
		"other|3|1|1|1|1|32|1|1|1|3\n"
		"wechat-cloud|6|2|2|2|2|32|2|2|2|6\n"
		"wechat-cloud|1|0|0|0|0|32|0|1|0|1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buckets),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_minutes),
		STORE_TEST(test_added_up),
	};
	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
