#include "tui/app.h"

#include "lib/lang.h"
#include "lib/util.h"
#include "schema/migrate.h"
#include "tui/app_internal.h"

#include <stdlib.h>

int app_create(struct app **out, const struct app_options *options,
	       char **problem_out)
{
	struct app *app = xcalloc(1, sizeof(*app));
	app->options = *options;
	app->path = xstrdup(options->db_path);
	app->is_read_only =
		options->is_read_only || options->conf->is_read_only;
	app->is_unmasked = options->is_unmasked && app->is_read_only;
	app->is_unmask_due = options->is_unmasked && !app->is_read_only;
	app->times = options->conf->times;
	app->has_mouse = options->conf->has_mouse;
	app->is_dirty = true;
	for (int i = 0; i < TAB_COUNT; i++)
		app->tabs[i].from = -1;
	if (app_link_open(app) < 0) {
		*problem_out = steal(&app->link.problem);
		app_destroy(app);
		return -1;
	}
	*out = app;
	return 0;
}

void app_destroy(struct app *app)
{
	if (!app)
		return;
	app_drop_boxes(app);
	app_drop_views(app);
	app_reap(app);
	app_link_close(app);
	app_edit_end(app);
	for (size_t i = 0; i < app->error_count; i++)
		free(app->errors[i].text);
	for (int i = 0; i < TAB_COUNT; i++)
		free(app->filters[i]);
	free(app->link.problem);
	free(app->notice);
	free(app->effect_text);
	free(app->search);
	free(app->menu_channels);
	free(app->path);
	free(app);
}

void app_set_time(struct app *app, int64_t wall_ms, int64_t mono_ms)
{
	if (wall_ms / 1000 != app->wall_ms / 1000)
		app->is_dirty = true;
	app->wall_ms = wall_ms;
	app->mono_ms = mono_ms;
}

void app_resize(struct app *app, int rows, int cols)
{
	app->rows = MAX(rows, 0);
	app->cols = MAX(cols, 0);
	app->is_dirty = true;
	app_stir(app);
}

/* A box that rests between two batches is painted now and then. */
static bool work_box(struct app *app, int64_t deadline_us)
{
	struct box *box = app_box(app);
	if (!box || !box->ops->work)
		return false;
	int rc = box->ops->work(box, app, deadline_us);
	if (rc != ROWS_DONE && rc != ROWS_MORE)
		app_trouble(app, rc);
	if (rc == ROWS_MORE || app->mono_ms >= app->box_at) {
		app->box_at = app->mono_ms + APP_BOX_PAINT_MS;
		app->is_dirty = true;
	}
	return rc == ROWS_MORE;
}

/* --unmask is :unmask as soon as the audit can be written. */
static void unmask(struct app *app)
{
	if (!app->is_unmask_due || !app->link.db)
		return;
	app->is_unmask_due = false;
	app_do(app, ACTION_MASK, NULL);
}

/* A box that acts comes first, then what the operator looks at. */
bool app_work(struct app *app, int64_t deadline_us)
{
	unmask(app);
	bool has_more = work_box(app, deadline_us);
	has_more |= app_link_work(app, deadline_us);
	app_reap(app);
	return has_more;
}

int app_wait_ms(const struct app *app)
{
	int64_t wait = app_link_wait_ms(app);
	const struct box *box = app_box(app);
	if (box && box->ops->work)
		wait = MIN(wait, APP_BOX_MS);
	if (app->wake_at)
		wait = MIN(wait, MAX(app->wake_at - app->mono_ms, 0));
	return (int)MIN(wait, 1000 - app->wall_ms % 1000);
}

bool app_is_dirty(const struct app *app)
{
	return app->is_dirty;
}

enum app_effect app_take_effect(struct app *app)
{
	enum app_effect effect = app->effect;
	app->effect = EFFECT_NONE;
	return effect;
}

const char *app_effect_text(const struct app *app, size_t *len_out)
{
	if (len_out)
		*len_out = app->effect_len;
	return app->effect_text ? app->effect_text : "";
}

bool app_has_mouse(const struct app *app)
{
	return app->has_mouse;
}

struct db *app_db(struct app *app)
{
	return app->link.db;
}

struct planner *app_planner(struct app *app)
{
	return app->link.planner;
}

const struct conf *app_conf(const struct app *app)
{
	return app->options.conf;
}

const struct keymap *app_keymap(const struct app *app)
{
	return app->options.conf->keymap;
}

const struct pulse *app_pulse(const struct app *app)
{
	return &app->link.pulse;
}

const struct counts *app_counts(const struct app *app)
{
	return app->link.counts;
}

int64_t app_now_ms(const struct app *app)
{
	return app->wall_ms;
}

int64_t app_mono_ms(const struct app *app)
{
	return app->mono_ms;
}

enum fmt_time app_times(const struct app *app)
{
	return app->times;
}

bool app_is_read_only(const struct app *app)
{
	return app->is_read_only;
}

bool app_is_unmasked(const struct app *app)
{
	return app->is_unmasked;
}

bool app_is_frozen(const struct app *app)
{
	return app->is_frozen;
}

enum tab app_tab(const struct app *app)
{
	return app->tab;
}
