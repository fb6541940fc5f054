#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"
#include "tui/view_list_internal.h"

#include <stdlib.h>
#include <string.h>

static struct list_view *of(struct view *v)
{
	return (struct list_view *)v;
}

static void destroy(struct view *v)
{
	struct list_view *l = of(v);
	if (l->side)
		l->side->ops->destroy(l->side);
	rows_destroy(l->rows);
	filter_destroy(l->filter);
	free(l->marks);
	free(l->typed);
	free(l->before);
	free(l->wrong);
	free(l->asked);
	free(l);
}

/* The list borrows its filter, so the old one ends behind the question. */
void list_ask(struct list_view *l, struct filter *filter)
{
	struct filter *old = l->filter;
	l->filter = filter;
	l->is_all = false;
	l->range_from = 0;
	l->skip = 0;
	l->fitted = 0;
	rows_ask(l->rows, filter, l->sort, l->is_reversed);
	filter_destroy(old);
}

void list_go_sort(struct list_view *l, enum list_sort sort, bool is_reversed)
{
	l->sort = sort;
	l->is_reversed = is_reversed;
	rows_ask(l->rows, l->filter, sort, is_reversed);
}

/* The pane follows the cursor once the list stands still. */
static int work_side(struct list_view *l, struct app *app, int64_t deadline_us)
{
	const struct row *here = rows_here(l->rows);
	struct area side = list_side_area(l, app_area(app));
	if (!l->is_side_open || side.rows == 0 || !here)
		return ROWS_DONE;
	if (!l->side)
		l->side = view_detail_create(app, here->id, &l->view);
	else if (l->side_id != here->id)
		view_detail_show(l->side, here->id);
	l->side_id = here->id;
	return l->side->ops->work(l->side, app, deadline_us);
}

static int work(struct view *v, struct app *app, int64_t deadline_us)
{
	struct list_view *l = of(v);
	if (l->typed)
		list_apply_typed(l, app);
	l->height = list_rows_of(l, app_area(app));
	rows_set_height(l->rows, (size_t)MAX(l->height, 1));
	int rc = rows_work(l->rows, app_now_ms(app), deadline_us);
	if (rc == ROWS_DONE && l->wanted)
		rows_go_id(l->rows, l->wanted);
	if (rc == ROWS_DONE)
		l->wanted = 0;
	return rc == ROWS_DONE ? work_side(l, app, deadline_us) : rc;
}

static void refresh(struct view *v, struct app *app)
{
	struct list_view *l = of(v);
	if (app_is_asked(app))
		rows_refresh_now(l->rows);
	else
		rows_refresh(l->rows);
	if (l->side && l->is_side_open)
		l->side->ops->refresh(l->side, app);
}

static const struct row *row(const struct view *v)
{
	return rows_here(((const struct list_view *)v)->rows);
}

static int64_t read_at(const struct view *v)
{
	return rows_state(((const struct list_view *)v)->rows).read_at_ms;
}

static bool stop(struct list_view *l, struct app *app)
{
	struct rows_state state = rows_state(l->rows);
	if (!state.is_scanning || state.is_stopped)
		return false;
	rows_stop(l->rows);
	app_notice(app, STYLE_TEXT,
		   _("stopped; Ctrl-R begins the search again"));
	return true;
}

static void filter(struct list_view *l, struct app *app)
{
	if (app_words(app))
		list_take_words(l, app, app_words(app));
	else
		list_open_prompt(l, app);
}

/* What runs goes before what was chosen, the filter before the marks. */
static bool clear(struct list_view *l, struct app *app)
{
	if (stop(l, app))
		return true;
	if (l->range_from) {
		l->range_from = 0;
	} else if (l->filter && !filter_is_empty(l->filter)) {
		const struct row *here = rows_here(l->rows);
		int64_t id = here ? here->id : 0;
		view_list_set_filter(&l->view, app, "");
		l->wanted = id;
	} else if (l->mark_count || l->is_all) {
		view_list_unmark(&l->view);
	} else {
		return false;
	}
	return true;
}

static void toggle_side(struct list_view *l, struct app *app)
{
	l->is_side_open = !l->is_side_open;
	if (l->is_side_open && app->cols < LIST_BELOW_COLS)
		app_notice(app, STYLE_WARN,
			   _("the side pane needs %d columns: Enter opens the "
			     "row"),
			   LIST_BELOW_COLS);
}

