#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool app_is_small(const struct app *app)
{
	return app->cols < APP_SMALL_COLS || app->rows < APP_SMALL_ROWS;
}

bool app_is_wide(const struct app *app)
{
	return app->cols >= APP_WIDE_COLS && !app_is_small(app);
}

/* --- The title ----------------------------------------------------------- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash && slash[1] ? slash + 1 : path;
}

/* Right to left, so that the clock never moves. */
static int put_left_of(struct grid *g, int x, enum style style,
		       const char *text)
{
	int width = grid_width(text);
	if (x - width < 1)
		return x;
	grid_put(g, 0, x - width, width, style, text);
	return x - width;
}

static struct fmt clock_text(const struct app *app)
{
	struct fmt clock = fmt_clock(app->wall_ms, app->times);
	return clock;
}

static int paint_relay(const struct app *app, struct grid *g, int x)
{
	const struct pulse *p = &app->link.pulse;
	enum style style;
	struct fmt word = app_relay_word(app, &style);
	struct fmt beat = fmt_span(app->wall_ms - p->beat_at_ms);
	if (p->relay == RELAY_RUNNING || p->relay == RELAY_DRAINING) {
		scoped_free char *text = xasprintf(_("beat %s"), beat.s);
		x = put_left_of(g, x, STYLE_TITLE, text) - 2;
		if (app_is_wide(app)) {
			scoped_free char *who =
				xasprintf(_("pid %lld %s"), (long long)p->pid,
					  p->host ? p->host : "");
			x = put_left_of(g, x, STYLE_TITLE, who) - 2;
		}
	}
	x = put_left_of(g, x, style, word.s) - 1;
	return put_left_of(g, x, STYLE_TITLE, C_("title|relay"));
}

void app_paint_title(const struct app *app, struct grid *g)
{
	grid_fill(g, 0, 0, 1, g->cols, STYLE_TITLE);
	struct fmt clock = clock_text(app);
	int x = put_left_of(g, g->cols - 1, STYLE_TITLE, clock.s) - 3;
	x = put_left_of(g, x, STYLE_TITLE,
			app->is_read_only ? C_("title|READ-ONLY")
					  : C_("title|RW")) -
	    3;
	x = paint_relay(app, g, x) - 2;
	scoped_free char *left =
		app_is_wide(app)
			? xasprintf("outbox console   %s   %s", app->path,
				    fmt_bytes(app->link.bytes).s)
			: xasprintf("outbox  %s", base_name(app->path));
	grid_put(g, 0, 1, MAX(x - 1, 0), STYLE_TITLE, left);
}

/* One line of what matters most, where a title has no room. */
void app_paint_small_title(const struct app *app, struct grid *g)
{
	const struct pulse *p = &app->link.pulse;
	enum style style;
	struct fmt word = app_relay_word(app, &style);
	struct fmt beat = fmt_span(app->wall_ms - p->beat_at_ms);
	bool is_alive = p->relay == RELAY_RUNNING && p->read_at_ms;
	scoped_free char *text = xasprintf(
		"outbox %s%s%s %s", word.s, is_alive ? " " : "",
		is_alive ? beat.s : "",
		app->is_read_only ? C_("title|READ-ONLY") : C_("title|RW"));
	grid_fill(g, 0, 0, 1, g->cols, style);
	grid_put(g, 0, 1, g->cols - 1, style, text);
}

/* --- The tabs ------------------------------------------------------------ */

static const char *tab_name(enum tab tab, bool is_long)
{
	static const char *const names[TAB_COUNT][2] = {
		[TAB_HOME] = {N_("tab|Home"), N_("long tab|Overview")},
		[TAB_PENDING] = {N_("tab|Pend"), N_("long tab|Pending")},
		[TAB_SENDING] = {N_("tab|Send"), N_("long tab|Sending")},
		[TAB_FAILED] = {N_("tab|Fail"), N_("long tab|Failed")},
		[TAB_DELIVERED] = {N_("tab|Done"), N_("long tab|Delivered")},
		[TAB_ALL] = {N_("tab|All"), N_("long tab|All")},
		[TAB_LOG] = {N_("tab|Log"), N_("long tab|Log")},
		[TAB_AUDIT] = {N_("tab|Audit"), N_("long tab|Audit")},
	};
	return C_(names[tab][is_long]);
}

/* Whether there is a count, and which. */
bool app_tab_count(const struct app *app, enum tab tab, bool is_long,
		   struct count *out)
{
	const struct counts *c = app->link.counts;
	static const int statuses[TAB_COUNT] = {
		[TAB_PENDING] = MESSAGE_PENDING + 1,
		[TAB_SENDING] = MESSAGE_SENDING + 1,
		[TAB_FAILED] = MESSAGE_FAILED + 1,
		[TAB_DELIVERED] = MESSAGE_DELIVERED + 1,
	};
	if (!c || !statuses[tab] || app->link.pulse.read_at_ms == 0 ||
	    (tab == TAB_DELIVERED && !is_long))
		return false;
	*out = counts_of(c, statuses[tab] - 1);
	if (tab == TAB_FAILED)
		*out = count_add(*out, counts_of(c, MESSAGE_EXPIRED));
	return true;
}

/* level 0: long names; 1: short names; 2: without counts; 3: digits but for
 * the one that is shown, and for what failed; 4: and without that. */
static char *tab_text(const struct app *app, enum tab tab, int level)
{
	struct count n;
	bool is_here = tab == app->tab;
	const char *open = is_here ? "[" : " ", *close = is_here ? "]" : " ";
	bool is_alarm = level <= 3 && tab == TAB_FAILED &&
			app_tab_count(app, tab, false, &n) && n.n > 0;
	if (level >= 3 && !is_here && !is_alarm)
		return xasprintf(" %d ", (int)tab + 1);
	if ((level >= 2 && !is_here && !is_alarm) ||
	    !app_tab_count(app, tab, level == 0, &n))
		return xasprintf("%s%d %s%s%s", open, (int)tab + 1,
				 tab_name(tab, level == 0), close,
				 level ? "" : " ");
	struct fmt f = level == 0 ? fmt_count(n.n, n.is_more, n.is_about)
				  : fmt_short(n.n, n.is_more);
	return xasprintf("%s%d %s %s%s%s", open, (int)tab + 1,
			 tab_name(tab, level == 0), f.s, close,
			 level ? "" : " ");
}

static int tabs_width(const struct app *app, int level)
{
	int width = 0;
	for (int i = 0; i < TAB_COUNT; i++) {
		scoped_free char *text = tab_text(app, i, level);
		width += grid_width(text);
	}
	return width;
}

static int tabs_level(const struct app *app)
{
	int level = app_is_wide(app) ? 0 : 1;
	while (level < 4 && tabs_width(app, level) > app->cols)
		level++;
	return level;
}

int app_tab_at(const struct app *app, int x)
{
	int from = 0, level = tabs_level(app);
	for (int i = 0; i < TAB_COUNT; i++) {
		scoped_free char *text = tab_text(app, i, level);
		from += grid_width(text);
		if (x < from)
			return i;
	}
	return -1;
}

void app_paint_tabs(const struct app *app, struct grid *g)
{
	int x = 0, level = tabs_level(app);
	for (int i = 0; i < TAB_COUNT; i++) {
		scoped_free char *text = tab_text(app, i, level);
		x += grid_put(g, 1, x, g->cols - x,
			      i == (int)app->tab ? STYLE_TAB_HERE : STYLE_TAB,
			      text);
	}
}
