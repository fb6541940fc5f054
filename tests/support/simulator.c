#include "tests/support/simulator.h"

#include "lib/buf.h"
#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/paths.h"
#include "tests/support/tempdir.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum { READY_MS = 10000, ANSWER_MS = 10000, OPTIONS_MAX = 32 };

void simulator_start(struct simulator *s, const char *dir,
		     const char *const *options)
{
	scoped_free char *program = paths_build("wechat-sim");
	*s = (struct simulator){.journal = tempdir_path(dir, "journal")};
	const char *argv[OPTIONS_MAX] = {program, "--port", "0", "--journal",
					 s->journal};
	for (size_t n = 5; options && *options; n++) {
		assert_true(n < OPTIONS_MAX - 1);
		argv[n] = *options++;
	}
	proc_start(&s->proc, &(struct proc_spec){
				     .argv = argv, .dir = dir, .name = "sim"});
	static const char ready[] = "listening on ";
	scoped_free char *line =
		proc_wait_line(&s->proc, PROC_OUT, ready, READY_MS);
	const char *base = strstr(line, ready) + strlen(ready);
	s->base = xstrndup(base, strcspn(base, " \r"));
}

void simulator_finish(struct simulator *s)
{
	proc_finish(&s->proc);
	free(s->base);
	free(s->journal);
	*s = (struct simulator){0};
}

static size_t take_body(char *data, size_t size, size_t count, void *body)
{
	buf_add(body, data, size * count);
	return size * count;
}

/* GETs, or POSTs where there is something to post. Returns the answer. */
static char *call(const struct simulator *s, const char *path, const char *json)
{
	struct buf body = {0};
	scoped_free char *url = xasprintf("%s%s", s->base, path);
	CURL *curl = curl_easy_init();
	struct curl_slist *headers =
		curl_slist_append(NULL, "Content-Type: application/json");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)ANSWER_MS);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
	if (json) {
		curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json);
	}
	CURLcode code = curl_easy_perform(curl);
	long status = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	if (code != CURLE_OK || status / 100 != 2)
		fail_msg("%s: %s, HTTP %ld, %s", url, curl_easy_strerror(code),
			 status, buf_str(&body));
	return buf_detach(&body);
}

void simulator_post(struct simulator *s, const char *path, const char *json)
{
	free(call(s, path, json));
}

void simulator_fault(struct simulator *s, const char *rules)
{
	simulator_post(s, "/sim/faults", rules);
}

cJSON *simulator_stats(struct simulator *s)
{
	scoped_free char *body = call(s, "/sim/stats", NULL);
	cJSON *stats = cJSON_Parse(body);
	if (!stats)
		fail_msg("/sim/stats is no JSON: %s", body);
	return stats;
}

long long simulator_stat(struct simulator *s, const char *keys)
{
	cJSON *stats = simulator_stats(s);
	const cJSON *at = stats;
	for (const char *key = keys; at;) {
		size_t len = strcspn(key, ".");
		scoped_free char *name = xstrndup(key, len);
		at = cJSON_GetObjectItemCaseSensitive(at, name);
		if (!key[len])
			break;
		key += len + 1;
	}
	if (!cJSON_IsNumber(at))
		fail_msg("/sim/stats has no number %s", keys);
	long long value = (long long)cJSON_GetNumberValue(at);
	cJSON_Delete(stats);
	return value;
}

cJSON *simulator_journal(const struct simulator *s)
{
	scoped_free char *text = proc_read_file(s->journal);
	cJSON *calls = cJSON_CreateArray();
	for (char *line = text, *end; (end = strchr(line, '\n'));
	     line = end + 1) {
		*end = '\0';
		cJSON *one = cJSON_Parse(line);
		if (!one)
			fail_msg("the journal has a line that is no JSON: %s",
				 line);
		cJSON_AddItemToArray(calls, one);
	}
	return calls;
}
