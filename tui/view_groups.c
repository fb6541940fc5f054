/* Failed rows by what went wrong: a line a group. */
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"
#include "tui/view_groups_internal.h"

#include <stdlib.h>
#include <string.h>

static struct groups_view *of(struct view *v)
{
	return (struct groups_view *)v;
}

static void forget(struct groups_view *v)
{
	free(steal(&v->channel));
	free(steal(&v->reason));
	free(steal(&v->error));
}

static void destroy(struct view *view)
{
	struct groups_view *v = of(view);
	groups_destroy(v->groups);
	filter_destroy(v->filter);
	forget(v);
	free(v);
}

static const struct group *here(const struct groups_view *v)
{
	size_t count = groups_count(v->groups);
	return v->cursor < count ? groups_at(v->groups, v->cursor) : NULL;
}

static void remember(struct groups_view *v)
{
	const struct group *g = here(v);
	forget(v);
	if (!g)
		return;
	v->channel = xstrdup(g->channel);
	v->reason = xstrdup(g->reason);
	v->error = xstrdup(g->error);
}

static bool is_remembered(const struct groups_view *v, const struct group *g)
{
	return v->channel && strcmp(v->channel, g->channel) == 0 &&
	       strcmp(v->reason, g->reason) == 0 &&
	       strcmp(v->error, g->error) == 0;
}

/* Groups change places as they grow: the cursor stays with its own. */
static void find_again(struct groups_view *v)
{
	size_t count = groups_count(v->groups);
	for (size_t i = 0; i < count; i++)
		if (is_remembered(v, groups_at(v->groups, i))) {
			v->cursor = i;
			return;
		}
	v->cursor = MIN(v->cursor, count ? count - 1 : 0);
	remember(v);
}

static int work(struct view *view, struct app *app, int64_t deadline_us)
{
	struct groups_view *v = of(view);
	int rc = groups_work(v->groups, app_now_ms(app), deadline_us);
	find_again(v);
	return rc;
}

static void refresh(struct view *view, struct app *app)
{
	if (app_is_asked(app))
		groups_refresh_now(of(view)->groups);
	else
		groups_refresh(of(view)->groups);
}

static int64_t read_at(const struct view *view)
{
	return groups_read_at(((const struct groups_view *)view)->groups);
}

static void move(struct groups_view *v, long lines)
{
	long count = (long)groups_count(v->groups);
	long to = MIN(MAX((long)v->cursor + lines, 0), MAX(count - 1, 0));
	v->cursor = (size_t)to;
	remember(v);
}

static char *filter_here(const struct groups_view *v, struct app *app)
{
	const struct group *g = here(v);
	char *text = g ? group_filter(g, filter_text(v->filter)) : NULL;
	if (g && !text)
		app_notice(app, STYLE_WARN,
			   _("No filter names these rows: narrow the groups "
			     "with / first."));
	return text;
}

/* The rows lie over the groups: the list below keeps its own filter. */
static void open_group(struct groups_view *v, struct app *app)
{
	scoped_free char *text = filter_here(v, app);
	if (!text)
		return;
	struct view *list = view_list_create(app, LIST_FAILED);
	view_list_set_filter(list, app, text);
	app_push(app, list);
}

static void act_group(struct groups_view *v, struct app *app,
		      enum act_action action)
{
	char *text = filter_here(v, app);
	if (!text)
		return;
	struct plan *plan = xcalloc(1, sizeof(*plan));
	plan_init(plan, action);
	plan->filter = text;
	app_act_open(app, plan, NULL, 0, LIST_FAILED);
}

static bool filter_done(struct app *app, void *arg, const char *text,
			char **problem_out, size_t *problem_at_out)
{
	struct groups_view *v = arg;
	struct filter *filter, *old = v->filter;
	struct filter_error error;
	if (!text)
		return true;
	if (filter_parse(text, &filter, &error) != 0) {
		*problem_out = xstrdup(error.message);
		*problem_at_out = error.at;
		return false;
	}
	v->filter = filter;
	groups_ask(v->groups, filter);
	filter_destroy(old);
	app_stir(app);
	return true;
}

static const struct line_ops filter_line = {.done = filter_done};

