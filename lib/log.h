/*
 * What the program did and met, one event a call: a fixed text and named
 * values. Goes to stderr as logfmt or JSON lines (with journald's priority
 * prefix when stderr is the journal), and to a sink, which the relay uses for
 * outbox_log.
 *
 * Every value is redacted (lib/secret.h) and escaped here, at the door, so no
 * caller can write a secret or a control character by mistake.
 *
 *	log_warn("database busy", LOG_STR("statement", name), LOG_INT("ms",
 *ms));
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG, LOG_LEVEL_COUNT };

enum log_format { LOG_FORMAT_LOGFMT, LOG_FORMAT_JSON };

struct log_field {
	const char *key;  /* NULL ends an array of fields */
	const char *text; /* borrowed; NULL when the value is a number */
	int64_t number;
};

/* clang-format off */
#define LOG_STR(k, v) ((struct log_field){.key = (k), .text = (v) ? (v) : ""})
#define LOG_INT(k, v) ((struct log_field){.key = (k), .number = (int64_t)(v)})
#define LOG_FIELDS(...) \
	((const struct log_field[]){__VA_ARGS__ __VA_OPT__(,) {.key = NULL}})
/* clang-format on */

#define log_error(event, ...) \
	log_write(LOG_ERROR, event, LOG_FIELDS(__VA_ARGS__))
#define log_warn(event, ...) log_write(LOG_WARN, event, LOG_FIELDS(__VA_ARGS__))
#define log_info(event, ...) log_write(LOG_INFO, event, LOG_FIELDS(__VA_ARGS__))
#define log_debug(event, ...) \
	log_write(LOG_DEBUG, event, LOG_FIELDS(__VA_ARGS__))

/* Receives every event at or above the level; `fields` is "key=value ..." in
 * logfmt, "" when there are none. Both strings are borrowed for the call. */
typedef void log_sink(void *ctx, enum log_level level, const char *event,
		      const char *fields);

/* Events less important than this go nowhere. The default is LOG_INFO. */
void log_set_level(enum log_level level);

/* How lines on stderr are written; LOG_FORMAT_LOGFMT at first. The sink gets
 * logfmt either way. */
void log_set_format(enum log_format format);

/* Nothing goes to stderr any more; for programs whose output is a report. */
void log_mute(void);

/* One sink beside stderr; NULL removes it. */
void log_set_sink(log_sink *sink, void *ctx);

/* "error", "warn", "info", "debug". */
const char *log_level_name(enum log_level level);

/* Finds a level by its name. Returns 0, or -1 if there is none of that name. */
int log_level_parse(const char *name, enum log_level *level_out);

/* What the macros call. `fields` ends with a NULL key. */
void log_write(enum log_level level, const char *event,
	       const struct log_field *fields);
