/*
 * What the file system says of a database that cannot be opened or written:
 * SQLite tells "unable to open database file" of half a dozen things. Asks by
 * name only: a descriptor that is closed would drop SQLite's locks.
 */
#pragma once

#include <stdbool.h>

/* One line in the operator's language that says what this user may not do with
 * the file at `path`, its folder or the write-ahead log beside it, and what
 * mends that; NULL if nothing is in the way. The caller frees. */
char *access_problem(const char *path, bool is_for_writing);
