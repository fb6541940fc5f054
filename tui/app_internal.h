/*
 * What the files of the app share: who does what.
 *
 *	app_open.c   the connections
 *	app_link.c   what they gave, and how fresh it is
 *	app_stack.c  tabs, views and boxes
 *	app_key.c    from keys to actions
 *	app_own.c    the actions that are the app's own
 *	app_act.c    actions that change the outbox
 *	app_edit.c   a payload's way through $EDITOR
 *	app_say.c    copying, and what is read in boxes
 *	app_top.c    the title and the tabs
 *	app_paint.c  the rest of the frame around the view
 *	app_alarm.c  the banner
 */
#pragma once

#include "schema/migrate.h"
#include "tui/app_state.h"

/* app_open.c: -1: what is there is no outbox of ours, link.problem says why.
 * A writer is opened when it is first needed; false: with a notice. */
int app_link_open(struct app *app);
void app_link_close(struct app *app);
void app_look_at_file(struct app *app);
void app_set_problem(struct app_link *l, const char *text);
bool app_open_writer(struct app *app);
void app_close_writer(struct app *app);

/* app_link.c */
bool app_link_work(struct app *app, int64_t deadline_us);
int app_link_wait_ms(const struct app *app);
bool app_is_stale(const struct app *app); /* what is shown may be wrong */

/* app_stack.c */
struct view *app_root(struct app *app, enum tab tab);
struct box *app_box(const struct app *app);
void app_reap(struct app *app);
void app_drop_views(struct app *app);
void app_drop_boxes(struct app *app);
/* As a key of the tabs does. */
void app_show_tab(struct app *app, enum tab tab);
void app_back(struct app *app);
void app_last_view(struct app *app);

/* Something may have to be read now; and again at a time of app_mono_ms. */
void app_stir(struct app *app);
void app_wake(struct app *app, int64_t mono_ms);

/* app_own.c: what the app does by itself; false: it is not its action. */
bool app_own(struct app *app, enum action action);
void app_leave(struct app *app);

/* app_key.c: bits of enum IN_* of the view on top. */
unsigned app_where(const struct app *app);

/* app_act.c */
void app_act_rows(struct app *app, enum act_action action);
void app_act_pause(struct app *app);
void app_act_undo(struct app *app);
void app_dry_run(struct app *app);
void app_act_open(struct app *app, struct plan *plan, const int64_t *ids,
		  size_t count, int list_kind);

/* app_edit.c: ends an edit; a text that no row has yet stays in its file. */
void app_edit_end(struct app *app);

/* app_say.c */
void app_show_errors(struct app *app);
void app_show_keys(struct app *app);
void app_show_relay(struct app *app);
void app_copy_menu(struct app *app);
void app_search(struct app *app, int direction);
void app_save_filter(struct app *app);
void app_load_filter(struct app *app);
void app_keep_error(struct app *app, const char *text);

/* app_alarm.c: lines for the banner, most serious first; own texts. */
struct app_alarm {
	char *text, *hint; /* own; hint may be NULL */
};
size_t app_alarms(const struct app *app, struct app_alarm out[APP_ALARMS]);
struct fmt app_relay_word(const struct app *app, enum style *style_out);
void app_freshness(const struct app *app, struct buf *out, enum style *style);

/* app_top.c: the title and the tabs. Which tab is at a column of their row, -1:
 * none; and the count that stands beside its name: false, it has none. */
bool app_is_small(const struct app *app);
bool app_is_wide(const struct app *app);
void app_paint_title(const struct app *app, struct grid *g);
void app_paint_small_title(const struct app *app, struct grid *g);
void app_paint_tabs(const struct app *app, struct grid *g);
int app_tab_at(const struct app *app, int x);
bool app_tab_count(const struct app *app, enum tab tab, bool is_long,
		   struct count *out);

/* app_paint.c */
struct area app_area(const struct app *app);
