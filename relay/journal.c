/*
 * What the relay tells about itself: its heartbeat, its channels, its log, and
 * what the settings say.
 */
#include "relay/store_internal.h"

#include "lib/buf.h"
#include "lib/log.h"
#include "lib/shanghai.h"
#include "lib/util.h"
#include "relay/config.h"

#include <stdio.h>
#include <unistd.h>

enum { MINUTE_MS = 60000, MOVE_MAX = 500 };

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

int store_next_channel(struct store *s, const char *after, char **name_out)
{
	scoped_stmt struct db_stmt *st = s->st[NEXT_CHANNEL];
	db_bind(st, "$after", after);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	if (db_is_null(st, 0))
		return DB_MISSING;
	*name_out = xstrdup(db_text(st, 0));
	return 0;
}

int store_read_channel(struct store *s, const char *name,
		       struct store_channel *out)
{
	scoped_stmt struct db_stmt *st = s->st[READ_CHANNEL];
	db_bind(st, "$name", name);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc == DB_OK ? DB_MISSING : rc;
	*out = (struct store_channel){
		.is_paused = db_int(st, 0),
		.is_resumed = db_int(st, 1),
		.minute = db_int(st, 2) / MINUTE_MS,
		.minute_used = db_int(st, 3),
		.day = shanghai_day(db_int(st, 4)),
		.day_used = db_int(st, 5),
	};
	return 0;
}

int store_read_trouble(struct store *s, const char *name,
		       struct judgement *trouble_out, int64_t *since_out)
{
	scoped_stmt struct db_stmt *st = s->st[READ_TROUBLE];
	db_bind(st, "$name", name);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc == DB_OK ? DB_MISSING : rc;
	const char *detail = db_text(st, 1);
	*trouble_out = (struct judgement){
		.verdict = VERDICT_DEFER,
		.reason = reason_find(db_text(st, 0)),
	};
	snprintf(trouble_out->detail, sizeof(trouble_out->detail), "%s",
		 detail ? detail : "");
	*since_out = db_int(st, 2);
	return 0;
}

static int save_state(struct store *s, const struct channel *c,
		      const struct now *now)
{
	struct db_stmt *st = s->st[SAVE_STATE];
	db_bind(st, "$name", c->name);
	db_bind(st, "$state", channel_state_name(c));
	db_bind(st, "$since", c->state_since_ms);
	if (c->state == CHANNEL_OPEN) {
		db_bind_null(st, "$reason");
		db_bind_null(st, "$detail");
		db_bind_null(st, "$until");
	} else {
		db_bind(st, "$reason", reason_id(c->trouble.reason));
		db_bind_text(st, "$detail", c->trouble.detail);
		if (c->is_lack_told) /* no probe can come of it */
			db_bind_null(st, "$until");
		else
			db_bind(st, "$until",
				now->wall_ms +
					MAX(c->held_until_ms - now->ms, 0));
	}
	return db_run(st);
}

static int save_budget(struct store *s, const struct channel *c)
{
	const struct pace *p = &c->pace;
	struct db_stmt *st = s->st[SAVE_BUDGET];
	db_bind(st, "$name", c->name);
	db_bind(st, "$minute", p->minute * MINUTE_MS);
	db_bind(st, "$minute_used", p->minute_used);
	db_bind(st, "$day", shanghai_day_start_ms(p->day));
	db_bind(st, "$day_used", p->day_used);
	return db_run(st);
}

int store_save_channel(struct store *s, const struct channel *c,
		       const struct now *now)
{
	int rc = c->state == CHANNEL_PAUSED ? 0 : save_state(s, c, now);
	if (rc == 0 && pace_has_budget(&c->pace))
		rc = save_budget(s, c);
	return rc;
}

int store_save_tally(struct store *s, const char *channel,
		     const struct tally *t)
{
	scoped_buf latency = {0};
	for (size_t i = 0; i < TALLY_BUCKETS; i++)
		buf_addf(&latency, "%c%lld", i ? ',' : '[',
			 (long long)t->latency[i]);
	buf_addc(&latency, ']');
	struct db_stmt *st = s->st[SAVE_TALLY];
	db_bind(st, "$minute", t->minute_ms);
	db_bind(st, "$channel", channel);
	db_bind(st, "$delivered", t->outcomes[VERDICT_DELIVERED]);
	db_bind(st, "$retried", t->outcomes[VERDICT_RETRY]);
	db_bind(st, "$unknown", t->outcomes[VERDICT_UNKNOWN]);
	db_bind(st, "$deferred", t->outcomes[VERDICT_DEFER]);
	db_bind(st, "$rejected", t->outcomes[VERDICT_REJECT]);
	db_bind_text(st, "$latency", buf_str(&latency));
	return db_run(st);
}

