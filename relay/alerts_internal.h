/* What alerts.c, alerts_look.c and alerts_tell.c share; nobody else includes
 * it. */
#pragma once

#include "relay/alert_store.h"
#include "relay/alerts.h"
#include "relay/engine_internal.h"

struct alerts {
	struct alert_store *store; /* own; NULL until somebody is to be told */
	struct alert_book book;
	bool is_loaded;
	bool is_done; /* in --once, which looks once */
	int64_t at_us;
	/* The wall clock: minus the monotonic one, and when it was last set,
	 * which makes ages by it doubtful for a while; ALERT_NEVER. */
	int64_t offset_ms;
	int64_t set_ms;
};

/* What alerts look at, one fact a channel and kind. */
struct alert_facts {
	struct alert_fact *list; /* own; subjects borrowed from channels */
	size_t count;
};

/* How far back failed and expired rows count. */
enum { ALERT_FAILED_MS = 3600000 };

/* alerts_look.c */

/* Looks at channels and rows. The caller frees out->list, whatever comes of
 * it. */
int alerts_look(const struct engine *e, const struct now *now,
		struct alert_facts *out);

/* alerts_tell.c */

/* Writes the notices as rows, and the book they are of, in one transaction. */
int alerts_tell(struct engine *e, struct alert_book *book,
		const struct alert_notices *notices, const struct now *now);
