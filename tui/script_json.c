#include "tui/script_json.h"

#include "lib/buf.h"
#include "lib/text.h"
#include "lib/util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void script_json_int(cJSON *object, const char *name, int64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)value);
	cJSON_AddRawToObject(object, name, text);
}

void script_json_time(cJSON *object, const char *name, int64_t at_ms)
{
	if (at_ms)
		script_json_int(object, name, at_ms);
	else
		cJSON_AddNullToObject(object, name);
}

void script_json_text(cJSON *object, const char *name, const char *text)
{
	if (!text) {
		cJSON_AddNullToObject(object, name);
	} else if (text_is_utf8(text, strlen(text))) {
		cJSON_AddStringToObject(object, name, text);
	} else { /* JSON has no other bytes */
		scoped_free char *clean = text_clean(text, strlen(text));
		cJSON_AddStringToObject(object, name, clean);
	}
}

void script_json_bool(cJSON *object, const char *name, bool value)
{
	cJSON_AddBoolToObject(object, name, value);
}

cJSON *script_json_list(cJSON *object, const char *name)
{
	return cJSON_AddArrayToObject(object, name);
}

cJSON *script_json_object(cJSON *object, const char *name)
{
	return cJSON_AddObjectToObject(object, name);
}

cJSON *script_json_item(cJSON *list)
{
	cJSON *item = cJSON_CreateObject();
	cJSON_AddItemToArray(list, item);
	return item;
}

static void add_times(cJSON *json, const struct row *row)
{
	script_json_int(json, "created_at", row->created_at_ms);
	script_json_int(json, "updated_at", row->updated_at_ms);
	script_json_int(json, "due_at", row->due_at_ms);
	script_json_time(json, "expires_at", row->expires_at_ms);
	script_json_time(json, "delivered_at", row->delivered_at_ms);
	script_json_time(json, "lease_until", row->lease_until_ms);
}

cJSON *script_json_row(const struct row *row, bool is_unmasked)
{
	cJSON *json = cJSON_CreateObject();
	scoped_free char *recipient = row_recipient(row, is_unmasked);
	script_json_int(json, "id", row->id);
	script_json_text(json, "state", message_status_name(row->status));
	script_json_text(json, "channel", row->channel);
	script_json_text(json, "type", row->type);
	script_json_text(json, "recipient", *recipient ? recipient : NULL);
	script_json_text(json, "ordering_key", row->ordering_key);
	script_json_text(json, "dedup_key", row->dedup_key);
	script_json_int(json, "priority", row->priority);
	script_json_int(json, "attempts", row->attempts);
	script_json_time(json, "max_attempts", row->max_attempts);
	script_json_int(json, "generation", row->generation);
	script_json_int(json, "version", row->version);
	add_times(json, row);
	script_json_text(json, "waits_for", row->waits_for);
	script_json_text(json, "lease_owner", row->lease_owner);
	script_json_text(json, "reason", row->last_reason);
	script_json_text(json, "error", row->last_error);
	return json;
}

static void add_escape(struct buf *b, uint32_t code)
{
	if (code > 0xffff) {
		code -= 0x10000;
		buf_addf(b, "\\u%04x\\u%04x", 0xd800 + (code >> 10),
			 0xdc00 + (code & 0x3ff));
	} else {
		buf_addf(b, "\\u%04x", code);
	}
}

/* Outside of strings only blanks can be harmful, and those stay. */
static char *for_terminal(const char *text)
{
	struct buf b = {0};
	size_t len = strlen(text), used;
	for (size_t at = 0; at < len; at += used) {
		uint32_t code;
		used = text_decode(text + at, len - at, &code);
		if (used && text_is_harmful(code) &&
		    !strchr("\t\n\r", text[at]))
			add_escape(&b, code);
		else
			buf_add(&b, text + at, used ? used : 1);
		used += !used;
	}
	return buf_detach(&b);
}

void script_json_write(cJSON *json)
{
	scoped_free char *text = cJSON_PrintUnformatted(json);
	if (isatty(STDOUT_FILENO)) {
		char *safe = for_terminal(text);
		free(text);
		text = safe;
	}
	fputs(text, stdout);
	cJSON_Delete(json);
}

void script_json_print(cJSON *json)
{
	script_json_write(json);
	putchar('\n');
}
