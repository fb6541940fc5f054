/*
 * Why a row is not moving: one or two whole sentences, the nearest cause first.
 */
#include "tui/item_why.h"

#include "lib/lang.h"
#include "lib/reason.h"
#include "lib/util.h"
#include "tui/fmt.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void why_say(struct buf *b, const char *sentence)
{
	if (!sentence[0])
		return;
	if (b->len && lang_reason() != REASON_ZH)
		buf_addc(b, ' ');
	buf_adds(b, sentence);
}

void why_sayf(struct buf *b, const char *fmt, ...)
{
	char *sentence = NULL;
	va_list args;
	va_start(args, fmt);
	int len = vasprintf(&sentence, fmt, args);
	va_end(args);
	if (len >= 0)
		why_say(b, sentence);
	util_free_ptr(&sentence);
}

void why_say_reason(struct buf *b, const char *id)
{
	enum reason reason = reason_find(id);
	why_say(b, reason_cause(reason, lang_reason()));
	why_say(b, reason_remedy(reason, lang_reason()));
}

static const char *text(const char *s)
{
	return s ? s : "";
}

bool why_has_text(const char *s)
{
	return s && s[0];
}

void why_say_relay(struct buf *b, const struct pulse *p, int64_t now_ms)
{
	int64_t age_ms = now_ms - p->beat_at_ms;
	if (!p->read_at_ms)
		return;
	switch (p->relay) {
	case RELAY_NONE:
		why_say(b, _("No relay has ever run on this outbox: start "
			     "outbox-relay."));
		break;
	case RELAY_SILENT:
		why_sayf(
			b,
			_("The relay is silent: its last beat was %s ago, from "
			  "pid %lld on %s."),
			fmt_span(age_ms).s, (long long)p->pid, text(p->host));
		break;
	case RELAY_STOPPED:
		why_sayf(b,
			 _("The relay was stopped %s ago: nothing is sent "
			   "until it "
			   "is started again."),
			 fmt_span(age_ms).s);
		break;
	case RELAY_DRAINING:
		why_say(b,
			_("The relay is stopping: it ends what is on the wire "
			  "and takes nothing new."));
		break;
	case RELAY_RUNNING:
		break;
	}
}

static void say_sending(struct buf *b, const struct item *item,
			const struct pulse *pulse, int64_t now_ms)
{
	const struct row *row = &item->row;
	struct fmt since = fmt_span(now_ms - row->updated_at_ms);
	bool is_alive = !pulse->read_at_ms || pulse->relay == RELAY_RUNNING ||
			pulse->relay == RELAY_DRAINING;
	if (!is_alive) {
		why_say_relay(b, pulse, now_ms);
		why_say(b,
			_("It was on the wire then: whether it arrived is not "
			  "known, and the next relay sends it again."));
	} else if (row->lease_until_ms && row->lease_until_ms < now_ms)
		why_sayf(b,
			 _("It has been on the wire for %s, and its lease "
			   "ended %s "
			   "ago: if the relay does not write its result, start "
			   "the relay again."),
			 since.s, fmt_span(now_ms - row->lease_until_ms).s);
	else
		why_sayf(b, _("It has been on the wire for %s."), since.s);
}

static void say_failed(struct buf *b, const struct item *item)
{
	const struct row *row = &item->row;
	why_say_reason(b, row->last_reason);
	if (row->max_attempts && row->attempts >= row->max_attempts)
		why_sayf(b,
			 P_("Its %lld try is used up.",
			    "All its %lld tries are used up.", row->attempts),
			 (long long)row->attempts);
	if (item->unknowns)
		why_say(b, _("An earlier try may have arrived."));
	why_say(b,
		_("R sends it again with new tries, E with another payload."));
}

static void say_cancelled(struct buf *b, const struct item *item,
			  int64_t now_ms)
{
	const struct item_event *by = NULL;
	for (size_t i = 0; i < item->event_count && !by; i++) {
		if (strcmp(item->events[i].action, "cancel") == 0)
			by = &item->events[i];
	}
	if (reason_find(item->row.last_reason) != REASON_CANCELLED_BY_OPERATOR)
		by = NULL;
	if (!by)
		why_say(b, reason_cause(reason_find(item->row.last_reason),
					lang_reason()));
	else if (why_has_text(by->reason))
		why_sayf(b, _("%s cancelled it %s ago (%s)."), by->who,
			 fmt_span(now_ms - by->at_ms).s, by->reason);
	else
		why_sayf(b, _("%s cancelled it %s ago."), by->who,
			 fmt_span(now_ms - by->at_ms).s);
	why_say(b, _("R sends it after all."));
}

char *item_why(const struct item *item, const struct pulse *pulse,
	       int64_t now_ms)
{
	scoped_buf b = {0};
	switch (item->row.status) {
	case MESSAGE_PENDING:
		why_say_pending(&b, item, pulse, now_ms);
		break;
	case MESSAGE_SENDING:
		say_sending(&b, item, pulse, now_ms);
		break;
	case MESSAGE_FAILED:
		say_failed(&b, item);
		break;
	case MESSAGE_EXPIRED:
		why_say_reason(&b, "expired");
		why_say(&b, _("R sends it again with a fresh life."));
		break;
	case MESSAGE_CANCELLED:
		say_cancelled(&b, item, now_ms);
		break;
	case MESSAGE_DELIVERED:
	case MESSAGE_STATUS_COUNT:
		break;
	}
	return xstrdup(buf_str(&b));
}
