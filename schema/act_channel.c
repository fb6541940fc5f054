/* Pause and resume. */
#include "schema/act_internal.h"

#include "lib/util.h"

#include <assert.h>

static int count_channels(struct act_desk *desk, const char *name,
			  int64_t *count_out)
{
	scoped_stmt struct db_stmt *st = desk->st[COUNT_CHANNELS];
	db_bind(st, "$name", name);
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	*count_out = db_int(st, 0);
	return 0;
}

static int pause_channels(struct act_desk *desk, struct act_batch *batch,
			  const char *name, int64_t *changed_out)
{
	scoped_free char *why = act_words(batch->act->reason);
	struct db_stmt *st = desk->st[PAUSE];
	db_bind(st, "$name", name);
	db_bind(st, "$detail", why);
	db_bind(st, "$who", batch->act->actor->name);
	db_bind(st, "$now", batch->now_ms);
	return act_batch_names(batch, st, changed_out);
}

static int resume_channels(struct act_desk *desk, struct act_batch *batch,
			   const char *name, int64_t *changed_out)
{
	int64_t opened = 0, probed = 0;
	struct db_stmt *st = desk->st[RESUME];
	db_bind(st, "$name", name);
	db_bind(st, "$who", batch->act->actor->name);
	db_bind(st, "$now", batch->now_ms);
	int rc = act_batch_names(batch, st, &opened);
	if (rc)
		return rc;
	st = desk->st[PROBE];
	db_bind(st, "$name", name);
	rc = act_batch_names(batch, st, &probed);
	*changed_out = opened + probed;
	return rc;
}

int act_channels(struct act_desk *desk, const struct act *act, const char *name,
		 int64_t now_ms, struct act_result *total)
{
	assert(act->action == ACT_PAUSE || act->action == ACT_RESUME);
	struct act_batch batch = {.act = act, .now_ms = now_ms};
	int64_t count = 0, changed = 0;
	int rc = act_batch_open(desk);
	if (rc)
		return rc;
	rc = count_channels(desk, name, &count);
	if (rc == 0 && count == 0 && name)
		rc = ACT_UNKNOWN;
	batch.size = (size_t)count;
	if (rc == 0)
		rc = act->action == ACT_PAUSE
			     ? pause_channels(desk, &batch, name, &changed)
			     : resume_channels(desk, &batch, name, &changed);
	act_batch_note(&batch, ACT_WRONG_STATE, NULL, count - changed);
	return act_batch_close(desk, &batch, rc, total);
}