int store_move_retries(struct store *s, const struct store_move *m,
		       int64_t now_ms, bool *is_done)
{
	int rc = db_begin(s->db);
	if (rc)
		return rc;
	struct db_stmt *st = s->st[MOVE_RETRIES];
	int64_t by_ms = m->by_ms;
	db_bind(st, "$by", by_ms);
	db_bind(st, "$mark", m->mark_ms);
	db_bind(st, "$now", now_ms);
	/* Set forward: what waited at the old time. Set back: what waits now.
	 */
	db_bind(st, "$from", by_ms > 0 ? m->mark_ms - by_ms : m->mark_ms);
	db_bind(st, "$limit", MOVE_MAX);
	rc = db_run(st);
	bool was_last = db_changes(s->db) < MOVE_MAX;
	if (rc == 0)
		rc = db_commit(s->db);
	if (rc)
		db_rollback(s->db);
	else
		*is_done = was_last;
	return rc;
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

static void bind_limit(struct db_stmt *st, const char *name, int64_t limit)
{
	if (limit)
		db_bind(st, name, limit);
	else
		db_bind_null(st, name);
}

static int adopt_channel(struct store *s, const struct config_channel *c)
{
	struct db_stmt *st = s->st[ADOPT_CHANNEL];
	db_bind(st, "$name", c->name);
	db_bind(st, "$kind", c->kind);
	bind_limit(st, "$life", c->life_ms);
	db_bind(st, "$attempts", c->max_attempts);
	db_bind(st, "$at_once", c->at_once);
	bind_limit(st, "$second", c->rate);
	bind_limit(st, "$minute", c->per_minute);
	bind_limit(st, "$day", c->per_day);
	db_bind(st, "$hold", c->is_order_held);
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
	if (rc == DB_REFUSED || rc < 0)
		log_error("route refused: see OUTBOX_ROUTES",
			  LOG_STR("type", type), LOG_STR("channel", channel),
			  LOG_STR("path", path),
			  LOG_STR("error", db_message(s->db)));
	return rc;
}

static int adopt_routes(struct store *s, const struct config *config)
{
	int rc = reroute_remember(s->reroute);
	if (rc == 0)
		rc = db_run(s->st[ADOPT_FORGET_ROUTES]);
	if (rc == 0 && !config_find_route(config, CONFIG_ANY_TYPE))
		rc = adopt_route(s, CONFIG_ANY_TYPE, config->channel,
				 config->recipient_path);
	for (size_t i = 0; i < config->routes.count && rc == 0; i++) {
		const struct config_route *r = &config->routes.list[i];
		rc = adopt_route(s, r->type, r->channel,
				 r->recipient_path ? r->recipient_path
						   : config->recipient_path);
	}
	return rc;
}

static int note_moves(struct store *s, const struct config *config)
{
	scoped_buf names = {0};
	buf_addc(&names, '[');
	for (size_t i = 0; i < config->channel_count; i++)
		buf_addf(&names, "%s\"%s\"", i ? "," : "",
			 config->channels[i].name);
	buf_addc(&names, ']');
	return reroute_note(s->reroute, buf_str(&names));
}

static int adopt_all(struct store *s, const struct config *config)
{
	int rc = 0;
	int64_t generation = 0;
	for (size_t i = 0; i < config->channel_count && rc == 0; i++)
		rc = adopt_channel(s, &config->channels[i]);
	if (rc == 0)
		rc = adopt_routes(s, config);
	if (rc == 0)
		rc = note_moves(s, config);
	if (rc == 0)
		rc = db_run(s->st[ADOPT_RELEASE]);
	if (rc == 0)
		rc = load_meta(s, "settings_generation", &generation);
	if (rc == 0)
		rc = save_meta(s, "settings_generation", generation + 1);
	if (rc == 0)
		s->settings_generation = generation + 1;
	return rc;
}

int store_adopt(struct store *s, const struct config *config)
{
	int rc = db_begin(s->db);
	if (rc)
		return rc;
	rc = adopt_all(s, config);
	if (rc == 0)
		rc = db_commit(s->db);
	if (rc)
		db_rollback(s->db);
	return rc;
}
