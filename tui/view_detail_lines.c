#include "lib/lang.h"
#include "lib/reason.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/events_act.h"
#include "tui/fmt.h"
#include "tui/view_detail.h"
#include "tui/word.h"

#include <stdlib.h>
#include <string.h>

enum { DETAIL_INDENT = 6, RESULT_CELLS = 8, ANSWER_SHORT = 200 };

/* What was answered, in one line: all of it for who looks sideways, and its
 * beginning where it would be wrapped. */
static void add_answer(struct buf *b, const struct item_attempt *a,
		       bool is_short)
{
	size_t len = a->answer ? strlen(a->answer) : 0;
	size_t fits = is_short && len > ANSWER_SHORT
			      ? text_fit_bytes(a->answer, ANSWER_SHORT)
			      : len;
	if (a->http_status)
		buf_addf(b, "%lld ", (long long)a->http_status);
	if (a->code)
		buf_addf(b, "%lld ", (long long)a->code);
	const char *cause = reason_cause(reason_find(a->reason), lang_reason());
	if (a->reason[0])
		buf_addf(b, "%s ", *cause ? cause : a->reason);
	buf_add(b, a->answer ? a->answer : "", fits);
	if (fits < len)
		buf_adds(b, "...");
}

static void pad(struct buf *b, const char *text, int cells)
{
	buf_adds(b, text);
	for (int i = grid_width(text); i < cells; i++)
		buf_addc(b, ' ');
}

static void add_attempt(struct line_list *l, const struct item_attempt *a,
			size_t number, const struct detail_look *k,
			bool is_short)
{
	scoped_buf line = {0};
	enum style style;
	const char *word = word_of(WORD_OUTCOME, a->outcome, &style);
	struct fmt at =
		k->now_ms - a->started_at_ms < 86400000
			? fmt_exact(a->started_at_ms, k->times)
			: fmt_moment(a->started_at_ms, k->now_ms, k->times);
	buf_addf(&line, " %2zu  ", number);
	pad(&line, at.s, 12);
	struct fmt took = fmt_took(a->duration_us);
	buf_addf(&line, " %*s%s  ", MAX(7 - grid_width(took.s), 0), "", took.s);
	size_t from = line.len;
	pad(&line, word, RESULT_CELLS - 1);
	buf_addc(&line, ' ');
	add_answer(&line, a, is_short);
	line_list_text(l, STYLE_TEXT, buf_detach(&line))->indent =
		DETAIL_INDENT;
	line_list_span(l, from, strlen(word), style);
}

static void add_attempt_head(struct line_list *l)
{
	scoped_buf line = {0};
	const char *took = _("took");
	pad(&line, C_("attempt|  #  started"), 17);
	buf_addf(&line, " %*s%s  ", MAX(7 - grid_width(took), 0), "", took);
	pad(&line, _("result"), RESULT_CELLS);
	buf_adds(&line, C_("attempt|detail"));
	line_list_text(l, STYLE_DIM, buf_detach(&line));
}

void detail_attempts(struct detail *d, struct line_list *l,
		     const struct detail_look *k)
{
	const struct item *item = &d->item;
	line_list_rule(l, xstrdup(_("ATTEMPTS")));
	if (item->attempt_count == 0) {
		bool had_some = item->row.attempts > 0;
		line_list_text(
			l, STYLE_DIM,
			xstrdup(had_some ? _("  none kept") : _("  none yet")));
		return;
	}
	add_attempt_head(l);
	int64_t generation = item->row.generation;
	for (size_t i = 0; i < item->attempt_count; i++) {
		const struct item_attempt *a = &item->attempts[i];
		if (a->generation != generation)
			line_list_text(l, STYLE_DIM,
				       xstrdup(_("     before it was retried "
						 "by hand:")));
		generation = a->generation;
		add_attempt(l, a, item->attempt_count - i, k,
			    d->pane.is_wrapped);
	}
	if (item->has_more_attempts)
		line_list_text(l, STYLE_DIM,
			       xstrdup(_("     and earlier ones")));
}

static int digits(size_t n)
{
	int count = 1;
	for (; n >= 10; n /= 10)
		count++;
	return count;
}

void detail_json(struct line_list *l, const struct json_lines *json,
		 bool is_numbered)
{
	int gutter = is_numbered ? MAX(digits(json->count), 2) + 2 : 2;
	for (size_t i = 0; i < json->count; i++) {
		const struct json_line *from = &json->lines[i];
		struct text_line *line = line_list_add(l);
		line->text = from->text;
		line->spans = from->spans;
		line->span_count = from->span_count;
		line->number = is_numbered ? i + 1 : 0;
		line->gutter = gutter;
		line->indent = 2;
	}
	if (json->is_cut)
		line_list_text(l, STYLE_WARN,
			       xstrdup(_("  more is not shown: y p copies all "
					 "of it")));
}

void detail_payload(struct detail *d, struct line_list *l)
{
	scoped_buf title = {0};
	buf_addf(&title,
		 P_("PAYLOAD  %s byte", "PAYLOAD  %s bytes",
		    d->item.payload_len),
		 fmt_number((int64_t)d->item.payload_len).s);
	buf_addf(&title, ", %s",
		 d->is_raw ? _("as stored (r: pretty)") : _("JSON (r: raw)"));
	size_t n = d->item.revision_count;
	if (n > 0)
		buf_addf(&title,
			 P_(", %zu earlier one", ", %zu earlier ones", n), n);
	d->payload_line = l->count;
	line_list_rule(l, buf_detach(&title));
	detail_json(l, &d->payload, true);
}

void detail_answer(struct detail *d, struct line_list *l)
{
	if (d->answer_no == 0)
		return;
	line_list_rule(l,
		       xasprintf(_("RESPONSE of attempt %zu"), d->answer_no));
	detail_json(l, &d->answer, false);
}

void detail_history(struct detail *d, struct line_list *l,
		    const struct detail_look *k)
{
	const struct item *item = &d->item;
	if (item->event_count == 0)
		return;
	line_list_rule(l, xstrdup(_("HISTORY")));
	for (size_t i = 0; i < item->event_count; i++) {
		const struct item_event *e = &item->events[i];
		scoped_buf line = {0};
		buf_addc(&line, ' ');
		pad(&line, fmt_moment(e->at_ms, k->now_ms, k->times).s, 12);
		buf_addc(&line, ' ');
		pad(&line, e->who, 8);
		buf_addf(&line, "  %s", act_line_action(e->action));
		if (e->reason)
			buf_addf(&line, ": %s", e->reason);
		line_list_text(l, STYLE_TEXT, buf_detach(&line))->indent =
			DETAIL_INDENT;
	}
}
