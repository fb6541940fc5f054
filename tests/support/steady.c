#include "tests/support/steady.h"

#include "relay/prune.h"
#include "tests/support/check.h"
#include "tests/support/outbox.h"

#include <stdlib.h>

#define START_MS INT64_C(2000000000000)

enum { MINUTE_MS = 60000, HOUR_MS = 3600000, MINUTES = 60 };

static void run_at(struct db_stmt *st, int64_t now_ms)
{
	db_bind(st, "$now", now_ms);
	assert_int_equal(db_run(st), 0);
}

/* A minute's rows: inserted by the CRM, claimed and delivered by the relay. */
struct load {
	struct db *db, *helper; /* own */
	struct db_stmt *insert, *claim, *deliver, *attempt, *log, *minute;
};

static void prepare(struct load *l)
{
	struct db *db = l->db;
	/* clang-format off */
	l->insert = db_prepare(db, "insert",
		"INSERT INTO outbox (type, payload, dedup_key)"
		" VALUES ('t', json_object('assignedToId', 'u' || abs(random() % 500),"
		"         'at', $now, 'text', hex(zeroblob(150))),"
		"         hex(randomblob(12)))");
	l->claim = db_prepare(db, "claim",
		"UPDATE outbox SET status = 'sending', version = version + 1,"
		" lease_no = lease_no + 1, updated_at = $now"
		" WHERE status = 'pending'");
	l->attempt = db_prepare(db, "attempt",
		"INSERT INTO outbox_attempt"
		" SELECT id, lease_no, 1, 1, $now, 1, 'resp', 'delivered', 0,"
		"        'ok', 200, hex(zeroblob(50))"
		"   FROM outbox WHERE status = 'sending'");
	l->deliver = db_prepare(db, "deliver",
		"UPDATE outbox SET status = 'delivered', version = version + 1,"
		" delivered_at = $now, updated_at = $now"
		" WHERE status = 'sending'");
	l->log = db_prepare(db, "log",
		"INSERT INTO outbox_log (at, level, event, fields)"
		" VALUES ($now, 'info', 'something happened', 'key=value')");
	l->minute = db_prepare(db, "minute",
		"INSERT INTO outbox_minute"
		" VALUES ($now, 'wechat-cloud', 600, 0, 0, 0, 0, '[0,1,2,3]')");
	/* clang-format on */
}

/* As the relay does. */
static void checkpoint(const struct load *l)
{
	int64_t left;
	if (db_wal_pages(l->db) >= 400)
		assert_int_equal(db_checkpoint(l->db, l->helper, &left), 0);
}

static void run_minute(const struct load *l, int rows, int64_t now_ms)
{
	assert_int_equal(db_begin(l->db), 0);
	for (int i = 0; i < rows; i++)
		run_at(l->insert, now_ms);
	run_at(l->claim, now_ms);
	assert_int_equal(db_commit(l->db), 0);
	assert_int_equal(db_begin(l->db), 0);
	run_at(l->attempt, now_ms);
	run_at(l->deliver, now_ms);
	for (int i = 0; i < rows / 10; i++)
		run_at(l->log, now_ms);
	run_at(l->minute, now_ms);
	assert_int_equal(db_commit(l->db), 0);
	checkpoint(l);
}

static void prune_all(const struct load *l, struct prune *prune, int64_t now_ms)
{
	static const struct prune_rules rules = {
		.keep_delivered_ms = HOUR_MS,
		.keep_log_ms = HOUR_MS,
		.keep_minutes_ms = HOUR_MS,
		.max_attempt_rows = 1000000,
	};
	for (bool has_more = true; has_more;) {
		assert_int_equal(prune_step(prune, &rules, now_ms, &has_more),
				 0);
		checkpoint(l);
	}
}

static int64_t get(const struct load *l, const char *sql)
{
	int64_t value = 0;
	assert_int_equal(db_get_int(l->db, sql, 0, &value), 0);
	return value;
}

void steady_run(const char *dir, int minute_rows, int64_t bytes[STEADY_HOURS])
{
	struct load l = {0};
	int64_t now_ms = START_MS;
	char *path = outbox_make(dir, "steady.db");
	assert_int_equal(db_open(&l.db, path, DB_WRITE, 50), 0);
	assert_int_equal(db_open(&l.helper, path, DB_WRITE, 50), 0);
	prepare(&l);
	struct prune *prune = prune_create(l.db);
	for (int hour = 0; hour < STEADY_HOURS; hour++) {
		for (int m = 0; m < MINUTES; m++) {
			now_ms += MINUTE_MS;
			run_minute(&l, minute_rows, now_ms);
			prune_all(&l, prune, now_ms);
		}
		bytes[hour] = get(&l, "PRAGMA page_count") *
			      get(&l, "PRAGMA page_size");
		assert_in_range(get(&l, "SELECT count(*) FROM outbox"),
				minute_rows * MINUTES,
				minute_rows * (MINUTES + 1));
	}
	prune_destroy(prune);
	db_close(l.helper);
	db_close(l.db);
	free(path);
}

bool steady_is_steady(const int64_t bytes[STEADY_HOURS])
{
	return bytes[5] * 10 <= bytes[2] * 11;
}
