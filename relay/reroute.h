/*
 * Rows that wait follow the route of their type when the settings change it: to
 * another channel, to the recipient that another path reads, or both. What has
 * to be done is noted in the transaction that adopts the routes, so that no
 * crash forgets it, and done afterwards in small steps, so that nobody else
 * waits long for the write lock.
 *
 * Nothing tells whether a row has its channel from a route or from the CRM:
 * those follow that wait in the channel that the route named before, and those
 * in any other channel stay as they are. Nor does anything tell that of the
 * recipient: one that is what the route's path of before reads (nothing, too)
 * becomes what the path of now reads, and any other stays. Rows that were
 * inserted after the change do not follow it, whatever they have.
 *
 * Those of a webhook that is gone stay as well, unless their type gets a route
 * of its own with it. Rows that are being sent follow when they are back, and
 * those that are settled stay as they are. A row whose recipient changes waits
 * for nobody any more (outbox_release_changed): the next claim looks at it
 * anew. Only the relay's store uses it.
 */
#pragma once

#include "schema/db.h"

struct reroute;

/* Prepares its statements on a database of the current schema, which is
 * borrowed. */
struct reroute *reroute_create(struct db *db);
void reroute_destroy(struct reroute *reroute);

/* Within a transaction: remembers the routes that are there, before they are
 * replaced; and notes for which types the new ones lead elsewhere, or to
 * another recipient. `channels` is a JSON array of those that the settings
 * have. */
int reroute_remember(struct reroute *reroute);
int reroute_note(struct reroute *reroute, const char *channels);

enum reroute_state {
	REROUTE_DONE, /* no row has to follow */
	REROUTE_MORE, /* call again soon */
	REROUTE_WAITS /* for rows that are being sent: call again later */
};

enum { REROUTE_ROWS_MAX = 200 };

/* Changes at most so many rows, in at most one transaction of its own. DB_BUSY,
 * DB_FULL, DB_REFUSED and < 0: nothing was changed. */
int reroute_step(struct reroute *reroute, enum reroute_state *state_out);
