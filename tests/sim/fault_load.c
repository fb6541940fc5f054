/*
 * Reads fault rules from JSON, strictly: an unknown key, a wrong type or two
 * effects in one rule are refused, because a fault that silently never comes
 * makes a test pass that proves nothing.
 */
#include "tests/sim/fault.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

static const char *const effect_keys[EFFECT_COUNT] = {
	[EFFECT_DELAY] = "delay",
	[EFFECT_ERRCODE] = "errcode",
	[EFFECT_RESP] = "resp",
	[EFFECT_RESP_JSON] = "resp_json",
	[EFFECT_STATUS] = "status",
	[EFFECT_HANG] = "hang",
	[EFFECT_RESET] = "reset",
	[EFFECT_HALF] = "half",
	[EFFECT_GARBAGE] = "garbage",
	[EFFECT_BIG] = "big",
	[EFFECT_CLOSE_REUSED] = "close_reused",
};

/* Each returns false if the value is of the wrong type. */
typedef bool rule_setter(struct rule *r, const cJSON *value);

static bool set_number(int64_t *number_out, const cJSON *value)
{
	if (!cJSON_IsNumber(value))
		return false;
	*number_out = (int64_t)value->valuedouble;
	return true;
}

static bool set_string(char **string_out, const cJSON *value)
{
	if (!cJSON_IsString(value))
		return false;
	free(*string_out);
	*string_out = xstrdup(value->valuestring);
	return true;
}

static bool set_stage(struct rule *r, const cJSON *value)
{
	return cJSON_IsString(value) &&
	       !stage_parse(value->valuestring, &r->stage);
}

static bool set_name(struct rule *r, const cJSON *value)
{
	return set_string(&r->name, value);
}

static bool set_match(struct rule *r, const cJSON *value)
{
	return set_string(&r->match, value);
}

static bool set_after(struct rule *r, const cJSON *value)
{
	return set_number(&r->after, value);
}

static bool set_times(struct rule *r, const cJSON *value)
{
	return set_number(&r->times, value);
}

static bool set_rate(struct rule *r, const cJSON *value)
{
	if (!cJSON_IsNumber(value))
		return false;
	r->rate = value->valuedouble;
	return true;
}

static bool set_act(struct rule *r, const cJSON *value)
{
	r->acts = cJSON_IsTrue(value);
	return cJSON_IsBool(value);
}

static bool set_text(struct rule *r, const cJSON *value)
{
	return set_string(&r->text, value);
}

static bool set_retry_after(struct rule *r, const cJSON *value)
{
	int64_t seconds = 0;
	if (!set_number(&seconds, value))
		return set_string(&r->retry_after, value);
	free(r->retry_after);
	r->retry_after = xasprintf("%lld", (long long)seconds);
	return true;
}

static bool set_content_type(struct rule *r, const cJSON *value)
{
	return set_string(&r->content_type, value);
}

static bool set_date(struct rule *r, const cJSON *value)
{
	return set_string(&r->date, value);
}

static bool set_delay(struct rule *r, const cJSON *value)
{
	if (!cJSON_IsNumber(value) || value->valuedouble < 0)
		return false;
	r->delay_us = (int64_t)(value->valuedouble * 1000);
	return true;
}

static bool set_errcode(struct rule *r, const cJSON *value)
{
	return set_number(&r->errcode, value);
}

static bool set_resp_json(struct rule *r, const cJSON *value)
{
	free(r->text);
	r->text = cJSON_PrintUnformatted(value);
	return true;
}

static bool set_status(struct rule *r, const cJSON *value)
{
	int64_t status = 0;
	if (!set_number(&status, value) || status < 200 || status > 599)
		return false;
	r->status = (unsigned)status;
	return true;
}

static bool set_big(struct rule *r, const cJSON *value)
{
	int64_t size = 0;
	if (!set_number(&size, value) || size < 0)
		return false;
	r->size = (uint64_t)size;
	return true;
}

static bool is_true(struct rule *r, const cJSON *value)
{
	(void)r;
	return cJSON_IsTrue(value);
}

