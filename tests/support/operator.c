#include "tests/support/operator.h"

#include "lib/clock.h"
#include "lib/util.h"
#include "tests/support/check.h"

enum { BUSY_MS = 50, TRIES_MAX = 200 };

void operator_open(struct operator* o, const char *path, const char *name)
{
	assert_int_equal(db_open(&o->db, path, DB_WRITE, BUSY_MS), 0);
	o->desk = act_desk_create(o->db);
	actor_init(&o->actor,
		   &(struct actor_facts){.login = name, .uid = 1000});
}

void operator_close(struct operator* o)
{
	actor_finish(&o->actor);
	act_desk_destroy(o->desk);
	db_close(o->db);
}

int64_t operator_rows(struct operator* o, enum act_action action,
		      struct act_row *rows, size_t count)
{
	struct act act = {.action = action, .actor = &o->actor};
	struct act_result total = {0};
	act_begin(&act);
	for (size_t at = 0; at < count; at += ACT_BATCH_MAX) {
		size_t size = MIN(count - at, (size_t)ACT_BATCH_MAX);
		int rc = DB_BUSY;
		for (int i = 0; i < TRIES_MAX && rc == DB_BUSY; i++)
			rc = act_rows(o->desk, &act, rows + at, size,
				      clock_wall_ms(), &total);
		assert_int_equal(rc, 0);
	}
	return total.counts[ACT_CHANGED];
}

enum act_fate operator_row(struct operator* o, enum act_action action,
			   int64_t id)
{
	struct act_row row = {.id = id, .version = ACT_ANY_VERSION};
	operator_rows(o, action, &row, 1);
	return row.fate;
}

int64_t operator_channels(struct operator* o, enum act_action action,
			  const char *name)
{
	struct act act = {.action = action, .actor = &o->actor};
	struct act_result total = {0};
	int rc = DB_BUSY;
	act_begin(&act);
	for (int i = 0; i < TRIES_MAX && rc == DB_BUSY; i++)
		rc = act_channels(o->desk, &act, name, clock_wall_ms(), &total);
	assert_int_equal(rc, 0);
	return total.counts[ACT_CHANGED];
}
