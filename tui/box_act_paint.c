/* The box in the middle of the grid; in a very small one, lines at its end. */
#include "tui/box_act.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_state.h"

#include <stdlib.h>
#include <string.h>

enum {
	FRAME_ROWS = 8,
	FRAME_COLS = 30,
	WIDTH_MAX = 88,	    /* of a line: what the eye can follow */
	MARGIN = 4,	    /* cells of frame and padding */
	CELLS_MIN = 40,	    /* and where there is little to say */
	FIELD_CELLS = 64,   /* of a line with a field, buttons or a bar */
	BUTTONS_CELLS = 11, /* of two, around their words */
	BAR_MAX = 40
};

struct place {
	struct grid *g;
	int y, x, cols;
};

/* A line to type in, with at least `room` cells for that if there are any. */
static void paint_field(const struct place *at, int room, const char *label,
			const char *text, size_t cursor, bool is_here)
{
	int label_cells = MIN(grid_width(label), MAX(0, at->cols - room - 1));
	grid_put(at->g, at->y, at->x, label_cells, STYLE_TEXT, label);
	int x = at->x + label_cells + 1, cells = at->cols - label_cells - 1;
	scoped_free char *before = xstrndup(text, cursor);
	int column = grid_width(before);
	int skip = MAX(0, column - cells + 1);
	grid_fill(at->g, at->y, x, 1, cells, STYLE_FIELD);
	grid_put_from(at->g, at->y, x, cells, STYLE_FIELD, text, skip);
	if (is_here && cells > 0) {
		at->g->cursor_y = at->y;
		at->g->cursor_x = x + column - skip;
	}
}

static void paint_reason(const struct box_act *b, const struct place *at)
{
	bool is_here = b->field == FIELD_REASON;
	const char *text = is_here ? prompt_text() : b->reason ? b->reason : "";
	paint_field(at, at->cols / 2, _("reason (kept in the audit):"), text,
		    is_here ? prompt_cursor() : 0, is_here);
}

static void paint_number(const struct box_act *b, const struct place *at)
{
	scoped_free char *label = xasprintf(_("Type the number %lld to go on:"),
					    (long long)b->plan->count);
	paint_field(at, MIN(at->cols / 2, NUMBER_MAX), label, b->number,
		    strlen(b->number), b->field == FIELD_NUMBER);
}

static int paint_button(const struct place *at, int x, bool is_here,
			const char *text)
{
	scoped_free char *button = xasprintf("[ %s ]", text);
	int left = at->x + at->cols - x;
	return x + grid_put(at->g, at->y, x, left,
			    is_here ? STYLE_BUTTON_HERE : STYLE_BUTTON, button);
}

static void paint_buttons(const struct box_act *b, const struct place *at)
{
	scoped_free char *yes = box_act_yes(b);
	bool is_no = b->field == FIELD_NO, is_yes = b->field == FIELD_YES;
	if (grid_width(_("No")) + grid_width(yes) + BUTTONS_CELLS > at->cols) {
		free(yes);
		yes = xstrdup(_("Yes"));
	}
	int x = paint_button(at, at->x, is_no, _("No"));
	if (is_no || is_yes) {
		at->g->cursor_y = at->y;
		at->g->cursor_x = (is_no ? at->x : x + 3) + 2;
	}
	paint_button(at, x + 3, is_yes, yes);
}

static const char *doing(enum act_action action)
{
	static const char *const words[] = {
		[ACT_RETRY] = N_("retrying"),	 [ACT_EDIT] = N_("replacing"),
		[ACT_CANCEL] = N_("cancelling"), [ACT_PAUSE] = N_("pausing"),
		[ACT_RESUME] = N_("resuming"),	 [ACT_UNDO] = N_("undoing"),
	};
	return _(words[action]);
}

