#include "lib/lang.h"
#include "lib/util.h"
#include "tui/access.h"
#include "tui/app_internal.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Only the name is asked for: opening and closing the file by hand would drop
 * SQLite's locks. */
void app_look_at_file(struct app *app)
{
	struct app_link *l = &app->link;
	struct stat st;
	l->stat_at = app->mono_ms + APP_STAT_MS;
	l->is_gone = stat(app->path, &st) != 0;
	if (l->is_gone)
		return;
	l->bytes = st.st_size;
	l->is_replaced =
		l->db && (st.st_ino != l->inode || st.st_dev != l->device);
	if (!l->db) {
		l->inode = st.st_ino;
		l->device = st.st_dev;
	}
}

void app_set_problem(struct app_link *l, const char *text)
{
	free(l->problem);
	l->problem = xstrdup_or_null(text);
}

/* As schema_explain, in the operator's language and for one line of a banner:
 * what to do stands within it. */
const char *app_explain(enum schema_state state)
{
	switch (state) {
	case SCHEMA_CURRENT:
		break;
	case SCHEMA_MISSING:
		return _("no outbox is in this file: run outbox-relay init");
	case SCHEMA_OLDER:
		return _("an older version made it: run outbox-relay init");
	case SCHEMA_NEWER:
		return _("a newer version made it: install that one here, too");
	case SCHEMA_FOREIGN:
		return _("its table outbox is not ours: use another file");
	}
	return NULL;
}

static char *explain(const struct app *app, int rc, enum schema_state state)
{
	if (rc >= 0)
		return xstrdup_or_null(app_explain(state));
	char *problem = access_problem(app->path, false);
	return problem ? problem : xstrdup(_("it cannot be opened"));
}

/* What is locked, missing or unreadable may be mended while one waits: then
 * *db_out is NULL. -1: what is there is no outbox of ours. */
static int open_reader(struct app *app, struct db **db_out)
{
	struct db *db = NULL;
	int rc = db_open(&db, app->path, DB_READ, APP_PATIENCE_MS);
	enum schema_state state = SCHEMA_CURRENT;
	if (rc == 0)
		rc = schema_look(db, &state);
	scoped_free char *problem = explain(app, rc, state);
	app_set_problem(&app->link, problem);
	if (rc != 0 || state != SCHEMA_CURRENT) {
		db_close(db);
		db = NULL;
	}
	*db_out = db;
	return rc == 0 && state != SCHEMA_CURRENT ? -1 : 0;
}

static void install(struct app *app, struct db *db)
{
	struct app_link *l = &app->link;
	app_drop_views(app);
	app_link_close(app);
	app_look_at_file(app);
	/* SQLite opens for reading alone what it must not write, silently. */
	app->is_unwritable = euidaccess(app->path, W_OK) != 0;
	app->is_read_only |= app->is_unwritable;
	l->db = db;
	l->is_replaced = false;
	l->planner = planner_create(db, NULL, app->options.actor);
	l->pulse_reader = pulse_reader_create(db);
	l->counts = counts_create(db);
	l->is_wanted = true;
	l->is_pulse_read = l->is_counted = l->is_view_read = false;
	l->busy_since = 0;
	app->is_dirty = true;
	app_root(app, app->tab);
}

int app_link_open(struct app *app)
{
	struct db *db = NULL;
	app->link.open_at = app->mono_ms + APP_RETRY_MAX_MS;
	app_look_at_file(app);
	int rc = open_reader(app, &db);
	if (db)
		install(app, db);
	return rc;
}

void app_link_close(struct app *app)
{
	struct app_link *l = &app->link;
	planner_destroy(l->planner);
	pulse_reader_destroy(l->pulse_reader);
	counts_destroy(l->counts);
	pulse_finish(&l->pulse);
	l->pulse = (struct pulse){0};
	db_close(l->writer);
	db_close(l->db);
	l->planner = NULL;
	l->pulse_reader = NULL;
	l->counts = NULL;
	l->writer = l->db = NULL;
}

bool app_open_writer(struct app *app)
{
	struct app_link *l = &app->link;
	struct db *writer = NULL;
	if (l->writer)
		return true;
	if (!l->db || l->problem || l->is_gone || l->is_replaced) {
		app_notice(app, STYLE_BAD,
			   _("not now: the database is not as it should be"));
		return false;
	}
	int rc = db_open(&writer, app->path, DB_WRITE, APP_PATIENCE_MS);
	if (rc == DB_BUSY) {
		app_notice(app, STYLE_WARN,
			   _("the database is busy: try again in a moment"));
		return false;
	}
	if (rc != 0) {
		app_notice(app, STYLE_BAD,
			   _("the database cannot be opened for writing"));
		return false;
	}
	planner_destroy(l->planner);
	l->writer = writer;
	l->planner = planner_create(l->db, writer, app->options.actor);
	return true;
}

/* Read-only is a promise: there is nothing left to write with. */
void app_close_writer(struct app *app)
{
	struct app_link *l = &app->link;
	if (!l->writer || app->box_count)
		return;
	planner_destroy(l->planner);
	db_close(l->writer);
	l->writer = NULL;
	l->planner = planner_create(l->db, NULL, app->options.actor);
}
