#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"

#include <stdlib.h>
#include <string.h>

void app_act_open(struct app *app, struct plan *plan, const int64_t *ids,
		  size_t count, int list_kind)
{
	if (!app->is_read_only && !app_open_writer(app)) {
		if (plan->action == ACT_EDIT)
			app_edit_settle(app, false);
		plan_finish(plan);
		free(plan);
		return;
	}
	app_open_box(app, box_act_create(app, plan, ids, count, list_kind));
}

static struct plan *make_plan(enum act_action action)
{
	struct plan *plan = xcalloc(1, sizeof(*plan));
	plan_init(plan, action);
	return plan;
}

static void act_all(struct app *app, struct view *list, enum act_action action)
{
	struct plan *plan = make_plan(action);
	plan->filter = xstrdup(view_list_filter(list));
	app_act_open(app, plan, NULL, 0, view_list_kind(list));
}

/* The marks, or all, or the row under the cursor: in that order. */
void app_act_rows(struct app *app, enum act_action action)
{
	struct view *v = app_view(app);
	size_t count = 0;
	bool is_all = false;
	const int64_t *ids = NULL;
	if (v && v->where & IN_LIST && action != ACT_EDIT)
		ids = view_list_marks(v, &count, &is_all);
	if (is_all) {
		act_all(app, v, action);
		return;
	}
	const struct row *row = v && v->ops->row ? v->ops->row(v) : NULL;
	if (count == 0 && row) {
		ids = &row->id;
		count = 1;
	}
	if (count == 0) {
		app_notice(app, STYLE_WARN, _("there is no row here"));
		return;
	}
	if (action == ACT_EDIT)
		app_edit(app, *ids);
	else
		app_act_open(app, make_plan(action), ids, count, LIST_ALL);
}

/* What a retry of everything would do is what its box says. */
void app_dry_run(struct app *app)
{
	struct view *v = app_view(app);
	if (v && v->where & IN_LIST)
		act_all(app, v, ACT_RETRY);
	else
		app_notice(app, STYLE_WARN, _("first go to a list"));
}

static void pause_channel(struct app *app, const char *name, bool is_resume)
{
	struct plan *plan = make_plan(is_resume ? ACT_RESUME : ACT_PAUSE);
	plan->channel = xstrdup_or_null(name);
	app_act_open(app, plan, NULL, 0, LIST_ALL);
}

enum { PAUSE_ALL = 'a', RESUME_ALL = 'r', PAUSE_MAX = 9 };

/* What is held is resumed, too: the relay then probes it at once. */
static void pause_chosen(struct app *app, void *arg, int32_t key)
{
	(void)arg;
	const char *name = app->menu_channels;
	if (key == PAUSE_ALL || key == RESUME_ALL) {
		pause_channel(app, NULL, key == RESUME_ALL);
		return;
	}
	if (key < '1' || key > '9' || !name)
		return;
	for (int32_t i = '1'; i < key && *name; i++)
		name += strlen(name) + 1;
	const struct channel_state *c = pulse_channel(&app->link.pulse, name);
	if (c)
		pause_channel(app, name, channel_is_stopped(c));
}

static char *pause_label(const struct channel_state *c)
{
	if (strcmp(c->state, "paused") == 0)
		return xasprintf(_("%s: resume (paused)"), c->name);
	if (strcmp(c->state, "held") == 0)
		return xasprintf(_("%s: resume, probe at once (held)"),
				 c->name);
	return xasprintf(_("%s: pause"), c->name);
}

static void pause_menu(struct app *app)
{
	const struct pulse *p = &app->link.pulse;
	struct menu_row rows[PAUSE_MAX + 2];
	char *labels[PAUSE_MAX];
	size_t count = 0, n = MIN(p->channel_count, PAUSE_MAX);
	scoped_buf names = {0};
	for (; count < n; count++) {
		const struct channel_state *c = &p->channels[count];
		labels[count] = pause_label(c);
		buf_add(&names, c->name, strlen(c->name) + 1);
		rows[count] = (struct menu_row){'1' + (int32_t)count,
						labels[count], false};
	}
	rows[count++] = (struct menu_row){PAUSE_ALL, _("pause all"), false};
	rows[count++] = (struct menu_row){RESUME_ALL, _("resume all"), false};
	free(app->menu_channels);
	app->menu_channels = buf_detach(&names);
	app_open_box(app, box_menu_create(_("Pause or resume"), rows, count,
					  pause_chosen, NULL));
	for (size_t i = 0; i < n; i++)
		free(labels[i]);
}

void app_act_pause(struct app *app)
{
	const struct channel_state *c =
		app->words ? pulse_channel(&app->link.pulse, app->words) : NULL;
	if (c)
		pause_channel(app, c->name, channel_is_stopped(c));
	else if (app->words)
		app_notice(app, STYLE_WARN, _("no channel is named %s"),
			   app->words);
	else
		pause_menu(app);
}

void app_act_undo(struct app *app)
{
	enum act_action action;
	int64_t at_ms, changed;
	char *act = app->link.planner
			    ? planner_undoable(app->link.planner, app->wall_ms,
					       &action, &at_ms, &changed)
			    : NULL;
	if (!act) {
		app_notice(app, STYLE_WARN,
			   _("nothing to undo: a cancel or a pause of yours, "
			     "of the last 60 s"));
		return;
	}
	struct plan *plan = make_plan(ACT_UNDO);
	plan->undoes = act;
	app_act_open(app, plan, NULL, 0, LIST_ALL);
}
