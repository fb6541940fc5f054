#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

unsigned app_where(const struct app *app)
{
	const struct view *v = app_view(app);
	if (v)
		return v->where;
	return app->tab == TAB_HOME ? IN_HOME : IN_LIST;
}

void app_notice(struct app *app, enum style style, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	free(app->notice);
	app->notice = NULL;
	if (vasprintf(&app->notice, fmt, args) < 0)
		abort();
	va_end(args);
	app->notice_style = style;
	app->is_dirty = true;
}

static bool is_refused(struct app *app, enum action action)
{
	if (!(action_row(action)->flags & ACTION_CHANGES) || !app->is_read_only)
		return false;
	app_notice(app, STYLE_WARN, "%s",
		   app->options.is_read_only
			   ? _("read-only: this console was started with "
			       "--read-only")
		   : app->is_unwritable
			   ? _("read-only: you may not write this file")
			   : _("read-only: :write lifts it"));
	return true;
}

/* Statements for tables of another version would not be made: what is shown
 * stays, and nothing else is asked for. */
static bool is_out_of_reach(struct app *app, enum action action)
{
	bool is_reading = action == ACTION_OPEN || action == ACTION_GROUPS ||
			  action == ACTION_SIDE || action == ACTION_SORT ||
			  action == ACTION_COPY || action == ACTION_EDIT;
	if (!is_reading || (app->link.db && !app->link.problem))
		return false;
	app_notice(app, STYLE_WARN,
		   _("not now: the database is not as it should be"));
	return true;
}

void app_do(struct app *app, enum action action, const char *words)
{
	app->words = words && *words ? words : NULL;
	struct view *v = app_view(app);
	if (action == ACTION_NONE || is_refused(app, action) ||
	    is_out_of_reach(app, action))
		return;
	app_stir(app);
	bool is_done = false;
	if (v && action != ACTION_INTERRUPT)
		is_done = v->ops->act(v, app, action);
	if (!is_done && !app_own(app, action))
		app_notice(app, STYLE_WARN, _("%s: not here"),
			   action_row(action)->name);
	app->words = NULL;
}

const char *app_words(const struct app *app)
{
	return app->words;
}

/* These reach the app whatever lies over the views. */
static bool is_for_all(enum action action)
{
	return action == ACTION_INTERRUPT || action == ACTION_SUSPEND ||
	       action == ACTION_REDRAW;
}

static void wheel(struct app *app, int32_t key)
{
	for (int i = 0; i < 3; i++)
		app_do(app, key == INPUT_WHEEL_UP ? ACTION_UP : ACTION_DOWN,
		       NULL);
}

void app_key(struct app *app, int32_t key)
{
	struct box *box = app_box(app);
	enum action action = keymap_find(app_keymap(app), app_where(app), key);
	free(steal(&app->notice));
	app->is_dirty = true;
	if (action != ACTION_INTERRUPT)
		app->interrupted_at = 0;
	if (box && !(key < ' ' && is_for_all(action)))
		box->ops->key(box, app, key);
	else if (key == INPUT_WHEEL_UP || key == INPUT_WHEEL_DOWN)
		wheel(app, key);
	else if (action != ACTION_NONE)
		app_do(app, action, NULL);
	app_reap(app);
}

void app_click(struct app *app, int y, int x)
{
	struct area area = app_area(app);
	struct view *v = app_view(app);
	app->is_dirty = true;
	if (app_box(app))
		return;
	if (y == 1 && app_tab_at(app, x) >= 0) {
		app_show_tab(app, (enum tab)app_tab_at(app, x));
		return;
	}
	y -= area.y;
	if (v && v->ops->click && y >= 0 && y < area.rows) {
		v->ops->click(v, app, y, x - area.x);
		app_stir(app);
	}
	app_reap(app);
}
