/*
 * Brings a database to the version of tables that this program knows, and tells
 * what version one has. The numbered .sql files of this folder are immutable
 * once released; their place in the list is their version, which outbox_meta
 * keeps. Only outbox-relay migrates; the console only looks.
 */
#pragma once

#include "schema/db.h"

enum schema_state {
	SCHEMA_CURRENT = 0,
	SCHEMA_MISSING, /* no outbox in this file */
	SCHEMA_OLDER,	/* outbox-relay init brings it up to date */
	SCHEMA_NEWER,	/* made by a newer program: never touched by this one */
	SCHEMA_FOREIGN	/* a table named outbox that is not ours */
};

/* The version that this program writes. */
int schema_version(void);

/* Looks; writes nothing. < 0 or DB_BUSY on failure. */
int schema_look(struct db *db, enum schema_state *state_out);

/* Creates or upgrades, in one exclusive transaction that reads the version
 * again, so several programs may start at once; the file gets a write-ahead
 * log. *state_out says what was found
 * before; SCHEMA_NEWER and SCHEMA_FOREIGN are left as they are. */
int schema_migrate(struct db *db, enum schema_state *state_out);

/* What to tell an operator about a state: what is the matter, what to do. */
const char *schema_explain(enum schema_state state);
