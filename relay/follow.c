/*
 * What the engine follows: the settings, the token, signals, operators, and the
 * clock on the wall.
 */
#include "relay/engine_internal.h"
#include "relay/notify.h"

#include "lib/log.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum { JUMP_MS = 2000, BUSY_WAIT_US = 5000 };

static struct channel *find_channel(const struct engine *e, const char *name)
{
	for (size_t i = 0; i < e->channel_count; i++) {
		if (strcmp(e->channels[i]->name, name) == 0)
			return e->channels[i];
	}
	return NULL;
}

static void add_channel(struct engine *e, struct channel *c)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): of pointers, indeed */
	size_t size = (e->channel_count + 1) * sizeof(*e->channels);
	e->channels = xrealloc(e->channels, size);
	e->channels[e->channel_count++] = c;
	struct store_channel row;
	if (store_read_channel(e->store, c->name, &row) == 0) {
		c->pace.minute = row.minute;
		c->pace.minute_used = row.minute_used;
		c->pace.day = row.day;
		c->pace.day_used = row.day_used;
		if (row.is_paused)
			c->state = CHANNEL_PAUSED;
	}
	struct judgement trouble;
	int64_t since_ms = 0;
	if (store_read_trouble(e->store, c->name, &trouble, &since_ms) == 0)
		channel_recall(c, &trouble, since_ms);
}

/* Rows may wait in channels that the settings have not, too. */
static void add_unknown(struct engine *e)
{
	char *name = xstrdup("");
	char *next = NULL;
	while (store_next_channel(e->store, name, &next) == 0) {
		free(name);
		name = next;
		if (!find_channel(e, name))
			add_channel(e, channel_create_unknown(name));
	}
	free(name);
}

void follow_settings(struct engine *e)
{
	const struct config *config = e->config;
	for (size_t i = 0; i < e->channel_count; i++) {
		struct channel *c = e->channels[i];
		channel_adopt(c, config, config_find_channel(config, c->name));
	}
	for (size_t i = 0; i < config->channel_count; i++) {
		const struct config_channel *settings = &config->channels[i];
		if (!find_channel(e, settings->name))
			add_channel(e, channel_create(config, settings));
	}
	add_unknown(e);
}

static bool may_use_token(const struct channel *c)
{
	return c->kind->needs_token && !c->lack.reason;
}

/* In --once nobody asks for a token that no row needs. */
bool follow_wants_token(const struct engine *e, const struct now *now)
{
	if (e->phase != ENGINE_RUNNING)
		return false;
	for (size_t i = 0; i < e->channel_count; i++) {
		const struct channel *c = e->channels[i];
		bool is_needed = !e->options.is_once || c->on_wire ||
				 c->next_due_ms <= now->wall_ms;
		if (is_needed && may_use_token(c))
			return true;
	}
	return false;
}

void follow_token(struct engine *e, const struct now *now)
{
	if (follow_wants_token(e, now))
		token_tick(e->token, now->ms);
	enum token_state state = token_state(e->token, now->ms);
	int64_t fetches = token_fetches(e->token);
	for (size_t i = 0; i < e->channel_count; i++) {
		struct channel *c = e->channels[i];
		if (!may_use_token(c))
			continue;
		if (state == TOKEN_READY)
			channel_hear_of_token(c, now);
		/* A channel that is held for another trouble stays so until
		 * it is to be probed, which takes a token. */
		bool is_ours = c->state == CHANNEL_OPEN ||
			       c->state == CHANNEL_PROBING || c->held_by_fetch;
		if (state == TOKEN_REFUSED && !token_is_fetching(e->token) &&
		    is_ours && c->held_by_fetch != fetches)
			channel_hold_for_token(c, token_trouble(e->token),
					       fetches, now);
	}
}

static int adopt_reloaded(struct engine *e, struct config *config)
{
	if (strcmp(config->db_path, e->options.config->db_path) != 0) {
		log_error("settings not adopted: another OUTBOX_DB needs a "
			  "restart");
		return -1;
	}
	int rc = store_adopt(e->store, config);
	if (rc == DB_BUSY)
		return rc;
	if (rc)
		log_error("settings not adopted: the database did not take "
			  "them; send SIGHUP again");
	return rc;
}

