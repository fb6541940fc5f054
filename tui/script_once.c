/* `--once`: Home as lines of text, and what a stdout that is no terminal gets
 * in place of the console. */
#include "lib/clock.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "tui/app.h"
#include "tui/script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SLICE_US = 50000 };

/* Until everything is there; a database that is locked for long is a banner. */
static void work(struct app *app)
{
	int64_t end_ms = clock_mono_ms() + SCRIPT_PATIENT_MS;
	bool has_more = true;
	while (has_more && clock_mono_ms() < end_ms) {
		app_set_time(app, clock_wall_ms(), clock_mono_ms());
		has_more = app_work(app, clock_mono_us() + SLICE_US);
	}
}

static void print(struct app *app, const struct script_options *o,
		  bool is_ascii)
{
	struct grid g = {0};
	scoped_buf text = {0};
	g.is_ascii = is_ascii;
	grid_resize(&g, o->rows, o->cols);
	app_resize(app, o->rows, o->cols);
	work(app);
	app_paint(app, &g);
	grid_dump_text(&g, &text);
	fputs(buf_str(&text), stdout);
	grid_finish(&g);
}

static int run(const struct script_options *o, struct conf *conf)
{
	struct actor actor;
	struct app *app = NULL;
	char *problem = NULL;
	actor_init_self(&actor);
	int rc = app_create(
		&app,
		&(struct app_options){.db_path = o->db,
				      .conf = conf,
				      .actor = &actor,
				      .is_read_only = o->is_read_only},
		&problem);
	if (rc == 0)
		print(app, o, o->is_ascii || conf->is_ascii);
	else
		script_complain("%s: %s", o->db, problem);
	app_destroy(app);
	free(problem);
	actor_finish(&actor);
	return rc ? EXIT_FAILED : EXIT_DONE;
}

int script_conf(const struct script_options *o, struct conf *conf)
{
	scoped_free char *problem = NULL;
	conf_init(conf);
	if (o->config && access(o->config, R_OK)) {
		script_complain("%s: %s", o->config, strerror(errno));
		return EXIT_USAGE;
	}
	if (conf_read(conf, o->config, &problem) == 0)
		return 0;
	script_complain("%s", problem);
	return EXIT_USAGE;
}

int script_once(const struct script_options *o)
{
	struct conf conf;
	struct db *db = NULL;
	int rc = script_open(o, DB_READ, &db);
	if (rc)
		return rc;
	db_close(db);
	rc = script_conf(o, &conf);
	if (rc == 0)
		rc = run(o, &conf);
	conf_finish(&conf);
	return rc;
}
