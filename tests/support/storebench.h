/*
 * The relay's store on a real file, with one channel, rows in hand, and a clock
 * that stands still: for tests of relay/store.h without the engine.
 */
#pragma once

#include "relay/channel.h"
#include "relay/config.h"
#include "relay/job.h"
#include "relay/store.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"

#define BENCH_NOW INT64_C(2000000000000) /* wall, and every row's due_at */

struct storebench {
	struct fixture *fix;	/* own; fix->db is the CRM's connection */
	struct db *db, *helper; /* own; the relay's */
	struct store *store;	/* own */
	struct config config;	/* adopted; borrows its texts */
	struct config_channel settings;
	struct channel *channel; /* own */
	struct job_list hand;	 /* rows claimed and not settled */
};

/* For cmocka_unit_test_setup_teardown; *state gets a struct storebench. */
int storebench_set_up(void **state);
int storebench_tear_down(void **state);
#define STORE_TEST(f)                                         \
	cmocka_unit_test_setup_teardown(f, storebench_set_up, \
					storebench_tear_down)

/* Inserts a row that is due; recipient and key may be NULL. Returns its id. */
int64_t storebench_add(struct storebench *b, int priority,
		       const char *recipient, const char *key);

/* One group commit with a claim of at most `slots` rows. Returns the ids in the
 * order of the claim, "3 1 2"; the caller frees. */
char *storebench_claim(struct storebench *b, size_t slots);

/* The same, compared and freed. */
void storebench_expect_claim(struct storebench *b, size_t slots,
			     const char *ids);

/* The job of a row in hand. */
struct job *storebench_job(struct storebench *b, int64_t id);

/* Plans and settles a job that was answered so, in a commit of its own; it
 * stays in the caller's hands. */
void storebench_settle(struct storebench *b, struct job *job,
		       enum verdict verdict);

/* Settles the row and forgets it. */
void storebench_finish(struct storebench *b, int64_t id, enum verdict verdict);

/* The rows of a query (outbox_rows) must be this. */
void storebench_expect(struct storebench *b, const char *sql, const char *rows);
