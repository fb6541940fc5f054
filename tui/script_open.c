/* The way of the verbs to the database, and what is said where there is none.
 */
#include "lib/clock.h"
#include "lib/lang.h"
#include "lib/util.h"
#include "schema/act.h"
#include "tui/access.h"
#include "tui/app.h"
#include "tui/script.h"

#include <stdlib.h>

static int complain_open(const char *path, int rc, enum schema_state state)
{
	scoped_free char *problem = access_problem(path, false);
	if (rc == DB_MISSING && !problem)
		script_complain(_("%s: no such file: run outbox-relay init "
				  "--db %s, or name another with --db"),
				path, path);
	else if (rc == DB_BUSY)
		script_complain(_("%s: locked by another program; try again"),
				path);
	else if (rc == 0)
		script_complain("%s: %s", path, app_explain(state));
	else if (problem)
		script_complain("%s: %s", path, problem);
	else
		script_complain(_("%s: cannot be opened as a database: check "
				  "that it is one"),
				path);
	return EXIT_FAILED;
}

int script_open(const struct script_options *o, enum db_mode mode,
		struct db **out)
{
	struct db *db = NULL;
	/* SQLite would open it for reading alone, silently. */
	scoped_free char *problem =
		mode == DB_WRITE ? access_problem(o->db, true) : NULL;
	if (problem) {
		script_complain("%s: %s", o->db, problem);
		return EXIT_FAILED;
	}
	int rc = db_open(&db, o->db, mode, SCRIPT_PATIENT_MS);
	enum schema_state state = SCHEMA_CURRENT;
	bool is_open = rc == 0;
	if (is_open)
		rc = schema_look(db, &state);
	if (rc == 0 && state == SCHEMA_CURRENT) {
		*out = db;
		return 0;
	}
	if (is_open)
		db_close(db);
	return complain_open(o->db, rc, state);
}

int script_trouble(const struct script_options *o, struct db *db, int outcome)
{
	const char *message = db ? db_message(db) : NULL;
	scoped_free char *problem = access_problem(o->db, false);
	if (outcome == DB_BUSY)
		script_complain(_("%s: locked by another program; try again"),
				o->db);
	else if (outcome == DB_FULL)
		script_complain(_("%s: the disk is full; make room and try "
				  "again"),
				o->db);
	else
		script_complain("%s: %s", o->db,
				problem		      ? problem
				: message && *message ? message
						      : _("it cannot be read"));
	return EXIT_FAILED;
}

static int note(struct db *db)
{
	struct act_desk *desk = act_desk_create(db);
	struct actor actor;
	actor_init_self(&actor);
	int rc = act_note(desk, &actor, "unmask", clock_wall_ms());
	actor_finish(&actor);
	act_desk_destroy(desk);
	return rc;
}

int script_note_unmask(const struct script_options *o)
{
	struct db *db = NULL;
	if (!o->is_unmasked)
		return 0;
	int rc = script_open(o, DB_WRITE, &db);
	if (rc == 0) {
		rc = note(db);
		if (rc)
			rc = script_trouble(o, db, rc);
		db_close(db);
	}
	if (rc)
		script_complain(_("recipients are shown in full only if the "
				  "audit knows of it: leave --unmask out, or "
				  "run it as somebody who may write"));
	return rc;
}
