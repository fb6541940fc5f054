/* What operators did last, and what calls for one now. */
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/events_act.h"
#include "tui/view_home.h"

#include <stdlib.h>
#include <string.h>

enum { WAITS_MS = 300000, WAL_BYTES = 64 << 20 };

static void add_act(struct home_page *p, const struct home_facts *f,
		    const struct overview_act *a)
{
	struct home_line *line = home_add(p);
	int end = home_width(p) >= 60 ? home_width(p) - 26 : 0;
	scoped_buf what = {0};
	buf_adds(&what, a->what ? a->what : "");
	if (a->reason && a->reason[0])
		buf_addf(&what, "  (%s)", a->reason);
	scoped_free char *came =
		xasprintf(_("%s changed, %s skipped"), fmt_number(a->changed).s,
			  fmt_number(a->skipped).s);
	home_put(p, line, 1, 11, STYLE_DIM,
		 fmt_at(a->at_ms, f->now_ms, f->times).s);
	home_put(p, line, 13, 8, STYLE_NAME, a->who);
	home_put(p, line, 22, 8, STYLE_STRONG, act_line_action(a->action));
	home_put(p, line, 31, end ? end - 32 : 0, STYLE_TEXT, buf_str(&what));
	if (end)
		home_put(p, line, end, 0, STYLE_TEXT, came);
	line->name = home_own(p, xasprintf("act %s", a->act));
	line->tab = TAB_AUDIT;
}

static void acts(struct home_page *p, const struct home_facts *f)
{
	size_t most = p->is_short ? 2 : OVERVIEW_ACTS;
	home_blank(p);
	home_title(p, xstrdup(_("LAST OPERATOR ACTIONS")));
	for (size_t i = 0; i < MIN(f->o->act_count, most); i++)
		add_act(p, f, &f->o->acts[i]);
	if (f->o->act_count == 0)
		home_put(p, home_add(p), 1, 0, STYLE_DIM,
			 f->is_known ? _("none") : "-");
}

/* The title comes with the first one. */
static void alert(struct home_page *p, bool *has_any, enum style style,
		  char *text)
{
	if (!*has_any) {
		home_blank(p);
		home_title(p, xstrdup(_("ALERTS")));
	}
	*has_any = true;
	struct home_line *line = home_add(p);
	home_put(p, line, 1, 6, style,
		 style == STYLE_BAD ? C_("alert|ALARM") : C_("alert|WARN"));
	home_put(p, line, 8, 0, STYLE_TEXT, text);
	free(text);
}

static void relay_alert(struct home_page *p, const struct home_facts *f,
			bool *has_any)
{
	switch (f->pulse->relay) {
	case RELAY_NONE:
		alert(p, has_any, STYLE_BAD,
		      xstrdup(_("no relay has ever run on this database")));
		return;
	case RELAY_STOPPED:
		alert(p, has_any, STYLE_BAD,
		      xstrdup(_("the relay was stopped: nothing is sent")));
		return;
	case RELAY_SILENT:
		alert(p, has_any, STYLE_BAD,
		      xasprintf(_("the relay is silent for %s: :relay says "
				  "what to check"),
				fmt_span(f->now_ms - f->pulse->beat_at_ms).s));
		return;
	case RELAY_RUNNING:
	case RELAY_DRAINING:
		return;
	}
}

static void channel_alert(struct home_page *p, const struct home_facts *f,
			  const struct channel_state *c, bool *has_any)
{
	if (!channel_is_stopped(c))
		return;
	struct fmt waiting = home_channel_status(f, c->name, MESSAGE_PENDING);
	struct fmt since = home_since(f, c->since_ms);
	if (strcmp(c->state, "paused") == 0)
		alert(p, has_any, STYLE_WARN,
		      xasprintf(_("channel %s is paused for %s; %s waiting"),
				c->name, since.s, waiting.s));
	else
		alert(p, has_any, STYLE_WARN,
		      xasprintf(_("channel %s is held for %s; %s waiting"),
				c->name, since.s, waiting.s));
}

static void alerts(struct home_page *p, const struct home_facts *f)
{
	bool has_any = false;
	int64_t due_ms = f->o->oldest_due_ms;
	if (f->pulse->read_at_ms)
		relay_alert(p, f, &has_any);
	for (size_t i = 0; i < f->pulse->channel_count; i++)
		channel_alert(p, f, &f->pulse->channels[i], &has_any);
	if (due_ms && f->now_ms - due_ms > WAITS_MS)
		alert(p, &has_any, STYLE_WARN,
		      xasprintf(_("a row has been due for %s"),
				fmt_span(f->now_ms - due_ms).s));
	if (f->o->wal_bytes > WAL_BYTES)
		alert(p, &has_any, STYLE_WARN,
		      xasprintf(_("the write-ahead log has grown to %s: some "
				  "program keeps a read open"),
				fmt_bytes(f->o->wal_bytes).s));
}

void home_below(struct home_page *p, const struct home_facts *f)
{
	p->column = HOME_BELOW;
	acts(p, f);
	alerts(p, f);
}
