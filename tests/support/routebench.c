#include "tests/support/routebench.h"

#include "lib/util.h"

#include <stdlib.h>

enum { STEPS_MAX = 1000 };

static const char all_channels[] = "[\"wechat-cloud\",\"a\",\"b\",\"c\"]";

static void begin(struct routebench *b)
{
	assert_int_equal(db_open(&b->db, b->fix->path, DB_WRITE, 50), 0);
	b->reroute = reroute_create(b->db);
}

void routebench_open(struct routebench *b, void *fix)
{
	b->fix = fix;
	outbox_exec(b->fix->db, "INSERT INTO outbox_channel (name, kind)"
				" VALUES ('a', 'webhook'), ('b', 'webhook'),"
				"        ('c', 'webhook')");
	begin(b);
}

void routebench_close(struct routebench *b)
{
	reroute_destroy(b->reroute);
	db_close(b->db);
}

void routebench_reopen(struct routebench *b)
{
	routebench_close(b);
	begin(b);
}

static void replace(struct routebench *b, const char *columns,
		    const char *values, const char *channels)
{
	scoped_free char *sql = xasprintf(
		"INSERT INTO outbox_route (%s) VALUES %s", columns, values);
	assert_int_equal(db_begin(b->db), 0);
	assert_int_equal(reroute_remember(b->reroute), 0);
	assert_int_equal(db_exec(b->db, "DELETE FROM outbox_route"), 0);
	assert_int_equal(db_exec(b->db, sql), 0);
	assert_int_equal(reroute_note(b->reroute, channels), 0);
	assert_int_equal(db_commit(b->db), 0);
}

void routebench_route(struct routebench *b, const char *values)
{
	replace(b, "type, channel", values, all_channels);
}

void routebench_route_paths(struct routebench *b, const char *values)
{
	replace(b, "type, channel, recipient_path", values, all_channels);
}

void routebench_route_with(struct routebench *b, const char *values,
			   const char *channels)
{
	replace(b, "type, channel", values, channels);
}

void routebench_step(struct routebench *b, enum reroute_state state)
{
	enum reroute_state got;
	assert_int_equal(reroute_step(b->reroute, &got), 0);
	assert_int_equal(got, state);
}

void routebench_run(struct routebench *b, enum reroute_state last)
{
	enum reroute_state state;
	for (int i = 1; i < STEPS_MAX; i++) {
		assert_int_equal(reroute_step(b->reroute, &state), 0);
		if (state != REROUTE_MORE) {
			assert_int_equal(state, last);
			return;
		}
	}
	fail_msg("it never ends");
}

void routebench_expect(struct routebench *b, const char *sql, const char *rows)
{
	scoped_free char *have = outbox_rows(b->fix->db, "%s", sql);
	assert_string_equal(have, rows);
}

void routebench_expect_notes(struct routebench *b, int count)
{
	assert_int_equal(outbox_int(b->fix->db,
				    "SELECT count(*) FROM outbox_meta"
				    " WHERE key GLOB 'move:*'"),
			 count);
}
