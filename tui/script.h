/*
 * The console for scripts: one verb, no terminal. What it finds goes to stdout
 * as aligned text, TSV or JSON, what is wrong to stderr; the exit code tells
 * how it went.
 */
#pragma once

#include "schema/message.h"
#include "tui/filter.h"

#include <stdbool.h>
#include <stdint.h>

/* Exit codes (tui.md 5.5). Behind a signal it is 128 + n. */
enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_PARTLY = 3, /* some rows failed or were skipped */
	EXIT_ALARM = 4
};

enum { SCRIPT_PATIENT_MS = 5000 }; /* for locks */

enum script_verb {
	SCRIPT_CONSOLE, /* no verb: the console itself, or --once */
	SCRIPT_STATUS,
	SCRIPT_LIST,
	SCRIPT_SHOW,
	SCRIPT_RETRY,
	SCRIPT_CANCEL,
	SCRIPT_EDIT,
	SCRIPT_PAUSE,
	SCRIPT_RESUME,
	SCRIPT_LOG,
	SCRIPT_AUDIT,
	SCRIPT_VERB_COUNT
};

/* What the command line says. Texts are borrowed from argv, NULL: not given. */
struct script_options {
	enum script_verb verb;
	const char *db; /* never NULL: --db, else $OUTBOX_DB, else outbox.db */
	const char *words; /* what follows the verb: FILTER, ID or CHANNEL;
			      several with blanks between */
	bool is_json, is_tsv, is_unmasked;

	/* list, log, audit. */
	int64_t limit; /* most rows; 0: no limit */
	int64_t after; /* 0: from the beginning */
	bool is_following;
	const char *level; /* log */

	/* retry, cancel, edit, pause, resume. */
	int64_t id; /* --id; 0: by the filter */
	bool is_dry_run, is_yes;
	int64_t max;	     /* --max; 1000 unless given */
	const char *reason;  /* --reason */
	const char *payload; /* edit: JSON, @FILE or - */

	/* The console. */
	const char *lang, *color, *config, *trace_frames;
	bool is_ascii, is_read_only, is_once;
	int rows, cols; /* --size; 24 and 80 unless given */
};

/* Each returns an exit code; script_act serves SCRIPT_RETRY to SCRIPT_RESUME.
 */
int script_status(const struct script_options *o);
int script_list(const struct script_options *o);
int script_show(const struct script_options *o);
int script_log(const struct script_options *o);
int script_audit(const struct script_options *o);
int script_once(const struct script_options *o);
int script_act(const struct script_options *o);

/* Reads the console's configuration, --config's or the user's own, or says what
 * is wrong with it. 0 or EXIT_USAGE. The caller ends it with conf_finish either
 * way. */
struct conf;
int script_conf(const struct script_options *o, struct conf *conf);

/* "outbox-tui: text" on stderr, cleaned. */
void script_complain(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* The word of a state, and a line "label   text", cleaned, on stdout. */
const char *script_state(enum message_status status);
void script_line(const char *label, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Opens the database if its tables are the current ones, waiting up to 5 s for
 * locks; else says what is wrong and what to do. 0 or EXIT_FAILED. */
int script_open(const struct script_options *o, enum db_mode mode,
		struct db **out);

/* Reads o->words, or says what is wrong with them and where. 0 or EXIT_USAGE.
 * The caller ends it with filter_destroy. */
int script_filter(const struct script_options *o, struct filter **out);

/* Says why something of the database failed: an outcome of schema/db.h.
 * Returns EXIT_FAILED. */
int script_trouble(const struct script_options *o, struct db *db, int outcome);

/* Runs slices until one returns neither ROWS_MORE nor, for 5 s, DB_BUSY; the
 * last one's outcome. */
typedef int (*script_slice)(void *arg, int64_t now_ms, int64_t deadline_us);
int script_work(script_slice slice, void *arg);

/* With --unmask: writes that into the audit. 0; EXIT_FAILED, with a complaint,
 * if it cannot: then nothing may be shown. */
int script_note_unmask(const struct script_options *o);

/* Whether a person has to be asked: stdin and stderr are terminals. */
bool script_has_person(void);
