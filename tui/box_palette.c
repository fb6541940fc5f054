#include "tui/box.h"

#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/app.h"
#include "tui/box_frame.h"
#include "tui/input.h"
#include "tui/palette.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_ROWS = 10, COLS = 66, NAME_COLS = 18, KEY_COLS = 11 };

struct box_palette {
	struct box box;
	unsigned where;
	bool is_typing;	 /* the prompt is this box's */
	bool is_walking; /* Up went into the history: Down comes back */
	struct palette list;
	size_t cursor, first;
	char *problem; /* own; NULL */
};

static void destroy(struct box *box)
{
	struct box_palette *b = (struct box_palette *)box;
	if (b->is_typing)
		prompt_end();
	free(b->problem);
	free(b);
}

static void narrow(struct box_palette *b)
{
	scoped_free char *name = NULL;
	palette_read(prompt_text(), &name);
	palette_match(&b->list, b->where, name);
	b->cursor = b->first = 0;
	free(steal(&b->problem));
}

static void leave(struct box_palette *b, struct app *app)
{
	b->is_typing = false;
	prompt_end();
	app_close_box(app);
}

/* Closed before: what is run may open a box. */
static void run(struct box_palette *b, struct app *app, enum action action,
		const char *words)
{
	scoped_free char *copy = xstrdup(words);
	size_t len = strlen(copy);
	while (len > 0 && copy[len - 1] == ' ')
		copy[--len] = '\0';
	b->is_typing = false;
	prompt_accept();
	app_close_box(app);
	app_do(app, action, copy);
}

static void run_number(struct box_palette *b, struct app *app, int64_t number)
{
	if (number >= 1 && number <= TAB_COUNT) {
		run(b, app, (enum action)(ACTION_TAB_1 + number - 1), "");
		return;
	}
	if (!app_db(app)) {
		b->problem = xstrdup(_("the database is not open"));
		return;
	}
	b->is_typing = false;
	prompt_accept();
	app_close_box(app);
	app_push(app, view_detail_create(app, number, NULL));
}

static void enter(struct box_palette *b, struct app *app)
{
	scoped_free char *name = NULL;
	const char *words = palette_read(prompt_text(), &name);
	int64_t number = palette_number(name);
	enum action exact = palette_exact(name);
	free(steal(&b->problem));
	if (number)
		run_number(b, app, number);
	else if (exact != ACTION_NONE && action_row(exact)->where & b->where)
		run(b, app, exact, words);
	else if (exact != ACTION_NONE)
		b->problem = xasprintf(_("%s: not in this view"), name);
	else if (!*name && b->cursor == 0)
		leave(b, app);
	else if (b->list.count)
		run(b, app, b->list.actions[b->cursor], words);
	else
		b->problem = xasprintf(_("there is no command %s"), name);
}

/* Replaces what stands for the name, and leaves the words behind it. */
static void complete(struct box_palette *b)
{
	if (b->list.count == 0)
		return;
	scoped_free char *name = NULL;
	const char *words = palette_read(prompt_text(), &name);
	enum action action = b->list.actions[b->cursor];
	scoped_free char *text = xasprintf(
		"%s%s%s", action_row(action)->name,
		*words || palette_has_words(action) ? " " : "", words);
	prompt_replace(0, strlen(prompt_text()), text);
	narrow(b);
}

static void up(struct box_palette *b)
{
	if (b->cursor > 0 && !b->is_walking) {
		b->cursor--;
	} else {
		b->is_walking = true;
		if (prompt_key(INPUT_UP))
			narrow(b);
	}
}

static void down(struct box_palette *b)
{
	if (!b->is_walking) {
		if (b->cursor + 1 < b->list.count)
			b->cursor++;
	} else if (prompt_key(INPUT_DOWN)) {
		narrow(b);
	} else {
		b->is_walking = false;
	}
}

static void key(struct box *box, struct app *app, int32_t key)
{
	struct box_palette *b = (struct box_palette *)box;
	switch (key) {
	case INPUT_ESCAPE:
	case INPUT_CTRL('C'):
		leave(b, app);
		break;
	case INPUT_ENTER:
		enter(b, app);
		break;
	case INPUT_TAB:
		complete(b);
		break;
	case INPUT_UP:
		up(b);
		break;
	case INPUT_DOWN:
		down(b);
		break;
	default:
		b->is_walking = false;
		if (prompt_key(key))
			narrow(b);
		break;
	}
}

static void paint_row(const struct box_palette *b, struct app *app,
		      struct grid *g, struct area a, size_t index)
{
	enum action action = b->list.actions[index];
	const struct action_row *row = action_row(action);
	bool is_off = row->flags & ACTION_CHANGES && app_is_read_only(app);
	enum style style = is_off ? STYLE_DIM : STYLE_TEXT;
	scoped_free char *keys = keymap_keys(app_keymap(app), b->where, action);
	int names = MIN(NAME_COLS, a.cols), from = names + KEY_COLS;
	grid_pad(g, a.y, a.x, names, style, row->name);
	grid_pad(g, a.y, a.x + names, MIN(KEY_COLS - 1, a.cols - names),
		 is_off ? STYLE_DIM : STYLE_KEY, keys);
	grid_put(g, a.y, a.x + from, a.cols - from, style, _(row->help));
	if (index == b->cursor)
		grid_restyle(g, a.y, a.x, a.cols, STYLE_CURSOR);
}

static void paint_footer(const struct box_palette *b, struct grid *g,
			 struct area a)
{
	if (b->problem)
		grid_put(g, a.y, a.x, a.cols, STYLE_BAD, b->problem);
	else
		grid_putf(g, a.y, a.x, a.cols, STYLE_HINT,
			  _("Tab completes   Enter runs   Esc closes   %zu of "
			    "%zu commands"),
			  b->list.count, b->list.total);
}

static void paint(struct box *box, struct app *app, struct grid *g)
{
	struct box_palette *b = (struct box_palette *)box;
	struct area a =
		box_frame(g, LIST_ROWS + 4, MAX(COLS, MIN(g->cols * 2 / 3, 96)),
			  _("Command"));
	bool is_roomy = a.rows >= 8;
	int head = is_roomy ? 2 : 1, foot = is_roomy ? 2 : a.rows > 2;
	int rows = a.rows - head - foot;
	box_put(g, a, 0, STYLE_KEY, ">");
	b->first = box_scroll(b->first, b->cursor, b->list.count, rows);
	for (int y = 0; y < rows && b->first + (size_t)y < b->list.count; y++)
		paint_row(b, app, g,
			  (struct area){a.y + head + y, a.x, 1, a.cols},
			  b->first + (size_t)y);
	if (foot || b->problem)
		paint_footer(b, g,
			     (struct area){a.y + a.rows - 1, a.x, 1, a.cols});
	if (a.rows > (b->problem ? 1 : 0))
		box_prompt(g, a.y, a.x + 2, a.cols - 2);
}

static const struct box_ops ops = {destroy, key, paint, NULL};

struct box *box_palette_create(struct app *app)
{
	struct box_palette *b = xcalloc(1, sizeof(*b));
	const struct view *v = app_view(app);
	b->box.ops = &ops;
	b->where = v ? v->where : IN_HOME;
	b->is_typing = true;
	prompt_begin("", PROMPT_COMMANDS);
	narrow(b);
	return &b->box;
}
