/* See journal.h. */
#include "tests/sim/journal.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/util.h"
#include "tests/sim/token.h"

struct journal {
	FILE *file;
	int64_t lines;
};

struct journal *journal_open(const char *path)
{
	FILE *f = fopen(path, "ae");
	if (!f) {
		warn("%s", path);
		return NULL;
	}
	struct journal *j = xcalloc(1, sizeof(*j));
	j->file = f;
	return j;
}

void journal_close(struct journal *j)
{
	if (!j)
		return;
	fclose(j->file);
	free(j);
}

/* "ok" or "bad:40125". The caller frees. */
static char *mark_of(int code)
{
	return code ? xasprintf("bad:%d", code) : xstrdup("ok");
}

/* A copy in which the mark stands for every `secret`, and *** for a token of
 * ours. The caller frees. */
static char *scrub(const char *text, const char *secret, const char *mark)
{
	struct buf out = {.data = NULL};
	size_t secret_len = secret ? strlen(secret) : 0;
	buf_adds(&out, "");
	while (*text) {
		size_t span = token_span(text);
		if (span) {
			buf_adds(&out, "***");
			text += span;
		} else if (secret_len >= 8 &&
			   strncmp(text, secret, secret_len) == 0) {
			buf_adds(&out, mark);
			text += secret_len;
		} else {
			buf_addc(&out, *text++);
		}
	}
	return buf_detach(&out);
}

/* Whatever the caller gave as a secret is as good as one, so a wrong one is
 * masked like the right one. */
static char *scrub_body(const struct call *c, const char *secret)
{
	const char *given = call_member(c, "secret");
	scoped_free char *mark = mark_of(c->secret_code);
	scoped_free char *once = scrub(buf_str(&c->body), secret, mark);
	if (c->stage != STAGE_TOKEN || !given)
		return steal(&once);
	if (strlen(given) < 8 || strstr(buf_str(&c->body), given))
		return scrub(once, given, mark);
	/* It was written with escapes: print the value anew. */
	scoped_json *copy = cJSON_Duplicate(c->json, 1);
	cJSON_ReplaceItemInObjectCaseSensitive(copy, "secret",
					       cJSON_CreateString(mark));
	char *text = cJSON_PrintUnformatted(copy);
	free(once);
	once = NULL;
	return text;
}

static void add_query(cJSON *line, const struct call *c, const char *secret)
{
	cJSON *query = cJSON_AddObjectToObject(line, "query");
	for (size_t i = 0; i < c->param_count; i++) {
		const struct call_param *p = &c->params[i];
		scoped_free char *value = NULL;
		if (strcmp(p->name, "secret") == 0)
			value = mark_of(c->secret_code);
		else if (strcmp(p->name, "access_token") == 0)
			value = mark_of(c->token_code);
		else
			value = scrub(p->value, secret, "***");
		cJSON_AddStringToObject(query, p->name, value);
	}
}

static void add_body(cJSON *line, const struct call *c, const char *secret)
{
	const char *text = buf_str(&c->body);
	if (strlen(text) != c->body.len || !text_is_utf8(text, c->body.len)) {
		scoped_free char *clean = text_clean(text, c->body.len);
		scoped_free char *safe = scrub(clean, secret, "***");
		cJSON_AddStringToObject(line, "body", safe);
		cJSON_AddTrueToObject(line, "bodyIsNoText");
		return;
	}
	scoped_free char *safe = scrub_body(c, secret);
	cJSON_AddStringToObject(line, "body", safe);
}

static void add_optional(cJSON *line, const char *name, const char *value)
{
	if (value)
		cJSON_AddStringToObject(line, name, value);
	else
		cJSON_AddNullToObject(line, name);
}

void journal_write(struct journal *j, const struct call *c, const char *secret)
{
	scoped_json *line = cJSON_CreateObject();
	scoped_free char *path = scrub(c->path, secret, "***");
	cJSON_AddNumberToObject(line, "n", (double)++j->lines);
	cJSON_AddNumberToObject(line, "t_us", (double)c->arrived_us);
	cJSON_AddStringToObject(line, "stage", stage_name(c->stage));
	cJSON_AddStringToObject(line, "method", c->method);
	cJSON_AddStringToObject(line, "path", path);
	add_query(line, c, secret);
	add_optional(line, "contentType", c->content_type);
	add_body(line, c, secret);
	for (size_t i = 0; c->stage == STAGE_HOOK && i < CALL_HOOK_HEADERS; i++)
		add_optional(line, call_hook_headers[i], c->hook_headers[i]);
	add_optional(line, "event", c->event);
	add_optional(line, "openid", c->openid);
	if (c->token_number)
		cJSON_AddNumberToObject(line, "token", (double)c->token_number);
	else
		cJSON_AddNullToObject(line, "token");
	add_optional(line, "fault", c->fault);
	char *text = cJSON_PrintUnformatted(line);
	fprintf(j->file, "%s\n", text);
	fflush(j->file);
	cJSON_free(text);
}
