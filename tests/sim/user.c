/* See user.h. */
#include "tests/sim/user.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

static const char load_id[] = "load-";
static const char load_openid[] = "oLoad_";

static const struct {
	const char *id;
	const char *openid;
	int64_t credits;
} built_in[] = {
	{"66f2a1c0e4b0a1d2c3b4a501", "oSimA_6zAJs8r3Kw1bVn5Qd0Xy01", -1},
	{"66f2a1c0e4b0a1d2c3b4a502", NULL, 0},
	{"66f2a1c0e4b0a1d2c3b4a503", "oSimC_6zAJs8r3Kw1bVn5Qd0Xy03", 0},
};

static void add(struct user_book *b, const char *id, const char *openid,
		int64_t credits)
{
	b->list = xrealloc(b->list, (b->count + 1) * sizeof(*b->list));
	b->list[b->count++] = (struct user){
		.id = xstrdup(id),
		.openid = xstrdup_or_null(openid),
		.credits = credits,
		.credits_set = credits,
	};
	*table_put(&b->by_id, id) = (int64_t)b->count - 1;
	if (openid)
		*table_put(&b->by_openid, openid) = (int64_t)b->count - 1;
}

void user_book_init(struct user_book *b)
{
	*b = (struct user_book){.list = NULL};
	for (size_t i = 0; i < ARRAY_LEN(built_in); i++)
		add(b, built_in[i].id, built_in[i].openid, built_in[i].credits);
}

void user_book_finish(struct user_book *b)
{
	for (size_t i = 0; i < b->count; i++) {
		free(b->list[i].id);
		free(b->list[i].openid);
	}
	free(b->list);
	table_finish(&b->by_id);
	table_finish(&b->by_openid);
	*b = (struct user_book){.list = NULL};
}

static const char *complaint_about(const cJSON *entry)
{
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(entry, "id");
	const cJSON *openid = cJSON_GetObjectItemCaseSensitive(entry, "openid");
	const cJSON *credits =
		cJSON_GetObjectItemCaseSensitive(entry, "credits");
	if (!cJSON_IsObject(entry))
		return "a user is no JSON object";
	if (!cJSON_IsString(id) || !*id->valuestring)
		return "a user has no \"id\"";
	if (openid && !cJSON_IsString(openid) && !cJSON_IsNull(openid))
		return "an \"openid\" is no string";
	if (credits && !cJSON_IsNumber(credits))
		return "\"credits\" is no number";
	return NULL;
}

const char *user_book_load(struct user_book *b, const cJSON *array)
{
	const cJSON *entry = NULL;
	if (!cJSON_IsArray(array))
		return "users must be a JSON array";
	cJSON_ArrayForEach(entry, array)
	{
		const char *complaint = complaint_about(entry);
		if (complaint)
			return complaint;
	}
	user_book_finish(b);
	cJSON_ArrayForEach(entry, array)
	{
		const char *id = cJSON_GetStringValue(
			cJSON_GetObjectItemCaseSensitive(entry, "id"));
		const char *openid = cJSON_GetStringValue(
			cJSON_GetObjectItemCaseSensitive(entry, "openid"));
		const cJSON *credits =
			cJSON_GetObjectItemCaseSensitive(entry, "credits");
		add(b, id, openid && *openid ? openid : NULL,
		    credits ? (int64_t)credits->valuedouble : -1);
	}
	return NULL;
}

void user_book_restore(struct user_book *b)
{
	for (size_t i = 0; i < b->count; i++)
		b->list[i].credits = b->list[i].credits_set;
}

static struct user *passing_user(struct user_book *b, const char *id)
{
	if (strncmp(id, load_id, strlen(load_id)) != 0 ||
	    strlen(id) >= sizeof(b->passing_id))
		return NULL;
	snprintf(b->passing_id, sizeof(b->passing_id), "%s", id);
	snprintf(b->passing_openid, sizeof(b->passing_openid), "%s%s",
		 load_openid, id);
	b->passing = (struct user){
		.id = b->passing_id,
		.openid = b->passing_openid,
		.credits = -1,
	};
	return &b->passing;
}

struct user *user_by_id(struct user_book *b, const char *id)
{
	const int64_t *i = table_find(&b->by_id, id);
	return i ? &b->list[*i] : passing_user(b, id);
}

struct user *user_by_openid(struct user_book *b, const char *openid)
{
	size_t lead = strlen(load_openid);
	const int64_t *i = table_find(&b->by_openid, openid);
	if (i)
		return &b->list[*i];
	if (strncmp(openid, load_openid, lead) != 0)
		return NULL;
	return passing_user(b, openid + lead);
}
