/*
 * What most tests begin with: a folder, an outbox in it, and the CRM's
 * connection to that. For cmocka_unit_test_setup_teardown.
 */
#pragma once

#include <sqlite3.h>

struct fixture {
	char *dir;   /* own */
	char *path;  /* own; dir/outbox.db */
	sqlite3 *db; /* own; the CRM's; may be closed and set to NULL */
};

/* *state gets a struct fixture. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* A test with the two around it. */
#define FIXTURE_TEST(f) \
	cmocka_unit_test_setup_teardown(f, fixture_set_up, fixture_tear_down)
