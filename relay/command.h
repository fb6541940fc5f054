/*
 * The verbs of outbox-relay and what they have in common: options, settings,
 * the way to the database, exit codes.
 */
#pragma once

#include "relay/config.h"
#include "schema/db.h"

#include <stdbool.h>

/* Exit codes (DESIGN, "The programs"). */
enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_HELD_BY_OTHER = 75 /* EX_TEMPFAIL */
};

enum { ENV_FILES_MAX = 16 };

struct options {
	const char *db; /* all texts borrowed from argv; NULL: not given */
	const char *env_files[ENV_FILES_MAX];
	size_t env_file_count;
	bool is_once;
	const char *send_to;
	const char *lang;
	const char *group;
	const char *type;
	const char *payload;
	const char *channel;
	const char *recipient;
	const char *key;
	const char *dedup;
	const char *at;
	const char *ttl;
};

/* Each returns an exit code. */
int command_init(const struct options *options);
int command_run(const struct options *options);
int command_check(const struct options *options);
int command_send(const struct options *options);
int command_prune(const struct options *options);

/* Loads the settings, prints what is wrong to stderr, and lets --db win.
 * Returns 0, or EXIT_USAGE when there was an error. The caller ends it with
 * config_finish. */
int command_load_config(const struct options *options, struct config *out);

/* Opens the database and makes sure that its schema is the current one, saying
 * on stderr what to do if it is not. Returns 0 or EXIT_FAILED. */
int command_open(const char *path, int busy_ms, struct db **db_out);

/* Says that there is no such file and what to do. Returns EXIT_FAILED. */
int command_complain_missing(const char *path);

/* "outbox-relay: text" on stderr. */
void command_complain(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* busy_timeout of the relay's connection: its loop never sleeps on a lock for
 * longer. */
enum { COMMAND_BUSY_MS = 50, COMMAND_PATIENT_MS = 5000 };
