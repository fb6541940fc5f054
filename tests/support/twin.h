/*
 * The relay, all of it but relay/main.c, inside the test's own program: run as
 * a child like outbox-relay, but with whatever the test puts between it and the
 * system (a VFS, a system call of its own).
 *
 * The test's main asks twin_is_wanted first, and ends with what twin_run says.
 */
#pragma once

#include "tests/support/scene.h"

bool twin_is_wanted(int argc, char **argv);
int twin_run(int argc, char **argv);

/* Starts it as s->relay, with settings added as for scene_start_relay, but does
 * not wait. */
void twin_start(struct scene *s, const char *const *env);

/* The same, and waits until it says that it runs. */
void twin_start_ready(struct scene *s, const char *const *env);
