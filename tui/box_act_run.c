#include "tui/box_act.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How long a batch waits for a lock, or for room on the disk. */
enum { BUSY_REST_MS = 200, FULL_REST_MS = 1000 };

/* What is to be done, in rows or channels; 0: not known. */
int64_t box_act_total(const struct box_act *b)
{
	switch (b->plan->action) {
	case ACT_UNDO:
		return b->undone_count;
	case ACT_PAUSE:
	case ACT_RESUME:
		return 0;
	case ACT_RETRY:
	case ACT_EDIT:
	case ACT_CANCEL:
	case ACT_ACTION_COUNT:
		break;
	}
	return (int64_t)b->plan->count;
}

/* Of that, what has been looked at. */
int64_t box_act_done(const struct box_act *b)
{
	int64_t done = 0;
	for (int fate = 0; fate < ACT_FATE_COUNT; fate++)
		done += b->plan->result.counts[fate];
	return done;
}

static void say_nothing(struct box_act *b, char *why)
{
	free(b->nothing);
	b->nothing = why;
	box_act_enter(b, BOX_NOTHING);
}

static void ask(struct box_act *b)
{
	bool has_rows = plan_states(b->plan->action);
	box_act_enter(b, BOX_ASKING);
	box_act_diff(b->plan, &b->diff);
	b->field = box_act_is_large(b) ? FIELD_NUMBER : FIELD_NO;
	if (has_rows && b->plan->count == 0)
		say_nothing(b, box_act_nothing(b));
}

static int find_undo(struct box_act *b, struct planner *p, int64_t now_ms)
{
	scoped_free char *act = planner_undoable(
		p, now_ms, &b->undone, &b->undone_at_ms, &b->undone_count);
	if (act && strcmp(act, b->plan->undoes) == 0)
		ask(b);
	else
		say_nothing(b, xstrdup(_("There is nothing to undo: only a "
					 "cancel or a pause of the last "
					 "minute can be undone.")));
	return ROWS_DONE;
}

static int choose_all(struct box_act *b, struct planner *p, int64_t now_ms,
		      int64_t deadline_us)
{
	struct filter_error error;
	if (!b->filter && filter_parse(b->plan->filter ? b->plan->filter : "",
				       &b->filter, &error)) {
		say_nothing(b, xstrdup(error.message));
		return ROWS_DONE;
	}
	return planner_choose_all(p, b->plan, b->kind, b->filter, now_ms,
				  deadline_us);
}

static int choose(struct box_act *b, struct app *app, int64_t deadline_us)
{
	struct planner *p = app_planner(app);
	int64_t now_ms = app_now_ms(app);
	if (!p || !planner_can_act(p) || app_is_read_only(app)) {
		say_nothing(b, xstrdup(_("Read-only: nothing can be changed "
					 "here.")));
		return ROWS_DONE;
	}
	if (b->plan->action == ACT_UNDO)
		return find_undo(b, p, now_ms);
	int rc = ROWS_DONE;
	if (b->ids)
		rc = planner_choose_ids(p, b->plan, b->ids, b->count, now_ms);
	else if (plan_states(b->plan->action))
		rc = choose_all(b, p, now_ms, deadline_us);
	if (rc == ROWS_DONE && b->phase == BOX_COUNTING)
		ask(b);
	return rc;
}

/* Marks stay where something is left to do. */
static void unmark(struct app *app)
{
	struct view *view = app_view(app);
	if (view && view->where & IN_LIST)
		view_list_unmark(view);
}

void box_act_end(struct box_act *b, struct app *app, bool is_stopped)
{
	struct plan *plan = b->plan;
	scoped_free char *summary = plan_summary(plan);
	if (plan->error) {
		app_notice(app, STYLE_BAD, "%s (%s)", plan->error, summary);
	} else if (is_stopped && box_act_done(b) == 0) {
		app_notice(app, STYLE_STATUS, "%s", _("Nothing was changed."));
	} else if (is_stopped) {
		app_notice(app, STYLE_WARN,
			   _("Stopped after %s of %s: %s changed, %s skipped; "
			     "what is done stays done"),
			   fmt_number(box_act_done(b)).s,
			   fmt_number(box_act_total(b)).s,
			   fmt_number(plan->result.counts[ACT_CHANGED]).s,
			   fmt_number(act_skipped(&plan->result)).s);
	} else {
		bool is_whole = plan->result.counts[ACT_FAILED] == 0 &&
				act_skipped(&plan->result) == 0;
		app_notice(app, is_whole ? STYLE_GOOD : STYLE_WARN, "%s",
			   summary);
		unmark(app);
	}
	box_act_close(b, app);
	app_refresh(app);
}

static int act(struct box_act *b, struct app *app)
{
	struct planner *p = app_planner(app);
	int64_t now = app_mono_ms(app);
	if (!p || now < b->next_ms)
		return ROWS_DONE;
	int rc = planner_act(p, b->plan, app_now_ms(app));
	b->stuck = rc == DB_BUSY || rc == DB_FULL ? rc : 0;
	b->next_ms = now + (rc == DB_BUSY   ? BUSY_REST_MS
			    : rc == DB_FULL ? FULL_REST_MS
					    : PLAN_REST_MS);
	if (rc == ROWS_DONE || rc == PLAN_ENDED || rc < 0)
		box_act_end(b, app, false);
	return rc < 0 ? rc : ROWS_DONE;
}

int box_act_work(struct box *box, struct app *app, int64_t deadline_us)
{
	struct box_act *b = (struct box_act *)box;
	if (b->phase == BOX_ACTING)
		return act(b, app);
	if (b->phase != BOX_COUNTING)
		return ROWS_DONE;
	int rc = choose(b, app, deadline_us);
	if (rc < 0)
		box_act_close(b, app);
	return rc;
}

static int write_ids(const struct plan *plan, int fd)
{
	FILE *file = fdopen(fd, "w");
	if (!file) {
		close(fd);
		return -1;
	}
	for (size_t i = 0; i < plan->count; i++)
		fprintf(file, "%lld\n", (long long)plan->rows[i].id);
	int rc = ferror(file) ? -1 : 0;
	return fclose(file) ? -1 : rc;
}

/* Only its owner can read the file: ids tell what is going on. */
void box_act_dry_run(struct box_act *b, struct app *app)
{
	static const char ending[] = ".ids";
	const char *dir = getenv("TMPDIR");
	scoped_free char *path =
		xasprintf("%s/outbox-%s-XXXXXX%s", dir && dir[0] ? dir : "/tmp",
			  act_action_name(b->plan->action), ending);
	int fd = mkstemps(path, sizeof(ending) - 1);
	if (fd < 0 || write_ids(b->plan, fd)) {
		app_notice(app, STYLE_BAD, _("%s cannot be written: %s"), path,
			   strerror(errno));
		return;
	}
	app_notice(app, STYLE_GOOD,
		   P_("Nothing was changed. %s id is in %s",
		      "Nothing was changed. %s ids are in %s", b->plan->count),
		   fmt_number((int64_t)b->plan->count).s, path);
	box_act_close(b, app);
}
