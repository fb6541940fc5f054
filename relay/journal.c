/*
 * What the relay tells about itself: its heartbeat, its channels, its log, and
 * what the settings say.
 */
#include "relay/store_internal.h"

#include "lib/log.h"
#include "lib/util.h"
#include "relay/config.h"

#include <unistd.h>

int store_beat(struct store *s, const char *state, size_t on_wire,
	       int64_t beat_every_ms, int64_t now_ms)
{
	char host[64] = "";
	gethostname(host, sizeof(host) - 1);
	struct db_stmt *st = s->st[BEAT];
	db_bind(st, "$owner", s->owner);
	db_bind(st, "$pid", getpid());
	db_bind_text(st, "$host", host);
	db_bind(st, "$version", OUTBOX_VERSION);
	db_bind(st, "$state", state);
	db_bind(st, "$started", s->started_at_ms);
	db_bind(st, "$now", now_ms);
	db_bind(st, "$every", beat_every_ms);
	db_bind(st, "$generation", s->settings_generation);
	db_bind(st, "$wire", on_wire);
	return db_run(st);
}

int store_save_channel(struct store *s, const struct channel *c,
		       int64_t mono_ms, int64_t wall_ms)
{
	bool is_open = c->state == CHANNEL_OPEN;
	struct db_stmt *st = s->st[SAVE_CHANNEL];
	db_bind(st, "$name", c->name);
	db_bind(st, "$state", channel_state_name(c));
	db_bind(st, "$since", c->state_since_ms);
	if (is_open) {
		db_bind_null(st, "$reason");
		db_bind_null(st, "$detail");
		db_bind_null(st, "$until");
	} else {
		db_bind(st, "$reason", reason_id(c->trouble.reason));
		db_bind_text(st, "$detail", c->trouble.detail);
		db_bind(st, "$until",
			wall_ms + MAX(c->held_until_ms - mono_ms, 0));
	}
	return db_run(st);
}

int store_log(struct store *s, int64_t at_ms, const char *level,
	      const char *event, const char *fields)
{
	struct db_stmt *st = s->st[LOG];
	db_bind(st, "$at", at_ms);
	db_bind(st, "$level", level);
	db_bind(st, "$event", event);
	db_bind(st, "$fields", fields);
	return db_run(st);
}

static int load_meta(struct store *s, const char *key, int64_t *value_out)
{
	scoped_stmt struct db_stmt *st = s->st[LOAD_META];
	db_bind(st, "$key", key);
	int rc = db_step(st);
	if (rc == DB_ROW) {
		*value_out = db_int(st, 0);
		rc = 0;
	}
	return rc;
}

static int save_meta(struct store *s, const char *key, int64_t value)
{
	struct db_stmt *st = s->st[SAVE_META];
	db_bind(st, "$key", key);
	db_bind(st, "$value", value);
	return db_run(st);
}

int store_load_ration(struct store *s, struct token_ration *ration_out)
{
	struct token_ration r = {0};
	int rc = load_meta(s, "token_forced_day", &r.day);
	if (rc == 0)
		rc = load_meta(s, "token_forced_used", &r.used);
	if (rc == 0)
		rc = load_meta(s, "token_forced_at", &r.last_ms);
	if (rc == 0)
		*ration_out = r;
	return rc;
}

int store_save_ration(struct store *s, const struct token_ration *r)
{
	int rc = save_meta(s, "token_forced_day", r->day);
	if (rc == 0)
		rc = save_meta(s, "token_forced_used", r->used);
	if (rc == 0)
		rc = save_meta(s, "token_forced_at", r->last_ms);
	return rc;
}

static int adopt_channel(struct store *s, const struct config *config)
{
	struct db_stmt *st = s->st[ADOPT_CHANNEL];
	db_bind(st, "$name", channel_wechat_cloud.name);
	db_bind(st, "$kind", channel_wechat_cloud.name);
	if (config->life_ms)
		db_bind(st, "$life", config->life_ms);
	else
		db_bind_null(st, "$life");
	db_bind(st, "$attempts", config->max_attempts);
	db_bind(st, "$at_once", config->concurrency);
	return db_run(st);
}

static int adopt_route(struct store *s, const char *type, const char *channel,
		       const char *path)
{
	struct db_stmt *st = s->st[ADOPT_ROUTE];
	db_bind(st, "$type", type);
	db_bind(st, "$channel", channel);
	db_bind(st, "$path", path);
	int rc = db_run(st);
	if (rc == DB_REFUSED)
		log_error("route refused: see OUTBOX_ROUTES",
			  LOG_STR("type", type), LOG_STR("channel", channel),
			  LOG_STR("path", path),
			  LOG_STR("error", db_message(s->db)));
	return rc;
}

static int adopt_routes(struct store *s, const struct config *config)
{
	int rc = db_run(s->st[ADOPT_FORGET_ROUTES]);
	if (rc == 0)
		rc = adopt_route(s, "*", config->channel,
				 config->recipient_path);
	for (size_t i = 0; i < config->routes.count && rc == 0; i++) {
		const struct config_route *r = &config->routes.list[i];
		rc = adopt_route(s, r->type, r->channel,
				 r->recipient_path ? r->recipient_path
						   : config->recipient_path);
	}
	return rc;
}

int store_adopt(struct store *s, const struct config *config)
{
	int rc = db_begin(s->db);
	if (rc)
		return rc;
	rc = adopt_channel(s, config);
	if (rc == 0)
		rc = adopt_routes(s, config);
	if (rc == 0)
		rc = db_commit(s->db);
	if (rc)
		db_rollback(s->db);
	return rc;
}
