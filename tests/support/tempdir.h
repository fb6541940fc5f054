/*
 * A folder of its own for each test, removed with all that is in it.
 */
#pragma once

/* Makes an empty folder below $TMPDIR or /tmp; the name tells whose it is. The
 * caller ends it with tempdir_destroy. */
char *tempdir_create(const char *name);

/* Removes the folder and frees its name. NULL is fine. */
void tempdir_destroy(char *dir);

/* dir/name. The caller frees. */
char *tempdir_path(const char *dir, const char *name);
