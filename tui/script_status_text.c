/* `status` for people. */
#include "lib/buf.h"
#include "lib/lang.h"
#include "lib/reason.h"
#include "lib/util.h"
#include "tui/fmt.h"
#include "tui/script_status.h"
#include "tui/word.h"

#include <stdio.h>
#include <string.h>

static struct fmt number(struct count count)
{
	return fmt_count(count.n, count.is_more, count.is_about);
}

static const char *relay_word(enum relay_state state)
{
	switch (state) {
	case RELAY_NONE:
		return C_("relay|NONE");
	case RELAY_RUNNING:
		return C_("relay|RUNNING");
	case RELAY_DRAINING:
		return C_("relay|DRAINING");
	case RELAY_STOPPED:
		return C_("relay|STOPPED");
	case RELAY_SILENT:
		break;
	}
	return C_("home|SILENT");
}

static void print_relay(const struct script_status *s)
{
	const struct pulse *p = &s->pulse;
	const char *word = relay_word(p->relay);
	if (p->relay == RELAY_NONE)
		script_line(_("Relay"), "%s", word);
	else
		script_line(_("Relay"),
			    _("%s   %s on %s, pid %lld, last beat %s ago"),
			    word, p->version, p->host, (long long)p->pid,
			    fmt_span(s->now_ms - p->beat_at_ms).s);
}

static void print_counts(const struct script_status *s)
{
	scoped_buf b = {0};
	for (unsigned i = 0; i < MESSAGE_STATUS_COUNT; i++)
		buf_addf(&b, "%s%s %s", i ? "   " : "", script_state(i),
			 number(counts_of(s->counts, i)).s);
	script_line(_("Rows"), "%s", buf_str(&b));
	script_line(_("Due"), _("%s now   %s later"),
		    number(s->overview.due_now).s,
		    number(s->overview.due_later).s);
}

static struct fmt latency(int64_t ms)
{
	struct fmt none = {"-"};
	return ms < 0 ? none : fmt_fine_span(ms);
}

static void print_span(const char *label, const struct overview_span *span)
{
	script_line(label,
		    _("%s delivered, %s failed   p50 %s   p95 %s   p99 %s"),
		    fmt_number(span->delivered).s, fmt_number(span->failed).s,
		    latency(span->p50_ms).s, latency(span->p95_ms).s,
		    latency(span->p99_ms).s);
}

static void print_channel(const struct script_status *s,
			  const struct channel_state *c)
{
	const struct overview_channel *o = script_status_channel(s, c->name);
	struct count pending =
		counts_of_channel(s->counts, c->name, MESSAGE_PENDING);
	struct count failed =
		counts_of_channel(s->counts, c->name, MESSAGE_FAILED);
	script_line(_("Channel"),
		    _("%s   %s   %s pending, %s failed, %s a minute"), c->name,
		    word_of(WORD_CHANNEL, c->state, NULL), number(pending).s,
		    number(failed).s, fmt_number(o ? o->per_minute : 0).s);
}

static void print_error(const struct group *g)
{
	const char *cause = reason_cause(reason_find(g->reason), lang_reason());
	script_line(_("Error"), "%s   %s   %s", fmt_number(g->count).s,
		    g->channel, *cause ? cause : g->error);
}

void script_status_text(const struct script_status *s)
{
	print_relay(s);
	print_counts(s);
	print_span(_("Last hour"), &s->overview.hour);
	print_span(_("Last day"), &s->overview.day);
	for (size_t i = 0; i < s->pulse.channel_count; i++)
		print_channel(s, &s->pulse.channels[i]);
	for (size_t i = 0; i < s->overview.error_count; i++)
		print_error(&s->overview.errors[i]);
	script_line(_("Database"), _("%s   %s, log %s"), s->o->db,
		    fmt_bytes(s->overview.db_bytes).s,
		    fmt_bytes(s->overview.wal_bytes).s);
	for (size_t i = 0; i < s->alert_count; i++)
		script_line(_("ALARM"),
			    P_("%s (%lld row waits)", "%s (%lld rows wait)",
			       s->alerts[i].rows),
			    s->alerts[i].text, (long long)s->alerts[i].rows);
}
