/*
 * A monkey at the console, without a terminal: random keys, sizes and times,
 * and rows that change beneath. Whatever it does, the screen is one that a
 * terminal can show, and the outbox is one that the rules allow.
 *
 *	build/tests/console/monkey [SEED [KEYS]]
 *
 * Half of the seeds, the odd ones, may change the outbox; the others are
 * read-only, and then nothing may change at all. The seed, and where it failed
 * the last keys, are on stderr.
 */
#include "tests/console/monkey.h"

#include "lib/util.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>

enum { SEEDS = 4, KEYS = 500 };

static struct monkey_options options;

static void test_monkey(void **state)
{
	(void)state;
	int64_t moved = monkey_run(&options);
	fprintf(stderr, "# %lld rows were changed\n", (long long)moved);
	if (options.is_read_only)
		assert_int_equal(moved, 0);
}

static void run_seed(uint64_t seed, int keys, int *failed)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_monkey)};
	options = (struct monkey_options){
		.seed = seed, .keys = keys, .is_read_only = seed % 2 == 0};
	fprintf(stderr, "# seed %llu, %d keys%s\n", (unsigned long long)seed,
		keys, options.is_read_only ? ", read-only" : "");
	int rc = cmocka_run_group_tests(tests, NULL, NULL);
	if (rc != 0)
		fprintf(stderr, "# at key %d, after%s\n", options.at,
			options.last);
	*failed += rc;
}

int main(int argc, char **argv)
{
	int failed = 0;
	util_init();
	int keys = argc > 2 ? (int)strtol(argv[2], NULL, 10) : KEYS;
	if (argc > 1) {
		run_seed(strtoull(argv[1], NULL, 10), keys, &failed);
		return failed;
	}
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		run_seed(seed, keys, &failed);
	return failed;
}
