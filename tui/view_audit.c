/* What operators did, one line an act; Enter shows all of it. */
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/events_act.h"
#include "tui/view_tail.h"

#include <stdlib.h>
#include <string.h>

/* Of one act, more batches than this are summed up, and more of their rows are
 * not named. */
enum { WHO_CELLS = 10, ACT_LINES = 400, NAMES_A_LINE = 60 };

struct audit {
	struct tail tail;
	struct db_stmt *batches; /* the connection's */
};

static void format(struct tail *t, const struct event *e)
{
	tail_add_time(t, e);
	tail_add(t, e->source, tail_is_narrow(t) ? 0 : WHO_CELLS - 1,
		 STYLE_NAME);
	buf_addc(&t->line, ' ');
	buf_adds(&t->line, e->text);
	scoped_free char *changed = xstrdup(fmt_number(e->changed).s);
	char *came = xasprintf(_("%s changed, %s skipped"), changed,
			       fmt_number(e->skipped).s);
	t->right_style = e->skipped ? STYLE_WARN : STYLE_TEXT;
	t->right = came;
	if (!t->pane.is_wrapped && t->pane.cols > 2 * grid_width(came))
		return;
	buf_adds(&t->line, "  ");
	tail_add(t, came, 0, t->right_style);
	free(steal(&t->right));
}

/* Lines for the box. */
struct act_lines {
	char **lines;
	size_t count;
};

static void add(struct act_lines *l, char *line)
{
	if (l->count == ACT_LINES) {
		free(line);
		return;
	}
	if (l->count == 0)
		l->lines = xcalloc(ACT_LINES, sizeof(*l->lines));
	l->lines[l->count++] = line;
}

static void add_field(struct act_lines *l, const char *label, const char *text)
{
	if (!text || !text[0])
		return;
	int blanks = MAX(12 - grid_width(label), 1);
	add(l, xasprintf("%s%*s%s", label, blanks, "", text));
}

enum {
	AT,
	ACTION,
	WHO,
	UID,
	TTY,
	ORIGIN,
	FILTER,
	FENCE,
	REASON,
	CHANGED,
	SKIPPED,
	IDS
};

static const char sql[] =
	"SELECT at, action, who, uid, tty, origin, filter, fence, reason,"
	"       changed, skipped, ids"
	"  FROM outbox_audit"
	" WHERE act = $act"
	" ORDER BY id"
	" LIMIT 1000";

static void add_head(struct act_lines *l, struct db_stmt *st,
		     const char *act_id, enum fmt_time mode)
{
	scoped_free char *who = xasprintf(_("%s (uid %lld)"), db_text(st, WHO),
					  (long long)db_int(st, UID));
	add_field(l, _("time"), fmt_full(db_int(st, AT), mode).s);
	add_field(l, _("who"), who);
	add_field(l, _("terminal"), db_text(st, TTY));
	add_field(l, _("from"), db_text(st, ORIGIN));
	add_field(l, _("action"), act_line_action(db_text(st, ACTION)));
	add_field(l, _("filter"), db_text(st, FILTER));
	if (db_int(st, FENCE) > 0) {
		scoped_free char *fence = xasprintf(
			_("rows up to #%lld"), (long long)db_int(st, FENCE));
		add_field(l, _("fence"), fence);
	}
	add_field(l, _("reason"), db_text(st, REASON));
	add_field(l, _("act"), act_id);
}

/* Long lists of rows over several lines, broken behind commas. */
static void add_names(struct act_lines *l, const char *ids)
{
	int64_t count = 0;
	scoped_free char *names = act_line_names(ids, INT64_MAX, &count);
	for (const char *at = names; *at;) {
		size_t len = strlen(at);
		if (len > NAMES_A_LINE) {
			len = NAMES_A_LINE;
			while (len > 1 && at[len - 1] != ',')
				len--;
		}
		add(l, xasprintf("  %.*s", (int)len, at));
		at += len;
		at += strspn(at, " ");
	}
}

static int read_act(struct audit *a, const char *act_id, struct act_lines *l)
{
	enum fmt_time mode =
		app_times(a->tail.app) == FMT_UTC ? FMT_UTC : FMT_LOCAL;
	scoped_stmt struct db_stmt *st = a->batches;
	int rc;
	db_bind(st, "$act", act_id);
	while ((rc = db_step(st)) == DB_ROW) {
		if (l->count == 0)
			add_head(l, st, act_id, mode);
		add(l, xstrdup(""));
		scoped_free char *head =
			xasprintf(_("%s  %s changed, %s skipped"),
				  fmt_exact(db_int(st, AT), mode).s,
				  fmt_number(db_int(st, CHANGED)).s,
				  fmt_number(db_int(st, SKIPPED)).s);
		add(l, steal(&head));
		add_names(l, db_text(st, IDS));
	}
	return rc;
}

static void open_act(struct audit *a)
{
	const struct event *e = tail_here(&a->tail);
	struct act_lines l = {0};
	if (!e || !e->act)
		return;
	int rc = read_act(a, e->act, &l);
	if (rc == 0 && l.count > 0) {
		app_open_box(a->tail.app,
			     box_text_create(_("Act"), l.lines, l.count));
		return;
	}
	for (size_t i = 0; i < l.count; i++)
		free(l.lines[i]);
	free(l.lines);
	if (rc)
		app_trouble(a->tail.app, rc);
}

static bool act(struct view *v, struct app *app, enum action action)
{
	struct audit *a = (struct audit *)v;
	(void)app;
	if (action != ACTION_OPEN)
		return tail_act(&a->tail, action);
	open_act(a);
	return true;
}

static void status(struct view *v, struct app *app, struct buf *left,
		   struct buf *right)
{
	struct tail *t = (struct tail *)v;
	(void)app;
	buf_addf(left, _("filter: %s"), t->words ? t->words : _("none"));
	tail_status_right(t, right);
}

static void destroy(struct view *v)
{
	tail_finish((struct tail *)v);
	free(v);
}

static const struct view_ops ops = {
	.where = IN_AUDIT,
	.destroy = destroy,
	.work = tail_work,
	.refresh = tail_refresh,
	.paint = tail_paint,
	.status = status,
	.act = act,
	.read_at = tail_read_at,
	.click = tail_click,
	.search = tail_search,
};

struct view *view_audit_create(struct app *app)
{
	struct audit *a = xcalloc(1, sizeof(*a));
	tail_init(&a->tail, app, &ops, EVENTS_AUDIT);
	a->tail.format = format;
	a->tail.indent = 2;
	a->batches = db_prepare(app_db(app), "audit act", sql);
	events_ask(a->tail.events, EVENT_DEBUG, NULL);
	return &a->tail.view;
}
