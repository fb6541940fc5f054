/*
 * What Home reads, on an outbox whose past is made at once: for tests of
 * tui/overview.h.
 */
#pragma once

#include "tests/support/actbench.h"
#include "tui/overview.h"

/* 14:22:07 in Shanghai, and the minute that it is in. */
#define OVERVIEW_NOW INT64_C(1795328527114)
#define THIS_MINUTE  (OVERVIEW_NOW / 60000 * 60000)

struct overviewbench {
	struct actbench *act;
	sqlite3 *db; /* the CRM's */
	struct overview_reader *reader;
	struct overview o;
	int64_t now_ms; /* OVERVIEW_NOW */
};

/* On the state of ACT_TEST; ended by overviewbench_close. */
struct overviewbench overviewbench_open(void **state);
void overviewbench_close(struct overviewbench *b);

/* Reads all of it as of b->now_ms. */
void overviewbench_read(struct overviewbench *b);

/* As of tests/support/history.h. */
void overviewbench_rows(struct overviewbench *b, int count, const char *status,
			int64_t created_ms, int64_t due_ms, int64_t updated_ms,
			const char *error);
void overviewbench_minute(struct overviewbench *b, int64_t minute_ms,
			  const char *channel, int delivered, int rejected,
			  int bucket);
