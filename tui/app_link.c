#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app_internal.h"

#include <stdlib.h>

void app_trouble(struct app *app, int outcome)
{
	struct app_link *l = &app->link;
	if (outcome == 0 || outcome == ROWS_MORE)
		return;
	if (l->busy_since == 0) {
		l->busy_since = MAX(app->mono_ms, 1);
		l->busy_wall_ms = app->wall_ms;
		l->retry_ms = APP_RETRY_MS / 2;
		l->is_failed = false;
	}
	if (outcome < 0 && !l->is_failed) {
		l->is_failed = true;
		app_keep_error(app, l->db ? db_message(l->db) : "");
	}
	l->retry_ms = MIN(l->retry_ms * 2, APP_RETRY_MAX_MS);
	l->retry_at = app->mono_ms + l->retry_ms;
	app->is_dirty = true;
}

bool app_is_stale(const struct app *app)
{
	const struct app_link *l = &app->link;
	bool is_busy =
		l->busy_since && app->mono_ms - l->busy_since >= APP_BUSY_MS;
	return !l->db || l->is_gone || l->is_replaced || l->problem || is_busy;
}

void app_refresh(struct app *app)
{
	app->link.is_wanted = true;
	app->link.retry_at = 0;
	app_stir(app);
}

bool app_is_asked(const struct app *app)
{
	return app->link.is_asked;
}

static void check(struct app *app)
{
	struct app_link *l = &app->link;
	l->check_at = app->mono_ms + APP_CHECK_MS;
	if (counts_is_going(l->counts) && !app->is_frozen)
		l->is_counted = false;
	bool has_changed = db_has_changed(l->db);
	l->has_changed |= has_changed;
	if (!l->has_changed && l->busy_since == 0 && l->is_view_read &&
	    !app_is_stale(app))
		l->good_wall_ms = app->wall_ms;
}

static bool is_due(const struct app *app)
{
	const struct app_link *l = &app->link;
	if (l->is_wanted)
		return true;
	if (app->is_frozen)
		return false;
	if (app->mono_ms >= l->stale_at)
		return true;
	return l->has_changed &&
	       app->mono_ms - l->refreshed_at >= app->options.conf->refresh_ms;
}

/* The tables may have been brought to another version under our eyes. */
static int refresh(struct app *app)
{
	struct app_link *l = &app->link;
	enum schema_state state;
	int rc = schema_look(l->db, &state);
	if (rc != 0)
		return rc;
	app_set_problem(l, app_explain(state));
	l->is_asked = l->is_wanted;
	l->is_wanted = l->has_changed = false;
	l->refreshed_at = app->mono_ms;
	l->stale_at = app->mono_ms + APP_STALE_MS;
	if (l->problem)
		return 0;
	l->is_pulse_read = l->is_counted = l->is_view_read = false;
	counts_refresh(l->counts);
	struct view *v = app_root(app, app->tab) ? app_view(app) : NULL;
	if (v)
		v->ops->refresh(v, app);
	return 0;
}

static int read_pulse(struct app *app)
{
	struct app_link *l = &app->link;
	struct pulse *p = &l->pulse;
	bool is_alive = p->relay == RELAY_RUNNING || p->relay == RELAY_DRAINING;
	if (is_alive && app->wall_ms - p->beat_at_ms > p->alarm_ms &&
	    !app->is_frozen)
		l->is_pulse_read = false;
	if (l->is_pulse_read)
		return 0;
	int rc = pulse_read(l->pulse_reader, p, app->wall_ms);
	l->is_pulse_read = rc == 0;
	app->is_dirty = true;
	return rc;
}

static int read_view(struct app *app, int64_t deadline_us)
{
	struct app_link *l = &app->link;
	struct view *v = app_view(app);
	if (app->wake_at && app->mono_ms >= app->wake_at) {
		app->wake_at = 0;
		l->is_view_read = false;
	}
	if (!v || l->is_view_read)
		return 0;
	l->is_view_read = true; /* work itself may ask for more */
	int rc = v->ops->work(v, app, deadline_us);
	if (rc != 0)
		l->is_view_read = false;
	app->is_dirty = true;
	return rc;
}

static int read_counts(struct app *app, int64_t deadline_us)
{
	struct app_link *l = &app->link;
	if (l->is_counted)
		return 0;
	int rc = counts_work(l->counts, app->wall_ms, deadline_us);
	l->is_counted = rc == 0;
	app->is_dirty = true;
	return rc;
}

/* What one slice came to: whether there is more; trouble is noted. */
static bool note(struct app *app, int rc, bool *is_well)
{
	if (rc == ROWS_DONE || rc == ROWS_MORE)
		return rc == ROWS_MORE;
	*is_well = false;
	app_trouble(app, rc);
	return false;
}

static bool read_all(struct app *app, int64_t deadline_us)
{
	struct app_link *l = &app->link;
	bool is_well = true, has_more = false;
	if (is_due(app))
		note(app, refresh(app), &is_well);
	if (l->problem)
		return false;
	if (is_well)
		note(app, read_pulse(app), &is_well);
	if (is_well)
		has_more |= note(app, read_view(app, deadline_us), &is_well);
	if (is_well)
		has_more |= note(app, read_counts(app, deadline_us), &is_well);
	if (!is_well)
		return false;
	if (l->busy_since) {
		l->busy_since = 0;
		app->is_dirty = true;
	}
	if (!l->has_changed)
		l->good_wall_ms = app->wall_ms;
	return has_more;
}

bool app_link_work(struct app *app, int64_t deadline_us)
{
	struct app_link *l = &app->link;
	bool was_stale = app_is_stale(app);
	if (app->mono_ms >= l->stat_at)
		app_look_at_file(app);
	bool is_wanting = !l->db || (l->is_replaced && app->box_count == 0);
	if (is_wanting && app->mono_ms >= l->open_at)
		app_link_open(app);
	if (app_is_stale(app) != was_stale)
		app->is_dirty = true;
	if (!l->db)
		return false;
	if (app->mono_ms >= l->check_at)
		check(app);
	if (app->mono_ms < l->retry_at)
		return false;
	return read_all(app, deadline_us);
}

int app_link_wait_ms(const struct app *app)
{
	const struct app_link *l = &app->link;
	int64_t at = l->db ? l->check_at : l->open_at;
	bool is_read = l->is_view_read && l->is_counted && l->is_pulse_read;
	if (l->db && !l->problem && !is_read && app->mono_ms >= l->retry_at)
		return 0;
	if (l->busy_since)
		at = MIN(at, l->retry_at);
	return (int)MIN(MAX(at - app->mono_ms, 0), APP_CHECK_MS);
}
