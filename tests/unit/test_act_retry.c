/* What a retry gives a row, and what an edit keeps and recomputes. Other code
 * relies on: a row that was retried is not expired by the very next tick; no
 * payload is ever lost; no edit gets past the rules of the tables. */
#include "lib/util.h"
#include "tests/support/actbench.h"

#include <stdlib.h>
#include <string.h>

#define NEVER INT64_C(0)

/* Times are from created_at; ACT_NOW is one hour after it. */
enum { HOUR = 3600000, DAY = 24 * HOUR };
static const struct {
	const char *what;
	enum message_status status;
	int generation;
	int64_t channel_life; /* NEVER: none */
	int64_t expires;
	int64_t want;
	bool is_fresh;
} lives[] = {
	{"it has time", MESSAGE_FAILED, 1, DAY, 2 * HOUR, 2 * HOUR, false},
	{"it just has time", MESSAGE_FAILED, 1, DAY, HOUR + 10001, HOUR + 10001,
	 false},
	{"it is about to pass", MESSAGE_FAILED, 1, DAY, HOUR + 10000,
	 2 * HOUR + 10000, true},
	{"it passed", MESSAGE_EXPIRED, 1, DAY, 60000, HOUR + 60000, true},
	{"it passed while it failed", MESSAGE_FAILED, 1, DAY, HOUR / 2,
	 HOUR + HOUR / 2, true},
	{"it passed while cancelled", MESSAGE_CANCELLED, 1, DAY, HOUR / 2,
	 HOUR + HOUR / 2, true},
	{"it passed, not expired yet", MESSAGE_PENDING, 1, DAY, HOUR / 2,
	 HOUR + HOUR / 2, true},
	{"pending, with time", MESSAGE_PENDING, 1, DAY, DAY, DAY, false},
	{"its own, not the channel's", MESSAGE_EXPIRED, 1, 1000, HOUR, 2 * HOUR,
	 true},
	{"it never had one", MESSAGE_EXPIRED, 1, DAY, -1, HOUR + DAY, true},
	{"neither has the channel", MESSAGE_EXPIRED, 1, NEVER, -1, NEVER, true},
	{"it never ends", MESSAGE_FAILED, 1, DAY, NEVER, NEVER, false},
	{"it does not grow", MESSAGE_EXPIRED, 2, 60000, HOUR, HOUR + 60000,
	 true},
	{"nor become longer", MESSAGE_EXPIRED, 2, DAY, 60000, HOUR + 60000,
	 true},
	{"no channel's to bound it", MESSAGE_EXPIRED, 2, NEVER, 60000,
	 HOUR + 60000, true},
};

static void try_life(struct actbench *b, size_t i, enum act_action action)
{
	int64_t id = actbench_add(b, lives[i].status);
	outbox_exec(b->fix->db,
		    "UPDATE outbox SET expires_at = %lld + nullif(%lld, 0),"
		    " generation = %d WHERE id = %lld;"
		    "UPDATE outbox_channel SET life_ms = nullif(%lld, 0)",
		    ACT_CREATED, lives[i].expires, lives[i].generation, id,
		    lives[i].channel_life);
	assert_int_equal(actbench_row(b, action, id), ACT_CHANGED);
	int64_t got = outbox_int(b->fix->db,
				 "SELECT coalesce(expires_at - %lld, 0)"
				 "  FROM outbox WHERE id = %lld",
				 ACT_CREATED, id);
	if (got != lives[i].want || b->total.fresh_lives != lives[i].is_fresh)
		fail_msg("%s: %lld, fresh %lld", lives[i].what, (long long)got,
			 (long long)b->total.fresh_lives);
}

static void test_life(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(lives); i++) {
		try_life(*state, i, ACT_RETRY);
		try_life(*state, i, ACT_EDIT);
	}
}

static void test_cancel_gives_no_life(void **state)
{
	struct actbench *b = *state;
	int64_t id = actbench_add(b, MESSAGE_EXPIRED);
	outbox_exec(b->fix->db, "UPDATE outbox SET expires_at = %lld",
		    ACT_CREATED + 1);
	actbench_row(b, ACT_CANCEL, id);
	assert_int_equal(b->total.fresh_lives, 0);
	actbench_expect(b, "1\n", "SELECT expires_at - created_at FROM outbox");
}

static void edit_as(struct actbench *b, int64_t id, const char *payload)
{
	struct act_row row = actbench_see(b, id);
	row.payload = payload;
	assert_int_equal(actbench_rows(b, ACT_EDIT, &row, 1), 0);
	assert_int_equal(row.fate, ACT_CHANGED);
}

static void test_revisions(void **state)
{
	struct actbench *b = *state;
	int64_t id = actbench_add(b, MESSAGE_FAILED);
	edit_as(b, id, "{\"n\": 2}");
	char first[ACT_ID_LEN + 1];
	memcpy(first, b->last, sizeof(first));
	edit_as(b, id, "{\"n\": 3}"); /* pending now */
	actbench_move(b, id, "sending");
	actbench_move(b, id, "failed");
	actbench_row(b, ACT_RETRY, id);
	edit_as(b, id, "{\"n\": 5}");
	actbench_expect(b,
			"1|{\"assignedToId\":\"u1\"}|3600000\n"
			"2|{\"n\": 2}|3600000\n"
			"4|{\"n\": 3}|3600000\n",
			"SELECT generation, payload, replaced_at - %lld"
			"  FROM outbox_revision ORDER BY generation",
			ACT_CREATED);
	actbench_expect(b, "5|t|{\"n\": 5}\n",
			"SELECT generation, type, payload FROM outbox");
	actbench_expect(b, "edit|[1]\n",
			"SELECT action, ids FROM outbox_audit AS a"
			"  JOIN outbox_revision USING (act)"
			" WHERE act = %Q",
			first);
}

