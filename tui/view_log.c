/* The relay's log, its newest end. */
#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/view_tail.h"

#include <stdlib.h>
#include <string.h>

enum { LEVEL_CELLS = 6 };

static const struct {
	const char *word, *least;
	enum style style;
} levels[] = {
	[EVENT_DEBUG] = {N_("level|DEBUG"), N_("everything"), STYLE_DIM},
	[EVENT_INFO] = {N_("level|INFO"), N_("level >= info"), STYLE_TEXT},
	[EVENT_WARN] = {N_("level|WARN"), N_("level >= warn"), STYLE_WARN},
	[EVENT_ERROR] = {N_("level|ERROR"), N_("level >= error"), STYLE_BAD},
};

static void format(struct tail *t, const struct event *e)
{
	tail_add_time(t, e);
	tail_add(t, C_(levels[e->level].word), LEVEL_CELLS,
		 levels[e->level].style);
	if (!tail_is_narrow(t)) {
		scoped_free char *source =
			text_pad(e->source, t->pane.cols < TAIL_WIDE ? 12 : 16);
		tail_add(t, source, 0, STYLE_NAME);
		buf_addc(&t->line, ' ');
	}
	buf_adds(&t->line, e->text);
}

static void next_level(struct tail *t)
{
	t->least = (t->least + 1) % ARRAY_LEN(levels);
	tail_ask(t);
	app_notice(t->app, STYLE_TEXT, "%s", _(levels[t->least].least));
}

static void open_row(struct tail *t)
{
	const struct event *e = tail_here(t);
	if (e && e->row)
		app_push(t->app, view_detail_create(t->app, e->row, NULL));
	else
		app_notice(t->app, STYLE_WARN, _("this line speaks of no row"));
}

static bool act(struct view *v, struct app *app, enum action action)
{
	struct tail *t = (struct tail *)v;
	(void)app;
	if (action == ACTION_LEVEL)
		next_level(t);
	else if (action == ACTION_OPEN)
		open_row(t);
	else
		return tail_act(t, action);
	return true;
}

static void status(struct view *v, struct app *app, struct buf *left,
		   struct buf *right)
{
	struct tail *t = (struct tail *)v;
	(void)app;
	buf_addf(left, "%s   ", _(levels[t->least].least));
	buf_addf(left, _("filter: %s"), t->words ? t->words : _("none"));
	tail_status_right(t, right);
	if (t->is_held)
		buf_addf(right, "   %s", _("f or G to follow"));
}

static void destroy(struct view *v)
{
	tail_finish((struct tail *)v);
	free(v);
}

static const struct view_ops ops = {
	.where = IN_LOG,
	.destroy = destroy,
	.work = tail_work,
	.refresh = tail_refresh,
	.paint = tail_paint,
	.status = status,
	.act = act,
	.read_at = tail_read_at,
	.click = tail_click,
	.search = tail_search,
};

struct view *view_log_create(struct app *app)
{
	struct tail *t = xcalloc(1, sizeof(*t));
	tail_init(t, app, &ops, EVENTS_LOG);
	t->format = format;
	t->least = EVENT_INFO;
	t->indent = 2;
	events_ask(t->events, t->least, NULL);
	return &t->view;
}
