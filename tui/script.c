#include "tui/script.h"

#include "lib/clock.h"
#include "lib/text.h"
#include "lib/util.h"
#include "schema/act.h"
#include "tui/app.h"
#include "tui/lang.h"
#include "tui/rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATIENT_MS = 5000, REST_US = 20000, SLICE_US = 50000, LABEL_CELLS = 12 };

void script_complain(const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;
	va_start(ap, fmt);
	int len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	scoped_free char *clean = text_clean(text, (size_t)len);
	free(text);
	fprintf(stderr, "outbox-tui: %s\n", clean);
}

const char *script_state(enum message_status status)
{
	static const char *const words[MESSAGE_STATUS_COUNT] = {
		[MESSAGE_PENDING] = N_("state|pending"),
		[MESSAGE_SENDING] = N_("state|SENDING"),
		[MESSAGE_DELIVERED] = N_("state|done"),
		[MESSAGE_FAILED] = N_("state|FAILED"),
		[MESSAGE_EXPIRED] = N_("state|EXPIRED"),
		[MESSAGE_CANCELLED] = N_("state|canceled"),
	};
	return status < MESSAGE_STATUS_COUNT ? C_(words[status]) : "?";
}

void script_line(const char *label, const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;
	va_start(ap, fmt);
	int len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	scoped_free char *clean = text_clean(text, (size_t)len);
	scoped_free char *padded = text_pad(label, LABEL_CELLS);
	free(text);
	printf("%s %s\n", padded, clean);
}

static int complain_open(const char *path, int rc, enum schema_state state)
{
	if (rc == DB_MISSING)
		script_complain(_("%s: no such file: run outbox-relay init "
				  "--db %s, or name another with --db"),
				path, path);
	else if (rc == DB_BUSY)
		script_complain(_("%s: locked by another program; try again"),
				path);
	else if (rc == 0)
		script_complain("%s: %s", path, app_explain(state));
	else
		script_complain(_("%s: cannot be opened as a database: check "
				  "that it is one, and who may read it"),
				path);
	return EXIT_FAILED;
}

int script_open(const struct script_options *o, enum db_mode mode,
		struct db **out)
{
	struct db *db = NULL;
	/* SQLite would open it for reading alone, silently. */
	if (mode == DB_WRITE && access(o->db, F_OK) == 0 &&
	    euidaccess(o->db, W_OK) != 0) {
		script_complain(_("%s: you may not write this file"), o->db);
		return EXIT_FAILED;
	}
	int rc = db_open(&db, o->db, mode, PATIENT_MS);
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

/* The filter, and below it what is wrong. */
static void point_at(const char *text, const struct filter_error *error)
{
	scoped_free char *before = text_clean(text, error->at);
	scoped_free char *wrong = text_clean(text + error->at, error->len);
	scoped_free char *clean = text_clean(text, strlen(text));
	size_t marks = MAX(text_width(wrong), (size_t)1);
	fprintf(stderr, "  %s\n  %*s", clean, (int)text_width(before), "");
	while (marks--)
		fputc('^', stderr);
	fputc('\n', stderr);
}

int script_filter(const struct script_options *o, struct filter **out)
{
	struct filter_error error;
	const char *text = o->words ? o->words : "";
	if (filter_parse(text, out, &error) == 0)
		return 0;
	script_complain("%s", error.message);
	point_at(text, &error);
	return EXIT_USAGE;
}

int script_trouble(const struct script_options *o, struct db *db, int outcome)
{
	const char *message = db ? db_message(db) : NULL;
	if (outcome == DB_BUSY)
		script_complain(_("%s: locked by another program; try again"),
				o->db);
	else if (outcome == DB_FULL)
		script_complain(_("%s: the disk is full; make room and try "
				  "again"),
				o->db);
	else
		script_complain("%s: %s", o->db,
				message && *message ? message
						    : _("it cannot be read"));
	return EXIT_FAILED;
}

int script_work(script_slice slice, void *arg)
{
	int64_t patient_until_ms = clock_mono_ms() + PATIENT_MS;
	for (;;) {
		int rc =
			slice(arg, clock_wall_ms(), clock_mono_us() + SLICE_US);
		int64_t now_ms = clock_mono_ms();
		if (rc == ROWS_MORE)
			patient_until_ms = now_ms + PATIENT_MS;
		else if (rc != DB_BUSY || now_ms > patient_until_ms)
			return rc;
		else
			usleep(REST_US);
	}
}

void script_note_unmask(const struct script_options *o)
{
	struct db *db = NULL;
	struct actor actor;
	if (!o->is_unmasked)
		return;
	int rc = db_open(&db, o->db, DB_WRITE, PATIENT_MS);
	if (rc == 0) {
		struct act_desk *desk = act_desk_create(db);
		actor_init_self(&actor);
		rc = act_note(desk, &actor, "unmask", clock_wall_ms());
		actor_finish(&actor);
		act_desk_destroy(desk);
		db_close(db);
	}
	if (rc)
		script_complain(_("%s: cannot be written: the audit does not "
				  "know of --unmask"),
				o->db);
}

bool script_has_person(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}
