#include "relay/robot_text.h"

#include "lib/buf.h"
#include "lib/text.h"
#include "lib/util.h"
#include "schema/message.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r\n";
static const char ellipsis[] = "…";

/* One member of the payload, and where its value stands there. */
struct member {
	cJSON *key, *value; /* own */
	const char *name;   /* borrowed from key */
	const char *raw;    /* borrowed from the payload */
	size_t raw_len;
};

static void member_finish(struct member *m)
{
	cJSON_Delete(m->key);
	cJSON_Delete(m->value);
	*m = (struct member){0};
}

static const char *skip(const char *p)
{
	return p + strspn(p, blanks);
}

/* A value at p; NULL if there is none. *end_out: behind it. With the NUL at the
 * payload's end, which cJSON 1.7.15 looks at. */
static cJSON *take(const char *p, const char *end, const char **end_out)
{
	return cJSON_ParseWithLengthOpts(p, (size_t)(end - p) + 1, end_out,
					 false);
}

/* The member at p, which stands behind '{' or ','. Returns where the payload
 * goes on, or NULL if there is no further one. cJSON alone would print numbers
 * anew. */
static const char *next_member(const char *p, const char *end,
			       struct member *out)
{
	*out = (struct member){.name = ""};
	p = skip(p);
	out->key = *p == '"' ? take(p, end, &p) : NULL;
	p = skip(p);
	if (!out->key || *p != ':')
		return NULL;
	out->name = cJSON_GetStringValue(out->key);
	out->raw = skip(p + 1);
	out->value = take(out->raw, end, &p);
	if (!out->value)
		return NULL;
	out->raw_len = (size_t)(p - out->raw);
	p = skip(p);
	return p + (*p == ',');
}

static const char *first_member(const char *payload)
{
	const char *p = skip(payload);
	return *p == '{' ? p + 1 : NULL;
}

/* The first string member of that name which says something. The caller
 * frees. */
static char *find_text(const struct message *msg, const char *name)
{
	const char *end = msg->payload + strlen(msg->payload);
	struct member m = {0};
	char *found = NULL;
	for (const char *p = first_member(msg->payload); p && !found;) {
		p = next_member(p, end, &m);
		if (p && strcmp(m.name, name) == 0 && cJSON_IsString(m.value) &&
		    m.value->valuestring[0])
			found = xstrdup(m.value->valuestring);
		member_finish(&m);
	}
	return found;
}

static void add_value(struct buf *b, const struct member *m)
{
	if (cJSON_IsString(m->value)) {
		buf_adds(b, m->value->valuestring);
		return;
	}
	scoped_free char *raw = xstrndup(m->raw, m->raw_len);
	cJSON_Minify(raw);
	buf_adds(b, raw);
}

/* Feishu calls whom an "<at user_id=...>" names, or a whole group: no value
 * may. Frees s. */
static char *disarm(char *s)
{
	struct buf out = {0};
	for (const char *p = s; *p; p++) {
		bool is_call = strncasecmp(p, "<at", 3) == 0 && p[3] &&
			       strchr(blanks, p[3]);
		if (is_call)
			buf_adds(&out, "＜");
		else
			buf_addc(&out, *p);
	}
	free(s);
	return buf_detach(&out);
}

/* What SQLite takes for JSON and cJSON does not (half a surrogate pair, a very
 * deep nest) ends the list as it stands in the payload. */
static char *list_fields(const struct message *msg)
{
	struct buf b = {0};
	struct member m = {0};
	const char *rest = first_member(msg->payload);
	const char *end = msg->payload + strlen(msg->payload);
	buf_adds(&b, msg->type);
	for (const char *p = rest; p;) {
		p = next_member(p, end, &m);
		if (p) {
			buf_addf(&b, "\n%s: ", m.name);
			add_value(&b, &m);
			rest = p;
		}
		member_finish(&m);
	}
	if (rest && *skip(rest) && *skip(rest) != '}')
		buf_addf(&b, "\n%s", skip(rest));
	return disarm(buf_detach(&b));
}

static bool is_readable(uint32_t code)
{
	return code == '\n' || code == '\t' ||
	       (code >= 0x20 && (code < 0x7f || code > 0x9f));
}

/* Line ends of every system become \n. Frees s. */
static char *clean(char *s)
{
	struct buf out = {0};
	size_t len = strlen(s);
	uint32_t code = 0;
	buf_adds(&out, "");
	for (size_t at = 0, n; at < len; at += n) {
		n = MAX(text_decode(s + at, len - at, &code), (size_t)1);
		if (code == '\r' && s[at + 1] != '\n')
			buf_addc(&out, '\n');
		else if (is_readable(code))
			buf_add(&out, s + at, n);
	}
	free(s);
	return buf_detach(&out);
}

void robot_text_read(const struct message *msg, struct robot_text *out)
{
	char *body = find_text(msg, "markdown");
	bool is_markdown = body != NULL;
	if (!body)
		body = find_text(msg, "text");
	if (!body)
		body = find_text(msg, "content");
	if (!body)
		body = list_fields(msg);
	char *title = is_markdown ? find_text(msg, "title") : NULL;
	*out = (struct robot_text){
		.is_markdown = is_markdown,
		.title = clean(title ? title : xstrdup("")),
		.body = clean(body),
	};
}

void robot_text_finish(struct robot_text *text)
{
	free(text->title);
	free(text->body);
	*text = (struct robot_text){0};
}

static size_t cost(const char *s, size_t len, bool is_json)
{
	return len + (is_json && strchr("\"\\\n\t", *s) ? 1 : 0);
}

char *robot_text_cut(const char *s, size_t most, bool is_json)
{
	size_t len = strlen(s), used = 0, fits = 0, at = 0;
	uint32_t code = 0;
	for (size_t n; at < len && used <= most; at += n) {
		n = MAX(text_decode(s + at, len - at, &code), (size_t)1);
		if (used + strlen(ellipsis) <= most)
			fits = at;
		used += cost(s + at, n, is_json);
	}
	if (used <= most)
		return xstrdup(s);
	return xasprintf("%.*s%s", (int)fits, s, ellipsis);
}
