/* See control.h. */
#include "tests/sim/control.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

/* Returns NULL when done, else what is wrong, for the caller to free. */
typedef char *control(struct sim *s, struct call *c);

static void add_calls(cJSON *root, const struct sim *s)
{
	cJSON *calls = cJSON_AddObjectToObject(root, "calls");
	for (int i = 0; i < STAGE_COUNT; i++) {
		if (i != STAGE_FUNCTION)
			cJSON_AddNumberToObject(calls,
						stage_name((enum stage)i),
						(double)s->calls[i]);
	}
}

static void add_sent(cJSON *root, const struct mailroom *m)
{
	cJSON *sent = cJSON_AddObjectToObject(root, "sent");
	cJSON_AddNumberToObject(sent, "total", (double)m->total);
	cJSON_AddNumberToObject(sent, "distinct", (double)m->sent.count);
	cJSON_AddNumberToObject(sent, "duplicates", (double)m->duplicates);
	cJSON_AddNumberToObject(sent, "repeated", (double)m->repeated);
}

static void add_overlaps(cJSON *root, const struct mailroom *m)
{
	cJSON *overlaps = cJSON_AddObjectToObject(root, "overlaps");
	const char *openid = NULL;
	int64_t times = 0;
	for (size_t at = 0; table_next(&m->overlaps, &at, &openid, &times);)
		cJSON_AddNumberToObject(overlaps, openid, (double)times);
}

static void add_faults(cJSON *root, const struct fault_book *b)
{
	cJSON *faults = cJSON_AddArrayToObject(root, "faults");
	for (size_t i = 0; i < b->count; i++) {
		cJSON *f = cJSON_CreateObject();
		cJSON_AddStringToObject(f, "name", b->rules[i].name);
		cJSON_AddNumberToObject(f, "seen", (double)b->rules[i].seen);
		cJSON_AddNumberToObject(f, "fired", (double)b->rules[i].fired);
		cJSON_AddItemToArray(faults, f);
	}
}

static char *get_stats(struct sim *s, struct call *c)
{
	cJSON *root = cJSON_CreateObject();
	add_calls(root, s);
	add_sent(root, &s->mail);
	cJSON_AddNumberToObject(root, "on_wire", (double)s->under_way);
	cJSON_AddNumberToObject(root, "on_wire_max", (double)s->under_way_max);
	cJSON_AddNumberToObject(root, "tokens_minted", (double)s->tokens.count);
	add_overlaps(root, &s->mail);
	add_faults(root, &s->faults);
	answer_set_json(&c->answer, root);
	return NULL;
}

static char *set_faults(struct sim *s, struct call *c)
{
	return fault_book_load(&s->faults, c->json);
}

static char *set_users(struct sim *s, struct call *c)
{
	return xstrdup_or_null(user_book_load(&s->users, c->json));
}

static char *set_templates(struct sim *s, struct call *c)
{
	return xstrdup_or_null(template_book_load(&s->templates, c->json));
}

static char *set_secret(struct sim *s, struct call *c)
{
	const char *secret = call_member(c, "secret");
	if (!secret || !*secret)
		return xstrdup("\"secret\" is missing");
	free(s->secret);
	s->secret = xstrdup(secret);
	return NULL;
}

static int parse_word(const char *word, const char *const *words, int count)
{
	for (int i = 0; word && i < count; i++) {
		if (strcmp(word, words[i]) == 0)
			return i;
	}
	return -1;
}

static char *expire_token(struct sim *s, struct call *c)
{
	static const char *const families[] = {
		[TOKEN_CLASSIC] = "classic",
		[TOKEN_STABLE] = "stable",
	};
	static const char *const ends[] = {
		[TOKEN_END_EXPIRE] = "expire",
		[TOKEN_END_KILL] = "kill",
		[TOKEN_END_STALE] = "stale",
	};
	int family = parse_word(call_member(c, "family"), families,
				ARRAY_LEN(families));
	int how = parse_word(call_member(c, "how"), ends, ARRAY_LEN(ends));
	if (family < 0)
		return xstrdup("\"family\" must be stable or classic");
	if (how < 0)
		return xstrdup("\"how\" must be expire, kill or stale");
	if (!token_end_current(&s->tokens, (enum token_family)family,
			       (enum token_end)how, c->arrived_us))
		return xstrdup("this family has no token yet");
	return NULL;
}

static char *reset(struct sim *s, struct call *c)
{
	(void)c;
	memset(s->calls, 0, sizeof(s->calls));
	s->under_way_max = s->under_way;
	mailroom_reset(&s->mail);
	s->robots = (struct robot_post){0};
	fault_book_finish(&s->faults);
	user_book_restore(&s->users);
	return NULL;
}

static const struct {
	const char *method;
	const char *path;
	control *act;
} controls[] = {
	{"GET", "/sim/stats", get_stats},
	{"POST", "/sim/faults", set_faults},
	{"POST", "/sim/users", set_users},
	{"POST", "/sim/templates", set_templates},
	{"POST", "/sim/secret", set_secret},
	{"POST", "/sim/expire", expire_token},
	{"POST", "/sim/reset", reset},
};

bool control_is_path(const char *path)
{
	return strncmp(path, "/sim/", 5) == 0;
}

static char *act(struct sim *s, struct call *c)
{
	for (size_t i = 0; i < ARRAY_LEN(controls); i++) {
		if (strcmp(c->path, controls[i].path) == 0 &&
		    strcmp(c->method, controls[i].method) == 0)
			return controls[i].act(s, c);
	}
	return xstrdup("no such control");
}

void control_serve(struct sim *s, struct call *c)
{
	if (c->body.len)
		c->json = cJSON_ParseWithLengthOpts(c->body.data,
						    c->body.len + 1, NULL, 1);
	answer_set_text(&c->answer, "{\"ok\":true}");
	scoped_free char *complaint = act(s, c);
	if (!complaint)
		return;
	cJSON *root = cJSON_CreateObject();
	cJSON_AddStringToObject(root, "error", complaint);
	answer_set_json(&c->answer, root);
	c->answer.status = 400;
}
