/* Backlog, relay and database. */
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/view_home.h"

#include <stdlib.h>

/* Where the four parts of a line stand. */
struct places {
	int number, number_cells, word, value, value_cells;
};

static struct places places_of(const struct home_page *p)
{
	int width = home_width(p);
	if (p->is_wide)
		return (struct places){14, 9, 25, width - 9, 8};
	if (width >= 37)
		return (struct places){12, 8, 22, width - 8, 7};
	return (struct places){MAX(width - 9, 1), 8, width, width, 0};
}

struct fmt home_count(const struct home_facts *f, struct count n)
{
	struct fmt dash = {"-"};
	return f->is_known ? fmt_count(n.n, n.is_more, n.is_about) : dash;
}

struct fmt home_status(const struct home_facts *f, enum message_status status)
{
	struct fmt dash = {"-"};
	return f->counts && f->is_known
		       ? home_count(f, counts_of(f->counts, status))
		       : dash;
}

struct fmt home_channel_status(const struct home_facts *f, const char *channel,
			       enum message_status status)
{
	struct fmt dash = {"-"};
	return f->counts && f->is_known
		       ? home_count(f, counts_of_channel(f->counts, channel,
							 status))
		       : dash;
}

struct fmt home_since(const struct home_facts *f, int64_t at_ms)
{
	struct fmt dash = {"-"};
	return f->is_known && at_ms > 0 ? fmt_span(f->now_ms - at_ms) : dash;
}

/* "  pending  1,204  oldest  3m12s" */
static struct home_line *add_count(struct home_page *p, const char *label,
				   struct fmt n, const char *word,
				   struct fmt value)
{
	struct places at = places_of(p);
	struct home_line *line = home_add(p);
	home_put(p, line, 1, at.number - 1, STYLE_TEXT, label);
	home_right(p, line, at.number, at.number_cells, STYLE_STRONG, n.s);
	if (word && at.value_cells > 0) {
		home_put(p, line, at.word, at.value - at.word, STYLE_DIM, word);
		home_right(p, line, at.value, at.value_cells, STYLE_TEXT,
			   value.s);
	}
	return line;
}

static void leads(struct home_line *line, const char *name, enum tab tab,
		  const char *filter)
{
	line->name = name;
	line->tab = tab;
	line->filter = filter;
}

static void backlog(struct home_page *p, const struct home_facts *f)
{
	const struct overview *o = f->o;
	const struct fmt none = {""};
	struct fmt next = {"-"};
	if (f->is_known && o->next_due_ms)
		next = fmt_span(o->next_due_ms - f->now_ms);
	home_title(p, xstrdup(_("BACKLOG")));
	leads(add_count(p, _("pending"), home_status(f, MESSAGE_PENDING),
			_("oldest"), home_since(f, o->oldest_pending_ms)),
	      "pending", TAB_PENDING, "");
	leads(add_count(p, _("  due now"), home_count(f, o->due_now),
			p->is_wide ? _("oldest due") : _("due for"),
			home_since(f, o->oldest_due_ms)),
	      "due", TAB_PENDING, "due<=0");
	leads(add_count(p, _("  later"), home_count(f, o->due_later),
			_("next in"), next),
	      "later", TAB_PENDING, "due>0");
	leads(add_count(p, _("sending"), home_status(f, MESSAGE_SENDING),
			_("longest"), home_since(f, o->oldest_sending_ms)),
	      "sending", TAB_SENDING, "");
	leads(add_count(p, _("failed"), home_status(f, MESSAGE_FAILED),
			_("newest"), home_since(f, o->newest_failed_ms)),
	      "failed", TAB_FAILED, "state:failed");
	leads(add_count(p, _("expired"), home_status(f, MESSAGE_EXPIRED), NULL,
			none),
	      "expired", TAB_FAILED, "state:expired");
	leads(add_count(p, _("cancelled"), home_status(f, MESSAGE_CANCELLED),
			NULL, none),
	      "cancelled", TAB_ALL, "state:cancelled");
	struct count today = {.n = o->delivered_today};
	leads(add_count(p, _("delivered"), home_status(f, MESSAGE_DELIVERED),
			C_("delivered|today"), home_count(f, today)),
	      "delivered", TAB_DELIVERED, "");
}

