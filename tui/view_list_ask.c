#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"
#include "tui/view_list_internal.h"

#include <stdlib.h>
#include <string.h>

/* What is wrong comes first: a narrow row cuts the rest. */
static char *explain(const char *text, const struct filter_error *error)
{
	size_t len =
		MIN(error->len, strlen(text) - MIN(error->at, strlen(text)));
	if (len == 0)
		return xstrdup(error->message);
	return xasprintf(_("\"%.*s\": %s"), (int)len, text + error->at,
			 error->message);
}

static bool is_same(const struct list_view *l, const struct filter *filter)
{
	return strcmp(view_list_filter(&l->view), filter_text(filter)) == 0;
}

const char *view_list_filter(const struct view *list)
{
	const struct list_view *l = (const struct list_view *)list;
	return l->filter ? filter_text(l->filter) : "";
}

bool view_list_set_filter(struct view *list, struct app *app, const char *text)
{
	struct list_view *l = (struct list_view *)list;
	struct filter *filter;
	struct filter_error error;
	if (filter_parse(text, &filter, &error) != 0) {
		scoped_free char *why = explain(text, &error);
		app_notice(app, STYLE_BAD, "%s", why);
		return false;
	}
	list_ask(l, filter);
	app_stir(app);
	return true;
}

/* What is half typed neither fails aloud nor reads a whole table. */
void list_apply_typed(struct list_view *l, struct app *app)
{
	struct filter *filter;
	struct filter_error error;
	if (app_mono_ms(app) - l->typed_at < LIST_TYPING_MS) {
		app_wake(app, l->typed_at + LIST_TYPING_MS);
		return;
	}
	scoped_free char *text = steal(&l->typed);
	free(steal(&l->wrong));
	if (filter_parse(text, &filter, &error) != 0) {
		l->wrong = explain(text, &error);
		return;
	}
	if (is_same(l, filter) || filter_is_heavy(filter))
		filter_destroy(filter);
	else
		list_ask(l, filter);
}

static void changed(struct app *app, void *arg, const char *text)
{
	struct list_view *l = arg;
	free(l->typed);
	l->typed = xstrdup(text);
	l->typed_at = app_mono_ms(app);
	app_wake(app, l->typed_at + LIST_TYPING_MS);
}

static void forget_typed(struct list_view *l)
{
	free(steal(&l->typed));
	free(steal(&l->wrong));
}

static void heavy_chosen(struct app *app, void *arg, int32_t key)
{
	struct list_view *l = arg;
	scoped_free char *text = steal(&l->asked);
	if (key == 'y' && text)
		view_list_set_filter(&l->view, app, text);
}

static void ask_heavy(struct list_view *l, struct app *app, const char *text)
{
	const struct menu_row rows[] = {
		{'y', _("search; Esc stops it"), false},
		{'n', _("do not"), true},
	};
	free(l->asked);
	l->asked = xstrdup(text);
	app_open_box(app,
		     box_menu_create(_("payload: reads every payload"), rows,
				     ARRAY_LEN(rows), heavy_chosen, l));
}

void list_take_words(struct list_view *l, struct app *app, const char *text)
{
	struct filter *filter;
	struct filter_error error;
	bool is_heavy = false;
	if (filter_parse(text, &filter, &error) == 0) {
		is_heavy = filter_is_heavy(filter);
		filter_destroy(filter);
	}
	if (is_heavy)
		ask_heavy(l, app, text);
	else
		view_list_set_filter(&l->view, app, text);
}

static bool done(struct app *app, void *arg, const char *text,
		 char **problem_out, size_t *problem_at_out)
{
	struct list_view *l = arg;
	struct filter *filter;
	struct filter_error error;
	scoped_free char *before = xstrdup(l->before ? l->before : "");
	if (!text) {
		forget_typed(l);
		if (strcmp(before, view_list_filter(&l->view)) != 0)
			view_list_set_filter(&l->view, app, before);
		return true;
	}
	if (filter_parse(text, &filter, &error) != 0) {
		*problem_out = xstrdup(error.message);
		*problem_at_out = error.at;
		return false;
	}
	forget_typed(l);
	if (is_same(l, filter))
		filter_destroy(filter);
	else if (filter_is_heavy(filter)) {
		filter_destroy(filter);
		ask_heavy(l, app, text);
	} else {
		list_ask(l, filter);
	}
	return true;
}

