#include "tui/plan.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tui/fmt.h"

/* Numbers first, so that the sentences are whole ones in every language. */
struct sums {
	struct fmt matched, changed, skipped, moved, wire, gone, failed;
	int64_t matched_n, skipped_n, changed_n;
};

static struct sums add_up(const struct plan *plan)
{
	const int64_t *n = plan->result.counts;
	int64_t matched = 0;
	for (int fate = 0; fate < ACT_FATE_COUNT; fate++)
		matched += n[fate];
	if (plan->count)
		matched = (int64_t)plan->count;
	return (struct sums){
		.matched = fmt_number(matched),
		.changed = fmt_number(n[ACT_CHANGED]),
		.skipped = fmt_number(act_skipped(&plan->result)),
		.moved = fmt_number(n[ACT_MOVED_ON] + n[ACT_WRONG_STATE]),
		.wire = fmt_number(n[ACT_ON_WIRE]),
		.gone = fmt_number(n[ACT_GONE]),
		.failed = fmt_number(n[ACT_FAILED]),
		.matched_n = matched,
		.skipped_n = act_skipped(&plan->result),
		.changed_n = n[ACT_CHANGED],
	};
}

static char *queued(const struct sums *s)
{
	if (s->skipped_n == 0)
		return xasprintf(P_("%s row: %s queued, 0 skipped, %s failed",
				    "%s rows: %s queued, 0 skipped, %s failed",
				    s->matched_n),
				 s->matched.s, s->changed.s, s->failed.s);
	return xasprintf(P_("%s row: %s queued, %s failed, %s skipped (%s "
			    "moved on, %s on the wire, %s gone)",
			    "%s rows: %s queued, %s failed, %s skipped (%s "
			    "moved on, %s on the wire, %s gone)",
			    s->matched_n),
			 s->matched.s, s->changed.s, s->failed.s, s->skipped.s,
			 s->moved.s, s->wire.s, s->gone.s);
}

static char *cancelled(const struct sums *s)
{
	if (s->skipped_n == 0)
		return xasprintf(
			P_("%s row: %s cancelled, 0 skipped, %s failed",
			   "%s rows: %s cancelled, 0 skipped, %s failed",
			   s->matched_n),
			s->matched.s, s->changed.s, s->failed.s);
	return xasprintf(P_("%s row: %s cancelled, %s failed, %s skipped (%s "
			    "moved on, %s on the wire, %s gone)",
			    "%s rows: %s cancelled, %s failed, %s skipped (%s "
			    "moved on, %s on the wire, %s gone)",
			    s->matched_n),
			 s->matched.s, s->changed.s, s->failed.s, s->skipped.s,
			 s->moved.s, s->wire.s, s->gone.s);
}

static char *undone(const struct sums *s)
{
	if (s->skipped_n == 0)
		return xasprintf(_("%s undone"), s->changed.s);
	return xasprintf(P_("%s undone, %s skipped: it has moved on",
			    "%s undone, %s skipped: they have moved on",
			    s->skipped_n),
			 s->changed.s, s->skipped.s);
}

char *plan_summary(const struct plan *plan)
{
	struct sums s = add_up(plan);
	switch (plan->action) {
	case ACT_RETRY:
	case ACT_EDIT:
		return queued(&s);
	case ACT_CANCEL:
		return cancelled(&s);
	case ACT_PAUSE:
		return xasprintf(P_("%s channel paused, %s as it was",
				    "%s channels paused, %s as they were",
				    s.changed_n),
				 s.changed.s, s.skipped.s);
	case ACT_RESUME:
		return xasprintf(P_("%s channel resumed, %s as it was",
				    "%s channels resumed, %s as they were",
				    s.changed_n),
				 s.changed.s, s.skipped.s);
	case ACT_UNDO:
		return undone(&s);
	case ACT_ACTION_COUNT:
		break;
	}
	return xstrdup("");
}
