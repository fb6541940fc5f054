#include "lib/lang.h"
#include "lib/util.h"
#include "tui/fmt.h"
#include "tui/view_detail.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word;
	enum style style;
} states[MESSAGE_STATUS_COUNT] = {
	[MESSAGE_PENDING] = {N_("state|PENDING"), STYLE_STRONG},
	[MESSAGE_SENDING] = {N_("state|SENDING"), STYLE_STRONG},
	[MESSAGE_DELIVERED] = {N_("state|DELIVERED"), STYLE_GOOD},
	[MESSAGE_FAILED] = {N_("state|FAILED"), STYLE_BAD},
	[MESSAGE_EXPIRED] = {N_("state|EXPIRED"), STYLE_BAD},
	[MESSAGE_CANCELLED] = {N_("state|CANCELLED"), STYLE_WARN},
};

struct detail_look detail_look(const struct detail *d, int cols)
{
	enum fmt_time times = app_times(d->app);
	return (struct detail_look){
		.cols = cols,
		.now_ms = app_now_ms(d->app),
		.times = times == FMT_UTC ? FMT_UTC : FMT_LOCAL,
		.is_ago = times == FMT_AGO,
	};
}

char *detail_at(const struct detail_look *k, int64_t at_ms)
{
	struct fmt at = fmt_moment(at_ms, k->now_ms, k->times);
	if (!k->is_ago || at_ms == 0)
		return xstrdup(at.s);
	if (at_ms > k->now_ms)
		return xasprintf("%s (%s)", at.s,
				 fmt_at(at_ms, k->now_ms, FMT_AGO).s);
	return xasprintf(_("%s (%s ago)"), at.s, fmt_span(k->now_ms - at_ms).s);
}

/* "#12  FAILED  wechat -> oKp1...7c", and where the state stands in it. */
static char *name_of(const struct detail *d, size_t *word_at_out,
		     size_t *word_len_out, enum style *style_out)
{
	const struct row *row = &d->item.row;
	const char *word = C_(states[row->status].word);
	scoped_free char *to = row_recipient(row, app_is_unmasked(d->app));
	scoped_free char *id = xasprintf("#%lld  ", (long long)row->id);
	*word_at_out = strlen(id);
	*word_len_out = strlen(word);
	*style_out = states[row->status].style;
	return xasprintf("%s%s  %s%s%s", id, word, row->channel,
			 to[0] ? " -> " : "", to);
}

static char *effort_of(const struct detail *d)
{
	const struct row *row = &d->item.row;
	const char *key = row_key(row);
	scoped_free char *named =
		key[0] ? xasprintf(_("key %s   "), key) : xstrdup("");
	if (row->max_attempts <= 0)
		return xasprintf(
			P_("%s%lld attempt", "%s%lld attempts", row->attempts),
			named, (long long)row->attempts);
	return xasprintf(_("%s%lld of %lld attempts"), named,
			 (long long)row->attempts,
			 (long long)row->max_attempts);
}

static char *next_try(const struct detail *d, const struct detail_look *k)
{
	const struct row *row = &d->item.row;
	scoped_free char *due = detail_at(k, row->due_at_ms);
	scoped_free char *lease = detail_at(k, row->updated_at_ms);
	switch (row->status) {
	case MESSAGE_PENDING:
		return row->due_at_ms > k->now_ms
			       ? xasprintf(_("next try %s"), due)
			       : xasprintf(_("due since %s"), due);
	case MESSAGE_SENDING:
		return xasprintf(_("on the wire since %s"), lease);
	case MESSAGE_DELIVERED: {
		scoped_free char *at = detail_at(k, row->delivered_at_ms);
		return xasprintf(_("delivered %s"), at);
	}
	case MESSAGE_FAILED:
	case MESSAGE_EXPIRED:
	case MESSAGE_CANCELLED:
	case MESSAGE_STATUS_COUNT:
		break;
	}
	return xstrdup(_("no next try"));
}

