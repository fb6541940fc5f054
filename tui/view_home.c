#include "tui/view_home.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum { REASON_ROWS = 5 };

struct home {
	struct view view;
	struct overview_reader *reader; /* own */
	struct overview o;
	struct home_page page;
	size_t here;   /* the cursor's line of the page */
	char *name;    /* own; what that line is known by */
	int top, rows; /* of the page, on the screen */
};

static int work(struct view *v, struct app *app, int64_t deadline_us)
{
	struct home *h = (struct home *)v;
	return overview_work(h->reader, &h->o, app_now_ms(app), deadline_us);
}

static void refresh(struct view *v, struct app *app)
{
	(void)app;
	overview_refresh(((struct home *)v)->reader);
}

/* Whether the right column pushes out of sight its own end, or what stands
 * below both. */
static bool is_long(const struct home_page *p, int rows)
{
	int left = home_page_end(p, HOME_LEFT);
	return p->rows > rows && home_page_end(p, HOME_RIGHT) > MIN(left, rows);
}

/* As many lines for reasons as push nothing else out of sight. */
static void fill_page(struct home_page *p, const struct home_facts *f,
		      struct area area)
{
	int rows = REASON_ROWS;
	do {
		home_page_begin(p, area.rows, area.cols);
		p->reason_rows = rows;
		home_left(p, f);
		home_right_column(p, f);
		home_below(p, f);
		home_page_lay(p);
	} while (rows-- > (p->is_short ? 1 : 2) && is_long(p, area.rows));
}

static void make_page(struct home *h, struct app *app, struct area area)
{
	struct home_facts f = {
		.o = &h->o,
		.pulse = app_pulse(app),
		.counts = app_counts(app),
		.now_ms = app_now_ms(app),
		.times = app_times(app),
		.is_known = h->o.read_at_ms != 0,
	};
	fill_page(&h->page, &f, area);
}

static struct home_line *line_here(struct home *h)
{
	struct home_page *p = &h->page;
	return h->here < p->count && p->lines[h->here].name ? &p->lines[h->here]
							    : NULL;
}

static void go(struct home *h, size_t index)
{
	free(h->name);
	h->here = index;
	h->name = xstrdup(h->page.lines[index].name);
}

/* The next line that can be chosen, from `index` on and in that direction. */
static bool next_line(const struct home_page *p, long index, int direction,
		      size_t *found_out)
{
	for (; index >= 0 && (size_t)index < p->count; index += direction) {
		if (!p->lines[index].name)
			continue;
		*found_out = (size_t)index;
		return true;
	}
	return false;
}

/* Lines come and go: the cursor stays with what it was on, else near it. */
static void find_cursor(struct home *h)
{
	const struct home_page *p = &h->page;
	for (size_t i = 0; h->name && i < p->count; i++) {
		if (p->lines[i].name &&
		    strcmp(p->lines[i].name, h->name) == 0) {
			h->here = i;
			return;
		}
	}
	size_t index = 0;
	if (next_line(p, (long)h->here, -1, &index) ||
	    next_line(p, 0, 1, &index))
		go(h, index);
}

/* The first line that can be chosen has the top of the page with it. */
static void show_cursor(struct home *h)
{
	const struct home_line *line = line_here(h);
	size_t first = 0;
	if (!line)
		return;
	next_line(&h->page, 0, 1, &first);
	if (h->here == first)
		h->top = 0;
	h->top = MIN(h->top, line->y);
	h->top = MAX(h->top, line->y - MAX(h->rows, 1) + 1);
}

static void clamp_top(struct home *h)
{
	h->top = MIN(h->top, MAX(h->page.rows - h->rows, 0));
	h->top = MAX(h->top, 0);
}

static void paint(struct view *v, struct app *app, struct grid *g,
		  struct area area)
{
	struct home *h = (struct home *)v;
	bool was_other = h->rows != area.rows;
	if (area.rows <= 0 || area.cols <= 0)
		return;
	h->rows = area.rows;
	make_page(h, app, area);
	find_cursor(h);
	if (was_other)
		show_cursor(h);
	clamp_top(h);
	home_page_paint(&h->page, g, area, h->top, line_here(h));
}

static void scroll(struct home *h, int rows)
{
	h->top += rows;
	clamp_top(h);
}

static void step(struct home *h, int direction)
{
	size_t index;
	if (next_line(&h->page, (long)h->here + direction, direction, &index)) {
		go(h, index);
		show_cursor(h);
	} else {
		scroll(h, direction);
	}
}

