/*
 * What really reached people: which notifications were sent, which were sent
 * twice, and to whom a call is under way.
 *
 * Knows nothing of users, consents or HTTP.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/sim/table.h"

struct mailroom {
	struct table sent;	/* notificationId -> times really sent */
	struct table under_way; /* openid -> calls not answered yet */
	struct table overlaps;	/* openid -> calls that met another one */
	int64_t total;
	int64_t duplicates; /* calls that the function dropped as repeats */
	int64_t repeated;   /* sends of an id that had been sent before */
};

void mailroom_finish(struct mailroom *m);

/* Forgets what was sent and counted, not what is under way. */
void mailroom_reset(struct mailroom *m);

/* A call for this openid begins and ends. */
void mailroom_enter(struct mailroom *m, const char *openid);
void mailroom_leave(struct mailroom *m, const char *openid);

/* Whether a second call for this openid is under way. */
bool mailroom_is_crowded(const struct mailroom *m, const char *openid);

/* Whether this notification was ever sent. NULL was not. */
bool mailroom_has_sent(const struct mailroom *m, const char *event);

/* Records a send; event is NULL if the message bears no id. */
void mailroom_send(struct mailroom *m, const char *event);
