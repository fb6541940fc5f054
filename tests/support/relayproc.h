/*
 * The outbox-relay of this build: as a daemon that a test starts, signals and
 * waits for, and as a verb that runs to its end.
 *
 * Its settings are the CRM's of contract.md (the secret is a made-up one), the
 * simulator's address and a short back-off. It runs in the test's folder and so
 * reads a .env that the test put there.
 */
#pragma once

#include "tests/support/proc.h"

#include <sqlite3.h>

struct relay_setup {
	const char *dir;	 /* the test's folder */
	const char *db;		 /* the file; NULL: as the settings say */
	const char *base;	 /* the simulator's address; NULL: nowhere */
	const char *const *env;	 /* "KEY=value" added or put in place of those
				    above, NULL at the end; or NULL */
	const char *const *args; /* added to the command line; or NULL */
	const char *program;	 /* in place of this build's; or NULL */
};

/* Starts `outbox-relay run`. Ended by proc_finish, which kills it. */
void relayproc_start(struct proc *p, const struct relay_setup *setup);

/* Waits until this relay says in outbox_relay that it is running. */
void relayproc_wait_ready(const struct proc *p, sqlite3 *db, int deadline_ms);

/* SIGTERM, and waits. Returns its exit status as proc_wait does. */
int relayproc_stop(struct proc *p, int deadline_ms);

/* Runs `outbox-relay VERB --db FILE ARGS...` and returns its exit status; what
 * it printed goes to *out_out and *err_out (unless NULL), which the caller
 * frees. */
int relayproc_verb(const struct relay_setup *setup, const char *verb,
		   char **out_out, char **err_out);
