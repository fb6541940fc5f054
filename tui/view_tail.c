#include "tui/view_tail.h"

#include "lib/lang.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

enum { TIME_CELLS = 13, DAY_MS = 86400000 };

static size_t count(void *arg)
{
	struct tail *t = arg;
	return events_count(t->events);
}

static void line(void *arg, size_t index, struct text_line *out)
{
	struct tail *t = arg;
	buf_clear(&t->line);
	t->span_count = 0;
	free(steal(&t->right));
	t->format(t, events_at(t->events, index));
	*out = (struct text_line){
		.text = buf_str(&t->line),
		.right = t->right,
		.right_style = t->right_style,
		.spans = t->spans,
		.span_count = t->span_count,
		.indent = t->indent,
	};
}

static const struct text_source source = {.count = count, .line = line};

void tail_init(struct tail *t, struct app *app, const struct view_ops *ops,
	       enum events_of which)
{
	t->view = (struct view){.ops = ops, .where = ops->where};
	t->app = app;
	t->events = events_create(app_db(app), which);
	text_pane_init(&t->pane, &source, t);
	t->pane.has_cursor = true;
}

void tail_finish(struct tail *t)
{
	events_destroy(t->events);
	text_pane_finish(&t->pane);
	buf_finish(&t->line);
	free(t->right);
	free(t->words);
}

bool tail_is_narrow(const struct tail *t)
{
	return t->pane.cols < TAIL_NARROW;
}

void tail_add(struct tail *t, const char *text, int cells, enum style style)
{
	size_t from = t->line.len;
	buf_adds(&t->line, text);
	if (style != STYLE_TEXT && t->span_count < TAIL_SPANS)
		t->spans[t->span_count++] =
			(struct json_span){from, t->line.len - from, style};
	for (int i = grid_width(text); i < cells; i++)
		buf_addc(&t->line, ' ');
}

void tail_add_time(struct tail *t, const struct event *e)
{
	int64_t now_ms = app_now_ms(t->app);
	enum fmt_time mode = app_times(t->app) == FMT_UTC ? FMT_UTC : FMT_LOCAL;
	struct fmt at = llabs(now_ms - e->at_ms) < DAY_MS
				? fmt_exact(e->at_ms, mode)
				: fmt_at(e->at_ms, now_ms, mode);
	if (tail_is_narrow(t))
		at.s[strcspn(at.s, ".")] = '\0';
	tail_add(t, at.s, tail_is_narrow(t) ? 0 : TIME_CELLS, STYLE_DIM);
	if (tail_is_narrow(t))
		buf_addc(&t->line, ' ');
}

const struct event *tail_here(const struct tail *t)
{
	size_t n = events_count(t->events);
	return n ? events_at(t->events, MIN(t->pane.cursor, n - 1)) : NULL;
}

static int64_t id_at(const struct tail *t, size_t index)
{
	return index < events_count(t->events) ? events_at(t->events, index)->id
					       : 0;
}

/* On the last line it follows, else it is held; and its place by id. */
static void note_place(struct tail *t)
{
	size_t n = events_count(t->events);
	bool is_held = n > 0 && t->pane.cursor + 1 < n;
	if (is_held && !t->is_held)
		t->seen_id = id_at(t, n - 1);
	t->is_held = is_held;
	t->top_id = id_at(t, t->pane.top.line);
	t->here_id = id_at(t, t->pane.cursor);
}

static void find_place(struct tail *t)
{
	if (!t->is_held) {
		text_pane_act(&t->pane, ACTION_LAST);
		return;
	}
	t->pane.top.line = events_find(t->events, t->top_id);
	t->pane.cursor = events_find(t->events, t->here_id);
}

void tail_follow(struct tail *t)
{
	t->is_held = false;
	t->pane.has_match = false;
	find_place(t);
}

void tail_ask(struct tail *t)
{
	events_ask(t->events, t->least, t->words);
	t->is_held = false;
	text_pane_reset(&t->pane);
	app_refresh(t->app);
}

