#include "relay/engine.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "lib/util.h"
#include "relay/engine_internal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { CHECKPOINT_RETRY_US = 100000, FINAL_WRITE_US = 10000000 };

static struct now read_clocks(void)
{
	int64_t us = clock_mono_us();
	return (struct now){us, us / 1000, clock_wall_ms()};
}

static void on_signal(void *ctx, int fd, uint32_t events)
{
	(void)events;
	struct engine *e = ctx;
	struct signalfd_siginfo info;
	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			log_warn("SIGHUP: settings are read at the start only");
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

static int start_http(struct engine *e)
{
	const struct config *c = e->config;
	struct http_options options = {
		.ca_file = c->wechat_ca_file[0] ? c->wechat_ca_file : NULL,
		.is_loopback = strncmp(c->wechat_base_url, "http:", 5) == 0,
		.connect_timeout_ms = c->connect_timeout_ms,
		.timeout_ms = c->timeout_ms,
		.connections_kept = (size_t)c->concurrency + 1,
	};
	return http_create(&e->http, e->loop, &options);
}

int engine_create(struct engine **engine_out,
		  const struct engine_options *options)
{
	struct engine *e = xcalloc(1, sizeof(*e));
	struct token_ration ration;
	e->config = options->config;
	e->store = options->store;
	e->is_once = options->is_once;
	e->signal_fd = -1;
	job_list_init(&e->hand);
	srand48(clock_mono_us());
	e->logbook = logbook_create();
	channel_init(&e->channel, channel_wechat_cloud.name,
		     &channel_wechat_cloud, e->config);
	int rc = loop_create(&e->loop);
	if (rc == 0)
		rc = hear_signals(e);
	if (rc == 0)
		rc = watch_create(&e->watch, e->loop, store_db(e->store),
				  e->config->poll_ms);
	if (rc == 0)
		rc = start_http(e);
	if (rc == 0)
		rc = store_load_ration(e->store, &ration);
	if (rc) {
		engine_destroy(e);
		return -1;
	}
	e->saved_forced_ms = ration.last_ms;
	e->token = token_create(e->config, e->http, ration);
	e->sender = (struct sender){e->http, e->token};
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
	channel_finish(&e->channel);
	logbook_destroy(e->logbook);
	free(e);
}

/* A token that is refused holds the channels that need it, and a token that is
 * there again opens them. */
static void follow_token(struct engine *e, const struct now *now)
{
	struct channel *c = &e->channel;
	bool has_work =
		!e->is_once || e->hand.count || c->next_due_ms <= now->wall_ms;
	if (has_work && e->phase == ENGINE_RUNNING)
		token_tick(e->token, now->ms);
	enum token_state state = token_state(e->token, now->ms);
	int64_t fetches = token_fetches(e->token);
	if (state == TOKEN_READY && c->held_by_fetch)
		channel_open(c, now->wall_ms);
	if (state == TOKEN_REFUSED && !token_is_fetching(e->token) &&
	    c->held_by_fetch != fetches) {
		channel_hold(c, token_trouble(e->token), now->ms, now->wall_ms);
		c->held_by_fetch = fetches;
	}
}

/* Sends what was claimed and waits for nothing any more. */
static void send_claimed(struct engine *e, const struct now *now)
{
	e->judged = 0;
	for (struct job *job = e->hand.first; job; job = job->next) {
		if (job->step == JOB_CLAIMED)
			sender_send(&e->sender, job, now->ms, now->wall_ms);
		if (job->step == JOB_JUDGED)
			e->judged++;
	}
}

static void look_for_rows(struct engine *e, const struct now *now)
{
	struct channel *c = &e->channel;
	if (watch_look(e->watch, now->us)) {
		c->is_stale = true;
		store_look_expiry(e->store, &e->next_expiry_ms);
	}
	/* A commit that is due anyway will look by itself. */
	if (c->is_stale && e->judged == 0 && commit_slots(e, now) > 0)
		store_look(e->store, c);
	else if (c->is_stale && e->is_once)
		store_look(e->store, c);
}

static void checkpoint(struct engine *e, const struct now *now)
{
	if (now->us < e->checkpoint_at_us)
		return;
	if (store_checkpoint(e->store) != 0 ||
	    db_wal_pages(store_db(e->store)) > 0)
		e->checkpoint_at_us = now->us + CHECKPOINT_RETRY_US;
}

static void follow_signals(struct engine *e, const struct now *now)
{
	if (e->stop_signals && e->phase == ENGINE_RUNNING) {
		log_info("stopping", LOG_INT("on_wire", e->channel.on_wire));
		e->phase = ENGINE_DRAINING;
		e->drain_until_us =
			now->us + e->config->drain_timeout_ms * 1000;
		e->beat_at_us = 0;
	}
	if (e->phase != ENGINE_DRAINING)
		return;
	if (http_on_wire(e->http) == 0 || e->stop_signals > 1 ||
	    now->us >= e->drain_until_us)
		e->phase = ENGINE_STOPPED;
}

static bool is_idle_for_good(struct engine *e, const struct now *now)
{
	const struct channel *c = &e->channel;
	if (!e->is_once || e->hand.count || token_is_fetching(e->token))
		return false;
	return c->state == CHANNEL_HELD || c->state == CHANNEL_PAUSED ||
	       (!c->is_stale && c->next_due_ms > now->wall_ms);
}

static void tick(struct engine *e)
{
	struct now now = read_clocks();
	http_advance(e->http, now.us);
	look_for_rows(e, &now);
	follow_token(e, &now);
	follow_signals(e, &now);
	send_claimed(e, &now);
	if (commit_is_wanted(e, &now)) {
		commit_tick(e, &now);
		send_claimed(e, &now);
		checkpoint(e, &now);
	}
	if (is_idle_for_good(e, &now))
		e->phase = ENGINE_STOPPED;
}

static int64_t from_wall(const struct now *now, int64_t wall_ms)
{
	if (wall_ms == INT64_MAX)
		return INT64_MAX;
	return now->us + MAX(wall_ms - now->wall_ms, 0) * 1000;
}

static int64_t from_ms(int64_t ms)
{
	return ms >= INT64_MAX / 1000 ? INT64_MAX : ms * 1000;
}

/* When something may happen that no descriptor tells. A jump of the wall clock
 * is noticed by the watch's slow poll at the latest. */
static int64_t next_deadline(struct engine *e)
{
	struct now now = read_clocks();
	struct channel *c = &e->channel;
	int64_t next =
		MIN(http_deadline_us(e->http), watch_deadline_us(e->watch));
	if (!e->is_once || c->next_due_ms <= now.wall_ms)
		next = MIN(next, from_ms(token_deadline_ms(e->token)));
	if (c->state == CHANNEL_HELD && !c->held_by_fetch)
		next = MIN(next, from_ms(c->held_until_ms));
	if (e->phase == ENGINE_DRAINING)
		next = MIN(next, e->drain_until_us);
	int64_t write = MIN(e->beat_at_us, from_wall(&now, e->next_expiry_ms));
	if (commit_slots(e, &now) > 0)
		write = MIN(write, from_wall(&now, c->next_due_ms));
	if (e->judged || c->is_unsaved)
		write = now.us;
	return MIN(next, MAX(write, e->write_not_before_us));
}

/* Rows that got no answer in the time of the drain, and those that never were
 * sent: both are given back, the first with one interruption more. */
static int give_back(struct engine *e, const struct now *now)
{
	int rc = 0;
	for (const struct job *job = e->hand.first; job && rc == 0;
	     job = job->next) {
		if (job->step != JOB_JUDGED)
			rc = store_release(e->store, job,
					   job->step == JOB_ON_WIRE,
					   now->wall_ms);
	}
	return rc;
}

/* The last commit. The database may be busy or full: the results on hand are
 * worth waiting for, but not for ever. */
static int leave(struct engine *e)
{
	int64_t until_us = clock_mono_us() + FINAL_WRITE_US;
	for (;;) {
		struct now now = read_clocks();
		e->beat_at_us = 0;
		commit_tick(e, &now);
		if (!e->judged && now.us > e->write_not_before_us) {
			int rc = store_begin(e->store);
			if (rc == 0 && (rc = give_back(e, &now)) == 0)
				rc = store_commit(e->store);
			if (rc == 0)
				return 0;
			if (db_in_transaction(store_db(e->store)))
				store_rollback(e->store);
		}
		if (now.us > until_us || e->stop_signals > 1)
			break;
		usleep(20000);
	}
	log_error("left with results that could not be written: their rows "
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
	while (e->phase != ENGINE_STOPPED) {
		tick(e);
		if (e->phase == ENGINE_STOPPED)
			break;
		if (loop_wait(e->loop, next_deadline(e)) < 0)
			return -1;
	}
	log_info("relay stopped", LOG_INT("settled", e->settled),
		 LOG_INT("delivered", e->delivered));
	return leave(e);
}
