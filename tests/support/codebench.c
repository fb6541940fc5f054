#include "tests/support/codebench.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum {
	MET_MS = 10000,
	BACKOFF_MS = 3600000,
	DAY_MS = 86400000,
	SHANGHAI_MS = 8 * 3600 * 1000,
	SLACK_MS = 5000, /* between an answer and its commit */
	TOKEN_LEAST_S = 5,
	PROBE_S = 300,
};

/* A token call says nothing of a row: its T is a hold of some seconds. */
static char class_of(const struct code_case *c)
{
	return c->is_token && c->class == 'T' ? 'Q' : c->class;
}

static int64_t seconds_of(const struct code_case *c)
{
	int64_t s = c->s;
	if (class_of(c) == 'O' && s == 0)
		s = PROBE_S;
	return c->is_token ? MAX(s, (int64_t)TOKEN_LEAST_S) : s;
}

/* status|attempts|unknowns|state of the channel|outcomes and their codes */
static char *expected_of(const struct code_case *c)
{
	long long code = c->code;
	if (c->is_token)
		return xstrdup("pending|0|0|held|defer 40001");
	switch (c->class) {
	case 'V':
		return xstrdup("delivered|1|0|open|delivered 0");
	case 'R':
		return xasprintf("delivered|1|0|open|defer %lld,delivered 0",
				 code);
	case 'T':
		return xasprintf("pending|1|0|open|retry %lld", code);
	case 'U':
		return xasprintf("pending|1|1|open|unknown %lld", code);
	case 'P':
		return xasprintf("failed|1|%d|open|reject %lld", c->is_unsure,
				 code);
	default:
		return xasprintf("pending|0|0|held|defer %lld", code);
	}
}

static char *seen(struct scene *s, int64_t id)
{
	return outbox_text(
		s->fix->db,
		"SELECT o.status || '|' || o.attempts || '|' || o.unknowns"
		"       || '|' || c.state || '|' ||"
		"       (SELECT group_concat(outcome || ' ' || code)"
		"          FROM (SELECT * FROM outbox_attempt"
		"                 WHERE outbox_id = o.id"
		"                 ORDER BY lease_no, request_no))"
		"  FROM outbox AS o JOIN outbox_channel AS c"
		"    ON c.name = o.channel"
		" WHERE o.id = %lld",
		(long long)id);
}

/* What the row says of the reason, or the channel if it is held. */
static bool is_reason(struct scene *s, const struct code_case *c, int64_t id)
{
	scoped_free char *reason = outbox_text(
		s->fix->db,
		"SELECT coalesce(iif(c.state = 'held' AND c.reason ="
		"                    o.last_reason, c.reason,"
		"               iif(c.state = 'held', 'of the channel ' ||"
		"                   c.reason, o.last_reason)), '-')"
		"  FROM outbox AS o JOIN outbox_channel AS c"
		"    ON c.name = o.channel"
		" WHERE o.id = %lld",
		(long long)id);
	bool is_delivered = c->class == 'R' || c->class == 'V';
	if (is_delivered)
		return strcmp(reason, "-") == 0;
	if (strcmp(reason, "-") != 0 && !strstr(reason, "channel") &&
	    (!c->reason || strcmp(reason, c->reason) == 0))
		return true;
	print_error("%s: reason %s\n", c->name, reason);
	return false;
}

/* When the row, or its channel, goes on. */
static bool is_timed(struct scene *s, const struct code_case *c, int64_t id)
{
	char class = class_of(c);
	int64_t due = outbox_int(s->fix->db,
				 "SELECT due_at - updated_at FROM outbox"
				 " WHERE id = %lld",
				 (long long)id);
	if (class == 'T' || class == 'U')
		return due >= MAX(seconds_of(c) * 1000, (int64_t)BACKOFF_MS) &&
		       due < BACKOFF_MS + DAY_MS;
	if (!strchr("QDO", class))
		return true;
	int64_t until =
		outbox_int(s->fix->db, "SELECT state_until FROM outbox_channel"
				       " WHERE name = 'wechat-cloud'");
	int64_t wait = until - outbox_int(s->fix->db,
					  "SELECT updated_at FROM outbox"
					  " WHERE id = %lld",
					  (long long)id);
	int64_t into_day = (until + SHANGHAI_MS + SLACK_MS) % DAY_MS;
	int64_t want = seconds_of(c) * 1000;
	bool is_right =
		class == 'D'
			? wait <= DAY_MS + SLACK_MS && into_day <= 2 * SLACK_MS
			: wait <= want + SLACK_MS && wait >= want - SLACK_MS;
	if (!is_right)
		print_error("%s: held for %lld ms\n", c->name, (long long)wait);
	return is_right;
}

bool codebench_try(struct scene *s, const struct code_case *c)
{
	simulator_fault(&s->sim, c->rules);
	/* One that is alive would come back, and be suspected. */
	if (c->is_token || c->class == 'R')
		codebench_kill_token(s);
	long long tokens = c->class == 'R' ? scene_calls(s, "token") : 0;
	int64_t id = scene_insert(s, USER_BOUND);
	scoped_free char *met = xasprintf(
		"SELECT EXISTS (SELECT 1 FROM outbox_attempt"
		"                WHERE outbox_id = %lld)"
		"   AND (SELECT status <> 'sending' FROM outbox WHERE id = "
		"%lld)",
		(long long)id, (long long)id);
	scoped_free char *late = outbox_await(s->fix->db, met, "1", MET_MS);
	scoped_free char *expected = expected_of(c);
	scoped_free char *got = seen(s, id);
	bool is_right = !late && strcmp(got ? got : "", expected) == 0 &&
			is_reason(s, c, id) && is_timed(s, c, id);
	if (c->class == 'R')
		is_right &= scene_calls(s, "token") == tokens + 1;
	if (!is_right)
		print_error("%s: class %c\n  expected %s\n  got      %s\n",
			    c->name, c->class, expected, got ? got : "nothing");
	return is_right;
}

void codebench_kill_token(struct scene *s)
{
	simulator_post(&s->sim, "/sim/expire",
		       "{\"family\":\"stable\",\"how\":\"kill\"}");
}

void codebench_resume(struct scene *s)
{
	outbox_exec(s->fix->db,
		    "UPDATE outbox_channel SET state = 'open',"
		    "       resume_wanted = 1 WHERE name = 'wechat-cloud'");
}

void codebench_mend(struct scene *s)
{
	outbox_exec(s->fix->db, "UPDATE outbox SET status = 'cancelled'"
				" WHERE status = 'pending' AND attempts > 0");
	simulator_fault(&s->sim, "[]");
	codebench_resume(s);
	/* What resumes is a probe: one row must go. */
	scene_insert(s, USER_BOUND);
	scene_wait(s,
		   "SELECT count(*) FROM outbox"
		   " WHERE status IN ('pending', 'sending')",
		   "0");
	scene_wait(s,
		   "SELECT state || resume_wanted FROM outbox_channel"
		   " WHERE name = 'wechat-cloud'",
		   "open0");
}
