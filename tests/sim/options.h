/*
 * The command line: one table that reads the options, gives the defaults and
 * prints --help.
 *
 * Strings are borrowed from argv or compile-time; only the lists are owned.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct option_list {
	const char **items; /* own array of borrowed strings */
	size_t count;
};

struct options {
	int64_t port;
	const char *port_file;
	const char *journal;
	const char *tls_cert;
	const char *tls_key;
	const char *appid;
	const char *secret;
	const char *env;
	const char *function;
	struct option_list types;     /* beside the two built in */
	struct option_list templates; /* none: every template id is known */
	int64_t token_ttl_us;
	int64_t grace_us;
	int64_t force_gap_us;
	int64_t force_max;
	int64_t latency_us;
	const char *users;
	const char *script;
	int64_t seed;
	bool is_forgetful; /* the function does not drop repeats */
	bool is_quiet;
	bool wants_help;
};

/* Reads argv. Returns 0; or -1, having said on stderr what is wrong. The
 * struct is to be finished either way. */
int options_read(struct options *o, int argc, char **argv);
void options_finish(struct options *o);

/* Prints --help to stdout. */
void options_print_help(void);
