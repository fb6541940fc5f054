/* The channels: what waits in them, and why they stand still. */
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/view_home.h"
#include "tui/view_text.h"
#include "tui/word.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 5, REASON_X = 3 };

/* Where the columns end; 0: there is none. */
struct table {
	int name, ends[NUMBERS], cells, state;
};

static struct table table_of(const struct home_page *p)
{
	int width = home_width(p);
	if (p->is_wide)
		return (struct table){17, {26, 35, 43, 53, 62}, 9, 64};
	if (width >= 42)
		return (struct table){13, {20, 28, 35}, 7, 36};
	return (struct table){
		MAX(width - 16, 4), {MAX(width - 9, 5)}, 8, MAX(width - 8, 6)};
}

static void add_numbers(struct home_page *p, struct home_line *line,
			const char *const texts[NUMBERS], enum style style)
{
	struct table t = table_of(p);
	int from = t.name;
	for (int i = 0; i < NUMBERS && t.ends[i] > 0; i++) {
		int x = MAX(t.ends[i] - t.cells, from);
		home_right(p, line, x, t.ends[i] - x, style, texts[i]);
		from = t.ends[i] + 1;
	}
}

static void add_head(struct home_page *p)
{
	struct table t = table_of(p);
	struct home_line *line = home_add(p);
	const char *const words[NUMBERS] = {_("pending"), _("sending"),
					    _("failed"), _("sent/min"), "p95"};
	home_put(p, line, 0, t.name - 1, STYLE_HEAD, _("CHANNELS"));
	add_numbers(p, line, words, STYLE_DIM);
	home_put(p, line, t.state, 0, STYLE_DIM, _("state"));
}

static const struct overview_channel *speed_of(const struct home_facts *f,
					       const char *name)
{
	for (size_t i = 0; i < f->o->channel_count; i++) {
		if (strcmp(f->o->channels[i].name, name) == 0)
			return &f->o->channels[i];
	}
	return NULL;
}

static char *filter_of(const char *channel)
{
	bool is_plain = channel[0] != '\0';
	for (const char *c = channel; *c; c++)
		is_plain &= isalnum((unsigned char)*c) || *c == '-' ||
			    *c == '_' || *c == '.';
	scoped_buf b = {0};
	buf_adds(&b, "channel:");
	if (is_plain)
		buf_adds(&b, channel);
	else
		filter_quote(&b, channel);
	buf_adds(&b, " -state:delivered");
	return buf_detach(&b);
}

static char *why_paused(const struct home_facts *f,
			const struct channel_state *c)
{
	scoped_buf b = {0};
	if (c->by && c->since_ms)
		buf_addf(&b, _("paused by %s for %s"), c->by,
			 home_since(f, c->since_ms).s);
	else
		buf_addf(&b, _("paused by %s"), c->by ? c->by : "-");
	if (c->detail && c->detail[0])
		buf_addf(&b, ": %s", c->detail);
	return buf_detach(&b);
}

static char *why_held(const struct home_facts *f, const struct channel_state *c)
{
	scoped_buf b = {0};
	enum reason reason = reason_find(c->reason);
	const char *cause = reason_cause(reason, lang_reason());
	if (c->is_resume_wanted)
		buf_addf(&b, "%s  ", _("probed at once."));
	else if (c->until_ms > f->now_ms)
		buf_addf(&b, _("probe in %s.  "),
			 fmt_span(c->until_ms - f->now_ms).s);
	if (cause[0])
		buf_addf(&b, "%s %s", cause,
			 reason_remedy(reason, lang_reason()));
	else if (c->detail)
		buf_adds(&b, c->detail);
	return buf_detach(&b);
}

static void add_reason(struct home_page *p, const struct home_facts *f,
		       const struct channel_state *c)
{
	bool is_paused = strcmp(c->state, "paused") == 0;
	scoped_free char *why = is_paused ? why_paused(f, c) : why_held(f, c);
	int room = MAX(home_width(p) - REASON_X, 1);
	int rows = p->reason_rows;
	const char *rest = why;
	for (int i = 1; i <= rows && *rest; i++) {
		size_t len = text_fit_row(rest, room);
		bool is_last = i == rows;
		scoped_free char *row =
			is_last ? xstrdup(rest) : xstrndup(rest, len);
		home_put(p, home_add(p), REASON_X, 0, STYLE_WARN, row);
		rest += is_last ? strlen(rest) : len;
	}
}

static void add_channel(struct home_page *p, const struct home_facts *f,
			const struct channel_state *c)
{
	struct table t = table_of(p);
	const struct overview_channel *speed = speed_of(f, c->name);
	bool is_timed = f->is_known && speed;
	struct fmt pending = home_channel_status(f, c->name, MESSAGE_PENDING);
	struct fmt sending = home_channel_status(f, c->name, MESSAGE_SENDING);
	struct fmt failed = home_channel_status(f, c->name, MESSAGE_FAILED);
	struct fmt rate = {"-"}, p95 = {"-"};
	if (is_timed)
		rate = fmt_number(speed->per_minute);
	if (is_timed && speed->p95_ms >= 0)
		p95 = fmt_fine_span(speed->p95_ms);
	const char *const texts[NUMBERS] = {pending.s, sending.s, failed.s,
					    rate.s, p95.s};
	struct home_line *line = home_add(p);
	home_put(p, line, 1, t.name - 1, STYLE_TEXT, c->name);
	add_numbers(p, line, texts, STYLE_TEXT);
	enum style style;
	const char *word = word_of(WORD_CHANNEL, c->state, &style);
	home_put(p, line, t.state, 0, style, word);
	line->channel = home_own(p, xstrdup(c->name));
	line->name = home_own(p, xasprintf("channel %s", c->name));
	line->tab = TAB_ALL;
	line->filter = home_own(p, filter_of(c->name));
	if (channel_is_stopped(c))
		add_reason(p, f, c);
}

void home_channels(struct home_page *p, const struct home_facts *f)
{
	home_blank(p);
	add_head(p);
	for (size_t i = 0; i < f->pulse->channel_count; i++)
		add_channel(p, f, &f->pulse->channels[i]);
	if (f->pulse->channel_count == 0)
		home_put(p, home_add(p), 1, 0, STYLE_DIM,
			 f->pulse->read_at_ms ? _("none") : "-");
}
