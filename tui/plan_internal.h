/* What tui/plan*.c share; nobody else includes it. */
#pragma once

#include "tui/plan.h"

enum plan_statement {
	BY_IDS,
	IS_UNSURE,
	PAYLOAD,
	FENCE,
	RATE,
	UNDOABLE,
	CHANGED,
	PLAN_STATEMENT_COUNT
};

struct planner {
	struct db *writer;	   /* borrowed; NULL: read-only */
	struct db *reader;	   /* borrowed */
	const struct actor *actor; /* borrowed */
	struct act_desk *desk;	   /* own; NULL: read-only */
	struct db_stmt *st[PLAN_STATEMENT_COUNT];
};

/* Forgets what was chosen. */
void plan_forget(struct plan *plan);
