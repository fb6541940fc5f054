#include "tui/box.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app.h"
#include "tui/box_frame.h"
#include "tui/input.h"
#include "tui/keymap.h"

#include <stdlib.h>

enum { SIDEWAYS = 8 };

struct box_text {
	struct box box;
	char *title;  /* own */
	char **lines; /* own */
	size_t count, first;
	int left, width, page; /* cells, cells, lines seen at the last paint */
};

static void destroy(struct box *box)
{
	struct box_text *b = (struct box_text *)box;
	for (size_t i = 0; i < b->count; i++)
		free(b->lines[i]);
	free(b->lines);
	free(b->title);
	free(b);
}

static void move(struct box_text *b, long by)
{
	long last = (long)b->count - MAX(b->page, 1);
	b->first = (size_t)MAX(MIN((long)b->first + by, last), 0);
}

static void shift(struct box_text *b, int by)
{
	b->left = MAX(MIN(b->left + by, b->width - 1), 0);
}

static void act(struct box_text *b, struct app *app, enum action action)
{
	/* clang-format off */
	switch ((int)action) {
	case ACTION_DOWN: move(b, 1); break;
	case ACTION_UP: move(b, -1); break;
	case ACTION_HALF_DOWN: move(b, MAX(b->page / 2, 1)); break;
	case ACTION_HALF_UP: move(b, -MAX(b->page / 2, 1)); break;
	case ACTION_PAGE_DOWN: move(b, MAX(b->page, 1)); break;
	case ACTION_PAGE_UP: move(b, -MAX(b->page, 1)); break;
	case ACTION_FIRST: b->first = 0; break;
	case ACTION_LAST: move(b, (long)b->count); break;
	case ACTION_LEFT: shift(b, -SIDEWAYS); break;
	case ACTION_RIGHT: shift(b, SIDEWAYS); break;
	case ACTION_BACK: app_close_box(app); break;
	default: break;
	}
	/* clang-format on */
}

/* Moves as the views do, with the keys that are bound everywhere. */
static void key(struct box *box, struct app *app, int32_t key)
{
	struct box_text *b = (struct box_text *)box;
	switch (key) {
	case INPUT_ESCAPE:
	case INPUT_ENTER:
	case INPUT_CTRL('C'):
		app_close_box(app);
		break;
	case ' ':
		act(b, app, ACTION_PAGE_DOWN);
		break;
	case INPUT_WHEEL_DOWN:
		act(b, app, ACTION_DOWN);
		break;
	case INPUT_WHEEL_UP:
		act(b, app, ACTION_UP);
		break;
	default:
		act(b, app, keymap_find(app_keymap(app), IN_HOME, key));
		break;
	}
}

static void paint(struct box *box, struct app *app, struct grid *g)
{
	(void)app;
	struct box_text *b = (struct box_text *)box;
	scoped_free char *footer = NULL;
	const char *closes = _("Esc closes");
	b->width = 0;
	for (size_t i = 0; i < b->count; i++)
		b->width = MAX(b->width, grid_width(b->lines[i]));
	struct area a =
		box_frame(g, (int)b->count + 1,
			  MAX(b->width, grid_width(closes) + 16), b->title);
	b->page = a.rows > 1 ? a.rows - 1 : a.rows;
	move(b, 0);
	for (int y = 0; y < b->page && b->first + (size_t)y < b->count; y++)
		grid_put_from(g, a.y + y, a.x, a.cols, STYLE_TEXT,
			      b->lines[b->first + (size_t)y], b->left);
	size_t last = MIN(b->first + (size_t)MAX(b->page, 0), b->count);
	if ((size_t)b->page < b->count)
		footer = xasprintf("%zu-%zu/%zu  %s", b->first + 1, last,
				   b->count, closes);
	if (a.rows > 1)
		grid_right(g, a.y + a.rows - 1, a.x, a.cols, STYLE_HINT,
			   footer ? footer : closes);
}

static const struct box_ops ops = {destroy, key, paint, NULL};

struct box *box_text_create(const char *title, char **lines, size_t count)
{
	struct box_text *b = xcalloc(1, sizeof(*b));
	b->box.ops = &ops;
	b->title = xstrdup(title);
	b->lines = lines;
	b->count = count;
	return &b->box;
}
