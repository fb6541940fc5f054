/* Why a row that waits is not sent. */
#include "tui/item_why.h"

#include "lib/lang.h"
#include "lib/shanghai.h"
#include "lib/util.h"
#include "tui/fmt.h"

#include <string.h>

enum {
	MINUTE_MS = 60000,
	SUSPECT = 3,	   /* interruptions after which a row is sent alone */
	OVERDUE_MS = 5000, /* from here on it is others that go first */
};

static const char *text(const char *s)
{
	return s ? s : "";
}

static void say_paused(struct buf *b, const struct channel_state *c,
		       int64_t now_ms)
{
	struct fmt since = fmt_span(now_ms - c->since_ms);
	if (why_has_text(c->detail))
		why_sayf(b,
			 _("Channel %s was paused by %s %s ago (%s): P resumes "
			   "it."),
			 c->name, text(c->by), since.s, c->detail);
	else
		why_sayf(b,
			 _("Channel %s was paused by %s %s ago: P resumes it."),
			 c->name, text(c->by), since.s);
}

static void say_held(struct buf *b, const struct channel_state *c,
		     int64_t now_ms)
{
	if (!c->until_ms && !c->is_resume_wanted)
		why_sayf(b,
			 _("Channel %s is held until its settings are there: "
			   "no row is tried before."),
			 c->name);
	else if (c->until_ms > now_ms && !c->is_resume_wanted)
		why_sayf(b,
			 _("Channel %s is held, and will be tried with one row "
			   "in "
			   "%s."),
			 c->name, fmt_span(c->until_ms - now_ms).s);
	else
		why_sayf(
			b,
			_("Channel %s is held, and is being tried with one row "
			  "now."),
			c->name);
	why_say_reason(b, c->reason);
}

static void say_budget(struct buf *b, const struct channel_state *c,
		       int64_t now_ms)
{
	if (c->max_per_day && c->day_used >= c->max_per_day)
		why_sayf(b,
			 _("Channel %s has used up its budget of %s a day: it "
			   "goes "
			   "on in %s, when Shanghai's next day begins."),
			 c->name, fmt_number(c->max_per_day).s,
			 fmt_span(shanghai_day_left_ms(now_ms)).s);
	else if (c->max_per_minute && c->minute_used >= c->max_per_minute)
		why_sayf(b,
			 _("Channel %s has used up its budget of %s a minute: "
			   "it "
			   "goes on in %s."),
			 c->name, fmt_number(c->max_per_minute).s,
			 fmt_span(MINUTE_MS - now_ms % MINUTE_MS).s);
}

/* What stops all rows of its channel. */
static void say_channel(struct buf *b, const struct item *item,
			const struct pulse *pulse, int64_t now_ms)
{
	const struct channel_state *c = pulse_channel(pulse, item->row.channel);
	if (!pulse->read_at_ms)
		return;
	if (!c)
		why_sayf(b,
			 _("There is no channel %s in the relay's settings: "
			   "nobody "
			   "takes its rows."),
			 item->row.channel);
	else if (strcmp(c->state, "paused") == 0)
		say_paused(b, c, now_ms);
	else if (channel_is_stopped(c))
		say_held(b, c, now_ms);
	else
		say_budget(b, c, now_ms);
}

static void say_blocker(struct buf *b, const struct item *item)
{
	long long id = item->blocker;
	switch (item->wait) {
	case ITEM_FREE:
		break;
	case ITEM_RECIPIENT_ON_WIRE:
		why_sayf(b,
			 _("It waits for #%lld, which is on the wire to the "
			   "same "
			   "recipient."),
			 id);
		break;
	case ITEM_RECIPIENT_BEFORE:
		if (id)
			why_sayf(b,
				 _("It waits for #%lld, which goes to the same "
				   "recipient before it."),
				 id);
		else
			why_say(b, _("It waits for another row to the same "
				     "recipient."));
		break;
	case ITEM_ORDER:
		why_sayf(b,
			 _("It waits for #%lld, which comes before it with the "
			   "same ordering key %s."),
			 id, text(item->row.ordering_key));
		break;
	case ITEM_ORDER_FAILED:
		why_sayf(b,
			 _("It waits for #%lld, which failed and holds the "
			   "ordering key %s: retry or cancel that one."),
			 id, text(item->row.ordering_key));
		break;
	}
}

/* A time that the CRM chose, or a rest after a try that failed. */
static void say_due(struct buf *b, const struct row *row, int64_t now_ms)
{
	struct fmt left = fmt_span(row->due_at_ms - now_ms);
	if (row->attempts == 0) {
		why_sayf(b, _("It is not due yet, but in %s; R sends it now."),
			 left.s);
		return;
	}
	why_sayf(b,
		 _("Try %lld of %lld failed: the next one is in %s; R sends it "
		   "now."),
		 (long long)row->attempts, (long long)row->max_attempts,
		 left.s);
	why_say(b, reason_cause(reason_find(row->last_reason), lang_reason()));
}

/* Nothing stops it. */
static void say_turn(struct buf *b, const struct item *item,
		     const struct pulse *pulse, int64_t now_ms)
{
	const struct channel_state *c = pulse_channel(pulse, item->row.channel);
	int64_t late_ms = now_ms - item->row.due_at_ms;
	if (item->interrupted >= SUSPECT)
		why_sayf(b,
			 _("The relay went down %lld times with it on the "
			   "wire: it "
			   "waits to be sent alone."),
			 (long long)item->interrupted);
	else if (late_ms <= OVERDUE_MS)
		why_say(b, _("It is due now: the relay takes it next."));
	else if (c && c->max_per_second)
		why_sayf(b,
			 _("It has been due for %s: channel %s sends at most "
			   "%s a "
			   "second, and others go first."),
			 fmt_span(late_ms).s, c->name,
			 fmt_number(c->max_per_second).s);
	else
		why_sayf(b, _("It has been due for %s: others go first."),
			 fmt_span(late_ms).s);
}

void why_say_pending(struct buf *b, const struct item *item,
		     const struct pulse *pulse, int64_t now_ms)
{
	if (item->row.due_at_ms > now_ms)
		say_due(b, &item->row, now_ms);
	size_t len = b->len;
	why_say_relay(b, pulse, now_ms);
	if (b->len == len)
		say_channel(b, item, pulse, now_ms);
	if (b->len == len)
		say_blocker(b, item);
	if (b->len == 0)
		say_turn(b, item, pulse, now_ms);
}
