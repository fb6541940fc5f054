/*
 * The scene of an end-to-end test: a folder with an outbox, the CRM's
 * connection to it, and a simulator of WeChat; the relay is started by the
 * test.
 */
#pragma once

#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"
#include "tests/support/relayproc.h"
#include "tests/support/simulator.h"

enum { SCENE_DEADLINE_MS = 60000 };

struct scene {
	struct fixture *fix; /* own */
	struct simulator sim;
	struct proc relay;
};

/* The simulator's built-in users; any "load-…" is bound and subscribed too. */
#define USER_BOUND	  "66f2a1c0e4b0a1d2c3b4a501"
#define USER_NOT_BOUND	  "66f2a1c0e4b0a1d2c3b4a502"
#define USER_UNSUBSCRIBED "66f2a1c0e4b0a1d2c3b4a503"
#define USER_UNKNOWN	  "66f2a1c0e4b0a1d2c3b4a599"

/* For cmocka_unit_test_setup_teardown; *state gets a struct scene. */
int scene_set_up(void **state);
int scene_tear_down(void **state);
#define SCENE_TEST(f) \
	cmocka_unit_test_setup_teardown(f, scene_set_up, scene_tear_down)

/* Starts `outbox-relay run` with settings added ("KEY=value", NULL at the end,
 * or NULL) and waits until it says that it runs. */
void scene_start_relay(struct scene *s, const char *const *env);

/* Runs `outbox-relay run --once`, which must exit with 0. Returns what it wrote
 * to stderr; the caller frees. */
char *scene_run_once(struct scene *s, const char *const *env);

/* Inserts a notification for a user as the CRM does. Returns its id. */
int64_t scene_insert(struct scene *s, const char *user);

/* Inserts `count` of them in one transaction, for load-1, load-2, ... */
void scene_insert_many(struct scene *s, int count);

/* Waits until a query's first value is `expected`. */
void scene_wait(struct scene *s, const char *sql, const char *expected);

/* "status|attempts|unknowns|interrupted|last_reason" of a row must be this. */
void scene_expect_row(struct scene *s, int64_t id, const char *expected);

/* Calls of a stage ("token", "invoke") that the simulator got. */
long long scene_calls(struct scene *s, const char *stage);

/* Waits until there were at least so many. */
void scene_wait_calls(struct scene *s, const char *stage, long long least);
