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

/* The same with the channel "x" beside wechat-cloud: a webhook to the
 * simulator's /hook/x, for rows of type "x", whose recipient is at $.to. */
void scene_start_two(struct scene *s, const char *const *env);

/* SIGTERM, and an exit with 0; SIGKILL. It may be started again then. */
void scene_stop_relay(struct scene *s);
void scene_crash_relay(struct scene *s);

/* Writes the .env that the relay reads, and has a running one read it. */
void scene_write_env(struct scene *s, const char *text);
void scene_reload(struct scene *s, const char *text);

/* Runs `outbox-relay run --once`, which must exit with 0. Returns what it wrote
 * to stderr; the caller frees. */
char *scene_run_once(struct scene *s, const char *const *env);

/* Inserts a notification for a user as the CRM does. Returns its id. */
int64_t scene_insert(struct scene *s, const char *user);

/* Inserts `count` of them in one transaction, for load-1, load-2, ... */
void scene_insert_many(struct scene *s, int count);

/* Inserts `count` rows of type "x", for the recipients h-1, h-2, ... */
void scene_insert_hooks(struct scene *s, int count);

/* Waits until so many rows of a channel are in that state. */
void scene_wait_count(struct scene *s, const char *channel, const char *status,
		      int count);

/* Waits until "state|reason" of a channel is this; "open|-". */
void scene_wait_channel(struct scene *s, const char *channel,
			const char *expected);

/* Waits until a query's first value is `expected`. */
void scene_wait(struct scene *s, const char *sql, const char *expected);

/* "status|attempts|unknowns|interrupted|last_reason" of a row must be this. */
void scene_expect_row(struct scene *s, int64_t id, const char *expected);

/* Calls of a stage ("token", "invoke") that the simulator got. */
long long scene_calls(struct scene *s, const char *stage);

/* Waits until there were at least so many. */
void scene_wait_calls(struct scene *s, const char *stage, long long least);

/* The journal's calls of a stage, in the order of their arrival. The caller
 * deletes it. */
cJSON *scene_journal(const struct scene *s, const char *stage);