static void paint_bar(const struct box_act *b, const struct place *at)
{
	int64_t done = box_act_done(b), total = box_act_total(b);
	const char *word = doing(b->plan->action);
	if (total == 0) {
		grid_put(at->g, at->y, at->x, at->cols, STYLE_TEXT, word);
		return;
	}
	scoped_free char *numbers =
		xasprintf("%s / %s  %s", fmt_number(done).s,
			  fmt_number(total).s, fmt_percent(done, total).s);
	int rest = at->cols - grid_width(word) - grid_width(numbers) - 4;
	int bar = MAX(0, MIN(rest, BAR_MAX)), x = at->x;
	x += grid_put(at->g, at->y, x, at->cols, STYLE_TEXT, word) + 2;
	grid_bar(at->g, at->y, x, bar, done, total, STYLE_CHART);
	x += bar + (bar ? 2 : 0);
	grid_put(at->g, at->y, x, at->x + at->cols - x, STYLE_TEXT, numbers);
}

static void paint_line(const struct box_act *b, const struct box_line *line,
		       const struct place *at)
{
	switch (line->kind) {
	case LINE_TEXT:
		grid_put(at->g, at->y, at->x, at->cols, line->style,
			 line->text);
		break;
	case LINE_REASON:
		paint_reason(b, at);
		break;
	case LINE_NUMBER:
		paint_number(b, at);
		break;
	case LINE_BUTTONS:
		paint_buttons(b, at);
		break;
	case LINE_BAR:
		paint_bar(b, at);
		break;
	}
}

/* No wider than what is in it. */
static void narrow(struct box_lines *lines)
{
	int widest = 0;
	for (size_t i = 0; i < lines->count; i++) {
		const struct box_line *line = &lines->lines[i];
		int cells = line->kind == LINE_TEXT ? grid_width(line->text)
						    : FIELD_CELLS;
		widest = MAX(widest, cells);
	}
	lines->width = MIN(lines->width, MAX(widest, CELLS_MIN));
}

static void paint_large(const struct box_act *b, struct grid *g,
			const struct box_lines *lines)
{
	int rows = (int)lines->count + 2, cols = lines->width + MARGIN;
	int y = (g->rows - rows) / 2, x = (g->cols - cols) / 2;
	grid_box(g, y, x, rows, cols, box_act_title(b));
	for (size_t i = 0; i < lines->count; i++) {
		struct place at = {g, y + 1 + (int)i, x + 2, lines->width};
		paint_line(b, &lines->lines[i], &at);
	}
}

/* At the end of the grid, without a frame. */
static void paint_small(const struct box_act *b, struct grid *g,
			const struct box_lines *lines)
{
	struct place at = {g, g->rows - (int)lines->count, 0, g->cols};
	for (size_t i = 0; i < lines->count; i++, at.y++) {
		if (at.y < 0)
			continue;
		grid_fill(g, at.y, 0, 1, g->cols, STYLE_TEXT);
		paint_line(b, &lines->lines[i], &at);
	}
}

static void paint_no_room(const struct box_act *b, struct grid *g)
{
	struct box_lines lines = {.width = MAX(g->cols, 1)};
	box_lines_add(&lines, RANK_MUST, STYLE_WARN,
		      xstrdup(_("Enlarge the window to answer, or Esc.")));
	paint_small(b, g, &lines);
	box_lines_finish(&lines);
}

bool box_act_has_frame(int rows, int cols)
{
	return rows >= FRAME_ROWS && cols >= FRAME_COLS;
}

bool box_act_fit(const struct box_act *b, struct app *app, int rows, int cols,
		 struct box_lines *lines)
{
	bool has_frame = box_act_has_frame(rows, cols);
	*lines = (struct box_lines){
		.width = has_frame ? MIN(cols - MARGIN, WIDTH_MAX)
				   : MAX(cols, 1)};
	box_act_say(b, app, lines);
	bool fits = box_lines_fit(lines, has_frame ? rows - 2 : rows);
	return b->phase != BOX_ASKING ||
	       (fits && rows >= APP_TINY_ROWS && cols >= APP_TINY_COLS);
}

void box_act_paint(struct box *box, struct app *app, struct grid *g)
{
	const struct box_act *b = (const struct box_act *)box;
	struct box_lines lines;
	g->cursor_y = g->cursor_x = -1;
	if (!box_act_fit(b, app, g->rows, g->cols, &lines)) {
		paint_no_room(b, g);
	} else if (box_act_has_frame(g->rows, g->cols)) {
		narrow(&lines);
		paint_large(b, g, &lines);
	} else {
		paint_small(b, g, &lines);
	}
	box_lines_finish(&lines);
}
