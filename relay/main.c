/*
 * outbox-relay: options, and the verb they are for. The table of verbs and the
 * table of options print the usage.
 */
#include "lib/secret.h"
#include "lib/util.h"
#include "relay/command.h"

#include <curl/curl.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum verb { INIT, RUN, CHECK, SEND, PRUNE, VERB_COUNT };

static const struct {
	const char *name;
	int (*run)(const struct options *options);
	const char *help;
} verbs[] = {
	[INIT] = {"init", command_init,
		  "create the outbox or bring it up to date"},
	[RUN] = {"run", command_run, "deliver until told to stop"},
	[CHECK] = {"check", command_check,
		   "look at what can be wrong and say what to do"},
	[SEND] = {"send", command_send, "insert one notification"},
	[PRUNE] = {"prune", command_prune,
		   "delete what the settings do not keep any longer"},
};

#define FOR(verb) (1u << (verb))
#define FOR_ALL	  ((1u << VERB_COUNT) - 1)

/* clang-format off */
static const struct option_row {
	const char *name, *argument, *help;
	unsigned verbs;
	size_t offset;
} rows[] = {
	{"db", "FILE", "the database (default: $OUTBOX_DB, then outbox.db)",
	 FOR_ALL, offsetof(struct options, db)},
	{"env", "FILE", "read settings from FILE; may be given again",
	 FOR_ALL, offsetof(struct options, env_files)},
	{"once", NULL, "deliver what is due, then leave",
	 FOR(RUN), offsetof(struct options, is_once)},
	{"group", "GROUP", "let the members of GROUP write the database",
	 FOR(INIT), offsetof(struct options, group)},
	{"send-to", "USER", "send one real message to USER, who must consent",
	 FOR(CHECK), offsetof(struct options, send_to)},
	{"lang", "LANG", "en or zh (default: by LC_MESSAGES)",
	 FOR(CHECK), offsetof(struct options, lang)},
	{"type", "TYPE", "type of the notification",
	 FOR(SEND), offsetof(struct options, type)},
	{"payload", "JSON", "a JSON object, @FILE, or - for standard input",
	 FOR(SEND), offsetof(struct options, payload)},
	{"channel", "NAME", "channel (default: by the type's route)",
	 FOR(SEND), offsetof(struct options, channel)},
	{"recipient", "ID", "recipient (default: by the type's route)",
	 FOR(SEND), offsetof(struct options, recipient)},
	{"key", "KEY", "deliver in order among rows with the same KEY",
	 FOR(SEND), offsetof(struct options, key)},
	{"dedup", "KEY", "insert nothing if a row with this KEY is there",
	 FOR(SEND), offsetof(struct options, dedup)},
	{"at", "TIME", "not before TIME: 2026-01-31T08:00:00+08:00, or +10m",
	 FOR(SEND), offsetof(struct options, at)},
	{"ttl", "TIME", "drop it if not sent within TIME, such as 2h",
	 FOR(SEND), offsetof(struct options, ttl)},
};
/* clang-format on */

static void print_usage(FILE *out)
{
	fputs("usage: outbox-relay VERB [OPTION]...\n\n", out);
	for (size_t v = 0; v < VERB_COUNT; v++) {
		fprintf(out, "  %-6s %s\n", verbs[v].name, verbs[v].help);
		for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
			if (rows[i].verbs != FOR(v))
				continue;
			fprintf(out, "           --%-9s %-6s %s\n",
				rows[i].name,
				rows[i].argument ? rows[i].argument : "",
				rows[i].help);
		}
	}
	fputs("\nfor every verb:\n", out);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].verbs == FOR_ALL)
			fprintf(out, "           --%-9s %-6s %s\n",
				rows[i].name, rows[i].argument, rows[i].help);
	}
	fputs("           --help             this text, and the settings\n"
	      "           --sample           a .env file with every setting\n"
	      "           --version\n",
	      out);
}

static int complain_usage(const char *what, const char *which)
{
	command_complain("%s%s; see outbox-relay --help", what, which);
	return EXIT_USAGE;
}

/* To SQLite no name is a file that it deletes at the end; and nobody is no one
 * to send a message to. */
static bool needs_text(const struct option_row *row)
{
	return row->offset == offsetof(struct options, db) ||
	       row->offset == offsetof(struct options, send_to);
}

static int adopt(struct options *o, const struct option_row *row)
{
	if (row->offset == offsetof(struct options, is_once)) {
		o->is_once = true;
	} else if (row->offset == offsetof(struct options, env_files)) {
		if (o->env_file_count == ENV_FILES_MAX)
			return complain_usage("too many ", "--env");
		o->env_files[o->env_file_count++] = optarg;
	} else if (needs_text(row) && !*optarg) {
		return complain_usage("missing value for --", row->name);
	} else {
		*(const char **)(void *)((char *)o + row->offset) = optarg;
	}
	return 0;
}

static int parse(int argc, char **argv, unsigned verb, struct options *o)
{
	struct option longs[ARRAY_LEN(rows) + 1] = {0};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		longs[i].name = rows[i].name;
		longs[i].has_arg =
			rows[i].argument ? required_argument : no_argument;
	}
	opterr = 0;
	int index = 0;
	for (int c; (c = getopt_long(argc, argv, ":", longs, &index)) != -1;) {
		if (c == ':')
			return complain_usage("missing value for ",
					      argv[optind - 1]);
		if (c == '?' && optopt) { /* among letters such as -xy */
			const char letter[] = {'-', (char)optopt, '\0'};
			return complain_usage("unknown option ", letter);
		}
		if (c == '?')
			return complain_usage("unknown option ",
					      argv[optind - 1]);
		if (!(rows[index].verbs & FOR(verb)))
			return complain_usage("not an option of this verb: --",
					      rows[index].name);
		int rc = adopt(o, &rows[index]);
		if (rc)
			return rc;
	}
	if (optind < argc)
		return complain_usage("unexpected argument ", argv[optind]);
	return 0;
}

static int find_verb(const char *name)
{
	for (size_t v = 0; v < VERB_COUNT; v++) {
		if (strcmp(name, verbs[v].name) == 0)
			return (int)v;
	}
	return -1;
}

static bool wants(int argc, char **argv, const char *option)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], option) == 0)
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	util_init();
	secret_protect_process();
	if (wants(argc, argv, "--help")) {
		print_usage(stdout);
		puts("\nsettings, from .env files and the environment:\n");
		config_print_help(stdout);
		return EXIT_DONE;
	}
	if (wants(argc, argv, "--sample")) {
		config_print_sample(stdout);
		return EXIT_DONE;
	}
	if (wants(argc, argv, "--version")) {
		puts("outbox-relay " OUTBOX_VERSION);
		return EXIT_DONE;
	}
	if (argc < 2) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	int verb = find_verb(argv[1]);
	if (verb < 0)
		return complain_usage("unknown verb ", argv[1]);
	struct options options = {0};
	int rc = parse(argc - 1, argv + 1, (unsigned)verb, &options);
	if (rc)
		return rc;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	rc = verbs[verb].run(&options);
	curl_global_cleanup();
	return rc;
}
