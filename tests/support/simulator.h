/*
 * A wechat-sim of this build, on a port of its own choice, with its journal in
 * a file, and what a test tells it and asks it over HTTP.
 *
 * A zeroed struct is a simulator that was never started.
 */
#pragma once

#include "tests/support/proc.h"

#include <cjson/cJSON.h>

struct simulator {
	struct proc proc;
	char *base;    /* own; "http://127.0.0.1:PORT" */
	char *journal; /* own; the file's name */
};

/* Starts it and waits until it listens. `options` are added to its command
 * line, NULL at the end; or NULL. Its files are made in dir. Ended by
 * simulator_finish. */
void simulator_start(struct simulator *s, const char *dir,
		     const char *const *options);
void simulator_finish(struct simulator *s);

/* POSTs a JSON text to one of its own addresses, "/sim/faults"; it must be
 * answered with 2xx. */
void simulator_post(struct simulator *s, const char *path, const char *json);

/* Replaces the fault rules, a JSON array. */
void simulator_fault(struct simulator *s, const char *rules);

/* What GET /sim/stats answers. The caller deletes it. */
cJSON *simulator_stats(struct simulator *s);

/* One number of it, by keys with dots between: "sent.total". */
long long simulator_stat(struct simulator *s, const char *keys);

/* The journal as an array with an object a call. The caller deletes it. */
cJSON *simulator_journal(const struct simulator *s);
