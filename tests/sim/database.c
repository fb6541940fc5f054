/*
 * The cloud database's HTTP query, over the one collection that it holds:
 * users, with _id, userId (the same) and openid.
 */
#include "tests/sim/sim.h"

#include <string.h>

#include "lib/util.h"
#include "tests/sim/query.h"

static bool holds(const struct query *q, const struct user *u)
{
	for (size_t i = 0; i < q->cond_count; i++) {
		const char *key = q->conds[i].key;
		const char *have = NULL;
		if (strcmp(key, "_id") == 0 || strcmp(key, "userId") == 0)
			have = u->id;
		else if (strcmp(key, "openid") == 0)
			have = u->openid;
		if (!have || strcmp(have, q->conds[i].value) != 0)
			return false;
	}
	return true;
}

static void add_record(cJSON *data, const struct user *u)
{
	scoped_json *record = cJSON_CreateObject();
	cJSON_AddStringToObject(record, "_id", u->id);
	cJSON_AddStringToObject(record, "userId", u->id);
	if (u->openid)
		cJSON_AddStringToObject(record, "openid", u->openid);
	char *text = cJSON_PrintUnformatted(record);
	cJSON_AddItemToArray(data, cJSON_CreateString(text));
	cJSON_free(text);
}

static void add_match(cJSON *data, const struct query *q, const struct user *u,
		      size_t *total)
{
	if (!holds(q, u))
		return;
	if (*total >= q->skip && *total - q->skip < q->limit)
		add_record(data, u);
	++*total;
}

/* Load users stand in no list; they are found when they are named. */
static size_t find(struct sim *s, const struct query *q, cJSON *data)
{
	size_t total = 0;
	for (size_t i = 0; i < s->users.count; i++)
		add_match(data, q, &s->users.list[i], &total);
	if (total || !q->cond_count)
		return total;
	const struct query_cond *first = &q->conds[0];
	const struct user *u = strcmp(first->key, "openid") == 0
				       ? user_by_openid(&s->users, first->value)
				       : user_by_id(&s->users, first->value);
	if (u)
		add_match(data, q, u, &total);
	return total;
}

static int check_query(const struct sim *s, const struct call *c,
		       struct query *q)
{
	const char *env = call_member(c, "env");
	const char *text = call_member(c, "query");
	int code = call_check_common(c);
	if (code)
		return code;
	if (!cJSON_IsObject(c->json))
		return 47001;
	if (!env || !text)
		return 40101;
	if (strcmp(env, s->opt->env) != 0)
		return -501000;
	if (query_read(q, text))
		return -502002;
	return strcmp(q->collection, "users") == 0 ? 0 : -502005;
}

void cloud_database(struct sim *s, struct call *c)
{
	struct query q;
	int code = check_query(s, c, &q);
	if (code) {
		answer_set_error(&c->answer, code, NULL, &s->dice);
		return;
	}
	cJSON *root = cJSON_CreateObject();
	cJSON_AddNumberToObject(root, "errcode", 0);
	cJSON_AddStringToObject(root, "errmsg", "ok");
	cJSON *pager = cJSON_AddObjectToObject(root, "pager");
	cJSON *data = cJSON_AddArrayToObject(root, "data");
	size_t total = find(s, &q, data);
	cJSON_AddNumberToObject(pager, "Offset", (double)q.skip);
	cJSON_AddNumberToObject(pager, "Limit", (double)q.limit);
	cJSON_AddNumberToObject(pager, "Total", (double)total);
	answer_set_json(&c->answer, root);
}
