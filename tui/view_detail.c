#include "tui/view_detail.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tui/fmt.h"

#include <stdlib.h>
#include <string.h>

/* Rows that a pane with two columns has, and what stands above these. */
enum { PANE_MIN_ROWS = 6, TOP_ROWS = 4 };

/* The lines are made anew with each painting, since ages are in them. What was
 * added above the payload moves what is read there no further. */
static void make_lines(struct detail *d, int cols)
{
	struct detail_look k = detail_look(d, cols);
	struct line_list *l = &d->lines;
	size_t was = d->payload_line;
	line_list_clear(l);
	if (d->is_gone)
		line_list_folded(
			l, STYLE_BAD, 0,
			xasprintf(_("#%lld is no longer there: this is what "
				    "it was"),
				  (long long)d->id));
	detail_head(d, l, &k);
	detail_why(d, l, &k);
	detail_attempts(d, l, &k);
	detail_bar(d, l, &k);
	detail_payload(d, l);
	detail_answer(d, l);
	detail_history(d, l, &k);
	detail_facts(d, l, &k);
	if (was > 0 && d->pane.top.line >= was)
		d->pane.top.line += d->payload_line - was;
	if (was > 0 && d->pane.match >= was)
		d->pane.match += d->payload_line - was;
}

static void read_json(struct detail *d)
{
	const struct item *item = &d->item;
	json_lines_finish(&d->payload);
	json_lines_finish(&d->answer);
	json_lines(&d->payload, item->payload, item->payload_len, d->is_raw,
		   DETAIL_PAYLOAD_MAX);
	d->answer = (struct json_lines){0};
	d->answer_no = 0;
	if (item->attempt_count == 0 || !item->attempts[0].answer)
		return;
	const char *answer = item->attempts[0].answer;
	json_lines(&d->answer, answer, strlen(answer), d->is_raw,
		   DETAIL_ANSWER_MAX);
	d->answer_no = item->attempt_count;
}

/* The lines that were painted point to the texts of before. */
static void make_json(struct detail *d)
{
	read_json(d);
	make_lines(d, MAX(d->pane.cols, 1));
}

static int work(struct view *v, struct app *app, int64_t deadline_us)
{
	struct detail *d = (struct detail *)v;
	struct item fresh = {0};
	(void)deadline_us;
	if (!d->is_wanted || d->id == 0)
		return 0;
	int rc = item_read(d->reader, d->id, &fresh, app_now_ms(app));
	if (rc != 0 && rc != ITEM_GONE)
		return rc;
	d->is_wanted = false;
	d->is_gone = rc == ITEM_GONE;
	if (d->is_gone)
		return 0;
	item_finish(&d->item);
	d->item = fresh;
	d->is_read = true;
	make_json(d);
	return 0;
}

static void refresh(struct view *v, struct app *app)
{
	(void)app;
	((struct detail *)v)->is_wanted = true;
}

static void paint_nothing(struct detail *d, struct grid *g, struct area a)
{
	if (a.rows <= 0)
		return;
	if (d->is_gone)
		grid_putf(g, a.y, a.x, a.cols, STYLE_BAD,
			  _("there is no row #%lld"), (long long)d->id);
	else if (d->id)
		grid_put(g, a.y, a.x, a.cols, STYLE_DIM, _("reading ..."));
}

/* Above two columns: which row it is, and why. */
static void paint_top(struct detail *d, struct grid *g, struct area *a)
{
	struct detail_look k = detail_look(d, a->cols);
	struct line_list hint = {0};
	struct text_pane p;
	text_pane_init(&p, &line_list_source, &hint);
	detail_name(d, &hint, &k);
	detail_why(d, &hint, &k);
	p.is_dim = d->is_gone;
	struct area top = {a->y, a->x, MIN(TOP_ROWS, a->rows), a->cols};
	text_pane_paint(&p, g, top);
	int used = 0;
	for (size_t line; used < top.rows && text_pane_at(&p, used, &line);)
		used++;
	line_list_finish(&hint);
	a->y += used;
	a->rows -= used;
}

static void paint_columns(struct detail *d, struct grid *g, struct area a)
{
	int half = a.cols / 2 - 1;
	struct area left = {a.y, a.x, a.rows, half};
	struct area right = {a.y, a.x + half + 2, a.rows, a.cols - half - 2};
	struct detail_look k = detail_look(d, half);
	line_list_clear(&d->lines);
	line_list_clear(&d->side);
	detail_attempts(d, &d->side, &k);
	detail_times(d, &d->side, &k);
	detail_payload(d, &d->lines);
	detail_answer(d, &d->lines);
	detail_history(d, &d->lines, &k);
	detail_facts(d, &d->lines, &k);
	d->side_pane.is_wrapped = true;
	d->pane.is_dim = d->side_pane.is_dim = d->is_gone;
	text_pane_paint(&d->side_pane, g, left);
	text_pane_paint(&d->pane, g, right);
	for (int y = 0; y < a.rows; y++)
		grid_art(g, a.y + y, a.x + half, ART_VERTICAL, STYLE_FRAME);
}