/* clang-format off */
static const struct {
	const char *key;
	rule_setter *set;
	enum effect effect; /* EFFECT_DELAY: the key is none */
} keys[] = {
	{"stage",        set_stage,        EFFECT_DELAY},
	{"name",         set_name,         EFFECT_DELAY},
	{"match",        set_match,        EFFECT_DELAY},
	{"after",        set_after,        EFFECT_DELAY},
	{"times",        set_times,        EFFECT_DELAY},
	{"rate",         set_rate,         EFFECT_DELAY},
	{"act",          set_act,          EFFECT_DELAY},
	{"errmsg",       set_text,         EFFECT_DELAY},
	{"body",         set_text,         EFFECT_DELAY},
	{"retry_after",  set_retry_after,  EFFECT_DELAY},
	{"content_type", set_content_type, EFFECT_DELAY},
	{"date",         set_date,         EFFECT_DELAY},
	{"delay_ms",     set_delay,        EFFECT_DELAY},
	{"errcode",      set_errcode,      EFFECT_ERRCODE},
	{"resp",         set_text,         EFFECT_RESP},
	{"resp_json",    set_resp_json,    EFFECT_RESP_JSON},
	{"status",       set_status,       EFFECT_STATUS},
	{"hang",         is_true,          EFFECT_HANG},
	{"reset",        is_true,          EFFECT_RESET},
	{"half",         is_true,          EFFECT_HALF},
	{"garbage",      is_true,          EFFECT_GARBAGE},
	{"big",          set_big,          EFFECT_BIG},
	{"close_reused", is_true,          EFFECT_CLOSE_REUSED},
};
/* clang-format on */

/* Returns NULL, or what is wrong with this member. */
static const char *read_member(struct rule *r, const cJSON *member)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (strcmp(keys[i].key, member->string) != 0)
			continue;
		if (!keys[i].set(r, member))
			return "a value that it cannot have";
		if (keys[i].effect == EFFECT_DELAY)
			return NULL;
		if (r->effect != EFFECT_DELAY)
			return "a second effect";
		r->effect = keys[i].effect;
		return NULL;
	}
	return "an unknown key";
}

/* "errcode:45009", "status:503", else the effect's key. */
static char *default_name(const struct rule *r)
{
	const char *key = effect_keys[r->effect];
	if (r->effect == EFFECT_ERRCODE)
		return xasprintf("%s:%lld", key, (long long)r->errcode);
	if (r->effect == EFFECT_STATUS)
		return xasprintf("%s:%u", key, r->status);
	return xstrdup(key);
}

static void set_defaults(struct rule *r, const cJSON *object)
{
	if (!cJSON_HasObjectItem(object, "act"))
		r->acts = r->effect == EFFECT_DELAY;
	if (!cJSON_HasObjectItem(object, "times") &&
	    cJSON_HasObjectItem(object, "rate"))
		r->times = -1;
	if (!r->name)
		r->name = default_name(r);
}

static char *read_rule(struct rule *r, const cJSON *object, size_t number)
{
	const cJSON *member = NULL;
	*r = (struct rule){.stage = STAGE_COUNT, .times = 1, .rate = 1};
	if (!cJSON_IsObject(object))
		return xasprintf("rule %zu is no JSON object", number);
	cJSON_ArrayForEach(member, object)
	{
		const char *complaint = read_member(r, member);
		if (complaint)
			return xasprintf("rule %zu: \"%s\" is %s", number,
					 member->string, complaint);
	}
	if (r->stage == STAGE_COUNT)
		return xasprintf("rule %zu has no \"stage\"", number);
	if (r->effect == EFFECT_DELAY && !r->delay_us)
		return xasprintf("rule %zu has no effect", number);
	set_defaults(r, object);
	return NULL;
}

char *fault_book_load(struct fault_book *b, const cJSON *array)
{
	struct fault_book fresh = {.rules = NULL};
	const cJSON *object = NULL;
	if (!cJSON_IsArray(array))
		return xstrdup("rules must be a JSON array");
	size_t room = (size_t)cJSON_GetArraySize(array);
	fresh.rules = xcalloc(room, sizeof(*fresh.rules));
	cJSON_ArrayForEach(object, array)
	{
		struct rule *r = &fresh.rules[fresh.count++];
		char *complaint = read_rule(r, object, fresh.count);
		if (complaint) {
			fault_book_finish(&fresh);
			return complaint;
		}
	}
	fault_book_finish(b);
	*b = fresh;
	return NULL;
}
