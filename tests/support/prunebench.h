/*
 * An outbox with old rows, and the pruner's connection to it, in simulated
 * time.
 */
#pragma once

#include "relay/prune.h"
#include "tests/support/fixture.h"

#define PRUNEBENCH_NOW INT64_C(2000000000000)

struct prunebench {
	struct fixture *fix; /* own; fix->db is the CRM's connection */
	struct db *db;	     /* own; the relay's */
	struct prune *prune; /* own */
};

/* For cmocka_unit_test_setup_teardown; *state gets a struct prunebench. */
int prunebench_set_up(void **state);
int prunebench_tear_down(void **state);

/* A row of that status since then; `key` is its dedup_key. */
void prunebench_add(const struct prunebench *b, const char *status,
		    int64_t at_ms, const char *key);

/* So many attempts for each row that has none. */
void prunebench_attempts(const struct prunebench *b, int count);

/* Rows delivered a year ago, with attempts and payloads of so many bytes. */
void prunebench_fill(const struct prunebench *b, int rows, int attempts,
		     int payload_len);

/* Steps until there is no more. */
void prunebench_run(const struct prunebench *b,
		    const struct prune_rules *rules);
