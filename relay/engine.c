#include "relay/engine.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/util.h"
#include "relay/engine_internal.h"
#include "relay/lock.h"
#include "relay/notify.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
	FINAL_WRITE_US = 10000000,
	FINAL_WAIT_US = 100000,
	FAR_MS = 86400000,
	QUIET_US = 100000,
	CHANGES_MOST = 16,
	SHARED_US = 60000000,
};

static void on_signal(void *ctx, int fd, uint32_t events)
{
	(void)events;
	struct engine *e = ctx;
	struct signalfd_siginfo info;
	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			e->wants_reload = true;
		else
			e->stop_signals++;
	}
}

static int hear_signals(struct engine *e)
{
	sigset_t mask;
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signal(SIGPIPE, SIG_IGN);
	e->signal_fd = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
	if (e->signal_fd < 0) {
		log_error("no signalfd", LOG_STR("error", strerror(errno)));
		return -1;
	}
	return loop_set(e->loop, e->signal_fd, EPOLLIN, on_signal, e);
}

static int build(struct engine *e)
{
	struct token_ration ration;
	struct http_options options = follow_http_options(e->config);
	int rc = loop_create(&e->loop);
	if (rc == 0)
		rc = hear_signals(e);
	if (rc == 0)
		rc = watch_create(&e->watch, e->loop, store_db(e->store),
				  e->config->poll_ms);
	if (rc == 0)
		rc = http_create(&e->http, e->loop, &options);
	if (rc == 0)
		rc = store_load_ration(e->store, &ration);
	if (rc)
		return -1;
	e->saved_forced_ms = ration.last_ms;
	e->token = token_create(e->config, e->http, ration);
	e->sender = (struct sender){e->http, e->token, INT64_MAX};
	e->prune = prune_create(store_db(e->store));
	e->alerts = alerts_create();
	follow_settings(e);
	return 0;
}

int engine_create(struct engine **engine_out,
		  const struct engine_options *options)
{
	struct engine *e = xcalloc(1, sizeof(*e));
	e->options = *options;
	e->config = options->config;
	e->store = options->store;
	e->signal_fd = -1;
	e->prune_at_us = clock_mono_us() + UPKEEP_PRUNE_EVERY_US;
	job_list_init(&e->hand);
	srand48(clock_mono_us());
	e->logbook = logbook_create();
	if (build(e)) {
		engine_destroy(e);
		return -1;
	}
	*engine_out = e;
	return 0;
}

void engine_destroy(struct engine *e)
{
	if (!e)
		return;
	struct job *job;
	/* First what may still call back, then what it would call into. */
	http_destroy(e->http);
	token_destroy(e->token);
	while ((job = job_list_take(&e->hand)))
		job_destroy(job);
	watch_destroy(e->watch);
	if (e->signal_fd >= 0)
		close(e->signal_fd);
	loop_destroy(e->loop);
	for (size_t i = 0; i < e->channel_count; i++)
		channel_destroy(e->channels[i]);
	free(e->channels);
	prune_destroy(e->prune);
	alerts_destroy(e->alerts);
	logbook_destroy(e->logbook);
	while (e->reloaded) {
		struct reloaded *older = e->reloaded->older;
		config_finish(&e->reloaded->config);
		free(e->reloaded);
		e->reloaded = older;
	}
	free(e);
}

/* Sends what was claimed and waits for nothing any more. */
static void send_claimed(struct engine *e, const struct now *now)
{
	e->judged = 0;
	e->sender.again_at_us = INT64_MAX;
	for (struct job *job = e->hand.first; job; job = job->next) {
		if (job->step == JOB_CLAIMED && e->phase == ENGINE_RUNNING)
			sender_send(&e->sender, job, now);
		if (job->step == JOB_JUDGED)
			e->judged++;
	}
}

static void look_for_rows(struct engine *e, const struct now *now)
{
	if (watch_look(e->watch, now->us)) {
		/* The first look only learns what there is. */
		if (e->committed_us)
			e->shared_until_us = now->us + SHARED_US;
		for (size_t i = 0; i < e->channel_count; i++)
			e->channels[i]->is_stale = true;
		store_look_expiry(e->store, &e->next_expiry_ms);
		follow_operators(e, now);
		/* Others fill the WAL; only a commit of ours tells how far. */
		if (++e->changes_seen >= CHANGES_MOST ||
		    now->us - e->committed_us > QUIET_US)
			e->beat_at_us = now->us;
	}
}

/* When the next row of each channel is due; a commit that is due anyway looks
 * by itself. */
static void refresh(struct engine *e, const struct now *now)
{
	for (size_t i = 0; i < e->channel_count && e->judged == 0; i++) {
		struct channel *c = e->channels[i];
		if (c->is_stale && store_look(e->store, c) == 0)
			channel_mind_lack(c, now);
	}
}

static bool is_idle_for_good(struct engine *e, const struct now *now)
{
	if (!e->options.is_once)
		return false;
	if (e->has_write_trouble) /* leave() tries for a while */
		return true;
	if (e->hand.count || token_is_fetching(e->token) ||
	    e->reroute_at_us != INT64_MAX)
		return false;
	for (size_t i = 0; i < e->channel_count; i++) {
		const struct channel *c = e->channels[i];
		if (c->lack.reason || c->state == CHANNEL_HELD ||
		    c->state == CHANNEL_PAUSED)
			continue;
		if (c->is_stale || c->next_due_ms <= now->wall_ms)
			return false;
	}
	return true;
}

