/* `status`: everything that Home shows, and what is an alarm. */
#include "tui/script_status.h"

#include "lib/clock.h"
#include "lib/lang.h"
#include "lib/reason.h"
#include "lib/util.h"
#include "tui/fmt.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	struct script_status *s;
	struct overview_reader *overview;
	struct pulse_reader *pulse;
};

static void alert(struct script_status *s, const char *name,
		  const char *channel, int64_t rows, char *text)
{
	if (s->alert_count == SCRIPT_ALERTS_MAX) {
		free(text);
		return;
	}
	s->alerts[s->alert_count++] = (struct script_alert){
		.name = name, .channel = channel, .rows = rows, .text = text};
}

/* Without rows that wait, nobody misses the relay. */
static void find_relay_alert(struct script_status *s)
{
	const struct pulse *p = &s->pulse;
	int64_t rows = counts_of(s->counts, MESSAGE_PENDING).n +
		       counts_of(s->counts, MESSAGE_SENDING).n;
	struct fmt ago = fmt_span(s->now_ms - p->beat_at_ms);
	if (rows == 0)
		return;
	switch (p->relay) {
	case RELAY_NONE:
		alert(s, "relay-none", NULL, rows,
		      xstrdup(_("No relay has run on this database yet: start "
				"outbox-relay run.")));
		break;
	case RELAY_SILENT:
		alert(s, "relay-silent", NULL, rows,
		      xasprintf(_("The relay on %s (pid %lld) is silent for "
				  "%s: see whether it runs."),
				p->host, (long long)p->pid, ago.s));
		break;
	case RELAY_STOPPED:
		alert(s, "relay-stopped", NULL, rows,
		      xasprintf(_("The relay on %s stopped %s ago: start it "
				  "again."),
				p->host, ago.s));
		break;
	case RELAY_RUNNING:
	case RELAY_DRAINING:
		break;
	}
}

static void find_channel_alert(struct script_status *s,
			       const struct channel_state *c)
{
	int64_t rows = counts_of_channel(s->counts, c->name, MESSAGE_PENDING).n;
	if (!channel_is_stopped(c) || rows == 0)
		return;
	if (!strcmp(c->state, "paused")) {
		alert(s, "channel-paused", c->name, rows,
		      xasprintf(_("%s is paused by %s: outbox-tui resume lets "
				  "it go on."),
				c->name, c->by ? c->by : "?"));
		return;
	}
	enum reason reason = reason_find(c->reason);
	alert(s, "channel-held", c->name, rows,
	      xasprintf(_("%s is held: %s %s"), c->name,
			reason_cause(reason, lang_reason()),
			reason_remedy(reason, lang_reason())));
}

void script_status_find_alerts(struct script_status *s)
{
	find_relay_alert(s);
	for (size_t i = 0; i < s->pulse.channel_count; i++)
		find_channel_alert(s, &s->pulse.channels[i]);
}

const char *script_relay_name(enum relay_state state)
{
	static const char *const names[] = {
		[RELAY_NONE] = "none",	       [RELAY_RUNNING] = "running",
		[RELAY_DRAINING] = "draining", [RELAY_STOPPED] = "stopped",
		[RELAY_SILENT] = "silent",
	};
	return names[state];
}

const struct overview_channel *
script_status_channel(const struct script_status *s, const char *name)
{
	for (size_t i = 0; i < s->overview.channel_count; i++) {
		if (!strcmp(s->overview.channels[i].name, name))
			return &s->overview.channels[i];
	}
	return NULL;
}

static int slice_counts(void *arg, int64_t now_ms, int64_t deadline_us)
{
	struct reading *r = arg;
	return counts_work(r->s->counts, now_ms, deadline_us);
}

static int slice_overview(void *arg, int64_t now_ms, int64_t deadline_us)
{
	struct reading *r = arg;
	return overview_work(r->overview, &r->s->overview, now_ms, deadline_us);
}

static int slice_pulse(void *arg, int64_t now_ms, int64_t deadline_us)
{
	struct reading *r = arg;
	(void)deadline_us;
	return pulse_read(r->pulse, &r->s->pulse, now_ms);
}

static int read_all(struct script_status *s, struct db *db)
{
	struct reading r = {.s = s};
	s->counts = counts_create(db);
	counts_hurry(s->counts);
	r.overview = overview_reader_create(db);
	r.pulse = pulse_reader_create(db);
	int rc = script_work(slice_counts, &r);
	if (rc == 0)
		rc = script_work(slice_overview, &r);
	if (rc == 0)
		rc = script_work(slice_pulse, &r);
	pulse_reader_destroy(r.pulse);
	overview_reader_destroy(r.overview);
	s->now_ms = clock_wall_ms();
	return rc;
}

static void finish(struct script_status *s)
{
	for (size_t i = 0; i < s->alert_count; i++)
		free(s->alerts[i].text);
	overview_finish(&s->overview);
	pulse_finish(&s->pulse);
	counts_destroy(s->counts);
}

int script_status(const struct script_options *o)
{
	struct script_status s = {.o = o};
	struct db *db = NULL;
	int rc = script_open(o, DB_READ, &db);
	if (rc)
		return rc;
	rc = read_all(&s, db);
	if (rc == 0) {
		script_status_find_alerts(&s);
		if (o->is_json)
			script_status_json(&s);
		else
			script_status_text(&s);
		rc = s.alert_count ? EXIT_ALARM : EXIT_DONE;
	} else {
		rc = script_trouble(o, db, rc);
	}
	finish(&s);
	db_close(db);
	return rc;
}
