#include "lib/log.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/secret.h"
#include "lib/text.h"
#include "lib/util.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum log_level log_threshold = LOG_INFO;
static enum log_format log_style = LOG_FORMAT_LOGFMT;
static bool log_is_muted;
static log_sink *log_sink_fn;
static void *log_sink_ctx;

static const struct {
	const char *name;
	int priority; /* syslog(3)'s, which journald reads as "<n>" */
} levels[] = {
	[LOG_ERROR] = {"error", 3},
	[LOG_WARN] = {"warn", 4},
	[LOG_INFO] = {"info", 6},
	[LOG_DEBUG] = {"debug", 7},
};
_Static_assert(ARRAY_LEN(levels) == LOG_LEVEL_COUNT, "a name for each level");

void log_set_level(enum log_level level)
{
	log_threshold = level;
}

void log_set_format(enum log_format format)
{
	log_style = format;
}

void log_mute(void)
{
	log_is_muted = true;
}

void log_set_sink(log_sink *sink, void *ctx)
{
	log_sink_fn = sink;
	log_sink_ctx = ctx;
}

const char *log_level_name(enum log_level level)
{
	return levels[level].name;
}

int log_level_parse(const char *name, enum log_level *level_out)
{
	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		if (strcmp(name, levels[i].name) == 0) {
			*level_out = (enum log_level)i;
			return 0;
		}
	}
	return -1;
}

static bool is_bare(const char *s)
{
	return *s && !strpbrk(s, " \"=\\");
}

/* Quotes a value as logfmt wants it; text_clean has dealt with the rest. */
static void add_value(struct buf *b, const char *value)
{
	scoped_free char *redacted = secret_redact(value);
	scoped_free char *clean = text_clean(redacted, strlen(redacted));
	if (is_bare(clean)) {
		buf_adds(b, clean);
		return;
	}
	buf_addc(b, '"');
	for (const char *p = clean; *p; p++) {
		if (*p == '"' || *p == '\\')
			buf_addc(b, '\\');
		buf_addc(b, *p);
	}
	buf_addc(b, '"');
}

static void add_fields(struct buf *b, const struct log_field *fields)
{
	for (const struct log_field *f = fields; f->key; f++) {
		buf_addf(b, "%s%s=", f == fields ? "" : " ", f->key);
		if (f->text)
			add_value(b, f->text);
		else
			buf_addf(b, "%lld", (long long)f->number);
	}
}

static void add_logfmt(struct buf *line, enum log_level level,
		       const char *event, const char *now, const char *detail)
{
	buf_addf(line, "ts=%s level=%s event=", now, levels[level].name);
	add_value(line, event);
	if (detail[0])
		buf_addf(line, " %s", detail);
}

static void add_json_text(cJSON *object, const char *key, const char *value)
{
	scoped_free char *redacted = secret_redact(value);
	scoped_free char *clean = text_clean(redacted, strlen(redacted));
	cJSON_AddStringToObject(object, key, clean);
}

static void add_json(struct buf *line, enum log_level level, const char *event,
		     const char *now, const struct log_field *fields)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "ts", now);
	cJSON_AddStringToObject(object, "level", levels[level].name);
	add_json_text(object, "event", event);
	for (const struct log_field *f = fields; f->key; f++) {
		/* As digits: a double would round what is over 2^53. */
		char digits[24];
		snprintf(digits, sizeof(digits), "%lld", (long long)f->number);
		if (f->text)
			add_json_text(object, f->key, f->text);
		else
			cJSON_AddRawToObject(object, f->key, digits);
	}
	char *text = cJSON_PrintUnformatted(object);
	buf_adds(line, text);
	free(text);
	cJSON_Delete(object);
}

static void print(enum log_level level, const char *event, const char *now,
		  const char *detail, const struct log_field *fields)
{
	scoped_buf line = {0};
	if (getenv("JOURNAL_STREAM"))
		buf_addf(&line, "<%d>", levels[level].priority);
	if (log_style == LOG_FORMAT_JSON)
		add_json(&line, level, event, now, fields);
	else
		add_logfmt(&line, level, event, now, detail);
	buf_addc(&line, '\n');
	/* One write(2), so that lines of two processes never mix. */
	ssize_t ignored = write(STDERR_FILENO, line.data, line.len);
	(void)ignored;
}

void log_write(enum log_level level, const char *event,
	       const struct log_field *fields)
{
	if (level > log_threshold)
		return;
	char now[CLOCK_ISO_LEN];
	clock_format_iso(clock_wall_ms(), now);
	scoped_buf detail = {0};
	add_fields(&detail, fields);
	if (!log_is_muted)
		print(level, event, now, buf_str(&detail), fields);
	if (log_sink_fn)
		log_sink_fn(log_sink_ctx, level, event, buf_str(&detail));
}
