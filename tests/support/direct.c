#include "tests/support/direct.h"

#include "lib/util.h"

#include <stdlib.h>

void direct_wait(struct scene *s)
{
	scene_wait(s,
		   "SELECT count(*) FROM outbox"
		   " WHERE status IN ('pending', 'sending')",
		   "0");
}

void direct_expect_attempts(struct scene *s, int64_t id, const char *expected)
{
	scoped_free char *all = outbox_text(
		s->fix->db,
		"SELECT group_concat(stage || ' ' || outcome || ' ' || code,"
		"                    ', ')"
		"  FROM (SELECT * FROM outbox_attempt WHERE outbox_id = %lld"
		"         ORDER BY lease_no, request_no)",
		(long long)id);
	assert_string_equal(all, expected);
}

void direct_expect_calls(struct scene *s, int lookups, int sends)
{
	assert_int_equal(scene_calls(s, "database"), lookups);
	assert_int_equal(scene_calls(s, "send"), sends);
	assert_int_equal(scene_calls(s, "invoke"), 0);
}

char *direct_body(struct scene *s, const char *stage, int nth)
{
	cJSON *calls = scene_journal(s, stage);
	char *body = xstrdup(cJSON_GetStringValue(
		cJSON_GetObjectItem(cJSON_GetArrayItem(calls, nth), "body")));
	cJSON_Delete(calls);
	return body;
}
