#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_tiny(const struct app *app)
{
	return app->cols < APP_TINY_COLS || app->rows < APP_TINY_ROWS;
}

/* --- The banner ---------------------------------------------------------- */

/* Lines of it: one where there is little room. */
static int banner_rows(const struct app *app, const struct app_alarm *alarms,
		       size_t count)
{
	if (count == 0 || app->rows < 7)
		return 0;
	return app_is_small(app) || (count == 1 && !alarms[0].hint) ? 1 : 2;
}

static void paint_banner(struct grid *g, const struct app_alarm *alarms,
			 size_t count, int rows)
{
	size_t shown = rows == 2 && count > 1 ? 2 : 1;
	for (size_t i = 0; i < shown && rows; i++) {
		int y = 2 + (int)i;
		grid_fill(g, y, 0, 1, g->cols, STYLE_BANNER);
		grid_put(g, y, 0, 3, STYLE_BANNER, "!! ");
		grid_put(g, y, 3, g->cols - 3, STYLE_BANNER, alarms[i].text);
	}
	if (rows == 2 && shown == 1) {
		grid_fill(g, 3, 0, 1, g->cols, STYLE_BANNER);
		grid_put(g, 3, 3, g->cols - 3, STYLE_BANNER, alarms[0].hint);
	}
	if (count > shown && rows) {
		scoped_free char *more =
			xasprintf(_(" +%zu more "), count - shown);
		int width = grid_width(more);
		grid_put(g, 1 + rows, g->cols - width, width, STYLE_BANNER,
			 more);
	}
}

/* --- The status row and the hints ---------------------------------------- */

/* A notice takes the place of all but the freshness, and of that, too, if it
 * is too long: it goes with the next key. */
static void paint_notice(const struct app *app, struct grid *g, int y, int room)
{
	if (grid_width(app->notice) > room - 3)
		room = g->cols;
	grid_pad(g, y, 0, room, app->notice_style, "");
	grid_put(g, y, 1, room - 1, app->notice_style, app->notice);
}

static void paint_status(struct app *app, struct grid *g, int y)
{
	scoped_buf left = {0}, right = {0}, fresh = {0};
	struct view *v = app_view(app);
	enum style style;
	app_freshness(app, &fresh, &style);
	if (v)
		v->ops->status(v, app, &left, &right);
	int fresh_x = MAX(g->cols - 1 - grid_width(buf_str(&fresh)), 0);
	int x = fresh_x;
	if (right.len)
		x = MAX(x - grid_width(buf_str(&right)) - 3, 0);
	grid_put(g, y, fresh_x, g->cols, style, buf_str(&fresh));
	if (app->notice) {
		paint_notice(app, g, y, fresh_x);
		return;
	}
	grid_put(g, y, x, fresh_x - x, STYLE_STATUS, buf_str(&right));
	grid_put(g, y, 1, MAX(x - 3, 0), STYLE_STATUS, buf_str(&left));
}

/* What fits, the way back always. */
static const enum action hints[] = {
	ACTION_HELP,   ACTION_COMMAND,	ACTION_FOLLOW, ACTION_FILTER,
	ACTION_SEARCH, ACTION_LEVEL,	ACTION_OPEN,   ACTION_RETRY,
	ACTION_GROUPS, ACTION_CANCEL,	ACTION_MARK,   ACTION_EDIT,
	ACTION_PAUSE,  ACTION_COPY,	ACTION_WRAP,   ACTION_RAW,
	ACTION_FREEZE, ACTION_NEXT_TAB,
};

/* The first key of an action here; false: it has none. */
static bool first_key(const struct app *app, enum action action,
		      char out[INPUT_NAME_LEN])
{
	scoped_free char *keys =
		keymap_keys(app_keymap(app), app_where(app), action);
	snprintf(out, INPUT_NAME_LEN, "%.*s", (int)strcspn(keys, " "), keys);
	return *out != '\0';
}

/* Whether the row that an act would be about allows it: what is marked is
 * looked at by the box alone. */
static bool is_allowed(const struct app *app, enum action action)
{
	struct view *v = app_view(app);
	size_t marked = 0;
	bool is_all = false;
	unsigned states = action == ACTION_RETRY    ? plan_states(ACT_RETRY)
			  : action == ACTION_CANCEL ? plan_states(ACT_CANCEL)
			  : action == ACTION_EDIT   ? plan_states(ACT_EDIT)
						    : 0;
	if (!states || !v || !v->ops->row)
		return true;
	if (v->where & IN_LIST && action != ACTION_EDIT)
		view_list_marks(v, &marked, &is_all);
	const struct row *row = v->ops->row(v);
	return marked || is_all || !row || states & 1U << row->status;
}

static bool is_hinted(const struct app *app, enum action action)
{
	const struct action_row *row = action_row(action);
	/* A group's rows are not edited at once: its key only says so. */
	if (action == ACTION_EDIT && app_where(app) & IN_GROUPS)
		return false;
	return row->where & app_where(app) && *row->label &&
	       !(row->flags & ACTION_CHANGES && app->is_read_only) &&
	       is_allowed(app, action);
}

/* Returns the cells used: key in one style, word in another. */
static int put_hint(const struct app *app, struct grid *g, int x, int room,
		    enum action action, const char *label)
{
	char key[INPUT_NAME_LEN];
	if (!first_key(app, action, key))
		return 0;
	bool is_sign = strchr("?:/", key[0]) && !key[1];
	int need = grid_width(key) + (is_sign ? 0 : 1) + grid_width(label);
	if (!*label)
		need = grid_width(key);
	if (need > room)
		return 0;
	int used = grid_put(g, g->rows - 1, x, room, STYLE_KEY, key);
	if (*label)
		grid_put(g, g->rows - 1, x + used + !is_sign, room, STYLE_HINT,
			 label);
	return need;
}

