/* When things happened: as a bar over the whole width, and as a list. */
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/fmt.h"
#include "tui/view_detail.h"

#include <stdlib.h>
#include <string.h>

enum { MARGIN = 6, TICKS = 4, TICK_CELLS = 12 };

/* From when to when, over how many cells. */
struct scale {
	int64_t from_ms, to_ms;
	int cells;
};

static int cell_of(const struct scale *s, int64_t at_ms)
{
	int64_t span = MAX(s->to_ms - s->from_ms, 1);
	int64_t at = (at_ms - s->from_ms) * (s->cells - 1) / span;
	return (int)MIN(MAX(at, 0), s->cells - 1);
}

static bool is_settled(const struct row *row)
{
	return row->status != MESSAGE_PENDING && row->status != MESSAGE_SENDING;
}

static struct scale scale_of(const struct detail *d,
			     const struct detail_look *k)
{
	const struct row *row = &d->item.row;
	int64_t end = is_settled(row) ? row->updated_at_ms : k->now_ms;
	for (size_t i = 0; i < d->item.attempt_count; i++) {
		const struct item_attempt *a = &d->item.attempts[i];
		end = MAX(end, a->started_at_ms + a->duration_us / 1000);
	}
	return (struct scale){row->created_at_ms, MAX(end, row->created_at_ms),
			      k->cols - 2 * MARGIN};
}

/* Overwrites cells of an ASCII line, no further than its end. */
static void put(char *line, const struct scale *s, int at, const char *text)
{
	for (int i = 0; text[i] && at + i < s->cells; i++)
		line[MARGIN + at + i] = text[i];
}

static char *blank_line(const struct scale *s)
{
	size_t len = (size_t)s->cells + MARGIN;
	char *line = xmalloc(len + 1);
	memset(line, ' ', len);
	line[len] = '\0';
	return line;
}

/* Later attempts overwrite earlier ones where they fall together. */
static char *marks(const struct detail *d, const struct scale *s)
{
	char *line = blank_line(s);
	const struct item *item = &d->item;
	for (size_t i = item->attempt_count; i-- > 0;) {
		const struct item_attempt *a = &item->attempts[i];
		int from = MAX(cell_of(s, a->started_at_ms), 1);
		int to = cell_of(s, a->started_at_ms + a->duration_us / 1000);
		scoped_free char *mark =
			xasprintf("#%zu", item->attempt_count - i);
		for (int x = from; x <= to; x++)
			put(line, s, x, "=");
		put(line, s, MIN(from, s->cells - (int)strlen(mark)), mark);
	}
	put(line, s, 0, "c");
	return line;
}

void detail_bar(struct detail *d, struct line_list *l,
		const struct detail_look *k)
{
	struct scale s = scale_of(d, k);
	if (k->cols < DETAIL_WIDE || s.to_ms - s.from_ms < 1000)
		return;
	scoped_buf ticks = {0};
	buf_addf(&ticks, "%*s", MARGIN, "");
	for (int i = 0; i < TICKS; i++) {
		int at = i * (s.cells - TICK_CELLS) / (TICKS - 1);
		int64_t at_ms =
			s.from_ms + (s.to_ms - s.from_ms) * at / (s.cells - 1);
		while (ticks.len < (size_t)at + MARGIN)
			buf_addc(&ticks, ' ');
		buf_adds(&ticks, fmt_at(at_ms, k->now_ms, k->times).s);
	}
	line_list_blank(l);
	line_list_text(l, STYLE_DIM, buf_detach(&ticks));
	line_list_text(l, STYLE_CHART, marks(d, &s));
}

static void add_time(struct line_list *l, const struct detail_look *k,
		     const char *label, int64_t at_ms, const char *more)
{
	int blanks = MAX(11 - grid_width(label), 1);
	if (at_ms == 0)
		return;
	line_list_text(l, STYLE_TEXT,
		       xasprintf("  %s%*s%s  %s", label, blanks, "",
				 fmt_at(at_ms, k->now_ms, k->times).s, more));
}

void detail_times(struct detail *d, struct line_list *l,
		  const struct detail_look *k)
{
	const struct row *row = &d->item.row;
	int64_t created = row->created_at_ms;
	size_t n = d->item.attempt_count;
	line_list_rule(l, xstrdup(_("TIMELINE")));
	add_time(l, k, _("created"), created, "");
	if (n > 0 && !d->item.has_more_attempts) {
		int64_t first = d->item.attempts[n - 1].started_at_ms;
		scoped_free char *waited =
			xasprintf(_("waited %s"), fmt_span(first - created).s);
		add_time(l, k, _("first try"), first, waited);
	}
	if (n > 1)
		add_time(l, k, _("last try"), d->item.attempts[0].started_at_ms,
			 "");
	scoped_free char *took =
		xasprintf(_("%s after it was created"),
			  fmt_span(row->updated_at_ms - created).s);
	if (is_settled(row))
		add_time(l, k, _("settled"), row->updated_at_ms, took);
	else if (row->status == MESSAGE_PENDING)
		add_time(l, k, _("due"), row->due_at_ms, "");
	add_time(l, k, _("expires"), row->expires_at_ms, "");
}
