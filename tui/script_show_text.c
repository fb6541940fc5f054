/* `show` for people. */
#include "lib/lang.h"
#include "lib/reason.h"
#include "lib/text.h"
#include "lib/util.h"
#include "tui/events_act.h"
#include "tui/fmt.h"
#include "tui/json.h"
#include "tui/script_show.h"
#include "tui/word.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_maybe(const char *label, const char *text)
{
	if (text && *text)
		script_line(label, "%s", text);
}

static void print_time(const char *label, int64_t at_ms)
{
	if (at_ms)
		script_line(label, "%s", fmt_full(at_ms, FMT_LOCAL).s);
}

static void print_error(const struct row *row)
{
	const char *last = row->last_error ? row->last_error : "";
	scoped_free char *error = row_error(row);
	scoped_free char *detail = text_clean(last, strlen(last));
	print_maybe(_("Error"), error);
	if (strcmp(detail, error) != 0)
		print_maybe(_("Detail"), detail);
}

static void print_head(const struct script_show *s)
{
	const struct row *row = &s->item.row;
	scoped_free char *recipient = row_recipient(row, s->o->is_unmasked);
	script_line(_("Row"), "#%lld %s", (long long)row->id,
		    script_state(row->status));
	print_maybe(_("Why"), s->why);
	print_maybe(_("Channel"), row->channel);
	print_maybe(_("Type"), row->type);
	print_maybe(_("To"), recipient);
	print_maybe(_("Order key"), row->ordering_key);
	print_maybe(_("Dedup key"), row->dedup_key);
	script_line(_("Tries"), "%lld/%lld", (long long)row->attempts,
		    (long long)row->max_attempts);
	print_time(_("Created"), row->created_at_ms);
	print_time(_("Due"), row->due_at_ms);
	print_time(_("Expires"), row->expires_at_ms);
	print_time(_("Delivered"), row->delivered_at_ms);
	print_maybe(_("Event id"), s->item.event_id);
	print_error(row);
}

static void print_attempts(const struct item *item)
{
	for (size_t i = 0; i < item->attempt_count; i++) {
		const struct item_attempt *a = &item->attempts[i];
		const char *cause =
			reason_cause(reason_find(a->reason), lang_reason());
		script_line(_("Attempt"), "%s   %s   %s   %s   %s",
			    fmt_full(a->started_at_ms, FMT_LOCAL).s,
			    fmt_took(a->duration_us).s,
			    word_of(WORD_OUTCOME, a->outcome, NULL),
			    *cause ? cause : a->reason,
			    a->answer ? a->answer : "");
	}
	for (size_t i = 0; i < item->event_count; i++) {
		const struct item_event *e = &item->events[i];
		script_line(_("Operator"), "%s   %s   %s   %s",
			    fmt_full(e->at_ms, FMT_LOCAL).s, e->who,
			    act_line_action(e->action),
			    e->reason ? e->reason : "");
	}
}

void script_show_text(const struct script_show *s)
{
	struct json_lines lines;
	print_head(s);
	print_attempts(&s->item);
	json_lines(&lines, s->item.payload, s->item.payload_len, false,
		   SIZE_MAX);
	for (size_t i = 0; i < lines.count; i++)
		printf("%s\n", lines.lines[i].text);
	json_lines_finish(&lines);
}