/* The route of type 'r' reads $.to, that of all others $.assignedToId. */
static const struct {
	const char *type, *recipient, *old_payload, *new_payload, *want;
} recipients[] = {
	{"r", NULL, "{\"to\":\"a\"}", "{\"to\":\"b\"}", "b"},
	{"r", NULL, "{\"to\":\"a\"}", "{\"to\":7}", "7"},
	{"r", NULL, "{\"to\":7}", "{\"to\":\"b\"}", "b"},
	{"r", NULL, "{\"to\":\"a\"}", "{\"x\":\"b\"}", "-"},
	{"r", NULL, "{\"to\":\"a\"}", "{\"to\":\"\"}", "-"},
	{"r", NULL, "{\"to\":\"a\"}", "{\"to\":[1]}", "-"},
	{"r", NULL, "{}", "{\"to\":\"b\"}", "b"},
	{"r", "a", "{\"to\":\"a\"}", "{\"to\":\"b\"}", "b"},
	{"r", "chosen", "{\"to\":\"a\"}", "{\"to\":\"b\"}", "chosen"},
	{"r", "chosen", "{}", "{\"to\":\"b\"}", "chosen"},
	{"other", "chosen", "{\"to\":\"chosen\"}", "{\"to\":\"b\"}", "chosen"},
};

static void test_recipients(void **state)
{
	struct actbench *b = *state;
	sqlite3 *db = b->fix->db;
	outbox_exec(db, "INSERT INTO outbox_route"
			" VALUES ('r', 'wechat-cloud', '$.to')");
	for (size_t i = 0; i < ARRAY_LEN(recipients); i++) {
		outbox_exec(db,
			    "INSERT INTO outbox (type, channel, recipient,"
			    " payload) VALUES (%Q, 'wechat-cloud', %Q, %Q)",
			    recipients[i].type, recipients[i].recipient,
			    recipients[i].old_payload);
		int64_t id = sqlite3_last_insert_rowid(db);
		edit_as(b, id, recipients[i].new_payload);
		scoped_free char *row =
			xasprintf("%s|wechat-cloud\n", recipients[i].want);
		actbench_expect(b, row,
				"SELECT recipient, channel FROM outbox"
				" WHERE id = %lld",
				id);
	}
}

static void test_no_route(void **state)
{
	struct actbench *b = *state;
	int64_t id = actbench_add(b, MESSAGE_FAILED);
	outbox_exec(b->fix->db, "DELETE FROM outbox_route");
	edit_as(b, id, "{\"assignedToId\":\"b\"}");
	actbench_expect(b, "pending|u1\n",
			"SELECT status, recipient FROM outbox");
}

/* As on insert: what is long is cut, and '*' is the route of the others. */
static void test_recipient_by_the_common_route(void **state)
{
	struct actbench *b = *state;
	scoped_free char *payload =
		xasprintf("{\"assignedToId\":\"%0300d\"}", 5);
	edit_as(b, actbench_add(b, MESSAGE_PENDING), payload);
	actbench_expect(b, "256\n", "SELECT length(recipient) FROM outbox");
	edit_as(b, 1, "{\"assignedToId\":\"b\"}");
	actbench_expect(b, "b\n", "SELECT recipient FROM outbox");
}

static const struct {
	const char *payload, *why;
} refused[] = {
	{"", "not valid JSON"},	      {"{", "not valid JSON"},
	{"[]", "no object"},	      {"null", "no object"},
	{"{\"a\":1} x", "not valid"}, {NULL, "65536 bytes"},
};

/* One payload of three is wrong: none of the three rows is changed. */
static void try_refused(struct actbench *b, const int64_t ids[3], size_t i)
{
	struct act_row rows[3];
	scoped_free char *large = xasprintf("{\"a\":\"%065600d\"}", 0);
	for (size_t n = 0; n < 3; n++) {
		rows[n] = actbench_see(b, ids[n]);
		rows[n].payload = "{\"fine\":1}";
	}
	rows[1].payload = refused[i].payload ? refused[i].payload : large;
	assert_int_equal(actbench_rows(b, ACT_EDIT, rows, 3), DB_REFUSED);
	if (!strstr(act_message(b->desk), refused[i].why) ||
	    !strstr(act_message(b->desk), "outbox.payload"))
		fail_msg("%zu: %s", i, act_message(b->desk));
	actbench_expect_total(b, "failed 3");
	assert_int_equal(b->total.refused_id, ids[1]);
	assert_int_equal(rows[0].fate, ACT_FAILED);
	assert_int_equal(rows[2].fate, ACT_FAILED);
}

static void test_refused(void **state)
{
	struct actbench *b = *state;
	int64_t ids[3];
	for (size_t n = 0; n < 3; n++)
		ids[n] = actbench_add(b, n == 2 ? MESSAGE_PENDING
						: MESSAGE_FAILED);
	scoped_free char *before =
		outbox_rows(b->fix->db, "SELECT * FROM outbox");
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		try_refused(b, ids, i);
	actbench_expect(b, before, "SELECT * FROM outbox");
	actbench_expect(b, "0|0\n",
			"SELECT (SELECT count(*) FROM outbox_audit),"
			" (SELECT count(*) FROM outbox_revision)");
	edit_as(b, ids[0], "{}");
	assert_string_equal(act_message(b->desk), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_life),
		ACT_TEST(test_cancel_gives_no_life),
		ACT_TEST(test_revisions),
		ACT_TEST(test_recipients),
		ACT_TEST(test_no_route),
		ACT_TEST(test_recipient_by_the_common_route),
		ACT_TEST(test_refused),
	};
	util_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