struct http_options follow_http_options(const struct config *c)
{
	struct http_options options = {
		.ca_file = c->wechat_ca_file[0] ? c->wechat_ca_file : NULL,
		.connect_timeout_ms = c->connect_timeout_ms,
		.timeout_ms = c->timeout_ms,
		.connections_kept = 1,
	};
	for (size_t i = 0; i < c->channel_count; i++)
		options.connections_kept += (size_t)c->channels[i].at_once;
	return options;
}

/* All settings or none. */
static void reload(struct engine *e, const struct now *now)
{
	struct reloaded *r = xcalloc(1, sizeof(*r));
	e->wants_reload = false;
	if (!e->options.reload ||
	    e->options.reload(e->options.reload_ctx, &r->config)) {
		log_error("settings not adopted: the old ones stay in force");
		free(r);
		return;
	}
	int rc = adopt_reloaded(e, &r->config);
	if (rc) {
		/* Somebody writes just now: once more. */
		log_set_level(e->config->log_level);
		log_set_format(e->config->log_format);
		e->wants_reload = rc == DB_BUSY;
		if (e->wants_reload)
			e->write_not_before_us = now->us + BUSY_WAIT_US;
		config_finish(&r->config);
		free(r);
		return;
	}
	r->older = e->reloaded;
	e->reloaded = r;
	e->config = &r->config;
	struct http_options options = follow_http_options(e->config);
	http_adopt(e->http, &options);
	token_adopt(e->token, e->config);
	watch_adopt(e->watch, e->config->poll_ms);
	log_set_level(e->config->log_level);
	log_set_format(e->config->log_format);
	follow_settings(e);
	for (size_t i = 0; i < e->channel_count; i++)
		channel_probe(e->channels[i], now);
	e->beat_at_us = e->reroute_at_us = 0;
	log_info("settings adopted",
		 LOG_INT("generation", store_generation(e->store)));
}

void follow_signals(struct engine *e, const struct now *now)
{
	if (e->wants_reload && e->phase == ENGINE_RUNNING)
		reload(e, now);
	if (e->stop_signals && e->phase == ENGINE_RUNNING) {
		notify_send("STOPPING=1");
		log_info("stopping", LOG_INT("on_wire", e->hand.count));
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

void follow_operators(struct engine *e, const struct now *now)
{
	for (size_t i = 0; i < e->channel_count; i++) {
		struct channel *c = e->channels[i];
		struct store_channel row;
		if (store_read_channel(e->store, c->name, &row))
			continue;
		if (row.is_paused) {
			channel_pause(c, now);
		} else if ((row.is_resumed && !c->is_resume_heard) ||
			   c->state == CHANNEL_PAUSED) {
			channel_resume(c, now);
			token_retry_now(e->token);
		}
	}
}

void follow_clock(struct engine *e, const struct now *now)
{
	struct clock_jump *j = &e->jump;
	int64_t offset = now->wall_ms - now->ms;
	int64_t by = offset - j->offset_ms;
	if (j->by_ms == 0) {
		if (j->offset_ms && (by > JUMP_MS || by < -JUMP_MS)) {
			log_warn("the wall clock was set",
				 LOG_INT("by_ms", by));
			j->by_ms = by;
			j->mark_ms = now->wall_ms;
		}
		j->offset_ms = offset;
	}
	if (j->by_ms == 0 || now->us < e->write_not_before_us)
		return;
	bool is_done = false;
	struct store_move move = {j->by_ms, j->mark_ms};
	if (store_move_retries(e->store, &move, j->offset_ms + now->ms,
			       &is_done))
		e->write_not_before_us = now->us + BUSY_WAIT_US;
	if (is_done)
		j->by_ms = 0;
	for (size_t i = 0; i < e->channel_count; i++)
		e->channels[i]->is_stale = true;
}
