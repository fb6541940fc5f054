/* What tui/walk.c and walk_sql.c share; nobody else includes it. */
#pragma once

#include "lib/buf.h"
#include "tui/walk.h"

/* What the statement of a walk has been made of. */
struct walk_plan {
	bool is_empty;	      /* the filter leaves none of the list's states */
	bool is_descending;   /* the way it goes */
	bool has_key;	      /* $key: it is not in the order of ids */
	int64_t only_id;      /* $only, if it is not 0 */
	const char *only_key; /* $only, if not NULL; borrowed from the filter */
	struct buf scan;      /* key, id, whether it matches */
	struct buf find;      /* the same of one row, $row */
};

/* Writes the statements for a query. The caller frees both. */
void walk_plan_make(struct walk_plan *plan, struct db *db,
		    const struct walk_query *query);
