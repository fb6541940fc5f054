/*
 * An outbox with the channels a, b and c beside wechat-cloud, whose routes are
 * replaced as the relay does it: for tests of relay/reroute.h without the
 * engine.
 */
#pragma once

#include "relay/reroute.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/outbox.h"

struct routebench {
	struct fixture *fix;	 /* borrowed; fix->db is the CRM's connection */
	struct db *db;		 /* own; the relay's */
	struct reroute *reroute; /* own */
};

/* `fix` is the state of a FIXTURE_TEST. */
void routebench_open(struct routebench *b, void *fix);
void routebench_close(struct routebench *b);

/* As after a crash. */
void routebench_reopen(struct routebench *b);

/* Replaces the routes; SQL's VALUES of type and channel, or of type, channel
 * and path. `channels` are those that the settings have. */
void routebench_route(struct routebench *b, const char *values);
void routebench_route_paths(struct routebench *b, const char *values);
void routebench_route_with(struct routebench *b, const char *values,
			   const char *channels);

/* One step, which must leave off like that. */
void routebench_step(struct routebench *b, enum reroute_state state);

/* Steps until there is nothing more, or it waits, which must be `last`. */
void routebench_run(struct routebench *b, enum reroute_state last);

/* outbox_rows of a query must be this; and so many moves unfinished. */
void routebench_expect(struct routebench *b, const char *sql, const char *rows);
void routebench_expect_notes(struct routebench *b, int count);
