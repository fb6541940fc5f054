/* `status --json`: names are for ever, texts are not. */
#include "lib/util.h"
#include "tui/script_json.h"
#include "tui/script_status.h"

static void add_relay(cJSON *json, const struct pulse *p)
{
	cJSON *relay = script_json_object(json, "relay");
	script_json_text(relay, "state", script_relay_name(p->relay));
	script_json_text(relay, "host", p->host);
	script_json_time(relay, "pid", p->pid);
	script_json_text(relay, "version", p->version);
	script_json_text(relay, "owner", p->owner);
	script_json_time(relay, "started_at", p->started_at_ms);
	script_json_time(relay, "beat_at", p->beat_at_ms);
	script_json_int(relay, "alarm_ms", p->alarm_ms);
	script_json_int(relay, "on_wire", p->on_wire);
	script_json_int(relay, "settings_generation", p->settings_generation);
}

/* Of what was not counted to its end, the name goes to at_least. */
static void add_count(cJSON *object, const char *name, struct count count,
		      cJSON *at_least)
{
	script_json_int(object, name, count.n);
	if (count.is_more)
		cJSON_AddItemToArray(at_least, cJSON_CreateString(name));
}

static void add_counts(cJSON *json, const struct script_status *s)
{
	cJSON *counts = script_json_object(json, "counts");
	cJSON *at_least = cJSON_CreateArray();
	for (unsigned i = 0; i < MESSAGE_STATUS_COUNT; i++)
		add_count(counts, message_status_name(i),
			  counts_of(s->counts, i), at_least);
	add_count(json, "due_now", s->overview.due_now, at_least);
	add_count(json, "due_later", s->overview.due_later, at_least);
	cJSON_AddItemToObject(json, "at_least", at_least);
}

static void add_times(cJSON *json, const struct overview *o)
{
	script_json_time(json, "oldest_pending_at", o->oldest_pending_ms);
	script_json_time(json, "oldest_due_at", o->oldest_due_ms);
	script_json_time(json, "next_due_at", o->next_due_ms);
	script_json_time(json, "oldest_sending_at", o->oldest_sending_ms);
	script_json_time(json, "newest_failed_at", o->newest_failed_ms);
}

static void add_percentile(cJSON *json, const char *name, int64_t ms)
{
	if (ms >= 0)
		script_json_int(json, name, ms);
	else
		cJSON_AddNullToObject(json, name);
}

static void add_span(cJSON *json, const char *name,
		     const struct overview_span *span)
{
	cJSON *object = script_json_object(json, name);
	script_json_int(object, "delivered", span->delivered);
	script_json_int(object, "failed", span->failed);
	add_percentile(object, "p50_ms", span->p50_ms);
	add_percentile(object, "p95_ms", span->p95_ms);
	add_percentile(object, "p99_ms", span->p99_ms);
}

static void add_minutes(cJSON *json, const char *name, const int64_t *values)
{
	cJSON *list = script_json_list(json, name);
	for (size_t i = 0; i < OVERVIEW_MINUTES; i++)
		cJSON_AddItemToArray(list,
				     cJSON_CreateNumber((double)values[i]));
}

static void add_channel(cJSON *list, const struct script_status *s,
			const struct channel_state *c)
{
	const struct overview_channel *o = script_status_channel(s, c->name);
	cJSON *json = script_json_item(list);
	script_json_text(json, "name", c->name);
	script_json_text(json, "kind", c->kind);
	script_json_text(json, "state", c->state);
	script_json_text(json, "reason", c->reason);
	script_json_text(json, "detail", c->detail);
	script_json_text(json, "by", c->by);
	script_json_time(json, "since", c->since_ms);
	script_json_time(json, "until", c->until_ms);
	for (unsigned i = 0; i < MESSAGE_STATUS_COUNT; i++) {
		if (i != MESSAGE_DELIVERED)
			script_json_int(
				json, message_status_name(i),
				counts_of_channel(s->counts, c->name, i).n);
	}
	script_json_int(json, "per_minute", o ? o->per_minute : 0);
	add_percentile(json, "p95_ms", o ? o->p95_ms : -1);
	script_json_int(json, "max_at_once", c->max_at_once);
	script_json_time(json, "max_per_second", c->max_per_second);
	script_json_time(json, "max_per_minute", c->max_per_minute);
	script_json_time(json, "max_per_day", c->max_per_day);
	script_json_int(json, "minute_used", c->minute_used);
	script_json_int(json, "day_used", c->day_used);
}

static void add_errors(cJSON *json, const struct overview *o)
{
	cJSON *list = script_json_list(json, "errors");
	for (size_t i = 0; i < o->error_count; i++) {
		const struct group *g = &o->errors[i];
		cJSON *error = script_json_item(list);
		script_json_text(error, "channel", g->channel);
		script_json_text(error, "reason",
				 *g->reason ? g->reason : NULL);
		script_json_text(error, "error", g->error);
		script_json_int(error, "count", g->count);
		script_json_time(error, "first_at", g->first_ms);
		script_json_time(error, "last_at", g->last_ms);
		script_json_int(error, "sample", g->sample);
	}
}

static void add_acts(cJSON *json, const struct overview *o)
{
	cJSON *list = script_json_list(json, "last_acts");
	for (size_t i = 0; i < o->act_count; i++) {
		const struct overview_act *a = &o->acts[i];
		cJSON *act = script_json_item(list);
		script_json_int(act, "at", a->at_ms);
		script_json_text(act, "who", a->who);
		script_json_text(act, "action", a->action);
		script_json_text(act, "what", a->what);
		script_json_text(act, "reason", a->reason);
		script_json_int(act, "changed", a->changed);
		script_json_int(act, "skipped", a->skipped);
		script_json_text(act, "act", a->act);
	}
}

static void add_database(cJSON *json, const struct script_status *s)
{
	cJSON *db = script_json_object(json, "database");
	script_json_text(db, "path", s->o->db);
	script_json_int(db, "bytes", s->overview.db_bytes);
	script_json_int(db, "wal_bytes", s->overview.wal_bytes);
	script_json_int(db, "pages", s->overview.pages);
	script_json_int(db, "free_pages", s->overview.free_pages);
	script_json_int(db, "schema_version", s->overview.schema_version);
}

static void add_alerts(cJSON *json, const struct script_status *s)
{
	cJSON *list = script_json_list(json, "alerts");
	for (size_t i = 0; i < s->alert_count; i++) {
		const struct script_alert *a = &s->alerts[i];
		cJSON *alert = script_json_item(list);
		script_json_text(alert, "alert", a->name);
		script_json_text(alert, "channel", a->channel);
		script_json_int(alert, "rows", a->rows);
		script_json_text(alert, "text", a->text);
	}
}

void script_status_json(const struct script_status *s)
{
	cJSON *json = cJSON_CreateObject();
	script_json_int(json, "at", s->now_ms);
	add_alerts(json, s);
	add_relay(json, &s->pulse);
	add_counts(json, s);
	add_times(json, &s->overview);
	script_json_int(json, "delivered_today", s->overview.delivered_today);
	add_span(json, "hour", &s->overview.hour);
	add_span(json, "day", &s->overview.day);
	add_minutes(json, "delivered_per_minute", s->overview.sent);
	add_minutes(json, "failed_per_minute", s->overview.failed);
	cJSON *channels = script_json_list(json, "channels");
	for (size_t i = 0; i < s->pulse.channel_count; i++)
		add_channel(channels, s, &s->pulse.channels[i]);
	add_errors(json, &s->overview);
	add_acts(json, &s->overview);
	add_database(json, s);
	script_json_print(json);
}
