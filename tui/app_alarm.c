#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A channel that was stopped a moment ago may go on by itself. */
enum { HELD_MS = 30000 };

struct fmt app_relay_word(const struct app *app, enum style *style_out)
{
	const struct pulse *p = &app->link.pulse;
	struct fmt f = {""};
	struct fmt silent = fmt_span(app->wall_ms - p->beat_at_ms);
	*style_out = STYLE_BANNER;
	if (p->read_at_ms == 0) {
		*style_out = STYLE_TITLE;
		snprintf(f.s, sizeof(f.s), "%s", C_("relay|..."));
		return f;
	}
	switch (p->relay) {
	case RELAY_NONE:
		snprintf(f.s, sizeof(f.s), "%s", C_("relay|NONE"));
		break;
	case RELAY_STOPPED:
		snprintf(f.s, sizeof(f.s), "%s", C_("relay|STOPPED"));
		break;
	case RELAY_SILENT:
		snprintf(f.s, sizeof(f.s), _("SILENT %s"), silent.s);
		break;
	case RELAY_RUNNING:
		*style_out = STYLE_TITLE;
		snprintf(f.s, sizeof(f.s), "%s", C_("relay|RUNNING"));
		break;
	case RELAY_DRAINING:
		*style_out = STYLE_TITLE;
		snprintf(f.s, sizeof(f.s), "%s", C_("relay|DRAINING"));
		break;
	}
	return f;
}

static void link_alarm(const struct app *app, struct app_alarm *a)
{
	const struct app_link *l = &app->link;
	if (l->is_gone) {
		a->text = xasprintf(_("NO DATABASE: there is no file %s."),
				    app->path);
		a->hint = xstrdup(l->db ? _("What is shown was read before it "
					    "went.")
					: _("It is looked for again and "
					    "again."));
	} else if (l->problem && !l->db) {
		a->text = xasprintf(_("NO DATABASE: %s: %s"), app->path,
				    l->problem);
	} else if (!l->db) {
		a->text = xasprintf(_("NO DATABASE: %s: %s"), app->path,
				    _("it is busy"));
	} else if (l->problem) {
		a->text = xasprintf(_("DATABASE CHANGED: %s"), l->problem);
	} else if (l->is_replaced) {
		a->text = xstrdup(_("DATABASE REPLACED: the file is another "
				    "one now."));
		a->hint =
			xstrdup(_("It is read as soon as the box is closed."));
	}
}

static void busy_alarm(const struct app *app, struct app_alarm *a)
{
	const struct app_link *l = &app->link;
	if (l->busy_since == 0 || app->mono_ms - l->busy_since < APP_BUSY_MS)
		return;
	struct fmt since = fmt_span(app->mono_ms - l->busy_since);
	struct fmt of = fmt_exact(l->good_wall_ms, app->times);
	of.s[strcspn(of.s, ".")] = '\0';
	if (l->is_failed)
		a->text = xasprintf(_("DATABASE FAILS for %s (:errors). "
				      "Showing data of %s."),
				    since.s, of.s);
	else
		a->text = xasprintf(_("DATABASE BUSY %s: another process holds "
				      "a lock. Showing data of %s."),
				    since.s, of.s);
}

static void relay_alarm(const struct app *app, struct app_alarm *a)
{
	const struct pulse *p = &app->link.pulse;
	struct fmt silent = fmt_span(app->wall_ms - p->beat_at_ms);
	struct fmt beat = fmt_exact(p->beat_at_ms, app->times);
	beat.s[strcspn(beat.s, ".")] = '\0';
	if (p->read_at_ms == 0 || p->relay == RELAY_RUNNING ||
	    p->relay == RELAY_DRAINING)
		return;
	if (p->relay == RELAY_SILENT)
		a->text =
			xasprintf(_("RELAY SILENT %s (alarm at %s): last beat "
				    "%s from pid %lld on %s."),
				  silent.s, fmt_span(p->alarm_ms).s, beat.s,
				  (long long)p->pid, p->host ? p->host : "?");
	else if (p->relay == RELAY_STOPPED)
		a->text = xasprintf(
			_("RELAY STOPPED %s ago on %s: nothing is sent."),
			silent.s, p->host ? p->host : "?");
	else
		a->text = xstrdup(_("NO RELAY has run on this database yet: "
				    "nothing is sent."));
	a->hint = xstrdup(_("The lists are from the database and still right. "
			    " :relay says what to check."));
}

