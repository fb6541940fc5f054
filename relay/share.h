/*
 * CRM, relay and operators as three users of one group: who may write the
 * database, its WAL and the directory that SQLite makes the WAL in. Works by
 * name only, never by a descriptor of the database (see relay/lock.h).
 */
#pragma once

#include "lib/buf.h"

/* Gives the directory (2770 and the group), the database and what lies beside
 * it (0660) to the group. Returns 0; < 0 with one line in `why`. */
int share_with_group(const char *db_path, const char *group, struct buf *why);

enum share_state {
	SHARE_PRIVATE, /* only the owner can write: one user runs everything */
	SHARE_GROUP,   /* a whole group can, everywhere it must */
	SHARE_BROKEN   /* some files are shared and some are not */
};

/* Looks at the directory, the database and what lies beside it; says in one
 * line what was found and, if it is broken, which file is wrong. */
enum share_state share_look(const char *db_path, struct buf *what);
