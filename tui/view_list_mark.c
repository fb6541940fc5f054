#include "lib/lang.h"
#include "lib/util.h"
#include "tui/view_list_internal.h"

#include <stdlib.h>
#include <string.h>

/* Where an id is in the marks, or belongs. */
static size_t place_of(const struct list_view *l, int64_t id)
{
	size_t from = 0, to = l->mark_count;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (l->marks[middle] < id)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static bool has_mark(const struct list_view *l, size_t at, int64_t id)
{
	return at < l->mark_count && l->marks[at] == id;
}

bool list_is_marked(const struct list_view *l, int64_t id)
{
	return l->is_all || has_mark(l, place_of(l, id), id);
}

static void add(struct list_view *l, int64_t id)
{
	size_t at = place_of(l, id);
	if (has_mark(l, at, id))
		return;
	if (l->mark_count == l->mark_cap) {
		l->mark_cap = MAX(l->mark_cap * 2, 64u);
		l->marks = xrealloc(l->marks, l->mark_cap * sizeof(*l->marks));
	}
	memmove(l->marks + at + 1, l->marks + at,
		(l->mark_count - at) * sizeof(*l->marks));
	l->marks[at] = id;
	l->mark_count++;
}

static void take_away(struct list_view *l, size_t at)
{
	l->mark_count--;
	memmove(l->marks + at, l->marks + at + 1,
		(l->mark_count - at) * sizeof(*l->marks));
}

/* Less than all can only be chosen one by one: a mark beside "all" would read
 * as more. */
static bool is_all_in_the_way(struct list_view *l, struct app *app)
{
	if (!l->is_all)
		return false;
	app_notice(app, STYLE_WARN,
		   _("all that match are chosen: U clears that first"));
	return true;
}

static void mark(struct list_view *l)
{
	const struct row *here = rows_here(l->rows);
	if (!here)
		return;
	size_t at = place_of(l, here->id);
	if (has_mark(l, at, here->id))
		take_away(l, at);
	else
		add(l, here->id);
	rows_move(l->rows, 1);
}

static void mark_page(struct list_view *l)
{
	for (size_t i = 0; i < rows_count(l->rows); i++)
		add(l, rows_at(l->rows, i)->id);
}

static void mark_range(struct list_view *l, struct app *app)
{
	const struct row *here = rows_here(l->rows);
	scoped_free int64_t *ids = NULL;
	if (!here)
		return;
	if (l->range_from == 0) {
		l->range_from = here->id;
		app_notice(app, STYLE_TEXT,
			   _("from #%lld: move, then v marks to there"),
			   (long long)here->id);
		return;
	}
	size_t count = rows_span(l->rows, l->range_from, &ids);
	if (count == 0) {
		app_notice(app, STYLE_WARN,
			   _("#%lld left the list, or is too far away: a marks "
			     "pages, A all that match"),
			   (long long)l->range_from);
		return;
	}
	for (size_t i = 0; i < count; i++)
		add(l, ids[i]);
	l->range_from = 0;
}

static void mark_all(struct list_view *l, struct app *app)
{
	view_list_unmark(&l->view);
	l->is_all = true;
	app_notice(app, STYLE_TEXT,
		   _("all that match are chosen, also those out of sight; the "
		     "box will say how many"));
}

bool list_mark_act(struct list_view *l, struct app *app, enum action action)
{
	bool is_mark = action == ACTION_MARK || action == ACTION_MARK_RANGE ||
		       action == ACTION_MARK_PAGE;
	if (is_mark && is_all_in_the_way(l, app))
		return true;
	if (action == ACTION_MARK)
		mark(l);
	else if (action == ACTION_MARK_RANGE)
		mark_range(l, app);
	else if (action == ACTION_MARK_PAGE)
		mark_page(l);
	else if (action == ACTION_MARK_ALL)
		mark_all(l, app);
	else if (action == ACTION_UNMARK)
		view_list_unmark(&l->view);
	else
		return false;
	return true;
}

const int64_t *view_list_marks(struct view *list, size_t *count_out,
			       bool *is_all_out)
{
	struct list_view *l = (struct list_view *)list;
	*count_out = l->mark_count;
	*is_all_out = l->is_all;
	return l->marks;
}

void view_list_unmark(struct view *list)
{
	struct list_view *l = (struct list_view *)list;
	l->mark_count = 0;
	l->is_all = false;
	l->range_from = 0;
}
