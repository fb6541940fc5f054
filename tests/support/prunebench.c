#include "tests/support/prunebench.h"

#include "lib/util.h"
#include "tests/support/check.h"
#include "tests/support/outbox.h"

#include <stdlib.h>
#include <string.h>

int prunebench_set_up(void **state)
{
	struct prunebench *b = xcalloc(1, sizeof(*b));
	void *fix = NULL;
	fixture_set_up(&fix);
	b->fix = fix;
	outbox_exec(b->fix->db, "PRAGMA synchronous=OFF");
	assert_int_equal(db_open(&b->db, b->fix->path, DB_WRITE, 50), 0);
	b->prune = prune_create(b->db);
	*state = b;
	return 0;
}

int prunebench_tear_down(void **state)
{
	struct prunebench *b = *state;
	prune_destroy(b->prune);
	db_close(b->db);
	void *fix = b->fix;
	fixture_tear_down(&fix);
	free(b);
	return 0;
}

void prunebench_add(const struct prunebench *b, const char *status,
		    int64_t at_ms, const char *key)
{
	sqlite3 *db = b->fix->db;
	bool is_delivered = strcmp(status, "delivered") == 0;
	outbox_exec(db,
		    "INSERT INTO outbox (type, payload, dedup_key, expires_at)"
		    " VALUES ('t', '{}', %Q, 99999999999999)",
		    key);
	int64_t id = sqlite3_last_insert_rowid(db);
	if (strcmp(status, "sending") == 0 || is_delivered)
		outbox_exec(db,
			    "UPDATE outbox SET status = 'sending',"
			    " version = version + 1 WHERE id = %lld",
			    (long long)id);
	outbox_exec(db,
		    "UPDATE outbox SET status = %Q, updated_at = %lld,"
		    " version = version + (status <> %Q),"
		    " delivered_at = iif(%d, %lld, NULL) WHERE id = %lld",
		    status, (long long)at_ms, status, is_delivered,
		    (long long)at_ms, (long long)id);
}

void prunebench_attempts(const struct prunebench *b, int count)
{
	outbox_exec(b->fix->db,
		    "WITH RECURSIVE n(i) AS"
		    " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
		    "INSERT INTO outbox_attempt"
		    " SELECT id, i, 1, 1, updated_at, 1, 'resp', 'retry', 1,"
		    "        'r', 200, 'answer' FROM outbox, n"
		    "  WHERE NOT EXISTS (SELECT 1 FROM outbox_attempt"
		    "                     WHERE outbox_id = outbox.id)",
		    count);
}

void prunebench_fill(const struct prunebench *b, int rows, int attempts,
		     int payload_len)
{
	sqlite3 *db = b->fix->db;
	int64_t at_ms = PRUNEBENCH_NOW - 365 * INT64_C(86400000);
	outbox_exec(db, "BEGIN");
	outbox_exec(db,
		    "WITH RECURSIVE n(i) AS"
		    " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
		    "INSERT INTO outbox (type, payload, expires_at)"
		    " SELECT 't', json_object('x', printf('%%.*c', %d, 'x')),"
		    "        99999999999999 FROM n",
		    rows, payload_len);
	outbox_exec(db,
		    "UPDATE outbox SET status = 'sending', version = 1"
		    " WHERE status = 'pending' AND dedup_key IS NULL;"
		    "UPDATE outbox SET status = 'delivered', version = 2,"
		    " delivered_at = %lld, updated_at = %lld"
		    " WHERE status = 'sending' AND dedup_key IS NULL",
		    (long long)at_ms, (long long)at_ms);
	if (attempts)
		prunebench_attempts(b, attempts);
	outbox_exec(db, "COMMIT");
}

void prunebench_run(const struct prunebench *b, const struct prune_rules *rules)
{
	bool has_more = true;
	int steps = 0;
	while (has_more && ++steps < 100000)
		assert_int_equal(
			prune_step(b->prune, rules, PRUNEBENCH_NOW, &has_more),
			0);
	assert_false(has_more);
}
