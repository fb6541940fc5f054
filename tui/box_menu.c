#include "tui/box.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app.h"
#include "tui/box_frame.h"
#include "tui/input.h"

#include <stdlib.h>

struct choice {
	int32_t key;
	char *label; /* own */
	bool is_current;
};

struct box_menu {
	struct box box;
	char *title;	     /* own */
	struct choice *list; /* own */
	size_t count, cursor, first;
	menu_chosen chosen;
	void *arg; /* borrowed */
};

static void destroy(struct box *box)
{
	struct box_menu *b = (struct box_menu *)box;
	for (size_t i = 0; i < b->count; i++)
		free(b->list[i].label);
	free(b->list);
	free(b->title);
	free(b);
}

/* Closed before: what is chosen may open the next box. */
static void choose(struct box_menu *b, struct app *app, int32_t key)
{
	menu_chosen chosen = b->chosen;
	void *arg = b->arg;
	app_close_box(app);
	chosen(app, arg, key);
}

static void move(struct box_menu *b, int by)
{
	if (by < 0 ? b->cursor > 0 : b->cursor + 1 < b->count)
		b->cursor += by;
}

static void key(struct box *box, struct app *app, int32_t key)
{
	struct box_menu *b = (struct box_menu *)box;
	int32_t folded = input_fold(key);
	for (size_t i = 0; i < b->count; i++) {
		if (b->list[i].key == folded) {
			choose(b, app, folded);
			return;
		}
	}
	if (folded == 'j' || key == INPUT_DOWN || key == INPUT_WHEEL_DOWN)
		move(b, 1);
	else if (folded == 'k' || key == INPUT_UP || key == INPUT_WHEEL_UP)
		move(b, -1);
	else if (key == INPUT_ENTER && b->count)
		choose(b, app, b->list[b->cursor].key);
	else if (key == INPUT_ESCAPE || key == INPUT_CTRL('C') || folded == 'q')
		choose(b, app, 0);
}

static char *line(const struct choice *c)
{
	char name[INPUT_NAME_LEN];
	input_name(c->key, name);
	return xasprintf(" %s %s  %s ", c->is_current ? "*" : " ", name,
			 c->label);
}

static void paint(struct box *box, struct app *app, struct grid *g)
{
	(void)app;
	struct box_menu *b = (struct box_menu *)box;
	int cols = 0;
	for (size_t i = 0; i < b->count; i++) {
		scoped_free char *text = line(&b->list[i]);
		cols = MAX(cols, grid_width(text));
	}
	struct area a = box_frame(g, (int)b->count, cols, b->title);
	b->first = box_scroll(b->first, b->cursor, b->count, a.rows);
	for (size_t i = b->first; i < b->count; i++) {
		int y = (int)(i - b->first);
		scoped_free char *text = line(&b->list[i]);
		box_put(g, a, y, STYLE_TEXT, text);
		if (i != b->cursor || y >= a.rows)
			continue;
		grid_restyle(g, a.y + y, a.x, a.cols, STYLE_CURSOR);
		g->cursor_y = a.y + y;
		g->cursor_x = a.x;
	}
}

static const struct box_ops ops = {destroy, key, paint, NULL};

struct box *box_menu_create(const char *title, const struct menu_row *rows,
			    size_t count, menu_chosen chosen, void *arg)
{
	struct box_menu *b = xcalloc(1, sizeof(*b));
	*b = (struct box_menu){
		.box.ops = &ops,
		.title = xstrdup(title),
		.list = xcalloc(MAX(count, 1), sizeof(*b->list)),
		.count = count,
		.chosen = chosen,
		.arg = arg,
	};
	for (size_t i = count; i-- > 0;) {
		b->list[i] = (struct choice){
			rows[i].key,
			xstrdup(rows[i].label),
			rows[i].is_current,
		};
		if (rows[i].is_current)
			b->cursor = i;
	}
	return &b->box;
}
