/*
 * The outbox-tui of this build as a script runs it: on a scene's outbox,
 * without a terminal, in English and UTC.
 */
#pragma once

#include "tests/support/scene.h"

#include <cjson/cJSON.h>

enum { SCRIPT_ARGS_MAX = 16, SCRIPT_MS = 30000 };

struct script {
	int rc;
	char *out, *err; /* own */
};

/* Runs it with the words of `args`, which hold no quotes. The caller ends it
 * with script_finish. */
struct script script_run(struct scene *s, const char *args);
void script_finish(struct script *script);

/* The same without waiting for its end. */
void script_start(struct scene *s, struct proc *p, const char *args);

/* Runs it; it must exit with rc. Its JSON, which the caller deletes. */
cJSON *script_json(struct scene *s, int rc, const char *args);

/* Members, which must be there. */
double script_number(const cJSON *json, const char *name);
const char *script_text(const cJSON *json, const char *name);
const cJSON *script_member(const cJSON *json, const char *name);