static void add_pair(struct home_page *p, const char *label, enum style style,
		     char *text)
{
	struct home_line *line = home_add(p);
	int x = p->is_wide ? 16 : 12;
	home_put(p, line, 1, x - 2, STYLE_TEXT, label);
	home_put(p, line, x, 0, style, text);
	free(text);
}

static const struct {
	const char *word;
	enum style style;
} relays[] = {
	[RELAY_NONE] = {N_("relay|NONE"), STYLE_BAD},
	[RELAY_RUNNING] = {N_("relay|RUNNING"), STYLE_GOOD},
	[RELAY_DRAINING] = {N_("relay|DRAINING"), STYLE_WARN},
	[RELAY_STOPPED] = {N_("relay|STOPPED"), STYLE_BAD},
	[RELAY_SILENT] = {N_("home|SILENT"), STYLE_BAD},
};

static char *relay_state(const struct home_facts *f)
{
	const struct pulse *p = f->pulse;
	const char *word = C_(relays[p->relay].word);
	bool is_up = p->relay == RELAY_RUNNING || p->relay == RELAY_DRAINING;
	if (!is_up || p->started_at_ms == 0)
		return xstrdup(word);
	return xasprintf(_("%s  for %s"), word,
			 fmt_span(f->now_ms - p->started_at_ms).s);
}

static void budgets(struct home_page *p, const struct home_facts *f)
{
	for (size_t i = 0; i < f->pulse->channel_count; i++) {
		const struct channel_state *c = &f->pulse->channels[i];
		if (c->max_per_minute > 0)
			add_pair(p, _("budget"), STYLE_TEXT,
				 xasprintf(_("%s of %s/min  %s"),
					   fmt_number(c->minute_used).s,
					   fmt_number(c->max_per_minute).s,
					   c->name));
		if (c->max_per_day > 0)
			add_pair(p, _("budget"), STYLE_TEXT,
				 xasprintf(_("%s of %s/day  %s"),
					   fmt_number(c->day_used).s,
					   fmt_number(c->max_per_day).s,
					   c->name));
	}
}

static void relay(struct home_page *p, const struct home_facts *f)
{
	const struct pulse *pulse = f->pulse;
	bool is_read = pulse->read_at_ms != 0;
	home_blank(p);
	home_title(p, xstrdup(_("RELAY")));
	add_pair(p, _("state"),
		 is_read ? relays[pulse->relay].style : STYLE_DIM,
		 is_read ? relay_state(f) : xstrdup("-"));
	if (!is_read || pulse->relay == RELAY_NONE)
		return;
	add_pair(p, _("process"), STYLE_TEXT,
		 xasprintf(_("pid %lld on %s"), (long long)pulse->pid,
			   pulse->host ? pulse->host : "-"));
	scoped_free char *alarm = xstrdup(fmt_span(pulse->alarm_ms).s);
	add_pair(p, _("heartbeat"),
		 pulse->relay == RELAY_SILENT ? STYLE_BAD : STYLE_TEXT,
		 xasprintf(_("%s ago (alarm at %s)"),
			   fmt_span(f->now_ms - pulse->beat_at_ms).s, alarm));
	add_pair(p, _("on wire"), STYLE_TEXT,
		 xstrdup(fmt_number(pulse->on_wire).s));
	budgets(p, f);
	add_pair(p, _("version"), STYLE_TEXT,
		 f->is_known ? xasprintf(_("%s   tables %lld"),
					 pulse->version ? pulse->version : "-",
					 (long long)f->o->schema_version)
			     : xstrdup(pulse->version ? pulse->version : "-"));
}

static void database(struct home_page *p, const struct home_facts *f)
{
	const struct overview *o = f->o;
	home_blank(p);
	home_title(p, xstrdup(_("DATABASE")));
	if (!f->is_known) {
		add_pair(p, _("file"), STYLE_DIM, xstrdup("-"));
		return;
	}
	add_pair(p, _("file"), STYLE_TEXT,
		 xasprintf(_("%s   free pages %s"), fmt_bytes(o->db_bytes).s,
			   fmt_percent(o->free_pages, o->pages).s));
	add_pair(p, _("wal"), STYLE_TEXT, xstrdup(fmt_bytes(o->wal_bytes).s));
}

void home_left(struct home_page *p, const struct home_facts *f)
{
	p->column = HOME_LEFT;
	backlog(p, f);
	relay(p, f);
	database(p, f);
}
