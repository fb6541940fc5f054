/* `show --json`: the payload is embedded byte for byte. */
#include "lib/util.h"
#include "tui/script_json.h"
#include "tui/script_show.h"

static void add_payload(cJSON *json, const struct script_show *s)
{
	if (s->is_payload_json) {
		cJSON_AddRawToObject(json, "payload", s->item.payload);
		return;
	}
	cJSON_AddNullToObject(json, "payload");
	script_json_text(json, "payload_text", s->item.payload);
}

static void add_attempt(cJSON *list, const struct item_attempt *a)
{
	cJSON *json = script_json_item(list);
	script_json_int(json, "generation", a->generation);
	script_json_int(json, "lease_no", a->lease_no);
	script_json_int(json, "request_no", a->request_no);
	script_json_int(json, "started_at", a->started_at_ms);
	script_json_int(json, "duration_us", a->duration_us);
	script_json_text(json, "stage", a->stage);
	script_json_text(json, "outcome", a->outcome);
	script_json_int(json, "code", a->code);
	script_json_text(json, "reason", *a->reason ? a->reason : NULL);
	script_json_int(json, "http_status", a->http_status);
	script_json_text(json, "answer", a->answer);
}

static void add_event(cJSON *list, const struct item_event *e)
{
	cJSON *json = script_json_item(list);
	script_json_int(json, "at", e->at_ms);
	script_json_text(json, "who", e->who);
	script_json_text(json, "action", e->action);
	script_json_text(json, "reason", e->reason);
}

void script_show_json(const struct script_show *s)
{
	const struct item *item = &s->item;
	cJSON *json = script_json_row(&item->row, s->o->is_unmasked);
	script_json_text(json, "event_id", item->event_id);
	script_json_int(json, "unknowns", item->unknowns);
	script_json_int(json, "interrupted", item->interrupted);
	script_json_int(json, "revisions", (int64_t)item->revision_count);
	script_json_time(json, "blocker", item->blocker);
	script_json_text(json, "why", s->why);
	add_payload(json, s);
	cJSON *history = script_json_list(json, "history");
	for (size_t i = 0; i < item->attempt_count; i++)
		add_attempt(history, &item->attempts[i]);
	script_json_bool(json, "history_is_cut", item->has_more_attempts);
	cJSON *events = script_json_list(json, "events");
	for (size_t i = 0; i < item->event_count; i++)
		add_event(events, &item->events[i]);
	script_json_print(json);
}
