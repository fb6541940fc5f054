/* The lines of each phase, most of them read before a yes. */
#include "tui/box_act.h"

#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/app.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLE_CELLS = 66 };

static void say_scope(const struct box_act *b, struct app *app,
		      struct box_lines *lines)
{
	const struct plan *plan = b->plan;
	if (b->ids || !plan_states(plan->action))
		return;
	const char *filter = filter_text(b->filter);
	box_lines_add(lines, RANK_SCOPE, STYLE_TEXT,
		      filter[0] ? xasprintf(_("filter   %s"), filter)
				: xstrdup(_("filter   none: the whole list")));
	enum fmt_time mode = app_times(app) == FMT_UTC ? FMT_UTC : FMT_LOCAL;
	box_lines_add(
		lines, RANK_SCOPE, STYLE_TEXT,
		xasprintf(_("fence    id <= %lld as of %s; rows added later "
			    "are left out"),
			  (long long)plan->fence,
			  fmt_clock(plan->as_of_ms, mode).s));
}

static void say_channels(const struct plan *plan, struct box_lines *lines)
{
	struct buf line = {0};
	for (size_t i = 0; i < plan->channel_count; i++)
		buf_addf(&line, "%s%s %s", i ? "    " : "  ",
			 plan->channels[i].name,
			 fmt_number(plan->channels[i].count).s);
	if (plan->channel_rest)
		buf_addf(&line, _("    others %s"),
			 fmt_number(plan->channel_rest).s);
	box_lines_add(lines, RANK_DETAIL, STYLE_TEXT, buf_detach(&line));
}

static void say_sample(struct box_lines *lines, const struct row *row,
		       bool is_unmasked)
{
	scoped_free char *to = row_recipient(row, is_unmasked);
	scoped_free char *error = row_error(row);
	scoped_free char *line =
		xasprintf("  #%lld  %s  %s", (long long)row->id, to, error);
	/* What is cut is in the list behind the box. */
	int most = MIN(lines->width, SAMPLE_CELLS);
	bool is_long = grid_width(line) > most;
	box_lines_add(lines, RANK_SAMPLE, STYLE_DIM,
		      is_long ? text_pad(line, (size_t)most) : steal(&line));
}

/* How long the relay would take: an outbox that was idle of late says nothing
 * of that, so the best minute counts; and few rows take no time. */
static void say_rate(const struct plan *plan, struct box_lines *lines)
{
	int64_t n = (int64_t)plan->count;
	if (plan->per_minute == 0 || n <= PLAN_TYPE_ABOVE)
		return;
	box_lines_add(lines, RANK_DETAIL, STYLE_TEXT,
		      xasprintf(_("rate     at the last hour's best, %s/min: "
				  "roughly %s"),
				fmt_number(plan->per_minute).s,
				fmt_span(n * 60000 / plan->per_minute).s));
}

/* What is queued for a stopped channel does not go at once. */
static void say_stopped(const struct plan *plan, struct app *app,
			struct box_lines *lines)
{
	if (plan->action != ACT_RETRY && plan->action != ACT_EDIT)
		return;
	for (size_t i = 0; i < plan->channel_count; i++) {
		const struct channel_state *c =
			pulse_channel(app_pulse(app), plan->channels[i].name);
		if (!c || !channel_is_stopped(c))
			continue;
		bool is_held = strcmp(c->state, "held") == 0;
		box_lines_add(
			lines, RANK_WARN, STYLE_WARN,
			xasprintf(is_held ? _("Channel %s is held: its rows "
					      "wait until it is mended.")
					  : _("Channel %s is paused: its rows "
					      "wait until it is resumed."),
				  c->name));
	}
}

static void say_rows(const struct box_act *b, struct app *app,
		     struct box_lines *lines)
{
	const struct plan *plan = b->plan;
	int64_t now = plan->as_of_ms;
	if (!plan_states(plan->action))
		return;
	say_rate(plan, lines);
	box_lines_blank(lines);
	if (plan->count > 1) {
		say_channels(plan, lines);
		box_lines_add(lines, RANK_DETAIL, STYLE_TEXT,
			      xasprintf(_("  oldest %s    newest %s"),
					fmt_span(now - plan->oldest_ms).s,
					fmt_span(now - plan->newest_ms).s));
	}
	for (size_t i = 0; i < plan->sample_count; i++)
		say_sample(lines, &plan->samples[i], app_is_unmasked(app));
	if (plan->count > plan->sample_count)
		box_lines_add(lines, RANK_SAMPLE, STYLE_DIM, xstrdup("  ..."));
	for (size_t i = 0; i < b->diff.count; i++)
		box_lines_add(lines, b->diff.lines[i].rank,
			      b->diff.lines[i].style,
			      xstrdup(b->diff.lines[i].text));
}