static const char *back_label(const struct app *app)
{
	const struct app_tab *t = &app->tabs[app->tab];
	return _(action_row(t->depth > 1 || t->from >= 0 ? ACTION_BACK
							 : ACTION_QUIT)
			 ->label);
}

/* On what waits, a retry is only sooner. */
static const char *hint_label(const struct app *app, enum action action)
{
	const struct view *v = app_view(app);
	const struct row *row = v && v->ops->row ? v->ops->row(v) : NULL;
	bool is_waiting = row && row->status == MESSAGE_PENDING;
	if (action == ACTION_RETRY && (is_waiting || app->tab == TAB_PENDING))
		return _("send now");
	if (action == ACTION_GROUPS && app_where(app) & IN_GROUPS)
		return _("by row");
	return _(action_row(action)->label);
}

/* In the place of the keys that are off. */
static int put_off(const struct app *app, struct grid *g, int x, int room)
{
	const char *off = _("(read-only: R X E P off)");
	if (!app->is_read_only || grid_width(off) > room)
		return 0;
	return grid_put(g, g->rows - 1, x, room, STYLE_HINT, off);
}

static void paint_hints(const struct app *app, struct grid *g)
{
	bool is_short = app_is_small(app);
	const char *back = is_short ? "" : back_label(app);
	char key[INPUT_NAME_LEN];
	int gap = is_short ? 1 : 2, x = 1;
	int room = g->cols - gap - grid_width(back) - 1;
	if (first_key(app, ACTION_BACK, key))
		room -= grid_width(key);
	for (size_t i = 0; i < ARRAY_LEN(hints); i++) {
		const char *label = is_short ? "" : hint_label(app, hints[i]);
		int used = 0;
		if (hints[i] == ACTION_RETRY && !is_short)
			used = put_off(app, g, x, room - x);
		if (is_hinted(app, hints[i]))
			used = put_hint(app, g, x, room - x, hints[i], label);
		x += used ? used + gap : 0;
	}
	put_hint(app, g, x, g->cols - x, ACTION_BACK, back);
}

/* --- All of it ----------------------------------------------------------- */

static int banner_of(const struct app *app)
{
	struct app_alarm alarms[APP_ALARMS];
	size_t count = app_alarms(app, alarms);
	int rows = banner_rows(app, alarms, count);
	for (size_t i = 0; i < count; i++) {
		free(alarms[i].text);
		free(alarms[i].hint);
	}
	return rows;
}

struct area app_area(const struct app *app)
{
	int top = 2 + banner_of(app);
	return (struct area){.y = top,
			     .x = 0,
			     .rows = MAX(app->rows - top - 2, 0),
			     .cols = app->cols};
}

/* What may be wrong by now is dim; the cursor stays where one looks. */
static void dim(struct grid *g, struct area area)
{
	for (int y = area.y; y < area.y + area.rows; y++)
		for (int x = 0; x < g->cols; x++) {
			struct cell *c = &g->cells[y * g->cols + x];
			if (c->style != STYLE_CURSOR)
				c->style = STYLE_DIM;
		}
}

/* Three words, for whoever has no room for more. */
static void paint_tiny(const struct app *app, struct grid *g)
{
	enum style style;
	struct fmt word = app_relay_word(app, &style);
	struct count n = {0};
	bool is_known = app_tab_count(app, TAB_FAILED, false, &n);
	struct fmt failed = fmt_short(n.n, n.is_more);
	char key[INPUT_NAME_LEN];
	grid_putf(g, 0, 0, g->cols, style, "outbox %s", word.s);
	grid_putf(g, 1, 0, g->cols, n.n ? STYLE_BAD : STYLE_TEXT,
		  _("failed %s"), is_known ? failed.s : "?");
	if (first_key(app, ACTION_BACK, key))
		grid_putf(g, 2, 0, g->cols, STYLE_HINT, "%s %s", key,
			  back_label(app));
}

static void paint_frame(struct app *app, struct grid *g)
{
	struct app_alarm alarms[APP_ALARMS];
	size_t count = app_alarms(app, alarms);
	int banner = banner_rows(app, alarms, count);
	struct area area = app_area(app);
	struct view *v = app_view(app);
	if (app_is_small(app))
		app_paint_small_title(app, g);
	else
		app_paint_title(app, g);
	app_paint_tabs(app, g);
	if (v && area.rows > 0)
		v->ops->paint(v, app, g, area);
	if (app_is_stale(app))
		dim(g, area);
	paint_banner(g, alarms, count, banner);
	paint_status(app, g, g->rows - 2);
	paint_hints(app, g);
	for (size_t i = 0; i < count; i++) {
		free(alarms[i].text);
		free(alarms[i].hint);
	}
}

void app_paint(struct app *app, struct grid *g)
{
	app->is_dirty = false;
	grid_resize(g, app->rows, app->cols);
	grid_erase(g);
	g->is_ascii |= app->options.conf->is_ascii;
	g->is_borderless |= !app->options.conf->has_borders;
	if (is_tiny(app))
		paint_tiny(app, g);
	else
		paint_frame(app, g);
	for (size_t i = 0; i < app->box_count; i++)
		app->boxes[i]->ops->paint(app->boxes[i], app, g);
}