/* The cursor goes to the line that can be chosen next to `y` in a column. */
static void go_near(struct home *h, enum home_column column, bool is_any, int y)
{
	const struct home_page *p = &h->page;
	size_t best = p->count;
	for (size_t i = 0; i < p->count; i++) {
		const struct home_line *line = &p->lines[i];
		if (!line->name || (!is_any && line->column != column))
			continue;
		if (best == p->count ||
		    abs(line->y - y) < abs(p->lines[best].y - y))
			best = i;
	}
	if (best < p->count) {
		go(h, best);
		show_cursor(h);
	}
}

static void page(struct home *h, int rows)
{
	const struct home_line *line = line_here(h);
	int y = (line ? line->y : 0) + rows;
	scroll(h, rows);
	go_near(h, line ? line->column : HOME_LEFT, true, y);
}

static void end(struct home *h, int direction)
{
	size_t index;
	long from = direction < 0 ? 0 : (long)h->page.count - 1;
	if (next_line(&h->page, from, -direction, &index))
		go(h, index);
	h->top = direction < 0 ? 0 : h->page.rows;
	clamp_top(h);
	show_cursor(h);
}

static bool moved(struct home *h, enum action action)
{
	const struct home_line *line = line_here(h);
	int rows = MAX(h->rows, 1), y = line ? line->y : 0;
	/* clang-format off */
	switch ((int)action) {
	case ACTION_DOWN: step(h, 1); break;
	case ACTION_UP: step(h, -1); break;
	case ACTION_HALF_DOWN: page(h, MAX(rows / 2, 1)); break;
	case ACTION_HALF_UP: page(h, -MAX(rows / 2, 1)); break;
	case ACTION_PAGE_DOWN: page(h, rows); break;
	case ACTION_PAGE_UP: page(h, -rows); break;
	case ACTION_FIRST: end(h, -1); break;
	case ACTION_LAST: end(h, 1); break;
	case ACTION_LEFT: go_near(h, HOME_LEFT, false, y); break;
	case ACTION_RIGHT: go_near(h, HOME_RIGHT, false, y); break;
	default: return false;
	}
	/* clang-format on */
	return true;
}

static bool act(struct view *v, struct app *app, enum action action)
{
	struct home *h = (struct home *)v;
	struct home_line *line = line_here(h);
	if (action == ACTION_OPEN && line && line->filter) {
		app_go_list(app, line->tab, line->filter);
		return true;
	}
	if (action == ACTION_OPEN && line) {
		app_go_tab(app, line->tab);
		return true;
	}
	if (action == ACTION_PAUSE && line && line->channel &&
	    !app_words(app)) {
		app_do(app, ACTION_PAUSE, line->channel);
		return true;
	}
	return moved(h, action);
}

static void click(struct view *v, struct app *app, int y, int x)
{
	struct home *h = (struct home *)v;
	(void)app;
	for (size_t i = 0; i < h->page.count; i++) {
		const struct home_line *line = &h->page.lines[i];
		if (line->name && line->y == y + h->top && x >= line->x &&
		    x < line->x + line->cols)
			go(h, i);
	}
}

static void status(struct view *v, struct app *app, struct buf *left,
		   struct buf *right)
{
	struct home *h = (struct home *)v;
	const struct counts *counts = app_counts(app);
	bool is_exact = true;
	(void)right;
	if (h->o.read_at_ms == 0 || !counts) {
		buf_adds(left, _("reading ..."));
		return;
	}
	for (int i = 0; i < MESSAGE_STATUS_COUNT; i++) {
		struct count n = counts_of(counts, i);
		is_exact &= !n.is_more && !n.is_about;
	}
	buf_adds(left, is_exact ? _("all counts exact")
				: _("counting: + is at least, ~ about"));
}

static int64_t read_at(const struct view *v)
{
	return ((const struct home *)v)->o.read_at_ms;
}

static void destroy(struct view *v)
{
	struct home *h = (struct home *)v;
	overview_reader_destroy(h->reader);
	overview_finish(&h->o);
	home_page_finish(&h->page);
	free(h->name);
	free(h);
}

static const struct view_ops ops = {
	.where = IN_HOME,
	.destroy = destroy,
	.work = work,
	.refresh = refresh,
	.paint = paint,
	.status = status,
	.act = act,
	.read_at = read_at,
	.click = click,
};

struct view *view_home_create(struct app *app)
{
	struct home *h = xcalloc(1, sizeof(*h));
	h->view = (struct view){.ops = &ops, .where = ops.where};
	h->reader = overview_reader_create(app_db(app));
	return &h->view;
}
