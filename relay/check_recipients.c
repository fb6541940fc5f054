/* Who the newest rows go to, and what was found of them. */
#include "relay/check_recipients.h"

#include "lib/util.h"
#include "schema/db.h"

#include <assert.h>
#include <stdlib.h>

static const char newest_recipients[] =
	"SELECT recipient"
	"  FROM (SELECT id, channel, recipient FROM outbox"
	"         ORDER BY id DESC LIMIT 1000)"
	" WHERE channel = $channel AND recipient IS NOT NULL"
	" GROUP BY recipient"
	" ORDER BY max(id) DESC"
	" LIMIT $most";

static const char newest_delivered[] =
	"SELECT id"
	"  FROM (SELECT id, channel, status FROM outbox"
	"         ORDER BY id DESC LIMIT 1000)"
	" WHERE channel = $channel AND status = 'delivered'"
	" ORDER BY id DESC"
	" LIMIT 1";

cJSON *check_newest_recipients(struct check *c, const char *channel)
{
	cJSON *list = cJSON_CreateArray();
	if (!c->db)
		return list;
	struct db_stmt *st =
		db_prepare(c->db, "check_recipients", newest_recipients);
	db_bind(st, "$channel", channel);
	db_bind(st, "$most", (int64_t)CHECK_RECIPIENTS_MAX);
	while (db_step(st) == DB_ROW)
		cJSON_AddItemToArray(list, cJSON_CreateString(db_text(st, 0)));
	db_discard(&st);
	return list;
}

void check_recipients_add(struct check_recipients *found, const char *id,
			  enum reason reason)
{
	assert(found->count < CHECK_RECIPIENTS_MAX);
	found->list[found->count++] = (struct check_recipient){id, reason};
	found->bound += reason == REASON_NONE;
}

static void tell_one(struct check *c, const struct check_recipients *found,
		     const struct check_recipient *one)
{
	bool is_unbound = one->reason == REASON_USER_NOT_BOUND;
	/* A colleague who never opened the mini-program is usual; if nobody is
	 * known, the ids are of another kind. */
	CHECK_TELL(c, .finding = found->bound ? CHECK_WARNING : CHECK_FAULT,
		   .topic = CHECK_TOPIC_RECIPIENT,
		   .text = is_unbound ? CHECK_RECIPIENT_UNBOUND
				      : CHECK_RECIPIENT_UNKNOWN,
		   .args = {one->id}, .reason = one->reason);
}

void check_recipients_tell(struct check *c, const char *channel,
			   const struct check_recipients *found)
{
	scoped_free char *number = xasprintf("%zu", found->count);
	if (found->bound == found->count)
		CHECK_TELL(c, .topic = CHECK_TOPIC_RECIPIENT,
			   .text = found->count ? CHECK_RECIPIENTS_GOOD
						: CHECK_RECIPIENTS_NONE,
			   .args = {channel, number});
	for (size_t i = 0; i < found->count; i++) {
		if (found->list[i].reason)
			tell_one(c, found, &found->list[i]);
	}
}

void check_permission(struct check *c, const char *channel)
{
	scoped_free char *id = NULL;
	if (c->db) {
		struct db_stmt *st =
			db_prepare(c->db, "check_delivered", newest_delivered);
		db_bind(st, "$channel", channel);
		if (db_step(st) == DB_ROW)
			id = xasprintf("%lld", (long long)db_int(st, 0));
		db_discard(&st);
	}
	CHECK_TELL(c, .finding = id ? CHECK_OK : CHECK_SKIPPED,
		   .topic = CHECK_TOPIC_PERMISSION,
		   .text = id ? CHECK_PERMISSION_GOOD : CHECK_PERMISSION_OPEN,
		   .args = {id});
}
