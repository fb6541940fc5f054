/* Events with anything in them: one event is one line, which reads back as what
 * was written, in both formats, and holds no secret. The input is two digits
 * (level, kind of number), then the event and two values on lines of their own,
 * of which the last is the rest. */
#include "lib/buf.h"
#include "lib/log.h"
#include "lib/secret.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SECRET "Key-for-fuzz/1+2="

struct event {
	enum log_level level;
	char *name, *first, *second; /* own */
	int64_t number;
};

/* The line that log_write gives to stderr, which is a file meanwhile. */
static char *write_line(const struct event *e, enum log_format format)
{
	static int file = -1, real = -1;
	if (file < 0) {
		file = memfd_create("log", MFD_CLOEXEC);
		real = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
		assert(file >= 0 && real >= 0);
	}
	assert(ftruncate(file, 0) == 0 && lseek(file, 0, SEEK_SET) == 0);
	log_set_format(format);
	dup2(file, STDERR_FILENO);
	log_write(e->level, e->name,
		  LOG_FIELDS(LOG_STR("first", e->first),
			     LOG_INT("number", e->number),
			     LOG_STR("second", e->second)));
	dup2(real, STDERR_FILENO);
	off_t len = lseek(file, 0, SEEK_CUR);
	assert(len > 0);
	char *line = xcalloc((size_t)len + 1, 1);
	assert(pread(file, line, (size_t)len, 0) == (ssize_t)len);
	assert(strchr(line, '\n') == line + len - 1);
	line[len - 1] = '\0';
	fuzz_check_clean(line);
	assert(!strstr(line, SECRET));
	return line;
}

static void check_same(const char *got, const char *given)
{
	scoped_free char *redacted = secret_redact(given);
	scoped_free char *clean = text_clean(redacted, strlen(redacted));
	assert(got && strcmp(got, clean) == 0);
}

/* Reads "key=value", quoted or not, and returns what is behind it. */
static const char *check_pair(const char *at, const char *key,
			      const char *given)
{
	size_t len = strlen(key);
	assert(strncmp(at, key, len) == 0 && at[len] == '=');
	at += len + 1;
	scoped_buf value = {0};
	bool is_quoted = *at == '"';
	at += is_quoted;
	while (is_quoted ? *at != '"' : *at && *at != ' ') {
		assert(*at && (is_quoted || (*at != '"' && *at != '=')));
		at += is_quoted && *at == '\\';
		buf_addc(&value, *at++);
	}
	check_same(buf_str(&value), given);
	at += is_quoted;
	assert(*at == ' ' || !*at);
	return at + (*at == ' ');
}

static void check_logfmt(const struct event *e, const char *digits)
{
	scoped_free char *line = write_line(e, LOG_FORMAT_LOGFMT);
	const char *at = strstr(line, " level=");
	assert(strncmp(line, "ts=", 3) == 0 && at);
	at = check_pair(at + 1, "level", log_level_name(e->level));
	at = check_pair(at, "event", e->name);
	at = check_pair(at, "first", e->first);
	at = check_pair(at, "number", digits);
	at = check_pair(at, "second", e->second);
	assert(!*at);
}

static void check_member(const cJSON *o, const char *key, const char *given)
{
	check_same(cJSON_GetStringValue(cJSON_GetObjectItem(o, key)), given);
}

static void check_json(const struct event *e, const char *digits)
{
	scoped_free char *line = write_line(e, LOG_FORMAT_JSON);
	cJSON *o = cJSON_ParseWithOpts(line, NULL, true);
	assert(cJSON_GetArraySize(o) == 6);
	check_member(o, "level", log_level_name(e->level));
	check_member(o, "event", e->name);
	check_member(o, "first", e->first);
	check_member(o, "second", e->second);
	scoped_free char *number = xasprintf(",\"number\":%s,", digits);
	assert(strstr(line, number));
	cJSON_Delete(o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t numbers[] = {0, -1, INT64_MIN, INT64_MAX};
	struct fuzz_input in = fuzz_begin(data, size);
	unsetenv("JOURNAL_STREAM");
	log_set_level(LOG_DEBUG);
	secret_set("fuzz", SECRET);
	struct event e = {
		.level = (enum log_level)fuzz_take(&in, LOG_LEVEL_COUNT),
		.number = numbers[fuzz_take(&in, ARRAY_LEN(numbers))],
		.name = fuzz_take_line(&in, NULL),
		.first = fuzz_take_line(&in, NULL),
		.second = fuzz_take_rest(&in, NULL),
	};
	scoped_free char *digits = xasprintf("%lld", (long long)e.number);
	check_logfmt(&e, digits);
	check_json(&e, digits);
	free(e.name);
	free(e.first);
	free(e.second);
	return 0;
}
