#include "tests/support/actbench.h"

#include "lib/buf.h"
#include "lib/util.h"

#include <stdlib.h>
#include <string.h>

int actbench_set_up(void **state)
{
	struct actbench *b = xcalloc(1, sizeof(*b));
	void *fix = NULL;
	fixture_set_up(&fix);
	b->fix = fix;
	assert_int_equal(db_open(&b->db, b->fix->path, DB_WRITE, 20), 0);
	assert_int_equal(db_open(&b->other, b->fix->path, DB_WRITE, 20), 0);
	b->desk = act_desk_create(b->db);
	b->other_desk = act_desk_create(b->other);
	actor_init(&b->actor,
		   &(struct actor_facts){.login = "alice", .uid = 1000});
	*state = b;
	return 0;
}

int actbench_tear_down(void **state)
{
	struct actbench *b = *state;
	actor_finish(&b->actor);
	act_desk_destroy(b->desk);
	act_desk_destroy(b->other_desk);
	db_close(b->db);
	db_close(b->other);
	void *fix = b->fix;
	fixture_tear_down(&fix);
	free(b);
	return 0;
}

void actbench_move(struct actbench *b, int64_t id, const char *status)
{
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET status = %Q, version = version + 1,"
		    " lease_no = lease_no + (%Q = 'sending') WHERE id = %lld",
		    status, status, id);
}

int64_t actbench_add(struct actbench *b, enum message_status status)
{
	sqlite3 *db = b->fix->db;
	outbox_exec(db,
		    "INSERT INTO outbox (type, payload, created_at, updated_at,"
		    " due_at) VALUES ('t', json_object('assignedToId', 'u' ||"
		    " (SELECT count(*) + 1 FROM outbox)), %lld, %lld, %lld)",
		    ACT_CREATED, ACT_CREATED, ACT_CREATED);
	int64_t id = sqlite3_last_insert_rowid(db);
	if (status == MESSAGE_PENDING)
		return id;
	if (status == MESSAGE_SENDING || status == MESSAGE_DELIVERED ||
	    status == MESSAGE_FAILED)
		actbench_move(b, id, "sending");
	if (status != MESSAGE_SENDING)
		actbench_move(b, id, message_status_name(status));
	if (status == MESSAGE_FAILED)
		outbox_exec(db,
			    "UPDATE outbox SET attempts = 7, unknowns = 3,"
			    " interrupted = 2, last_error = 'no \"way\"',"
			    " last_reason = 'wechat-busy' WHERE id = %lld;"
			    "INSERT INTO outbox_attempt VALUES (%lld, 1, 1, 1,"
			    " 1, 1, 's', 'retry', 0, 'r', 200, NULL)",
			    id, id);
	return id;
}

struct act_row actbench_see(struct actbench *b, int64_t id)
{
	return (struct act_row){
		.id = id,
		.version = outbox_int(b->fix->db,
				      "SELECT version FROM outbox"
				      " WHERE id = %lld",
				      id),
	};
}

static void begin(struct actbench *b, struct act *act)
{
	memset(&b->total, 0, sizeof(b->total));
	act->actor = &b->actor;
	act_begin(act);
	memcpy(b->last, act->id, sizeof(b->last));
}

int actbench_rows_at(struct actbench *b, struct act_desk *desk,
		     enum act_action action, struct act_row *rows, size_t count)
{
	struct act act = {.action = action};
	begin(b, &act);
	return act_rows(desk, &act, rows, count, ACT_NOW, &b->total);
}

int actbench_rows(struct actbench *b, enum act_action action,
		  struct act_row *rows, size_t count)
{
	return actbench_rows_at(b, b->desk, action, rows, count);
}

int actbench_channels(struct actbench *b, enum act_action action,
		      const char *name)
{
	struct act act = {.action = action, .reason = "why"};
	begin(b, &act);
	return act_channels(b->desk, &act, name, ACT_NOW, &b->total);
}

enum act_fate actbench_row(struct actbench *b, enum act_action action,
			   int64_t id)
{
	struct act_row row = actbench_see(b, id);
	row.payload = "{\"assignedToId\":\"new\"}";
	assert_int_equal(actbench_rows(b, action, &row, 1), 0);
	return row.fate;
}

int actbench_undo(struct actbench *b, const char *undoes, int64_t now_ms)
{
	struct act act = {.action = ACT_UNDO, .undoes = undoes};
	char before[ACT_ID_LEN + 1];
	memcpy(before, undoes, sizeof(before)); /* may be b->last */
	act.undoes = before;
	begin(b, &act);
	bool is_done = false;
	int rc = 0;
	while (rc == 0 && !is_done)
		rc = act_undo(b->desk, &act, now_ms, &b->total, &is_done);
	return rc;
}

void actbench_expect_total(struct actbench *b, const char *text)
{
	scoped_buf got = {0};
	for (int fate = 0; fate < ACT_FATE_COUNT; fate++) {
		if (b->total.counts[fate])
			buf_addf(&got, "%s%s %lld", got.len ? ", " : "",
				 act_fate_name((enum act_fate)fate),
				 (long long)b->total.counts[fate]);
	}
	assert_string_equal(buf_str(&got), text);
}

void actbench_expect(struct actbench *b, const char *rows, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *sql = sqlite3_vmprintf(fmt, ap);
	va_end(ap);
	scoped_free char *got = outbox_rows(b->fix->db, "%s", sql);
	sqlite3_free(sql);
	assert_string_equal(got, rows);
}
