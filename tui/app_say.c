#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"
#include "tui/item.h"

#include <stdlib.h>
#include <string.h>

void app_keep_error(struct app *app, const char *text)
{
	if (app->error_count == APP_ERRORS) {
		free(app->errors[0].text);
		memmove(app->errors, app->errors + 1,
			sizeof(app->errors[0]) * (APP_ERRORS - 1));
		app->error_count--;
	}
	app->errors[app->error_count++] =
		(struct app_error){app->wall_ms, xstrdup(text ? text : "")};
}

void app_show_errors(struct app *app)
{
	size_t count = MAX(app->error_count, 1);
	char **lines = xcalloc(count, sizeof(*lines));
	lines[0] = xstrdup(_("none: nothing has failed in this console"));
	for (size_t i = 0; i < app->error_count; i++) {
		const struct app_error *e =
			&app->errors[app->error_count - 1 - i];
		free(lines[i]);
		lines[i] = xasprintf(
			"%s  %s", fmt_exact(e->at_ms, app->times).s, e->text);
	}
	app_open_box(app, box_text_create(_("Errors, the newest first"), lines,
					  count));
}

static const char *where_name(unsigned where)
{
	static const char *const names[] = {
		N_("home"),   N_("list"), N_("failed"), N_("groups"),
		N_("detail"), N_("log"),  N_("audit"),
	};
	if ((where & IN_ALL) == IN_ALL)
		return _("everywhere");
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (where == 1U << i)
			return _(names[i]);
	return where == IN_LISTS   ? _("lists")
	       : where == IN_TEXTS ? _("texts")
				   : _("rows");
}

void app_show_keys(struct app *app)
{
	const struct keymap *km = app_keymap(app);
	char **lines = NULL;
	size_t count = 0;
	unsigned where;
	int32_t key;
	enum action action;
	int line;
	while (keymap_each(km, count, &where, &key, &action, &line)) {
		char name[INPUT_NAME_LEN];
		input_name(key, name);
		lines = xrealloc(lines, (count + 1) * sizeof(*lines));
		scoped_free char *source =
			line ? xasprintf(_("line %d"), line) : xstrdup("");
		lines[count++] = xasprintf("%-8s %-16s %-11s %s", name,
					   action_row(action)->name,
					   where_name(where), source);
	}
	app_open_box(app, box_text_create(_("Keys, and where they were bound"),
					  lines, count));
}

/* What to try, from the likeliest. */
void app_show_relay(struct app *app)
{
	static const char *const checks[] = {
		N_("If it is silent or stopped, on the host that it runs on:"),
		N_("  systemctl status outbox-relay     is it running?"),
		N_("  journalctl -u outbox-relay -n 50  what did it say last?"),
		N_("  outbox-relay check --db FILE      settings, tokens, "
		   "disk"),
		N_("Rows that wait lose nothing: they are sent when it is "
		   "back."),
	};
	const struct pulse *p = &app->link.pulse;
	size_t count = 0;
	char **lines = xcalloc(ARRAY_LEN(checks) + 5, sizeof(*lines));
	enum style style;
	lines[count++] =
		xasprintf(_("state      %s"), app_relay_word(app, &style).s);
	if (p->relay != RELAY_NONE) {
		lines[count++] =
			xasprintf(_("process    pid %lld on %s, version %s"),
				  (long long)p->pid, p->host ? p->host : "?",
				  p->version ? p->version : "?");
		lines[count++] =
			xasprintf(_("last beat  %s (alarm at %s)"),
				  fmt_full(p->beat_at_ms, app->times).s,
				  fmt_span(p->alarm_ms).s);
	}
	lines[count++] = xstrdup("");
	for (size_t i = 0; i < ARRAY_LEN(checks); i++)
		lines[count++] = xstrdup(_(checks[i]));
	app_open_box(app, box_text_create(_("The relay"), lines, count));
}

void app_copy(struct app *app, const char *text, size_t len)
{
	free(app->effect_text);
	app->effect_text = xmalloc(len + 1);
	memcpy(app->effect_text, text, len);
	app->effect_text[len] = '\0';
	app->effect_len = len;
	app->effect = EFFECT_COPY;
}

void app_copied(struct app *app, int rc)
{
	if (rc == 0)
		app_notice(app, STYLE_TEXT,
			   _("copied %s; if nothing arrives, the terminal "
			     "refuses OSC 52"),
			   fmt_bytes((int64_t)app->effect_len).s);
	else
		app_notice(app, STYLE_WARN, _("too much to copy: %s"),
			   fmt_bytes((int64_t)app->effect_len).s);
}

