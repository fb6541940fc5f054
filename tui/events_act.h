/*
 * What the audit says of an act in a few words: for the audit's own list and
 * for the last acts on Home.
 */
#pragma once

#include "schema/db.h"

#include <stdint.h>

/* The columns that act_line_read reads, in its order, of outbox_audit AS a: the
 * act's first batch. */
#define ACT_LINE_COLUMNS                                                  \
	"a.id, a.act, a.at, a.action, a.who, a.reason, a.filter, a.ids, " \
	"(SELECT u.action FROM outbox_audit AS u"                         \
	" WHERE a.action = 'undo' AND u.act = substr(a.filter, 5) LIMIT 1)"
enum { ACT_LINE_COLUMN_COUNT = 9 };

struct act_line {
	int64_t id, at_ms;
	char *act, *action, *who; /* own */
	char *reason;		  /* own; NULL */
	char *what; /* own; the filter; or "#4, #7, #9, +97"; or channels;
		       or what was undone; "" if nothing was changed */
};

/* Copies the current row of a query. `changed` rows are the whole act's. The
 * caller ends it with act_line_finish. */
void act_line_read(struct act_line *line, struct db_stmt *st, int64_t changed);
void act_line_finish(struct act_line *line);

/* Its rows or channels: "#4, #7, #9", of a batch's ids in JSON, at most so
 * many; how many it has. The caller frees. */
char *act_line_names(const char *ids, int64_t most, int64_t *count_out);

/* The action in the operator's language: "retry". What is no verb of
 * schema/act.h stays as it is. */
const char *act_line_action(const char *action);