void detail_name(struct detail *d, struct line_list *l,
		 const struct detail_look *k)
{
	size_t at, len;
	enum style style;
	char *title = name_of(d, &at, &len, &style);
	char *right = line_list_own(l, effort_of(d));
	bool has_room = grid_width(title) + 2 + grid_width(right) <= k->cols;
	line_list_folded(l, STYLE_STRONG, 2, title)->right =
		has_room ? right : NULL;
	line_list_span(l, at, len, style);
	if (!has_room)
		line_list_folded(l, STYLE_STRONG, 2, xstrdup(right));
}

void detail_head(struct detail *d, struct line_list *l,
		 const struct detail_look *k)
{
	detail_name(d, l, k);
	scoped_free char *created = detail_at(k, d->item.row.created_at_ms);
	scoped_free char *last =
		d->item.attempt_count
			? detail_at(k, d->item.attempts[0].started_at_ms)
			: xstrdup(_("none"));
	scoped_free char *next = next_try(d, k);
	scoped_buf line = {0};
	buf_addf(&line, _("created %s"), created);
	buf_adds(&line, "  ");
	buf_addf(&line, _("last try %s"), last);
	buf_addf(&line, "  %s", next);
	line_list_folded(l, STYLE_TEXT, 2, buf_detach(&line));
}

void detail_why(struct detail *d, struct line_list *l,
		const struct detail_look *k)
{
	scoped_free char *why =
		item_why(&d->item, app_pulse(d->app), k->now_ms);
	enum message_status status = d->item.row.status;
	bool is_over = status == MESSAGE_FAILED || status == MESSAGE_EXPIRED;
	const char *word = is_over ? C_("detail|HINT") : C_("detail|WHY");
	if (!why[0])
		return;
	line_list_folded(l, STYLE_TEXT, grid_width(word) + 2,
			 xasprintf("%s  %s", word, why));
	line_list_span(l, 0, strlen(word), STYLE_WARN);
}

static void fact(struct line_list *l, const char *label, const char *text)
{
	if (!text || !text[0])
		return;
	int blanks = MAX(16 - grid_width(label), 1);
	line_list_folded(l, STYLE_TEXT, 17,
			 xasprintf(" %s%*s%s", label, blanks, "", text));
	line_list_span(l, 1, strlen(label), STYLE_DIM);
}

static void fact_number(struct line_list *l, const char *label, int64_t n)
{
	fact(l, label, fmt_number(n).s);
}

static void fact_at(struct line_list *l, const char *label, int64_t at_ms,
		    const struct detail_look *k)
{
	if (at_ms != 0)
		fact(l, label, fmt_full(at_ms, k->times).s);
}

void detail_facts(struct detail *d, struct line_list *l,
		  const struct detail_look *k)
{
	const struct item *item = &d->item;
	const struct row *row = &item->row;
	line_list_rule(l, xstrdup(_("ROW")));
	fact(l, _("type"), row->type);
	fact(l, _("event id"), item->event_id);
	fact(l, _("ordering key"), row->ordering_key);
	fact(l, _("dedup key"), row->dedup_key);
	fact_number(l, _("priority"), row->priority);
	fact_at(l, _("created"), row->created_at_ms, k);
	fact_at(l, _("due"), row->due_at_ms, k);
	fact_at(l, _("expires"), row->expires_at_ms, k);
	fact_at(l, _("changed"), row->updated_at_ms, k);
	fact_at(l, _("delivered"), row->delivered_at_ms, k);
	fact_number(l, _("generation"), row->generation);
	if (item->unknowns)
		fact_number(l, _("unknown results"), item->unknowns);
	if (item->interrupted)
		fact_number(l, _("interrupted"), item->interrupted);
	fact(l, _("leased by"), row->lease_owner);
	fact_at(l, _("lease until"), row->lease_until_ms, k);
	fact(l, _("last error"), row->last_error);
}