static void open_row(struct list_view *l, struct app *app)
{
	const struct row *here = rows_here(l->rows);
	if (here)
		app_push(app, view_detail_create(app, here->id, &l->view));
}

static void sideways(struct list_view *l, int cells)
{
	l->skip = MIN(MAX(l->skip + cells, 0), LIST_SKIP_MOST);
}

static bool move(struct list_view *l, enum action action)
{
	long page = MAX(l->height, 1), half = MAX(page / 2, 1);
	/* clang-format off */
	switch ((int)action) {
	case ACTION_DOWN: rows_move(l->rows, 1); break;
	case ACTION_UP: rows_move(l->rows, -1); break;
	case ACTION_HALF_DOWN: rows_page(l->rows, half); break;
	case ACTION_HALF_UP: rows_page(l->rows, -half); break;
	case ACTION_PAGE_DOWN: rows_page(l->rows, page); break;
	case ACTION_PAGE_UP: rows_page(l->rows, -page); break;
	case ACTION_FIRST: rows_end(l->rows, -1); break;
	case ACTION_LAST: rows_end(l->rows, 1); break;
	case ACTION_LEFT: sideways(l, -LIST_SKIP); break;
	case ACTION_RIGHT: sideways(l, LIST_SKIP); break;
	default: return false;
	}
	/* clang-format on */
	return true;
}

static void go_groups(struct list_view *l, struct app *app)
{
	app_push(app, view_groups_create(app, view_list_filter(&l->view)));
}

static bool act(struct view *v, struct app *app, enum action action)
{
	struct list_view *l = of(v);
	if (move(l, action) || list_mark_act(l, app, action))
		return true;
	/* clang-format off */
	switch ((int)action) {
	case ACTION_OPEN: open_row(l, app); break;
	case ACTION_FILTER: filter(l, app); break;
	case ACTION_SORT: list_open_sorts(l, app); break;
	case ACTION_COLUMNS: list_open_columns(l, app); break;
	case ACTION_SIDE: toggle_side(l, app); break;
	case ACTION_CLEAR: return clear(l, app);
	case ACTION_INTERRUPT: stop(l, app); break;
	case ACTION_GROUPS:
		if (l->kind != LIST_FAILED)
			return false;
		go_groups(l, app);
		break;
	default: return false;
	}
	/* clang-format on */
	return true;
}

static void click(struct view *v, struct app *app, int y, int x)
{
	struct list_view *l = of(v);
	(void)x;
	size_t line = (size_t)(y - 1);
	if (y < 1 || line >= rows_count(l->rows) || y > l->height)
		return;
	if (line == rows_cursor(l->rows))
		open_row(l, app);
	else
		rows_go_line(l->rows, line);
}

static const struct view_ops ops = {.where = IN_LIST,
				    .destroy = destroy,
				    .work = work,
				    .refresh = refresh,
				    .paint = list_paint,
				    .status = list_status,
				    .act = act,
				    .read_at = read_at,
				    .row = row,
				    .click = click};

struct view *view_list_create(struct app *app, int list_kind)
{
	struct list_view *l = xcalloc(1, sizeof(*l));
	l->view.ops = &ops;
	l->view.where = IN_LIST | (list_kind == LIST_FAILED ? IN_FAILED : 0);
	l->kind = list_kind;
	l->rows = rows_create(app_db(app), (enum list_kind)list_kind);
	l->sort = rows_sort(l->rows, &l->is_reversed);
	l->is_side_open = app_conf(app)->is_side_open;
	return &l->view;
}

bool view_list_step(struct view *list, struct app *app, int direction)
{
	struct list_view *l = of(list);
	const struct row *here = rows_here(l->rows);
	int64_t before = here ? here->id : 0;
	rows_move(l->rows, direction);
	rows_set_height(l->rows, (size_t)MAX(l->height, 1));
	int rc = rows_work(l->rows, app_now_ms(app), 0);
	if (rc != ROWS_DONE && rc != ROWS_MORE)
		app_trouble(app, rc);
	here = rows_here(l->rows);
	return here && here->id != before;
}

int view_list_kind(const struct view *list)
{
	return ((const struct list_view *)list)->kind;
}
