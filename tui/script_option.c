#include "tui/script_option_table.h"

#include "lib/buf.h"
#include "lib/lang.h"
#include "lib/text.h"
#include "lib/util.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { LEFT_CELLS = 22 };

const struct script_verb_row script_verbs[] = {
	[SCRIPT_CONSOLE] = {NULL, NULL, NULL, NULL},
	[SCRIPT_STATUS] = {"status", "",
			   N_("counts, rates, relay, channels; 4: an alarm"),
			   script_status},
	[SCRIPT_LIST] = {"list", "[FILTER]",
			 N_("rows that match, newest first"), script_list},
	[SCRIPT_SHOW] = {"show", "ID", N_("everything about one row"),
			 script_show},
	[SCRIPT_RETRY] = {"retry", "FILTER",
			  N_("send failed rows again, pending ones now"),
			  script_act},
	[SCRIPT_CANCEL] = {"cancel", "FILTER",
			   N_("rows that match will not be sent"), script_act},
	[SCRIPT_EDIT] = {"edit", "", N_("another payload, then retry"),
			 script_act},
	[SCRIPT_PAUSE] = {"pause", "[CHANNEL]",
			  N_("send nothing on a channel, or on all"),
			  script_act},
	[SCRIPT_RESUME] = {"resume", "[CHANNEL]",
			   N_("let a channel, or all, go on"), script_act},
	[SCRIPT_LOG] = {"log", "[WORD]...", N_("the relay's log"), script_log},
	[SCRIPT_AUDIT] = {"audit", "[WORD]...", N_("what operators did"),
			  script_audit},
};
_Static_assert(ARRAY_LEN(script_verbs) == SCRIPT_VERB_COUNT, "all of them");

#define FOR(verb)  (1U << SCRIPT_##verb)
#define FOR_ALL	   ((1U << SCRIPT_VERB_COUNT) - 1)
#define FOR_ROWS   (FOR(RETRY) | FOR(CANCEL) | FOR(EDIT))
#define FOR_ACTS   (FOR_ROWS | FOR(PAUSE) | FOR(RESUME))
#define FOR_TAILS  (FOR(LOG) | FOR(AUDIT))
#define FOR_TABLES (FOR(LIST) | FOR_TAILS)
#define FOR_JSON   (FOR(STATUS) | FOR(SHOW) | FOR_TABLES | FOR_ACTS)

#define AT(member) offsetof(struct script_options, member)

/* clang-format off */
const struct script_option_row script_rows[] = {
	{"db", "FILE", N_("the database (default: $OUTBOX_DB, then outbox.db)"),
	 FOR_ALL, OPTION_TEXT, AT(db)},
	{"lang", "LANG", N_("en or zh (default: as the locale says)"),
	 FOR_ALL, OPTION_TEXT, AT(lang)},
	{"ascii", NULL, N_("draw with ASCII only"),
	 FOR(CONSOLE), OPTION_FLAG, AT(is_ascii)},
	{"read-only", NULL, N_("change nothing"),
	 FOR(CONSOLE), OPTION_FLAG, AT(is_read_only)},
	{"color", "WHEN", N_("auto, never or always"),
	 FOR(CONSOLE), OPTION_TEXT, AT(color)},
	{"config", "FILE", N_("read FILE in place of the user's own"),
	 FOR(CONSOLE), OPTION_TEXT, AT(config)},
	{"trace-frames", "FILE", N_("write the time of each frame to FILE"),
	 FOR(CONSOLE), OPTION_TEXT, AT(trace_frames)},
	{"once", NULL, N_("print the overview as text, and leave"),
	 FOR(CONSOLE), OPTION_FLAG, AT(is_once)},
	{"size", "COLSxROWS", N_("of --once (default: 80x24)"),
	 FOR(CONSOLE), OPTION_SIZE, 0},
	{"json", NULL, N_("JSON on stdout"),
	 FOR_JSON, OPTION_FLAG, AT(is_json)},
	{"tsv", NULL, N_("tab-separated values with a header"),
	 FOR_TABLES, OPTION_FLAG, AT(is_tsv)},
	{"unmask", NULL, N_("recipients in full; kept in the audit"),
	 FOR(CONSOLE) | FOR(LIST) | FOR(SHOW), OPTION_FLAG, AT(is_unmasked)},
	{"limit", "N", N_("at most N (default: list 1000, others 100; 0: all)"),
	 FOR_TABLES, OPTION_NUMBER, AT(limit)},
	{"after", "ID", N_("go on behind this id"),
	 FOR_TABLES, OPTION_NUMBER, AT(after)},
	{"follow", NULL, N_("wait for what is added"),
	 FOR_TAILS, OPTION_FLAG, AT(is_following)},
	{"level", "LEVEL", N_("error, warn, info or debug, and what is worse"),
	 FOR(LOG), OPTION_TEXT, AT(level)},
	{"id", "ID", N_("this row, in place of a filter"),
	 FOR_ROWS | FOR(SHOW), OPTION_ID, AT(id)},
	{"payload", "JSON", N_("the new payload: JSON, @FILE or -"),
	 FOR(EDIT), OPTION_TEXT, AT(payload)},
	{"dry-run", NULL, N_("only say what would be changed"),
	 FOR_ROWS, OPTION_FLAG, AT(is_dry_run)},
	{"yes", NULL, N_("do not ask"),
	 FOR_ACTS, OPTION_FLAG, AT(is_yes)},
	{"max", "N", N_("refuse to change more rows (default: 1000)"),
	 FOR(RETRY) | FOR(CANCEL), OPTION_NUMBER, AT(max)},
	{"reason", "TEXT", N_("why, for the audit"),
	 FOR_ACTS, OPTION_TEXT, AT(reason)},
};
/* clang-format on */
const size_t script_row_count = ARRAY_LEN(script_rows);

