#include "relay/prune.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "relay/config.h"
#include "relay/prune_internal.h"

#include <stdlib.h>

/* A step ends when it has worked so long under the lock, whatever is left: on a
 * disk that seeks, each row may cost milliseconds. */
enum { WORK_US = 3000 };

#define KEEP_MINUTES_MS (90 * INT64_C(86400000))

/* Rows, oldest first, with what it costs to delete them. */
#define ROWS(status, since)                                              \
	"SELECT id, version,"                                            \
	"       (SELECT count(*)"                                        \
	"          FROM (SELECT 1"                                       \
	"                  FROM outbox_attempt"                          \
	"                 WHERE outbox_id = o.id"                        \
	"                 LIMIT $attempts)),"                            \
	"       length(CAST(payload AS BLOB)) +"                         \
	"       (SELECT coalesce(sum(length(CAST(payload AS BLOB))), 0)" \
	"          FROM outbox_revision"                                 \
	"         WHERE outbox_id = o.id)"                               \
	"  FROM outbox AS o"                                             \
	" WHERE status = '" status "'"                                   \
	"   AND " since " < $before"                                     \
	" ORDER BY " since " LIMIT $limit"

/* clang-format off */
static const char *const sql[] = {
	[DELIVERED_ROWS] = ROWS("delivered", "delivered_at"),
	[EXPIRED_ROWS] = ROWS("expired", "updated_at"),
	[CANCELLED_ROWS] = ROWS("cancelled", "updated_at"),
	[FAILED_ROWS] = ROWS("failed", "updated_at"),
	/* An operator's retry of just now has another version. */
	[DELETE_ROW] =
		"DELETE FROM outbox"
		" WHERE id = $id"
		"   AND version = $version",
	/* By id, for want of an index by time: what a clock that was wrong
	 * dated ahead is passed over, if there is not more of it than this. */
	[HAS_OLD_LOG] =
		"SELECT 1"
		"  FROM (SELECT at FROM outbox_log ORDER BY id LIMIT $limit)"
		" WHERE at < $bound",
	[DELETE_OLD_LOG] =
		"DELETE FROM outbox_log"
		" WHERE id IN"
		"       (SELECT id"
		"          FROM (SELECT id, at"
		"                  FROM outbox_log ORDER BY id LIMIT $limit)"
		"         WHERE at < $bound)",
	/* Ids of the log follow each other without gaps. */
	[HAS_SURPLUS_LOG] =
		"SELECT 1"
		"  FROM outbox_log"
		" WHERE id <= (SELECT max(id) FROM outbox_log) - $bound"
		" LIMIT $limit",
	[DELETE_SURPLUS_LOG] =
		"DELETE FROM outbox_log"
		" WHERE id IN"
		"       (SELECT id"
		"          FROM outbox_log"
		"         WHERE id <= (SELECT max(id) FROM outbox_log) - $bound"
		"         ORDER BY id LIMIT $limit)",
	[HAS_MINUTES] =
		"SELECT 1"
		"  FROM outbox_minute"
		" WHERE minute < $bound"
		" LIMIT $limit",
	[DELETE_MINUTES] =
		"DELETE FROM outbox_minute"
		" WHERE (minute, channel) IN"
		"       (SELECT minute, channel"
		"          FROM outbox_minute"
		"         WHERE minute < $bound"
		"         ORDER BY minute, channel LIMIT $limit)",
	/* The last one stays: it says since when nothing has run. */
	[HAS_RELAYS] =
		"SELECT 1"
		"  FROM outbox_relay"
		" WHERE beat_at < min($bound,"
		"                     (SELECT max(beat_at) FROM outbox_relay))"
		" LIMIT $limit",
	[DELETE_RELAYS] =
		"DELETE FROM outbox_relay"
		" WHERE owner IN"
		"       (SELECT owner"
		"          FROM outbox_relay"
		"         WHERE beat_at < min($bound,"
		"                    (SELECT max(beat_at) FROM outbox_relay))"
		"         LIMIT $limit)",
	[ATTEMPT_SLICE] =
		"SELECT outbox_id"
		"  FROM outbox_attempt"
		" WHERE outbox_id > $after"
		" ORDER BY outbox_id"
		" LIMIT 1 OFFSET $slice",
	[COUNT_ATTEMPTS] =
		"SELECT count(*)"
		"  FROM outbox_attempt"
		" WHERE outbox_id > $after"
		"   AND outbox_id <= $upto",
	[ATTEMPTS_OF_ROWS] =
		"SELECT a.outbox_id, o.status IN ('pending', 'sending')"
		"  FROM outbox_attempt AS a"
		"  LEFT JOIN outbox AS o ON o.id = a.outbox_id"
		" WHERE a.outbox_id > $after"
		" ORDER BY a.outbox_id"
		" LIMIT $limit",
	[DELETE_ATTEMPTS] =
		"DELETE FROM outbox_attempt"
		" WHERE outbox_id = $id"
		"   AND lease_no <= (SELECT max(lease_no)"
		"                      FROM (SELECT lease_no"
		"                              FROM outbox_attempt"
		"                             WHERE outbox_id = $id"
		"                             ORDER BY lease_no"
		"                             LIMIT $limit))"
		"   AND NOT EXISTS (SELECT 1"
		"                     FROM outbox"
		"                    WHERE id = $id"
		"                      AND status IN ('pending', 'sending'))",
	[TOTAL_CHANGES] = "SELECT total_changes()",
	[PAGES] = "PRAGMA page_count",
	[FREE_PAGES] = "PRAGMA freelist_count",
	[VACUUM] = "PRAGMA incremental_vacuum(1000)",
};
/* clang-format on */
_Static_assert(ARRAY_LEN(sql) == PRUNE_STATEMENT_COUNT, "a text for each");

