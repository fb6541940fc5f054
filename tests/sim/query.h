/*
 * Reads the one kind of statement that /tcb/databasequery takes:
 * db.collection("users").where({key: "value", ...}).skip(1).limit(10).get()
 * or .doc("id") in place of where. Calls that only shape the answer (field,
 * orderBy) are read over.
 *
 * Knows nothing of what the collections hold.
 */
#pragma once

#include <stddef.h>

enum { QUERY_COND_MAX = 8, QUERY_TEXT_MAX = 256 };

struct query_cond {
	char key[QUERY_TEXT_MAX];
	char value[QUERY_TEXT_MAX];
};

struct query {
	char collection[QUERY_TEXT_MAX];
	struct query_cond conds[QUERY_COND_MAX]; /* all must hold */
	size_t cond_count;
	size_t skip;
	size_t limit;
};

/* Returns 0, or -1 if the text is no such statement. */
int query_read(struct query *q, const char *text);
