/* What engine.c and commit.c share; nobody else includes it. */
#pragma once

#include "relay/channel.h"
#include "relay/config.h"
#include "relay/engine.h"
#include "relay/http.h"
#include "relay/job.h"
#include "relay/logbook.h"
#include "relay/loop.h"
#include "relay/sender.h"
#include "relay/store.h"
#include "relay/token.h"
#include "relay/watch.h"

/* The time of one tick, read once. */
struct now {
	int64_t us; /* monotonic */
	int64_t ms; /* monotonic */
	int64_t wall_ms;
};

enum engine_phase {
	ENGINE_RUNNING,
	ENGINE_DRAINING, /* claims nothing; waits for what is on the wire */
	ENGINE_STOPPED
};

struct engine {
	const struct config *config; /* borrowed, as is store */
	struct store *store;
	bool is_once;
	struct loop *loop; /* own, as is what follows */
	struct watch *watch;
	struct http *http;
	struct token *token;
	struct logbook *logbook;
	struct sender sender;
	struct channel channel; /* wechat-cloud, the one there is */
	struct job_list hand;	/* rows claimed and not settled yet */
	size_t judged;		/* of them, those with a result */

	int signal_fd;
	unsigned stop_signals;
	enum engine_phase phase;
	int64_t drain_until_us;
	int64_t beat_at_us;
	int64_t write_not_before_us; /* after a busy or full database */
	bool has_write_trouble; /* said once, until a commit goes through */
	int64_t checkpoint_at_us;
	int64_t next_expiry_ms;	     /* wall */
	int64_t saved_forced_ms;     /* last forced refresh that is stored */
	uint64_t delivered, settled; /* since the start */
};

/* Whether there is anything to write or to claim, and the database is not known
 * to be busy. */
bool commit_is_wanted(struct engine *e, const struct now *now);

/* One group commit: results, claims, expiries, state, log lines. Jobs claimed
 * are in e->hand when it returns, those settled are gone. If the database is
 * busy or full, everything stays as it was and it is tried again later. */
void commit_tick(struct engine *e, const struct now *now);

/* How many rows the channel may claim now; 0 while its token is missing. */
size_t commit_slots(struct engine *e, const struct now *now);