struct prune *prune_create(struct db *db)
{
	enum { INCREMENTAL = 2 };
	int64_t mode = 0;
	struct prune *p = xcalloc(1, sizeof(*p));
	p->db = db;
	p->page_size = 4096;
	/* What fails here fails in each step, too, and is said there. */
	(void)db_get_int(db, "PRAGMA page_size", p->page_size, &p->page_size);
	(void)db_get_int(db, "PRAGMA auto_vacuum", 0, &mode);
	p->is_incremental = mode == INCREMENTAL;
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		p->st[i] = db_prepare(db, "prune", sql[i]);
	return p;
}

void prune_destroy(struct prune *p)
{
	free(p);
}

struct prune_rules prune_rules_of(const struct config *config)
{
	return (struct prune_rules){
		.keep_delivered_ms = config->keep_delivered_ms,
		.keep_failed_ms = config->keep_failed_ms,
		.keep_log_ms = config->keep_log_ms,
		.keep_minutes_ms = KEEP_MINUTES_MS,
		.max_log_rows = config->max_log_rows,
		.max_attempt_rows = config->max_attempt_rows,
		.max_db_bytes = config->max_db_mb * INT64_C(1048576),
	};
}

const struct prune_totals *prune_totals(const struct prune *p)
{
	return &p->totals;
}

int prune_begin(struct prune *p)
{
	int rc = db_begin_at(p->db, "prune_step");
	p->locked_at_us = clock_mono_us();
	for (size_t i = 0; i < PRUNE_KIND_COUNT; i++)
		p->pending[i] = 0;
	return rc;
}

int prune_end(struct prune *p, int rc)
{
	if (rc == 0)
		rc = db_commit(p->db);
	if (rc) {
		db_rollback(p->db);
		return rc;
	}
	p->totals.held_us = clock_mono_us() - p->locked_at_us;
	p->totals.held_max_us = MAX(p->totals.held_max_us, p->totals.held_us);
	for (size_t i = 0; i < PRUNE_KIND_COUNT; i++)
		p->totals.deleted[i] += p->pending[i];
	return 0;
}

bool prune_has_time(const struct prune *p)
{
	return clock_mono_us() - p->locked_at_us < WORK_US;
}

int prune_get(struct prune *p, enum prune_statement which, int64_t *value_out)
{
	scoped_stmt struct db_stmt *st = p->st[which];
	int rc = db_step(st);
	if (rc != DB_ROW)
		return rc;
	*value_out = db_int(st, 0);
	return 0;
}

int prune_step(struct prune *p, const struct prune_rules *rules, int64_t now_ms,
	       bool *has_more_out)
{
	static prune_rule *const all[] = {
		prune_delivered, prune_expired, prune_cancelled,
		prune_failed,	 prune_old_log, prune_surplus_log,
		prune_minutes,	 prune_relays,	prune_attempts,
		prune_by_bytes,
	};
	bool has_worked = false;
	int rc = 0;
	/* In turn, so that rows that come faster than they go do not keep the
	 * log from being pruned. */
	for (size_t i = 0; i < ARRAY_LEN(all) && rc == 0 && !has_worked; i++) {
		size_t turn = (p->turn + i) % ARRAY_LEN(all);
		rc = all[turn](p, rules, now_ms, &has_worked);
		if (has_worked)
			p->turn = turn + 1;
	}
	/* Last: pages that are about to be free need not be moved. */
	if (rc == 0 && !has_worked)
		rc = prune_shrink(p, &has_worked);
	if (rc == 0)
		*has_more_out = has_worked;
	return rc;
}
