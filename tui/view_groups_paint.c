#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"
#include "tui/view_groups_internal.h"

#include <stdlib.h>

struct widths {
	int count, channel, error, first, last, sample;
};

static struct widths fit(const struct groups_view *v, int cols)
{
	struct widths w = {.count = 7,
			   .channel = cols >= APP_SMALL_COLS ? 10 : 0,
			   .last = cols >= 40 ? 9 : 0};
	w.first = cols >= 90 ? 10 : 0;
	w.sample = cols >= 75 ? 10 : 0;
	for (size_t i = 0; w.channel && i < groups_count(v->groups); i++) {
		int width = grid_width(groups_at(v->groups, i)->channel) + 2;
		w.channel = MIN(MAX(w.channel, width), 18);
	}
	w.error = MAX(cols - 3 - w.count - w.channel - w.first - w.last -
			      w.sample,
		      0);
	return w;
}

static void paint_line(struct grid *g, struct area a, struct widths w,
		       enum style style, const char *const texts[6], int skip)
{
	const int widths[] = {w.count, w.channel, w.error,
			      w.first, w.last,	  w.sample};
	int x = a.x + 3;
	for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
		grid_put_from(g, a.y, x, MAX(widths[i] - 1, 0), style, texts[i],
			      i == 2 ? skip : 0);
		x += widths[i];
	}
}

static void paint_group(const struct groups_view *v, const struct app *app,
			struct grid *g, struct area a, struct widths w,
			size_t at)
{
	const struct group *group = groups_at(v->groups, at);
	int64_t now_ms = app_now_ms(app);
	struct fmt count = fmt_number(group->count);
	struct fmt first =
		fmt_at(MIN(group->first_ms, now_ms), now_ms, app_times(app));
	struct fmt last =
		fmt_at(MIN(group->last_ms, now_ms), now_ms, app_times(app));
	scoped_free char *error = group_text(group);
	scoped_free char *sample = xasprintf("#%lld", (long long)group->sample);
	paint_line(g, a, w, STYLE_TEXT,
		   (const char *const[]){count.s, group->channel, error,
					 first.s, last.s, sample},
		   v->skip);
	if (at != v->cursor)
		return;
	grid_put(g, a.y, a.x, 1, STYLE_TEXT, ">");
	grid_restyle(g, a.y, a.x, a.cols, STYLE_CURSOR);
	g->cursor_y = a.y;
	g->cursor_x = a.x;
}

static const char *empty(const struct groups_view *v)
{
	bool is_complete;
	groups_total(v->groups, &is_complete);
	if (!is_complete || groups_read_at(v->groups) == 0)
		return _("reading ...");
	return filter_is_empty(v->filter)
		       ? _("no failed rows")
		       : _("nothing matches this filter: Esc clears it");
}

static void scroll(struct groups_view *v, int height)
{
	v->height = MAX(height, 1);
	if (v->cursor < v->top)
		v->top = v->cursor;
	if (v->cursor >= v->top + (size_t)v->height)
		v->top = v->cursor - (size_t)v->height + 1;
}

void groups_paint(struct view *view, struct app *app, struct grid *g,
		  struct area area)
{
	struct groups_view *v = (struct groups_view *)view;
	struct widths w = fit(v, area.cols);
	struct area line = area;
	size_t count = groups_count(v->groups);
	paint_line(
		g, line, w, STYLE_HEAD,
		(const char *const[]){C_("column|COUNT"), C_("column|CHANNEL"),
				      C_("column|ERROR"), C_("column|FIRST"),
				      C_("column|LAST"), C_("column|SAMPLE")},
		0);
	scroll(v, area.rows - 1);
	for (size_t i = v->top; i < count; i++) {
		if (++line.y >= area.y + area.rows)
			return;
		paint_group(v, app, g, line, w, i);
	}
	if (count == 0 && area.rows > 2)
		grid_put(g, line.y + 2, area.x + 3, area.cols - 3, STYLE_DIM,
			 empty(v));
	else if (line.y + 2 < area.y + area.rows)
		grid_put(g, line.y + 2, area.x + 1, area.cols - 1, STYLE_DIM,
			 _("Enter shows a group's rows; R and X act on all of "
			   "them, and say how many."));
}
