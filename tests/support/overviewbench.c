#include "tests/support/overviewbench.h"

#include "tests/support/history.h"
#include "tui/rows.h"

struct overviewbench overviewbench_open(void **state)
{
	struct overviewbench b = {.act = *state, .now_ms = OVERVIEW_NOW};
	b.db = b.act->fix->db;
	b.reader = overview_reader_create(b.act->db);
	return b;
}

void overviewbench_close(struct overviewbench *b)
{
	overview_finish(&b->o);
	overview_reader_destroy(b->reader);
}

void overviewbench_read(struct overviewbench *b)
{
	overview_refresh(b->reader);
	assert_int_equal(overview_work(b->reader, &b->o, b->now_ms, INT64_MAX),
			 ROWS_DONE);
	assert_int_equal(b->o.read_at_ms, b->now_ms);
}

void overviewbench_rows(struct overviewbench *b, int count, const char *status,
			int64_t created_ms, int64_t due_ms, int64_t updated_ms,
			const char *error)
{
	struct history_rows rows = {.count = count,
				    .status = status,
				    .created_ms = created_ms,
				    .due_ms = due_ms,
				    .updated_ms = updated_ms,
				    .error = error};
	history_add_rows(b->db, &rows);
}

void overviewbench_minute(struct overviewbench *b, int64_t minute_ms,
			  const char *channel, int delivered, int rejected,
			  int bucket)
{
	history_add_minute(b->db, minute_ms, channel, delivered, rejected,
			   bucket);
}
