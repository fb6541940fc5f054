#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"
#include "tui/view_list_internal.h"

#include <stdlib.h>

char *list_empty(const struct list_view *l)
{
	static const char *const texts[LIST_KIND_COUNT] = {
		[LIST_PENDING] = N_("nothing waits"),
		[LIST_SENDING] = N_("nothing is on the wire"),
		[LIST_FAILED] = N_("no failed rows"),
		[LIST_DELIVERED] =
			N_("nothing was delivered, or it is pruned already"),
		[LIST_ALL] = N_("the outbox is empty"),
	};
	struct rows_state state = rows_state(l->rows);
	bool is_filtered = l->filter && !filter_is_empty(l->filter);
	if (state.is_stopped)
		return xasprintf(_("stopped: nothing among %s rows; Ctrl-R "
				   "begins again"),
				 fmt_number(state.looked).s);
	if (state.is_scanning)
		return xasprintf(_("searching: nothing among %s rows so far; "
				   "Esc stops"),
				 fmt_number(state.looked).s);
	if (state.read_at_ms == 0)
		return xstrdup(_("not read yet"));
	if (is_filtered && filter_has_word(l->filter))
		return xstrdup(_("nothing matches: Esc clears; payload:WORD "
				 "looks into payloads"));
	if (is_filtered)
		return xstrdup(_("nothing matches this filter: Esc clears it"));
	return xstrdup(_(texts[l->kind]));
}

static void say_filter(const struct list_view *l, const struct app *app,
		       struct buf *left)
{
	const char *text = view_list_filter(&l->view);
	bool is_small = app->cols < APP_SMALL_COLS;
	if (l->wrong)
		buf_adds(left, l->wrong);
	else if (*text)
		buf_addf(left, is_small ? "/%s" : _("filter: %s"), text);
	else if (!is_small)
		buf_addf(left, _("filter: %s"), C_("filter|none"));
	if (!l->wrong && app->cols >= APP_WIDE_COLS)
		buf_addf(left, _("    sort: %s"), list_sort_name(l->sort));
}

/* What all the rows of an unfiltered list are, counted beside it. */
static bool find_total(const struct list_view *l, const struct app *app,
		       struct count *out)
{
	const struct counts *c = app_counts(app);
	static const enum message_status of[LIST_KIND_COUNT] = {
		[LIST_PENDING] = MESSAGE_PENDING,
		[LIST_SENDING] = MESSAGE_SENDING,
		[LIST_FAILED] = MESSAGE_FAILED,
		[LIST_DELIVERED] = MESSAGE_DELIVERED,
	};
	if (!c || (l->filter && !filter_is_empty(l->filter)))
		return false;
	*out = counts_of(c, of[l->kind]);
	if (l->kind == LIST_FAILED)
		*out = count_add(*out, counts_of(c, MESSAGE_EXPIRED));
	for (int s = 0; l->kind == LIST_ALL && s < MESSAGE_STATUS_COUNT; s++)
		if (s != MESSAGE_PENDING)
			*out = count_add(*out,
					 counts_of(c, (enum message_status)s));
	return true;
}

static void say_place(const struct list_view *l, const struct app *app,
		      struct buf *right)
{
	struct rows_state state = rows_state(l->rows);
	struct count total = {.n = state.found, .is_more = !state.is_complete};
	if (!state.is_complete)
		find_total(l, app, &total);
	struct fmt of = fmt_count(total.n, total.is_more, total.is_about);
	if (state.read_at_ms == 0 && !state.is_scanning)
		return;
	if (right->len)
		buf_adds(right, "   ");
	if (state.place)
		buf_addf(right, "%s/%s", fmt_number(state.place).s, of.s);
	else
		buf_addf(right, "%s/%s", total.n ? "?" : "0", of.s);
}

void view_list_place(const struct view *list, const struct app *app,
		     struct buf *out)
{
	say_place((const struct list_view *)list, app, out);
}

static void say_marks(const struct list_view *l, struct buf *right)
{
	if (l->is_all)
		buf_adds(right, _("ALL marked"));
	else if (l->mark_count)
		buf_addf(right, P_("%s marked", "%s marked", l->mark_count),
			 fmt_number((int64_t)l->mark_count).s);
	else if (l->range_from)
		buf_addf(right, _("from #%lld"), (long long)l->range_from);
}

void list_status(struct view *v, struct app *app, struct buf *left,
		 struct buf *right)
{
	const struct list_view *l = (const struct list_view *)v;
	struct rows_state state = rows_state(l->rows);
	bool is_searching = state.is_scanning && state.looked;
	say_marks(l, right);
	if (is_searching || state.is_stopped) {
		if (right->len)
			buf_adds(right, "   ");
		buf_addf(right,
			 state.is_stopped ? _("stopped at %s, %s found")
					  : _("searched %s, %s found, Esc "
					      "stops"),
			 fmt_number(state.looked).s, fmt_number(state.found).s);
	} else {
		say_place(l, app, right);
	}
	say_filter(l, app, left);
}
