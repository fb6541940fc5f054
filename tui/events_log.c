/* Lines of outbox_log, and the words of filters. */
#include "tui/events_internal.h"

#include "lib/buf.h"
#include "lib/log.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum { ID, AT, LEVEL, EVENT, FIELDS };

/* One `key=value` of logfmt, where value may be "quoted \" so". */
struct field {
	const char *key, *value, *end;
	size_t key_len;
};

static bool next_field(const char **at, struct field *f)
{
	const char *p = *at + strspn(*at, " ");
	if (!*p)
		return false;
	f->key = p;
	f->key_len = strcspn(p, "= ");
	p += f->key_len;
	f->value = *p == '=' ? ++p : p;
	if (*p == '"') {
		for (p++; *p && *p != '"'; p++)
			p += *p == '\\' && p[1];
		p += *p == '"';
	} else
		p += strcspn(p, " ");
	f->end = *at = p;
	return true;
}

static bool is_key(const struct field *f, const char *key)
{
	return f->key_len == strlen(key) &&
	       strncmp(f->key, key, f->key_len) == 0;
}

static char *value_of(const struct field *f)
{
	scoped_buf b = {0};
	bool is_quoted = *f->value == '"';
	const char *end = f->end - (is_quoted && f->end > f->value + 1);
	for (const char *p = f->value + is_quoted; p < end; p++) {
		if (is_quoted && *p == '\\' && p + 1 < end)
			p++;
		buf_addc(&b, *p);
	}
	return xstrdup(buf_str(&b));
}

static enum event_level level_of(const char *name)
{
	static const enum event_level levels[LOG_LEVEL_COUNT] = {
		[LOG_ERROR] = EVENT_ERROR,
		[LOG_WARN] = EVENT_WARN,
		[LOG_INFO] = EVENT_INFO,
		[LOG_DEBUG] = EVENT_DEBUG,
	};
	enum log_level level = LOG_INFO;
	log_level_parse(name, &level);
	return levels[level];
}

/* The channel becomes the source and the id the row; what is left is text. */
static bool read_line(struct event *e, struct db_stmt *st)
{
	scoped_buf fields = {0};
	scoped_buf line = {0};
	const char *at = db_text(st, FIELDS);
	struct field f;
	*e = (struct event){.id = db_int(st, ID),
			    .at_ms = db_int(st, AT),
			    .level = level_of(db_text(st, LEVEL))};
	while (next_field(&at, &f)) {
		scoped_free char *value = value_of(&f);
		if (is_key(&f, "channel") && !e->source && value[0])
			e->source = steal(&value);
		else if (is_key(&f, "id") && !e->row)
			e->row = strtoll(value, NULL, 10);
		else
			buf_addf(&fields, " %.*s", (int)(f.end - f.key), f.key);
	}
	if (e->row)
		buf_addf(&line, "#%lld ", (long long)e->row);
	buf_adds(&line, db_text(st, EVENT));
	buf_adds(&line, buf_str(&fields));
	e->text = buf_detach(&line);
	e->source = e->source ? e->source : xstrdup("relay");
	return true;
}

/* clang-format off */
#define LINE "SELECT id, at, level, event, fields FROM outbox_log"
const struct event_kind event_kind_log = {
	.newest = "SELECT coalesce(max(id), 0) FROM outbox_log",
	.newer = LINE " WHERE id > $id ORDER BY id",
	.older = LINE 
		" WHERE id < $id AND id >= $from AND id <= $newest"
		" ORDER BY id DESC",
	.read = read_line,
};
/* clang-format on */

void event_words_init(struct event_words *w, const char *text)
{
	const char *p = text ? text : "";
	*w = (struct event_words){0};
	while (*(p += strspn(p, " \t")) && w->count < WORDS_MAX) {
		size_t len = strcspn(p, " \t");
		bool is_not = *p == '-' && len > 1;
		w->list[w->count].is_not = is_not;
		w->list[w->count++].text = xstrndup(p + is_not, len - is_not);
		p += len;
	}
}

void event_words_finish(struct event_words *w)
{
	for (size_t i = 0; i < w->count; i++)
		free(w->list[i].text);
	*w = (struct event_words){0};
}

bool event_words_match(const struct event_words *w, const struct event *e)
{
	for (size_t i = 0; i < w->count; i++) {
		const char *word = w->list[i].text;
		bool is_there = strcasestr(e->text, word) ||
				strcasestr(e->source, word);
		if (is_there == w->list[i].is_not)
			return false;
	}
	return true;
}
