/*
 * Somebody at a console beside a running relay: a connection of his own and the
 * verbs of schema/act.h, each tried again while the database is busy.
 */
#pragma once

#include "schema/act.h"

struct operator
{
	struct db *db; /* own, as are the others */
	struct act_desk *desk;
	struct actor actor;
};

void operator_open(struct operator* o, const char *path, const char *name);
void operator_close(struct operator* o);

/* One act on any number of rows, in batches; sets their fates. Returns how many
 * were changed. */
int64_t operator_rows(struct operator* o, enum act_action action,
		      struct act_row *rows, size_t count);

/* On one row, whatever its version. */
enum act_fate operator_row(struct operator* o, enum act_action action,
			   int64_t id);

/* Pauses or resumes a channel, or all (NULL). Returns how many were changed. */
int64_t operator_channels(struct operator* o, enum act_action action,
			  const char *name);
