/*
 * The operators' verbs on a real file, an operator with a name, rows in every
 * state and a clock that stands still: for tests of schema/act.h.
 */
#pragma once

#include "schema/act.h"
#include "schema/message.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"

/* Every row's created_at and due_at; the channel's life; when verbs come. */
#define ACT_CREATED INT64_C(1900000000000)
#define ACT_LIFE    INT64_C(86400000)
#define ACT_NOW	    (ACT_CREATED + 3600000)

struct actbench {
	struct fixture *fix;   /* own; fix->db is the CRM's, and the relay's */
	struct db *db, *other; /* own; of two consoles */
	struct act_desk *desk, *other_desk; /* own */
	struct actor actor;		    /* "alice", uid 1000 */
	struct act_result total;	    /* of the last actbench_... */
	char last[ACT_ID_LEN + 1];	    /* the id of the last act */
};

/* For cmocka_unit_test_setup_teardown; *state gets a struct actbench. */
int actbench_set_up(void **state);
int actbench_tear_down(void **state);
#define ACT_TEST(f) \
	cmocka_unit_test_setup_teardown(f, actbench_set_up, actbench_tear_down)

/* Inserts a row for a recipient of its own and takes it to the state: version
 * 0, 1 or 2; a failed one has tried and failed seven times. Returns its id. */
int64_t actbench_add(struct actbench *b, enum message_status status);

/* Changes a row as the relay does: with version + 1. */
void actbench_move(struct actbench *b, int64_t id, const char *status);

/* The row as somebody who lists it sees it now. */
struct act_row actbench_see(struct actbench *b, int64_t id);

/* One act of one batch; with that desk, or with b->desk. */
int actbench_rows_at(struct actbench *b, struct act_desk *desk,
		     enum act_action action, struct act_row *rows,
		     size_t count);
int actbench_rows(struct actbench *b, enum act_action action,
		  struct act_row *rows, size_t count);
int actbench_channels(struct actbench *b, enum act_action action,
		      const char *name);

/* On one row as it is now; must succeed. Returns its fate. */
enum act_fate actbench_row(struct actbench *b, enum act_action action,
			   int64_t id);

/* A whole undo of an act. */
int actbench_undo(struct actbench *b, const char *undoes, int64_t now_ms);

/* The sums of the last act that are not 0: "changed 2, gone 1". */
void actbench_expect_total(struct actbench *b, const char *text);

/* The rows of a formatted query (outbox_rows) must be this. */
void actbench_expect(struct actbench *b, const char *rows, const char *fmt,
		     ...);
