/* What the box says, in the words of each verb. */
#include "tui/box_act.h"

#include "lib/lang.h"
#include "lib/util.h"

/* What waits is not tried again, only sooner. */
static bool is_sooner(const struct box_act *b)
{
	const struct plan *plan = b->plan;
	return plan->action == ACT_RETRY && plan->count > 0 &&
	       plan->by_status[MESSAGE_PENDING] == (int64_t)plan->count;
}

const char *box_act_title(const struct box_act *b)
{
	static const struct {
		const char *plain, *large;
	} titles[] = {
		[ACT_RETRY] = {N_("Retry"), N_("Retry: large set")},
		[ACT_EDIT] = {N_("Edit"), N_("Edit: large set")},
		[ACT_CANCEL] = {N_("Cancel"), N_("Cancel: large set")},
		[ACT_PAUSE] = {N_("Pause"), N_("Pause")},
		[ACT_RESUME] = {N_("Resume"), N_("Resume")},
		[ACT_UNDO] = {N_("Undo"), N_("Undo: large set")},
	};
	if (b->phase == BOX_ACTING)
		return _("Working");
	if (is_sooner(b))
		return _("Send now");
	return box_act_is_large(b) ? _(titles[b->plan->action].large)
				   : _(titles[b->plan->action].plain);
}

/* One row, named by its id. */
static char *ask_one(const struct box_act *b)
{
	const struct plan *plan = b->plan;
	long long id = (long long)plan->rows[0].id;
	if (plan->action == ACT_CANCEL)
		return xasprintf(_("Cancel #%lld?"), id);
	if (plan->action == ACT_EDIT)
		return xasprintf(_("Replace the payload of #%lld and send it "
				   "again?"),
				 id);
	if (is_sooner(b))
		return xasprintf(_("Send #%lld now?"), id);
	return xasprintf(_("Retry #%lld?"), id);
}

static char *ask_sooner(const struct box_act *b)
{
	size_t n = b->plan->count;
	struct fmt number = fmt_number((int64_t)n);
	if (b->ids)
		return xasprintf(P_("Send %s marked row now?",
				    "Send %s marked rows now?", n),
				 number.s);
	return xasprintf(P_("Send the %s that matches this filter now?",
			    "Send ALL %s that match this filter now?", n),
			 number.s);
}

static char *ask_rows(const struct box_act *b)
{
	size_t n = b->plan->count;
	struct fmt number = fmt_number((int64_t)n);
	bool is_cancel = b->plan->action == ACT_CANCEL;
	if (is_sooner(b))
		return ask_sooner(b);
	if (b->ids && is_cancel)
		return xasprintf(P_("Cancel %s marked row?",
				    "Cancel %s marked rows?", n),
				 number.s);
	if (b->ids)
		return xasprintf(
			P_("Retry %s marked row?", "Retry %s marked rows?", n),
			number.s);
	if (is_cancel)
		return xasprintf(P_("Cancel the %s that matches this filter?",
				    "Cancel ALL %s that match this filter?", n),
				 number.s);
	return xasprintf(P_("Retry the %s that matches this filter?",
			    "Retry ALL %s that match this filter?", n),
			 number.s);
}

static char *ask_undo(const struct box_act *b)
{
	struct fmt number = fmt_number(b->undone_count);
	if (b->undone == ACT_PAUSE)
		return xasprintf(P_("Take the pause of %s channel back?",
				    "Take the pause of %s channels back?",
				    b->undone_count),
				 number.s);
	return xasprintf(P_("Take the cancel of %s row back?",
			    "Take the cancel of %s rows back?",
			    b->undone_count),
			 number.s);
}

static char *ask_channel(const struct box_act *b)
{
	const char *channel = b->plan->channel;
	if (b->plan->action == ACT_PAUSE)
		return channel ? xasprintf(_("Pause channel %s?"), channel)
			       : xstrdup(_("Pause ALL channels?"));
	return channel ? xasprintf(_("Resume channel %s?"), channel)
		       : xstrdup(_("Resume ALL channels?"));
}

char *box_act_question(const struct box_act *b)
{
	switch (b->plan->action) {
	case ACT_UNDO:
		return ask_undo(b);
	case ACT_PAUSE:
	case ACT_RESUME:
		return ask_channel(b);
	case ACT_RETRY:
	case ACT_EDIT:
	case ACT_CANCEL:
	case ACT_ACTION_COUNT:
		break;
	}
	bool is_one = b->plan->count == 1 && b->ids;
	return is_one ? ask_one(b) : ask_rows(b);
}

char *box_act_yes(const struct box_act *b)
{
	struct fmt number = fmt_number(box_act_total(b));
	switch (b->plan->action) {
	case ACT_RETRY:
		return xasprintf(is_sooner(b) ? _("Yes, send %s")
					      : _("Yes, retry %s"),
				 number.s);
	case ACT_EDIT:
		return xasprintf(_("Yes, replace %s"), number.s);
	case ACT_CANCEL:
		return xasprintf(_("Yes, cancel %s"), number.s);
	case ACT_PAUSE:
		return xstrdup(_("Yes, pause"));
	case ACT_RESUME:
		return xstrdup(_("Yes, resume"));
	case ACT_UNDO:
		return xasprintf(_("Yes, undo %s"), number.s);
	case ACT_ACTION_COUNT:
		break;
	}
	return xstrdup("");
}

/* Why none of the rows can be changed. */
char *box_act_nothing(const struct box_act *b)
{
	const struct plan *plan = b->plan;
	int64_t sending = plan->by_status[MESSAGE_SENDING];
	if (plan->other_state == 0 && plan->gone)
		return xstrdup(P_("There is nothing to do: the row is gone.",
				  "There is nothing to do: the rows are gone.",
				  plan->gone));
	if (plan->other_state == 0)
		return xstrdup(_("There is nothing to do: no row matches."));
	if (sending == plan->other_state)
		return xstrdup(P_("There is nothing to do: the row is on the "
				  "wire just now; try again when it has been "
				  "answered.",
				  "There is nothing to do: the rows are on the "
				  "wire just now; try again when they have "
				  "been answered.",
				  sending));
	if (plan->action == ACT_CANCEL)
		return xstrdup(_("There is nothing to do: what was delivered, "
				 "or cancelled before, cannot be cancelled."));
	return xstrdup(_("There is nothing to do: what was delivered is not "
			 "sent again."));
}

/* What has come of it so far. */
char *box_act_progress(const struct box_act *b)
{
	const struct act_result *result = &b->plan->result;
	struct fmt changed = fmt_number(result->counts[ACT_CHANGED]);
	struct fmt skipped = fmt_number(act_skipped(result));
	struct fmt failed = fmt_number(result->counts[ACT_FAILED]);
	switch (b->plan->action) {
	case ACT_RETRY:
	case ACT_EDIT:
		return xasprintf(_("queued %s   skipped %s (changed "
				   "meanwhile)   failed %s"),
				 changed.s, skipped.s, failed.s);
	case ACT_CANCEL:
		return xasprintf(_("cancelled %s   skipped %s (changed "
				   "meanwhile)   failed %s"),
				 changed.s, skipped.s, failed.s);
	case ACT_UNDO:
		return xasprintf(_("undone %s   skipped %s (changed "
				   "meanwhile)   failed %s"),
				 changed.s, skipped.s, failed.s);
	case ACT_PAUSE:
	case ACT_RESUME:
	case ACT_ACTION_COUNT:
		break;
	}
	return xstrdup("");
}