static bool clear(struct groups_view *v, struct app *app)
{
	char *problem = NULL;
	size_t at;
	if (filter_is_empty(v->filter))
		return false;
	return filter_done(app, v, "", &problem, &at);
}

static bool step(struct groups_view *v, enum action action)
{
	long page = MAX(v->height, 1), all = (long)groups_count(v->groups);
	/* clang-format off */
	switch ((int)action) {
	case ACTION_DOWN: move(v, 1); break;
	case ACTION_UP: move(v, -1); break;
	case ACTION_HALF_DOWN: move(v, MAX(page / 2, 1)); break;
	case ACTION_HALF_UP: move(v, -MAX(page / 2, 1)); break;
	case ACTION_PAGE_DOWN: move(v, page); break;
	case ACTION_PAGE_UP: move(v, -page); break;
	case ACTION_FIRST: move(v, -all); break;
	case ACTION_LAST: move(v, all); break;
	case ACTION_LEFT: v->skip = MAX(v->skip - 8, 0); break;
	case ACTION_RIGHT: v->skip += 8; break;
	default: return false;
	}
	/* clang-format on */
	return true;
}

static void edit_one(struct groups_view *v, struct app *app)
{
	(void)v;
	app_notice(app, STYLE_WARN,
		   _("one row at a time: Enter shows the rows"));
}

static void open_filter(struct groups_view *v, struct app *app)
{
	scoped_free char *problem = NULL;
	size_t at;
	if (app_words(app)) {
		if (!filter_done(app, v, app_words(app), &problem, &at))
			app_notice(app, STYLE_BAD, "%s", problem);
		return;
	}
	app_open_box(app,
		     box_line_create(_("filter: "), filter_text(v->filter),
				     PROMPT_FILTERS, true, &filter_line, v));
}

static bool act(struct view *view, struct app *app, enum action action)
{
	struct groups_view *v = of(view);
	if (step(v, action))
		return true;
	/* clang-format off */
	switch ((int)action) {
	case ACTION_OPEN: open_group(v, app); break;
	case ACTION_GROUPS: app_pop(app); break;
	case ACTION_RETRY: act_group(v, app, ACT_RETRY); break;
	case ACTION_CANCEL: act_group(v, app, ACT_CANCEL); break;
	case ACTION_EDIT: edit_one(v, app); break;
	case ACTION_FILTER: open_filter(v, app); break;
	case ACTION_CLEAR: return clear(v, app);
	default: return false;
	}
	/* clang-format on */
	return true;
}

static void click(struct view *view, struct app *app, int y, int x)
{
	struct groups_view *v = of(view);
	(void)x;
	size_t at = v->top + (size_t)(y - 1);
	if (y < 1 || at >= groups_count(v->groups))
		return;
	if (at == v->cursor)
		open_group(v, app);
	else
		move(v, (long)at - (long)v->cursor);
}

static void status(struct view *view, struct app *app, struct buf *left,
		   struct buf *right)
{
	struct groups_view *v = of(view);
	bool is_complete;
	int64_t total = groups_total(v->groups, &is_complete);
	size_t count = groups_count(v->groups);
	const char *text = filter_text(v->filter);
	(void)app;
	buf_addf(left, _("filter: %s"), *text ? text : C_("filter|none"));
	buf_addf(right, P_("%s row", "%s rows", total),
		 fmt_count(total, !is_complete, false).s);
	buf_addf(right, "   %zu/%zu", count ? v->cursor + 1 : 0, count);
}

static const struct view_ops ops = {.where = IN_GROUPS | IN_FAILED,
				    .destroy = destroy,
				    .work = work,
				    .refresh = refresh,
				    .paint = groups_paint,
				    .status = status,
				    .act = act,
				    .read_at = read_at,
				    .click = click};

struct view *view_groups_create(struct app *app, const char *filter_text)
{
	struct groups_view *v = xcalloc(1, sizeof(*v));
	struct filter_error error;
	v->view.ops = &ops;
	v->view.where = ops.where;
	v->groups = groups_create(app_db(app));
	if (filter_parse(filter_text, &v->filter, &error) != 0)
		filter_parse("", &v->filter, &error);
	groups_ask(v->groups, v->filter);
	return &v->view;
}
