#include "tests/support/listbench.h"

#include "lib/util.h"
#include "schema/db_internal.h"

#include <malloc.h>
#include <stdlib.h>

enum { TICK = 100 };

static int tick(void *arg)
{
	((struct listbench *)arg)->ticks++;
	return 0;
}

int listbench_set_up(void **state)
{
	struct listbench *b = xcalloc(1, sizeof(*b));
	/* SQLite's tables in memory come and go with each statement. */
	mallopt(M_TRIM_THRESHOLD, 64 << 20);
	void *fix = NULL;
	fixture_set_up(&fix);
	b->fix = fix;
	outbox_exec(b->fix->db, "INSERT INTO outbox_channel (name, kind)"
				" VALUES ('c0', 'webhook'), ('c1', 'webhook'),"
				"        ('c2', 'webhook');"
				"PRAGMA synchronous = OFF");
	assert_int_equal(db_open(&b->reader, b->fix->path, DB_READ, 50), 0);
	sqlite3_progress_handler(b->reader->handle, TICK, tick, b);
	*state = b;
	return 0;
}

int listbench_tear_down(void **state)
{
	struct listbench *b = *state;
	void *fix = b->fix;
	db_close(b->reader);
	fixture_tear_down(&fix);
	free(b);
	return 0;
}

/* What the CRM may insert is not what is tested here, and takes its time. */
static const char fill[] =
	"DROP TRIGGER IF EXISTS outbox_insert_check;"
	"DROP TRIGGER IF EXISTS outbox_insert_route;"
	"WITH RECURSIVE n(i) AS"
	" (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
	"INSERT INTO outbox (type, payload, recipient, channel, ordering_key,"
	"  dedup_key, status, attempts, due_at, created_at, updated_at, "
	"delivered_at,"
	"  last_reason, last_error)"
	" SELECT 't', json_object('assignedToId', 'u' || i), 'u' || i, 'c' || "
	"(i %% 3),"
	"  CASE WHEN i %% 4 = 0 THEN 'k' || (i / 4 %% 10) END,"
	"  'd' || (i + (SELECT count(*) FROM outbox)),"
	"  CASE i %% 6 WHEN 0 THEN 'pending' WHEN 1 THEN 'sending'"
	"   WHEN 2 THEN 'delivered' WHEN 3 THEN 'failed'"
	"   WHEN 4 THEN 'expired' ELSE 'cancelled' END, i / 6 %% 5,"
	"  1900000000000 + i / 6 * 7 %% 50, 1900000000000 - i,"
	"  1900000000000 + i / 6 * 11 %% 60,"
	"  CASE i %% 6 WHEN 2 THEN 1900000000000 + i / 6 * 13 %% 40 END,"
	"  CASE WHEN i %% 6 IN (3, 4) THEN 'outcome-unknown' END,"
	"  CASE WHEN i %% 6 IN (3, 4) THEN 'HTTP ' || (500 + i %% 9) END"
	"  FROM n";

void listbench_fill(struct listbench *b, int count)
{
	outbox_exec(b->fix->db, fill, count - 1);
}

void listbench_fill_same(struct listbench *b, int count)
{
	outbox_exec(b->fix->db,
		    "WITH RECURSIVE n(i) AS"
		    " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
		    "INSERT INTO outbox (type, payload, channel, due_at)"
		    " SELECT 't', '{}', 'c0', %lld FROM n",
		    count, LIST_NOW);
}

struct filter *listbench_filter(const char *text)
{
	struct filter *filter = NULL;
	struct filter_error error;
	if (filter_parse(text, &filter, &error))
		fail_msg("%s: %s", text, error.message);
	return filter;
}

int64_t listbench_steps(struct listbench *b)
{
	return b->ticks * TICK;
}
