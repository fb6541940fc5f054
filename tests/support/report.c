#include "tests/support/report.h"

#include "lib/reason.h"
#include "lib/util.h"

#include <string.h>

static const char secret[] = "0123456789abcdef0123456789abcdef";

char *report_of(struct scene *s, const struct report_run *run)
{
	scoped_free char *err = NULL;
	char *out = NULL;
	struct relay_setup setup = {.dir = s->fix->dir,
				    .db = s->fix->path,
				    .base = s->sim.base,
				    .env = run->env,
				    .args = run->args};
	int got = relayproc_verb(&setup, "check", &out, &err);
	if (got != run->status)
		fail_msg("exit status %d: %s%s", got, out, err);
	assert_string_equal(err, "");
	assert_null(strstr(out, secret));
	assert_null(strstr(out, "access_token="));
	return out;
}

void report_expect(const char *said, const char *line, const char *id)
{
	const char *at = strstr(said, line);
	while (at && at > said && at[-1] != '\n')
		at = strstr(at + 1, line);
	if (!at)
		fail_msg("no line \"%s\" in: %s", line, said);
	scoped_free char *tail = *id ? xasprintf(" [%s]\n", id) : xstrdup("\n");
	const char *end = strchr(at, '\n') + 1;
	assert_true(!*id || reason_find(id));
	if (strncmp(end - strlen(tail), tail, strlen(tail)) != 0)
		fail_msg("\"%s\" does not end with \"%s\": %s", line, tail,
			 said);
}