static bool filter_done(struct app *app, void *arg, const char *text,
			char **problem_out, size_t *problem_at_out)
{
	struct tail *t = arg;
	(void)app;
	(void)problem_out;
	(void)problem_at_out;
	if (!text)
		return true;
	free(t->words);
	t->words = text[strspn(text, " ")] ? xstrdup(text) : NULL;
	tail_ask(t);
	return true;
}

static void ask_words(struct tail *t)
{
	if (app_words(t->app)) {
		filter_done(t->app, t, app_words(t->app), NULL, NULL);
		return;
	}
	static const struct line_ops ops = {.done = filter_done};
	app_open_box(t->app, box_line_create(_("only lines with: "),
					     t->words ? t->words : "",
					     PROMPT_SEARCHES, false, &ops, t));
}

static void copy(struct tail *t)
{
	const struct event *e = tail_here(t);
	struct text_line here;
	if (!e)
		return;
	line(t, t->pane.cursor, &here);
	scoped_buf text = {0};
	buf_adds(&text, here.text);
	if (here.right)
		buf_addf(&text, "  %s", here.right);
	app_copy(t->app, buf_str(&text), text.len);
}

static bool clear(struct tail *t)
{
	if (!t->words)
		return false;
	free(steal(&t->words));
	tail_ask(t);
	return true;
}

bool tail_act(struct tail *t, enum action action)
{
	if (action == ACTION_FILTER_LINES)
		ask_words(t);
	else if (action == ACTION_COPY)
		copy(t);
	else if (action == ACTION_FOLLOW)
		tail_follow(t);
	else if (action == ACTION_CLEAR)
		return clear(t);
	else if (!text_pane_act(&t->pane, action))
		return false;
	note_place(t);
	return true;
}

int tail_work(struct view *v, struct app *app, int64_t deadline_us)
{
	struct tail *t = (struct tail *)v;
	int rc = events_work(t->events, app_now_ms(app), deadline_us);
	find_place(t);
	return rc;
}

void tail_refresh(struct view *v, struct app *app)
{
	(void)app;
	events_refresh(((struct tail *)v)->events);
}

static const char *empty_text(const struct tail *t)
{
	if (events_read_at(t->events) == 0 || !events_is_complete(t->events))
		return _("reading ...");
	if (t->words)
		return _("no line has all of these words (Esc clears them)");
	return _("there is no line yet");
}

void tail_paint(struct view *v, struct app *app, struct grid *g,
		struct area area)
{
	struct tail *t = (struct tail *)v;
	(void)app;
	/* How long the last lines are decides what the first one is. */
	bool was_other = t->pane.rows != area.rows || t->pane.cols != area.cols;
	t->pane.rows = area.rows;
	t->pane.cols = area.cols;
	if (was_other)
		find_place(t);
	text_pane_paint(&t->pane, g, area);
	if (events_count(t->events) == 0 && area.rows > 0)
		grid_put(g, area.y, area.x + 1, area.cols - 1, STYLE_DIM,
			 empty_text(t));
}

void tail_status_right(const struct tail *t, struct buf *right)
{
	size_t n = events_count(t->events);
	if (t->is_held) {
		size_t seen = events_find(t->events, t->seen_id + 1);
		buf_addf(right, "%s  ", C_("log|HELD"));
		if (n > seen)
			buf_addf(right, _("+%s new below"),
				 fmt_number((int64_t)(n - seen)).s);
		return;
	}
	buf_adds(right, C_("log|FOLLOW"));
	if (tail_is_narrow(t))
		return;
	buf_adds(right, "   ");
	buf_addf(right, _("%s of %s lines kept"), fmt_number((int64_t)n).s,
		 fmt_number(EVENTS_MAX).s);
}

int64_t tail_read_at(const struct view *v)
{
	return events_read_at(((const struct tail *)v)->events);
}

void tail_click(struct view *v, struct app *app, int y, int x)
{
	struct tail *t = (struct tail *)v;
	size_t index;
	(void)app;
	(void)x;
	if (!text_pane_at(&t->pane, y, &index))
		return;
	t->pane.cursor = index;
	note_place(t);
}

bool tail_search(struct view *v, struct app *app, const char *text,
		 int direction)
{
	struct tail *t = (struct tail *)v;
	(void)app;
	bool is_found = text_pane_search(&t->pane, text, direction);
	note_place(t);
	return is_found;
}