script_run script_option_run(enum script_verb verb)
{
	return script_verbs[verb].run;
}

static void print_options(FILE *out, unsigned only_for)
{
	for (size_t i = 0; i < script_row_count; i++) {
		if (script_rows[i].verbs != only_for)
			continue;
		scoped_free char *left = xasprintf(
			"--%s %s", script_rows[i].name,
			script_rows[i].argument ? script_rows[i].argument : "");
		scoped_free char *padded = text_pad(left, LEFT_CELLS);
		fprintf(out, "      %s %s\n", padded, _(script_rows[i].help));
	}
}

/* The verbs that an option is for, by name. */
static void print_shared(FILE *out)
{
	for (size_t i = 0; i < script_row_count; i++) {
		scoped_buf names = {0};
		unsigned set = script_rows[i].verbs;
		if (set == FOR_ALL || (set & (set - 1)) == 0)
			continue;
		for (unsigned v = 0; v < SCRIPT_VERB_COUNT; v++) {
			if ((set & (1U << v)) && script_verbs[v].name)
				buf_addf(&names, " %s", script_verbs[v].name);
		}
		scoped_free char *left = xasprintf(
			"--%s %s", script_rows[i].name,
			script_rows[i].argument ? script_rows[i].argument : "");
		scoped_free char *padded = text_pad(left, LEFT_CELLS);
		fprintf(out, "      %s %s (%s)\n", padded,
			_(script_rows[i].help), buf_str(&names) + 1);
	}
}

void script_option_usage(FILE *out)
{
	fprintf(out, "%s\n\n",
		_("usage: outbox-tui [OPTION]...            the console\n"
		  "       outbox-tui VERB [OPTION]...       the same for "
		  "scripts"));
	print_options(out, FOR(CONSOLE));
	fputc('\n', out);
	for (unsigned v = SCRIPT_STATUS; v < SCRIPT_VERB_COUNT; v++) {
		scoped_free char *left = xasprintf(
			"%s %s", script_verbs[v].name, script_verbs[v].words);
		scoped_free char *padded = text_pad(left, LEFT_CELLS + 2);
		fprintf(out, "  %s   %s\n", padded, _(script_verbs[v].help));
		print_options(out, 1U << v);
	}
	fprintf(out, "\n%s\n", _("for several verbs:"));
	print_shared(out);
	fprintf(out, "\n%s\n", _("for all:"));
	print_options(out, FOR_ALL);
	fprintf(out,
		"      --help\n      --version\n      --sample               "
		"%s\n",
		_("a console.conf with every key"));
}
