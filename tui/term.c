#include "tui/term.h"

#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/term_caps.h"
#include "tui/term_internal.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Why this terminal cannot show a screen; NULL: it can. */
static char *find_problem(void)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    term_guard_save())
		return xstrdup(_("the console needs a terminal; see "
				 "outbox-tui --help for what works without"));
	const char *name = getenv("TERM");
	if (!name || !*name)
		return xstrdup(_("TERM is not set, as in TERM=xterm-256color"));
	scoped_free char *clean = text_clean(name, strlen(name));
	switch (term_caps_check()) {
	case TERM_CAPS_UNKNOWN:
		return xasprintf(_("this machine does not know the terminal "
				   "TERM=%s; TERM=xterm-256color may do"),
				 clean);
	case TERM_CAPS_TOO_FEW:
		return xasprintf(_("a terminal of TERM=%s cannot move its "
				   "cursor; see outbox-tui --help for what "
				   "works without"),
				 clean);
	case TERM_CAPS_OK:
		break;
	}
	return NULL;
}

/* Ctrl-C, Ctrl-Z and Ctrl-S are keys. */
static void configure(struct term *t, const struct term_options *options)
{
	raw();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	mouseinterval(0);
	if (!getenv("ESCDELAY"))
		set_escdelay(25);
	t->keys = newpad(1, 1);
	keypad(t->keys, TRUE);
	nodelay(t->keys, TRUE);
	meta(t->keys, TRUE);
	term_keys_define();
	term_styles_init(t, options->has_color);
	curs_set(0);
}

int term_open(struct term **out, const struct term_options *options,
	      char **problem_out)
{
	char *problem = find_problem();
	if (problem) {
		*problem_out = problem;
		return -1;
	}
	struct term *t = xcalloc(1, sizeof(*t));
	t->has_cursor = options->has_cursor;
	bool is_taken = term_signals_take(t) == 0;
	use_tioctl(TRUE); /* LINES and COLUMNS may be another window's */
	t->screen = is_taken ? newterm(NULL, stdout, stdin) : NULL;
	if (!t->screen) {
		term_signals_give_back(t);
		free(t);
		*problem_out = xstrdup(_("the terminal cannot be used"));
		return -1;
	}
	configure(t, options);
	term_guard_arm();
	*out = t;
	return 0;
}

void term_close(struct term *t)
{
	if (!t)
		return;
	term_set_mouse(t, false);
	term_leave();
	delwin(t->keys);
	delscreen(t->screen);
	term_guard_disarm();
	term_signals_give_back(t);
	grid_finish(&t->shown);
	free(t);
}

void term_size(const struct term *t, int *rows_out, int *cols_out)
{
	(void)t;
	*rows_out = getmaxy(stdscr);
	*cols_out = getmaxx(stdscr);
}

/* A row as curses wants it: an element a character, not a cell. What this
 * C library cannot draw becomes a question mark. */
static int curses_row(const struct term *t, const struct cell *cells, int cols,
		      cchar_t *row)
{
	int count = 0;
	for (int x = 0; x < cols; x++) {
		const struct cell *c = &cells[x];
		if (c->width == 0)
			continue;
		wchar_t text[CELL_CODES + 1] = {0};
		for (int i = 0; i < CELL_CODES; i++)
			text[i] = (wchar_t)c->codes[i];
		bool is_cut = x + c->width > cols;
		attr_t attrs = t->attrs[c->style];
		short pair = t->pairs[c->style];
		if (is_cut || setcchar(&row[count], text, attrs, pair, NULL))
			setcchar(&row[count], is_cut ? L" " : L"?", attrs, pair,
				 NULL);
		count++;
	}
	return count;
}

static void show_row(const struct term *t, const struct grid *g, int y,
		     cchar_t *row)
{
	size_t at = (size_t)y * (size_t)g->cols;
	size_t size = (size_t)g->cols * sizeof(*g->cells);
	if (t->is_shown && !memcmp(g->cells + at, t->shown.cells + at, size))
		return;
	int cols = MIN(g->cols, getmaxx(stdscr));
	mvadd_wchnstr(y, 0, row, curses_row(t, g->cells + at, cols, row));
}

static void remember(struct term *t, const struct grid *g)
{
	if (t->shown.rows != g->rows || t->shown.cols != g->cols)
		grid_resize(&t->shown, g->rows, g->cols);
	size_t count = (size_t)g->rows * (size_t)g->cols;
	memcpy(t->shown.cells, g->cells, count * sizeof(*g->cells));
	t->is_shown = true;
}

void term_show(struct term *t, const struct grid *g, bool is_whole)
{
	if (t->ended_by)
		return;
	bool is_same_size =
		t->shown.rows == g->rows && t->shown.cols == g->cols;
	if (is_whole)
		clearok(curscr, TRUE);
	if (is_whole || !is_same_size)
		t->is_shown = false;
	int rows = MIN(g->rows, getmaxy(stdscr));
	scoped_free cchar_t *row = xcalloc((size_t)g->cols + 1, sizeof(*row));
	for (int y = 0; y < rows; y++)
		show_row(t, g, y, row);
	bool has_cursor = t->has_cursor && g->cursor_y >= 0 &&
			  g->cursor_y < rows && g->cursor_x >= 0;
	curs_set(has_cursor);
	if (has_cursor)
		move(g->cursor_y, MIN(g->cursor_x, getmaxx(stdscr) - 1));
	wnoutrefresh(stdscr);
	doupdate();
	remember(t, g);
}

void term_mouse(const struct term *t, int *y_out, int *x_out)
{
	*y_out = t->mouse_y;
	*x_out = t->mouse_x;
}

void term_set_mouse(struct term *t, bool is_on)
{
	mmask_t mask = BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED;
	if (is_on != t->has_mouse)
		mousemask(is_on ? mask : 0, NULL);
	t->has_mouse = is_on;
}

int term_copy(struct term *t, const char *text, size_t len)
{
	(void)t;
	static const char begin[] = "\033]52;c;", end[] = "\a";
	if (len > TERM_COPY_MAX / 4 * 3)
		return -1;
	scoped_free char *base64 = xmalloc(TERM_COPY_MAX + 4);
	int size = EVP_EncodeBlock((unsigned char *)base64,
				   (const unsigned char *)text, (int)len);
	scoped_buf out = {0};
	buf_adds(&out, begin);
	buf_add(&out, base64, (size_t)size);
	buf_adds(&out, end);
	return term_write(STDOUT_FILENO, out.data, out.len);
}
