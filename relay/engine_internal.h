/* What engine.c, commit.c, follow.c and upkeep.c share; nobody else includes
 * it. */
#pragma once

#include "relay/alerts.h"
#include "relay/channel.h"
#include "relay/config.h"
#include "relay/engine.h"
#include "relay/http.h"
#include "relay/job.h"
#include "relay/logbook.h"
#include "relay/loop.h"
#include "relay/now.h"
#include "relay/prune.h"
#include "relay/sender.h"
#include "relay/store.h"
#include "relay/token.h"
#include "relay/watch.h"

enum engine_phase {
	ENGINE_RUNNING,
	ENGINE_DRAINING, /* claims nothing; waits for what is on the wire */
	ENGINE_STOPPED,
	ENGINE_LOST /* the database is not the one at its name any more */
};

/* Settings that a reload brought; the older ones stay until the end, because
 * rows on the wire may still look at them. */
struct reloaded {
	struct config config;
	struct reloaded *older; /* own */
};

/* The wall clock was set: rows that wait for a retry are moved along, some
 * hundred a tick. */
struct clock_jump {
	int64_t offset_ms; /* wall minus monotonic, as last seen */
	int64_t by_ms;	   /* of the move under way; 0: none */
	int64_t mark_ms;   /* wall time it was noticed at */
};

struct engine {
	struct engine_options options;
	const struct config *config; /* in force; options.config or reloaded */
	struct reloaded *reloaded;   /* own */
	struct store *store;	     /* borrowed */
	struct loop *loop;	     /* own, as is what follows */
	struct watch *watch;
	struct http *http;
	struct token *token;
	struct logbook *logbook;
	struct prune *prune;
	struct alerts *alerts;
	struct sender sender;
	struct channel **channels;
	size_t channel_count;
	size_t first_channel; /* the next claim begins with it */
	struct job_list hand; /* rows claimed and not settled yet */
	size_t judged;	      /* of them, those with a result */

	int signal_fd;
	unsigned stop_signals;
	bool wants_reload;
	enum engine_phase phase;
	int64_t drain_until_us;
	int64_t beat_at_us;
	int64_t write_not_before_us; /* after a busy or full database */
	bool has_write_trouble;	 /* said once, until a commit goes through */
	int64_t committed_us;	 /* last */
	int64_t shared_until_us; /* others write too: they are given way */
	int64_t free_until_us;	 /* so they may until then */
	int changes_seen;	 /* of others since the last commit */
	int64_t checkpoint_at_us;
	bool is_checkpoint_due; /* the database was busy */
	int64_t wal_warned_us;	/* when a reader's WAL was last complained of */
	int64_t prune_at_us;
	int64_t reroute_at_us;	   /* INT64_MAX: no row is to be moved */
	int64_t watchdog_every_us; /* 0: nobody watches */
	int64_t watchdog_at_us;
	int64_t next_expiry_ms;	 /* wall */
	int64_t saved_forced_ms; /* last forced refresh that is stored */
	struct clock_jump jump;
	uint64_t delivered, settled; /* since the start */
};

/* commit.c */

/* Whether there is anything to write or to claim, and the database is not known
 * to be busy. */
bool commit_is_wanted(struct engine *e, const struct now *now);

/* One group commit: results, claims, expiries, state, log lines. Jobs claimed
 * are in e->hand when it returns, those settled are gone. If the database is
 * busy or full, everything stays as it was and it is tried again later. */
void commit_tick(struct engine *e, const struct now *now);

/* How many rows a channel may claim now, if `settled` of those on its wire are
 * settled in the same commit; 0 while its token is missing. */
size_t commit_slots(struct engine *e, struct channel *c, size_t settled,
		    const struct now *now);

/* The write lock was held for so long, until now. SQLite lets others who want
 * it look for it now and then, each time later: while there are some, it is
 * left free for most of the time. */
void commit_give_way(struct engine *e, int64_t held_us);

/* follow.c */

/* What the settings say of HTTP. The texts are borrowed from them. */
struct http_options follow_http_options(const struct config *config);

/* The channels of the settings in force, in place of those there are. */
void follow_settings(struct engine *e);

/* A token that is refused holds the channels that need it, and a token that is
 * there again opens them. */
void follow_token(struct engine *e, const struct now *now);

/* Stop and reload. */
void follow_signals(struct engine *e, const struct now *now);

/* What operators have written into outbox_channel. */
void follow_operators(struct engine *e, const struct now *now);

/* Notices that the wall clock was set, and moves retries along. */
void follow_clock(struct engine *e, const struct now *now);

/* Whether there is a reason to have a token. */
bool follow_wants_token(const struct engine *e, const struct now *now);

/* alerts.c */

/* Looks for trouble when it is time to, and tells it and its end. */
void alerts_tick(struct engine *e, const struct now *now);

/* The same for --once, when nothing is due any more: what it tells is due. The
 * second time it does nothing. */
void alerts_look_once(struct engine *e, const struct now *now);

/* upkeep.c */

enum { UPKEEP_PRUNE_EVERY_US = 60000000 };

/* Checkpoints the WAL if it has grown. */
void upkeep_checkpoint(struct engine *e, const struct now *now);

/* Retention, and rows that follow their routes, a small step each; and a sign
 * of life. */
void upkeep_tick(struct engine *e, const struct now *now);
