#include "schema/message.h"

#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

static const char *const status_names[] = {
	[MESSAGE_PENDING] = "pending",	   [MESSAGE_SENDING] = "sending",
	[MESSAGE_DELIVERED] = "delivered", [MESSAGE_FAILED] = "failed",
	[MESSAGE_EXPIRED] = "expired",	   [MESSAGE_CANCELLED] = "cancelled",
};
_Static_assert(ARRAY_LEN(status_names) == MESSAGE_STATUS_COUNT,
	       "a name for each status");

const char *message_status_name(enum message_status status)
{
	return status_names[status];
}

static char *copy_text(struct db_stmt *st, int column)
{
	return xstrdup_or_null(db_text(st, column));
}

void message_from_row(struct message *m, struct db_stmt *st)
{
	int c = 0;
	*m = (struct message){.id = db_int(st, c++)};
	m->event_id = copy_text(st, c++);
	m->channel = copy_text(st, c++);
	m->type = copy_text(st, c++);
	m->payload = copy_text(st, c++);
	m->payload_len = strlen(m->payload);
	m->recipient = copy_text(st, c++);
	m->ordering_key = copy_text(st, c++);
	m->created_at_ms = db_int(st, c++);
	m->due_at_ms = db_int(st, c++);
	m->expires_at_ms = db_int(st, c++);
	m->max_attempts = db_int(st, c++);
	m->attempts = db_int(st, c++);
	m->unknowns = db_int(st, c++);
	m->interrupted = db_int(st, c++);
	m->generation = db_int(st, c++);
	m->lease_no = db_int(st, c++);
}

void message_finish(struct message *m)
{
	if (!m)
		return;
	free(m->event_id);
	free(m->channel);
	free(m->type);
	free(m->payload);
	free(m->recipient);
	free(m->ordering_key);
	*m = (struct message){0};
}
