/* What becomes of the rows, state by state. */
#include "tui/box_act.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <assert.h>
#include <string.h>

struct effect {
	enum message_status status;
	const char *text; /* not yet translated; of a number */
};

/* clang-format off */
static const struct effect of_retry[] = {
	{MESSAGE_FAILED, N_("%s failed -> pending, due now; attempts start again at 0.")},
	{MESSAGE_EXPIRED, N_("%s expired -> pending, due now; attempts start again at 0.")},
	{MESSAGE_CANCELLED, N_("%s cancelled -> pending, due now; attempts start again at 0.")},
	{MESSAGE_PENDING, N_("%s pending: due now.")},
	{MESSAGE_SENDING, N_("%s on the wire: left out.")},
	{MESSAGE_DELIVERED, N_("%s delivered: left out.")},
};
static const struct effect of_edit[] = {
	{MESSAGE_FAILED, N_("%s failed -> pending with the new payload, due now; attempts start again at 0.")},
	{MESSAGE_EXPIRED, N_("%s expired -> pending with the new payload, due now; attempts start again at 0.")},
	{MESSAGE_CANCELLED, N_("%s cancelled -> pending with the new payload, due now; attempts start again at 0.")},
	{MESSAGE_PENDING, N_("%s pending: gets the new payload, due now; attempts start again at 0.")},
};
static const struct effect of_cancel[] = {
	{MESSAGE_PENDING, N_("%s pending -> cancelled: will not be sent.")},
	{MESSAGE_FAILED, N_("%s failed -> cancelled.")},
	{MESSAGE_EXPIRED, N_("%s expired -> cancelled.")},
	{MESSAGE_SENDING, N_("%s on the wire: left out.")},
	{MESSAGE_DELIVERED, N_("%s delivered: left out.")},
	{MESSAGE_CANCELLED, N_("%s cancelled before: left out.")},
};
/* clang-format on */

static void add(struct box_lines *lines, const char *text)
{
	box_lines_add(lines, RANK_EFFECT, STYLE_TEXT, xstrdup(text));
}

/* The text with a number where its %s is. */
static char *fill(const char *text, const char *number)
{
	const char *place = strstr(text, "%s");
	assert(place);
	return xasprintf("%.*s%s%s", (int)(place - text), text, number,
			 place + 2);
}

static void add_states(const struct plan *plan, struct box_lines *lines,
		       const struct effect *effects, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int64_t n = plan->by_status[effects[i].status];
		if (n == 0)
			continue;
		box_lines_add(lines, RANK_EFFECT, STYLE_TEXT,
			      fill(_(effects[i].text), fmt_number(n).s));
	}
}

static void add_undo_note(struct box_lines *lines)
{
	box_lines_add(lines, RANK_EFFECT, STYLE_TEXT,
		      xasprintf(_("Undo works for %d s."), ACT_UNDO_MS / 1000));
}

static void warn(const struct plan *plan, struct box_lines *lines)
{
	struct fmt lives = fmt_number(plan->expired_lives);
	struct fmt unsure = fmt_number(plan->unsure);
	if (plan->expired_lives)
		box_lines_add(
			lines, RANK_EFFECT, STYLE_TEXT,
			xasprintf(P_("%s has outlived its time: it gets a "
				     "fresh life.",
				     "%s have outlived their time: they get a "
				     "fresh life.",
				     plan->expired_lives),
				  lives.s));
	if (plan->unsure)
		box_lines_add(
			lines, RANK_WARN, STYLE_WARN,
			xasprintf(P_("%s may reach its recipient twice: an "
				     "earlier try may have arrived, its "
				     "answer was lost.",
				     "%s may reach their recipients twice: an "
				     "earlier try may have arrived, its "
				     "answer was lost.",
				     plan->unsure),
				  unsure.s));
}

void box_act_effects(const struct box_act *b, struct box_lines *lines)
{
	const struct plan *plan = b->plan;
	switch (plan->action) {
	case ACT_RETRY:
		add_states(plan, lines, of_retry, ARRAY_LEN(of_retry));
		warn(plan, lines);
		break;
	case ACT_EDIT:
		add_states(plan, lines, of_edit, ARRAY_LEN(of_edit));
		warn(plan, lines);
		break;
	case ACT_CANCEL:
		add_states(plan, lines, of_cancel, ARRAY_LEN(of_cancel));
		add_undo_note(lines);
		break;
	case ACT_PAUSE:
		add(lines, _("Nothing of it is sent any more; its rows wait. "
			     "What is on the wire ends."));
		add_undo_note(lines);
		break;
	case ACT_RESUME:
		add(lines, _("What is paused is sent again; what is held is "
			     "tried at once with one row."));
		break;
	case ACT_UNDO:
		add(lines, _("What is still as that act left it goes back to "
			     "how it was; the rest is skipped."));
		break;
	case ACT_ACTION_COUNT:
		break;
	}
}