static void say_undo(const struct box_act *b, struct app *app,
		     struct box_lines *lines)
{
	if (b->plan->action == ACT_UNDO)
		box_lines_add(
			lines, RANK_SCOPE, STYLE_TEXT,
			xasprintf(
				_("It was done %s ago."),
				fmt_span(app_now_ms(app) - b->undone_at_ms).s));
}

/* What has the focus is always there; what was typed, if at all possible. */
static enum line_rank rank_of(bool is_here, bool is_filled)
{
	return is_here ? RANK_MUST : is_filled ? RANK_WARN : RANK_HINT;
}

static void say_keys(const struct box_act *b, struct box_lines *lines)
{
	bool is_reason = b->field == FIELD_REASON;
	box_lines_blank(lines);
	if (box_act_has_reason(b))
		box_lines_put(lines, LINE_REASON,
			      rank_of(is_reason, b->reason && *b->reason));
	if (box_act_is_large(b)) {
		box_lines_put(lines, LINE_NUMBER, rank_of(!is_reason, true));
		if (b->is_number_wrong)
			box_lines_add(lines, RANK_WARN, STYLE_BAD,
				      xstrdup(_("That is not the number; "
						"nothing was changed.")));
		box_lines_blank(lines);
		box_lines_add(lines, RANK_HINT, STYLE_HINT,
			      xstrdup(_("Enter does it   Tab next   Esc no   "
					"Ctrl-D dry run (ids to a file)")));
		return;
	}
	box_lines_put(lines, LINE_BUTTONS, rank_of(!is_reason, true));
	if (box_act_has_reason(b))
		box_lines_add(lines, RANK_HINT, STYLE_HINT,
			      xstrdup(_("Tab next   y yes   n/Esc no")));
	else
		box_lines_add(lines, RANK_HINT, STYLE_HINT,
			      xstrdup(_("y yes   n/Esc no")));
}

static void say_asking(const struct box_act *b, struct app *app,
		       struct box_lines *lines)
{
	box_lines_add(lines, RANK_MUST, STYLE_STRONG, box_act_question(b));
	box_lines_blank(lines);
	say_scope(b, app, lines);
	say_undo(b, app, lines);
	box_act_effects(b, lines);
	say_stopped(b->plan, app, lines);
	say_rows(b, app, lines);
	say_keys(b, lines);
}

static void say_stuck(const struct box_act *b, struct box_lines *lines)
{
	if (b->stuck == DB_FULL)
		box_lines_add(lines, RANK_MUST, STYLE_BAD,
			      xstrdup(_("The disk is full: trying again every "
					"second; Esc gives up.")));
	else if (b->stuck)
		box_lines_add(lines, RANK_MUST, STYLE_WARN,
			      xstrdup(_("The database is busy: trying again; "
					"Esc gives up.")));
}

static void say_acting(const struct box_act *b, struct app *app,
		       struct box_lines *lines)
{
	int64_t done = box_act_done(b), total = box_act_total(b);
	int64_t spent = app_mono_ms(app) - b->begun_ms;
	box_lines_put(lines, LINE_BAR, RANK_MUST);
	box_lines_add(lines, RANK_EFFECT, STYLE_TEXT, box_act_progress(b));
	if (done > 0 && done < total)
		box_lines_add(
			lines, RANK_DETAIL, STYLE_DIM,
			xasprintf(_("batches of %d, %d ms rest between them, "
				    "%s left"),
				  ACT_BATCH_MAX, PLAN_REST_MS,
				  fmt_span(spent * (total - done) / done).s));
	say_stuck(b, lines);
	box_lines_blank(lines);
	box_lines_add(lines, RANK_HINT, STYLE_HINT,
		      xstrdup(_("Esc stops after this batch (done rows stay "
				"done)")));
}

static void say_counting(const struct box_act *b, struct box_lines *lines)
{
	struct fmt looked = fmt_number(b->plan->looked);
	struct fmt found = fmt_number((int64_t)b->plan->count);
	box_lines_add(lines, RANK_MUST, STYLE_TEXT,
		      xasprintf(_("counting... %s so far, %s match; Esc "
				  "stops"),
				looked.s, found.s));
}

void box_act_say(const struct box_act *b, struct app *app,
		 struct box_lines *lines)
{
	switch (b->phase) {
	case BOX_COUNTING:
		say_counting(b, lines);
		break;
	case BOX_ASKING:
		say_asking(b, app, lines);
		break;
	case BOX_NOTHING:
		box_lines_add(lines, RANK_MUST, STYLE_TEXT,
			      xstrdup(b->nothing));
		box_lines_blank(lines);
		box_lines_add(lines, RANK_HINT, STYLE_HINT,
			      xstrdup(_("Any key closes this.")));
		break;
	case BOX_ACTING:
		say_acting(b, app, lines);
		break;
	}
}
