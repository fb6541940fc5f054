#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"

#include <stdlib.h>
#include <string.h>

static int list_kind(enum tab tab)
{
	static const int kinds[TAB_COUNT] = {
		[TAB_PENDING] = LIST_PENDING, [TAB_SENDING] = LIST_SENDING,
		[TAB_FAILED] = LIST_FAILED,   [TAB_DELIVERED] = LIST_DELIVERED,
		[TAB_ALL] = LIST_ALL,
	};
	return tab < TAB_COUNT ? kinds[tab] : LIST_ALL;
}

static struct view *make_root(struct app *app, enum tab tab)
{
	switch (tab) {
	case TAB_HOME:
		return view_home_create(app);
	case TAB_LOG:
		return view_log_create(app);
	case TAB_AUDIT:
		return view_audit_create(app);
	case TAB_PENDING:
	case TAB_SENDING:
	case TAB_FAILED:
	case TAB_DELIVERED:
	case TAB_ALL:
	case TAB_COUNT:
		break;
	}
	return view_list_create(app, list_kind(tab));
}

/* Views are made when they are first looked at: there are none before the
 * database is open. */
struct view *app_root(struct app *app, enum tab tab)
{
	struct app_tab *t = &app->tabs[tab];
	if (t->depth == 0 && app->link.db && !app->link.problem) {
		t->views[t->depth++] = make_root(app, tab);
		if (app->filters[tab] && t->views[0]->where & IN_LIST)
			view_list_set_filter(t->views[0], app,
					     app->filters[tab]);
	}
	return t->depth ? t->views[0] : NULL;
}

struct view *app_view(const struct app *app)
{
	const struct app_tab *t = &app->tabs[app->tab];
	return t->depth ? t->views[t->depth - 1] : NULL;
}

struct box *app_box(const struct app *app)
{
	return app->box_count ? app->boxes[app->box_count - 1] : NULL;
}

void app_stir(struct app *app)
{
	app->link.is_view_read = false;
	app->is_dirty = true;
}

void app_wake(struct app *app, int64_t mono_ms)
{
	if (app->wake_at == 0 || mono_ms < app->wake_at)
		app->wake_at = mono_ms;
}

/* What closes itself is still running: its end comes after the key. */
void app_reap(struct app *app)
{
	while (app->dead_box_count) {
		struct box *b = app->dead_boxes[--app->dead_box_count];
		b->ops->destroy(b);
	}
	while (app->dead_view_count) {
		struct view *v = app->dead_views[--app->dead_view_count];
		v->ops->destroy(v);
	}
}

static void bury_view(struct app *app, struct view *v)
{
	if (app->dead_view_count == APP_DEPTH) {
		v->ops->destroy(v);
		return;
	}
	app->dead_views[app->dead_view_count++] = v;
}

static void keep_filter(struct app *app, enum tab tab)
{
	struct view *root = app->tabs[tab].views[0];
	if (!(root->where & IN_LIST))
		return;
	free(app->filters[tab]);
	app->filters[tab] = xstrdup(view_list_filter(root));
}

void app_drop_views(struct app *app)
{
	for (int i = 0; i < TAB_COUNT; i++) {
		struct app_tab *t = &app->tabs[i];
		if (t->depth)
			keep_filter(app, i);
		while (t->depth) {
			struct view *v = t->views[--t->depth];
			v->ops->destroy(v);
		}
	}
}

void app_show_tab(struct app *app, enum tab tab)
{
	if (tab != app->tab) {
		app->last_tab = app->tab;
		app->tab = tab;
		app->tabs[tab].from = -1;
	}
	struct view *v = app_root(app, tab);
	if (v && !app->is_frozen)
		app->link.is_wanted = true;
	app_stir(app);
}

/* Enter leads here from a line of another tab: q leads back. */
void app_go_tab(struct app *app, enum tab tab)
{
	enum tab from = app->tab;
	app_show_tab(app, tab);
	if (from != tab)
		app->tabs[tab].from = (int)from;
}

void app_push(struct app *app, struct view *view)
{
	struct app_tab *t = &app->tabs[app->tab];
	if (t->depth == APP_DEPTH) {
		view->ops->destroy(view);
		app_notice(app, STYLE_WARN,
			   _("too many views over each other: q goes back"));
		return;
	}
	t->views[t->depth++] = view;
	app_stir(app);
}

void app_pop(struct app *app)
{
	struct app_tab *t = &app->tabs[app->tab];
	if (t->depth < 2)
		return;
	bury_view(app, t->views[--t->depth]);
	app_stir(app);
}

void app_back(struct app *app)
{
	struct app_tab *t = &app->tabs[app->tab];
	int from = t->from;
	if (t->depth > 1) {
		app_pop(app);
	} else if (from >= 0) {
		app_show_tab(app, (enum tab)from);
		t->from = -1;
	} else {
		app_leave(app);
	}
}

/* A view that was left for the one below it is gone; a tab is not. */
void app_last_view(struct app *app)
{
	if (app->last_tab == app->tab)
		app_pop(app);
	else
		app_show_tab(app, app->last_tab);
}

void app_go_list(struct app *app, enum tab tab, const char *filter)
{
	app_go_tab(app, tab);
	while (app->tabs[tab].depth > 1)
		app_pop(app);
	struct view *v = app_view(app);
	if (v && v->where & IN_LIST && filter)
		view_list_set_filter(v, app, filter);
}

void app_open_box(struct app *app, struct box *box)
{
	if (app->box_count == APP_BOXES) {
		box->ops->destroy(box);
		return;
	}
	app->boxes[app->box_count++] = box;
	app->is_dirty = true;
}

void app_close_box(struct app *app)
{
	if (app->box_count == 0)
		return;
	struct box *b = app->boxes[--app->box_count];
	if (app->dead_box_count == APP_BOXES)
		b->ops->destroy(b);
	else
		app->dead_boxes[app->dead_box_count++] = b;
	app_stir(app);
}

bool app_has_box(const struct app *app)
{
	return app->box_count > 0;
}

void app_drop_boxes(struct app *app)
{
	while (app->box_count)
		app_close_box(app);
	app_reap(app);
}
