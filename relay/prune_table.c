/*
 * The tables that have a limit, and nothing that hangs on their rows: the log,
 * the minutes of the charts, the relays of the past.
 */
#include "relay/prune_internal.h"

/* A table without anything that hangs on its rows. */
static int prune_table(struct prune *p, enum prune_statement has,
		       enum prune_statement delete, enum prune_kind kind,
		       int64_t bound, bool *has_worked)
{
	db_bind(p->st[has], "$bound", bound);
	db_bind(p->st[has], "$limit", PRUNE_ROWS_MAX);
	int rc = db_step(p->st[has]);
	db_reset(p->st[has]);
	if (rc != DB_ROW)
		return rc;
	rc = prune_begin(p);
	if (rc)
		return rc;
	db_bind(p->st[delete], "$bound", bound);
	db_bind(p->st[delete], "$limit", PRUNE_ROWS_MAX);
	rc = db_run(p->st[delete]);
	p->pending[kind] = db_changes(p->db);
	*has_worked = true;
	return prune_end(p, rc);
}

int prune_old_log(struct prune *p, const struct prune_rules *rules,
		  int64_t now_ms, bool *has_worked)
{
	if (!rules->keep_log_ms)
		return 0;
	return prune_table(p, HAS_OLD_LOG, DELETE_OLD_LOG, PRUNE_LOG,
			   now_ms - rules->keep_log_ms, has_worked);
}

int prune_surplus_log(struct prune *p, const struct prune_rules *rules,
		      int64_t now_ms, bool *has_worked)
{
	(void)now_ms;
	if (!rules->max_log_rows)
		return 0;
	return prune_table(p, HAS_SURPLUS_LOG, DELETE_SURPLUS_LOG, PRUNE_LOG,
			   rules->max_log_rows, has_worked);
}

int prune_minutes(struct prune *p, const struct prune_rules *rules,
		  int64_t now_ms, bool *has_worked)
{
	if (!rules->keep_minutes_ms)
		return 0;
	return prune_table(p, HAS_MINUTES, DELETE_MINUTES, PRUNE_MINUTES,
			   now_ms - rules->keep_minutes_ms, has_worked);
}

int prune_relays(struct prune *p, const struct prune_rules *rules,
		 int64_t now_ms, bool *has_worked)
{
	if (!rules->keep_log_ms)
		return 0;
	return prune_table(p, HAS_RELAYS, DELETE_RELAYS, PRUNE_RELAYS,
			   now_ms - rules->keep_log_ms, has_worked);
}
