/*
 * An outbox with rows in every state, and a connection for reading as the
 * console has it: for tests of lists, counts and groups.
 */
#pragma once

#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tui/filter.h"

#include <stdbool.h>

#define LIST_NOW INT64_C(1900000000000)

struct listbench {
	struct fixture *fix; /* own; fix->db writes */
	struct db *reader;   /* own */
	int64_t ticks;	     /* of SQLite's machine, in hundreds */
};

/* For cmocka_unit_test_setup_teardown; *state gets a struct listbench. */
int listbench_set_up(void **state);
int listbench_tear_down(void **state);
#define LIST_TEST(f)                                         \
	cmocka_unit_test_setup_teardown(f, listbench_set_up, \
					listbench_tear_down)

/* Adds rows: of six, one of each state; several have the same times; errors,
 * attempts 0 to 4, channels c0 to c2, ordering keys k0 to k9 and dedup keys. */
void listbench_fill(struct listbench *b, int count);

/* Adds pending rows that are all due at LIST_NOW. */
void listbench_fill_same(struct listbench *b, int count);

/* Parses a filter that must be right. The caller destroys it. */
struct filter *listbench_filter(const char *text);

/* Steps of SQLite's machine on the reader so far, to some 100. */
int64_t listbench_steps(struct listbench *b);
