/*
 * Names of files.
 */
#pragma once

/* The name with symbolic links resolved, as SQLite resolves them to find its
 * log beside the file; a name that does not exist yet as it is. The caller
 * frees. */
char *path_real(const char *path);
