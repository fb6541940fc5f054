#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"

#include <stdlib.h>

static bool has_marks(struct app *app)
{
	for (int i = 0; i < TAB_COUNT; i++) {
		struct app_tab *t = &app->tabs[i];
		for (size_t j = 0; j < t->depth; j++) {
			size_t count = 0;
			bool is_all = false;
			if (!(t->views[j]->where & IN_LIST))
				continue;
			view_list_marks(t->views[j], &count, &is_all);
			if (count || is_all)
				return true;
		}
	}
	return false;
}

static void leave_chosen(struct app *app, void *arg, int32_t key)
{
	(void)arg;
	if (key == 'y')
		app->effect = EFFECT_QUIT;
}

void app_leave(struct app *app)
{
	if (!has_marks(app)) {
		app->effect = EFFECT_QUIT;
		return;
	}
	const struct menu_row rows[] = {
		{'y', _("leave, and forget the marks"), false},
		{'n', _("stay"), true},
	};
	app_open_box(app, box_menu_create(_("Leave? Rows are marked."), rows,
					  ARRAY_LEN(rows), leave_chosen, NULL));
}

/* Once stops what runs, in the box or the list; twice leaves. */
static void interrupt(struct app *app)
{
	bool is_second = app->interrupted_at &&
			 app->mono_ms - app->interrupted_at <= APP_TWICE_MS;
	app->interrupted_at = MAX(app->mono_ms, 1);
	if (is_second) {
		app->effect = EFFECT_QUIT;
		return;
	}
	struct box *box = app_box(app);
	struct view *v = app_view(app);
	if (box)
		box->ops->key(box, app, INPUT_ESCAPE);
	else if (v && v->where & IN_LISTS)
		v->ops->act(v, app, ACTION_INTERRUPT);
	/* What was stopped has said how far it came. */
	if (!app->notice)
		app_notice(app, STYLE_WARN, _("Ctrl-C once more leaves"));
}

static void toggle_write(struct app *app)
{
	if (app->options.is_read_only) {
		app_notice(app, STYLE_WARN,
			   _("started with --read-only: nothing lifts that"));
		return;
	}
	if (app->is_unwritable) {
		app_notice(app, STYLE_WARN,
			   _("read-only: you may not write this file"));
		return;
	}
	app->is_read_only = !app->is_read_only;
	if (app->is_read_only)
		app_close_writer(app);
	app_notice(app, STYLE_WARN, "%s",
		   app->is_read_only ? _("read-only: changes are off")
				     : _("changes are on: R X E P work"));
}

/* Nobody sees more than the audit says that he saw. */
static void toggle_unmask(struct app *app)
{
	if (app->is_read_only) {
		app_notice(
			app, STYLE_WARN,
			_("read-only: the audit cannot keep that you looked"));
		return;
	}
	if (!app_open_writer(app))
		return;
	if (planner_note_unmask(app->link.planner, !app->is_unmasked,
				app->wall_ms) != 0) {
		app_notice(app, STYLE_BAD,
			   _("not now: the audit could not be written"));
		return;
	}
	app->is_unmasked = !app->is_unmasked;
	app_stir(app);
	app_notice(app, STYLE_WARN, "%s",
		   app->is_unmasked ? _("recipients are shown in full")
				    : _("recipients are masked"));
}

static void next_times(struct app *app)
{
	static const char *const names[FMT_TIME_COUNT] = {
		[FMT_AGO] = N_("times: how long ago"),
		[FMT_LOCAL] = N_("times: local"),
		[FMT_UTC] = N_("times: UTC"),
	};
	app->times = (app->times + 1) % FMT_TIME_COUNT;
	app_notice(app, STYLE_TEXT, "%s", _(names[app->times]));
}

static void freeze(struct app *app)
{
	app->is_frozen = !app->is_frozen;
	if (!app->is_frozen)
		app_refresh(app);
	app_notice(app, STYLE_TEXT, "%s",
		   app->is_frozen ? _("frozen: z goes on, Ctrl-R reads once")
				  : _("live again"));
}

static void toggle_mouse(struct app *app)
{
	app->has_mouse = !app->has_mouse;
	app->effect = EFFECT_MOUSE;
	app_notice(app, STYLE_TEXT, "%s",
		   app->has_mouse ? _("mouse on: Shift selects text")
				  : _("mouse off"));
}

static void go_tab(struct app *app, int tab)
{
	app_show_tab(app, (tab + TAB_COUNT) % TAB_COUNT);
}

static void clear(struct app *app)
{
	if (app->tabs[app->tab].depth > 1)
		app_pop(app);
}

static void read_again(struct app *app)
{
	app_refresh(app);
	app_notice(app, STYLE_TEXT, _("reading again"));
}

static void help(struct app *app)
{
	app_open_box(app, box_help_create(app, app_where(app)));
}

static bool own_move(struct app *app, enum action action)
{
	if (action >= ACTION_TAB_1 && action <= ACTION_TAB_8) {
		go_tab(app, (int)(action - ACTION_TAB_1));
		return true;
	}
	/* clang-format off */
	switch ((int)action) {
	case ACTION_NEXT_TAB: go_tab(app, (int)app->tab + 1); break;
	case ACTION_PREVIOUS_TAB: go_tab(app, (int)app->tab - 1); break;
	case ACTION_BACK: app_back(app); break;
	case ACTION_LAST_VIEW: app_last_view(app); break;
	case ACTION_CLEAR: clear(app); break;
	case ACTION_SEARCH: app_search(app, 0); break;
	case ACTION_SEARCH_NEXT: app_search(app, 1); break;
	case ACTION_SEARCH_BEFORE: app_search(app, -1); break;
	default: return false;
	}
	/* clang-format on */
	return true;
}

bool app_own(struct app *app, enum action action)
{
	if (own_move(app, action))
		return true;
	/* clang-format off */
	switch ((int)action) {
	case ACTION_RETRY: app_act_rows(app, ACT_RETRY); break;
	case ACTION_CANCEL: app_act_rows(app, ACT_CANCEL); break;
	case ACTION_EDIT: app_act_rows(app, ACT_EDIT); break;
	case ACTION_PAUSE: app_act_pause(app); break;
	case ACTION_UNDO: app_act_undo(app); break;
	case ACTION_DRY_RUN: app_dry_run(app); break;
	case ACTION_TIMES: next_times(app); break;
	case ACTION_FREEZE: freeze(app); break;
	case ACTION_REFRESH: read_again(app); break;
	case ACTION_REDRAW: app->effect = EFFECT_REDRAW; break;
	case ACTION_MOUSE: toggle_mouse(app); break;
	case ACTION_COPY: app_copy_menu(app); break;
	case ACTION_COMMAND: app_open_box(app, box_palette_create(app)); break;
	case ACTION_HELP: help(app); break;
	case ACTION_SUSPEND: app->effect = EFFECT_SUSPEND; break;
	case ACTION_INTERRUPT: interrupt(app); break;
	case ACTION_QUIT: app_leave(app); break;
	case ACTION_RELAY: app_show_relay(app); break;
	case ACTION_ERRORS: app_show_errors(app); break;
	case ACTION_KEYS: app_show_keys(app); break;
	case ACTION_SAVE: app_save_filter(app); break;
	case ACTION_LOAD: app_load_filter(app); break;
	case ACTION_MASK: toggle_unmask(app); break;
	case ACTION_WRITE: toggle_write(app); break;
	default: return false;
	}
	/* clang-format on */
	return true;
}
