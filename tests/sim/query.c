/* See query.h. */
#include "tests/sim/query.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

enum { LIMIT_PRESET = 10 };

static void skip_space(const char **at)
{
	*at += strspn(*at, " \t\r\n");
}

static bool take(const char **at, const char *word)
{
	skip_space(at);
	if (strncmp(*at, word, strlen(word)) != 0)
		return false;
	*at += strlen(word);
	return true;
}

/* A string in single or double quotes; a backslash takes the next character
 * as it stands. */
static bool take_string(const char **at, char out[static QUERY_TEXT_MAX])
{
	size_t len = 0;
	skip_space(at);
	char quote = **at;
	if (quote != '"' && quote != '\'')
		return false;
	const char *p = *at + 1;
	for (; *p && *p != quote; p++) {
		if (*p == '\\' && p[1])
			p++;
		if (len == QUERY_TEXT_MAX - 1)
			return false;
		out[len++] = *p;
	}
	if (!*p)
		return false;
	out[len] = '\0';
	*at = p + 1;
	return true;
}

/* A member's key, quoted or bare. */
static bool take_key(const char **at, char out[static QUERY_TEXT_MAX])
{
	if (take_string(at, out))
		return true;
	size_t len = strcspn(*at, " \t\r\n:,{}()'\"");
	if (!len || len >= QUERY_TEXT_MAX)
		return false;
	memcpy(out, *at, len);
	out[len] = '\0';
	*at += len;
	return true;
}

static bool take_size(const char **at, size_t *size_out)
{
	char *end = NULL;
	skip_space(at);
	if (**at < '0' || **at > '9')
		return false;
	*size_out = strtoul(*at, &end, 10);
	*at = end;
	return true;
}

static bool read_collection(struct query *q, const char **at)
{
	return take_string(at, q->collection);
}

static bool read_doc(struct query *q, const char **at)
{
	if (q->cond_count == QUERY_COND_MAX)
		return false;
	struct query_cond *cond = &q->conds[q->cond_count++];
	strcpy(cond->key, "_id");
	return take_string(at, cond->value);
}

static bool read_where(struct query *q, const char **at)
{
	if (!take(at, "{"))
		return false;
	while (!take(at, "}")) {
		if (q->cond_count == QUERY_COND_MAX)
			return false;
		struct query_cond *cond = &q->conds[q->cond_count++];
		if (!take_key(at, cond->key) || !take(at, ":") ||
		    !take_string(at, cond->value))
			return false;
		take(at, ",");
	}
	return true;
}

static bool read_limit(struct query *q, const char **at)
{
	return take_size(at, &q->limit);
}

static bool read_skip(struct query *q, const char **at)
{
	return take_size(at, &q->skip);
}

/* Reads over the arguments of a call that does not choose records. */
static bool read_over(struct query *q, const char **at)
{
	(void)q;
	*at += strcspn(*at, "()");
	return **at == ')';
}

static bool read_nothing(struct query *q, const char **at)
{
	(void)q;
	(void)at;
	return true;
}

static const struct {
	const char *name;
	bool (*read)(struct query *q, const char **at);
} calls[] = {
	{".collection", read_collection},
	{".where", read_where},
	{".doc", read_doc},
	{".limit", read_limit},
	{".skip", read_skip},
	{".field", read_over},
	{".orderBy", read_over},
	{".get", read_nothing},
};

static bool read_call(struct query *q, const char **at, bool *is_get_out)
{
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		if (!take(at, calls[i].name))
			continue;
		*is_get_out = calls[i].read == read_nothing;
		return take(at, "(") && calls[i].read(q, at) && take(at, ")");
	}
	return false;
}

int query_read(struct query *q, const char *text)
{
	bool is_get = false;
	*q = (struct query){.limit = LIMIT_PRESET};
	if (!take(&text, "db"))
		return -1;
	while (!is_get) {
		if (!read_call(q, &text, &is_get))
			return -1;
	}
	take(&text, ";");
	skip_space(&text);
	return *text || !*q->collection ? -1 : 0;
}
