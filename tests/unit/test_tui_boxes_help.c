/* The help. The console relies on: it says what the keys are as they are bound,
 * in the view it is asked in, and no line of it is torn apart. */
#include "tests/support/check.h"
#include "tests/support/outbox.h"
#include "tests/support/screen.h"
#include "tests/support/tempdir.h"

#include "lib/util.h"
#include "tui/grid.h"
#include "tui/help_layout.h"

#include <stdlib.h>
#include <string.h>

struct bench {
	char *dir, *path; /* own */
	struct screen *s;
};

static void reopen(struct bench *b, const struct screen_options *given)
{
	struct screen_options options = *given;
	screen_close(b->s);
	options.db = b->path;
	b->s = screen_open(&options);
}

static int set_up(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));
	b->dir = tempdir_create("help");
	b->path = outbox_make(b->dir, "outbox.db");
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	screen_close(b->s);
	tempdir_destroy(b->dir);
	free(b->path);
	free(b);
	return 0;
}

static void test_help(void **state)
{
	struct bench *b = *state;
	reopen(b, &(struct screen_options){.conf = "bind all x half-page-down\n"
						   "bind list s none\n"});
	screen_press(b->s, "2 ?");
	screen_expect(b->s, "Help: a list");
	screen_expect(b->s, "x Ctrl-U Ctrl-D half a page");
	screen_expect(b->s, "1-8 ");
	screen_expect(b->s, "j k Down Up ");
	screen_expect(b->s, ":sort ");
	screen_expect(b->s, "1/3   Esc closes");
	screen_expect(b->s, "edit the payload in");
	screen_press(b->s, "PgDn");
	screen_expect(b->s, "2/3");
	screen_expect(b->s, "y i ");
	screen_expect(b->s, ":retry-dry-run");
	screen_press(b->s, "PgDn PgDn");
	screen_expect(b->s, "3/3");
	screen_press(b->s, "PgUp PgUp PgUp");
	screen_expect(b->s, "1/3");

	screen_press(b->s, "\"SORT\"");
	screen_expect(b->s, "type to narrow: SORT");
	screen_expect(b->s, ":sort ");
	screen_expect_not(b->s, "half a page");
	screen_press(b->s, "\"xx\"");
	screen_expect(b->s, "nothing fits");
	screen_press(b->s, "Ctrl-U \"try>\"");
	screen_expect(b->s, "attempts so far");
	screen_press(b->s, "Esc");
	screen_expect_not(b->s, "Help:");
	assert_int_equal(app_tab(screen_app(b->s)), TAB_PENDING);
	screen_press(b->s, "1 F1");
	screen_expect(b->s, "Help: Home");
	screen_expect_not(b->s, "FILTER");
}

/* On the larger screen all of it is on one page. */
static void test_help_large(void **state)
{
	struct bench *b = *state;
	reopen(b, &(struct screen_options){
			  .rows = 40, .cols = 120, .is_read_only = true});
	screen_press(b->s, "4 ?");
	screen_expect_not(b->s, "/2   Esc");
	screen_expect(b->s, "CHANGE (off: read-only)");
	screen_expect(b->s, "y l ");
	screen_expect(b->s, "group by error, and back");
	screen_expect(b->s, "state:failed,expired  channel:");
	screen_expect(b->s, "-term: not.");
	screen_expect(b->s, "edit the payload in $EDITOR, then retry");
	const char *line = strstr(screen_text(b->s), " R  ");
	assert_non_null(line);
	screen_expect(b->s, "live");
}

/* A line that fits a column is in one, whole, and below its title. */
static void assert_whole(const struct help_layout *l)
{
	size_t height = (size_t)l->column_rows;
	for (size_t i = 1; i < l->count; i++) {
		const struct help_line *line = l->rows[i].line;
		const struct help_line *before = l->rows[i - 1].line;
		if (i % height || !line || !before)
			continue;
		size_t from = i;
		while (from > 0 && l->rows[from - 1].line == line)
			from--;
		if (before->is_head ||
		    (before == line && i - from < height && from % height))
			fail_msg("%dx%d: torn at %zu: %s", l->column_rows,
				 l->column_cols, i, line->text);
	}
}

/* All of every text is in the rows, in its order. */
static void assert_complete(const struct help *h, const struct help_layout *l)
{
	size_t at = 0;
	for (size_t i = 0; i < h->count; i++) {
		const char *text = h->lines[i].text;
		while (at < l->count && !l->rows[at].line)
			at++;
		for (; at < l->count && l->rows[at].line == &h->lines[i];
		     at++) {
			text += strspn(text, " ");
			if (l->rows[at].len == 0)
				continue;
			assert_int_equal(l->rows[at].from,
					 text - h->lines[i].text);
			text += l->rows[at].len;
		}
		assert_string_equal(text + strspn(text, " "), "");
	}
	assert_int_equal(at, l->count);
}

static void assert_narrow(const struct help_layout *l)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct help_row *row = &l->rows[i];
		if (!row->line || !row->len)
			continue;
		scoped_free char *part =
			xstrndup(row->line->text + row->from, row->len);
		int width = row->indent + grid_width(part);
		if (width > l->column_cols)
			fail_msg("%d in %d cells: %s", width, l->column_cols,
				 part);
	}
}

static void lay_out(const struct help *h)
{
	for (int rows = 1; rows < 45; rows++) {
		for (int cols = 1; cols < 130; cols += cols < 20 ? 1 : 9) {
			struct help_layout l;
			help_layout_init(&l, h, rows, cols);
			assert_in_range(l.column_rows, 1, rows);
			assert_complete(h, &l);
			if (cols > 30)
				assert_narrow(&l);
			if (rows > 12 && cols > 30)
				assert_whole(&l);
			help_layout_finish(&l);
		}
	}
}

static void test_layout(void **state)
{
	(void)state;
	struct keymap *km = keymap_create();
	struct help h;
	help_init(&h, km, IN_LIST | IN_FAILED, "");
	lay_out(&h);
	help_finish(&h);
	keymap_destroy(km);

	char keys[] = "PgDn Ctrl-F", none[] = "", title[] = "移动";
	char text[] = "在 $EDITOR 里编辑正文，然后重试；等待中的立即发送，"
		      "接收人以全文显示（记入审计），并再次遮盖";
	struct help_line lines[] = {
		{true, false, none, title}, {false, false, keys, text},
		{false, false, none, text}, {true, false, none, title},
		{false, true, keys, text},  {false, true, keys, title},
	};
	lay_out(&(struct help){lines, ARRAY_LEN(lines)});
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_help),
		TEST(test_help_large),
		cmocka_unit_test(test_layout),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
