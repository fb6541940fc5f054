/*
 * One batch of an act: a write transaction, and the row of the audit that is
 * written in it.
 */
#include "schema/act_internal.h"

#include "lib/text.h"
#include "lib/util.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 1000 };

char *act_words(const char *text)
{
	if (!text || !text[0])
		return NULL;
	char *words = text_clean(text, strlen(text));
	words[text_fit_bytes(words, WORDS_MAX)] = '\0';
	return words;
}

int act_batch_open(struct act_desk *desk)
{
	free(steal(&desk->message));
	return db_begin_at(desk->db, "act");
}

void act_batch_note(struct act_batch *batch, enum act_fate fate,
		    const char *json, int64_t count)
{
	batch->result.counts[fate] += count;
	if (fate != ACT_CHANGED)
		return;
	buf_adds(&batch->ids, batch->ids.len ? "," : "");
	buf_adds(&batch->ids, json);
}

int act_batch_names(struct act_batch *batch, struct db_stmt *st,
		    int64_t *changed_out)
{
	int64_t before = batch->result.counts[ACT_CHANGED];
	int rc;
	while ((rc = db_step(st)) == DB_ROW)
		act_batch_note(batch, ACT_CHANGED, db_text(st, 0), 1);
	db_reset(st);
	if (rc == 0)
		*changed_out = batch->result.counts[ACT_CHANGED] - before;
	return rc;
}

static int write_audit(struct act_desk *desk, const struct act_batch *batch)
{
	const struct act *act = batch->act;
	scoped_free char *undone =
		act->undoes ? xasprintf("act:%s", act->undoes) : NULL;
	scoped_free char *filter = act_words(undone ? undone : act->filter);
	scoped_free char *reason = act_words(act->reason);
	struct db_stmt *st = desk->st[AUDIT];
	db_bind(st, "$act", act->id);
	db_bind(st, "$now", batch->now_ms);
	db_bind(st, "$action",
		batch->name ? batch->name : act_action_name(act->action));
	db_bind(st, "$who", act->actor->name);
	db_bind(st, "$uid", act->actor->uid);
	db_bind(st, "$tty", act->actor->tty);
	db_bind(st, "$origin", act->actor->origin);
	db_bind(st, "$filter", filter);
	db_bind(st, "$fence", act->fence);
	db_bind(st, "$reason", reason);
	db_bind(st, "$changed", batch->result.counts[ACT_CHANGED]);
	db_bind(st, "$skipped", act_skipped(&batch->result));
	db_bind(st, "$ids", buf_str(&batch->ids));
	return db_run(st);
}

/* Before the rollback: it would overwrite what SQLite said. */
static void keep_message(struct act_desk *desk, int rc)
{
	if (rc == DB_REFUSED)
		desk->message = xstrdup(db_message(desk->db));
}

static void add_up(struct act_result *total, const struct act_result *result)
{
	for (size_t i = 0; i < ARRAY_LEN(total->counts); i++)
		total->counts[i] += result->counts[i];
	total->fresh_lives += result->fresh_lives;
}

int act_batch_close(struct act_desk *desk, struct act_batch *batch, int rc,
		    struct act_result *total)
{
	assert(batch->act->id[0]); /* act_begin was called */
	if (rc == 0)
		rc = write_audit(desk, batch);
	if (rc == 0)
		rc = db_commit(desk->db);
	if (rc) {
		keep_message(desk, rc);
		db_rollback(desk->db);
	}
	if (rc == 0)
		add_up(total, &batch->result);
	else if (rc < 0 || rc == DB_REFUSED)
		total->counts[ACT_FAILED] += (int64_t)batch->size;
	buf_finish(&batch->ids);
	return rc;
}

int act_note(struct act_desk *desk, const struct actor *actor, const char *name,
	     int64_t now_ms)
{
	struct act act = {.actor = actor};
	struct act_result none = {0};
	act_begin(&act);
	struct act_batch batch = {.act = &act, .name = name, .now_ms = now_ms};
	int rc = act_batch_open(desk);
	return rc ? rc : act_batch_close(desk, &batch, 0, &none);
}
