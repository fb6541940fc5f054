/* See mailroom.h. */
#include "tests/sim/mailroom.h"

#include <stddef.h>

void mailroom_finish(struct mailroom *m)
{
	mailroom_reset(m);
	table_finish(&m->under_way);
}

void mailroom_reset(struct mailroom *m)
{
	table_finish(&m->sent);
	table_finish(&m->overlaps);
	m->total = 0;
	m->duplicates = 0;
	m->repeated = 0;
}

void mailroom_enter(struct mailroom *m, const char *openid)
{
	int64_t *calls = table_put(&m->under_way, openid);
	if (++*calls > 1)
		++*table_put(&m->overlaps, openid);
}

void mailroom_leave(struct mailroom *m, const char *openid)
{
	int64_t *calls = table_find(&m->under_way, openid);
	if (calls && --*calls == 0)
		table_drop(&m->under_way, openid);
}

bool mailroom_is_crowded(const struct mailroom *m, const char *openid)
{
	const int64_t *calls = table_find(&m->under_way, openid);
	return calls && *calls > 1;
}

bool mailroom_has_sent(const struct mailroom *m, const char *event)
{
	return event && table_find(&m->sent, event);
}

void mailroom_send(struct mailroom *m, const char *event)
{
	m->total++;
	if (event && ++*table_put(&m->sent, event) > 1)
		m->repeated++;
}