static void paint(struct view *v, struct app *app, struct grid *g,
		  struct area a)
{
	struct detail *d = (struct detail *)v;
	if (!d->is_read) {
		paint_nothing(d, g, a);
		return;
	}
	/* What is not on top is painted by a list: as its pane. */
	bool is_pane = app_view(app) != v;
	if (is_pane && a.cols >= DETAIL_WIDE && a.rows >= PANE_MIN_ROWS) {
		paint_top(d, g, &a);
		paint_columns(d, g, a);
		return;
	}
	d->pane.is_dim = d->is_gone;
	make_lines(d, a.cols);
	text_pane_paint(&d->pane, g, a);
}

void view_detail_show(struct view *detail, int64_t id)
{
	struct detail *d = (struct detail *)detail;
	if (d->id == id)
		return;
	d->id = id;
	d->is_wanted = true;
	d->is_read = d->is_gone = false;
	d->payload_line = 0;
	text_pane_reset(&d->pane);
	text_pane_reset(&d->side_pane);
}

static void step(struct detail *d, int direction)
{
	if (!d->list || !view_list_step(d->list, d->app, direction)) {
		app_notice(d->app, STYLE_WARN, "%s",
			   !d->list	   ? _("it was not opened from a list")
			   : direction > 0 ? _("that was the last row")
					   : _("that was the first row"));
		return;
	}
	const struct row *row = d->list->ops->row(d->list);
	if (row)
		view_detail_show(&d->view, row->id);
}

static bool act(struct view *v, struct app *app, enum action action)
{
	struct detail *d = (struct detail *)v;
	if (action == ACTION_NEXT_ITEM || action == ACTION_PREVIOUS_ITEM) {
		step(d, action == ACTION_NEXT_ITEM ? 1 : -1);
		return true;
	}
	if (action == ACTION_RAW) {
		d->is_raw = !d->is_raw;
		if (d->is_read)
			make_json(d);
		return true;
	}
	(void)app;
	return text_pane_act(&d->pane, action);
}

static void status(struct view *v, struct app *app, struct buf *left,
		   struct buf *right)
{
	struct detail *d = (struct detail *)v;
	size_t count = d->lines.count, last = 0;
	if (d->list) {
		const struct row *here = d->list->ops->row(d->list);
		if (here && here->id == d->id)
			view_list_place(d->list, app, left);
		buf_addf(left, "%s%s", left->len ? "   " : "",
			 _("J/K next/previous row"));
	}
	if (count == 0)
		return;
	for (int y = d->pane.rows; y > 0 && last == 0; y--) {
		if (text_pane_at(&d->pane, y - 1, &last))
			last++;
	}
	buf_adds(right, d->pane.is_wrapped ? _("wrap on") : _("wrap off"));
	buf_adds(right, "   ");
	buf_addf(right, _("lines %zu-%zu/%zu"), d->pane.top.line + 1, last,
		 count);
}

static bool search(struct view *v, struct app *app, const char *text,
		   int direction)
{
	(void)app;
	return text_pane_search(&((struct detail *)v)->pane, text, direction);
}

static const struct row *row(const struct view *v)
{
	const struct detail *d = (const struct detail *)v;
	return d->is_read && !d->is_gone ? &d->item.row : NULL;
}

static int64_t read_at(const struct view *v)
{
	return ((const struct detail *)v)->item.read_at_ms;
}

static void destroy(struct view *v)
{
	struct detail *d = (struct detail *)v;
	item_reader_destroy(d->reader);
	item_finish(&d->item);
	json_lines_finish(&d->payload);
	json_lines_finish(&d->answer);
	line_list_finish(&d->lines);
	line_list_finish(&d->side);
	text_pane_finish(&d->pane);
	text_pane_finish(&d->side_pane);
	free(d);
}

static const struct view_ops ops = {
	.where = IN_DETAIL,
	.destroy = destroy,
	.work = work,
	.refresh = refresh,
	.paint = paint,
	.status = status,
	.act = act,
	.row = row,
	.read_at = read_at,
	.search = search,
};

struct view *view_detail_create(struct app *app, int64_t id, struct view *list)
{
	struct detail *d = xcalloc(1, sizeof(*d));
	d->view = (struct view){.ops = &ops, .where = ops.where};
	d->app = app;
	d->list = list;
	d->id = id;
	d->is_wanted = true;
	d->reader = item_reader_create(app_db(app));
	text_pane_init(&d->pane, &line_list_source, &d->lines);
	text_pane_init(&d->side_pane, &line_list_source, &d->side);
	d->pane.is_wrapped = true;
	return &d->view;
}