static const struct line_ops line = {.changed = changed, .done = done};

void list_open_prompt(struct list_view *l, struct app *app)
{
	const char *text = view_list_filter(&l->view);
	free(l->before);
	l->before = xstrdup(text);
	app_open_box(app, box_line_create(_("filter: "), text, PROMPT_FILTERS,
					  true, &line, l));
}

const char *list_sort_name(enum list_sort sort)
{
	static const char *const names[SORT_COUNT] = {
		[SORT_ID] = N_("sort|id"),
		[SORT_DUE] = N_("sort|due"),
		[SORT_UPDATED] = N_("sort|age"),
	};
	return C_(names[sort]);
}

/* The sort that is chosen already turns round. */
static void sort_chosen(struct app *app, void *arg, int32_t key)
{
	static const char keys[SORT_COUNT + 1] = "ida";
	struct list_view *l = arg;
	const char *at = key > 0 && key < 0x7f ? strchr(keys, (char)key) : NULL;
	if (!at || !*at)
		return;
	enum list_sort sort = (enum list_sort)(at - keys);
	bool own;
	struct rows *fresh = rows_create(app_db(app), l->kind);
	enum list_sort usual = rows_sort(fresh, &own);
	rows_destroy(fresh);
	bool is_reversed =
		sort == l->sort ? !l->is_reversed : sort == usual && own;
	list_go_sort(l, sort, is_reversed);
	app_stir(app);
}

void list_open_sorts(struct list_view *l, struct app *app)
{
	static const char keys[SORT_COUNT + 1] = "ida";
	struct menu_row rows[SORT_COUNT];
	size_t count = 0;
	for (int i = 0; i < SORT_COUNT; i++)
		if (rows_can_sort((enum list_kind)l->kind, (enum list_sort)i))
			rows[count++] = (struct menu_row){
				keys[i], list_sort_name((enum list_sort)i),
				i == (int)l->sort};
	app_open_box(app, box_menu_create(_("Sort by; again: turn round"), rows,
					  count, sort_chosen, l));
}

/* What is shown now is what a choice begins with. */
static void column_chosen(struct app *app, void *arg, int32_t key)
{
	struct list_view *l = arg;
	struct list_fit fit;
	if (key == '0')
		l->columns = 0;
	if (key < 'a' || key >= 'a' + COLUMN_COUNT)
		return;
	list_fit(l, app, app_area(app).cols, &fit);
	unsigned shown = l->columns;
	for (size_t i = 0; i < fit.count && !l->columns; i++)
		shown |= 1U << fit.columns[i];
	l->columns = (shown ^ 1U << (key - 'a')) | 1U << COLUMN_ID;
	app_stir(app);
	list_open_columns(l, app);
}

void list_open_columns(struct list_view *l, struct app *app)
{
	struct menu_row rows[COLUMN_COUNT + 1];
	struct list_fit fit;
	size_t count = 0;
	unsigned shown = l->columns;
	list_fit(l, app, app_area(app).cols, &fit);
	for (size_t i = 0; i < fit.count && !l->columns; i++)
		shown |= 1U << fit.columns[i];
	for (int i = COLUMN_ID + 1; i < COLUMN_COUNT; i++)
		rows[count++] =
			(struct menu_row){'a' + i, _(list_column(i)->name),
					  (shown & 1U << i) != 0};
	rows[count++] = (struct menu_row){'0', _("what fits"), l->columns == 0};
	app_open_box(app, box_menu_create(_("Columns"), rows, count,
					  column_chosen, l));
}