static void copy_payload(struct app *app, int64_t id)
{
	struct item item = {0};
	struct item_reader *r = item_reader_create(app->link.db);
	if (item_read(r, id, &item, app->wall_ms) == 0)
		app_copy(app, item.payload, item.payload_len);
	else
		app_notice(app, STYLE_WARN, _("it cannot be read just now"));
	item_finish(&item);
	item_reader_destroy(r);
}

/* As columns between tabs, for a table or a ticket. */
static void copy_line(struct app *app, const struct row *row)
{
	scoped_buf b = {0};
	scoped_free char *to = row_recipient(row, app->is_unmasked);
	buf_addf(&b, "%lld\t%s\t%s\t%s\t%s\t%lld\t%s\t%s", (long long)row->id,
		 message_status_name(row->status), row->channel, row->type, to,
		 (long long)row->attempts,
		 fmt_full(row->created_at_ms, app->times).s,
		 row->last_error ? row->last_error : "");
	app_copy(app, buf_str(&b), b.len);
}

static void copy_chosen(struct app *app, void *arg, int32_t key)
{
	(void)arg;
	struct view *v = app_view(app);
	const struct row *row = v && v->ops->row ? v->ops->row(v) : NULL;
	if (!row || key == 0)
		return;
	scoped_free char *id = xasprintf("%lld", (long long)row->id);
	const char *error = row->last_error ? row->last_error : "";
	if (key == 'i')
		app_copy(app, id, strlen(id));
	else if (key == 'p')
		copy_payload(app, row->id);
	else if (key == 'e')
		app_copy(app, error, strlen(error));
	else if (key == 'l')
		copy_line(app, row);
}

void app_copy_menu(struct app *app)
{
	struct view *v = app_view(app);
	const struct menu_row rows[] = {
		{'i', _("its id"), false},
		{'p', _("its payload"), false},
		{'e', _("its last error"), false},
		{'l', _("its line, as columns"), false},
	};
	if (!v || !v->ops->row || !v->ops->row(v)) {
		app_notice(app, STYLE_WARN, _("there is no row here"));
		return;
	}
	app_open_box(app, box_menu_create(_("Copy"), rows, ARRAY_LEN(rows),
					  copy_chosen, NULL));
}

static void find(struct app *app, int direction)
{
	struct view *v = app_view(app);
	if (!app->search || !v || !v->ops->search)
		app_notice(app, STYLE_WARN,
			   _("nothing to search for: first /"));
	else if (!v->ops->search(v, app, app->search, direction))
		app_notice(app, STYLE_WARN, _("not found: %s"), app->search);
	app_stir(app);
}

static bool search_done(struct app *app, void *arg, const char *text,
			char **problem_out, size_t *problem_at_out)
{
	(void)arg;
	(void)problem_out;
	(void)problem_at_out;
	if (!text)
		return true;
	free(app->search);
	app->search = *text ? xstrdup(text) : NULL;
	if (app->search)
		find(app, 1);
	return true;
}

static const struct line_ops search_line = {.done = search_done};

void app_search(struct app *app, int direction)
{
	struct view *v = app_view(app);
	if (direction || app->words) {
		if (app->words)
			search_done(app, NULL, app->words, NULL, NULL);
		else
			find(app, direction);
	} else if (v && v->ops->search) {
		app_open_box(app,
			     box_line_create(_("search: "), "", PROMPT_SEARCHES,
					     false, &search_line, NULL));
	}
}

static struct view *list_here(struct app *app)
{
	struct view *v = app_view(app);
	if (v && v->where & IN_LIST)
		return v;
	app_notice(app, STYLE_WARN, _("first go to a list"));
	return NULL;
}

void app_save_filter(struct app *app)
{
	struct view *v = list_here(app);
	scoped_free char *problem = NULL;
	if (!v)
		return;
	if (!app->words)
		app_notice(app, STYLE_WARN, _("under which name? :save NAME"));
	else if (conf_save_filter(app->options.conf, app->words,
				  view_list_filter(v), &problem) == 0)
		app_notice(app, STYLE_TEXT, _("kept as %s"), app->words);
	else
		app_notice(app, STYLE_WARN, "%s", problem ? problem : "");
}

void app_load_filter(struct app *app)
{
	struct view *v = list_here(app);
	scoped_free char *problem = NULL;
	scoped_free char *text = NULL;
	if (!v)
		return;
	if (!app->words)
		app_notice(app, STYLE_WARN, _("which one? :load NAME"));
	else if (conf_load_filter(app->options.conf, app->words, &text,
				  &problem) == 0)
		view_list_set_filter(v, app, text);
	else
		app_notice(app, STYLE_WARN, "%s", problem ? problem : "");
}
