/* How deliveries go, and what went wrong most. */
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/view_home.h"

#include <stdlib.h>
#include <string.h>

enum {
	LABEL_CELLS = 11,
	NUMBER_CELLS = 6,
	CHART_X = 19,
	ONE_MINUTE = 45,
	ERRORS_SHORT = 4
};

/* How many columns of a chart there are, and minutes in one. */
static size_t columns_of(const struct home_page *p, int *minutes_out)
{
	int room = MAX(home_width(p) - CHART_X, 0);
	*minutes_out = room >= ONE_MINUTE ? 1 : 2;
	return (size_t)MIN(room, OVERVIEW_MINUTES / *minutes_out);
}

/* The newest minutes at the right; a column of two is their sum. */
static void add_chart(struct home_page *p, const struct home_facts *f,
		      const char *label, const int64_t *minutes,
		      enum style style)
{
	int each;
	size_t count = columns_of(p, &each);
	struct home_line *line = home_add(p);
	home_put(p, line, 1, LABEL_CELLS - 1, STYLE_TEXT, label);
	home_right(p, line, LABEL_CELLS, NUMBER_CELLS, STYLE_STRONG,
		   f->is_known ? fmt_number(minutes[OVERVIEW_MINUTES - 2]).s
			       : "-");
	if (!f->is_known || count == 0)
		return;
	line->spark = home_own(p, xcalloc(count, sizeof(*line->spark)));
	line->spark_count = count;
	line->spark_x = CHART_X;
	line->spark_style = style;
	size_t first = OVERVIEW_MINUTES - count * (size_t)each;
	for (size_t i = first; i < OVERVIEW_MINUTES; i++)
		line->spark[(i - first) / (size_t)each] += minutes[i];
}

static void delivery(struct home_page *p, const struct home_facts *f)
{
	int each;
	size_t count = columns_of(p, &each);
	if (count == 0)
		home_title(p, xstrdup(_("DELIVERY")));
	else
		home_title(p, xasprintf(_("DELIVERY  last %zu min, %d min a "
					  "column"),
					count * (size_t)each, each));
	add_chart(p, f, _("sent/min"), f->o->sent, STYLE_CHART);
	add_chart(p, f, _("failed/min"), f->o->failed, STYLE_CHART_BAD);
}

static struct fmt latency(const struct home_facts *f, int64_t ms)
{
	struct fmt dash = {"-"};
	if (!f->is_known || ms < 0)
		return dash;
	return fmt_fine_span(ms);
}

static struct fmt success(const struct home_facts *f,
			  const struct overview_span *s)
{
	struct fmt dash = {"-"};
	return f->is_known ? fmt_percent(s->delivered, s->delivered + s->failed)
			   : dash;
}

static void add_wide(struct home_page *p, const char *label, struct fmt hour,
		     struct fmt day)
{
	struct home_line *line = home_add(p);
	home_put(p, line, 1, 24, STYLE_TEXT, label);
	home_right(p, line, 30, 12, STYLE_TEXT, hour.s);
	home_right(p, line, 47, 12, STYLE_TEXT, day.s);
}

static void latency_table(struct home_page *p, const struct home_facts *f)
{
	const struct overview_span *h = &f->o->hour, *d = &f->o->day;
	struct home_line *head = home_add(p);
	home_put(p, head, 0, 30, STYLE_HEAD,
		 _("LATENCY   created -> accepted"));
	home_right(p, head, 30, 12, STYLE_DIM, _("last hour"));
	home_right(p, head, 47, 12, STYLE_DIM, _("last day"));
	add_wide(p, "p50", latency(f, h->p50_ms), latency(f, d->p50_ms));
	add_wide(p, "p95", latency(f, h->p95_ms), latency(f, d->p95_ms));
	add_wide(p, "p99", latency(f, h->p99_ms), latency(f, d->p99_ms));
	add_wide(p, _("success"), success(f, h), success(f, d));
}

static void add_short(struct home_page *p, const char *label, char *text)
{
	struct home_line *line = home_add(p);
	home_put(p, line, 1, LABEL_CELLS - 1, STYLE_TEXT, label);
	home_put(p, line, LABEL_CELLS, 0, STYLE_TEXT, text);
	free(text);
}

static void latency_lines(struct home_page *p, const struct home_facts *f)
{
	const struct overview_span *h = &f->o->hour, *d = &f->o->day;
	add_short(p, _("latency"),
		  xasprintf("p50 %s p95 %s p99 %s", latency(f, h->p50_ms).s,
			    latency(f, h->p95_ms).s, latency(f, h->p99_ms).s));
	add_short(p, _("success"),
		  xasprintf(_("%s last hour  %s day"), success(f, h).s,
			    success(f, d).s));
}

static void add_error(struct home_page *p, const struct home_facts *f,
		      const struct group *e)
{
	struct home_line *line = home_add(p);
	int side = p->is_wide ? 14 : 0, end = home_width(p) - side;
	scoped_free char *text = group_text(e);
	home_put(p, line, 1, MAX(end - 16, 1), STYLE_TEXT, text);
	home_right(p, line, end - 15, 7, STYLE_STRONG, fmt_number(e->count).s);
	home_right(p, line, end - 8, 7, STYLE_TEXT,
		   home_since(f, e->last_ms).s);
	if (side)
		home_put(p, line, end + 1, side - 1, STYLE_DIM, e->channel);
	line->filter = home_own(p, group_filter(e, ""));
	line->name = line->filter;
	line->tab = TAB_FAILED;
}

static void errors(struct home_page *p, const struct home_facts *f)
{
	const struct overview *o = f->o;
	size_t most = p->is_short ? ERRORS_SHORT : OVERVIEW_ERRORS;
	int side = p->is_wide ? 14 : 0, end = home_width(p) - side;
	home_blank(p);
	struct home_line *head = home_add(p);
	scoped_free char *title =
		f->is_known ? xasprintf(_("TOP ERRORS (newest %s)"),
					fmt_number(o->errors_looked).s)
			    : xstrdup(_("TOP ERRORS"));
	home_put(p, head, 0, MAX(end - 15, 1), STYLE_HEAD, title);
	home_right(p, head, end - 15, 7, STYLE_DIM, _("count"));
	home_right(p, head, end - 8, 7, STYLE_DIM, _("newest"));
	if (side)
		home_put(p, head, end + 1, side - 1, STYLE_DIM, _("channel"));
	for (size_t i = 0; i < MIN(o->error_count, most); i++)
		add_error(p, f, &o->errors[i]);
	if (o->error_count == 0)
		home_put(p, home_add(p), 1, 0, STYLE_DIM,
			 f->is_known ? _("none") : "-");
}

void home_right_column(struct home_page *p, const struct home_facts *f)
{
	p->column = HOME_RIGHT;
	if (p->widths[HOME_LEFT] == p->widths[HOME_BELOW])
		home_blank(p);
	delivery(p, f);
	if (p->is_wide) {
		home_blank(p);
		latency_table(p, f);
	} else {
		latency_lines(p, f);
	}
	home_channels(p, f);
	errors(p, f);
}
