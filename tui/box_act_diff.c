/* Which lines of a payload an edit takes away and which it adds. */
#include "tui/box_act.h"

#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/json.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	SHOWN_MAX = 40,	     /* lines; the box shows what fits */
	CELLS_MAX = 1 << 20, /* of the table: beyond, all is replaced */
	READ_MAX = 65536,    /* bytes: what a payload may have */
	LINE_MAX_BYTES = 300 /* of one line that is shown */
};

struct diff {
	struct json_line *old_lines, *new_lines; /* borrowed */
	size_t old_count, new_count;
	struct box_lines *out;
	size_t shown, hidden;
};

static void show(struct diff *d, char sign, const char *text)
{
	if (d->shown == SHOWN_MAX) {
		d->hidden++;
		return;
	}
	d->shown++;
	box_lines_add(d->out, RANK_DETAIL, sign == '-' ? STYLE_BAD : STYLE_GOOD,
		      xasprintf("%c %s", sign, text));
}

static bool is_same(const struct diff *d, size_t i, size_t k)
{
	return strcmp(d->old_lines[i].text, d->new_lines[k].text) == 0;
}

/* Leaves out what both begin and end with. */
static void trim(struct diff *d)
{
	while (d->old_count && d->new_count && is_same(d, 0, 0)) {
		d->old_lines++, d->old_count--;
		d->new_lines++, d->new_count--;
	}
	while (d->old_count && d->new_count &&
	       is_same(d, d->old_count - 1, d->new_count - 1)) {
		d->old_count--;
		d->new_count--;
	}
}

static void show_rest(struct diff *d, size_t i, size_t k)
{
	while (i < d->old_count)
		show(d, '-', d->old_lines[i++].text);
	while (k < d->new_count)
		show(d, '+', d->new_lines[k++].text);
}

/* lengths[i][k]: of the longest common part of what follows both. */
static uint16_t *measure(const struct diff *d)
{
	size_t cols = d->new_count + 1;
	uint16_t *lengths =
		xcalloc((d->old_count + 1) * cols, sizeof(*lengths));
	for (size_t i = d->old_count; i-- > 0;) {
		for (size_t k = d->new_count; k-- > 0;) {
			uint16_t *here = &lengths[i * cols + k];
			uint16_t below = here[cols], right = here[1];
			*here = is_same(d, i, k) ? here[cols + 1] + 1
						 : MAX(below, right);
		}
	}
	return lengths;
}

static void walk(struct diff *d)
{
	scoped_free uint16_t *lengths = measure(d);
	size_t cols = d->new_count + 1, i = 0, k = 0;
	while (i < d->old_count && k < d->new_count) {
		const uint16_t *here = &lengths[i * cols + k];
		if (is_same(d, i, k)) {
			i++, k++;
		} else if (here[cols] >= here[1]) {
			show(d, '-', d->old_lines[i++].text);
		} else {
			show(d, '+', d->new_lines[k++].text);
		}
	}
	show_rest(d, i, k);
}

void box_act_diff(const struct plan *plan, struct box_lines *lines)
{
	if (!plan->old_payload || !plan->payload)
		return;
	struct json_lines before, after;
	lines->width = INT_MAX;
	json_lines(&before, plan->old_payload, strlen(plan->old_payload), false,
		   READ_MAX);
	json_lines(&after, plan->payload, strlen(plan->payload), false,
		   READ_MAX);
	struct diff d = {.old_lines = before.lines,
			 .old_count = before.count,
			 .new_lines = after.lines,
			 .new_count = after.count,
			 .out = lines};
	trim(&d);
	if ((d.old_count + 1) * (d.new_count + 1) > CELLS_MAX)
		show_rest(&d, 0, 0);
	else
		walk(&d);
	if (d.shown == 0)
		box_lines_add(lines, RANK_DETAIL, STYLE_TEXT,
			      xstrdup(_("The payload stays as it is.")));
	if (d.hidden)
		box_lines_add(
			lines, RANK_DETAIL, STYLE_DIM,
			xasprintf(P_("and %zu changed line more",
				     "and %zu changed lines more", d.hidden),
				  d.hidden));
	json_lines_finish(&before);
	json_lines_finish(&after);
}
