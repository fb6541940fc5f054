/* Openids that are remembered. Other code relies on: nothing is older than was
 * asked for, nobody gets another's, and no number of users takes all memory. */
#include "lib/util.h"
#include "relay/openids.h"
#include "tests/support/check.h"

#include <stdlib.h>

static void test_age(void **state)
{
	(void)state;
	struct openids *book = openids_create();
	assert_null(openids_find(book, "a", 1000, 5000));
	openids_keep(book, "a", "oA", 5000);
	openids_keep(book, "b", "oB", 5500);
	assert_string_equal(openids_find(book, "a", 1000, 5000), "oA");
	assert_string_equal(openids_find(book, "a", 1000, 5999), "oA");
	assert_null(openids_find(book, "a", 1000, 6000));
	assert_null(openids_find(book, "a", 100000, 6000)); /* it is gone */
	assert_string_equal(openids_find(book, "b", 1000, 6000), "oB");
	assert_null(openids_find(book, "b", 0, 5500));
	openids_keep(book, "b", "oB", 6000);
	openids_keep(book, "b", "oNew", 7000);
	assert_string_equal(openids_find(book, "b", 1000, 7500), "oNew");
	openids_forget(book, "b");
	openids_forget(book, "nobody");
	assert_null(openids_find(book, "b", 1000, 7500));
	openids_destroy(book);
	openids_destroy(NULL);
}

/* However many there are, each one found is right, the latest among them, and
 * the number that is kept has a bound. */
static void test_bound(void **state)
{
	(void)state;
	enum { USERS = 20000, MOST = 8192 };
	struct openids *book = openids_create();
	int found = 0;
	for (int i = 0; i < USERS; i++) {
		scoped_free char *user = xasprintf("u%d", i);
		scoped_free char *openid = xasprintf("o%d", i);
		openids_keep(book, user, openid, i);
		assert_string_equal(openids_find(book, user, 1, i), openid);
	}
	for (int i = 0; i < USERS; i++) {
		scoped_free char *user = xasprintf("u%d", i);
		scoped_free char *openid = xasprintf("o%d", i);
		const char *kept = openids_find(book, user, USERS + 1, USERS);
		if (kept)
			assert_string_equal(kept, openid);
		if (i > USERS - MOST / 4)
			assert_non_null(kept);
		found += kept != NULL;
	}
	assert_in_range(found, MOST / 2, MOST);
	openids_destroy(book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_bound),
	};
	return cmocka_run_group_tests_name("openids", tests, NULL, NULL);
}