/* Only a channel whose rows wait is worth a line of every screen. */
static void channel_alarm(const struct app *app, const struct channel_state *c,
			  struct app_alarm *a)
{
	if (!channel_is_stopped(c) || !app->link.counts)
		return;
	struct count n =
		counts_of_channel(app->link.counts, c->name, MESSAGE_PENDING);
	int64_t since_ms = c->since_ms ? app->wall_ms - c->since_ms : HELD_MS;
	if (n.n == 0 || (since_ms < HELD_MS && strcmp(c->state, "held") == 0))
		return;
	struct fmt rows = fmt_count(n.n, n.is_more, n.is_about);
	struct fmt since = fmt_span(since_ms);
	if (strcmp(c->state, "paused") == 0) {
		a->text = xasprintf(P_("PAUSED: %s, for %s by %s; %s row "
				       "waits.  P resumes it.",
				       "PAUSED: %s, for %s by %s; %s rows "
				       "wait.  P resumes it.",
				       n.n),
				    c->name, since.s, c->by ? c->by : "?",
				    rows.s);
		return;
	}
	enum reason reason = reason_find(c->reason);
	const char *cause = reason_cause(reason, lang_reason());
	const char *remedy = reason_remedy(reason, lang_reason());
	a->text = xasprintf(P_("HELD: %s, for %s; %s row waits. %s",
			       "HELD: %s, for %s; %s rows wait. %s", n.n),
			    c->name, since.s, rows.s, cause);
	a->hint = *remedy ? xstrdup(remedy) : NULL;
}

static size_t keep(struct app_alarm *out, size_t count)
{
	return out[count].text ? count + 1 : count;
}

size_t app_alarms(const struct app *app, struct app_alarm out[APP_ALARMS])
{
	const struct pulse *p = &app->link.pulse;
	size_t count = 0;
	memset(out, 0, sizeof(*out) * APP_ALARMS);
	link_alarm(app, &out[count]);
	count = keep(out, count);
	busy_alarm(app, &out[count]);
	count = keep(out, count);
	relay_alarm(app, &out[count]);
	count = keep(out, count);
	for (int is_paused = 0; is_paused < 2; is_paused++)
		for (size_t i = 0; i < p->channel_count; i++) {
			const struct channel_state *c = &p->channels[i];
			if ((strcmp(c->state, "paused") == 0) != is_paused ||
			    count == APP_ALARMS - 1)
				continue;
			channel_alarm(app, c, &out[count]);
			count = keep(out, count);
		}
	return count;
}

/* Whole seconds, where fractions would only flicker. */
static struct fmt seconds(int64_t ms)
{
	struct fmt f = fmt_span(ms);
	if (ms % 1000 == 0 && ms < 60000)
		snprintf(f.s, sizeof(f.s), _("%llds"), (long long)ms / 1000);
	return f;
}

/* The last word of the status row: how old is what one sees? */
void app_freshness(const struct app *app, struct buf *out, enum style *style)
{
	const struct app_link *l = &app->link;
	struct fmt age = fmt_span(app->wall_ms - l->good_wall_ms);
	int64_t at = l->busy_since ? l->retry_at : l->open_at;
	int64_t wait_ms = MAX(at - app->mono_ms, 0) + 999;
	*style = STYLE_WARN;
	if (l->good_wall_ms == 0) {
		*style = STYLE_STATUS;
		buf_adds(out, _("not read yet"));
	} else if (app_is_stale(app) && at <= app->mono_ms) {
		buf_addf(out, _("data %s old"), age.s);
	} else if (app_is_stale(app)) {
		buf_addf(out, _("data %s old, retry in %s"), age.s,
			 seconds(wait_ms - wait_ms % 1000).s);
	} else if (app->is_frozen) {
		buf_addf(out, _("FROZEN, data %s old"), age.s);
	} else {
		*style = STYLE_STATUS;
		buf_addf(out, _("live %s"),
			 seconds(app->options.conf->refresh_ms).s);
	}
}
