/*
 * The relay's loop. One tick: take what came, write results and claim what is
 * due in one group commit, send it, learn when the next thing is due, wait
 * once.
 *
 * Owns everything that lives while the relay runs and decides nothing about a
 * single answer (judge.h), a single row (outcome.h) or SQL (store.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct engine;
struct config;
struct lock;
struct store;

/* Reads the settings anew, for SIGHUP. Returns 0 and fills *out, or says on
 * stderr what is wrong and returns another number. */
typedef int engine_reload(void *ctx, struct config *out);

struct engine_options {
	const struct config *config; /* borrowed, as is store */
	struct store *store;
	const struct lock *lock; /* borrowed */
	bool is_once;		 /* leave when nothing is due any more */
	engine_reload *reload;
	void *reload_ctx;
};

/* Builds everything up to the first tick. SIGTERM, SIGINT and SIGHUP are
 * blocked from here on and heard by the loop. Returns 0 or < 0, logged. */
int engine_create(struct engine **engine_out,
		  const struct engine_options *options);

/* Runs until it is told to stop, or until nothing is due. Results of what was
 * on the wire are in the database when it returns. Returns 0 or < 0. */
int engine_run(struct engine *engine);

void engine_destroy(struct engine *engine);
