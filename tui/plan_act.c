/*
 * Acting: one batch at a time, each a write transaction with its row of the
 * audit; the act's id is the same for all of them.
 */
#include "tui/plan_internal.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <stdlib.h>

static int end(struct plan *plan, int rc, const char *why)
{
	free(plan->error);
	plan->error = xstrdup(why);
	plan->is_finished = true;
	return rc;
}

/* What cannot be tried again, in words. */
static int end_with(struct planner *p, struct plan *plan, int rc)
{
	switch (rc) {
	case DB_REFUSED:
		return end(plan, PLAN_ENDED, act_message(p->desk));
	case ACT_UNKNOWN:
		return end(plan, PLAN_ENDED,
			   plan->action == ACT_UNDO
				   ? _("there is no such act to undo")
				   : _("there is no channel of that name"));
	case ACT_NOT_UNDOABLE:
		return end(plan, PLAN_ENDED,
			   _("only a cancel and a pause can be undone"));
	case ACT_TOO_LATE:
		return end(plan, PLAN_ENDED, _("it is too late to undo it"));
	default:
		return end(plan, -1,
			   _("the database failed; what it said is in the "
			     "errors"));
	}
}

static void begin(struct planner *p, struct plan *plan)
{
	plan->act = (struct act){
		.action = plan->action,
		.actor = p->actor,
		.filter = plan->filter,
		.fence = plan->fence,
		.reason = plan->reason,
		.undoes = plan->undoes,
	};
	act_begin(&plan->act);
	plan->is_begun = true;
}

static int act_on_rows(struct planner *p, struct plan *plan, int64_t now_ms)
{
	size_t size = MIN(plan->count - plan->next, (size_t)ACT_BATCH_MAX);
	int rc = size == 0 ? 0
			   : act_rows(p->desk, &plan->act,
				      plan->rows + plan->next, size, now_ms,
				      &plan->result);
	if (rc == 0) {
		plan->next += size;
		plan->is_finished = plan->next == plan->count;
	}
	return rc;
}

static int act_once(struct planner *p, struct plan *plan, int64_t now_ms)
{
	switch (plan->action) {
	case ACT_PAUSE:
	case ACT_RESUME: {
		int rc = act_channels(p->desk, &plan->act, plan->channel,
				      now_ms, &plan->result);
		plan->is_finished = rc == 0;
		return rc;
	}
	case ACT_UNDO:
		return act_undo(p->desk, &plan->act, now_ms, &plan->result,
				&plan->is_finished);
	case ACT_RETRY:
	case ACT_EDIT:
	case ACT_CANCEL:
	case ACT_ACTION_COUNT:
		break;
	}
	return act_on_rows(p, plan, now_ms);
}

int planner_act(struct planner *p, struct plan *plan, int64_t now_ms)
{
	if (!p->desk)
		return end(plan, PLAN_ENDED,
			   _("read-only: nothing can be changed here"));
	if (!plan->is_begun)
		begin(p, plan);
	int rc = act_once(p, plan, now_ms);
	if (rc == DB_BUSY || rc == DB_FULL)
		return rc;
	if (rc)
		return end_with(p, plan, rc);
	plan->last_batch_ms = now_ms;
	return plan->is_finished ? ROWS_DONE : ROWS_MORE;
}
