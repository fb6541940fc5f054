/*
 * Where a test of relay/config.h reads settings from: a folder of its own,
 * which is the working directory while the test runs, and an environment
 * without any of ours.
 */
#pragma once

#include "relay/config.h"

#include <stdio.h>

#define SETTINGS_SECRET "0123456789abcdef0123456789abcdef"

/* For cmocka_unit_test_setup_teardown; *state is not for the test. */
int settings_set_up(void **state);
int settings_tear_down(void **state);
#define SETTINGS_TEST(f) \
	cmocka_unit_test_setup_teardown(f, settings_set_up, settings_tear_down)

/* Makes a file that only its owner may read. */
void settings_write(const char *name, const char *text);

/* Loads a.env alone, as config_load does. *said_out gets the problems as they
 * are printed; the caller frees. */
int settings_load(struct config *c, char **said_out);

/* Problems, or what a function prints, as text. The caller frees. */
char *settings_problems(const struct config_problems *p);
char *settings_printed(void (*print)(FILE *));
