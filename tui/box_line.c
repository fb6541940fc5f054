#include "tui/box.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app.h"
#include "tui/box_frame.h"
#include "tui/input.h"

#include <stdlib.h>
#include <string.h>

enum { LABEL_COLS_MIN = 24 }; /* narrower, the text has the row for itself */

struct box_line {
	struct box box;
	char *label; /* own */
	enum prompt_history history;
	bool is_filter;
	bool is_typing; /* the prompt is this line's */
	const struct line_ops *ops;
	void *arg;	   /* borrowed */
	char *problem;	   /* own; NULL */
	size_t problem_at; /* byte of the text */
	char *choices;	   /* own; what Tab has found, NULL */
};

static void destroy(struct box *box)
{
	struct box_line *b = (struct box_line *)box;
	if (b->is_typing)
		prompt_end();
	free(b->label);
	free(b->problem);
	free(b->choices);
	free(b);
}

static void cancel(struct box_line *b, struct app *app)
{
	char *problem = NULL;
	size_t at = 0;
	b->is_typing = false;
	prompt_end();
	app_close_box(app);
	b->ops->done(app, b->arg, NULL, &problem, &at);
	free(problem);
}

/* Closed before `done`, which may open another box or line; if the text is no
 * good, the line comes back. */
static void finish(struct box_line *b, struct app *app)
{
	scoped_free char *text = xstrdup(prompt_text());
	char *problem = NULL;
	size_t at = strlen(text);
	b->is_typing = false;
	prompt_accept();
	app_close_box(app);
	if (b->ops->done(app, b->arg, text, &problem, &at)) {
		free(problem);
		return;
	}
	struct box_line *again = (struct box_line *)box_line_create(
		b->label, text, b->history, b->is_filter, b->ops, b->arg);
	again->problem = problem;
	again->problem_at = at;
	prompt_replace(again->problem_at, again->problem_at, "");
	app_open_box(app, &again->box);
}

static void changed(struct box_line *b, struct app *app)
{
	if (b->ops->changed)
		b->ops->changed(app, b->arg, prompt_text());
}

static size_t common_len(const struct filter_completion *c)
{
	size_t len = strlen(c->texts[0]);
	for (size_t i = 1; i < c->count; i++) {
		size_t same = 0;
		while (same < len && c->texts[i][same] == c->texts[0][same])
			same++;
		len = same;
	}
	while (len > 0 && (c->texts[0][len] & 0xc0) == 0x80)
		len--;
	return len;
}

static void show_choices(struct box_line *b, const struct filter_completion *c)
{
	struct buf out = {0};
	for (size_t i = 0; c->count > 1 && i < c->count; i++)
		buf_addf(&out, "%s%s", i ? "  " : "", c->texts[i]);
	b->choices = out.len ? buf_detach(&out) : NULL;
}

/* What all completions have in common is typed; the rest is shown. */
static void complete(struct box_line *b, struct app *app)
{
	const struct pulse *pulse = app_pulse(app);
	const char **channels =
		xcalloc(pulse->channel_count + 1, sizeof(*channels));
	for (size_t i = 0; i < pulse->channel_count; i++)
		channels[i] = pulse->channels[i].name;
	struct filter_completion c = {0};
	filter_complete(prompt_text(), prompt_cursor(), channels, &c);
	if (c.count) {
		scoped_free char *common = xstrndup(c.texts[0], common_len(&c));
		if (strlen(common) >= prompt_cursor() - c.from) {
			prompt_replace(c.from, c.to, common);
			changed(b, app);
		}
		show_choices(b, &c);
	}
	filter_completion_finish(&c);
	free(channels);
}

static void key(struct box *box, struct app *app, int32_t key)
{
	struct box_line *b = (struct box_line *)box;
	free(steal(&b->choices));
	switch (key) {
	case INPUT_ESCAPE:
	case INPUT_CTRL('C'):
		cancel(b, app);
		break;
	case INPUT_ENTER:
		finish(b, app);
		break;
	case INPUT_TAB:
		if (b->is_filter)
			complete(b, app);
		break;
	default:
		if (!prompt_key(key))
			break;
		free(steal(&b->problem));
		changed(b, app);
		break;
	}
}

/* The mark stands over the wrong place, the words where they fit: behind it,
 * before it, or over it. */
static void paint_problem(const struct box_line *b, struct grid *g, int y,
			  int x)
{
	int width = grid_width(b->problem), words_y = y, words_x = 0;
	if (x + 2 + width <= g->cols)
		words_x = x + 2;
	else if (width < x)
		words_x = x - width - 1;
	else
		words_y = y - 1;
	grid_fill(g, words_y, 0, y - words_y + 1, g->cols, STYLE_BAD);
	grid_put(g, y, x, 1, STYLE_BAD, "v");
	grid_put(g, words_y, words_x, g->cols, STYLE_BAD, b->problem);
}

static void paint(struct box *box, struct app *app, struct grid *g)
{
	(void)app;
	const struct box_line *b = (const struct box_line *)box;
	int y = g->rows - 1, x = 0;
	grid_fill(g, y, 0, 1, g->cols, STYLE_TEXT);
	if (g->cols >= LABEL_COLS_MIN)
		x = grid_put(g, y, 0, g->cols / 2, STYLE_KEY, b->label);
	int skip = box_prompt(g, y, x, g->cols - x);
	if (b->problem) {
		scoped_free char *before =
			xstrndup(prompt_text(), b->problem_at);
		int at = MAX(x + grid_width(before) - skip, x);
		paint_problem(b, g, y - 1, MIN(at, g->cols - 1));
	} else if (b->choices) {
		grid_fill(g, y - 1, 0, 1, g->cols, STYLE_HINT);
		grid_put(g, y - 1, 0, g->cols, STYLE_HINT, b->choices);
	}
}

static const struct box_ops ops = {destroy, key, paint, NULL};

struct box *box_line_create(const char *label, const char *text,
			    enum prompt_history history, bool complete_filter,
			    const struct line_ops *line_ops, void *arg)
{
	struct box_line *b = xcalloc(1, sizeof(*b));
	b->box.ops = &ops;
	b->label = xstrdup(label);
	b->history = history;
	b->is_filter = complete_filter;
	b->ops = line_ops;
	b->arg = arg;
	b->is_typing = true;
	prompt_begin(text, history);
	return &b->box;
}