static void tick(struct engine *e)
{
	struct now now = now_read();
	if (now.us >= e->beat_at_us && !lock_is_in_place(e->options.lock)) {
		log_error("the database or its lock file was moved away or "
			  "replaced: start the relay again",
			  LOG_STR("file", db_path(store_db(e->store))));
		e->phase = ENGINE_LOST;
		return;
	}
	http_advance(e->http, now.us);
	follow_clock(e, &now);
	look_for_rows(e, &now);
	follow_token(e, &now);
	follow_signals(e, &now);
	for (size_t i = 0; i < e->channel_count; i++)
		channel_tick(e->channels[i], &now);
	send_claimed(e, &now);
	refresh(e, &now);
	if (commit_is_wanted(e, &now)) {
		commit_tick(e, &now);
		send_claimed(e, &now);
		upkeep_checkpoint(e, &now);
	} else if (e->is_checkpoint_due) {
		upkeep_checkpoint(e, &now);
	}
	upkeep_tick(e, &now);
	if (is_idle_for_good(e, &now) && !e->has_write_trouble)
		alerts_look_once(e, &now);
	if (is_idle_for_good(e, &now))
		e->phase = ENGINE_STOPPED;
}

static int64_t from_wall(const struct now *now, int64_t wall_ms)
{
	if (wall_ms == INT64_MAX)
		return INT64_MAX;
	int64_t wait_ms = MAX(wall_ms - now->wall_ms, 0);
	return now->us + MIN(wait_ms, (int64_t)FAR_MS) * 1000;
}

static int64_t from_ms(int64_t ms)
{
	return ms >= INT64_MAX / 1000 ? INT64_MAX : ms * 1000;
}

static int64_t channel_next(struct engine *e, struct channel *c,
			    const struct now *now)
{
	if (c->is_unsaved)
		return now->us;
	if (c->next_due_ms == INT64_MAX && c->state == CHANNEL_OPEN)
		return INT64_MAX;
	if (c->kind->needs_token &&
	    token_state(e->token, now->ms) != TOKEN_READY)
		return INT64_MAX;
	int64_t ready = channel_deadline_us(c, now);
	return MAX(ready, c->state == CHANNEL_HELD
				  ? ready
				  : from_wall(now, c->next_due_ms));
}

/* When something may happen that no descriptor tells. A jump of the wall clock
 * is noticed by the watch's slow poll at the latest. */
static int64_t next_deadline(struct engine *e)
{
	struct now now = now_read();
	int64_t next =
		MIN(http_deadline_us(e->http), watch_deadline_us(e->watch));
	next = MIN(next, e->sender.again_at_us);
	if (follow_wants_token(e, &now))
		next = MIN(next, from_ms(token_deadline_ms(e->token)));
	if (e->phase == ENGINE_DRAINING)
		next = MIN(next, e->drain_until_us);
	if (e->is_checkpoint_due)
		next = MIN(next, e->checkpoint_at_us);
	if (!e->options.is_once)
		next = MIN(next, e->prune_at_us);
	if (e->watchdog_every_us)
		next = MIN(next, e->watchdog_at_us);
	int64_t write = MIN(e->beat_at_us, from_wall(&now, e->next_expiry_ms));
	if (e->phase == ENGINE_RUNNING)
		write = MIN(write, e->reroute_at_us);
	if (e->phase == ENGINE_RUNNING && !e->options.is_once)
		write = MIN(write, alerts_deadline_us(e->alerts, e->config));
	for (size_t i = 0; i < e->channel_count && e->phase == ENGINE_RUNNING;
	     i++)
		write = MIN(write, channel_next(e, e->channels[i], &now));
	if (e->judged || e->jump.by_ms || e->wants_reload)
		write = now.us;
	write = MAX(write, MAX(e->write_not_before_us, e->free_until_us));
	return MIN(next, write);
}

/* Rows that got no answer in the time of the drain, and those that never were
 * sent: both are given back, the first with one interruption more. */
static int give_back(struct engine *e, const struct now *now)
{
	int rc = store_begin(e->store);
	if (rc)
		return rc;
	for (const struct job *job = e->hand.first; job && rc == 0;
	     job = job->next) {
		if (job->step != JOB_JUDGED)
			rc = store_release(e->store, job,
					   job->step == JOB_ON_WIRE,
					   now->wall_ms);
	}
	if (rc == 0)
		rc = store_commit(e->store);
	if (rc)
		store_rollback(e->store);
	return rc;
}

/* The last commits. The database may be busy or full: the results on hand are
 * worth waiting for, but not for ever. */
static int leave(struct engine *e)
{
	int64_t until_us = clock_mono_us() + FINAL_WRITE_US;
	for (;;) {
		struct now now = now_read();
		e->beat_at_us = e->write_not_before_us = 0;
		commit_tick(e, &now);
		bool is_written = e->write_not_before_us == 0;
		if (is_written && give_back(e, &now) == 0)
			return 0;
		if (now.us > until_us || e->stop_signals > 1)
			break;
		loop_wait(e->loop, now.us + FINAL_WAIT_US);
	}
	if (e->hand.count)
		log_error("left with results that could not be written: their "
			  "rows "
			  "will be sent again",
			  LOG_INT("rows", e->hand.count));
	return -1;
}

int engine_run(struct engine *e)
{
	log_info("relay started", LOG_STR("version", OUTBOX_VERSION),
		 LOG_STR("file", db_path(store_db(e->store))),
		 LOG_INT("pid", getpid()));
	store_look_expiry(e->store, &e->next_expiry_ms);
	e->watchdog_every_us = notify_watchdog_us();
	notify_send("READY=1");
	for (;;) {
		tick(e);
		if (e->phase == ENGINE_LOST)
			return -1;
		if (e->phase == ENGINE_STOPPED)
			break;
		if (loop_wait(e->loop, next_deadline(e)) < 0)
			return -1;
	}
	log_info("relay stopped", LOG_INT("settled", e->settled),
		 LOG_INT("delivered", e->delivered));
	return leave(e);
}
