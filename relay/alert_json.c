#include "relay/alert_json.h"

#include "lib/util.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

/* clang-format off */
static const struct {
	const char *name;
	size_t offset;
} times[] = {
	{"begun", offsetof(struct alert, begun_ms)},
	{"reason_since", offsetof(struct alert, reason_ms)},
	{"told", offsetof(struct alert, told_ms)},
};
/* clang-format on */

static int64_t *time_at(const struct alert *a, size_t index)
{
	return (int64_t *)((char *)a + times[index].offset);
}

static void print_one(cJSON *o, const struct alert *a,
		      const struct alert_time *now)
{
	cJSON_AddStringToObject(o, "alert", alert_kind_name(a->kind));
	cJSON_AddStringToObject(o, "subject", a->subject);
	cJSON_AddBoolToObject(o, "is_on", a->is_on);
	cJSON_AddBoolToObject(o, "is_told", a->is_told);
	cJSON_AddStringToObject(o, "reason", reason_id(a->reason));
	cJSON_AddStringToObject(o, "told_reason", reason_id(a->told_reason));
	cJSON *told = cJSON_AddArrayToObject(o, "reasons");
	for (size_t i = 0; i < a->told_count; i++)
		cJSON_AddItemToArray(told,
				     cJSON_CreateString(reason_id(a->told[i])));
	cJSON_AddNumberToObject(o, "name", (double)a->begun_wall_ms);
	cJSON_AddNumberToObject(o, "notices", (double)a->notices);
	if (a->key)
		cJSON_AddStringToObject(o, "key", a->key);
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		int64_t ms = *time_at(a, i);
		if (ms != ALERT_NEVER)
			cJSON_AddNumberToObject(
				o, times[i].name,
				(double)(now->wall_ms - (now->ms - ms)));
	}
}

char *alert_json_print(const struct alert_book *book,
		       const struct alert_time *now)
{
	cJSON *root = cJSON_CreateArray();
	for (size_t i = 0; i < book->count; i++) {
		cJSON *o = cJSON_CreateObject();
		print_one(o, &book->list[i], now);
		cJSON_AddItemToArray(root, o);
	}
	char *printed = cJSON_PrintUnformatted(root);
	char *text = xstrdup(printed);
	cJSON_free(printed);
	cJSON_Delete(root);
	return text;
}

static const char *text_of(const cJSON *o, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(o, name);
	return cJSON_IsString(item) ? item->valuestring : NULL;
}

/* No time and no count is outside of what a double holds exactly. */
static int64_t number_of(const cJSON *o, const char *name, int64_t missing)
{
	const double most = 9007199254740992.0;
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(o, name);
	if (!cJSON_IsNumber(item) ||
	    !(item->valuedouble >= 0 && item->valuedouble < most))
		return missing;
	return (int64_t)item->valuedouble;
}

static bool is_true(const cJSON *o, const char *name)
{
	return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, name));
}

static void parse_told(const cJSON *o, struct alert *a)
{
	const cJSON *item = NULL;
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(o, "reasons"))
	{
		if (a->told_count < ALERT_REASONS_MAX && cJSON_IsString(item))
			a->told[a->told_count++] =
				reason_find(item->valuestring);
	}
}

static int parse_one(const cJSON *o, const struct alert_time *now,
		     struct alert_book *book)
{
	const char *kind_name = text_of(o, "alert");
	const char *subject = text_of(o, "subject");
	enum alert_kind kind =
		alert_kind_find(kind_name ? kind_name : "nothing");
	if (kind == ALERT_KIND_COUNT || !subject ||
	    alert_book_find(book, kind, subject))
		return -1;
	struct alert *a = alert_book_add(book, kind, subject);
	a->is_on = is_true(o, "is_on");
	a->is_told = is_true(o, "is_told");
	a->reason = reason_find(text_of(o, "reason"));
	a->told_reason = reason_find(text_of(o, "told_reason"));
	parse_told(o, a);
	a->begun_wall_ms = number_of(o, "name", now->wall_ms);
	a->notices = number_of(o, "notices", 0);
	a->key = xstrdup_or_null(text_of(o, "key"));
	a->begun_ms = a->reason_ms = now->ms;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		int64_t wall_ms = number_of(o, times[i].name, -1);
		if (wall_ms >= 0)
			*time_at(a, i) =
				now->ms - MAX(now->wall_ms - wall_ms, 0);
	}
	return 0;
}

int alert_json_parse(const char *text, const struct alert_time *now,
		     struct alert_book *out)
{
	cJSON *root = cJSON_Parse(text);
	int rc = cJSON_IsArray(root) ? 0 : -1;
	const cJSON *item = NULL;
	cJSON_ArrayForEach(item, root)
	{
		if (parse_one(item, now, out))
			rc = -1;
	}
	cJSON_Delete(root);
	out->is_changed = false;
	return rc;
}
