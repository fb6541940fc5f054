/*
 * What `outbox-relay check` prints in a scene, and what must be in it.
 */
#pragma once

#include "tests/support/scene.h"

enum { REPORT_ENV_MAX = 10, REPORT_ARGS_MAX = 5 };

struct report_run {
	const char *env[REPORT_ENV_MAX]; /* "KEY=value" */
	const char *args[REPORT_ARGS_MAX];
	int status; /* with which it must exit */
};

/* Runs it. What it printed, in which the secret never is; the caller frees. */
char *report_of(struct scene *s, const struct report_run *run);
#define REPORT(s, ...) report_of((s), &(struct report_run){__VA_ARGS__})

/* There must be a line that begins so and ends with the reason's id in
 * brackets; "" for none. */
void report_expect(const char *said, const char *line, const char *id);
